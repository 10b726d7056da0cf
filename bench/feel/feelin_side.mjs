// feelin in node: evaluate(text, context), which reads the text each time; evaluations per second, best of five rounds.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.argv[2] + '/'));
const { evaluate } = await import(pathToFileURL(require.resolve('feelin')).href);
const task = JSON.parse(readFileSync(process.argv[3], 'utf8'));
const seconds = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;

const plain = (value) => (value && typeof value === 'object' && !Array.isArray(value) && 'value' in value ? value.value : value);
const rates = task.texts.map((text) => {
  let best = 0;
  for (let round = 0; round < 5; round++) {
    let done = 0;
    const start = seconds();
    while (seconds() - start < task.seconds) {
      for (let n = 0; n < 20; n++) evaluate(text, task.context);
      done += 20;
    }
    best = Math.max(best, done / (seconds() - start));
  }
  return best;
});
console.log(JSON.stringify({ rates, results: task.texts.map((text) => plain(evaluate(text, task.context))) }));
