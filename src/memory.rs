//! The translation memory: segments that were translated and checked before.
//!
//! A segment is known again by its normalised source, the model, the adapter
//! and the options of decoding; what an editor wrote counts for its source
//! whatever the model. The memory never holds anybody up: a store that does not
//! answer in time is a memory that knows nothing for a while. What is new is
//! written down by a task of its own, many entries at a time.

mod counters;
mod entry;
pub mod origin;
pub mod tmx;
mod writer;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::store::memory::{Found, Record, digest};
use crate::store::{Store, is_id};
use counters::{Counters, Fate};
pub use counters::{Counts, Stats};
pub use entry::{Entry, Page};
pub use origin::Origin;
use writer::{Note, Writer};

/// How long a request waits for what the memory knows.
const PATIENCE: Duration = Duration::from_secs(1);
/// Sources in one question.
const BATCH: usize = 500;

/// What the memory knows of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub target: String,
    /// What the model wrote first, where that is not the target.
    pub draft: Option<String>,
    /// An editor wrote it.
    pub edited: bool,
}

/// A segment that was translated and has no open figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// One line.
    pub source: String,
    pub target: String,
    /// What the model wrote first, where that is not the target.
    pub draft: Option<String>,
}

/// A handle to the memory; clones share it.
#[derive(Debug, Clone)]
pub struct Memory {
    store: Store,
    counters: Arc<Counters>,
    writer: Writer,
}

impl Memory {
    /// The memory in a store.
    ///
    /// # Errors
    /// [`Error::Internal`] when the store is going away.
    pub fn new(store: Store) -> Result<Self> {
        let counters = Arc::default();
        let writer = Writer::start(&store, Arc::clone(&counters))?;
        Ok(Memory {
            store,
            counters,
            writer,
        })
    }

    /// What is known of the sources, each one line, in their order. Whatever
    /// fails is told to the log, and nothing is known.
    pub async fn recall(&self, sources: &[String], origin: &Origin) -> Vec<Option<Known>> {
        let mut known = vec![None; sources.len()];
        if self.counters.is_paused(self.store.now()) {
            return known;
        }
        let scope = origin.scope();
        for (batch, known) in sources.chunks(BATCH).zip(known.chunks_mut(BATCH)) {
            let hashes: Vec<String> = batch.iter().map(|source| digest(&[source])).collect();
            let asked = tokio::time::timeout(PATIENCE, self.store.recall(&hashes, &scope)).await;
            match asked.unwrap_or_else(|_| Err(Error::Store("too slow for the memory".into()))) {
                Ok(found) => self.take(batch, &hashes, found, known),
                Err(error) => {
                    tracing::warn!(%error, "the memory cannot be asked");
                    self.counters.count(Fate::Failed, sources.len());
                    self.counters.pause(self.store.now());
                    break;
                }
            }
        }
        known
    }

    fn take(
        &self,
        sources: &[String],
        hashes: &[String],
        found: Found,
        known: &mut [Option<Known>],
    ) {
        self.damaged(found.damaged);
        let mut best: HashMap<String, Record> = HashMap::new();
        for record in found.records {
            let rank = |record: &Record| (record.edited, record.updated);
            match best.get(&record.source_hash) {
                Some(other) if rank(other) >= rank(&record) => {}
                Some(_) | None => {
                    best.insert(record.source_hash.clone(), record);
                }
            }
        }
        let mut served = Vec::new();
        for ((source, hash), place) in sources.iter().zip(hashes).zip(known) {
            // Equal hashes are equal sources, unless somebody tampered.
            if let Some(record) = best.get(hash).filter(|record| record.source == *source) {
                served.push(record.id.clone());
                *place = Some(Known {
                    target: record.target.clone(),
                    draft: record.draft.clone().filter(|_| !record.edited),
                    edited: record.edited,
                });
            }
        }
        self.counters.count(Fate::Hit, served.len());
        self.counters
            .count(Fate::Miss, sources.len() - served.len());
        if !served.is_empty() {
            self.writer.send(Note::Served(served));
        }
    }

    /// Tells of entries that were not used.
    fn damaged(&self, count: usize) {
        if count > 0 {
            tracing::error!(count, "entries of the memory are damaged and were left out");
            self.counters.count(Fate::Damaged, count);
        }
    }

