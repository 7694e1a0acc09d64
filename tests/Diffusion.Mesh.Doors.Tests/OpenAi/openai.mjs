// The official client, as it comes, against the server whose address is the first argument. Prints a line of JSON for each scenario: its name, and what it saw or what went wrong.
import { readFileSync } from 'node:fs';
import OpenAI, { toFile } from 'openai';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const connect = (options = {}) => new OpenAI({ apiKey: settings.key, baseURL: `${settings.http}/v1`, maxRetries: 0, ...options });
const client = connect();
const circle = { prompt: 'a large red circle on a white background', seed: 7, steps: 4 };
// So long that no test sees its end.
const endless = { ...circle, steps: 1000 };
const picture = name => toFile(readFileSync(settings[name]), `${name}.png`, { type: 'image/png' });

// The class of an error as the client's own `instanceof` tells it, the most special first.
const classes = ['APIUserAbortError', 'APIConnectionTimeoutError', 'APIConnectionError', 'BadRequestError', 'AuthenticationError', 'PermissionDeniedError', 'NotFoundError',
  'ConflictError', 'UnprocessableEntityError', 'RateLimitError', 'InternalServerError', 'APIError'];
async function errorOf(call) {
  try {
    await call();
  } catch (e) {
    const { status, type, param, code, message, requestID } = e;
    return { class: classes.find(name => e instanceof OpenAI[name]) ?? String(e), status, type, param, code, message, id: requestID, retryAfter: e.headers?.get('retry-after') };
  }
  return { class: 'none' };
}

async function events(stream) {
  const all = [];
  for await (const event of stream)
    all.push(event);
  return all;
}

const scenarios = {
  async generate() {
    const { data, request_id: id } = await client.images.generate(circle).withResponse();
    return { ...data, id };
  },
  async urls() {
    const answer = await client.images.generate({ ...circle, n: 2, response_format: 'url', output_format: 'jpeg', output_compression: 80, quality: 'auto', user: 'somebody' });
    const pictures = [];
    for (const { url } of answer.data) {
      // A page may show it: no key, and the browser tells where it is.
      const response = await fetch(url, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
      const bytes = Buffer.from(await response.arrayBuffer());
      pictures.push({ url, status: response.status, type: response.headers.get('content-type'), cross: response.headers.get('cross-origin-resource-policy'), start: bytes.toString('hex', 0, 2) });
    }
    const [first, second] = answer.data.map(d => d.url);
    const forged = [first.replace('/0?', '/1?'), first.replace(/expires=\d+/, 'expires=9999999999'), first.split('&')[0], first.replace(/signature=./, 'signature=!')];
    const refused = [];
    for (const url of forged) {
      const response = await fetch(url);
      refused.push({ status: response.status, type: (await response.json()).error?.type });
    }
    return { pictures, refused, differ: first !== second };
  },
  async stream() {
    return events(await client.images.generate({ ...circle, steps: 24, stream: true, partial_images: 3 }));
  },
  async streamSeveral() {
    return events(await client.images.generate({ ...circle, n: 2, stream: true }));
  },
  async edit() {
    return client.images.edit({ image: await picture('image'), mask: await picture('mask'), prompt: 'a large blue circle on a white background', seed: 5, steps: 6 });
  },
  async editStream() {
    return events(await client.images.edit({ image: await picture('image'), prompt: circle.prompt, strength: 0.5, steps: 40, seed: 5, stream: true, partial_images: 1 }));
  },
  async variation() {
    return client.images.createVariation({ image: await picture('image'), n: 2, size: '64x64', response_format: 'b64_json', seed: 3, steps: 4 });
  },
  async models() {
    const list = [];
    for await (const model of client.models.list())
      list.push(model);
    return { list, one: await client.models.retrieve('shapes'), none: await errorOf(() => client.models.retrieve('gpt-image-1')) };
  },
  async idempotent() {
    const options = { headers: { 'Idempotency-Key': 'stainless-node-retry-1' } };
    const first = await client.images.generate(circle, options).withResponse();
    const second = await client.images.generate(circle, options).withResponse();
    return { ids: [first.request_id, second.request_id], other: await errorOf(() => client.images.generate({ ...circle, seed: 8 }, options)) };
  },
  async refused() {
    const wrong = { ...circle, n: 17, size: '65x64', steps: 'many', style: 'vivid', quality: 'hd', background: 'transparent', moderation: 'low', output_format: 'gif', sampler: 'none', colour: 'red' };
    const image = await picture('image');
    return {
      all: await errorOf(() => client.images.generate(wrong)),
      unknown: await errorOf(() => client.images.generate({ ...circle, colour: 'red' })),
      model: await errorOf(() => client.images.generate({ ...circle, model: 'dall-e-3' })),
      several: await errorOf(() => client.images.edit({ image: [image, image], prompt: 'x' })),
      unread: await errorOf(async () => client.images.edit({ image: await toFile(Buffer.from('no picture'), 'image.png'), prompt: 'x' })),
      solid: await errorOf(async () => client.images.edit({ image, mask: image, prompt: 'x' })),
      empty: await errorOf(() => client.post('/images/generations', { body: [] })),
      path: await errorOf(() => client.get('/nothing')),
    };
  },
  async keys() {
    return {
      none: await errorOf(() => connect({ apiKey: 'sk-of-another-server' }).images.generate(circle)),
      otherModel: await errorOf(() => connect({ apiKey: settings.otherModelsKey }).images.generate(circle)),
      poor: await errorOf(async () => {
        const poor = connect({ apiKey: settings.poorKey });
        await poor.images.generate(circle);
        await poor.images.generate(circle);
      }),
    };
  },
  async away() {
    const alone = connect({ baseURL: `${settings.alone}/v1` });
    const stream = await alone.images.generate({ ...circle, stream: true });
    return {
      late: await errorOf(() => alone.images.generate(circle)),
      lateStream: await errorOf(() => events(stream)),
      nobody: await errorOf(() => connect({ baseURL: 'http://127.0.0.1:9/v1' }).images.generate(circle)),
    };
  },
  // At last, since what they leave takes a moment to end.
  async leaving() {
    const leaver = connect({ apiKey: settings.leaverKey });
    const slow = await errorOf(() => leaver.images.generate(endless, { timeout: 1000 }));
    const controller = new AbortController();
    const aborted = errorOf(() => leaver.images.generate(endless, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 500);
    const stream = await leaver.images.generate({ ...endless, stream: true, partial_images: 3 });
    stream.controller.abort();
    return { slow, aborted: await aborted };
  },
};

for (const [name, scenario] of Object.entries(scenarios)) {
  const line = { name };
  try {
    line.saw = await scenario();
  } catch (e) {
    line.error = e.stack;
  }
  console.log(JSON.stringify(line));
}
