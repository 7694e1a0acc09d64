// Errors with their details.
import assert from 'node:assert/strict';
import { calls, detail, failure, headers, limitedKey, read, status, unary, wish } from './client.mjs';

async function everyWrongFieldIsNamed() {
  const request = wish({ width: 100, count: 17, guidance_scale: 51, schedule: { steps: 0 }, sampler: { name: 'none' }, image_options: { quality: 101 } });
  const errors = [await failure(unary('Submit', request)), await failure(read(calls.Generate(request, headers())))];

  for (const error of errors) {
    assert.equal(error.code, status.INVALID_ARGUMENT);
    const fields = detail(error, 'BadRequest').field_violations.map(v => v.field);
    assert.deepEqual(fields.sort(), ['count', 'guidance_scale', 'image_options.quality', 'sampler.name', 'schedule.steps', 'width']);
  }
}

async function wrongPagesAreNamed() {
  for (const [field, request] of [['page_size', { page_size: 201 }], ['page_token', { page_token: 'none' }], ['state', { state: 99 }]]) {
    const error = await failure(unary('ListJobs', request));
    assert.equal(error.code, status.INVALID_ARGUMENT);
    assert.deepEqual(detail(error, 'BadRequest').field_violations.map(v => v.field), [field]);
  }
}

async function jobsThatAreNotThereAreNotFound() {
  for (const method of ['GetJob', 'Cancel'])
    assert.equal((await failure(unary(method, { job_id: 'none' }))).code, status.NOT_FOUND);
  assert.equal((await failure(read(calls.Watch({ job_id: '../x' }, headers())))).code, status.NOT_FOUND);
}

async function aUsedUpQuotaTellsWhenToComeBack() {
  const metadata = headers({ 'x-api-key': limitedKey });
  const large = await unary('Submit', wish({ count: 16, schedule: { steps: 1000 } }), metadata);
  await unary('Cancel', { job_id: large.id }, metadata);
  const small = wish({ schedule: { steps: 300 } });
  const error = await failure(unary('Submit', small, metadata));
  const { seconds, nanos } = detail(error, 'RetryInfo').retry_delay;
  const wait = 1000 * Number(seconds) + nanos / 1e6;
  await new Promise(resolve => setTimeout(resolve, wait + 50));
  const retried = await unary('Submit', small, metadata);
  await unary('Cancel', { job_id: retried.id }, metadata);

  assert.equal(error.code, status.RESOURCE_EXHAUSTED);
  assert.ok(wait > 0 && wait < 10_000);
}

export const failures = { everyWrongFieldIsNamed, wrongPagesAreNamed, jobsThatAreNotThereAreNotFound, aUsedUpQuotaTellsWhenToComeBack };
