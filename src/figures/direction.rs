//! Which way a figure moved: „stieg um 5 Prozent“ ↔ "fell by 5 percent".
//!
//! A movement is read from the words that belong to its figure: in German from the clause
//! that holds it, in English from the verb, the noun or the particle right beside it.

use super::compare::{Check, Status};
use super::kind::Kind;
use super::repair::{Repair, exchanged};
use super::side::Side;
use super::{Figure, Language, read};
use crate::span::Span;
use crate::words::{head, tail, words};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

use Direction::{Down, Up};

/// Beginnings of German words that mean a movement wherever they stand beside a figure.
const GERMAN: [(&str, Direction); 40] = [
    ("einbrach", Down),
    ("einbrech", Down),
    ("zulegte", Up),
    ("zulegen", Up),
    ("zunahm", Up),
    ("zunehm", Up),
    ("zurückging", Down),
    ("nachgab", Down),
    ("gestürzt", Down),
    ("gestiegen", Up),
    ("angestiegen", Up),
    ("stieg", Up),
    ("steigt", Up),
    ("zugelegt", Up),
    ("zugenommen", Up),
    ("wuchs", Up),
    ("gewachsen", Up),
    ("erhöht", Up),
    ("kletterte", Up),
    ("verteuert", Up),
    ("sank", Down),
    ("sinkt", Down),
    ("gesunken", Down),
    ("gesenkt", Down),
    ("fiel", Down),
    ("fällt", Down),
    ("zurückgegangen", Down),
    ("abgenommen", Down),
    ("eingebrochen", Down),
    ("verringert", Down),
    ("steigen", Up),
    ("anstieg", Up),
    ("zuwachs", Up),
    ("zunahme", Up),
    ("sinken", Down),
    ("rückgang", Down),
    ("abnahme", Down),
    ("schrumpft", Down),
    ("geschrumpft", Down),
    ("verbilligt", Down),
];

/// Verbs whose last part stands at the end of the clause: „legte um 5 Prozent zu“.
const PARTED: [(&str, &str, Direction); 18] = [
    ("legt", "zu", Up),
    ("nahm", "zu", Up),
    ("nimmt", "zu", Up),
    ("nehmen", "zu", Up),
    ("zog", "an", Up),
    ("zieh", "an", Up),
    ("hob", "an", Up),
    ("gab", "nach", Down),
    ("gibt", "nach", Down),
    ("geben", "nach", Down),
    ("ging", "zurück", Down),
    ("geht", "zurück", Down),
    ("gehen", "zurück", Down),
    ("nahm", "ab", Down),
    ("nimmt", "ab", Down),
    ("nehmen", "ab", Down),
    ("brach", "ein", Down),
    ("bricht", "ein", Down),
];

/// Last parts that turn a movement into something else: „stieg aus der Liga ab“.
const ELSEWHERE: [&str; 5] = ["ab", "aus", "ein", "um", "auf"];

/// English words of movement, as they stand beside a figure.
const ENGLISH: [(&str, Direction); 59] = [
    ("recovered", Up),
    ("rebounded", Up),
    ("skyrocketed", Up),
    ("rocketed", Up),
    ("spiked", Up),
    ("rising", Up),
    ("growing", Up),
    ("increasing", Up),
    ("climbing", Up),
    ("expanded", Up),
    ("rallied", Up),
    ("falling", Down),
    ("decreasing", Down),
    ("declining", Down),
    ("dropping", Down),
    ("tumbled", Down),
    ("collapsed", Down),
    ("crashed", Down),
    ("slipped", Down),
    ("rose", Up),
    ("risen", Up),
    ("rises", Up),
    ("rise", Up),
    ("increased", Up),
    ("increases", Up),
    ("increase", Up),
    ("grew", Up),
    ("grown", Up),
    ("climbed", Up),
    ("jumped", Up),
    ("surged", Up),
    ("soared", Up),
    ("gained", Up),
    ("up", Up),
    ("raised", Up),
    ("jump", Up),
    ("gain", Up),
    ("fell", Down),
    ("fallen", Down),
    ("falls", Down),
    ("fall", Down),
    ("decreased", Down),
    ("decreases", Down),
    ("decrease", Down),
    ("declined", Down),
    ("declines", Down),
    ("decline", Down),
    ("dropped", Down),
    ("drops", Down),
    ("drop", Down),
    ("sank", Down),
    ("sunk", Down),
    ("shrank", Down),
    ("plunged", Down),
    ("slumped", Down),
    ("plummeted", Down),
    ("down", Down),
    ("lowered", Down),
    ("lost", Down),
];

