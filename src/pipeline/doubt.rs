//! Renderings in which something is in doubt, and the further attempts that they
//! get: each adds hypotheses, and which one is taken is decided elsewhere.

use std::collections::BTreeMap;

use crate::engine::{Decoding, Engine, Finish, Replies, Required, Submission, Translated};
use crate::error::Result;
use crate::pipeline::draft::{Draft, Unit};
use crate::pipeline::english::ends_in_abbreviation;
use crate::pipeline::translate::{Manner, Rendering, one_line, pieces};
use crate::terms::{self, Rendition};

/// Beam width for a unit whose translation is in doubt.
pub(super) const SECOND_LOOK: usize = 4;
/// Sentences of fewer bytes are not halved.
const SHORTEST_HALVED: usize = 60;

/// What is in doubt about a rendering.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Doubt {
    /// Terms of the unit, by their place among them, that were missed.
    pub missed: Vec<usize>,
    /// Figures that are not accounted for.
    pub figures: usize,
    /// Those that are lost, as English writes them, and those that are invented.
    pub wanted: Vec<Required>,
}

impl Doubt {
    /// Whether there is something to try that was not tried yet.
    pub fn can_be_settled(&self, manner: Manner) -> bool {
        manner.decoding.beams < SECOND_LOOK || *self != Doubt::default()
    }

    /// The same without its terms, for which all was tried.
    pub fn of_figures(self) -> Self {
        Doubt {
            missed: Vec::new(),
            ..self
        }
    }
}

/// Adds the hypotheses of a wider beam to renderings that are in doubt; those of
/// a search that must write the figures that are lost and not those that are
/// invented; and for missed terms what
/// the model makes of the sentence with the English in it, and of the bare term. An
/// answer that says what it must in a sentence more is none.
/// What fails here leaves a rendering as it was.
///
/// # Errors
/// Those of an engine that takes nothing more.
pub(super) async fn look_again(
    engine: &Engine,
    draft: &Draft,
    manner: Manner,
    doubtful: &[(usize, Doubt)],
    renderings: &mut [Rendering],
) -> Result<()> {
    let mut wide = Vec::new();
    let mut demanding = Vec::new();
    let mut required = Vec::new();
    let mut narrow = Vec::new();
    let mut bare: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, doubt) in doubtful {
        let unit = &draft.units[*index];
        if manner.decoding.beams < SECOND_LOOK {
            wide.push((Attempt::Whole(*index), one_line(&unit.source)));
        }
        if !doubt.wanted.is_empty() {
            demanding.push((Attempt::Demanded(*index), one_line(&unit.source)));
            required.push(doubt.wanted.clone());
        }
        if let Some(source) = with_english(unit, &doubt.missed) {
            narrow.push((Attempt::Whole(*index), source));
        }
        for term in doubt.missed.iter().filter_map(|term| unit.terms.get(*term)) {
            let units = bare.entry(term.term.source()).or_default();
            if units.last() != Some(index) {
                units.push(*index);
            }
        }
    }
    for (source, units) in bare {
        let attempt = Attempt::Term(source.to_owned(), units);
        narrow.push((attempt, one_line(source)));
    }
    let greedy = Decoding {
        beams: 1,
        ..manner.decoding
    };
    let beam = Decoding {
        beams: SECOND_LOOK,
        ..manner.decoding
    };
    // All are under way before any is waited for.
    let wide = begin(engine, manner, wide, beam, Vec::new())?;
    let demanding = begin(engine, manner, demanding, beam, required)?;
    let narrow = begin(engine, manner, narrow, greedy, Vec::new())?;
    for (mut replies, attempts) in [wide, demanding, narrow].into_iter().flatten() {
        while let Some((place, reply)) = replies.next().await {
            if let (Some(attempt), Ok(translated)) = (attempts.get(place), reply) {
                attempt.settle(&translated, draft, renderings);
            }
        }
    }
    Ok(())
}

/// What is tried once more.
enum Attempt {
    /// A unit, by its place in the draft.
    Whole(usize),
    /// A unit that must say what is asked of it.
    Demanded(usize),
    /// A term that units need.
    Term(String, Vec<usize>),
}

impl Attempt {
    fn settle(&self, translated: &Translated, draft: &Draft, renderings: &mut [Rendering]) {
        let ended = translated.finish == Finish::End;
        match self {
            Attempt::Whole(unit) | Attempt::Demanded(unit) => {
                let rendering = &mut renderings[*unit];
                let source = &draft.units[*unit].source;
                rendering.tokens += translated.tokens;
                if ended {
                    let hypotheses = [&translated.text]
                        .into_iter()
                        .chain(&translated.alternatives);
                    // A phrase that finds no place gets a sentence to itself.
                    let demanded = matches!(self, Attempt::Demanded(_));
                    let most = ends(&rendering.text).max(ends(source));
                    let new = hypotheses
                        .map(|text| one_line(text))
                        .filter(|text| !demanded || ends(text) <= most);
                    rendering.alternatives.extend(new);
                }
            }
            Attempt::Term(source, units) => {
                for (position, unit) in units.iter().enumerate() {
                    let rendering = &mut renderings[*unit];
                    if position == 0 {
                        rendering.tokens += translated.tokens;
                    }
                    if ended {
                        rendering.renditions.push(Rendition {
                            source: source.clone(),
                            english: one_line(&translated.text),
                        });
                    }
                }
            }
        }
    }
}

/// How often a text looks like going on with another sentence.
fn ends(text: &str) -> usize {
    let mut words = text.split(' ').peekable();
    let mut ends = 0;
    while let Some(word) = words.next() {
        let closed = word.trim_end_matches(['"', '\'', '”', '’', ')']);
        // „U.S.“, „p.m.“
        let letters = closed.trim_end_matches('.').contains('.');
        let stops = closed.ends_with(['.', '!', '?']) && !letters && !ends_in_abbreviation(closed);
        let next = words
            .peek()
            .and_then(|next| next.chars().find(|c| c.is_alphanumeric()));
        ends += usize::from(stops && next.is_some_and(char::is_uppercase));
    }
    ends
}

