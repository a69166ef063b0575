//! How a thread waits for what comes soon: in a loop at first, and not for ever.

use std::thread;
use std::time::{Duration, Instant};

/// How long a helper looks for the next work before it parks.
pub(super) const PATIENCE: Duration = Duration::from_micros(200);
/// How long of that it holds its processor without a break.
const STUBBORN: Duration = Duration::from_micros(40);
/// Looks between two looks at the clock.
const LOOKS: u32 = 32;

/// How a thread waits for what comes soon.
pub(super) struct Patience {
    spins: bool,
    looks: u32,
    since: Option<Instant>,
}

impl Patience {
    pub fn new(spins: bool) -> Self {
        Patience {
            spins,
            looks: 0,
            since: None,
        }
    }

    /// Lets a moment pass; `false` when it is time to park.
    pub fn look_again(&mut self) -> bool {
        if !self.spins {
            return false;
        }
        self.looks = self.looks.wrapping_add(1);
        if !self.looks.is_multiple_of(LOOKS) {
            std::hint::spin_loop();
            return true;
        }
        let waited = self.since.get_or_insert_with(Instant::now).elapsed();
        if waited > STUBBORN {
            // Somebody else may need the processor.
            thread::yield_now();
        }
        waited < PATIENCE
    }
}
