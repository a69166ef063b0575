//! Which hypothesis of a unit is taken.

use crate::figures::{self, Check, Repair, Repaired};
use crate::pipeline::draft::Unit;
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
    /// The best hypothesis, unless another one leaves fewer figures open; what
    /// is still wrong is put right where that is certain.
    pub fn best(unit: &Unit, rendering: Rendering) -> Self {
        let mut choice = Self::of_hypotheses(unit, rendering);
        if unresolved(&choice.checks) > 0
            && let Some(Repaired { text, repairs }) =
                figures::repair(&unit.source, &choice.rendering.text)
        {
            choice.repairs = repairs;
            choice.checks = check_unit(unit, &text);
            choice.rendering.text = text;
            choice.repaired = true;
        }
        choice
    }

    fn of_hypotheses(unit: &Unit, mut rendering: Rendering) -> Self {
        let checks = check_unit(unit, &rendering.text);
        let open = unresolved(&checks);
        let better = rendering
            .alternatives
            .iter()
            .take_while(|_| open > 0)
            .map(|text| (check_unit(unit, text), text.clone()))
            .filter(|(checks, _)| unresolved(checks) < open)
            .min_by_key(|(checks, _)| unresolved(checks));
        match better {
            Some((checks, text)) => {
                rendering.text = text;
                Choice {
                    rendering,
                    checks,
                    repaired: true,
                    repairs: Vec::new(),
                }
            }
            None => Choice {
                rendering,
                checks,
                repaired: false,
                repairs: Vec::new(),
            },
        }
    }
}

/// How many figures are not accounted for.
pub fn unresolved(checks: &[Check]) -> usize {
    checks
        .iter()
        .filter(|check| !check.status.resolved())
        .count()
}

/// Compares the figures of a unit; what is copied has none to compare.
pub fn check_unit(unit: &Unit, target: &str) -> Vec<Check> {
    if unit.translate {
        figures::compare(&unit.source, target)
    } else {
        Vec::new()
    }
}
