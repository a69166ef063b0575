//! Which hypothesis of a unit is taken.

use crate::dispatch::RepairPolicy;
use crate::engine::Required;
use crate::figures::{self, Check, HouseStyle, Repair, Repaired};
use crate::language;
use crate::pipeline::doubt::Doubt;
use crate::pipeline::draft::Unit;
use crate::pipeline::gap::{is_gap, remnants};
use crate::pipeline::translate::Rendering;
use crate::terms::{self, Placed, Rendition};
use crate::words;

/// Phrases that one answer must say at most: a search takes beams for each.
const MOST_PHRASES: usize = 6;

/// Words left in German that a search avoids at most.
const MOST_REMNANTS: usize = 4;

/// How hypotheses are chosen and written.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    pub repair: RepairPolicy,
    pub style: HouseStyle,
}

/// The hypothesis that was taken for a unit.
pub struct Choice {
    pub rendering: Rendering,
    pub checks: Vec<Check>,
    /// What became of the unit's terms, in their order.
    pub terms: Vec<terms::Check>,
    /// Another hypothesis than the best was taken, or figures and names were put right
    /// in place.
    pub repaired: bool,
    /// What was put right in place.
    pub repairs: Vec<Repair>,
}

impl Choice {
    /// The best hypothesis, with figures and terms put right where that is
    /// certain; another one only if the best is still German, has more figures
    /// open then, or as many and more terms missed, or as many of both and more words
    /// left in German.
    /// What the policy does not allow is left as the model wrote it; the terms of
    /// a glossary are sought whatever it says.
    pub fn best(unit: &Unit, mut rendering: Rendering, policy: RepairPolicy) -> Self {
        if rendering.edited {
            return Self::as_it_is(unit, rendering);
        }
        let mut alternatives = std::mem::take(&mut rendering.alternatives);
        if policy < RepairPolicy::Choose && unit.terms.is_empty() {
            alternatives.clear();
        }
        let renditions = std::mem::take(&mut rendering.renditions);
        let mut best = Self::of(
            unit,
            std::mem::take(&mut rendering.text),
            &renditions,
            policy,
        );
        for text in alternatives {
            if best.faults == Faults::default() {
                break;
            }
            let other = Self::of(unit, text, &renditions, policy);
            if other.faults < best.faults {
                best = Candidate {
                    chosen: true,
                    ..other
                };
            }
        }
        if best.faults.open > 0 && policy >= RepairPolicy::Full {
            best = Self::without_invented(unit, best);
        }
        rendering.text = best.text;
        Choice {
            rendering,
            checks: best.checks,
            terms: best.terms,
            repaired: best.chosen || !best.repairs.is_empty(),
            repairs: best.repairs,
        }
    }

    /// [`Choice::best`], [`Choice::styled`].
    pub fn made(unit: &Unit, rendering: Rendering, policy: Policy) -> Self {
        Self::best(unit, rendering, policy.repair).styled(unit, policy.style)
    }

    /// The same with its figures in a style, unless an editor wrote it or the
    /// style would cost a figure or a term.
    pub fn styled(self, unit: &Unit, style: HouseStyle) -> Self {
        if self.rendering.edited || !unit.translate {
            return self;
        }
        let Some(text) = figures::restyle(&self.rendering.text, &self.checks, style) else {
            return self;
        };
        let styled = Candidate::new(unit, text);
        if styled.faults > Faults::of(unit, &self.rendering.text, &self.checks, &self.terms) {
            return self;
        }
        Choice {
            rendering: Rendering {
                text: styled.text,
                ..self.rendering
            },
            checks: styled.checks,
            terms: styled.terms,
            ..self
        }
    }

    /// What of the rendering is in doubt; `None` when nothing is, or nothing of
    /// one of its alternatives.
    pub fn doubt(unit: &Unit, rendering: &Rendering, policy: RepairPolicy) -> Option<Doubt> {
        if policy < RepairPolicy::Again && unit.terms.is_empty() {
            return None;
        }
        let first = Self::of(unit, rendering.text.clone(), &[], policy);
        if first.faults == Faults::default() {
            return None;
        }
        let mut least = first.faults;
        // A hypothesis that has what the first lacks lacks something else.
        let mut wanted = wanted(unit, &first);
        for text in &rendering.alternatives {
            let other = Self::of(unit, text.clone(), &[], policy);
            least = least.min(other.faults);
            // What it has too many may be right where the first has it.
            let lost = figures::wanted(&unit.source, &other.checks).into_iter();
            for phrase in lost.map(Required::AnyOf) {
                let phrases = wanted
                    .iter()
                    .filter(|one| matches!(one, Required::AnyOf(_)));
                if phrases.count() < MOST_PHRASES && !wanted.contains(&phrase) {
                    wanted.push(phrase);
                }
            }
        }
        let missed = first.terms.iter().enumerate();
        (least != Faults::default()).then(|| Doubt {
            missed: missed
                .filter(|(_, check)| check.status == terms::Status::Missed)
                .map(|(index, _)| index)
                .collect(),
            figures: least.open,
            wanted,
        })
    }

