//! The thread that owns the model: takes submissions, asks the batcher who
//! joins, runs one step for everybody, hands out what is finished.

mod intake;

use std::collections::{HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc as blocking;
use std::time::Instant;

use metrics::{counter, gauge, histogram};
use tokio::sync::mpsc;

use crate::engine::batcher::{Batcher, Room};
use crate::engine::cache::{Cache, Key};
use crate::engine::generation::{Generation, Outcome};
use crate::engine::phrases::Phrases;
use crate::engine::{Decoding, EngineOptions, Reply, Shared, Submission, Translated};
use crate::error::{Error, Result};
use crate::model::{Input, Logits, Model, Prompt};

/// What the model says first, to find out whether it works.
const WARM_UP: &str = "Guten Morgen, Deutschland.";

/// An admitted submission on its way to the worker.
#[derive(Debug)]
pub(crate) struct Command {
    pub submission: Submission,
    pub sender: mpsc::UnboundedSender<Reply>,
    pub arrived: Instant,
}

/// A segment, once for all submissions that have it.
#[derive(Debug)]
struct Item {
    key: Key,
    prompt: Prompt,
    decoding: Decoding,
    phrases: Phrases,
    /// Who waits for it; never empty.
    recipients: Vec<Recipient>,
}

impl Item {
    /// Sequences of the model that it may need at once.
    fn sequences(&self) -> usize {
        self.decoding.beams.max(1) * self.phrases.banks()
    }

    fn is_wanted(&self) -> bool {
        let listens = |recipient: &Recipient| !recipient.sender.is_closed();
        self.recipients.iter().any(listens)
    }
}

/// A place in a submission.
#[derive(Debug, Clone)]
struct Recipient {
    index: usize,
    arrived: Instant,
    sender: mpsc::UnboundedSender<Reply>,
}

/// A segment in the batch.
#[derive(Debug)]
struct Active {
    item: Item,
    generation: Generation,
}

pub(crate) struct Worker {
    model: Box<dyn Model>,
    options: EngineOptions,
    shared: Arc<Shared>,
    inbox: blocking::Receiver<Command>,
    batcher: Batcher<Item>,
    /// Keys of all segments that wait or are worked on.
    open: HashSet<Key>,
    cache: Cache,
    active: Vec<Active>,
    /// Segments of a batch in which the model failed: they are decoded again
    /// one by one, so that only the culprit gets the error.
    quarantine: VecDeque<Item>,
    started: Instant,
    requests: u64,
}

impl Worker {
    pub fn new(
        model: Box<dyn Model>,
        options: EngineOptions,
        shared: Arc<Shared>,
        inbox: blocking::Receiver<Command>,
    ) -> Self {
        Worker {
            model,
            cache: Cache::new(options.cache),
            options,
            shared,
            inbox,
            batcher: Batcher::default(),
            open: HashSet::new(),
            active: Vec::new(),
            quarantine: VecDeque::new(),
            started: Instant::now(),
            requests: 0,
        }
    }

    /// Works until every handle of the engine is gone and all work is done.
    pub fn run(mut self) {
        self.warm_up();
        let mut open = true;
        while open || !self.is_idle() {
            open = self.receive(open);
            self.drop_the_unwanted();
            self.admit();
            self.step();
        }
    }

    fn is_idle(&self) -> bool {
        self.active.is_empty() && self.quarantine.is_empty() && self.batcher.is_empty()
    }

    /// Answers [`WARM_UP`]; a failure leaves the engine not ready.
    fn warm_up(&mut self) {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        self.shared.waiting.fetch_add(1, Ordering::AcqRel);
        self.enqueue(Command {
            submission: Submission {
                texts: vec![WARM_UP.into()],
                decoding: Decoding::default(),
                required: Vec::new(),
                expires: None,
            },
            sender,
            arrived: Instant::now(),
        });
        while !self.is_idle() {
            self.admit();
            self.step();
        }
        match receiver.try_recv() {
            Ok((_, Ok(_))) => {
                self.shared.ready.store(true, Ordering::Release);
                self.shared.changed.notify_waiters();
                tracing::info!("the model is ready");
            }
            Ok((_, Err(error))) => {
                tracing::error!(%error, "the model failed its first sentence");
                self.shared.give_up();
            }
            Err(error) => {
                tracing::error!(%error, "the model gave no answer");
                self.shared.give_up();
            }
        }
    }

    fn admit(&mut self) {
        if let Some(item) = self.quarantine.pop_front_if(|_| self.active.is_empty()) {
            self.begin(item);
            return;
        }
        if !self.quarantine.is_empty() {
            return;
        }
        let used: usize = self
            .active
            .iter()
            .map(|active| active.item.sequences())
            .sum();
        let room = Room {
            sequences: self.model.limits().sequences.saturating_sub(used),
            prompt_tokens: self.options.prompt_budget,
        };
        for entry in self.batcher.admit(room) {
            self.shared.active.fetch_add(1, Ordering::AcqRel);
            self.shared.waiting.fetch_sub(1, Ordering::AcqRel);
            self.begin(entry.item);
        }
        self.record_depth();
    }

    fn begin(&mut self, item: Item) {
        let model = self.model.as_mut();
        match caught(|| Generation::open(model, &item.prompt, item.decoding, &item.phrases)) {
            Ok(generation) => self.active.push(Active { item, generation }),
            Err(error) => self.conclude(&item, Err(error)),
        }
    }

    /// One step of every active segment.
    fn step(&mut self) {
        if self.active.is_empty() {
            return;
        }
        match self.forward() {
            Ok(logits) => {
                self.advance(&logits);
                self.model.take_back(logits);
            }
            Err(error) => self.isolate(error),
        }
    }

    fn forward(&mut self) -> Result<Logits> {
        let inputs: Vec<Input<'_>> = self
            .active
            .iter()
            .flat_map(|active| active.generation.inputs())
            .collect();
        histogram!("depesche_batch_sequences").record(inputs.len() as f64);
        let fed: usize = inputs.iter().map(|input| input.tokens.len()).sum();
        let started = Instant::now();
        let model = self.model.as_mut();
        let logits = caught(|| model.forward(&inputs))?;
        if logits.width == 0 || logits.values.len() != inputs.len() * logits.width {
            return Err(Error::Model(
                "the model returned scores of another shape".into(),
            ));
        }
        histogram!("depesche_step_seconds").record(started.elapsed().as_secs_f64());
        counter!("depesche_tokens_total", "kind" => "fed").increment(fed as u64);
        Ok(logits)
    }

    fn advance(&mut self, logits: &Logits) {
        let mut row = 0;
        let mut index = 0;
        while index < self.active.len() {
            let active = &mut self.active[index];
            let rows = active.generation.inputs().len();
            let outcome = active.generation.advance(self.model.as_mut(), logits, row);
            row += rows;
            match outcome {
                Ok(None) => index += 1,
                Ok(Some(outcome)) => {
                    // `remove`, not `swap_remove`: rows keep their order.
                    let Active { item, .. } = self.active.remove(index);
                    let result = self.translated(outcome);
                    if let Ok(translated) = &result {
                        self.cache.insert(item.key.clone(), translated.clone());
                    }
                    self.conclude(&item, result);
                }
                Err(error) => {
                    let mut active = self.active.remove(index);
                    active.generation.close(self.model.as_mut());
                    self.conclude(&active.item, Err(error));
                }
            }
        }
    }

    fn translated(&self, outcome: Outcome) -> Result<Translated> {
        if outcome.retried {
            counter!("depesche_repetitions_total").increment(1);
        }
        let finish = outcome
            .hypotheses
            .first()
            .map(|best| best.finish)
            .ok_or_else(|| Error::Internal("a search ended without a hypothesis".into()))?;
        let mut texts = outcome
            .hypotheses
            .iter()
            .map(|hypothesis| caught(|| self.model.decode(&hypothesis.tokens)))
            .collect::<Result<Vec<_>>>()?
            .into_iter();
        counter!("depesche_tokens_total", "kind" => "written").increment(outcome.written as u64);
        self.shared
            .tokens
            .fetch_add(outcome.written as u64, Ordering::Relaxed);
        Ok(Translated {
            text: texts.next().unwrap_or_default(),
            alternatives: texts.collect(),
            tokens: outcome.written,
            finish,
            retried: outcome.retried,
        })
    }

    /// Sends the answer of a segment that was active.
    fn conclude(&mut self, item: &Item, result: Result<Translated>) {
        self.shared.segments.fetch_add(1, Ordering::Relaxed);
        self.shared.active.fetch_sub(1, Ordering::AcqRel);
        self.answer_all(item, result);
    }

    /// Sends the answer of a segment to everybody who waits for it; the tokens
    /// count for the first.
    fn answer_all(&mut self, item: &Item, result: Result<Translated>) {
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
                self.answer(&recipient.sender, recipient.index, answer);
            }
        }
    }

    fn answer(
        &self,
        sender: &mpsc::UnboundedSender<Reply>,
        index: usize,
        result: Result<Translated>,
    ) {
        let outcome = if result.is_ok() { "done" } else { "failed" };
        counter!("depesche_segments_total", "outcome" => outcome).increment(1);
        if sender.send((index, result)).is_err() {
            tracing::debug!("a finished segment had no one waiting for it");
        }
        self.shared.changed.notify_waiters();
    }

    /// The model failed for the whole batch. With one segment in it the
    /// culprit is known; with several, each is tried again alone.
    fn isolate(&mut self, error: Error) {
        let mut batch = std::mem::take(&mut self.active);
        for active in &mut batch {
            active.generation.close(self.model.as_mut());
        }
        tracing::warn!(%error, segments = batch.len(), "the model failed");
        counter!("depesche_model_failures_total").increment(1);
        if let [_] = batch.as_slice() {
            for active in batch {
                self.conclude(&active.item, Err(error.clone()));
            }
        } else {
            self.quarantine
                .extend(batch.into_iter().map(|active| active.item));
        }
    }

    fn record_depth(&self) {
        gauge!("depesche_queue_segments").set(self.batcher.len() as f64);
        gauge!("depesche_active_segments").set(self.active.len() as f64);
    }
}

/// An answer that cost nothing: the segment was known or under way.
fn known(result: Result<Translated>) -> Result<Translated> {
    result.map(|translated| Translated {
        tokens: 0,
        ..translated
    })
}

/// A panic in the model must not take the service down: it is an error of what
/// was worked on, and `isolate` finds out whose.
fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::Model("the model panicked".into())))
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Whoever still waits (after a panic of this thread) is let go: the
        // senders close, and nothing new is accepted.
        self.shared.refusing.store(true, Ordering::Release);
        self.shared.ready.store(false, Ordering::Release);
        self.shared.give_up();
    }
}
