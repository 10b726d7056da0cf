// The same task through npm bpmn-engine: recover its state from a file, signal, save its state, fsync when FULL. A file
// costs less than a database, so this favours bpmn-engine; its own packages for SQLite need a compiler.
//
//     npm install bpmn-engine      (in a folder of its own, outside the repository)
//     node bpmn_engine.mjs FOLDER SYNCHRONOUS TASKS   (run with that folder as working directory)
//
// Prints one JSON line: microseconds per completed task, in order.
import { createRequire } from "node:module";
import { fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { EventEmitter } from "node:events";

const require = createRequire(join(process.cwd(), "here.js"));
const { Engine } = require("bpmn-engine");
const [folder, synchronous, tasks] = process.argv.slice(2);
const source = readFileSync(new URL("model.bpmn", import.meta.url), "utf8");

const file = openSync(join(folder, "bpmn-engine.json"), "w+");
function save(state) {
  const text = Buffer.from(JSON.stringify(state));
  writeSync(file, text, 0, text.length, 0);
  ftruncateSync(file, text.length);
  if (synchronous === "FULL") fsyncSync(file);
}

const first = new Engine({ name: "step", source });
const begun = await first.execute({ listener: new EventEmitter() });
save(await first.getState());
await begun.stop();

const taken = [];
for (let turn = 0; turn < Number(tasks); turn++) {
  const start = process.hrtime.bigint();
  const engine = new Engine({ name: "step" }).recover(JSON.parse(readFileSync(join(folder, "bpmn-engine.json"), "utf8")));
  const execution = await engine.resume({ listener: new EventEmitter() });
  const open = execution.getPostponed().find((one) => one.id !== "Wachten");
  open.signal({ inkomen: `${1500 + (turn % 97)}.50`, beller: `Beller ${turn % 7}` });
  save(await engine.getState());
  taken.push(Number(process.hrtime.bigint() - start) / 1000);
  await execution.stop();
}
console.log(JSON.stringify(taken));
