//! Admission, submission and the answers of the engine. Behind the handle is
//! either one thread that owns a model, where the segments of all requests meet
//! in one continuous batch, or a crew that asks a server elsewhere ([`remote`]).
//!
//! A submission is admitted whole or refused whole, by the number of segments
//! that already wait. Dropping [`Replies`] cancels what is left of it.

pub mod batcher;
pub mod beam;
mod cache;
pub mod generation;
pub mod greedy;
pub mod guard;
mod line;
mod phrases;
pub mod remote;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc as blocking;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc};

use crate::error::{Error, Result};
use crate::model::Model;
pub use generation::{Decoding, Finish};
use line::Command;
use remote::{Remote, RemoteOptions};

/// What the engine translates first, to find out whether it works.
const WARM_UP: &str = "Guten Morgen, Deutschland.";

/// 1.8 chrF better than greedy search on news in less than twice its time
/// (training/RESULTS.md).
const USUAL_BEAMS: usize = 4;

/// Settings of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineOptions {
    /// Segments that may wait; one submission may not hold more.
    pub queue: usize,
    /// Prompt tokens that may join the batch in one step, so that a crowd of
    /// newcomers does not hold up the sequences that are already running.
    pub prompt_budget: usize,
    /// Bytes for segments that were translated before; 0 for none.
    pub cache: usize,
}

impl Default for EngineOptions {
    fn default() -> Self {
        EngineOptions {
            queue: 4096,
            prompt_budget: 1024,
            cache: 0,
        }
    }
}

/// Texts of one request that are to be translated.
#[derive(Debug, Clone)]
pub struct Submission {
    pub texts: Vec<String>,
    /// What the answer to the text in the same place must say, and must not; texts
    /// beyond its end may say what they like. A search that finds no such answer
    /// is cut off at the length limit, and phrases for which the model has no
    /// sequences left are not asked for.
    pub required: Vec<Vec<Required>>,
    pub decoding: Decoding,
    /// After this moment nobody waits for the answer.
    pub expires: Option<Instant>,
}

/// What is required of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Required {
    /// That it contains a phrase, in one of these spellings.
    AnyOf(Vec<String>),
    /// That it does not contain a phrase. One that ends in a number forbids every
    /// number behind its other words: "the 1999" must not become "the 1998".
    Not(String),
}

/// A translated segment.
#[derive(Debug, Clone, PartialEq)]
pub struct Translated {
    pub text: String,
    /// Other hypotheses of the beam, best first; empty for greedy decoding.
    pub alternatives: Vec<String>,
    /// Tokens that were written for it, retries included; none for a segment
    /// that was known already or joined an equal one under way.
    pub tokens: usize,
    pub finish: Finish,
    /// A phrase repeated without end at first, and the segment was decoded
    /// again with such phrases banned.
    pub retried: bool,
}

/// One answer: which text of the submission, and what became of it.
pub type Reply = (usize, Result<Translated>);

/// The answers of one submission, in the order in which they are finished.
#[derive(Debug)]
pub struct Replies {
    receiver: mpsc::UnboundedReceiver<Reply>,
}

impl Replies {
    /// The next finished text; `None` after the last one.
    pub async fn next(&mut self) -> Option<Reply> {
        self.receiver.recv().await
    }
}

/// What the engine is doing at the moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Stats {
    /// Segments that wait for a place in the batch.
    pub waiting: usize,
    /// Segments in the batch.
    pub active: usize,
    /// Tokens written since the start.
    pub tokens: u64,
    /// Segments finished since the start.
    pub segments: u64,
}

/// State that the handles share with the worker.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub waiting: AtomicUsize,
    pub active: AtomicUsize,
    pub tokens: AtomicU64,
    pub segments: AtomicU64,
    pub ready: AtomicBool,
    pub refusing: AtomicBool,
    /// Nothing will ever be answered again.
    pub broken: AtomicBool,
    /// Signalled whenever a segment leaves the engine, when the model has given
    /// its first answer, and when the engine breaks.
    pub changed: Notify,
}

impl Shared {
    fn give_up(&self) {
        self.broken.store(true, Ordering::Release);
        self.changed.notify_waiters();
    }

    fn is_empty(&self) -> bool {
        self.waiting.load(Ordering::Acquire) == 0 && self.active.load(Ordering::Acquire) == 0
    }
}

/// A handle to the engine; clones share it. The work ends when the last
/// handle is gone and nothing is left to do.
#[derive(Debug, Clone)]
pub struct Engine {
    shared: Arc<Shared>,
    crew: Crew,
    queue: usize,
}

/// Who does the work.
#[derive(Debug, Clone)]
enum Crew {
    /// The thread that owns the model.
    Local(blocking::Sender<Command>),
    /// Threads that ask a server.
    Remote(Remote),
}

impl Engine {
    /// Starts the worker thread, which first answers a short sentence of its
    /// own: the engine is ready when that has worked.
    pub fn start(model: Box<dyn Model>, options: EngineOptions) -> Result<Engine> {
        let shared = Arc::new(Shared::default());
        let (commands, inbox) = blocking::channel();
        let queue = options.queue;
        let worker = worker::Worker::new(model, options, shared.clone(), inbox);
        std::thread::Builder::new()
            .name("depesche-engine".into())
            .spawn(move || worker.run())
            .map_err(|error| Error::io("starting the engine thread", error))?;
        Ok(Engine {
            shared,
            crew: Crew::Local(commands),
            queue,
        })
    }

