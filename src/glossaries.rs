//! Glossaries that clients have stored: each a file of JSON in a folder, or in
//! memory alone when there is no folder.
//!
//! Whoever reads gets what was there at that moment; a change is a new
//! [`Stored`] in the place of the old one. A file is written beside its place
//! and moved there, so that a crash leaves the old one or the new one.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::terms::{Entry, Glossary};

/// Stored glossaries at most.
pub const MOST_GLOSSARIES: usize = 500;
/// Bytes of a file that is read at most; a full glossary has fewer.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// A stored glossary.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    pub id: String,
    pub name: String,
    /// UTC, RFC 3339.
    pub created: String,
    terms: Arc<Glossary>,
}

/// The same as a file has it.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    id: String,
    name: String,
    created: String,
    entries: Vec<Entry>,
}

/// The stored glossaries.
#[derive(Debug, Default)]
pub struct Glossaries {
    folder: Option<PathBuf>,
    stored: Mutex<BTreeMap<String, Arc<Stored>>>,
}

impl Stored {
    pub fn terms(&self) -> Arc<Glossary> {
        self.terms.clone()
    }

    pub fn entries(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.terms.entries()
    }
}

impl Glossaries {
    /// Opens a folder, which is made when it is missing, and reads what lies
    /// in it.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::Config`] for a file that is no glossary.
    pub fn open(folder: &Path) -> Result<Self> {
        let what = || format!("reading the glossaries in {}", folder.display());
        fs::create_dir_all(folder).map_err(|error| Error::io(what(), error))?;
        let mut stored = BTreeMap::new();
        for file in fs::read_dir(folder).map_err(|error| Error::io(what(), error))? {
            let path = file.map_err(|error| Error::io(what(), error))?.path();
            if path.extension().is_some_and(|ending| ending == "json") {
                let glossary = read(&path)?;
                stored.insert(glossary.id.clone(), Arc::new(glossary));
            }
        }
        Ok(Glossaries {
            folder: Some(folder.to_owned()),
            stored: Mutex::new(stored),
        })
    }

    /// Stores a glossary under a new id.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when there are too many, [`Error::Io`].
    pub fn create(&self, name: String, terms: Glossary) -> Result<Arc<Stored>> {
        let glossary = Stored {
            id: Uuid::new_v4().to_string(),
            name,
            created: format!("{:.3}", jiff::Timestamp::now()),
            terms: Arc::new(terms),
        };
        let mut stored = self.stored();
        if stored.len() >= MOST_GLOSSARIES {
            return Err(Error::TooLarge {
                what: "the number of stored glossaries",
                actual: stored.len() + 1,
                limit: MOST_GLOSSARIES,
            });
        }
        self.put(&mut stored, glossary)
    }

    /// Puts another name or other terms into a glossary.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Io`], those of `terms`.
    pub fn change(
        &self,
        id: &str,
        name: Option<String>,
        terms: impl FnOnce(&Stored) -> Result<Option<Glossary>>,
    ) -> Result<Arc<Stored>> {
        let mut stored = self.stored();
        let old = stored.get(id).ok_or_else(|| unknown(id))?;
        let glossary = Stored {
            terms: terms(old)?.map_or_else(|| old.terms(), Arc::new),
            name: name.unwrap_or_else(|| old.name.clone()),
            ..Stored::clone(old)
        };
        self.put(&mut stored, glossary)
    }

    /// # Errors
    /// [`Error::NotFound`].
    pub fn get(&self, id: &str) -> Result<Arc<Stored>> {
        self.stored().get(id).cloned().ok_or_else(|| unknown(id))
    }

    /// All of them, by id.
    pub fn list(&self) -> Vec<Arc<Stored>> {
        self.stored().values().cloned().collect()
    }

    /// # Errors
    /// [`Error::NotFound`], [`Error::Io`].
    pub fn delete(&self, id: &str) -> Result<()> {
        let mut stored = self.stored();
        // Only ids that we made are known, so the path is one of ours.
        let known = stored.get(id).ok_or_else(|| unknown(id))?.id.clone();
        if let Some(folder) = &self.folder {
            let path = folder.join(format!("{known}.json"));
            fs::remove_file(&path)
                .map_err(|error| Error::io(format!("deleting {}", path.display()), error))?;
        }
        stored.remove(id);
        Ok(())
    }

