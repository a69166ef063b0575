//! JSON Feed 1 and 1.1 ([the specification](https://www.jsonfeed.org/version/1.1/)).

use serde_json::{Map, Value, json};

use super::digest::{self, Author, Digest, Enclosure, Story, Text, filled};
use super::{atom, tally::Tally};
use crate::feed::date;

type Object = Map<String, Value>;

/// `None` when it is not JSON, or no object.
pub(super) fn read(source: &str, lost: &mut Tally) -> Option<Digest> {
    let Value::Object(feed) = serde_json::from_str(source.trim_start_matches('\u{feff}')).ok()?
    else {
        return None;
    };
    let mut digest = Digest::default();
    for (name, value) in &feed {
        let text = || value.as_str().and_then(filled);
        match name.as_str() {
            "version" => {}
            "title" => digest.title = text().and_then(|text| Text::new(false, text)),
            "description" => digest.description = text().and_then(|text| Text::new(false, text)),
            "home_page_url" => digest.home = text(),
            "feed_url" => digest.own = text(),
            "language" => digest.language = text(),
            "icon" => digest.image = text(),
            "authors" | "author" => digest.authors.extend(authors(value)),
            "items" => {
                let items = value.as_array().into_iter().flatten();
                let items = items.filter_map(Value::as_object);
                digest.stories = items.map(|item| story(item, lost)).collect();
            }
            _ => lost.count(name),
        }
    }
    digest.stories.retain(|story| !story.is_blank());
    Some(digest)
}

fn story(item: &Object, lost: &mut Tally) -> Story {
    let mut story = Story::default();
    for (name, value) in item {
        let text = || value.as_str().and_then(filled);
        match name.as_str() {
            "id" => {
                story.id = match value {
                    Value::Number(number) => Some(number.to_string()),
                    _ => text(),
                }
            }
            "url" => story.link = text(),
            "title" => story.title = text().and_then(|text| Text::new(false, text)),
            "summary" => story.summary = text().and_then(|text| Text::new(false, text)),
            "content_html" => story.content = text().and_then(|text| Text::new(true, text)),
            "content_text" if !item.contains_key("content_html") => {
                story.content = text().and_then(|text| Text::new(false, text));
            }
            "date_published" => story.published = text().and_then(|text| date::read(&text)),
            "date_modified" => story.updated = text().and_then(|text| date::read(&text)),
            "authors" | "author" => story.authors.extend(authors(value)),
            "tags" => {
                let tags = value.as_array().into_iter().flatten();
                story
                    .categories
                    .extend(tags.filter_map(Value::as_str).filter_map(filled));
            }
            "attachments" => {
                for attachment in value.as_array().into_iter().flatten() {
                    match enclosure(attachment) {
                        Some(enclosure) => story.enclosures.push(enclosure),
                        None => lost.count("attachments"),
                    }
                    for extra in ["title", "duration_in_seconds"] {
                        if attachment.get(extra).is_some() {
                            lost.count(&format!("attachments.{extra}"));
                        }
                    }
                }
            }
            "language" => story.language = text(),
            _ => lost.count(name),
        }
    }
    story
}

fn authors(value: &Value) -> Vec<Author> {
    let of = |value: &Value| {
        let text = |name: &str| value.get(name).and_then(Value::as_str).and_then(filled);
        let url = text("url");
        let email = url.as_deref().and_then(|url| url.strip_prefix("mailto:"));
        let author = Author {
            name: text("name"),
            email: email.map(str::to_owned),
            url: url.clone().filter(|_| email.is_none()),
        };
        (author != Author::default()).then_some(author)
    };
    match value {
        Value::Array(all) => all.iter().filter_map(of).collect(),
        one => of(one).into_iter().collect(),
    }
}

fn enclosure(value: &Value) -> Option<Enclosure> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).and_then(filled);
    Some(Enclosure {
        url: text("url")?,
        media_type: text("mime_type"),
        bytes: value.get("size_in_bytes").and_then(Value::as_u64),
    })
}

