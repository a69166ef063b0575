//! Sentences of German news text.
//!
//! [`split`] decides at every full stop, question mark, exclamation mark and
//! ellipsis from the words around it; [`split_clauses`] cuts what is too long
//! for a model. Both are linear in the text and return spans, never copies.

mod clauses;
mod enclosed;
mod next;
mod period;
mod stops;
mod token;
mod words;

pub use clauses::split_clauses;

use crate::span::Span;
use enclosed::Enclosed;
use stops::Stop;

/// The sentences of a text as ascending spans without surrounding whitespace.
/// They cover all that is not whitespace.
///
/// A blank line and the bullet of a list item end a sentence, a single line
/// break does not: which lines belong together is for the document to say.
/// Direct speech stays with the words that introduce it; several sentences
/// within quotes are several sentences here, too. Brackets inside a sentence
/// and short quotes that are part of one (titles, catchwords) are not split.
pub fn split(text: &str) -> Vec<Span> {
    let enclosed = Enclosed::find(text);
    let mut sentences = Sentences {
        text,
        start: 0,
        spans: Vec::new(),
    };
    let mut quotes = 0;
    let mut skip_to = 0;
    for (at, ch) in text.char_indices() {
        quotes += usize::from(ch == '"');
        if at < skip_to {
            continue;
        }
        match ch {
            '\n' => {
                if let Some(end) = stops::line_ends_sentence(text, at) {
                    sentences.end_at(at);
                    skip_to = end;
                }
            }
            '.' | '!' | '?' | '…' => {
                let stop = Stop::at(text, at, sentences.start, quotes % 2 == 1);
                skip_to = stop.marks_end;
                if stop.ends_sentence() && !enclosed.holds(at, stop.end) {
                    sentences.end_at(stop.end);
                }
            }
            _ => {}
        }
    }
    sentences.end_at(text.len());
    sentences.spans
}

/// Like [`split`], but no sentence ends inside one of `whole`: ascending spans
/// of the text, such as [`Block::protected`](crate::document::Block::protected).
pub fn split_around(text: &str, whole: &[Span]) -> Vec<Span> {
    let mut sentences: Vec<Span> = Vec::new();
    for sentence in split(text) {
        match sentences.last_mut() {
            Some(last) if is_inside(last.end, whole) => last.end = sentence.end,
            _ => sentences.push(sentence),
        }
    }
    sentences
}

fn is_inside(at: usize, spans: &[Span]) -> bool {
    let index = spans.partition_point(|span| span.end <= at);
    spans.get(index).is_some_and(|span| span.start < at)
}

struct Sentences<'a> {
    text: &'a str,
    start: usize,
    spans: Vec<Span>,
}

impl Sentences<'_> {
    fn end_at(&mut self, end: usize) {
        if let Some(span) = trimmed(self.text, Span::new(self.start, end)) {
            self.spans.push(span);
        }
        self.start = end;
    }
}

/// A span without the whitespace around it; `None` when nothing is left.
fn trimmed(text: &str, span: Span) -> Option<Span> {
    let part = span.of(text);
    let lead = part.len() - part.trim_start().len();
    let len = part.trim().len();
    (len > 0).then(|| Span::new(span.start + lead, span.start + lead + len))
}

#[cfg(test)]
mod tests;
