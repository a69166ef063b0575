//! Figures whose number was kept and whose meaning was not: a measure that is
//! lost or invented, a bound that was turned round, a count that became a rank.

mod age;
mod bearing;
mod bound;
mod half;
mod mark;
mod measure;
mod order;
#[cfg(test)]
mod tests;

use super::Figure;
use super::side::Side;
use super::{direction, swap, zone};

/// Finds figures that seem right and are not: pairs of positions.
type Finder = fn(&Side<'_>, &Side<'_>) -> Vec<(usize, usize)>;

/// In this order: what one has found is no longer right for those behind it.
pub const FINDERS: [Finder; 21] = [
    swap::find,
    order::turned_ranges,
    order::turned_shares,
    order::scattered_dates,
    mark::other_codes,
    mark::german_marks,
    measure::lost_measures,
    measure::invented_measures,
    age::invented_ages,
    age::narrowed_ages,
    age::other_ages,
    half::invented_halves,
    bound::invented_bounds,
    bound::contradictions,
    bearing::starts_as_differences,
    bearing::differences_as_ends,
    bearing::lost_rates,
    bearing::turned_times,
    bearing::ranked_counts,
    direction::turned,
    zone::exchanged,
];

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
