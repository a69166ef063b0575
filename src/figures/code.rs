//! What is copied as it stands: A380, G7, 5G, B-52, § 219a, phone numbers.

use super::Language;
use super::lexicon;
use super::measure;
use super::numeral::{self, Numeral};
use super::reader::Found;
use super::token::{HYPHENS, Shape, Tokens};
use super::value::Value;

/// Reads a code that begins with its letters or its sign.
pub fn read(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    let token = tokens.get(at)?;
    match (token.shape, token.text) {
        (Shape::Mark, "§") => section(tokens, at),
        (Shape::Mark, "+") => phone(tokens, at),
        (Shape::Word, letters) => {
            let number = tokens.after_hyphen(at + 1);
            let hyphen = number > at + 1;
            let digits = tokens.numeral(number).filter(|_| tokens.is_glued(number))?;
            let length = letters.chars().count();
            let capitals = letters.chars().filter(|c| c.is_uppercase()).count();
            // „Covid-19“, „Formel-1“ and „USB-2.0“ are a name and a number,
            // „B-52“ and „SARS2“ one thing.
            let one_thing = if hyphen {
                capitals == length && length <= 3 && digits.bytes().all(|b| b.is_ascii_digit())
            } else {
                length <= 5
            };
            let money = length > 1 && lexicon::currency_sign(letters).is_some();
            let unit = measure::power(tokens, at).is_some();
            (one_thing && !money && !unit && !tokens.is_glued(at))
                .then(|| run(tokens, at))
                .flatten()
        }
        (Shape::Mark | Shape::Numeral, _) => None,
    }
}

/// Digits with letters glued on that are no unit: `5G`, `219a`, `3D`. `end` is
/// the token after the digits.
pub fn suffixed(tokens: &Tokens<'_>, at: usize, end: usize) -> Option<Found> {
    let letters = tokens.word(end).filter(|_| tokens.is_glued(end))?;
    let ending = matches!(
        letters,
        "er" | "ern" | "ers" | "s" | "st" | "nd" | "rd" | "th"
    );
    let code = end == at + 1 && letters.chars().count() <= 3 && !ending;
    code.then(|| run(tokens, at)).flatten()
}

/// A numeral that is neither a number nor a date nor a time. English has no
/// comma for decimals: one that is left over was not translated.
pub fn leftover(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Found> {
    let text = match language {
        Language::German => tokens.numeral(at)?.replace(',', "."),
        Language::English => tokens.numeral(at)?.to_owned(),
    };
    Some(Found::firm(Value::Code { text }, at + 1))
}

/// `2:1`, and `20:15` where nothing says that it is a time.
pub fn score(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Found> {
    let Numeral::Colons(points) = numeral::read(tokens.numeral(at)?, language) else {
        return None;
    };
    Some(Found::firm(Value::Score { points }, at + 1))
}

/// `§ 219a`, `§§ 5`.
fn section(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    let number = if tokens.is_mark(at + 1, &['§']) {
        at + 2
    } else {
        at + 1
    };
    let digits = tokens.numeral(number)?;
    let letter = tokens
        .word(number + 1)
        .filter(|word| tokens.is_glued(number + 1) && word.len() == 1);
    let text = format!("§{digits}{}", letter.unwrap_or(""));
    let end = number + 1 + usize::from(letter.is_some());
    Some(Found::firm(Value::Code { text }, end))
}

/// Glued words and numerals, with single hyphens, as one code.
fn run(tokens: &Tokens<'_>, start: usize) -> Option<Found> {
    const MOST_TOKENS: usize = 6;
    const LONGEST: usize = 40;
    let mut end = start + 1;
    while end < start + MOST_TOKENS && tokens.is_glued(end) {
        let next = tokens.after_hyphen(end);
        let letters = next == end && tokens.word(next).is_some_and(|word| word.len() <= 2);
        if tokens.numeral(next).is_none() && !letters {
            break;
        }
        end = next + 1;
    }
    let pieces = (start..end)
        .filter_map(|at| tokens.get(at))
        .map(|token| token.text);
    let text: String = pieces.filter(|text| !text.starts_with(HYPHENS)).collect();
    // What is made of atoms is called carbon or water as often as by its
    // formula.
    const FORMULAS: [&str; 7] = ["CO2", "H2O", "O2", "O3", "NO2", "SO2", "CH4"];
    let found = |text: String| {
        let loose = FORMULAS.contains(&text.as_str());
        let value = Value::Code { text };
        Found { value, end, loose }
    };
    (text.len() <= LONGEST).then(|| found(text.to_uppercase()))
}

/// `+49 30 1234567`.
fn phone(tokens: &Tokens<'_>, start: usize) -> Option<Found> {
    const MOST_GROUPS: usize = 12;
    if !tokens.is_glued(start + 1) {
        return None;
    }
    let mut text = String::from("+");
    let mut end = start + 1;
    for at in (start + 1..).take(MOST_GROUPS) {
        match tokens.get(at) {
            Some(token) if token.shape == Shape::Numeral => {
                text.extend(token.text.chars().filter(char::is_ascii_digit));
                end = at + 1;
            }
            Some(token) if matches!(token.text, "(" | ")" | "/" | "-" | "–") => {}
            Some(_) | None => break,
        }
    }
    // E.164 numbers have at most fifteen digits.
    (8..=16)
        .contains(&text.len())
        .then(|| Found::firm(Value::Code { text }, end))
}
