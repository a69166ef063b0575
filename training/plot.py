"""Learning curves of one or more runs (log.csv of finetune.py) as a picture."""
import argparse
import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def read(path):
    """(tokens in millions, training loss) and (tokens in millions, dev loss) of a log."""
    rows = list(csv.DictReader(open(path)))
    train = [(int(r["tokens"]) / 1e6, float(r["loss"])) for r in rows if r["loss"]]
    dev = [(int(r["tokens"]) / 1e6, float(r["dev_loss"])) for r in rows if r["dev_loss"]]
    return train, dev


def smooth(values, weight=0.8):
    out = []
    for v in values:
        out.append(v if not out else weight * out[-1] + (1 - weight) * v)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path("training/curve.png"))
    args = parser.parse_args()
    figure, axes = plt.subplots(figsize=(8, 4.5))
    for path in args.logs:
        train, dev = read(path)
        x, y = zip(*train)
        line, = axes.plot(x, smooth(y), label=f"{path.parent.name}: training loss (smoothed)")
        if dev:
            axes.plot(*zip(*dev), "o--", color=line.get_color(), label=f"{path.parent.name}: dev loss (64 segments)")
    axes.set_xlabel("tokens seen (millions, prompt included)")
    axes.set_ylabel("loss per target token")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(args.out, dpi=120)


if __name__ == "__main__":
    main()
