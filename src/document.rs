//! A document is its source text plus the blocks of prose found in it.
//!
//! Everything that is not prose stays where it is: [`Document::render`] copies
//! the source byte for byte and replaces only the spans it is given
//! translations for. Three readers (`plain`, `html`, `markdown`) know
//! their format; they all fill the same `BlockBuilder`,
//! so decoded text, its way back to the source and the inline markup look the
//! same whatever the format.

mod align;
mod block;
mod escape;
mod extract;
mod html;
mod inline;
mod kind;
mod markdown;
mod plain;
mod render;
mod weave;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use block::Block;
pub use extract::{Extract, extract};
pub use kind::BlockKind;

use crate::{
    error::{Error, Result},
    span::Span,
};

/// How a source text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Text,
    /// A whole page or a fragment without a root, well formed or not.
    Html,
    /// CommonMark with tables, footnotes, strikethrough, task lists and YAML
    /// or TOML front matter.
    Markdown,
}

impl Format {
    pub const ALL: [Format; 3] = [Format::Text, Format::Html, Format::Markdown];

    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Html => "html",
            Format::Markdown => "markdown",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Format::ALL
            .into_iter()
            .find(|format| format.as_str() == name)
            .ok_or_else(|| {
                Error::Malformed(format!(
                    "unknown format {name:?}; known formats: text, html, markdown"
                ))
            })
    }
}

/// The translation of one span of a block's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// In [`Block::text`].
    pub span: Span,
    /// Plain English, neither escaped nor marked up.
    pub text: String,
}

/// A document in which translations have taken the place of their sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub text: String,
    /// `spans[b][t]` is where target `t` of block `b` stands in
    /// [`text`](Self::text), in bytes, with the markup put into it.
    pub spans: Vec<Vec<Span>>,
}

/// A source text and the blocks of prose in it, in source order.
#[derive(Debug, Clone)]
pub struct Document {
    source: String,
    format: Format,
    /// Ascending and without overlap in the source.
    blocks: Vec<Block>,
}

impl Document {
    /// Reads a document. Malformed HTML and Markdown are read as browsers and
    /// CommonMark do; no input is refused for its markup.
    ///
    /// # Errors
    /// [`Error::Empty`] when there is no letter and no digit to translate.
    pub fn parse(source: &str, format: Format) -> Result<Document> {
        let blocks = match format {
            Format::Text => plain::read(source),
            Format::Html => html::read(source),
            Format::Markdown => markdown::read(source),
        };
        if blocks.is_empty() {
            return Err(Error::Empty);
        }
        Ok(Document {
            source: source.to_owned(),
            format,
            blocks,
        })
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    pub fn format(&self) -> Format {
        self.format
    }

    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Puts translations in the place of their sources.
    ///
    /// `targets[i]` belongs to `blocks()[i]`: non-overlapping, ascending spans
    /// of that block's text. Everything between them is copied from the source;
    /// so is a target that equals its source, which makes rendering the
    /// untranslated text the identity for every format. Inline markup inside a
    /// translated span is put back around the words it belonged to; opening and
    /// closing markup stays nested and none is lost.
    ///
    /// A target that overlaps its predecessor or does not fit its block is
    /// dropped: its span in the result is empty.
    pub fn render(&self, targets: &[Vec<Target>]) -> Rendered {
        render::render(&self.source, &self.blocks, targets)
    }
}

#[cfg(test)]
mod fragments;
#[cfg(test)]
mod tests;