    /// What an editor wrote is checked and never changed.
    fn as_it_is(unit: &Unit, rendering: Rendering) -> Self {
        Choice {
            checks: check_unit(unit, &rendering.text),
            terms: check_terms(unit, &rendering.text),
            rendering,
            repaired: false,
            repairs: Vec::new(),
        }
    }

    /// The text that is taken, if nothing of it is in doubt but words that were
    /// left in German although others were sought.
    pub fn faultless(unit: &Unit, rendering: Rendering, policy: RepairPolicy) -> Option<String> {
        let choice = Self::best(unit, rendering, policy);
        let text = choice.rendering.text;
        let mut faults = Faults::of(unit, &text, &choice.checks, &choice.terms);
        // Nothing more can be done for them where all was tried.
        if policy >= RepairPolicy::Again {
            faults.remnants = 0;
        }
        (faults == Faults::default()).then_some(text)
    }

    /// Without the years that no hypothesis could do without; last, since a
    /// hypothesis without them reads better.
    fn without_invented(unit: &Unit, candidate: Candidate) -> Candidate {
        let found = figures::without_invented(&unit.source, &candidate.text);
        let Some(Repaired { text, repairs }) = found else {
            return candidate;
        };
        let shorter = Candidate::new(unit, text);
        match shorter.faults < candidate.faults {
            true => candidate.becomes(shorter, repairs),
            false => candidate,
        }
    }

    fn of(unit: &Unit, text: String, renditions: &[Rendition], policy: RepairPolicy) -> Candidate {
        let mut candidate = Self::repaired(unit, text, policy);
        if candidate.faults.terms == 0 {
            return candidate;
        }
        let placed = terms::place(&unit.source, &unit.terms, &candidate.text, renditions);
        if let Some(Placed { text, checks }) = placed {
            // A term may hold figures and names that the source has not.
            let figures = check_unit(unit, &text);
            let faults = Faults::of(unit, &text, &figures, &checks);
            if faults < candidate.faults {
                candidate.text = text;
                candidate.checks = figures;
                candidate.terms = checks;
                candidate.faults = faults;
            }
        }
        candidate
    }

    fn repaired(unit: &Unit, text: String, policy: RepairPolicy) -> Candidate {
        let text = match language::said_once(&text) {
            // Models like to say a short title twice.
            Some(once) if language::said_once(&unit.source).is_none() => once.to_owned(),
            Some(_) | None => text,
        };
        let mut candidate = Candidate::new(unit, text);
        if policy >= RepairPolicy::Full
            && candidate.faults.open > 0
            && let Some(Repaired { text, repairs }) =
                figures::repair_among(&unit.source, &candidate.text, &unit.cast)
        {
            candidate = candidate.becomes(Candidate::new(unit, text), repairs);
        }
        if unit.translate && policy >= RepairPolicy::Full {
            candidate = Self::anglicised(unit, candidate);
        }
        candidate
    }

    /// With the genitives of names as English writes them, unless that would cost a
    /// figure or a term.
    fn anglicised(unit: &Unit, candidate: Candidate) -> Candidate {
        let Some((text, changes)) = unit.cast.anglicised(&unit.source, &candidate.text) else {
            return candidate;
        };
        let english = Candidate::new(unit, text);
        if english.faults > candidate.faults {
            return candidate;
        }
        let repairs = changes.into_iter().map(|change| Repair {
            source: change.before.clone(),
            before: change.before,
            after: change.after,
        });
        candidate.becomes(english, repairs)
    }
}

/// A hypothesis after repair.
struct Candidate {
    text: String,
    checks: Vec<Check>,
    terms: Vec<terms::Check>,
    repairs: Vec<Repair>,
    faults: Faults,
    /// It was not the model's first.
    chosen: bool,
}

impl Candidate {
    /// A text as it is, with what is to be said of it.
    fn new(unit: &Unit, text: String) -> Self {
        let (checks, terms) = (check_unit(unit, &text), check_terms(unit, &text));
        Candidate {
            faults: Faults::of(unit, &text, &checks, &terms),
            text,
            checks,
            terms,
            repairs: Vec::new(),
            chosen: false,
        }
    }

    /// The same hypothesis with another text, and what was put right in it.
    fn becomes(self, other: Self, repairs: impl IntoIterator<Item = Repair>) -> Self {
        let mut all = self.repairs;
        all.extend(repairs);
        Candidate {
            repairs: all,
            chosen: self.chosen,
            ..other
        }
    }
}

