//! What the pipeline itself says of its translations.

use serde::Serialize;

use crate::dispatch::{SegmentStatus, Translations};
use crate::figures::Status;

/// What the pipeline itself says of its translations. Unlike the report it
/// counts figures in words and names, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(super) struct Accounts {
    pub kept: usize,
    pub converted: usize,
    pub changed: usize,
    pub missing: usize,
    pub added: usize,
    /// Sentences with a figure that was put right, or for which another
    /// hypothesis than the first was taken.
    pub repaired: usize,
    /// Sentences with an open figure.
    pub unresolved: usize,
    /// Share of the time that the last check of all figures took, in percent.
    pub check_percent: f64,
}

impl Accounts {
    pub fn of(answer: &Translations) -> Self {
        let mut accounts = Accounts {
            check_percent: 100.0 * answer.timings.figures_ms / answer.timings.total_ms,
            ..Accounts::default()
        };
        for text in &answer.translations {
            for figure in &text.figures {
                *match figure.status {
                    Status::Kept => &mut accounts.kept,
                    Status::Converted => &mut accounts.converted,
                    Status::Changed => &mut accounts.changed,
                    Status::Missing => &mut accounts.missing,
                    Status::Added => &mut accounts.added,
                } += 1;
            }
            for segment in &text.segments {
                match segment.status {
                    SegmentStatus::Repaired => accounts.repaired += 1,
                    SegmentStatus::Unresolved => accounts.unresolved += 1,
                    SegmentStatus::Ok | SegmentStatus::Incomplete | SegmentStatus::Copied => {}
                }
            }
        }
        accounts
    }
}
