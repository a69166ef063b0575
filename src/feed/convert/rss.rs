//! RSS: what RSS 0.9x to 2.0 say, and RSS 2.0 as it is written
//! ([the specification](https://www.rssboard.org/rss-specification)).

use super::digest::{Author, Digest, Enclosure, Story, Text, filled, is_iri, rfc822};
use super::tally::Tally;
use super::writer::Writer;
use super::{atom, digest};
use crate::feed::date;
use crate::feed::element::Element;
use crate::feed::vocabulary::Namespace::{Atom, Content, Dc, Rdf, Rss};

/// `None` when the elements do not nest.
pub(super) fn read(source: &str, lost: &mut Tally) -> Option<Digest> {
    let root = Element::root(source)?;
    let mut digest = Digest::default();
    // In RDF the items stand beside the channel.
    for element in &root.children {
        match (element.namespace, element.local) {
            (Rss, "channel") => channel(element, &mut digest, lost),
            (Rss, "item") => digest.stories.push(item(element, lost)),
            (Rss, "image") => digest.image = digest.image.take().or_else(|| image(element)),
            _ => lost.count(element.name),
        }
    }
    digest.stories.retain(|story| !story.is_blank());
    Some(digest)
}

fn channel(channel: &Element<'_>, digest: &mut Digest, lost: &mut Tally) {
    for element in &channel.children {
        let text = element.text();
        match (element.namespace, element.local) {
            (Rss, "title") => digest.title = written(element),
            (Rss, "description") => digest.description = written(element),
            (Rss, "link") => digest.home = filled(text),
            (Rss | Dc, "language") => digest.language = filled(text),
            (Rss, "copyright") | (Dc, "rights") => digest.rights = filled(text),
            (Rss, "managingEditor") | (Dc, "creator") => {
                digest.authors.extend(Author::of_rss(text));
            }
            (Rss, "lastBuildDate" | "pubDate") | (Dc, "date") => {
                digest.updated = digest.updated.max(date::read(text));
            }
            (Rss, "category") => digest.categories.extend(filled(text)),
            (Rss, "image") => digest.image = digest.image.take().or_else(|| image(element)),
            (Atom, "link") if element.attribute("rel").as_deref() == Some("self") => {
                digest.own = element.attribute("href").and_then(|href| filled(&href));
            }
            (Rss, "item") => digest.stories.push(item(element, lost)),
            // The list of the items, which RSS 1.0 has besides.
            (Rss, "items") => {}
            _ => lost.count(element.name),
        }
    }
}

fn image(element: &Element<'_>) -> Option<String> {
    let url = element.children.iter().find(|child| child.is(Rss, "url"))?;
    filled(url.text())
}

fn item(item: &Element<'_>, lost: &mut Tally) -> Story {
    let mut story = Story {
        id: item.attribute("rdf:about").and_then(|id| filled(&id)),
        language: item.attribute("xml:lang").and_then(|tag| filled(&tag)),
        ..Story::default()
    };
    let mut permanent = None;
    for element in &item.children {
        let text = element.text();
        match (element.namespace, element.local) {
            (Rss, "title") => story.title = written(element),
            (Rss, "description") => story.summary = written(element),
            (Content, "encoded") => story.content = written(element),
            (Atom, "summary") => story.summary = story.summary.take().or_else(|| written(element)),
            (Atom, "content") => story.content = story.content.take().or_else(|| written(element)),
            (Rss, "link") => story.link = filled(text),
            (Rss, "guid") => {
                story.id = filled(text);
                let is_link = element.attribute("isPermaLink").as_deref() != Some("false");
                permanent = filled(text).filter(|id| is_link && is_iri(id));
            }
            (Rss, "pubDate") | (Dc, "date") => {
                story.published = story.published.max(date::read(text));
            }
            (Atom, "updated") => story.updated = date::read(text),
            (Rss, "author") | (Dc, "creator") => story.authors.extend(Author::of_rss(text)),
            (Rss, "category") => story.categories.extend(filled(text)),
            (Dc, "language") => story.language = filled(text),
            (Rss, "enclosure") => match enclosure(element) {
                Some(enclosure) => story.enclosures.push(enclosure),
                None => lost.count(element.name),
            },
            (Rdf, _) => {}
            _ => lost.count(element.name),
        }
    }
    story.link = story.link.or(permanent);
    story
}

