//! Word files (DOCX): the text of their paragraphs out as HTML, and its
//! translation back in.
//!
//! A Word file is a zip archive. Of the parts with text (`archive.rs`) the
//! paragraphs are read (`paragraph.rs`); everything else is copied as it is, byte
//! for byte. A *stretch* is what follows itself in a paragraph and can be
//! translated as a whole: runs of text, links, and marks such as those of
//! footnotes. It becomes a `<p>` whose inline elements are numbered, so that the
//! reader of HTML keeps all of them and puts them on the words that they belonged
//! to. Tabs, fields, drawings and changes that are tracked end a stretch and stay
//! where they are.

mod archive;
mod paragraph;
mod scan;

use crate::error::{Error, Result};
use archive::Part;
use paragraph::Stretch;

/// A Word file that was read.
#[derive(Debug)]
pub struct Docx {
    file: Vec<u8>,
    parts: Vec<(Part, Vec<Stretch>)>,
}

impl Docx {
    /// # Errors
    /// [`Error::Malformed`] when it is no Word file, is encrypted or declares
    /// entities, [`Error::TooLarge`] when its text is, once unpacked.
    pub fn read(file: Vec<u8>) -> Result<Self> {
        let parts = archive::read(&file)?
            .into_iter()
            .map(|part| {
                let stretches = scan::stretches(&part.xml)?;
                Ok((part, stretches))
            })
            .collect::<Result<_>>()?;
        Ok(Docx { file, parts })
    }

    /// A `<p>` for each stretch.
    pub fn html(&self) -> String {
        let stretches = self.parts.iter().flat_map(|(_, stretches)| stretches);
        stretches.map(|stretch| stretch.html() + "\n").collect()
    }

    /// The file with the translation of [`Docx::html`] in it.
    ///
    /// # Errors
    /// [`Error::Internal`] when the markup is not that of [`Docx::html`].
    pub fn render(&self, html: &str) -> Result<Vec<u8>> {
        let lost = || Error::Internal("the markup of a Word file got lost".into());
        let mut rest = html;
        let mut parts = Vec::with_capacity(self.parts.len());
        for (part, stretches) in &self.parts {
            let mut xml = String::with_capacity(part.xml.len());
            let mut at = 0;
            for stretch in stretches {
                let end = rest.find("</p>").ok_or_else(lost)? + "</p>".len();
                let (own, beyond) = rest.split_at(end);
                rest = beyond;
                let new = stretch.render(own.trim(), &part.xml).ok_or_else(lost)?;
                xml.push_str(part.xml.get(at..stretch.range.start).ok_or_else(lost)?);
                xml.push_str(&new);
                at = stretch.range.end;
            }
            xml.push_str(part.xml.get(at..).ok_or_else(lost)?);
            parts.push((part.name.as_str(), xml));
        }
        archive::write(&self.file, &parts)
    }
}

#[cfg(test)]
mod tests;