pub(super) fn write(digest: &Digest, lost: &mut Tally, added: &mut Tally) -> String {
    let mut feed = Object::new();
    let mut put = |name: &str, value: Option<String>| {
        feed.extend(value.map(|value| (name.to_owned(), Value::from(value))));
    };
    put("version", Some("https://jsonfeed.org/version/1.1".into()));
    put("title", Some(digest.title()));
    put("home_page_url", digest.home.clone());
    put("feed_url", digest.own.clone());
    put("description", digest.description.as_ref().map(Text::plain));
    put("icon", digest.image.clone());
    put("language", digest.language.clone());
    if !digest.authors.is_empty() {
        feed.insert("authors".into(), write_authors(&digest.authors));
    }
    for (what, is_there) in [
        ("id of the feed", digest.id.is_some()),
        ("rights of the feed", digest.rights.is_some()),
        ("date of the feed", digest.updated.is_some()),
        ("categories of the feed", !digest.categories.is_empty()),
    ] {
        if is_there {
            lost.count(what);
        }
    }
    let items = digest
        .stories
        .iter()
        .map(|story| write_story(story, lost, added));
    let items: Vec<Value> = items.collect();
    feed.insert("items".into(), items.into());
    // Values of JSON can always be written.
    let text = serde_json::to_string_pretty(&feed).unwrap_or_default();
    text + "\n"
}

fn write_story(story: &Story, lost: &mut Tally, added: &mut Tally) -> Value {
    let mut item = Object::new();
    let mut put = |name: &str, value: Option<String>| {
        item.extend(value.map(|value| (name.to_owned(), Value::from(value))));
    };
    let id = story.id.as_ref().map(|id| atom::guid(id));
    let id = id.or_else(|| {
        added.count("id of the item");
        story.link.clone()
    });
    put(
        "id",
        Some(id.unwrap_or_else(|| story.title.as_ref().map(Text::plain).unwrap_or_default())),
    );
    put("url", story.link.clone());
    put("title", story.title.as_ref().map(Text::plain));
    // Each item must have a content; a summary without one is the content.
    let (content, summary) = match (&story.content, &story.summary) {
        (Some(content), summary) => (Some(content), summary.as_ref()),
        (None, summary) => (summary.as_ref(), None),
    };
    match content {
        Some(content) if content.is_html => put("content_html", Some(content.html())),
        Some(content) => put("content_text", Some(content.plain())),
        None => {
            added.count("content of the item");
            put("content_text", Some(String::new()));
        }
    }
    if summary.is_some_and(|summary| summary.is_html) {
        lost.count("markup of the summary");
    }
    put("summary", summary.map(Text::plain));
    put(
        "date_published",
        story.published.map(|date| date.to_string()),
    );
    put("date_modified", story.updated.map(|date| date.to_string()));
    put("language", story.language.clone());
    if !story.authors.is_empty() {
        item.insert("authors".into(), write_authors(&story.authors));
    }
    if !story.categories.is_empty() {
        item.insert("tags".into(), json!(story.categories));
    }
    if !story.enclosures.is_empty() {
        let attachments = story.enclosures.iter().map(|enclosure| {
            if enclosure.media_type.is_none() {
                added.count("type of an enclosure");
            }
            let mut attachment = Object::new();
            attachment.insert("url".into(), json!(enclosure.url));
            let kind = enclosure
                .media_type
                .as_deref()
                .unwrap_or(digest::UNKNOWN_TYPE);
            attachment.insert("mime_type".into(), json!(kind));
            attachment.extend(
                enclosure
                    .bytes
                    .map(|bytes| ("size_in_bytes".into(), json!(bytes))),
            );
            Value::Object(attachment)
        });
        item.insert("attachments".into(), attachments.collect());
    }
    Value::Object(item)
}

fn write_authors(authors: &[Author]) -> Value {
    let written = authors.iter().map(|author| {
        let mail = author.email.as_ref().map(|email| format!("mailto:{email}"));
        let mut written = Object::new();
        written.insert("name".into(), json!(author.label()));
        let url = author.url.clone().or(mail);
        written.extend(url.map(|url| ("url".into(), json!(url))));
        Value::Object(written)
    });
    written.collect()
}
