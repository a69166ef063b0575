//! Names found in a text by their words: „USA“, „Saudi-Arabien“, „Costa Rica“.

use super::word::{Word, joined_to_next};
use std::collections::HashMap;

/// Names, each with a number, by the first of their words in lower case.
#[derive(Debug, Default)]
pub struct Gazetteer {
    names: HashMap<String, Vec<(Vec<String>, usize)>>,
}

/// A name found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The number of the name.
    pub number: usize,
    /// The first word and the word behind the last one.
    pub start: usize,
    pub end: usize,
}

impl Gazetteer {
    pub fn add(&mut self, name: &str, number: usize) {
        let mut words = name
            .split(|c: char| !c.is_alphabetic() && c != '\'' && c != '’')
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase);
        if let Some(first) = words.next() {
            let names = self.names.entry(first).or_default();
            names.push((words.collect(), number));
            // The longest first.
            names.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
    }

    /// The longest name that begins at a word with a capital and is no part of
    /// a compound; the last word may stand in the genitive.
    pub fn at(&self, words: &[Word<'_>], at: usize) -> Option<Hit> {
        let first = words.get(at)?;
        let begins = first.text.starts_with(char::is_uppercase);
        let inside = at
            .checked_sub(1)
            .is_some_and(|before| joined_to_next(words, before));
        if !begins || inside {
            return None;
        }
        let fits = |rest: &[String]| {
            let last = at + rest.len();
            let mut places = rest.iter().zip(at + 1..);
            places.all(|(name, place)| {
                let genitive = place == last;
                let near = |word: &Word<'_>| word.follows || joined_to_next(words, place - 1);
                words
                    .get(place)
                    .is_some_and(|word| near(word) && is_form(word, name, genitive))
            }) && !joined_to_next(words, last)
        };
        let lower = first.lower.as_str();
        let stems = [Some(lower), genitive_base(lower)];
        stems.into_iter().flatten().find_map(|stem| {
            let names = self.names.get(stem)?;
            let (rest, number) = names
                .iter()
                .find(|(rest, _)| (stem == lower || rest.is_empty()) && fits(rest))?;
            Some(Hit {
                number: *number,
                start: at,
                end: at + rest.len() + 1,
            })
        })
    }

    /// All names of a text, at most `most`; they do not overlap.
    pub fn find(&self, words: &[Word<'_>], most: usize) -> Vec<Hit> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() && found.len() < most {
            match self.at(words, at) {
                Some(hit) => {
                    at = hit.end;
                    found.push(hit);
                }
                None => at += 1,
            }
        }
        found
    }
}

/// A word without the ending of a genitive, German or English.
fn genitive_base(lower: &str) -> Option<&str> {
    let base = lower.strip_suffix('s')?;
    Some(base.strip_suffix(['\'', '’']).unwrap_or(base))
}

fn is_form(word: &Word<'_>, name: &str, genitive: bool) -> bool {
    word.lower == name || genitive && genitive_base(&word.lower) == Some(name)
}

#[cfg(test)]
mod tests {
    use super::super::word::words;
    use super::*;

    #[test]
    fn finds_the_longest_names_that_stand_alone() {
        let mut gazetteer = Gazetteer::default();
        for (number, name) in ["Sachsen", "Sachsen-Anhalt", "Costa Rica", "Peru"]
            .iter()
            .enumerate()
        {
            gazetteer.add(name, number);
        }
        let found = |text: &str| -> Vec<usize> {
            let hits = gazetteer.find(&words(text), 9);
            hits.iter().map(|hit| hit.number).collect()
        };
        assert_eq!(found("Sachsen-Anhalt, Sachsens und Costa Ricas"), [1, 0, 2]);
        assert_eq!(
            found("Peru-Reise, Nord-Peru, peru, Costa in Rica"),
            Vec::<usize>::new()
        );
        assert_eq!(found("Peru's Costa Rica-Reise"), [3]);
        assert_eq!(gazetteer.find(&words(&"Peru ".repeat(9)), 4).len(), 4);
    }
}
