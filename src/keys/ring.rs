//! The keys that are known at a time.

use std::sync::Arc;

use super::key::{Digest, Key};

/// A set of keys. A name may stand there twice, so that an old key still works
/// while the new one is handed out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ring(Vec<Arc<Key>>);

impl Ring {
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Self {
        Ring(keys.into_iter().map(Arc::new).collect())
    }

    /// Reads a file of keys: one a line, with empty lines and comments (`#`).
    ///
    /// # Errors
    /// Which line is wrong, and why; that there is none at all.
    pub fn read(text: &str) -> Result<Vec<Key>, String> {
        let lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
        let keys = lines
            .map(|(line, number)| (line.trim(), number))
            .filter(|(line, _)| !line.is_empty() && !line.starts_with('#'))
            .map(|(line, number)| {
                Key::of_line(line).map_err(|fault| format!("line {number}: {fault}"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err("there is no key in it".into());
        }
        Ok(keys)
    }

    /// The key that is shown. Each is compared, whether one was found or not, so
    /// that the time says nothing of which one it is.
    pub fn find(&self, shown: &str) -> Option<&Arc<Key>> {
        let digest = Digest::of(shown);
        self.0.iter().fold(None, |found, key| {
            let fits = key.digest.matches(&digest);
            if fits { Some(key) } else { found }
        })
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_by_what_is_shown() {
        let text = format!(
            "\u{feff}# editors\n\ndesk {}\n  desk {} burst=3\nweb {}\n",
            Digest::of("old"),
            Digest::of("new"),
            Digest::of("other"),
        );
        let ring = Ring::new(Ring::read(&text).expect("a file of keys"));
        assert_eq!(ring.len(), 3);
        let name = |shown: &str| ring.find(shown).map(|key| key.name.to_string());
        assert_eq!(name("old").as_deref(), Some("desk"));
        assert_eq!(name("new").as_deref(), Some("desk"));
        assert_eq!(name("other").as_deref(), Some("web"));
        for wrong in ["", "Old", "desk", &Digest::of("old").to_string()] {
            assert_eq!(name(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_file_is_taken_whole_or_not_at_all() {
        let good = format!("desk {}", Digest::of("x"));
        let fault = Ring::read(&format!("{good}\n\nweb sha256:12\n")).expect_err("a wrong line");
        assert!(fault.starts_with("line 3: "), "{fault}");
        for empty in ["", "# nothing\n\n"] {
            assert_eq!(
                Ring::read(empty),
                Err("there is no key in it".into()),
                "{empty:?}"
            );
        }
    }
}