fn enclosure(element: &Element<'_>) -> Option<Enclosure> {
    let value = |name: &str| element.attribute(name).and_then(|value| filled(&value));
    Some(Enclosure {
        url: value("url")?,
        media_type: value("type"),
        bytes: value("length").and_then(|length| length.parse().ok()),
    })
}

/// A text, escaped or with markup of its own.
fn written(element: &Element<'_>) -> Option<Text> {
    match element.markup() {
        Some(markup) => Text::new(true, markup),
        None => Text::guessed(element.text()),
    }
}

pub(super) fn write(digest: &Digest, lost: &mut Tally, added: &mut Tally) -> String {
    let mut xml = Writer::new();
    xml.open(
        "rss",
        &[
            ("version", "2.0"),
            ("xmlns:atom", "http://www.w3.org/2005/Atom"),
            ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ],
    );
    xml.open("channel", &[]);
    xml.element("title", &[], &digest.title());
    xml.optional("link", digest.home.as_deref().or(digest.own.as_deref()));
    let description = digest.description.as_ref().map(Text::html);
    if description.is_none() {
        added.count("description of the channel");
    }
    xml.element("description", &[], &description.unwrap_or_default());
    xml.optional("language", digest.language.as_deref());
    xml.optional("copyright", digest.rights.as_deref());
    xml.optional("lastBuildDate", digest.updated.and_then(rfc822).as_deref());
    for author in &digest.authors {
        xml.element("dc:creator", &[], author.label());
    }
    for category in &digest.categories {
        xml.element("category", &[], category);
    }
    if let Some(own) = &digest.own {
        let kind = "application/rss+xml";
        xml.empty(
            "atom:link",
            &[("rel", "self"), ("type", kind), ("href", own)],
        );
    }
    if let Some(image) = &digest.image {
        xml.open("image", &[]);
        xml.element("url", &[], image);
        xml.element("title", &[], &digest.title());
        xml.optional("link", digest.home.as_deref());
        xml.close();
    }
    if digest.id.is_some() {
        lost.count("id of the feed");
    }
    for story in &digest.stories {
        write_item(&mut xml, story, added);
    }
    xml.finish()
}

fn write_item(xml: &mut Writer, story: &Story, added: &mut Tally) {
    xml.open("item", &[]);
    if let Some(title) = &story.title {
        xml.element("title", &[], &title.plain());
    }
    xml.optional("link", story.link.as_deref());
    if let Some(id) = &story.id {
        let id = atom::guid(id);
        let is_link = if story.link.as_deref() == Some(&id) {
            "true"
        } else {
            "false"
        };
        xml.element("guid", &[("isPermaLink", is_link)], &id);
    }
    xml.optional(
        "pubDate",
        story
            .published
            .or(story.updated)
            .and_then(rfc822)
            .as_deref(),
    );
    if let Some(updated) = story.updated.filter(|_| story.published.is_some()) {
        xml.element("atom:updated", &[], &updated.to_string());
    }
    for author in &story.authors {
        match &author.email {
            Some(email) if author.name.is_none() => xml.element("author", &[], email),
            _ => xml.element("dc:creator", &[], author.label()),
        }
    }
    for category in &story.categories {
        xml.element("category", &[], category);
    }
    for enclosure in &story.enclosures {
        if enclosure.media_type.is_none() {
            added.count("type of an enclosure");
        }
        let length = enclosure.bytes.unwrap_or(0).to_string();
        let kind = enclosure
            .media_type
            .as_deref()
            .unwrap_or(digest::UNKNOWN_TYPE);
        let attributes = [
            ("url", enclosure.url.as_str()),
            ("length", &length),
            ("type", kind),
        ];
        xml.empty("enclosure", &attributes);
    }
    xml.optional("dc:language", story.language.as_deref());
    xml.optional(
        "description",
        story.summary.as_ref().map(Text::html).as_deref(),
    );
    xml.optional(
        "content:encoded",
        story.content.as_ref().map(Text::html).as_deref(),
    );
    xml.close();
}
