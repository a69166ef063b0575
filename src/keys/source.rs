//! Where keys come from: a file, which is read again when it changes, and
//! settings.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::key::Key;
use super::ring::Ring;
use crate::error::{Error, Result};

/// Bytes of a file of keys at most: some ten thousand keys.
const LARGEST: u64 = 1024 * 1024;

/// The keys of a service, which may change while it runs.
#[derive(Debug)]
pub struct Source {
    file: Option<PathBuf>,
    /// Keys of the settings, which stay.
    fixed: Vec<Key>,
    ring: RwLock<Arc<Ring>>,
    /// What the file held when it was last looked at, good or not; each change
    /// is judged once.
    seen: Mutex<Result<Vec<u8>, String>>,
}

impl Source {
    /// Keys of a file, and `name=key` pairs; `None` when there are neither.
    ///
    /// # Errors
    /// [`Error::Config`] when the file cannot be read or used, or a pair is none.
    pub fn open(file: Option<&Path>, pairs: &[String]) -> Result<Option<Self>> {
        let fixed = pairs
            .iter()
            .filter(|pair| !pair.trim().is_empty())
            .map(|pair| Key::of_pair(pair))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|fault| Error::Config(format!("an API key: {fault}")))?;
        if file.is_none() && fixed.is_empty() {
            return Ok(None);
        }
        let content = file.map_or(Ok(Vec::new()), read);
        let source = Source {
            file: file.map(Path::to_owned),
            ring: RwLock::new(Arc::new(Ring::new(fixed.clone()))),
            fixed,
            seen: Mutex::new(content.clone()),
        };
        if let Some(file) = file {
            let ring = source.judge(&content);
            let ring = ring.map_err(|fault| {
                Error::Config(format!("the API keys in {}: {fault}", file.display()))
            })?;
            source.put(ring);
        }
        Ok(Some(source))
    }

    /// The keys as they are now.
    pub fn ring(&self) -> Arc<Ring> {
        self.ring
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Reads the file again. Blocks. `Some` with the number of keys if others
    /// are known now.
    ///
    /// # Errors
    /// [`Error::Config`] when the file changed and cannot be used: what was
    /// known before stays, for nobody may lose or win access by a typing error.
    pub fn refresh(&self) -> Result<Option<usize>> {
        let Some(file) = &self.file else {
            return Ok(None);
        };
        let content = read(file);
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if *seen == content {
                return Ok(None);
            }
            *seen = content.clone();
        }
        let ring = self.judge(&content).map_err(|fault| {
            Error::Config(format!(
                "the API keys in {} changed and cannot be used, the old ones stay: {fault}",
                file.display()
            ))
        })?;
        let count = ring.len();
        self.put(ring);
        Ok(Some(count))
    }

    fn judge(&self, content: &Result<Vec<u8>, String>) -> Result<Ring, String> {
        let bytes = content.as_ref().map_err(String::clone)?;
        let text = std::str::from_utf8(bytes).map_err(|_| "they are not UTF-8".to_owned())?;
        let keys = Ring::read(text)?;
        Ok(Ring::new(self.fixed.iter().cloned().chain(keys)))
    }

    fn put(&self, ring: Ring) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let mut content = Vec::new();
    std::fs::File::open(file)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut content))
        .map_err(|error| error.to_string())?;
    match content.len() as u64 > LARGEST {
        true => Err(format!("the file is larger than {LARGEST} bytes")),
        false => Ok(content),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::key::Digest;

    fn line(name: &str, secret: &str) -> String {
        format!("{name} {}\n", Digest::of(secret))
    }

    fn knows(source: &Source, secret: &str) -> bool {
        source.ring().find(secret).is_some()
    }

    #[test]
    fn keys_change_with_the_file_and_those_of_settings_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("keys");
        std::fs::write(&file, line("desk", "first")).expect("written");
        let pairs = ["cli=sixteen-letters!".to_owned()];
        let source = Source::open(Some(&file), &pairs).expect("keys");
        let source = source.expect("there are some");
        assert!(knows(&source, "first") && knows(&source, "sixteen-letters!"));
        assert_eq!(source.refresh().expect("nothing changed"), None);

        std::fs::write(&file, line("desk", "second")).expect("written");
        assert_eq!(source.refresh().expect("it changed"), Some(2));
        assert!(!knows(&source, "first") && knows(&source, "second"));
        assert!(knows(&source, "sixteen-letters!"));
    }

    #[test]
    fn a_file_that_breaks_keeps_the_old_keys_and_is_complained_of_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("keys");
        std::fs::write(&file, line("desk", "first")).expect("written");
        let source = Source::open(Some(&file), &[]).expect("keys");
        let source = source.expect("there are some");
        let broken = [&b""[..], b"desk sha256:\n", b"\xff\xfe", &[b'#'; 2_000_000]];
        for content in broken {
            std::fs::write(&file, content).expect("written");
            let fault = source.refresh().expect_err("it cannot be used");
            assert!(matches!(fault, Error::Config(_)), "{fault}");
            assert_eq!(source.refresh().expect("it was said"), None);
            assert!(knows(&source, "first"));
        }
        std::fs::remove_file(&file).expect("removed");
        assert!(source.refresh().is_err());
        assert!(knows(&source, "first"));
        std::fs::write(&file, line("desk", "first")).expect("written");
        assert_eq!(source.refresh().expect("it is whole again"), Some(1));
    }

    #[test]
    fn without_keys_there_is_no_source_and_wrong_ones_are_an_error() {
        assert!(Source::open(None, &[]).expect("none").is_none());
        assert!(Source::open(None, &[" ".into()]).expect("none").is_none());
        let missing = Source::open(Some(Path::new("/nowhere/keys")), &[]);
        assert!(matches!(missing, Err(Error::Config(_))));
        let short = Source::open(None, &["desk=secret".into()]).expect_err("too short");
        assert!(!short.to_string().contains("secret"), "{short}");
    }
}
