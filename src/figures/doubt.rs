//! Figures whose number was kept and whose meaning was not: a measure that is
//! lost or invented, a bound that was turned round, a count that became a rank.

mod age;
mod bearing;
mod bound;
mod half;
mod mark;
mod measure;
mod order;
mod post;
mod scope;
mod sort;
mod term;
#[cfg(test)]
mod tests;

use super::Figure;
use super::side::Side;
use super::unit::Dimension;
use super::value::{Measure, Value};
use super::{direction, swap, zone};
use crate::words::{head, tail, words};

/// Finds figures that seem right and are not: pairs of positions.
type Finder = fn(&Side<'_>, &Side<'_>) -> Vec<(usize, usize)>;

/// In this order: what one has found is no longer right for those behind it.
pub const FINDERS: [Finder; 39] = [
    swap::find,
    order::turned_ranges,
    order::turned_shares,
    order::parted_days,
    order::scattered_dates,
    mark::other_codes,
    mark::german_marks,
    mark::impossible_hours,
    measure::lost_measures,
    measure::invented_measures,
    age::invented_ages,
    age::narrowed_ages,
    age::other_ages,
    half::invented_halves,
    bound::invented_bounds,
    bound::invented_limits,
    bound::contradictions,
    bearing::starts_as_differences,
    bearing::differences_as_ends,
    bearing::differences_as_starts,
    bearing::lost_rates,
    bearing::turned_times,
    bearing::ranked_counts,
    sort::counted_shares,
    sort::counted_ranks,
    sort::ranked_lengths,
    sort::aged_counts,
    sort::placed_times,
    post::turned_jobs,
    scope::invented_averages,
    scope::invented_totals,
    scope::lost_denials,
    scope::lost_signs,
    scope::exchanged_rates,
    scope::invented_currencies,
    term::turned_terms,
    term::lost_terms,
    direction::turned,
    zone::exchanged,
];

/// What was found, unless the text has one of these parts of words: then it may be right.
fn unless(found: Vec<(usize, usize)>, text: &str, parts: &[&str]) -> Vec<(usize, usize)> {
    if found.is_empty() {
        return found;
    }
    let lower = text.to_lowercase();
    match parts.iter().any(|part| lower.contains(part)) {
        true => Vec::new(),
        false => found,
    }
}

/// Whether a figure is a length of time.
fn lasts(figure: &Figure) -> bool {
    matches!(
        figure.value,
        Value::Amount { measure: Measure::Unit(unit), .. } if unit.dimension() == Dimension::Time
    )
}

/// Bytes on either side of a figure in which its words are sought.
const NEAR: usize = 120;

/// The words before a figure, the nearest first.
fn ahead<'a>(text: &'a str, figure: &Figure) -> Vec<&'a str> {
    let before = tail(text.get(..figure.span.start).unwrap_or(""), NEAR);
    let mut words: Vec<&str> = words(before).map(|span| span.of(before)).collect();
    words.reverse();
    words
}

/// The words behind a figure.
fn beyond<'a>(text: &'a str, figure: &Figure) -> Vec<&'a str> {
    let behind = head(text.get(figure.span.end..).unwrap_or(""), NEAR);
    words(behind).map(|span| span.of(behind)).collect()
}

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
