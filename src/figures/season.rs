//! Days and stretches of the year that have a name: Heiligabend, Ostermontag, im Herbst,
//! im dritten Quartal.

use super::compare::{Check, Mention, Status};
use super::kind::Kind;
use crate::span::Span;
use crate::words::words;

struct Season {
    /// Beginnings of German words that name it, in lower case; a space behind one
    /// says that it is the whole word.
    german: &'static [&'static str],
    /// What English calls it, in lower case, the usual name first.
    english: &'static [&'static str],
}

/// The nearer name before the wider one: a word is of the first that fits.
const SEASONS: [Season; 25] = [
    Season {
        german: &["silvester"],
        english: &["new year's eve", "new year", "silvester"],
    },
    Season {
        german: &["neujahr"],
        english: &["new year's day", "new year"],
    },
    Season {
        german: &["heiligabend"],
        english: &["christmas eve"],
    },
    Season {
        german: &["weihnacht"],
        english: &[
            "christmas",
            "xmas",
            "festive",
            "holiday",
            "santa",
            "nativity",
            "yule",
            "december",
        ],
    },
    Season {
        german: &["karfreitag"],
        english: &["good friday"],
    },
    Season {
        german: &["gründonnerstag"],
        english: &["maundy thursday", "holy thursday"],
    },
    Season {
        german: &["ostermontag"],
        english: &["easter monday"],
    },
    Season {
        german: &["ostersonntag"],
        english: &["easter sunday", "easter day", "easter"],
    },
    Season {
        german: &[
            "ostern",
            "osterferien",
            "osterwochenende",
            "osterfest",
            "osterfeiertag",
            "ostermarsch",
            "ostermärsche",
        ],
        english: &["easter"],
    },
    Season {
        german: &["pfingstmontag"],
        english: &["whit monday", "pentecost monday", "monday"],
    },
    Season {
        german: &["pfingst"],
        english: &["pentecost", "whitsun", "whit "],
    },
    Season {
        german: &["fronleichnam"],
        english: &["corpus christi"],
    },
    Season {
        german: &["allerheiligen"],
        english: &["all saints", "all hallows"],
    },
    Season {
        german: &["rosenmontag"],
        english: &[
            "rose monday",
            "shrove monday",
            "carnival monday",
            "rosenmontag",
            "carnival",
        ],
    },
    Season {
        german: &["aschermittwoch"],
        english: &["ash wednesday"],
    },
    Season {
        german: &["faschingsdienstag", "fastnachtsdienstag"],
        english: &["shrove tuesday", "mardi gras", "carnival tuesday"],
    },
    Season {
        german: &["ramadan"],
        english: &["ramadan"],
    },
    Season {
        german: &["quartal"],
        english: &["quarter", "q1", "q2", "q3", "q4", "months", "three-month"],
    },
    Season {
        german: &["halbjahr"],
        english: &[
            "half",
            "six months",
            "six-month",
            "h1",
            "h2",
            "semester",
            "term",
        ],
    },
    Season {
        german: &["himmelfahrt"],
        english: &["ascension", "father's day", "assumption"],
    },
    Season {
        german: &["jahreswechsel"],
        english: &[
            "new year",
            "turn of the year",
            "end of the year",
            "year-end",
            "year end",
            "january",
        ],
    },
    Season {
        german: &["frühling ", "frühlings ", "frühjahr ", "frühjahrs "],
        english: &["spring", "early"],
    },
    Season {
        german: &[
            "sommer ",
            "sommers ",
            "frühsommer ",
            "spätsommer ",
            "hochsommer ",
        ],
        english: &["summer"],
    },
    Season {
        german: &["herbst ", "herbstes ", "spätherbst "],
        english: &["autumn", "fall"],
    },
    Season {
        german: &["winter ", "winters "],
        english: &["winter"],
    },
];

