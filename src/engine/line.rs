//! The segments that wait for the model, each once for all who want it: what
//! a model of this process and a server elsewhere have in common.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use metrics::{counter, gauge, histogram};
use tokio::sync::mpsc;

use super::batcher::{Batcher, Cost, Entry, RequestId, Room};
use super::cache::{Cache, Key};
use super::{Decoding, Reply, Required, Shared, Submission, Translated};
use crate::error::{Error, Result};

/// An admitted submission on its way to those who work on it.
#[derive(Debug)]
pub(super) struct Command {
    pub submission: Submission,
    pub sender: mpsc::UnboundedSender<Reply>,
    pub arrived: Instant,
}

/// A segment, once for all submissions that have it.
#[derive(Debug)]
pub(super) struct Item<W> {
    pub key: Key,
    /// What is done for it: a prompt in tokens, or a text to send.
    pub work: W,
    /// As it was asked for.
    pub decoding: Decoding,
    /// Who waits for it; never empty.
    recipients: Vec<Recipient>,
}

impl<W> Item<W> {
    pub fn is_wanted(&self) -> bool {
        let listens = |recipient: &Recipient| !recipient.sender.is_closed();
        self.recipients.iter().any(listens)
    }
}

/// A place in a submission.
#[derive(Debug, Clone)]
pub(super) struct Recipient {
    index: usize,
    arrived: Instant,
    sender: mpsc::UnboundedSender<Reply>,
}

/// A text of a submission and what its answer must be like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    pub text: &'a str,
    pub required: &'a [Required],
    pub decoding: Decoding,
}

/// A text, made ready for the model.
#[derive(Debug)]
pub(super) struct Prepared<W> {
    pub key: Key,
    pub work: W,
    pub cost: Cost,
}

/// Everything that waits, and what was answered before.
#[derive(Debug)]
pub(super) struct Line<W> {
    shared: Arc<Shared>,
    batcher: Batcher<Item<W>>,
    /// Keys of all segments that wait or are worked on.
    open: HashSet<Key>,
    cache: Cache,
    started: Instant,
    requests: u64,
}

