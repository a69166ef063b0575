//! A text in each format: its blocks are found, its sentences split, and what is
//! not translated comes out as it was.

#![no_main]

use depesche::document::{Document, Format};
use depesche::segment;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for format in Format::ALL {
        let Ok(document) = Document::parse(text, format) else {
            continue;
        };
        for block in document.blocks() {
            for span in segment::split_around(&block.text, &block.protected()) {
                assert!(!span.of(&block.text).is_empty());
            }
        }
        assert_eq!(document.render(&[]).text, text);
    }
});
