use std::fmt::Write;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/feeds")
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn read(name: &str) -> Feed {
    Feed::read(&bytes(name), None).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All samples, by name.
fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn entries(feed: &Feed) -> impl Iterator<Item = &Entry> {
    std::iter::once(&feed.head).chain(&feed.items)
}

/// Everything that was read, for people.
fn told(feed: &Feed) -> String {
    let mut out = format!("{:?}\n", feed.dialect());
    for entry in entries(feed) {
        let Entry {
            id,
            link,
            date,
            line,
            ..
        } = entry;
        let date = date.map_or(String::new(), |date| date.to_string());
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        writeln!(
            out,
            "line {line}: id={} link={} {date}",
            part(id),
            part(link)
        )
        .unwrap();
        for field in &entry.fields {
            let Field {
                role,
                format,
                text,
                context,
                ..
            } = field;
            writeln!(out, "  {role:?} {format} {context:?} {text:?}").unwrap();
        }
        for mark in &entry.marks {
            writeln!(out, "  language {:?}", mark.span.of(feed.source())).unwrap();
        }
    }
    for fault in feed.faults() {
        writeln!(out, "fault in line {}: {}", fault.line, fault.message).unwrap();
    }
    out
}

#[test]
fn what_is_read_of_each_sample() {
    let names = names();
    assert!(names.len() >= 25, "{}", names.len());
    let told: String = names
        .iter()
        .map(|name| format!("── {name}\n{}\n", told(&read(name))))
        .collect();
    insta::assert_snapshot!(told);
}

#[test]
fn only_broken_samples_have_faults() {
    for name in names() {
        let is_broken = name.starts_with("bad-") || name == "undeclared-latin1.xml";
        // References to nothing, names without a namespace and HTML within a
        // text are tolerated in silence, as everybody does.
        let is_tolerated = matches!(
            name.as_str(),
            "bad-ampersand.xml" | "bad-undeclared-prefix.xml" | "bad-unclosed-html.xml"
        );
        let faults = read(&name).faults().len();
        assert_eq!(faults > 0, is_broken && !is_tolerated, "{name}: {faults}");
    }
}

#[test]
fn texts_that_stay_keep_their_bytes() {
    for name in names() {
        let feed = read(&name);
        let changes = entries(&feed)
            .flat_map(|entry| &entry.fields)
            .map(|field| Change::Text {
                field,
                text: &field.text,
            })
            .collect();
        assert_eq!(feed.render(changes), feed.source(), "{name}");
        let is_utf8 = std::str::from_utf8(&bytes(&name)).is_ok();
        if is_utf8 {
            assert_eq!(feed.source().as_bytes(), bytes(&name), "{name}");
        }
    }
}

#[test]
fn only_the_spans_of_texts_and_languages_change() {
    for name in names() {
        let feed = read(&name);
        let texts: Vec<(&Field, String)> = entries(&feed)
            .flat_map(|entry| &entry.fields)
            .map(|field| (field, field.text.replace(char::is_alphabetic, "x")))
            .collect();
        let marks = entries(&feed).flat_map(|entry| &entry.marks);
        let changes: Vec<Change<'_>> = texts
            .iter()
            // Markup has names of its own.
            .filter(|(field, _)| field.format == Format::Text)
            .map(|(field, text)| Change::Text { field, text })
            .chain(marks.map(|mark| Change::English(*mark)))
            .collect();
        let mut spans: Vec<Span> = changes
            .iter()
            .map(|change| match change {
                Change::Text { field, .. } => field.span,
                Change::English(mark) => mark.span,
            })
            .collect();
        spans.sort();
        let rendered = feed.render(changes);
        // What stood between the spans still stands there, in this order.
        let mut rest = rendered.as_str();
        let mut cursor = 0;
        for span in spans {
            let kept = Span::new(cursor, span.start).of(feed.source());
            let at = rest.find(kept).unwrap_or_else(|| panic!("{name}: {kept}"));
            rest = &rest[at + kept.len()..];
            cursor = span.end;
        }
        assert!(rest.ends_with(&feed.source()[cursor..]), "{name}");
        let again = Feed::read(rendered.as_bytes(), None).unwrap();
        let ids = |feed: &Feed| -> Vec<_> {
            let items = feed.items.iter();
            items.map(|item| (item.id.clone(), item.date)).collect()
        };
        assert_eq!(ids(&again), ids(&feed), "{name}");
        for mark in entries(&feed).flat_map(|entry| &entry.marks) {
            assert!(is_german(mark.span.of(feed.source())));
        }
        assert!(
            entries(&again).all(|entry| entry.marks.is_empty()),
            "{name}"
        );
    }
}

#[test]
fn what_is_no_feed_is_refused() {
    for text in [
        "",
        "  \n",
        "Guten Tag",
        "<html><body>Guten Tag</body></html>",
        "<opml><body/></opml>",
        "<rss",
        "{}",
        "{\"title\": \"x\"}",
        "{\"items\"",
        "[1]",
        "<!DOCTYPE a [",
    ] {
        let error = Feed::read(text.as_bytes(), None).unwrap_err();
        assert!(matches!(error, Error::Malformed(_)), "{text}: {error}");
    }
}

#[test]
fn bombs_and_depth_are_harmless() {
    let bomb = read("entity-bomb.xml");
    let text = &bomb.items[0].fields[1].text;
    assert_eq!(text, "Bombe &lol9; und 3 &xxe; Dateien.");

    let deep = format!(
        "<rss><channel><item><title>{}</title></item><item><title>Gut</title></item></channel></rss>",
        "<a>".repeat(200_000)
    );
    let feed = Feed::read(deep.as_bytes(), None).unwrap();
    assert!(!feed.faults().is_empty());
    assert_eq!(feed.items.last().unwrap().fields[0].text, "Gut");

    let deep = format!(
        "{{\"items\": [{{\"id\": \"1\", \"x\": {}",
        "[".repeat(200_000)
    );
    let feed = Feed::read(deep.as_bytes(), None).unwrap();
    assert_eq!(feed.items.len(), 1);
    let many = format!("{{\"items\": [{}{{\"id\": \"1\"}}]}}", "1,".repeat(200_000));
    assert_eq!(Feed::read(many.as_bytes(), None).unwrap().items.len(), 1);
}

#[test]
fn many_broken_items_take_no_longer_than_they_are_long() {
    let broken = "<item><title>5 < 6</title></item>".repeat(20_000);
    let feed = Feed::read(format!("<rss><channel>{broken}").as_bytes(), None).unwrap();
    assert!(feed.faults().len() <= 100);
}

/// A place for a text in RSS or JSON, and the text of its field there.
fn placed(place: usize, text: &str) -> (String, bool) {
    let rss = |inside: &str| {
        format!(
            "<?xml version=\"1.0\"?><rss><channel><item><guid>1</guid>\
             <description>{inside}</description></item></channel></rss>"
        )
    };
    match place {
        0 => (rss(&Context::Element.write(text)), true),
        1 => (
            rss(&format!("<![CDATA[{}]]>", Context::Cdata.write(text))),
            true,
        ),
        _ => (
            serde_json::json!({ "items": [{ "id": "1", "summary": text }] }).to_string(),
            false,
        ),
    }
}

proptest! {
    #[test]
    fn any_text_can_stand_in_the_place_of_any_other(
        place in 0usize..3,
        old in "[^\\p{C}]{0,40}",
        new in "[^\\p{C}]{1,40}",
    ) {
        prop_assume!(!old.trim().is_empty() && !new.trim().is_empty());
        let (source, is_xml) = placed(place, &old);
        let feed = Feed::read(source.as_bytes(), None).unwrap();
        prop_assert!(feed.faults().is_empty());
        let field = &feed.items[0].fields[0];
        prop_assert_eq!(&field.text, &old);
        let rendered = feed.render(vec![Change::Text { field, text: &new }]);
        let again = Feed::read(rendered.as_bytes(), None).unwrap();
        prop_assert!(again.faults().is_empty(), "{}", rendered);
        prop_assert_eq!(&again.items[0].fields[0].text, &new);
        if is_xml {
            let mut reader = quick_xml::Reader::from_str(&rendered);
            while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        } else {
            serde_json::from_str::<serde_json::Value>(&rendered).unwrap();
        }
    }

    #[test]
    fn no_bytes_are_too_bad(
        name in proptest::sample::select(names()),
        cut in 0.0f64..1.0,
        noise in proptest::collection::vec((0.0f64..1.0, any::<u8>()), 0..12),
    ) {
        let mut bytes = bytes(&name);
        for (at, byte) in noise {
            let at = (at * bytes.len() as f64) as usize;
            bytes[at] = byte;
        }
        bytes.truncate((cut * bytes.len() as f64) as usize);
        if let Ok(feed) = Feed::read(&bytes, None) {
            prop_assert_eq!(&feed.render(Vec::new()), feed.source());
            for field in entries(&feed).flat_map(|entry| &entry.fields) {
                prop_assert!(feed.source().get(field.span.start..field.span.end).is_some());
            }
        }
    }
}
