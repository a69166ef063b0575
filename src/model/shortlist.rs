//! The output layer over the tokens that a translation can need.
//!
//! Of a multilingual vocabulary an English answer uses a small part: the
//! tokens that English texts are made of, and those of its own source (names,
//! numbers). Scoring only these leaves out most of the output layer's work;
//! Marian and Bergamot call it a shortlist (Kim et al., 2019). The scores
//! that are computed are those of the whole layer, to the last bit.

use std::collections::HashMap;
use std::sync::Arc;

use candle_core::Tensor;

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

    /// Scores for the last states `x` `[sequences.len(), width]`. Columns that
    /// only another sequence may say are −∞.
    pub fn scores(&self, x: &Tensor, sequences: &[SequenceId]) -> Result<Logits> {
        let common = self.weights.scores(x)?;
        let added: Vec<Option<&Arc<Extras>>> =
            sequences.iter().map(|id| self.extras.get(id)).collect();
        let mut columns: Vec<u32> = added
            .iter()
            .flatten()
            .flat_map(|extras| extras.tokens.iter().copied())
            .collect();
        if columns.is_empty() {
            return Ok(Logits {
                values: common,
                width: self.tokens.len(),
                columns: Some(Arc::clone(&self.tokens)),
            });
        }
        columns.sort_unstable();
        columns.dedup();
        let width = self.tokens.len() + columns.len();
        let mut values = Vec::with_capacity(sequences.len() * width);
        for (row, (common, extras)) in common.chunks(self.tokens.len()).zip(added).enumerate() {
            values.extend_from_slice(common);
            let start = values.len();
            values.resize(start + columns.len(), f32::NEG_INFINITY);
            let Some(extras) = extras else { continue };
            let scores = extras.weights.scores(&x.narrow(0, row, 1)?)?;
            for (token, score) in extras.tokens.iter().zip(scores) {
                if let Ok(column) = columns.binary_search(token) {
                    values[start + column] = score;
                }
            }
        }
        Ok(Logits {
            values,
            width,
            columns: Some([&self.tokens[..], &columns].concat().into()),
        })
    }
}
