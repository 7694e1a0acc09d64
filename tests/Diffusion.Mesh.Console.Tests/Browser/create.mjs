// Scenarios of the tab where pictures are made.
import assert from 'node:assert/strict';
import { Visitor } from './visitor.mjs';

async function generate_newcomer_watchesAPictureAppear(visitor) {
  const { page } = visitor;
  await page.evaluate(() => {
    window.previews = new Set();
    new MutationObserver(() => {
      const image = document.querySelector('#frame img.preview');
      if (image) window.previews.add(image.src);
    }).observe(document.getElementById('frame'), { subtree: true, childList: true, attributes: true });
  });

  let entry = await visitor.generate({ prompt: 'a large red circle on a white background', seed: 2, steps: 20 });
  // The latest are shown: a browser that is short of time misses some.
  for (let i = 0; i < 5 && await page.evaluate(() => window.previews.size) < 3; i++) entry = await visitor.generate({});

  assert.ok(await page.evaluate(() => window.previews.size) >= 3, 'Too few previews were seen.');
  const image = page.locator('#frame img.final');
  assert.deepEqual(await image.evaluate((i) => [i.naturalWidth, i.naturalHeight]), [128, 128]);
  assert.equal(await image.getAttribute('alt'), 'a large red circle on a white background');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#actions a[download]')]);
  assert.equal(download.suggestedFilename(), `${entry.id}-0.png`);
  assert.match(await page.textContent('#facts'), /Seed2.*Steps20/s);
}

async function generate_byKeyboardAlone_makesAPicture(visitor) {
  const { page } = visitor;
  await page.reload();
  await visitor.fill({});
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-create');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.isVisible('#panel-operators'), true);
  await page.keyboard.press('ArrowLeft');
  // Past the link to the API and the theme.
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'prompt');
  await page.keyboard.type('a purple ring on a yellow background');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('#cancel:not([hidden])');
  await visitor.untilQuiet();

  assert.equal((await visitor.latest()).state, 'done');
  assert.match(await page.textContent('#status'), /^Done in /);
}

async function generate_wrongFields_areToldWhereTheyAre(visitor) {
  const { page } = visitor;
  await visitor.fill({ width: 13, steps: 0, seed: 'x' });
  await page.click('#generate');
  await page.waitForSelector('[aria-invalid="true"]');

  assert.match(await page.textContent('#width-error'), /multiple of 64/);
  assert.match(await page.textContent('#steps-error'), /1 to 1000/);
  assert.match(await page.textContent('#seed-error'), /whole number/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'width');
  await visitor.fill({ width: 128, steps: 4, seed: '' });
}

async function generate_severalPictures_showsEach(visitor) {
  const entry = await visitor.generate({ prompt: 'a pink triangle', count: 3, steps: 3 });

  assert.equal(entry.pictures.length, 3);
  assert.equal(await visitor.page.locator('#frame img.final').count(), 3);
  await visitor.fill({ count: 1 });
}

async function cancel_runningJob_endsIt(visitor) {
  const { page } = visitor;
  await visitor.begin({ prompt: 'an orange circle', steps: 1000 });
  await page.waitForFunction(() => document.getElementById('bar').value > 2);
  await page.click('#cancel');
  await visitor.untilQuiet();

  assert.match(await page.textContent('#frame'), /cancelled/);
  assert.equal((await visitor.api(`/api/jobs/${(await visitor.latest()).id}`)).state, 'cancelled');
}

async function queue_busyServer_tellsThePosition(visitor) {
  const { page } = visitor;
  const before = await visitor.api('/api/jobs', { prompt: 'x', schedule: { steps: 1000 } });
  await visitor.begin({ prompt: 'a green star', steps: 3 });
  await page.waitForFunction(() => /Number 1 in the queue/.test(document.getElementById('progress-text').textContent));
  await visitor.cancel(before.id);
  await visitor.untilQuiet();

  assert.equal((await visitor.latest()).state, 'done');
}

async function stream_thatBreaks_goesOnFromTheLastEvent(visitor) {
  const { page } = visitor;
  const asked = [];
  await page.route('**/events', async (route) => {
    asked.push(route.request().headers()['last-event-id'] ?? '');
    const queued = { evaluations: 3, model: 'shapes', seed: '7', width: 128, height: 128 };
    if (asked.length === 1) await route.fulfill({ contentType: 'text/event-stream', body: `retry: 1000\n\nevent: queued\nid: 1\ndata: ${JSON.stringify(queued)}\n\nevent: st` });
    else await route.continue();
  });
  const entry = await visitor.generate({ prompt: 'a blue diamond', steps: 3 });
  await page.unroute('**/events');

  assert.deepEqual(asked, ['', '1']);
  assert.equal(entry.state, 'done');
  assert.equal(entry.pictures.length, 1);
}

