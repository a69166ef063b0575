#!/usr/bin/env python3
"""Depesche's decoder beside llama.cpp: the same weights, prompts and lines, in one run.

    pip install -r bench/requirements.txt
    python bench/peers.py --lines FILE [--model qwen2.5-coder-1.5b-instruct] [--batch 1,16] [--rounds 3]

Both decode greedily, share the prompt's prefix, stop at the same end tokens and after the same number of tokens, and
count the tokens they write. They take turns, each run in a process of its own; the medians of all rounds are printed
with their ratio, and as JSON with --json FILE. Peak memory is that of the process (llama.cpp's includes Python).
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def entry(name):
    models = tomllib.loads((ROOT / "models/manifest.toml").read_text(encoding="utf-8"))["model"]
    return next(m for m in models if name == m["name"] or name in m.get("aliases", []))


class Llama:
    """llama.cpp through its C interface, with as many sequences in a batch as asked for."""

    def __init__(self, gguf, prompt, batch):
        import llama_cpp

        self.c = c = llama_cpp
        c.llama_backend_init()
        self.quiet = c.llama_log_callback(lambda *_: None)
        c.llama_log_set(self.quiet, None)
        self.model = c.llama_model_load_from_file(str(gguf).encode(), c.llama_model_default_params())
        self.vocab = c.llama_model_get_vocab(self.model)
        params = c.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch = 512 * (batch + 1), 2048, 512
        params.n_seq_max = batch + 1
        params.n_threads = params.n_threads_batch = os.cpu_count()
        if hasattr(params, "kv_unified"):
            params.kv_unified = True
        self.context = c.llama_init_from_model(self.model, params)
        self.memory = c.llama_get_memory(self.context)
        self.size = c.llama_vocab_n_tokens(self.vocab)
        self.rows = c.llama_batch_init(2048, 0, 1)
        self.slots = list(range(1, batch + 1))
        self.before, self.after = prompt["template"].split("{source}")
        self.ends = {self.tokens(t)[0] for t in prompt["end"]}
        # What all prompts share; the line break before the source keeps tokens from crossing the seam.
        shared, self.before = (prompt["prefix"] + self.before).rsplit("\n", 1)
        self.prefix = self.tokens(shared + "\n", special=True)
        self.decode([(token, place, 0, False) for place, token in enumerate(self.prefix)])

    def tokens(self, text, special=False):
        data = text.encode()
        room = len(data) + 8
        out = (self.c.llama_token * room)()
        count = self.c.llama_tokenize(self.vocab, data, len(data), out, room, special, True)
        assert count >= 0, text
        return list(out[:count])

    def decode(self, rows):
        """rows: (token, position, sequence, wanted); returns the best next token of each wanted row."""
        batch = self.rows
        batch.n_tokens = len(rows)
        for i, (token, position, sequence, wanted) in enumerate(rows):
            batch.token[i], batch.pos[i], batch.logits[i] = token, position, wanted
            batch.n_seq_id[i], batch.seq_id[i][0] = 1, sequence
        assert self.c.llama_decode(self.context, batch) == 0
        return [self.best(i) for i, row in enumerate(rows) if row[3]]

    def best(self, row):
        import numpy

        return int(numpy.ctypeslib.as_array(self.c.llama_get_logits_ith(self.context, row), (self.size,)).argmax())

    def translate(self, lines):
        """(tokens written, texts as token lists)"""
        waiting, running, written = list(range(len(lines))), [], 0
        texts = [[] for _ in lines]
        while waiting or running:
            rows, joined = [], []
            while waiting and self.slots:
                line, slot = waiting.pop(0), self.slots.pop()
                self.c.llama_memory_seq_cp(self.memory, 0, slot, -1, -1)
                prompt = self.tokens(self.before + lines[line] + self.after)
                limit = 2 * len(self.tokens(lines[line])) + 16
                start = len(self.prefix)
                last = len(prompt) - 1
                rows += [(t, start + i, slot, i == last) for i, t in enumerate(prompt)]
                joined.append(dict(line=line, slot=slot, at=start + len(prompt), limit=limit))
            # Newcomers and running sequences share a step, as far as the batch has room.
            rows += [(r["token"], r["at"], r["slot"], True) for r in running]
            for r in running:
                r["at"] += 1
            order = joined + running
            for r, token in zip(order, self.decode(rows)):
                r["token"] = token
                texts[r["line"]].append(token)
                written += 1
            running = []
            for r in order:
                if r["token"] in self.ends or len(texts[r["line"]]) >= r["limit"]:
                    self.c.llama_memory_seq_rm(self.memory, r["slot"], -1, -1)
                    self.slots.append(r["slot"])
                else:
                    running.append(r)
        return written


def llama_run(args):
    """Runs in a process of its own and prints one line of JSON."""
    prompt = json.loads(args.llama)
    lines = Path(args.lines).read_text(encoding="utf-8").splitlines()
    started = time.time()
    llama = Llama(prompt["gguf"], prompt, prompt["batch"])
    loaded = time.time()
    written = llama.translate(lines)
    took = time.time() - loaded
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    print(json.dumps(dict(load_s=loaded - started, seconds=took, written=written, peak_mb=peak)))


def run_llama(args, lines, gguf, prompt, batch):
    what = json.dumps(dict(prompt, gguf=str(gguf), batch=batch))
    command = [sys.executable, __file__, "--lines", lines, "--llama", what]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def run_depesche(binary, lines, gguf, prompt, batch):
    with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
        # JSON strings are TOML strings too.
        file.write("".join(f"{k} = {json.dumps(prompt[k])}\n" for k in ("prefix", "template", "end")))
        file.flush()
        command = [binary, str(gguf), "--lines", lines, "--batch", str(batch), "--prompt", file.name, "--json",
                   "--count", "1000000"]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def decoder_binary():
    """Builds the decoder bench and returns its path."""
    command = ["cargo", "bench", "--bench", "decoder", "--no-run", "--message-format", "json"]
    out = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    messages = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    return next(m["executable"] for m in messages if m.get("target", {}).get("name") == "decoder" and m.get("executable"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", required=True, help="German segments, one a line; what follows a tab is ignored")
    parser.add_argument("--model", action="append", help="names of the manifest")
    parser.add_argument("--batch", default="1,16")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=24, help="only the first so many lines")
    parser.add_argument("--json", help="write all results to this file")
    parser.add_argument("--llama", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.llama:
        return llama_run(args)

    binary = decoder_binary()
    results = []
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        texts = Path(args.lines).read_text(encoding="utf-8").splitlines()[:args.count]
        file.write("".join(text.split("\t")[0] + "\n" for text in texts))
        file.flush()
        for name in args.model or ["qwen2.5-coder-1.5b-instruct", "gemma-3-270m"]:
            model = entry(name)
            locate = ["cargo", "run", "--quiet", "--release", "--", "models", "path", model["name"]]
            gguf = subprocess.run(locate, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout.strip()
            for batch in map(int, args.batch.split(",")):
                runs = {"depesche": [], "llama.cpp": []}
                for _ in range(args.rounds):
                    runs["llama.cpp"].append(run_llama(args, file.name, gguf, model["prompt"], batch))
                    runs["depesche"].append(run_depesche(binary, file.name, gguf, model["prompt"], batch))
                rate = {}
                for system, found in runs.items():
                    rate[system] = statistics.median(r["written"] / r["seconds"] for r in found)
                    print(f"{model['name']:<28} batch {batch:>2}  {system:<9} {rate[system]:7.1f} tokens/s "
                          f"(of {[round(r['written'] / r['seconds'], 1) for r in found]}), {found[0]['written']} tokens, "
                          f"load {statistics.median(r['load_s'] for r in found):.1f} s, "
                          f"peak {max(r['peak_mb'] for r in found)} MB")
                print(f"{'':<28} ratio {rate['depesche'] / rate['llama.cpp']:.2f}", flush=True)
                results.append(dict(model=model["name"], batch=batch, runs=runs))
    if args.json:
        Path(args.json).write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
