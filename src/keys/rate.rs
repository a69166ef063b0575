//! Rates of requests, as the generic cell rate algorithm limits them (ITU-T
//! I.371, annex A): one moment per client is all that is remembered.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

/// Clients that are remembered before those that may do anything again are
/// forgotten.
const MANY: usize = 4096;

/// How often a client may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub per_minute: NonZeroU32,
    /// Requests that may come at once.
    pub burst: NonZeroU32,
}

impl Rate {
    /// The time between requests that come evenly.
    fn interval(self) -> Duration {
        Duration::from_secs(60) / self.per_minute.get()
    }

    /// How far ahead of its time a request may come.
    fn tolerance(self) -> Duration {
        self.interval().saturating_mul(self.burst.get() - 1)
    }
}

/// What is known of the rates of clients. Times are since any fixed moment.
#[derive(Debug)]
pub struct Limiter<Client> {
    /// When the next request of each would come if all came evenly.
    due: HashMap<Client, Duration>,
    forgot: Duration,
}

impl<Client> Default for Limiter<Client> {
    fn default() -> Self {
        Limiter {
            due: HashMap::new(),
            forgot: Duration::ZERO,
        }
    }
}

impl<Client: Eq + Hash> Limiter<Client> {
    /// Counts a request, if it is allowed.
    ///
    /// # Errors
    /// How long to wait until one will be.
    pub fn take(&mut self, client: Client, rate: Rate, now: Duration) -> Result<(), Duration> {
        self.forget(now);
        let due = self.due.entry(client).or_insert(now);
        let earliest = due.saturating_sub(rate.tolerance());
        if now < earliest {
            return Err(earliest - now);
        }
        *due = (*due).max(now).saturating_add(rate.interval());
        Ok(())
    }

    /// Forgets clients whose time has come: they are like new ones. Not more
    /// often than once a second, for each time looks at all of them.
    fn forget(&mut self, now: Duration) {
        if self.due.len() >= MANY && now >= self.forgot + Duration::from_secs(1) {
            self.due.retain(|_, due| *due > now);
            self.forgot = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(per_minute: u32, burst: u32) -> Rate {
        Rate {
            per_minute: NonZeroU32::new(per_minute).expect("not 0"),
            burst: NonZeroU32::new(burst).expect("not 0"),
        }
    }

    fn at(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn a_burst_is_let_through_and_then_one_at_a_time() {
        let mut limiter = Limiter::default();
        let rate = rate(30, 3);
        for _ in 0..3 {
            assert_eq!(limiter.take("a", rate, at(5.0)), Ok(()));
        }
        assert_eq!(limiter.take("a", rate, at(5.0)), Err(at(2.0)));
        assert_eq!(limiter.take("a", rate, at(6.5)), Err(at(0.5)));
        assert_eq!(
            limiter.take("b", rate, at(6.5)),
            Ok(()),
            "others are not held up"
        );
        assert_eq!(limiter.take("a", rate, at(7.0)), Ok(()));
        assert_eq!(limiter.take("a", rate, at(7.0)), Err(at(2.0)));
        // After a pause the whole burst is there again, and no more.
        for _ in 0..3 {
            assert_eq!(limiter.take("a", rate, at(60.0)), Ok(()));
        }
        assert!(limiter.take("a", rate, at(60.0)).is_err());
    }

    #[test]
    fn clients_that_are_quiet_are_forgotten_and_busy_ones_are_not() {
        let mut limiter = Limiter::default();
        let rate = rate(60, 1);
        for client in 0..MANY {
            assert!(limiter.take(client, rate, at(0.0)).is_ok());
        }
        assert!(limiter.take(MANY, rate, at(0.5)).is_ok());
        assert_eq!(limiter.due.len(), MANY + 1);
        assert!(limiter.take(MANY, rate, at(1.2)).is_err());
        assert_eq!(limiter.due.len(), 1);
    }

    proptest! {
        #[test]
        fn never_more_than_burst_and_rate_allow(
            per_minute in 1u32..200,
            burst in 1u32..20,
            pauses in prop::collection::vec(0u64..3000, 1..200),
        ) {
            let mut limiter = Limiter::default();
            let rate = rate(per_minute, burst);
            let mut now = Duration::ZERO;
            let mut taken = 0u32;
            for pause in pauses {
                now += Duration::from_millis(pause);
                match limiter.take((), rate, now) {
                    Ok(()) => taken += 1,
                    Err(wait) => prop_assert!(wait <= rate.interval()),
                }
                let most = f64::from(burst) + now.as_secs_f64() * f64::from(per_minute) / 60.0;
                prop_assert!(f64::from(taken) <= most + 1e-3, "{taken} of {most}");
            }
        }

        #[test]
        fn who_waits_as_told_is_let_through(per_minute in 1u32..200, burst in 1u32..20) {
            let mut limiter = Limiter::default();
            let rate = rate(per_minute, burst);
            let mut now = at(3.0);
            for _ in 0..50 {
                if let Err(wait) = limiter.take((), rate, now) {
                    now += wait;
                    prop_assert_eq!(limiter.take((), rate, now), Ok(()));
                }
            }
        }
    }
}
