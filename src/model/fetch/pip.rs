//! Python's package installer, used for one thing: to download a wheel from
//! whatever index the user's machine is set up for.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use regex::Regex;

use super::fault;
use crate::error::{Error, Result};
use crate::model::manifest::Wheel;

/// Tried in this order when the user names none.
const CANDIDATES: [&str; 3] = ["python3 -m pip", "pip3", "pip"];

/// A command that runs pip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pip {
    words: Vec<String>,
}

impl Pip {
    /// The wanted command, or the first candidate that works.
    pub fn find(wanted: Option<&str>) -> Result<Self> {
        let commands: Vec<&str> = wanted.map_or(CANDIDATES.to_vec(), |command| vec![command]);
        commands
            .iter()
            .map(|command| Pip::from_words(command))
            .find(Pip::works)
            .ok_or_else(|| {
                Error::Fetch(format!(
                    "Python's pip does the download, and {} did not run: install Python 3 with pip, or name \
                     the command in DEPESCHE_PIP, or put the model's files into a folder of your own and name \
                     it in DEPESCHE_MODEL_DIR",
                    commands.join(", ")
                ))
            })
    }

    /// A command line split at blanks, unless it is the path of a program.
    fn from_words(command: &str) -> Self {
        let words = if Path::new(command).is_file() {
            vec![command.to_owned()]
        } else {
            command.split_whitespace().map(str::to_owned).collect()
        };
        Pip { words }
    }

    fn works(&self) -> bool {
        self.command().is_some_and(|mut command| {
            command
                .arg("--version")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        })
    }

    fn command(&self) -> Option<Command> {
        let (program, arguments) = self.words.split_first()?;
        let mut command = Command::new(program);
        command.args(arguments);
        Some(command)
    }

    /// Downloads a wheel into an empty folder and returns where it is.
    pub fn download(&self, wheel: &Wheel, folder: &Path) -> Result<PathBuf> {
        let requirement = wheel.requirement();
        let mut command = self
            .command()
            .ok_or_else(|| Error::Config("the command for pip is empty".into()))?;
        command
            .args(["download", "--no-deps", "--only-binary", ":all:"])
            // pip's own cache would keep every piece a second time.
            .args([
                "--no-cache-dir",
                "--no-input",
                "--disable-pip-version-check",
                "--quiet",
            ])
            .arg("--dest")
            .arg(folder)
            .arg(&requirement)
            // Its unfinished downloads go to the disk whose space was checked,
            // and are swept away with the folder.
            .env("TMPDIR", folder)
            .stdin(Stdio::null());
        let output = command
            .output()
            .map_err(|error| Error::io(format!("cannot run {}", self.words.join(" ")), error))?;
        if !output.status.success() {
            return Err(explain(
                &requirement,
                folder,
                &String::from_utf8_lossy(&output.stderr),
            ));
        }
        find_wheel(folder)?.ok_or_else(|| {
            Error::Fetch(format!(
                "pip reported success but brought no wheel for {requirement}"
            ))
        })
    }
}

fn find_wheel(folder: &Path) -> Result<Option<PathBuf>> {
    let unreadable = |error| Error::io(format!("cannot read {}", folder.display()), error);
    for item in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = item.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "whl") {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// What pip's warnings say when it cannot reach an index, and what that means.
/// Its error then merely claims that it found no such package, which would
/// lead users astray.
const UNREACHABLE: [(&str, &str); 7] = [
    ("NameResolutionError", "its name does not resolve"),
    ("Name or service not known", "its name does not resolve"),
    ("Connection refused", "the connection was refused"),
    ("ProxyError", "the proxy failed"),
    ("SSLError", "its certificate was not accepted"),
    ("imed out", "it does not answer in time"),
    ("connection broken by", "the connection broke"),
];

/// Turns pip's complaint into an error that says what to do.
fn explain(requirement: &str, folder: &Path, complaint: &str) -> Error {
    if complaint.contains("No space left on device") {
        return fault::unwritable(folder, std::io::ErrorKind::StorageFull.into());
    }
    let unreachable = UNREACHABLE
        .iter()
        .find(|(sign, _)| complaint.contains(sign));
    let not_found = ["No matching distribution", "Could not find a version"]
        .iter()
        .any(|sign| complaint.contains(sign));
    Error::Fetch(match unreachable {
        Some((_, meaning)) => format!(
            "pip cannot reach its package index: {meaning}; check the network and the proxy settings and try \
             again, which goes on where it stopped"
        ),
        None if not_found => format!(
            "pip finds no {requirement}: its package index lacks it or cannot be reached; check the network \
             and pip's settings"
        ),
        None => format!(
            "pip could not download {requirement}: {}",
            condense(complaint)
        ),
    })
}

/// The last error in pip's output, on one short line and without addresses.
fn condense(complaint: &str) -> String {
    const LONGEST: usize = 200;
    static ADDRESS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"[a-z+]+://[^\s'\x22)]+|host='[^']*'|\b[Hh]ost [\w.-]+").ok());
    let lines = || {
        complaint
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
    };
    let line = lines()
        .rfind(|line| line.starts_with("ERROR:"))
        .or_else(|| lines().next_back())
        .unwrap_or("it gave no reason");
    let line = line.trim_start_matches("ERROR:").trim();
    let line = match ADDRESS.as_ref() {
        Some(address) => address.replace_all(line, "…").into_owned(),
        None => line.to_owned(),
    };
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_pip_it_says_how_to_get_on() {
        let error = Pip::find(Some("/nowhere/python3 -m pip"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("/nowhere/python3 -m pip did not run"),
            "{error}"
        );
        assert!(
            error.contains("DEPESCHE_PIP") && error.contains("DEPESCHE_MODEL_DIR"),
            "{error}"
        );
        assert!(Pip::find(Some(" ")).is_err());
    }

    #[test]
    fn a_lost_connection_is_not_blamed_on_the_package() {
        let complaint = "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<x>: \
                         Failed to establish a new connection: [Errno -2] Name or service not known')': /simple/a/\n\
                         ERROR: Could not find a version that satisfies the requirement a==1 (from versions: none)\n\
                         ERROR: No matching distribution found for a==1\n";
        let error = explain("a==1", Path::new("/cache"), complaint).to_string();
        assert!(error.contains("its name does not resolve"), "{error}");
        let error = explain(
            "a==1",
            Path::new("/cache"),
            "ERROR: No matching distribution found for a==1\n",
        )
        .to_string();
        assert!(error.contains("pip finds no a==1"), "{error}");
    }

    #[test]
    fn a_full_disk_is_recognised() {
        let complaint = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n";
        let error = explain("a==1", Path::new("/cache"), complaint).to_string();
        assert!(error.contains("the disk of /cache is full"), "{error}");
    }

    #[test]
    fn complaints_become_one_line_without_addresses() {
        for (complaint, line) in [
            ("", "it gave no reason"),
            ("note\nERROR: bad\nhint\n", "bad"),
            ("Traceback\n  KeyError: 3\n", "KeyError: 3"),
            (
                "ERROR: HTTP error 403 while getting https://user:word@index.example.org/a.whl (from x)",
                "HTTP error 403 while getting … (from x)",
            ),
            (
                "ERROR: Pool(host='index.example', port=443): gone",
                "Pool(…, port=443): gone",
            ),
        ] {
            assert_eq!(condense(complaint), line);
        }
        assert_eq!(condense(&"ä".repeat(500)).chars().count(), 201);
    }
}
