// Pictures of the console for the documentation.

/** Makes them in a folder, of a page that a visitor has just come to. */
export async function takePictures(visitor, folder) {
  const { page } = visitor;
  await page.setViewportSize({ width: 1280, height: 1000 });
  const settings = { steps: 20, seed: 2, sampler: 'ddim', guidance_scale: 4 };
  for (const prompt of [
    'a large red circle on a white background', 'a small yellow star at the top, blue background', 'a green heart to the left of an orange cross on a black background',
    'a cyan cross on a black background', 'an orange circle below a green star on a white background', 'a purple ring on a yellow background',
  ]) await visitor.generate({ ...settings, prompt });
  await page.evaluate(() => document.activeElement.blur());
  await page.screenshot({ path: `${folder}/console.jpg`, quality: 88 });
  await page.click('#theme');
  await page.click('#theme');
  await page.click('#tab-operators');
  const jobs = [];
  for (let i = 0; i < 3; i++) jobs.push(await visitor.api('/api/jobs', { schedule: { steps: 400 } }));
  await page.waitForSelector(`#jobs [data-key="${jobs[2].id}"]`);
  await page.setViewportSize({ width: 1280, height: 1300 });
  await page.locator('#waterfall tr[data-span="step"]').nth(2).hover();
  await page.screenshot({ path: `${folder}/operators.jpg`, quality: 88 });
  for (const { id } of jobs) await visitor.cancel(id);
}
