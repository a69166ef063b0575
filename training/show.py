"""Random segments and the worst ones by chrF of a list of translations (a file of `depesche eval --out`), or of two."""
import argparse
import random
from pathlib import Path

import sacrebleu


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", type=Path, default=Path("../shared/corpus/dev.tsv"))
    parser.add_argument("translations", type=Path, nargs="+", help="[BEFORE] AFTER")
    parser.add_argument("--random", type=int, default=20)
    parser.add_argument("--worst", type=int, default=10)
    parser.add_argument("--seed", type=int, default=20)
    args = parser.parse_args()
    *before, after = (path.read_text(encoding="utf-8").splitlines() for path in args.translations)
    rows = [line.split("\t")[:2] for line in args.dev.read_text(encoding="utf-8").splitlines()[:len(after)]]
    chrf = sacrebleu.CHRF()
    scores = [chrf.sentence_score(hyp, [ref]).score for hyp, (_, ref) in zip(after, rows)]

    def show(index):
        print(f"### {index + 1} (chrF {scores[index]:.1f})\n\n- source: {rows[index][0]}\n- reference: {rows[index][1]}")
        for name, lines in [*(("before", lines) for lines in before), ("translation", after)]:
            print(f"- {name}: {lines[index]}")
        print()

    print("## Random\n")
    for index in sorted(random.Random(args.seed).sample(range(len(after)), args.random)):
        show(index)
    print("## Worst\n")
    for index in sorted(range(len(after)), key=scores.__getitem__)[:args.worst]:
        show(index)


if __name__ == "__main__":
    main()
