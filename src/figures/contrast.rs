//! Words of time and place that exclude each other: „gestern“ ↔ "today", „Anfang Mai“ ↔
//! "late May", „im Norden“ ↔ "in the south". They are told of only where the translation
//! says one that the source does not, in the place of one that it does.

use super::Language;
use super::compare::{Check, Mention, Status};
use super::kind::Kind;
use super::lexicon;
use crate::span::Span;
use crate::words::{firsts, words};

/// What a word says, and with what it stands in contrast: words of one group exclude each
/// other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notion {
    Today,
    Yesterday,
    Tomorrow,
    TwoDaysAgo,
    InTwoDays,
    LastWeek,
    LastYear,
    ThisYear,
    Beginning,
    Middle,
    End,
    North,
    South,
    East,
    West,
    Doubled,
    Tripled,
    Quadrupled,
    Halved,
    Quarter,
    HalfYear,
    RateCut,
    RateRise,
    Earliest,
    Latest,
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

#[derive(PartialEq)]
enum Group {
    Day,
    Year,
    Phase,
    Compass,
    Change,
    Period,
    Rates,
    Term,
    Length,
}

impl Notion {
    const fn group(self) -> Group {
        match self {
            Notion::Today
            | Notion::Yesterday
            | Notion::Tomorrow
            | Notion::TwoDaysAgo
            | Notion::InTwoDays
            | Notion::LastWeek => Group::Day,
            Notion::LastYear | Notion::ThisYear => Group::Year,
            Notion::Beginning | Notion::Middle | Notion::End => Group::Phase,
            Notion::North | Notion::South | Notion::East | Notion::West => Group::Compass,
            Notion::Doubled | Notion::Tripled | Notion::Quadrupled | Notion::Halved => {
                Group::Change
            }
            Notion::Quarter | Notion::HalfYear => Group::Period,
            Notion::RateCut | Notion::RateRise => Group::Rates,
            Notion::Earliest | Notion::Latest => Group::Term,
            Notion::Hours | Notion::Days | Notion::Weeks | Notion::Months | Notion::Years => {
                Group::Length
            }
        }
    }

    /// What names of places begin with in both languages.
    const fn stem(self) -> Option<(&'static str, &'static str)> {
        match self {
            Notion::North => Some(("nord", "north")),
            Notion::South => Some(("süd", "south")),
            Notion::East => Some(("ost", "east")),
            Notion::West => Some(("west", "west")),
            _ => None,
        }
    }

    const fn kind(self) -> Kind {
        match self.group() {
            Group::Day | Group::Year | Group::Phase | Group::Period | Group::Term => Kind::Date,
            Group::Compass => Kind::Name,
            Group::Change => Kind::Multiple,
            Group::Rates => Kind::Percent,
            Group::Length => Kind::Duration,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Notion::Today => "today",
            Notion::Yesterday => "yesterday",
            Notion::Tomorrow => "tomorrow",
            Notion::TwoDaysAgo => "two days ago",
            Notion::InTwoDays => "in two days",
            Notion::LastWeek => "last week",
            Notion::LastYear => "last year",
            Notion::ThisYear => "this year",
            Notion::Beginning => "early",
            Notion::Middle => "mid",
            Notion::End => "late",
            Notion::North => "north",
            Notion::South => "south",
            Notion::East => "east",
            Notion::West => "west",
            Notion::Doubled => "2 x",
            Notion::Tripled => "3 x",
            Notion::Quadrupled => "4 x",
            Notion::Halved => "1/2",
            Notion::Quarter => "quarter",
            Notion::HalfYear => "half-year",
            Notion::RateCut => "rate cut",
            Notion::RateRise => "rate rise",
            Notion::Earliest => "at the earliest",
            Notion::Latest => "at the latest",
            Notion::Hours => "hours",
            Notion::Days => "days",
            Notion::Weeks => "weeks",
            Notion::Months => "months",
            Notion::Years => "years",
        }
    }
}

