//! The content of an element that matters, piece by piece.

use super::unescape::unescape;
use crate::document::Format;
use crate::feed::tag::Attribute;
use crate::feed::vocabulary::{Meaning, Place};
use crate::feed::{Context, Dialect, Role};
use crate::span::Span;

/// Whether the format of a text is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    Stated(Format),
    Guessed,
}

/// What the content is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text { role: Role, format: Text },
    Language,
    Id,
    Link,
    Date,
}

impl Kind {
    /// `None` for elements whose content does not matter, or is no text.
    pub fn of(meaning: Meaning, attributes: &[Attribute<'_>], dialect: Dialect) -> Option<Self> {
        match meaning {
            Meaning::Text(role) => {
                text_format(attributes, dialect).map(|format| Kind::Text { role, format })
            }
            Meaning::Language => Some(Kind::Language),
            Meaning::Id => Some(Kind::Id),
            Meaning::Link => Some(Kind::Link),
            Meaning::Date => Some(Kind::Date),
            Meaning::Head | Meaning::Item | Meaning::Unknown => None,
        }
    }
}

/// The format of a text by its element's attributes; `None` when it is none.
fn text_format(attributes: &[Attribute<'_>], dialect: Dialect) -> Option<Text> {
    if dialect != Dialect::Atom {
        return Some(Text::Guessed);
    }
    let value = |name: &str| {
        let mut found = attributes.iter().filter(|found| found.name == name);
        found.next().map(|found| found.value.to_ascii_lowercase())
    };
    if value("src").is_some() || value("mode").as_deref() == Some("base64") {
        return None;
    }
    match value("type").as_deref() {
        None | Some("") => Some(Text::Guessed),
        Some("text" | "text/plain") => Some(Text::Stated(Format::Text)),
        Some("html" | "text/html" | "xhtml" | "application/xhtml+xml") => {
            Some(Text::Stated(Format::Html))
        }
        Some(_) => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// Character data with its escapes, and references.
    Escaped,
    Cdata,
    Comment,
}

#[derive(Debug)]
pub(super) struct Capture {
    pub kind: Kind,
    /// Of the element's parent.
    pub place: Place,
    /// Elements that are open, this one included.
    pub depth: usize,
    pub start: usize,
    pub pieces: Vec<(Piece, Span)>,
    pub has_markup: bool,
}

/// The content of an element.
#[derive(Debug, PartialEq)]
pub(super) struct Written {
    pub text: String,
    pub span: Span,
    pub context: Context,
}

const OPENING: &str = "<![CDATA[";
const CLOSING: &str = "]]>";

impl Capture {
    /// What was written up to `end`, where the element's end tag begins.
    pub fn written(&self, source: &str, end: usize) -> Written {
        let span = Span::new(self.start, end);
        if self.has_markup {
            return Written {
                text: span.of(source).to_owned(),
                span,
                context: Context::Markup,
            };
        }
        let said = |(piece, span): &(Piece, Span)| {
            *piece == Piece::Cdata || !span.of(source).trim().is_empty()
        };
        let mut telling = self.pieces.iter().filter(|piece| said(piece));
        if let (Some((Piece::Cdata, section)), None) = (telling.next(), telling.next()) {
            let span = Span::new(section.start + OPENING.len(), section.end - CLOSING.len());
            return Written {
                text: span.of(source).to_owned(),
                span,
                context: Context::Cdata,
            };
        }
        // References are pieces of their own; a text and its references are
        // unescaped together.
        let mut text = String::with_capacity(span.len());
        for (piece, span) in &self.pieces {
            let written = span.of(source);
            match piece {
                Piece::Escaped => text.push_str(&unescape(written)),
                Piece::Cdata => text.push_str(
                    written
                        .strip_prefix(OPENING)
                        .and_then(|written| written.strip_suffix(CLOSING))
                        .unwrap_or(""),
                ),
                Piece::Comment => {}
            }
        }
        Written {
            text,
            span,
            context: Context::Element,
        }
    }
}
