"""The tokens that English news is made of: those of the English sides of the corpus and of a list of English words
(SCOWL, in Debian's wamerican-huge), with and without a capital; those of one byte, and every short one in plain letters
and digits. The service scores only these and the source's own."""
import argparse
from collections import Counter
from pathlib import Path

from model import load_tokenizer
from prepare import clean


def english(corpus):
    for name, columns in (("train.tsv", slice(1, 2)), ("distilled.tsv", slice(1, 3))):
        for line in (corpus / name).read_text(encoding="utf-8").splitlines():
            yield from (text for text in map(clean, line.split("\t")[columns]) if text)


def spellings(words):
    """The words of a list as they stand in a text and at its beginning, without the endings of genitives."""
    for word in {line.split("'")[0] for line in words.read_text(encoding="utf-8").splitlines() if line}:
        yield from (f" {word}", f" {word.capitalize()}", word, word.capitalize())


def plain(piece):
    """Up to two characters of ASCII, with or without a space before them."""
    text = piece.removeprefix("\u2581")
    return len(text) <= 2 and text.isascii() and text.isprintable()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", required=True)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--least", type=int, default=1, help="occurrences that a token needs")
    parser.add_argument("--words", type=Path, default=Path("/usr/share/dict/american-english-huge"), help="a word a line")
    parser.add_argument("--out", type=Path, default=Path("training/runs/shortlist.txt"))
    args = parser.parse_args()
    tokenizer = load_tokenizer(args.gguf)
    counts = Counter()
    for text in english(args.corpus):
        # As the first words of an answer, and as the first words of a text.
        counts.update(tokenizer(f" {text}", add_special_tokens=False).input_ids)
    seen = {token for token, count in counts.items() if count >= args.least}
    for ids in tokenizer(list(spellings(args.words)), add_special_tokens=False).input_ids:
        seen.update(ids)
    pieces = tokenizer.get_vocab()
    short = {token for piece, token in pieces.items() if plain(piece) or piece.startswith("<0x")}
    tokens = sorted(seen | short)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text("\n".join(map(str, tokens)) + "\n")
    print(f"{args.out}: {len(tokens):,} of {len(pieces):,} tokens, {len(seen):,} of them of the corpus and the list")


if __name__ == "__main__":
    main()