/// The first contrast between a source and its translation.
pub fn compare(source: &str, target: &str) -> Option<Check> {
    let english = firsts(notions(target, english));
    if english.is_empty() {
        return None;
    }
    let german = firsts(notions(source, german));
    let (german_words, english_words) = (source.to_lowercase(), target.to_lowercase());
    let is_in = |notions: &[(Notion, Span)], one: Notion| {
        // „Nordäthiopien“, "a southerner"
        let named = one.stem().is_some_and(|(german, english)| {
            german_words.contains(german) && english_words.contains(english)
        });
        named || notions.iter().any(|(notion, _)| *notion == one)
    };
    let mut lost = german
        .iter()
        .filter(|(notion, _)| !is_in(&english, *notion));
    lost.find_map(|(notion, place)| {
        let (_, told) = english
            .iter()
            .find(|(other, _)| other.group() == notion.group() && !is_in(&german, *other))?;
        Some(Check {
            kind: notion.kind(),
            value: notion.name().to_owned(),
            source: Some(Mention::of(source, *place)),
            target: Some(Mention::of(target, *told)),
            status: Status::Changed,
        })
    })
}

/// A word between its neighbours.
struct Context<'a> {
    before: &'a str,
    word: &'a str,
    next: &'a str,
}

/// The notions of a text, each where its word stands.
fn notions<'a>(
    text: &'a str,
    read: impl Fn(&Context<'_>) -> Option<Notion> + 'a,
) -> impl Iterator<Item = (Notion, Span)> + 'a {
    let mut spans = words(text).peekable();
    let mut before = "";
    std::iter::from_fn(move || {
        let span = spans.next()?;
        let word = span.of(text);
        let context = Context {
            before,
            word,
            next: spans.peek().map_or("", |next| next.of(text)),
        };
        before = word;
        Some((read(&context), span))
    })
    .filter_map(|(notion, span)| Some((notion?, span)))
}

fn german(context: &Context<'_>) -> Option<Notion> {
    let Context { before, word, next } = context;
    let year = matches!(*next, "Jahr" | "Jahres" | "Jahre");
    Some(match *word {
        "heute" | "Heute" => Notion::Today,
        "gestern" | "Gestern" => Notion::Yesterday,
        "Stunden" => Notion::Hours,
        "Tage" | "Tagen" => Notion::Days,
        "Wochen" => Notion::Weeks,
        "Monate" | "Monaten" => Notion::Months,
        "Jahre" | "Jahren" => Notion::Years,
        "frühestens" | "Frühestens" => Notion::Earliest,
        "spätestens" | "Spätestens" => Notion::Latest,
        "vorgestern" | "Vorgestern" => Notion::TwoDaysAgo,
        "übermorgen" | "Übermorgen" => Notion::InTwoDays,
        "vergangenen" | "vergangene" | "letzte" | "letzten" | "Vergangene" | "Letzte"
        | "vorigen" | "voriger" | "vergangener" | "letzter" | "Vorige"
            if *next == "Woche" =>
        {
            Notion::LastWeek
        }
        "Vorwoche" => Notion::LastWeek,
        // „heute morgen“, „am Morgen“
        "morgen" if !matches!(*before, "heute" | "Heute" | "gestern" | "Gestern") => {
            Notion::Tomorrow
        }
        "vergangenen" | "letzten" | "vorigen" | "vergangenes" | "letztes" | "Vergangenes"
        | "Letztes"
            if year =>
        {
            Notion::LastYear
        }
        "Vorjahr" | "Vorjahres" => Notion::LastYear,
        "Quartal" | "Quartals" | "Vierteljahr" | "Auftaktquartal" | "Schlussquartal"
        | "Vorjahresquartal" => Notion::Quarter,
        "Halbjahres" | "Halbjahren" => Notion::HalfYear,
        "diesem" | "dieses" | "laufenden" | "Dieses" | "Diesem" if year => Notion::ThisYear,
        "Anfang" if is_dated(next, Language::German) => Notion::Beginning,
        "Mitte" if is_dated(next, Language::German) => Notion::Middle,
        "Ende" if is_dated(next, Language::German) => Notion::End,
        "Norden" => Notion::North,
        "Süden" => Notion::South,
        "Osten" => Notion::East,
        "Westen" => Notion::West,
        _ => german_beginning(word)?,
    })
}

