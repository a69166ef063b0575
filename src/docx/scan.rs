//! Finds the stretches in the XML of a part, in one linear pass.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::paragraph::{Child, Content, Stretch};
use crate::error::{Error, Result};

/// Elements inside each other at most.
const DEEPEST: usize = 256;

/// An element that is open.
#[derive(Debug)]
struct Open {
    name: String,
    start: usize,
    role: Role,
}

#[derive(Debug)]
enum Role {
    /// A paragraph: the stretches that have ended, and the children since.
    Paragraph(Vec<Child>),
    /// A child of a paragraph.
    Child(Draft),
    /// Anything else.
    Inner,
}

/// What is known of a child so far.
#[derive(Debug, Default)]
struct Draft {
    /// It holds what cannot be translated with the words around it.
    foreign: bool,
    /// It holds the mark of a note.
    marked: bool,
    /// Its start tag.
    open: String,
    text: String,
    /// The formatting of each run.
    formats: Vec<String>,
}

/// The stretches of a part, ascending and without overlap.
///
/// # Errors
/// [`Error::Malformed`] when the XML is not well formed, too deep, or declares
/// entities.
pub fn stretches(xml: &str) -> Result<Vec<Stretch>> {
    let mut scan = Scan {
        xml,
        open: Vec::new(),
        found: Vec::new(),
    };
    let mut reader = Reader::from_str(xml);
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|_| malformed("is no XML"))?;
        let range = start..reader.buffer_position() as usize;
        match event {
            Event::Start(tag) => scan.start(tag.name().as_ref(), range)?,
            Event::End(_) => scan.end(range.end)?,
            Event::Empty(tag) => {
                scan.start(tag.name().as_ref(), range.clone())?;
                scan.end(range.end)?;
            }
            Event::Text(_) => scan.text(xml.get(range).unwrap_or_default()),
            Event::GeneralRef(reference) => {
                let resolved = reference
                    .resolve_char_ref()
                    .map_err(|_| malformed("has a character that there is not"))?;
                let c = match (resolved, reference.as_ref()) {
                    (Some(c), _) => c,
                    (None, "lt") => '<',
                    (None, "gt") => '>',
                    (None, "amp") => '&',
                    (None, "apos") => '\'',
                    (None, "quot") => '"',
                    (None, _) => return Err(malformed("uses an entity")),
                };
                scan.text(c.encode_utf8(&mut [0; 4]));
            }
            Event::CData(_) => scan.spoil(),
            Event::DocType(_) => return Err(malformed("declares a document type")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if !scan.open.is_empty() {
        return Err(malformed("breaks off"));
    }
    scan.found.sort_by_key(|stretch| stretch.range.start);
    Ok(scan.found)
}

fn malformed(what: &str) -> Error {
    Error::Malformed(format!("the text of the document {what}"))
}

struct Scan<'a> {
    xml: &'a str,
    open: Vec<Open>,
    found: Vec<Stretch>,
}

impl Scan<'_> {
    fn start(&mut self, name: &str, tag: Range<usize>) -> Result<()> {
        if self.open.len() >= DEEPEST {
            return Err(malformed("is too deep"));
        }
        let is_child = matches!(
            self.open.last(),
            Some(Open {
                role: Role::Paragraph(_),
                ..
            })
        );
        let role = if name == "w:p" {
            // A box of text in a drawing: what holds it stays in its place.
            self.spoil();
            Role::Paragraph(Vec::new())
        } else if is_child {
            Role::Child(self.draft(name, &tag))
        } else {
            self.inner(name);
            Role::Inner
        };
        self.open.push(Open {
            name: name.to_owned(),
            start: tag.start,
            role,
        });
        Ok(())
    }

    fn draft(&self, name: &str, tag: &Range<usize>) -> Draft {
        let mut draft = Draft::default();
        match name {
            "w:r" => draft.formats.push(String::new()),
            "w:hyperlink" => draft.open = self.xml.get(tag.clone()).unwrap_or_default().to_owned(),
            "w:bookmarkStart"
            | "w:bookmarkEnd"
            | "w:proofErr"
            | "w:commentRangeStart"
            | "w:commentRangeEnd" => draft.marked = true,
            _ => draft.foreign = true,
        }
        draft
    }

    /// An element within a child.
    fn inner(&mut self, name: &str) {
        let in_format = self.in_format();
        let parent = self.open.last().map(|open| open.name.clone());
        let Some(draft) = self.child() else {
            return;
        };
        match (name, parent.as_deref()) {
            _ if in_format => {}
            ("w:r", Some("w:hyperlink")) => draft.formats.push(String::new()),
            ("w:rPr" | "w:t" | "w:lastRenderedPageBreak", Some("w:r")) => {}
            ("w:footnoteReference" | "w:endnoteReference" | "w:commentReference", Some("w:r")) => {
                draft.marked = true;
            }
            _ => draft.foreign = true,
        }
    }

    fn text(&mut self, text: &str) {
        if self.open.last().is_some_and(|open| open.name == "w:t")
            && let Some(draft) = self.child()
        {
            draft.text.push_str(text);
        }
    }

    fn end(&mut self, end: usize) -> Result<()> {
        let closed = self.open.pop().ok_or_else(|| malformed("is no XML"))?;
        let range = closed.start..end;
        match closed.role {
            Role::Paragraph(children) => self.found.extend(Stretch::of(children)),
            Role::Child(draft) => {
                let content = draft.content();
                let Some(Open {
                    role: Role::Paragraph(children),
                    ..
                }) = self.open.last_mut()
                else {
                    return Err(malformed("is no XML"));
                };
                match content {
                    Some(content) => children.push(Child { range, content }),
                    None => {
                        let ended = std::mem::take(children);
                        self.found.extend(Stretch::of(ended));
                    }
                }
            }
            Role::Inner => {
                if closed.name == "w:rPr" && !self.in_format() {
                    let format = self.xml.get(range).unwrap_or_default().to_owned();
                    if let Some(last) = self.child().and_then(|draft| draft.formats.last_mut()) {
                        *last = format;
                    }
                }
            }
        }
        Ok(())
    }

    /// The child of a paragraph that is open, unless a paragraph in it is.
    fn child(&mut self) -> Option<&mut Draft> {
        self.open
            .iter_mut()
            .rev()
            .find_map(|open| match &mut open.role {
                Role::Child(draft) => Some(Some(draft)),
                Role::Paragraph(_) => Some(None),
                Role::Inner => None,
            })
            .flatten()
    }

    fn spoil(&mut self) {
        if let Some(draft) = self.child() {
            draft.foreign = true;
        }
    }

    fn in_format(&self) -> bool {
        let inner = self.open.iter().rev();
        inner
            .take_while(|open| matches!(open.role, Role::Inner))
            .any(|open| open.name == "w:rPr")
    }
}

impl Draft {
    /// `None` when it ends a stretch.
    fn content(self) -> Option<Content> {
        let format = self.formats.first().cloned().unwrap_or_default();
        let uniform = self.formats.iter().all(|other| *other == format);
        let empty = self.text.is_empty();
        match (self.foreign, self.marked, self.open.is_empty()) {
            (true, ..) => None,
            (false, true, _) => empty.then_some(Content::Mark),
            (false, false, true) if empty => Some(Content::Mark),
            (false, false, true) => Some(Content::Text {
                format,
                text: self.text,
            }),
            (false, false, false) => (uniform && !empty).then_some(Content::Link {
                open: self.open,
                format,
                text: self.text,
            }),
        }
    }
}
