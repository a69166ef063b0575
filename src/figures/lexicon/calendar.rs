//! The names of months and weekdays.

use crate::figures::Language;
use crate::figures::value::Weekday;

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
