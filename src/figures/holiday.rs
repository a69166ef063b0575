//! Days that have a name: Heiligabend, Ostermontag, Silvester.

use super::compare::{Check, Mention, Status};
use super::kind::Kind;
use crate::span::Span;
use crate::words::words;

struct Holiday {
    /// Beginnings of German words that name it, in lower case.
    german: &'static [&'static str],
    /// What English calls it, in lower case, the usual name first.
    english: &'static [&'static str],
}

/// The nearer name before the wider one: a word is of the first that fits.
const HOLIDAYS: [Holiday; 17] = [
    Holiday {
        german: &["silvester"],
        english: &["new year's eve", "new year", "silvester"],
    },
    Holiday {
        german: &["neujahr"],
        english: &["new year's day", "new year"],
    },
    Holiday {
        german: &["heiligabend", "heiligabends"],
        english: &["christmas eve"],
    },
    Holiday {
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
    Holiday {
        german: &["karfreitag"],
        english: &["good friday"],
    },
    Holiday {
        german: &["gründonnerstag"],
        english: &["maundy thursday", "holy thursday"],
    },
    Holiday {
        german: &["ostermontag"],
        english: &["easter monday"],
    },
    Holiday {
        german: &["ostersonntag"],
        english: &["easter sunday", "easter day", "easter"],
    },
    Holiday {
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
    Holiday {
        german: &["pfingstmontag"],
        english: &["whit monday", "pentecost monday", "monday"],
    },
    Holiday {
        german: &["pfingst"],
        english: &["pentecost", "whitsun", "whit "],
    },
    Holiday {
        german: &["fronleichnam"],
        english: &["corpus christi"],
    },
    Holiday {
        german: &["allerheiligen"],
        english: &["all saints", "all hallows"],
    },
    Holiday {
        german: &["rosenmontag"],
        english: &[
            "rose monday",
            "shrove monday",
            "carnival monday",
            "rosenmontag",
            "carnival",
        ],
    },
    Holiday {
        german: &["aschermittwoch"],
        english: &["ash wednesday"],
    },
    Holiday {
        german: &["faschingsdienstag", "fastnachtsdienstag"],
        english: &["shrove tuesday", "mardi gras", "carnival tuesday"],
    },
    Holiday {
        german: &["ramadan"],
        english: &["ramadan"],
    },
];

/// One check for each of these days that the source names.
pub fn compare(source: &str, target: &str) -> Vec<Check> {
    let mut named: Vec<(usize, Span)> = Vec::new();
    for span in words(source) {
        let word = span.of(source);
        if !word.starts_with(char::is_uppercase) {
            continue;
        }
        let lower = word.to_lowercase();
        let holiday = HOLIDAYS
            .iter()
            .position(|day| day.german.iter().any(|stem| lower.starts_with(stem)));
        if let Some(holiday) = holiday
            && !named.iter().any(|(known, _)| *known == holiday)
        {
            named.push((holiday, span));
        }
    }
    if named.is_empty() {
        return Vec::new();
    }
    // A letter of another length would move what stands behind it.
    let lower = target.to_ascii_lowercase().replace('’', "'");
    let mention = |text: &str, span: Span| Mention {
        text: span.of(text).to_owned(),
        span,
    };
    named
        .into_iter()
        .filter_map(|(place, span)| {
            let holiday = HOLIDAYS.get(place)?;
            let told = holiday.english.iter().find(|name| lower.contains(**name));
            // Of "new year’s eve", the part before the sign that has another length.
            let there = told.and_then(|name| {
                let part = name.split('\'').next()?;
                let start = target.to_ascii_lowercase().find(part)?;
                Some(Span::new(start, start + part.len()))
            });
            Some(Check {
                kind: Kind::Date,
                value: (*holiday.english.first()?).to_owned(),
                source: Some(mention(source, span)),
                target: there.map(|there| mention(target, there)),
                status: match told {
                    Some(_) => Status::Kept,
                    None => Status::Missing,
                },
            })
        })
        .collect()
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
        ] {
            assert_eq!(statuses(source, "It is so."), [], "{source}");
        }
    }
}
