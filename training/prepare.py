"""Training pairs from the corpus: filtered, joined into short paragraphs, with varied quotes and figures.

Writes one TSV (German, English, origin) per epoch: each epoch draws other neighbours, quotes, second
translations and random figures. Deterministic for a seed. Reads train.tsv and distilled.tsv, never dev.tsv.
"""
import argparse
import html
import math
import random
import re
from collections import Counter
from pathlib import Path

from figures import agree, substitute, template

OLD = re.compile(r"news-test2008|newssyscomb2009|newstest20(09|1[0-3])")
STOP_DE = set("der die das und ist nicht ein eine mit auf für von dem den sich auch als wird werden sind im zu".split())
STOP_EN = set("the of and to is that with for was on as are by it he at from have has this be not were".split())
QUOTES_DE = [("„", "“"), ('"', '"'), ("»", "«"), ("„", '"')]
JOIN = {1: 0.72, 2: 0.14, 3: 0.08, 4: 0.06}


def clean(text):
    """Unescape entities, straighten quotes and apostrophes, squeeze white space."""
    text = html.unescape(html.unescape(text))
    text = re.sub(r"[„“”«»‟]|''|``", '"', text)
    text = re.sub(r"(?<=\w)[’`´](?=\w)", "'", text).replace("‘", "'").replace("’", "'").replace("‚", "'")
    text = re.sub(r"° ([CF])\b", r"°\1", text)
    text = re.sub(r"\s+([,;!?])", r"\1", re.sub(r"[ \t\r\n]+", " ", text))
    return text.strip()


def title_case(en):
    words = [w for w in re.findall(r"[A-Za-z']+", en) if len(w) > 3]
    return len(words) >= 4 and en[-1] not in ".!?\"" and sum(w[0].isupper() for w in words) >= 0.8 * len(words)


class Casing:
    """How English words are written within sentences, for headlines In Title Case."""

    def __init__(self, sentences):
        self.forms, self.pairs = Counter(), Counter()
        for words in (re.findall(r"[A-Za-z][\w'-]*", en) for en in sentences):
            self.forms.update(words[1:])
            self.pairs.update(zip(words, words[1:]))

    def sentence_case(self, en):
        """Words that mostly stand in small letters lose their capital, but for the first of a part and for
        those that elsewhere have it beside the same word ("White House")."""
        words, lowered = re.split(r"([A-Za-z][\w'-]*)", en), []
        for i in range(3, len(words), 2):
            small = words[i][0].lower() + words[i][1:]
            begins = re.search(r"[.:!?–\"(] *$|^ - $", words[i - 1])
            named = self.pairs[words[i - 2], words[i]] or i + 2 < len(words) and self.pairs[words[i], words[i + 2]]
            common = self.forms[small] and self.forms[small] >= 2 * self.forms[words[i]]
            if not begins and words[i] != "I" and common and not named:
                lowered.append((i, small))
        for i, small in lowered:
            words[i] = small
        return "".join(words)


def misaligned(de, en):
    """Empty, copied, of very different length or in the wrong language."""
    if not de or not en or (de == en and len(de) > 20):
        return True
    ratio = (len(en) + 12) / (len(de) + 12)
    if not 0.5 < ratio < 1.6:
        return True
    a, b = (set(re.findall(r"[a-zäöüß]+", t.lower())) for t in (de, en))
    return len(a & STOP_EN - STOP_DE) > len(a & STOP_DE) + 1 or len(b & STOP_DE - STOP_EN - {"die"}) > len(b & STOP_EN) + 1


def wrong_format(de, en):
    """A German thousands point or decimal comma that survived into the English."""
    return any(x in en.split() for x in re.findall(r"(?<!\S)\d{1,3}\.\d{3}(?!\S)|(?<!\S)\d+,\d{1,2}(?!\S)", de))


def end_alike(de, en):
    """Headlines: no full stop on one side alone."""
    if de[-1].isalnum() and en.endswith(".") and not re.search(r"\b[a-zA-Z]\.[a-zA-Z]?\.?$", en):
        return en[:-1]
    if de[-1] == "." and en[-1].isalnum():
        return en + "."
    return en


def style_quotes(de, rng):
    """Straight quotes of the German side in one of the styles that newsrooms use."""
    if de.count('"') % 2 or '"' not in de:
        return de
    pair = rng.choices(QUOTES_DE, [0.45, 0.30, 0.15, 0.10])[0]
    parts = de.split('"')
    return "".join(p + (pair[i % 2] if i < len(parts) - 1 else "") for i, p in enumerate(parts))


def load(path, columns, dropped):
    """Kept rows of a corpus file as (German, [English, …], set), in order; reasons for drops are counted."""
    rows = []
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    casing = Casing(en for cells in lines for en in map(clean, cells[1:columns - 1]) if en and not title_case(en))
    for cells in lines:
        de, name = clean(cells[0]), cells[-1]
        choices = []
        for en in map(clean, cells[1:columns - 1]):
            if headline(de) and title_case(en):
                en = casing.sentence_case(en)
            reason = ("empty" if not en else "misaligned" if misaligned(de, en) else
                      "figures" if not agree(de, en) or wrong_format(de, en) else
                      "title case" if title_case(en) else None)
            if reason:
                dropped[name, reason] += bool(en)
            else:
                choices.append(end_alike(de, en))
        rows.append((de, choices, name))
    return rows


