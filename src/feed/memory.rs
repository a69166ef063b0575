//! Items that were translated before.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Field, Role};
use crate::dispatch::{ModelTag, Options, Warning};
use crate::document::Format;
use crate::error::Result;

/// A translated item: what an engine has made of it, before it is put together
/// for a reader.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// One for each text that was translated, in their order.
    pub texts: Vec<String>,
    /// Empty when none was asked for, or no sentence is fit for one.
    pub summary: String,
    /// In another language than German, and unchanged.
    pub is_passed: bool,
    pub figures: usize,
    pub unresolved: usize,
    pub warnings: Vec<Warning>,
}

/// Where translated items are kept from run to run.
pub trait Memory: Send + Sync {
    /// The item of a key. One that cannot be read is as good as none.
    fn find(&self, key: &Key) -> Option<Item>;

    /// Keeps an item; it is safe when this returns.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) when it could not be kept.
    fn keep(&self, key: &Key, item: &Item) -> Result<()>;
}

/// Remembers nothing.
#[derive(Debug, Clone, Copy)]
pub struct Forgetful;

impl Memory for Forgetful {
    fn find(&self, _: &Key) -> Option<Item> {
        None
    }

    fn keep(&self, _: &Key, _: &Item) -> Result<()> {
        Ok(())
    }
}

/// Stands for the texts of an item and for everything that their translation
/// depends on: SHA-256 in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    pub fn of(texts: &[&Field], options: &Options, model: &ModelTag) -> Self {
        let texts: Vec<(Role, Format, &str)> = texts
            .iter()
            .map(|field| (field.role, field.format, field.text.as_str()))
            .collect();
        let all = (env!("CARGO_PKG_VERSION"), model, options, texts);
        // JSON keeps the parts apart, whatever they hold.
        Key::digest(&serde_json::json!(all).to_string())
    }

    /// The key of a text of any kind.
    pub fn digest(text: &str) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        Key(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::Context;
    use crate::span::Span;

    #[test]
    fn keys_differ_with_texts_options_and_models() {
        let field = |text: &str| Field {
            role: Role::Title,
            format: Format::Text,
            text: text.into(),
            span: Span::new(1, 2),
            context: Context::Element,
        };
        let (a, b, ab) = (field("a"), field("b"), field("ab"));
        let model = ModelTag {
            name: "m".into(),
            adapter: None,
        };
        let other = ModelTag {
            adapter: Some("x".into()),
            ..model.clone()
        };
        let options = Options::default();
        let beams = Options {
            beams: 2,
            ..Options::default()
        };
        let key = Key::of(&[&a, &b], &options, &model);
        let elsewhere = Field {
            span: Span::new(7, 9),
            context: Context::Cdata,
            ..a.clone()
        };
        assert_eq!(key, Key::of(&[&elsewhere, &b], &options, &model));
        for different in [
            Key::of(&[&b, &a], &options, &model),
            Key::of(&[&ab], &options, &model),
            Key::of(&[&a, &b], &beams, &model),
            Key::of(&[&a, &b], &options, &other),
        ] {
            assert_ne!(key, different);
        }
        assert_eq!(key.as_str().len(), 64);
    }
}
