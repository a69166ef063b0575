//! Target figures that repeat a value where another one belongs.

use super::likeness::unlikeness;
use super::side::Side;
use super::value::Value;
use std::collections::HashSet;

/// „5 Tote und 7 Verletzte“ ↔ "5 dead and 5 injured": the second 5 is no
/// repetition, it took the place of the 7. Pairs of open figures, the likeliest
/// first; a figure may be in several of them.
pub fn usurpers(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let known: HashSet<&Value> = source.figures.iter().map(|figure| &figure.value).collect();
    let mut pairs = Vec::new();
    for (place, (index, one)) in source.open().into_iter().enumerate() {
        for (other_place, (other_index, other)) in target.open().into_iter().enumerate() {
            if one.loose || other.loose || one.kind != other.kind || !known.contains(&other.value) {
                continue;
            }
            if let Some(cost) = unlikeness(&one.value, &other.value) {
                pairs.push((cost + 2 * place.abs_diff(other_place), index, other_index));
            }
        }
    }
    pairs.sort_unstable();
    pairs
        .into_iter()
        .map(|(_, source, target)| (source, target))
        .collect()
}
