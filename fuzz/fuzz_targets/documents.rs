//! A text in each format: its blocks are found and its sentences split, what is
//! not translated comes out as it was, and whatever a model makes of the rest
//! lands within the output, in order.

#![no_main]

use depesche::document::{Document, Format, Target, extract};
use depesche::segment;
use depesche::span::Span;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for format in Format::ALL {
        let Ok(document) = Document::parse(text, format) else {
            continue;
        };
        let sentences: Vec<Vec<Span>> = document
            .blocks()
            .iter()
            .map(|block| segment::split_around(&block.text, &block.protected()))
            .collect();
        let blocks = || document.blocks().iter().zip(&sentences);
        for (block, spans) in blocks() {
            for span in spans {
                assert!(!span.of(&block.text).is_empty());
                clauses(span.of(&block.text));
            }
        }
        let translated = |translate: &dyn Fn(&str) -> String| {
            let of_block = |spans: &[Span], text: &str| {
                let target = |span: &Span| Target {
                    span: *span,
                    text: translate(span.of(text)),
                };
                spans.iter().map(target).collect::<Vec<_>>()
            };
            let targets = blocks().map(|(block, spans)| of_block(spans, &block.text));
            document.render(&targets.collect::<Vec<_>>())
        };
        assert_eq!(translated(&str::to_owned).text, text);
        let other = translated(&|sentence| mangled(sentence, text.len()));
        let mut last = 0;
        for span in other.spans.iter().flatten() {
            assert!(other.text.get(span.start..span.end).is_some());
            assert!(span.start >= last);
            last = span.end;
        }
    }
    extract(text);
});

/// The clauses of a sentence are in order, and lose no letter.
fn clauses(sentence: &str) {
    let fits = |clause: &str| clause.len() <= 24;
    let letters = |text: &str| -> String { text.split_whitespace().collect() };
    let mut whole = String::new();
    let mut last = 0;
    for clause in segment::split_clauses(sentence, &fits) {
        assert!(clause.start >= last && !clause.of(sentence).is_empty());
        last = clause.end;
        whole.push_str(clause.of(sentence));
    }
    assert_eq!(letters(&whole), letters(sentence));
}

/// Words in another order, some left out and some new, as translations have them.
fn mangled(sentence: &str, seed: usize) -> String {
    let mut words: Vec<&str> = sentence.split(' ').collect();
    let count = words.len();
    words.rotate_left(seed % count);
    if seed.is_multiple_of(3) {
        words.reverse();
    }
    let left_out = |at: usize| at % (seed % 5 + 2) == 1;
    let kept = words.iter().enumerate().filter(|(at, _)| !left_out(*at));
    let words = kept.map(|(at, word)| if at % 4 == 3 { "word" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
