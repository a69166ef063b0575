//! Figures whose number was kept and whose meaning was not: a measure that is
//! lost, a bound that was turned round.

use super::Figure;
use super::side::Side;
use super::unit::Dimension;
use super::value::{Measure, Value};

/// The figures that seem right, each with its position and its partner.
fn resolved<'a>(
    source: &'a Side<'_>,
    target: &'a Side<'_>,
) -> impl Iterator<Item = ((usize, usize), &'a Figure, &'a Figure)> {
    source
        .figures
        .iter()
        .zip(&source.links)
        .enumerate()
        .filter_map(|(index, (figure, link))| {
            let link = (*link).filter(|link| link.status.resolved())?;
            let other = target.figures.get(link.partner)?;
            Some(((index, link.partner), figure, other))
        })
}

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

/// „mehr als 100“ ↔ "less than 100".
pub fn contradictions(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            figure
                .approximation
                .zip(other.approximation)
                .is_some_and(|(one, other)| one.contradicts(other))
        })
        .map(|(link, ..)| link)
        .collect()
}
