//! Atom 1.0 ([RFC 4287](https://www.rfc-editor.org/rfc/rfc4287)); Atom 0.3 is read
//! as well.

use jiff::Timestamp;

use super::digest::{Author, Digest, Enclosure, Story, Text, filled, is_iri};
use super::tally::Tally;
use super::writer::Writer;
use crate::feed::date;
use crate::feed::element::Element;
use crate::feed::memory::Key;
use crate::feed::vocabulary::Namespace::{Atom, Dc, Rss, Xhtml};

/// Begins what stands for an id that is no IRI.
const GUID: &str = "urn:x-guid:";

/// `None` when the elements do not nest.
pub(super) fn read(source: &str, lost: &mut Tally) -> Option<Digest> {
    let root = Element::root(source)?;
    let mut digest = Digest {
        language: root.attribute("xml:lang").and_then(|tag| filled(&tag)),
        ..Digest::default()
    };
    for element in &root.children {
        let text = element.text();
        match (element.namespace, element.local) {
            (Atom | Rss, "title") => digest.title = written(element),
            (Atom | Rss, "subtitle" | "tagline") => digest.description = written(element),
            (Atom | Rss, "id") => digest.id = filled(text),
            (Atom | Rss, "updated" | "modified") => digest.updated = date::read(text),
            (Atom | Rss, "rights" | "copyright") => digest.rights = filled(text),
            (Atom | Rss, "logo" | "icon") => digest.image = filled(text),
            (Atom | Rss, "author") => digest.authors.extend(author(element)),
            (Atom | Rss, "category") => digest.categories.extend(category(element)),
            (Dc, "language") => digest.language = filled(text),
            (Atom | Rss, "link") => {
                let href = element.attribute("href").and_then(|href| filled(&href));
                match element.attribute("rel").as_deref() {
                    None | Some("alternate") if digest.home.is_none() => digest.home = href,
                    Some("self") => digest.own = href,
                    _ => lost.count(&relation(element)),
                }
            }
            (Atom | Rss, "entry") => digest.stories.push(entry(element, lost)),
            _ => lost.count(element.name),
        }
    }
    digest.stories.retain(|story| !story.is_blank());
    Some(digest)
}

fn entry(entry: &Element<'_>, lost: &mut Tally) -> Story {
    let mut story = Story {
        language: entry.attribute("xml:lang").and_then(|tag| filled(&tag)),
        ..Story::default()
    };
    for element in &entry.children {
        let text = element.text();
        match (element.namespace, element.local) {
            (Atom | Rss, "title") => story.title = written(element),
            (Atom | Rss, "summary") => story.summary = written(element),
            (Atom | Rss, "content") if element.attribute("src").is_none() => {
                story.content = written(element);
            }
            (Atom | Rss, "id") => story.id = filled(text),
            (Atom | Rss, "published" | "issued") => story.published = date::read(text),
            (Atom | Rss, "updated" | "modified") => story.updated = date::read(text),
            (Atom | Rss, "author") => story.authors.extend(author(element)),
            (Atom | Rss, "category") => story.categories.extend(category(element)),
            (Dc, "language") => story.language = filled(text),
            (Atom | Rss, "link") => link(element, &mut story, lost),
            _ => lost.count(element.name),
        }
    }
    story
}

fn link(element: &Element<'_>, story: &mut Story, lost: &mut Tally) {
    let value = |name: &str| element.attribute(name).and_then(|value| filled(&value));
    match (value("rel").as_deref(), value("href")) {
        (None | Some("alternate"), Some(href)) if story.link.is_none() => story.link = Some(href),
        (Some("enclosure"), Some(url)) => story.enclosures.push(Enclosure {
            url,
            media_type: value("type"),
            bytes: value("length").and_then(|length| length.parse().ok()),
        }),
        _ => lost.count(&relation(element)),
    }
}

/// What a link is called among what is lost.
fn relation(element: &Element<'_>) -> String {
    let relation = element.attribute("rel");
    format!("link rel={}", relation.as_deref().unwrap_or("alternate"))
}

fn author(element: &Element<'_>) -> Option<Author> {
    let text = |local: &str| {
        let found = element.children.iter().find(|child| child.local == local);
        found.and_then(|child| filled(child.text()))
    };
    let author = Author {
        name: text("name"),
        email: text("email"),
        url: text("uri").or_else(|| text("url")),
    };
    (author != Author::default()).then_some(author)
}

fn category(element: &Element<'_>) -> Option<String> {
    let value = |name: &str| element.attribute(name).and_then(|value| filled(&value));
    value("label")
        .or_else(|| value("term"))
        .or_else(|| filled(element.text()))
}

/// A text construct: plain, HTML, or XHTML, which stands in a `div`.
fn written(element: &Element<'_>) -> Option<Text> {
    let kind = element.attribute("type");
    match (kind.as_deref(), element.markup()) {
        (_, Some(markup)) => match element.children.as_slice() {
            [div] if div.local == "div" && matches!(div.namespace, Xhtml | Atom) => {
                Text::new(true, div.markup().unwrap_or_else(|| div.text()))
            }
            _ => Text::new(true, markup),
        },
        (Some("html" | "text/html" | "xhtml" | "application/xhtml+xml"), None) => {
            Text::new(true, element.text())
        }
        (Some(_) | None, None) => Text::new(false, element.text()),
    }
}

/// An IRI for an id; [`guid`] finds the id again.
fn iri(id: &str) -> String {
    if is_iri(id) {
        return id.to_owned();
    }
    let escaped: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("{GUID}{escaped}")
}

