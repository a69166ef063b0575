//! The output layer over the tokens that a translation can need.
//!
//! Of a multilingual vocabulary an English answer uses a small part: the
//! tokens that English texts are made of, and those of its own source (names,
//! numbers). Scoring only these leaves out most of the output layer's work;
//! Marian and Bergamot call it a shortlist (Kim et al., 2019). The scores
//! that are computed are those of the whole layer, to the last bit.

use std::collections::HashMap;
use std::sync::Arc;

use super::linear::Weights;
use super::{Logits, SequenceId};
use crate::error::{Error, Result};

/// Rows of the output layer that are always computed, and for each open
/// sequence those that its source adds.
pub struct Shortlist {
    /// Ascending.
    tokens: Arc<[u32]>,
    weights: Weights,
    extras: HashMap<SequenceId, Arc<Extras>>,
}

/// What the source of a sequence adds.
struct Extras {
    /// Ascending; none of the common ones.
    tokens: Vec<u32>,
    weights: Weights,
}

impl Shortlist {
    /// The rows of `full` for `tokens` and `ends`.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when there is no such token.
    pub fn new(full: &Weights, tokens: &[u32], ends: &[u32]) -> Result<Self> {
        let mut tokens = [tokens, ends].concat();
        tokens.sort_unstable();
        tokens.dedup();
        if let Some(token) = tokens.last().filter(|t| **t as usize >= full.rows()) {
            return Err(Error::Corrupt(format!(
                "the shortlist names a token {token} of {}",
                full.rows()
            )));
        }
        Ok(Shortlist {
            weights: full.select(&tokens)?,
            tokens: tokens.into(),
            extras: HashMap::new(),
        })
    }

    /// Bytes that the copied rows take.
    pub fn bytes(&self) -> usize {
        self.weights.bytes()
    }

    /// Adds the tokens of a sequence's source to what the sequence may say.
    pub fn open(&mut self, id: SequenceId, full: &Weights, source: &[u32]) -> Result<()> {
        let mut tokens: Vec<u32> = source
            .iter()
            .copied()
            .filter(|token| self.tokens.binary_search(token).is_err())
            .collect();
        tokens.sort_unstable();
        tokens.dedup();
        if !tokens.is_empty() {
            let weights = full.select(&tokens)?;
            self.extras.insert(id, Arc::new(Extras { tokens, weights }));
        }
        Ok(())
    }

    /// The new sequence may say what the old one may.
    pub fn fork(&mut self, from: SequenceId, to: SequenceId) {
        if let Some(extras) = self.extras.get(&from) {
            let extras = Arc::clone(extras);
            self.extras.insert(to, extras);
        }
    }

    pub fn close(&mut self, id: SequenceId) {
        self.extras.remove(&id);
    }

    /// Scores for the last states `x` `[sequences, width]`. Columns that only
    /// another sequence may say are −∞. `columns` is what the last step had;
    /// the memory of `values` is used again, whatever it holds.
    pub fn scores(
        &self,
        x: &[f32],
        sequences: impl Iterator<Item = SequenceId> + Clone,
        columns: &mut Columns,
        mut values: Vec<f32>,
    ) -> Result<Logits> {
        if columns.tokens.is_empty() || !columns.sequences.iter().copied().eq(sequences.clone()) {
            *columns = self.columns(sequences);
        }
        let rows = columns.sequences.len();
        let (common, width) = (self.tokens.len(), columns.tokens.len());
        values.resize(rows * width, f32::NEG_INFINITY);
        self.weights.scores(x, rows, (&mut values, width))?;
        if width > common {
            let states = x.chunks_exact(x.len().checked_div(rows).unwrap_or(0).max(1));
            let rows = values.chunks_exact_mut(width).zip(states);
            for ((row, state), added) in rows.zip(&mut columns.added) {
                row[common..].fill(f32::NEG_INFINITY);
                let Some(Added {
                    extras,
                    places,
                    scores,
                }) = added
                else {
                    continue;
                };
                let out = (scores.as_mut_slice(), extras.tokens.len());
                extras.weights.scores(state, 1, out)?;
                for (place, score) in places.iter().zip(scores) {
                    if let Some(value) = row.get_mut(*place) {
                        *value = *score;
                    }
                }
            }
        }
        Ok(Logits {
            values,
            width,
            columns: Some(Arc::clone(&columns.tokens)),
        })
    }

    /// The columns of a step: the common ones, then those that only some of the
    /// sequences may say.
    fn columns(&self, sequences: impl Iterator<Item = SequenceId>) -> Columns {
        let sequences: Vec<SequenceId> = sequences.collect();
        let extras = || sequences.iter().map(|id| self.extras.get(id));
        let mut more: Vec<u32> = extras()
            .flatten()
            .flat_map(|extras| extras.tokens.iter().copied())
            .collect();
        more.sort_unstable();
        more.dedup();
        let place = |token: &u32| Some(self.tokens.len() + more.binary_search(token).ok()?);
        let added = extras()
            .map(|extras| {
                let extras = Arc::clone(extras?);
                Some(Added {
                    places: extras.tokens.iter().filter_map(place).collect(),
                    scores: vec![0.0; extras.tokens.len()],
                    extras,
                })
            })
            .collect();
        Columns {
            tokens: [&self.tokens[..], &more].concat().into(),
            added,
            sequences,
        }
    }
}

/// What the columns of a step stand for; the same as long as the same sequences
/// take part, since the ids of sequences are not used again.
#[derive(Default)]
pub struct Columns {
    sequences: Vec<SequenceId>,
    tokens: Arc<[u32]>,
    /// For each sequence what its source adds.
    added: Vec<Option<Added>>,
}

struct Added {
    extras: Arc<Extras>,
    /// Columns of the tokens.
    places: Vec<usize>,
    scores: Vec<f32>,
}
