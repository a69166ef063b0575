//! What German writes behind a number.

use super::{degree, degree_end, lookup, national_currency, per_unit};
use crate::figures::Language;
use crate::figures::count::Count;
use crate::figures::lexicon;
use crate::figures::token::Tokens;
use crate::figures::unit::{Currency, Unit};
use crate::figures::value::Measure;

pub fn german_measure(
    tokens: &Tokens<'_>,
    count: &Count,
    at: usize,
) -> Option<(Measure, usize, bool)> {
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
