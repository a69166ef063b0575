//! Measures that are lost or invented.

use std::collections::HashSet;

use super::resolved;
use crate::figures::side::Side;
use crate::figures::unit::{Currency, Dimension, Unit};
use crate::figures::value::{Measure, Value};

/// „25 Prozent“ ↔ "25". A measure that another figure of the translation names
/// may be left out: "between 25 and 30 percent".
pub fn lost_measures(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let mut named: Vec<Measure> = Vec::new();
    for measure in target.figures.iter().filter_map(|f| f.value.measure()) {
        if !named.contains(&measure) {
            named.push(measure);
        }
    }
    resolved(source, target)
        .filter(|(_, figure, other)| match (&figure.value, &other.value) {
            (Value::Amount { measure, .. }, Value::Amount { measure: kept, .. }) => {
                *kept == Measure::Count
                    && must_be_named(*measure)
                    && !figure.loose
                    && !named.contains(measure)
            }
            _ => false,
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „540 Firmen“ ↔ "540 percent": what the source counts has become a share or a sum.
/// In „von 5 auf 10 Prozent“ the first number has no measure of its own. Units, and
/// currencies of other countries, may be words that are not known in German; but in
/// „1.240 von 3.600 Kilometern“ ↔ "1,240 miles of 3,600 kilometers" the source measures
/// the same in another unit.
pub fn invented_measures(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let measures = source.figures.iter().filter_map(|f| f.value.measure());
    let named: HashSet<Unit> = measures
        .filter_map(|measure| match measure {
            Measure::Unit(unit) => Some(unit),
            Measure::Count
            | Measure::Money(_)
            | Measure::Percent
            | Measure::PercentagePoints
            | Measure::PerMille
            | Measure::Age => None,
        })
        .collect();
    let is_strange = |unit: Unit| {
        let dimension = unit.dimension();
        // „drei der sechs Monate“ may be "three months".
        dimension != Dimension::Time
            && !named.contains(&unit)
            && named.iter().any(|one| one.dimension() == dimension)
    };
    resolved(source, target)
        .filter(|(_, figure, other)| match (&figure.value, &other.value) {
            (Value::Amount { measure, .. }, Value::Amount { measure: new, .. }) => {
                let rest = source.text.get(figure.span.end..).unwrap_or("");
                let known = match new {
                    Measure::Percent | Measure::PercentagePoints | Measure::PerMille => true,
                    Measure::Money(currency) => matches!(currency, Currency::Eur | Currency::Usd),
                    Measure::Count | Measure::Age | Measure::Unit(_) => false,
                };
                let strange = matches!(new, Measure::Unit(unit) if is_strange(*unit));
                *measure == Measure::Count && (known && counts_noun(rest) || strange)
            }
            _ => false,
        })
        .map(|(link, ..)| link)
        .collect()
}

/// Whether what follows a number in German is the noun that it counts.
pub(super) fn counts_noun(rest: &str) -> bool {
    // „US“ and „Mio“ are shorter.
    const SHORTEST: usize = 4;
    let Some(word) = rest.strip_prefix(' ') else {
        return false;
    };
    let end = word.find(|c: char| !c.is_alphabetic());
    let word = word.get(..end.unwrap_or(word.len())).unwrap_or("");
    word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() >= SHORTEST
}

/// Ages and lengths of time go without their unit: "he died at 82".
fn must_be_named(measure: Measure) -> bool {
    match measure {
        Measure::Count | Measure::Age => false,
        Measure::Unit(unit) => unit.dimension() != Dimension::Time,
        Measure::Percent | Measure::PercentagePoints | Measure::PerMille | Measure::Money(_) => {
            true
        }
    }
}
