//! Splices new texts into the source of a feed.

use super::{Field, Mark};
use crate::span::Span;

/// What comes in the place of a part of the source.
#[derive(Debug, Clone, PartialEq)]
pub enum Change<'a> {
    /// A text, without the escapes of its place.
    Text { field: &'a Field, text: &'a str },
    /// The language is English now.
    English(Mark),
}

impl Change<'_> {
    fn span(&self) -> Span {
        match self {
            Change::Text { field, .. } => field.span,
            Change::English(mark) => mark.span,
        }
    }
}

/// See [`Feed::render`](super::Feed::render). A text that is what it was keeps
/// the bytes that it had.
pub(super) fn render(source: &str, mut changes: Vec<Change<'_>>) -> String {
    changes.sort_by_key(|change| change.span().start);
    let mut out = String::with_capacity(source.len() + source.len() / 8);
    let mut cursor = 0;
    for change in changes {
        let span = change.span();
        if span.start < cursor {
            continue;
        }
        match change {
            Change::Text { field, text } if field.text == text => continue,
            Change::Text { field, text } => {
                out.push_str(Span::new(cursor, span.start).of(source));
                out.push_str(&field.context.write(text));
            }
            Change::English(_) => {
                out.push_str(Span::new(cursor, span.start).of(source));
                out.push_str("en");
            }
        }
        cursor = span.end;
    }
    out.push_str(Span::new(cursor, source.len()).of(source));
    out
}
