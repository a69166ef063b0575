//! `depesche models`: what there is, fetch it, verify it, where it is.

use std::io::Write;

use clap::Subcommand;
use indicatif::DecimalBytes;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::model::fetch::{Cache, Progress};
use crate::model::manifest::{Architecture, Entry, Manifest};

/// Models and their files
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// List the models of the manifest and whether their files are here
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Fetch a model, or go on where an earlier attempt stopped; a damaged one is replaced
    Pull {
        /// Name or alias [default: that of --model]
        name: Option<String>,
    },
    /// Compare the files of a model with their checksums; without a name, of all that are here
    Verify {
        /// Name, alias or path
        name: Option<String>,
    },
    /// Print where a model is, or will be; fails when it is not there
    Path {
        /// Name or alias [default: that of --model]
        name: Option<String>,
    },
}

/// A line of `models list --json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Row<'a> {
    name: &'a str,
    aliases: &'a [String],
    summary: &'a str,
    architecture: Option<Architecture>,
    /// Bytes.
    size: Option<u64>,
    licence: Option<&'a str>,
    licence_url: Option<&'a str>,
    present: bool,
    path: String,
}

/// Runs the command, on the model `chosen` where it names none; results go to
/// `out`, progress to `progress`.
///
/// # Errors
/// Those of [`Manifest::resolve`], [`Cache::ensure`] and [`Cache::verify`], and
/// [`Error::Io`] when `out` cannot be written.
pub fn run(
    command: &Command,
    chosen: &str,
    (manifest, cache): (&Manifest, &Cache),
    progress: &dyn Progress,
    out: &mut dyn Write,
) -> Result<()> {
    let resolve = |name: &Option<String>| manifest.resolve(name.as_deref().unwrap_or(chosen));
    match command {
        Command::List { json } => list(manifest, cache, *json, out),
        Command::Pull { name } => pull(&resolve(name)?, cache, progress, out),
        Command::Verify { name: Some(name) } => {
            verify(&manifest.resolve(name)?, cache, progress, out)
        }
        Command::Verify { name: None } => verify_all(manifest, cache, progress, out),
        Command::Path { name } => path(&resolve(name)?, cache, out),
    }
}

fn list(manifest: &Manifest, cache: &Cache, json: bool, out: &mut dyn Write) -> Result<()> {
    let rows: Vec<Row<'_>> = manifest
        .entries()
        .iter()
        .map(|entry| row(entry, cache))
        .collect();
    if json {
        let text = serde_json::to_string_pretty(&rows)
            .map_err(|error| Error::Internal(error.to_string()))?;
        return say(out, &text);
    }
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    for row in rows {
        let size = row
            .size
            .map_or("?".to_owned(), |size| DecimalBytes(size).to_string());
        let state = if row.present { "here" } else { "not here" };
        let aliases = match row.aliases {
            [] => String::new(),
            aliases => format!(" [{}]", aliases.join(", ")),
        };
        say(
            out,
            &format!(
                "{:width$}  {size:>9}  {state:8}  {}{aliases} ({})",
                row.name,
                row.summary,
                row.licence.unwrap_or("licence unknown")
            ),
        )?;
    }
    Ok(())
}

fn row<'a>(entry: &'a Entry, cache: &Cache) -> Row<'a> {
    let licence = entry.licence.as_ref();
    Row {
        name: &entry.name,
        aliases: &entry.aliases,
        summary: &entry.summary,
        architecture: entry.architecture,
        size: entry.size(),
        licence: licence.map(|licence| licence.name.as_str()),
        licence_url: licence.map(|licence| licence.url.as_str()),
        present: cache.is_present(entry),
        path: cache.path(entry).display().to_string(),
    }
}

