//! One text or an array of them, as bodies have it.

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::error::{Error, Result};

/// What a body holds where texts are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Texts {
    /// Whether it is an array, for answers that have the same form.
    pub fn is_array(&self) -> bool {
        matches!(self, Texts::Many(_))
    }

    /// Whether there is no text, or but an empty one.
    pub fn is_missing(&self) -> bool {
        match self {
            Texts::One(text) => text.is_empty(),
            Texts::Many(texts) => texts.is_empty(),
        }
    }

    /// The texts, in their order.
    ///
    /// # Errors
    /// [`Error::TooLarge`] with more than `limit` texts, [`Error::Malformed`]
    /// with NUL characters.
    pub fn checked(self, limit: usize) -> Result<Vec<String>> {
        let texts = match self {
            Texts::One(text) => vec![text],
            Texts::Many(texts) => texts,
        };
        if texts.len() > limit {
            return Err(Error::TooLarge {
                what: "the array of texts",
                actual: texts.len(),
                limit,
            });
        }
        texts.into_iter().map(clean).collect()
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Texts;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a string or an array of strings")
            }

            fn visit_str<E>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts::One(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<Texts, E> {
                Ok(Texts::One(text))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = array.next_element()? {
                    texts.push(text);
                }
                Ok(Texts::Many(texts))
            }
        }

        deserializer.deserialize_any(OneOrMany)
    }
}

/// NUL ends a text for many programs further down; no article has one.
///
/// # Errors
/// [`Error::Malformed`] when there is one.
pub fn clean(text: String) -> Result<String> {
    if text.contains('\0') {
        return Err(Error::Malformed("the text holds a NUL character".into()));
    }
    Ok(text)
}
