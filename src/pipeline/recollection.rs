//! What the memory knows of a draft, and is told of it.

use crate::dispatch::RepairPolicy;
use crate::memory::{Finished, Known, Memory, Origin};
use crate::pipeline::choice::Choice;
use crate::pipeline::draft::{Draft, Unit};
use crate::pipeline::translate::{Rendering, one_line};

/// The memory, and what this pipeline's translations come from.
#[derive(Debug, Clone)]
pub(super) struct Recollection {
    pub memory: Memory,
    pub origin: Origin,
}

impl Recollection {
    /// What is known of each unit of a draft. Units with terms of a glossary are
    /// not asked for, since the memory does not know which terms they were made with.
    /// What was faultless in another article is not where this one names a person
    /// whom that one did not.
    pub async fn recall(&self, draft: &Draft, repair: RepairPolicy) -> Vec<Option<Rendering>> {
        let asked = || {
            let units = draft.units.iter().enumerate();
            units.filter(|(_, unit)| unit.translate && unit.terms.is_empty())
        };
        let sources: Vec<String> = asked().map(|(_, unit)| one_line(&unit.source)).collect();
        let answers = self.memory.recall(&sources, &self.origin).await;
        let mut known = vec![None; draft.units.len()];
        for ((index, _), answer) in asked().zip(answers) {
            let unit = &draft.units[index];
            known[index] = answer.map(remembered).filter(|known| {
                known.edited || Choice::faultless(unit, known.clone(), repair).is_some()
            });
        }
        known
    }

    /// Tells the memory of a unit, if nothing of it is in doubt. A phrase that
    /// repeated, or a sentence in pieces, is better tried anew than kept.
    pub fn record(&self, unit: &Unit, rendering: &Rendering, repair: RepairPolicy) {
        let uncertain = rendering.retried || rendering.split || rendering.truncated;
        if uncertain || !unit.terms.is_empty() {
            return;
        }
        let draft = one_line(&rendering.text);
        if let Some(target) = Choice::faultless(unit, rendering.clone(), repair) {
            let finished = Finished {
                source: one_line(&unit.source),
                draft: (draft != target).then_some(draft),
                target,
            };
            self.memory.record(finished, &self.origin);
        }
    }
}

/// A rendering as it was when the memory heard of it: what the model wrote comes
/// first, so that repairs are found and told again.
fn remembered(known: Known) -> Rendering {
    let Known {
        target,
        draft,
        edited,
    } = known;
    match draft {
        Some(draft) => Rendering {
            text: draft,
            alternatives: vec![target],
            ..Rendering::default()
        },
        None => Rendering {
            text: target,
            edited,
            ..Rendering::default()
        },
    }
}
