//! The closed word classes that stand next to numbers in German and English:
//! scales, months, weekdays, units, currencies, words of approximation.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Language;
use super::unit::{Currency, Unit};
use super::value::{Measure, Weekday};

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

pub fn month(word: &str, language: Language) -> Option<u8> {
    let month = match (word, language) {
        ("januar" | "jänner" | "jaenner" | "jan", Language::German) => 1,
        ("february" | "feb", Language::English)
        | ("februar" | "feber" | "feb", Language::German) => 2,
        ("märz" | "maerz" | "mrz" | "mär", Language::German) => 3,
        ("april" | "apr", _) => 4,
        ("mai", Language::German) | ("may", Language::English) => 5,
        ("juni" | "jun", Language::German) => 6,
        ("juli" | "jul", Language::German) => 7,
        ("august" | "aug", _) => 8,
        ("september" | "sept" | "sep", _) => 9,
        ("oktober" | "okt", Language::German) => 10,
        ("november" | "nov", _) => 11,
        ("dezember" | "dez", Language::German) => 12,
        ("january" | "jan", Language::English) => 1,
        ("march" | "mar", Language::English) => 3,
        ("june" | "jun", Language::English) => 6,
        ("july" | "jul", Language::English) => 7,
        ("october" | "oct", Language::English) => 10,
        ("december" | "dec", Language::English) => 12,
        _ => return None,
    };
    Some(month)
}

/// Abbreviated months are months only beside a number.
pub fn is_short_month(word: &str) -> bool {
    word.len() <= 4 && !matches!(word, "mai" | "juni" | "juli" | "may" | "june" | "july")
}

