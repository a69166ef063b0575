//! Where in its source something stands that a person should look at.

use serde::{Deserialize, Serialize};

/// More than so many faults tell nobody anything new.
const MOST_FAULTS: usize = 100;

/// Something in a feed that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    pub message: String,
}

/// Counts lines while places in the source come in ascending order, and
/// gathers faults.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    source: &'a str,
    at: usize,
    line: usize,
    faults: Vec<Fault>,
}

impl<'a> Lines<'a> {
    pub fn of(source: &'a str) -> Self {
        Lines {
            source,
            at: 0,
            line: 1,
            faults: Vec::new(),
        }
    }

    /// The line of a place in the source, from 1.
    pub fn line(&mut self, place: usize) -> usize {
        if place < self.at {
            (self.at, self.line) = (0, 1);
        }
        let place = place.min(self.source.len());
        let passed = self.source.as_bytes().get(self.at..place).unwrap_or(&[]);
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.at = place;
        self.line
    }

    pub fn fault(&mut self, place: usize, message: impl Into<String>) {
        if self.faults.len() < MOST_FAULTS {
            let line = self.line(place);
            let message = message.into();
            self.faults.push(Fault { line, message });
        }
    }

    pub fn into_faults(self) -> Vec<Fault> {
        self.faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one_in_any_order() {
        let mut lines = Lines::of("a\nb\r\nc");
        assert_eq!(lines.line(0), 1);
        assert_eq!(lines.line(5), 3);
        assert_eq!(lines.line(2), 2);
        assert_eq!(lines.line(999), 3);
        for place in 0..1000 {
            lines.fault(place, "x");
        }
        assert_eq!(lines.into_faults().len(), MOST_FAULTS);
    }
}
