//! One segment on its way through the model: from prompt to hypotheses.

use crate::engine::beam::Beams;
use crate::engine::greedy::Greedy;
use crate::engine::phrases::{Phrases, ends_in_any};
use crate::error::{Error, Result};
use crate::model::{Input, Limits, Logits, Model, Prompt, SequenceId};

/// How the next token is chosen. Deterministic in every setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decoding {
    /// Beam width; 1 is greedy. No wider than the model has sequences for.
    pub beams: usize,
    /// Exponent of the length that a beam's score is divided by.
    pub length_penalty: f32,
}

impl Default for Decoding {
    fn default() -> Self {
        Decoding {
            beams: 1,
            // Measured with the default model: with 1.0, answers to the development set
            // are 2.6 % shorter than the references and 0.2 chrF worse.
            length_penalty: 1.4,
        }
    }
}

/// Why a hypothesis ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// The model wrote its end token.
    End,
    /// The length limit was reached first.
    Length,
}

/// A finished output.
#[derive(Debug, Clone, PartialEq)]
pub struct Hypothesis {
    /// Without the end token.
    pub tokens: Vec<u32>,
    pub finish: Finish,
}

/// The hypotheses of one segment, best first; never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub hypotheses: Vec<Hypothesis>,
    /// Tokens written, abandoned attempts and beams included.
    pub written: usize,
    /// A phrase repeated without end, and the segment was decoded again.
    pub retried: bool,
}

/// What a search may use: length limit and end tokens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bounds {
    pub max_tokens: usize,
    pub end_tokens: Vec<u32>,
    /// What no answer says ([`Limits::cues`]).
    pub cues: Vec<Vec<u32>>,
}

impl Bounds {
    /// Outputs may be as long as the model's limits allow for the source, and
    /// must fit the window.
    ///
    /// # Errors
    /// `TooLarge` when the source does not fit, or, in a window that they
    /// share, source and an output as long as the source.
    pub fn new(prompt: &Prompt, limits: &Limits) -> Result<Self> {
        let used = limits.prefix + prompt.tokens.len();
        let overhead = used - prompt.source_tokens.min(used);
        let (room, fits, limit) = if limits.shared_window {
            let room = limits.window.saturating_sub(used);
            let fits = room >= prompt.source_tokens + 16;
            let limit = limits.window.saturating_sub(overhead + 16) / 2;
            (room, fits, limit)
        } else {
            let limit = limits.window.saturating_sub(overhead);
            (limits.window, used <= limits.window, limit)
        };
        if !fits {
            return Err(Error::TooLarge {
                what: "the segment in tokens",
                actual: prompt.source_tokens,
                limit,
            });
        }
        Ok(Bounds {
            max_tokens: room.min(limits.answer.limit(prompt.source_tokens)),
            end_tokens: limits.end_tokens.clone(),
            cues: limits.cues.clone(),
        })
    }

    /// Whether tokens, with one more, end in a cue.
    pub fn begins_anew(&self, tokens: &[u32], last: u32) -> bool {
        ends_in_any(&self.cues, tokens, last)
    }

    pub fn ends(&self, token: u32) -> bool {
        self.end_tokens.contains(&token)
    }
}

/// The search of one segment. It owns sequences of the model and must be
/// closed with [`Generation::close`] unless it has finished.
#[derive(Debug)]
pub(crate) enum Generation {
    Greedy(Greedy),
    Beams(Beams),
}

impl Generation {
    /// Opens the first sequence. An answer that must contain phrases is looked
    /// for with beams, be it one per bank.
    pub fn open(
        model: &mut dyn Model,
        prompt: &Prompt,
        decoding: Decoding,
        phrases: &Phrases,
    ) -> Result<Self> {
        let bounds = Bounds::new(prompt, model.limits())?;
        Ok(if decoding.beams <= 1 && phrases.is_empty() {
            Generation::Greedy(Greedy::open(model, prompt, bounds)?)
        } else {
            let phrases = phrases.clone();
            Generation::Beams(Beams::open(model, prompt, bounds, decoding, phrases)?)
        })
    }

    /// What must be fed in the next step, one input per live sequence.
    pub fn inputs(&self) -> Vec<Input<'_>> {
        match self {
            Generation::Greedy(greedy) => vec![greedy.input()],
            Generation::Beams(beams) => beams.inputs(),
        }
    }

    /// Takes the scores of its inputs (`rows` starts at `first`) and chooses.
    /// The outcome, when there is one, leaves no sequence open.
    pub fn advance(
        &mut self,
        model: &mut dyn Model,
        logits: &Logits,
        first: usize,
    ) -> Result<Option<Outcome>> {
        match self {
            Generation::Greedy(greedy) => greedy.advance(model, logits, first),
            Generation::Beams(beams) => beams.advance(model, logits, first),
        }
    }

    /// Gives back all sequences.
    pub fn close(&mut self, model: &mut dyn Model) {
        for sequence in self.sequences() {
            model.close(sequence);
        }
    }

    fn sequences(&self) -> Vec<SequenceId> {
        self.inputs().iter().map(|input| input.sequence).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AnswerLength;

    fn limits(shared_window: bool) -> Limits {
        Limits {
            window: 100,
            shared_window,
            prefix: 0,
            sequences: 1,
            answer: AnswerLength::default(),
            end_tokens: vec![0],
            cues: Vec::new(),
        }
    }

    /// A source with one token around it.
    fn prompt(source_tokens: usize) -> Prompt {
        Prompt {
            tokens: vec![1; source_tokens + 1],
            source_tokens,
        }
    }

    fn bounds(source_tokens: usize, shared_window: bool) -> std::result::Result<usize, usize> {
        match Bounds::new(&prompt(source_tokens), &limits(shared_window)) {
            Ok(bounds) => Ok(bounds.max_tokens),
            Err(Error::TooLarge { limit, .. }) => Err(limit),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_cue_is_known_by_its_last_token() {
        let limits = Limits {
            cues: vec![vec![7, 8], Vec::new()],
            ..limits(true)
        };
        let bounds = Bounds::new(&prompt(10), &limits).expect("it fits");
        assert!(bounds.begins_anew(&[1, 7], 8));
        for (before, last) in [(&[1, 7][..], 9), (&[1], 8), (&[], 8), (&[7, 1], 8)] {
            assert!(!bounds.begins_anew(before, last), "{before:?} {last}");
        }
    }

    #[test]
    fn a_shared_window_must_hold_source_and_answer() {
        assert_eq!(bounds(10, true), Ok(49));
        assert_eq!(bounds(41, true), Ok(58));
        assert_eq!(bounds(42, true), Err(41));
    }

    #[test]
    fn a_window_each_holds_all_that_fits_it() {
        assert_eq!(bounds(10, false), Ok(49));
        assert_eq!(bounds(99, false), Ok(100));
        assert_eq!(bounds(100, false), Err(99));
    }
}