/// „nördlich“, „verdoppelt“.
fn german_beginning(word: &str) -> Option<Notion> {
    const BEGINNINGS: [(&str, Notion); 26] = [
        ("stundenlang", Notion::Hours),
        ("tagelang", Notion::Days),
        ("wochenlang", Notion::Weeks),
        ("monatelang", Notion::Months),
        ("jahrelang", Notion::Years),
        ("verdreifach", Notion::Tripled),
        ("Verdreifach", Notion::Tripled),
        ("vervierfach", Notion::Quadrupled),
        ("Vervierfach", Notion::Quadrupled),
        ("Zinssenk", Notion::RateCut),
        ("Leitzinssenk", Notion::RateCut),
        ("Zinserhöh", Notion::RateRise),
        ("Zinsanheb", Notion::RateRise),
        ("Zinsanstieg", Notion::RateRise),
        ("Leitzinserhöh", Notion::RateRise),
        ("Halbjahr", Notion::HalfYear),
        ("nördlich", Notion::North),
        ("südlich", Notion::South),
        ("östlich", Notion::East),
        ("westlich", Notion::West),
        ("verdoppel", Notion::Doubled),
        ("Verdoppel", Notion::Doubled),
        ("verdopple", Notion::Doubled),
        ("halbier", Notion::Halved),
        ("Halbier", Notion::Halved),
        ("doppelt", Notion::Doubled),
    ];
    let found = BEGINNINGS
        .iter()
        .find(|(beginning, _)| word.starts_with(beginning));
    found.map(|(_, notion)| *notion)
}

fn english(context: &Context<'_>) -> Option<Notion> {
    let Context { before, word, next } = context;
    let year = *next == "year" || *next == "years";
    // "months of speculation", "for weeks"
    let vague = matches!(*before, "for" | "after" | "For" | "After");
    Some(match *word {
        "today" | "Today" => Notion::Today,
        "yesterday" if *before == "before" => Notion::TwoDaysAgo,
        "tomorrow" if *before == "after" => Notion::InTwoDays,
        "yesterday" | "Yesterday" => Notion::Yesterday,
        "tomorrow" | "Tomorrow" => Notion::Tomorrow,
        "last" | "Last" | "previous" | "past" if *next == "week" => Notion::LastWeek,
        "hours" if vague => Notion::Hours,
        "days" if vague => Notion::Days,
        "weeks" if vague => Notion::Weeks,
        "months" if vague => Notion::Months,
        "years" if vague => Notion::Years,
        "earliest" if matches!(*before, "the" | "very") => Notion::Earliest,
        "soonest" | "sooner" if *before == "the" || *next == "than" => Notion::Earliest,
        "latest" if *before == "the" && next.is_empty() => Notion::Latest,
        "later" if *before == "no" && *next == "than" => Notion::Latest,
        "quarter" | "quarters" => Notion::Quarter,
        "half" if matches!(*before, "first" | "second" | "current") => Notion::HalfYear,
        "cut" | "cuts" | "reduction" | "reductions" if is_rate(before) => Notion::RateCut,
        "hike" | "hikes" | "rise" | "rises" | "increase" | "increases" if is_rate(before) => {
            Notion::RateRise
        }
        "last" | "Last" | "previous" | "past" | "prior" | "preceding" if year => Notion::LastYear,
        "year" if matches!(*next, "earlier" | "before" | "ago" | "previously") => Notion::LastYear,
        "this" | "This" | "current" if year => Notion::ThisYear,
        "early" | "Early" if is_dated(next, Language::English) => Notion::Beginning,
        "mid" | "Mid" if is_dated(next, Language::English) => Notion::Middle,
        "late" | "Late" if is_dated(next, Language::English) => Notion::End,
        "north" | "northern" | "northwards" => Notion::North,
        "south" | "southern" | "southwards" => Notion::South,
        "east" | "eastern" | "eastwards" => Notion::East,
        "west" | "western" | "westwards" => Notion::West,
        "doubled" | "doubling" | "twice" | "Twice" => Notion::Doubled,
        "tripled" | "tripling" | "triples" | "trebled" => Notion::Tripled,
        "quadrupled" | "quadrupling" | "quadruples" => Notion::Quadrupled,
        "halved" | "halving" => Notion::Halved,
        "half" if *next == "as" && *before != "a" => Notion::Halved,
        _ => return None,
    })
}

