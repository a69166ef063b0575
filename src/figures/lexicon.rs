//! The closed word classes that stand next to numbers in German and English:
//! scales, months, weekdays, units, currencies, words of approximation.

mod calendar;
mod english;
mod german;
mod symbols;

pub use calendar::{is_short_month, month, weekday};
use english::ENGLISH;
use german::GERMAN;
use symbols::SYMBOLS;

use super::Language;
use super::unit::{Currency, Unit};
use super::value::Measure;
use std::collections::HashMap;

/// The power of ten that a scale word stands for. German and English share
/// the spelling `billion` and disagree by a factor of a thousand.
pub fn scale(word: &str, language: Language) -> Option<i32> {
    let power = match language {
        Language::German => match word {
            "hundert" => 2,
            "tausend" | "tsd" => 3,
            "million" | "millionen" | "mio" | "mill" => 6,
            "milliarde" | "milliarden" | "mrd" | "mia" | "md" => 9,
            "billion" | "billionen" | "bio" => 12,
            "billiarde" | "billiarden" => 15,
            "trillion" | "trillionen" => 18,
            _ => return None,
        },
        Language::English => match word {
            "hundred" => 2,
            "thousand" => 3,
            "million" | "millions" | "mn" | "mln" | "mio" => 6,
            "billion" | "billions" | "bn" | "bln" | "milliard" => 9,
            "trillion" | "trillions" | "tn" | "trn" => 12,
            "quadrillion" => 15,
            "quintillion" => 18,
            _ => return None,
        },
    };
    Some(power)
}

/// Whether a scale word is an abbreviation that may end in a full stop.
pub fn scale_takes_stop(word: &str) -> bool {
    matches!(
        word,
        "tsd"
            | "mio"
            | "mill"
            | "mrd"
            | "mia"
            | "md"
            | "bio"
            | "mn"
            | "mln"
            | "bn"
            | "bln"
            | "tn"
            | "trn"
    )
}

/// The English scale letters that are glued to a number: `3.5m`, `$5k`.
pub fn glued_scale(word: &str) -> Option<i32> {
    match word {
        "k" => Some(3),
        "m" => Some(6),
        "b" => Some(9),
        "t" => Some(12),
        _ => None,
    }
}

/// What a number counts when this word follows it. Symbols keep their case
/// (`MW` is no `mw`), words come in lower case.
pub fn measure(text: &str, lower: &str, language: Language) -> Option<Measure> {
    let words = match language {
        Language::German => &*GERMAN,
        Language::English => &*ENGLISH,
    };
    words.get(lower).or_else(|| SYMBOLS.get(text)).copied()
}

/// The currency of a mark or code that may stand before its number.
pub fn currency_sign(text: &str) -> Option<Currency> {
    Some(match text {
        "€" | "EUR" => Currency::Eur,
        "$" | "USD" | "US" => Currency::Usd,
        "£" | "GBP" => Currency::Gbp,
        "¥" | "JPY" => Currency::Jpy,
        "CHF" | "Fr" | "SFr" | "Sfr" => Currency::Chf,
        "₹" | "INR" | "Rs" => Currency::Inr,
        "₽" | "RUB" => Currency::Rub,
        "₺" | "TRY" => Currency::Try,
        "₴" | "UAH" => Currency::Uah,
        "₪" | "ILS" => Currency::Ils,
        "₩" | "KRW" => Currency::Krw,
        "₿" | "BTC" => Currency::Btc,
        "AUD" | "A" => Currency::Aud,
        "CAD" | "C" => Currency::Cad,
        "HKD" | "HK" => Currency::Hkd,
        "NZD" | "NZ" => Currency::Nzd,
        "CNY" | "RMB" => Currency::Cny,
        "SEK" => Currency::Sek,
        "NOK" => Currency::Nok,
        "DKK" => Currency::Dkk,
        "PLN" => Currency::Pln,
        "CZK" => Currency::Czk,
        "HUF" => Currency::Huf,
        "DM" => Currency::Dem,
        _ => return None,
    })
}

/// Letters before a dollar sign (`US$`, `A$`): not currencies on their own.
pub fn needs_dollar(text: &str) -> bool {
    matches!(text, "US" | "A" | "C" | "HK" | "NZ")
}

/// Subunits of money: a hundredth of what follows.
pub fn subunit(lower: &str, language: Language) -> Option<Currency> {
    Some(match (lower, language) {
        ("cent" | "cents" | "eurocent" | "eurocents", _) => Currency::Eur,
        ("pence", _) | ("penny", _) | ("p", Language::English) => Currency::Gbp,
        ("centime" | "centimes", _) | ("rappen", Language::German) => Currency::Chf,
        ("pfennig", _) | ("pfennige", Language::German) => Currency::Dem,
        _ => return None,
    })
}

type Words = HashMap<&'static str, Measure>;

fn table(rows: &[(Measure, &'static str)]) -> Words {
    rows.iter()
        .flat_map(|(measure, words)| words.split_whitespace().map(|word| (word, *measure)))
        .collect()
}

/// The square, cubic or hourly form of a unit whose words English writes
/// apart: `square kilometers`, `kilowatt hours`, `kilometers per hour`.
pub fn compound_unit(first: Option<&str>, base: Unit, second: Option<&str>) -> Unit {
    match (first, base, second) {
        (Some("square"), Unit::Millimetre, _) => Unit::SquareMillimetre,
        (Some("square"), Unit::Centimetre, _) => Unit::SquareCentimetre,
        (Some("square"), Unit::Metre, _) => Unit::SquareMetre,
        (Some("square"), Unit::Kilometre, _) => Unit::SquareKilometre,
        (Some("square"), Unit::Mile, _) => Unit::SquareMile,
        (Some("square"), Unit::Foot, _) => Unit::SquareFoot,
        (Some("cubic"), Unit::Centimetre, _) => Unit::CubicCentimetre,
        (Some("cubic"), Unit::Metre, _) => Unit::CubicMetre,
        (Some("cubic"), Unit::Kilometre, _) => Unit::CubicKilometre,
        (Some("nautical"), Unit::Mile, _) => Unit::NauticalMile,
        (_, Unit::Kilowatt, Some("hour" | "hours")) => Unit::KilowattHour,
        (_, Unit::Megawatt, Some("hour" | "hours")) => Unit::MegawattHour,
        (_, Unit::Gigawatt, Some("hour" | "hours")) => Unit::GigawattHour,
        (_, Unit::Kilometre, Some("h" | "per hour")) => Unit::KilometrePerHour,
        (_, Unit::Mile, Some("per hour")) => Unit::MilePerHour,
        (_, Unit::Metre, Some("s" | "per second")) => Unit::MetrePerSecond,
        (_, Unit::Degree, Some("c" | "celsius")) => Unit::DegreeCelsius,
        (_, Unit::Degree, Some("f" | "fahrenheit")) => Unit::DegreeFahrenheit,
        _ => base,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_false_friends() {
        assert_eq!(scale("billion", Language::German), Some(12));
        assert_eq!(scale("billion", Language::English), Some(9));
        assert_eq!(scale("milliarde", Language::German), Some(9));
        assert_eq!(scale("billiarde", Language::German), Some(15));
    }

    #[test]
    fn symbols_keep_their_case() {
        let unit = |text: &str| measure(text, &text.to_lowercase(), Language::German);
        assert_eq!(unit("MW"), Some(Measure::Unit(Unit::Megawatt)));
        assert_eq!(unit("Mw"), None);
        assert_eq!(unit("Prozent"), Some(Measure::Percent));
    }
}
