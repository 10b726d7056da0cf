// Adding documents: drop them on the form, see how far each is, and what became of it. Every file goes by itself, so that one
// that is refused or interrupted does not keep out the others. Without this the form sends them all at once.
const MEGABYTE = 1_000_000;

for (const form of document.querySelectorAll('form[data-upload]')) {
  const input = form.querySelector('input[type=file]');
  const drop = form.querySelector('[data-drop]');
  const list = form.querySelector('[data-uploads]');
  const button = form.querySelector('button[type=submit]');
  const most = Number(form.dataset.uploadMost) * MEGABYTE;
  let waiting = [];

  const line = (name) => {
    const item = document.createElement('li');
    const label = document.createElement('bdi');
    const said = document.createElement('span');
    label.textContent = name;
    item.append(label, ': ', said);
    list.append(item);
    return { item, said };
  };

  const take = (files) => {
    for (const file of files) {
      const row = line(file.name);
      if (file.size > most) {
        row.item.dataset.state = 'failed';
        row.said.textContent = `te groot, hooguit ${form.dataset.uploadMost} MB.`;
      } else {
        row.said.textContent = 'staat klaar';
        waiting.push({ file, row });
      }
    }
    input.value = '';
    input.required = waiting.length === 0;
  };

  const send = ({ file, row }) => new Promise((done) => {
    const body = new FormData();
    for (const field of form.elements) if (field.name && field.type !== 'file' && field.type !== 'submit') body.append(field.name, field.value);
    body.append('bestand', file, file.name);
    const bar = document.createElement('progress');
    bar.max = file.size || 1;
    bar.value = 0;
    bar.setAttribute('aria-label', file.name);
    row.said.textContent = 'wordt verstuurd';
    row.item.append(bar);
    const request = new XMLHttpRequest();
    const end = (state, text, number) => {
      bar.remove();
      row.item.dataset.state = state;
      row.said.textContent = text;
      done({ state, number });
    };
    request.upload.addEventListener('progress', (event) => { bar.value = Math.min(event.loaded, bar.max); });
    request.addEventListener('load', () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { /* a page, not data: told below */ }
      const one = told.documenten?.[0];
      if (one?.nummer) end(one.melding ? 'there' : 'saved', one.melding || 'bewaard.', one.nummer);
      else end('failed', one?.melding || told.melding || 'kon niet worden bewaard. Probeer het opnieuw.');
    });
    request.addEventListener('error', () => end('failed', 'kon niet worden verstuurd: geen verbinding. Kies het bestand opnieuw.'));
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.send(body);
  });

  form.addEventListener('submit', async (event) => {
    if (!waiting.length && !input.files.length) return;
    event.preventDefault();
    take(input.files);
    const these = waiting;
    waiting = [];
    button.disabled = true;
    const ends = [];
    for (const one of these) ends.push(await send(one));
    button.disabled = false;
    input.required = true;
    if (ends.length && ends.every((one) => one.state === 'saved')) location.assign(form.dataset.uploadDone);
  });

  input.addEventListener('change', () => take(input.files));
  form.querySelector('[data-drop-hint]').hidden = false;
  for (const name of ['dragenter', 'dragover']) drop.addEventListener(name, (event) => { event.preventDefault(); drop.dataset.over = ''; });
  for (const name of ['dragleave', 'drop']) drop.addEventListener(name, () => { delete drop.dataset.over; });
  drop.addEventListener('drop', (event) => { event.preventDefault(); take(event.dataTransfer.files); });
}