class Newsworthy:
    """How much a German sentence reads like news rather than like the web: the mean log ratio of its words'
    frequencies in the human news sets and in the distilled ones, after Moore and Lewis (2010)."""

    def __init__(self, news, others):
        self.counts = [Counter(w for de, _, _ in rows for w in self.words(de)) for rows in (news, others)]
        self.totals = [c.total() + len(c) for c in self.counts]

    @staticmethod
    def words(de):
        return re.findall(r"\w+|[^\w\s]", de.lower())

    def __call__(self, de):
        words = self.words(de)
        ratio = lambda w: math.log((self.counts[0][w] + 1) / self.totals[0] * self.totals[1] / (self.counts[1][w] + 1))
        return sum(map(ratio, words)) / max(1, len(words))


def least_newsworthy(rows, score, share):
    """The German sides of the share of rows that reads least like news."""
    ranked = sorted({de for de, _, _ in rows}, key=score)
    return set(ranked[:int(share * len(ranked))])


def headline(de):
    """No sentence, by its end; three words or more."""
    return len(de) < 160 and de.count(" ") > 1 and re.search(r"[\w\"')%]$", de) and not re.search(r"[.!?][\"')]$", de)


def whole(de):
    """Begins and ends as a sentence does: no scrap of a web page."""
    return re.match(r"[\"'(]?[A-ZÄÖÜ0-9]", de) and re.search(r"[.!?][\"')]*$", de)


def wanted(de, name, distilled, human):
    """Probability with which a row is taken in one epoch; `human` is that of recent human news."""
    if distilled:
        return 0.9 if len(de) > 45 and whole(de) else 0.12
    if name == "tatoeba":
        return 0.02
    if headline(de) and not OLD.fullmatch(name):
        return 1.0
    if OLD.fullmatch(name):
        return human / 4
    return human


def epoch(rows, distilled, number, rng, share, joins):
    """Pairs of one pass over one corpus file."""
    i = 0
    while i < len(rows):
        de, choices, name = rows[i]
        if not choices or rng.random() > wanted(de, name, distilled, share):
            i += 1
            continue
        size = 1 if name == "tatoeba" else rng.choices(list(joins), joins.values())[0]
        if headline(de) or distilled and rng.random() < 0.7:
            size = 1
        run = [rows[i]]
        while len(run) < size and i + len(run) < len(rows):
            follower = rows[i + len(run)]
            if not follower[1] or follower[2] != name or headline(follower[0]) or sum(len(r[0]) for r in run) + len(follower[0]) > 650:
                break
            run.append(follower)
        i += len(run)
        source = " ".join(r[0] for r in run)
        target = " ".join(r[1][number % len(r[1])] for r in run)
        if len(run) == 1 and source.endswith(".") and target.endswith(".") and len(source.split()) < 13 \
                and rng.random() < 0.06:
            source, target = source[:-1], target[:-1]
        yield source, target, name
        if headline(de) and name != "tatoeba" and not distilled and not OLD.fullmatch(name):
            yield source, target, name
        if any(c.isdigit() for c in source) and rng.random() < 0.35:
            changed = substitute(source, target, rng)
            if changed:
                yield *changed, name + "+figures"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--out", type=Path, default=Path("training/runs/data"))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--templates", type=int, default=500, help="invented sentences with figures per epoch")
    parser.add_argument("--leave", type=float, default=0.35, help="share of distilled.tsv, least like news, left out")
    parser.add_argument("--human", type=float, default=0.42, help="share of the human news of the last years in an epoch")
    parser.add_argument("--without-distilled", action="store_true", help="human translations only, for comparison")
    parser.add_argument("--single", action="store_true", help="no sentences joined to paragraphs, for comparison")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    dropped = Counter()
    human = load(args.corpus / "train.tsv", 3, dropped)
    distilled = load(args.corpus / "distilled.tsv", 4, dropped)
    news = [row for row in human if row[2] != "tatoeba" and not OLD.fullmatch(row[2])]
    dull = least_newsworthy(distilled, Newsworthy(news, distilled), args.leave)
    distilled = [(de, [] if de in dull else choices, name) for de, choices, name in distilled]
    if args.without_distilled:
        distilled = []
    joins = {1: 1.0} if args.single else JOIN
    args.out.mkdir(parents=True, exist_ok=True)
    for number in range(args.epochs):
        rng = random.Random(f"{args.seed}/{number}")
        pairs = [pair for rows, from_distilled in [(human, False), (distilled, True)]
                 for pair in epoch(rows, from_distilled, number, rng, args.human, joins)]
        pairs += [(*template(rng), "template") for _ in range(args.templates)]
        rng.shuffle(pairs)
        with open(args.out / f"epoch-{number}.tsv", "w", encoding="utf-8") as f:
            for de, en, name in pairs:
                f.write(f"{style_quotes(de, rng)}\t{en}\t{name}\n")
        origins = Counter("synthetic" if "+" in n or n == "template" else "distilled" if n.startswith("wmt") else
                          "tatoeba" if n == "tatoeba" else "human news" for _, _, n in pairs)
        print(f"epoch {number}: {len(pairs)} pairs, {dict(origins)}")
    reasons = Counter()
    for (_, reason), count in dropped.items():
        reasons[reason] += count
    print("dropped translations:", dict(reasons))


if __name__ == "__main__":
    main()
