//! Whether two spellings may be of one name: Selenskyj and Zelensky, Schröder
//! and Schroeder, Merkels and Merkel's.

/// Letters of a name that are compared.
const LONGEST: usize = 24;

/// Whether an English word may be a German name in another transcription.
pub fn same_name(german: &str, english: &str) -> bool {
    const LIKENESS: f64 = 0.6;
    let (one, other) = (fold(german), fold(english));
    let longer = one.len().max(other.len());
    if longer == 0 {
        return false;
    }
    if one == other {
        return true;
    }
    // Short names differ in a letter and are different names.
    let distance = distance(&one, &other);
    let likeness = 1.0 - distance as f64 / longer as f64;
    likeness >= LIKENESS && (one.first() == other.first() || likeness >= 0.75)
}

/// Whether an English word that is like a German name is the same name, and no
/// other one that looks alike: „Merkels“ and "Merkel's" are, „Watzke“ and "Wetzke"
/// are not. Only of names that have come from another alphabet can English have its
/// own spelling.
pub fn is_transcription(german: &str, english: &str) -> bool {
    const EXONYMS: [(&str, &str); 1] = [("Franziskus", "Francis")];
    // Vowels of Arabic and Persian: Mursi and Morsi.
    let vowels = |name: &str| -> Vec<char> {
        let letters = fold(name).into_iter();
        letters.map(|c| if c == 'u' { 'o' } else { c }).collect()
    };
    let english = vowels(english.trim_end_matches("'s").trim_end_matches("’s"));
    let alike = |german: &str| {
        let exonym = EXONYMS.iter().find(|(name, _)| *name == german);
        vowels(german) == english || exonym.is_some_and(|(_, name)| vowels(name) == english)
    };
    alike(german) || german.strip_suffix('s').is_some_and(alike) || is_foreign(german)
}

/// The words of the target with the last of them spelled as in the source, where it
/// is the same name with a fault: „Watzke“ and "Hans Wetzke's" → "Hans Watzke's".
pub fn respelled(source: &str, target: &str) -> Option<String> {
    let name = source.rsplit(' ').next()?;
    let (head, last) = target.rsplit_once(' ').unwrap_or(("", target));
    let plain = last.strip_suffix("'s").or_else(|| last.strip_suffix("’s"));
    let plain = plain.unwrap_or(last);
    if !same_name(name, plain) || is_transcription(name, plain) {
        return None;
    }
    // Whether the ending is a genitive's, the target knows.
    let folded = fold(plain);
    let spellings = [Some(name), name.strip_suffix('s')].into_iter().flatten();
    let nearest = spellings.min_by_key(|spelling| distance(&fold(spelling), &folded))?;
    let gap = if head.is_empty() { "" } else { " " };
    let ending = last.strip_prefix(plain)?;
    Some(format!("{head}{gap}{nearest}{ending}"))
}

/// Whether a name is spelled as German spells those of other alphabets.
fn is_foreign(german: &str) -> bool {
    const ENDINGS: [&str; 14] = [
        "ow", "ew", "owa", "ewa", "in", "ina", "ski", "tzki", "skij", "sky", "skyj", "enko", "jan",
        "wili",
    ];
    const PARTS: [&str; 6] = ["tsch", "dsch", "kh", "ij", "aj", "ej"];
    let lower = german.to_lowercase();
    let lower = lower.strip_suffix('s').unwrap_or(&lower);
    ENDINGS.iter().any(|ending| lower.ends_with(ending))
        || PARTS.iter().any(|part| lower.contains(part))
}

/// One spelling for letters that languages transcribe differently.
fn fold(name: &str) -> Vec<char> {
    const PAIRS: [(&str, &str); 16] = [
        ("'s", ""),
        ("’s", ""),
        ("tsch", "c"),
        ("dsch", "j"),
        ("sch", "s"),
        ("ch", "h"),
        ("kh", "h"),
        ("sh", "s"),
        ("zh", "s"),
        ("ts", "s"),
        ("ph", "f"),
        ("ae", "a"),
        ("oe", "o"),
        ("ue", "u"),
        ("ou", "u"),
        ("ck", "k"),
    ];
    let mut folded: String = name
        .chars()
        .take(LONGEST)
        .flat_map(char::to_lowercase)
        .collect();
    for (from, to) in PAIRS {
        folded = folded.replace(from, to);
    }
    let mut letters: Vec<char> = folded
        .chars()
        .filter(|c| c.is_alphabetic())
        .map(|letter| match letter {
            'ä' | 'à' | 'á' | 'â' | 'ã' | 'å' => 'a',
            'ö' | 'ó' | 'ò' | 'ô' | 'ø' | 'ő' => 'o',
            'ü' | 'ú' | 'ù' | 'û' => 'u',
            'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' => 'e',
            'í' | 'ì' | 'î' | 'ï' | 'ı' | 'j' | 'y' => 'i',
            'ç' | 'ć' | 'č' | 'q' | 'k' => 'c',
            'ß' | 'ś' | 'š' | 'ş' | 'z' | 'ž' | 'ż' => 's',
            'w' => 'v',
            'ń' | 'ñ' | 'ň' => 'n',
            'ł' => 'l',
            'ğ' => 'g',
            'ř' => 'r',
            other => other,
        })
        .collect();
    letters.dedup();
    letters
}

/// The number of letters to insert, delete or replace.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.iter().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (cell, second) in row.iter_mut().skip(1).zip(other) {
            let above = *cell;
            let replaced = diagonal + usize::from(letter != second);
            diagonal = above;
            left = replaced.min(above + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(distance(&letters("kitten"), &letters("sitting")), 3);
        assert_eq!(distance(&letters(""), &letters("abc")), 3);
        assert_eq!(distance(&letters("abc"), &letters("abc")), 0);
    }

    #[test]
    fn knows_transcriptions() {
        for (german, english) in [
            ("Selenskyj", "Zelensky"),
            ("Putin", "Putin's"),
            ("Merkels", "Merkel"),
            ("Schröder", "Schroeder"),
            ("Chruschtschow", "Khrushchev"),
            ("Wladimir", "Vladimir"),
            ("Rohani", "Rouhani"),
            ("Erdogan", "Erdoğan"),
            ("Chodorkowski", "Khodorkovsky"),
            ("Franziskus", "Francis"),
            ("Mursi", "Morsi"),
            ("Trotzki", "Trotsky"),
            ("Suleimani", "Soleimani"),
        ] {
            assert!(same_name(german, english), "{german} {english}");
            assert_eq!(respelled(german, english), None, "{german} {english}");
        }
    }

    #[test]
    fn a_name_with_a_fault_is_spelled_as_in_the_source() {
        let cases = [
            ("Joachim Watzke", "Joachim Wetzke", Some("Joachim Watzke")),
            ("Watzkes", "Wetzke's", Some("Watzke's")),
            ("Fuchs", "Fucks", Some("Fuchs")),
            ("Scholz", "Scholl", Some("Scholz")),
            // Another alphabet, the same name, another name.
            ("Martynow", "Martinov", None),
            ("Schröder", "Schroeder", None),
            ("Weber", "Huber", None),
        ];
        for (source, target, expected) in cases {
            assert_eq!(respelled(source, target).as_deref(), expected, "{source}");
        }
    }

    #[test]
    fn tells_names_apart() {
        for (german, english) in [
            ("Merkel", "Scholz"),
            ("Weber", "Huber"),
            ("Klein", "Small"),
            ("Stein", "Stone"),
            ("Bush", "Biden"),
        ] {
            assert!(!same_name(german, english), "{german} {english}");
        }
    }
}