pub fn weekday(word: &str, language: Language) -> Option<Weekday> {
    let stem = match language {
        Language::German => {
            const PARTS: [&str; 8] = [
                "vormittag",
                "nachmittag",
                "mittag",
                "morgen",
                "früh",
                "abend",
                "nacht",
                "spät",
            ];
            let plain = word.strip_suffix('s').unwrap_or(word);
            // The evening of Sonnabend belongs to its name.
            let whole = PARTS
                .iter()
                .find_map(|part| plain.strip_suffix(part))
                .filter(|day| *day != "sonn")
                .unwrap_or(plain);
            // „an Sonntagen“, but „Montage“ is an assembly.
            whole.strip_suffix("en").unwrap_or(whole)
        }
        Language::English => word.strip_suffix('s').unwrap_or(word),
    };
    let day = match (stem, language) {
        ("montag", Language::German) | ("monday", Language::English) => Weekday::Monday,
        ("dienstag", Language::German) | ("tuesday", Language::English) => Weekday::Tuesday,
        ("mittwoch", Language::German) | ("wednesday", Language::English) => Weekday::Wednesday,
        ("donnerstag", Language::German) | ("thursday", Language::English) => Weekday::Thursday,
        ("freitag", Language::German) | ("friday", Language::English) => Weekday::Friday,
        ("samstag" | "sonnabend", Language::German) | ("saturday", Language::English) => {
            Weekday::Saturday
        }
        ("sonntag", Language::German) | ("sunday", Language::English) => Weekday::Sunday,
        _ => return None,
    };
    Some(day)
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

/// Symbols of both languages, by their exact case.
static SYMBOLS: LazyLock<Words> = LazyLock::new(|| {
    use Measure::Unit as U;
    table(&[
        (Measure::Percent, "%"),
        (Measure::PerMille, "‰"),
        (Measure::Money(Currency::Eur), "€ EUR"),
        (Measure::Money(Currency::Usd), "$ USD"),
        (Measure::Money(Currency::Gbp), "£ GBP"),
        (Measure::Money(Currency::Chf), "CHF SFr Sfr"),
        (Measure::Money(Currency::Jpy), "¥ JPY"),
        (Measure::Money(Currency::Rub), "₽ RUB"),
        (Measure::Money(Currency::Inr), "₹ INR"),
        (Measure::Money(Currency::Cny), "CNY RMB"),
        (Measure::Money(Currency::Sek), "SEK"),
        (Measure::Money(Currency::Nok), "NOK"),
        (Measure::Money(Currency::Dkk), "DKK"),
        (Measure::Money(Currency::Pln), "PLN"),
        (Measure::Money(Currency::Czk), "CZK"),
        (Measure::Money(Currency::Huf), "HUF"),
        (Measure::Money(Currency::Dem), "DM"),
        (Measure::Money(Currency::Btc), "BTC"),
        (U(Unit::Second), "s"),
        (U(Unit::Hour), "h"),
        (U(Unit::Nanometre), "nm"),
        (U(Unit::Micrometre), "µm μm"),
        (U(Unit::Millimetre), "mm"),
        (U(Unit::Centimetre), "cm"),
        (U(Unit::Metre), "m"),
        (U(Unit::Kilometre), "km"),
        (U(Unit::SquareMillimetre), "mm²"),
        (U(Unit::SquareCentimetre), "cm²"),
        (U(Unit::SquareMetre), "m² qm sqm"),
        (U(Unit::SquareKilometre), "km² qkm"),
        (U(Unit::CubicCentimetre), "cm³ ccm cc"),
        (U(Unit::CubicMetre), "m³"),
        (U(Unit::CubicKilometre), "km³"),
        (U(Unit::Hectare), "ha"),
        (U(Unit::Millilitre), "ml"),
        (U(Unit::Litre), "l"),
        (U(Unit::Hectolitre), "hl"),
        (U(Unit::Microgram), "µg μg"),
        (U(Unit::Milligram), "mg"),
        (U(Unit::Gram), "g"),
        (U(Unit::Kilogram), "kg"),
        (U(Unit::Tonne), "t"),
        (U(Unit::DegreeCelsius), "°C ℃"),
        (U(Unit::DegreeFahrenheit), "°F ℉"),
        (U(Unit::Degree), "°"),
        (U(Unit::Watt), "W"),
        (U(Unit::Kilowatt), "kW KW"),
        (U(Unit::Megawatt), "MW"),
        (U(Unit::Gigawatt), "GW"),
        (U(Unit::Horsepower), "PS hp bhp"),
        (U(Unit::Joule), "J"),
        (U(Unit::Kilocalorie), "kcal"),
        (U(Unit::KilowattHour), "kWh KWh kwh"),
        (U(Unit::MegawattHour), "MWh"),
        (U(Unit::GigawattHour), "GWh"),
        (U(Unit::TerawattHour), "TWh"),
        (U(Unit::Volt), "V"),
        (U(Unit::Kilovolt), "kV"),
        (U(Unit::Ampere), "A"),
        (U(Unit::Hertz), "Hz"),
        (U(Unit::Kilohertz), "kHz"),
        (U(Unit::Megahertz), "MHz"),
        (U(Unit::Gigahertz), "GHz"),
        (U(Unit::Kilobyte), "KB kB"),
        (U(Unit::Megabyte), "MB"),
        (U(Unit::Gigabyte), "GB"),
        (U(Unit::Terabyte), "TB"),
        (U(Unit::Hectopascal), "hPa"),
        (U(Unit::Bar), "bar"),
        (U(Unit::Decibel), "dB"),
    ])
});

static GERMAN: LazyLock<Words> = LazyLock::new(|| {
    use Measure::{Money, Unit as U};
    table(&[
        (
            Measure::Percent,
            "prozent prozents prozentige prozentigen prozentiger prozentiges prozentig",
        ),
        (
            Measure::PercentagePoints,
            "prozentpunkt prozentpunkte prozentpunkten prozentpunktes",
        ),
        (Measure::PerMille, "promille"),
        (Money(Currency::Eur), "euro euros"),
        (Money(Currency::Usd), "dollar dollars"),
        (Money(Currency::Gbp), "pfund pfunds"),
        (Money(Currency::Chf), "franken sfr fränkli"),
        (Money(Currency::Jpy), "yen"),
        (Money(Currency::Cny), "yuan renminbi"),
        (Money(Currency::Inr), "rupie rupien"),
        (Money(Currency::Rub), "rubel"),
        (Money(Currency::Uah), "hrywnja griwna"),
        (Money(Currency::Try), "lira"),
        (Money(Currency::Pln), "zloty złoty"),
        (Money(Currency::Sek), "krone kronen"),
        (Money(Currency::Huf), "forint"),
        (Money(Currency::Dem), "mark"),
        (Money(Currency::Ats), "schilling"),
        (Money(Currency::Ils), "schekel"),
        (Money(Currency::Krw), "won"),
        (Money(Currency::Brl), "reais"),
        (Money(Currency::Zar), "rand"),
        (Money(Currency::Btc), "bitcoin bitcoins"),
        (U(Unit::Second), "sekunde sekunden sek"),
        (U(Unit::Minute), "minute minuten min"),
        (U(Unit::Hour), "stunde stunden std"),
        (U(Unit::Day), "tag tage tagen tages tags"),
        (U(Unit::Week), "woche wochen"),
        (U(Unit::Month), "monat monate monaten monats"),
        (U(Unit::Year), "jahr jahre jahren jahres jahrs"),
        (
            U(Unit::Decade),
            "jahrzehnt jahrzehnte jahrzehnten jahrzehnts dekade dekaden",
        ),
        (U(Unit::Century), "jahrhundert jahrhunderte jahrhunderten"),
        (U(Unit::Nanometre), "nanometer nanometern"),
        (U(Unit::Micrometre), "mikrometer mikrometern"),
        (U(Unit::Millimetre), "millimeter millimetern millimeters"),
        (U(Unit::Centimetre), "zentimeter zentimetern zentimeters"),
        (U(Unit::Metre), "meter metern meters"),
        (U(Unit::Kilometre), "kilometer kilometern kilometers"),
        (U(Unit::Inch), "zoll"),
        (U(Unit::Foot), "fuß fuss"),
        (U(Unit::Yard), "yard yards"),
        (U(Unit::Mile), "meile meilen"),
        (U(Unit::NauticalMile), "seemeile seemeilen"),
        (U(Unit::LightYear), "lichtjahr lichtjahre lichtjahren"),
        (
            U(Unit::SquareCentimetre),
            "quadratzentimeter quadratzentimetern",
        ),
        (
            U(Unit::SquareMetre),
            "quadratmeter quadratmetern quadratmeters",
        ),
        (
            U(Unit::SquareKilometre),
            "quadratkilometer quadratkilometern",
        ),
        (U(Unit::Hectare), "hektar hektare"),
        (U(Unit::Acre), "acre acres morgen"),
        (U(Unit::SquareFoot), "quadratfuß"),
        (U(Unit::SquareMile), "quadratmeile quadratmeilen"),
        (U(Unit::Millilitre), "milliliter millilitern"),
        (U(Unit::Litre), "liter litern liters"),
        (U(Unit::Hectolitre), "hektoliter hektolitern"),
        (U(Unit::CubicCentimetre), "kubikzentimeter kubikzentimetern"),
        (U(Unit::CubicMetre), "kubikmeter kubikmetern"),
        (U(Unit::CubicKilometre), "kubikkilometer kubikkilometern"),
        (U(Unit::Gallon), "gallone gallonen"),
        (U(Unit::Barrel), "barrel fass"),
        (U(Unit::Microgram), "mikrogramm"),
        (U(Unit::Milligram), "milligramm"),
        (U(Unit::Gram), "gramm"),
        (U(Unit::Kilogram), "kilogramm kilo kilos"),
        (U(Unit::Tonne), "tonne tonnen"),
        (U(Unit::Ounce), "unze unzen feinunze"),
        (
            U(Unit::KilometrePerHour),
            "stundenkilometer stundenkilometern",
        ),
        (U(Unit::Knot), "knoten"),
        (U(Unit::Degree), "grad"),
        (U(Unit::Kelvin), "kelvin"),
        (U(Unit::Watt), "watt"),
        (U(Unit::Kilowatt), "kilowatt"),
        (U(Unit::Megawatt), "megawatt"),
        (U(Unit::Gigawatt), "gigawatt"),
        (U(Unit::Joule), "joule"),
        (U(Unit::Calorie), "kalorie kalorien"),
        (U(Unit::Kilocalorie), "kilokalorie kilokalorien"),
        (U(Unit::KilowattHour), "kilowattstunde kilowattstunden"),
        (U(Unit::MegawattHour), "megawattstunde megawattstunden"),
        (U(Unit::GigawattHour), "gigawattstunde gigawattstunden"),
        (U(Unit::TerawattHour), "terawattstunde terawattstunden"),
        (U(Unit::Volt), "volt"),
        (U(Unit::Kilovolt), "kilovolt"),
        (U(Unit::Ampere), "ampere"),
        (U(Unit::Hertz), "hertz"),
        (U(Unit::Kilohertz), "kilohertz"),
        (U(Unit::Megahertz), "megahertz"),
        (U(Unit::Gigahertz), "gigahertz"),
        (U(Unit::Bit), "bit bits"),
        (U(Unit::Byte), "byte bytes"),
        (U(Unit::Kilobyte), "kilobyte"),
        (U(Unit::Megabyte), "megabyte megabytes"),
        (U(Unit::Gigabyte), "gigabyte gigabytes"),
        (U(Unit::Terabyte), "terabyte terabytes"),
        (U(Unit::Hectopascal), "hektopascal"),
        (U(Unit::Decibel), "dezibel"),
    ])
});

static ENGLISH: LazyLock<Words> = LazyLock::new(|| {
    use Measure::{Money, Unit as U};
    table(&[
        (Measure::Percent, "percent pct"),
        (Money(Currency::Eur), "euro euros"),
        (Money(Currency::Usd), "dollar dollars buck bucks"),
        (Money(Currency::Gbp), "pound pounds quid sterling"),
        (Money(Currency::Chf), "franc francs"),
        (Money(Currency::Jpy), "yen"),
        (Money(Currency::Cny), "yuan renminbi"),
        (Money(Currency::Inr), "rupee rupees"),
        (Money(Currency::Rub), "rouble roubles ruble rubles rubel"),
        (Money(Currency::Uah), "hryvnia hryvnias"),
        (Money(Currency::Try), "lira liras"),
        (Money(Currency::Pln), "zloty zlotys zloties"),
        (
            Money(Currency::Sek),
            "krona kronor krone kroner crown crowns kronas",
        ),
        (Money(Currency::Huf), "forint forints"),
        (Money(Currency::Dem), "mark marks deutschmarks"),
        (
            Money(Currency::Ats),
            "schilling schillings shilling shillings",
        ),
        (Money(Currency::Ils), "shekel shekels"),
        (Money(Currency::Krw), "won"),
        (Money(Currency::Brl), "reais"),
        (Money(Currency::Zar), "rand"),
        (Money(Currency::Btc), "bitcoin bitcoins"),
        (U(Unit::Second), "second seconds sec secs"),
        (U(Unit::Minute), "minute minutes min mins"),
        (U(Unit::Hour), "hour hours hr hrs"),
        (U(Unit::Day), "day days"),
        (U(Unit::Week), "week weeks"),
        (U(Unit::Month), "month months"),
        (U(Unit::Year), "year years yr yrs"),
        (U(Unit::Decade), "decade decades"),
        (U(Unit::Century), "century centuries"),
        (
            U(Unit::Nanometre),
            "nanometer nanometers nanometre nanometres",
        ),
        (
            U(Unit::Micrometre),
            "micrometer micrometers micrometre micrometres",
        ),
        (
            U(Unit::Millimetre),
            "millimeter millimeters millimetre millimetres",
        ),
        (
            U(Unit::Centimetre),
            "centimeter centimeters centimetre centimetres",
        ),
        (U(Unit::Metre), "meter meters metre metres"),
        (
            U(Unit::Kilometre),
            "kilometer kilometers kilometre kilometres kms",
        ),
        (U(Unit::Inch), "inch inches"),
        (U(Unit::Foot), "foot feet ft"),
        (U(Unit::Yard), "yard yards"),
        (U(Unit::Mile), "mile miles"),
        (U(Unit::LightYear), "lightyear lightyears"),
        (U(Unit::Hectare), "hectare hectares"),
        (U(Unit::Acre), "acre acres"),
        (
            U(Unit::Millilitre),
            "milliliter milliliters millilitre millilitres",
        ),
        (U(Unit::Litre), "liter liters litre litres"),
        (
            U(Unit::Hectolitre),
            "hectoliter hectoliters hectolitre hectolitres",
        ),
        (U(Unit::Gallon), "gallon gallons"),
        (U(Unit::Barrel), "barrel barrels bbl"),
        (U(Unit::Microgram), "microgram micrograms"),
        (U(Unit::Milligram), "milligram milligrams"),
        (U(Unit::Gram), "gram grams gramme grammes"),
        (U(Unit::Kilogram), "kilogram kilograms kilo kilos kgs"),
        (U(Unit::Tonne), "tonne tonnes ton tons"),
        (U(Unit::Ounce), "ounce ounces oz"),
        (U(Unit::Pound), "lb lbs"),
        (U(Unit::Stone), "stone"),
        (U(Unit::MilePerHour), "mph"),
        (U(Unit::KilometrePerHour), "kph kmh kmph"),
        (U(Unit::Knot), "knot knots"),
        (U(Unit::Degree), "degree degrees"),
        (U(Unit::Kelvin), "kelvin"),
        (U(Unit::Watt), "watt watts"),
        (U(Unit::Kilowatt), "kilowatt kilowatts"),
        (U(Unit::Megawatt), "megawatt megawatts"),
        (U(Unit::Gigawatt), "gigawatt gigawatts"),
        (U(Unit::Horsepower), "horsepower"),
        (U(Unit::Joule), "joule joules"),
        (U(Unit::Calorie), "calorie calories"),
        (U(Unit::Kilocalorie), "kilocalorie kilocalories"),
        (U(Unit::Volt), "volt volts"),
        (U(Unit::Kilovolt), "kilovolt kilovolts"),
        (U(Unit::Ampere), "ampere amperes amp amps"),
        (U(Unit::Hertz), "hertz"),
        (U(Unit::Kilohertz), "kilohertz"),
        (U(Unit::Megahertz), "megahertz"),
        (U(Unit::Gigahertz), "gigahertz"),
        (U(Unit::Bit), "bit bits"),
        (U(Unit::Byte), "byte bytes"),
        (U(Unit::Kilobyte), "kilobyte kilobytes"),
        (U(Unit::Megabyte), "megabyte megabytes"),
        (U(Unit::Gigabyte), "gigabyte gigabytes"),
        (U(Unit::Terabyte), "terabyte terabytes"),
        (U(Unit::Hectopascal), "hectopascal hectopascals"),
        (U(Unit::Decibel), "decibel decibels"),
    ])
});

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
    fn weekdays_come_with_parts_of_the_day() {
        for word in [
            "montag",
            "montags",
            "montagabend",
            "montagmorgen",
            "montagnachmittag",
        ] {
            assert_eq!(weekday(word, Language::German), Some(Weekday::Monday));
        }
        assert_eq!(
            weekday("sonntagen", Language::German),
            Some(Weekday::Sunday)
        );
        assert_eq!(weekday("montage", Language::German), None);
        assert_eq!(weekday("sonntagszeitung", Language::German), None);
        assert_eq!(weekday("fridays", Language::English), Some(Weekday::Friday));
    }

    #[test]
    fn symbols_keep_their_case() {
        let unit = |text: &str| measure(text, &text.to_lowercase(), Language::German);
        assert_eq!(unit("MW"), Some(Measure::Unit(Unit::Megawatt)));
        assert_eq!(unit("Mw"), None);
        assert_eq!(unit("Prozent"), Some(Measure::Percent));
    }
}
