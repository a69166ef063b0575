//! A long run of figures, segmentation and the HTML reader on texts that are made of
//! pieces of figures, names and markup: nothing panics, spans are right, and no text
//! takes longer than it should. `FUZZ_SECONDS` says how long (60):
//!
//! ```text
//! cargo test --release --test integration long_run -- --ignored --nocapture
//! ```

use std::time::{Duration, Instant};

use depesche::document::{Document, Format};
use depesche::figures::{compare, repair, unresolved};
use depesche::segment;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

#[test]
#[ignore = "runs for a minute"]
fn long_runs_of_pieces_never_panic_and_end_in_time() {
    let seconds = std::env::var("FUZZ_SECONDS").ok();
    let seconds = seconds.and_then(|text| text.parse().ok()).unwrap_or(60);
    let pieces = r"([0-9]{1,5}[.,:/]?|[.,:;!?() \n-]|<[/a-z]{1,4}>|&[a-z]{1,4};|Mio\.|z\. B\.|am|bis|to|from|Uhr|p\.m\.|12\. Juni|June 12|zwei|half|€|%|percent|Köln|EZB|Angela Merkel|Slovenia|\PC){0,60}";
    let strategy = proptest::string::string_regex(pieces).expect("a pattern");
    let mut runner = TestRunner::default();
    let mut text = || strategy.new_tree(&mut runner).expect("a text").current();
    let (started, mut runs) = (Instant::now(), 0u64);
    while started.elapsed() < Duration::from_secs(seconds) {
        let (source, target) = (text(), text());
        let clock = Instant::now();
        let checks = compare(&source, &target);
        for mention in checks.iter().flat_map(|check| &check.target) {
            assert_eq!(mention.span.of(&target), mention.text);
        }
        if let Some(repaired) = repair(&source, &target) {
            assert!(unresolved(&compare(&source, &repaired.text)) < unresolved(&checks));
        }
        let document = Document::parse(&source, Format::Html);
        for block in document.iter().flat_map(|document| document.blocks()) {
            for span in segment::split_around(&block.text, &block.protected()) {
                assert!(!span.of(&block.text).is_empty());
            }
        }
        assert!(
            clock.elapsed() < Duration::from_secs(10),
            "{source:?} {target:?}"
        );
        runs += 1;
    }
    println!("{runs} runs");
}
