// A case on its diagram: which steps were done, where it stands now, and (replay) one moment at a time.
// The picture says nothing that the page does not also say in words.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

const READABLE = 0.55;
const still = matchMedia('(prefers-reduced-motion: reduce)');

for (const holder of document.querySelectorAll('[data-diagram]')) show(holder);

async function show(holder) {
  const canvas = holder.querySelector('[data-canvas]');
  canvas.hidden = false;
  const viewer = new NavigatedViewer({ container: canvas });
  try {
    const marks = JSON.parse(holder.dataset.marks || '{}');
    await viewer.importXML(await text(holder.dataset.diagram));
    holder.querySelector('[data-canvas]').style.blockSize = `${height(viewer, canvas.clientWidth)}px`;
    viewer.get('canvas').resized();
    mark(viewer, marks);
    begin(viewer, marks);
    controls(holder, viewer);
    holder.dataset.ready = 'true';
    document.addEventListener('schuldhulp:moment', (event) => mark(viewer, event.detail));
  } catch (error) {
    canvas.hidden = true;
    const told = holder.querySelector('[data-diagram-failed]');
    if (told) told.hidden = false;
    console.warn(error);
  }
}

async function text(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return answer.text();
}

function fit(viewer) {
  const canvas = viewer.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() > 1) canvas.zoom(1, 'auto');
}

// As high as the drawing needs at this width, within reason.
function height(viewer, width) {
  const { inner } = viewer.get('canvas').viewbox();
  return Math.round(Math.min(Math.max(inner.height * Math.min(1, width / inner.width) + 60, 320), window.innerHeight * 0.7));
}

// The whole drawing when its words can be read then; else large enough to read, around where the case is now.
function begin(viewer, marks) {
  fit(viewer);
  const canvas = viewer.get('canvas');
  const now = viewer.get('elementRegistry').get(marks.now?.[0]?.id);
  if (canvas.zoom() >= READABLE || !now) return;
  canvas.zoom(READABLE, { x: 0, y: 0 });
  const { width, height, inner } = canvas.viewbox();
  const inside = (middle, size, first, whole) => Math.max(first - 20, Math.min(middle - size / 2, first + whole + 20 - size));
  const x = inside(now.x + now.width / 2, width, inner.x, inner.width);
  const y = inside(now.y + now.height / 2, height, inner.y, inner.height);
  canvas.viewbox({ x, y, width, height });
}

// marks: { done: [ids], flows: [ids], now: [{id, count}], counts: {id: times}, latest: {flow, element} }
function mark(viewer, marks) {
  const canvas = viewer.get('canvas'), registry = viewer.get('elementRegistry'), overlays = viewer.get('overlays');
  registry.forEach((element) => {
    for (const name of ['is-done', 'is-now', 'is-flow', 'is-failed']) canvas.removeMarker(element, name);
  });
  overlays.clear();
  const each = (ids, name) => ids?.forEach((id) => registry.get(id) && canvas.addMarker(id, name));
  each(marks.done, 'is-done');
  each(marks.flows, 'is-flow');
  each(marks.failed, 'is-failed');
  for (const { id, count } of marks.now ?? []) {
    if (!registry.get(id)) continue;
    canvas.addMarker(id, 'is-now');
    overlays.add(id, { position: { top: -14, right: 14 }, html: badge('token', count > 1 ? String(count) : '●') });
  }
  for (const [id, times] of Object.entries(marks.counts ?? {})) {
    if (times > 1 && registry.get(id)) overlays.add(id, { position: { bottom: 12, left: -12 }, html: badge('times', `${times}×`) });
  }
  if (marks.latest?.flow && !still.matches) travel(viewer, marks.latest.flow);
}

function badge(kind, words) {
  const element = document.createElement('span');
  element.className = `diagram-badge diagram-badge--${kind}`;
  element.textContent = words;
  return element;
}

// A token that runs along the flow that was taken last.
function travel(viewer, id) {
  const flow = viewer.get('elementRegistry').get(id);
  if (!flow?.waypoints) return;
  const layer = viewer.get('canvas').getLayer('tokens', 900);
  layer.replaceChildren();
  const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  dot.setAttribute('r', '7');
  dot.setAttribute('class', 'diagram-token');
  layer.append(dot);
  const points = flow.waypoints;
  const lengths = points.slice(1).map((p, i) => Math.hypot(p.x - points[i].x, p.y - points[i].y));
  const whole = lengths.reduce((a, b) => a + b, 0);
  const began = performance.now(), lasts = Math.min(900, 250 + whole);
  const frame = (now) => {
    let left = Math.min(1, (now - began) / lasts) * whole, at = 0;
    while (at < lengths.length - 1 && left > lengths[at]) left -= lengths[at++];
    const part = lengths[at] ? left / lengths[at] : 0;
    dot.setAttribute('cx', points[at].x + (points[at + 1].x - points[at].x) * part);
    dot.setAttribute('cy', points[at].y + (points[at + 1].y - points[at].y) * part);
    if (now - began < lasts) requestAnimationFrame(frame);
    else dot.remove();
  };
  requestAnimationFrame(frame);
}

function controls(holder, viewer) {
  const canvas = viewer.get('canvas');
  const zoom = (factor) => canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)), 'auto');
  const act = { in: () => zoom(1.25), out: () => zoom(0.8), fit: () => fit(viewer) };
  const bar = holder.querySelector('[data-zoom-bar]');
  if (bar) bar.hidden = false;
  for (const button of holder.querySelectorAll('[data-zoom]')) button.addEventListener('click', act[button.dataset.zoom]);
}
