//! Beam search, with the candidate and stopping rules of transformers'
//! `generate`, so that hypotheses can be compared; and for answers that must
//! contain phrases, the same within each group of beams that have as many.

use std::cmp::Ordering;

use crate::engine::generation::{Bounds, Decoding, Finish, Hypothesis, Outcome};
use crate::engine::guard::{self, Guard};
use crate::engine::phrases::{Phrases, Progress};
use crate::error::{Error, Result};
use crate::model::vector::{first_above, log_sum_exp};
use crate::model::{Input, Logits, Model, Opened, Prompt, SequenceId};

/// A hypothesis that is still being written.
#[derive(Debug, Clone)]
struct Beam {
    sequence: SequenceId,
    pending: Vec<u32>,
    tokens: Vec<u32>,
    /// Sum of the log probabilities of its tokens.
    score: f32,
    progress: Progress,
}

impl Beam {
    fn first(opened: Opened) -> Self {
        Beam {
            sequence: opened.id,
            pending: opened.pending,
            tokens: Vec::new(),
            score: 0.0,
            progress: Progress::default(),
        }
    }
}

/// A finished hypothesis with its length-normalised score.
#[derive(Debug, Clone)]
struct Finished {
    hypothesis: Hypothesis,
    score: f32,
}

/// A possible continuation.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    parent: usize,
    token: u32,
    score: f32,
    progress: Progress,
}

/// The log probability of a token that a model gives none: a phrase may be in
/// words that its output layer leaves out.
const UNLIKELY: f32 = -20.0;

/// The best continuations at each step, as many as the beam is wide. When the best of them only
/// repeats itself, the search begins again, once, with repetitions banned.
#[derive(Debug)]
pub(crate) struct Beams {
    prompt: Prompt,
    decoding: Decoding,
    phrases: Phrases,
    bounds: Bounds,
    guard: Guard,
    beams: Vec<Beam>,
    /// At most as many as the beam is wide, best first.
    finished: Vec<Finished>,
    written: usize,
    second_attempt: bool,
}

impl Beams {
    pub fn open(
        model: &mut dyn Model,
        prompt: &Prompt,
        bounds: Bounds,
        decoding: Decoding,
        phrases: Phrases,
    ) -> Result<Self> {
        let opened = model.open(prompt)?;
        Ok(Beams {
            prompt: prompt.clone(),
            decoding,
            phrases,
            guard: Guard::new(&prompt.tokens),
            bounds,
            beams: vec![Beam::first(opened)],
            finished: Vec::new(),
            written: 0,
            second_attempt: false,
        })
    }

