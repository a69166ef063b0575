//! What a translation may lack besides figures.

use crate::language;
use crate::pipeline::draft::Unit;
use crate::pipeline::translate::Rendering;

/// Whether a translation is not the English of its whole source: empty, cut
/// off or still German.
pub fn is_incomplete(unit: &Unit, rendering: &Rendering) -> bool {
    unit.translate && rendering.truncated || is_untranslated(unit, &rendering.text)
}

/// Whether nothing was translated: the text is empty or still German.
pub fn is_untranslated(unit: &Unit, text: &str) -> bool {
    unit.translate
        && (text.trim().is_empty()
            || language::is_echo(&unit.source, text)
            || language::is_still_german(text))
}
