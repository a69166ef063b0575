"""Trains several variants with the same number of tokens each, one after the other, and writes what each cost.

A variant is `NAME: options of finetune.py`, one a line in the file --variants. OUT/trials.csv gets a row for each;
variants that are there already are passed over, so an interrupted comparison goes on where it was. The scores come
from the service: export each OUT/NAME/state.pt and give it to `depesche eval --adapter`.
"""
import argparse
import csv
import shlex
import subprocess
import sys
import time
from pathlib import Path

COLUMNS = ["name", "options", "tokens", "steps", "seconds", "dev_loss"]


def read_variants(path):
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [(name.strip(), options.strip()) for name, _, options in (line.partition(":") for line in lines if line)]


def train(name, options, args):
    """Runs one variant; the row for the table."""
    out = args.out / name
    command = [sys.executable, str(Path(__file__).with_name("finetune.py")), "--out", str(out),
               "--deadline", time.strftime("%H:%M", time.gmtime(time.time() + 12 * 3600)), "--tokens", str(args.tokens),
               "--every", "1e9", *shlex.split(args.common), *shlex.split(options)]
    # A run that was cut off would go on in the log of the new one.
    (out / "log.csv").unlink(missing_ok=True)
    started = time.time()
    subprocess.run(command, check=True)
    with open(out / "log.csv", newline="") as f:
        last = list(csv.DictReader(f))[-1]
    return dict(name=name, options=options, tokens=last["tokens"], steps=last["step"],
                seconds=round(time.time() - started), dev_loss=last["dev_loss"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variants", type=Path, required=True)
    parser.add_argument("--tokens", type=int, default=100_000)
    parser.add_argument("--common", default="", help="options of finetune.py for all of them, in one string")
    parser.add_argument("--out", type=Path, default=Path("training/runs/trials"))
    args = parser.parse_args()

    args.out.mkdir(parents=True, exist_ok=True)
    table = args.out / "trials.csv"
    done = {row["name"] for row in csv.DictReader(open(table, newline=""))} if table.exists() else set()
    for name, options in read_variants(args.variants):
        if name in done:
            continue
        row = train(name, options, args)
        with open(table, "a", newline="") as f:
            writer = csv.DictWriter(f, COLUMNS)
            if f.tell() == 0:
                writer.writeheader()
            writer.writerow(row)
        print(row, flush=True)


if __name__ == "__main__":
    main()