    pub fn inputs(&self) -> Vec<Input<'_>> {
        self.beams
            .iter()
            .map(|beam| Input {
                sequence: beam.sequence,
                tokens: &beam.pending,
            })
            .collect()
    }

    pub fn advance(
        &mut self,
        model: &mut dyn Model,
        logits: &Logits,
        first: usize,
    ) -> Result<Option<Outcome>> {
        self.written += self.beams.len();
        let candidates = self.candidates(logits, first);
        let Some(best) = candidates.first() else {
            return Err(Error::Model("no token has a finite score".into()));
        };
        if self.loops(best) {
            self.restart(model)?;
            return Ok(None);
        }
        let length = self.beams.first().map_or(0, |beam| beam.tokens.len()) + 1;
        let next = self.sort_out(candidates, length);
        if next.is_empty() && self.finished.is_empty() && !self.second_attempt {
            self.restart(model)?;
            return Ok(None);
        }
        if self.is_done(&next, length) {
            return Ok(Some(self.finish(model)));
        }
        self.grow(model, &next)?;
        Ok(None)
    }

    /// Twice as many continuations of each beam as it can have children, and
    /// all beginnings of phrases; best first, ties go to the earlier beam, then
    /// to the lower column. Empty when no score is finite.
    fn candidates(&self, logits: &Logits, first: usize) -> Vec<Candidate> {
        let keep = 2 * self.width();
        let mut candidates = Vec::with_capacity(keep * self.beams.len());
        for (parent, beam) in self.beams.iter().enumerate() {
            let row = logits.row(first + parent);
            let banned = if self.second_attempt {
                guard::banned(&beam.tokens)
            } else {
                Vec::new()
            };
            let normaliser = log_sum_exp(row);
            let asked = |(token, progress)| Candidate {
                parent,
                token,
                score: beam.score + log_probability(logits, row, token, normaliser),
                progress,
            };
            let forced = self.phrases.forced(beam.progress);
            if !forced.is_empty() {
                candidates.extend(forced.into_iter().map(asked));
                continue;
            }
            candidates.extend(self.phrases.beginnings(beam.progress).map(asked));
            let best = best_columns(row, keep, |column| !banned.contains(&logits.token(column)));
            candidates.extend(best.into_iter().map(|column| Candidate {
                parent,
                token: logits.token(column),
                score: beam.score + (row[column] - normaliser),
                progress: beam.progress,
            }));
        }
        // A stable sort keeps the order of beams and columns among equals.
        candidates.sort_by(|a, b| descending(a.score, b.score));
        candidates
    }

    /// Puts the candidates that are complete at this length among the finished
    /// and returns those of the others that go on, best first.
    fn sort_out(&mut self, candidates: Vec<Candidate>, length: usize) -> Vec<Candidate> {
        let width = self.width();
        let full = length >= self.bounds.max_tokens;
        let mut next = Vec::with_capacity(width * self.phrases.banks());
        // Candidates seen and taken, by bank.
        let mut seen = vec![0; self.phrases.banks()];
        let mut taken = seen.clone();
        for candidate in candidates {
            let bank = candidate.progress.bank();
            let rank = seen[bank];
            seen[bank] += 1;
            if rank >= 2 * width {
                continue;
            }
            let ended = self.bounds.ends(candidate.token);
            if ended || full {
                let may_end = ended && self.phrases.complete(candidate.progress);
                // One further down would push out better beams.
                if (may_end || full) && rank < width && !self.loops(&candidate) {
                    let mut tokens = self.beams[candidate.parent].tokens.clone();
                    if !ended {
                        tokens.push(candidate.token);
                    }
                    let finish = match may_end {
                        true => Finish::End,
                        false => Finish::Length,
                    };
                    self.add_finished(tokens, candidate.score, length, finish);
                }
            } else if taken[bank] < width
                && !self.loops(&candidate)
                && !self.says_what_none_may(&candidate)
            {
                taken[bank] += 1;
                next.push(candidate);
            }
        }
        next
    }

    /// Whether a candidate of the first attempt repeats a phrase without end.
    /// In a second attempt the bans leave no loops.
    fn loops(&self, candidate: &Candidate) -> bool {
        if self.second_attempt {
            return false;
        }
        let mut tokens = self.beams[candidate.parent].tokens.clone();
        tokens.push(candidate.token);
        self.guard.finds_loop(&tokens)
    }

    /// Whether a candidate ends in a phrase that no answer says, or begins a second
    /// answer: behind an end that they let pass, models like to write everything
    /// once more, and surely.
    fn says_what_none_may(&self, candidate: &Candidate) -> bool {
        let before = &self.beams[candidate.parent].tokens;
        self.bounds.begins_anew(before, candidate.token)
            || self.phrases.are_broken_by(before, candidate.token)
    }

    /// Begins again, now with phrases banned from coming a third time.
    fn restart(&mut self, model: &mut dyn Model) -> Result<()> {
        for beam in self.beams.drain(..) {
            model.close(beam.sequence);
        }
        self.finished.clear();
        self.second_attempt = true;
        let opened = model.open(&self.prompt)?;
        self.beams.push(Beam::first(opened));
        Ok(())
    }

    fn add_finished(&mut self, tokens: Vec<u32>, score: f32, length: usize, finish: Finish) {
        let score = score / (length as f32).powf(self.decoding.length_penalty);
        // What was cut off may well have the better score: endless repetition
        // is the surest text there is.
        let whole = |finish: Finish| finish == Finish::End;
        let place = self.finished.partition_point(|other| {
            let order = whole(other.hypothesis.finish).cmp(&whole(finish));
            order.then(ascending(other.score, score)) != Ordering::Less
        });
        self.finished.insert(
            place,
            Finished {
                hypothesis: Hypothesis { tokens, finish },
                score,
            },
        );
        self.finished.truncate(self.width());
    }

    /// Whether nothing is left, or as many are finished as the beam is wide and none
    /// that goes on, and has begun all phrases, is better than the worst of them, as in
    /// transformers (`early_stopping=False`).
    fn is_done(&self, next: &[Candidate], length: usize) -> bool {
        if next.is_empty() {
            return true;
        }
        if self.finished.len() < self.width() {
            return false;
        }
        // Beams that lack a phrase run on for want of an end.
        let full = self.phrases.banks() - 1;
        let mut open = next.iter().filter(|open| open.progress.bank() == full);
        match (self.finished.last(), open.next()) {
            (Some(worst), Some(open)) => {
                let score = open.score / (length as f32).powf(self.decoding.length_penalty);
                worst.score >= score
            }
            (None, _) | (_, None) => true,
        }
    }

    fn width(&self) -> usize {
        self.decoding.beams.max(1)
    }

    /// Replaces the beams by the chosen continuations: the first child of a
    /// beam takes over its sequence, the others fork it.
    fn grow(&mut self, model: &mut dyn Model, next: &[Candidate]) -> Result<()> {
        for (index, beam) in self.beams.iter().enumerate() {
            if next.iter().all(|candidate| candidate.parent != index) {
                model.close(beam.sequence);
            }
        }
        let mut taken = vec![false; self.beams.len()];
        let mut grown: Vec<Beam> = Vec::with_capacity(next.len());
        for candidate in next {
            let parent = &self.beams[candidate.parent];
            let sequence = if std::mem::replace(&mut taken[candidate.parent], true) {
                match model.fork(parent.sequence) {
                    Ok(sequence) => sequence,
                    Err(error) => {
                        self.abandon(model, &grown, &taken, next);
                        return Err(error);
                    }
                }
            } else {
                parent.sequence
            };
            let mut tokens = parent.tokens.clone();
            tokens.push(candidate.token);
            grown.push(Beam {
                sequence,
                pending: vec![candidate.token],
                tokens,
                score: candidate.score,
                progress: candidate.progress,
            });
        }
        self.beams = grown;
        Ok(())
    }

    /// Closes every sequence that is open half-way through [`Beams::grow`].
    fn abandon(
        &mut self,
        model: &mut dyn Model,
        grown: &[Beam],
        taken: &[bool],
        next: &[Candidate],
    ) {
        grown.iter().for_each(|beam| model.close(beam.sequence));
        for candidate in next {
            if !taken[candidate.parent] {
                model.close(self.beams[candidate.parent].sequence);
            }
        }
        self.beams.clear();
    }

    fn finish(&mut self, model: &mut dyn Model) -> Outcome {
        for beam in self.beams.drain(..) {
            model.close(beam.sequence);
        }
        Outcome {
            hypotheses: self
                .finished
                .drain(..)
                .map(|finished| finished.hypothesis)
                .collect(),
            written: self.written,
            retried: self.second_attempt,
        }
    }
}

