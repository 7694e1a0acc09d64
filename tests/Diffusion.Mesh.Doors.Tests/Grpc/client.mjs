// The contracts as they are, and calls by them.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import protobuf from 'protobufjs';

export const [address, http, repository, key, otherKey, limitedKey] = process.argv.slice(2);
export const { status } = grpc;

const standIns = join(repository, 'services', 'StandIns');
const includeDirs = [
  join(repository, 'protos'),
  join(standIns, 'Grpc.AspNetCore.HealthChecks', 'Protos'),
  join(standIns, 'Grpc.AspNetCore.Server.Reflection', 'Protos'),
];
export const options = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };
const files = ['diffusion/mesh/v1/generation.proto', 'grpc/health/v1/health.proto', 'grpc/reflection/v1/reflection.proto', 'grpc/reflection/v1alpha/reflection.proto'];
export const packages = grpc.loadPackageDefinition(loader.loadSync(files, { ...options, includeDirs }));

const called = new Set();
const open = [];

// A client of a service, which notes what is called.
export function connect(Service, settings = {}) {
  const client = new Service(address, grpc.credentials.createInsecure(), { 'grpc.max_receive_message_length': -1, ...settings });
  open.push(client);
  return new Proxy(client, {
    get(target, name) {
      if (Service.service[name]) called.add(Service.service[name].path);
      return typeof target[name] === 'function' ? target[name].bind(target) : target[name];
    },
  });
}

export const calls = connect(packages.diffusion.mesh.v1.Generation);
export const closeAll = () => open.forEach(client => client.close());

export function headers(entries = { 'x-api-key': key }) {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.add(name, value);
  return metadata;
}

// One answer, or the error as grpc-js gives it.
export const unary = (method, request, metadata = headers(), settings = {}, client = calls) =>
  new Promise((resolve, reject) => client[method](request, metadata, settings, (error, answer) => error ? reject(error) : resolve(answer)));

// All events of a stream to its end.
export async function read(call, each = () => {}) {
  const events = [];
  for await (const event of call) {
    events.push(event);
    await each(event, call);
  }

  return events;
}

export async function failure(promise) {
  try {
    await promise;
  } catch (e) {
    return e;
  }

  assert.fail('It was taken.');
}

export const picture = events => Buffer.concat(events.filter(e => e.image).map(e => e.image.chunk.data));

export const wish = (more = {}) => ({
  prompt: 'a large red circle on a white background', width: 64, height: 64, seed: 7, schedule: { steps: 2 }, omit_metadata: true, ...more,
});

// Waits until a job is so.
export async function until(id, isSo, metadata = headers()) {
  for (;;) {
    const job = await unary('GetJob', { job_id: id }, metadata);
    if (isSo(job)) return job;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

const errors = protobuf.parse(`syntax = "proto3"; package google.rpc;
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message BadRequest { message FieldViolation { string field = 1; string description = 2; } repeated FieldViolation field_violations = 1; }
  message Duration { int64 seconds = 1; int32 nanos = 2; }
  message RetryInfo { Duration retry_delay = 1; }`, { keepCase: true }).root;

// A detail of an error, by its type's name.
export function detail(error, type) {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const { code, details } = errors.lookupType('google.rpc.Status').decode(bytes);
  assert.equal(code, error.code);
  const found = details.find(d => d.type_url === `type.googleapis.com/google.rpc.${type}`);
  return found && errors.lookupType(`google.rpc.${type}`).decode(found.value);
}

export async function methodsCalled() {
  const all = Object.values(packages.diffusion.mesh.v1.Generation.service).map(method => method.path);
  assert.ok(all.length >= 7);
  assert.deepEqual(all.filter(path => !called.has(path)), []);
}
