//! Where the store is: a file, a PostgreSQL server, or nowhere.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Name of the file in the data folder.
const FILE: &str = "depesche.db";

/// A place for jobs and memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// Nothing is kept.
    Off,
    /// One file, with its log beside it.
    Sqlite(PathBuf),
    /// A URL, which may hold a password and is never shown.
    Postgres(String),
}

impl Address {
    /// Reads a setting: `off`, `sqlite:PATH` or `postgres://…`; without one it
    /// is a file in the data folder, by default the user's.
    ///
    /// # Errors
    /// [`Error::Config`] for anything else, and when there is no data folder.
    pub fn read(database: Option<&str>, data: Option<&Path>) -> Result<Self> {
        match database.map(str::trim) {
            None | Some("") => {
                let folder = match data {
                    Some(folder) => folder.to_owned(),
                    None => dirs::data_local_dir()
                        .map(|folder| folder.join("depesche"))
                        .ok_or_else(|| {
                            Error::Config(
                                "there is no data folder for the store: name one with --data, \
                                 or leave the store out with --database off"
                                    .into(),
                            )
                        })?,
                };
                Ok(Address::Sqlite(folder.join(FILE)))
            }
            Some("off") => Ok(Address::Off),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(Address::Postgres(url.to_owned()))
            }
            Some(url) => match url.strip_prefix("sqlite:") {
                Some(path) if !path.trim_start_matches('/').is_empty() => {
                    let path = path.strip_prefix("//").unwrap_or(path);
                    Ok(Address::Sqlite(PathBuf::from(path)))
                }
                // Without the value, which may hold a password.
                _ => Err(Error::Config(
                    "the database must be off, sqlite:PATH or postgres://…".into(),
                )),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_name_a_file_a_server_or_nothing() {
        let read = |setting| Address::read(Some(setting), Some(Path::new("/data")));
        let file = |path: &str| Address::Sqlite(path.into());
        assert_eq!(read("off").expect("valid"), Address::Off);
        assert_eq!(read("").expect("valid"), file("/data/depesche.db"));
        assert_eq!(read("sqlite:a.db").expect("valid"), file("a.db"));
        assert_eq!(read("sqlite:/a.db").expect("valid"), file("/a.db"));
        assert_eq!(read("sqlite:///a.db").expect("valid"), file("/a.db"));
        let url = "postgres://desk:secret@host/depesche";
        assert_eq!(read(url).expect("valid"), Address::Postgres(url.into()));
        for wrong in ["mysql://desk:secret@host/x", "sqlite:", "/a.db"] {
            let error = read(wrong).expect_err("not valid").to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