/// What may stand between an English movement and its figure.
const FILLERS: [&str; 22] = [
    "by", "to", "of", "from", "at", "about", "around", "roughly", "nearly", "almost", "more",
    "less", "than", "just", "some", "over", "under", "a", "slightly", "well", "as", "much",
];

/// What moves the other way in another word: „das Defizit sank“ ↔ "the balance rose".
const OPPOSED: [(&str, &str); 10] = [
    ("defizit", "deficit"),
    ("verlust", "loss"),
    ("rückstand", "deficit"),
    ("leerstand", "vacan"),
    ("arbeitslos", "unemploy"),
    ("erwerbslos", "unemploy"),
    ("schuld", "debt"),
    ("teuerung", "inflation"),
    ("ausfall", "cancel"),
    ("minus", "minus"),
];

/// What stands right behind a share that is compared.
const GERMAN_COMPARED: [(&str, Direction); 12] = [
    ("mehr", Up),
    ("höher", Up),
    ("teurer", Up),
    ("stärker", Up),
    ("größer", Up),
    ("weniger", Down),
    ("niedriger", Down),
    ("billiger", Down),
    ("günstiger", Down),
    ("geringer", Down),
    ("schwächer", Down),
    ("kleiner", Down),
];

const ENGLISH_COMPARED: [(&str, Direction); 11] = [
    ("more", Up),
    ("higher", Up),
    ("stronger", Up),
    ("larger", Up),
    ("bigger", Up),
    ("less", Down),
    ("fewer", Down),
    ("lower", Down),
    ("cheaper", Down),
    ("weaker", Down),
    ("smaller", Down),
];

/// Clauses are read so far on either side of a figure.
const LONGEST: usize = 200;

/// Figures that moved the other way.
pub fn turned(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let links = source.links.iter().enumerate();
    let turned: Vec<(usize, usize)> = links
        .filter_map(|(index, link)| {
            let link = (*link).filter(|link| link.status.resolved())?;
            let (one, other) = (
                source.figures.get(index)?,
                target.figures.get(link.partner)?,
            );
            let german = german(source.text, one)?;
            let (english, _) = english(target.text, other)?;
            (german != english).then_some((index, link.partner))
        })
        .collect();
    match turned.is_empty() || is_opposed(source.text, target.text) {
        true => Vec::new(),
        false => turned,
    }
}

/// Whether the source speaks of something whose opposite the translation may name.
fn is_opposed(source: &str, target: &str) -> bool {
    let (source, target) = (source.to_lowercase(), target.to_lowercase());
    OPPOSED
        .iter()
        .any(|(german, english)| source.contains(german) && !target.contains(english))
}

fn moves(figure: &Figure) -> bool {
    let kind = matches!(
        figure.kind,
        Kind::Percent | Kind::Money | Kind::Number | Kind::Quantity
    );
    kind && !figure.loose
}

/// „10 Prozent teurer“, "10 percent cheaper": the word right behind a share.
fn compared(text: &str, figure: &Figure, known: &[(&str, Direction)]) -> Option<Direction> {
    let behind = head(text.get(figure.span.end..)?, LONGEST).strip_prefix(' ')?;
    let word = words(behind).next().filter(|span| span.start == 0)?;
    let known = known.iter().find(|(known, _)| *known == word.of(behind));
    known
        .filter(|_| figure.kind == Kind::Percent)
        .map(|(_, direction)| *direction)
}

