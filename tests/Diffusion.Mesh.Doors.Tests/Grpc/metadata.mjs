// What goes with a call.
import assert from 'node:assert/strict';
import { calls, failure, headers, http, key, read, status, unary, wish } from './client.mjs';

async function keysAreTakenFromEitherHeader() {
  for (const entries of [{ authorization: `Bearer ${key}` }, { AUTHORIZATION: `bearer ${key}` }, { 'x-api-key': key }, { 'X-Api-Key': key }])
    assert.equal((await unary('ListModels', {}, headers(entries))).models.length, 1);
}

async function wrongKeysAreRefused() {
  const wrong = `${key.slice(0, -2)}${key.endsWith('AA') ? 'BB' : 'AA'}`;
  for (const entries of [{ authorization: 'Bearer' }, { authorization: `Basic ${key}` }, { 'x-api-key': wrong }, { authorization: wrong, 'x-api-key': key }]) {
    assert.equal((await failure(unary('ListModels', {}, headers(entries)))).code, status.UNAUTHENTICATED);
    assert.equal((await failure(read(calls.Generate(wish(), headers(entries))))).code, status.UNAUTHENTICATED);
  }
}

async function unknownMetadataDoesNotMatter() {
  const metadata = headers({ 'x-api-key': key, 'x-noise-bin': Buffer.from([0, 255, 13, 10]), 'x-noise': 'a, b', 'user-agent': 'node', 'X-MIXED-Case': '1' });
  metadata.add('x-noise', 'c');

  assert.equal((await unary('ListModels', {}, metadata)).models.length, 1);
}

async function metadataThatIsTooLongIsRefused() {
  const error = await failure(unary('ListModels', {}, headers({ 'x-api-key': key, 'x-long': 'a'.repeat(40_000) })));

  assert.ok(![status.OK, status.UNKNOWN].includes(error.code));
  assert.equal((await unary('ListModels', {})).models.length, 1);
}

async function traceparentLeadsToTheTrace() {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const [{ job_id }] = await read(calls.Generate(wish(), headers({ 'x-api-key': key, traceparent: `00-${trace}-00f067aa0ba902b7-01` })));
  const answer = await fetch(new URL(`/api/jobs/${job_id}/trace`, http), { headers: { 'x-api-key': key } });
  const { spans } = await answer.json();

  assert.ok(spans.length > 5);
  assert.deepEqual([...new Set(spans.map(span => span.trace_id))], [trace]);
}

export const metadata = { keysAreTakenFromEitherHeader, wrongKeysAreRefused, unknownMetadataDoesNotMatter, metadataThatIsTooLongIsRefused, traceparentLeadsToTheTrace };
