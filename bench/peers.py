#!/usr/bin/env python3
"""Depesche beside llama.cpp, CTranslate2 and candle's own quantised code: the same weights and segments, in one run.

    pip install -r bench/requirements.txt
    python bench/weights.py --gguf BASE.gguf --adapter models/gemma-3-270m/adapter.safetensors --out WEIGHTS
    python bench/peers.py --weights WEIGHTS [--lines FILE] [--count 48] [--rounds 3] [--json FILE]

The package xllamacpp has kernels for AVX2 only. On processors with more, llama.cpp takes part a second time, as the
package node-llama-cpp, which chooses its kernels: npm install --prefix NODE node-llama-cpp@3.22.1, and --node NODE.
All decode greedily. Depesche translates to the end tokens; llama.cpp and candle write as many tokens for each segment
as Depesche did, whatever they are; CTranslate2, which has no such setting, ends where its model does. Of each program
several configurations take part, since none knows beforehand what helps it most; the best one counts. Programs take
turns, each run in a process of its own; the medians of all rounds are told, with ratios. Peak memory is that of the
process (Python included, where a program has no other interface). A run of its own compares one sentence at a time,
and the prompts alone.
"""
import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
THREADS = os.cpu_count()
# Tokens that end a text, in Gemma's vocabulary and in Qwen's.
ENDS = ["<eos>", "<end_of_turn>", "<|endoftext|>", "<|im_end|>"]


