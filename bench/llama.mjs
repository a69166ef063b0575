// llama.cpp with the kernels of this processor, through the package node-llama-cpp: reads what bench/peers.py asks for
// from standard input, and prints what it measured as one line of JSON.
//
//   npm install --prefix NODE node-llama-cpp@3.22.1 && python bench/peers.py --node NODE …
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const package_ = createRequire(process.argv[2] + "/").resolve("node-llama-cpp");
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(package_));
const what = JSON.parse(readFileSync(0, "utf8"));
const now = () => performance.now() / 1000;

const started = now();
const llama = await getLlama({ gpu: false, build: "never", maxThreads: what.threads, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: what.model, gpuLayers: 0 });
const context = await model.createContext({
  sequences: what.batch, contextSize: 512, batchSize: 2048, threads: what.threads,
});
const sequences = Array.from({ length: what.batch }, () => context.getSequence());
const loaded = now();

// Writes as many tokens as the task says, whatever they are; the time of the first.
async function translate(sequence, task) {
  await sequence.clearHistory();
  let first, written = 0;
  for await (const token of sequence.evaluate(task.prompt, { temperature: 0, yieldEogToken: true })) {
    first ??= now();
    if (++written === task.written || token === undefined) break;
  }
  if (written !== task.written) throw new Error(`${written} tokens of ${task.written}`);
  return first;
}

async function all(tasks) {
  const waiting = [...tasks];
  await Promise.all(sequences.map(async (sequence) => {
    while (waiting.length > 0) await translate(sequence, waiting.shift());
  }));
}

await translate(sequences[0], what.tasks[0]); // what the first call sets up
let found;
if (what.alone) {
  found = { first: [], total: [] };
  for (const task of what.tasks) {
    const began = now();
    found.first.push((await translate(sequences[0], task)) - began);
    found.total.push(now() - began);
  }
} else {
  const began = now();
  await all(what.tasks);
  const seconds = now() - began;
  found = { load_s: loaded - started, seconds, written: what.tasks.reduce((sum, task) => sum + task.written, 0) };
}
console.log(JSON.stringify(found));
process.exit(0);
