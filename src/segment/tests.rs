use proptest::prelude::*;

use super::*;

fn pieces(text: &str) -> Vec<&str> {
    split(text).into_iter().map(|span| span.of(text)).collect()
}

/// The texts of `cases.txt` with the sentences expected of each.
fn cases() -> Vec<(String, Vec<String>)> {
    include_str!("cases.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let sentences = line.split('|').map(|piece| piece.trim().to_owned());
            (line.replace('|', ""), sentences.collect())
        })
        .collect()
}

#[test]
fn cases_are_split_as_written() {
    let cases = cases();
    assert!(cases.len() >= 400, "{} cases", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, expected)| pieces(text) != *expected)
        .map(|(text, _)| pieces(text).join("| "))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

/// What is one sentence in its text is one sentence alone.
#[test]
fn a_sentence_alone_stays_whole() {
    for (text, sentences) in cases() {
        for sentence in sentences {
            assert_eq!(pieces(&sentence), [sentence.as_str()], "from {text}");
        }
    }
}

#[test]
fn blank_lines_and_bullets_end_sentences_and_single_breaks_do_not() {
    assert_eq!(
        pieces("Titel ohne Punkt\n\nDer Text\ngeht weiter."),
        ["Titel ohne Punkt", "Der Text\ngeht weiter."]
    );
    assert_eq!(pieces("Titel\r\n \r\nText"), ["Titel", "Text"]);
    assert_eq!(
        pieces("Themen\n- Rente\n- Steuern\n• Klima"),
        ["Themen", "- Rente", "- Steuern", "• Klima"]
    );
    assert_eq!(
        pieces("z.\u{a0}B. Berlin. Am 3.\u{a0}Mai war es."),
        ["z.\u{a0}B. Berlin.", "Am 3.\u{a0}Mai war es."]
    );
    assert_eq!(pieces(" \n "), [""; 0]);
}

#[test]
fn protected_spans_are_not_split() {
    let text = "Der Befehl Los. Jetzt. Alles wirkt. Danach nicht.";
    let start = text.find("Los").unwrap();
    let whole = Span::new(start, text.find(" wirkt").unwrap());
    let sentences: Vec<&str> = split_around(text, &[whole])
        .into_iter()
        .map(|span| span.of(text))
        .collect();
    assert_eq!(
        sentences,
        ["Der Befehl Los. Jetzt. Alles wirkt.", "Danach nicht."]
    );
}

fn covers(text: &str, spans: &[Span]) -> Result<(), TestCaseError> {
    let mut end = 0;
    for span in spans {
        prop_assert!(span.start >= end && span.end > span.start);
        let gap = text.get(end..span.start);
        prop_assert!(gap.is_some_and(|gap| gap.trim().is_empty()), "gap {gap:?}");
        let piece = text.get(span.start..span.end);
        prop_assert!(
            piece.is_some_and(|piece| piece.trim() == piece),
            "piece {piece:?}"
        );
        end = span.end;
    }
    prop_assert!(text.get(end..).is_some_and(|rest| rest.trim().is_empty()));
    Ok(())
}

/// Text made of what the rules look at.
fn newsy() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "Der", "Minister", "sagte", "am", "3", ".", ".", ". ", "!", "?", "…", "...", " ", " ",
        "\n", "\n\n", "„", "“", "\"", "»", "«", "(", ")", "[", "]", "z. B. ", "Dr. ", "Mio. ",
        "12. Juni", "dpa", "- ", "• ", "\u{a0}", "ß", "Ä", "www.a.de", ",", ":", "II", "usw", "’",
        "1.234,5", "🙂", "a\u{308}",
    ]);
    prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn sentences_cover_any_text(text in any::<String>()) {
        covers(&text, &split(&text))?;
    }

    #[test]
    fn sentences_cover_newsy_text(text in newsy()) {
        covers(&text, &split(&text))?;
    }

    #[test]
    fn clauses_cover_any_text(text in newsy(), most in 0usize..40) {
        let spans = split_clauses(&text, &|piece| piece.chars().count() <= most);
        covers(&text, &spans)?;
        for span in spans {
            let piece = span.of(&text);
            prop_assert!(piece.chars().count() <= most.max(1), "{piece:?}");
        }
    }
}

/// A megabyte of each pattern that could make a rule look far.
#[test]
fn hostile_megabytes_take_linear_time() {
    let patterns = [
        "a.", "z. ", "A. ", "1.", "1. ", "...", "! ", "(", "((.", "[1]", "„", "\"", "\". ", "»«",
        "\n", "\n- ", "Dr.-", " ", "ß", "„. ", "(a. ", "x", "II. ", ".\u{a0}", ". ",
    ];
    for pattern in patterns {
        let text = pattern.repeat(1_000_000 / pattern.len());
        let started = std::time::Instant::now();
        let spans = split(&text);
        assert!(covers(&text, &spans).is_ok(), "{pattern:?}");
        assert!(
            started.elapsed().as_secs() < 20,
            "{pattern:?} took {:?}",
            started.elapsed()
        );
    }
}
