import assert from 'node:assert/strict';

// Only so that a page that hangs fails its scenario rather than the whole run.
const patience = 60000;

/** Somebody with the console's page open in a browser of their own. */
export class Visitor {
  complaints = [];

  static async come(browser, address) {
    const visitor = new Visitor();
    Object.assign(visitor, { browser, address });
    visitor.context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce' });
    visitor.page = await visitor.context.newPage();
    visitor.page.setDefaultTimeout(patience);
    // A browser also tells of answers that are errors; those that a scenario asks for are its own affair.
    visitor.page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) visitor.complaints.push(message.text());
    });
    visitor.page.on('pageerror', (error) => visitor.complaints.push(error.stack));
    visitor.page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== new URL(address).origin) visitor.complaints.push(`It asked ${request.url()}`);
    });
    await visitor.page.goto(address);
    return visitor;
  }

  leave() { return this.context.close(); }

  assertNoComplaints() { assert.deepEqual(this.complaints.splice(0), []); }

  /** After a scenario that failed midway, the next one begins with a quiet page. */
  async settle() {
    this.complaints = [];
    await this.page.unrouteAll({ behavior: 'ignoreErrors' });
    for (const { id } of (await this.api('/api/jobs')).jobs) await this.cancel(id);
    await this.page.goto(this.address);
    await this.page.reload();
  }

  /** The form once the models are in it, with what is given. */
  async fill(values) {
    await this.page.waitForFunction(() => document.getElementById('sampler').options.length > 0);
    for (const [id, value] of Object.entries(values)) {
      const field = this.page.locator(`#${id}`);
      if (await field.evaluate((e) => e.tagName) === 'SELECT') await field.selectOption(value);
      else await field.fill(`${value}`);
    }
  }

  /** Generates what the form says, to its end; gives the history's entry. */
  async generate(values) {
    await this.begin(values);
    await this.untilQuiet();
    return this.latest();
  }

  async begin(values) {
    await this.fill(values);
    await this.page.click('#generate');
    await this.page.waitForSelector('#cancel:not([hidden])');
  }

  untilQuiet() { return this.page.waitForSelector('#cancel', { state: 'hidden' }); }

  /** The history's latest entry, with pictures as lists of bytes. */
  latest() {
    return this.page.evaluate(async () => {
      const { all } = await import('/console/history.js');
      const [entry] = await all();
      const bytes = async (blob) => (blob ? [...new Uint8Array(await blob.arrayBuffer())] : null);
      return { ...entry, pictures: await Promise.all(entry.pictures.map(bytes)), source: await bytes(entry.source), mask: await bytes(entry.mask) };
    });
  }

  /** A picture file's pixels, four numbers each. */
  pixels(file) {
    return this.page.evaluate(async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return [...context.getImageData(0, 0, bitmap.width, bitmap.height).data];
    }, file);
  }

  async api(path, body) {
    const response = await fetch(new URL(path, this.address), body ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {});
    return response.status === 204 ? null : response.json();
  }

  cancel(id) { return this.api(`/api/jobs/${id}/cancel`, {}); }
}
