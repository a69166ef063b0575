#!/usr/bin/env python3
"""Speed against batch size and threads, beside what the machine can do at best.

    python bench/scaling.py [--batch 1,2,4,8,16,32] [--rounds 3] [--json FILE] [--picture bench/scaling.png]

Runs `depesche bench` for each number of threads and the limits bench, in turns, and draws tokens/s. The limits: at
batch 1 each token needs all weights from memory once; with many rows the products themselves are the limit. Both are
computed from the weights of a step (--weights, in millions, and --bytes for each) and what the machine was measured to
do. --from FILE draws an earlier run again.
"""
import argparse
import json
import os
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def lines(*command):
    out = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    return out


def measure(args):
    threads = sorted({1, os.cpu_count()})
    runs, limits = {t: [] for t in threads}, []
    for _ in range(args.rounds):
        for count in threads:
            command = ["cargo", "run", "--quiet", "--release", "--", "bench", "--json", "--rounds", "1", "--single", "0",
                       "--batch", args.batch, "--threads", str(count), "--count", str(args.count)]
            runs[count].append(json.loads(lines(*command))["throughput"])
        limits += [json.loads(line) for line in lines("cargo", "bench", "--quiet", "--bench", "limits").splitlines()
                   if line.startswith("{")]
    return dict(runs=runs, limits=limits)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", default="1,2,4,8,16,32")
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--weights", type=float, default=140.0, help="weights of a step in millions")
    parser.add_argument("--bytes", type=float, default=66 / 64, help="bytes for each of them")
    parser.add_argument("--json", help="write what was measured to this file")
    parser.add_argument("--from", dest="source", help="draw what this file has")
    parser.add_argument("--picture", default=ROOT / "bench/scaling.png")
    args = parser.parse_args()
    found = json.loads(Path(args.source).read_text()) if args.source else json.loads(json.dumps(measure(args)))
    if args.json:
        Path(args.json).write_text(json.dumps(found, indent=1))

    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for (threads, rounds), colour in zip(found["runs"].items(), ["tab:blue", "tab:orange"]):
        batches = [run["batch"] for run in rounds[0]]
        speeds = [statistics.median(run[i]["written_per_second"] for run in rounds) for i in range(len(batches))]
        of = [limit for limit in found["limits"] if limit["threads"] == int(threads)]
        read = max(limit["read_gb_per_second"] for limit in of)
        products = max(limit["int8_gmac_per_second"] for limit in of)
        memory, arithmetic = read * 1e3 / (args.weights * args.bytes), products * 1e3 / args.weights
        limit = [min(batch * memory, arithmetic) for batch in batches]
        label = f"{threads} thread" + "s" * (threads != "1")
        axes.plot(batches, speeds, "o-", color=colour, label=label)
        axes.plot(batches, limit, "--", color=colour, label=f"limit of the machine, {label}")
        print(f"{label}: reads {read:.1f} GB/s, {products:.1f} billion products of 8 bits a second")
        for batch, speed, most in zip(batches, speeds, limit):
            print(f"  batch {batch:>2}: {speed:7.1f} tokens/s, {100 * speed / most:3.0f} % of {most:.0f}")
    axes.set(xscale="log", yscale="log", xlabel="sequences decoded together", ylabel="tokens written a second")
    axes.set_xticks(batches, [str(batch) for batch in batches])
    axes.minorticks_off()
    ticks = [50, 100, 200, 500, 1000, 2000, 5000]
    axes.set_yticks(ticks, [str(tick) for tick in ticks])
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(args.picture, dpi=110)


if __name__ == "__main__":
    main()
