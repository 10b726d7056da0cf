// Saves a half-filled form by itself, and says so. Nothing is checked while saving; the version that the server gives back
// goes along the next time, so that two drafts never silently replace each other.
const QUIET = 1200;

for (const form of document.querySelectorAll('form[data-draft]')) {
  const status = document.querySelector(form.dataset.draftStatus);
  let timer, dirty = false, saving = false;

  const say = (text, state) => {
    if (!status) return;
    status.textContent = text;
    status.dataset.state = state;
  };

  const save = async () => {
    clearTimeout(timer);
    if (!dirty || saving) return;
    dirty = false;
    saving = true;
    say('Bezig met bewaren…', 'busy');
    try {
      const answer = await fetch(form.dataset.draft, { method: 'POST', body: new FormData(form), redirect: 'error' });
      const told = answer.headers.get('content-type')?.includes('json') ? await answer.json() : {};
      if (answer.ok) {
        form.elements.concept_versie.value = told.versie;
        if (!dirty) say(`Concept bewaard om ${told.tijd}`, 'saved');
      } else {
        dirty = true;
        say(told.melding ?? 'Concept niet bewaard. Gebruik de knop ‘Concept bewaren’.', 'failed');
      }
    } catch {
      dirty = true;
      say('Concept niet bewaard: geen verbinding. We proberen het opnieuw.', 'failed');
      timer = setTimeout(save, 10 * QUIET);
    } finally {
      saving = false;
      if (dirty && status?.dataset.state !== 'failed') timer = setTimeout(save, QUIET);
    }
  };

  form.addEventListener('input', () => {
    dirty = true;
    say('Nog niet bewaard', 'dirty');
    clearTimeout(timer);
    timer = setTimeout(save, QUIET);
  });
  form.addEventListener('submit', () => { clearTimeout(timer); dirty = false; });
  document.addEventListener('visibilitychange', () => { if (document.hidden) save(); });
}
