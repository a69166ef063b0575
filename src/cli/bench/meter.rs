//! A model that counts what it is given.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::error::Result;
use crate::model::{AnswerLength, Input, Limits, Logits, Model, Opened, Prompt, SequenceId};

/// A shared model, with room for as many sequences as asked for.
pub struct Meter {
    model: Arc<Mutex<Box<dyn Model>>>,
    seen: Arc<Seen>,
    limits: Limits,
}

/// What a [`Meter`] has seen since the last reset.
#[derive(Debug, Default)]
pub struct Seen(Mutex<(Count, Option<Instant>)>);

#[derive(Debug, Default, Clone, Copy)]
pub struct Count {
    pub steps: usize,
    /// Sequences of all steps.
    pub rows: usize,
    /// Tokens of prompts.
    pub prompt: usize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Seen {
    pub fn reset(&self) {
        *lock(&self.0) = Default::default();
    }

    pub fn count(&self) -> Count {
        lock(&self.0).0
    }

    /// When the first step was over.
    pub fn first_step(&self) -> Option<Instant> {
        lock(&self.0).1
    }

    fn step(&self, rows: usize) {
        let (count, first) = &mut *lock(&self.0);
        count.steps += 1;
        count.rows += rows;
        first.get_or_insert_with(Instant::now);
    }
}

impl Meter {
    pub fn new(
        model: &Arc<Mutex<Box<dyn Model>>>,
        seen: &Arc<Seen>,
        sequences: usize,
        answer: Option<AnswerLength>,
    ) -> Self {
        let mut limits = lock(model).limits().clone();
        limits.sequences = sequences.min(limits.sequences);
        limits.answer = answer.unwrap_or(limits.answer);
        Meter {
            model: Arc::clone(model),
            seen: Arc::clone(seen),
            limits,
        }
    }
}

impl Model for Meter {
    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn encode(&self, source: &str) -> Result<Prompt> {
        lock(&self.model).encode(source)
    }

    fn phrase(&self, text: &str) -> Result<Vec<u32>> {
        lock(&self.model).phrase(text)
    }

    fn decode(&self, tokens: &[u32]) -> Result<String> {
        lock(&self.model).decode(tokens)
    }

    fn open(&mut self, prompt: &Prompt) -> Result<Opened> {
        lock(&self.seen.0).0.prompt += prompt.tokens.len();
        lock(&self.model).open(prompt)
    }

    fn fork(&mut self, sequence: SequenceId) -> Result<SequenceId> {
        lock(&self.model).fork(sequence)
    }

    fn close(&mut self, sequence: SequenceId) {
        lock(&self.model).close(sequence);
    }

    fn forward(&mut self, inputs: &[Input<'_>]) -> Result<Logits> {
        let logits = lock(&self.model).forward(inputs)?;
        self.seen.step(inputs.len());
        Ok(logits)
    }

    fn take_back(&mut self, logits: Logits) {
        lock(&self.model).take_back(logits);
    }
}
