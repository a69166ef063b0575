//! Words with what stands between them.

use crate::span::Span;

/// The words of a text: runs of letters and digits.
#[derive(Debug)]
pub struct Words<'a> {
    text: &'a str,
    spans: Vec<Span>,
}

impl<'a> Words<'a> {
    pub fn of(text: &'a str) -> Self {
        let mut spans = Vec::new();
        let mut begun = None;
        for (at, c) in text.char_indices() {
            match (begun, c.is_alphanumeric() || is_joined(c)) {
                (None, true) if c.is_alphanumeric() => begun = Some(at),
                (Some(start), false) => {
                    spans.push(Span::new(start, at));
                    begun = None;
                }
                _ => {}
            }
        }
        spans.extend(begun.map(|start| Span::new(start, text.len())));
        Words { text, spans }
    }

    pub fn len(&self) -> usize {
        self.spans.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.spans
            .iter()
            .map(|span| &self.text[span.start..span.end])
    }

    pub fn text(&self) -> &'a str {
        self.text
    }

    fn span(&self, index: usize) -> Option<Span> {
        self.spans.get(index).copied()
    }
}

/// Combining marks and soft hyphens belong to the word that they stand in.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}')
}

/// One side of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    words: Vec<String>,
    /// What stands before each word; marks before the first belong to the term.
    gaps: Vec<String>,
    /// Marks behind the last word: `C++`.
    tail: String,
}

impl Phrase {
    /// `None` when there is no word.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let words = Words::of(text);
        let mut end = 0;
        let mut gaps = Vec::with_capacity(words.len());
        for span in &words.spans {
            gaps.push(text[end..span.start].to_owned());
            end = span.end;
        }
        (words.len() > 0).then(|| Phrase {
            words: words.iter().map(str::to_owned).collect(),
            gaps,
            tail: text[end..].to_owned(),
        })
    }

    pub fn len(&self) -> usize {
        self.words.len()
    }

    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The bytes of the phrase where it begins with the word `first` of a text:
    /// each word must be the `same` (asked with its place in the phrase), and
    /// so must what stands between them, but for the width of white space.
    pub fn at(
        &self,
        text: &Words<'_>,
        first: usize,
        gap: fn(&str, &str) -> bool,
        mut same: impl FnMut(usize, &str, &str) -> bool,
    ) -> Option<Span> {
        let mut end = None;
        for (index, (word, before)) in self.words.iter().zip(&self.gaps).enumerate() {
            let span = text.span(first + index)?;
            let between = end.map(|end: usize| &text.text[end..span.start]);
            if between.is_some_and(|between| !gap(before, between))
                || !same(index, word, &text.text[span.start..span.end])
            {
                return None;
            }
            end = Some(span.end);
        }
        let (start, end) = (text.span(first)?.start, end?);
        let lead = self.gaps.first().map_or("", String::as_str);
        let whole = text.text[..start].ends_with(lead) && text.text[end..].starts_with(&self.tail);
        whole.then(|| Span::new(start - lead.len(), end + self.tail.len()))
    }
}

/// Whether two gaps are the same but for the width of white space.
pub fn same_gap(wanted: &str, found: &str) -> bool {
    wanted == found || !wanted.is_empty() && !found.is_empty() && wanted.trim() == found.trim()
}

/// The same, and a hyphen is as good as a space.
pub fn loose_gap(wanted: &str, found: &str) -> bool {
    let joins = |gap: &str| matches!(gap.trim(), "" | "-" | "\u{2010}" | "\u{2011}");
    same_gap(wanted, found) || joins(wanted) && joins(found) && !found.is_empty()
}