/// One check for each of these days that the source names.
pub fn compare(source: &str, target: &str) -> Vec<Check> {
    let mut named: Vec<(usize, Span)> = Vec::new();
    let mut last = "";
    for span in words(source) {
        let word = span.of(source);
        // „Yann Sommer“ is a person.
        let person = is_season(word) && is_name(last);
        last = word;
        if person || !word.starts_with(char::is_uppercase) {
            continue;
        }
        let lower = format!("{} ", word.to_lowercase());
        let season = SEASONS
            .iter()
            .position(|day| day.german.iter().any(|stem| lower.starts_with(stem)));
        if let Some(season) = season
            && !named.iter().any(|(known, _)| *known == season)
        {
            named.push((season, span));
        }
    }
    if named.is_empty() {
        return Vec::new();
    }
    // A letter of another length would move what stands behind it.
    let plain = target.to_ascii_lowercase();
    let lower = plain.replace('’', "'");
    named
        .into_iter()
        .filter_map(|(place, span)| {
            let season = SEASONS.get(place)?;
            let told = season.english.iter().find(|name| lower.contains(**name));
            // Of "new year’s eve", the part before the sign that has another length.
            let there = told.and_then(|name| {
                let part = name.split('\'').next()?;
                let start = plain.find(part)?;
                Some(Span::new(start, start + part.len()))
            });
            Some(Check {
                kind: Kind::Date,
                value: (*season.english.first()?).to_owned(),
                source: Some(Mention::of(source, span)),
                target: there.map(|there| Mention::of(target, there)),
                status: match told {
                    Some(_) => Status::Kept,
                    None => Status::Missing,
                },
            })
        })
        .collect()
}

fn is_season(word: &str) -> bool {
    matches!(word, "Sommer" | "Winter" | "Sommers" | "Winters")
}

/// Whether a word with a capital is none that may begin a sentence before a season.
fn is_name(word: &str) -> bool {
    const BEGINNINGS: [&str; 17] = [
        "Im", "Den", "Der", "Dem", "Des", "Diesen", "Diesem", "Dieser", "Seit", "Bis", "Zum",
        "Vom", "Jeden", "Ende", "Anfang", "Mitte", "Ein",
    ];
    word.starts_with(char::is_uppercase) && !BEGINNINGS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(source: &str, target: &str) -> Vec<(String, Status)> {
        let checks = compare(source, target).into_iter();
        checks.map(|check| (check.value, check.status)).collect()
    }

    #[test]
    fn named_days_stand_in_the_translation() {
        for (source, target, value, status) in [
            (
                "An Heiligabend ist zu.",
                "It is closed on Christmas Eve.",
                "christmas eve",
                Status::Kept,
            ),
            (
                "An Heiligabend ist zu.",
                "It is closed on Christmas.",
                "christmas eve",
                Status::Missing,
            ),
            (
                "In der Silvesternacht.",
                "On New Year’s Eve.",
                "new year's eve",
                Status::Kept,
            ),
            (
                "Am Ostermontag.",
                "On Whit Monday.",
                "easter monday",
                Status::Missing,
            ),
            (
                "Das Weihnachtsgeld sinkt.",
                "The holiday bonus falls.",
                "christmas",
                Status::Kept,
            ),
            (
                "Im Herbst 2025 endet es.",
                "It ends in the fall of 2025.",
                "autumn",
                Status::Kept,
            ),
            (
                "Im Frühjahr beginnt es.",
                "It begins in autumn.",
                "spring",
                Status::Missing,
            ),
            (
                "An Christi Himmelfahrt.",
                "On a day off.",
                "ascension",
                Status::Missing,
            ),
        ] {
            assert_eq!(
                statuses(source, target),
                [(value.to_owned(), status)],
                "{source} {target}"
            );
        }
    }

    #[test]
    fn other_words_are_none() {
        for source in [
            "Osterholz liegt im Norden.",
            "Der Osten wählt.",
            "Im Advent.",
            "Yann Sommer hält.",
        ] {
            assert_eq!(statuses(source, "It is so."), [], "{source}");
        }
    }
}
