"""The tokens that English news is made of: all that occur often enough in the English sides of the corpus, those of one
byte, and every short one in plain letters and digits. The service scores only these and the source's own."""
import argparse
from collections import Counter
from pathlib import Path

from model import load_tokenizer
from prepare import clean


def english(corpus):
    for name, columns in (("train.tsv", slice(1, 2)), ("distilled.tsv", slice(1, 3))):
        for line in (corpus / name).read_text(encoding="utf-8").splitlines():
            yield from (text for text in map(clean, line.split("\t")[columns]) if text)


def plain(piece):
    """Up to two characters of ASCII, with or without a space before them."""
    text = piece.removeprefix("\u2581")
    return len(text) <= 2 and text.isascii() and text.isprintable()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", required=True)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--least", type=int, default=3, help="occurrences that a token needs")
    parser.add_argument("--out", type=Path, default=Path("training/runs/shortlist.txt"))
    args = parser.parse_args()
    tokenizer = load_tokenizer(args.gguf)
    counts = Counter()
    for text in english(args.corpus):
        # As the first words of an answer, and as the first words of a text.
        counts.update(tokenizer(f" {text}", add_special_tokens=False).input_ids)
    seen = {token for token, count in counts.items() if count >= args.least}
    pieces = tokenizer.get_vocab()
    short = {token for piece, token in pieces.items() if plain(piece) or piece.startswith("<0x")}
    tokens = sorted(seen | short)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text("\n".join(map(str, tokens)) + "\n")
    print(f"{args.out}: {len(tokens):,} of {len(pieces):,} tokens, {len(seen):,} of them seen in the corpus")


if __name__ == "__main__":
    main()
