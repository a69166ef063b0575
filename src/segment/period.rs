//! Full stops: abbreviations, ordinals, initials and ends of sentences.

use super::{
    next::{Next, Start, is_opening},
    token::{last_token, without_last_token},
    words::{self, Abbreviation},
};

/// Whether a single full stop ends a sentence. `before` is the sentence up to
/// it, `closed` says that quotes or brackets close right after it.
pub(super) fn ends_sentence(before: &str, closed: bool, next: &Next<'_>) -> bool {
    let token = last_token(before);
    let word = token.trim_start_matches(is_opening);
    let previous = last_token(without_last_token(before));
    // After a closing quote or bracket the stop is no part of the word.
    if word.ends_with([
        '"', '“', '”', '’', '\'', '»', '«', ')', ']', '›', '‹', '%', '€', '$',
    ]) {
        return true;
    }
    if word.is_empty() {
        return true;
    }
    if word.ends_with(|c: char| c.is_ascii_digit()) {
        // “Müller (65.)” is a minute, whatever follows.
        let minute = closed && token.starts_with('(');
        return (closed && !minute) || number_ends(word, previous, next, before);
    }
    if let Some(part) = word.rsplit(['-', '/', '–']).next()
        && let Some(kind) = abbreviation(part, word, previous)
    {
        return abbreviation_ends(kind, next)
            || (closed && next.start == Start::Upper && kind != Abbreviation::Leads);
    }
    if closed {
        return true;
    }
    if is_roman(word) {
        return roman_ends(word, previous, next);
    }
    let mut letters = word.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return letter_ends(letter, previous, next);
    }
    if is_dotted(word) {
        return words::is_starter(next.word);
    }
    if is_unknown_abbreviation(word) && !previous.ends_with(|c: char| c.is_ascii_digit()) {
        return words::is_starter(next.word);
    }
    true
}

/// Whether “12.” before `next` is the end of a sentence rather than an ordinal.
fn number_ends(word: &str, previous: &str, next: &Next<'_>, before: &str) -> bool {
    let digits_only = word.chars().all(|c| c.is_ascii_digit());
    let is_starter = words::is_starter(next.word);
    if words::is_month(next.word) || words::is_counted(next.word) {
        return false;
    }
    if !digits_only {
        // “12.06. Die”, “20.15. Danach”, “3:2. Bayern”; “24.12. Heiligabend”.
        return is_starter
            || !(is_day_and_month(word) || is_dotted(word) && words::makes_ordinal(previous));
    }
    if next.start == Start::Digit {
        return match next.word.len() {
            // “77. 000”: a space in a long number.
            3 => next.word != "000",
            // “12. 6. 2024”, but “France 24. 2011 …”.
            4 => !is_number_with_stop(previous) && !words::makes_ordinal(previous),
            // “12. 6.”, but “Platz 3. 12 Läufer …”.
            _ => {
                word.len() > 2
                    || (previous.starts_with(char::is_uppercase) && words::makes_amount(previous))
            }
        };
    }
    // “1. Der Bundestag …”: the number of a list item.
    if before.trim_start().len() == word.len() && word.len() <= 3 {
        return false;
    }
    if is_starter || word.len() >= 4 {
        return true;
    }
    let previous = previous.trim_start_matches(is_opening);
    if words::makes_ordinal(previous) {
        return false;
    }
    words::makes_amount(previous) || word.len() == 3
}

