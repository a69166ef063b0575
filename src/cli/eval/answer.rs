//! What `depesche eval` answers: JSON for programs, lines for people.

use std::fmt::Write;

use serde::Serialize;

use super::accounts::Accounts;
use super::made::Speed;
use crate::eval::Report;

#[derive(Debug, Serialize)]
pub(super) struct Answer {
    #[serde(flatten)]
    pub report: Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Accounts>,
}

/// The report for people.
pub(super) fn text(report: &Report, speed: Option<Speed>, accounts: Option<Accounts>) -> String {
    let mut out = String::new();
    let figures = &report.figures;
    let faults = &report.faults;
    writeln!(out, "segments      {}", report.segments).ok();
    writeln!(
        out,
        "BLEU          {:.2}  ({})",
        report.bleu, report.bleu_signature
    )
    .ok();
    writeln!(
        out,
        "chrF          {:.2}  ({})",
        report.chrf, report.chrf_signature
    )
    .ok();
    writeln!(out, "length ratio  {:.3}", report.length_ratio).ok();
    writeln!(out, "figures       {} in the sources; {:.2} % kept ({} changed, {} missing), {:.2} % of those written are right ({} added)",
        figures.source,
        figures.recall,
        figures.changed,
        figures.missing,
        figures.precision,
        figures.added
    )
    .ok();
    writeln!(
        out,
        "faults        {} empty, {} truncated, {} repeated, {} untranslated",
        faults.empty, faults.truncated, faults.repeated, faults.untranslated
    )
    .ok();
    if let Some(accounts) = accounts {
        writeln!(
            out,
            "accounts      {} figures and names kept, {} converted, {} changed, {} missing, {} added; {} sentences repaired, \
             {} with something open; {:.1} % of the time for the last check",
            accounts.kept,
            accounts.converted,
            accounts.changed,
            accounts.missing,
            accounts.added,
            accounts.repaired,
            accounts.unresolved,
            accounts.check_percent
        )
        .ok();
    }
    if let Some(speed) = speed {
        writeln!(
            out,
            "speed         {:.1} s, {:.2} segments/s, {:.1} tokens/s",
            speed.seconds, speed.segments_per_second, speed.tokens_per_second
        )
        .ok();
    }
    if let Some(comparison) = &report.comparison {
        writeln!(
            out,
            "bootstrap     chrF {:+.2} (p = {:.3}), BLEU {:+.2} (p = {:.3}), {} resamples",
            comparison.chrf_difference,
            comparison.chrf_p,
            comparison.bleu_difference,
            comparison.bleu_p,
            comparison.resamples
        )
        .ok();
    }
    out
}
