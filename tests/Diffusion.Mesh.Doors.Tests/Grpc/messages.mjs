// Large messages, and compressed ones.
import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { address, calls, connect, detail, failure, headers, key, packages, picture, read, status, unary, wish } from './client.mjs';

const gzip = 2;
const mebi = 1 << 20;

// A JPEG, with comments until it is so large: any decoder passes over them.
async function largeJpeg(size) {
  const small = picture(await read(calls.Generate(wish({ image_options: { format: 'IMAGE_FORMAT_JPEG' } }), headers())));
  const comment = Buffer.alloc(65_535, 'x');
  comment.set([0xff, 0xfe, 0xff, 0xfd]);
  const many = Array.from({ length: Math.ceil(size / comment.length) }, () => comment);
  return Buffer.concat([small.subarray(0, 2), ...many, small.subarray(2)]);
}

async function aLargePictureIsTaken() {
  const image = await largeJpeg(20 * mebi);
  const events = await read(calls.Generate(wish({ source: { image }, strength: 0.5 }), headers()));

  assert.ok(image.length > 20 * mebi);
  assert.equal(events.at(-1).event, 'done');
}

async function largerPicturesAndMessagesAreRefused() {
  const picture = await failure(unary('Submit', wish({ source: { image: Buffer.alloc(33 * mebi) }, strength: 0.5 })));
  const message = await failure(unary('Submit', wish({ source: { image: Buffer.alloc(97 * mebi) } })));
  const small = await failure(unary('GetJob', { job_id: 'x'.repeat(100_000) }));

  assert.equal(picture.code, status.INVALID_ARGUMENT);
  assert.deepEqual(detail(picture, 'BadRequest').field_violations.map(v => v.field), ['source.image']);
  assert.equal(message.code, status.RESOURCE_EXHAUSTED);
  assert.equal(small.code, status.RESOURCE_EXHAUSTED);
}

async function gzipIsUnderstood() {
  const packed = connect(packages.diffusion.mesh.v1.Generation, { 'grpc.default_compression_algorithm': gzip });
  const long = { ...wish(), prompt: 'red '.repeat(1000) };
  const { models } = await unary('ListModels', {}, headers(), {}, packed);
  const plain = await read(calls.Generate(long, headers()));

  assert.equal(models.length, 1);
  assert.deepEqual(picture(await read(packed.Generate(long, headers()))), picture(plain));
}

// Nobody's client library sends these: as frames.
async function unknownEncodingsAreUnimplemented() {
  const { trailers, encodings } = await raw({ 'grpc-encoding': 'snappy' }, Buffer.from([1, 0, 0, 0, 1, 0]));
  const flagged = await raw({}, Buffer.from([1, 0, 0, 0, 1, 0]));

  assert.equal(trailers, `${status.UNIMPLEMENTED}`);
  assert.match(encodings, /gzip/);
  assert.equal(flagged.trailers, `${status.INVALID_ARGUMENT}`);
}

function raw(more, body) {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`http://${address}`);
    session.on('error', reject);
    const call = session.request({
      ':method': 'POST', ':path': '/diffusion.mesh.v1.Generation/ListModels', 'content-type': 'application/grpc', te: 'trailers', 'x-api-key': key, ...more,
    });
    const seen = {};
    const note = fields => Object.assign(seen, fields);
    call.on('response', note).on('trailers', note).on('error', reject).on('end', () => {
      session.close();
      resolve({ trailers: seen['grpc-status'], encodings: seen['grpc-accept-encoding'] });
    });
    call.resume();
    call.end(body);
  });
}

export const messages = { aLargePictureIsTaken, largerPicturesAndMessagesAreRefused, gzipIsUnderstood, unknownEncodingsAreUnimplemented };
