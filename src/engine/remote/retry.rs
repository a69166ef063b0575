//! Whether a request that failed is sent again, and when. Pure.

use std::time::Duration;

use crate::backoff::Backoff;

/// How often a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Attempts altogether, at least one.
    pub attempts: u32,
    pub backoff: Backoff,
}

impl Default for Retry {
    fn default() -> Self {
        Retry {
            attempts: 4,
            backoff: Backoff {
                first: Duration::from_millis(500),
                longest: Duration::from_secs(20),
            },
        }
    }
}

impl Retry {
    /// The pause after the `failed`th attempt, from 1 on; `None` when it was the
    /// last. The server may ask for a longer pause (`Retry-After`), and gets it
    /// up to the longest of ours.
    pub fn pause(&self, failed: u32, asked: Option<Duration>, dice: f64) -> Option<Duration> {
        if failed >= self.attempts {
            return None;
        }
        let own = self.backoff.pause(failed, dice);
        let asked = asked.unwrap_or_default().min(self.backoff.longest);
        Some(own.max(asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRY: Retry = Retry {
        attempts: 3,
        backoff: Backoff {
            first: Duration::from_millis(100),
            longest: Duration::from_secs(2),
        },
    };

    #[test]
    fn the_last_attempt_has_no_pause_after_it() {
        assert_eq!(RETRY.pause(1, None, 1.0), Some(Duration::from_millis(100)));
        assert_eq!(RETRY.pause(2, None, 1.0), Some(Duration::from_millis(200)));
        assert_eq!(RETRY.pause(3, None, 1.0), None);
    }

    #[test]
    fn the_server_may_ask_for_more_patience_but_not_for_any() {
        let pause = |seconds| RETRY.pause(1, Some(Duration::from_secs(seconds)), 1.0);
        assert_eq!(pause(0), Some(Duration::from_millis(100)));
        assert_eq!(pause(1), Some(Duration::from_secs(1)));
        assert_eq!(pause(3600), Some(Duration::from_secs(2)));
    }
}
