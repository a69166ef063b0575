"""ROUGE of English summaries beside the first three sentences of the article, with a paired bootstrap.

FOLDER holds NAME.article.txt and NAME.summary.txt, the latter written by people. Such collections are not free, so none
is part of this repository; CNN/DailyMail and the like serve.

    pip install rouge-score==0.1.2
    python bench/lead.py FOLDER --binary target/release/depesche
"""
import argparse
import json
import random
import re
import subprocess
from pathlib import Path

from rouge_score import rouge_scorer

METRICS = ["rouge1", "rouge2", "rougeLsum"]
ABBREVIATION = re.compile(
    r"\b(Mr|Mrs|Ms|Dr|Prof|Rev|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|vs|No|Jan|Feb|Aug|Sept|Oct|Nov|Dec|Jr|[A-Z])\.$")


def sentences(text):
    """A plain splitter for the baseline, so that it does not depend on what is measured."""
    pieces = re.split(r"(?<=[.!?])([\"”')]?)\s+(?=[A-Z\"“‘'(])", " ".join(text.split()))
    found = []
    for sentence, quote in zip(pieces[::2], pieces[1::2] + [""]):
        if found and ABBREVIATION.search(found[-1]):
            found[-1] += f" {sentence}{quote}"
        elif sentence:
            found.append(sentence + quote)
    return found


def summary(binary, article, args):
    command = [binary, "summarize", "--lang", "en", "--json", "--sentences", str(args.sentences), "--words", str(args.words)]
    answer = subprocess.run([*command, str(article)], check=True, capture_output=True, text=True)
    return [sentence["text"] for sentence in json.loads(answer.stdout)["summary"]["sentences"]]


def worse(one, other, metric, resamples=5000):
    """Share of resamples in which `one` is not better than `other`."""
    rng = random.Random(1)
    differences = [a[metric].fmeasure - b[metric].fmeasure for a, b in zip(one, other)]
    return sum(sum(rng.choices(differences, k=len(differences))) <= 0 for _ in range(resamples)) / resamples


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--binary", default="target/release/depesche")
    parser.add_argument("--sentences", type=int, default=3)
    parser.add_argument("--words", type=int, default=70)
    args = parser.parse_args()

    scorer = rouge_scorer.RougeScorer(METRICS, use_stemmer=True)
    systems = {"lead": [], "depesche": []}
    words = {name: 0 for name in systems}
    for article in sorted(args.folder.glob("*.article.txt")):
        reference = article.with_name(article.name.replace(".article.", ".summary.")).read_text(encoding="utf-8")
        made = {"lead": sentences(article.read_text(encoding="utf-8"))[:args.sentences],
                "depesche": summary(args.binary, article, args)}
        for name, lines in made.items():
            systems[name].append(scorer.score(reference.strip(), "\n".join(lines)))
            words[name] += sum(len(line.split()) for line in lines)
    count = len(systems["lead"])
    print(f"{count} articles; F1 in percent")
    for name, scores in systems.items():
        means = "  ".join(f"{m} {100 * sum(s[m].fmeasure for s in scores) / count:5.2f}" for m in METRICS)
        print(f"{name:9} {means}  {words[name] / count:.0f} words")
    for metric in METRICS:
        print(f"{metric}: p = {worse(systems['depesche'], systems['lead'], metric):.3f} that it is no better than the lead")


if __name__ == "__main__":
    main()
