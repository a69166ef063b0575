//! Ranges and dates whose parts are spread over several figures of the other
//! side: „5. und 6. Juni“ ↔ "June 5 and 6".

use super::relation::relate;
use super::side::Side;
use super::value::Value;

/// A figure and the one that its parts belong to.
type Owned = (usize, usize);

/// A value of more parts is compared as a whole only.
const MOST_PARTS: usize = 3;

struct Part {
    /// The figure of this side.
    owner: usize,
    value: Value,
    /// The figure of the other side.
    partner: Option<usize>,
}

/// The figures of the source, and those of the target, all of whose parts
/// stand on the other side.
pub fn find(source: &Side<'_>, target: &Side<'_>) -> (Vec<Owned>, Vec<Owned>) {
    let (mut sources, mut targets) = (split(source), split(target));
    let mut pairs = Vec::new();
    for (s, one) in sources.iter().enumerate() {
        for (t, other) in targets.iter().enumerate() {
            if let Some(relation) = relate(&one.value, &other.value) {
                pairs.push((relation.cost, s.abs_diff(t), s, t));
            }
        }
    }
    pairs.sort_unstable();
    for (_, _, s, t) in pairs {
        if let (Some(one), Some(other)) = (sources.get_mut(s), targets.get_mut(t))
            && one.partner.is_none()
            && other.partner.is_none()
        {
            one.partner = Some(other.owner);
            other.partner = Some(one.owner);
        }
    }
    (whole(&sources), whole(&targets))
}

fn split(side: &Side<'_>) -> Vec<Part> {
    side.open()
        .into_iter()
        .map(|(owner, figure)| (owner, figure.value.parts()))
        .filter(|(_, parts)| parts.len() <= MOST_PARTS)
        .flat_map(|(owner, parts)| {
            parts.into_iter().map(move |value| Part {
                owner,
                value,
                partner: None,
            })
        })
        .collect()
}

/// The figures all of whose parts have found a partner, with that of the first.
fn whole(parts: &[Part]) -> Vec<Owned> {
    parts
        .chunk_by(|one, next| one.owner == next.owner)
        .filter(|own| own.iter().all(|part| part.partner.is_some()))
        .filter_map(|own| own.first())
        .filter_map(|first| Some((first.owner, first.partner?)))
        .collect()
}
