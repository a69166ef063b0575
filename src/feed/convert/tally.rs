//! Counts what happened to whom.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// More than so many kinds tell nobody anything new.
const MOST: usize = 100;
/// Longest name of a kind, in characters; names come from the feed.
const LONGEST: usize = 60;

/// Something by name, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// An element, an attribute or a member, as the feed calls it.
    pub what: String,
    pub count: usize,
}

#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<String, usize>);

impl Tally {
    pub fn count(&mut self, what: &str) {
        let what: String = what.chars().take(LONGEST).collect();
        if self.0.len() < MOST || self.0.contains_key(&what) {
            *self.0.entry(what).or_default() += 1;
        }
    }

    pub fn counted(self) -> Vec<Counted> {
        let counted = |(what, count)| Counted { what, count };
        self.0.into_iter().map(counted).collect()
    }
}
