//! What comes in and what is forgotten again before it was worked on.

use std::sync::atomic::Ordering;
use std::sync::mpsc as blocking;
use std::time::Duration;

use metrics::counter;

use super::{Command, Item, Recipient, Worker, caught, known};
use crate::engine::batcher::{Cost, Entry, RequestId};
use crate::engine::cache::Key;
use crate::engine::phrases::{Phrase, Phrases};
use crate::engine::{Decoding, Required, Translated};
use crate::error::{Error, Result};

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
        let decoding = Decoding {
            beams: submission.decoding.beams.clamp(1, self.widest()),
            ..submission.decoding
        };
        let expires = submission
            .expires
            .map(|expires| expires.saturating_duration_since(self.started));
        let mut entries: Vec<Entry<Item>> = Vec::with_capacity(submission.texts.len());
        for (index, text) in submission.texts.iter().enumerate() {
            let recipient = Recipient {
                index,
                arrived,
                sender: sender.clone(),
            };
            let required = submission.required.get(index);
            let required = required.map_or(&[][..], Vec::as_slice);
            let read = caught(|| self.model.encode(text)).and_then(|prompt| {
                let phrases = self.phrases(required, decoding)?;
                Ok((prompt, phrases))
            });
            let (prompt, phrases) = match read {
                Ok(read) => read,
                Err(error) => {
                    self.turn_away(&recipient, Err(error));
                    continue;
                }
            };
            let key = Key::new(&prompt.tokens, decoding, phrases.clone());
            if let Some(translated) = self.cache.get(&key) {
                counter!("depesche_segments_shared_total", "how" => "known").increment(1);
                self.turn_away(&recipient, known(Ok(translated)));
                continue;
            }
            if self.open.contains(&key) && self.join(&key, &recipient, expires, &mut entries) {
                counter!("depesche_segments_shared_total", "how" => "joined").increment(1);
                self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
                continue;
            }
            self.open.insert(key.clone());
            let item = Item {
                key,
                prompt,
                decoding,
                phrases,
                recipients: vec![recipient],
            };
            entries.push(Entry {
                cost: Cost {
                    sequences: item.sequences(),
                    prompt_tokens: item.prompt.tokens.len(),
                },
                expires,
                item,
            });
        }
        self.batcher.push(RequestId(self.requests), entries);
        self.record_depth();
    }

    /// The widest beam that the model has room for.
    fn widest(&self) -> usize {
        self.model.limits().sequences.max(1)
    }

    /// What an answer must contain, as far as the model has room for the beams.
    fn phrases(&self, required: &[Required], decoding: Decoding) -> Result<Phrases> {
        let room = self.widest() / decoding.beams;
        let phrases = required
            .iter()
            .map(|required| {
                let spellings = required.any_of.iter();
                let tokens = spellings.map(|text| caught(|| self.model.phrase(text)));
                Ok(Phrase::new(tokens.collect::<Result<Vec<_>>>()?))
            })
            .collect::<Result<Vec<_>>>()?;
        let phrases = phrases.into_iter().flatten().collect();
        Ok(Phrases::new(phrases, room.saturating_sub(1)))
    }

    /// Answers a segment that never waited.
    fn turn_away(&self, recipient: &Recipient, result: Result<Translated>) {
        self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
        self.answer(&recipient.sender, recipient.index, result);
    }

    /// Lets a recipient wait for an equal segment, in whatever state it is;
    /// that one then waits as long as the more patient of them.
    fn join(
        &mut self,
        key: &Key,
        recipient: &Recipient,
        expires: Option<Duration>,
        new: &mut [Entry<Item>],
    ) -> bool {
        let waiting = match new.iter_mut().find(|entry| entry.item.key == *key) {
            Some(entry) => Some(entry),
            None => self.batcher.find(|item| item.key == *key),
        };
        if let Some(entry) = waiting {
            entry.expires = entry.expires.zip(expires).map(|(a, b)| a.max(b));
            entry.item.recipients.push(recipient.clone());
            return true;
        }
        let active = self.active.iter_mut().map(|active| &mut active.item);
        let found = active
            .chain(&mut self.quarantine)
            .find(|item| item.key == *key);
        match found {
            Some(item) => {
                item.recipients.push(recipient.clone());
                true
            }
            None => false,
        }
    }

    /// Forgets segments that nobody waits for any more.
    pub(super) fn drop_the_unwanted(&mut self) {
        let now = self.started.elapsed();
        for entry in self.batcher.expire(now) {
            self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
            let waited = entry.item.recipients.first().map(|it| it.arrived.elapsed());
            self.answer_all(
                &entry.item,
                Err(Error::Deadline(waited.unwrap_or_default())),
            );
        }
        let unwanted = self.batcher.cancel(|item| !item.is_wanted());
        for entry in &unwanted {
            self.open.remove(&entry.item.key);
        }
        let cancelled = unwanted.len();
        if cancelled > 0 {
            counter!("depesche_segments_cancelled_total").increment(cancelled as u64);
            self.shared.waiting.fetch_sub(cancelled, Ordering::AcqRel);
            self.shared.changed.notify_waiters();
        }
        let model = self.model.as_mut();
        let before = self.active.len();
        self.active.retain_mut(|active| {
            let wanted = active.item.is_wanted();
            if !wanted {
                self.open.remove(&active.item.key);
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
