//! Inflection of German words, as far as it can be told from their letters.

/// How a word of a text is that of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Letter for letter.
    Exact,
    /// In another case.
    Cased,
    /// With another ending.
    Inflected,
}

/// Endings that a word may take on.
const ENDINGS: [&str; 8] = ["e", "en", "er", "es", "s", "n", "em", "ern"];
/// Endings of a noun whose vowel has become an umlaut.
const UMLAUT_ENDINGS: [&str; 6] = ["", "e", "en", "n", "er", "ern"];
/// Endings of adjectives, which terms have as well.
const ADJECTIVE: [&str; 5] = ["en", "em", "er", "es", "e"];
/// Shorter words are taken as they are: too many others begin with them.
const SHORTEST: usize = 3;

/// What all forms of a word have in common: a key to look it up by, coarser
/// than [`likeness`], which decides.
pub fn skeleton(word: &str) -> String {
    let mut skeleton: String = folded(word).chars().map(plain).collect();
    let mut length = skeleton.chars().count();
    while length > 2 && skeleton.ends_with(['e', 'n', 'r', 's', 'm', 'u', 'a']) {
        skeleton.pop();
        length -= 1;
    }
    skeleton
}

/// Whether `found` is a form of `word`; `last` when it is the last of its term,
/// those before it being adjectives more often than not.
pub fn likeness(word: &str, found: &str, last: bool) -> Option<Likeness> {
    if word == found {
        return Some(Likeness::Exact);
    }
    if is_acronym(word) {
        return (found.strip_prefix(word) == Some("s")).then_some(Likeness::Inflected);
    }
    let (stem, form) = (folded(word), folded(found));
    if stem == form {
        return Some(Likeness::Cased);
    }
    let short = stem.chars().count() < SHORTEST || stem.chars().any(|c| c.is_numeric());
    // Rat and raten, Richter and richten: a noun does not lose its capital
    // and take an ending at once.
    if short || is_noun(word) && !is_noun(found) {
        return None;
    }
    let inflected = is_declined(word, &stem, &form)
        || is_umlauted(word, &stem, &form)
        || is_foreign_plural(&stem, &form)
        || is_adjective(word, &stem, &form, last);
    inflected.then_some(Likeness::Inflected)
}

/// Two or more letters, all of them capitals: `EU` is not `eu`.
pub fn is_acronym(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphabetic()).peekable();
    word.chars().count() > 1 && letters.peek().is_some() && letters.all(char::is_uppercase)
}

fn is_noun(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

fn is_declined(word: &str, stem: &str, form: &str) -> bool {
    let Some(ending) = form.strip_prefix(stem) else {
        return false;
    };
    // Haus, Häuser: where there could be an umlaut, -er without one makes
    // another word, as in Bau and Bauer.
    let other = is_noun(word) && matches!(ending, "er" | "ern") && umlauted(stem).is_some();
    ENDINGS.contains(&ending) && !other
        // Ergebnis, Ergebnisse
        || stem.ends_with("nis") && matches!(ending, "se" | "ses" | "sen")
}

fn is_umlauted(word: &str, stem: &str, form: &str) -> bool {
    is_noun(word)
        && umlauted(stem)
            .and_then(|stem| form.strip_prefix(&stem).map(str::to_owned))
            .is_some_and(|ending| UMLAUT_ENDINGS.contains(&ending.as_str()))
}

/// Ministerium, Ministerien; Firma, Firmen.
fn is_foreign_plural(stem: &str, form: &str) -> bool {
    ["um", "a"]
        .iter()
        .filter_map(|ending| stem.strip_suffix(ending))
        .any(|stem| form.strip_prefix(stem) == Some("en"))
}

/// Deutsche Bahn, Deutschen Bahn; Vorsitzender, Vorsitzende.
fn is_adjective(word: &str, stem: &str, form: &str, last: bool) -> bool {
    let participle = stem.ends_with("ender") || stem.ends_with("eter");
    if last && is_noun(word) && !participle {
        return false;
    }
    let Some(base) = ADJECTIVE
        .iter()
        .find_map(|ending| stem.strip_suffix(ending))
    else {
        return false;
    };
    base.chars().count() >= SHORTEST
        && form
            .strip_prefix(base)
            .is_some_and(|ending| ADJECTIVE.contains(&ending))
}

/// The word with the umlaut of its last vowel that can have one, unless another
/// full vowel follows it: Rat → rät, Haus → häus, but not Bauamt → bäuamt.
fn umlauted(stem: &str) -> Option<String> {
    let at = stem.rfind(['a', 'o', 'u', 'i', 'ä', 'ö', 'ü', 'y'])?;
    let (before, rest) = stem.split_at(at);
    let vowel = rest.chars().next()?;
    let rest = &rest[vowel.len_utf8()..];
    match vowel {
        'u' if before.ends_with('a') => Some(format!("{}äu{rest}", before.strip_suffix('a')?)),
        'u' if before.ends_with('e') => None,
        'a' => Some(format!("{before}ä{rest}")),
        'o' => Some(format!("{before}ö{rest}")),
        'u' => Some(format!("{before}ü{rest}")),
        _ => None,
    }
}

/// In lower case, `ß` as `ss`, umlauts composed, soft hyphens left out.
fn folded(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            '\u{ad}' => {}
            '\u{308}' => {
                let composed = match folded.pop() {
                    Some('a') => 'ä',
                    Some('o') => 'ö',
                    Some('u') => 'ü',
                    Some(other) => {
                        folded.push(other);
                        continue;
                    }
                    None => continue,
                };
                folded.push(composed);
            }
            c => folded.push(c),
        }
    }
    folded
}

fn plain(c: char) -> char {
    match c {
        'ä' => 'a',
        'ö' => 'o',
        'ü' => 'u',
        c => c,
    }
}
