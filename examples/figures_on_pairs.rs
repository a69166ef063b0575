//! What the comparison of figures says of translations that are known: prints
//! each figure that is not accounted for, and how many there are by status.
//!
//! ```text
//! cargo run --release --example figures_on_pairs -- pairs.tsv [every-nth-row [first-row]]
//! ```
//!
//! The first two columns of the table are German and English. On human
//! translations nearly every complaint is a false alarm.

use std::collections::BTreeMap;
use std::error::Error;

use depesche::figures::{Check, Repaired, Status, compare, repair};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which table?")?;
    let step: usize = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let first: usize = arguments.next().map_or(Ok(0), |text| text.parse())?;
    let table = std::fs::read_to_string(file)?;
    let mut counts: BTreeMap<(&str, &str, bool), usize> = BTreeMap::new();
    let (mut rows, mut flagged, mut repaired) = (0, 0, 0);
    for line in table.lines().skip(first).step_by(step.max(1)) {
        let mut columns = line.split('\t');
        let (Some(german), Some(english)) = (columns.next(), columns.next()) else {
            continue;
        };
        rows += 1;
        let checks = compare(german, english);
        for check in &checks {
            let key = (check.status.as_str(), check.kind.as_str(), in_digits(check));
            *counts.entry(key).or_default() += 1;
        }
        let open: Vec<&Check> = checks
            .iter()
            .filter(|check| !check.status.resolved())
            .collect();
        if open.is_empty() {
            continue;
        }
        flagged += 1;
        println!("{german}\n{english}");
        for check in open {
            println!("    {}", complaint(check));
        }
        if let Some(Repaired { text, .. }) = repair(german, english) {
            repaired += 1;
            println!("    repaired: {text}");
        }
        println!();
    }
    println!("{rows} rows, {flagged} with a figure that is not accounted for, {repaired} repaired");
    for ((status, kind, digits), count) in counts {
        let form = if digits { "in digits" } else { "in words" };
        println!("{count:6}  {status:9}  {kind:8}  {form}");
    }
    Ok(())
}

/// Whether the figure is written with digits on the side that has it.
fn in_digits(check: &Check) -> bool {
    let mention = match check.status {
        Status::Added => &check.target,
        Status::Kept | Status::Converted | Status::Changed | Status::Missing => &check.source,
    };
    mention
        .as_ref()
        .is_some_and(|mention| mention.text.contains(|c: char| c.is_ascii_digit()))
}

fn complaint(check: &Check) -> String {
    let text = |mention: &Option<depesche::figures::Mention>| {
        mention.as_ref().map_or_else(
            || "nothing".to_owned(),
            |mention| format!("“{}”", mention.text),
        )
    };
    let digits = if in_digits(check) { "digits" } else { "words" };
    format!(
        "{} {} ({}, {digits}): {} -> {}",
        check.status.as_str(),
        check.kind.as_str(),
        check.value,
        text(&check.source),
        text(&check.target)
    )
}
