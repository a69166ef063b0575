//! Takes away what a chat model puts around a translation, where it certainly
//! is no part of it: the source is one line and has nothing of the kind.

use std::sync::LazyLock;

use regex::Regex;

/// Words that a source has which really speaks of translations or notes; then
/// nothing is taken for a preamble.
static SPEAKS_OF_IT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)übersetz|uebersetz|translat|englisch|english|hinweis|anmerkung|note").ok()
});

/// A first line that only announces: "Sure! Here is the English translation:".
static PREAMBLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:(?:sure|certainly|of course|okay|ok)\s*[!,.]*\s*)?(?:here(?:'s|’s| is)\s+)?(?:the\s+)?(?:(?:english\s+)?translat(?:ion|ed(?:\s+\w+)?)|english)(?:\s+(?:of|in|into|from)\b[^:\n]{0,60})?\s*(?:is\s*)?:\s*",
    )
    .ok()
});

/// A paragraph behind the translation that only comments on it.
static COMMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?is)\n\s*\n\s*[(\[*_]*(?:translator's )?notes?\b[*_]*\s*:.*$").ok()
});

/// Pairs of quotation marks.
const QUOTES: [(char, char); 5] = [('"', '"'), ('“', '”'), ('„', '“'), ('\'', '\''), ('«', '»')];

/// The translation of a one-line source, without what is provably no part of it.
pub fn clean(answer: &str, source: &str) -> String {
    let mut text = without_thoughts(answer).trim();
    if !source.contains("```") {
        text = without_fence(text);
    }
    let is_spoken_of = matches(&SPEAKS_OF_IT, source);
    if !is_spoken_of {
        if let Some(found) = PREAMBLE.as_ref().and_then(|pattern| pattern.find(text)) {
            // All of it announced, and nothing came: better seen than emptied.
            let rest = text.get(found.end()..).unwrap_or_default();
            text = if rest.is_empty() { text } else { rest };
        }
        if let Some(found) = COMMENT.as_ref().and_then(|pattern| pattern.find(text)) {
            text = text.get(..found.start()).unwrap_or(text).trim_end();
        }
    }
    without_quotes(text, source.trim()).to_owned()
}

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern
        .as_ref()
        .is_some_and(|pattern| pattern.is_match(text))
}

/// What a reasoning model thinks before it answers stands between marks.
fn without_thoughts(answer: &str) -> &str {
    let Some(thoughts) = answer.trim_start().strip_prefix("<think>") else {
        return answer;
    };
    // Without an end there is nothing but thoughts.
    thoughts.split_once("</think>").map_or("", |(_, rest)| rest)
}

/// The inside of a block of code that is the whole answer.
fn without_fence(text: &str) -> &str {
    let inside = text
        .strip_prefix("```")
        .and_then(|rest| rest.strip_suffix("```"))
        .and_then(|rest| rest.split_once('\n'))
        .filter(|(label, inside)| !label.contains(char::is_whitespace) && !inside.contains("```"));
    inside.map_or(text, |(_, inside)| inside.trim())
}

/// The inside of a pair of quotation marks around all of the text, when the
/// source has no mark at either end.
fn without_quotes<'a>(text: &'a str, source: &str) -> &'a str {
    let is_mark = |c: char| {
        QUOTES.iter().any(|(open, close)| c == *open || c == *close) || "»‚‘’".contains(c)
    };
    // A full stop may stand behind the last mark of a source.
    let end = source.trim_end_matches(['.', '!', '?', ',', ' ']);
    if source.starts_with(is_mark) || source.ends_with(is_mark) || end.ends_with(is_mark) {
        return text;
    }
    let inside = QUOTES.iter().find_map(|(open, close)| {
        let inside = text.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inside.contains([*open, *close])).then_some(inside)
    });
    inside
        .filter(|inside| !inside.trim().is_empty())
        .map_or(text, str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "Der Dax stieg um 1,2 Prozent.";
    const ENGLISH: &str = "The Dax rose by 1.2 percent.";

    #[test]
    fn what_is_no_translation_is_taken_away() {
        for answer in [
            "The Dax rose by 1.2 percent.",
            "  The Dax rose by 1.2 percent.\n",
            "\"The Dax rose by 1.2 percent.\"",
            "“The Dax rose by 1.2 percent.”",
            "Here is the translation:\n\nThe Dax rose by 1.2 percent.",
            "Sure! Here's the English translation of the German text:\n\"The Dax rose by 1.2 percent.\"",
            "Here is the translation of the sentence into English: The Dax rose by 1.2 percent.",
            "Translation: The Dax rose by 1.2 percent.",
            "English: The Dax rose by 1.2 percent.",
            "Certainly! Here is the translated text:\nThe Dax rose by 1.2 percent.",
            "```\nThe Dax rose by 1.2 percent.\n```",
            "```text\nThe Dax rose by 1.2 percent.\n```",
            "<think>Dax is an index.\nIt rose.</think>\n\nThe Dax rose by 1.2 percent.",
            "The Dax rose by 1.2 percent.\n\n(Note: the Dax is a German index.)",
            "The Dax rose by 1.2 percent.\n\n**Note:** 1,2 became 1.2.",
        ] {
            assert_eq!(clean(answer, SOURCE), ENGLISH, "{answer}");
        }
    }

    #[test]
    fn what_may_be_translation_stays() {
        for (answer, source) in [
            ("\"Yes,\" he said.", "„Ja“, sagte er."),
            ("\"Yes.\"", "„Ja.“"),
            ("\"Yes\".", "»Ja«."),
            ("\"Yes\" and \"no\"", "Ja und nein"),
            (
                "Translation: a hard trade.",
                "Übersetzung: ein hartes Gewerbe.",
            ),
            (
                "English: taught from the first grade.",
                "Englisch: ab der ersten Klasse.",
            ),
            (
                "Here is the problem: nobody came.",
                "Hier ist das Problem: Niemand kam.",
            ),
            ("Of course: the Dax rose.", "Natürlich: Der Dax stieg."),
            (
                "Note: the bridge is closed.",
                "Achtung: Die Brücke ist gesperrt.",
            ),
            ("One thing.\n\nAnother.", "Das eine. Das andere."),
            ("Translation:", "Der Dax stieg."),
            ("\"\"", "Der Dax stieg."),
            ("'Tis the season", "Es ist die Zeit"),
            ("```", "Der Dax stieg."),
        ] {
            assert_eq!(clean(answer, source), answer, "{source}");
        }
    }

    #[test]
    fn thoughts_without_end_are_no_translation() {
        assert_eq!(clean("<think>The Dax is", SOURCE), "");
    }

    proptest::proptest! {
        #[test]
        fn it_never_panics_and_never_adds(answer in ".{0,60}", source in ".{0,30}") {
            let cleaned = clean(&answer, &source);
            proptest::prop_assert!(answer.contains(&cleaned));
        }

        #[test]
        fn a_plain_line_is_left_alone(words in "[A-Z][a-z]{2,9}( [a-z]{1,9}){0,8}[.]") {
            proptest::prop_assert_eq!(clean(&words, "Der Dax stieg."), words);
        }
    }
}
