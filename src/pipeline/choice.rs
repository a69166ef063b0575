//! Which hypothesis of a unit is taken.

use crate::figures::{self, Check, Repair, Repaired};
use crate::pipeline::draft::Unit;
use crate::pipeline::gap::is_gap;
use crate::pipeline::translate::Rendering;

/// The hypothesis that was taken for a unit.
pub struct Choice {
    pub rendering: Rendering,
    pub checks: Vec<Check>,
    /// Another hypothesis than the best was taken for its figures, or figures
    /// were put right in place.
    pub repaired: bool,
    /// What was put right in place.
    pub repairs: Vec<Repair>,
}

impl Choice {
    /// The best hypothesis, with figures put right where that is certain; another
    /// one only if the best is still German or has more figures open then.
    pub fn best(unit: &Unit, mut rendering: Rendering) -> Self {
        if rendering.edited {
            return Self::as_it_is(unit, rendering);
        }
        let alternatives = std::mem::take(&mut rendering.alternatives);
        let mut best = Self::of(unit, std::mem::take(&mut rendering.text));
        for text in alternatives {
            if best.faults == Faults::default() {
                break;
            }
            let other = Self::of(unit, text);
            if other.faults < best.faults {
                best = Candidate {
                    chosen: true,
                    ..other
                };
            }
        }
        rendering.text = best.text;
        Choice {
            rendering,
            checks: best.checks,
            repaired: best.chosen || !best.repairs.is_empty(),
            repairs: best.repairs,
        }
    }

    /// What an editor wrote is checked and never changed.
    fn as_it_is(unit: &Unit, rendering: Rendering) -> Self {
        Choice {
            checks: check_unit(unit, &rendering.text),
            rendering,
            repaired: false,
            repairs: Vec::new(),
        }
    }

    /// The text that is taken, if nothing of it is in doubt.
    pub fn faultless(unit: &Unit, rendering: Rendering) -> Option<String> {
        let choice = Self::best(unit, rendering);
        let text = choice.rendering.text;
        (Faults::of(unit, &text, &choice.checks) == Faults::default()).then_some(text)
    }

    /// Whether nothing of the rendering is in doubt.
    pub fn is_sound(unit: &Unit, rendering: &Rendering) -> bool {
        Self::of(unit, rendering.text.clone()).faults == Faults::default()
    }

    fn of(unit: &Unit, text: String) -> Candidate {
        let checks = check_unit(unit, &text);
        let mut candidate = Candidate {
            faults: Faults::of(unit, &text, &checks),
            text,
            checks,
            repairs: Vec::new(),
            chosen: false,
        };
        if candidate.faults.open > 0
            && let Some(Repaired { text, repairs }) = figures::repair(&unit.source, &candidate.text)
        {
            candidate.checks = check_unit(unit, &text);
            candidate.faults = Faults::of(unit, &text, &candidate.checks);
            candidate.text = text;
            candidate.repairs = repairs;
        }
        candidate
    }
}

/// A hypothesis after repair.
struct Candidate {
    text: String,
    checks: Vec<Check>,
    repairs: Vec<Repair>,
    faults: Faults,
    /// It was not the model's first.
    chosen: bool,
}

/// German that was left in a text, or a phrase without end, is worse than any
/// figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Faults {
    gap: bool,
    open: usize,
}

impl Faults {
    fn of(unit: &Unit, text: &str, checks: &[Check]) -> Self {
        Faults {
            gap: is_gap(unit, text),
            open: figures::unresolved(checks),
        }
    }
}

/// Compares the figures of a unit; what is copied has none to compare.
pub fn check_unit(unit: &Unit, target: &str) -> Vec<Check> {
    if unit.translate {
        figures::compare(&unit.source, target)
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Part;
    use crate::document::BlockKind;
    use crate::span::Span;

    fn unit(source: &str) -> Unit {
        let span = Span::new(0, source.len());
        Unit {
            sheet: 0,
            part: Part::Body,
            block: 0,
            kind: BlockKind::Paragraph,
            span,
            source_span: span,
            source: source.to_owned(),
            translate: true,
        }
    }

    fn best(source: &str, hypotheses: [&str; 3]) -> Choice {
        let [text, alternatives @ ..] = hypotheses.map(str::to_owned);
        let rendering = Rendering {
            text,
            alternatives: alternatives.to_vec(),
            ..Rendering::default()
        };
        Choice::best(&unit(source), rendering)
    }

    #[test]
    fn the_hypothesis_with_the_figures_is_taken() {
        let source = "Der Konzern hat 4.800 Stellen in 12 Werken gestrichen.";
        let choice = best(
            source,
            [
                "The group has cut jobs in 12 plants.",
                "The group has cut 4,800 jobs in 12 plants.",
                "The group has cut jobs.",
            ],
        );
        assert_eq!(
            choice.rendering.text,
            "The group has cut 4,800 jobs in 12 plants."
        );
        assert!(choice.repaired && choice.repairs.is_empty());
    }

    #[test]
    fn english_is_taken_before_german() {
        let choice = best(
            "Die Bahn hat am Montag wieder den Betrieb aufgenommen.",
            [
                "Die Bahn hat am Montag wieder den Betrieb aufgenommen.",
                "The railway has resumed its operations.",
                "The railway resumed operations again on Monday.",
            ],
        );
        assert_eq!(
            choice.rendering.text,
            "The railway resumed operations again on Monday."
        );
    }

    #[test]
    fn what_no_hypothesis_has_right_is_put_right() {
        let choice = best(
            "Der Konzern hat 4.800 Stellen gestrichen.",
            ["The group has cut 4.800 jobs."; 3],
        );
        assert_eq!(choice.rendering.text, "The group has cut 4,800 jobs.");
        assert!(choice.repaired);
        assert_eq!(choice.repairs.len(), 1);
        assert!(choice.checks.iter().all(|check| check.status.resolved()));
    }
}
