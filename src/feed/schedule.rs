//! When a feed is fetched again. Pure: moments are durations since any fixed one,
//! and chance comes from the caller.

use std::time::Duration;

use crate::backoff::Backoff;

/// A feed that fails is asked no less often than this.
const RAREST: Duration = Duration::from_secs(6 * 3600);
/// Share of the time between two rounds that chance decides about, so that not
/// all feeds of a server are fetched at once for ever.
const SPREAD: f64 = 0.1;

/// How often feeds are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    pub every: Duration,
}

/// Where one feed stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turn {
    /// When it is fetched next.
    pub due: Duration,
    /// Failures in a row.
    failures: u32,
}

impl Schedule {
    /// The next turn of a feed that was fetched; `dice` is from 0 to 1. One that
    /// fails is asked less and less often, and as before once it works.
    pub fn next(&self, turn: Turn, now: Duration, is_fine: bool, dice: f64) -> Turn {
        let every = self.every;
        if is_fine {
            let share = 1.0 + SPREAD * (dice.clamp(0.0, 1.0) - 0.5);
            return Turn {
                due: now + every.mul_f64(share),
                failures: 0,
            };
        }
        let failures = turn.failures.saturating_add(1);
        let backoff = Backoff {
            // Half of a pause is chance: the first one is `every` at least.
            first: every.saturating_mul(2),
            longest: every.saturating_mul(2).max(RAREST),
        };
        Turn {
            due: now + backoff.pause(failures, dice),
            failures,
        }
    }
}

/// Which feeds are due, and, when none is, how long to wait for the next.
pub fn due(turns: &[Turn], now: Duration) -> Result<Vec<usize>, Duration> {
    let is_due = |(_, turn): &(usize, &Turn)| turn.due <= now;
    let due: Vec<usize> = turns
        .iter()
        .enumerate()
        .filter(is_due)
        .map(|(at, _)| at)
        .collect();
    if due.is_empty() {
        let next = turns.iter().map(|turn| turn.due).min();
        return Err(next.unwrap_or(now).saturating_sub(now));
    }
    Ok(due)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEDULE: Schedule = Schedule {
        every: Duration::from_secs(900),
    };

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_feed_that_works_comes_back_after_about_its_time() {
        let next = |dice| SCHEDULE.next(Turn::default(), at(100), true, dice).due;
        assert_eq!(next(0.5), at(1000));
        assert_eq!(next(0.0), at(955));
        assert_eq!(next(1.0), at(1045));
    }

    #[test]
    fn a_feed_that_fails_is_asked_less_often_until_it_works() {
        let mut turn = Turn::default();
        let mut pauses = Vec::new();
        for _ in 0..6 {
            let next = SCHEDULE.next(turn, turn.due, false, 1.0);
            pauses.push((next.due - turn.due).as_secs());
            turn = next;
        }
        assert_eq!(pauses, [1800, 3600, 7200, 14_400, 21_600, 21_600]);
        let fine = SCHEDULE.next(turn, turn.due, true, 0.5);
        assert_eq!(fine.due - turn.due, at(900));
        let failing = SCHEDULE.next(fine, fine.due, false, 0.0);
        assert_eq!(failing.due - fine.due, at(900));
    }

    #[test]
    fn those_are_due_whose_time_has_come() {
        let turn = |due| Turn {
            due: at(due),
            failures: 0,
        };
        let turns = [turn(5), turn(9), turn(3)];
        assert_eq!(due(&turns, at(5)), Ok(vec![0, 2]));
        assert_eq!(due(&turns, at(1)), Err(at(2)));
    }
}
