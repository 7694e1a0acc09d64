// The theme, which the visitor chooses for all pages.
import { $ } from './dom.js';

const name = 'diffusion-mesh-theme';
const themes = ['system', 'light', 'dark'];

function setTheme(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  $('theme').textContent = `Theme: ${theme}`;
  localStorage.setItem(name, theme);
}

/** Shows the theme that was chosen last, and makes its button work. */
export function beginTheme() {
  const stored = localStorage.getItem(name);
  setTheme(themes.includes(stored) ? stored : 'system');
  $('theme').onclick = () => setTheme(themes[(themes.indexOf(document.documentElement.dataset.theme ?? 'system') + 1) % themes.length]);
}
