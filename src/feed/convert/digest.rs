//! What a feed says, whatever it is written in.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;

use crate::document::{Document, Format};
use crate::feed::{Context, guess_format};

/// The type of a file of which none is known.
pub(super) const UNKNOWN_TYPE: &str = "application/octet-stream";

/// A text, plain or with markup of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub is_html: bool,
    pub value: String,
}

impl Text {
    /// `None` for a blank text.
    pub fn new(is_html: bool, value: impl Into<String>) -> Option<Self> {
        let value = value.into();
        (!value.trim().is_empty()).then_some(Text { is_html, value })
    }

    /// A text that may or may not hold markup.
    pub fn guessed(value: impl Into<String>) -> Option<Self> {
        let value = value.into();
        Text::new(guess_format(&value) == Format::Html, value)
    }

    pub fn html(&self) -> String {
        if self.is_html {
            return self.value.trim().to_owned();
        }
        let escaped = Context::Element.write(self.value.trim());
        escaped.replace("\r\n", "\n").replace('\n', "<br/>")
    }

    pub fn plain(&self) -> String {
        let text = self.value.trim();
        if !self.is_html {
            return text.to_owned();
        }
        match Document::parse(text, Format::Html) {
            Ok(document) => {
                let blocks = document.blocks().iter();
                let texts: Vec<&str> = blocks.map(|block| block.text.as_str()).collect();
                texts.join("\n\n")
            }
            Err(_) => text.to_owned(),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Author {
    pub name: Option<String>,
    pub email: Option<String>,
    pub url: Option<String>,
}

impl Author {
    /// What stands in an author of RSS: `mail@example.org (Name)`, or either.
    pub fn of_rss(text: &str) -> Option<Self> {
        let text = text.trim();
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let (email, name) = match text.split_once('(') {
            Some((email, name)) if email.contains('@') => {
                (filled(email), filled(name.trim_end_matches(')')))
            }
            _ if text.contains('@') && !text.contains(' ') => (filled(text), None),
            _ => (None, filled(text)),
        };
        (email.is_some() || name.is_some()).then_some(Author {
            name,
            email,
            url: None,
        })
    }

    /// A word for the author that is never empty.
    pub fn label(&self) -> &str {
        let words = [&self.name, &self.email, &self.url];
        words
            .into_iter()
            .flatten()
            .next()
            .map_or("", String::as_str)
    }
}

/// A file that belongs to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Enclosure {
    pub url: String,
    pub media_type: Option<String>,
    pub bytes: Option<u64>,
}

/// An item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Story {
    pub id: Option<String>,
    pub link: Option<String>,
    pub title: Option<Text>,
    pub summary: Option<Text>,
    pub content: Option<Text>,
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub authors: Vec<Author>,
    pub categories: Vec<String>,
    pub enclosures: Vec<Enclosure>,
    pub language: Option<String>,
}

impl Story {
    /// Items of which readers find nothing are no items.
    pub fn is_blank(&self) -> bool {
        let texts = [&self.title, &self.summary, &self.content];
        self.id.is_none()
            && self.link.is_none()
            && self.categories.is_empty()
            && texts.into_iter().all(Option::is_none)
    }
}

/// A feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Digest {
    pub id: Option<String>,
    pub title: Option<Text>,
    pub description: Option<Text>,
    /// The page that the feed belongs to.
    pub home: Option<String>,
    /// Where the feed itself is.
    pub own: Option<String>,
    pub language: Option<String>,
    pub updated: Option<Timestamp>,
    pub authors: Vec<Author>,
    pub categories: Vec<String>,
    pub rights: Option<String>,
    pub image: Option<String>,
    pub stories: Vec<Story>,
}

impl Digest {
    pub fn title(&self) -> String {
        self.title.as_ref().map(Text::plain).unwrap_or_default()
    }
}

/// The trimmed text, unless it is empty.
pub(super) fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A moment as RSS writes it (RFC 2822), in UTC; without parts of a second.
pub(super) fn rfc822(moment: Timestamp) -> Option<String> {
    rfc2822::to_string(&moment.to_zoned_datetime(TimeZone::UTC)).ok()
}

/// Whether an id is an IRI, as Atom and permanent links want it.
pub(super) fn is_iri(id: &str) -> bool {
    url::Url::parse(id).is_ok() && !id.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_of_rss_are_mail_and_name() {
        let author = |name: &str, email: &str| {
            Some(Author {
                name: filled(name),
                email: filled(email),
                url: None,
            })
        };
        for (text, expected) in [
            ("a@b.org (Erika Muster)", author("Erika Muster", "a@b.org")),
            ("a@b.org", author("", "a@b.org")),
            ("Erika Muster (dpa)", author("Erika Muster (dpa)", "")),
            (" Erika Muster ", author("Erika Muster", "")),
            (" ", None),
        ] {
            assert_eq!(Author::of_rss(text), expected, "{text}");
        }
    }

    #[test]
    fn texts_become_plain_and_marked_up() {
        let plain = Text::new(false, "A < B\nC").unwrap();
        assert_eq!(plain.html(), "A &lt; B<br/>C");
        assert_eq!(plain.plain(), "A < B\nC");
        let html = Text::guessed("<p>A &amp; <b>B</b></p><p>C</p>").unwrap();
        assert_eq!(html.plain(), "A & B\n\nC");
        assert_eq!(Text::guessed(" \n"), None);
    }

    #[test]
    fn moments_are_written_as_in_mail() {
        let moment: Timestamp = "2026-11-20T08:30:00.5Z".parse().unwrap();
        let written = rfc822(moment).unwrap();
        assert_eq!(written, "Fri, 20 Nov 2026 08:30:00 +0000");
    }
}
