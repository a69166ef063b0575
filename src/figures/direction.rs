//! Which way a figure moved: „stieg um 5 Prozent“ ↔ "fell by 5 percent".

use super::kind::Kind;
use super::repair::Repair;
use super::side::Side;
use crate::span::Span;
use crate::words::words;

/// What the words of a text say of a movement: words that surely mean it, and any that
/// may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Movement {
    rises: bool,
    falls: bool,
    /// Whether anything may mean a rise, and a fall.
    may_rise: bool,
    may_fall: bool,
}

/// Beginnings of words that surely mean a rise or a fall, and of those that may. German
/// ones are compared without regard to case.
struct Stems {
    rises: &'static [&'static str],
    falls: &'static [&'static str],
    may_rise: &'static [&'static str],
    may_fall: &'static [&'static str],
}

const GERMAN: Stems = Stems {
    rises: &[
        "stieg",
        "steigt",
        "gestiegen",
        "anstieg",
        "angestiegen",
        "zunahm",
        "zugenommen",
        "zuwachs",
        "wuchs",
        "gewachsen",
        "erhöht",
        "verteuert",
        "zugelegt",
        "kletter",
        "geklettert",
    ],
    falls: &[
        "sank",
        "sinkt",
        "gesunken",
        "rückgang",
        "zurückgegangen",
        "zurückging",
        "gesenkt",
        "verringert",
        "reduziert",
        "geschrumpft",
        "schrumpft",
        "abgenommen",
        "eingebrochen",
        "gefallen",
    ],
    may_rise: &[
        "steig",
        "gesteiger",
        "erhöh",
        "wächst",
        "wachs",
        "mehr",
        "höher",
        "höch",
        "plus",
        "legt",
        "zuleg",
        "verdoppel",
        "verdreifach",
        "verbesser",
        "stärk",
        "teur",
        "ausgebaut",
        "größ",
        "gewinn",
        "gewann",
        "gewonnen",
        "nahm",
        "zieh",
        "zog",
        "sprung",
        "sprang",
        "gesprungen",
        "rekord",
        "aufwärts",
        "oben",
        "hoch",
        "zunehm",
        "zunimmt",
        "anheb",
        "angehoben",
        "hob",
        "hebt",
        "stock",
        "aufstock",
        "aufgestockt",
    ],
    may_fall: &[
        "sink",
        "senk",
        "fiel",
        "fäll",
        "fallen",
        "weniger",
        "minus",
        "niedrig",
        "kürz",
        "gekürzt",
        "rutsch",
        "gerutscht",
        "gab",
        "zurück",
        "verlor",
        "verlier",
        "verlust",
        "halb",
        "einbruch",
        "brach",
        "bricht",
        "schwäch",
        "schwach",
        "billig",
        "gering",
        "klein",
        "streich",
        "strich",
        "gestrichen",
        "abbau",
        "abgebaut",
        "reduzier",
        "verringer",
        "schrumpf",
        "tief",
        "stürz",
        "gestürzt",
        "nahm",
        "gelitten",
        "drück",
        "gedrück",
        "abwärts",
        "unten",
        "abnehm",
        "abnimmt",
        "minder",
        "rückläufig",
        "ging",
        "geht",
        "sturz",
        "absturz",
    ],
};

const ENGLISH: Stems = Stems {
    rises: &[
        "rose", "risen", "rises", "increas", "grew", "grown", "climbed", "surged", "soared",
        "jumped",
    ],
    falls: &[
        "fell",
        "fallen",
        "falls",
        "decreas",
        "declin",
        "dropped",
        "drops",
        "sank",
        "sunk",
        "shrank",
        "shrunk",
        "plunged",
        "slumped",
        "plummeted",
    ],
    may_rise: &[
        "rise", "rising", "grow", "up", "more", "high", "gain", "climb", "surg", "soar", "jump",
        "rais", "hike", "over", "exceed", "above", "improv", "great", "doubl", "tripl", "expand",
        "rally", "rallied", "recover", "add", "extra", "boost", "strong", "upward", "record",
    ],
    may_fall: &[
        "fall", "drop", "down", "less", "low", "few", "reduc", "cut", "under", "below", "lost",
        "loss", "lose", "losing", "slid", "slip", "shrink", "shed", "weak", "minus", "eas", "hal",
        "slash", "contract", "diminish", "tumbl", "downward", "cheap", "small",
    ],
};

impl Movement {
    fn of(text: &str, stems: &Stems) -> Self {
        let mut found = Movement::default();
        for span in words(text) {
            let word = span.of(text).to_lowercase();
            let begins = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
            found.rises |= begins(stems.rises);
            found.falls |= begins(stems.falls);
            found.may_rise |= begins(stems.may_rise);
            found.may_fall |= begins(stems.may_fall);
        }
        found.may_rise |= found.rises;
        found.may_fall |= found.falls;
        found
    }

