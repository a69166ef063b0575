//! Offices that vouch for a name, and what stands beside names and is none.

use super::word::Word;
use crate::figures::Language;
use crate::figures::lexicon;

/// Whether the word behind an office and the next one look like a name:
/// „Minister Quim Torra“, not „sagte der Chef Ihres Hauses“.
pub fn vouched(words: &[Word<'_>], at: usize) -> bool {
    let name = |place: usize| {
        words.get(place).is_some_and(|word| {
            let possessive = word.lower.starts_with("ihre") || word.lower.ends_with("as");
            word.follows && word.is_name_like() && !word.joined && !possessive
        })
    };
    // A plural or a compound is no name: „Chef Anrufe“, „Vereinigung“.
    let noun = |place: usize| {
        const ENDINGS: [&str; 8] = [
            "ung", "ungen", "heit", "keit", "schaft", "tion", "tionen", "ern",
        ];
        words
            .get(place)
            .is_some_and(|word| ENDINGS.iter().any(|ending| word.lower.ends_with(ending)))
    };
    name(at) && name(at + 1) && !noun(at) && !noun(at + 1)
}

/// Words that stand behind a name with a capital and are none: „Merkel Ende
/// Juni“, "Boris Johnson Monday".
pub fn may_be_name(word: &Word<'_>, language: Language) -> bool {
    let lower = word.lower.as_str();
    let calendar =
        lexicon::month(lower, language).is_some() || lexicon::weekday(lower, language).is_some();
    let measured = lexicon::measure(word.text, lower, language).is_some()
        || lexicon::scale(lower, language).is_some();
    let other = matches!(
        lower,
        "ende" | "mitte" | "anfang" | "und" | "aus" | "herr" | "frau" | "the"
    );
    !calendar && !measured && !other && !NAMED_AFTER.contains(&lower)
}

/// What is named after persons, in both languages: the Ludwig Bridge, das
/// Alexandra Krankenhaus.
const NAMED_AFTER: [&str; 35] = [
    "award",
    "bridge",
    "brotherhood",
    "cathedral",
    "church",
    "college",
    "congress",
    "fountain",
    "foundation",
    "gallery",
    "garden",
    "hall",
    "hospital",
    "institute",
    "monastery",
    "museum",
    "nebula",
    "park",
    "prize",
    "school",
    "square",
    "stock",
    "street",
    "university",
    "wheel",
    "brücke",
    "institut",
    "kirche",
    "kloster",
    "krankenhaus",
    "platz",
    "schule",
    "stiftung",
    "straße",
    "universität",
];

/// The ends of German words for offices and callings.
const OFFICES: [&str; 26] = [
    "minister",
    "ministerin",
    "präsident",
    "präsidentin",
    "präsidenten",
    "kanzler",
    "kanzlerin",
    "sprecher",
    "sprecherin",
    "chef",
    "chefin",
    "trainer",
    "trainerin",
    "direktor",
    "direktorin",
    "sekretär",
    "sekretärin",
    "vorsitzende",
    "vorsitzender",
    "vorsitzenden",
    "bürgermeister",
    "bürgermeisterin",
    "kommissar",
    "kommissarin",
    "premier",
    "professor",
];

pub fn is_office(lower: &str) -> bool {
    OFFICES.iter().any(|office| lower.ends_with(office))
}
