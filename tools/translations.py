"""Writes src/figures/swap/translations.tsv: which German words become which English ones.

    python3 tools/translations.py pairs.tsv [more.tsv ...] > src/figures/swap/translations.tsv

The first two columns of each table are German and English. The shipped table was made
of 99,000 sentence pairs of news (the public test sets of WMT 2008 to 2023, NTREX-128 and
Tatoeba). Statistics of single words are all that is left of them: IBM Model 1 (Brown et
al. 1993) in both directions, and the pairs that both directions agree on. Stems are those
of src/figures/swap/translations.rs. Needs numpy, and 6 GB of memory for such a table.
"""
import collections
import re
import sys

import numpy

ROUNDS = 5
# A word must occur so often, and the most frequent ones tell nothing.
FEWEST, MOST_SHARE = 4, 0.02
LEAST = 0.05
LONGEST = 60


def german(word):
    for end in ("innen", "ern", "en", "er", "es", "em", "e", "n", "s"):
        if word.endswith(end) and len(word) - len(end) >= 4:
            return word[: -len(end)]
    return word


def english(word):
    word = word.removesuffix("'s")
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    for end in ("es", "ed", "s", "e"):
        if word.endswith(end) and len(word) - len(end) >= 3:
            return word[: -len(end)]
    return word


def numbered(texts):
    """The texts as numbers of words, and the words."""
    seen = collections.Counter(word for text in texts for word in set(text))
    words = [word for word, count in seen.most_common() if count >= FEWEST]
    numbers = {word: number for number, word in enumerate(words)}
    return [[numbers[word] for word in text if word in numbers] for text in texts], words, seen


def model(sources, targets):
    """How likely each source word is to become each target word, for all that meet."""
    count = max(max(text, default=0) for text in targets) + 1
    ones, others, groups, group = [], [], [], 0
    for source, target in zip(sources, targets):
        # Zero is the empty word, which everything may come from.
        source = numpy.array([0] + [word + 1 for word in source], dtype=numpy.int64)
        for word in target:
            ones.append(source)
            others.append(word)
            groups.append(len(source))
    sizes = numpy.array(groups)
    one = numpy.concatenate(ones)
    other = numpy.repeat(numpy.array(others, dtype=numpy.int64), sizes)
    starts = numpy.concatenate(([0], numpy.cumsum(sizes)[:-1]))
    del ones
    keys, pair = numpy.unique(one * count + other, return_inverse=True)
    del one, other
    likely = numpy.ones(len(keys))
    first = keys // count
    for _ in range(ROUNDS):
        share = likely[pair]
        share /= numpy.repeat(numpy.add.reduceat(share, starts), sizes)
        likely = numpy.bincount(pair, weights=share, minlength=len(keys))
        likely /= numpy.bincount(first, weights=likely)[first]
    strong = (likely > LEAST / 2) & (first > 0)
    return {(int(key // count) - 1, int(key % count)): float(p) for key, p in zip(keys[strong], likely[strong])}


pairs = []
for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as file:
        for line in file:
            columns = line.rstrip("\n").split("\t")
            one = [german(word.lower()) for word in re.findall(r"[^\W\d_]+", columns[0])]
            other = [english(word.lower()) for word in re.findall(r"[^\W\d_]+(?:'s)?", columns[1])]
            if 0 < len(one) < LONGEST and 0 < len(other) < LONGEST:
                pairs.append((one, other))
ones, german_words, german_count = numbered([one for one, _ in pairs])
others, english_words, english_count = numbered([other for _, other in pairs])
forth, back = model(ones, others), model(others, ones)
most = MOST_SHARE * len(pairs)
print("# German and English stems; made by tools/translations.py")
rows = []
for (one, other), likely in forth.items():
    left, right = german_words[one], english_words[other]
    rare = german_count[left] < most and english_count[right] < most
    # Words that look alike are known without a table.
    if rare and len(left) > 2 and len(right) > 2 and left[:4] != right[:4] and likely * back.get((other, one), 0) > LEAST:
        rows.append((left, right))
for row in sorted(rows):
    print("\t".join(row))
