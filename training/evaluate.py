"""Translates the first segments of dev.tsv greedily (or with beams) and scores them with sacrebleu."""
import argparse
import json
import re
import time
from collections import Counter
from pathlib import Path

import sacrebleu
import torch

from adapter import apply_adapter
from model import PROMPT, begin, load_model, load_tokenizer, load_weights

ABBREVIATION = re.compile(r"\b(?:[A-Za-zÄÖÜ]|Dr|Prof|St|Nr|ca|bzw|Mio|Mrd|usw|Chr|Jan|Feb|Aug|Sept|Okt|Nov|Dez|\d+)\.$")


def sentences(paragraph):
    """A plain split into sentences, enough for measuring; the product has its own."""
    found, start = [], 0
    for m in re.finditer(r"[.!?][\"“”«»]?\s+(?=[\"„»A-ZÄÖÜ0-9])", paragraph):
        piece = paragraph[start:m.end()].strip()
        if not ABBREVIATION.search(piece):
            found.append(piece)
            start = m.end()
    return found + [paragraph[start:].strip()]


def translate(model, tokenizer, sources, beams, begun=None, padded=4000):
    """English for each source, or what follows `begun`; batches of similar length, padded on the left."""
    begun = begun or [""] * len(sources)
    prompts = [begin(tokenizer) + tokenizer(PROMPT.format(source=s) + (f" {b}" if b else ""),
                                             add_special_tokens=False).input_ids
               for s, b in zip(sources, begun)]
    pad = tokenizer.pad_token_id
    ends = [tokenizer.eos_token_id, tokenizer.encode("\n", add_special_tokens=False)[-1]]
    order = sorted(range(len(sources)), key=lambda i: len(prompts[i]))
    answers = [""] * len(sources)
    while order:
        length = len(prompts[order[-1]])
        batch = [order.pop() for _ in range(min(len(order), max(1, padded // (length * beams))))]
        ids = torch.full((len(batch), length), pad)
        for r, i in enumerate(batch):
            ids[r, length - len(prompts[i]):] = torch.tensor(prompts[i])
        with torch.inference_mode():
            out = model.generate(input_ids=ids, attention_mask=(ids != pad).long(), do_sample=False,
                                 num_beams=beams, max_new_tokens=int(length * 1.5) + 20, eos_token_id=ends,
                                 pad_token_id=pad)
        for r, i in enumerate(batch):
            answers[i] = tokenizer.decode(out[r, length:], skip_special_tokens=True).strip()
    return answers


def in_context(model, tokenizer, groups, beams):
    """Sentence after sentence of each group, each behind the one before it and that one's translation."""
    answers = [[] for _ in groups]
    for k in range(max(map(len, groups))):
        active = [i for i, group in enumerate(groups) if k < len(group)]
        sources = [" ".join(groups[i][max(0, k - 1):k + 1]) for i in active]
        begun = [answers[i][-1] if k else "" for i in active]
        for i, answer in zip(active, translate(model, tokenizer, sources, beams, begun)):
            answers[i].append(answer)
    return [" ".join(group) for group in answers]


def figures_kept(sources, answers):
    """Share of the digit figures of the sources whose digits are also in the translation."""
    kept = total = 0
    for source, answer in zip(sources, answers):
        want, have = (Counter(re.sub(r"\D", "", f) for f in re.findall(r"\d+(?:[.,]\d+)*", t)) for t in (source, answer))
        total += want.total()
        kept += (want & have).total()
    return kept / max(1, total)


def repeats(text):
    """True if a run of up to eight words comes three times in a row."""
    return re.search(r"(\b\S+(?:\s+\S+){0,7})(?:\s+\1){2,}(?!\S)", text) is not None


def scores(sources, references, answers):
    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    return {
        "segments": len(sources),
        "BLEU": round(bleu.corpus_score(answers, [references]).score, 2),
        "chrF": round(chrf.corpus_score(answers, [references]).score, 2),
        "figures_kept": round(figures_kept(sources, answers), 4),
        "empty": sum(not a for a in answers),
        "repeated": sum(map(repeats, answers)),
        "signatures": [str(bleu.get_signature()), str(chrf.get_signature())],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", required=True)
    parser.add_argument("--weights", help="checkpoint of finetune.py; without it (and --adapter) the untrained base")
    parser.add_argument("--adapter", help="adapter.safetensors of export.py")
    parser.add_argument("--dev", type=Path, default=Path("../shared/corpus/dev.tsv"))
    parser.add_argument("--segments", type=int, default=100)
    parser.add_argument("--beams", type=int, default=1)
    parser.add_argument("--sentences", action="store_true", help="split the segments and translate one by one")
    parser.add_argument("--context", action="store_true", help="as --sentences, each with the one before it")
    parser.add_argument("--out", type=Path, help="TSV of source, reference, translation")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    tokenizer, model = load_tokenizer(args.gguf), load_model(args.gguf)
    if args.weights:
        load_weights(model, args.weights)
    if args.adapter:
        apply_adapter(model, args.adapter)
    rows = [line.split("\t") for line in args.dev.read_text(encoding="utf-8").splitlines()[:args.segments]]
    sources, references = [r[0] for r in rows], [r[1] for r in rows]
    pieces = [sentences(s) if args.sentences or args.context else [s] for s in sources]
    start = time.time()
    if args.context:
        answers = in_context(model, tokenizer, pieces, args.beams)
    else:
        flat = iter(translate(model, tokenizer, [p for group in pieces for p in group], args.beams))
        answers = [" ".join(next(flat) for _ in group) for group in pieces]
    result = scores(sources, references, answers) | {"seconds": round(time.time() - start)}
    print(json.dumps(result, indent=1))
    if args.out:
        args.out.write_text("".join("\t".join(t) + "\n" for t in zip(sources, references, (a.replace("\n", " ") for a in answers))))


if __name__ == "__main__":
    main()