fn is_rate(word: &str) -> bool {
    matches!(word, "rate" | "rates")
}

/// A month, a year or the tens of an age, of which the beginning or the end is told.
fn is_dated(word: &str, language: Language) -> bool {
    let digits = word.trim_end_matches('s');
    let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let month = word.starts_with(char::is_uppercase)
        && lexicon::month(&word.to_lowercase(), language).is_some();
    number && (digits.len() == 4 || digits.len() == 2) || month
}

#[cfg(test)]
mod tests {
    use crate::figures::{Status, compare};

    fn is_changed(source: &str, target: &str) -> bool {
        let checks = compare(source, target);
        checks.iter().any(|check| check.status == Status::Changed)
    }

    #[test]
    fn what_excludes_each_other_is_a_change() {
        for (source, target) in [
            ("Heute tagt der Bundestag.", "The Bundestag met yesterday."),
            (
                "Morgen früh ist Streik, morgen.",
                "There was a strike yesterday.",
            ),
            ("Im vergangenen Jahr starben sie.", "They died this year."),
            ("Anfang Mai kam er frei.", "He was released in late May."),
            ("Ende 2024 läuft er aus.", "It expires in early 2024."),
            ("Im Norden schneit es.", "It is snowing in the south."),
            (
                "20 Kilometer östlich von Kiew.",
                "20 kilometers west of Kyiv.",
            ),
            ("Der Gewinn hat sich halbiert.", "Profit has doubled."),
            ("Die Frau ist Ende 40.", "The woman is in her early 40s."),
            ("Vorgestern ging er.", "He left yesterday."),
            ("Nach wochenlangem Streit.", "After months of dispute."),
            ("Vorgestern ging er.", "He left last week."),
            ("Übermorgen kommt er.", "He comes tomorrow."),
            (
                "Nach acht Zinssenkungen ruht sie.",
                "After eight rate hikes, it rests.",
            ),
            (
                "Im ersten Halbjahr stieg sie.",
                "It rose in the first quarter.",
            ),
            (
                "Spätestens Ostern endet es.",
                "It ends at Easter at the earliest.",
            ),
        ] {
            assert!(is_changed(source, target), "{source}");
        }
    }

    #[test]
    fn what_is_said_in_other_words_is_none() {
        for (source, target) in [
            (
                "Heute tagt der Bundestag.",
                "The Bundestag meets on Monday.",
            ),
            ("Gestern und heute.", "Yesterday and today."),
            ("Nach monatelangem Streit.", "After months of dispute."),
            (
                "Wochenlang stritten sie, seit Jahren.",
                "For years they argued at length.",
            ),
            ("Vorgestern ging er.", "He left the day before yesterday."),
            ("Übermorgen kommt er.", "He comes the day after tomorrow."),
            (
                "Im ersten Halbjahr stieg sie.",
                "It rose in the first half of the year.",
            ),
            (
                "Spätestens im Mai endet es.",
                "It ends in May at the latest.",
            ),
            ("Am Morgen kam er.", "He came this morning."),
            ("Im Vorjahr waren es 300.", "A year earlier it was 300."),
            (
                "Es ist in diesem Jahr mehr als im Vorjahr.",
                "It is more this year.",
            ),
            (
                "Im Norden schneit es.",
                "It is snowing in northern Germany.",
            ),
            ("Ende Mai.", "At the end of May."),
        ] {
            assert!(!is_changed(source, target), "{source}");
        }
    }
}
