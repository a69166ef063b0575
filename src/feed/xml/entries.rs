//! What is known of a feed and its items while they are read.

use super::capture::{Capture, Kind, Text, Written};
use super::unescape::unescape;
use crate::feed::tag::Attribute;
use crate::feed::vocabulary::{Meaning, Place};
use crate::feed::{Context, Entry, Field, Mark, Role, date, guess_format, is_german};
use crate::span::Span;

/// The head of a feed and its items, in the order of the source.
pub(super) struct Entries {
    pub head: Entry,
    pub items: Vec<Entry>,
    item: Option<Entry>,
}

impl Entries {
    pub fn begin() -> Self {
        Entries {
            head: Entry::at(1),
            items: Vec::new(),
            item: None,
        }
    }

    pub fn begin_item(&mut self, line: usize) {
        self.item = Some(Entry::at(line));
    }

    /// The item or head that an element belongs to.
    fn entry(&mut self, place: Place) -> &mut Entry {
        match (&mut self.item, place) {
            (Some(item), Place::Item) => item,
            _ => &mut self.head,
        }
    }

    /// Takes from the attributes of an element what they say of its entry.
    pub fn note(&mut self, meaning: Meaning, place: Place, attributes: &[Attribute<'_>]) {
        let value = |name: &str| {
            let mut found = attributes.iter().filter(|found| found.name == name);
            found.next().copied()
        };
        match meaning {
            Meaning::Head => self.mark(Place::Head, attributes),
            Meaning::Item => {
                self.mark(Place::Item, attributes);
                if let Some(about) = value("rdf:about") {
                    self.entry(Place::Item).id = Some(unescape(about.value).into_owned());
                }
            }
            Meaning::Text(Role::Category) => {
                if let Some(label) = value("label").filter(|label| !label.value.is_empty()) {
                    let field = Field {
                        role: Role::Category,
                        format: crate::document::Format::Text,
                        text: unescape(label.value).into_owned(),
                        span: label.span,
                        context: Context::Attribute,
                    };
                    self.entry(place).fields.push(field);
                }
            }
            Meaning::Text(_) => self.mark(place, attributes),
            Meaning::Link => {
                let is_page = value("rel").is_none_or(|rel| rel.value == "alternate");
                if let (true, Some(href)) = (is_page, value("href")) {
                    let entry = self.entry(place);
                    entry
                        .link
                        .get_or_insert_with(|| unescape(href.value).into_owned());
                }
            }
            Meaning::Language | Meaning::Id | Meaning::Date | Meaning::Unknown => {}
        }
    }

    pub fn mark(&mut self, place: Place, attributes: &[Attribute<'_>]) {
        let marks = attributes
            .iter()
            .filter(|found| found.name == "xml:lang" && is_german(found.value))
            .map(|found| Mark { span: found.span });
        self.entry(place).marks.extend(marks);
    }

    /// A text has been read to its end.
    pub fn take(&mut self, source: &str, capture: Capture, end: usize) {
        let Written {
            text,
            span,
            context,
        } = capture.written(source, end);
        let trimmed = text.trim();
        let is_item = capture.place == Place::Item;
        match capture.kind {
            Kind::Text { role, format } => {
                if trimmed.is_empty() {
                    return;
                }
                let format = match (format, context) {
                    (_, Context::Markup) => crate::document::Format::Html,
                    (Text::Stated(format), _) => format,
                    (Text::Guessed, _) => guess_format(&text),
                };
                let field = Field {
                    role,
                    format,
                    text,
                    span,
                    context,
                };
                self.entry(capture.place).fields.push(field);
            }
            Kind::Language => {
                let at = span.of(source).find(trimmed);
                if let Some(at) = at.filter(|_| is_german(trimmed)) {
                    let start = span.start + at;
                    let span = Span::new(start, start + trimmed.len());
                    self.entry(capture.place).marks.push(Mark { span });
                }
            }
            Kind::Id if is_item && !trimmed.is_empty() => {
                self.entry(capture.place).id = Some(trimmed.to_owned());
            }
            Kind::Link if is_item && !trimmed.is_empty() => {
                let entry = self.entry(capture.place);
                entry.link.get_or_insert_with(|| trimmed.to_owned());
            }
            Kind::Date if is_item => {
                let entry = self.entry(capture.place);
                entry.date = entry.date.max(date::read(trimmed));
            }
            Kind::Id | Kind::Link | Kind::Date => {}
        }
    }

    pub fn end_item(&mut self) {
        if let Some(mut item) = self.item.take().filter(|item| !item.is_blank()) {
            if item.id.is_none() {
                item.id = item.link.clone();
            }
            self.items.push(item);
        }
    }
}