impl<W> Line<W> {
    /// An empty line that remembers so many bytes of answers.
    pub fn new(shared: Arc<Shared>, cache: usize) -> Self {
        Line {
            shared,
            batcher: Batcher::default(),
            open: HashSet::new(),
            cache: Cache::new(cache),
            started: Instant::now(),
            requests: 0,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.batcher.is_empty()
    }

    /// Takes a submission. What is known is answered at once; what equals a
    /// segment that waits, or one that `join` finds under way, waits with it.
    pub fn enqueue(
        &mut self,
        command: Command,
        prepare: impl Fn(Wish<'_>) -> Result<Prepared<W>>,
        mut join: impl FnMut(&Key, &Recipient) -> bool,
    ) {
        let Command {
            submission,
            sender,
            arrived,
        } = command;
        self.requests += 1;
        let decoding = submission.decoding;
        let expires = submission
            .expires
            .map(|expires| expires.saturating_duration_since(self.started));
        let mut entries: Vec<Entry<Item<W>>> = Vec::with_capacity(submission.texts.len());
        for (index, text) in submission.texts.iter().enumerate() {
            let recipient = Recipient {
                index,
                arrived,
                sender: sender.clone(),
            };
            let required = submission.required.get(index);
            let wish = Wish {
                text,
                required: required.map_or(&[], Vec::as_slice),
                decoding,
            };
            let Prepared { key, work, cost } = match prepare(wish) {
                Ok(prepared) => prepared,
                Err(error) => {
                    self.turn_away(&recipient, Err(error));
                    continue;
                }
            };
            if let Some(translated) = self.cache.get(&key) {
                counter!("depesche_segments_shared_total", "how" => "known").increment(1);
                self.turn_away(&recipient, known(Ok(translated)));
                continue;
            }
            let is_shared = self.open.contains(&key)
                && (self.wait_with(&key, &recipient, expires, &mut entries)
                    || join(&key, &recipient));
            if is_shared {
                counter!("depesche_segments_shared_total", "how" => "joined").increment(1);
                self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
                continue;
            }
            self.open.insert(key.clone());
            entries.push(Entry {
                cost,
                expires,
                item: Item {
                    key,
                    work,
                    decoding,
                    recipients: vec![recipient],
                },
            });
        }
        self.batcher.push(RequestId(self.requests), entries);
    }

    /// Answers a segment that never waited.
    fn turn_away(&self, recipient: &Recipient, result: Result<Translated>) {
        self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
        self.answer(recipient, result);
    }

    /// Lets a recipient wait with an equal segment that waits; that one then
    /// waits as long as the more patient of them.
    fn wait_with(
        &mut self,
        key: &Key,
        recipient: &Recipient,
        expires: Option<Duration>,
        new: &mut [Entry<Item<W>>],
    ) -> bool {
        let waiting = match new.iter_mut().find(|entry| entry.item.key == *key) {
            Some(entry) => Some(entry),
            None => self.batcher.find(|item| item.key == *key),
        };
        let Some(entry) = waiting else {
            return false;
        };
        entry.expires = entry.expires.zip(expires).map(|(a, b)| a.max(b));
        entry.item.recipients.push(recipient.clone());
        true
    }

    /// Those whose turn it is, as far as there is room.
    pub fn admit(&mut self, room: Room) -> Vec<Item<W>> {
        let admitted = self.batcher.admit(room);
        let count = admitted.len();
        self.shared.active.fetch_add(count, Ordering::AcqRel);
        self.shared.waiting.fetch_sub(count, Ordering::AcqRel);
        admitted.into_iter().map(|entry| entry.item).collect()
    }

    /// Sends the answer of a segment that was admitted.
    pub fn conclude(&mut self, item: &Item<W>, result: Result<Translated>) {
        if let Ok(translated) = &result {
            self.cache.insert(item.key.clone(), translated.clone());
        }
        self.shared.segments.fetch_add(1, Ordering::Relaxed);
        self.shared.active.fetch_sub(1, Ordering::AcqRel);
        self.answer_all(item, result);
    }

    /// Sends the answer of a segment to everybody who waits for it; the tokens
    /// count for the first.
    fn answer_all(&mut self, item: &Item<W>, result: Result<Translated>) {
        self.open.remove(&item.key);
        let mut result = Some(result);
        for (place, recipient) in item.recipients.iter().enumerate().rev() {
            histogram!("depesche_segment_seconds")
                .record(recipient.arrived.elapsed().as_secs_f64());
            let answer = match place {
                0 => result.take(),
                _ => result.clone().map(known),
            };
            if let Some(answer) = answer {
                self.answer(recipient, answer);
            }
        }
    }

    fn answer(&self, recipient: &Recipient, result: Result<Translated>) {
        let outcome = if result.is_ok() { "done" } else { "failed" };
        counter!("depesche_segments_total", "outcome" => outcome).increment(1);
        if recipient.sender.send((recipient.index, result)).is_err() {
            tracing::debug!("a finished segment had no one waiting for it");
        }
        self.shared.changed.notify_waiters();
    }

    /// Forgets what waits too long already, or for nobody.
    pub fn drop_the_unwanted(&mut self) {
        for entry in self.batcher.expire(self.started.elapsed()) {
            self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
            let first = entry.item.recipients.first();
            let waited = first.map(|recipient| recipient.arrived.elapsed());
            let error = Error::Deadline(waited.unwrap_or_default());
            self.answer_all(&entry.item, Err(error));
        }
        let unwanted = self.batcher.cancel(|item| !item.is_wanted());
        let waiting = &self.shared.waiting;
        waiting.fetch_sub(unwanted.len(), Ordering::AcqRel);
        self.forget(unwanted.iter().map(|entry| &entry.item));
    }

    /// Forgets segments that were worked on and that nobody waits for.
    pub fn abandon<'a>(&mut self, items: impl Iterator<Item = &'a Item<W>>)
    where
        W: 'a,
    {
        let items: Vec<&Item<W>> = items.collect();
        self.shared.active.fetch_sub(items.len(), Ordering::AcqRel);
        self.forget(items.into_iter());
    }

    /// The counters know of it already.
    fn forget<'a>(&mut self, items: impl Iterator<Item = &'a Item<W>>)
    where
        W: 'a,
    {
        let mut count = 0;
        for item in items {
            self.open.remove(&item.key);
            count += 1;
        }
        if count > 0 {
            counter!("depesche_segments_cancelled_total").increment(count as u64);
            self.shared.changed.notify_waiters();
        }
    }

    /// Answers all that waits with an error.
    pub fn refuse_all(&mut self, error: &Error) {
        let all = Room {
            sequences: usize::MAX,
            prompt_tokens: usize::MAX,
        };
        for item in self.admit(all) {
            self.conclude(&item, Err(error.clone()));
        }
    }

    /// Tells the metrics how much waits and how much is worked on.
    pub fn record_depth(&self, active: usize) {
        gauge!("depesche_queue_segments").set(self.batcher.len() as f64);
        gauge!("depesche_active_segments").set(active as f64);
    }
}

/// Lets a recipient wait for the segment of this key, if it is among these.
pub(super) fn join<'a, W: 'a>(
    mut items: impl Iterator<Item = &'a mut Item<W>>,
    key: &Key,
    recipient: &Recipient,
) -> bool {
    match items.find(|item| item.key == *key) {
        Some(item) => {
            item.recipients.push(recipient.clone());
            true
        }
        None => false,
    }
}

/// An answer that cost nothing: the segment was known or under way.
fn known(result: Result<Translated>) -> Result<Translated> {
    result.map(|translated| Translated {
        tokens: 0,
        ..translated
    })
}