fn is_number_with_stop(word: &str) -> bool {
    word.strip_suffix('.')
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// “24.12”: a day and a month, not “13.00”.
fn is_day_and_month(word: &str) -> bool {
    word.split_once('.').is_some_and(|(day, month)| {
        let within = |part: &str, most: u8| {
            part.len() <= 2
                && part
                    .parse()
                    .is_ok_and(|number: u8| (1..=most).contains(&number))
        };
        within(day, 31) && within(month, 12)
    })
}

/// Finds the abbreviation that a stop belongs to, with the letters before it
/// when they are parts of one: “z. B”, “i. d. R”.
fn abbreviation(part: &str, word: &str, previous: &str) -> Option<Abbreviation> {
    let is_letter = |text: &str| {
        let mut chars = text.chars();
        matches!((chars.next(), chars.next()), (Some(letter), None) if letter.is_alphabetic())
    };
    if let Some(letter) = previous.trim_start_matches(is_opening).strip_suffix('.') {
        let joined = format!("{letter}.{word}");
        if joined.len() <= 8
            && let Some(found) = words::abbreviation(&joined)
        {
            return Some(found);
        }
        // The last of three: “i. d. R”.
        if is_letter(letter) && is_letter(word) && word.chars().all(char::is_lowercase) {
            return Some(Abbreviation::Leads);
        }
    }
    if is_letter(word) && word.chars().all(char::is_lowercase) {
        // “z.” of “z. B.”, but “5 m.” is an amount.
        return match word {
            "f" => Some(Abbreviation::MayEnd),
            // Symbols of units have no stop of their own.
            "m" | "l" | "t" | "g" | "h" | "s"
                if previous.ends_with(|c: char| c.is_ascii_digit()) =>
            {
                Some(Abbreviation::Ends)
            }
            _ if previous.ends_with(|c: char| c.is_ascii_digit()) => Some(Abbreviation::MayEnd),
            _ => Some(Abbreviation::Leads),
        };
    }
    words::abbreviation(word).or_else(|| words::abbreviation(part))
}

fn abbreviation_ends(kind: Abbreviation, next: &Next<'_>) -> bool {
    match kind {
        Abbreviation::Leads => false,
        Abbreviation::LeadsFigure => next.start == Start::Upper && !is_roman(next.word),
        Abbreviation::MayEnd => {
            next.start == Start::Upper && words::is_starter(next.word) && !next.dashed
        }
        Abbreviation::Ends => true,
    }
}

/// “Ludwig XIV.”, “Johannes Paul II.”.
fn is_roman(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 6
        && word
            .bytes()
            .all(|byte| matches!(byte, b'I' | b'V' | b'X' | b'L' | b'C'))
}

fn roman_ends(word: &str, previous: &str, next: &Next<'_>) -> bool {
    let follows_name = previous.starts_with(char::is_uppercase);
    if words::is_counted(next.word) {
        return false;
    }
    words::is_starter(next.word)
        || (word.len() > 1 && !follows_name && !words::makes_ordinal(previous))
}

/// Whether a single letter and a stop end a sentence: “Plan B.”, but not “J. F.
/// Kennedy”.
fn letter_ends(letter: char, previous: &str, next: &Next<'_>) -> bool {
    if !letter.is_alphabetic() {
        return true;
    }
    // “S. 12” is a page; “Gruppe B. 20 Tore fielen” is not.
    words::takes_letter(previous) || words::is_starter(next.word)
}

/// Letters with stops between them: “U.S.A”, “z.B”.
fn is_dotted(word: &str) -> bool {
    word.contains('.')
        && word
            .split('.')
            .all(|part| part.chars().take(3).count() <= 2)
}

/// A short word that cannot be spoken is an abbreviation that no table has:
/// “tschl.”, “Cmdr.”; interjections can be.
fn is_unknown_abbreviation(word: &str) -> bool {
    if matches!(word, "Hm" | "Hmm" | "Pst" | "Psst" | "Brr" | "hm" | "hmm") {
        return false;
    }
    let consonants = |c: char| c.is_lowercase() && !"aeiouäöüyáéèêàâîô".contains(c);
    let mut letters = word.chars();
    let first = letters
        .next()
        .is_some_and(|c| consonants(c) || c.is_uppercase());
    let len = word.chars().count();
    first && (2..=4).contains(&len) && letters.all(consonants)
}
