//! SentencePiece's precompiled character map: which character sequences the
//! normaliser replaces and by what.
//!
//! Layout (sentencepiece `src/normalizer.cc`): the byte length of a trie as
//! `u32`, the trie, then the replacements, each closed by a NUL. All numbers
//! are little-endian. The trie is a Darts-clone double array: every unit is a
//! `u32` that holds a label, the offset of its children and a leaf bit; the
//! child of a leaf with the label 0 holds the replacement's position.
//!
//! The `Precompiled` normaliser of the tokenizers crate reads the same map but
//! looks up whole grapheme clusters and takes the shortest match, so that it
//! drops marks that SentencePiece keeps; it also trusts the offsets in the
//! file. This reader does what SentencePiece does and checks every access.

use crate::error::{Error, Result};

#[derive(Debug, Clone, Default)]
pub struct CharsMap {
    trie: Vec<u32>,
    replacements: String,
}

impl CharsMap {
    /// Reads the map; empty bytes are the map that changes nothing.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the parts do not fit the bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        if bytes.is_empty() {
            return Ok(CharsMap::default());
        }
        let damaged =
            || Error::Corrupt("the character map of a SentencePiece model is damaged".into());
        let (length, rest) = bytes.split_first_chunk().ok_or_else(damaged)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| damaged())?;
        let (trie, replacements) = rest.split_at_checked(length).ok_or_else(damaged)?;
        let (units, []) = trie.as_chunks() else {
            return Err(damaged());
        };
        Ok(CharsMap {
            trie: units.iter().copied().map(u32::from_le_bytes).collect(),
            replacements: std::str::from_utf8(replacements)
                .map_err(|_| damaged())?
                .to_owned(),
        })
    }

    /// Splits the first character sequence off `text`: what stands for it
    /// after normalisation, and the rest. Longest match first; a character
    /// that the map lacks stands for itself. `None` for an empty text.
    pub fn next<'t>(&'t self, text: &'t str) -> Option<(&'t str, &'t str)> {
        if let Some((length, position)) = self.longest(text.as_bytes()) {
            let replacement = self
                .replacements
                .get(position..)
                .and_then(|from| from.split('\0').next());
            // A damaged map may point into the middle of a character of the
            // text or past the replacements: then it says nothing.
            if let (Some(replacement), Some(rest)) = (replacement, text.get(length..)) {
                return Some((replacement, rest));
            }
        }
        let first = text.chars().next()?;
        text.split_at_checked(first.len_utf8())
    }

    /// The longest key that `text` begins with: its bytes and its value.
    fn longest(&self, text: &[u8]) -> Option<(usize, usize)> {
        let unit = |node: u32| self.trie.get(usize::try_from(node).ok()?).copied();
        let mut found = None;
        let mut node = children(unit(0)?);
        for (index, &byte) in text.iter().enumerate() {
            node ^= u32::from(byte);
            let Some(reached) = unit(node).filter(|&unit| label(unit) == u32::from(byte)) else {
                break;
            };
            node ^= children(reached);
            if has_leaf(reached) {
                let value = unit(node).map(|leaf| leaf & 0x7fff_ffff);
                found = value.and_then(|value| Some((index + 1, usize::try_from(value).ok()?)));
            }
        }
        found
    }
}

// The bits of a Darts-clone unit.

const fn has_leaf(unit: u32) -> bool {
    unit >> 8 & 1 == 1
}

/// The label, with the top bit that only leaves have, so that a leaf never
/// equals a byte.
const fn label(unit: u32) -> u32 {
    unit & (1 << 31 | 0xff)
}

const fn children(unit: u32) -> u32 {
    (unit >> 10) << ((unit & 1 << 9) >> 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map of "a" → "xy" built by hand: the root's children begin at 1, so
    /// "a" (0x61) sits at 1 ^ 0x61 = 0x60, and its value at 0x60 ^ 0x61 = 1.
    fn map() -> Vec<u8> {
        let mut units = [0u32; 0x62];
        units[0] = 1 << 10;
        units[0x60] = 0x61 << 10 | 1 << 8 | 0x61;
        units[1] = 1 << 31 | 3;
        let mut bytes = (units.len() as u32 * 4).to_le_bytes().to_vec();
        bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
        bytes.extend(b"no\0xy\0");
        bytes
    }

    #[test]
    fn replaces_what_the_map_knows() {
        let map = CharsMap::parse(&map()).unwrap();
        assert_eq!(map.next("ab"), Some(("xy", "b")));
        assert_eq!(map.next("ßa"), Some(("ß", "a")));
        assert_eq!(map.next(""), None);
        assert_eq!(CharsMap::default().next("ab"), Some(("a", "b")));
    }

    #[test]
    fn a_damaged_map_is_refused_or_says_nothing() {
        let whole = map();
        for length in 1..whole.len() - 6 {
            assert!(CharsMap::parse(&whole[..length]).is_err(), "{length} bytes");
        }
        for position in 4..whole.len() {
            let mut bytes = whole.clone();
            bytes[position] ^= 0xff;
            if let Ok(map) = CharsMap::parse(&bytes) {
                let (_, rest) = map.next("aß").unwrap();
                assert!("aß".ends_with(rest));
            }
        }
    }
}
