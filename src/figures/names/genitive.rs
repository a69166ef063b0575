//! Names with the ending of the German genitive that were copied into English:
//! „Teslas Aktien“ ↔ "Teslas shares".

use std::collections::{HashMap, HashSet};

use super::given::is_given_name;
use super::word::{Word, words};
use super::{city, is_listed, place};

/// Names of one article whose genitives are looked for at most: it bounds the memory.
const MOST: usize = 1000;
/// A longer name is none.
const LONGEST_NAME: usize = 40;
/// Longer texts are no sentences and are left alone.
const LONGEST: usize = 4000;
/// A name that no table and no person vouches for stands so often without the ending.
const FEWEST: usize = 2;

/// Where the genitive of a name stands in German.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attribute {
    /// „Teslas Aktien“: it owns what follows, in English as well.
    Before,
    /// „die Aktien Teslas“, "the shares of Tesla".
    Behind,
}

/// The genitives of the names in a German text.
pub(super) type Genitives = HashMap<String, Attribute>;

/// A genitive that was put into English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anglicised {
    /// As it was copied.
    pub before: String,
    pub after: String,
}

/// Finds words that stand as a genitive wherever they stand (the surname Collins does
/// not), and whose name is one of `surnames`, or that of a place, or a word that
/// stands alone again and again as only names do: without an article and without
/// other names beside it. Linear in the text.
pub(super) fn genitives(words: &[Word<'_>], surnames: &HashSet<&str>) -> Genitives {
    let alone = bare_names(words);
    let (mut found, mut others) = (Genitives::new(), HashSet::new());
    for (at, word) in words.iter().enumerate() {
        let Some(name) = base(word.text) else {
            continue;
        };
        let place = is_same_in_english(name);
        // „Athens“ is English, too.
        let listed = is_listed(name) && !place || city::is_english(word.text);
        let sure = surnames.contains(name) || place;
        let named = word.is_name_like() && !word.joined && !is_given_name(word.text) && !listed;
        let attribute = attribute(words, at).filter(|(_, surely)| match *surely {
            true => sure || alone.get(name).is_some_and(|times| *times >= FEWEST),
            false => sure,
        });
        match attribute.filter(|_| named) {
            Some((attribute, _)) if found.len() < MOST => {
                found.entry(word.text.to_owned()).or_insert(attribute);
            }
            Some(_) => {}
            None => {
                others.insert(word.text);
            }
        }
    }
    found.retain(|word, _| !others.contains(word.as_str()));
    found
}

/// The translation with the genitives of names as English writes them, and what was
/// changed, each once; `None` when there are none.
pub(super) fn anglicised(
    source: &str,
    target: &str,
    genitives: &Genitives,
) -> Option<(String, Vec<Anglicised>)> {
    if genitives.is_empty() || source.len().max(target.len()) > LONGEST {
        return None;
    }
    let here: HashSet<&str> = words(source).iter().map(|word| word.text).collect();
    let there = words(target);
    let mut text = String::with_capacity(target.len() + 8);
    let mut changes: Vec<Anglicised> = Vec::new();
    let mut at = 0;
    for (place, word) in there.iter().enumerate() {
        let rest = target.get(word.span.end..).unwrap_or("");
        let attribute = genitives
            .get(word.text)
            .filter(|_| here.contains(word.text) && !word.joined)
            .filter(|_| !rest.starts_with(['\'', '’', '-']));
        let Some((attribute, name)) = attribute.zip(base(word.text)) else {
            continue;
        };
        let before = place.checked_sub(1).and_then(|before| there.get(before));
        let owned_by_of = before.is_some_and(|word| word.lower == "of");
        let new = match attribute {
            Attribute::Behind if owned_by_of => name.to_owned(),
            Attribute::Before | Attribute::Behind if owns(rest) => format!("{name}'s"),
            Attribute::Before | Attribute::Behind => name.to_owned(),
        };
        text.push_str(target.get(at..word.span.start).unwrap_or(""));
        text.push_str(&new);
        at = word.span.end;
        if !changes.iter().any(|change| change.before == word.text) {
            changes.push(Anglicised {
                before: word.text.to_owned(),
                after: new,
            });
        }
    }
    text.push_str(target.get(at..).unwrap_or(""));
    (!changes.is_empty()).then_some((text, changes))
}

/// Whether what follows a name in English belongs to it: a noun, a number or a title
/// in quotes.
fn owns(rest: &str) -> bool {
    let Some(next) = rest.strip_prefix(' ') else {
        return false;
    };
    let next = next.trim_start_matches(['"', '“', '‘']);
    let word: String = next.chars().take_while(|c| c.is_alphanumeric()).collect();
    !word.is_empty() && !is_function_word(&word.to_lowercase())
}

/// The name that a word is the genitive of, if it is one.
fn base(word: &str) -> Option<&str> {
    const SHORTEST: usize = 3;
    let name = word.strip_suffix('s')?;
    let fits = name.len() >= SHORTEST && word.len() <= LONGEST_NAME;
    (fits && !name.ends_with(['s', 'x', 'z', 'ß'])).then_some(name)
}

/// Whether a word stands as a genitive, and whether it does so on its own: in „Joe
/// Bidens Sohn“ and „die Aktien Teslas“ a name or a noun stands before it, as in the name
/// of Phil Collins. Behind articles and numbers there are plurals: „die Hotels“.
fn attribute(words: &[Word<'_>], at: usize) -> Option<(Attribute, bool)> {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let before = before.filter(|_| words.get(at).is_some_and(|word| word.follows));
    let next = words.get(at + 1).filter(|next| next.follows);
    let owns = next.is_some_and(Word::is_name_like);
    match before {
        Some(word) if is_determiner(&word.lower) => None,
        Some(word) if word.is_name_like() && owns => Some((Attribute::Before, false)),
        Some(word) if word.is_name_like() => {
            (!is_given_name(word.text)).then_some((Attribute::Behind, false))
        }
        Some(_) | None => owns.then_some((Attribute::Before, true)),
    }
}

/// How often a word stands as only names do, unless it stands behind an article
/// anywhere („ein Fan“).
fn bare_names<'a>(words: &[Word<'a>]) -> HashMap<&'a str, usize> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    let mut counted: HashSet<&str> = HashSet::new();
    for (at, word) in words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.is_name_like())
    {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let before = before.filter(|_| word.follows);
        let next = words.get(at + 1).filter(|next| next.follows);
        if before.is_some_and(|before| is_determiner(&before.lower)) {
            counted.insert(word.text);
        } else if !before.is_some_and(Word::is_name_like) && !next.is_some_and(Word::is_name_like) {
            *times.entry(word.text).or_default() += 1;
        }
    }
    times.retain(|word, _| !counted.contains(word));
    times
}

