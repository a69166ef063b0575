//! Reads JSON Feed: finds the spans of its strings.

mod strings;

use serde::de::IgnoredAny;

use super::lines::{Fault, Lines};
use super::{Context, Dialect, Entry, Feed, Field, Mark, Role, date, is_german};
use crate::document::Format;
use crate::error::{Error, Result};
use strings::{Found, Key, Strings};

/// Reads a feed in JSON. JSON that breaks off is read as far as it goes.
///
/// # Errors
/// [`Error::Malformed`] when it has neither a version nor items of JSON Feed.
pub(super) fn read(source: String) -> Result<Feed> {
    let start = source.len() - source.trim_start_matches('\u{feff}').len();
    let json = source.get(start..).unwrap_or("");
    let fault = serde_json::from_str::<IgnoredAny>(json)
        .err()
        .map(|error| Fault {
            line: error.line(),
            message: {
                let message = error.to_string();
                let fault = message.split(" at line ").next().unwrap_or_default();
                format!("not JSON: {fault}")
            },
        });
    let mut reading = Reading {
        lines: Lines::of(&source),
        head: Entry::at(1),
        items: Vec::new(),
        last: None,
        is_feed: false,
    };
    for found in Strings::of(&source, start) {
        reading.take(found);
    }
    let Reading {
        head,
        mut items,
        is_feed,
        ..
    } = reading;
    if !is_feed {
        return Err(Error::Malformed(match fault {
            Some(Fault { line, message }) => format!("line {line}: {message}"),
            None => "this JSON is no JSON Feed: it has no items".into(),
        }));
    }
    for item in &mut items {
        if item.id.is_none() {
            item.id = item.link.clone();
        }
    }
    Ok(Feed {
        source,
        dialect: Dialect::Json,
        head,
        items,
        faults: fault.into_iter().collect(),
    })
}

struct Reading<'a> {
    lines: Lines<'a>,
    head: Entry,
    items: Vec<Entry>,
    /// Place in the array of the last of the items.
    last: Option<usize>,
    is_feed: bool,
}

impl Reading<'_> {
    fn take(&mut self, found: Found) {
        match found.path.as_slice() {
            [Key::Name(name)] => {
                self.is_feed |= name == "version" && found.text.contains("jsonfeed.org/version");
                let name = name.clone();
                Self::note(&mut self.head, &name, found);
            }
            [Key::Name(list), Key::Index(index), rest @ ..] if list == "items" => {
                self.is_feed = true;
                if self.last != Some(*index) {
                    self.last = Some(*index);
                    let line = self.lines.line(found.span.start);
                    self.items.push(Entry::at(line));
                }
                let Some(item) = self.items.last_mut() else {
                    return;
                };
                match rest {
                    [Key::Name(name)] => {
                        let name = name.clone();
                        Self::note(item, &name, found);
                    }
                    [Key::Name(list), Key::Index(_)] if list == "tags" => {
                        item.fields
                            .extend(field(Role::Category, Format::Text, found));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn note(entry: &mut Entry, name: &str, found: Found) {
        match name {
            "title" => entry.fields.extend(field(Role::Title, Format::Text, found)),
            "summary" | "description" => {
                entry
                    .fields
                    .extend(field(Role::Summary, Format::Text, found));
            }
            "content_text" => {
                entry
                    .fields
                    .extend(field(Role::Content, Format::Text, found));
            }
            "content_html" => {
                entry
                    .fields
                    .extend(field(Role::Content, Format::Html, found));
            }
            "language" if is_german(&found.text) => entry.marks.push(Mark { span: found.span }),
            "id" => entry.id = Some(found.text),
            "url" => entry.link = Some(found.text),
            "date_published" | "date_modified" => {
                entry.date = entry.date.max(date::read(&found.text));
            }
            _ => {}
        }
    }
}

fn field(role: Role, format: Format, found: Found) -> Option<Field> {
    (!found.text.trim().is_empty()).then_some(Field {
        role,
        format,
        text: found.text,
        span: found.span,
        context: Context::Json,
    })
}
