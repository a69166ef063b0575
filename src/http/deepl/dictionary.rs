//! What clients send and read of stored glossaries.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::languages::Side;
use super::request::{not_specified, not_supported};
use crate::error::Result;
use crate::glossaries::Stored;
use crate::terms::{self, Entry, Separator};

/// Characters of a name at most.
const LONGEST_NAME: usize = 1024;

/// German into English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    source_lang: &'static str,
    target_lang: &'static str,
}

impl Default for Pair {
    fn default() -> Self {
        Pair {
            source_lang: "de",
            target_lang: "en",
        }
    }
}

/// The fields that name a pair of languages.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PairRequest {
    source_lang: Option<String>,
    target_lang: Option<String>,
}

impl PairRequest {
    /// # Errors
    /// [`Error::Malformed`](crate::error::Error::Malformed) for any other pair.
    pub fn check(&self) -> Result<()> {
        for (name, code, side) in [
            ("source_lang", &self.source_lang, Side::Source),
            ("target_lang", &self.target_lang, Side::Target),
        ] {
            match code.as_deref() {
                None | Some("") => return Err(not_specified(name)),
                Some(code) if side.knows(code) => {}
                Some(_) => return Err(not_supported(name)),
            }
        }
        Ok(())
    }
}

/// The fields of a dictionary.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DictionaryRequest {
    source_lang: Option<String>,
    target_lang: Option<String>,
    entries: Option<String>,
    entries_format: Option<String>,
}

impl DictionaryRequest {
    /// # Errors
    /// [`Error::Malformed`](crate::error::Error::Malformed), in DeepL's words
    /// for fields that are missing or ask for what there is not.
    pub fn read(self) -> Result<Vec<Entry>> {
        let pair = PairRequest {
            source_lang: self.source_lang,
            target_lang: self.target_lang,
        };
        pair.check()?;
        let separator = match self.entries_format.as_deref() {
            Some("tsv") => Separator::Tab,
            Some("csv") => Separator::Comma,
            None | Some("") => return Err(not_specified("entries_format")),
            Some(_) => return Err(not_supported("entries_format")),
        };
        let entries = self
            .entries
            .filter(|entries| !entries.trim().is_empty())
            .ok_or_else(|| not_specified("entries"))?;
        terms::read_table(&entries, separator)
    }
}

/// The fields of `POST /v2/glossaries`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CreateRequest {
    name: Option<String>,
    source_lang: Option<String>,
    target_lang: Option<String>,
    entries: Option<String>,
    entries_format: Option<String>,
}

impl CreateRequest {
    /// Name and entries.
    ///
    /// # Errors
    /// As [`DictionaryRequest::read`].
    pub fn read(self) -> Result<(String, Vec<Entry>)> {
        let name = named(self.name.as_deref())?;
        let dictionary = DictionaryRequest {
            source_lang: self.source_lang,
            target_lang: self.target_lang,
            entries: self.entries,
            entries_format: self.entries_format,
        };
        Ok((name, dictionary.read()?))
    }
}

/// The fields of `POST` and `PATCH` of version 3.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MultilingualRequest {
    name: Option<String>,
    dictionaries: Vec<DictionaryRequest>,
    /// Forms have `dictionaries[0].source_lang` and so on.
    #[serde(flatten)]
    others: Map<String, Value>,
}

impl MultilingualRequest {
    /// # Errors
    /// [`Error::Malformed`](crate::error::Error::Malformed) without one.
    pub fn required_name(&self) -> Result<String> {
        named(self.name.as_deref())
    }

    pub fn given_name(&self) -> Option<String> {
        named(self.name.as_deref()).ok()
    }

    /// The entries of all dictionaries; `None` when there are none.
    ///
    /// # Errors
    /// As [`DictionaryRequest::read`].
    pub fn entries(mut self) -> Result<Option<Vec<Entry>>> {
        self.dictionaries.extend(flat(self.others));
        if self.dictionaries.is_empty() {
            return Ok(None);
        }
        let mut entries = Vec::new();
        for dictionary in self.dictionaries {
            entries.extend(dictionary.read()?);
        }
        Ok(Some(entries))
    }
}

