//! Counted and measured amounts: a number in digits or words, its scale, and
//! the unit, currency or percent sign around it.

use super::Language;
use super::decimal::Decimal;
use super::lexicon;
use super::numeral::{self, Numeral};
use super::token::{MINUS, Shape, Tokens};
use super::unit::{Currency, Unit};
use super::value::Measure;
use super::words::{self, Spelled};

/// A bare number and where it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    pub value: Decimal,
    /// The token after the number.
    pub end: usize,
    /// Digits without marks or scale: may be a year, a day, an hour.
    pub plain: bool,
    /// The power of ten of its scale word, if it has one.
    pub scale: Option<i32>,
    /// `Hunderte`, `several thousand`.
    pub several: bool,
    /// Spelled in a way that is often no figure at all (`one`, `both`).
    pub loose: bool,
}

/// A number with what it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    pub count: Count,
    pub measure: Measure,
    pub end: usize,
}

impl Count {
    pub const fn spelled(value: Decimal, end: usize) -> Self {
        Count {
            value,
            end,
            plain: false,
            scale: None,
            several: false,
            loose: false,
        }
    }

    fn scaled(self, power: i32, end: usize) -> Option<Self> {
        let value = self.value.times(Decimal::new(1, power)?)?;
        Some(Count {
            value,
            end,
            plain: false,
            scale: Some(power),
            several: self.several,
            loose: false,
        })
    }
}