/// A text that was left in German, or a phrase without end, is worse than any
/// figure, a wrong figure worse than any term, and a missed term worse than a
/// word that was left in German.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Faults {
    gap: bool,
    open: usize,
    terms: usize,
    remnants: usize,
}

impl Faults {
    fn of(unit: &Unit, text: &str, checks: &[Check], terms: &[terms::Check]) -> Self {
        Faults {
            gap: is_gap(unit, text),
            open: figures::unresolved(checks),
            terms: terms::missed(terms),
            remnants: remnants(unit, text).len(),
        }
    }
}

/// What a translation of the unit must say, as far as it is known how, and what
/// it must not.
fn wanted(unit: &Unit, candidate: &Candidate) -> Vec<Required> {
    let lost = figures::wanted(&unit.source, &candidate.checks);
    let invented = figures::unwanted(&unit.source, &candidate.text, &candidate.checks, &lost);
    let lost = lost.into_iter().map(Required::AnyOf);
    let mut wanted: Vec<Required> = lost.collect();
    wanted.extend(invented.into_iter().map(Required::Not));
    for span in remnants(unit, &candidate.text)
        .into_iter()
        .take(MOST_REMNANTS)
    {
        // With a capital or without: the model would write it in the other way.
        let word = span.of(&candidate.text);
        for form in [words::capitalised(word), word.to_lowercase()] {
            let form = Required::Not(form);
            if !wanted.contains(&form) {
                wanted.push(form);
            }
        }
    }
    wanted
}

/// Compares the figures of a unit; what is copied has none to compare.
pub fn check_unit(unit: &Unit, target: &str) -> Vec<Check> {
    if unit.translate {
        figures::compare_among(&unit.source, target, &unit.cast)
    } else {
        Vec::new()
    }
}