    /// Whether one text speaks of a rise alone and the other of a fall alone.
    const fn contradicts(self, other: Movement) -> bool {
        (self.rises && !self.may_fall && other.falls && !other.may_rise)
            || (self.falls && !self.may_rise && other.rises && !other.may_fall)
    }
}

/// The figure that moved the other way, where a source speaks of rises alone and its
/// translation of falls alone: the first share, sum, count or quantity.
pub fn turned(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let mut moving = source.figures.iter().zip(&source.links).enumerate();
    let first = moving.find_map(|(index, (figure, link))| {
        let link = (*link).filter(|link| link.status.resolved())?;
        let moves = matches!(
            figure.kind,
            Kind::Percent | Kind::Money | Kind::Number | Kind::Quantity
        );
        (moves && !figure.loose).then_some((index, link.partner))
    });
    let Some(first) = first else {
        return Vec::new();
    };
    let (german, english) = (
        Movement::of(source.text, &GERMAN),
        Movement::of(target.text, &ENGLISH),
    );
    match german.contradicts(english) {
        true => vec![first],
        false => Vec::new(),
    }
}

/// Verbs in the past and the present, and what says the opposite.
const OPPOSITES: [(&str, &str); 21] = [
    ("rose", "fell"),
    ("risen", "fallen"),
    ("rises", "falls"),
    ("increased", "decreased"),
    ("increases", "decreases"),
    ("increase", "decrease"),
    ("grew", "fell"),
    ("grown", "fallen"),
    ("climbed", "fell"),
    ("jumped", "fell"),
    ("fell", "rose"),
    ("fallen", "risen"),
    ("falls", "rises"),
    ("decreased", "increased"),
    ("decreases", "increases"),
    ("decrease", "increase"),
    ("declined", "increased"),
    ("decline", "increase"),
    ("dropped", "rose"),
    ("drops", "rises"),
    ("sank", "rose"),
];

/// The translation with the one word that says the opposite of its source turned
/// round.
pub fn restored(source: &str, target: &str) -> Option<(String, Repair)> {
    let german = Movement::of(source, &GERMAN);
    if !german.contradicts(Movement::of(target, &ENGLISH)) {
        return None;
    }
    let mut moving = words(target).filter(|span| {
        let stems = if german.rises {
            ENGLISH.falls
        } else {
            ENGLISH.rises
        };
        let word = span.of(target).to_lowercase();
        stems.iter().any(|stem| word.starts_with(stem))
    });
    let (span, None): (Span, _) = (moving.next()?, moving.next()) else {
        return None;
    };
    let old = span.of(target);
    let (_, new) = OPPOSITES.iter().find(|(word, _)| *word == old)?;
    let said = words(source).map(|span| span.of(source)).find(|word| {
        let stems = if german.rises {
            GERMAN.rises
        } else {
            GERMAN.falls
        };
        let word = word.to_lowercase();
        stems.iter().any(|stem| word.starts_with(stem))
    })?;
    let repair = Repair {
        source: said.to_owned(),
        before: old.to_owned(),
        after: (*new).to_owned(),
    };
    let (before, after) = (target.get(..span.start)?, target.get(span.end..)?);
    Some(([before, new, after].concat(), repair))
}

#[cfg(test)]
mod tests {
    use crate::figures::{Status, compare, repair};

    #[test]
    fn a_movement_in_the_other_direction_is_a_change_and_is_turned_round() {
        for (source, target, expected) in [
            (
                "Der Umsatz stieg um 5 Prozent.",
                "Revenue fell by 5 percent.",
                "Revenue rose by 5 percent.",
            ),
            (
                "Die Zahl der Arbeitslosen sank auf 2,7 Millionen.",
                "The number of unemployed increased to 2.7 million.",
                "The number of unemployed decreased to 2.7 million.",
            ),
        ] {
            let checks = compare(source, target);
            assert!(checks.iter().any(|check| check.status == Status::Changed));
            assert_eq!(repair(source, target).expect("a repair").text, expected);
        }
    }

    #[test]
    fn words_that_may_mean_either_prove_nothing() {
        for (source, target) in [
            (
                "Der Umsatz stieg um 5 Prozent.",
                "Revenue rose by 5 percent.",
            ),
            (
                "Die Quote sank um 3 Prozent, mehr als erwartet.",
                "The rate improved, an increase of 3 percent.",
            ),
            (
                "Die Beschäftigung stieg um 3 Prozent.",
                "Unemployment was down 3 percent.",
            ),
            (
                "Der Preis gab um 3 Prozent nach.",
                "The price fell by 3 percent.",
            ),
            ("Die Quote stieg.", "The rate fell."),
        ] {
            let checks = compare(source, target);
            assert!(
                checks.iter().all(|check| check.status.resolved()),
                "{source}"
            );
        }
    }
}
