//! How a source text is put before a decoder-only model.

use serde::{Deserialize, Serialize};

use super::Prompt;
use super::tokenizer::Tokenizer;
use crate::error::{Error, Result};

/// Where the source text goes in a template.
const SOURCE: &str = "{source}";

/// The words around a source text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PromptTemplate {
    /// Stands before every prompt, e.g. a system message and examples; it is
    /// computed once and shared by all sequences.
    pub prefix: String,
    /// The prompt proper, with `{source}` exactly once. What comes before
    /// `{source}` is shared as far as token boundaries allow.
    pub template: String,
    /// Texts of one token each that end the output, beside the model's own end
    /// tokens.
    pub end: Vec<String>,
}

impl Default for PromptTemplate {
    fn default() -> Self {
        PromptTemplate {
            prefix: String::new(),
            template: SOURCE.to_owned(),
            end: Vec::new(),
        }
    }
}

/// A template in tokens, cut where a source text cannot change them.
///
/// Tokens span the seam between prompt words and source (`: Der` is not `:`
/// followed by `Der`), so the words next to the source are kept as text and
/// encoded with it, up to the nearest line break or control token.
pub struct PromptPlan {
    prefix: Vec<u32>,
    before: String,
    after: String,
    suffix: Vec<u32>,
    /// The words right before the answer; empty where a control token stands
    /// there.
    cue: String,
    words: usize,
    ends: Vec<u32>,
}

impl PromptPlan {
    /// # Errors
    /// [`Error::Config`] when the template lacks `{source}` or has it twice, or
    /// when an end text is not exactly one token.
    pub fn new(template: &PromptTemplate, tokenizer: &Tokenizer) -> Result<Self> {
        let (before, after) = template
            .template
            .split_once(SOURCE)
            .filter(|(_, after)| !after.contains(SOURCE))
            .ok_or_else(|| Error::Config(format!("a prompt must contain {SOURCE} exactly once")))?;
        let before = format!("{}{before}", template.prefix);
        let (shared, before) = before.split_at(last_seam(&before, tokenizer));
        let cue = after.get(last_seam(after, tokenizer)..).unwrap_or_default();
        let (after, suffix) = after.split_at(first_seam(after, tokenizer));
        let mut prefix: Vec<u32> = tokenizer.begin().into_iter().collect();
        prefix.extend(tokenizer.encode_prompt(shared)?);
        let mut ends = tokenizer.ends().to_vec();
        for text in &template.end {
            match tokenizer.encode_prompt(text)?.as_slice() {
                [token] => ends.push(*token),
                tokens => {
                    return Err(Error::Config(format!(
                        "the end text {text:?} of a prompt must be one token, not {}",
                        tokens.len()
                    )));
                }
            }
        }
        ends.sort_unstable();
        ends.dedup();
        let words = tokenizer.encode(before)?.len() + tokenizer.encode(after)?.len();
        Ok(PromptPlan {
            prefix,
            before: before.to_owned(),
            after: after.to_owned(),
            suffix: tokenizer.encode_prompt(suffix)?,
            cue: cue.trim().to_owned(),
            words,
            ends,
        })
    }

    /// Tokens that begin every sequence.
    pub fn prefix(&self) -> &[u32] {
        &self.prefix
    }

    /// Tokens that end a sequence, in ascending order.
    pub fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// The words right before the answer, in the tokens that they have within
    /// one; none where a control token stands there.
    pub fn cues(&self, tokenizer: &Tokenizer) -> Result<Vec<Vec<u32>>> {
        if self.cue.is_empty() {
            return Ok(Vec::new());
        }
        let spellings = [self.cue.clone(), format!(" {}", self.cue)];
        spellings
            .iter()
            .map(|text| tokenizer.encode(text))
            .collect()
    }

    /// The prompt for one source text, without the shared prefix.
    pub fn prompt(&self, source: &str, tokenizer: &Tokenizer) -> Result<Prompt> {
        let text = format!("{}{}{}", self.before, source.trim(), self.after);
        let mut tokens = tokenizer.encode(&text)?;
        let source_tokens = tokens.len().saturating_sub(self.words).max(1);
        tokens.extend_from_slice(&self.suffix);
        Ok(Prompt {
            tokens,
            source_tokens,
        })
    }
}

/// The end of the last line break or control token, whichever is later.
fn last_seam(text: &str, tokenizer: &Tokenizer) -> usize {
    let line = text.rfind('\n').map_or(0, |position| position + 1);
    let mut control = 0;
    while let Some((start, name, _)) = text
        .get(control..)
        .and_then(|rest| tokenizer.first_control(rest))
    {
        control += start + name.len();
    }
    line.max(control)
}

/// The end of the first run of line breaks or the start of the first control
/// token, whichever is earlier; the length of the text when it has neither.
fn first_seam(text: &str, tokenizer: &Tokenizer) -> usize {
    let line = text.find('\n').map_or(text.len(), |position| {
        let rest = text.get(position..).unwrap_or_default();
        text.len() - rest.trim_start_matches('\n').len()
    });
    let control = tokenizer
        .first_control(text)
        .map_or(text.len(), |(start, _, _)| start);
    line.min(control)
}
