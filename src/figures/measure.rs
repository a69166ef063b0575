//! What a number counts: the unit, currency or percent sign behind it.

use super::Language;
use super::count::Count;
use super::lexicon;
use super::token::{Shape, Tokens};
use super::unit::{Currency, Unit};
use super::value::Measure;

/// What follows a number: its measure, the position after it, and whether the
/// measure is a hundredth (cents).
pub fn read(tokens: &Tokens<'_>, count: &Count, language: Language) -> (Measure, usize, bool) {
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
        let found = read(tokens, &inner, language);
        return if found.0 == Measure::Count {
            none
        } else {
            found
        };
    }
    // „a £10m renovation“: the sign belongs to the number behind it.
    let opens_next =
        token.shape == Shape::Mark && tokens.is_glued(at + 1) && tokens.numeral(at + 1).is_some();
    // „2014 EUR 77 Mio.“: the code belongs to the number behind it.
    let named_next = token.shape == Shape::Word
        && lexicon::currency_sign(token.text).is_some()
        && tokens.numeral(at + 1).is_some();
    // „In 1961 A new law came.“
    let article = token.text == "A" && !tokens.is_glued(at);
    if token.shape == Shape::Numeral || opens_next || named_next || article {
        return none;
    }
    if let Some((unit, end)) = power(tokens, at) {
        return (Measure::Unit(unit), end, false);
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

/// The unit of `km2` and `m3`, whose power is written as a plain digit.
pub fn power(tokens: &Tokens<'_>, at: usize) -> Option<(Unit, usize)> {
    let base = match tokens.get(at)?.text {
        "mm" => Unit::Millimetre,
        "cm" => Unit::Centimetre,
        "m" => Unit::Metre,
        "km" => Unit::Kilometre,
        _ => return None,
    };
    let power = tokens.numeral(at + 1).filter(|_| tokens.is_glued(at + 1))?;
    let word = match power {
        "2" => "square",
        "3" => "cubic",
        _ => return None,
    };
    let unit = lexicon::compound_unit(Some(word), base, None);
    (unit != base).then_some((unit, at + 2))
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
    // „3p“ is money, „p“ after a space is a letter and „720p“ a picture.
    let pence = tokens.is_glued(at) && count.value.to_f64() < 200.0;
    if let Some(currency) =
        lexicon::subunit(word, Language::English).filter(|_| word != "p" || pence)
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
        ("per", Some("mille" | "mil")) => return Some((Measure::PerMille, next + 1, false)),
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
    // „at the age of five won a prize“
    let in_digits = count.scale.is_some()
        || count
            .end
            .checked_sub(1)
            .is_some_and(|last| tokens.numeral(last).is_some());
    if measure == Measure::Money(Currency::Krw) && !in_digits {
        return None;
    }
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
    Some((Measure::Unit(unit), end, false))
}
