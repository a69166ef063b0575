//! The zip archive around the parts of a Word file.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::error::{Error, Result};

/// Files of an archive at most.
const MOST_FILES: usize = 4096;
/// Bytes of all parts with text at most, once unpacked: many times what a book
/// has. Other parts are never unpacked.
pub const LARGEST_TEXT: usize = 32 * 1024 * 1024;

/// A part with text.
#[derive(Debug)]
pub struct Part {
    pub name: String,
    pub xml: String,
}

/// Whether a part has text that people read.
fn has_text(name: &str) -> bool {
    let Some(name) = name
        .strip_prefix("word/")
        .and_then(|name| name.strip_suffix(".xml"))
    else {
        return false;
    };
    matches!(name, "document" | "footnotes" | "endnotes")
        || ["header", "footer"].iter().any(|kind| {
            name.strip_prefix(kind)
                .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        })
}

fn malformed(_: impl std::fmt::Display) -> Error {
    // Messages of the archive name files in it.
    Error::Malformed("the file is no Word file: its archive cannot be read".into())
}

/// The parts with text.
///
/// # Errors
/// As [`super::Docx::read`].
pub fn read(file: &[u8]) -> Result<Vec<Part>> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(malformed)?;
    if archive.len() > MOST_FILES {
        return Err(Error::TooLarge {
            what: "the number of files in the document",
            actual: archive.len(),
            limit: MOST_FILES,
        });
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut left = LARGEST_TEXT;
    for index in 0..archive.len() {
        let name = {
            let raw = archive.by_index_raw(index).map_err(malformed)?;
            raw.name().map_err(malformed)?.into_owned()
        };
        if !has_text(&name) {
            continue;
        }
        let mut xml = Vec::new();
        // What the archive says of sizes may be wrong; what comes out counts.
        archive
            .by_index(index)
            .map_err(malformed)?
            .take(left as u64 + 1)
            .read_to_end(&mut xml)
            .map_err(malformed)?;
        left = left.checked_sub(xml.len()).ok_or(Error::TooLarge {
            what: "the text of the document",
            actual: LARGEST_TEXT + 1,
            limit: LARGEST_TEXT,
        })?;
        let xml = String::from_utf8(xml)
            .map_err(|_| Error::Malformed("the text of the document is not UTF-8".into()))?;
        let xml = match xml.strip_prefix('\u{feff}') {
            Some(bare) => bare.to_owned(),
            None => xml,
        };
        parts.push(Part { name, xml });
    }
    if !parts.iter().any(|part| part.name == "word/document.xml") {
        return Err(Error::Malformed(
            "the file is no Word file: there is no document in it".into(),
        ));
    }
    Ok(parts)
}

/// The archive with other parts in the places of those with text.
///
/// # Errors
/// [`Error::Internal`] when it cannot be written.
pub fn write(file: &[u8], parts: &[(&str, String)]) -> Result<Vec<u8>> {
    let internal = |error: zip::result::ZipError| Error::Internal(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(malformed)?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(file.len())));
    let mut parts = parts.iter().peekable();
    for index in 0..archive.len() {
        let raw = archive.by_index_raw(index).map_err(malformed)?;
        let name = raw.name().map_err(malformed)?.into_owned();
        // In the order in which they were read.
        match parts.next_if(|(part, _)| *part == name) {
            Some((name, xml)) => {
                drop(raw);
                writer
                    .start_file(*name, SimpleFileOptions::default())
                    .map_err(internal)?;
                writer
                    .write_all(xml.as_bytes())
                    .map_err(|error| Error::Internal(error.to_string()))?;
            }
            None => writer.raw_copy_file(raw).map_err(internal)?,
        }
    }
    Ok(writer.finish().map_err(internal)?.into_inner())
}
