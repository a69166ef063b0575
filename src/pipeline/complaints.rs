//! What an editor is told about figures and segments that need a look.

use crate::dispatch::{FigureReport, TermReport, Warning, WarningCode};
use crate::figures::{Mention, Repair, Status};
use crate::pipeline::draft::Unit;
use crate::pipeline::gap::{is_repeating, is_untranslated, remnants};
use crate::pipeline::translate::Rendering;

/// What an editor is told about a figure that is not accounted for.
pub fn complaint(report: &FigureReport) -> String {
    let quoted = |mention: &Option<Mention>| {
        mention
            .as_ref()
            .map_or_else(String::new, |mention| format!("“{}”", mention.text))
    };
    let (source, target) = (quoted(&report.source), quoted(&report.target));
    match report.status {
        Status::Missing => format!("{source} of the source is missing in the translation"),
        Status::Added => format!("{target} in the translation has no counterpart in the source"),
        Status::Changed => format!("{source} of the source has become {target}"),
        Status::Kept | Status::Converted => format!("{source} is accounted for as {target}"),
    }
}

/// What an editor is told about a term that was not rendered as the glossary
/// has it.
pub fn missed(report: &TermReport) -> String {
    let TermReport {
        english, source, ..
    } = report;
    format!(
        "“{}” of the source should be “{english}” in the translation, and is not",
        source.text
    )
}

/// What an editor is told about a figure that was put right.
pub fn told(repair: &Repair) -> String {
    let Repair {
        source,
        before,
        after,
    } = repair;
    match (source.as_str(), after.as_str()) {
        ("", "") => format!("“{before}” had no counterpart in the source and was left out"),
        ("", after) => {
            format!("“{before}” had no counterpart in the source and was replaced by “{after}”")
        }
        (source, after) => {
            format!("“{before}” stood for “{source}” of the source and was replaced by “{after}”")
        }
    }
}

pub fn complaints(index: usize, unit: &Unit, rendering: &Rendering) -> Vec<Warning> {
    let warning = |code, message: &str| Warning {
        code,
        message: message.to_owned(),
        segment: Some(index),
    };
    [
        rendering.retried.then(|| {
            warning(
                WarningCode::Repetition,
                "a phrase repeated without end; the segment was decoded again",
            )
        }),
        is_repeating(unit, &rendering.text).then(|| {
            warning(
                WarningCode::Repetition,
                "a phrase stands many times in a row in the translation",
            )
        }),
        rendering.split.then(|| {
            warning(
                WarningCode::Split,
                "the segment or its translation was too long for the model; it was translated clause by clause",
            )
        }),
        rendering.truncated.then(|| {
            warning(
                WarningCode::Truncated,
                "the translation hit its length limit and may be incomplete",
            )
        }),
        is_untranslated(unit, &rendering.text).then(|| {
            warning(
                WarningCode::Untranslated,
                "the translation is empty or still German",
            )
        }),
    ]
    .into_iter()
    .flatten()
    .chain(left_in_german(unit, &rendering.text).map(|message| Warning {
        code: WarningCode::Untranslated,
        message,
        segment: Some(index),
    }))
    .collect()
}

/// The words that were left in German, if the rest was not.
fn left_in_german(unit: &Unit, text: &str) -> Option<String> {
    let remnants = remnants(unit, text);
    if remnants.is_empty() || is_untranslated(unit, text) {
        return None;
    }
    let mut words: Vec<String> = Vec::new();
    for word in remnants.iter().map(|span| format!("“{}”", span.of(text))) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let verb = if words.len() == 1 { "was" } else { "were" };
    Some(format!("{} {verb} left in German", words.join(", ")))
}
