//! The string values of a JSON text, with their paths and places.

use crate::span::Span;

/// Deeper than this nothing is looked for.
const DEEPEST: usize = 512;

/// A step from a value into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Name(String),
    Index(usize),
}

/// A string that is a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub path: Vec<Key>,
    pub text: String,
    /// Between its quotes.
    pub span: Span,
}

/// Goes over a text that is JSON, at least up to some place, without recursion.
/// What is no JSON ends it.
pub(super) struct Strings<'a> {
    source: &'a str,
    at: usize,
    path: Vec<Key>,
    /// The next string is the name of a member.
    expects_name: bool,
}

impl<'a> Strings<'a> {
    pub fn of(source: &'a str, at: usize) -> Self {
        Strings {
            source,
            at,
            path: Vec::new(),
            expects_name: false,
        }
    }

    /// A string whose opening quote is here; moves behind it.
    fn string(&mut self) -> Option<(String, Span)> {
        let bytes = self.source.as_bytes();
        let start = self.at + 1;
        let mut at = start;
        loop {
            match bytes.get(at)? {
                b'"' => break,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        let span = Span::new(start, at);
        let text = serde_json::from_str(self.source.get(self.at..=at)?).ok()?;
        self.at = at + 1;
        Some((text, span))
    }
}

impl Iterator for Strings<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            match self.source.as_bytes().get(self.at)? {
                b'{' | b'[' if self.path.len() >= DEEPEST => return None,
                b'{' => {
                    self.path.push(Key::Name(String::new()));
                    self.expects_name = true;
                }
                b'[' => self.path.push(Key::Index(0)),
                b'}' | b']' => {
                    self.path.pop()?;
                    self.expects_name = false;
                }
                b',' => match self.path.last_mut()? {
                    Key::Name(_) => self.expects_name = true,
                    Key::Index(index) => *index += 1,
                },
                b'"' => {
                    let (text, span) = self.string()?;
                    if !self.expects_name {
                        let path = self.path.clone();
                        return Some(Found { path, text, span });
                    }
                    self.expects_name = false;
                    if let Some(Key::Name(name)) = self.path.last_mut() {
                        *name = text;
                    }
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_paths_and_names_are_none() {
        let source = r#" {"a": "x", "b": [1, {"c\u00e4": "ü\"\\"}, "y"], "d": null, "e": {}}"#;
        let found: Vec<String> = Strings::of(source, 0)
            .map(|found| {
                let path: Vec<String> = found
                    .path
                    .iter()
                    .map(|key| match key {
                        Key::Name(name) => name.clone(),
                        Key::Index(index) => index.to_string(),
                    })
                    .collect();
                format!(
                    "{}={}={}",
                    path.join("."),
                    found.text,
                    found.span.of(source)
                )
            })
            .collect();
        assert_eq!(found, ["a=x=x", r#"b.1.cä=ü"\=ü\"\\"#, "b.2=y=y"]);
    }

    #[test]
    fn broken_json_ends_it() {
        for broken in [
            "{\"a\": \"x",
            "{\"a\\",
            "]",
            "{\"a\": \"\\x\", \"b\": \"c\"}",
            ",",
        ] {
            assert_eq!(Strings::of(broken, 0).count(), 0, "{broken}");
        }
        let deep = "[".repeat(100_000) + "\"x\"";
        assert_eq!(Strings::of(&deep, 0).count(), 0);
    }
}
