// A generation's spans as a tree.

const stages = {
  queue: 'queue', validate: 'queue', cache: 'encode', encode: 'encode', tokenize: 'encode', source: 'encode', denoise: 'denoise', step: 'denoise', decode: 'decode', picture: 'decode',
  rank: 'decode',
};
const fewest = 4;

// A parsed time has whole milliseconds; what is below them stands in the text.
const time = (text) => Date.parse(text) / 1000 + (Number(`0.${/\.(\d+)/.exec(text)?.[1] ?? 0}`) % 0.001);

const isCall = (span) => span.name.includes('/') && span.name.includes('.');

function label(span) {
  const index = span.tags['diffusion.step.index'] ?? span.tags['diffusion.image.index'];
  const name = isCall(span) ? span.name.slice(span.name.lastIndexOf('.') + 1) : span.name;
  return index === undefined ? name : `${name} ${index}`;
}

/**
 * The spans below nothing that is known, each a node `{key, label, name, stage, start, duration, children, folded, span}`; `start` is in seconds after the first of all.
 * Calls are folded, and many alike in a row are folded into one node, which has no span of its own.
 */
export function tree(spans) {
  const known = new Set(spans.map((s) => s.span_id));
  const below = Map.groupBy(spans, (s) => (known.has(s.parent_span_id) ? s.parent_span_id : ''));
  const begin = Math.min(...spans.map((s) => time(s.start)));

  const node = (span, stage) => {
    const own = stages[span.name] ?? stage;
    const children = nodes(span.span_id, own);
    return {
      key: span.span_id, label: label(span), name: span.name, stage: own, start: time(span.start) - begin, duration: span.duration, children, folded: isCall(span), span,
    };
  };
  const nodes = (parent, stage) => bundle((below.get(parent) ?? []).map((span) => node(span, stage)));
  return nodes('', '');
}

// Previews are many calls that nobody wants to see one by one.
function bundle(nodes) {
  const runs = [];
  for (const node of nodes) {
    if (runs.at(-1)?.[0].name === node.name) runs.at(-1).push(node);
    else runs.push([node]);
  }
  return runs.flatMap((run) => {
    if (run.length < fewest || !isCall(run[0].span)) return run;
    const start = Math.min(...run.map((n) => n.start));
    const end = Math.max(...run.map((n) => n.start + n.duration));
    return [{ ...run[0], key: `${run[0].key}+`, label: `${run[0].label} × ${run.length}`, start, duration: end - start, children: run, folded: true, span: null }];
  });
}
