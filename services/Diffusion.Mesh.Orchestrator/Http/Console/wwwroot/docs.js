// The page that lists the HTTP API, from its OpenAPI document.
import { $, make } from './dom.js';
import { beginTheme } from './theme.js';

/** A text whose `words` between backticks are code. */
const prose = (text = '') => text.split('`').map((part, i) => (i % 2 ? make('code', {}, part) : part));

const nameOf = (schema) => schema?.$ref?.split('/').at(-1);

/** What a value is, with links to messages. */
function kind(schema) {
  const name = nameOf(schema);
  if (name) return [make('a', { href: `#message-${name}` }, name)];
  if (schema?.enum) return [schema.enum.filter((value) => value !== null).join(', ')];
  const types = [schema?.type ?? 'anything'].flat().filter((type) => type !== 'null');
  if (types.includes('array')) return ['list of ', ...kind(schema.items)];
  return [types.join(' or ').replace('object', 'an object')];
}

function table(label, rows) {
  const head = ['Name', 'Kind', 'What it is'].map((title) => make('th', { scope: 'col' }, title));
  const body = rows.map(([name, schema, description]) => make('tr', {},
    make('th', { scope: 'row' }, make('code', {}, name)), make('td', {}, ...kind(schema)), make('td', {}, ...prose(description))));
  return make('div', { className: 'scroll', tabIndex: 0, role: 'group', 'aria-label': label },
    make('table', {}, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...body)));
}

const fields = (label, schema) => table(label, Object.entries(schema.properties ?? {}).map(([name, field]) => [name, field, field.description]));

function body(title, content) {
  const [type, { schema } = {}] = Object.entries(content)[0];
  const types = Object.keys(content).join(', ');
  return make('p', {}, `${title}: `, ...(schema ? [...kind(schema), type === 'application/json' ? '' : ` as ${types}`] : [types]));
}

function operation(path, method, about) {
  const [status, good] = Object.entries(about.responses)[0];
  const details = make('details', { id: about.operationId },
    make('summary', {}, make('code', { className: `method ${method}` }, method.toUpperCase()), ' ', make('code', { className: 'path' }, path), make('span', {}, about.summary)));
  if (about.description) details.append(make('p', {}, ...prose(about.description)));
  if (about.parameters) {
    details.append(table(`Parameters of ${method} ${path}`, about.parameters.map((p) => [p.name, p.schema, [p.in === 'path' ? 'In the path.' : '', p.description ?? ''].join(' ').trim()])));
  }
  if (about.requestBody) details.append(body('Request', about.requestBody.content));
  details.append(good.content ? body(`Answer ${status}`, good.content) : make('p', {}, `Answer ${status}, without a body`));
  details.append(body('Errors', about.responses.default.content));
  return details;
}

function group(tag, paths) {
  const title = `group-${tag.name.replaceAll(' ', '-')}`;
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods)
    .filter(([, about]) => about.tags.includes(tag.name)).map(([method, about]) => operation(path, method, about)));
  return make('section', { 'aria-labelledby': title, className: 'sheet' }, make('h2', { id: title }, tag.name), make('p', { className: 'hint' }, ...prose(tag.description)), ...operations);
}

function message([name, schema]) {
  const section = make('section', { id: `message-${name}`, className: 'sheet' }, make('h3', {}, name));
  if (schema.description) section.append(make('p', { className: 'hint' }, ...prose(schema.description)));
  section.append(fields(`Fields of ${name}`, schema));
  return section;
}

beginTheme();
try {
  const response = await fetch('/openapi.json');
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const document = await response.json();
  $('about').append(...prose(`${document.info.description} Version ${document.info.version}.`));
  $('operations').append(...document.tags.map((tag) => group(tag, document.paths)));
  $('messages').append(...Object.entries(document.components.schemas).sort(([a], [b]) => a.localeCompare(b)).map(message));
  $('messages-part').hidden = false;
  // What the address leads to was not there when the page came.
  if (location.hash) $(location.hash.slice(1))?.scrollIntoView();
} catch (error) {
  $('docs-error').textContent = error.message;
  $('docs-error').hidden = false;
}
