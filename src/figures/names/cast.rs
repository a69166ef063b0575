//! The persons of an article: a full name anywhere in it vouches for the surname
//! alone everywhere else, and so does „sagte Bretschneider“.

use super::genitive::{Anglicised, Genitives, anglicised, genitives};
use super::is_listed;
use super::office::{is_office, may_be_name};
use super::person::persons;
use super::word::{Word, joined_to_next, words};
use crate::figures::Language;
use std::collections::HashSet;

/// Persons of one article that are looked for at most: it bounds the memory.
const MOST: usize = 1000;

/// The surnames of a German article, and the genitives of all its names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cast {
    surnames: HashSet<String>,
    genitives: Genitives,
}

impl Cast {
    /// The persons whom a German text names in full or lets speak. Linear in its
    /// length.
    pub fn of(text: &str) -> Self {
        let words = &words(text);
        let full = persons(words, Language::German, MOST)
            .into_iter()
            .filter(|person| person.sure && !is_byname(words, person.surname))
            .filter_map(|person| words.get(person.surname))
            .filter(|word| !is_abstract(&word.lower));
        let speaking = (0..words.len()).filter_map(|at| speaker(words, at));
        let surnames = full.chain(speaking).take(MOST);
        let surnames: HashSet<&str> = surnames
            .map(|word| word.text)
            .filter(|name| !is_listed(name))
            .collect();
        Cast {
            genitives: genitives(words, &surnames),
            surnames: surnames
                .into_iter()
                // „Angela Merkels“ may be a genitive.
                .flat_map(|name| [Some(name), name.strip_suffix('s')])
                .flatten()
                .map(str::to_owned)
                .collect(),
        }
    }

    /// A translation with the genitives of the article's names as English writes
    /// them ("Teslas shares" → "Tesla's shares"), and what was changed; `None` when
    /// there are none.
    pub fn anglicised(&self, source: &str, target: &str) -> Option<(String, Vec<Anglicised>)> {
        anglicised(source, target, &self.genitives)
    }

    /// Whether a word is the surname of a person of the article.
    pub fn names(&self, word: &str) -> bool {
        self.surnames.contains(word)
    }

    /// The surname that a word of the article is, without the ending of a genitive.
    pub(super) fn surname<'a>(&self, word: &Word<'a>) -> Option<&'a str> {
        let base = word.text.strip_suffix('s');
        [Some(word.text), base]
            .into_iter()
            .flatten()
            .find(|name| self.surnames.contains(*name))
    }
}

/// „Alexander der Große“
fn is_byname(words: &[Word<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let article = before.is_some_and(|word| matches!(word.lower.as_str(), "der" | "die"));
    article && words.get(at).is_some_and(|word| word.lower.ends_with('e'))
}

/// „…“, sagte Bretschneider, „wie Bretschneider sagte“: who speaks without an article,
/// an office or a further name is called by the surname. Plurals would have another
/// verb; a verb that does not begin its clause may have an object, as in „Er sagte Hilfe
/// zu“.
fn speaker<'w, 'a>(words: &'w [Word<'a>], at: usize) -> Option<&'w Word<'a>> {
    const LEAST: usize = 4;
    let word = words.get(at)?;
    let next = words.get(at + 1).filter(|next| next.follows);
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let before = before.filter(|_| word.follows);
    let says = |word: &Word<'_>| {
        matches!(
            word.lower.as_str(),
            "sagte" | "sagt" | "betonte" | "betont" | "meinte" | "meint"
        )
    };
    let behind = before.is_some_and(|verb| says(verb) && !verb.follows)
        && !next.is_some_and(Word::is_name_like);
    let ahead = next.is_some_and(says) && before.is_some_and(stands_before_names);
    let name = word.is_name_like()
        && word.text.len() >= LEAST
        && !word.joined
        && !joined_to_next(words, at)
        && !is_office(&word.lower)
        && may_be_name(word, Language::German)
        && !is_common(&word.lower);
    (name && (behind || ahead)).then_some(word)
}

/// „wie Bretschneider sagte“, but not „der Polizei sagte“ and not „Jetzt sagte“.
fn stands_before_names(word: &Word<'_>) -> bool {
    matches!(
        word.lower.as_str(),
        "wie" | "und" | "aber" | "auch" | "frau" | "herr"
    ) || is_office(&word.lower)
}

/// Nouns without an article that speak in newspapers.
fn is_common(lower: &str) -> bool {
    const ENDINGS: [&str; 4] = ["in", "innen", "mittag", "abend"];
    is_abstract(lower)
        || ENDINGS.iter().any(|ending| lower.ends_with(ending))
        || matches!(
            lower,
            "autor"
                | "berichten"
                | "gott"
                | "journalisten"
                | "mama"
                | "medien"
                | "oma"
                | "opa"
                | "papa"
                | "reportern"
        )
}

/// Whether a noun ends as no name does.
fn is_abstract(lower: &str) -> bool {
    const ENDINGS: [&str; 5] = ["ung", "heit", "keit", "schaft", "tion"];
    ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_and_speakers_are_known() {
        let cast = Cast::of(
            "Finanzchefin Heike Fölster geht. „Das ist gut“, sagte Bretschneider. Das \
             sagte Montag der Chef, wie Sprecherin Müller betonte. „Nein“, sagte Hans-Joachim \
             Watzke, sagte Frankreich. Wie Breitner sagte, meint der Chef der Bahn, dass die \
             neue Polizei sagt, was Sache ist. Der Minister sagte Hilfe zu, sie sagt Nein zu \
             Alexander der Große. Anna Regierung. Es kam Wladimir Putin.",
        );
        let mut surnames: Vec<&String> = cast.surnames.iter().collect();
        surnames.sort();
        assert_eq!(
            surnames,
            [
                "Breitner",
                "Bretschneider",
                "Fölster",
                "Müller",
                "Putin",
                "Watzke"
            ]
        );
    }
}
