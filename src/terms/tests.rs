use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn glossary(terms: &[(&str, &str)]) -> Glossary {
    let entries = terms.iter().map(|(source, target)| Entry {
        source: (*source).to_owned(),
        target: Some((*target).to_owned()).filter(|target| !target.is_empty()),
    });
    Glossary::new(entries).expect("the terms are in order")
}

/// The words found for a single term.
fn found<'a>(term: &str, text: &'a str) -> Vec<&'a str> {
    glossary(&[(term, "x")])
        .find(text)
        .into_iter()
        .map(|occurrence| occurrence.span.of(text))
        .collect()
}

#[test]
fn case_and_inflection_are_tolerated() {
    for (term, text, forms) in [
        (
            "Bundesrat",
            "Im BUNDESRAT und vom Bundesrat, des Bundesrates, des Bundesrats",
            vec!["BUNDESRAT", "Bundesrat", "Bundesrates", "Bundesrats"],
        ),
        (
            "Rat",
            "Die Räte berieten mit den Räten.",
            vec!["Räte", "Räten"],
        ),
        (
            "Haus",
            "Häuser, Häusern, Hauses, Hause",
            vec!["Häuser", "Häusern", "Hauses", "Hause"],
        ),
        (
            "Kind",
            "Kinder, Kindern, Kindes",
            vec!["Kinder", "Kindern", "Kindes"],
        ),
        ("Gemeinde", "viele Gemeinden", vec!["Gemeinden"]),
        (
            "Ergebnis",
            "Ergebnisse des Ergebnisses",
            vec!["Ergebnisse", "Ergebnisses"],
        ),
        (
            "Ministerium",
            "Die Ministerien, des Ministeriums",
            vec!["Ministerien", "Ministeriums"],
        ),
        ("Firma", "zwei Firmen", vec!["Firmen"]),
        (
            "erneuerbar",
            "erneuerbare, Erneuerbaren, erneuerbarer, erneuerbarem",
            vec![
                "erneuerbare",
                "Erneuerbaren",
                "erneuerbarer",
                "erneuerbarem",
            ],
        ),
        (
            "Deutsche Bahn",
            "der Deutschen  Bahn und Deutsche\nBahn",
            vec!["Deutschen  Bahn", "Deutsche\nBahn"],
        ),
        (
            "künstliche Intelligenz",
            "mit Künstlicher Intelligenz",
            vec!["Künstlicher Intelligenz"],
        ),
        (
            "Vorsitzender",
            "die Vorsitzende und den Vorsitzenden",
            vec!["Vorsitzende", "Vorsitzenden"],
        ),
        ("Fluss", "ein Fluß und zwei Flüsse", vec!["Fluß", "Flüsse"]),
        (
            "Bündnis 90/Die Grünen",
            "von Bündnis 90/Die Grünen",
            vec!["Bündnis 90/Die Grünen"],
        ),
        ("C++", "in C++ und C", vec!["C++"]),
        ("EU", "Die EU, eu und EUs", vec!["EU", "EUs"]),
    ] {
        assert_eq!(found(term, text), forms, "{term}");
    }
}

#[test]
fn other_words_are_none() {
    for (term, text) in [
        ("Bau", "Der Bauer bebaut den Umbau."),
        ("Bundestag", "Die Bundestagsabgeordneten und der Landtag"),
        ("Lage", "Das Lager"),
        ("Rat", "Der Verrat, die Ratte, raten wir? Ein Rathaus."),
        ("Richter", "Sie richten und richteten."),
        ("EU", "neu, eu, Eu"),
        (
            "Deutsche Bahn",
            "Deutsche Bahnhöfe, Deutsche, Bahn, Deutsche - Bahn",
        ),
        ("G7", "G70, G 7, g77"),
    ] {
        let words = found(term, text);
        assert_eq!(words, Vec::<&str>::new(), "{term}");
    }
}

