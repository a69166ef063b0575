//! Organisations that are known by their letters: EZB and ECB, Nato and NATO.

use super::word::{Word, joined_to_next};
use super::{MOST_NAMES, check};
use crate::figures::compare::{Check, Status};

/// German letters, the English ones, and other English words that may stand for
/// them. Written for this program from the bodies' own names in both languages.
const ORGANISATIONS: [(&str, &str, &[&str]); 45] = [
    ("AKW", "nuclear power plant", &["nuclear", "power"]),
    ("BIP", "GDP", &["gross domestic", "domestic product"]),
    ("BIZ", "BIS", &["international settlements"]),
    ("DDR", "GDR", &["east german", "german democratic"]),
    ("DRK", "German Red Cross", &["red cross"]),
    ("EGMR", "ECHR", &["court of human rights", "ecthr"]),
    (
        "EU",
        "EU",
        &["e.u.", "europe", "bloc", "union", "brussels", "community"],
    ),
    ("EWG", "EEC", &["economic community"]),
    ("EWR", "EEA", &["economic area"]),
    ("EZB", "ECB", &["central bank", "frankfurt"]),
    ("EuGH", "ECJ", &["cjeu", "court"]),
    ("FBI", "FBI", &["federal bureau"]),
    ("GUS", "CIS", &["commonwealth"]),
    ("IAEA", "IAEA", &["atomic energy"]),
    ("IAEO", "IAEA", &["atomic energy"]),
    ("IKRK", "ICRC", &["red cross"]),
    ("IOC", "IOC", &["olympic committee"]),
    ("IStGH", "ICC", &["criminal court"]),
    ("IWF", "IMF", &["monetary fund"]),
    ("KI", "AI", &["artificial intelligence"]),
    ("MwSt", "VAT", &["value added", "value-added", "sales tax"]),
    ("NATO", "NATO", &["alliance", "atlantic"]),
    ("OECD", "OECD", &["economic co"]),
    ("OPEC", "OPEC", &["oil"]),
    ("OSZE", "OSCE", &["security and co"]),
    ("RKI", "RKI", &["robert koch", "institute"]),
    ("UN", "UN", &["u.n.", "united nations"]),
    ("UNESCO", "UNESCO", &["united nations"]),
    ("UNHCR", "UNHCR", &["refugee", "united nations"]),
    ("UNICEF", "UNICEF", &["children", "united nations"]),
    ("UNO", "UN", &["u.n.", "united nations"]),
    ("USA", "US", &["u.s", "united states", "america", "states"]),
    ("WHO", "WHO", &["world health", "health organization"]),
    ("WTO", "WTO", &["world trade", "trade organization"]),
    (
        "AfD",
        "AfD",
        &[
            "alternative for",
            "alternative für",
            "right-wing",
            "far-right",
            "populist",
        ],
    ),
    ("BMW", "BMW", &["bavarian", "carmaker", "automaker"]),
    ("BSW", "BSW", &["wagenknecht"]),
    (
        "CDU",
        "CDU",
        &["christian democrat", "conservative", "union"],
    ),
    (
        "CSU",
        "CSU",
        &["christian social", "conservative", "union", "bavarian"],
    ),
    ("FDP", "FDP", &["free democrat", "liberal"]),
    (
        "FPÖ",
        "FPÖ",
        &["fpoe", "freedom party", "right-wing", "far-right"],
    ),
    ("SPD", "SPD", &["social democrat"]),
    ("SPÖ", "SPÖ", &["spoe", "social democrat"]),
    ("VW", "VW", &["volkswagen"]),
    ("ÖVP", "ÖVP", &["oevp", "people's party", "conservative"]),
];

/// What „UN-Flüchtlingshilfswerk“ and the like may be called.
const UNITED_NATIONS: [&str; 3] = ["unesco", "unhcr", "unicef"];

type Organisation = (&'static str, &'static str, &'static [&'static str]);

/// The row of letters that are written as the table has them, or as papers
/// do: NATO or Nato.
fn row(text: &str) -> Option<&'static Organisation> {
    let as_word = |german: &str| {
        let mut letters = german.chars();
        let mut word = text.chars();
        german.len() > 3
            && german.len() == text.len()
            && letters.next() == word.next()
            && letters.all(|letter| word.next() == letter.to_lowercase().next())
    };
    ORGANISATIONS
        .iter()
        .find(|(german, ..)| *german == text || german.is_ascii() && as_word(german))
}

/// Whether these are the German letters of an organisation.
pub fn is_organisation(german: &str) -> bool {
    row(german).is_some()
}

/// The English letters of an organisation whose German ones differ.
pub fn english(german: &str) -> Option<&'static str> {
    let (german, english, _) = row(german)?;
    let renamed = !german.starts_with("US") && german != english;
    renamed.then_some(english)
}

/// Letters that stand in no table and not in the source: "BCEI".
fn is_strange(text: &str, source: &str) -> bool {
    let letters = text.chars().count();
    (3..=5).contains(&letters) && text.chars().all(char::is_uppercase) && !source.contains(text)
}

/// One check for each organisation of the source that kept its German letters
/// in the target, or in whose place another one stands.
pub fn check_organisations(
    source: &str,
    source_words: &[Word<'_>],
    target: &str,
    target_words: &[Word<'_>],
) -> Vec<Check> {
    let mut named: Vec<(&Organisation, &Word<'_>, usize)> = Vec::new();
    for (at, word) in source_words.iter().enumerate() {
        if let Some(row) = row(word.text)
            && named.len() < MOST_NAMES
            && !named.iter().any(|(known, ..)| known.0 == row.0)
        {
            named.push((row, word, at));
        }
    }
    if named.is_empty() {
        return Vec::new();
    }
    let lower = target.to_lowercase();
    let mut checks = Vec::new();
    for (row, word, at) in &named {
        let here = Some((source, word.span));
        let left = target_words.iter().find(|other| other.text == word.text);
        if let (Some(english), Some(left)) = (english(word.text), left) {
            let there = Some((target, left.span));
            checks.push(check(english, here, there, Status::Changed));
            continue;
        }
        let (_, english, others) = row;
        let stands = target_words
            .iter()
            .any(|other| other.lower == english.to_lowercase() || other.text == word.text)
            || others.iter().any(|form| lower.contains(form))
            || *english == "UN"
                && joined_to_next(source_words, *at)
                && UNITED_NATIONS.iter().any(|body| lower.contains(body));
        if stands {
            continue;
        }
        // Other letters in their place; of what the source names, nothing is strange.
        let strange = target_words.iter().find(|other| {
            is_strange(other.text, source)
                || other.text.len() > 1
                    && ORGANISATIONS.iter().any(|(german, english, _)| {
                        *english == other.text
                            && !named.iter().any(|(known, ..)| known.1 == *english)
                            && !source.contains(german)
                    })
                    && !source.contains(other.text)
        });
        if let Some(other) = strange {
            let there = Some((target, other.span));
            checks.push(check(english, here, there, Status::Changed));
        }
    }
    checks
}
