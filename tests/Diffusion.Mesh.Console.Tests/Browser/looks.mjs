// How the page looks and whether everybody can use it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What is wrong with the page for those who need help to use it. */
export async function violations(visitor) {
  // Evaluated, not loaded: the page's policy lets no other script in.
  await visitor.page.evaluate(axe);
  const found = await visitor.page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join('; ')}`);
}

async function bothTabs(visitor, { width = 1280, colorScheme = 'light' }) {
  const { page } = visitor;
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme });
  await page.click('#tab-create');
  await page.click('#thumbs [aria-label$=", done"]');
  await page.waitForSelector('#result:not([hidden])');
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const [found, wider] = [await violations(visitor), [await overflow()]];
  await page.click('#tab-operators');
  await page.waitForSelector('#waterfall tr[data-span="step"]');
  found.push(...await violations(visitor));
  wider.push(await overflow());
  await page.click('#tab-create');
  assert.deepEqual(found, []);
  assert.deepEqual(wider, [0, 0], 'The page is wider than the screen.');
}

const accessibility_light_hasNoViolations = (visitor) => bothTabs(visitor, {});

const accessibility_dark_hasNoViolations = (visitor) => bothTabs(visitor, { colorScheme: 'dark' });

const accessibility_phone_hasNoViolations = (visitor) => bothTabs(visitor, { width: 390 });

async function theme_button_goesThroughAll(visitor) {
  const { page } = visitor;
  await page.emulateMedia({ colorScheme: 'light' });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.click('#theme');
  await page.click('#theme');
  const dark = await paper();
  await page.reload();
  assert.equal(await paper(), dark);
  assert.notEqual(dark, light);
  await page.click('#theme');
  assert.equal(await page.textContent('#theme'), 'Theme: system');
}

/** In this order. */
export const scenarios = [
  accessibility_light_hasNoViolations,
  accessibility_dark_hasNoViolations,
  accessibility_phone_hasNoViolations,
  theme_button_goesThroughAll,
];