#[test]
fn parts_of_compounds_must_be_exact() {
    assert_eq!(
        found("Bahn", "Der Bahn-Chef und die Bahnen-Karte"),
        ["Bahn"]
    );
    assert_eq!(found("Bus", "Bus- und Busse-Verkehr"), ["Bus"]);
}

#[test]
fn the_longest_and_nearest_term_is_taken() {
    let glossary = glossary(&[
        ("Bahn", "railway"),
        ("Deutsche Bahn", "Deutsche Bahn AG"),
        ("Spiel", "game"),
        ("Spieler", "player"),
    ]);
    let text = "Die Deutsche Bahn, die Bahn und der Spieler";
    let english: Vec<_> = glossary
        .find(text)
        .iter()
        .map(|occurrence| occurrence.term.english().to_owned())
        .collect();
    assert_eq!(english, ["Deutsche Bahn AG", "railway", "player"]);
}

fn statuses(glossary: &Glossary, source: &str, target: &str) -> Vec<Status> {
    check(source, &glossary.find(source), target)
        .into_iter()
        .map(|check| check.status)
        .collect()
}

#[test]
fn each_occurrence_needs_its_own_english() {
    use Status::{Missed, Used};
    let glossary = glossary(&[
        ("Bundesregierung", "federal government"),
        ("Regierung", "government"),
        ("Tagesschau", "Tagesschau"),
        ("Behörde", "agency"),
        ("USA", "US"),
    ]);
    let source = "Die Bundesregierung und die Regierung in Mainz";
    let both = "The Federal Government and the government in Mainz";
    assert_eq!(statuses(&glossary, source, both), [Used, Used]);
    let one = "The federal government in Mainz";
    assert_eq!(statuses(&glossary, source, one), [Used, Missed]);
    let kept = "Der Sprecher der Tagesschau";
    assert_eq!(statuses(&glossary, kept, "The Tagesschau’s host"), [Used]);
    assert_eq!(statuses(&glossary, kept, "The host of the news"), [Missed]);
    assert_eq!(statuses(&glossary, "Zwei Behörden", "Two agencies"), [Used]);
    assert_eq!(statuses(&glossary, "Die USA", "It told us so"), [Missed]);
}

#[track_caller]
fn placed(terms: &[(&str, &str)], source: &str, target: &str, rendition: &str) -> Option<String> {
    let glossary = glossary(terms);
    let renditions = [Rendition {
        source: terms[0].0.to_owned(),
        english: rendition.to_owned(),
    }];
    place(source, &glossary.find(source), target, &renditions).map(|placed| placed.text)
}

#[test]
fn what_was_copied_or_is_known_is_replaced() {
    let council = [("Bundesrat", "Federal Council")];
    let source = "Der Bundesrat hat zugestimmt.";
    let becomes = |target, rendition| placed(&council, source, target, rendition);
    let good = Some("The Federal Council has agreed.".to_owned());
    assert_eq!(becomes("The Bundesrat has agreed.", ""), good);
    assert_eq!(
        becomes("The upper house has agreed.", "The upper house."),
        good
    );
    // Neither twice, nor unknown, nor in the plural, nor what is right already.
    assert_eq!(
        becomes("The upper house, the upper house.", "Upper house"),
        None
    );
    assert_eq!(becomes("The chamber has agreed.", "Upper house"), None);
    assert_eq!(
        becomes("The upper houses have agreed.", "Upper house"),
        None
    );
    assert_eq!(becomes("The Federal Council has agreed.", "Council"), None);
}

#[test]
fn english_words_that_look_german_stay() {
    let need = [("Not", "hardship")];
    let source = "Die Not ist groß.";
    assert_eq!(placed(&need, source, "It is not small.", ""), None);
    assert_eq!(placed(&need, source, "Not a small thing.", ""), None);
    let replaced = placed(&need, source, "The Not is great.", "");
    assert_eq!(replaced.as_deref(), Some("The hardship is great."));
}

