//! Bytes of a feed in any encoding: rendered with its own texts it is as it was, and
//! with others it is still a feed with as many items.

#![no_main]

use depesche::feed::{Change, Context, Feed, Field};
use libfuzzer_sys::fuzz_target;

/// What needs an escape in one place or another.
const TEXT: &str = "Wort <&> ]]> \"x\" da";

fuzz_target!(|bytes: &[u8]| {
    let Ok(feed) = Feed::read(bytes, None) else {
        return;
    };
    feed.characters();
    let entries = std::iter::once(&feed.head).chain(&feed.items);
    let fields: Vec<&Field> = entries.flat_map(|entry| &entry.fields).collect();
    let render = |text: &dyn Fn(&Field) -> String| {
        let texts: Vec<String> = fields.iter().map(|field| text(field)).collect();
        let changes = fields.iter().zip(&texts);
        feed.render(changes.map(|(field, text)| Change::Text { field, text }).collect())
    };
    assert_eq!(render(&|field| field.text.clone()), feed.source());
    let escaped = |field: &&Field| field.context != Context::Markup;
    if feed.faults().is_empty() && fields.iter().all(escaped) {
        let other = render(&|_| TEXT.to_owned());
        let again = Feed::read(other.as_bytes(), None).expect("it is still a feed");
        assert!(again.faults().is_empty());
        assert_eq!(again.items.len(), feed.items.len());
    }
});
