//! A feed is its source text plus the texts in it that can be translated.
//!
//! RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed are read only to find the spans of
//! titles, descriptions and contents, and of the marks of their language.
//! [`Feed::render`] copies everything else byte for byte: namespaces, links,
//! dates, enclosures, extensions, unknown elements. No entity of a DTD is ever
//! expanded, and nothing here recurses.

pub mod atomic;
pub mod compose;
mod context;
pub mod convert;
pub mod date;
mod element;
pub mod encoding;
pub mod fetch;
mod json;
mod lines;
pub mod memory;
pub mod opml;
mod render;
pub mod report;
pub mod schedule;
pub mod state;
mod tag;
mod vocabulary;
mod xml;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use context::Context;
pub use lines::Fault;
pub use memory::{Item, Memory};
pub use render::Change;

use crate::document::Format;
use crate::error::{Error, Result};
use crate::span::Span;

/// The family of formats that a feed belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// RSS 0.91 to 2.0: items inside the channel.
    Rss,
    /// RSS 0.90 and 1.0: items beside the channel, in RDF.
    Rdf,
    Atom,
    Json,
}

impl Dialect {
    pub const fn media_type(self) -> &'static str {
        match self {
            Dialect::Rss => "application/rss+xml",
            Dialect::Rdf => "application/rdf+xml",
            Dialect::Atom => "application/atom+xml",
            Dialect::Json => "application/feed+json",
        }
    }
}

/// What a text is for its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Title,
    /// `description`, `summary`, `subtitle`.
    Summary,
    /// `content:encoded`, `content`.
    Content,
    Category,
}

/// A text that can be translated, and its place in the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub role: Role,
    /// What the text is written in once its place's escapes are undone.
    pub format: Format,
    /// The text without the escapes of its place.
    pub text: String,
    /// In the source.
    pub span: Span,
    pub context: Context,
}

/// A mark of a language, `de` or one of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub span: Span,
}

/// An item, or the feed's own head.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// `guid`, `id` or `rdf:about`, else the link.
    pub id: Option<String>,
    pub link: Option<String>,
    pub date: Option<jiff::Timestamp>,
    /// Line of the source that the item begins in, from 1.
    pub line: usize,
    /// In source order.
    pub fields: Vec<Field>,
    pub marks: Vec<Mark>,
}

/// A feed that has been read, as far as it could be.
#[derive(Debug, Clone)]
pub struct Feed {
    source: String,
    dialect: Dialect,
    /// Title, description and language of the feed itself.
    pub head: Entry,
    pub items: Vec<Entry>,
    faults: Vec<Fault>,
}

impl Feed {
    /// Reads a feed. `charset` is what a transport said of its encoding.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is no feed at all: neither XML that has a
    /// feed's root nor an object in JSON that has items. What cannot be read
    /// inside a feed is among its [`faults`](Self::faults).
    pub fn read(bytes: &[u8], charset: Option<&str>) -> Result<Feed> {
        let encoding::Decoded { text, fault } = encoding::decode(bytes, charset);
        let start = text.trim_start_matches('\u{feff}').trim_start();
        let mut feed = if start.starts_with('{') {
            json::read(text)?
        } else if start.starts_with('<') {
            xml::read(text)?
        } else if start.is_empty() {
            return Err(Error::Malformed("the feed is empty".into()));
        } else {
            return Err(Error::Malformed(
                "this is neither XML nor JSON, so it is no feed".into(),
            ));
        };
        feed.faults.extend(fault);
        feed.faults.sort_by_key(|fault| fault.line);
        feed.faults.dedup();
        Ok(feed)
    }

    /// The feed in UTF-8, its declaration put right.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Characters of all texts that can be translated.
    pub fn characters(&self) -> usize {
        std::iter::once(&self.head)
            .chain(&self.items)
            .flat_map(|entry| &entry.fields)
            .map(|field| field.text.chars().count())
            .sum()
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What could not be read, by line.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Puts texts in the place of others; everything else is copied.
    pub fn render(&self, changes: Vec<Change<'_>>) -> String {
        render::render(&self.source, changes)
    }
}

impl Entry {
    fn at(line: usize) -> Self {
        Entry {
            line,
            ..Entry::default()
        }
    }

    fn is_blank(&self) -> bool {
        self.id.is_none() && self.link.is_none() && self.fields.is_empty()
    }
}

/// What a text is taken for that may or may not hold markup: publishers put
/// HTML into descriptions and plain text into titles, and not always so.
fn guess_format(text: &str) -> Format {
    const LONGEST_NAME: usize = 33;
    let marked = text.match_indices(['<', '&']).any(|(at, found)| {
        let rest = text.get(at + 1..).unwrap_or("");
        match found {
            "<" => rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')),
            _ => {
                let end = rest
                    .bytes()
                    .take(LONGEST_NAME)
                    .position(|byte| byte == b';');
                let name = end.and_then(|end| text.get(at..at + end + 2));
                name.is_some_and(|name| matches!(htmlize::unescape(name), Cow::Owned(_)))
            }
        }
    });
    if marked { Format::Html } else { Format::Text }
}

/// Whether a mark of a language says German.
fn is_german(tag: &str) -> bool {
    let primary = tag.trim().split(['-', '_']).next().unwrap_or("");
    ["de", "deu", "ger", "german", "deutsch"]
        .iter()
        .any(|name| primary.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
