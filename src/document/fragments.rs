//! Fragments of pages and Markdown as newsrooms write them, from
//! `tests/data/fragments.txt`: whatever a model makes of their sentences, the
//! structure stays, and so does what is not prose.

use super::tests::{is_nested, tags, translated};
use super::*;

const FRAGMENTS: &str = include_str!("../../tests/data/fragments.txt");

/// What is no prose in any of the fragments, wherever it stands.
const KEPT: [&str; 25] = [
    "Ja zum Haus",
    "Das Erste",
    "git push",
    "git push --force",
    "Strg",
    "Fehler 404",
    "  erste Zeile\n    zweite Zeile\n",
    "<!-- Redaktion: bitte prüfen -->",
    "<!--[if IE]><p>Alter Browser</p><![endif]-->",
    "p > a { color: red }",
    "if (a < b) { document.write(\"<p>Nein</p>\"); }",
    "{\"headline\": \"Der Titel\", \"n\": 3}",
    "alt=\"Ein Haus\" width=300",
    "placeholder=\"Wonach suchen Sie?\"",
    "title='Ein \"Titel\"'",
    "<title>Kurve</title>",
    "cp a b",
    "mv a b",
    "<br>",
    "https://example.org/p \"Ein Titel\"",
    "    eingerückter Code",
    "|:-------|--------:|",
    "(haus.png)",
    "[1]: https://example.org/dort",
    "title: Der Titel\ntags: [a, b]",
];

/// Name, format and text of each.
fn fragments() -> impl Iterator<Item = (&'static str, Format, &'static str)> {
    FRAGMENTS.split("=== ").skip(1).map(|fragment| {
        let (name, text) = fragment.split_once('\n').expect("a line for the name");
        let format = match name.split(':').next() {
            Some("html") => Format::Html,
            _ => Format::Markdown,
        };
        (name, format, text)
    })
}

type Model = fn(&str) -> String;

/// What a model might make of a sentence: nothing new, everything elsewhere,
/// less, more, and what looks like markup.
const MODELS: [(&str, Model); 6] = [
    ("the sentence itself", str::to_owned),
    ("its words from the back", |text| {
        text.split(' ').rev().collect::<Vec<_>>().join(" ")
    }),
    ("other words", |text| {
        let words = text.split(' ').map(|word| {
            let kept = word.chars().any(|ch| ch.is_ascii_digit());
            if kept { word } else { "word" }
        });
        words.collect::<Vec<_>>().join(" ")
    }),
    ("one word", |_| "Yes.".to_owned()),
    ("twice as much", |text| format!("{text} {text}")),
    ("what looks like markup", |text| {
        format!("<p> & *{text}* `| \"</p> # [")
    }),
];

/// The elements of a Markdown text without its words, as a sorted list.
fn elements(source: &str) -> Vec<String> {
    use pulldown_cmark::Event;
    let mut elements: Vec<String> = markdown::events(source)
        .filter_map(|(event, _)| match event {
            Event::Text(_) | Event::SoftBreak => None,
            // Where a reference is made explicit, its address is the same.
            Event::Start(tag) => Some(format!("{tag:?}").replace("ShortcutUnknown", "Reference")),
            other => Some(format!("{other:?}")),
        })
        .collect();
    elements.sort();
    elements
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// What is wrong with a fragment after a translation.
fn faults(source: &str, rendered: &str, format: Format) -> Vec<String> {
    let mut faults = Vec::new();
    let structure = match format {
        Format::Html => tags,
        Format::Markdown | Format::Text => elements,
    };
    let (there, wanted) = (structure(rendered), structure(source));
    // In Markdown nothing can stand around no words: where a translation has
    // fewer of them than the source has marks, some marks go, and none may come.
    let too_short = format == Format::Markdown && words(rendered) < words(source);
    let is_right = match too_short {
        true => there.iter().all(|element| wanted.contains(element)),
        false => there == wanted,
    };
    if !is_right {
        faults.push("other elements".to_owned());
    }
    if format == Format::Html && is_nested(source) && !is_nested(rendered) {
        faults.push("no longer nested".to_owned());
    }
    // A model may say such words once more, by itself.
    let is_lost = |kept: &&&str| rendered.matches(**kept).count() < source.matches(**kept).count();
    faults.extend(
        KEPT.iter()
            .filter(is_lost)
            .map(|kept| format!("lost {kept:?}")),
    );
    faults
}

#[test]
fn structure_survives_every_translation() {
    let (mut count, mut faulty) = (0, Vec::new());
    for (name, format, source) in fragments() {
        count += 1;
        for (model, translate) in MODELS {
            let rendered = translated(source, format, translate).1.text;
            if model == "the sentence itself" {
                assert_eq!(rendered, source, "{name}");
            }
            for fault in faults(source, &rendered, format) {
                faulty.push(format!("{name}, {model}: {fault}:\n{rendered}"));
            }
        }
    }
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
    assert!(count >= 58, "{count} fragments");
    for kept in KEPT {
        assert!(FRAGMENTS.contains(kept), "{kept:?} is in no fragment");
    }
}