/// Reads an amount at `start`: `[sign] [currency] number [scale] [measure]`.
pub fn read(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Amount> {
    let (negative, start) = sign(tokens, start);
    let (currency, at) = match prefix_currency(tokens, start) {
        Some((currency, at)) => (Some(currency), at),
        None => (None, start),
    };
    let mut count = if negative || currency.is_some() {
        digits(tokens, at, language)?
    } else {
        count(tokens, at, language)?
    };
    if currency.is_some() && count.scale.is_none() && tokens.is_glued(count.end) {
        // „$3.5m“ is millions, „3.5m“ metres.
        let letter = tokens.word(count.end).and_then(lexicon::glued_scale);
        if let Some(scaled) = letter.and_then(|power| count.scaled(power, count.end + 1)) {
            count = scaled;
        }
    }
    if negative {
        count.value = count.value.negated();
    }
    let (measure, end, hundredth) = match currency {
        Some(currency) => (
            Measure::Money(currency),
            repeated_currency(tokens, &count, language),
            false,
        ),
        None => measured(tokens, &count, language),
    };
    if hundredth {
        count.value = count.value.times(Decimal::new(1, -2)?)?;
    }
    Some(and_a_half(
        tokens,
        Amount {
            count,
            measure,
            end,
        },
        language,
    ))
}

/// „$5 million dollars“ names its currency twice.
fn repeated_currency(tokens: &Tokens<'_>, count: &Count, language: Language) -> usize {
    match measured(tokens, count, language) {
        (Measure::Money(_), end, false) => end,
        _ => count.end,
    }
}

fn sign(tokens: &Tokens<'_>, start: usize) -> (bool, usize) {
    let written = tokens.is_mark(start, &MINUS)
        && !tokens.is_glued(start)
        && tokens.is_glued(start + 1)
        && tokens.numeral(start + 1).is_some();
    let spoken = tokens.is_word(start, &["minus"]) && tokens.numeral(start + 1).is_some();
    (
        written || spoken,
        if written || spoken { start + 1 } else { start },
    )
}

/// A currency before its number: `€ 5`, `$5`, `US$ 5`, `EUR 5`.
fn prefix_currency(tokens: &Tokens<'_>, start: usize) -> Option<(Currency, usize)> {
    let first = tokens.get(start)?;
    let currency = lexicon::currency_sign(first.text)?;
    let mut end = start + 1;
    if lexicon::needs_dollar(first.text) {
        end = tokens.after_hyphen(end);
        if !tokens.is_glued_mark(end, &['$']) {
            return None;
        }
        end += 1;
    } else if first.shape == Shape::Word
        && tokens.is_glued_mark(end, &['.'])
        && first.text.starts_with("Fr")
    {
        end += 1;
    }
    tokens.numeral(end).map(|_| (currency, end))
}

/// Reads a bare number at `start`.
pub fn count(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Count> {
    digits(tokens, start, language).or_else(|| match language {
        Language::German => german(tokens, start),
        Language::English => english(tokens, start),
    })
}

fn digits(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Count> {
    let text = tokens.numeral(start)?;
    let Numeral::Number { value, plain } = numeral::read(text, language) else {
        return None;
    };
    let mut count = Count {
        plain,
        ..Count::spelled(value, start + 1)
    };
    if let Some(part) = vulgar(tokens, count.end) {
        count = Count::spelled(value.plus(part)?, count.end + 1);
    }
    Some(with_scales(tokens, count, language))
}

/// The value of a vulgar fraction mark that finishes a mixed number.
fn vulgar(tokens: &Tokens<'_>, at: usize) -> Option<Decimal> {
    let hundredths = match tokens.get(at)?.text {
        "½" => 50,
        "¼" => 25,
        "¾" => 75,
        _ => return None,
    };
    Decimal::new(hundredths, -2)
}

/// Applies the scale words after a number: `4,8 Mio.`, `hundert Millionen`,
/// `1,2-Milliarden-`.
fn with_scales(tokens: &Tokens<'_>, count: Count, language: Language) -> Count {
    let mut count = count;
    // Two scales follow each other at most: hunderttausend Millionen.
    for _ in 0..2 {
        let at = tokens.after_hyphen(count.end);
        let Some(word) = tokens.word(at) else { break };
        let dozen = matches!(word, "dutzend" | "dozen");
        let Some(power) = lexicon::scale(word, language).or(dozen.then_some(0)) else {
            break;
        };
        let takes_stop = lexicon::scale_takes_stop(word) && tokens.is_glued_mark(at + 1, &['.']);
        let end = if takes_stop { at + 2 } else { at + 1 };
        let factor = if dozen {
            Decimal::from(12)
        } else {
            Decimal::ONE
        };
        let scaled = count
            .value
            .times(factor)
            .and_then(|value| Count { value, ..count }.scaled(power, end));
        match scaled {
            Some(scaled) => count = scaled,
            None => break,
        }
    }
    count
}

fn german(tokens: &Tokens<'_>, start: usize) -> Option<Count> {
    let word = tokens.word(start)?;
    if is_german_article(word) {
        return german_article(tokens, start);
    }
    if let Some(half) = word
        .strip_prefix("halb")
        .filter(|rest| matches!(*rest, "e" | "en" | "er" | "es" | "em"))
    {
        // „eine halbe Million“ without its article: „der halben Million“.
        let _ = half;
        let scaled = with_scales(
            tokens,
            Count::spelled(Decimal::HALF, start + 1),
            Language::German,
        );
        return scaled.scale.map(|_| scaled);
    }
    let several_before = tokens.word_before(start, 1).is_some_and(|w| {
        matches!(
            w,
            "mehrere"
                | "mehreren"
                | "mehrerer"
                | "einige"
                | "einigen"
                | "einiger"
                | "paar"
                | "viele"
                | "vielen"
        )
    });
    if let Some(power) = lexicon::scale(word, Language::German).filter(|power| *power >= 6) {
        let unit = Count::spelled(Decimal::ONE, start + 1).scaled(power, start + 1)?;
        let plural = word.ends_with("en");
        let abbreviated = lexicon::scale_takes_stop(word);
        return (!abbreviated).then_some(Count {
            several: plural,
            ..unit
        });
    }
    match words::german(word)? {
        Spelled::Cardinal(value) => {
            let count = Count::spelled(value, start + 1);
            let round = several_before
                && matches!(
                    word,
                    "hundert" | "tausend" | "dutzend" | "hunderttausend" | "zehntausend"
                );
            let eleven = word == "elf" && tokens.is_capitalised(start);
            if eleven {
                // The eleven of a football team.
                return None;
            }
            let count = Count {
                several: round,
                loose: value == Decimal::ONE || value == Decimal::ZERO,
                ..count
            };
            Some(with_scales(tokens, count, Language::German))
        }
        Spelled::Several(value) => Some(Count {
            several: true,
            ..Count::spelled(value, start + 1)
        }),
        Spelled::Ordinal(_)
        | Spelled::Part(_)
        | Spelled::Multiple(_)
        | Spelled::Measured(..)
        | Spelled::Decade(_) => None,
    }
}

pub fn is_german_article(word: &str) -> bool {
    matches!(word, "ein" | "eine" | "einen" | "einem" | "einer" | "eines")
}

/// „eine Million“, „eine halbe Million“, „ein Dutzend“, and loosely „eine
/// Stunde“: the article counts only what is counted or measured.
fn german_article(tokens: &Tokens<'_>, start: usize) -> Option<Count> {
    let next = tokens.word(start + 1)?;
    let half = matches!(next, "halbe" | "halben" | "halber" | "halbes");
    let (value, at) = if half {
        (Decimal::HALF, start + 2)
    } else {
        (Decimal::ONE, start + 1)
    };
    let one = Count {
        loose: true,
        ..Count::spelled(value, at)
    };
    let scaled = with_scales(tokens, one, Language::German);
    if scaled.scale.is_some() {
        return Some(scaled);
    }
    let (measure, ..) = measured(tokens, &one, Language::German);
    (measure != Measure::Count).then_some(one)
}

fn english(tokens: &Tokens<'_>, start: usize) -> Option<Count> {
    let word = tokens.word(start)?;
    let scaled_only = |count: Count| {
        let scaled = with_scales(tokens, count, Language::English);
        scaled.scale.map(|_| scaled)
    };
    match word {
        "a" | "an" => return english_article(tokens, start),
        "half" => {
            let article = tokens.after_hyphen(start + 1);
            let at = if tokens.is_word(article, &["a", "an"]) {
                article + 1
            } else {
                start + 1
            };
            let half = Count {
                loose: true,
                ..Count::spelled(Decimal::HALF, at)
            };
            return scaled_only(half).or_else(|| {
                let (measure, ..) = measured(tokens, &half, Language::English);
                (measure != Measure::Count).then_some(half)
            });
        }
        "both" | "pair" | "couple" | "either" | "neither" | "twins" | "duo" => {
            return Some(Count {
                loose: true,
                ..Count::spelled(Decimal::from(2), start + 1)
            });
        }
        "trio" => {
            return Some(Count {
                loose: true,
                ..Count::spelled(Decimal::from(3), start + 1)
            });
        }
        _ => {}
    }
    if let Some(count) = english_several(tokens, start, word) {
        return Some(count);
    }
    let (spelled, end) = words::english(tokens, start)?;
    let Spelled::Cardinal(value) = spelled else {
        return None;
    };
    let mut count = Count::spelled(value, end);
    count.loose = value == Decimal::ONE || value == Decimal::ZERO;
    count = with_half(tokens, count)?;
    english_groups(tokens, count)
}

/// „two and a half“, „one-and-a-half“.
fn with_half(tokens: &Tokens<'_>, count: Count) -> Option<Count> {
    let and = tokens.after_hyphen(count.end);
    let a = tokens.after_hyphen(and + 1);
    let half = tokens.after_hyphen(a + 1);
    let written = tokens.is_word(and, &["and"])
        && tokens.is_word(a, &["a"])
        && tokens.is_word(half, &["half"]);
    if written {
        Some(Count::spelled(count.value.plus(Decimal::HALF)?, half + 1))
    } else {
        Some(count)
    }
}

/// Scales and the smaller groups after them: „two thousand five hundred“.
fn english_groups(tokens: &Tokens<'_>, first: Count) -> Option<Count> {
    let mut total = with_scales(tokens, first, Language::English);
    let mut floor = total.scale;
    // Each group is of a smaller scale than the one before it.
    while let Some(power) = floor.filter(|power| *power >= 3) {
        let and = tokens.is_word(total.end, &["and"]);
        let at = if and { total.end + 1 } else { total.end };
        let Some((Spelled::Cardinal(value), end)) = words::english(tokens, at) else {
            break;
        };
        let group = with_scales(tokens, Count::spelled(value, end), Language::English);
        // „two million and three dogs“ counts two things; only hundreds and
        // thousands take „and“ before the rest.
        if group.scale.unwrap_or(0) >= power || (and && power > 3) {
            break;
        }
        let value = total.value.plus(group.value)?;
        total = Count {
            value,
            end: group.end,
            ..total
        };
        floor = group.scale;
    }
    Some(total)
}

/// „a million“, „a dozen“, „a hundred“, and loosely „an hour“.
fn english_article(tokens: &Tokens<'_>, start: usize) -> Option<Count> {
    let half = tokens.is_word(start + 1, &["half"]);
    let (value, at) = if half {
        (Decimal::HALF, start + 2)
    } else {
        (Decimal::ONE, start + 1)
    };
    let one = Count {
        loose: true,
        ..Count::spelled(value, at)
    };
    let few = !half && tokens.is_word(at, &["few"]);
    if few {
        let scaled = with_scales(
            tokens,
            Count {
                several: true,
                ..Count::spelled(Decimal::ONE, at + 1)
            },
            Language::English,
        );
        return scaled.scale.map(|_| scaled);
    }
    let scaled = with_scales(tokens, one, Language::English);
    if scaled.scale.is_some() {
        return Some(scaled);
    }
    let (measure, ..) = measured(tokens, &one, Language::English);
    (measure != Measure::Count).then_some(one)
}

/// „hundreds“, „tens of thousands“, „several hundred“.
fn english_several(tokens: &Tokens<'_>, start: usize, word: &str) -> Option<Count> {
    const QUANTIFIERS: [&str; 5] = ["several", "few", "many", "multiple", "some"];
    let several = |value: Decimal, end| {
        Some(Count {
            several: true,
            ..Count::spelled(value, end)
        })
    };
    let base: u64 = match word {
        "tens" => 10,
        "dozens" | "scores" => 12,
        "hundreds" => 100,
        "thousands" => 1000,
        "millions" => 1_000_000,
        "billions" => 1_000_000_000,
        "trillions" => 1_000_000_000_000,
        "dozen" | "hundred" | "thousand" => {
            let after_quantifier = tokens
                .word_before(start, 1)
                .is_some_and(|w| QUANTIFIERS.contains(&w));
            let base = match word {
                "dozen" => 12,
                "hundred" => 100,
                _ => 1000,
            };
            return after_quantifier
                .then(|| several(Decimal::from(base), start + 1))
                .flatten();
        }
        _ => return None,
    };
    let value = Decimal::from(base);
    if tokens.is_word(start + 1, &["of"]) && base <= 1000 {
        let times: Option<u64> = match tokens.word(start + 2) {
            Some("thousands") => Some(1000),
            Some("millions") => Some(1_000_000),
            Some("billions") => Some(1_000_000_000),
            _ => None,
        };
        if let Some(times) = times {
            return several(value.times(Decimal::from(times))?, start + 3);
        }
    }
    // „scores“ and „tens“ alone are verbs, results and units more often.
    (!matches!(word, "tens" | "scores"))
        .then(|| several(value, start + 1))
        .flatten()
}

/// What follows a number: its measure, the position after it, and whether the
/// measure is a hundredth (cents).
pub fn measured(tokens: &Tokens<'_>, count: &Count, language: Language) -> (Measure, usize, bool) {
    let none = (Measure::Count, count.end, false);
    let at = tokens.after_hyphen(count.end);
    let Some(token) = tokens.get(at) else {
        return none;
    };
    if count.several && tokens.is_word(at, &["of"]) {
        let inner = Count {
            end: at + 1,
            several: false,
            ..*count
        };
        let found = measured(tokens, &inner, language);
        return if found.0 == Measure::Count {
            none
        } else {
            found
        };
    }
    // A mark belongs to the number only when it is a unit: no comma, no dash.
    if token.shape == Shape::Numeral {
        return none;
    }
    match language {
        Language::German => german_measure(tokens, count, at),
        Language::English => english_measure(tokens, count, at),
    }
    .unwrap_or(none)
}

fn lookup(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Measure> {
    let token = tokens.get(at)?;
    lexicon::measure(token.text, &token.lower, language)
}

fn german_measure(tokens: &Tokens<'_>, count: &Count, at: usize) -> Option<(Measure, usize, bool)> {
    let word = tokens.get(at)?.lower.as_ref();
    if let Some(currency) = lexicon::subunit(word, Language::German) {
        return Some((Measure::Money(currency), at + 1, true));
    }
    if let Some((currency, end)) = national_currency(tokens, at, Language::German) {
        return Some((Measure::Money(currency), end, false));
    }
    if let Some(measure) = german_adjective(word) {
        return Some((measure, at + 1, false));
    }
    if tokens.is_mark(at, &['°']) {
        return Some((
            Measure::Unit(degree(tokens, at + 1)),
            degree_end(tokens, at + 1),
            false,
        ));
    }
    if word == "v" && tokens.is_mark(at + 1, &['.']) && tokens.is_word(at + 2, &["h"]) {
        return Some((Measure::Percent, at + 4, false));
    }
    let measure = lookup(tokens, at, Language::German)?;
    let mut end = at + 1;
    match measure {
        Measure::Unit(Unit::Year)
            if tokens.is_word(end, &["alt", "alte", "alten", "alter", "altes"]) =>
        {
            return Some((Measure::Age, end + 1, false));
        }
        Measure::Unit(Unit::Year) if of_age(tokens, count) => {
            return Some((Measure::Age, end, false));
        }
        Measure::Unit(Unit::Degree) => {
            return Some((
                Measure::Unit(degree(tokens, end)),
                degree_end(tokens, end),
                false,
            ));
        }
        Measure::Unit(base) => {
            let per = per_unit(tokens, end, &["pro", "in"], &["stunde", "sekunde"]);
            let unit = lexicon::compound_unit(None, base, per.map(|(rate, _)| rate));
            if let Some((_, after)) = per.filter(|_| unit != base) {
                end = after;
            }
            return Some((Measure::Unit(unit), end, false));
        }
        Measure::Money(Currency::Gbp) if tokens.is_word(end, &["sterling"]) => end += 1,
        _ => {}
    }
    Some((measure, end, false))
}

/// „im Alter von 95 Jahren“.
fn of_age(tokens: &Tokens<'_>, count: &Count) -> bool {
    let from = |back: usize| count.end.checked_sub(back).and_then(|at| tokens.word(at));
    from(3) == Some("alter")
        || (from(2) == Some("von") && from(3) == Some("alter"))
        || from(2) == Some("alter")
}

/// „95-Jährige“, „zehn-prozentig“: what a German adjective after a hyphen, or
/// glued to the digits, measures.
fn german_adjective(word: &str) -> Option<Measure> {
    let stem = ["es", "en", "er", "em", "e", "s"]
        .iter()
        .find_map(|e| word.strip_suffix(e))
        .unwrap_or(word);
    Some(match stem {
        "jährig" | "jaehrig" => Measure::Age,
        "monatig" => Measure::Unit(Unit::Month),
        "wöchig" => Measure::Unit(Unit::Week),
        "tägig" => Measure::Unit(Unit::Day),
        "stündig" => Measure::Unit(Unit::Hour),
        "minütig" => Measure::Unit(Unit::Minute),
        "sekündig" => Measure::Unit(Unit::Second),
        "prozentig" => Measure::Percent,
        "stundenkilometer" => Measure::Unit(Unit::KilometrePerHour),
        _ => return None,
    })
}

/// The rate after a unit (`/h`, `pro Stunde`, `per hour`) and its end.
fn per_unit(
    tokens: &Tokens<'_>,
    at: usize,
    prepositions: &[&str],
    times: &[&str],
) -> Option<(&'static str, usize)> {
    if tokens.is_glued_mark(at, &['/']) {
        return match tokens.word(at + 1)? {
            "h" => Some(("h", at + 2)),
            "s" => Some(("s", at + 2)),
            _ => None,
        };
    }
    if !tokens.is_word(at, prepositions) {
        return None;
    }
    let noun = if tokens.is_word(at + 1, &["der"]) {
        at + 2
    } else {
        at + 1
    };
    match times
        .iter()
        .position(|time| tokens.word(noun) == Some(time))
    {
        Some(0) => Some(("per hour", noun + 1)),
        Some(_) => Some(("per second", noun + 1)),
        None => None,
    }
}

fn degree(tokens: &Tokens<'_>, at: usize) -> Unit {
    lexicon::compound_unit(None, Unit::Degree, tokens.word(at))
}

fn degree_end(tokens: &Tokens<'_>, at: usize) -> usize {
    if degree(tokens, at) == Unit::Degree {
        at
    } else {
        at + 1
    }
}

/// Currencies named with their country: `US-Dollar`, `australische Dollar`,
/// `Swiss francs`, `U.S. dollars`.
fn national_currency(
    tokens: &Tokens<'_>,
    at: usize,
    language: Language,
) -> Option<(Currency, usize)> {
    let country = tokens.word(at)?;
    let mut noun = tokens.after_hyphen(at + 1);
    let family = match (country, language) {
        ("u", Language::English)
            if tokens.is_mark(at + 1, &['.']) && tokens.is_word(at + 2, &["s"]) =>
        {
            noun = if tokens.is_mark(at + 3, &['.']) {
                at + 4
            } else {
                at + 3
            };
            Currency::Usd
        }
        ("us" | "american" | "amerikanische" | "amerikanischen", _) => Currency::Usd,
        ("australian" | "australische" | "australischen" | "australischer", _) => Currency::Aud,
        ("canadian" | "kanadische" | "kanadischen" | "kanadischer", _) => Currency::Cad,
        ("hongkong", _) => Currency::Hkd,
        ("swiss" | "schweizer", _) => Currency::Chf,
        ("british" | "britische" | "britischen" | "britischer", _) => Currency::Gbp,
        ("swedish" | "schwedische" | "schwedischen" | "schwedischer", _) => Currency::Sek,
        ("norwegian" | "norwegische" | "norwegischen" | "norwegischer", _) => Currency::Nok,
        ("danish" | "dänische" | "dänischen" | "dänischer", _) => Currency::Dkk,
        ("czech" | "tschechische" | "tschechischen" | "tschechischer", _) => Currency::Czk,
        ("indian" | "indische" | "indischen" | "indischer", _) => Currency::Inr,
        ("russian" | "russische" | "russischen" | "russischer", _) => Currency::Rub,
        ("turkish" | "türkische" | "türkischen" | "türkischer", _) => Currency::Try,
        ("japanese" | "japanische" | "japanischen" | "japanischer", _) => Currency::Jpy,
        ("chinese" | "chinesische" | "chinesischen" | "chinesischer", _) => Currency::Cny,
        ("d", Language::German) if tokens.is_word(noun, &["mark"]) => {
            return Some((Currency::Dem, noun + 1));
        }
        _ => return None,
    };
    let cents = lexicon::subunit(tokens.word(noun)?, language).is_some();
    let money = matches!(lookup(tokens, noun, language), Some(Measure::Money(_)));
    (money && !cents).then_some((family, noun + 1))
}

fn english_measure(
    tokens: &Tokens<'_>,
    count: &Count,
    at: usize,
) -> Option<(Measure, usize, bool)> {
    let word = tokens.get(at)?.lower.as_ref();
    // „3p“ is money, „p“ after a space is a letter.
    if let Some(currency) =
        lexicon::subunit(word, Language::English).filter(|_| word != "p" || tokens.is_glued(at))
    {
        return Some((Measure::Money(currency), at + 1, true));
    }
    if let Some((currency, end)) = national_currency(tokens, at, Language::English) {
        return Some((Measure::Money(currency), end, false));
    }
    if tokens.is_mark(at, &['°']) {
        return Some((
            Measure::Unit(degree(tokens, at + 1)),
            degree_end(tokens, at + 1),
            false,
        ));
    }
    let next = tokens.after_hyphen(at + 1);
    match (word, tokens.word(next)) {
        ("per", Some("cent")) => return Some((Measure::Percent, next + 1, false)),
        ("percentage" | "percent", Some("point" | "points")) => {
            return Some((Measure::PercentagePoints, next + 1, false));
        }
        ("year" | "years", Some("old" | "olds")) => return Some((Measure::Age, next + 1, false)),
        ("years", Some("of")) if tokens.is_word(next + 1, &["age"]) => {
            return Some((Measure::Age, next + 2, false));
        }
        ("light", Some("year" | "years")) => {
            return Some((Measure::Unit(Unit::LightYear), next + 1, false));
        }
        ("metric", Some("ton" | "tons")) => {
            return Some((Measure::Unit(Unit::Tonne), next + 1, false));
        }
        ("square" | "cubic" | "nautical", Some(_)) => {
            let Some(Measure::Unit(base)) = lookup(tokens, next, Language::English) else {
                return None;
            };
            return Some((
                Measure::Unit(lexicon::compound_unit(Some(word), base, None)),
                next + 1,
                false,
            ));
        }
        _ => {}
    }
    // „one second“, but „the two second goals“ is rare enough.
    let measure = lookup(tokens, at, Language::English)?;
    let Measure::Unit(base) = measure else {
        return Some((measure, at + 1, false));
    };
    let rate = per_unit(tokens, at + 1, &["per", "an", "a"], &["hour", "second"]);
    let following = rate.map(|(rate, _)| rate).or_else(|| tokens.word(next));
    let unit = lexicon::compound_unit(None, base, following);
    let end = match rate {
        _ if unit == base => at + 1,
        Some((_, end)) => end,
        None => next + 1,
    };
    let _ = count;
    Some((Measure::Unit(unit), end, false))
}

/// „an hour and a half“, „a year and a half“.
fn and_a_half(tokens: &Tokens<'_>, amount: Amount, language: Language) -> Amount {
    let is_half = language == Language::English
        && matches!(amount.measure, Measure::Unit(_))
        && tokens.is_word(amount.end, &["and"])
        && tokens.is_word(amount.end + 1, &["a"])
        && tokens.is_word(amount.end + 2, &["half"]);
    match amount.count.value.plus(Decimal::HALF).filter(|_| is_half) {
        Some(value) => Amount {
            count: Count {
                value,
                loose: false,
                ..amount.count
            },
            end: amount.end + 3,
            ..amount
        },
        None => amount,
    }
}
