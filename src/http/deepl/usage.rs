//! What DeepL would send a bill for.

use serde::Serialize;

use crate::keys::Usage;

/// The limit that is reported where there is none: DeepL's own figure for
/// accounts without one.
const NO_LIMIT: u64 = 1_000_000_000_000;

/// The answer of `/v2/usage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    character_count: u64,
    character_limit: u64,
}

impl Report {
    /// Without a limit the count stays below the one that is reported: clients
    /// take a count that has reached it for a quota that is used up.
    pub fn of(usage: &Usage) -> Self {
        let characters = usage.count.characters;
        match usage.limit {
            Some(limit) => Report {
                character_count: characters,
                character_limit: limit,
            },
            None => Report {
                character_count: characters.min(NO_LIMIT - 1),
                character_limit: NO_LIMIT,
            },
        }
    }
}
