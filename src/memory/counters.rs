//! What is counted about the memory, and when a store that failed may be asked
//! again.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use serde::Serialize;

use crate::store::memory::Totals;

/// How long a store that failed is left alone, in milliseconds.
const PAUSE: i64 = 5_000;

/// Numbers about the memory: of the store, and of this process since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stats {
    #[serde(flatten)]
    pub totals: Totals,
    pub process: Counts,
}

/// What happened since the process started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Segments that were known.
    pub hits: u64,
    /// Segments that were not.
    pub misses: u64,
    /// Entries whose checksum did not fit; they were not used.
    pub damaged: u64,
    /// Segments that could not be looked up or written down.
    pub failed: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    hits: AtomicU64,
    misses: AtomicU64,
    damaged: AtomicU64,
    failed: AtomicU64,
    /// When the store may be asked again.
    resumes: AtomicI64,
}

/// What became of a segment that the memory was asked about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fate {
    Hit,
    Miss,
    Damaged,
    Failed,
}

impl Counters {
    pub fn count(&self, fate: Fate, count: usize) {
        let (counter, name) = match fate {
            Fate::Hit => (&self.hits, "hit"),
            Fate::Miss => (&self.misses, "miss"),
            Fate::Damaged => (&self.damaged, "damaged"),
            Fate::Failed => (&self.failed, "failed"),
        };
        counter.fetch_add(count as u64, Ordering::Relaxed);
        metrics::counter!("depesche_memory_segments_total", "outcome" => name)
            .increment(count as u64);
    }

    pub fn pause(&self, now: i64) {
        self.resumes.store(now + PAUSE, Ordering::Relaxed);
    }

    /// Whether the store is left alone for now.
    pub fn is_paused(&self, now: i64) -> bool {
        now < self.resumes.load(Ordering::Relaxed)
    }

    pub fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            hits: read(&self.hits),
            misses: read(&self.misses),
            damaged: read(&self.damaged),
            failed: read(&self.failed),
        }
    }
}
