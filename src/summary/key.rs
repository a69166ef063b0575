//! The figures that an article turns on.
//!
//! A figure weighs by what it is (money, shares and casualties most, counts by their
//! magnitude, dates and ages little), by where it stands (the title, the lead) and by how
//! often the article says it.

use std::collections::{HashMap, HashSet};

use super::Candidate;
use crate::figures::{self, Figure, Kind, Language, Measure, Value};
use crate::span::Span;
use crate::words::words;

/// A figure of an article, with the first of its best places.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyFigure {
    pub kind: Kind,
    /// Canonical, the same in every place.
    pub value: String,
    /// The candidate where it stands, by its index, and its bytes in the target.
    pub segment: usize,
    pub span: Span,
    /// All candidates that say it, titles among them, in the order of the article.
    pub segments: Vec<usize>,
    pub weight: f64,
}

/// The figures of an article that are proved to be right, those first on which it turns
/// most; what weighs less than `LEAST` is none of them.
pub fn rank(candidates: &[Candidate<'_>]) -> Vec<KeyFigure> {
    /// „zwei Länder“, „2024“ and „am Freitag“ weigh less, wherever they stand.
    const LEAST: f64 = 0.3;
    let titles: HashSet<usize> = candidates
        .iter()
        .filter(|one| one.title)
        .map(|one| one.index)
        .collect();
    let mut found: Vec<KeyFigure> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut place = 0;
    for candidate in candidates {
        let prominence = if candidate.title {
            1.8
        } else {
            place += 1;
            prominence(place - 1)
        };
        for figure in proved(candidate) {
            let weight = importance(candidate.target, &figure) * prominence;
            let value = figure.value.canonical();
            match places.get(&value).and_then(|&at| found.get_mut(at)) {
                Some(known) => {
                    known.segments.push(candidate.index);
                    // A title lends its weight, and is no sentence to quote.
                    let better = weight > known.weight;
                    known.weight = known.weight.max(weight);
                    let titled = titles.contains(&known.segment);
                    if titled || better && !candidate.title {
                        known.segment = candidate.index;
                        known.span = figure.span;
                    }
                }
                None => {
                    places.insert(value.clone(), found.len());
                    found.push(KeyFigure {
                        kind: figure.kind,
                        value,
                        segment: candidate.index,
                        span: figure.span,
                        segments: vec![candidate.index],
                        weight,
                    });
                }
            }
        }
    }
    for figure in &mut found {
        figure.segments.dedup();
        figure.weight *= repetition(figure.segments.len());
    }
    found.retain(|figure| figure.weight >= LEAST);
    found.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    found
}

/// The English figures of a candidate but for those that are open.
fn proved(candidate: &Candidate<'_>) -> Vec<Figure> {
    let open: Vec<Span> = candidate
        .checks
        .iter()
        .filter(|check| !check.status.resolved())
        .filter_map(|check| Some(check.target.as_ref()?.span))
        .collect();
    let mut figures = figures::read(candidate.target, Language::English);
    figures.retain(|figure| !figure.loose && !open.iter().any(|span| span.overlaps(&figure.span)));
    figures
}

/// The lead tells what matters; what comes late matters less.
fn prominence(place: usize) -> f64 {
    match place {
        0 => 1.5,
        1 => 1.3,
        _ => (1.0 - 0.03 * place as f64).max(0.6),
    }
}

/// What is said again matters more.
fn repetition(times: usize) -> f64 {
    1.0 + 0.25 * (times.min(4).saturating_sub(1)) as f64
}

fn importance(text: &str, figure: &Figure) -> f64 {
    let plain = kind_of(&figure.value);
    match counts_people_harmed(text, figure) {
        true => plain.max(1.0),
        false => plain,
    }
}

/// What a figure tells by its kind and its magnitude.
fn kind_of(value: &Value) -> f64 {
    let magnitude = |amount: f64| amount.abs().max(1.0).log10();
    match value {
        Value::Amount { amount, measure } => {
            let magnitude = magnitude(amount.to_f64());
            match measure {
                Measure::Money(_) => (0.7 + 0.05 * magnitude).min(1.2),
                Measure::Percent | Measure::PercentagePoints | Measure::PerMille => 0.8,
                Measure::Count if magnitude < 1.1 => 0.1,
                Measure::Count => (0.3 + 0.12 * magnitude).min(1.1),
                Measure::Age => 0.15,
                Measure::Unit(_) if value.kind() == Kind::Duration => 0.2,
                Measure::Unit(_) => (0.5 + 0.05 * magnitude).min(0.8),
            }
        }
        Value::Range { low, measure, .. } => kind_of(&Value::Amount {
            amount: *low,
            measure: *measure,
        }),
        Value::Score { .. } => 0.8,
        Value::Several { .. } | Value::Fraction { .. } | Value::Multiple { .. } => 0.4,
        Value::Date {
            month: Some(_),
            day: Some(_),
            ..
        } => 0.3,
        Value::Date { .. }
        | Value::Weekday { .. }
        | Value::Decade { .. }
        | Value::Century { .. }
        | Value::Years { .. }
        | Value::Time { .. } => 0.15,
        Value::Ordinal { .. } | Value::Code { .. } | Value::Name { .. } => 0.05,
    }
}

/// "3 people were killed", "the death toll rose to 12".
fn counts_people_harmed(text: &str, figure: &Figure) -> bool {
    const STEMS: [&str; 13] = [
        "dead", "death", "died", "dies", "killed", "victim", "injur", "wounded", "casualt",
        "bodies", "hostage", "drown", "missing",
    ];
    const REACH: usize = 5;
    if !matches!(figure.kind, Kind::Number | Kind::Range) {
        return false;
    }
    let spans: Vec<Span> = words(text).collect();
    let next = spans.partition_point(|span| span.start < figure.span.end);
    let first = spans.partition_point(|span| span.end <= figure.span.start);
    let around = spans
        .iter()
        .skip(next)
        .take(REACH)
        .chain(spans.iter().take(first).rev().take(REACH - 2));
    let mut around = around.map(|span| span.of(text).to_lowercase());
    around.any(|word| STEMS.iter().any(|stem| word.starts_with(stem)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(title: Option<&str>, sentences: &[&str]) -> Vec<String> {
        let all = title.iter().chain(sentences).enumerate();
        let candidates: Vec<Candidate<'_>> = all
            .map(|(index, text)| Candidate {
                index,
                source: text,
                target: text,
                title: title.is_some() && index == 0,
                paragraph: index,
                checks: &[],
            })
            .collect();
        let figures = rank(&candidates);
        figures.into_iter().map(|figure| figure.value).collect()
    }

    #[test]
    fn what_the_article_turns_on_comes_first() {
        assert_eq!(
            ranked(
                None,
                &[
                    "The two countries met on Friday.",
                    "Several ships carried up to 4.8 million shells.",
                    "They talked for three hours with 12 others in 2024.",
                ],
            ),
            ["4800000"]
        );
        assert_eq!(
            ranked(
                Some("Bank loses 3 percent"),
                &[
                    "The bank lost 3 percent on Friday.",
                    "It paid 5 billion euros for 120 branches.",
                ],
            ),
            ["3 %", "EUR 5000000000", "120"]
        );
    }

    #[test]
    fn the_dead_and_injured_weigh_most() {
        assert_eq!(
            ranked(
                None,
                &["Three people were killed, police said, and 40 cars damaged."]
            ),
            ["3", "40"]
        );
    }

    #[test]
    fn a_figure_is_quoted_from_a_sentence_and_not_from_the_title() {
        let text = ["Bank loses 3 percent", "Shares fell by 3 percent."];
        let candidates = text.map(|text| Candidate {
            index: usize::from(text.ends_with('.')),
            source: text,
            target: text,
            title: !text.ends_with('.'),
            paragraph: 0,
            checks: &[],
        });
        let figures = rank(&candidates);
        assert_eq!((figures[0].segment, figures[0].segments.len()), (1, 2));
    }
}
