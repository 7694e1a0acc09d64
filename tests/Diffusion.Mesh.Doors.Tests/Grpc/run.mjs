// Every public method by @grpc/grpc-js, as an application in Node calls them. Arguments: gRPC's address, HTTP's, the repository, keys of two tenants, and one of a tenant
// with a quota. One line of JSON for each scenario; an empty error: all is well.
import { closeAll, methodsCalled } from './client.mjs';
import { jobs } from './jobs.mjs';
import { failures } from './failures.mjs';
import { metadata } from './metadata.mjs';
import { messages } from './messages.mjs';
import { services } from './services.mjs';

const patience = 60_000;

for (const [name, run] of Object.entries({ ...jobs, ...failures, ...metadata, ...messages, ...services, everyMethodWasCalled: methodsCalled })) {
  let timer;
  try {
    const late = new Promise((_, reject) => timer = setTimeout(() => reject(new Error('It takes too long.')), patience));
    await Promise.race([run(), late]);
    console.log(JSON.stringify({ name, error: '' }));
  } catch (e) {
    console.log(JSON.stringify({ name, error: `${e.stack ?? e}` }));
  } finally {
    clearTimeout(timer);
  }
}

closeAll();
process.exit(0);
