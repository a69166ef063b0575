//! A folder that remembers translated items and what was fetched, so that a
//! run continues where another ended, however that ended.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::memory::{Item, Key, Memory};
use super::{atomic, fetch};
use crate::error::{Error, Result};

/// The folder: `items/KEY.json` and `feeds/KEY.json`.
#[derive(Debug, Clone)]
pub struct Folder {
    items: PathBuf,
    feeds: PathBuf,
}

/// What was written for a feed, and what its server said of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub validators: fetch::Validators,
    /// Options and model of the run.
    pub order: String,
    /// SHA-256 of the file that was written.
    pub written: String,
}

/// A record with a sum over it, so that damage is noticed.
#[derive(Serialize, Deserialize)]
struct Record {
    sum: String,
    data: String,
}

impl Folder {
    /// Opens the folder, and makes it when it is not there.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn open(path: &Path) -> Result<Self> {
        let folder = Folder {
            items: path.join("items"),
            feeds: path.join("feeds"),
        };
        for part in [&folder.items, &folder.feeds] {
            std::fs::create_dir_all(part)
                .map_err(|error| Error::io(format!("making {}", part.display()), error))?;
        }
        Ok(folder)
    }

    /// The last visit of a feed that ended well.
    pub fn visit(&self, url: &str) -> Option<Visit> {
        load(&self.feeds, &Key::digest(url))
    }

    /// # Errors
    /// [`Error::Io`].
    pub fn visited(&self, url: &str, visit: &Visit) -> Result<()> {
        save(&self.feeds, &Key::digest(url), visit)
    }
}

impl Memory for Folder {
    fn find(&self, key: &Key) -> Option<Item> {
        load(&self.items, key)
    }

    fn keep(&self, key: &Key, item: &Item) -> Result<()> {
        save(&self.items, key, item)
    }
}

fn path(folder: &Path, key: &Key) -> PathBuf {
    folder.join(format!("{}.json", key.as_str()))
}

fn load<T: DeserializeOwned>(folder: &Path, key: &Key) -> Option<T> {
    let bytes = std::fs::read(path(folder, key)).ok()?;
    let record: Option<Record> = serde_json::from_slice(&bytes).ok();
    let record = record.filter(|record| Key::digest(&record.data).as_str() == record.sum);
    let data = record.and_then(|record| serde_json::from_str(&record.data).ok());
    if data.is_none() {
        tracing::warn!(
            key = key.as_str(),
            "a damaged record of the state is made anew"
        );
    }
    data
}

fn save(folder: &Path, key: &Key, value: &impl Serialize) -> Result<()> {
    let internal = |error: serde_json::Error| Error::Internal(error.to_string());
    let data = serde_json::to_string(value).map_err(internal)?;
    let record = Record {
        sum: Key::digest(&data).as_str().to_owned(),
        data,
    };
    let bytes = serde_json::to_vec(&record).map_err(internal)?;
    atomic::write(&path(folder, key), &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_noticed_and_mended() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let key = Key::digest("x");
        let item = Item {
            texts: vec!["1,240 houses".into()],
            ..Item::default()
        };
        assert_eq!(folder.find(&key), None);
        folder.keep(&key, &item).unwrap();
        assert_eq!(folder.find(&key), Some(item.clone()));

        let file = path(&folder.items, &key);
        let bytes = std::fs::read_to_string(&file).unwrap();
        for damaged in [
            bytes.replace("1,240", "1,241"),
            bytes[..20].to_owned(),
            String::new(),
        ] {
            std::fs::write(&file, damaged).unwrap();
            assert_eq!(folder.find(&key), None);
        }
        folder.keep(&key, &item).unwrap();
        assert_eq!(Folder::open(place.path()).unwrap().find(&key), Some(item));
    }
}
