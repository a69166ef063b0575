//! Words of a text, whatever its language.

use crate::span::Span;

/// Runs of letters and digits.
pub fn words(text: &str) -> impl Iterator<Item = Span> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text.get(rest..)?.find(char::is_alphanumeric)?;
        let tail = text.get(start..)?;
        let length = tail.find(|c: char| !c.is_alphanumeric());
        rest = start + length.unwrap_or(tail.len());
        Some(Span::new(start, rest))
    })
}

/// A text with a capital at its beginning.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.as_str().chars()).collect()
}

/// The first place of each thing that words of a text say.
pub fn firsts<T: Copy + PartialEq>(said: impl Iterator<Item = (T, Span)>) -> Vec<(T, Span)> {
    let mut firsts: Vec<(T, Span)> = Vec::new();
    for (thing, span) in said {
        if !firsts.iter().any(|(known, _)| *known == thing) {
            firsts.push((thing, span));
        }
    }
    firsts
}

/// The last `bytes` of a text, or a few less: whole characters.
pub fn tail(text: &str, bytes: usize) -> &str {
    let start = text.len().saturating_sub(bytes);
    let start = (start..=text.len()).find(|&at| text.is_char_boundary(at));
    text.get(start.unwrap_or(0)..).unwrap_or("")
}

/// The first `bytes` of a text, or a few less: whole characters.
pub fn head(text: &str, bytes: usize) -> &str {
    let end = text.len().min(bytes);
    let end = (0..=end).rev().find(|&at| text.is_char_boundary(at));
    text.get(..end.unwrap_or(0)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_texts_are_whole_characters() {
        assert_eq!(
            [tail("aäß", 3), tail("aäß", 9), tail("", 2)],
            ["ß", "aäß", ""]
        );
        assert_eq!(
            [head("aäß", 2), head("aäß", 9), head("", 2)],
            ["a", "aäß", ""]
        );
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        let text = "„Äpfel“, 4,8 Mio.";
        let found: Vec<&str> = words(text).map(|span| span.of(text)).collect();
        assert_eq!(found, ["Äpfel", "4", "8", "Mio"]);
        assert_eq!(words(" … ").count(), 0);
    }

    #[test]
    fn only_the_first_letter_becomes_a_capital() {
        assert_eq!(
            ["ärger", "ßa", "X", ""].map(capitalised),
            ["Ärger", "SSa", "X", ""]
        );
    }
}
