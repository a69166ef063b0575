//! What a number counts: the unit, currency or percent sign behind it.

mod english;
mod german;

use english::english_measure;
use german::german_measure;

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
