//! The engine's stage: units in, renderings out. A unit that is too long for
//! the model, or whose translation hit its length limit, is split at clauses
//! and translated piece by piece: text is never cut off in silence.

use std::time::Instant;

use crate::engine::{Decoding, Engine, Finish, Submission, Translated};
use crate::error::{Error, Result};
pub(super) use crate::memory::one_line;
use crate::pipeline::doubt::{self, Doubt};
use crate::pipeline::draft::Draft;
use crate::segment;
use crate::terms::Rendition;

/// Rounds of splitting before a piece is taken as it is. Each at least halves
/// the pieces, so this is far beyond any text that is accepted.
const MAX_ROUNDS: usize = 12;
/// Pieces of fewer bytes are not split for a long answer.
const SHORTEST_SPLIT: usize = 80;

/// What is to be translated, and how.
#[derive(Debug)]
pub(super) struct Task<'a> {
    pub draft: &'a Draft,
    /// What is known of each unit already.
    pub known: Vec<Option<Rendering>>,
    pub manner: Manner,
}

/// How the units are decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    pub decoding: Decoding,
    pub expires: Option<Instant>,
}

/// The English of one unit and how it came about.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rendering {
    pub text: String,
    /// Other hypotheses, best first, when the unit was translated whole.
    pub alternatives: Vec<String>,
    /// What the model makes of the bare terms that were missed at first.
    pub renditions: Vec<Rendition>,
    pub tokens: usize,
    /// A phrase repeated without end at first.
    pub retried: bool,
    /// The unit was split at clauses.
    pub split: bool,
    /// The translation hit its limit and could not be split further.
    pub truncated: bool,
    /// An editor wrote it; nothing is changed in it.
    pub edited: bool,
}

/// A piece of a unit's source.
#[derive(Debug)]
enum Piece {
    Waiting(String),
    Done(Translated, bool),
}

/// Translates the units of a draft that are not known; `done` hears of each as it
/// is finished. A unit whose translation is in `doubt` is looked at again.
pub(super) async fn translate(
    engine: &Engine,
    task: Task<'_>,
    doubt: impl Fn(usize, &Rendering) -> Option<Doubt>,
    mut done: impl FnMut(usize, &Rendering),
) -> Result<Vec<Rendering>> {
    let Task {
        draft,
        known: mut renderings,
        manner,
    } = task;
    let mut doubtful: Vec<(usize, Doubt)> = Vec::new();
    let mut open: Vec<(usize, Vec<Piece>)> = Vec::new();
    for (index, unit) in draft.units.iter().enumerate() {
        if let Some(known) = &renderings[index] {
            done(index, known);
        } else if unit.translate {
            open.push((index, vec![Piece::Waiting(one_line(&unit.source))]));
        } else {
            let copy = Rendering {
                text: unit.source.clone(),
                ..Rendering::default()
            };
            done(index, &copy);
            renderings[index] = Some(copy);
        }
    }
    for round in 0.. {
        let waiting: Vec<(usize, usize)> = places(&open);
        if waiting.is_empty() {
            break;
        }
        let texts = waiting
            .iter()
            .filter_map(|&(unit, piece)| match &open[unit].1[piece] {
                Piece::Waiting(text) => Some(text.clone()),
                Piece::Done(..) => None,
            })
            .collect();
        let submission = Submission {
            texts,
            required: Vec::new(),
            decoding: manner.decoding,
            expires: manner.expires,
        };
        let mut replies = match round {
            0 => engine.submit(submission)?,
            _ => engine.proceed(submission)?,
        };
        let mut splits: Vec<(usize, usize, Vec<Piece>)> = Vec::new();
        let mut answered = 0;
        while let Some((place, reply)) = replies.next().await {
            let Some(&(unit, piece)) = waiting.get(place) else {
                continue;
            };
            let Piece::Waiting(source) = &open[unit].1[piece] else {
                continue;
            };
            answered += 1;
            match settle(source, reply, round < MAX_ROUNDS)? {
                Settled::Done(translated, truncated) => {
                    open[unit].1[piece] = Piece::Done(translated, truncated);
                    if let Some(rendering) = joined(&open[unit].1) {
                        let index = open[unit].0;
                        let doubt = Some(&rendering)
                            .filter(|rendering| !rendering.split)
                            .and_then(|rendering| doubt(index, rendering))
                            .filter(|doubt| doubt.can_be_settled(manner));
                        match doubt {
                            Some(doubt) => doubtful.push((index, doubt)),
                            None => done(index, &rendering),
                        }
                        renderings[index] = Some(rendering);
                    }
                }
                Settled::Split(pieces) => {
                    let pieces = pieces.into_iter().map(Piece::Waiting).collect();
                    splits.push((unit, piece, pieces));
                }
            }
        }
        // From the back, so that the places of earlier pieces hold.
        splits.sort_by_key(|(unit, piece, _)| std::cmp::Reverse((*unit, *piece)));
        for (unit, piece, pieces) in splits {
            open[unit].1.splice(piece..=piece, pieces);
        }
        open.retain(|(index, _)| renderings[*index].is_none());
        if answered < waiting.len() {
            return Err(Error::Internal(
                "the engine left a segment unanswered".into(),
            ));
        }
    }
    let mut renderings = renderings
        .into_iter()
        .map(|rendering| rendering.ok_or_else(|| Error::Internal("a segment got lost".into())))
        .collect::<Result<Vec<Rendering>>>()?;
    doubt::look_again(engine, draft, manner, &doubtful, &mut renderings).await?;
    let open_figures = |renderings: &[Rendering]| {
        let doubts = doubtful.iter().filter_map(|(index, before)| {
            let doubt = doubt(*index, &renderings[*index])?;
            (doubt.figures > 0).then_some((before, *index, doubt))
        });
        doubts.collect::<Vec<_>>()
    };
    // With what the answers to the demands have lost in their turn.
    let again: Vec<(usize, Doubt)> = open_figures(&renderings)
        .into_iter()
        .filter(|(before, _, doubt)| !doubt.wanted.is_empty() && before.wanted != doubt.wanted)
        .map(|(_, index, doubt)| (index, doubt.of_figures()))
        .collect();
    // No beam need be widened again.
    let wide = Manner {
        decoding: Decoding {
            beams: manner.decoding.beams.max(doubt::SECOND_LOOK),
            ..manner.decoding
        },
        ..manner
    };
    doubt::look_again(engine, draft, wide, &again, &mut renderings).await?;
    let open: Vec<usize> = open_figures(&renderings)
        .into_iter()
        .map(|(_, index, _)| index)
        .collect();
    doubt::look_at_halves(engine, draft, manner, &open, &mut renderings).await?;
    for (index, _) in doubtful {
        done(index, &renderings[index]);
    }
    Ok(renderings)
}