/// Looks for the terms of a unit; what is copied keeps its German.
fn check_terms(unit: &Unit, target: &str) -> Vec<terms::Check> {
    terms::check(&unit.source, &unit.terms, target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Part;
    use crate::document::BlockKind;
    use crate::span::Span;
    use std::sync::Arc;

    fn unit(source: &str) -> Unit {
        let span = Span::new(0, source.len());
        Unit {
            sheet: 0,
            article: 0,
            part: Part::Body,
            block: 0,
            kind: BlockKind::Paragraph,
            span,
            source_span: span,
            source: source.to_owned(),
            translate: true,
            terms: Vec::new(),
            cast: Arc::default(),
            may_be_german: false,
        }
    }

    fn best(source: &str, hypotheses: [&str; 3]) -> Choice {
        let [text, alternatives @ ..] = hypotheses.map(str::to_owned);
        let rendering = Rendering {
            text,
            alternatives: alternatives.to_vec(),
            ..Rendering::default()
        };
        Choice::best(&unit(source), rendering, RepairPolicy::Full)
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
    fn no_more_is_done_than_the_policy_allows() {
        let unit = unit("Der Konzern hat 4.800 Stellen in 12 Werken gestrichen.");
        let rendering = Rendering {
            text: "The group has cut jobs in 12 plants.".into(),
            alternatives: vec!["The group has cut 4.800 jobs in 12 plants.".into()],
            ..Rendering::default()
        };
        let bare = |policy| {
            let choice = Choice::best(&unit, rendering.clone(), policy);
            (choice.rendering.text, figures::unresolved(&choice.checks))
        };
        let first = (rendering.text.clone(), 1);
        assert_eq!(bare(RepairPolicy::None), first);
        // German marks are as wrong as nothing, so there is nothing to choose.
        assert_eq!(bare(RepairPolicy::Choose), first);
        assert_eq!(bare(RepairPolicy::Again), first);
        let right = ("The group has cut 4,800 jobs in 12 plants.".to_owned(), 0);
        assert_eq!(bare(RepairPolicy::Full), right);
        for (policy, asked) in [
            (RepairPolicy::None, false),
            (RepairPolicy::Choose, false),
            (RepairPolicy::Again, true),
        ] {
            assert_eq!(Choice::doubt(&unit, &rendering, policy).is_some(), asked);
        }
    }

    #[test]
    fn what_is_said_twice_and_meant_once_is_said_once() {
        let say = |source: &str, text: &str| {
            let rendering = Rendering {
                text: text.into(),
                ..Rendering::default()
            };
            Choice::best(&unit(source), rendering, RepairPolicy::Full)
                .rendering
                .text
        };
        let source = "Am Mauerbau scheiden sich die Geister";
        for (text, expected) in [
            (
                "Opinions are divided Opinions are divided",
                "Opinions are divided",
            ),
            ("Opinions differ. Opinions differ.", "Opinions differ."),
            ("Bye bye", "Bye bye"),
            ("Opinions differ on it", "Opinions differ on it"),
        ] {
            assert_eq!(say(source, text), expected);
        }
        let twice = "It rains. It rains.";
        assert_eq!(say("Es regnet. Es regnet.", twice), twice);
    }

    #[test]
    fn the_hypothesis_with_the_term_is_taken_unless_it_costs_a_figure() {
        let entry = crate::terms::Entry {
            source: "Stelle".into(),
            target: Some("post".into()),
        };
        let glossary = crate::terms::Glossary::new([entry]).expect("a term");
        let source = "Der Konzern hat 4.800 Stellen in 12 Werken gestrichen.";
        let unit = Unit {
            terms: glossary.find(source),
            ..unit(source)
        };
        let choose = |alternatives: &[&str]| {
            let rendering = Rendering {
                text: "The group has cut 4,800 jobs in 12 plants.".into(),
                alternatives: alternatives.iter().map(|text| (*text).to_owned()).collect(),
                ..Rendering::default()
            };
            let alone = Rendering {
                alternatives: Vec::new(),
                ..rendering.clone()
            };
            assert_eq!(
                Choice::doubt(&unit, &alone, RepairPolicy::Full).map(|doubt| doubt.missed),
                Some(vec![0])
            );
            Choice::best(&unit, rendering, RepairPolicy::Full)
        };
        let costly = choose(&["The group has cut posts in 12 plants."]);
        assert_eq!(
            costly.rendering.text,
            "The group has cut 4,800 jobs in 12 plants."
        );
        assert_eq!(terms::missed(&costly.terms), 1);
        let better = choose(&["The group cut 4,800 posts in 12 plants."]);
        assert_eq!(
            better.rendering.text,
            "The group cut 4,800 posts in 12 plants."
        );
        assert_eq!(terms::missed(&better.terms), 0);
    }

    #[test]
    fn words_left_in_german_are_avoided_unless_it_costs_a_figure() {
        let source = "Die Gewerkschaft verlangt 12 Euro.";
        let left = "The Gewerkschaft demands 12 euros.";
        let rendering = Rendering {
            text: left.into(),
            ..Rendering::default()
        };
        let unit = unit(source);
        let doubt = Choice::doubt(&unit, &rendering, RepairPolicy::Full).expect("a doubt");
        let not = |word: &str| Required::Not(word.to_owned());
        assert_eq!(doubt.wanted, [not("Gewerkschaft"), not("gewerkschaft")]);
        assert_eq!(doubt.figures, 0);
        let text = |hypotheses| best(source, hypotheses).rendering.text;
        let costly = "The union demands euros.";
        assert_eq!(text([left, costly, costly]), left);
        let better = "The union demands 12 euros.";
        assert_eq!(text([left, costly, better]), better);
        // Where no other was sought, it is not for the memory.
        let kept = |policy| Choice::faultless(&unit, rendering.clone(), policy).is_some();
        assert!(kept(RepairPolicy::Full) && !kept(RepairPolicy::Choose));
        assert_eq!(
            crate::pipeline::complaints::complaints(0, &unit, &rendering)[0].message,
            "“Gewerkschaft” was left in German"
        );
    }

    #[test]
    fn terms_and_persons_may_be_german() {
        let entry = crate::terms::Entry {
            source: "Gewerkschaft".into(),
            target: Some("Gewerkschaft".into()),
        };
        let glossary = crate::terms::Glossary::new([entry]).expect("a term");
        let source = "Die Gewerkschaft sagte ab.";
        let with_term = Unit {
            terms: glossary.find(source),
            ..unit(source)
        };
        let text = "The Gewerkschaft cancelled.";
        assert!(remnants(&with_term, text).is_empty());
        assert!(!remnants(&unit(source), text).is_empty());
        let source = "„Nein“, sagte Krise.";
        let person = Unit {
            cast: Arc::new(crate::figures::Cast::of(source)),
            ..unit(source)
        };
        assert!(remnants(&person, "“No,” said Krise.").is_empty());
    }

    #[test]
    fn genitives_become_english_and_are_told() {
        let source = "Irans Präsident sprach.";
        let unit = Unit {
            cast: Arc::new(crate::figures::Cast::of(source)),
            ..unit(source)
        };
        let rendering = Rendering {
            text: "Irans president spoke.".into(),
            ..Rendering::default()
        };
        let bare = Choice::best(&unit, rendering.clone(), RepairPolicy::Again);
        assert_eq!(bare.rendering.text, "Irans president spoke.");
        let choice = Choice::best(&unit, rendering, RepairPolicy::Full);
        assert_eq!(choice.rendering.text, "Iran's president spoke.");
        assert_eq!(choice.repairs.len(), 1);
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
