//! What a command prints.

use std::io::{self, Write};

use crate::error::{Error, Result};

/// Prints a result on standard output, with a line end if it has none; an empty
/// one stays empty. A reader that has gone (`depesche … | head`) has had all it wanted.
///
/// # Errors
/// [`Error::Io`] when standard output cannot be written for another reason.
pub fn print(text: &str) -> Result<()> {
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    copy(&[text, end])
}

/// Prints texts as they are, to the byte; otherwise as [`print()`].
///
/// # Errors
/// Those of [`print()`].
pub fn copy(texts: &[&str]) -> Result<()> {
    let mut out = io::stdout().lock();
    let written = texts
        .iter()
        .try_for_each(|text| out.write_all(text.as_bytes()))
        .and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io("writing standard output", error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Says something on standard error; nobody may be listening.
pub fn complain(text: &str) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    write!(io::stderr().lock(), "{text}{end}").ok();
}
