//! The contract between the engine and a model. A model knows sequences,
//! tokens and logits; it knows nothing of articles.

pub mod adapter;
mod attention;
pub mod config;
pub mod decoder;
pub mod fetch;
mod gemma3;
pub mod gguf;
mod kv;
mod layer;
mod linear;
pub mod load;
mod loader;
pub mod manifest;
mod ops;
pub mod prompt;
mod qwen2;
mod rope;
mod shortlist;
pub mod tokenizer;
pub(crate) mod vector;

pub use decoder::{Decoder, DecoderOptions};
pub use prompt::PromptTemplate;
pub mod marian;
pub mod sentencepiece;

use crate::error::Result;

/// Names one open sequence of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SequenceId(pub u32);

/// A source text, ready to be opened as a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// Tokens of the source (encoder–decoder: the encoder's input; decoder
    /// only: the prompt without the prefix that all prompts share).
    pub tokens: Vec<u32>,
    /// Number of tokens of the source text itself, without prompt words: what
    /// length limits are computed from.
    pub source_tokens: usize,
}

/// A sequence that has just been opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    pub id: SequenceId,
    /// What the first [`Model::forward`] must feed (all of it, in one call or
    /// in several): the prompt of a decoder-only model, the start token of an
    /// encoder–decoder one.
    pub pending: Vec<u32>,
}

/// One row of work for [`Model::forward`].
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    pub sequence: SequenceId,
    /// Tokens to append, at least one.
    pub tokens: &'a [u32],
}

/// Scores of the next token, one row per [`Input`], before softmax.
#[derive(Debug, Clone)]
pub struct Logits {
    /// `[rows, width]`, row-major.
    pub values: Vec<f32>,
    pub width: usize,
    /// Which token each column stands for; `None` means column = token id.
    pub columns: Option<std::sync::Arc<[u32]>>,
}

impl Logits {
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.width..(row + 1) * self.width]
    }

    /// The column of a row's best score; on a tie the lower one. `None` when no
    /// score is a number above −∞.
    pub fn best(&self, row: usize) -> Option<usize> {
        vector::argmax(self.row(row))
    }

    /// The column of a token, if it has one.
    pub fn column(&self, token: u32) -> Option<usize> {
        match &self.columns {
            Some(columns) => columns.iter().position(|column| *column == token),
            None => usize::try_from(token)
                .ok()
                .filter(|column| *column < self.width),
        }
    }

    /// The token id that a column stands for.
    pub fn token(&self, column: usize) -> u32 {
        match &self.columns {
            Some(columns) => columns[column],
            None => column as u32,
        }
    }
}

/// How long an answer may become, as a function of its source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnswerLength {
    /// Tokens per token of the source …
    pub factor: f32,
    /// … and tokens granted on top, for very short texts.
    pub extra: usize,
}

impl Default for AnswerLength {
    fn default() -> Self {
        AnswerLength {
            factor: 2.5,
            extra: 24,
        }
    }
}

impl AnswerLength {
    /// The most tokens that an answer to so many source tokens may have.
    pub fn limit(self, source_tokens: usize) -> usize {
        // Saturates where the product does not fit, as float casts do.
        let scaled = (source_tokens as f64 * f64::from(self.factor)).ceil() as usize;
        scaled.saturating_add(self.extra)
    }
}

/// What the engine must know about a model before it plans work.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Tokens that one sequence may hold, prompt prefix included.
    pub window: usize,
    /// Whether source and answer share the window, as in a decoder-only model;
    /// else each of them has a window to itself.
    pub shared_window: bool,
    /// Tokens of the shared prompt prefix, counted in `window`.
    pub prefix: usize,
    /// Sequences that may be open at once.
    pub sequences: usize,
    /// After how many tokens an output is cut off.
    pub answer: AnswerLength,
    /// Tokens that end a sequence.
    pub end_tokens: Vec<u32>,
    /// The words of the prompt that ask for the answer, as they may stand in an
    /// answer: one that writes them gives itself another answer behind it.
    pub cues: Vec<Vec<u32>>,
}

/// A translation model with its sequences and their KV caches.
///
/// The result of [`Model::forward`] for one row depends on that row's sequence
/// alone, never on its company in the batch, to the last bit: this is what
/// makes Depesche deterministic under load.
pub trait Model: Send {
    fn limits(&self) -> &Limits;

    /// Turns a source text into a prompt.
    fn encode(&self, source: &str) -> Result<Prompt>;

    /// The tokens of a phrase in the midst of an answer, after a space.
    fn phrase(&self, text: &str) -> Result<Vec<u32>>;

    /// Turns generated tokens (end tokens are skipped) into text.
    fn decode(&self, tokens: &[u32]) -> Result<String>;

    /// Opens a sequence. Errors when all of [`Limits::sequences`] are open.
    fn open(&mut self, prompt: &Prompt) -> Result<Opened>;

    /// A second sequence with the same history (for beams).
    fn fork(&mut self, sequence: SequenceId) -> Result<SequenceId>;

    /// Frees a sequence; unknown ids are ignored.
    fn close(&mut self, sequence: SequenceId);

    /// Appends tokens to each named sequence and returns the scores after the
    /// last token of each. A sequence occurs at most once in `inputs`.
    fn forward(&mut self, inputs: &[Input<'_>]) -> Result<Logits>;

    /// Takes back scores that have been read: the next step may use their memory.
    fn take_back(&mut self, logits: Logits) {
        drop(logits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_may_grow_with_its_source_only() {
        let answer = AnswerLength {
            factor: 1.5,
            extra: 10,
        };
        assert_eq!(answer.limit(0), 10);
        assert_eq!(answer.limit(5), 18);
        assert_eq!(answer.limit(usize::MAX), usize::MAX);
    }
}
