//! The task that writes down what is new, many entries at a time.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::{Counters, Fate};
use crate::error::{Error, Result};
use crate::store::Store;
use crate::store::memory::Record;

/// Notes that may wait; what comes on top is forgotten, since the memory must
/// not fill the machine's when the store stands still.
const ROOM: usize = 20_000;
/// Notes in one transaction.
const BATCH: usize = 256;

/// Something to write down.
#[derive(Debug)]
pub enum Note {
    Finished(Box<Record>),
    /// Ids of entries that were served.
    Served(Vec<String>),
    /// Answered once everything before it is written.
    Settle(oneshot::Sender<()>),
}

/// A handle to the task, which ends when the last one is gone.
#[derive(Debug, Clone)]
pub struct Writer {
    notes: mpsc::Sender<Note>,
    counters: Arc<Counters>,
}

impl Writer {
    pub fn start(store: &Store, counters: Arc<Counters>) -> Result<Self> {
        let (notes, inbox) = mpsc::channel(ROOM);
        store.spawn(write(store.clone(), inbox, Arc::clone(&counters)))?;
        Ok(Writer { notes, counters })
    }

    /// Never waits.
    pub fn send(&self, note: Note) {
        if self.notes.try_send(note).is_err() {
            self.counters.count(Fate::Failed, 1);
        }
    }

    pub async fn settled(&self) {
        let (done, settled) = oneshot::channel();
        if self.notes.send(Note::Settle(done)).await.is_ok() {
            // An error means that the task has ended; so has its work.
            settled.await.ok();
        }
    }
}

async fn write(store: Store, mut inbox: mpsc::Receiver<Note>, counters: Arc<Counters>) {
    let mut notes = Vec::with_capacity(BATCH);
    while inbox.recv_many(&mut notes, BATCH).await > 0 {
        let mut records = Vec::new();
        let mut served = Vec::new();
        let mut waiting = Vec::new();
        for note in notes.drain(..) {
            match note {
                Note::Finished(record) => records.push(*record),
                Note::Served(ids) => served.extend(ids),
                Note::Settle(done) => waiting.push(done),
            }
        }
        // One order for everybody: two transactions cannot wait for each other.
        records.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        let count = records.len();
        if count > 0 {
            report(store.memorise(records).await, count, &counters);
        }
        if !served.is_empty() {
            report(store.count_hits(served).await, 0, &counters);
        }
        for done in waiting {
            done.send(()).ok();
        }
    }
}

fn report(written: Result<(), Error>, count: usize, counters: &Counters) {
    if let Err(error) = written {
        tracing::warn!(%error, count, "the memory cannot be written");
        counters.count(Fate::Failed, count);
    }
}
