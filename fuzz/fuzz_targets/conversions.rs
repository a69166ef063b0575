//! Bytes of a feed or of a list of feeds: a feed without faults becomes every other
//! format with as many items, and the feeds of a list have names that files can have.

#![no_main]

use std::collections::HashSet;

use depesche::Error;
use depesche::feed::convert::convert;
use depesche::feed::{Dialect, Feed, opml};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    for list in [opml::read(bytes), opml::read_lines(&text)].into_iter().flatten() {
        let names: HashSet<&str> = list.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names.len(), list.len());
        let fit = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        assert!(names.iter().all(|name| !name.is_empty() && name.chars().all(fit)));
    }
    let Ok(feed) = Feed::read(bytes, None) else {
        return;
    };
    for to in [Dialect::Rss, Dialect::Atom, Dialect::Json] {
        match convert(&feed, to, Timestamp::UNIX_EPOCH) {
            Ok(converted) => {
                let again = Feed::read(converted.text.as_bytes(), None).expect("it is a feed");
                assert_eq!((again.dialect(), again.items.len()), (to, feed.items.len()));
            }
            Err(Error::Internal(message)) => panic!("{message}"),
            Err(_) => assert!(!feed.faults().is_empty()),
        }
    }
});
