//! What became of a feed, item by item.

use serde::{Deserialize, Serialize};

use super::convert::Conversion;
use super::{Dialect, Entry, Fault, Item};
use crate::dispatch::{ModelTag, Warning};
use crate::error::Error;

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    Translated,
    /// Translated by an earlier run from the same text with the same options.
    Remembered,
    /// In another language; it stands as it came.
    Passed,
    /// Nothing in it can be translated.
    Blank,
    /// Left out by the limits of number or date; it stands as it came.
    Skipped,
    /// It stands as it came; `error` tells why.
    Failed,
}

/// Why an item was not translated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemError {
    /// As in a problem document.
    pub code: String,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemReport {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Line of the source that the item begins in, from 1.
    pub line: usize,
    pub status: ItemStatus,
    /// Figures of the item, all of them.
    pub figures: usize,
    /// Figures that are changed, missing or added, and segments whose
    /// translation is empty, cut off or still German.
    pub unresolved: usize,
    /// `segment` counts over the texts of the item.
    pub warnings: Vec<Warning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ItemError>,
}

impl ItemReport {
    /// An item that stands as it came.
    pub fn untouched(entry: &Entry, status: ItemStatus) -> Self {
        ItemReport {
            id: entry.id.clone(),
            line: entry.line,
            status,
            figures: 0,
            unresolved: 0,
            warnings: Vec::new(),
            error: None,
        }
    }

    pub fn failed(entry: &Entry, error: &Error) -> Self {
        ItemReport {
            error: Some(ItemError {
                code: error.code().entry().slug.to_owned(),
                message: error.to_string(),
            }),
            ..Self::untouched(entry, ItemStatus::Failed)
        }
    }

    pub fn of(entry: &Entry, item: &Item, is_remembered: bool) -> Self {
        let status = match (item.is_passed, is_remembered) {
            (true, _) => ItemStatus::Passed,
            (false, true) => ItemStatus::Remembered,
            (false, false) => ItemStatus::Translated,
        };
        ItemReport {
            figures: item.figures,
            unresolved: item.unresolved,
            warnings: item.warnings.clone(),
            ..Self::untouched(entry, status)
        }
    }
}

/// The machine-readable account of a feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedReport {
    /// Of the source.
    pub format: Dialect,
    /// Title and description of the feed itself.
    pub head: ItemReport,
    /// In the order of the feed.
    pub items: Vec<ItemReport>,
    /// What could not be read, by line.
    pub faults: Vec<Fault>,
    /// What became of the rest, when the feed was written in another format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Conversion>,
    pub model: ModelTag,
    pub total_ms: f64,
}

impl FeedReport {
    fn all(&self) -> impl Iterator<Item = &ItemReport> {
        std::iter::once(&self.head).chain(&self.items)
    }

    pub fn unresolved(&self) -> usize {
        self.all().map(|item| item.unresolved).sum()
    }

    pub fn failed(&self) -> usize {
        self.count(ItemStatus::Failed)
    }

    /// How many have come to this, the feed's head included.
    pub fn count(&self, status: ItemStatus) -> usize {
        self.all().filter(|item| item.status == status).count()
    }
}
