//! An engine whose model runs elsewhere: a few threads ask a server that speaks
//! OpenAI's interface, one segment a request.
//!
//! Everything else is as with a model of this process: segments take turns, equal
//! ones are asked for once, answers are remembered, and who leaves is forgotten
//! (the connection is closed, which ends the work of most servers). One more
//! thread, the keeper, tries the server with a sentence at the start and whenever
//! the breaker has left it alone for long enough: work is risked on no server
//! that may be down.

mod answer;
pub mod breaker;
mod clean;
pub mod retry;
mod server;

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use metrics::{counter, gauge, histogram};

use super::batcher::{Cost, Room};
use super::cache::Key;
use super::line::{self, Command, Item, Line, Prepared};
use super::worker::caught;
use super::{Decoding, EngineOptions, Shared, Translated, WARM_UP};
use crate::backoff::{self, Backoff};
use crate::error::{Error, Result};
use answer::Choice;
use breaker::Breaker;
use clean::clean;
use retry::Retry;
use server::{Manner, Server};

/// Failed requests in a row after which the server is left alone.
const THRESHOLD: u32 = 5;
/// Between looks for segments that nobody waits for any more.
const TICK: Duration = Duration::from_millis(250);
/// The same while nothing waits; whoever comes wakes the keeper.
const IDLE: Duration = Duration::from_secs(60);
/// How freely other translations of a text are chosen than the best one.
const TEMPERATURE: f32 = 0.7;

/// The interface that is spoken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Api {
    /// Chat completions.
    #[default]
    Chat,
    /// Plain completions, for models that were trained for translation only.
    Completions,
}

/// A secret that no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(secret: String) -> Self {
        Secret(secret)
    }

    fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret")
    }
}

/// A server, and how it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteOptions {
    /// Base address, as in `http://host:8000/v1`.
    pub url: String,
    pub model: String,
    pub api: Api,
    /// In place of the built-in one; with `{source}` once.
    pub prompt: Option<String>,
    pub key: Option<Secret>,
    /// Requests at the same time.
    pub concurrency: usize,
    /// For a request, from the connection to the last byte.
    pub timeout: Duration,
    pub retry: Retry,
    /// How long a server that fails is left alone.
    pub rest: Backoff,
}

impl RemoteOptions {
    /// A server for tests: short pauses, no key.
    pub fn for_testing(url: &str) -> Self {
        let backoff = Backoff {
            first: Duration::from_millis(10),
            longest: Duration::from_millis(40),
        };
        RemoteOptions {
            url: url.into(),
            model: "big".into(),
            api: Api::Chat,
            prompt: None,
            key: None,
            concurrency: 4,
            timeout: Duration::from_secs(5),
            retry: Retry {
                attempts: 3,
                backoff,
            },
            rest: backoff,
        }
    }
}

/// Why a request gave no translation.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    /// Another attempt may succeed.
    Passing {
        why: String,
        retry_after: Option<Duration>,
    },
    /// The server has too much to do; it works well otherwise.
    Busy(Option<Duration>),
    /// The server would refuse any text.
    Refused(String),
    /// It refuses this text.
    Text(String),
    /// A text of so many bytes is too long for the model's window.
    TooLong(usize),
    /// Nobody waits for it any more.
    Unwanted,
    /// The server is left alone.
    Resting,
}

impl Fault {
    fn passing(why: &str) -> Self {
        Fault::Passing {
            why: why.to_owned(),
            retry_after: None,
        }
    }

    fn outcome(&self) -> &'static str {
        match self {
            Fault::Passing { .. } => "failed",
            Fault::Busy(_) => "busy",
            Fault::Refused(_) | Fault::Text(_) | Fault::TooLong(_) => "refused",
            Fault::Unwanted | Fault::Resting => "given up",
        }
    }
}

/// A segment on its way to the server.
type Flight = (u64, String, Decoding);

/// What the threads share.
#[derive(Debug)]
struct Pool {
    state: Mutex<State>,
    /// Signalled when something waits, when the breaker opens or closes, and
    /// when the last handle is gone.
    news: Condvar,
    server: Server,
    retry: Retry,
    shared: Arc<Shared>,
    started: Instant,
}

#[derive(Debug)]
struct State {
    line: Line<String>,
    flights: HashMap<u64, Item<String>>,
    departures: u64,
    breaker: Breaker,
    /// What the server did last, where that was a fault.
    fault: String,
    /// There are handles.
    open: bool,
}

/// The handle's side; the threads end when the last one is gone and nothing is
/// left to do.
#[derive(Debug, Clone)]
pub(super) struct Remote(Arc<Handle>);

#[derive(Debug)]
struct Handle(Arc<Pool>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.lock().open = false;
        self.0.news.notify_all();
    }
}

impl Remote {
    pub fn start(
        options: RemoteOptions,
        engine: EngineOptions,
        shared: Arc<Shared>,
    ) -> Result<Self> {
        let concurrency = options.concurrency.max(1);
        let pool = Arc::new(Pool {
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
        });
        let handle = Remote(Arc::new(Handle(pool.clone())));
        let start = |name: String, work: fn(&Pool)| {
            let pool = pool.clone();
            std::thread::Builder::new()
                .name(name)
                .spawn(move || work(&pool))
                .map_err(|error| Error::io("starting a thread of the engine", error))
        };
        start("depesche-engine".into(), Pool::keep)?;
        for number in 0..concurrency {
            start(format!("depesche-ask-{number}"), Pool::work)?;
        }
        Ok(handle)
    }

