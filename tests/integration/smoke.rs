//! The default model on news segments that were written for this repository:
//! translations may not become worse than the recorded ones.
//!
//! `just record-smoke` records them anew after a change for the better.

use std::path::{Path, PathBuf};
use std::process::Command;

use depesche::eval::chrf;
use serde_json::Value;

const SET: &str = "tests/data/smoke.tsv";
const RECORDED: &str = "tests/data/smoke.en";
/// How far chrF may fall.
const TOLERANCE: f64 = 0.5;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn translations_are_as_good_as_the_recorded_ones() {
    let output = Command::new(env!("CARGO_BIN_EXE_depesche"))
        .args(["eval", "--tsv", SET, "--json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report in JSON");

    let set = std::fs::read_to_string(path(SET)).expect("the set");
    let recorded = std::fs::read_to_string(path(RECORDED)).expect("the recorded translations");
    let references: Vec<&str> = set
        .lines()
        .filter_map(|line| line.split('\t').nth(1))
        .collect();
    assert!(references.len() >= 100);
    assert_eq!(recorded.lines().count(), references.len());
    let wanted = chrf(recorded.lines().zip(references)) - TOLERANCE;
    let found = report["chrf"].as_f64().expect("chrF");
    assert!(found >= wanted, "chrF {found:.2} is below {wanted:.2}");
    for fault in ["empty", "truncated", "repeated", "untranslated"] {
        assert_eq!(report["faults"][fault], 0, "{fault}");
    }
}

/// What the model alone writes of the set.
fn greedy(out: &Path, more: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_depesche"))
        .args(["eval", "--tsv", SET, "--beams", "1", "--repair", "none"])
        .arg("--out")
        .arg(out)
        .args(more)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let written = std::fs::read_to_string(out).expect("the hypotheses");
    written.lines().map(str::to_owned).collect()
}

#[test]
fn the_shortlist_writes_what_the_whole_vocabulary_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let short = greedy(&out, &[]);
    let whole = greedy(&out, &["--whole-vocabulary"]);
    assert_eq!(short.len(), whole.len());
    let same = short.iter().zip(&whole).filter(|(one, other)| one == other);
    let same = same.count() as f64 / short.len() as f64;
    assert!(same >= 0.995, "only {:.1} % are the same", 100.0 * same);
}