async function history_reload_keepsPicturesAndWhatIsUnderWay(visitor) {
  const { page } = visitor;
  await page.reload();
  await page.waitForSelector('#thumbs img');
  const known = await page.locator('#thumbs li').count();
  assert.ok(known >= 5, `Only ${known} are left.`);
  await page.click('#thumbs [aria-label^="Show: a large red circle"]');
  await page.click('text=Use these settings again');
  assert.deepEqual(await page.evaluate(() => ['prompt', 'seed', 'steps'].map((id) => document.getElementById(id).value)), ['a large red circle on a white background', '2', '20']);

  await visitor.begin({ steps: 120 });
  await page.waitForFunction(() => document.getElementById('bar').value > 2);
  await page.reload();
  await page.waitForSelector('#cancel:not([hidden])');
  await visitor.untilQuiet();

  const entry = await visitor.latest();
  assert.equal(entry.state, 'done');
  assert.equal(entry.pictures.length, 1);
  assert.equal(await page.locator('#thumbs li').count(), known + 1);
}

async function source_imageToImage_startsFromThePicture(visitor) {
  const { page } = visitor;
  await page.click('#thumbs [aria-label^="Show: a large red circle"]');
  await page.click('text=Use as source');
  await page.waitForSelector('#canvas canvas');
  const entry = await visitor.generate({ prompt: 'a large red circle on a white background', steps: 10, strength: 0.3, seed: 5 });

  // A weak change leaves most as it was: noise alone would not.
  const [before, after] = [await visitor.pixels(entry.source), await visitor.pixels(entry.pictures[0])];
  const difference = before.reduce((sum, value, i) => sum + Math.abs(value - after[i]), 0) / before.length;
  assert.ok(difference > 0 && difference < 25, `They differ by ${difference}.`);
  assert.equal(entry.facts.evaluations, 10);
}

async function brush_mask_keepsEveryPixelOutsideIt(visitor) {
  const { page } = visitor;
  const canvas = page.locator('#canvas canvas');
  const box = await canvas.boundingBox();
  await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.3 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.5 * box.height, { steps: 6 });
  await page.mouse.up();
  // And a dot by the keyboard.
  await canvas.focus();
  for (const key of ['Shift+ArrowDown', 'Shift+ArrowDown', ']', ' ']) await page.keyboard.press(key);
  const entry = await visitor.generate({ prompt: 'a cyan cross on a black background', steps: 8, strength: 1, seed: 3 });

  const [before, mask, after] = [await visitor.pixels(entry.source), await visitor.pixels(entry.mask), await visitor.pixels(entry.pictures[0])];
  let [outside, inside, changed] = [0, 0, 0];
  for (let i = 0; i < mask.length; i += 4) {
    const same = [0, 1, 2].every((c) => before[i + c] === after[i + c]);
    if (mask[i] === 0) {
      outside++;
      assert.ok(same, `Pixel ${i / 4} changed outside of the mask.`);
    } else {
      inside++;
      changed += same ? 0 : 1;
    }
  }
  assert.ok(outside > 8000 && inside > 500 && changed > inside / 2, `${outside} outside, ${inside} inside, ${changed} changed`);
  await page.click('#source-remove');
}

async function key_serverThatWantsOne_asksForItAndKeepsIt(visitor, { lockedAddress, key }) {
  const guest = await Visitor.come(visitor.browser, lockedAddress);
  await guest.page.fill('#key', 'mesh_wrong');
  await guest.page.click('text=Use it');
  await guest.page.waitForFunction(() => document.getElementById('key').value === '' && document.getElementById('key-dialog').open);
  await guest.page.fill('#key', key);
  await guest.page.click('text=Use it');
  await guest.fill({});
  await guest.page.reload();
  await guest.fill({});
  await guest.page.click('#tab-operators');
  await guest.page.waitForSelector('#operators-error:not([hidden])');

  assert.match(await guest.page.textContent('#operators-error'), /for operators/);
  guest.assertNoComplaints();
  await guest.leave();
}

/** In this order. */
export const scenarios = [
  generate_newcomer_watchesAPictureAppear,
  generate_byKeyboardAlone_makesAPicture,
  generate_wrongFields_areToldWhereTheyAre,
  generate_severalPictures_showsEach,
  cancel_runningJob_endsIt,
  queue_busyServer_tellsThePosition,
  stream_thatBreaks_goesOnFromTheLastEvent,
  history_reload_keepsPicturesAndWhatIsUnderWay,
  source_imageToImage_startsFromThePicture,
  brush_mask_keepsEveryPixelOutsideIt,
  key_serverThatWantsOne_asksForItAndKeepsIt,
];
