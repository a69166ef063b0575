//! Number words: the numbers that German and English spell in letters.

mod english;
mod german;

pub use english::{
    ENGLISH_ORDINALS, ENGLISH_SMALL, ENGLISH_TENS, english, english_cardinal, english_decade,
    english_part,
};
pub use german::{german, german_prefix, is_german_adjective};

use super::decimal::Decimal;
use super::value::Measure;

/// What one German word, or a run of English ones, says about a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spelled {
    Cardinal(Decimal),
    /// `Hunderte`, `dozens`.
    Several(Decimal),
    Ordinal(u64),
    /// The denominator of a fraction: `Drittel`.
    Part(u64),
    Multiple(Decimal),
    /// A number and its unit in one word: `zehnprozentig`, `zweijährig`.
    Measured(Decimal, Measure),
    /// `neunziger`.
    Decade(u16),
}

/// No spelled number that occurs in print is longer.
const MAX_WORD: usize = 72;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::token::Tokens;

    #[track_caller]
    fn cardinal(word: &str, expected: &str) {
        assert_eq!(
            german(word),
            Some(Spelled::Cardinal(expected.parse().unwrap())),
            "{word}"
        );
    }

    #[test]
    fn german_cardinals() {
        for (word, expected) in [
            ("zwei", "2"),
            ("elf", "11"),
            ("siebzehn", "17"),
            ("dreiundzwanzig", "23"),
            ("sechsundsechzig", "66"),
            ("hundert", "100"),
            ("hunderteins", "101"),
            ("zweihundertfünfzig", "250"),
            ("neunzehnhundertneunundachtzig", "1989"),
            ("zweitausendvierundzwanzig", "2024"),
            ("hunderttausend", "100000"),
            ("dreihundertfünfzigtausend", "350000"),
            ("zweieinhalb", "2.5"),
            ("anderthalb", "1.5"),
            ("eineinhalb", "1.5"),
            ("dutzend", "12"),
            ("zwölfköpfige", "12"),
        ] {
            cardinal(word, expected);
        }
    }

    #[test]
    fn german_ordinals() {
        for (word, expected) in [
            ("erste", 1),
            ("dritten", 3),
            ("siebte", 7),
            ("achter", 8),
            ("zwölften", 12),
            ("siebzehnten", 17),
            ("zwanzigste", 20),
            ("dreiundzwanzigsten", 23),
            ("hundertste", 100),
            ("zweitgrößte", 2),
            ("drittbeste", 3),
        ] {
            assert_eq!(german(word), Some(Spelled::Ordinal(expected)), "{word}");
        }
    }

    #[test]
    fn german_words_that_only_look_like_numbers() {
        for word in [
            "ein",
            "eine",
            "zweig",
            "zweifel",
            "achtung",
            "achten",
            "elfmeter",
            "dreieck",
            "viertelfinale",
            "einzige",
            "einheit",
            "einzeln",
            "erstaunlich",
            "neunkirchen",
            "zehntausendstel",
            "hundertschaft",
            "sechser",
        ] {
            let read = german(word);
            let harmless =
                read.is_none() || (word == "achten" && read == Some(Spelled::Ordinal(8)));
            assert!(harmless, "{word} was read as {read:?}");
        }
    }

    #[test]
    fn english_runs() {
        let read = |text: &str| english(&Tokens::lex(text), 0);
        let cardinal = |n: u64, end| Some((Spelled::Cardinal(Decimal::from(n)), end));
        assert_eq!(read("two men"), cardinal(2, 1));
        assert_eq!(read("twenty-five"), cardinal(25, 3));
        assert_eq!(read("two hundred and six people"), cardinal(206, 4));
        assert_eq!(
            read("twenty-first century"),
            Some((Spelled::Ordinal(21), 3))
        );
        assert_eq!(read("fiftieth"), Some((Spelled::Ordinal(50), 1)));
        assert_eq!(read("men"), None);
    }
}
