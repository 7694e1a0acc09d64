// The console in a browser. Arguments: the server's address, the browser, the address of a server that wants a key, and that key. Prints a line of JSON for each scenario.
import { chromium } from 'playwright-core';
import * as create from './create.mjs';
import * as docs from './docs.mjs';
import * as looks from './looks.mjs';
import * as operators from './operators.mjs';
import { takePictures } from './pictures.mjs';
import { Visitor } from './visitor.mjs';

const [address, browserPath, lockedAddress, key] = process.argv.slice(2);
const scenarios = [...create.scenarios, ...operators.scenarios, ...looks.scenarios, ...docs.scenarios];
const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
// What one scenario leaves in the browser is there for the next ones.
const visitor = await Visitor.come(browser, address);
for (const scenario of scenarios) {
  const begun = Date.now();
  let error = '';
  try {
    await scenario(visitor, { lockedAddress, key });
    visitor.assertNoComplaints();
  } catch (e) {
    error = `${e.stack} ${visitor.complaints.join(' ')}`;
    await visitor.settle();
  }
  console.log(JSON.stringify({ name: scenario.name, error, seconds: (Date.now() - begun) / 1000 }));
}
if (process.env.MESH_SCREENSHOTS) await takePictures(await Visitor.come(browser, address), process.env.MESH_SCREENSHOTS);
await browser.close();