/// Unit and piece of everything that waits, in order.
fn places(open: &[(usize, Vec<Piece>)]) -> Vec<(usize, usize)> {
    open.iter()
        .enumerate()
        .flat_map(|(unit, (_, pieces))| {
            pieces
                .iter()
                .enumerate()
                .filter(|(_, piece)| matches!(piece, Piece::Waiting(_)))
                .map(move |(piece, _)| (unit, piece))
        })
        .collect()
}

enum Settled {
    Done(Translated, bool),
    Split(Vec<String>),
}

/// Decides what an answer means for its piece.
fn settle(source: &str, reply: Result<Translated>, may_split: bool) -> Result<Settled> {
    match reply {
        Ok(translated) => {
            let cut = translated.finish == Finish::Length;
            if cut && may_split && source.len() >= SHORTEST_SPLIT {
                let pieces = pieces(source, source.len() / 2 + 1);
                if pieces.len() > 1 {
                    return Ok(Settled::Split(pieces));
                }
            }
            Ok(Settled::Done(translated, cut))
        }
        Err(Error::TooLarge { actual, limit, .. }) if may_split && limit > 0 && actual > limit => {
            // Tokens are about evenly spread over the bytes; nine tenths
            // leave room for where they are not, another round for the rest.
            let bytes = (source.len() * limit / actual * 9 / 10).max(1);
            let pieces = pieces(source, bytes);
            if pieces.len() > 1 {
                Ok(Settled::Split(pieces))
            } else {
                Err(Error::TooLarge {
                    what: "the segment in tokens",
                    actual,
                    limit,
                })
            }
        }
        Err(error) => Err(error),
    }
}

pub(super) fn pieces(source: &str, bytes: usize) -> Vec<String> {
    segment::split_clauses(source, &|piece| piece.len() <= bytes)
        .into_iter()
        .map(|span| span.of(source).trim().to_owned())
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// The rendering of a unit whose pieces are all done.
fn joined(pieces: &[Piece]) -> Option<Rendering> {
    let done: Vec<(&Translated, bool)> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Done(translated, truncated) => Some((translated, *truncated)),
            Piece::Waiting(_) => None,
        })
        .collect::<Option<_>>()?;
    let split = done.len() > 1;
    let texts: Vec<String> = done
        .iter()
        .map(|(translated, _)| one_line(&translated.text))
        .collect();
    Some(Rendering {
        text: texts.join(" "),
        alternatives: match (split, done.first()) {
            (false, Some((only, _))) => only
                .alternatives
                .iter()
                .map(|text| one_line(text))
                .collect(),
            _ => Vec::new(),
        },
        renditions: Vec::new(),
        tokens: done.iter().map(|(translated, _)| translated.tokens).sum(),
        retried: done.iter().any(|(translated, _)| translated.retried),
        split,
        truncated: done.iter().any(|(_, truncated)| *truncated),
        edited: false,
    })
}
