// After a form comes back with complaints, the summary gets the focus so that it is read first.
function toSummary() {
  document.querySelector('[data-error-summary]')?.focus();
}
toSummary();
document.addEventListener('htmx:after:swap', () => {
  if (!document.activeElement || document.activeElement === document.body) toSummary();
});
