//! Puts a translated item together for its readers.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde::{Deserialize, Serialize};

use super::{Context, Entry, Field, Item, Role};
use crate::document::Format;

/// How translations are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Style {
    /// The source follows its translation.
    pub bilingual: bool,
    /// The summary stands in place of descriptions and contents.
    pub summary: bool,
    /// A line at the end tells what became of the figures.
    pub figures_note: bool,
    /// A line at the end; `{link}` and `{model}` in it are filled in.
    pub attribution: Option<String>,
}

/// One item, its translation and how it is to be shown.
#[derive(Debug, Clone, Copy)]
pub struct Composition<'a> {
    pub entry: &'a Entry,
    pub item: &'a Item,
    pub style: &'a Style,
    pub model: &'a str,
}

impl Composition<'_> {
    /// The texts that come in the place of `fields`, those that the item is a
    /// translation of.
    pub fn texts(&self, fields: &[&Field]) -> Vec<String> {
        let is_body = |field: &&Field| matches!(field.role, Role::Summary | Role::Content);
        let last = fields.iter().rposition(is_body);
        fields
            .iter()
            .zip(&self.item.texts)
            .enumerate()
            .map(|(index, (field, translation))| {
                let mut text = self.text(field, translation);
                if Some(index) == last {
                    for line in self.lines() {
                        text = followed(field.format, &text, &line);
                    }
                }
                match field.context {
                    Context::Markup if !is_well_formed(&text) && is_well_formed(&field.text) => {
                        field.text.clone()
                    }
                    _ => text,
                }
            })
            .collect()
    }

    fn text(&self, field: &Field, translation: &str) -> String {
        let Style {
            bilingual, summary, ..
        } = *self.style;
        let is_body = matches!(field.role, Role::Summary | Role::Content);
        if summary && is_body && !self.item.summary.is_empty() {
            let summary = match field.format {
                Format::Html => paragraph(&self.item.summary),
                Format::Text | Format::Markdown => self.item.summary.clone(),
            };
            return match root(field) {
                Some(open) => format!("{open}{summary}</div>"),
                None => summary,
            };
        }
        if !bilingual || translation == field.text {
            return translation.to_owned();
        }
        match (field.format, field.role) {
            (Format::Html, Role::Summary | Role::Content) => match root(field) {
                Some(open) => format!("{open}{translation}<hr/>{}</div>", field.text),
                None => format!("{translation}<hr/>{}", field.text),
            },
            (_, Role::Summary | Role::Content) => format!("{translation}\n\n{}", field.text),
            (_, Role::Title | Role::Category) => {
                format!("{} / {}", translation.trim_end(), field.text.trim_start())
            }
        }
    }

    /// The lines at the end of an item.
    fn lines(&self) -> Vec<String> {
        let Item {
            figures,
            unresolved,
            ..
        } = *self.item;
        let note = self
            .style
            .figures_note
            .then(|| match (figures, unresolved) {
                (0, 0) => "Figures: none in this text.".to_owned(),
                (all, 0) => format!("Figures: all {all} accounted for."),
                (_, 1) => "Figures: 1 place needs a look; compare the original.".to_owned(),
                (_, open) => format!("Figures: {open} places need a look; compare the original."),
            });
        let attribution = self.style.attribution.as_ref().map(|line| {
            line.replace("{link}", self.entry.link.as_deref().unwrap_or(""))
                .replace("{model}", self.model)
        });
        note.into_iter().chain(attribution).collect()
    }
}

/// A text with a line after it.
fn followed(format: Format, text: &str, line: &str) -> String {
    match format {
        Format::Text | Format::Markdown => format!("{}\n\n{line}", text.trim_end()),
        Format::Html => {
            let line = paragraph(line);
            // An XHTML text has one root, which the line goes into.
            let end = text.trim_end();
            match end
                .strip_suffix("</div>")
                .filter(|_| text.trim_start().starts_with("<div"))
            {
                Some(inner) => format!("{inner}{line}</div>"),
                None => format!("{end}{line}"),
            }
        }
    }
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>", Context::Element.write(text))
}

/// The start tag of the `div` that Atom wants around XHTML.
fn root(field: &Field) -> Option<&str> {
    let text = field.text.trim_start();
    let end = text.find('>')?;
    let tag = text.get(..=end)?;
    (field.context == Context::Markup && tag.starts_with("<div") && !tag.ends_with("/>"))
        .then_some(tag)
}

/// Whether markup may stand inside an element of XML.
fn is_well_formed(markup: &str) -> bool {
    let mut reader = Reader::from_str(markup);
    let mut depth = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            // The reader compares the names.
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => return depth == 0,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn field(role: Role, format: Format, context: Context, text: &str) -> Field {
        Field {
            role,
            format,
            text: text.into(),
            span: Span::new(0, text.len()),
            context,
        }
    }

    fn composed(style: Style, fields: &[Field], texts: &[&str]) -> Vec<String> {
        let entry = Entry {
            link: Some("https://example.org/1".into()),
            ..Entry::default()
        };
        let item = Item {
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
            summary: "A & B.".into(),
            figures: 3,
            unresolved: 0,
            ..Item::default()
        };
        let composition = Composition {
            entry: &entry,
            item: &item,
            style: &style,
            model: "m",
        };
        composition.texts(&fields.iter().collect::<Vec<_>>())
    }

    #[test]
    fn the_source_follows_in_the_manner_of_its_place() {
        let style = Style {
            bilingual: true,
            ..Style::default()
        };
        let fields = [
            field(Role::Title, Format::Text, Context::Element, "Haus"),
            field(Role::Summary, Format::Text, Context::Element, "Ein Haus."),
            field(
                Role::Content,
                Format::Html,
                Context::Cdata,
                "<p>Ein Haus.</p>",
            ),
            field(
                Role::Content,
                Format::Html,
                Context::Markup,
                "<div xmlns=\"x\"><p>Ein</p></div>",
            ),
        ];
        let english = [
            "House",
            "A house.",
            "<p>A house.</p>",
            "<div xmlns=\"x\"><p>A</p></div>",
        ];
        assert_eq!(
            composed(style, &fields, &english),
            [
                "House / Haus",
                "A house.\n\nEin Haus.",
                "<p>A house.</p><hr/><p>Ein Haus.</p>",
                "<div xmlns=\"x\"><div xmlns=\"x\"><p>A</p></div><hr/><div xmlns=\"x\"><p>Ein</p></div></div>",
            ]
        );
    }

    #[test]
    fn notes_stand_at_the_end_of_the_last_body() {
        let style = Style {
            figures_note: true,
            attribution: Some("By {model}: {link}".into()),
            summary: true,
            ..Style::default()
        };
        let fields = [
            field(Role::Content, Format::Html, Context::Cdata, "<p>Haus</p>"),
            field(Role::Summary, Format::Text, Context::Element, "Haus"),
        ];
        assert_eq!(
            composed(style, &fields, &["<p>House</p>", "House"]),
            [
                "<p>A &amp; B.</p>",
                "A & B.\n\nFigures: all 3 accounted for.\n\nBy m: https://example.org/1",
            ]
        );
    }

    #[test]
    fn markup_that_got_broken_stays_german() {
        let source = "<div><p>Haus</p></div>";
        let fields = [field(Role::Content, Format::Html, Context::Markup, source)];
        let texts = composed(Style::default(), &fields, &["<div><p>House</div>"]);
        assert_eq!(texts, [source]);
    }
}
