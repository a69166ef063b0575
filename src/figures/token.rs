//! Words, numerals and marks of a text, in one linear pass.

use std::borrow::Cow;

use crate::span::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Letters.
    Word,
    /// Digits with the separators between them: `1.234,56`, `20:15`,
    /// `12.06.2024`, `70 000`.
    Numeral,
    /// Any other single character that is not white space.
    Mark,
}

#[derive(Debug, Clone)]
pub struct Token<'a> {
    pub shape: Shape,
    pub text: &'a str,
    /// The text in lower case; what lexicons are asked with.
    pub lower: Cow<'a, str>,
    pub span: Span,
    /// No white space lies between this token and the one before it.
    pub glued: bool,
}

/// The tokens of a text, asked by position; positions outside are `None`.
#[derive(Debug)]
pub struct Tokens<'a>(Vec<Token<'a>>);

impl<'a> Tokens<'a> {
    pub fn lex(text: &'a str) -> Self {
        let mut tokens = Vec::new();
        let mut rest = text;
        let mut glued = false;
        while let Some(first) = rest.chars().next() {
            let start = text.len() - rest.len();
            let (shape, length) = if first.is_whitespace() {
                glued = false;
                rest = &rest[first.len_utf8()..];
                continue;
            } else if first.is_ascii_digit() {
                (Shape::Numeral, numeral_length(rest))
            } else if first.is_alphabetic() {
                let end = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
                (Shape::Word, end)
            } else {
                (Shape::Mark, first.len_utf8())
            };
            let (piece, tail) = rest.split_at(length);
            let lower = if shape == Shape::Word && piece.chars().any(char::is_uppercase) {
                Cow::Owned(piece.to_lowercase())
            } else {
                Cow::Borrowed(piece)
            };
            let span = Span::new(start, start + length);
            tokens.push(Token {
                shape,
                text: piece,
                lower,
                span,
                glued,
            });
            glued = true;
            rest = tail;
        }
        Tokens(tokens)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn get(&self, index: usize) -> Option<&Token<'a>> {
        self.0.get(index)
    }

    /// The lower-case word at `index`; `None` for numerals and marks.
    pub fn word(&self, index: usize) -> Option<&str> {
        self.get(index)
            .filter(|t| t.shape == Shape::Word)
            .map(|t| t.lower.as_ref())
    }

    /// The lower-case word `back` places before `index`.
    pub fn word_before(&self, index: usize, back: usize) -> Option<&str> {
        self.word(index.checked_sub(back)?)
    }

    pub fn is_word(&self, index: usize, words: &[&str]) -> bool {
        self.word(index).is_some_and(|word| words.contains(&word))
    }

    pub fn numeral(&self, index: usize) -> Option<&'a str> {
        self.get(index)
            .filter(|t| t.shape == Shape::Numeral)
            .map(|t| t.text)
    }

    pub fn is_mark(&self, index: usize, marks: &[char]) -> bool {
        self.get(index)
            .is_some_and(|t| t.shape == Shape::Mark && t.text.starts_with(marks))
    }

    /// Whether a mark stands at `index` without white space before it.
    pub fn is_glued_mark(&self, index: usize, marks: &[char]) -> bool {
        self.is_glued(index) && self.is_mark(index, marks)
    }

    pub fn is_glued(&self, index: usize) -> bool {
        self.get(index).is_some_and(|t| t.glued)
    }

    /// A word that begins with a capital letter.
    pub fn is_capitalised(&self, index: usize) -> bool {
        self.get(index)
            .is_some_and(|t| t.text.starts_with(char::is_uppercase))
    }

    /// The position after a hyphen at `index` that joins two tokens, or
    /// `index` itself when there is none.
    pub fn after_hyphen(&self, index: usize) -> usize {
        let joins = self.is_glued_mark(index, &HYPHENS) && self.is_glued(index + 1);
        if joins { index + 1 } else { index }
    }

    /// The bytes from the first token to before the token `end`.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let from = self.get(start).map_or(0, |t| t.span.start);
        let to = end
            .checked_sub(1)
            .and_then(|last| self.get(last))
            .map_or(from, |t| t.span.end);
        Span::new(from, to.max(from))
    }
}

/// Hyphens that join words; dashes are not among them.
pub const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{2011}'];
/// Marks that may stand for "to".
pub const DASHES: [char; 5] = ['-', '\u{2010}', '\u{2011}', '–', '—'];
pub const MINUS: [char; 2] = ['-', '−'];

fn is_letter(c: char) -> bool {
    // Superscripts end unit symbols; combining marks belong to their letter.
    c.is_alphabetic() || matches!(c, '²' | '³' | '\u{300}'..='\u{36f}' | '\u{ad}')
}

/// The spaces that group digits: 70 000 with a plain, no-break, thin or
/// narrow no-break space.
fn is_group_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// Bytes of the numeral that `text` begins with. Separators belong to it only
/// between digits, spaces only before groups of exactly three.
fn numeral_length(text: &str) -> usize {
    let digits = |from: usize| {
        text.as_bytes().get(from..).map_or(0, |tail| {
            tail.iter().take_while(|b| b.is_ascii_digit()).count()
        })
    };
    let mut end = digits(0);
    let mut groupable = end <= 3 && !text.starts_with('0');
    while let Some(separator) = text.get(end..).and_then(|tail| tail.chars().next()) {
        let after = end + separator.len_utf8();
        let run = digits(after);
        let joins = match separator {
            '.' | ',' | ':' => run > 0,
            '\'' | '’' => run == 3,
            c if is_group_space(c) => groupable && run == 3,
            _ => false,
        };
        if !joins {
            break;
        }
        groupable &= is_group_space(separator);
        end = after + run;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        Tokens::lex(text).0.into_iter().map(|t| t.text).collect()
    }

    #[test]
    fn keeps_separators_between_digits() {
        assert_eq!(
            texts("1.234,56 und 20:15."),
            ["1.234,56", "und", "20:15", "."]
        );
        assert_eq!(texts("am 12.6. um 8"), ["am", "12.6", ".", "um", "8"]);
        assert_eq!(texts("2, 3"), ["2", ",", "3"]);
    }

    #[test]
    fn groups_digits_by_spaces() {
        assert_eq!(texts("70 000 Urlauber"), ["70 000", "Urlauber"]);
        assert_eq!(texts("1 234 567,8"), ["1 234 567,8"]);
        assert_eq!(texts("2019 300"), ["2019", "300"]);
        assert_eq!(texts("12 3000"), ["12", "3000"]);
    }

    #[test]
    fn spans_lie_in_the_text() {
        let text = "Über 5 m² für 3 €…";
        for token in Tokens::lex(text).0 {
            assert_eq!(token.span.of(text), token.text);
        }
    }
}
