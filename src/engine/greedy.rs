//! Greedy search with the repetition guard.

use crate::engine::generation::{Bounds, Finish, Hypothesis, Outcome};
use crate::engine::guard::{self, Guard};
use crate::error::{Error, Result};
use crate::model::{Input, Logits, Model, Prompt, SequenceId};

/// Takes the best token each time; on a tie the lower column.
#[derive(Debug)]
pub(crate) struct Greedy {
    prompt: Prompt,
    bounds: Bounds,
    guard: Guard,
    sequence: SequenceId,
    /// What is fed next: the prompt at first, then the last token.
    pending: Vec<u32>,
    tokens: Vec<u32>,
    second_attempt: bool,
    written: usize,
}

impl Greedy {
    pub fn open(model: &mut dyn Model, prompt: &Prompt, bounds: Bounds) -> Result<Self> {
        let opened = model.open(prompt)?;
        Ok(Greedy {
            guard: Guard::new(&prompt.tokens),
            prompt: prompt.clone(),
            bounds,
            sequence: opened.id,
            pending: opened.pending,
            tokens: Vec::new(),
            second_attempt: false,
            written: 0,
        })
    }

    pub fn input(&self) -> Input<'_> {
        Input {
            sequence: self.sequence,
            tokens: &self.pending,
        }
    }

    pub fn advance(
        &mut self,
        model: &mut dyn Model,
        logits: &Logits,
        row: usize,
    ) -> Result<Option<Outcome>> {
        let token = self.choose(logits, row)?;
        self.written += 1;
        if self.bounds.ends(token) {
            return Ok(Some(self.finish(model, Finish::End)));
        }
        self.tokens.push(token);
        if !self.second_attempt && self.guard.finds_loop(&self.tokens) {
            self.restart(model)?;
            return Ok(None);
        }
        if self.tokens.len() >= self.bounds.max_tokens {
            return Ok(Some(self.finish(model, Finish::Length)));
        }
        self.pending.clear();
        self.pending.push(token);
        Ok(None)
    }

    fn choose(&self, logits: &Logits, row: usize) -> Result<u32> {
        let banned = if self.second_attempt {
            guard::banned(&self.tokens)
        } else {
            Vec::new()
        };
        let best = if banned.is_empty() {
            logits.best(row)
        } else {
            best_but(&banned, logits, row)
        };
        best.map(|column| logits.token(column))
            .ok_or_else(|| Error::Model("no token has a finite score".into()))
    }

    /// Decodes the segment again from its start, now with phrases banned from
    /// coming a third time: loops cannot form.
    fn restart(&mut self, model: &mut dyn Model) -> Result<()> {
        model.close(self.sequence);
        let opened = model.open(&self.prompt)?;
        self.sequence = opened.id;
        self.pending = opened.pending;
        self.tokens.clear();
        self.second_attempt = true;
        Ok(())
    }

    fn finish(&mut self, model: &mut dyn Model, finish: Finish) -> Outcome {
        model.close(self.sequence);
        Outcome {
            hypotheses: vec![Hypothesis {
                tokens: std::mem::take(&mut self.tokens),
                finish,
            }],
            written: self.written,
            retried: self.second_attempt,
        }
    }
}

/// As [`Logits::best`], among the tokens that are not banned.
fn best_but(banned: &[u32], logits: &Logits, row: usize) -> Option<usize> {
    let allowed = logits
        .row(row)
        .iter()
        .enumerate()
        .filter(|(column, _)| !banned.contains(&logits.token(*column)));
    let best = allowed.fold((None, f32::NEG_INFINITY), |best, (column, &score)| {
        if score > best.1 {
            (Some(column), score)
        } else {
            best
        }
    });
    best.0
}
