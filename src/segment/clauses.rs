//! Cuts a sentence that is too long for a model.

use super::trimmed;
use crate::span::Span;

/// How good a place for a cut is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// After a semicolon, colon, dash or full stop.
    Clause,
    /// After a comma before a conjunction or relative word.
    CommaAndConjunction,
    Comma,
    /// Before “und”, “oder” and other joints without a comma.
    Conjunction,
    Word,
    /// Between words, but next to a figure.
    NextToFigure,
    Character,
}

const CONJUNCTIONS: &[&str] = &[
    "aber", "als", "auch", "bevor", "bis", "da", "damit", "dass", "denn", "der", "deren", "dessen",
    "die", "das", "dem", "den", "doch", "ehe", "falls", "indem", "jedoch", "nachdem", "ob",
    "obwohl", "oder", "seit", "seitdem", "so", "sobald", "sofern", "solange", "sondern", "sowie",
    "um", "und", "während", "was", "weil", "welche", "welcher", "welches", "wenn", "wer", "wie",
    "wo", "wobei", "wodurch", "womit", "zumal",
];

const JOINTS: &[&str] = &[
    "und",
    "oder",
    "sowie",
    "aber",
    "sondern",
    "doch",
    "beziehungsweise",
    "bzw.",
    "als",
    "wie",
    "wegen",
    "trotz",
    "mit",
    "ohne",
    "nach",
    "vor",
    "für",
    "gegen",
    "durch",
    "bei",
];

/// Cuts a text into pieces that fit, at the best clause boundaries.
///
/// The pieces are ascending, without surrounding whitespace, and cover all
/// that is not whitespace: nothing is truncated. A text that fits is one
/// piece. Where no boundary helps, words and at last characters are cut; a
/// single character is a piece even if it does not fit. `fits` is asked
/// O(log n) times per byte at most.
pub fn split_clauses(text: &str, fits: &dyn Fn(&str) -> bool) -> Vec<Span> {
    let mut pieces = Vec::new();
    // Parts still to be looked at, the next one on top. Each cut leaves at most
    // four fifths, so the stack stays logarithmic.
    let mut parts: Vec<Span> = trimmed(text, Span::new(0, text.len()))
        .into_iter()
        .collect();
    while let Some(part) = parts.pop() {
        let part_text = part.of(text);
        match (!fits(part_text)).then(|| best_cut(part_text)).flatten() {
            None => pieces.push(part),
            Some(cut) => {
                let cut = part.start + cut;
                parts.extend(trimmed(text, Span::new(cut, part.end)));
                parts.extend(trimmed(text, Span::new(part.start, cut)));
            }
        }
    }
    pieces
}

/// Where to cut a text in two: the best grade that has a place in the middle
/// three fifths, and there the one nearest to the middle. `None` for fewer than
/// two characters.
fn best_cut(text: &str) -> Option<usize> {
    let middle = text.len() / 2;
    let (from, to) = (text.len() / 5, text.len() - text.len() / 5);
    let mut best: Option<(Grade, usize, usize)> = None;
    let mut before = None;
    let mut last_visible = None;
    for (at, ch) in text.char_indices() {
        if at > 0
            && let Some(grade) = grade(text, at, before, last_visible, ch)
            && (grade == Grade::Character || (from..=to).contains(&at))
        {
            let candidate = (grade, at.abs_diff(middle), at);
            if best.is_none_or(|best| candidate < best) {
                best = Some(candidate);
            }
        }
        before = Some(ch);
        if !ch.is_whitespace() {
            last_visible = Some(ch);
        }
    }
    best.map(|(_, _, at)| at)
}

/// How good a cut before the character `next` at `at` is.
fn grade(
    text: &str,
    at: usize,
    before: Option<char>,
    last_visible: Option<char>,
    next: char,
) -> Option<Grade> {
    if next.is_whitespace() {
        return None;
    }
    if !before.is_some_and(char::is_whitespace) {
        return Some(Grade::Character);
    }
    let word = first_word(text.get(at..).unwrap_or(""));
    let near_figure = next.is_numeric() || last_visible.is_some_and(char::is_numeric);
    Some(match last_visible {
        Some(';' | ':' | '–' | '—' | '!' | '?' | '…') => Grade::Clause,
        Some(',') if CONJUNCTIONS.contains(&word) => Grade::CommaAndConjunction,
        Some(',') => Grade::Comma,
        _ if matches!(next, '–' | '—' | '(') => Grade::Comma,
        _ if JOINTS.contains(&word) => Grade::Conjunction,
        _ if near_figure => Grade::NextToFigure,
        _ => Grade::Word,
    })
}

fn first_word(text: &str) -> &str {
    /// No conjunction is longer, in bytes.
    const LONGEST: usize = 18;
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end)
        .and_then(|text| text.split([' ', '\n', '\t', '\u{a0}']).next())
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, most: usize) -> Vec<&str> {
        split_clauses(text, &|part| part.chars().count() <= most)
            .into_iter()
            .map(|span| span.of(text))
            .collect()
    }

    #[test]
    fn what_fits_stays_whole() {
        assert_eq!(
            pieces("  Er kam, sah und siegte.  ", 100),
            ["Er kam, sah und siegte."]
        );
        assert_eq!(pieces("", 10), [""; 0]);
        assert_eq!(pieces("   ", 0), [""; 0]);
    }

    #[test]
    fn clauses_are_cut_before_words() {
        let text = "Die Regierung hat das Gesetz beschlossen, weil die Opposition im Bundesrat zugestimmt hat.";
        assert_eq!(
            pieces(text, 60),
            [
                "Die Regierung hat das Gesetz beschlossen,",
                "weil die Opposition im Bundesrat zugestimmt hat."
            ]
        );
        let text = "Die Zahl stieg auf 12 Millionen Euro; der Minister nannte das einen Erfolg, den niemand erwartet habe.";
        assert_eq!(
            pieces(text, 80),
            [
                "Die Zahl stieg auf 12 Millionen Euro;",
                "der Minister nannte das einen Erfolg, den niemand erwartet habe."
            ]
        );
    }

    #[test]
    fn figures_keep_their_units() {
        assert_eq!(
            pieces("Es kostete rund 12 Millionen Euro", 24),
            ["Es kostete", "rund 12 Millionen Euro"]
        );
    }

    #[test]
    fn a_word_without_end_is_cut_between_characters() {
        let text = "ä".repeat(100);
        let pieces = pieces(&text, 7);
        assert!(pieces.iter().all(|piece| piece.chars().count() <= 7));
        assert_eq!(pieces.concat(), text);
    }

    #[test]
    fn nothing_fits_and_still_it_ends() {
        let pieces = pieces("Er kam 12-mal.", 0);
        assert!(pieces.iter().all(|piece| piece.chars().count() == 1));
        assert_eq!(pieces.concat(), "Erkam12-mal.");
    }
}
