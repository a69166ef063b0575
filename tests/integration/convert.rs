//! Feeds in other formats, read again with somebody else's reader.

use std::path::Path;

use depesche::error::Error;
use depesche::feed::convert::{Conversion, convert};
use depesche::feed::{Dialect, Feed};
use feed_rs::model;
use jiff::Timestamp;

const TARGETS: [Dialect; 3] = [Dialect::Rss, Dialect::Atom, Dialect::Json];

/// Everything that must be carried over.
const RICH: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
     xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>Blatt &amp; Co</title>
    <link>https://example.org/</link>
    <atom:link rel="self" href="https://example.org/rss.xml"/>
    <description>Neues</description>
    <language>en</language>
    <ttl>60</ttl>
    <item>
      <title>One &lt; two</title>
      <link>https://example.org/1?a=1&amp;b=2</link>
      <guid isPermaLink="false">ein Haus 4711</guid>
      <pubDate>Fri, 20 Nov 2026 09:30:00 +0100</pubDate>
      <dc:creator>Erika Muster</dc:creator>
      <category>Stadt</category>
      <category>Land</category>
      <enclosure url="https://example.org/a.mp3" length="1337" type="audio/mpeg"/>
      <media:thumbnail url="https://example.org/t.jpg"/>
      <description>Short &amp;amp; plain.</description>
      <content:encoded><![CDATA[<p>Long &amp; <b>bold</b>.</p>]]></content:encoded>
    </item>
    <item>
      <title>Without a link</title>
      <guid>https://example.org/2</guid>
    </item>
  </channel>
</rss>"#;

fn now() -> Timestamp {
    "2026-11-27T00:00:00Z".parse().unwrap()
}

fn read(text: &str) -> Feed {
    Feed::read(text.as_bytes(), None).unwrap()
}

fn converted(text: &str, to: Dialect) -> (String, Conversion) {
    let converted = convert(&read(text), to, now()).unwrap();
    (converted.text, converted.conversion)
}

fn parsed(text: &str) -> Option<model::Feed> {
    let parser = feed_rs::parser::Builder::new()
        .id_generator(|_, _, _| "none".to_owned())
        .build();
    parser.parse(text.as_bytes()).ok()
}

/// Id, link and date of each item.
fn skeleton(feed: &model::Feed) -> Vec<(String, Option<String>, Option<i64>)> {
    let of = |entry: &model::Entry| {
        let is_page =
            |link: &&model::Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
        (
            plain_id(&entry.id),
            entry
                .links
                .iter()
                .find(is_page)
                .map(|link| link.href.clone()),
            entry
                .published
                .or(entry.updated)
                .map(|date| date.timestamp()),
        )
    };
    feed.entries.iter().map(of).collect()
}

/// Ids that are no IRI are wrapped for Atom.
fn plain_id(id: &str) -> String {
    id.strip_prefix("urn:x-guid:")
        .map_or(id, |id| id)
        .replace('+', " ")
}

#[test]
fn ids_links_and_dates_of_every_sample_are_carried_over() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/feeds");
    let (mut done, mut refused) = (0, Vec::new());
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let feed = Feed::read(&std::fs::read(&path).unwrap(), None).unwrap();
        for to in TARGETS {
            let converted = match convert(&feed, to, now()) {
                Ok(converted) => converted,
                Err(Error::Malformed(_)) => {
                    refused.push(name.clone());
                    continue;
                }
                Err(error) => panic!("{name} to {to:?}: {error}"),
            };
            done += 1;
            let again = read(&converted.text);
            assert_eq!(again.dialect(), to, "{name}");
            assert!(again.faults().is_empty(), "{name}: {:?}", again.faults());
            let after = parsed(&converted.text)
                .unwrap_or_else(|| panic!("{name} to {to:?}:\n{}", converted.text));
            let source = parsed(feed.source()).map(|feed| skeleton(&feed));
            let dates = source
                .unwrap_or_default()
                .into_iter()
                .map(|(_, _, date)| date);
            for ((_, _, date), expected) in skeleton(&after).into_iter().zip(dates) {
                assert!(expected.is_none() || date == expected, "{name} to {to:?}");
            }
            for (item, before) in again.items.iter().zip(&feed.items) {
                let expected = before.id.as_deref().map(plain_id);
                let id = item.id.as_deref().map(plain_id);
                assert!(
                    expected.is_none() || id == expected,
                    "{name} to {to:?}: {id:?}"
                );
            }
            for (before, (id, link, _)) in feed.items.iter().zip(skeleton(&after)) {
                // Its reader makes an id where RSS has none.
                if let Some(expected) = before.id.as_deref().filter(|_| id != "none") {
                    assert_eq!(plain_id(expected), id, "{name} to {to:?}");
                }
                if let Some(expected) = &before.link {
                    assert_eq!(link.as_ref(), Some(expected), "{name} to {to:?}");
                }
            }
        }
    }
    assert!(done > 90, "{done}");
    refused.sort();
    refused.dedup();
    assert!(
        refused.iter().all(|name| name.starts_with("bad-")),
        "{refused:?}"
    );
    assert!(!refused.is_empty());
}

