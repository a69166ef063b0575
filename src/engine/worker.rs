//! The thread that owns the model: takes submissions, asks the batcher who
//! joins, runs one step for everybody, hands out what is finished.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc as blocking;
use std::time::Instant;

use metrics::{counter, histogram};
use tokio::sync::mpsc;

use crate::engine::batcher::{Cost, Room};
use crate::engine::cache::Key;
use crate::engine::generation::{Generation, Outcome};
use crate::engine::line::{self, Command, Line, Prepared, Wish};
use crate::engine::phrases::{Phrase, Phrases};
use crate::engine::{Decoding, EngineOptions, Required, Shared, Submission, Translated, WARM_UP};
use crate::error::{Error, Result};
use crate::model::{Input, Logits, Model, Prompt};

type Item = line::Item<Search>;

/// What is looked for, and how.
#[derive(Debug)]
struct Search {
    prompt: Prompt,
    /// As the model has room for it.
    decoding: Decoding,
    phrases: Phrases,
}

impl Search {
    /// Sequences of the model that it may need at once.
    fn sequences(&self) -> usize {
        self.decoding.beams * self.phrases.banks()
    }
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
    line: Line<Search>,
    active: Vec<Active>,
    /// Segments of a batch in which the model failed: they are decoded again
    /// one by one, so that only the culprit gets the error.
    quarantine: VecDeque<Item>,
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
            line: Line::new(shared.clone(), options.cache),
            options,
            shared,
            inbox,
            active: Vec::new(),
            quarantine: VecDeque::new(),
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
        self.active.is_empty() && self.quarantine.is_empty() && self.line.is_empty()
    }

    /// Takes what has arrived; blocks when there is nothing to do. Returns
    /// whether more can come.
    fn receive(&mut self, open: bool) -> bool {
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

    fn enqueue(&mut self, command: Command) {
        let model = self.model.as_ref();
        let (active, quarantine) = (&mut self.active, &mut self.quarantine);
        self.line.enqueue(
            command,
            |wish| prepare(model, wish),
            |key, recipient| {
                let active = active.iter_mut().map(|active| &mut active.item);
                line::join(active.chain(quarantine.iter_mut()), key, recipient)
            },
        );
        self.line.record_depth(self.active.len());
    }

    /// Forgets segments that nobody waits for any more.
    fn drop_the_unwanted(&mut self) {
        self.line.drop_the_unwanted();
        let model = self.model.as_mut();
        let unwanted: Vec<Item> = self
            .active
            .extract_if(.., |active| !active.item.is_wanted())
            .map(|mut active| {
                active.generation.close(model);
                active.item
            })
            .collect();
        self.line.abandon(unwanted.iter());
        self.line.record_depth(self.active.len());
    }

    /// Answers [`WARM_UP`]; a failure leaves the engine not ready.
    fn warm_up(&mut self) {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        self.shared.waiting.fetch_add(1, Ordering::AcqRel);
        self.enqueue(Command {
            submission: Submission {
                texts: vec![WARM_UP.into()],
                required: Vec::new(),
                decoding: Decoding::default(),
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
            .map(|active| active.item.work.sequences())
            .sum();
        let room = Room {
            sequences: self.model.limits().sequences.saturating_sub(used),
            prompt_tokens: self.options.prompt_budget,
        };
        for item in self.line.admit(room) {
            self.begin(item);
        }
        self.line.record_depth(self.active.len());
    }

    fn begin(&mut self, item: Item) {
        let model = self.model.as_mut();
        let Search {
            prompt,
            decoding,
            phrases,
        } = &item.work;
        match caught(|| Generation::open(model, prompt, *decoding, phrases)) {
            Ok(generation) => self.active.push(Active { item, generation }),
            Err(error) => self.line.conclude(&item, Err(error)),
        }
    }

    /// One step of every active segment.
    fn step(&mut self) {
        if self.active.is_empty() {
            return;
        }
        match self.forward() {
            Ok(logits) => self.advance(&logits),
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
                    self.line.conclude(&item, result);
                }
                Err(error) => {
                    let mut active = self.active.remove(index);
                    active.generation.close(self.model.as_mut());
                    self.line.conclude(&active.item, Err(error));
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
                self.line.conclude(&active.item, Err(error.clone()));
            }
        } else {
            self.quarantine
                .extend(batch.into_iter().map(|active| active.item));
        }
    }
}

/// The prompt of a text and the search for its answer, no wider and with no
/// more phrases than the model has sequences for.
fn prepare(model: &dyn Model, wish: Wish<'_>) -> Result<Prepared<Search>> {
    let widest = model.limits().sequences.max(1);
    let decoding = Decoding {
        beams: wish.decoding.beams.clamp(1, widest),
        ..wish.decoding
    };
    let prompt = caught(|| model.encode(wish.text))?;
    let (mut phrases, mut avoided) = (Vec::new(), Vec::new());
    for required in wish.required {
        match required {
            Required::AnyOf(spellings) => {
                let tokens = spellings.iter().map(|text| caught(|| model.phrase(text)));
                phrases.extend(Phrase::new(tokens.collect::<Result<Vec<_>>>()?));
            }
            Required::Not(text) => avoided.push(caught(|| forbidden(model, text))?),
        }
    }
    let search = Search {
        prompt,
        decoding,
        phrases: Phrases::new(phrases, widest / decoding.beams - 1).avoiding(avoided),
    };
    Ok(Prepared {
        key: Key::tokens(&search.prompt.tokens, decoding, search.phrases.clone()),
        cost: Cost {
            sequences: search.sequences(),
            prompt_tokens: search.prompt.tokens.len(),
        },
        work: search,
    })
}

/// The tokens that no answer may write: of a phrase that ends in a number, its
/// words and the first token of the number.
fn forbidden(model: &dyn Model, text: &str) -> Result<Vec<u32>> {
    let mut tokens = model.phrase(text)?;
    if let Some((head, number)) = text.rsplit_once(' ')
        && number.starts_with(|first: char| first.is_ascii_digit())
    {
        tokens.truncate(model.phrase(head)?.len() + 1);
    }
    Ok(tokens)
}

/// A panic in the model must not take the service down: it is an error of what
/// was worked on, and `isolate` finds out whose.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
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
