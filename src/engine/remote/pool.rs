//! The threads that ask a server, and what they share.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use metrics::gauge;

use super::breaker::Breaker;
use super::retry::Retry;
use super::server::{Manner, Server};
use super::{Fault, RemoteOptions};
use crate::backoff;
use crate::engine::batcher::{Cost, Room};
use crate::engine::cache::Key;
use crate::engine::line::{self, Command, Item, Line, Prepared};
use crate::engine::worker::caught;
use crate::engine::{Decoding, EngineOptions, Shared, Translated, WARM_UP};
use crate::error::{Error, Result};

/// Failed requests in a row after which the server is left alone.
const THRESHOLD: u32 = 5;
/// Between looks for segments that nobody waits for any more.
pub(super) const TICK: Duration = Duration::from_millis(250);
/// The same while nothing waits; whoever comes wakes the keeper.
const IDLE: Duration = Duration::from_secs(60);

/// A segment on its way to the server.
type Flight = (u64, String, Decoding);

/// What the threads share.
#[derive(Debug)]
pub(super) struct Pool {
    state: Mutex<State>,
    /// Signalled when something waits, when the breaker opens or closes, and
    /// when the last handle is gone.
    news: Condvar,
    pub server: Server,
    pub retry: Retry,
    pub shared: Arc<Shared>,
    started: Instant,
}

#[derive(Debug)]
pub(super) struct State {
    line: Line<String>,
    pub flights: HashMap<u64, Item<String>>,
    departures: u64,
    pub breaker: Breaker,
    /// What the server did last, where that was a fault.
    fault: String,
    /// There are handles.
    open: bool,
}

impl Pool {
    /// # Errors
    /// Those of [`Server::new`].
    pub fn new(options: RemoteOptions, engine: EngineOptions, shared: Arc<Shared>) -> Result<Self> {
        Ok(Pool {
            state: Mutex::new(State {
                line: Line::new(shared.clone(), engine.cache),
                flights: HashMap::new(),
                departures: 0,
                breaker: Breaker::new(THRESHOLD, options.rest),
                fault: String::new(),
                open: true,
            }),
            news: Condvar::new(),
            retry: options.retry,
            server: Server::new(options)?,
            shared,
            started: Instant::now(),
        })
    }

    /// Takes a submission that has been admitted.
    pub fn accept(&self, command: Command) {
        let mut state = self.lock();
        let State { line, flights, .. } = &mut *state;
        line.enqueue(
            command,
            // What an answer must say is not asked for: whether it does is
            // found out by whoever required it.
            |wish| {
                Ok(Prepared {
                    key: Key::text(wish.text, wish.decoding),
                    work: wish.text.to_owned(),
                    cost: Cost {
                        sequences: 1,
                        prompt_tokens: 1,
                    },
                })
            },
            |key, recipient| line::join(flights.values_mut(), key, recipient),
        );
        self.refuse_while_resting(&mut state);
        state.line.record_depth(state.flights.len());
        drop(state);
        self.news.notify_all();
    }

    /// The last handle is gone.
    pub fn let_go(&self) {
        self.lock().open = false;
        self.news.notify_all();
    }

    /// Why the server gets no work; `None` when it does.
    pub fn unavailable(&self) -> Option<Error> {
        self.resting(&self.lock())
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        // Whoever panicked left a state that is whole: nothing in it is
        // changed in more than one step that may fail.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn resting(&self, state: &State) -> Option<Error> {
        let rest = state.breaker.rest(self.now())?;
        Some(Error::EngineUnavailable {
            why: state.fault.clone(),
            retry_after: rest.max(Duration::from_secs(1)),
        })
    }

    /// Whoever waits for a server that is left alone hears of it at once.
    fn refuse_while_resting(&self, state: &mut State) {
        if let Some(error) = self.resting(state) {
            state.line.refuse_all(&error);
        }
    }

    /// One of the threads that ask.
    pub fn work(&self) {
        while let Some((number, text, decoding)) = self.next() {
            let mut is_settled = false;
            while !is_settled {
                let answer = caught(|| Ok(self.translate(number, &text, decoding)));
                is_settled = self.land(number, answer);
            }
        }
    }