#[test]
fn authors_categories_and_enclosures_survive_a_journey_through_all_formats() {
    let mut text = RICH.to_owned();
    for to in [
        Dialect::Atom,
        Dialect::Json,
        Dialect::Rss,
        Dialect::Json,
        Dialect::Atom,
    ] {
        text = converted(&text, to).0;
        let feed = parsed(&text).unwrap();
        let [first, second] = feed.entries.as_slice() else {
            panic!("{text}");
        };
        assert_eq!(plain_id(&first.id), "ein Haus 4711", "{text}");
        assert_eq!(first.published.unwrap().timestamp(), 1_795_163_400);
        assert_eq!(
            first.authors[0].name.as_deref(),
            Some("Erika Muster"),
            "{text}"
        );
        let terms: Vec<&str> = first.categories.iter().map(|it| it.term.as_str()).collect();
        assert_eq!(terms, ["Stadt", "Land"], "{text}");
        assert!(text.contains("https://example.org/a.mp3"), "{text}");
        assert!(
            text.contains("1337") && text.contains("audio/mpeg"),
            "{text}"
        );
        assert_eq!(first.title.as_ref().unwrap().content, "One < two");
        assert_eq!(second.links[0].href, "https://example.org/2", "{text}");
        let source = read(&text);
        let texts: Vec<&str> = source.items[0]
            .fields
            .iter()
            .map(|it| it.text.trim())
            .collect();
        assert!(
            texts.contains(&"<p>Long &amp; <b>bold</b>.</p>"),
            "{texts:?}"
        );
        assert!(text.contains("https://example.org/rss.xml"), "{text}");
    }
}

#[test]
fn what_is_lost_and_what_is_made_up_is_counted() {
    let counted = |conversion: &[depesche::feed::convert::Counted]| -> Vec<(String, usize)> {
        conversion
            .iter()
            .map(|it| (it.what.clone(), it.count))
            .collect()
    };
    let (_, atom) = converted(RICH, Dialect::Atom);
    assert_eq!((atom.from, atom.to), (Dialect::Rss, Dialect::Atom));
    let lost = [("media:thumbnail".to_owned(), 1), ("ttl".to_owned(), 1)];
    assert_eq!(counted(&atom.lost), lost);
    let added = [
        ("author of the feed".to_owned(), 1),
        ("date of the entry".to_owned(), 1),
    ];
    assert_eq!(counted(&atom.added), added);
    let (_, json) = converted(RICH, Dialect::Json);
    let names: Vec<String> = counted(&json.lost)
        .into_iter()
        .map(|(what, _)| what)
        .collect();
    assert_eq!(names, ["markup of the summary", "media:thumbnail", "ttl"]);
}

#[test]
fn markup_stays_markup_and_text_stays_text() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>B</title><id>urn:x:1</id>
        <updated>2026-11-20T08:30:00Z</updated>
        <entry><title type="html">A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title><id>urn:x:2</id>
        <updated>2026-11-20T08:30:00Z</updated><summary>1 &lt; 2</summary>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>A <i>b</i></p></div></content>
        </entry></feed>"#;
    let (rss, _) = converted(atom, Dialect::Rss);
    assert!(rss.contains("<title>A &amp; B</title>"), "{rss}");
    assert!(
        rss.contains("<description>1 &amp;lt; 2</description>"),
        "{rss}"
    );
    let content = "<content:encoded>&lt;p&gt;A &lt;i&gt;b&lt;/i&gt;&lt;/p&gt;</content:encoded>";
    assert!(rss.contains(content), "{rss}");
    let (json, _) = converted(atom, Dialect::Json);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["items"][0]["content_html"], "<p>A <i>b</i></p>");
    assert_eq!(json["items"][0]["summary"], "1 < 2");
}
