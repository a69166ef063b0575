//! Brackets and quotes that belong to one sentence.

use crate::span::Span;

/// Brackets longer than this, in bytes, are split like other text; one that
/// never closes cannot silence the rest of an article.
const LONGEST_BRACKET: usize = 300;
/// Longer quotes are speech, not titles or catchwords.
const LONGEST_QUOTE: usize = 90;

/// The stretches of a text in which no sentence ends.
pub(super) struct Enclosed {
    /// Ascending by start and disjoint, from the opening to the closing mark.
    spans: Vec<Span>,
}

impl Enclosed {
    pub fn find(text: &str) -> Self {
        let mut found = Vec::new();
        let mut brackets: Vec<(char, usize)> = Vec::new();
        let mut quote: Option<(char, usize)> = None;
        let mut before = None;
        let mut chars = text.char_indices().peekable();
        while let Some((at, ch)) = chars.next() {
            let after = chars.peek().map(|&(_, next)| next);
            match ch {
                '(' | '[' => brackets.push((ch, at)),
                ')' | ']' => {
                    let opening = if ch == ')' { '(' } else { '[' };
                    if let Some((_, start)) = brackets.pop_if(|(open, _)| *open == opening) {
                        let span = Span::new(start, at + ch.len_utf8());
                        if span.len() <= LONGEST_BRACKET && stands_in_sentence(text, start) {
                            found.push(span);
                        }
                    }
                }
                _ => {}
            }
            if let Some(closing) = closing_quote(ch)
                && after.is_some_and(|next| !next.is_whitespace())
                && quote.is_none()
            {
                quote = Some((closing, at));
            } else if let Some((closing, start)) = quote
                && (ch == closing || (closing == '“' && ch == '”') || (closing == '”' && ch == '“'))
            {
                quote = None;
                let span = Span::new(start, at + ch.len_utf8());
                let open_ended =
                    before.is_none_or(|last| !matches!(last, '.' | '!' | '?' | '…' | ','));
                if span.len() <= LONGEST_QUOTE && open_ended && follows_word(text, start) {
                    found.push(span);
                }
            } else if quote.is_some_and(|(_, start)| at > start + LONGEST_QUOTE) {
                quote = None;
            }
            before = Some(ch);
        }
        Enclosed {
            spans: outermost(found),
        }
    }

    /// Whether the stop at `at` lies in an enclosed stretch that goes on after
    /// the sentence would end at `end`.
    pub fn holds(&self, at: usize, end: usize) -> bool {
        let index = self.spans.partition_point(|span| span.end <= at);
        self.spans
            .get(index)
            .is_some_and(|span| span.start < at && end < span.end)
    }
}

/// What closes a quote that this character opens.
fn closing_quote(ch: char) -> Option<char> {
    match ch {
        '„' => Some('“'),
        '“' => Some('”'),
        '»' => Some('«'),
        '«' => Some('»'),
        '"' => Some('"'),
        _ => None,
    }
}

/// Whether a bracket opens in the middle of a sentence rather than around one.
fn stands_in_sentence(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or("").trim_end();
    before.chars().next_back().is_some_and(|last| {
        !matches!(
            last,
            '.' | '!' | '?' | '…' | ':' | '“' | '”' | '"' | '«' | '»'
        )
    })
}

/// Whether a quote follows a word directly, as titles and catchwords do;
/// speech follows a colon, a comma or a stop.
fn follows_word(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or("");
    before.ends_with(' ') && before.trim_end().ends_with(char::is_alphanumeric)
}

fn outermost(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let mut kept: Vec<Span> = Vec::new();
    for span in spans {
        match kept.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => kept.push(span),
        }
    }
    kept
}