/// The id that an IRI stands for.
pub(super) fn guid(iri: &str) -> String {
    let escaped = iri.strip_prefix(GUID);
    let decoded = escaped.and_then(|escaped| {
        let pairs = format!("x={escaped}");
        let mut pairs = url::form_urlencoded::parse(pairs.as_bytes());
        pairs.next().map(|(_, id)| id.into_owned())
    });
    decoded.unwrap_or_else(|| iri.to_owned())
}

pub(super) fn write(digest: &Digest, now: Timestamp, added: &mut Tally) -> String {
    let mut xml = Writer::new();
    let mut attributes = vec![("xmlns", "http://www.w3.org/2005/Atom")];
    attributes.extend(digest.language.as_deref().map(|tag| ("xml:lang", tag)));
    xml.open("feed", &attributes);
    let id = [&digest.id, &digest.own, &digest.home];
    let id = id.into_iter().flatten().next().map(|id| iri(id));
    xml.element(
        "id",
        &[],
        &id.unwrap_or_else(|| digested(&digest.title(), "feed", added)),
    );
    xml.element("title", &[], &digest.title());
    if let Some(description) = &digest.description {
        text(&mut xml, "subtitle", description);
    }
    let dates = digest
        .stories
        .iter()
        .flat_map(|story| [story.updated, story.published]);
    let updated = digest.updated.or_else(|| dates.flatten().max());
    xml.element(
        "updated",
        &[],
        &moment(updated, now, "feed", added).to_string(),
    );
    if let Some(home) = &digest.home {
        xml.empty("link", &[("rel", "alternate"), ("href", home)]);
    }
    if let Some(own) = &digest.own {
        xml.empty("link", &[("rel", "self"), ("href", own)]);
    }
    for author in &digest.authors {
        write_author(&mut xml, author);
    }
    if digest.authors.is_empty() && digest.stories.iter().any(|story| story.authors.is_empty()) {
        // Each entry must have one, or the feed.
        added.count("author of the feed");
        xml.open("author", &[]);
        xml.element("name", &[], &digest.title());
        xml.close();
    }
    for category in &digest.categories {
        xml.empty("category", &[("term", category)]);
    }
    xml.optional("rights", digest.rights.as_deref());
    xml.optional("logo", digest.image.as_deref());
    for story in &digest.stories {
        write_entry(&mut xml, story, updated.unwrap_or(now), added);
    }
    xml.finish()
}

fn write_entry(xml: &mut Writer, story: &Story, now: Timestamp, added: &mut Tally) {
    let language = story.language.as_deref().map(|tag| ("xml:lang", tag));
    xml.open("entry", language.as_slice());
    let title = story.title.as_ref().map(Text::plain).unwrap_or_default();
    let id = story.id.as_ref().or(story.link.as_ref()).map(|id| iri(id));
    let id = id.unwrap_or_else(|| {
        let texts = [&story.title, &story.summary, &story.content];
        let texts: Vec<&str> = texts
            .iter()
            .filter_map(|text| Some(text.as_ref()?.value.as_str()))
            .collect();
        digested(&texts.join("\n"), "entry", added)
    });
    xml.element("id", &[], &id);
    xml.element("title", &[], &title);
    let dated = story.updated.or(story.published);
    xml.element(
        "updated",
        &[],
        &moment(dated, now, "entry", added).to_string(),
    );
    xml.optional(
        "published",
        story.published.map(|date| date.to_string()).as_deref(),
    );
    if let Some(link) = &story.link {
        xml.empty("link", &[("rel", "alternate"), ("href", link)]);
    }
    for enclosure in &story.enclosures {
        let length = enclosure.bytes.map(|bytes| bytes.to_string());
        let mut attributes = vec![("rel", "enclosure"), ("href", enclosure.url.as_str())];
        attributes.extend(enclosure.media_type.as_deref().map(|kind| ("type", kind)));
        attributes.extend(length.as_deref().map(|length| ("length", length)));
        xml.empty("link", &attributes);
    }
    for author in &story.authors {
        write_author(xml, author);
    }
    for category in &story.categories {
        xml.empty("category", &[("term", category)]);
    }
    if let Some(summary) = &story.summary {
        text(xml, "summary", summary);
    }
    if let Some(content) = &story.content {
        text(xml, "content", content);
    }
    xml.close();
}

fn write_author(xml: &mut Writer, author: &Author) {
    xml.open("author", &[]);
    xml.element("name", &[], author.label());
    xml.optional("email", author.email.as_deref());
    xml.optional("uri", author.url.as_deref());
    xml.close();
}

fn text(xml: &mut Writer, name: &str, text: &Text) {
    let kind = if text.is_html { "html" } else { "text" };
    xml.element(name, &[("type", kind)], text.value.trim());
}

/// An id made of what is there, the same each time.
fn digested(text: &str, of: &str, added: &mut Tally) -> String {
    added.count(&format!("id of the {of}"));
    format!("urn:sha256:{}", Key::digest(text).as_str())
}

fn moment(date: Option<Timestamp>, now: Timestamp, of: &str, added: &mut Tally) -> Timestamp {
    date.unwrap_or_else(|| {
        added.count(&format!("date of the {of}"));
        now
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_no_iri_come_back() {
        for id in ["4711", "ein Haus", "a+b%20c", "ä/ö?"] {
            assert!(is_iri(&iri(id)), "{id}");
            assert_eq!(guid(&iri(id)), id);
        }
        for id in [
            "https://example.org/1",
            "tag:example.org,2026:1",
            "urn:uuid:7",
        ] {
            assert_eq!(iri(id), id);
            assert_eq!(guid(id), id);
        }
    }
}