    /// Takes a submission that has been admitted.
    pub fn accept(&self, command: Command) {
        let pool = &self.0.0;
        let mut state = pool.lock();
        let State { line, flights, .. } = &mut *state;
        line.enqueue(
            command,
            |text, decoding| {
                Ok(Prepared {
                    key: Key::text(text, decoding),
                    work: text.to_owned(),
                    cost: Cost {
                        sequences: 1,
                        prompt_tokens: 1,
                    },
                })
            },
            |key, recipient| line::join(flights.values_mut(), key, recipient),
        );
        pool.refuse_while_resting(&mut state);
        state.line.record_depth(state.flights.len());
        drop(state);
        pool.news.notify_all();
    }

    /// Why the server gets no work; `None` when it does.
    pub fn unavailable(&self) -> Option<Error> {
        let pool = &self.0.0;
        pool.unavailable(&pool.lock())
    }
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Whoever panicked left a state that is whole: nothing in it is
        // changed in more than one step that may fail.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn unavailable(&self, state: &State) -> Option<Error> {
        let rest = state.breaker.rest(self.now())?;
        Some(Error::EngineUnavailable {
            why: state.fault.clone(),
            retry_after: rest.max(Duration::from_secs(1)),
        })
    }

    /// Whoever waits for a server that is left alone hears of it at once.
    fn refuse_while_resting(&self, state: &mut State) {
        if let Some(error) = self.unavailable(state) {
            state.line.refuse_all(&error);
        }
    }

    /// One of the threads that ask.
    fn work(&self) {
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
            Ok(Err(Fault::Resting)) => Err(self.unavailable(&state).unwrap_or(Error::NotReady)),
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

    /// The best translation of a text and, for a beam, as many others.
    fn translate(&self, number: u64, text: &str, decoding: Decoding) -> Result<Translated, Fault> {
        let wanted = || {
            let state = self.lock();
            state.flights.get(&number).is_some_and(Item::is_wanted)
        };
        let best = self.insist(text, &wanted)?;
        let mut tokens = best.tokens;
        let best_text = clean(&best.text, text);
        let mut alternatives: Vec<String> = Vec::new();
        if decoding.beams > 1 {
            let manner = Manner {
                choices: decoding.beams - 1,
                temperature: TEMPERATURE,
            };
            // They are a help, and some servers cannot give them.
            for choice in self.ask(text, manner, &wanted).unwrap_or_default() {
                tokens += choice.tokens;
                let other = clean(&choice.text, text);
                let is_new = other != best_text && !alternatives.contains(&other);
                if choice.finish == super::Finish::End && !other.is_empty() && is_new {
                    alternatives.push(other);
                }
            }
        }
        counter!("depesche_tokens_total", "kind" => "written").increment(tokens as u64);
        self.shared
            .tokens
            .fetch_add(tokens as u64, Ordering::Relaxed);
        Ok(Translated {
            text: best_text,
            alternatives,
            tokens,
            finish: best.finish,
            retried: false,
        })
    }

    /// Asks until there is an answer, or no hope for one.
    fn insist(&self, text: &str, wanted: &dyn Fn() -> bool) -> Result<Choice, Fault> {
        let mut attempt = 1;
        loop {
            let fault = match self.ask(text, Manner::BEST, wanted) {
                Ok(choices) => match choices.into_iter().next() {
                    Some(first) => return Ok(first),
                    None => Fault::passing("its answer holds no translation"),
                },
                Err(fault) => fault,
            };
            let asked = match &fault {
                Fault::Passing { retry_after, .. } | Fault::Busy(retry_after) => *retry_after,
                Fault::Refused(_)
                | Fault::Text(_)
                | Fault::TooLong(_)
                | Fault::Unwanted
                | Fault::Resting => return Err(fault),
            };
            let Some(pause) = self.retry.pause(attempt, asked, backoff::dice()) else {
                return Err(fault);
            };
            counter!("depesche_engine_retries_total").increment(1);
            self.wait(pause, wanted)?;
            attempt += 1;
        }
    }

    /// A pause between attempts, which ends early when the next one is in vain.
    fn wait(&self, pause: Duration, wanted: &dyn Fn() -> bool) -> Result<(), Fault> {
        let until = self.now() + pause;
        loop {
            if !wanted() {
                return Err(Fault::Unwanted);
            }
            if self.lock().breaker.rest(self.now()).is_some() {
                return Err(Fault::Resting);
            }
            match until.saturating_sub(self.now()) {
                Duration::ZERO => return Ok(()),
                left => std::thread::sleep(left.min(TICK)),
            }
        }
    }

    /// One request, of which the breaker and the metrics hear.
    fn ask(
        &self,
        text: &str,
        manner: Manner,
        wanted: &dyn Fn() -> bool,
    ) -> Result<Vec<Choice>, Fault> {
        let started = Instant::now();
        let answer = self.server.ask(text, manner, wanted);
        let outcome = answer.as_ref().map_or_else(Fault::outcome, |_| "done");
        counter!("depesche_engine_requests_total", "outcome" => outcome).increment(1);
        histogram!("depesche_engine_request_seconds").record(started.elapsed().as_secs_f64());
        self.judge(answer.as_ref().err());
        answer
    }

    /// Lets the breaker know how a request ended.
    fn judge(&self, fault: Option<&Fault>) {
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
    fn keep(&self) {
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
