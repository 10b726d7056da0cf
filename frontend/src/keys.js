// Shortcuts. Single letters work only outside fields (WCAG 2.1.4: they can be switched off in the sheet that ? opens).
const OFF = 'schuldhulp.sneltoetsen.uit';
const sheet = document.querySelector('dialog[data-shortcuts]');
const typing = (target) => target.closest('input, textarea, select, [contenteditable]');

function follow(name) {
  const target = document.querySelector(`[data-key="${name}"]`);
  if (!target) return false;
  if (target.matches('input, select, textarea, form, table')) target.focus();
  else target.click();
  return true;
}

function step(by) {
  const rows = [...document.querySelectorAll('[data-row-link]')];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(at + by, 0), rows.length - 1)].focus();
  return true;
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey && event.altKey && !event.shiftKey && 'lfpc'.includes(event.key.toLowerCase())) {
    if (follow(`ctrl-alt-${event.key.toLowerCase()}`)) event.preventDefault();
    return;
  }
  if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === 'f') {
    if (follow('ctrl-shift-f')) event.preventDefault();
    return;
  }
  if (event.ctrlKey && !event.altKey && event.key.toLowerCase() === 's') {
    if (follow('save')) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || localStorage.getItem(OFF)) return;
  if (event.key === '?' && sheet) { sheet.showModal(); event.preventDefault(); }
  if (event.key === 'j' && step(1)) event.preventDefault();
  if (event.key === 'k' && step(-1)) event.preventDefault();
});

const off = sheet?.querySelector('[data-shortcuts-off]');
if (off) {
  off.checked = Boolean(localStorage.getItem(OFF));
  off.addEventListener('change', () => (off.checked ? localStorage.setItem(OFF, '1') : localStorage.removeItem(OFF)));
}
for (const opener of document.querySelectorAll('[data-opens-shortcuts]')) {
  opener.hidden = false;
  opener.addEventListener('click', () => sheet?.showModal());
}
