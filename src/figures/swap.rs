//! Figures that changed places in the translation: both values are there, and
//! both are wrong.

use super::Figure;
use super::spelling::similarity;
use super::value::{Measure, Value};

/// A figure of the source and the figure of the target that holds its value.
pub struct Pair<'a> {
    pub source: usize,
    pub target: usize,
    pub source_figure: &'a Figure,
    pub target_figure: &'a Figure,
}

/// The pairs (source, target) as the texts place them, where values that
/// could stand for each other come in another order and the words around them
/// say that they were exchanged.
///
/// Word order alone proves nothing: German may name the second figure first.
/// What counts are the words that the figures stand between, by cognates
/// („Männer“ is no help, „Republikaner“ is) and by the prepositions that both
/// languages pair („von 3 auf 5“ ↔ "from 3 to 5").
pub fn find(pairs: &[Pair<'_>], source: &str, target: &str) -> Vec<(usize, usize)> {
    let mut swapped = Vec::new();
    let mut last_of_sort: Vec<(Sort, &Pair<'_>)> = Vec::new();
    for pair in pairs {
        let Some(sort) = sort(pair) else { continue };
        let before = last_of_sort.iter().position(|(other, _)| *other == sort);
        let Some(place) = before else {
            last_of_sort.push((sort, pair));
            continue;
        };
        let Some((_, former)) = last_of_sort.get_mut(place) else {
            continue;
        };
        let crossed = former.target > pair.target && former.source_figure.value != pair.source_figure.value;
        if crossed && exchanged(former, pair, source, target) {
            swapped.push((former.source, pair.target));
            swapped.push((pair.source, former.target));
        }
        *former = pair;
    }
    swapped
}

/// Figures of one sort can stand for each other.
#[derive(PartialEq)]
enum Sort {
    Amount(Measure),
    Score,
    Fraction,
}

fn sort(pair: &Pair<'_>) -> Option<Sort> {
    if pair.source_figure.loose || pair.target_figure.loose {
        return None;
    }
    match &pair.source_figure.value {
        Value::Amount { measure, .. } => Some(Sort::Amount(*measure)),
        Value::Score { .. } => Some(Sort::Score),
        Value::Fraction { .. } => Some(Sort::Fraction),
        _ => None,
    }
}

/// Whether the words around two figures fit better crosswise.
fn exchanged(first: &Pair<'_>, second: &Pair<'_>, source: &str, target: &str) -> bool {
    let sources = [first, second].map(|pair| Context::of(source, pair.source_figure));
    let targets = [first, second].map(|pair| Context::of(target, pair.target_figure));
    let [one, two] = &sources;
    let [answer_one, answer_two] = &targets;
    let straight = one.fits(answer_one) + two.fits(answer_two);
    let crosswise = one.fits(answer_two) + two.fits(answer_one);
    crosswise >= straight
}

/// The words next to a figure.
struct Context<'a> {
    before: Vec<&'a str>,
    after: Vec<&'a str>,
}

impl<'a> Context<'a> {
    const WIDTH: usize = 3;

    fn of(text: &'a str, figure: &Figure) -> Self {
        let head = text.get(..figure.span.start).unwrap_or("");
        let tail = text.get(figure.span.end..).unwrap_or("");
        let words = |c: char| !c.is_alphanumeric();
        let before = head.rsplit(words).filter(|word| !word.is_empty());
        let after = tail.split(words).filter(|word| !word.is_empty());
        Context {
            before: before.take(Self::WIDTH).collect(),
            after: after.take(Self::WIDTH).collect(),
        }
    }

    /// How well the words of a source figure fit those of a target figure.
    fn fits(&self, other: &Context<'_>) -> f64 {
        const PREPOSITION: f64 = 1.5;
        let near = |words: &[&str]| words.first().map(|word| word.to_lowercase());
        let role = near(&self.before).is_some_and(|german| {
            near(&other.before).is_some_and(|english| is_preposition_pair(&german, &english))
        });
        let best = |word: &&str| -> f64 {
            let others = other.before.iter().chain(&other.after);
            others.map(|other| cognate(word, other)).fold(0.0, f64::max)
        };
        let cognates: f64 = self.before.iter().chain(&self.after).map(best).sum();
        cognates + if role { PREPOSITION } else { 0.0 }
    }
}

/// The likeness of two words that are long enough to be told apart.
fn cognate(one: &str, other: &str) -> f64 {
    const LEAST_LETTERS: usize = 4;
    const LEAST: f64 = 0.7;
    if one.chars().count() < LEAST_LETTERS || other.chars().count() < LEAST_LETTERS {
        return 0.0;
    }
    let alike = similarity(one, other);
    if alike >= LEAST { alike } else { 0.0 }
}

fn is_preposition_pair(german: &str, english: &str) -> bool {
    const PAIRS: [(&str, &[&str]); 8] = [
        ("von", &["from", "of", "by"]),
        ("auf", &["to", "on", "at"]),
        ("um", &["by", "at"]),
        ("seit", &["since", "for"]),
        ("bis", &["to", "until", "till"]),
        ("vor", &["before", "ago"]),
        ("nach", &["after"]),
        ("für", &["for"]),
    ];
    PAIRS
        .iter()
        .any(|(word, answers)| *word == german && answers.contains(&english))
}
