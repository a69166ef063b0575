//! What follows a stop.

use super::{token::LONGEST_WORD, words};

/// Brackets up to this length, in bytes, can be an agency mark.
const LONGEST_AGENCY_MARK: usize = 32;

/// What the text after a stop begins with.
pub(super) struct Next<'a> {
    pub start: Start,
    /// The first word, up to its first character that is no letter and no digit.
    pub word: &'a str,
    /// Quotes open before it.
    pub quoted: bool,
    /// A dash stands before it.
    pub dashed: bool,
    /// It is a bracket with nothing but agencies: “(dpa/afp)”.
    pub agency: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    Upper,
    Lower,
    Digit,
    Bullet,
    /// No word follows at once.
    Nothing,
}

impl<'a> Next<'a> {
    pub fn of(text: &'a str) -> Self {
        let lead: usize = text
            .chars()
            .take(8)
            .take_while(|&c| is_opening(c) || c == ' ')
            .map(char::len_utf8)
            .sum();
        let opening = text.get(..lead).unwrap_or("");
        let rest = text.get(lead..).unwrap_or("");
        let word_len: usize = rest
            .chars()
            .take(LONGEST_WORD)
            .take_while(|c| c.is_alphanumeric())
            .map(char::len_utf8)
            .sum();
        let word = rest.get(..word_len).unwrap_or("");
        let mut letters = word.chars();
        let (first, second) = (letters.next(), letters.next());
        let start = match first {
            _ if text.starts_with(['•', '▪', '►', '■', '‣']) => Start::Bullet,
            None => Start::Nothing,
            Some(first) if first.is_numeric() => Start::Digit,
            // “iPhone”, “eBay”: names that begin with a small letter.
            Some(first) if first.is_lowercase() && !second.is_some_and(char::is_uppercase) => {
                Start::Lower
            }
            Some(_) => Start::Upper,
        };
        Next {
            start,
            word,
            quoted: opening.contains(['„', '“', '"', '»', '«', '‚', '›', '‹', '\'']),
            dashed: opening.starts_with(['–', '—', '-']),
            agency: is_agency_mark(text),
        }
    }

    pub fn is_capitalised(&self) -> bool {
        let mut letters = self.word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.next().is_none_or(char::is_lowercase)
    }
}

/// Characters that may stand between a stop and the word after it.
pub(super) fn is_opening(c: char) -> bool {
    matches!(
        c,
        '„' | '“'
            | '"'
            | '‚'
            | '‘'
            | '\''
            | '»'
            | '«'
            | '›'
            | '‹'
            | '('
            | '['
            | '{'
            | '–'
            | '—'
            | '-'
            | '*'
            | '¿'
            | '¡'
            | '…'
            | '§'
            | '`'
            | '´'
            | '#'
            | '>'
    )
}

fn is_agency_mark(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('(') else {
        return false;
    };
    let Some(close) = rest
        .bytes()
        .take(LONGEST_AGENCY_MARK)
        .position(|byte| byte == b')')
    else {
        return false;
    };
    let inner = rest.get(..close).unwrap_or("");
    !inner.is_empty()
        && inner
            .split(['/', ',', ' ', '-'])
            .filter(|word| !word.is_empty())
            .all(words::is_agency)
}
