//! Words of a text as names see them.

use super::spelling::same_name;
use crate::span::Span;

/// A run of letters, with inner apostrophes.
#[derive(Debug)]
pub struct Word<'a> {
    pub text: &'a str,
    pub lower: String,
    pub span: Span,
    /// Only a space lies between the word before and this one.
    pub follows: bool,
    /// A hyphen joins it to the word before or behind.
    pub joined: bool,
}

impl Word<'_> {
    /// Written with a capital and small letters, as a name is.
    pub fn is_name_like(&self) -> bool {
        let mut letters = self.text.chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        capital && letters.clone().count() > 1 && letters.any(char::is_lowercase)
    }
}

/// Whether a hyphen joins a word to the one behind it.
pub fn joined_to_next(words: &[Word<'_>], at: usize) -> bool {
    let next = at + 1;
    words
        .get(at)
        .zip(words.get(next))
        .is_some_and(|(one, next)| {
            one.joined && next.joined && !next.follows && next.span.start == one.span.end + 1
        })
}

/// Whether a word of the text begins as a name does, or is like it: „Münchner“,
/// „luxemburgische“ and „Tōkyō“ hold names of places that no table derives them from.
pub fn hinted(words: &[Word<'_>], name: &str) -> bool {
    const LETTERS: usize = 4;
    let lower = name.to_lowercase();
    let end = lower.char_indices().nth(LETTERS);
    let stem = end.and_then(|(end, _)| lower.get(..end)).unwrap_or(&lower);
    words.iter().any(|word| {
        word.lower.starts_with(stem) || word.is_name_like() && same_name(word.text, name)
    })
}

/// Whether a German word in an English text belongs to a name: „Rapid Wien“,
/// „Wien Energie“ and „Theater an der Wien“ are names of their own.
pub fn part_of_name(words: &[Word<'_>], at: usize) -> bool {
    let joins = |place: usize| {
        let word = words.get(place)?;
        Some(word.follows && word.is_name_like())
    };
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let follows = words.get(at).is_some_and(|word| word.follows);
    let letters = |word: &Word<'_>| {
        word.text.chars().count() > 1 && word.text.chars().all(char::is_uppercase)
    };
    let after = words
        .get(at + 1)
        .is_some_and(|word| word.follows && letters(word));
    let named = |word: &Word<'_>| word.is_name_like() || letters(word) || is_german(&word.lower);
    follows && before.is_some_and(named) || joins(at + 1) == Some(true) || after
}

/// Words before a place that tell a German title.
fn is_german(lower: &str) -> bool {
    matches!(
        lower,
        "der" | "die" | "das" | "von" | "aus" | "für" | "bei" | "nach"
    )
}

/// A word without the ending of a genitive.
pub fn base<'a>(word: &'a Word<'_>) -> &'a str {
    let lower = word.lower.as_str();
    lower
        .strip_suffix("'s")
        .or_else(|| lower.strip_suffix("’s"))
        .unwrap_or(lower)
}

/// The same word, but for the endings of genitives: Merkels, Merkel's.
pub fn equal(german: &Word<'_>, english: &Word<'_>) -> bool {
    let english = base(english);
    german.lower == english || german.lower.strip_suffix('s') == Some(english)
}

pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut at = 0;
    while let Some(start) = text
        .get(at..)
        .and_then(|rest| rest.find(char::is_alphabetic))
        .map(|found| at + found)
    {
        let tail = text.get(start..).unwrap_or("");
        let length = tail
            .find(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’'))
            .unwrap_or(tail.len());
        let word = tail
            .get(..length)
            .unwrap_or("")
            .trim_end_matches(['\'', '’']);
        let span = Span::new(start, start + word.len());
        let last = words.last().map_or(0, |last| last.span.end);
        let gap = text.get(last..start).unwrap_or("");
        let hyphen = gap == "-" && !words.is_empty();
        if hyphen && let Some(last) = words.last_mut() {
            last.joined = true;
        }
        words.push(Word {
            text: word,
            lower: word.to_lowercase(),
            span,
            follows: matches!(gap, " " | "\u{a0}") && last > 0,
            joined: hyphen,
        });
        at = start + length;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_stands_between_words() {
        let text = "Anna-Lena O’Neill, 5 Äpfel";
        let found: Vec<(&str, bool, bool)> = words(text)
            .iter()
            .map(|word| (word.text, word.follows, word.joined))
            .collect();
        assert_eq!(
            found,
            [
                ("Anna", false, true),
                ("Lena", false, true),
                ("O’Neill", true, false),
                ("Äpfel", false, false),
            ]
        );
        assert!(
            words(text)
                .iter()
                .all(|word| word.span.of(text) == word.text)
        );
    }
}
