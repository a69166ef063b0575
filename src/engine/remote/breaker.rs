//! The circuit breaker: a server that fails again and again is left alone for a
//! while, and tried with one sentence before it gets work again. Pure; moments
//! are durations since any fixed one.

use std::time::Duration;

use crate::backoff::Backoff;

/// Whether a server gets work.
#[derive(Debug, Clone, PartialEq)]
pub struct Breaker {
    /// Failures in a row that open it.
    threshold: u32,
    backoff: Backoff,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    /// The server gets work; so many requests failed in a row.
    Closed { failures: u32 },
    /// It is left alone, for the `rounds`th time in a row.
    Open { rounds: u32, until: Duration },
}

impl Breaker {
    /// A closed breaker that opens after `threshold` failures in a row.
    pub fn new(threshold: u32, backoff: Backoff) -> Self {
        Breaker {
            threshold,
            backoff,
            state: State::Closed { failures: 0 },
        }
    }

    /// How long the server is left alone from now on; zero when it is time to
    /// try it, `None` when it gets work.
    pub fn rest(&self, now: Duration) -> Option<Duration> {
        match self.state {
            State::Closed { .. } => None,
            State::Open { until, .. } => Some(until.saturating_sub(now)),
        }
    }

    /// A request was answered, whoever made it.
    pub fn succeeded(&mut self) {
        self.state = State::Closed { failures: 0 };
    }

    /// A request failed in a way that says something of the server. Those that
    /// were on their way when the breaker opened change nothing any more.
    pub fn failed(&mut self, now: Duration, dice: f64) {
        if let State::Closed { failures } = self.state {
            if failures + 1 < self.threshold {
                self.state = State::Closed {
                    failures: failures + 1,
                };
            } else {
                self.open(now, dice);
            }
        }
    }

    /// Leaves the server alone, at once or for another and longer round.
    pub fn open(&mut self, now: Duration, dice: f64) {
        let rounds = match self.state {
            State::Closed { .. } => 1,
            State::Open { rounds, .. } => rounds.saturating_add(1),
        };
        let until = now + self.backoff.pause(rounds, dice);
        self.state = State::Open { rounds, until };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> Breaker {
        let backoff = Backoff {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(3),
        };
        Breaker::new(3, backoff)
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn failures_in_a_row_open_it() {
        let mut breaker = breaker();
        for _ in 0..2 {
            breaker.failed(at(10), 1.0);
        }
        breaker.succeeded();
        for _ in 0..2 {
            breaker.failed(at(10), 1.0);
        }
        assert_eq!(breaker.rest(at(10)), None);
        breaker.failed(at(10), 1.0);
        assert_eq!(breaker.rest(at(10)), Some(at(1)));
        assert_eq!(breaker.rest(at(11)), Some(at(0)));
        assert_eq!(breaker.rest(at(99)), Some(at(0)));
    }

    #[test]
    fn what_was_on_its_way_does_not_prolong_the_rest() {
        let mut breaker = breaker();
        breaker.open(at(10), 1.0);
        breaker.failed(at(11), 1.0);
        assert_eq!(breaker.rest(at(11)), Some(at(0)));
    }

    #[test]
    fn each_failed_try_makes_the_rest_longer_and_a_success_ends_it() {
        let mut breaker = breaker();
        breaker.open(at(0), 1.0);
        breaker.open(at(1), 1.0);
        assert_eq!(breaker.rest(at(1)), Some(at(2)));
        breaker.open(at(3), 1.0);
        breaker.open(at(6), 1.0);
        assert_eq!(breaker.rest(at(6)), Some(at(3)));
        breaker.succeeded();
        assert_eq!(breaker.rest(at(6)), None);
        breaker.open(at(7), 1.0);
        assert_eq!(breaker.rest(at(7)), Some(at(1)));
    }
}
