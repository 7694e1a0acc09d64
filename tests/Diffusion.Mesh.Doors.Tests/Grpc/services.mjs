// Health and reflection.
import assert from 'node:assert/strict';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import { address, calls, connect, failure, headers, options, packages, picture, read, status, unary, wish } from './client.mjs';

const health = connect(packages.grpc.health.v1.Health);
const check = service => unary('Check', { service }, headers({}), {}, health);

async function healthIsTold() {
  for (const service of ['', 'readiness', 'liveness', 'diffusion.mesh.v1.Generation'])
    assert.equal((await check(service)).status, 'SERVING');
  assert.equal((await failure(check('none'))).code, status.NOT_FOUND);
}

async function healthIsWatched() {
  for (const [service, expected] of [['', 'SERVING'], ['none', 'SERVICE_UNKNOWN']]) {
    const call = health.Watch({ service }, headers({}));
    const error = await failure(read(call, answer => {
      assert.equal(answer.status, expected);
      call.cancel();
    }));
    assert.equal(error.code, status.CANCELLED, `${error}`);
  }
}

const ask = async (version, request) => {
  const call = connect(packages.grpc.reflection[version].ServerReflection).ServerReflectionInfo(headers());
  call.write(request);
  call.end();
  return (await read(call))[0];
};

// As a client without any proto file does: the service's file, and whatever it leans on.
async function reflect(version) {
  const { list_services_response: list } = await ask(version, { list_services: '' });
  const names = list.service.map(service => service.name);
  for (const name of ['diffusion.mesh.v1.Generation', 'grpc.health.v1.Health', `grpc.reflection.${version}.ServerReflection`])
    assert.ok(names.includes(name), `${names}`);

  const files = new Map();
  const add = async request => {
    for (const bytes of (await ask(version, request)).file_descriptor_response.file_descriptor_proto) {
      const file = descriptor.FileDescriptorProto.decode(bytes);
      if (files.has(file.name)) continue;
      files.set(file.name, file);
      for (const name of file.dependency)
        if (!files.has(name)) await add({ file_by_filename: name });
    }
  };
  await add({ file_containing_symbol: 'diffusion.mesh.v1.Generation' });
  const set = descriptor.FileDescriptorSet.encode({ file: [...files.values()] }).finish();
  const { Generation } = grpc.loadPackageDefinition(loader.loadFileDescriptorSetFromBuffer(Buffer.from(set), options)).diffusion.mesh.v1;
  const client = new Generation(address, grpc.credentials.createInsecure());
  const known = Object.keys(packages.diffusion.mesh.v1.Generation.service);

  assert.deepEqual(Object.keys(Generation.service).sort(), known.sort());
  assert.deepEqual(picture(await read(client.Generate(wish(), headers()))), picture(await read(calls.Generate(wish(), headers()))));
  client.close();
  assert.equal((await ask(version, { file_containing_symbol: 'none' })).error_response.error_code, status.NOT_FOUND);
}

async function reflectionIsEnoughToCall() {
  await reflect('v1');
}

async function reflectionOfOldIsEnoughToCall() {
  await reflect('v1alpha');
}

export const services = { healthIsTold, healthIsWatched, reflectionIsEnoughToCall, reflectionOfOldIsEnoughToCall };