    fn put(
        &self,
        stored: &mut BTreeMap<String, Arc<Stored>>,
        glossary: Stored,
    ) -> Result<Arc<Stored>> {
        if let Some(folder) = &self.folder {
            write(folder, &glossary)?;
        }
        let glossary = Arc::new(glossary);
        stored.insert(glossary.id.clone(), glossary.clone());
        Ok(glossary)
    }

    fn stored(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Stored>>> {
        // Nothing is half done while the lock is held.
        self.stored.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The id is the client's, and may be anything.
fn unknown(id: &str) -> Error {
    let id: String = id.chars().take(64).collect();
    Error::NotFound(format!("glossary {id:?}"))
}

fn read(path: &Path) -> Result<Stored> {
    let what = format!("reading {}", path.display());
    let io = |error| Error::io(what.clone(), error);
    let size = fs::metadata(path).map_err(io)?.len();
    let fault = |fault: String| Error::Config(format!("the glossary {}: {fault}", path.display()));
    if size > LARGEST_FILE {
        return Err(fault(format!("its size is {size} bytes")));
    }
    let text = fs::read_to_string(path).map_err(io)?;
    let file: File = serde_json::from_str(&text).map_err(|error| fault(error.to_string()))?;
    if path.file_stem().and_then(|stem| stem.to_str()) != Some(file.id.as_str()) {
        return Err(fault("its id is not the name of the file".into()));
    }
    let terms = Glossary::new(file.entries).map_err(|error| fault(error.to_string()))?;
    Ok(Stored {
        id: file.id,
        name: file.name,
        created: file.created,
        terms: Arc::new(terms),
    })
}

fn write(folder: &Path, glossary: &Stored) -> Result<()> {
    let path = folder.join(format!("{}.json", glossary.id));
    let beside = folder.join(format!("{}.new", glossary.id));
    let file = File {
        id: glossary.id.clone(),
        name: glossary.name.clone(),
        created: glossary.created.clone(),
        entries: glossary.entries().cloned().collect(),
    };
    let json = serde_json::to_vec(&file).map_err(|error| Error::Internal(error.to_string()))?;
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(&json)?;
        file.sync_all()?;
        fs::rename(&beside, &path)
    });
    written.map_err(|error| {
        fs::remove_file(&beside).ok();
        Error::io(format!("writing {}", path.display()), error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(source: &str) -> Glossary {
        let entry = Entry {
            source: source.to_owned(),
            target: None,
        };
        Glossary::new([entry]).expect("a term")
    }

    #[test]
    fn what_was_stored_is_there_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep");
        let glossaries = Glossaries::open(&path).expect("it is made");
        let first = glossaries
            .create("Politik".into(), terms("Bundesrat"))
            .expect("stored");
        let second = glossaries
            .create("Sport".into(), terms("Pokal"))
            .expect("stored");
        let changed = glossaries
            .change(&first.id, Some("Neu".into()), |_| {
                Ok(Some(terms("Bundestag")))
            })
            .expect("changed");
        assert_eq!(glossaries.get(&first.id).expect("it is there"), changed);
        glossaries.delete(&second.id).expect("deleted");
        let refused = glossaries.change(&first.id, None, |_| Err(Error::Empty));
        assert!(matches!(refused, Err(Error::Empty)));

        let again = Glossaries::open(&path).expect("it is read");
        assert_eq!(again.list(), [changed]);
        assert!(matches!(again.get(&second.id), Err(Error::NotFound(_))));
        assert!(matches!(again.delete("../x"), Err(Error::NotFound(_))));
        let files = fs::read_dir(&path).expect("a folder").count();
        assert_eq!(files, 1, "nothing is left over");
    }

    #[test]
    fn a_damaged_file_is_told_of() {
        let folder = tempfile::tempdir().expect("a folder");
        for text in ["{", r#"{"id":"y","name":"","created":"","entries":[]}"#] {
            fs::write(folder.path().join("x.json"), text).expect("written");
            let error = Glossaries::open(folder.path()).expect_err("it is damaged");
            assert!(error.to_string().contains("x.json"), "{error}");
        }
    }
}
