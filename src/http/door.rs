//! The door that requests for work pass: it knows how many are inside, and
//! once closed it lets nobody in.

use tokio::sync::watch;

use crate::error::{Error, Result};

#[derive(Debug)]
struct Hall {
    open: bool,
    inside: usize,
}

/// Counts requests that are being worked on.
#[derive(Debug, Clone)]
pub struct Door(watch::Sender<Hall>);

/// The right to be inside; given back by dropping it.
#[derive(Debug)]
pub struct Pass(Door);

impl Door {
    /// An open door with nobody inside.
    pub fn open() -> Self {
        Door(watch::Sender::new(Hall {
            open: true,
            inside: 0,
        }))
    }

    /// Lets a request in.
    ///
    /// # Errors
    /// [`Error::ShuttingDown`] once the door is closed.
    pub fn enter(&self) -> Result<Pass> {
        // Looking and entering are one step, so that nobody slips in after the
        // last one was seen leaving.
        let entered = self.0.send_if_modified(|hall| {
            if hall.open {
                hall.inside += 1;
            }
            hall.open
        });
        if entered {
            Ok(Pass(self.clone()))
        } else {
            Err(Error::ShuttingDown)
        }
    }

    /// Lets nobody in from now on.
    pub fn close(&self) {
        self.0.send_modify(|hall| hall.open = false);
    }

    pub fn is_open(&self) -> bool {
        self.0.borrow().open
    }

    /// How many are inside.
    pub fn inside(&self) -> usize {
        self.0.borrow().inside
    }

    /// Waits until nobody is inside.
    pub async fn emptied(&self) {
        // Fails only when every sender is gone, and `self` is one.
        let _ = self.0.subscribe().wait_for(|hall| hall.inside == 0).await;
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.0.0.send_modify(|hall| hall.inside -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_closed_door_waits_for_those_inside_and_admits_nobody() {
        let door = Door::open();
        let pass = door.enter().expect("the door is open");
        door.close();
        assert_eq!(door.inside(), 1);
        assert!(matches!(door.enter(), Err(Error::ShuttingDown)));
        assert_eq!(door.inside(), 1, "a refused request is not counted");

        let waiting = tokio::spawn({
            let door = door.clone();
            async move { door.emptied().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(pass);
        waiting.await.expect("the last one out wakes the waiter");
        assert_eq!(door.inside(), 0);
    }
}