/// The movement that the clause of a German figure names, if it names one alone.
fn german(text: &str, figure: &Figure) -> Option<Direction> {
    if !moves(figure) {
        return None;
    }
    if let Some(direction) = compared(text, figure, &GERMAN_COMPARED) {
        return Some(direction);
    }
    let before = tail(text.get(..figure.span.start)?, LONGEST);
    // „der Dax verlor 1,5 Prozent“
    let verb = words(before).last().map_or("", |span| span.of(before));
    if figure.kind == Kind::Percent {
        match verb {
            "verlor" | "verliert" | "verloren" | "verlieren" => return Some(Down),
            "gewann" | "gewinnt" | "gewonnen" | "gewannen" => return Some(Up),
            _ => {}
        }
    }
    // „um 5“, „um rund 5“, „auf 5“: what a movement is told with.
    let mut last = words(before)
        .map(|span| span.of(before))
        .collect::<Vec<_>>();
    last.reverse();
    let told = last
        .iter()
        .take(3)
        .position(|word| matches!(*word, "um" | "auf" | "von" | "Um" | "Auf"))?;
    // „um mehr als“, „auf rund“
    let between = last.iter().take(told);
    let plain = between
        .into_iter()
        .all(|word| word.chars().all(char::is_lowercase));
    if !plain {
        return None;
    }
    let clause = clause(text, figure.span);
    let words: Vec<String> = words(clause)
        .map(|span| span.of(clause).to_lowercase())
        .collect();
    if words
        .iter()
        .any(|word| matches!(word.as_str(), "nicht" | "kein" | "keine" | "statt"))
    {
        return None;
    }
    let end = words.last().map_or("", String::as_str);
    let whole = words.iter().filter_map(|word| {
        let (_, direction) = GERMAN.iter().find(|(stem, _)| word.starts_with(stem))?;
        // „stieg aus der Bundesliga ab“; „erhöht“ has no such parts.
        (!ELSEWHERE.contains(&end)).then_some(*direction)
    });
    let parted = PARTED
        .iter()
        .filter(|(verb, part, _)| end == *part && words.iter().any(|word| word.starts_with(verb)));
    let mut found = whole.chain(parted.map(|(.., direction)| *direction));
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// The clause around a span: up to marks that stand before a space or an end.
fn clause(text: &str, span: Span) -> &str {
    let is_mark = |c: char| matches!(c, ',' | ';' | ':' | '–' | '(' | ')' | '"' | '„' | '“');
    let ends = |at: usize, c: char| {
        let rest = text.get(at + c.len_utf8()..).unwrap_or("");
        let ordinal = text
            .get(..at)
            .unwrap_or("")
            .ends_with(|c: char| c.is_ascii_digit());
        let stops = matches!(c, '.' | '!' | '?') && !ordinal;
        (is_mark(c) || stops) && !rest.starts_with(|next: char| next.is_ascii_digit())
    };
    let before = tail(text.get(..span.start).unwrap_or(""), LONGEST);
    let offset = span.start - before.len();
    let start = before
        .char_indices()
        .rev()
        .find(|(at, c)| ends(offset + at, *c))
        .map_or(offset, |(at, c)| offset + at + c.len_utf8());
    let behind = head(text.get(span.end..).unwrap_or(""), LONGEST);
    let end = behind
        .char_indices()
        .find(|(at, c)| ends(span.end + at, *c))
        .map_or(span.end + behind.len(), |(at, _)| span.end + at);
    text.get(start..end).unwrap_or("")
}

/// The movement beside an English figure, and the word that names it.
fn english(text: &str, figure: &Figure) -> Option<(Direction, Span)> {
    const REACH: usize = 5;
    if !moves(figure) {
        return None;
    }
    let direction = |word: &str| {
        let known = ENGLISH.iter().find(|(known, _)| *known == word);
        known.map(|(_, direction)| *direction)
    };
    if let Some(direction) = compared(text, figure, &ENGLISH_COMPARED) {
        return Some((direction, Span::new(figure.span.end, figure.span.end)));
    }
    let before = tail(text.get(..figure.span.start)?, LONGEST);
    let offset = figure.span.start - before.len();
    let spans: Vec<Span> = words(before).collect();
    let mut told = false;
    for span in spans.iter().rev().take(REACH) {
        let word = span.of(before);
        // A comma between them ends what belongs to the figure.
        if before.get(span.end..)?.contains([',', ';', ':']) {
            break;
        }
        if let Some(direction) = direction(&word.to_lowercase()) {
            let bare = matches!(word, "up" | "down");
            // "made up of 5", "down to 5": "up" and "down" stand right before it.
            return (!bare || !told).then_some((direction, span.shifted(offset)));
        }
        if !FILLERS.contains(&word) {
            break;
        }
        told |= matches!(word, "of" | "to" | "from");
    }
    // "a 5 percent drop"
    let rest = head(text.get(figure.span.end..)?, LONGEST);
    let next = words(rest)
        .next()
        .filter(|span| rest[..span.start] == *" ")?;
    let noun = next.of(rest);
    let direction = direction(noun).filter(|_| {
        matches!(
            noun,
            "drop" | "fall" | "decline" | "decrease" | "rise" | "increase" | "jump"
        )
    })?;
    Some((direction, next.shifted(figure.span.end)))
}

/// Words of movement that have an opposite of the same form.
const OPPOSITES: [(&str, &str); 22] = [
    ("rose", "fell"),
    ("risen", "fallen"),
    ("rises", "falls"),
    ("rise", "fall"),
    ("increased", "decreased"),
    ("increases", "decreases"),
    ("increase", "decrease"),
    ("grew", "fell"),
    ("climbed", "fell"),
    ("jumped", "fell"),
    ("up", "down"),
    ("fell", "rose"),
    ("fallen", "risen"),
    ("falls", "rises"),
    ("fall", "rise"),
    ("decreased", "increased"),
    ("decreases", "increases"),
    ("decrease", "increase"),
    ("declined", "increased"),
    ("dropped", "rose"),
    ("sank", "rose"),
    ("down", "up"),
];

/// The translation with a movement turned round that goes the other way than in its
/// source.
pub fn restored(source: &str, target: &str, checks: &[Check]) -> Option<(String, Repair)> {
    let changed = checks
        .iter()
        .filter(|check| check.status == Status::Changed)
        .find_map(|check| Some((check.source.as_ref()?, check.target.as_ref()?)))?;
    let figures = |text: &str, language, span: Span| {
        let figures = read(text, language);
        figures.into_iter().find(|figure| figure.span == span)
    };
    let one = figures(source, Language::German, changed.0.span)?;
    let other = figures(target, Language::English, changed.1.span)?;
    let german = german(source, &one)?;
    let (english, span) = english(target, &other)?;
    let old = span.of(target);
    let (_, new) = OPPOSITES
        .iter()
        .find(|(word, _)| german != english && *word == old)?;
    let repair = Repair {
        source: changed.0.text.clone(),
        before: format!("{old} … {}", changed.1.text),
        after: format!("{new} … {}", changed.1.text),
    };
    let (text, _) = exchanged(target, span, (*new).to_owned());
    Some((text, repair))
}

#[cfg(test)]
mod tests {
    use crate::figures::{Status, compare, repair};

    #[test]
    fn a_movement_in_the_other_direction_is_a_change_and_is_turned_round() {
        for (source, target, expected) in [
            (
                "Der Umsatz stieg um 5 Prozent.",
                "Revenue fell by 5 percent.",
                "Revenue rose by 5 percent.",
            ),
            (
                "Die Zahl der Arbeitslosen sank auf 2,7 Millionen.",
                "The number of unemployed increased to 2.7 million.",
                "The number of unemployed decreased to 2.7 million.",
            ),
            (
                "Die Aktie legte am Montag um 3 Prozent zu.",
                "The share fell 3 percent on Monday.",
                "The share rose 3 percent on Monday.",
            ),
            (
                "Der Umsatz stieg um 5 Prozent, der Gewinn ging um 3 Prozent zurück.",
                "Revenue rose 5 percent, profit rose 3 percent.",
                "Revenue rose 5 percent, profit fell 3 percent.",
            ),
            (
                "Der Dax verlor 1,5 Prozent.",
                "The DAX rose 1.5 percent.",
                "The DAX fell 1.5 percent.",
            ),
            (
                "Die Preise gaben um 4 Prozent nach.",
                "Prices were up 4 percent.",
                "Prices were down 4 percent.",
            ),
        ] {
            let checks = compare(source, target);
            assert!(
                checks.iter().any(|check| check.status == Status::Changed),
                "{source}"
            );
            assert_eq!(repair(source, target).expect("a repair").text, expected);
        }
    }

    #[test]
    fn words_that_do_not_belong_to_the_figure_prove_nothing() {
        for (source, target) in [
            (
                "Der Umsatz stieg um 5 Prozent.",
                "Revenue rose by 5 percent.",
            ),
            (
                "Der VfL stieg mit 29 Punkten aus der Liga ab.",
                "VfL dropped out of the league with 29 points.",
            ),
            (
                "Das Auto erfasste drei Menschen, die aus dem Bus stiegen.",
                "The car hit three people who fell to the ground.",
            ),
            (
                "Das Defizit ist um 5 Milliarden Euro gesunken.",
                "The balance rose by 5 billion euros.",
            ),
            (
                "Der Rückstand wuchs auf sieben Punkte.",
                "They fell seven points short.",
            ),
            (
                "Der Etat steigt nicht um 3 Prozent.",
                "The budget falls by 3 percent.",
            ),
            (
                "Die Zahl stieg um 20 auf 300 Fälle, weil 40 Betten fehlen.",
                "The number rose by 20 to 300 cases, and 40 beds are down.",
            ),
        ] {
            let checks = compare(source, target);
            assert!(
                checks.iter().all(|check| check.status.resolved()),
                "{source}"
            );
        }
    }
}