/// Submits attempts, if there are any, with what their answers must contain.
fn begin(
    engine: &Engine,
    manner: Manner,
    attempts: Vec<(Attempt, String)>,
    decoding: Decoding,
    required: Vec<Vec<Required>>,
) -> Result<Option<(Replies, Vec<Attempt>)>> {
    if attempts.is_empty() {
        return Ok(None);
    }
    let (attempts, texts) = attempts.into_iter().unzip();
    let replies = engine.proceed(Submission {
        texts,
        required,
        decoding,
        expires: manner.expires,
    })?;
    Ok(Some((replies, attempts)))
}

/// The source with the English of missed terms in their places: the model
/// copies English words more often than not. `None` when that changes nothing.
fn with_english(unit: &Unit, missed: &[usize]) -> Option<String> {
    let mut source = unit.source.clone();
    // From the back, so that the spans before hold.
    for term in missed.iter().rev().filter_map(|term| unit.terms.get(*term)) {
        let english = term.term.english().to_owned();
        let english = terms::capitalised(&source, term.span.start, english);
        source.replace_range(term.span.start..term.span.end, &english);
    }
    (source != unit.source).then(|| one_line(&source))
}

/// Adds to renderings whose figures are still open what the model makes of the two
/// halves of their sentences: in short ones it seldom loses a figure. The whole
/// reads better, so this comes last.
///
/// # Errors
/// Those of an engine that takes nothing more.
pub(super) async fn look_at_halves(
    engine: &Engine,
    draft: &Draft,
    manner: Manner,
    open: &[usize],
    renderings: &mut [Rendering],
) -> Result<()> {
    let mut texts = Vec::new();
    // The unit of each text; the halves of a unit are neighbours.
    let mut units = Vec::new();
    for &index in open {
        let source = one_line(&draft.units[index].source);
        let halves = match source.len() >= SHORTEST_HALVED {
            true => pieces(&source, source.len() * 4 / 5),
            false => Vec::new(),
        };
        if halves.len() > 1 {
            units.extend(halves.iter().map(|_| index));
            texts.extend(halves);
        }
    }
    if texts.is_empty() {
        return Ok(());
    }
    let mut replies = engine.proceed(Submission {
        texts: texts.clone(),
        required: Vec::new(),
        decoding: manner.decoding,
        expires: manner.expires,
    })?;
    let mut answers: Vec<Option<String>> = vec![None; texts.len()];
    while let Some((place, reply)) = replies.next().await {
        let (Some(answer), Ok(translated)) = (answers.get_mut(place), reply) else {
            continue;
        };
        renderings[units[place]].tokens += translated.tokens;
        if translated.finish == Finish::End {
            *answer = Some(one_line(&translated.text));
        }
    }
    for &index in open {
        let halves: Option<Vec<(&str, &str)>> = (units.iter().zip(&texts).zip(&answers))
            .filter(|((unit, _), _)| **unit == index)
            .map(|((_, german), english)| Some((german.as_str(), english.as_deref()?)))
            .collect();
        if let Some(halves) = halves.filter(|halves| !halves.is_empty()) {
            renderings[index].alternatives.push(sentence(&halves));
        }
    }
    Ok(())
}

/// One sentence of the German and English of its parts, in their order: a full
/// stop and a capital that only a part has are none of the sentence's.
fn sentence(parts: &[(&str, &str)]) -> String {
    let mut sentence = String::new();
    for (place, (german, english)) in parts.iter().enumerate() {
        let mut english = english.trim();
        if place + 1 < parts.len() && !german.ends_with('.') {
            english = english.trim_end_matches('.');
        }
        let first = english.split_whitespace().next().unwrap_or("");
        let continues = german.starts_with(char::is_lowercase);
        // A name keeps its capital, and so does what has more than one.
        let is_plain = first.chars().skip(1).all(char::is_lowercase) && first.len() > 1;
        if place > 0 {
            sentence.push(' ');
        }
        if place > 0 && continues && is_plain && !german.contains(first) {
            sentence.extend(first.chars().flat_map(char::to_lowercase));
            sentence.push_str(&english[first.len()..]);
        } else {
            sentence.push_str(english);
        }
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_that_go_on_are_counted() {
        let counts = [
            "He thanked Fölster.",
            "He thanked Földer. Fölster left.",
            "\"Yes.\" She left! (And he?) 12 stayed.",
            "At 8 p.m. Monday, U.S. President Trump met Mr. Watzke.",
            "",
        ];
        assert_eq!(counts.map(ends), [0, 1, 2, 0, 0]);
    }

    #[test]
    fn parts_become_one_sentence() {
        for (parts, whole) in [
            (
                &[
                    (
                        "Die Kosten stiegen auf 4,8 Millionen Euro,",
                        "Costs rose to 4.8 million euros.",
                    ),
                    ("wie ein Sprecher sagte.", "According to a spokesman."),
                ][..],
                "Costs rose to 4.8 million euros according to a spokesman.",
            ),
            (
                &[
                    ("Er kam um 8 Uhr,", "He came at 8 a.m.,"),
                    ("als Merkel sprach.", "Merkel spoke."),
                ],
                "He came at 8 a.m., Merkel spoke.",
            ),
            (
                &[
                    ("Das war 2012.", "That was 2012."),
                    ("in der EU.", "EU rules."),
                ],
                "That was 2012. EU rules.",
            ),
        ] {
            assert_eq!(sentence(parts), whole);
        }
    }
}
