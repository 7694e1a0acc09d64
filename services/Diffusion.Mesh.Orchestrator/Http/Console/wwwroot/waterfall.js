// A generation's spans as a table: a tree on the left, their times on the right.
import { facts, make, seconds } from './dom.js';
import { tree } from './spans.js';

const end = (node) => Math.max(node.start + node.duration, ...node.children.map(end));

export function drawWaterfall(place, spans) {
  const roots = tree(spans);
  const total = Math.max(...roots.map(end), 1e-6);
  const body = make('tbody');
  const details = make('div', { className: 'details', role: 'group', 'aria-label': 'The chosen span' });
  let lines = [];
  let chosen = roots[0]?.key;

  const visible = (nodes, depth) => nodes.flatMap((node) => [{ node, depth }, ...(node.folded ? [] : visible(node.children, depth + 1))]);

  function draw(focus = false) {
    lines = visible(roots, 0);
    body.replaceChildren(...lines.map(row));
    if (focus) body.querySelector('button[tabindex="0"]')?.focus();
  }

  function row({ node, depth }) {
    const bar = make('div', { className: 'bar' });
    Object.assign(bar.style, { left: `${(100 * node.start) / total}%`, width: `${(100 * node.duration) / total}%` });
    const button = make('button', { type: 'button', tabIndex: node.key === chosen ? 0 : -1 }, make('span', { className: 'fold', 'aria-hidden': 'true' }), node.label);
    if (node.children.length > 0) button.setAttribute('aria-expanded', !node.folded);
    button.style.setProperty('--depth', depth);
    const isChosen = node.key === chosen ? 'chosen' : '';
    const element = make('tr', { className: `${node.stage} ${node.span?.status === 'error' ? 'failed' : ''} ${isChosen}`, 'data-span': node.name, 'data-key': node.key },
      make('td', {}, button), make('td', { className: 'number' }, seconds(node.duration)), make('td', {}, make('div', { className: 'lane' }, bar)));
    button.onfocus = element.onmouseenter = () => choose(node);
    button.onclick = () => fold(node, !node.folded);
    button.onkeydown = (event) => key(event, node);
    return element;
  }

  function choose(node) {
    chosen = node.key;
    for (const element of body.children) {
      const isChosen = element.dataset.key === chosen;
      element.classList.toggle('chosen', isChosen);
      element.querySelector('button').tabIndex = isChosen ? 0 : -1;
    }
    details.replaceChildren(
      make('h3', {}, node.label),
      make('dl', {}, ...facts([
        ['Starts after', seconds(node.start)], ['Lasts', seconds(node.duration)], ['Service', node.span?.source], ['Status', node.span?.status === 'unset' ? '' : node.span?.status],
        ...Object.entries(node.span?.tags ?? {}), ['Linked spans', node.span?.links.length || ''],
      ])));
  }

  function fold(node, folded) {
    if (node.children.length === 0) return;
    node.folded = folded;
    draw(true);
  }

  function key(event, node) {
    const i = lines.findIndex((line) => line.node === node);
    const go = (to) => body.children[to]?.querySelector('button').focus();
    const keys = {
      ArrowDown: () => go(i + 1), ArrowUp: () => go(i - 1), Home: () => go(0), End: () => go(lines.length - 1), ArrowRight: () => fold(node, false), ArrowLeft: () => fold(node, true),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  draw();
  place.replaceChildren(make('div', { className: 'fall' },
    make('div', { className: 'spans' }, make('table', {},
      make('caption', { className: 'unseen' }, `${spans.length} spans in ${seconds(total)}. Up and down arrows go from span to span, right and left unfold and fold.`),
      make('thead', {}, make('tr', {}, ...['Span', 'Lasts', `0 to ${seconds(total)}`].map((name, i) => make('th', { scope: 'col', className: i === 1 ? 'number' : '' }, name)))),
      body)),
    details));
  if (roots.length > 0) choose(roots[0]);
}
