//! What a translation may lack besides figures.

use crate::figures;
use crate::language;
use crate::pipeline::draft::Unit;
use crate::pipeline::translate::Rendering;
use crate::span::Span;
use crate::words::words;

/// Whether a translation is not the English of its whole source: empty, cut
/// off, still German, or a phrase without end in place of the rest.
pub fn is_incomplete(unit: &Unit, rendering: &Rendering) -> bool {
    unit.translate && rendering.truncated || is_gap(unit, &rendering.text)
}

/// Whether a hypothesis is none: untranslated, or a phrase that repeats.
pub fn is_gap(unit: &Unit, text: &str) -> bool {
    is_untranslated(unit, text) || is_repeating(unit, text)
}

/// Whether a phrase follows itself again and again.
pub fn is_repeating(unit: &Unit, text: &str) -> bool {
    unit.translate && language::repeats(&unit.source, text)
}

/// Whether nothing was translated: the text is empty or still German.
pub fn is_untranslated(unit: &Unit, text: &str) -> bool {
    unit.translate
        && (text.trim().is_empty()
            || language::is_echo(&unit.source, text)
            || language::is_still_german(text))
}

/// Words of the translation that were left in German; surnames of the article and
/// the unit's terms may have to be.
pub fn remnants(unit: &Unit, text: &str) -> Vec<Span> {
    if !unit.translate || unit.may_be_german {
        return Vec::new();
    }
    let mut remnants = language::remnants(&unit.source, text, figures::is_given_name);
    remnants.retain(|span| {
        let word = span.of(text);
        let mut terms = unit.terms.iter().map(|term| term.term.english());
        let is_term = |english: &str| words(english).any(|other| other.of(english) == word);
        !unit.cast.names(word) && !terms.any(is_term)
    });
    remnants
}
