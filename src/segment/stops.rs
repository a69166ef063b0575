//! Decides for one stop whether a sentence ends there.

use super::words::{self, Abbreviation};

/// Words are looked at up to this many bytes; longer ones decide nothing.
const LONGEST_WORD: usize = 80;
/// Brackets up to this length, in bytes, can be an agency mark.
const LONGEST_AGENCY_MARK: usize = 32;

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
                Mark::Period => self.period_ends(&next),
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

    fn period_ends(&self, next: &Next<'_>) -> bool {
        let token = last_token(self.before);
        let word = token.trim_start_matches(is_opening);
        let previous = last_token(without_last_token(self.before));
        // After a closing quote or bracket the stop is no part of the word.
        if word.ends_with([
            '"', '“', '”', '’', '\'', '»', '«', ')', ']', '›', '‹', '%', '€', '$',
        ]) {
            return true;
        }
        // Quotes or brackets close after the stop: no word goes on.
        let closed = self.end > self.marks_end;
        if word.is_empty() {
            return true;
        }
        if word.ends_with(|c: char| c.is_ascii_digit()) {
            // “Müller (65.)” is a minute, whatever follows.
            let minute = closed && token.starts_with('(');
            return (closed && !minute) || number_ends(word, previous, next, self.before);
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

/// What the text after a stop begins with.
struct Next<'a> {
    start: Start,
    /// The first word, up to its first character that is no letter and no digit.
    word: &'a str,
    /// Quotes open before it.
    quoted: bool,
    /// It is a bracket with nothing but agencies: “(dpa/afp)”.
    agency: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Upper,
    Lower,
    Digit,
    Bullet,
    /// No word follows at once.
    Nothing,
}

impl<'a> Next<'a> {
    fn of(text: &'a str) -> Self {
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
            agency: is_agency_mark(text),
        }
    }

    fn is_capitalised(&self) -> bool {
        let mut letters = self.word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.next().is_none_or(char::is_lowercase)
    }
}

fn is_opening(c: char) -> bool {
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
            || !(is_dotted(word) && words::makes_ordinal(previous)) && !is_day_and_month(word);
    }
    if next.start == Start::Digit {
        // “12. 6. 2024”.
        return !(word.len() <= 2 && next.word.len() != 3);
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
        Abbreviation::MayEnd => next.start == Start::Upper && words::is_starter(next.word),
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

/// The last run of characters without whitespace, or its last
/// [`LONGEST_WORD`] bytes.
fn last_token(text: &str) -> &str {
    let text = last_bytes(text.trim_end(), LONGEST_WORD);
    text.rsplit(char::is_whitespace).next().unwrap_or("")
}

fn without_last_token(text: &str) -> &str {
    let text = text.trim_end();
    text.get(..text.len() - last_token(text).len())
        .unwrap_or("")
}

fn first_token(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_WORD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end)
        .and_then(|text| text.split(char::is_whitespace).next())
        .unwrap_or("")
}

/// The last token without the punctuation around it.
fn last_word(text: &str) -> &str {
    last_token(text).trim_matches(|c: char| !c.is_alphanumeric())
}

fn last_bytes(text: &str, count: usize) -> &str {
    let mut start = text.len().saturating_sub(count);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..).unwrap_or("")
}
