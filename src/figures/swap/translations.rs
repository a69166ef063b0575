//! Which English word a German one may have become: by a table, or since the
//! two look alike.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Stems of both languages; `tools/translations.py` makes it.
const TABLE: &str = include_str!("translations.tsv");

/// German stems with the numbers of the English ones, and those by their stems.
struct Translations {
    german: HashMap<&'static str, Vec<u32>>,
    english: HashMap<&'static str, u32>,
}

static TRANSLATIONS: LazyLock<Translations> = LazyLock::new(|| {
    let mut german: HashMap<&str, Vec<u32>> = HashMap::new();
    let mut english = HashMap::new();
    let rows = TABLE.lines().filter_map(|line| line.split_once('\t'));
    for (one, other) in rows {
        let next = u32::try_from(english.len()).unwrap_or(u32::MAX);
        let number = *english.entry(other).or_insert(next);
        german.entry(one).or_default().push(number);
    }
    Translations { german, english }
});

/// A word of one of the texts, as translations are looked up by.
#[derive(Debug, Default)]
pub struct Meaning {
    /// Numbers of English stems, at most a few.
    stems: Vec<u32>,
    /// Folded letters of a word that may be known by its looks.
    looks: String,
}

impl Meaning {
    pub fn of_german(word: &str) -> Self {
        let lower = word.to_lowercase();
        Meaning {
            stems: of_compound(&lower),
            looks: looks(word, &lower),
        }
    }

    pub fn of_english(word: &str) -> Self {
        let lower = word.to_lowercase();
        let stem = TRANSLATIONS.english.get(english_stem(&lower).as_str());
        Meaning {
            stems: stem.copied().into_iter().collect(),
            looks: looks(word, &lower),
        }
    }

    /// Nothing can be said of the word.
    pub fn is_empty(&self) -> bool {
        self.stems.is_empty() && self.looks.is_empty()
    }

    /// Whether one may be the translation of the other.
    pub fn meets(&self, other: &Meaning) -> bool {
        self.stems.iter().any(|stem| other.stems.contains(stem))
            || !self.looks.is_empty() && !other.looks.is_empty() && alike(&self.looks, &other.looks)
    }
}

/// The translations of a word, or of the end of a compound: „Goldmedaillen“.
fn of_compound(lower: &str) -> Vec<u32> {
    const SHORTEST: usize = 4;
    const LONGEST: usize = 40;
    let table = &TRANSLATIONS.german;
    let stem = german_stem(lower);
    if let Some(stems) = table.get(stem) {
        return stems.clone();
    }
    if lower.len() > LONGEST {
        return Vec::new();
    }
    let starts = stem.char_indices().map(|(at, _)| at).skip(SHORTEST - 1);
    starts
        .filter_map(|at| stem.get(at..))
        .take_while(|end| end.len() >= SHORTEST)
        .find_map(|end| table.get(end).cloned())
        .unwrap_or_default()
}

fn german_stem(lower: &str) -> &str {
    without_ending(
        lower,
        &["innen", "ern", "en", "er", "es", "em", "e", "n", "s"],
        4,
    )
}

fn english_stem(lower: &str) -> String {
    match lower.strip_suffix("ies") {
        Some(stem) if stem.chars().count() > 2 => format!("{stem}y"),
        _ => without_ending(lower, &["es", "ed", "s", "e"], 3).to_owned(),
    }
}

/// A word without the first of the endings that leaves enough letters.
fn without_ending<'a>(word: &'a str, endings: &[&str], fewest: usize) -> &'a str {
    endings
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .find(|stem| stem.chars().count() >= fewest)
        .unwrap_or(word)
}

/// What a word is known by without a table; empty for short and for common
/// words, of which many look alike and are not.
fn looks(word: &str, lower: &str) -> String {
    const FALSE_FRIENDS: [&str; 12] = [
        "also", "will", "wird", "fast", "bald", "gift", "arm", "brand", "hell", "rock", "mann",
        "most",
    ];
    let letters = lower.chars().count();
    let name = word.starts_with(char::is_uppercase) && letters >= 2;
    if !(name || letters >= 5) || FALSE_FRIENDS.contains(&lower) {
        return String::new();
    }
    let folded = lower.chars().filter_map(|letter| {
        Some(match letter {
            'ä' | 'á' | 'à' => 'a',
            'ö' | 'ó' => 'o',
            'ü' | 'ú' => 'u',
            'é' | 'è' => 'e',
            'k' => 'c',
            'z' | 'ß' => 's',
            'w' => 'v',
            'y' => 'i',
            letter if letter.is_alphanumeric() => letter,
            _ => return None,
        })
    });
    folded.collect()
}

/// The same but for an ending: „Kilometern“ and "kilometers".
fn alike(one: &str, other: &str) -> bool {
    const SHORTEST: usize = 5;
    if one == other {
        return true;
    }
    let common = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    let longer = one.len().max(other.len());
    common >= SHORTEST && 3 * common >= 2 * longer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meet(german: &str, english: &str) -> bool {
        Meaning::of_german(german).meets(&Meaning::of_english(english))
    }

    #[test]
    fn knows_translations_by_the_table_and_by_looks() {
        for (german, english) in [
            ("Verletzte", "injured"),
            ("Siege", "wins"),
            ("Schülern", "pupils"),
            ("Goldmedaillen", "medals"),
            ("Berlin", "Berlin"),
            ("Produktion", "production"),
        ] {
            assert!(meet(german, english), "{german} {english}");
        }
        for (german, english) in [
            ("Tote", "injured"),
            ("Männer", "women"),
            ("die", "die"),
            ("also", "also"),
            ("", ""),
        ] {
            assert!(!meet(german, english), "{german} {english}");
        }
    }
}
