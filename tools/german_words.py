"""Writes src/language/german.txt: German words that translators hardly ever leave as they are.

    pip download --no-deps Faker==40.63.0     (unpack it into a folder)
    apt-get download wamerican=2020.12.07-2 && dpkg -x wamerican_*.deb ENGLISH
    python3 tools/german_words.py CORPUS FOLDER ENGLISH > src/language/german.txt

CORPUS is a folder with train.tsv and distilled.tsv, German and English side by side (WMT news, NTREX, Tatoeba; see
models/gemma-3-270m/README.md); FOLDER has the family names of Faker (MIT); ENGLISH a list of English words (SCOWL). A
word is taken that stands in two rows or more, stands in the English of one in ten of them at most, is no English word, and
is neither a place nor a family name.
"""
import importlib
import re
import sys
from collections import Counter
from pathlib import Path

WORD = re.compile(r"[A-Za-zÄÖÜäöüßé]+")
# A word that is copied once in few rows may be a name as well.
FEW = 4

rows, copied, english = Counter(), Counter(), Counter()
for name in ("train.tsv", "distilled.tsv"):
    for line in (Path(sys.argv[1]) / name).read_text(encoding="utf-8").splitlines():
        german, translated = line.split("\t")[:2]
        there = WORD.findall(translated)
        words = set(WORD.findall(german))
        rows.update(words)
        copied.update(words & set(there))
        english.update(word.lower() for word in there)

dictionary = Path(sys.argv[3]) / "usr/share/dict/american-english"
known = {word.lower() for word in dictionary.read_text(encoding="utf-8").splitlines()}
names = Path(__file__).parent.parent / "src/figures/names"
columns = [line.split("\t") for table in names.glob("*.tsv") for line in table.read_text(encoding="utf-8").splitlines()]
places = {name for row in columns for column in row for name in column.split("|")}

sys.path.insert(0, sys.argv[2])
locales = [importlib.import_module(f"faker.providers.person.{locale}") for locale in ("de_DE", "de_AT", "de_CH", "en_US")]
families = {name for locale in locales for name in locale.Provider.last_names}


def is_german(word, count):
    # Words with few letters are names and abbreviations as often as not.
    return (len(word) > 3 and count > 1 and word not in places | families and copied[word] <= count / 10
            and (count >= FEW or not copied[word]) and not english[word.lower()] and word.lower() not in known
            and not is_genitive(word))


def is_genitive(word):
    """„Merkels“: of a name, that is, of a word that is copied more often than not."""
    return word.istitle() and word.endswith("s") and copied[word[:-1]] > rows[word[:-1]] / 2


print("# Made by tools/german_words.py from WMT news, NTREX and Tatoeba")
for word in sorted(word for word, count in rows.items() if is_german(word, count)):
    print(word)