/// A place that both languages call the same.
fn is_same_in_english(name: &str) -> bool {
    is_listed(name)
        && city::english(name)
            .or(place::english(name))
            .is_none_or(|english| english == name)
}

/// What stands before nouns that are counted or known, and not before names.
fn is_determiner(lower: &str) -> bool {
    const STEMS: [&str; 16] = [
        "ein", "kein", "dies", "jed", "jen", "all", "viel", "wenig", "mehr", "einig", "mein",
        "dein", "sein", "unser", "ihr", "solch",
    ];
    matches!(
        lower,
        "der"
            | "die"
            | "das"
            | "den"
            | "dem"
            | "des"
            | "am"
            | "im"
            | "vom"
            | "zum"
            | "zur"
            | "beim"
            | "ins"
            | "ans"
            | "beide"
            | "beiden"
            | "weitere"
            | "weiteren"
            | "andere"
            | "anderen"
            | "zwei"
            | "drei"
            | "vier"
            | "fünf"
            | "sechs"
            | "sieben"
            | "acht"
            | "neun"
            | "zehn"
    ) || STEMS.iter().any(|stem| lower.starts_with(stem))
}

/// English words that cannot belong to a name before them.
fn is_function_word(lower: &str) -> bool {
    matches!(
        lower,
        "a" | "about"
            | "after"
            | "also"
            | "an"
            | "and"
            | "are"
            | "as"
            | "at"
            | "because"
            | "before"
            | "but"
            | "by"
            | "can"
            | "could"
            | "for"
            | "from"
            | "had"
            | "has"
            | "have"
            | "if"
            | "in"
            | "into"
            | "is"
            | "it"
            | "its"
            | "may"
            | "not"
            | "of"
            | "on"
            | "or"
            | "over"
            | "said"
            | "says"
            | "should"
            | "since"
            | "than"
            | "that"
            | "the"
            | "there"
            | "to"
            | "under"
            | "was"
            | "were"
            | "when"
            | "where"
            | "which"
            | "while"
            | "who"
            | "will"
            | "with"
            | "would"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put_right(source: &str, target: &str) -> Option<String> {
        let surnames = HashSet::from(["Chirac", "Biden"]);
        let genitives = genitives(&words(source), &surnames);
        anglicised(source, target, &genitives).map(|(text, _)| text)
    }

    #[test]
    fn genitives_of_names_are_written_as_in_english() {
        for (source, target, expected) in [
            (
                "Anlegern gefiel das: Teslas Aktien stiegen. Zuvor hatte Tesla geliefert, und \
                 Tesla schwieg.",
                "Traders liked this: Teslas shares rose. Tesla was silent.",
                "Traders liked this: Tesla's shares rose. Tesla was silent.",
            ),
            (
                "Das Beben war in der Nähe Istanbuls.",
                "The quake was near Istanbuls.",
                "The quake was near Istanbul.",
            ),
            (
                "Die Regierung Irans kündigte das an.",
                "The government of Irans announced this.",
                "The government of Iran announced this.",
            ),
            (
                "Israels Soldaten, 3000 Mann, und Israels Abwehr „Iron Dome“.",
                "Israels 3,000 soldiers and Israels \"Iron Dome\".",
                "Israel's 3,000 soldiers and Israel's \"Iron Dome\".",
            ),
            (
                "Irans Präsident sprach mit Joe Bidens Sohn über die Politik Chiracs.",
                "Irans president spoke with Joe Bidens son of Chiracs policy.",
                "Iran's president spoke with Joe Biden's son of Chirac policy.",
            ),
        ] {
            let found = put_right(source, target);
            assert_eq!(found.as_deref().unwrap_or(target), expected);
        }
    }

    #[test]
    fn plurals_and_names_that_end_so_stay() {
        for (source, target) in [
            (
                "Die Hotels Adlon und Ritz: Ein Hotel ist voll.",
                "The Hotels Adlon and Ritz",
            ),
            (
                "Die Detroit Tigers Trainer Collins und Phil Collins. Der Tiger Collin.",
                "Detroit Tigers coach Collins and Phil Collins. The tiger Collin.",
            ),
            (
                "Athens Regierung tagt. Die EU setzt Athen eine Frist, und Athen schweigt.",
                "Athens government meets.",
            ),
            (
                "Der Chef von News Corp kommt. Das Büro in New York schließt.",
                "The head of News Corp is coming.",
            ),
            (
                "Die Polizei verweigerte Fans Zutritt. Ein Fan klagte.",
                "Fans were denied entry",
            ),
            (
                "Restaurants Ende Mai wieder offen. Jedes Restaurant öffnet.",
                "Restaurants to reopen",
            ),
            (
                "Am Times Square war es still. Das Magazin Time kam.",
                "In Times Square it was quiet.",
            ),
            (
                "Jan Peters sagte Peter die Meinung.",
                "Jan Peters told Peter off.",
            ),
            (
                "Hans Albers sang in Paris Lieder.",
                "Hans Albers sang songs in Paris.",
            ),
            ("Teslas Aktien stiegen.", "Teslas shares rose."),
            ("Irans Präsident", "Iran's president"),
        ] {
            assert_eq!(put_right(source, target), None, "{target}");
        }
    }
}
