//! A German and an English text, with a NUL between them: figures are read,
//! compared and repaired, and every span is where it says.

#![no_main]

use depesche::figures::{
    ClockStyle, FigureStyle, HouseStyle, compare, repair, restyle, unresolved,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (source, target) = text.split_once('\0').unwrap_or((text, text));
    let checks = compare(source, target);
    for check in &checks {
        if let Some(mention) = &check.source {
            assert_eq!(mention.span.of(source), mention.text);
        }
        if let Some(mention) = &check.target {
            assert_eq!(mention.span.of(target), mention.text);
        }
    }
    if let Some(repaired) = repair(source, target) {
        assert!(unresolved(&compare(source, &repaired.text)) < unresolved(&checks));
    }
    for (figures, clock) in [
        (FigureStyle::Symbol, ClockStyle::Twelve),
        (FigureStyle::Words, ClockStyle::TwentyFour),
    ] {
        restyle(target, &checks, HouseStyle { figures, clock });
    }
});
