// Scenarios of the operators' tab.
import assert from 'node:assert/strict';

async function operators_services_areToldWithHealthAndLoad(visitor) {
  const { page } = visitor;
  await page.click('#tab-operators');
  await page.waitForFunction(() => document.querySelectorAll('#services tr').length === 4);

  assert.deepEqual(await page.locator('#services tr td:first-child').allTextContents(), ['orchestrator', 'text encoder', 'UNet worker', 'VAE']);
  assert.deepEqual(await page.locator('#services .health').allTextContents(), Array(4).fill('serving'));
}

async function operators_jobs_areListedWithoutPromptsAndCancelled(visitor) {
  const { page } = visitor;
  const [running, queued] = [await visitor.api('/api/jobs', { prompt: 'private words', schedule: { steps: 1000 } }), await visitor.api('/api/jobs', { schedule: { steps: 1000 } })];
  for (const { id } of [queued, running]) {
    await page.click(`[aria-label="Cancel job ${id}"]`);
    await page.waitForSelector(`#jobs [data-key="${id}"]`, { state: 'detached' });
    assert.equal((await visitor.api(`/api/jobs/${id}`)).state, 'cancelled');
  }

  assert.doesNotMatch(await page.content(), /private words/);
}

async function waterfall_generation_hasAStepSpanForEachModelEvaluation(visitor) {
  const { page } = visitor;
  await page.click('#tab-create');
  const entry = await visitor.generate({ prompt: 'a red square', sampler: 'pndm', steps: 9, seed: 1 });
  await page.click('#tab-operators');
  await page.selectOption('#trace', entry.id);
  await page.waitForSelector('#waterfall tr[data-span="decode"]');

  // The method begins with more than one evaluation a step.
  assert.ok(entry.facts.evaluations > 9);
  const steps = page.locator('#waterfall tr[data-span="step"]');
  assert.equal(await steps.count(), entry.facts.evaluations);
  assert.equal(new Set(await steps.allTextContents()).size, entry.facts.evaluations);
  for (const name of ['validate', 'queue', 'generate', 'encode', 'denoise', 'decode']) assert.equal(await page.locator(`#waterfall tr[data-span="${name}"]`).count(), 1, name);

  // From span to span by keyboard, with what each has to tell.
  await page.locator('#waterfall button').first().focus();
  for (let i = 0; i < 30 && !/^step/.test(await page.textContent('#waterfall h3')); i++) await page.keyboard.press('ArrowDown');
  assert.match(await page.textContent('#waterfall .details'), /diffusion\.step\.index0.*diffusion\.worker/s);
  await page.click('#tab-create');
}

/** In this order. */
export const scenarios = [
  operators_services_areToldWithHealthAndLoad,
  operators_jobs_areListedWithoutPromptsAndCancelled,
  waterfall_generation_hasAStepSpanForEachModelEvaluation,
];
