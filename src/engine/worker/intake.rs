//! What comes in and what is forgotten again before it was worked on.

use std::sync::atomic::Ordering;
use std::sync::mpsc as blocking;

use metrics::counter;

use super::{Command, Item, Worker, caught};
use crate::engine::batcher::{Cost, Entry, RequestId};
use crate::error::Error;

impl Worker {
    /// Takes what has arrived; blocks when there is nothing to do. Returns
    /// whether more can come.
    pub(super) fn receive(&mut self, open: bool) -> bool {
        if open && self.is_idle() {
            match self.inbox.recv() {
                Ok(command) => self.enqueue(command),
                Err(blocking::RecvError) => return false,
            }
        }
        loop {
            match self.inbox.try_recv() {
                Ok(command) => self.enqueue(command),
                Err(blocking::TryRecvError::Empty) => return open,
                Err(blocking::TryRecvError::Disconnected) => return false,
            }
        }
    }

    pub(super) fn enqueue(&mut self, command: Command) {
        let Command {
            submission,
            sender,
            arrived,
        } = command;
        self.requests += 1;
        let mut entries = Vec::with_capacity(submission.texts.len());
        for (index, text) in submission.texts.iter().enumerate() {
            match caught(|| self.model.encode(text)) {
                Ok(prompt) => entries.push(Entry {
                    cost: Cost {
                        sequences: submission.decoding.beams.max(1),
                        prompt_tokens: prompt.tokens.len(),
                    },
                    expires: submission
                        .expires
                        .map(|expires| expires.saturating_duration_since(self.started)),
                    item: Item {
                        index,
                        prompt,
                        decoding: submission.decoding,
                        arrived,
                        sender: sender.clone(),
                    },
                }),
                Err(error) => {
                    self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
                    self.answer(&sender, index, Err(error));
                }
            }
        }
        let widest = self.model.limits().sequences;
        let (fitting, too_wide): (Vec<_>, Vec<_>) = entries
            .into_iter()
            .partition(|entry| entry.cost.sequences <= widest);
        for entry in too_wide {
            self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
            let error = Error::TooLarge {
                what: "the beam",
                actual: entry.cost.sequences,
                limit: widest,
            };
            self.answer(&entry.item.sender, entry.item.index, Err(error));
        }
        self.batcher.push(RequestId(self.requests), fitting);
        self.record_depth();
    }

    /// Forgets segments that nobody waits for any more.
    pub(super) fn drop_the_unwanted(&mut self) {
        let now = self.started.elapsed();
        for entry in self.batcher.expire(now) {
            self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
            let waited = entry.item.arrived.elapsed();
            self.answer(
                &entry.item.sender,
                entry.item.index,
                Err(Error::Deadline(waited)),
            );
        }
        let cancelled = self.batcher.cancel(|item| item.sender.is_closed()).len();
        if cancelled > 0 {
            counter!("depesche_segments_cancelled_total").increment(cancelled as u64);
            self.shared.waiting.fetch_sub(cancelled, Ordering::AcqRel);
            self.shared.changed.notify_waiters();
        }
        let model = self.model.as_mut();
        let before = self.active.len();
        self.active.retain_mut(|active| {
            let wanted = !active.item.sender.is_closed();
            if !wanted {
                active.generation.close(model);
            }
            wanted
        });
        let dropped = before - self.active.len();
        if dropped > 0 {
            counter!("depesche_segments_cancelled_total").increment(dropped as u64);
            self.shared.active.fetch_sub(dropped, Ordering::AcqRel);
            self.shared.changed.notify_waiters();
        }
        self.record_depth();
    }
}
