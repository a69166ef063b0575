//! How far a long piece of work is, for whoever waits for it.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{DecimalBytes, ProgressBar, ProgressStyle};

/// Hears how a download or a check goes on.
pub trait Progress: Send + Sync {
    /// A piece of work of so many bytes begins.
    fn start(&self, what: &str, total: u64);
    /// Bytes done since the start of the piece.
    fn at(&self, bytes: u64);
    /// What is being waited for within the piece.
    fn step(&self, what: &str);
    /// The piece is done.
    fn finish(&self);
    /// Something the user should read.
    fn say(&self, line: &str);
}

/// Says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _what: &str, _total: u64) {}
    fn at(&self, _bytes: u64) {}
    fn step(&self, _what: &str) {}
    fn finish(&self) {}
    fn say(&self, _line: &str) {}
}

/// Progress of downloads on standard error: a bar on a terminal, else a line now and then.
pub fn downloads() -> Box<dyn Progress> {
    if std::io::stderr().is_terminal() {
        Box::new(Bar::new())
    } else {
        Box::new(Lines::new(Duration::from_secs(5), |line| {
            eprintln!("{line}")
        }))
    }
}

/// A bar that moves on a terminal.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    const STYLE: &'static str =
        "{prefix} [{wide_bar}] {decimal_bytes}/{decimal_total_bytes} {elapsed_precise} {msg}";

    fn new() -> Self {
        let bar = ProgressBar::no_length();
        if let Ok(style) = ProgressStyle::with_template(Self::STYLE) {
            bar.set_style(style.progress_chars("=> "));
        }
        Bar { bar }
    }
}

impl Progress for Bar {
    fn start(&self, what: &str, total: u64) {
        self.bar.reset();
        self.bar.set_length(total);
        self.bar.set_prefix(what.to_owned());
        self.bar.set_message("");
        // A wheel takes a while in which no bytes arrive here.
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn at(&self, bytes: u64) {
        self.bar.set_position(bytes);
    }

    fn step(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }

    fn finish(&self) {
        self.bar.disable_steady_tick();
        self.bar.finish_and_clear();
    }

    fn say(&self, line: &str) {
        self.bar.suspend(|| eprintln!("{line}"));
    }
}

/// Lines for a log: the begin of each piece of work, how far it is every few
/// seconds, its end.
pub struct Lines<W> {
    every: Duration,
    write: W,
    work: Mutex<Work>,
}

#[derive(Debug, Default)]
struct Work {
    what: String,
    step: String,
    total: u64,
    bytes: u64,
    began: Option<Instant>,
    told: Option<Instant>,
}

impl<W: Fn(&str)> Lines<W> {
    pub fn new(every: Duration, write: W) -> Self {
        Lines {
            every,
            write,
            work: Mutex::default(),
        }
    }

    fn update(&self, change: impl FnOnce(&mut Work)) {
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut work);
        if work.told.is_some_and(|told| told.elapsed() >= self.every) {
            work.told = Some(Instant::now());
            (self.write)(&work.line());
        }
    }
}

impl Work {
    fn line(&self) -> String {
        let percent = (self.bytes.min(self.total) * 100)
            .checked_div(self.total)
            .unwrap_or(100);
        let gap = if self.step.is_empty() { "" } else { ", " };
        format!(
            "{}: {} of {} ({percent} %){gap}{}",
            self.what,
            DecimalBytes(self.bytes),
            DecimalBytes(self.total),
            self.step
        )
    }
}

impl<W: Fn(&str) + Send + Sync> Progress for Lines<W> {
    fn start(&self, what: &str, total: u64) {
        (self.write)(&format!("{what} ({})", DecimalBytes(total)));
        let now = Some(Instant::now());
        self.update(|work| {
            *work = Work {
                what: what.to_owned(),
                total,
                began: now,
                told: now,
                ..Work::default()
            };
        });
    }

    fn at(&self, bytes: u64) {
        self.update(|work| work.bytes = bytes);
    }

    fn step(&self, what: &str) {
        self.update(|work| work.step = what.to_owned());
    }

    fn finish(&self) {
        self.update(|work| {
            work.told = None;
            if let Some(began) = work.began.take() {
                (self.write)(&format!(
                    "{}: done in {:.1} s",
                    work.what,
                    began.elapsed().as_secs_f64()
                ));
            }
        });
    }

    fn say(&self, line: &str) {
        (self.write)(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(every: Duration) -> Vec<String> {
        let lines = Mutex::new(Vec::new());
        let progress = Lines::new(every, |line| lines.lock().unwrap().push(line.to_owned()));
        progress.start("fetching x", 2_000_000);
        progress.step("part 1 of 2");
        progress.at(500_000);
        progress.say("hello");
        progress.finish();
        progress.at(700_000);
        drop(progress);
        lines.into_inner().unwrap()
    }

    #[test]
    fn a_patient_log_has_begin_words_and_end() {
        let lines = told(Duration::from_secs(3600));
        assert_eq!(lines[..2], ["fetching x (2.00 MB)", "hello"]);
        assert!(lines[2].starts_with("fetching x: done in "), "{lines:?}");
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn an_impatient_log_hears_of_every_step() {
        let lines = told(Duration::ZERO);
        assert!(
            lines.contains(&"fetching x: 500.00 kB of 2.00 MB (25 %), part 1 of 2".to_owned()),
            "{lines:?}"
        );
        assert!(
            !lines.iter().any(|line| line.contains("700.00 kB")),
            "{lines:?}"
        );
    }
}
