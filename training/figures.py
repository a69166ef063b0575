"""Figures in German and English text: do two sides agree, and swap them for random ones."""
import random
import re

SCALES_DE = {"tausend": 3, "million": 6, "millionen": 6, "mio": 6, "mill": 6, "milliarde": 9, "milliarden": 9,
             "mrd": 9, "billion": 12, "billionen": 12}
SCALES_EN = {"thousand": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9, "trillion": 12}
WORDS_DE = ("null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
            "sechzehn siebzehn achtzehn neunzehn zwanzig").split()
WORDS_EN = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen twenty").split()
ORDINALS_EN = ("zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
               "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth").split()
TENS_EN = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
           "hundred": 100, "thousand": 1000, "dozen": 12, "a": 1, "an": 1, "half": 0.5, "once": 1, "twice": 2}
TENS_DE = {"dreißig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90,
           "hundert": 100, "tausend": 1000, "dutzend": 12, "ein": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1,
           "halbe": 0.5, "erste": 1, "ersten": 1, "zweite": 2, "zweiten": 2, "dritte": 3, "dritten": 3, "vierte": 4,
           "vierten": 4, "beide": 2, "beiden": 2}
MONTHS_DE = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
MONTHS_EN = "January February March April May June July August September October November December".split()

NUMBER_DE = re.compile(r"\d{1,3}(?:[.\u00a0\u202f ]\d{3})+(?!\d)(?:,\d+)?|\d+(?:,\d+)?")
NUMBER_EN = re.compile(r"\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?")
SCALE_DE = re.compile(r"[\s\u00a0-]*(Tausend|tausend|Million(?:en)?|Mio|Mill|Milliarden?|Mrd|Billion(?:en)?)\b\.?")
SCALE_EN = re.compile(r"[\s\u00a0-]*(thousand|[mM]illion|[bB]illion|[tT]rillion|bn|mn|m)\b")


def value_de(text):
    """'1.234,56' -> 1234.56"""
    return float(re.sub(r"[.\u00a0\u202f ]", "", text).replace(",", "."))


def value_en(text):
    """'1,234.56' -> 1234.56"""
    return float(re.sub(r"[,\u00a0\u202f ]", "", text))


def _figures(text, number, scale, value, scales):
    """Values of all digit figures of a text; a scale word that follows is multiplied in."""
    found = []
    for m in number.finditer(text):
        v, s = value(m.group()), scale.match(text, m.end())
        found.append(v * 10 ** scales[s.group(1).lower()] if s else v)
    return found


def figures_de(text):
    return _figures(text, NUMBER_DE, SCALE_DE, value_de, SCALES_DE)


def figures_en(text):
    return _figures(text, NUMBER_EN, SCALE_EN, value_en, SCALES_EN)


def _same(a, b):
    return abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))


def _word_values(text, tables):
    words = re.findall(r"[a-zäöüß]+", text.lower())
    return {table[w] for table in tables for w in words if w in table}


_DE_TABLES = [{w: i for i, w in enumerate(WORDS_DE)}, TENS_DE,
              {w.lower(): i + 1 for i, w in enumerate(MONTHS_DE)}]
_EN_TABLES = [{w: i for i, w in enumerate(WORDS_EN)}, {w: i for i, w in enumerate(ORDINALS_EN)}, TENS_EN,
              {w.lower(): i + 1 for i, w in enumerate(MONTHS_EN)}]


def agree(de, en):
    """True if every digit figure of one side is on the other: as a figure, a number word, a month or a clock time."""
    a, b = figures_de(de), figures_en(re.sub(r"(\d{1,2})\.(\d\d)(?= ?[ap]\.?m)", r"\1:\2", en))
    rest = list(b)
    left = []
    for v in a:
        hit = next((w for w in rest if _same(v, w)), None)
        if hit is None:
            left.append(v)
        else:
            rest.remove(hit)
    if left:
        clock = "p.m" in en or "pm" in en or "evening" in en or "afternoon" in en
        words = _word_values(en, _EN_TABLES)
        still = []
        for v in left:
            twelve = next((w for w in rest if clock and 12 < v < 24 and _same(int(w), int(v) - 12)), None)
            if twelve is not None:
                rest.remove(twelve)
            elif v not in words:
                still.append(v)
        if still:
            return False
    if rest:
        words = _word_values(de, _DE_TABLES)
        return all(v in words for v in rest)
    return True


def group(n, sep):
    """1234567 -> '1.234.567' with the separator given."""
    return f"{n:,}".replace(",", sep)


