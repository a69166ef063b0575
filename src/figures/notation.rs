//! Numerals as they are written: where they stand, and how English writes
//! what German has written.

use super::words::{ENGLISH_ORDINALS, ENGLISH_SMALL, ENGLISH_TENS};
use crate::span::Span;

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Digits with the dots and commas between them.
pub fn spans(text: &str) -> impl Iterator<Item = Span> {
    let bytes = text.as_bytes();
    let digit = move |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !digit(at) {
            at += 1;
        }
        let start = at;
        while digit(at) || matches!(bytes.get(at), Some(b'.' | b',')) && digit(at + 1) {
            at += 1;
        }
        (at > start).then(|| Span::new(start, at))
    })
}

/// A German numeral with English marks: `1.234,5` → `1,234.5`.
pub fn in_english(numeral: &str) -> String {
    const LONGEST_PLAIN: usize = 4;
    // Bare digits may be a year; longer ones are grouped.
    if numeral.len() > LONGEST_PLAIN
        && numeral.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(number) = numeral.parse()
    {
        return grouped(number);
    }
    // Swiss papers write „47.50 Franken“.
    let decimals = numeral.rsplit_once('.').map(|(_, decimals)| decimals.len());
    if matches!(decimals, Some(1 | 2)) && numeral.matches(['.', ',']).count() == 1 {
        return numeral.to_owned();
    }
    numeral
        .chars()
        .map(|c| match c {
            '.' => ',',
            ',' => '.',
            other => other,
        })
        .collect()
}

/// The English word of magnitude for a German or English one.
pub fn scale(word: &str) -> Option<&'static str> {
    Some(match word {
        "Tausend" | "tausend" | "Tsd" | "thousand" => "thousand",
        "Million" | "Millionen" | "Mio" | "million" => "million",
        "Milliarde" | "Milliarden" | "Mrd" | "billion" => "billion",
        "Billion" | "Billionen" | "Bio" | "trillion" => "trillion",
        "Billiarde" | "Billiarden" | "quadrillion" => "quadrillion",
        "Trillion" | "Trillionen" | "quintillion" => "quintillion",
        _ => return None,
    })
}

/// Larger numbers are written in digits.
const LARGEST_IN_WORDS: u64 = 12;

fn small(number: u64, words: &[&'static str]) -> Option<&'static str> {
    let index = usize::try_from(number).ok()?;
    words
        .get(index)
        .filter(|_| number <= LARGEST_IN_WORDS)
        .copied()
}

/// Small numbers in words.
pub fn word(number: u64) -> Option<&'static str> {
    small(number, &ENGLISH_SMALL)
}

/// Numbers of two words: `twenty-three`.
pub fn compound(number: u64) -> Option<String> {
    let tens = usize::try_from(number / 10).ok()?.checked_sub(2)?;
    let tens = ENGLISH_TENS.get(tens)?;
    match number % 10 {
        0 => Some((*tens).to_owned()),
        ones => Some(format!("{tens}-{}", word(ones)?)),
    }
}

/// Small ordinals in words.
pub fn ordinal_word(number: u64) -> Option<&'static str> {
    small(number, &ENGLISH_ORDINALS).filter(|_| number > 0)
}

/// Digits with commas: `12,345`; four digits only from 1,000 on.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1st`, `22nd`, `113th`.
pub fn ordinal(number: u64) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_found_with_their_marks() {
        let text = "Von 1.234,5 auf 2 bis 3, dann 4.";
        let found: Vec<&str> = spans(text).map(|span| span.of(text)).collect();
        assert_eq!(found, ["1.234,5", "2", "3", "4"]);
        assert_eq!(in_english("1.234,5"), "1,234.5");
    }

    #[test]
    fn numbers_are_written_in_english() {
        let grouped = [0, 999, 1000, 1_234_567].map(grouped);
        assert_eq!(grouped, ["0", "999", "1,000", "1,234,567"]);
        let ordinals = [1, 2, 3, 4, 11, 21, 112].map(ordinal);
        assert_eq!(
            ordinals,
            ["1st", "2nd", "3rd", "4th", "11th", "21st", "112th"]
        );
        assert_eq!(word(11), Some("eleven"));
        assert_eq!([0, 3, 13].map(ordinal_word), [None, Some("third"), None]);
        assert_eq!(word(13), None);
        let compounds = [19, 20, 23, 99, 100].map(compound);
        let expected = [
            None,
            Some("twenty"),
            Some("twenty-three"),
            Some("ninety-nine"),
            None,
        ];
        assert_eq!(compounds.each_ref().map(Option::as_deref), expected);
    }
}
