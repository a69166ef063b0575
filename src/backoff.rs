//! Pauses that grow from failure to failure, with some chance in them, so that
//! many who failed together do not come back together. Pure: the caller brings
//! the dice, and waits.

use std::time::Duration;

/// Doubling pauses within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Before chance, the pause after the first failure.
    pub first: Duration,
    /// The pause is never longer.
    pub longest: Duration,
}

impl Backoff {
    /// The pause after so many failures in a row, at least one. Half of it is
    /// fixed, and `dice`, from 0 to 1, decides about the other half.
    pub fn pause(&self, failures: u32, dice: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        let whole = self.first.saturating_mul(1 << doublings).min(self.longest);
        let share = 0.5 + 0.5 * dice.clamp(0.0, 1.0);
        whole.mul_f64(share)
    }
}

/// A number from 0 to 1 by chance.
pub fn dice() -> f64 {
    let (chance, _) = uuid::Uuid::new_v4().as_u64_pair();
    // The version's bits are among the last sixteen.
    (chance >> 32) as f64 / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff {
        first: Duration::from_millis(100),
        longest: Duration::from_secs(1),
    };

    #[test]
    fn pauses_double_up_to_a_limit() {
        let pauses: Vec<u128> = [1, 2, 3, 4, 5, 60]
            .map(|failures| BACKOFF.pause(failures, 1.0).as_millis())
            .into();
        assert_eq!(pauses, [100, 200, 400, 800, 1000, 1000]);
    }

    #[test]
    fn chance_decides_about_half_of_a_pause() {
        assert_eq!(BACKOFF.pause(2, 0.0), Duration::from_millis(100));
        assert_eq!(BACKOFF.pause(2, 0.5), Duration::from_millis(150));
        assert_eq!(
            BACKOFF.pause(2, f64::NAN.max(0.0)),
            Duration::from_millis(100)
        );
        assert_eq!(BACKOFF.pause(0, 7.0), Duration::from_millis(100));
    }

    #[test]
    fn dice_fall_between_their_bounds_and_not_always_alike() {
        let thrown: Vec<f64> = (0..64).map(|_| dice()).collect();
        assert!(thrown.iter().all(|dice| (0.0..=1.0).contains(dice)));
        assert!(thrown.iter().any(|dice| *dice != thrown[0]));
    }
}
