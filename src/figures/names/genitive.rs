//! Names with the ending of the German genitive that were copied into English:
//! „Teslas Aktien“ ↔ "Teslas shares".

use std::collections::HashSet;

use super::given::is_given_name;
use super::word::{Word, words};
use super::{city, is_listed, place};
use crate::figures::repair::Repair;

/// Names of one article whose genitives are looked for at most: it bounds the memory.
const MOST: usize = 1000;
/// A longer name is none.
const LONGEST: usize = 40;

/// The genitives of names in a German text: words that stand as one does wherever they
/// stand (Collins does not), and whose name is that of a person of `surnames`, or of a
/// place, or stands alone somewhere in the text. Linear in its length.
pub(super) fn genitives(words: &[Word<'_>], surnames: &HashSet<&str>) -> HashSet<String> {
    let alone: HashSet<&str> = words.iter().map(|word| word.text).collect();
    let (mut found, mut others) = (HashSet::new(), HashSet::new());
    for at in 0..words.len() {
        let word = &words[at];
        let Some(name) = base(word.text) else {
            continue;
        };
        let sure = surnames.contains(name) || is_same_in_english(name);
        let genitive = word.is_name_like()
            && !word.joined
            && !is_given_name(word.text)
            && match position(words, at) {
                Some(Position::BeforeNoun) => sure || alone.contains(name),
                Some(Position::BehindNoun | Position::InName) => sure,
                None => false,
            };
        match genitive {
            true if found.len() < MOST => found.insert(word.text),
            true => false,
            false => others.insert(word.text),
        };
    }
    let only = found.difference(&others);
    only.map(|word| (*word).to_owned()).collect()
}

/// The translation with the genitives of names as English writes them, and what was
/// changed; `None` when there are none.
pub(super) fn anglicised(
    source: &str,
    target: &str,
    genitives: &HashSet<String>,
) -> Option<(String, Vec<Repair>)> {
    if genitives.is_empty() {
        return None;
    }
    let here = words(source);
    let there = words(target);
    let mut text = target.to_owned();
    let mut repairs = Vec::new();
    // From the back, so that the spans before hold.
    for (at, word) in there.iter().enumerate().rev() {
        let copied = genitives.contains(word.text)
            && here.iter().any(|other| other.text == word.text)
            && !target[word.span.end..].starts_with(['\'', '’', '-']);
        let Some(name) = base(word.text).filter(|_| copied && !word.joined) else {
            continue;
        };
        let next = there.get(at + 1).filter(|next| next.follows);
        let owns = next.is_some_and(|next| !is_function_word(&next.lower));
        let new = if owns {
            format!("{name}'s")
        } else {
            name.to_owned()
        };
        text.replace_range(word.span.start..word.span.end, &new);
        repairs.push(Repair {
            source: word.text.to_owned(),
            before: word.text.to_owned(),
            after: new,
        });
    }
    repairs.reverse();
    (!repairs.is_empty()).then_some((text, repairs))
}

/// The name that a word is the genitive of, if it is one.
fn base(word: &str) -> Option<&str> {
    const SHORTEST: usize = 3;
    let name = word.strip_suffix('s')?;
    let fits = name.len() >= SHORTEST && word.len() <= LONGEST;
    (fits && !name.ends_with(['s', 'x', 'z', 'ß'])).then_some(name)
}

/// Where a word may be a genitive.
enum Position {
    /// „Teslas Aktien“
    BeforeNoun,
    /// „die Aktien Teslas“
    BehindNoun,
    /// „Joe Bidens Sohn“, „Detroit Tigers Trainer“
    InName,
}

/// Behind articles there are plurals: „die Hotels“.
fn position(words: &[Word<'_>], at: usize) -> Option<Position> {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let before = before.filter(|_| words.get(at).is_some_and(|word| word.follows));
    let next = words.get(at + 1).filter(|next| next.follows);
    let owns = next.is_some_and(Word::is_name_like);
    match before {
        Some(word) if is_determiner(&word.lower) => None,
        Some(word) if word.is_name_like() && owns => Some(Position::InName),
        Some(word) if word.is_name_like() => {
            (!is_given_name(word.text)).then_some(Position::BehindNoun)
        }
        Some(_) | None => owns.then_some(Position::BeforeNoun),
    }
}

/// A place that both languages call the same.
fn is_same_in_english(name: &str) -> bool {
    is_listed(name)
        && city::english(name)
            .or(place::english(name))
            .is_none_or(|english| english == name)
}

fn is_determiner(lower: &str) -> bool {
    const STEMS: [&str; 8] = [
        "ein", "kein", "dies", "jed", "all", "viel", "mehrere", "einig",
    ];
    matches!(
        lower,
        "der" | "die" | "das" | "den" | "dem" | "des" | "zwei" | "drei" | "vier"
    ) || STEMS.iter().any(|stem| lower.starts_with(stem))
}

/// Words of English that nobody owns.
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
                "Anlegern gefiel das: Teslas Aktien stiegen. Tesla schwieg.",
                "Traders liked this: Teslas shares rose. Tesla was silent.",
                "Traders liked this: Tesla's shares rose. Tesla was silent.",
            ),
            (
                "Das Beben war in der Nähe Istanbuls.",
                "The quake was near Istanbuls.",
                "The quake was near Istanbul.",
            ),
            (
                "Irans Präsident sprach mit Joe Bidens Sohn über die Politik Chiracs.",
                "Irans president spoke with Joe Bidens son of Chiracs policy.",
                "Iran's president spoke with Joe Biden's son of Chirac's policy.",
            ),
        ] {
            assert_eq!(put_right(source, target).as_deref(), Some(expected));
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
                "Jan Peters sagte Peter die Meinung.",
                "Jan Peters told Peter off.",
            ),
            (
                "Hans Albers sang in Paris Lieder.",
                "Hans Albers sang songs in Paris.",
            ),
            ("Athens Regierung tagt.", "Athens government meets."),
            ("Teslas Aktien stiegen.", "Teslas shares rose."),
            (
                "Die Detroit Tigers Trainer Collins und Phil Collins. Der Tiger Collin.",
                "Detroit Tigers coach Collins and Phil Collins. The tiger Collin.",
            ),
            ("Irans Präsident", "Iran's president"),
        ] {
            assert_eq!(put_right(source, target), None, "{target}");
        }
    }
}
