//! What DeepL would send a bill for.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

/// The limit that is reported: DeepL's own figure for accounts without one.
const NO_LIMIT: u64 = 1_000_000_000_000;

/// Characters translated for DeepL's clients since the service was started.
#[derive(Debug, Default)]
pub struct Usage(AtomicU64);

/// The answer of `/v2/usage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    character_count: u64,
    character_limit: u64,
}

impl Usage {
    pub fn add(&self, characters: usize) {
        // A sum and nothing else: no other memory depends on it.
        self.0.fetch_add(characters as u64, Ordering::Relaxed);
    }

    /// The count below the limit: clients take a count that has reached it for
    /// a quota that is used up, and there is none.
    pub fn report(&self) -> Report {
        Report {
            character_count: self.0.load(Ordering::Relaxed).min(NO_LIMIT - 1),
            character_limit: NO_LIMIT,
        }
    }
}
