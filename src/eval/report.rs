//! What an evaluation finds besides BLEU and chrF: figures and faults.

use serde::Serialize;

use crate::eval::{BLEU_SIGNATURE, CHRF_SIGNATURE, Comparison, bleu, chrf};
use crate::figures::{self, Kind, Status};
use crate::language;

/// A source segment with its hypothesis and its reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample<'a> {
    pub source: &'a str,
    pub hypothesis: &'a str,
    pub reference: &'a str,
}

/// Figures of the sources and what became of them; names are not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct FigureCounts {
    /// Figures of the sources.
    pub source: usize,
    /// Kept or converted.
    pub kept: usize,
    pub changed: usize,
    pub missing: usize,
    /// Figures of the hypotheses that no source has.
    pub added: usize,
    /// Kept among the figures of the sources, in percent.
    pub recall: f64,
    /// Kept among the figures of the hypotheses, in percent.
    pub precision: f64,
}

/// Segments that no editor would print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Faults {
    /// No hypothesis for a source that has text.
    pub empty: usize,
    /// Less than a third of the reference's length, and 40 characters short.
    pub truncated: usize,
    /// A phrase of up to eight words stands at least four times in a row.
    pub repeated: usize,
    /// Still German, or the source again in other punctuation.
    pub untranslated: usize,
}

/// Everything that `depesche eval` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub segments: usize,
    pub bleu: f64,
    pub bleu_signature: &'static str,
    pub chrf: f64,
    pub chrf_signature: &'static str,
    /// Characters of the hypotheses per character of the references.
    pub length_ratio: f64,
    pub figures: FigureCounts,
    pub faults: Faults,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
}

impl Report {
    pub fn of(samples: &[Sample<'_>]) -> Self {
        let pairs = || {
            samples
                .iter()
                .map(|sample| (sample.hypothesis, sample.reference))
        };
        let length = |text: fn(&Sample<'_>) -> usize| samples.iter().map(text).sum::<usize>();
        let ours = length(|sample| sample.hypothesis.chars().count());
        let theirs = length(|sample| sample.reference.chars().count());
        Report {
            segments: samples.len(),
            bleu: bleu(pairs()),
            bleu_signature: BLEU_SIGNATURE,
            chrf: chrf(pairs()),
            chrf_signature: CHRF_SIGNATURE,
            length_ratio: ours as f64 / theirs.max(1) as f64,
            figures: FigureCounts::of(samples),
            faults: Faults::of(samples),
            comparison: None,
        }
    }
}

impl FigureCounts {
    fn of(samples: &[Sample<'_>]) -> Self {
        let mut counts = FigureCounts::default();
        for sample in samples {
            let checks = figures::compare(sample.source, sample.hypothesis);
            for check in checks.iter().filter(|check| check.kind != Kind::Name) {
                match check.status {
                    Status::Kept | Status::Converted => counts.kept += 1,
                    Status::Changed => counts.changed += 1,
                    Status::Missing => counts.missing += 1,
                    Status::Added => counts.added += 1,
                }
            }
        }
        counts.source = counts.kept + counts.changed + counts.missing;
        let written = counts.kept + counts.changed + counts.added;
        let percent = |of: usize| 100.0 * counts.kept as f64 / of.max(1) as f64;
        counts.recall = percent(counts.source);
        counts.precision = percent(written);
        counts
    }
}

impl Faults {
    fn of(samples: &[Sample<'_>]) -> Self {
        let count = |fault: fn(&Sample<'_>) -> bool| samples.iter().filter(|s| fault(s)).count();
        Faults {
            empty: count(|sample| {
                sample.hypothesis.trim().is_empty() && !sample.source.trim().is_empty()
            }),
            truncated: count(|sample| {
                let ours = sample.hypothesis.chars().count();
                let theirs = sample.reference.chars().count();
                ours > 0 && 3 * ours < theirs && theirs - ours >= 40
            }),
            repeated: count(|sample| language::repeats(sample.source, sample.hypothesis)),
            untranslated: count(|sample| {
                language::is_echo(sample.source, sample.hypothesis)
                    || language::is_still_german(sample.hypothesis)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample<'a>(source: &'a str, hypothesis: &'a str, reference: &'a str) -> Sample<'a> {
        Sample {
            source,
            hypothesis,
            reference,
        }
    }

    #[test]
    fn faults_are_counted() {
        let long = "The minister said on Monday that the law would be passed before the summer.";
        let faults = Faults::of(&[
            sample("Guten Tag.", "", "Good day."),
            sample("Der Minister sprach.", "The minister", long),
            sample("Ja, ja.", "no no no no no no", "Yes."),
            sample(
                "„Das ist auch ein guter Satz“, sagte er gestern.",
                "\"Das ist auch ein guter Satz\", sagte er gestern.",
                "\"That is a good sentence, too,\" he said yesterday.",
            ),
            sample(
                "Er sagte, dass das Gesetz nicht beschlossen worden sei.",
                "Er sagt, das Gesetz sei nicht beschlossen worden, und ging.",
                "He said that the law had not been passed.",
            ),
            sample(
                "Das ist ein Satz.",
                "This is a sentence.",
                "This is a sentence.",
            ),
        ]);
        let expected = Faults {
            empty: 1,
            truncated: 1,
            repeated: 1,
            untranslated: 2,
        };
        assert_eq!(faults, expected);
    }
}
