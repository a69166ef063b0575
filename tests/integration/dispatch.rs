//! The main job with the real default model: the README's first command, run on
//! the sample article. The model is fetched when it is missing.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::OnceLock;

use depesche::dispatch::{Dispatch, SegmentStatus};
use depesche::figures::Status;

const SAMPLE: &str = "tests/data/stromnetz.txt";

fn depesche(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_depesche"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts")
}

/// The dispatch of the sample, made once for all tests.
fn dispatch() -> &'static Dispatch {
    static MADE: OnceLock<Dispatch> = OnceLock::new();
    MADE.get_or_init(|| {
        let output = depesche(&["article", SAMPLE, "--json"]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).expect("a dispatch in JSON")
    })
}

fn source() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE);
    std::fs::read_to_string(path).expect("the sample article")
}

#[test]
fn the_default_model_translates_every_sentence() {
    let segments = &dispatch().translation.segments;
    assert!(segments.len() >= 12, "{} segments", segments.len());
    let german = [" und ", " der ", " nicht ", " wurde ", " nach Angaben "];
    for segment in segments {
        assert!(!segment.target.trim().is_empty(), "{}", segment.source);
        assert!(
            !german.iter().any(|word| segment.target.contains(word)),
            "still German: {}",
            segment.target
        );
        let ratio = segment.target.len() as f64 / segment.source.len() as f64;
        assert!((0.4..2.0).contains(&ratio), "{}", segment.target);
    }
}

#[test]
fn spans_lead_back_to_the_texts() {
    let (dispatch, source) = (dispatch(), source());
    let translation = &dispatch.translation;
    for segment in &translation.segments {
        assert_eq!(segment.source_span.of(&source), segment.source);
        assert_eq!(segment.target_span.of(&translation.text), segment.target);
    }
    for figure in &dispatch.figures {
        if let Some(mention) = &figure.source {
            assert_eq!(mention.span.of(&source), mention.text);
        }
        if let Some(mention) = &figure.target {
            assert_eq!(mention.span.of(&translation.text), mention.text);
        }
    }
    let paragraphs = |text: &str| text.matches("\n\n").count();
    assert_eq!(paragraphs(&translation.text), paragraphs(&source));
}

/// What the sample says stands in the report: kept, or complained about.
#[test]
fn every_figure_of_the_sample_is_accounted_for() {
    let dispatch = dispatch();
    let sample = [
        ("4,8 Milliarden Euro", "EUR 4800000000"),
        ("23,5 Milliarden Euro", "EUR 23500000000"),
        ("28,3 Milliarden Euro", "EUR 28300000000"),
        ("9.150 Euro", "EUR 9150"),
        ("37,50 Euro", "EUR 37.5"),
        ("20.15 Uhr", "20:15"),
        ("1. Oktober 2028", "2028-10-01"),
        ("2,3 Prozent", "2.3 %"),
    ];
    for (text, value) in sample {
        let figure = dispatch
            .figures
            .iter()
            .find(|figure| figure.source.as_ref().is_some_and(|it| it.text == text))
            .unwrap_or_else(|| panic!("{text} is not in the report"));
        assert_eq!(figure.value, value);
    }
    let sound = dispatch.figures.iter().filter(|it| it.status.resolved());
    let share = sound.count() as f64 / dispatch.figures.len() as f64;
    assert!(share >= 0.8, "only {share:.2} of the figures are kept");
    for figure in dispatch.figures.iter().filter(|it| !it.status.resolved()) {
        let marked = &dispatch.translation.segments[figure.segment];
        assert_eq!(marked.status, SegmentStatus::Unresolved);
        assert!(
            dispatch
                .warnings
                .iter()
                .any(|warning| warning.segment == Some(figure.segment)),
            "no warning of {figure:?}"
        );
    }
}

#[test]
fn the_summary_is_short_and_made_of_checked_sentences() {
    let dispatch = dispatch();
    let summary = &dispatch.summary;
    assert!((1..=3).contains(&summary.sentences.len()));
    assert!(summary.text.split_whitespace().count() <= 70);
    for sentence in &summary.sentences {
        assert!(!sentence.segments.is_empty());
        for segment in &sentence.segments {
            let wrong = dispatch.figures.iter().find(|figure| {
                figure.segment == *segment
                    && matches!(figure.status, Status::Changed | Status::Added)
            });
            assert!(wrong.is_none(), "{wrong:?} in {}", sentence.text);
        }
    }
}

/// Alone or in company, today or tomorrow: the same input, the same output.
#[test]
fn a_sentence_alone_is_translated_as_in_the_article() {
    let segment = &dispatch().translation.segments[3];
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sentence.txt");
    std::fs::write(&file, &segment.source).expect("written");
    let output = depesche(&["translate", "--lines", file.to_str().expect("a path")]);
    assert!(output.status.success());
    let alone = String::from_utf8(output.stdout).expect("text");
    assert_eq!(alone.trim_end(), segment.target);
}
