"""Asks an instructed model to shorten English sentences, and counts what may be used of its answers.

An answer may be used if it is at least a tenth shorter, has all figures of its sentence and no others, and names nobody
whom the sentence does not name. That is what the service demands of its own shortenings as well; whether the rest is
true no count can tell. The sentences are the references of tests/data/smoke.tsv.
"""
import argparse
import json
import re
import time
from pathlib import Path

import torch

from figures import ORDINALS_EN, TENS_EN, WORDS_EN, figures_en
from model import load_model, load_tokenizer

REQUEST = ("Shorten this news sentence as much as you can. Keep every number, date and name exactly as it is. Add "
           "nothing. Give only the shortened sentence.\n\n")
NUMBERS = set(WORDS_EN + ORDINALS_EN) | set(TENS_EN) - {"a", "an"}


def words(text):
    return re.findall(r"\w+(?:['’-]\w+)*", text)


def figures(text):
    """Digit figures and number words, in order of size."""
    return sorted(map(str, figures_en(text))) + sorted(w for w in re.findall("[a-z]+", text.lower()) if w in NUMBERS)


def faults(sentence, answer):
    """What forbids the use of an answer."""
    known = {w.lower().removesuffix("'s") for w in words(sentence)}
    names = [w for w in words(answer)[1:] if w[0].isupper() and w.lower().removesuffix("'s") not in known]
    before, after = figures(sentence), figures(answer)
    return {
        "not shorter": len(words(answer)) > 0.9 * len(words(sentence)),
        "figure lost": any(after.count(f) < before.count(f) for f in before),
        "figure new": any(after.count(f) > before.count(f) for f in after),
        "name new": bool(names),
    }


def ask(model, tokenizer, sentences, batch):
    answers = []
    for start in range(0, len(sentences), batch):
        chats = [[{"role": "user", "content": REQUEST + s}] for s in sentences[start:start + batch]]
        prompts = [tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True) for chat in chats]
        inputs = tokenizer(prompts, return_tensors="pt", padding=True, padding_side="left", add_special_tokens=False)
        with torch.inference_mode():
            out = model.generate(**inputs, do_sample=False, max_new_tokens=96)
        answers += tokenizer.batch_decode(out[:, inputs.input_ids.shape[1]:], skip_special_tokens=True)
    return [" ".join(answer.split()) for answer in answers]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gguf", required=True, help="Qwen2.5-Coder 1.5B Instruct")
    parser.add_argument("--pairs", type=Path, default=Path(__file__).parent.parent / "tests/data/smoke.tsv")
    parser.add_argument("--least", type=int, default=110, help="characters of a sentence that is worth it")
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--out", type=Path, help="TSV of sentence, answer, faults")
    args = parser.parse_args()

    pairs = (line.split("\t") for line in args.pairs.read_text(encoding="utf-8").splitlines())
    sentences = [pair[1] for pair in pairs if len(pair[1]) >= args.least]
    tokenizer, model = load_tokenizer(args.gguf), load_model(args.gguf, torch.bfloat16)
    start = time.time()
    answers = ask(model, tokenizer, sentences, args.batch)
    seconds = time.time() - start
    found = [faults(s, a) for s, a in zip(sentences, answers)]
    usable = [not any(f.values()) for f in found]
    shares = [len(words(a)) / len(words(s)) for s, a, u in zip(sentences, answers, usable) if u]
    print(json.dumps({
        "sentences": len(sentences), "usable": sum(usable),
        "words left in these": round(sum(shares) / max(1, len(shares)), 3),
        **{name: sum(f[name] for f in found) for name in found[0]},
        "seconds a sentence": round(seconds / len(sentences), 2),
    }, indent=1))
    if args.out:
        rows = ("\t".join([s, a, ", ".join(n for n, bad in f.items() if bad)]) for s, a, f in zip(sentences, answers, found))
        args.out.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
