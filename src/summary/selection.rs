//! Taking sentences one by one, each judged against those already taken.

use std::collections::HashMap;

use super::fitness::Fitness;
use super::score::Scored;
use super::{Budget, KeyFigure, Sentence, shorten};

/// Figures that a summary must hold where they fit, and what they must weigh.
const MUST_HAVES: usize = 3;
const MUST_WEIGH: f64 = 0.8;

/// The sentences taken so far.
pub struct Selection<'a> {
    scored: &'a [Scored<'a>],
    /// The figures that must be said, the weightiest first: the segments that say each.
    figures: Vec<&'a [usize]>,
    /// Where the sentence of a segment stands in `scored`.
    places: HashMap<usize, usize>,
    /// For each sentence, what a choice has left to find out only once.
    states: Vec<State>,
    /// Positions in `scored` and the text to print, in the order of choice.
    chosen: Vec<(usize, String)>,
    words: usize,
    budget: Budget,
}

struct State {
    words: usize,
    taken: bool,
    /// How much of the sentence the chosen ones already say, 0 to 1.
    said: f64,
    /// A shorter form, once it was asked for.
    shorter: Option<Option<String>>,
}

impl<'a> Selection<'a> {
    pub fn new(scored: &'a [Scored<'a>], key: &'a [KeyFigure], budget: Budget) -> Self {
        let figures = key
            .iter()
            .filter(|figure| figure.weight >= MUST_WEIGH)
            .take(MUST_HAVES);
        let states = scored.iter().map(|one| State {
            words: word_count(&one.text),
            taken: false,
            said: 0.0,
            shorter: None,
        });
        Selection {
            scored,
            figures: figures.map(|figure| figure.segments.as_slice()).collect(),
            places: (scored.iter().enumerate())
                .map(|(place, one)| (one.index, place))
                .collect(),
            states: states.collect(),
            chosen: Vec::new(),
            words: 0,
            budget,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// Takes sentences of at least the given fitness while they fit; when not
    /// one fits, the shortest of them. With `leaning`, the first may be one
    /// that needs its predecessor.
    pub fn fill(&mut self, least: Fitness, leaning: bool) {
        while self.chosen.len() < self.budget.sentences {
            let told = self.next_figure(least, leaning);
            let Some(place) = told.or_else(|| self.next(least, leaning)) else {
                break;
            };
            self.take(place);
        }
        if self.chosen.is_empty()
            && self.budget.sentences > 0
            && let Some(place) = self.shortest(least, leaning)
        {
            self.take(place);
        }
    }

    /// Behind the first sentence, the best one that holds the weightiest figure which is
    /// not told yet and for which there is room.
    fn next_figure(&mut self, least: Fitness, leaning: bool) -> Option<usize> {
        if self.chosen.is_empty() {
            return None;
        }
        for segments in self.figures.clone() {
            let mut holders: Vec<usize> = segments
                .iter()
                .filter_map(|segment| self.places.get(segment).copied())
                .collect();
            let told = |place: &usize| self.states.get(*place).is_some_and(|state| state.taken);
            if holders.iter().any(told) {
                continue;
            }
            holders.retain(|&place| self.may_stand(place, least, leaning));
            let mut best: Option<(f64, usize)> = None;
            for place in holders {
                let Some(one) = self.scored.get(place) else {
                    continue;
                };
                let gain = self.gain(place, one);
                if self.fits(place, one) && best.is_none_or(|(highest, _)| gain > highest) {
                    best = Some((gain, place));
                }
            }
            if let Some((_, place)) = best {
                return Some(place);
            }
        }
        None
    }

    /// The shortest sentence that may be taken first, whatever the budget.
    fn shortest(&self, least: Fitness, leaning: bool) -> Option<usize> {
        (0..self.scored.len())
            .filter(|&place| self.may_stand(place, least, leaning))
            .min_by_key(|&place| self.states.get(place).map(|state| state.words))
    }

    /// Whether a sentence is good enough and does not hang in the air.
    fn may_stand(&self, place: usize, least: Fitness, leaning: bool) -> bool {
        self.scored.get(place).is_some_and(|one| {
            let free_first = leaning && self.chosen.is_empty();
            one.fitness >= least
                && one.fitness > Fitness::Wrong
                && (free_first || !self.dangles(place, one))
        })
    }

    /// The best sentence that may be taken now and fits.
    fn next(&mut self, least: Fitness, leaning: bool) -> Option<usize> {
        let able = self.scored.iter().filter(|one| one.fitness >= least);
        let most = able.map(|one| one.score).fold(0.0, f64::max);
        let mut best: Option<(f64, usize)> = None;
        for (place, one) in self.scored.iter().enumerate() {
            if !self.may_stand(place, least, leaning)
                || !self.is_worth(one, most)
                || !self.fits(place, one)
            {
                continue;
            }
            let gain = self.gain(place, one);
            if best.is_none_or(|(highest, _)| gain > highest) {
                best = Some((gain, place));
            }
        }
        best.map(|(_, place)| place)
    }

    /// Whether a further sentence is worth its words: it scores a good part of what the
    /// best one does, less where many are wanted. Once enough is said, none is: editors
    /// write three dozen words where the first three sentences have six.
    fn is_worth(&self, one: &Scored<'_>, most: f64) -> bool {
        /// Part of the words that is left over when a usual summary has said enough.
        const SPARED: f64 = 0.5;
        const PART: f64 = 0.3;
        const USUAL: f64 = 3.0;
        let wanted = USUAL / (self.budget.sentences as f64).max(USUAL);
        let enough = (1.0 - SPARED * wanted) * self.budget.words as f64;
        let open = (self.words as f64) < enough;
        self.chosen.is_empty() || open && one.score >= PART * wanted * most
    }

    /// Whether a sentence, or its shorter form, is free and fits the budget.
    fn fits(&mut self, place: usize, one: &Scored<'_>) -> bool {
        let room = self.budget.words.saturating_sub(self.words);
        let Some(state) = self.states.get_mut(place) else {
            return false;
        };
        if state.taken {
            return false;
        }
        state.words <= room
            || state
                .shorter(one)
                .is_some_and(|shorter| word_count(shorter) <= room)
    }

    /// Whether a sentence leans on its predecessor and that is not chosen.
    fn dangles(&self, place: usize, one: &Scored<'_>) -> bool {
        let antecedent = place.checked_sub(1);
        let mut chosen = self.chosen.iter();
        one.leans && (self.budget.apart || !chosen.any(|(chosen, _)| Some(*chosen) == antecedent))
    }

    /// The score of a sentence less what is already said.
    fn gain(&self, place: usize, one: &Scored<'_>) -> f64 {
        const NOVELTY: f64 = 1.0;
        let said = self.states.get(place).map_or(0.0, |state| state.said);
        one.score - NOVELTY * said
    }

    fn take(&mut self, place: usize) {
        let room = self.budget.words.saturating_sub(self.words);
        let (Some(one), Some(state)) = (self.scored.get(place), self.states.get_mut(place)) else {
            return;
        };
        state.taken = true;
        let whole = state.words <= room;
        let text = match state.shorter(one).filter(|_| !whole) {
            Some(shorter) if word_count(shorter) <= room => shorter.to_owned(),
            _ => one.text.clone(),
        };
        self.words += word_count(&text);
        self.chosen.push((place, text));
        for (state, other) in self.states.iter_mut().zip(self.scored) {
            state.said = state.said.max(other.similarity(one));
        }
    }

    /// What was taken, in the order of the article.
    pub fn into_sentences(mut self) -> Vec<Sentence> {
        self.chosen.sort_unstable_by_key(|(place, _)| *place);
        let scored = self.scored;
        self.chosen
            .into_iter()
            .filter_map(|(place, text)| {
                let segments = vec![scored.get(place)?.index];
                Some(Sentence { text, segments })
            })
            .collect()
    }
}

impl State {
    fn shorter(&mut self, one: &Scored<'_>) -> Option<&str> {
        self.shorter
            .get_or_insert_with(|| shorten::shorten(&one.text, one.source))
            .as_deref()
    }
}

pub fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}