    /// The next segment, as soon as there is one; `None` at the end of all work.
    fn next(&self) -> Option<Flight> {
        let mut state = self.lock();
        loop {
            state.line.drop_the_unwanted();
            self.refuse_while_resting(&mut state);
            let one = Room {
                sequences: 1,
                prompt_tokens: 1,
            };
            if let Some(item) = state.line.admit(one).pop() {
                state.departures += 1;
                let number = state.departures;
                let flight = (number, item.work.clone(), item.decoding);
                state.flights.insert(number, item);
                state.line.record_depth(state.flights.len());
                return Some(flight);
            }
            if !state.open {
                return None;
            }
            state = self
                .news
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Hands out what has become of a segment; whether that was the last of it.
    fn land(&self, number: u64, answer: Result<Result<Translated, Fault>>) -> bool {
        let mut state = self.lock();
        let Some(item) = state.flights.remove(&number) else {
            return true;
        };
        let result = match answer {
            Ok(Ok(translated)) => Ok(translated),
            Ok(Err(Fault::Unwanted)) if !item.is_wanted() => {
                state.line.abandon(std::iter::once(&item));
                return true;
            }
            // Somebody came for it after it was given up.
            Ok(Err(Fault::Unwanted)) => {
                state.flights.insert(number, item);
                return false;
            }
            Ok(Err(Fault::Resting)) => Err(self.resting(&state).unwrap_or(Error::NotReady)),
            Ok(Err(Fault::Busy(asked))) => Err(Error::QueueFull {
                retry_after: asked.unwrap_or(Duration::from_secs(5)),
            }),
            Ok(Err(Fault::TooLong(bytes))) => Err(Error::TooLarge {
                what: "the segment in bytes",
                actual: bytes,
                limit: bytes / 2,
            }),
            Ok(Err(Fault::Passing { why, .. } | Fault::Refused(why) | Fault::Text(why))) => {
                Err(Error::Engine(why))
            }
            Err(error) => Err(error),
        };
        state.line.conclude(&item, result);
        state.line.record_depth(state.flights.len());
        drop(state);
        self.news.notify_all();
        true
    }

    /// Lets the breaker know how a request ended.
    pub fn judge(&self, fault: Option<&Fault>) {
        let mut state = self.lock();
        let was_resting = state.breaker.rest(self.now()).is_some();
        match fault {
            None => state.breaker.succeeded(),
            Some(Fault::Passing { why, .. }) => {
                state.fault.clone_from(why);
                state.breaker.failed(self.now(), backoff::dice());
            }
            Some(Fault::Refused(why)) => {
                state.fault.clone_from(why);
                if !was_resting {
                    state.breaker.open(self.now(), backoff::dice());
                }
            }
            Some(
                Fault::Busy(_)
                | Fault::Text(_)
                | Fault::TooLong(_)
                | Fault::Unwanted
                | Fault::Resting,
            ) => {}
        }
        let works = matches!(fault, None | Some(Fault::Busy(_)));
        self.publish(&mut state, was_resting, works);
    }

    /// Tells everybody of a breaker that has opened or closed.
    fn publish(&self, state: &mut State, was_resting: bool, works: bool) {
        let is_resting = state.breaker.rest(self.now()).is_some();
        gauge!("depesche_engine_resting").set(f64::from(u8::from(is_resting)));
        if is_resting && !was_resting {
            tracing::warn!(
                why = state.fault,
                "the server that translates is left alone"
            );
            self.shared.ready.store(false, Ordering::Release);
            self.refuse_while_resting(state);
        }
        if !is_resting && works && !self.shared.ready.swap(true, Ordering::AcqRel) {
            tracing::info!("the server that translates works");
        }
        self.shared.changed.notify_waiters();
        self.news.notify_all();
    }

    /// The keeper: tries the server at the start and after each rest, and forgets
    /// what nobody waits for while all others are busy.
    pub fn keep(&self) {
        self.try_out();
        let mut state = self.lock();
        while state.open {
            state.line.drop_the_unwanted();
            let pause = match state.breaker.rest(self.now()) {
                Some(Duration::ZERO) => {
                    drop(state);
                    self.try_out();
                    state = self.lock();
                    continue;
                }
                Some(rest) => rest,
                None if state.line.is_empty() => IDLE,
                None => TICK,
            };
            let woken = self.news.wait_timeout(state, pause);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Asks for [`WARM_UP`].
    fn try_out(&self) {
        let answer = self.server.ask(WARM_UP, Manner::BEST, &|| true);
        let mut state = self.lock();
        let was_resting = state.breaker.rest(self.now()).is_some();
        match answer {
            // Who has too much to do works.
            Ok(_) | Err(Fault::Busy(_)) => state.breaker.succeeded(),
            Err(fault) => {
                state.fault = match fault {
                    Fault::Passing { why, .. } | Fault::Refused(why) | Fault::Text(why) => why,
                    Fault::Busy(_) | Fault::TooLong(_) | Fault::Unwanted | Fault::Resting => {
                        "it refused a short sentence".into()
                    }
                };
                state.breaker.open(self.now(), backoff::dice());
            }
        }
        self.publish(&mut state, was_resting, true);
    }
}
