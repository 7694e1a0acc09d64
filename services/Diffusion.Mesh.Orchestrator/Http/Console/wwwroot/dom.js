// Small things for the page's elements.

export const $ = (id) => document.getElementById(id);

/** An element with properties (or attributes, where the name has a dash) and children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-') || name === 'role' || name === 'scope') element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/** A list of terms and what they are; what is empty is left out. */
export function facts(pairs) {
  return pairs.filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([term, value, full]) => make('div', { className: full ? 'full' : '' }, make('dt', {}, term), make('dd', {}, `${value}`)));
}

/** Seconds in words that stay short. */
export function seconds(value) {
  if (value < 0.00005) return '0 s';
  if (value < 0.0995) return `${(value * 1000).toFixed(value < 0.00995 ? 1 : 0)} ms`;
  if (value < 60) return `${value.toFixed(value < 9.95 ? 1 : 0)} s`;
  return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}

/** Bytes of a blob as base64. */
export function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
