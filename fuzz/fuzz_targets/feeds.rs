//! Bytes of a feed in any encoding.

#![no_main]

use depesche::feed::Feed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(feed) = Feed::read(bytes, None) {
        feed.characters();
    }
});