    /// Writes a segment down, soon.
    pub fn record(&self, finished: Finished, origin: &Origin) {
        let now = self.store.now();
        let source_hash = digest(&[&finished.source]);
        let scope = origin.scope();
        let record = Record {
            id: entry_id(&source_hash, &scope),
            source_hash,
            scope,
            source: finished.source,
            target: finished.target,
            draft: finished.draft,
            model: origin.model.clone(),
            adapter: origin.adapter.clone(),
            options: origin.options.clone(),
            edited: false,
            hits: 0,
            created: now,
            updated: now,
            checksum: String::new(),
        };
        self.writer.send(Note::Finished(Box::new(record.sealed())));
    }

    /// Waits until everything that was recorded so far is written.
    pub async fn settled(&self) {
        self.writer.settled().await;
    }

    /// A page of entries that hold the words, behind the id `after`.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn page(&self, words: &str, after: &str, limit: usize) -> Result<Page> {
        let (found, last) = self.store.memory_page(words, after, limit as i64).await?;
        let full = found.records.len() + found.damaged == limit;
        self.damaged(found.damaged);
        Ok(Page {
            entries: found.records.into_iter().map(Entry::from).collect(),
            next: last.filter(|_| full),
        })
    }

    /// One entry.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for one that is damaged, and those of the store.
    pub async fn entry(&self, id: &str) -> Result<Entry> {
        self.found(id).await.map(Entry::from)
    }

    async fn found(&self, id: &str) -> Result<Record> {
        let found = match is_id(id) {
            true => self.store.memory_entry(id).await?,
            false => Found::default(),
        };
        self.damaged(found.damaged);
        let record = found.records.into_iter().next();
        record.ok_or_else(|| Error::NotFound("no entry of the memory has this id".into()))
    }

    /// Puts an editor's English in the place of an entry's; it is preferred from
    /// then on, whatever the model.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Empty`] without words, and those of the
    /// store.
    pub async fn correct(&self, id: &str, target: &str) -> Result<Entry> {
        let target = one_line(target);
        if target.is_empty() {
            return Err(Error::Empty);
        }
        let record = Record {
            target,
            draft: None,
            edited: true,
            updated: self.store.now(),
            ..self.found(id).await?
        }
        .sealed();
        self.store.memorise(vec![record.clone()]).await?;
        Ok(record.into())
    }

    /// Numbers about the memory.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn stats(&self) -> Result<Stats> {
        Ok(Stats {
            totals: self.store.memory_totals().await?,
            process: self.counters.counts(),
        })
    }

    /// All entries as TMX.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn export(&self) -> Result<Vec<u8>> {
        let mut document = tmx::Document::begin();
        let mut after = String::new();
        loop {
            let (found, last) = self.store.memory_page("", &after, BATCH as i64).await?;
            self.damaged(found.damaged);
            for record in found.records {
                document.add(&record.into())?;
            }
            match last {
                Some(last) => after = last,
                None => return document.end(),
            }
        }
    }

    /// Takes the German and English segments of a TMX document. Those that
    /// Depesche exported stay what they were; all others count as written by an
    /// editor. Returns how many there were.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is no TMX, and those of the store.
    pub async fn import(&self, document: &[u8]) -> Result<usize> {
        let units = tmx::read(document)?;
        let now = self.store.now();
        let records: Vec<Record> = units
            .into_iter()
            .map(|unit| {
                let source_hash = digest(&[&unit.source]);
                let scope = unit.origin.scope();
                Record {
                    id: entry_id(&source_hash, &scope),
                    source_hash,
                    scope,
                    source: unit.source,
                    target: unit.target,
                    draft: None,
                    model: unit.origin.model,
                    adapter: unit.origin.adapter,
                    options: unit.origin.options,
                    edited: unit.edited,
                    hits: unit.hits,
                    created: unit.created.unwrap_or(now),
                    updated: unit.updated.unwrap_or(now),
                    checksum: String::new(),
                }
                .sealed()
            })
            .collect();
        let count = records.len();
        for batch in records.chunks(BATCH) {
            self.store.memorise(batch.to_vec()).await?;
        }
        Ok(count)
    }
}

/// An entry's id: half of a hash is more than enough to tell entries apart.
fn entry_id(source_hash: &str, scope: &str) -> String {
    let mut id = digest(&[source_hash, scope]);
    id.truncate(32);
    id
}

/// The text as the model sees it, and as the memory knows it: words with single
/// spaces between them. A sentence of a wrapped paragraph is one line, and so is
/// what the model writes.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