def _random_integer(rng, like):
    """A random integer of a size near that of the number replaced, never 0 or 1."""
    digits = len(str(int(like)))
    digits = max(1, min(9, digits + rng.choice([-1, 0, 0, 0, 1])))
    return rng.randrange(max(2, 10 ** (digits - 1)), 10 ** digits)


def random_plain(rng, de, en):
    """Random replacement for one plain figure: (German, English)."""
    v = value_de(de)
    if "," in de:
        whole, places = rng.choice([rng.randrange(0, 10), rng.randrange(2, 100), rng.randrange(100, 3000)]), \
            rng.choice([1, 1, 1, 2, 2])
        frac = f"{rng.randrange(10 ** places):0{places}d}"
        sep = "." if whole > 999 else ""
        return f"{group(whole, sep)},{frac}", f"{group(whole, ',')}.{frac}"
    if len(de) == 4 and de.isdigit() and en == de and 1800 <= v <= 2099:
        year = str(rng.randrange(1900, 2031))
        return year, year
    n = _random_integer(rng, v)
    if n < 10000 and rng.random() < 0.35 and n > 999:
        return str(n), group(n, ",") if rng.random() < 0.6 else str(n)
    return group(n, rng.choices([".", "\u00a0", " "], [0.85, 0.05, 0.10])[0]), group(n, ",")


def random_scaled(rng):
    """Random figure with a scale word: ('3,7 Milliarden', '3.7 billion')."""
    de, short, en = rng.choice([("Millionen", "Mio.", "million"), ("Milliarden", "Mrd.", "billion"),
                                ("Milliarden", "Mrd.", "billion"), ("Billionen", "Billionen", "trillion")])
    if rng.random() < 0.5:
        whole, frac = rng.randrange(2, 900), f"{rng.randrange(1, 100)}"
        frac = frac if rng.random() < 0.3 else frac[:1]
        a, b = f"{whole},{frac}", f"{whole}.{frac}"
        if rng.random() < 0.5:
            a, b = f"{whole % 20 + 1},{frac}", f"{whole % 20 + 1}.{frac}"
    else:
        a = b = str(rng.choice([rng.randrange(2, 30), rng.randrange(20, 999)]))
    return f"{a} {short if rng.random() < 0.3 else de}", f"{b} {en}"


DATE_DE = re.compile(r"\b(\d{1,2})\. (" + "|".join(MONTHS_DE) + r")\b")
DATE_EN = re.compile(r"\b(?:(" + "|".join(MONTHS_EN) + r") (\d{1,2})|(\d{1,2}) (" + "|".join(MONTHS_EN) + r"))\b")


def substitute(de, en, rng):
    """The pair with its figures replaced on both sides by the same random ones, or None if nothing could be.

    Only figures that occur once on each side with equal values are touched.
    """
    edits_de, edits_en = [], []
    dates_de, dates_en = list(DATE_DE.finditer(de)), list(DATE_EN.finditer(en))
    if len(dates_de) == 1 and len(dates_en) == 1:
        a, b = dates_de[0], dates_en[0]
        month_en, day_en = (b.group(1), b.group(2)) if b.group(1) else (b.group(4), b.group(3))
        if int(a.group(1)) == int(day_en) and MONTHS_DE.index(a.group(2)) == MONTHS_EN.index(month_en):
            day, month = rng.randrange(1, 29), rng.randrange(12)
            edits_de.append((*a.span(), f"{day}. {MONTHS_DE[month]}"))
            edits_en.append((*b.span(), f"{MONTHS_EN[month]} {day}" if b.group(1) else f"{day} {MONTHS_EN[month]}"))
    taken_de = {i for start, end, _ in edits_de for i in range(start, end)}
    taken_en = {i for start, end, _ in edits_en for i in range(start, end)}

    def spans(text, number, scale, value, scales, taken):
        found = []
        for m in number.finditer(text):
            if m.start() in taken:
                continue
            s = scale.match(text, m.end())
            v = value(m.group()) * (10 ** scales[s.group(1).lower()] if s else 1)
            found.append((v, m, s))
        return found

    a = spans(de, NUMBER_DE, SCALE_DE, value_de, SCALES_DE, taken_de)
    b = spans(en, NUMBER_EN, SCALE_EN, value_en, SCALES_EN, taken_en)
    for v, m, s in a:
        same = [x for x in b if _same(x[0], v)]
        if len(same) != 1 or sum(_same(x[0], v) for x in a) != 1 or v in (0, 1):
            continue
        _, n, t = same[0]
        after, before = de[m.end():m.end() + 2], de[max(0, m.start() - 1):m.start()]
        if bool(s) != bool(t) or before in tuple(".:,-/") or (not s and after[:1] in (".", ":") and len(after) > 1):
            continue
        if before.isalpha() or after[:1].isalpha() or m.group().startswith("0") or en[n.end():n.end() + 1].isalpha():
            continue
        if s:
            if s.group(1).lower() == "tausend":
                continue
            x, y = random_scaled(rng)
            edits_de.append((m.start(), s.end(), x))
            edits_en.append((n.start(), t.end(), y))
        else:
            x, y = random_plain(rng, m.group(), n.group())
            edits_de.append((*m.span(), x))
            edits_en.append((*n.span(), y))
    if not edits_de:
        return None
    return _apply(de, edits_de), _apply(en, edits_en)