/// The dictionaries of a form, in the order of their numbers.
fn flat(fields: Map<String, Value>) -> impl Iterator<Item = DictionaryRequest> {
    let mut dictionaries: BTreeMap<usize, DictionaryRequest> = BTreeMap::new();
    for (name, value) in fields {
        let place = name
            .strip_prefix("dictionaries[")
            .and_then(|rest| rest.split_once("]."))
            .and_then(|(number, field)| Some((number.parse().ok()?, field)));
        let (Some((number, field)), Value::String(value)) = (place, value) else {
            continue;
        };
        let dictionary = dictionaries.entry(number).or_default();
        match field {
            "source_lang" => dictionary.source_lang = Some(value),
            "target_lang" => dictionary.target_lang = Some(value),
            "entries" => dictionary.entries = Some(value),
            "entries_format" => dictionary.entries_format = Some(value),
            _ => {}
        }
    }
    dictionaries.into_values()
}

fn named(name: Option<&str>) -> Result<String> {
    let name = name.unwrap_or_default().trim();
    if name.is_empty() {
        return Err(not_specified("name"));
    }
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(not_supported("name"));
    }
    Ok(name.to_owned())
}

/// What a glossary has, with new entries in the place of those with the same
/// source.
pub fn merged(old: &Stored, new: Vec<Entry>) -> Vec<Entry> {
    let sources: std::collections::HashSet<&str> =
        new.iter().map(|entry| entry.source.trim()).collect();
    let kept = old
        .entries()
        .filter(|entry| !sources.contains(entry.source.as_str()))
        .cloned()
        .collect::<Vec<_>>();
    kept.into_iter().chain(new).collect()
}

/// A glossary as version 2 tells of it.
#[derive(Debug, Serialize)]
pub struct Info<'a> {
    glossary_id: &'a str,
    name: &'a str,
    ready: bool,
    #[serde(flatten)]
    pair: Pair,
    creation_time: &'a str,
    entry_count: usize,
}

impl<'a> Info<'a> {
    pub fn of(stored: &'a Stored) -> Self {
        Info {
            glossary_id: &stored.id,
            name: &stored.name,
            ready: true,
            pair: Pair::default(),
            creation_time: &stored.created,
            entry_count: stored.entries().len(),
        }
    }
}

/// A glossary as version 3 tells of it.
#[derive(Debug, Serialize)]
pub struct MultilingualInfo<'a> {
    glossary_id: &'a str,
    name: &'a str,
    creation_time: &'a str,
    dictionaries: Vec<Dictionary>,
}

/// How many terms there are.
#[derive(Debug, Serialize)]
pub struct Dictionary {
    #[serde(flatten)]
    pair: Pair,
    entry_count: usize,
}

impl<'a> MultilingualInfo<'a> {
    pub fn of(stored: &'a Stored) -> Self {
        MultilingualInfo {
            glossary_id: &stored.id,
            name: &stored.name,
            creation_time: &stored.created,
            dictionaries: Some(Dictionary::of(stored))
                .filter(|dictionary| dictionary.entry_count > 0)
                .into_iter()
                .collect(),
        }
    }
}

impl Dictionary {
    pub fn of(stored: &Stored) -> Self {
        Dictionary {
            pair: Pair::default(),
            entry_count: stored.entries().len(),
        }
    }
}

/// The terms themselves, as version 3 has them.
#[derive(Debug, Serialize)]
pub struct Entries {
    #[serde(flatten)]
    pair: Pair,
    entries: String,
    entries_format: &'static str,
}

impl Entries {
    pub fn of(stored: &Stored) -> Self {
        Entries {
            pair: Pair::default(),
            entries: tsv(stored),
            entries_format: "tsv",
        }
    }
}

/// A term a line, a tab between German and English; what is not translated has
/// the same on both sides, as these clients write it.
pub fn tsv(stored: &Stored) -> String {
    let rows: Vec<String> = stored
        .entries()
        .map(|entry| {
            let english = entry.target.as_ref().unwrap_or(&entry.source);
            format!("{}\t{english}", entry.source)
        })
        .collect();
    rows.join("\n")
}
