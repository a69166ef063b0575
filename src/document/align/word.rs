//! Words and how alike they are across the two languages.

use super::lexicon;
use crate::span::Span;

/// Characters of a word that are compared.
const COGNATE_LENGTH: usize = 20;

pub(super) struct Word {
    pub span: Span,
    /// Lower case; figures without their separators.
    pub key: String,
}

/// Words are letters and digits; figures keep the separators between digits,
/// names their inner apostrophes. A hyphen separates: “Merkel-Besuch”.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        let joins = matches!(ch, '.' | ',' | ':' | '’' | '\'')
            && start.is_some()
            && chars.peek().is_some_and(|&(_, next)| {
                let digits = next.is_ascii_digit()
                    && text
                        .get(..at)
                        .is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
                digits || (matches!(ch, '’' | '\'') && next.is_alphabetic())
            });
        if ch.is_alphanumeric() || joins {
            start.get_or_insert(at);
        } else if let Some(start) = start.take() {
            words.push(word(text, start, at));
        }
    }
    if let Some(start) = start {
        words.push(word(text, start, text.len()));
    }
    words
}

fn word(text: &str, start: usize, end: usize) -> Word {
    let span = Span::new(start, end);
    let written = span.of(text);
    let key = if written.starts_with(|c: char| c.is_ascii_digit()) {
        written
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    } else {
        let lower = written.to_lowercase();
        // English possessive: “Merkel’s”.
        match lower
            .strip_suffix("'s")
            .or_else(|| lower.strip_suffix("’s"))
        {
            Some(stem) => stem.to_owned(),
            None => lower,
        }
    };
    Word { span, key }
}

pub(super) fn is_comparable(key: &str) -> bool {
    key.chars().count() >= 4
        && key.starts_with(char::is_alphabetic)
        && !lexicon::is_function_word(key)
}

/// Similarity of two words across the languages, from 0 to 1: the share of
/// letters in common order, after folding spellings that differ by rule.
pub(super) fn similarity(german: &str, english: &str) -> f64 {
    let german = fold(german);
    let english = fold(english);
    let shorter = german.len().min(english.len());
    let longer = german.len().max(english.len());
    if longer == 0 || shorter * 2 < longer {
        return 0.0;
    }
    // Words that do not start alike are hardly ever cognates.
    if german.first() != english.first() {
        return 0.0;
    }
    let mut row = vec![0usize; english.len() + 1];
    for letter in &german {
        let mut diagonal = 0;
        for (column, other) in english.iter().enumerate() {
            let left = row.get(column).copied().unwrap_or(0);
            if let Some(cell) = row.get_mut(column + 1) {
                let above = *cell;
                *cell = if letter == other {
                    diagonal + 1
                } else {
                    above.max(left)
                };
                diagonal = above;
            }
        }
    }
    let common = row.last().copied().unwrap_or(0);
    2.0 * common as f64 / (shorter + longer) as f64
}

/// One letter for spellings that German and English write differently.
fn fold(word: &str) -> Vec<char> {
    word.chars()
        .take(COGNATE_LENGTH)
        .map(|letter| match letter {
            'ä' | 'à' | 'á' | 'â' | 'ã' | 'å' => 'a',
            'ö' | 'ó' | 'ò' | 'ô' | 'ø' => 'o',
            'ü' | 'ú' | 'ù' | 'û' => 'u',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ß' | 'z' => 's',
            'c' | 'q' => 'k',
            'j' => 'y',
            'w' => 'v',
            other => other,
        })
        .collect()
}
