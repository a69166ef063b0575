#!/usr/bin/env python3
"""Articles a minute by one, two and three processes that share jobs through one PostgreSQL.

    DEPESCHE_DATABASE_URL=postgres://… python bench/processes.py [--articles 24] [--processes 1,2,3] [--binary FILE]

Each process is pinned to its share of the processors where they divide evenly; else it has one thread and the system
shares them out. Every article is marked anew, so that little comes from the memory. What is told: the time from the
first job accepted to the last one done, and how many each process finished.
"""
import argparse
import json
import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CPUS = sorted(os.sched_getaffinity(0))


def request(address, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    call = urllib.request.Request(f"http://{address}{path}", data, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(call) as answer:
        return json.load(answer)


def start(binary, place, count):
    """A process with its share of the processors, and its address once it is ready."""
    pinned = len(CPUS) % count == 0
    width = len(CPUS) // count if pinned else 1
    cpus = CPUS[place * width:(place + 1) * width] if pinned else CPUS
    process = subprocess.Popen([binary, "serve", "--listen", "127.0.0.1:0", "--threads", str(width)], cwd=ROOT,
                               stderr=subprocess.PIPE, text=True, preexec_fn=lambda: os.sched_setaffinity(0, cpus))
    for line in process.stderr:
        if "listens on http://" in line:
            address = line.split("http://")[1].strip()
            break
    threading.Thread(target=lambda: [None for _ in process.stderr], daemon=True).start()
    while True:
        try:
            urllib.request.urlopen(f"http://{address}/readyz")
            return process, address
        except urllib.error.HTTPError:
            time.sleep(0.1)


def job(text, mark):
    """An article in which every sentence is another one than before."""
    return dict(kind="article", article=dict(text=text.replace(". ", f" (Akte {mark}). ")))


def measure(binary, count, texts):
    started = [start(binary, place, count) for place in range(count)]
    processes, addresses = [p for p, _ in started], [a for _, a in started]
    try:
        # What was asked before must not come from the memory.
        mark = uuid.uuid4().hex[:6]
        began = time.monotonic()
        ids = [request(addresses[0], "POST", "/v1/jobs", job(text, f"{mark}{place}"))["id"] for place, text in enumerate(texts)]
        waiting = set(ids)
        while waiting:
            time.sleep(0.25)
            waiting = {i for i in waiting if request(addresses[0], "GET", f"/v1/jobs/{i}")["state"] not in ("done", "failed")}
        seconds = time.monotonic() - began
        states = [request(addresses[0], "GET", f"/v1/jobs/{i}")["state"] for i in ids]
        assert states == ["done"] * len(ids), states
        shares = []
        for address in addresses:
            with urllib.request.urlopen(f"http://{address}/metrics") as answer:
                metrics = answer.read().decode()
            shares.append(sum(float(line.split()[-1]) for line in metrics.splitlines()
                              if line.startswith("depesche_jobs_finished_total")))
        return seconds, shares
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=24)
    parser.add_argument("--processes", default="1,2,3")
    parser.add_argument("--binary", default=str(ROOT / "target/release/depesche"))
    args = parser.parse_args()
    texts = [(ROOT / "tests/data" / name).read_text(encoding="utf-8") for name in ["stromnetz.txt", "hochwasser.txt"]]
    texts = [text for _ in range(args.articles) for text in texts][:args.articles]
    for count in map(int, args.processes.split(",")):
        seconds, shares = measure(args.binary, count, texts)
        print(f"{count} processes: {len(texts)} articles in {seconds:.1f} s, {60 * len(texts) / seconds:.1f} a minute; "
              f"finished by each: {[int(s) for s in shares]}", flush=True)


if __name__ == "__main__":
    main()