    /// An engine that has a server translate, and loads no model. It is ready
    /// once the server has answered a short sentence.
    ///
    /// # Errors
    /// [`Error::Config`] when the server's address is none, [`Error::Io`] when
    /// no thread can be started.
    pub fn connect(server: RemoteOptions, options: EngineOptions) -> Result<Engine> {
        let shared = Arc::new(Shared::default());
        let queue = options.queue;
        Ok(Engine {
            crew: Crew::Remote(Remote::start(server, options, shared.clone())?),
            shared,
            queue,
        })
    }

    /// The beam width that suits the engine: a beam of `USUAL_BEAMS` for a
    /// model here; a server elsewhere has none, and is asked for alternatives
    /// only where its best is in doubt.
    pub const fn usual_beams(&self) -> usize {
        match self.crew {
            Crew::Local(_) => USUAL_BEAMS,
            Crew::Remote(_) => 1,
        }
    }

    /// Admits a submission whole.
    ///
    /// # Errors
    /// `TooLarge` when it could never be admitted, `QueueFull` when it cannot
    /// be admitted now, `ShuttingDown` after [`Engine::refuse_new`].
    pub fn submit(&self, submission: Submission) -> Result<Replies> {
        if self.shared.refusing.load(Ordering::Acquire) {
            return Err(Error::ShuttingDown);
        }
        let count = submission.texts.len();
        if count > self.queue {
            return Err(Error::TooLarge {
                what: "the number of segments",
                actual: count,
                limit: self.queue,
            });
        }
        self.reserve(count)?;
        self.send(submission)
    }

    /// Takes more texts of a request that has been admitted already, such as the
    /// clauses of a sentence that was too long: neither a full queue nor
    /// [`Engine::refuse_new`] ends in the middle what was begun.
    ///
    /// # Errors
    /// [`Error::Internal`] when the worker is gone.
    pub fn proceed(&self, submission: Submission) -> Result<Replies> {
        let count = submission.texts.len();
        self.shared.waiting.fetch_add(count, Ordering::AcqRel);
        self.send(submission)
    }

    /// Hands the worker texts that `waiting` counts already.
    fn send(&self, submission: Submission) -> Result<Replies> {
        let count = submission.texts.len();
        let (sender, receiver) = mpsc::unbounded_channel();
        let command = Command {
            submission,
            sender,
            arrived: Instant::now(),
        };
        match &self.crew {
            Crew::Remote(remote) => remote.accept(command),
            Crew::Local(commands) => commands.send(command).map_err(|_| {
                self.shared.waiting.fetch_sub(count, Ordering::AcqRel);
                Error::Internal("the engine has stopped".into())
            })?,
        }
        Ok(Replies { receiver })
    }

    fn reserve(&self, count: usize) -> Result<()> {
        self.shared
            .waiting
            .try_update(Ordering::AcqRel, Ordering::Acquire, |waiting| {
                (waiting + count <= self.queue).then_some(waiting + count)
            })
            .map(drop)
            .map_err(|waiting| Error::QueueFull {
                retry_after: self.estimate(waiting),
            })
    }

    /// A guess at how long the queue takes, for `Retry-After`: half a second
    /// a waiting segment, between 1 s and a minute.
    fn estimate(&self, waiting: usize) -> Duration {
        Duration::from_millis((waiting as u64 * 500).clamp(1_000, 60_000))
    }

    /// Whether the model has answered once.
    pub fn is_ready(&self) -> bool {
        self.shared.ready.load(Ordering::Acquire) && !self.shared.refusing.load(Ordering::Acquire)
    }

    /// Whether new work would be taken and done.
    ///
    /// # Errors
    /// [`Error::EngineUnavailable`] while the server that translates is left
    /// alone, else [`Error::NotReady`].
    pub fn readiness(&self) -> Result<()> {
        match &self.crew {
            _ if self.is_ready() => Ok(()),
            Crew::Local(_) => Err(Error::NotReady),
            Crew::Remote(remote) => Err(remote.unavailable().unwrap_or(Error::NotReady)),
        }
    }

    /// Waits for the model's first answer, or for the end of all hope for one.
    pub async fn ready(&self) {
        let told = |flag: &AtomicBool| flag.load(Ordering::Acquire);
        self.until(|shared| told(&shared.ready) || told(&shared.broken))
            .await;
    }

    /// Takes no new submissions from now on.
    pub fn refuse_new(&self) {
        self.shared.refusing.store(true, Ordering::Release);
    }

    /// Waits until nothing waits and nothing runs.
    pub async fn drained(&self) {
        self.until(Shared::is_empty).await;
    }

    /// Waits for the end of all hope: the model failed its first sentence, or
    /// the worker's thread ended although there are handles.
    pub async fn broken(&self) {
        self.until(|shared| shared.broken.load(Ordering::Acquire))
            .await;
    }

    async fn until(&self, come_true: impl Fn(&Shared) -> bool) {
        loop {
            let changed = self.shared.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if come_true(&self.shared) {
                return;
            }
            changed.await;
        }
    }

    pub fn stats(&self) -> Stats {
        Stats {
            waiting: self.shared.waiting.load(Ordering::Acquire),
            active: self.shared.active.load(Ordering::Acquire),
            tokens: self.shared.tokens.load(Ordering::Relaxed),
            segments: self.shared.segments.load(Ordering::Relaxed),
        }
    }
}
