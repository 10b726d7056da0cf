// npm bpmn-engine on one file: `node bpmn_engine.mjs FILE ROW` (NODE_PATH or the working folder must hold bpmn-engine).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EventEmitter } from 'node:events';

const require = createRequire(`${process.cwd()}/`);
const { Engine } = require('bpmn-engine');
const LIMIT = 10_000;
const TURNS = 10_000;
const source = readFileSync(process.argv[2], 'utf8');
let turns = 0;

const median = (all) => (all.length ? [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] : null);
// Processor time in milliseconds, as the other peers measure it.
const now = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const executing = (execution) => {
  const found = [];
  for (const api of execution.getPostponed()) {
    if (api.type !== 'bpmn:UserTask') {
      if (api.getPostponed) found.push(...api.getPostponed().filter((each) => each.type === 'bpmn:UserTask' && each.id !== api.id));
      continue;
    }
    const inner = api.getPostponed ? api.getPostponed().filter((each) => each.content?.executionId !== api.content?.executionId) : [];
    found.push(...(inner.length ? inner : [api]));
  }
  return found.filter((each) => each.id !== 'waits');
};
const options = () => ({ extensions: {}, variables: { again: true } });

async function start() {
  const engine = new Engine({ name: 'bench', source, ...options() });
  const execution = await engine.execute({ listener: new EventEmitter() });
  const state = JSON.stringify(await engine.getState());
  await engine.stop();
  return state;
}

async function once(saved) {
  const engine = new Engine().recover(JSON.parse(saved));
  const execution = await engine.resume({ listener: new EventEmitter() });
  const ready = executing(execution);
  if (!ready.length) return null;
  turns += 1;
  execution.environment.variables.again = turns < TURNS;
  ready[0].signal();
  if (execution.state === 'idle') return null;
  const state = JSON.stringify(await engine.getState());
  await engine.stop();
  return state;
}

const begin = now();
let state = await start();
const begun = now() - begin;
const times = [];
const sizes = [state.length];
while (state !== null && now() - begin < LIMIT) {
  const before = now();
  state = await once(state);
  times.push(now() - before);
  if (state !== null) sizes.push(state.length);
}
const tenth = Math.max(1, Math.floor(times.length / 10));
console.log(JSON.stringify({
  start_ms: begun, steps: times.length, finished: state === null, median_ms: median(times),
  first_ms: median(times.slice(0, tenth)), last_ms: median(times.slice(-tenth)),
  largest_bytes: Math.max(...sizes), last_bytes: sizes.at(-1),
}));
process.exit(0);
