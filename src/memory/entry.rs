//! An entry of the memory as editors and programs see it, and pages of them.

use serde::Serialize;

use crate::store::memory::Record;

/// An entry as editors and programs see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub id: String,
    pub source: String,
    pub target: String,
    pub model: String,
    /// Name and SHA-256 of the adapter; empty without one.
    pub adapter: String,
    pub options: String,
    pub edited: bool,
    pub hits: i64,
    /// Milliseconds since 1970.
    pub created: i64,
    pub updated: i64,
}

impl From<Record> for Entry {
    fn from(record: Record) -> Self {
        Entry {
            id: record.id,
            source: record.source,
            target: record.target,
            model: record.model,
            adapter: record.adapter,
            options: record.options,
            edited: record.edited,
            hits: record.hits,
            created: record.created,
            updated: record.updated,
        }
    }
}

/// A page of entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// What to ask for as `after` to see the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