def _apply(text, edits):
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def template(rng):
    """One invented sentence around clock times, scores, ranges, money or share prices."""
    hour, minute = rng.randrange(0, 24), rng.choice(["00", "15", "30", "45", f"{rng.randrange(60):02d}"])
    twelve, half = (hour % 12 or 12), "a.m." if hour < 12 else "p.m."
    sep = rng.choice([".", ":"])
    clock_de = f"{hour} Uhr" if minute == "00" else f"{hour}{sep}{minute} Uhr"
    clock_en = f"{twelve} {half}" if minute == "00" else f"{twelve}{rng.choice('.:::')}{minute} {half}"
    low = rng.randrange(2, 60)
    high = low + rng.randrange(2, 40)
    goals, against = rng.randrange(0, 8), rng.randrange(0, 8)
    money_de, money_en = random_scaled(rng)
    amount, cents = rng.randrange(1, 200000), f"{rng.randrange(100):02d}"
    coin_de, coin_en = rng.choice([("Euro", "€"), ("€", "€"), ("Dollar", "$"), ("Euro", "€")])
    percent = f"{rng.randrange(0, 99)},{rng.randrange(0, 10)}"
    percent_de = percent + rng.choice([" Prozent", " %", "\u00a0%", "%"])
    percent_en = percent.replace(",", ".") + rng.choice([" percent", "%"])
    points = rng.randrange(3000, 30000)
    frac = f"{rng.randrange(100):02d}"
    town = rng.choice("Bremen Kassel Leipzig Rostock Mainz Graz Bern Erfurt Kiel Ulm".split())
    return rng.choice([
        (f"Die Veranstaltung beginnt um {clock_de} in {town}.", f"The event starts at {clock_en} in {town}."),
        (f"Gegen {clock_de} ging bei der Feuerwehr in {town} ein Notruf ein.",
         f"At around {clock_en}, the fire department in {town} received an emergency call."),
        (f"Das Spiel in {town} endete {goals}:{against}.", f"The match in {town} ended {goals}-{against}."),
        (f"{town} verlor das Heimspiel mit {goals}:{against} ({min(goals, 1)}:{min(against, 1)}).",
         f"{town} lost the home game {goals}-{against} ({min(goals, 1)}-{min(against, 1)})."),
        (f"Erwartet werden Temperaturen zwischen {low} und {high} Grad.",
         f"Temperatures between {low} and {high} degrees are expected."),
        (f"Betroffen sind {low} bis {high} Prozent der Beschäftigten.",
         f"{low} to {high} percent of employees are affected."),
        (f"Etwa {low}-{high} Personen waren vor Ort.", f"About {low}-{high} people were on site."),
        (f"Der Konzern setzte {money_de} Euro um, {percent_de} mehr als im Vorjahr.",
         f"The group generated sales of €{money_en}, {percent_en} more than in the previous year."),
        (f"Der Schaden beläuft sich auf rund {money_de} Dollar.", f"The damage amounts to around ${money_en}."),
        (f"Der Eintritt kostet {low},{cents} {coin_de}.", f"Admission costs {coin_en}{low}.{cents}."),
        (f"Die Stadt {town} zahlte {group(amount, '.')} {coin_de} für das Grundstück.",
         f"The city of {town} paid {coin_en}{group(amount, ',')} for the property."),
        (f"Der Dax stieg um {percent_de} auf {group(points, '.')},{frac} Punkte.",
         f"The DAX rose by {percent_en} to {group(points, ',')}.{frac} points."),
        (f"Die Aktie fiel um {percent_de} auf {low},{cents} {coin_de}.",
         f"The share fell by {percent_en} to {coin_en}{low}.{cents}."),
    ])
