//! Texts that have nothing to do with each other.

use serde::{Deserialize, Serialize};

use crate::dispatch::{Segment, TranslatedText, Warning};
use crate::document::Format;
use crate::pipeline::report::Checked;

/// A text to translate on its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub text: String,
    pub format: Format,
}

impl Text {
    /// Characters, markup included.
    pub fn characters(&self) -> usize {
        self.text.chars().count()
    }
}

/// Sorts segments, figures and warnings to the texts that they belong to;
/// segments count from 0 in each text.
pub(super) fn per_text(checked: Checked, count: usize) -> Vec<TranslatedText> {
    let Checked {
        texts,
        segments,
        sheets,
        figures,
        terms,
        warnings,
        ..
    } = checked;
    let mut translated: Vec<TranslatedText> = texts
        .into_iter()
        .map(|text| TranslatedText {
            text,
            segments: Vec::new(),
            figures: Vec::new(),
            terms: Vec::new(),
            warnings: Vec::new(),
        })
        .collect();
    debug_assert_eq!(translated.len(), count);
    let mut place = Vec::with_capacity(segments.len());
    for (segment, sheet) in segments.into_iter().zip(sheets) {
        let Some(text) = translated.get_mut(sheet) else {
            continue;
        };
        let id = text.segments.len();
        place.push((sheet, id));
        text.segments.push(Segment { id, ..segment });
    }
    for mut figure in figures {
        if let Some(&(sheet, id)) = place.get(figure.segment) {
            figure.segment = id;
            translated[sheet].figures.push(figure);
        }
    }
    for mut term in terms {
        if let Some(&(sheet, id)) = place.get(term.segment) {
            term.segment = id;
            translated[sheet].terms.push(term);
        }
    }
    for warning in warnings {
        if let Some(&(sheet, id)) = warning.segment.and_then(|segment| place.get(segment)) {
            translated[sheet].warnings.push(Warning {
                segment: Some(id),
                ..warning
            });
        }
    }
    translated
}