fn ascending(a: f32, b: f32) -> Ordering {
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}

fn descending(a: f32, b: f32) -> Ordering {
    ascending(b, a)
}

/// The log probability of one token of a row.
fn log_probability(logits: &Logits, row: &[f32], token: u32, normaliser: f32) -> f32 {
    let score = logits.column(token).and_then(|column| row.get(column));
    score
        .map(|score| score - normaliser)
        .filter(|probability| probability.is_finite())
        .unwrap_or(UNLIKELY)
}

/// The allowed columns of the `count` largest finite values, largest first; on
/// a tie the lower column.
fn best_columns(row: &[f32], count: usize, allowed: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut best: Vec<usize> = Vec::with_capacity(count + 1);
    let mut start = 0;
    loop {
        let bound = match best.last() {
            Some(last) if best.len() == count => row[*last],
            _ => f32::NEG_INFINITY,
        };
        let Some(column) = first_above(row, start, bound) else {
            return best;
        };
        start = column + 1;
        let value = row[column];
        if value.is_finite() && allowed(column) {
            let place = best.partition_point(|&other| row[other] >= value);
            best.insert(place, column);
            best.truncate(count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_columns_are_sorted_and_stable() {
        let best = |row: &[f32], count| best_columns(row, count, |_| true);
        assert_eq!(best(&[1.0, 3.0, 2.0, 3.0], 3), [1, 3, 2]);
        assert_eq!(best(&[1.0], 4), [0]);
        assert_eq!(best_columns(&[1.0, 3.0, 2.0], 2, |at| at != 1), [2, 0]);
    }

    #[test]
    fn what_is_no_number_is_never_the_best() {
        let row = [f32::NAN, 1.0, f32::NEG_INFINITY, 2.0, f32::NAN];
        assert_eq!(best_columns(&row, 4, |_| true), [3, 1]);
        assert!(best_columns(&[f32::NAN, f32::NEG_INFINITY], 4, |_| true).is_empty());
    }
}
