// Jobs from their beginning to their end, and from the middle.
import assert from 'node:assert/strict';
import { calls, headers, otherKey, picture, read, status, unary, until, failure, wish } from './client.mjs';

const states = ['QUEUED', 'RUNNING', 'DONE'].map(name => `JOB_STATE_${name}`);

async function submitAndWatchAreGenerate() {
  const generated = await read(calls.Generate(wish(), headers()));
  const job = await unary('Submit', wish({ request_id: 'node-1' }));
  const watched = await read(calls.Watch({ job_id: job.id }, headers()));

  assert.equal(generated[0].event, 'queued');
  assert.equal(generated.at(-1).event, 'done');
  assert.equal(generated[0].queued.seed, '7');
  assert.ok(generated.every((e, i) => i === 0 || BigInt(e.sequence) > BigInt(generated[i - 1].sequence)));
  assert.deepEqual(picture(watched), picture(generated));
  assert.deepEqual([...picture(generated).subarray(1, 4)].map(c => String.fromCharCode(c)).join(''), 'PNG');
}

async function sameRequestIdIsTheSameJob() {
  const [first, again] = [await unary('Submit', wish({ request_id: 'node-2' })), await unary('Submit', wish({ request_id: 'node-2' }))];
  const other = await failure(unary('Submit', wish({ request_id: 'node-2', seed: 8 })));

  assert.equal(again.id, first.id);
  assert.equal(other.code, status.ALREADY_EXISTS);
}

async function watchFromASequenceOn() {
  const { id } = await unary('Submit', wish({ schedule: { steps: 4 } }));
  const all = await read(calls.Watch({ job_id: id }, headers()));
  const after = all.at(-2).sequence;
  const rest = await read(calls.Watch({ job_id: id, after_sequence: after }, headers()));

  assert.deepEqual(rest.map(e => e.sequence), all.filter(e => BigInt(e.sequence) > BigInt(after)).map(e => e.sequence));
  assert.equal(rest.at(-1).event, 'done');
}

async function twoWatchersSeeTheSame() {
  const { id } = await unary('Submit', wish({ schedule: { steps: 6 } }));
  const [one, two] = await Promise.all([read(calls.Watch({ job_id: id }, headers())), read(calls.Watch({ job_id: id }, headers()))]);

  assert.ok(picture(one).length > 0);
  assert.deepEqual(picture(one), picture(two));
}

async function getAndListTellOfOwnJobs() {
  const { id } = await unary('Submit', wish({ request_id: 'node-3' }));
  const done = await until(id, job => job.state === 'JOB_STATE_DONE');
  const page = await unary('ListJobs', { page_size: 1 });
  const next = await unary('ListJobs', { page_size: 1, page_token: page.next_page_token });
  const strangers = await unary('ListJobs', {}, headers({ 'x-api-key': otherKey }));

  assert.equal(done.request_id, 'node-3');
  assert.equal(done.pictures, 1);
  assert.ok(states.includes(page.jobs[0].state));
  assert.equal(page.jobs[0].id, id);
  assert.notEqual(next.jobs[0].id, id);
  assert.deepEqual(strangers.jobs, []);
  for (const [method, request] of [['GetJob', { job_id: id }], ['Cancel', { job_id: id }]])
    assert.equal((await failure(unary(method, request, headers({ 'x-api-key': otherKey })))).code, status.NOT_FOUND);
  assert.equal((await failure(read(calls.Watch({ job_id: id }, headers({ 'x-api-key': otherKey }))))).code, status.NOT_FOUND);
}

async function cancelEndsAJobWithinAStep() {
  let [id, told] = ['', 0];
  const error = await failure(read(calls.Generate(wish({ schedule: { steps: 1000 } }), headers()), async event => {
    id ||= event.job_id;
    if (event.step && !told) {
      told = event.step.completed;
      await unary('Cancel', { job_id: id });
    }
  }));
  const job = await until(id, j => j.state === 'JOB_STATE_CANCELLED');

  assert.equal(error.code, status.CANCELLED);
  assert.ok(job.completed < 1000);
  assert.equal((await failure(unary('Cancel', { job_id: id }))).code, status.NOT_FOUND);
}

async function aClientThatLeavesEndsItsJob() {
  let id = '';
  const call = calls.Generate(wish({ schedule: { steps: 1000 } }), headers());
  const error = await failure(read(call, event => {
    id = event.job_id;
    if (event.step) call.cancel();
  }));

  assert.equal(error.code, status.CANCELLED);
  assert.ok((await until(id, job => job.state === 'JOB_STATE_CANCELLED')).completed < 1000);
}

async function deadlineEndsItsJob() {
  let id = '';
  const call = calls.Generate(wish({ schedule: { steps: 1000 } }), headers(), { deadline: Date.now() + 1000 });
  const error = await failure(read(call, event => id = event.job_id));
  const job = await until(id, j => !['JOB_STATE_QUEUED', 'JOB_STATE_RUNNING'].includes(j.state));

  assert.equal(error.code, status.DEADLINE_EXCEEDED);
  assert.ok(job.completed < 1000);
  assert.ok(job.state === 'JOB_STATE_CANCELLED' || job.error.code === status.DEADLINE_EXCEEDED);
}

async function modelsAreListed() {
  const { models } = await unary('ListModels', {});

  assert.deepEqual(models.map(m => m.name), ['shapes']);
  assert.equal(models[0].size_multiple, 64);
}

export const jobs = {
  submitAndWatchAreGenerate, sameRequestIdIsTheSameJob, watchFromASequenceOn, twoWatchersSeeTheSame, getAndListTellOfOwnJobs, cancelEndsAJobWithinAStep,
  aClientThatLeavesEndsItsJob, deadlineEndsItsJob, modelsAreListed,
};
