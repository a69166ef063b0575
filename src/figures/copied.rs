//! Words that a translation copies: a figure in a name or a title that was not
//! translated stands in both texts as it is.

use std::collections::HashMap;

use crate::span::Span;
use crate::words::words;

/// A text asked for words of another one.
pub struct Copied<'a> {
    text: &'a str,
    /// Where each lower-case word begins.
    starts: HashMap<String, Vec<usize>>,
}

/// Copies of one word are looked at in so many places at most, so that a text
/// of one repeated word stays cheap.
const MOST_PLACES: usize = 8;

impl<'a> Copied<'a> {
    pub fn of(text: &'a str) -> Self {
        let mut starts: HashMap<String, Vec<usize>> = HashMap::new();
        for word in words(text) {
            let places = starts.entry(word.of(text).to_lowercase()).or_default();
            if places.len() < MOST_PLACES {
                places.push(word.start);
            }
        }
        Copied { text, starts }
    }

    /// Where the whole words of `figure` stand in the text, in any case, at a
    /// place that is `free`.
    ///
    /// Numbers with marks are never found: German and English read `1.234`
    /// differently, so that a copy proves nothing.
    pub fn find(&self, figure: &str, free: impl Fn(&Span) -> bool) -> Option<Span> {
        let styled = figure.as_bytes().windows(3).any(|three| match three {
            [one, mark, next] => {
                one.is_ascii_digit() && next.is_ascii_digit() && matches!(mark, b'.' | b',' | b':')
            }
            _ => false,
        });
        let first = words(figure).next()?.of(figure);
        if styled || figure.starts_with(|c: char| !c.is_alphanumeric()) {
            return None;
        }
        let length = figure.len();
        self.starts
            .get(&first.to_lowercase())?
            .iter()
            .map(|start| Span::new(*start, start + length))
            .find(|span| {
                let same = span.of(self.text).to_lowercase() == figure.to_lowercase();
                let ends = self
                    .text
                    .get(span.end..)
                    .is_some_and(|tail| !tail.starts_with(char::is_alphanumeric));
                same && ends && free(span)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whole_words_only() {
        let text = Copied::of("The heir Ernst August left the Top Ten.");
        assert_eq!(text.find("August", |_| true), Some(Span::new(15, 21)));
        assert_eq!(text.find("ten", |_| true), Some(Span::new(35, 38)));
        assert_eq!(text.find("ten", |span| span.start < 30), None);
        assert_eq!(text.find("Augus", |_| true), None);
        assert_eq!(text.find("hei", |_| true), None);
    }

    #[test]
    fn styled_numbers_prove_nothing() {
        let text = Copied::of("It is 1.240 or 17,5 or 1.240 kilometers.");
        for figure in ["1.240", "17,5", "1.240 kilometers"] {
            assert_eq!(text.find(figure, |_| true), None);
        }
    }
}
