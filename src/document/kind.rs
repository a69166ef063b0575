//! What part of an article a block is.

use serde::{Deserialize, Serialize};

/// The part that a block plays in an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    Title,
    Heading,
    Paragraph,
    ListItem,
    Quote,
    /// One cell of a table.
    Cell,
    /// Of a picture or a table.
    Caption,
    /// “Von Max Muster”.
    Byline,
    /// “Mehr zum Thema – …” and its like: a pointer to another article.
    Tail,
    /// Beside the article: navigation, sidebar, footer.
    Aside,
}

impl BlockKind {
    /// Names the article rather than telling of it.
    pub const fn is_title(self) -> bool {
        matches!(self, BlockKind::Title | BlockKind::Heading)
    }

    /// Holds sentences of the article itself, titles included.
    pub const fn is_prose(self) -> bool {
        match self {
            BlockKind::Title
            | BlockKind::Heading
            | BlockKind::Paragraph
            | BlockKind::ListItem
            | BlockKind::Quote => true,
            BlockKind::Cell
            | BlockKind::Caption
            | BlockKind::Byline
            | BlockKind::Tail
            | BlockKind::Aside => false,
        }
    }
}

/// Above this many characters a line is prose, whatever its first words say.
const LONGEST_BYLINE: usize = 120;
const LONGEST_HEADING: usize = 120;

/// Words that open a pointer to another article or to the source. Each counts
/// only at the start of a block and followed by a separator or the end.
const TAIL_OPENINGS: &[&str] = &[
    "mehr zum thema",
    "mehr zu diesem thema",
    "mehr dazu",
    "mehr aus dem ressort",
    "lesen sie auch",
    "lesen sie mehr",
    "lesen sie dazu",
    "lesen sie hier",
    "lies auch",
    "siehe auch",
    "sehen sie auch",
    "auch interessant",
    "das könnte sie auch interessieren",
    "weitere informationen",
    "weiterlesen",
    "zum thema",
    "weitere artikel",
    "weitere meldungen",
    "verwandte themen",
    "verwandte artikel",
    "links zum artikel",
    "hintergrund",
    "quelle",
    "quellen",
];

/// Words that can stand before an author's name.
const BYLINE_OPENINGS: &[&str] = &[
    "von",
    "text",
    "autor",
    "autorin",
    "ein kommentar von",
    "eine analyse von",
    "ein gastbeitrag von",
    "aus dem englischen von",
    "interview von",
    "protokoll",
    "text und fotos",
];

/// Small words that a byline has between its names.
const BYLINE_JOINTS: &[&str] = &[
    "und", "von", "van", "der", "den", "de", "zu", "zur", "aus", "in", "für", "dpa", "afp",
];

/// Refines the kind of a block that its format calls a paragraph.
pub(super) fn of_paragraph(text: &str) -> BlockKind {
    if is_tail(text) {
        BlockKind::Tail
    } else if is_byline(text) {
        BlockKind::Byline
    } else {
        BlockKind::Paragraph
    }
}

/// Whether a line of its own looks like a heading: short, opens like a
/// sentence, but has no stop.
pub(super) fn is_heading(text: &str) -> bool {
    let opens = text
        .chars()
        .find(|c| c.is_alphanumeric())
        .is_some_and(|c| c.is_uppercase() || c.is_numeric());
    opens && text.chars().count() <= LONGEST_HEADING && !ends_with_stop(text)
}

/// Whether the last character, closing quotes and brackets aside, ends a
/// sentence.
pub(super) fn ends_with_stop(text: &str) -> bool {
    text.trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '“' | '”' | '«' | '»' | '‘' | '’' | '\'' | ')' | ']' | '›' | '‹'
            )
    })
    .ends_with(['.', '!', '?', '…', ':', ';', ','])
}

fn is_tail(text: &str) -> bool {
    let start: String = text.chars().take(48).flat_map(char::to_lowercase).collect();
    TAIL_OPENINGS.iter().any(|opening| {
        start.strip_prefix(opening).is_some_and(|rest| {
            rest.is_empty()
                || rest
                    .trim_start()
                    .starts_with([':', '–', '—', '-', '|', '→', '»', '>'])
        })
    })
}

fn is_byline(text: &str) -> bool {
    if text.chars().count() > LONGEST_BYLINE || text.ends_with(['!', '?', ':', ';']) {
        return false;
    }
    let lower = text.to_lowercase();
    let Some(opening) = BYLINE_OPENINGS.iter().find(|opening| {
        lower
            .strip_prefix(**opening)
            .is_some_and(|rest| rest.starts_with([' ', ':']))
    }) else {
        return false;
    };
    // Lower-casing keeps the length of the openings, which have no capitals
    // that change it.
    let names = text.get(opening.len()..).unwrap_or("");
    let mut capitalised = 0;
    for word in names
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | ':' | '(' | ')' | '&' | '|'))
    {
        let word = word.trim_end_matches('.');
        let Some(first) = word.chars().next() else {
            continue;
        };
        if first.is_uppercase() {
            capitalised += 1;
        } else if !BYLINE_JOINTS.contains(&word) {
            return false;
        }
    }
    // “Von Berlin nach Paris” has a lower-case word; “Von Sinnen” has one name
    // only and is a title rather than an author.
    capitalised >= 2 && !text.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_are_short_lines_of_names() {
        for line in [
            "Von Max Muster",
            "Von Max Muster und Erika Mustermann",
            "Von Max Muster, Berlin",
            "Von Anna von der Heide, Brüssel",
            "VON MAX MUSTER",
            "Text: Max Muster",
            "Von Karl-Heinz Meier (dpa)",
        ] {
            assert_eq!(of_paragraph(line), BlockKind::Byline, "{line}");
        }
        for line in [
            "Von Berlin nach Paris",
            "Von Sinnen",
            "Von Anfang an war klar, dass Olaf Scholz gewinnt.",
            "Vonovia Deutsche Wohnen",
            "Von Max Muster stammt die Idee",
        ] {
            assert_eq!(of_paragraph(line), BlockKind::Paragraph, "{line}");
        }
    }

    #[test]
    fn tails_need_a_separator() {
        for line in [
            "Mehr zum Thema – Streit um die Rente",
            "Mehr zum Thema",
            "Lesen Sie auch: Der Brand in Essen",
            "Quelle: dpa",
        ] {
            assert_eq!(of_paragraph(line), BlockKind::Tail, "{line}");
        }
        for line in [
            "Mehr zum Thema sagte er nicht.",
            "Quellen aus der Regierung bestätigten das.",
        ] {
            assert_eq!(of_paragraph(line), BlockKind::Paragraph, "{line}");
        }
    }

    #[test]
    fn headings_have_no_stop() {
        assert!(is_heading("Bundestag beschließt Rentenpaket"));
        assert!(is_heading("„Wir schaffen das“"));
        assert!(!is_heading("Er kam."));
        assert!(!is_heading("„Er kam.“"));
        assert!(!is_heading("und ging"));
    }
}
