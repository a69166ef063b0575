//! What English writes behind a number.

use super::{degree, degree_end, lookup, national_currency, per_unit};
use crate::figures::Language;
use crate::figures::count::Count;
use crate::figures::lexicon;
use crate::figures::token::Tokens;
use crate::figures::unit::{Currency, Unit};
use crate::figures::value::Measure;

pub fn english_measure(
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
