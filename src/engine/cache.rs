//! Segments that were translated before.
//!
//! One thread at a time reads and writes it, so it needs no lock of its own. Memory is
//! bounded by two generations: what is used lives in the young one; when that
//! is full it becomes the old one, and what nobody asked for since is forgotten.

use std::collections::HashMap;

use super::phrases::Phrases;
use super::{Decoding, Translated};

/// What is translated.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Source {
    /// The prompt, in the model's tokens.
    Tokens(Box<[u32]>),
    /// The text, where the model's tokens are not known here.
    Text(Box<str>),
}

/// What makes two segments the same piece of work for one model.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    source: Source,
    beams: usize,
    length_penalty: u32,
    /// What the answer must contain.
    phrases: Phrases,
}

impl Key {
    pub fn tokens(tokens: &[u32], decoding: Decoding, phrases: Phrases) -> Self {
        Key::new(Source::Tokens(tokens.into()), decoding, phrases)
    }

    pub fn text(text: &str, decoding: Decoding) -> Self {
        Key::new(Source::Text(text.into()), decoding, Phrases::default())
    }

    fn new(source: Source, decoding: Decoding, phrases: Phrases) -> Self {
        Key {
            source,
            beams: decoding.beams,
            length_penalty: decoding.length_penalty.to_bits(),
            phrases,
        }
    }

    fn bytes(&self) -> usize {
        let source = match &self.source {
            Source::Tokens(tokens) => size_of_val(&**tokens),
            Source::Text(text) => text.len(),
        };
        source + self.phrases.tokens() * size_of::<u32>()
    }
}

/// Translations by [`Key`], within a number of bytes.
#[derive(Debug)]
pub struct Cache {
    young: HashMap<Key, Translated>,
    old: HashMap<Key, Translated>,
    /// Bytes that the young generation takes.
    used: usize,
    /// Bytes that each generation may take.
    limit: usize,
}

impl Cache {
    /// A cache of at most so many bytes; with 0 it holds nothing.
    pub fn new(bytes: usize) -> Self {
        Cache {
            young: HashMap::new(),
            old: HashMap::new(),
            used: 0,
            limit: bytes / 2,
        }
    }

    pub fn get(&mut self, key: &Key) -> Option<Translated> {
        if let Some(found) = self.young.get(key) {
            return Some(found.clone());
        }
        let found = self.old.remove(key)?;
        self.insert(key.clone(), found.clone());
        Some(found)
    }

    pub fn insert(&mut self, key: Key, translated: Translated) {
        let size = key.bytes() + bytes(&translated);
        if size > self.limit {
            return;
        }
        if self.used + size > self.limit {
            self.old = std::mem::take(&mut self.young);
            self.used = 0;
        }
        if self.young.insert(key, translated).is_none() {
            self.used += size;
        }
    }
}

/// Roughly what an entry takes, with its place in the table.
fn bytes(translated: &Translated) -> usize {
    const PLACE: usize = 256;
    let alternatives: usize = translated.alternatives.iter().map(String::len).sum();
    translated.text.len() + alternatives + PLACE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Finish;

    fn key(number: u32) -> Key {
        Key::tokens(&[number], Decoding::default(), Phrases::default())
    }

    fn translated(text: &str) -> Translated {
        Translated {
            text: text.to_owned(),
            alternatives: Vec::new(),
            tokens: 1,
            finish: Finish::End,
            retried: false,
        }
    }

    #[test]
    fn what_was_put_in_is_found_under_its_decoding_only() {
        let mut cache = Cache::new(10_000);
        cache.insert(key(1), translated("one"));
        assert_eq!(cache.get(&key(1)), Some(translated("one")));
        assert_eq!(cache.get(&key(2)), None);
        let wide = Decoding {
            beams: 4,
            ..Decoding::default()
        };
        let key = Key::tokens(&[1], wide, Phrases::default());
        assert_eq!(cache.get(&key), None);
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let mut cache = Cache::new(4_000);
        cache.insert(key(0), translated("kept"));
        for number in 1..100 {
            assert_eq!(cache.get(&key(0)), Some(translated("kept")), "{number}");
            cache.insert(key(number), translated("passing"));
            assert!(cache.young.len() + cache.old.len() < 17);
        }
        assert_eq!(cache.get(&key(1)), None);
    }

    #[test]
    fn without_room_nothing_is_held() {
        let mut cache = Cache::new(0);
        cache.insert(key(1), translated("one"));
        assert_eq!(cache.get(&key(1)), None);
    }
}