#[test]
fn articles_and_capitals_fit() {
    let office = [("Amt", "office")];
    let replaced = placed(
        &office,
        "Ein Amt warnt.",
        "A public authority warns.",
        "Public authority",
    );
    assert_eq!(replaced.as_deref(), Some("An office warns."));
    let replaced = placed(
        &office,
        "Amt warnt",
        "Public authority warns",
        "public authority",
    );
    assert_eq!(replaced.as_deref(), Some("Office warns"));
}

#[test]
fn tables_are_read() {
    let tabs = "\u{feff}Bundesrat\tFederal Council\tde\ten\n\nTagesschau\nZDF\t\r\n";
    let entries = read_table(tabs, Separator::Tab).expect("a table");
    let targets: Vec<_> = entries
        .iter()
        .map(|entry| (entry.source.as_str(), entry.target.as_deref()))
        .collect();
    let expected = [
        ("Bundesrat", Some("Federal Council")),
        ("Tagesschau", None),
        ("ZDF", None),
    ];
    assert_eq!(targets, expected);
    for table in [
        "Rat,\"council, or \"\"board\"\"\"\r\nBahn , railway",
        "Rat;\"council, or \"\"board\"\"\"\nBahn;railway\n",
    ] {
        // The first has a comma within quotes as well.
        let entries = read_table(table, Separator::Comma).expect("a table");
        assert_eq!(entries[1].target.as_deref(), Some("railway"), "{table}");
    }
    assert!(read_table("\tx", Separator::Tab).is_err());
    assert!(read_table("a,\"b", Separator::Comma).is_err());
}

#[test]
fn terms_that_cannot_be_used_are_refused() {
    let new = |source: &str, target: &str| {
        Glossary::new([Entry {
            source: source.into(),
            target: Some(target.into()),
        }])
    };
    assert!(new("!", "x").is_err());
    assert!(new("Rat", "—").is_err());
    assert!(new("Rat\u{7}", "x").is_err());
    assert!(new(&"x".repeat(LONGEST_TERM + 1), "x").is_err());
    assert!(new(&"x ".repeat(MOST_WORDS + 1), "x").is_err());
    let entry = |target: &str| Entry {
        source: "Rat".into(),
        target: Some(target.into()),
    };
    assert!(Glossary::new([entry("council"), entry("council")]).is_ok());
    let error = Glossary::new([entry("council"), entry("board")]).expect_err("a contradiction");
    assert!(!error.to_string().contains("board"), "no text in messages");
}

#[test]
fn long_texts_take_linear_time() {
    let terms: Vec<Entry> = (0..5_000)
        .map(|number| Entry {
            source: format!("Deutsche Bahn Nummer{number}"),
            target: Some(format!("railway number {number}")),
        })
        .collect();
    let glossary = Glossary::new(terms).expect("the terms are in order");
    let text = "Deutsche Bahn Nummer Bahn Deutsche ".repeat(30_000);
    let begun = Instant::now();
    let found = glossary.find(&text);
    let target = "railway number ".repeat(60_000);
    check(&text, &found, &target);
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
}

proptest! {
    #[test]
    fn any_text_has_spans_in_order(text in "[a-zA-ZäöüßÄÖÜ .,'’\u{ad}\u{308}-]{0,80}", term in "[a-zA-Zäöüß -]{1,12}") {
        let entry = Entry { source: term, target: Some("English term".into()) };
        if let Ok(glossary) = Glossary::new([entry]) {
            let found = glossary.find(&text);
            let mut end = 0;
            for occurrence in &found {
                prop_assert!(occurrence.span.start >= end && !occurrence.span.of(&text).is_empty());
                end = occurrence.span.end;
            }
            if let Some(placed) = place(&text, &found, &text, &[]) {
                prop_assert!(missed(&placed.checks) < found.len());
            }
        }
    }
}
