// The page: its tabs, and what begins with it.
import { $ } from './dom.js';
import { beginGenerate } from './generate.js';
import { showOperators, hideOperators } from './operators.js';
import { beginTheme } from './theme.js';

const tabs = [...document.querySelectorAll('[role="tab"]')];

function choose(tab) {
  for (const other of tabs) {
    other.setAttribute('aria-selected', other === tab);
    other.tabIndex = other === tab ? 0 : -1;
    $(other.getAttribute('aria-controls')).hidden = other !== tab;
  }
  history.replaceState(null, '', tab.id === 'tab-operators' ? '#operators' : '#create');
  if (tab.id === 'tab-operators') showOperators();
  else hideOperators();
}

for (const [i, tab] of tabs.entries()) {
  tab.onclick = () => choose(tab);
  tab.onkeydown = (event) => {
    const next = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const other = tabs[(next + tabs.length) % tabs.length];
    other.focus();
    choose(other);
  };
}

beginTheme();

if (location.hash === '#operators') choose($('tab-operators'));
await beginGenerate();
