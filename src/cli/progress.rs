//! Progress on stderr, when it is a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::sync::mpsc;

use crate::dispatch::Event;

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
                Event::Segment(_) => bar.inc(1),
                Event::Figures(_) | Event::Summary(_) | Event::Done(_) => {}
            }
        }
        bar.finish_and_clear();
    });
    Some(sender)
}
