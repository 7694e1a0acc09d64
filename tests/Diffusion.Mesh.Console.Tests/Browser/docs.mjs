// Scenarios of the page that lists the API.
import assert from 'node:assert/strict';
import { violations } from './looks.mjs';

async function docs_fromTheConsole_listsAllThatTheDocumentHas(visitor) {
  const { page } = visitor;
  await page.click('header a[href="/docs"]');
  await page.waitForSelector('#messages-part:not([hidden])');
  const { paths } = await visitor.api('/openapi.json');
  const wanted = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));

  const listed = await page.locator('details > summary').evaluateAll((all) => all.map((s) => [...s.querySelectorAll('code')].map((c) => c.textContent).join(' ')));
  assert.deepEqual(listed.sort(), wanted.sort());
  assert.ok(wanted.length > 20);

  await page.click('summary:has-text("Asks for pictures")');
  await page.click('details[open] a[href="#message-JobRequest"]');
  assert.match(await page.textContent('#message-JobRequest'), /Classifier-free guidance scale/);
  await page.click('header a.brand');
  await page.waitForSelector('#generate');
}

async function looks(visitor, { width = 1280, colorScheme = 'light' }) {
  const { page } = visitor;
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme });
  await page.goto(new URL('/docs', visitor.address).href);
  await page.waitForSelector('#messages-part:not([hidden])');
  await page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = true; });
  assert.deepEqual(await violations(visitor), []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, 'The page is wider than the screen.');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(visitor.address);
}

const docs_light_hasNoViolations = (visitor) => looks(visitor, {});

const docs_darkPhone_hasNoViolations = (visitor) => looks(visitor, { width: 390, colorScheme: 'dark' });

/** In this order. */
export const scenarios = [
  docs_fromTheConsole_listsAllThatTheDocumentHas,
  docs_light_hasNoViolations,
  docs_darkPhone_hasNoViolations,
];
