//! Marian's tokens: pieces from two SentencePiece models, numbered by one
//! vocabulary that both languages share.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::error::{Error, Result};
use crate::model::sentencepiece::SentencePiece;

/// Between text and token ids, as `MarianTokenizer` of transformers, with two
/// differences that keep article text from steering the model: the names of
/// special tokens in a text are plain text, and so are language codes that the
/// vocabulary lacks.
pub struct Tokenizer {
    source: SentencePiece,
    target: SentencePiece,
    ids: HashMap<String, u32>,
    /// Piece by id; `None` for special tokens, which stand for no text.
    pieces: Vec<Option<String>>,
    end: u32,
    unknown: u32,
}

impl Tokenizer {
    /// Reads source.spm, target.spm and vocab.json from `folder`.
    ///
    /// `size` is the model's vocabulary, `special` its tokens that stand for
    /// no text.
    ///
    /// # Errors
    /// [`Error::Io`] when a file is missing; [`Error::Corrupt`] when one is
    /// damaged or does not belong to the model; else as [`SentencePiece::load`].
    pub fn load(folder: &Path, size: usize, special: &BTreeSet<u32>) -> Result<Self> {
        let source = SentencePiece::load(&folder.join("source.spm"))?;
        let target = SentencePiece::load(&folder.join("target.spm"))?;
        let path = folder.join("vocab.json");
        let corrupt = |why: String| Error::Corrupt(format!("{}: {why}", path.display()));

        let bytes = std::fs::read(&path)
            .map_err(|e| Error::io(format!("reading {}", path.display()), e))?;
        let ids: HashMap<String, u32> =
            serde_json::from_slice(&bytes).map_err(|error| corrupt(error.to_string()))?;
        let named = |name: &str| {
            ids.get(name)
                .copied()
                .ok_or_else(|| corrupt(format!("there is no {name:?}")))
        };
        let (end, unknown) = (named("</s>")?, named("<unk>")?);

        // The size comes from a file too: it is believed only as far as the
        // vocabulary bears it out.
        let mut pieces = vec![None; ids.len()];
        for (piece, &id) in &ids {
            let index = usize::try_from(id).ok().filter(|&index| index < size);
            let index = index
                .ok_or_else(|| corrupt(format!("token {id} is not below the model's {size}")))?;
            let Some(slot) = pieces.get_mut(index) else {
                return Err(corrupt(format!(
                    "token {id} among only {} tokens",
                    ids.len()
                )));
            };
            let silent = id == end || id == unknown || special.contains(&id);
            if slot.replace((!silent).then(|| piece.clone())).is_some() {
                return Err(corrupt(format!("token {id} has two names")));
            }
        }
        let pieces = pieces.into_iter().map(Option::flatten).collect();
        Ok(Tokenizer {
            source,
            target,
            ids,
            pieces,
            end,
            unknown,
        })
    }

    /// The token that ends a text.
    pub fn end(&self) -> u32 {
        self.end
    }

    /// Tokens of a source text, the end included. A language code that the
    /// vocabulary knows (`>>deu<<`) is one token when the text begins with it.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let (code, text) = self.language_code(text);
        let pieces = self.source.encode(text)?;
        let ids = pieces
            .iter()
            .map(|piece| self.ids.get(piece).copied().unwrap_or(self.unknown));
        Ok(code.into_iter().chain(ids).chain([self.end]).collect())
    }

    /// Tokens of a phrase within an answer.
    pub fn phrase(&self, text: &str) -> Result<Vec<u32>> {
        let pieces = self.target.encode(text)?;
        let ids = pieces
            .iter()
            .map(|piece| self.ids.get(piece).copied().unwrap_or(self.unknown));
        Ok(ids.collect())
    }

    fn language_code<'t>(&self, text: &'t str) -> (Option<u32>, &'t str) {
        let code = text
            .strip_prefix(">>")
            .and_then(|rest| rest.find("<<"))
            .map(|length| length + ">><<".len());
        let known = code
            .and_then(|length| text.split_at_checked(length))
            .and_then(|(code, rest)| Some((*self.ids.get(code)?, rest)));
        match known {
            Some((id, rest)) => (Some(id), rest),
            None => (None, text),
        }
    }

    /// The text of target tokens. Special tokens and ids outside the
    /// vocabulary stand for nothing.
    pub fn decode(&self, tokens: &[u32]) -> String {
        let piece = |&token: &u32| self.pieces.get(usize::try_from(token).ok()?)?.as_deref();
        self.target.decode(tokens.iter().filter_map(piece))
    }
}
