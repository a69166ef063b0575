//! A translated feed as text: the fields that are in English, and the marks
//! that say so.

use super::FeedOptions;
use super::run::{Outcome, selected};
use crate::feed::compose::{Composition, Style};
use crate::feed::{Change, Feed};

/// The source with the English texts of those items that have some.
pub fn render(
    feed: &Feed,
    head: &Outcome,
    items: &[Outcome],
    options: &FeedOptions,
    model: &str,
) -> String {
    let entries = std::iter::once((&feed.head, head, true)).chain(
        feed.items
            .iter()
            .zip(items)
            .map(|(entry, outcome)| (entry, outcome, false)),
    );
    let is_english = |outcome: &Outcome| matches!(&outcome.item, Some(item) if !item.is_passed);
    let any = items.is_empty() || is_english(head) || items.iter().any(is_english);
    let mut texts = Vec::new();
    let mut marks = Vec::new();
    for (entry, outcome, is_head) in entries {
        let english = is_english(outcome);
        if english || is_head && any {
            marks.extend(entry.marks.iter().copied());
        }
        let Some(item) = outcome.item.as_ref().filter(|_| english) else {
            continue;
        };
        let fields = selected(entry, options, is_head);
        let plain;
        let style = if is_head {
            // A note on figures belongs to a report, and not to a name.
            plain = Style {
                bilingual: options.style.bilingual,
                ..Style::default()
            };
            &plain
        } else {
            &options.style
        };
        let composition = Composition {
            entry,
            item,
            style,
            model,
        };
        let composed = composition.texts(&fields);
        texts.extend(fields.into_iter().zip(composed));
    }
    let changes = texts
        .iter()
        .map(|(field, text)| Change::Text { field, text })
        .chain(marks.into_iter().map(Change::English))
        .collect();
    feed.render(changes)
}