fn pull(entry: &Entry, cache: &Cache, progress: &dyn Progress, out: &mut dyn Write) -> Result<()> {
    // What has just been fetched has been verified on the way.
    if cache.is_present(entry) {
        match cache.verify(entry, progress) {
            Err(Error::Corrupt(fault)) => {
                cache.discard(entry)?;
                if cache.is_present(entry) {
                    let path = cache.path(entry).display().to_string();
                    return Err(Error::Corrupt(format!(
                        "{fault}; Depesche never writes there, so please delete {path}"
                    )));
                }
                progress.say(&format!("{fault}; fetching it anew"));
            }
            Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
    let path = cache.ensure(entry, progress)?;
    say(out, &path.display().to_string())
}

fn verify(
    entry: &Entry,
    cache: &Cache,
    progress: &dyn Progress,
    out: &mut dyn Write,
) -> Result<()> {
    for file in cache.verify(entry, progress)? {
        let verdict = if file.compared {
            "ok"
        } else {
            "no checksum known"
        };
        say(
            out,
            &format!("{}  {}  {verdict}", file.sha256, file.path.display()),
        )?;
    }
    Ok(())
}

fn verify_all(
    manifest: &Manifest,
    cache: &Cache,
    progress: &dyn Progress,
    out: &mut dyn Write,
) -> Result<()> {
    let mut here = manifest
        .entries()
        .iter()
        .filter(|entry| cache.is_present(entry))
        .peekable();
    if here.peek().is_none() {
        return say(out, "no model is here");
    }
    // One damaged model must not hide another.
    let faults: Vec<Error> = here
        .filter_map(|entry| verify(entry, cache, progress, out).err())
        .collect();
    match faults.as_slice() {
        [] => Ok(()),
        [only] => Err(only.clone()),
        several => {
            let several: Vec<String> = several.iter().map(Error::to_string).collect();
            Err(Error::Corrupt(several.join("; ")))
        }
    }
}

fn path(entry: &Entry, cache: &Cache, out: &mut dyn Write) -> Result<()> {
    say(out, &cache.path(entry).display().to_string())?;
    if cache.is_present(entry) {
        Ok(())
    } else {
        Err(Error::Fetch(format!(
            "{} is not there yet; `depesche models pull {}` fetches it",
            entry.name, entry.name
        )))
    }
}

fn say(out: &mut dyn Write, line: &str) -> Result<()> {
    writeln!(out, "{line}").map_err(|error| Error::io("cannot write the result", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fetch::progress::Silent;

    fn printed(command: Command, folder: &tempfile::TempDir) -> (Result<()>, String) {
        let (manifest, cache) = (Manifest::embedded().unwrap(), Cache::at(folder.path()));
        let mut out = Vec::new();
        let result = run(&command, "fast", (&manifest, &cache), &Silent, &mut out);
        (result, String::from_utf8(out).unwrap())
    }

    #[test]
    fn lists_every_model_for_people_and_for_programs() {
        let folder = tempfile::tempdir().unwrap();
        let (done, table) = printed(Command::List { json: false }, &folder);
        assert!(done.is_ok());
        let (done, json) = printed(Command::List { json: true }, &folder);
        assert!(done.is_ok());
        let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(rows.len(), table.lines().count());
        for (row, line) in rows.iter().zip(table.lines()) {
            assert!(line.starts_with(row["name"].as_str().unwrap()), "{line}");
            assert!(line.contains("not here"), "{line}");
            assert_eq!(row["present"], false);
        }
    }

    #[test]
    fn a_path_is_printed_even_where_nothing_is_yet() {
        let folder = tempfile::tempdir().unwrap();
        let (result, path) = printed(Command::Path { name: None }, &folder);
        assert!(path.contains("gemma"), "{path}");
        assert!(
            path.starts_with(&folder.path().display().to_string()),
            "{path}"
        );
        assert_eq!(result.unwrap_err().code().entry().exit, 1);
        let name = Some("gpt".to_owned());
        let (result, path) = printed(Command::Path { name }, &folder);
        assert_eq!(
            (result.unwrap_err().code().entry().exit, path.as_str()),
            (2, "")
        );
    }

    /// A damaged file where Depesche does not write cannot be fetched anew.
    #[test]
    fn a_damaged_file_of_the_users_is_named_and_not_called_good() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("models.toml");
        let digest = "0".repeat(64);
        let text = format!(
            r#"
            [[model]]
            name = "mine"
            aliases = ["default"]
            summary = "A file of the user's"
            architecture = "qwen2"
            [[model.files]]
            name = "mine.gguf"
            size = 3
            sha256 = "{digest}"
            [model.source]
            kind = "folder"
            path = "weights"
            [model.prompt]
            template = "{{source}}"
            end = ["</s>"]
            "#
        );
        std::fs::write(&manifest, text).unwrap();
        std::fs::create_dir(folder.path().join("weights")).unwrap();
        std::fs::write(folder.path().join("weights/mine.gguf"), "abc").unwrap();
        let manifest = Manifest::open(Some(&manifest)).unwrap();
        let cache = Cache::at(folder.path().join("cache"));
        let command = Command::Pull { name: None };
        let result = run(
            &command,
            "mine",
            (&manifest, &cache),
            &Silent,
            &mut Vec::new(),
        );
        let message = result.unwrap_err().to_string();
        assert!(
            message.contains("mine.gguf") && message.contains("delete"),
            "{message}"
        );
    }

    #[test]
    fn verifies_a_file_of_the_users_and_says_that_it_has_no_checksum() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.gguf");
        std::fs::write(&file, "abc").unwrap();
        let name = Some(file.display().to_string());
        let (result, line) = printed(Command::Verify { name }, &folder);
        assert!(result.is_ok());
        assert!(
            line.starts_with("ba7816bf") && line.ends_with("no checksum known\n"),
            "{line}"
        );
        let (result, line) = printed(Command::Verify { name: None }, &folder);
        assert!(result.is_ok());
        assert_eq!(line, "no model is here\n");
    }
}
