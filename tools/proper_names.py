"""Writes src/figures/names/proper.bin: which German words with a capital are names that English keeps.

    pip install torch==2.15.0
    python3 tools/proper_names.py CORPUS src/figures/names/proper.bin

CORPUS is a folder with train.tsv and distilled.tsv, German and English side by side (WMT news, NTREX, Tatoeba; see
models/gemma-3-270m/README.md), and dev.tsv, which is only measured on. A word is a name where the English has it too,
with a capital. What tells names is learned as a logistic regression over the word, its letters and its neighbours; the
word itself is left out half of the time, so that the letters learn to speak for words that are new. The table has one
signed byte for each hash of an observation, in sixteenths; `src/figures/names/proper.rs` adds them up in the same way.
"""
import re
import sys
from pathlib import Path

import torch

BITS = 17
SCALE = 16
GRAMS = (3, 4, 5)
EPOCHS = 5
BATCH = 4096
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
STOPS = set(".!?:„“”\"»«–")
SPACES = (" ", "\u00a0")
NAMES = Path(__file__).parent.parent / "src/figures/names"
GIVEN = {line for line in (NAMES / "given.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
GIVEN.update(re.findall(r'"([^"]+)"', (NAMES / "given.rs").read_text(encoding="utf-8").partition("const GIVEN")[2].partition("];")[0]))


def bucket(text, seen={}):
    """FNV-1a of the bytes, folded to so many bits."""
    if text not in seen:
        value = 0x811C9DC5
        for byte in text.encode():
            value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
        seen[text] = (value ^ value >> BITS) & (1 << BITS) - 1
    return seen[text]


def words(text):
    """The words with what stands before and behind each of them."""
    found = list(WORD.finditer(text))
    ends = [0] + [word.end() for word in found]
    starts = [word.start() for word in found] + [len(text)]
    return [
        (word.group(), text[ends[at]:word.start()], text[word.end():starts[at + 1]]) for at, word in enumerate(found)
    ]


def is_candidate(word):
    return len(word) > 1 and word[0].isupper()


def observations(found, at):
    """The observations of a word, and the word itself."""
    word, before, behind = found[at]
    letters = "^" + word.lower() + "$"
    seen = ["g" + letters[k:k + n] for n in GRAMS for k in range(len(letters) - n + 1)]
    start = at == 0 or bool(STOPS & set(before))
    last = found[at - 1][0] if at and before in SPACES else ""
    following = found[at + 1][0] if at + 1 < len(found) and behind in SPACES else ""
    upper = sum(letter.isupper() for letter in word)
    seen += [
        "c2" if upper == len(word) else "c1" if upper > 1 else "c0",
        f"s{start:d}",
        "p" + last.lower(),
        "e" + last.lower()[-2:],
        f"q{last[:1].isupper():d}",
        "b" + before.strip()[-1:],
        "n" + following.lower(),
        f"m{following[:1].isupper():d}",
        "a" + behind.strip()[:1],
        f"f{last in GIVEN:d}",
        f"h{word in GIVEN:d}",
        f"i{before == '-':d}{behind == '-':d}",
    ]
    return [bucket(text) for text in seen], bucket("w" + word)


def instances(german, english):
    """(observations, the word itself, whether English keeps it, the word)"""
    kept = set()
    for word, _, _ in words(english):
        if word[0].isupper():
            lower = word.lower()
            kept.add(lower[:-2] if lower.endswith(("'s", "’s")) else lower)
    found = words(german)
    for at, (word, _, _) in enumerate(found):
        if is_candidate(word):
            lower = word.lower()
            name = lower in kept or lower.endswith("s") and lower[:-1] in kept
            yield *observations(found, at), float(name), word


def table(*paths):
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            yield line.split("\t")


def pairs(*paths):
    """German and English of all rows but the short everyday sentences of Tatoeba."""
    return ((row[0], row[1]) for row in table(*paths) if not row[-1].startswith("tatoeba"))


def learn(rows):
    observed, selves, labels = [], [], []
    for german, english in rows:
        for seen, itself, name, _ in instances(german, english):
            observed.append(seen)
            selves.append(itself)
            labels.append(name)
    lengths = torch.tensor([len(seen) for seen in observed])
    flat = torch.tensor([place for seen in observed for place in seen])
    starts = torch.cumsum(lengths, 0) - lengths
    selves, labels = torch.tensor(selves), torch.tensor(labels)
    print(f"{len(labels)} words, {labels.mean():.3f} of them names", file=sys.stderr)
    weights = torch.nn.EmbeddingBag(1 << BITS, 1, mode="sum")
    torch.nn.init.zeros_(weights.weight)
    optimizer = torch.optim.Adam(weights.parameters(), lr=0.02)
    for epoch in range(EPOCHS):
        total = 0.0
        for chosen in torch.randperm(len(labels)).split(BATCH):
            length = lengths[chosen]
            offsets = torch.cumsum(length, 0) - length
            places = torch.repeat_interleave(starts[chosen] - offsets, length) + torch.arange(int(length.sum()))
            itself = weights.weight[selves[chosen], 0] * (torch.rand(len(chosen)) < 0.5)
            score = weights(flat[places], offsets).squeeze(1) + itself
            loss = torch.nn.functional.binary_cross_entropy_with_logits(score, labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.detach().item() * len(chosen)
        for group in optimizer.param_groups:
            group["lr"] *= 0.6
        print(f"epoch {epoch}: loss {total / len(labels):.4f}", file=sys.stderr)
    scaled = (weights.weight.detach().squeeze(1) * SCALE).round().clamp(-127, 127)
    return scaled.to(torch.int8)


def score(learned, seen, itself):
    return sum(int(learned[place]) for place in [*seen, itself])


def measure(learned, rows):
    """How many names are found, and how many other words are taken for names, by threshold."""
    scores = [(score(learned, seen, itself), name) for pair in rows for seen, itself, name, _ in instances(*pair)]
    names = sum(name for _, name in scores)
    for threshold in (1.0, 1.5, 2.0, 2.5, 3.0):
        taken = [name for value, name in scores if value >= threshold * SCALE]
        print(f"from {threshold}: {sum(taken) / names:.1%} of {names:.0f} names, "
              f"{sum(taken) / len(taken):.1%} of those taken", file=sys.stderr)


if __name__ == "__main__":
    torch.manual_seed(1)
    torch.set_num_threads(1)
    corpus = Path(sys.argv[1])
    learned = learn(pairs(corpus / "train.tsv", corpus / "distilled.tsv"))
    Path(sys.argv[2]).write_bytes(bytes(value & 0xFF for value in learned.tolist()))
    measure(learned, pairs(corpus / "dev.tsv"))
    for text in ("Wie Bretschneider sagte, baut Siemens in der Türkei ab.", "Die Regierung lobt „Zalando“ und die SAP-Aktie."):
        found = words(text)
        print([(word[0], score(learned, *observations(found, at))) for at, word in enumerate(found)], file=sys.stderr)
