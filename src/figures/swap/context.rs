//! The words around each figure of a text, and how well those of two figures
//! fit each other.

use super::translations::Meaning;
use crate::figures::side::Side;
use crate::words::words;

/// Words on each side of a figure that are looked at, and how many of those
/// that tell something.
const REACH: usize = 9;
const TELLING: usize = 5;
/// What a telling word counts by its distance, behind and before a figure. What
/// is counted stands behind it in both languages.
const BEHIND: [f64; TELLING] = [1.0, 0.8, 0.6, 0.45, 0.35];
const BEFORE: [f64; TELLING] = [0.6, 0.5, 0.4, 0.3, 0.25];

/// A word near a figure and what it counts.
type Near = (Meaning, f64);

/// The words around each figure, in the order of the figures.
pub struct Contexts(Vec<Vec<Near>>);

impl Contexts {
    /// The words around the first `most` figures.
    pub fn of(side: &Side<'_>, meaning: fn(&str) -> Meaning, most: usize) -> Self {
        let spans: Vec<_> = side.figures.iter().map(|figure| figure.span).collect();
        // Words outside figures, by the number of figures before them.
        let mut gaps: Vec<Vec<(usize, &str)>> = vec![Vec::new(); spans.len().min(most) + 1];
        let mut passed = 0;
        for span in words(side.text) {
            let (start, word) = (span.start, span.of(side.text));
            while spans.get(passed).is_some_and(|span| span.end <= start) {
                passed += 1;
            }
            let inside = spans.get(passed).is_some_and(|span| span.start <= start);
            match gaps.get_mut(passed) {
                Some(gap) if !inside => gap.push((start, word)),
                Some(_) => {}
                None => break,
            }
        }
        let near = |gap: Option<&Vec<(usize, &str)>>, backwards: bool| -> Vec<Near> {
            let (weights, gap) = match (backwards, gap) {
                (_, None) => return Vec::new(),
                (true, Some(gap)) => (BEFORE, gap.iter().rev().take(REACH).collect::<Vec<_>>()),
                (false, Some(gap)) => (BEHIND, gap.iter().take(REACH).collect()),
            };
            let meanings = gap.into_iter().map(|(_, word)| meaning(word));
            let telling = meanings.filter(|meaning| !meaning.is_empty());
            telling.zip(weights).collect()
        };
        let contexts = (0..spans.len().min(most)).map(|figure| {
            let mut words = near(gaps.get(figure), true);
            words.extend(near(gaps.get(figure + 1), false));
            words
        });
        Contexts(contexts.collect())
    }

    /// How well the words around a figure fit those around one of the other
    /// text: each word counts once, with the nearest of its translations.
    pub fn fit(&self, figure: usize, other: &Contexts, other_figure: usize) -> f64 {
        let (Some(one), Some(other)) = (self.0.get(figure), other.0.get(other_figure)) else {
            return 0.0;
        };
        one.iter()
            .map(|(meaning, weight)| {
                let met = other.iter().filter(|(other, _)| meaning.meets(other));
                weight * met.map(|(_, weight)| *weight).fold(0.0, f64::max)
            })
            .sum()
    }
}
