//! Progress on stderr, when it is a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::cli::output;
use crate::dispatch::Event;
use crate::feed::report::{ItemReport, ItemStatus};

pub use crate::model::fetch::progress::downloads;

/// A bar that follows the segments of a request until its sender is dropped.
/// Returns the sender; `None` when nobody would see the bar.
pub fn segments() -> Option<mpsc::UnboundedSender<Event>> {
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let (sender, mut events) = mpsc::unbounded_channel();
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} segments {elapsed} (ETA {eta})");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            match event {
                Event::Started { segments } => bar.set_length(segments as u64),
                Event::Segment(_) | Event::Item(_) => bar.inc(1),
                Event::Figures(_) | Event::Summary(_) | Event::Done(_) => {}
            }
        }
        bar.finish_and_clear();
    });
    Some(sender)
}

/// Tells of the items of a feed as they are finished: with a bar on a terminal,
/// else with a line for each that was worked on. The handle ends with the
/// sender, when all has been told.
pub fn items(count: usize) -> (mpsc::UnboundedSender<ItemReport>, JoinHandle<()>) {
    let (sender, mut items) = mpsc::unbounded_channel::<ItemReport>();
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::with_draw_target(Some(count as u64), ProgressDrawTarget::stderr())
    } else {
        ProgressBar::hidden()
    };
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} items {elapsed} (ETA {eta})");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    let told = tokio::spawn(async move {
        while let Some(item) = items.recv().await {
            let needs_a_look = item.error.is_some() || item.unresolved > 0;
            if bar.is_hidden() && item.status != ItemStatus::Skipped {
                output::complain(&item_line(&item));
            } else if needs_a_look {
                bar.println(item_line(&item));
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
    });
    (sender, told)
}

/// `line 12: translated, 5 figures, 1 unresolved: https://example.org/1`.
fn item_line(item: &ItemReport) -> String {
    let what = match item.status {
        ItemStatus::Translated => "translated",
        ItemStatus::Remembered => "remembered",
        ItemStatus::Passed => "not German",
        ItemStatus::Blank => "without text",
        ItemStatus::Skipped => "skipped",
        ItemStatus::Failed => "failed",
    };
    let mut line = format!("line {}: {what}", item.line);
    if item.figures > 0 || item.unresolved > 0 {
        line += &format!(", {} figures, {} unresolved", item.figures, item.unresolved);
    }
    if let Some(error) = &item.error {
        line += &format!(" ({})", error.message);
    }
    if let Some(id) = &item.id {
        line += &format!(": {id}");
    }
    line
}