class Llama:
    """llama.cpp's own server in this process, with as many sequences in its batch as asked for."""

    def __init__(self, gguf, batch):
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(gguf)
        params.n_parallel, params.n_ctx, params.kv_unified = batch, 512 * batch, True
        params.n_batch, params.n_ubatch = 2048, 512
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
        params.port, params.verbosity = 0, 0
        self.server, self.batch = xllamacpp.Server(params), batch

    def tokens(self, text):
        body = json.dumps(dict(content=text, add_special=True, parse_special=True)).encode()
        request = urllib.request.Request(self.server.listening_address + "/tokenize", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["tokens"]

    def translate(self, task):
        """The time of the first token; what is common to the prompts is kept, as the server does by default."""
        first = []
        body = dict(prompt=task["prompt"], max_tokens=task["written"], ignore_eos=True, top_k=1, temperature=0, stream=True)
        last = {}

        def heard(piece):
            first.append(time.perf_counter())
            last.update(piece)

        self.server.handle_completions(body, heard)
        assert last["usage"]["completion_tokens"] == task["written"], last
        return first[0]

    def translate_all(self, tasks):
        # The server keeps its batch full when as many requests are open as it has places, and a few that wait.
        with ThreadPoolExecutor(self.batch + 2) as callers:
            list(callers.map(self.translate, tasks))


def llama_run(what):
    tasks = what["tasks"]
    started = time.perf_counter()
    llama = Llama(what["model"], what["batch"])
    loaded = time.perf_counter()
    llama.translate(tasks[0])  # what the first call sets up
    if what.get("alone"):
        times = []
        for task in tasks:
            began = time.perf_counter()
            first = llama.translate(task)
            times.append((first - began, time.perf_counter() - began))
        return dict(first=[t[0] for t in times], total=[t[1] for t in times])
    began, busy = time.perf_counter(), time.process_time()
    llama.translate_all(tasks)
    return dict(load_s=loaded - started, seconds=time.perf_counter() - began, cpu_s=time.process_time() - busy,
                written=sum(t["written"] for t in tasks))


def ctranslate2_run(what):
    import ctranslate2

    tasks = what["tasks"]
    started = time.perf_counter()
    generator = ctranslate2.Generator(what["model"], compute_type="int8", intra_threads=THREADS // what["workers"],
                                      inter_threads=what["workers"])
    loaded = time.perf_counter()
    options = dict(include_prompt_in_result=False, sampling_topk=1, beam_size=1, end_token=what["end"],
                   max_batch_size=what["batch"], return_end_token=True)

    def run(tasks):
        limit = max(2.5 * len(t["prompt"]) + 24 for t in tasks)
        answers = generator.generate_batch([t["pieces"] for t in tasks], max_length=int(limit), **options)
        return sum(len(answer.sequences_ids[0]) for answer in answers)

    run(tasks[:1])
    began, busy = time.perf_counter(), time.process_time()
    written = run(tasks)
    return dict(load_s=loaded - started, seconds=time.perf_counter() - began, cpu_s=time.process_time() - busy,
                written=written)


def measured(command, given=None):
    """The last line of what a program prints, and its peak memory."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as text:
        text.write(given or "")
        text.seek(0)
        process = subprocess.Popen(command, stdin=text, stdout=out, text=True)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        out.seek(0)
        answer = json.loads(out.read().splitlines()[-1])
    return dict(answer, peak_mb=usage.ru_maxrss * 1024 // 1_000_000)


def in_process(kind, what):
    return measured([sys.executable, __file__, "--run", kind], json.dumps(what))


def forms_of(weights):
    """What bench/weights.py has left for llama.cpp and candle, by form."""
    return {path.stem: str(path) for path in sorted(weights.glob("*.gguf"))}


def llama_programs(node):
    """What runs llama.cpp, by name."""
    programs = {"llama.cpp": lambda what: in_process("llama", what)}
    if node:
        command = ["node", str(ROOT / "bench/llama.mjs"), str(node.resolve())]
        programs["llama.cpp (node)"] = lambda what: measured(command, json.dumps(dict(what, threads=THREADS)))
    return programs


def depesche(binary, args, batch, rounds=1, single=0):
    command = [binary, "bench", "--json", "--batch", str(batch), "--rounds", str(rounds), "--single", str(single)]
    command += ["--model", args.model] if args.model else []
    command += ["--count", str(args.count)] if args.count else []
    command += ["--lines", args.lines] if args.lines else []
    out = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(out)


def depesche_run(binary, args, batch):
    report = depesche(binary, args, batch)
    found = report["throughput"][0]
    return dict(load_s=report["load_seconds"], seconds=found["seconds"], written=found["written_tokens"],
                peak_mb=found["peak_mb"])


def built(*what):
    """Builds a program and returns its path."""
    command = ["cargo", *what, "--message-format", "json"]
    out = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    messages = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    return [m["executable"] for m in messages if m.get("executable")][-1]


def tasks_of(segments, prompt, weights, forms):
    """What every program is given: prompts as tokens, and how many tokens to write; and the names of the end tokens."""
    llama = Llama(next(iter(forms.values())), 1)
    pieces = json.loads((weights / "ct2/vocabulary.json").read_text(encoding="utf-8"))
    tasks = []
    for segment in segments:
        tokens = llama.tokens(prompt.replace("{source}", segment["source"]))
        tasks.append(dict(prompt=tokens, pieces=[pieces[t] for t in tokens], written=segment["written"]))
    return tasks, [end for end in ENDS if end in pieces]


def prompt_of(args):
    """The prompt of the model, from the manifest, or that of the adapter, which comes with its own."""
    manifest = tomllib.loads((ROOT / "models/manifest.toml").read_text(encoding="utf-8"))
    for model in manifest["model"]:
        if args.model in [model["name"], *model.get("aliases", [])] and not model.get("adapters"):
            return model["prompt"].get("prefix", "") + model["prompt"]["template"]
    return prompt_of_adapter(args.adapter)


def prompt_of_adapter(adapter):
    data = adapter.read_bytes()
    header = json.loads(data[8:8 + int.from_bytes(data[:8], "little")])
    return header["__metadata__"]["prompt"]


def rate(run):
    return run["written"] / run["seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, help="folder of bench/weights.py")
    parser.add_argument("--adapter", type=Path, default=ROOT / "models/gemma-3-270m/adapter.safetensors")
    parser.add_argument("--model", help="model of Depesche [default: its default]")
    parser.add_argument("--lines", help="German segments, one a line [default: those of depesche bench]")
    parser.add_argument("--count", type=int, default=48, help="only the first so many segments")
    parser.add_argument("--batch", default="8,16,32", help="batch sizes that each program is tried with")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--single", type=int, default=12, help="segments that are translated alone")
    parser.add_argument("--candle-count", type=int, default=4, help="segments that candle is given, which is slow; 0 for none")
    parser.add_argument("--node", type=Path, help="folder in which node-llama-cpp is installed")
    parser.add_argument("--binary", help="depesche, if it need not be built")
    parser.add_argument("--candle", help="the candle bench, if it need not be built")
    parser.add_argument("--json", help="write all results to this file")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.run:
        what = json.loads(sys.stdin.read())
        print(json.dumps({"llama": llama_run, "ctranslate2": ctranslate2_run}[args.run](what)))
        return

    binary = args.binary or built("build", "--release", "--bin", "depesche")
    candle = args.candle or built("bench", "--bench", "candle", "--no-run")
    first = depesche(binary, args, 16)
    segments = first["segments"]
    forms = forms_of(args.weights)
    tasks, end = tasks_of(segments, prompt_of(args), args.weights, forms)
    batches = [int(b) for b in args.batch.split(",")]
    # Name, what runs it, for each configuration.
    systems = {f"depesche, batch {b}": lambda b=b: depesche_run(binary, args, b) for b in batches}
    programs = llama_programs(args.node)
    for (name, run), (form, gguf), b in itertools.product(programs.items(), forms.items(), batches):
        what = dict(model=gguf, batch=b, tasks=tasks)
        systems[f"{name} {form}, batch {b}"] = lambda run=run, what=what: run(what)
    for workers in sorted({1, THREADS}):
        for b in batches:
            what = dict(model=str(args.weights / "ct2"), batch=b, workers=workers, tasks=tasks, end=end)
            name = f"CTranslate2 int8, {workers} workers, batch {b}"
            systems[name] = lambda what=what: in_process("ctranslate2", what)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(tasks[:args.candle_count], file)
        file.flush()
        for form, gguf in forms.items() if args.candle_count else []:
            command = [candle, gguf, "--tasks", file.name]
            systems[f"candle {form}"] = lambda command=command: measured(command)
        runs = {name: [] for name in systems}
        for turn in range(args.rounds):
            for name, run in systems.items():
                runs[name].append(run())
                print(f"round {turn + 1}  {name:<40} {rate(runs[name][-1]):8.1f} tokens/s", flush=True)

    print(f"\n{len(segments)} segments, {sum(s['written'] for s in segments)} tokens written, {THREADS} threads; medians")
    best = {}
    for name, found in runs.items():
        middle = statistics.median(map(rate, found))
        print(f"{name:<40} {middle:8.1f} tokens/s (of {[round(rate(r), 1) for r in found]}), {found[0]['written']} tokens,"
              f" load {statistics.median(r['load_s'] for r in found):.2f} s, peak {max(r['peak_mb'] for r in found)} MB")
        system = name.split()[0].rstrip(",")
        best[system] = max(best.get(system, (0, "")), (middle, name))
    print()
    for system, (speed, name) in best.items():
        print(f"best {name:<40} {speed:8.1f} tokens/s, depesche is {best['depesche'][0] / speed:.2f} times as fast")
    alone = compare_alone(binary, args, tasks, forms)
    if args.json:
        Path(args.json).write_text(json.dumps(dict(segments=segments, runs=runs, best=best, alone=alone), indent=1))


def compare_alone(binary, args, tasks, forms):
    """One sentence at a time, and the prompts alone, in turns."""
    tasks = tasks[:args.single]
    found = {}

    def add(name, value):
        found.setdefault(name, []).append(value)

    only_prompts = [dict(task, written=1) for task in tasks]
    for _ in range(args.rounds):
        report = depesche(binary, argparse.Namespace(**{**vars(args), "count": args.single}), 16, single=args.single)
        add("depesche first token ms", report["first_token"]["p50_ms"])
        add("depesche sentence ms", report["sentence"]["p50_ms"])
        add("depesche prompts tokens/s", report["prefill"]["per_second"])
        for (name, program), (form, model) in itertools.product(llama_programs(args.node).items(), forms.items()):
            run = program(dict(model=model, batch=1, tasks=tasks, alone=True))
            add(f"{name} {form} first token ms", 1e3 * statistics.median(run["first"]))
            add(f"{name} {form} sentence ms", 1e3 * statistics.median(run["total"]))
            run = program(dict(model=model, batch=16, tasks=only_prompts))
            add(f"{name} {form} prompts tokens/s", sum(len(t["prompt"]) for t in tasks) / run["seconds"])
    print()
    for name, values in found.items():
        print(f"{name:<40} {statistics.median(values):8.1f} (of {[round(v, 1) for v in values]})")
    return found


if __name__ == "__main__":
    main()
