//! Decides for one stop whether a sentence ends there.

use super::{
    next::{Next, Start},
    period,
    token::{first_token, last_token, last_word},
    words,
};

/// One stop – `.`, `!`, `?`, `…` or a run of them – and its surroundings.
pub(super) struct Stop<'a> {
    mark: Mark,
    /// End of the run of stops.
    pub marks_end: usize,
    /// End of the quotes and brackets that close right after it: where the
    /// sentence would end.
    pub end: usize,
    /// What follows is not separated by whitespace.
    joined: bool,
    /// From the start of the sentence to the stop.
    before: &'a str,
    /// From [`end`](Self::end) on, without leading whitespace.
    after: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Period,
    /// `!` or `?`, alone or among others.
    Emphatic,
    Ellipsis,
}

impl<'a> Stop<'a> {
    /// The stop at `at`. `in_quote` says that an odd number of straight quotes
    /// has been seen, so that the next one closes.
    pub fn at(text: &'a str, at: usize, sentence_start: usize, in_quote: bool) -> Self {
        let rest = text.get(at..).unwrap_or("");
        let marks = rest.len() - rest.trim_start_matches(['.', '!', '?', '…']).len();
        let run = rest.get(..marks).unwrap_or("");
        let mark = if run.contains(['!', '?']) {
            Mark::Emphatic
        } else if run == "." {
            Mark::Period
        } else {
            Mark::Ellipsis
        };
        let closers = closers(rest.get(marks..).unwrap_or(""), in_quote);
        let mut end = at + marks + closers;
        end += stray_closer(text.get(end..).unwrap_or(""), in_quote && closers == 0);
        let tail = text.get(end..).unwrap_or("");
        let after = tail.trim_start();
        Stop {
            mark,
            marks_end: at + marks,
            end,
            joined: after.len() == tail.len(),
            before: text.get(sentence_start..at).unwrap_or(""),
            after,
        }
    }

    pub fn ends_sentence(&self) -> bool {
        if self.after.is_empty() {
            return true;
        }
        // A sentence has a word: “…“ or “(!)” alone does not end one.
        if !self
            .before
            .trim_end()
            .ends_with(|c: char| !c.is_whitespace())
        {
            return false;
        }
        let next = Next::of(self.after);
        if self.joined {
            return self.lacks_space(&next);
        }
        match next.start {
            Start::Bullet => true,
            Start::Nothing => false,
            Start::Lower => next.agency && self.mark != Mark::Ellipsis,
            Start::Upper | Start::Digit => match self.mark {
                Mark::Emphatic => {
                    !words::is_marked_name(last_word(self.before)) || words::is_starter(next.word)
                }
                Mark::Ellipsis => self.ellipsis_ends(&next),
                Mark::Period => {
                    period::ends_sentence(self.before, self.end > self.marks_end, &next)
                }
            },
        }
    }

    /// “gut.Danach”: a stop without its space, but no domain, number or
    /// abbreviation.
    fn lacks_space(&self, next: &Next<'_>) -> bool {
        let word = last_token(self.before);
        let closed = self.end > self.marks_end;
        let next_token = first_token(self.after);
        let plain = |token: &str| !token.contains(['/', '@', '_', '=', '\\', '#']);
        let word_end = word.chars().next_back();
        let long_enough = word.chars().filter(|c| c.is_alphabetic()).count() >= 3;
        if !next.is_capitalised()
            || !plain(word)
            || !plain(next_token)
            || word.starts_with("www")
            || word.contains("://")
        {
            return false;
        }
        if closed {
            return words::is_starter(next.word) || next.quoted;
        }
        let ends_like_word =
            word_end.is_some_and(|c| c.is_lowercase() || matches!(c, '“' | '”' | '"' | ')' | '%'));
        match self.mark {
            Mark::Emphatic => ends_like_word && long_enough,
            Mark::Ellipsis => false,
            Mark::Period => {
                let clear = words::is_starter(next.word)
                    || word.starts_with(char::is_lowercase)
                    || next.quoted;
                ends_like_word
                    && long_enough
                    && clear
                    && !word.contains('.')
                    && !next_token.trim_end_matches('.').contains('.')
                    && words::abbreviation(word).is_none()
            }
        }
    }

    fn ellipsis_ends(&self, next: &Next<'_>) -> bool {
        // “… und dann …“ stands for left-out words, “zögerte …“ for a pause.
        let attached = self.before.ends_with(|c: char| !c.is_whitespace());
        words::is_starter(next.word)
            || next.quoted
            || (attached && self.end > self.marks_end)
            || (attached && next.start == Start::Upper && self.starts_lower())
    }

    /// Whether the word before the stop is written in lower case.
    fn starts_lower(&self) -> bool {
        last_word(self.before).starts_with(char::is_lowercase)
    }
}

/// Whether the line break at `at` ends a sentence: a blank line or a list item
/// follows. Gives the end of the whitespace then.
pub(super) fn line_ends_sentence(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let next = rest.trim_start();
    let gap = rest.len() - next.len();
    let breaks = rest.get(..gap)?.matches('\n').count();
    let bullet = Next::of(next).start == Start::Bullet || starts_with_dash(next);
    (breaks > 1 || bullet).then_some(at + gap)
}

fn starts_with_dash(text: &str) -> bool {
    text.strip_prefix(['-', '–', '*'])
        .is_some_and(|rest| rest.starts_with(' '))
}

/// Bytes of quotes, brackets and note marks that close right at the start of a
/// text.
fn closers(text: &str, in_quote: bool) -> usize {
    let mut len = 0;
    let mut straight_open = in_quote;
    loop {
        let rest = text.get(len..).unwrap_or("");
        let Some(ch) = rest.chars().next() else {
            return len;
        };
        let after = rest.get(ch.len_utf8()..).unwrap_or("");
        let before_gap = after
            .chars()
            .next()
            .is_none_or(|next| !next.is_alphanumeric());
        match ch {
            ')' | ']' | '“' | '”' | '’' | '‘' | '›' | '‹' => {}
            '«' | '»' if before_gap => {}
            '\'' if before_gap => {}
            '"' if before_gap || straight_open => straight_open = false,
            '[' => {
                let digits = after.bytes().take(4).take_while(u8::is_ascii_digit).count();
                if digits == 0 || after.as_bytes().get(digits) != Some(&b']') {
                    return len;
                }
                len += digits + 1;
            }
            _ => return len,
        }
        len += ch.len_utf8();
    }
}

/// Bytes of a closing quote or bracket that a space has wrongly been put before.
fn stray_closer(text: &str, in_quote: bool) -> usize {
    let Some(rest) = text.strip_prefix(' ') else {
        return 0;
    };
    let mut chars = rest.chars();
    let (first, second) = (chars.next(), chars.next());
    match first {
        Some('"') if !in_quote => 0,
        Some(closer @ ('"' | '“' | '”' | '’' | '\'' | ')' | ']'))
            if second.is_none_or(char::is_whitespace) =>
        {
            1 + closer.len_utf8()
        }
        _ => 0,
    }
}
