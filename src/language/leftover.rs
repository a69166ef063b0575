//! German that was left in a translation.

use super::{Counts, Verdict, is_german};

/// With fewer words a text is a name, a title or a catchword for all we know.
const FEWEST_WORDS: usize = 5;
/// Function words that a text of its own has and a stray quotation has not.
const FEWEST_FUNCTION_WORDS: usize = 2;

/// Whether a text that should be English is German. In doubt it is not: names,
/// lists of them and code are the same in both languages, and what stands in
/// quotes may be cited as it is.
pub fn is_still_german(text: &str) -> bool {
    let rest = without_quotations(text);
    let judged = if words(&rest).count() >= FEWEST_WORDS {
        rest.as_str()
    } else {
        text
    };
    let counts = Counts::of(judged);
    says_something(judged)
        && counts.is_german()
        && counts.german >= FEWEST_FUNCTION_WORDS
        && counts.german > 3 * counts.foreign
        && is_german(judged) == Verdict::German
}

/// Whether a translation repeats its German source, whatever became of its
/// punctuation and capitals.
pub fn is_echo(source: &str, target: &str) -> bool {
    words(source).count() >= FEWEST_WORDS
        && words(source)
            .map(str::to_lowercase)
            .eq(words(target).map(str::to_lowercase))
        && says_something(source)
        && is_german(source) == Verdict::German
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    crate::words::words(text).map(|span| span.of(text))
}

/// Small words of names: „Ursula von der Leyen“, „Thurn und Taxis“.
const OF_NAMES: [&str; 13] = [
    "von", "vom", "van", "der", "den", "dem", "des", "zum", "zur", "und", "auf", "bei", "aus",
];

/// Whether a text is more than names and code: German writes verbs,
/// adjectives and adverbs small.
fn says_something(text: &str) -> bool {
    const CODE: [char; 10] = ['{', '}', '=', '<', '>', '_', '\\', '|', '`', '@'];
    const FEWEST_SMALL: usize = 2;
    let small = words(text)
        .filter(|word| word.chars().count() > 2 && word.chars().all(char::is_lowercase))
        .filter(|word| !OF_NAMES.contains(word));
    !text.contains(CODE) && small.count() >= FEWEST_SMALL
}

/// The text outside of its quotation marks; all of it when one is not closed.
fn without_quotations(text: &str) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match c {
            '„' | '«' | '»' | '“' | '”' | '"' => {
                inside = !inside;
                rest.push(' ');
            }
            _ if inside => {}
            other => rest.push(other),
        }
    }
    if inside { text.to_owned() } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_is_found() {
        for text in [
            "Der Bundestag hat am Freitag ein neues Rentengesetz beschlossen.",
            "\"Das wird nicht einfach werden\", sagte der Minister nach der Sitzung in Köln.",
            "„Wir werden das nicht noch einmal durch die Kammer bringen können.“",
        ] {
            assert!(is_still_german(text), "{text}");
        }
    }

    #[test]
    fn english_names_code_and_quotations_are_not_german() {
        for text in [
            "",
            "The Bundestag passed a new pension law on Friday.",
            "Ursula von der Leyen, Graf von und zu Guttenberg, Otto von Habsburg",
            "The banner said \"Wir sind das Volk und wir werden nicht von hier weichen\" on Monday.",
            "\"Im Westen nichts Neues\" won the prize.",
            "let der = und { von: das, mit: ein, nicht: auf };",
            "Frankfurter Allgemeine Zeitung, Der Spiegel, Die Zeit, Süddeutsche Zeitung",
        ] {
            assert!(!is_still_german(text), "{text}");
        }
    }

    #[test]
    fn an_echo_is_known_in_spite_of_its_quotes() {
        let source = "„Das wird nicht einfach“, sagte der Minister.";
        assert!(is_echo(
            source,
            "\"Das wird nicht einfach\", sagte der Minister."
        ));
        assert!(!is_echo(source, "\"It won't be easy,\" the minister said."));
    }

    #[test]
    fn names_and_foreign_words_may_be_repeated() {
        for text in [
            "Ursula von der Leyen, Christian Lindner, Robert Habeck",
            "FC Bayern München – Borussia Dortmund 3:1",
            "We shall fight on the beaches and in the hills.",
            "cargo test --release --lib pipeline_report",
        ] {
            assert!(!is_echo(text, text), "{text}");
        }
    }
}
