//! The threads that share the work of a step.
//!
//! A step of a small model is some hundred pieces of work of ten microseconds
//! each, one after the other. A general thread pool wakes and parks its threads
//! at each of them, which takes as long as the work. These threads wait for the
//! next piece in a loop and park only when none has come for a while, so that
//! an idle process uses no processor time.
//!
//! Whoever brings work does it, too, and never waits for a thread to wake up:
//! helpers that come late find nothing left to do. A pool that is busy makes
//! the caller do all of it alone, so callers cannot wait for each other, and
//! work may bring work. With more threads than processors nobody waits in a
//! loop.

mod parts;
mod patience;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::thread::{self, JoinHandle, Thread};

use parts::Parts;
use patience::Patience;

/// In [`Shared::state`]: helpers may join the work.
const OPEN: u64 = 1 << 16;
/// In [`Shared::state`]: the number of helpers at work.
const ACTIVE: u64 = OPEN - 1;
/// In [`Shared::state`]: one piece of work further.
const NEXT: u64 = OPEN << 1;

/// Threads that help with the work of whoever calls [`Pool::run`].
pub struct Pool {
    shared: Arc<Shared>,
    helpers: Vec<JoinHandle<()>>,
    /// Held by who brings work.
    turn: Mutex<()>,
}

struct Shared {
    /// The number of the work (from [`NEXT`] up), [`OPEN`], and [`ACTIVE`].
    state: AtomicU64,
    /// The work; valid while the state is open or a helper is active.
    work: AtomicPtr<Work<'static>>,
    /// Helpers that are parked, or about to be.
    sleepers: AtomicUsize,
    /// The caller, while it waits for the last helper.
    waiter: Mutex<Option<Thread>>,
    ended: AtomicBool,
    /// Whether there is a processor for each thread.
    spins: bool,
}

struct Work<'a> {
    task: &'a (dyn Fn(usize) + Sync),
    tasks: usize,
    next: AtomicUsize,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Work<'_> {
    /// Does tasks until none is left; keeps the first panic for the caller.
    fn join_in(&self) {
        let result = catch_unwind(AssertUnwindSafe(|| {
            loop {
                let index = self.next.fetch_add(1, Ordering::Relaxed);
                if index >= self.tasks {
                    return;
                }
                (self.task)(index);
            }
        }));
        if let Err(panic) = result {
            // What is left is not worth doing.
            self.next.store(self.tasks, Ordering::Relaxed);
            lock(&self.panic).get_or_insert(panic);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pool {
    /// A pool of so many threads, the caller's included.
    pub fn new(threads: usize) -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let shared = Arc::new(Shared {
            state: AtomicU64::new(0),
            work: AtomicPtr::new(std::ptr::null_mut()),
            sleepers: AtomicUsize::new(0),
            waiter: Mutex::new(None),
            ended: AtomicBool::new(false),
            spins: threads <= processors,
        });
        let helpers = (1..threads)
            .map_while(|index| {
                let shared = Arc::clone(&shared);
                thread::Builder::new()
                    .name(format!("depesche-step-{index}"))
                    .spawn(move || shared.help())
                    .inspect_err(|error| tracing::warn!(%error, "a thread of the model is missing"))
                    .ok()
            })
            .collect();
        Pool {
            shared,
            helpers,
            turn: Mutex::new(()),
        }
    }

    /// Threads that can work at once.
    pub fn threads(&self) -> usize {
        self.helpers.len() + 1
    }

    /// Calls `task` once with every number below `tasks`, on any thread and in
    /// any order, and returns when all calls have. A panic of a call is passed
    /// on.
    pub fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync)) {
        let turn = match self.turn.try_lock() {
            Ok(turn) => Some(turn),
            Err(TryLockError::Poisoned(turn)) => Some(turn.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        if turn.is_none() || tasks < 2 || self.helpers.is_empty() {
            (0..tasks).for_each(task);
            return;
        }
        let work = Work {
            task,
            tasks,
            next: AtomicUsize::new(0),
            panic: Mutex::new(None),
        };
        self.open(&work);
        work.join_in();
        self.close();
        if let Some(panic) = lock(&work.panic).take() {
            resume_unwind(panic);
        }
    }

    /// Splits a slice into parts of `len` and calls `task` with the number of
    /// each and the part, as [`Pool::run`] does.
    pub fn each<T: Send>(&self, all: &mut [T], len: usize, task: impl Fn(usize, &mut [T]) + Sync) {
        let nothing: &mut [()] = &mut [];
        self.each_pair((all, len), (nothing, 0), |index, part, _| task(index, part));
    }

    /// As [`Pool::each`], with two slices that have parts side by side; of the
    /// second one there may be fewer.
    pub fn each_pair<T: Send, U: Send>(
        &self,
        (first, len): (&mut [T], usize),
        (second, second_len): (&mut [U], usize),
        task: impl Fn(usize, &mut [T], &mut [U]) + Sync,
    ) {
        let tasks = first.len().div_ceil(len.max(1));
        let (first, second) = (Parts::new(first, len), Parts::new(second, second_len));
        self.run(tasks, &|index| {
            // SAFETY: `run` gives each number to one call only.
            let (first, second) = unsafe { (first.part(index), second.part(index)) };
            task(index, first, second);
        });
    }

    fn open(&self, work: &Work<'_>) {
        let work = std::ptr::from_ref(work).cast::<Work<'static>>().cast_mut();
        self.shared.work.store(work, Ordering::Relaxed);
        // Nobody is active here, and only the holder of the turn opens.
        let number = self.shared.state.load(Ordering::Relaxed) & !(OPEN | ACTIVE);
        let state = number.wrapping_add(NEXT) | OPEN;
        self.shared.state.store(state, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if self.shared.sleepers.load(Ordering::SeqCst) > 0 {
            for helper in &self.helpers {
                helper.thread().unpark();
            }
        }
    }

    /// Lets nobody join any more and waits for those who have.
    fn close(&self) {
        let shared = &self.shared;
        shared.state.fetch_and(!OPEN, Ordering::AcqRel);
        let is_done = || shared.state.load(Ordering::Acquire) & ACTIVE == 0;
        let mut patience = Patience::new(shared.spins);
        while !is_done() {
            if patience.look_again() {
                continue;
            }
            *lock(&shared.waiter) = Some(thread::current());
            while !is_done() {
                thread::park();
            }
            *lock(&shared.waiter) = None;
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        for helper in self.helpers.drain(..) {
            helper.thread().unpark();
            helper.join().ok();
        }
    }
}

impl Shared {
    /// The life of a helper.
    fn help(&self) {
        let mut done = 0;
        let mut patience = Patience::new(self.spins);
        while !self.ended.load(Ordering::Relaxed) {
            let state = self.state.load(Ordering::Acquire);
            if is_new(state, done) {
                if self.join(state) {
                    done = state & !ACTIVE;
                    patience = Patience::new(self.spins);
                }
            } else if !patience.look_again() {
                self.sleep(done);
                patience = Patience::new(self.spins);
            }
        }
    }

    /// Joins the work that is open; `false` when the state has changed.
    fn join(&self, state: u64) -> bool {
        let joined =
            self.state
                .compare_exchange(state, state + 1, Ordering::AcqRel, Ordering::Relaxed);
        if joined.is_err() {
            return false;
        }
        // SAFETY: `run` keeps the work until `close` has seen that no helper is
        // active, and this one has been since the exchange, at which the work
        // was open.
        let work = unsafe { &*self.work.load(Ordering::Relaxed) };
        work.join_in();
        // From here on the work may be gone.
        let before = self.state.fetch_sub(1, Ordering::AcqRel);
        if before & (OPEN | ACTIVE) == 1
            && let Some(waiter) = lock(&self.waiter).as_ref()
        {
            waiter.unpark();
        }
        true
    }

    /// Parks until something may have happened. Either the caller sees the
    /// sleeper, or the sleeper sees the caller's work.
    fn sleep(&self, done: u64) {
        self.sleepers.fetch_add(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        let news = is_new(self.state.load(Ordering::SeqCst), done);
        if !news && !self.ended.load(Ordering::SeqCst) {
            thread::park();
        }
        self.sleepers.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Whether there is work to join that has not been `done`.
fn is_new(state: u64, done: u64) -> bool {
    state & OPEN != 0 && state & !ACTIVE != done
}

static SHARED_POOL: OnceLock<Pool> = OnceLock::new();

/// The pool of this process: a thread for each processor, unless
/// [`use_threads`] was called first.
pub fn pool() -> &'static Pool {
    SHARED_POOL.get_or_init(|| Pool::new(thread::available_parallelism().map_or(1, usize::from)))
}

/// Gives the pool of this process so many threads; returns how many it has,
/// which are others if it was in use before.
pub fn use_threads(threads: usize) -> usize {
    SHARED_POOL.get_or_init(|| Pool::new(threads)).threads()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::{Duration, Instant};

    use super::patience::PATIENCE;
    use super::*;

    fn sum_of(pool: &Pool, tasks: usize) -> usize {
        let sum = AtomicUsize::new(0);
        pool.run(tasks, &|index| {
            sum.fetch_add(index + 1, Ordering::Relaxed);
        });
        sum.into_inner()
    }

    #[test]
    fn every_task_is_done_once() {
        for threads in [1, 2, 3, 16] {
            let pool = Pool::new(threads);
            assert_eq!(pool.threads(), threads);
            for round in 0..2_000 {
                let tasks = round % 37;
                assert_eq!(sum_of(&pool, tasks), tasks * (tasks + 1) / 2);
            }
        }
    }

    #[test]
    fn callers_do_not_wait_for_each_other() {
        let pool = Pool::new(4);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..2_000).for_each(|_| assert_eq!(sum_of(&pool, 9), 45)));
            }
        });
    }

    #[test]
    fn work_may_bring_work() {
        let pool = Pool::new(3);
        let inner = AtomicUsize::new(0);
        pool.run(5, &|_| {
            inner.fetch_add(sum_of(&pool, 4), Ordering::Relaxed);
        });
        assert_eq!(inner.into_inner(), 50);
    }

    #[test]
    fn helpers_wake_up_after_a_rest_and_share_the_work() {
        let pool = Pool::new(2);
        for _ in 0..5 {
            thread::sleep(PATIENCE * 5);
            let threads = Mutex::new(HashSet::new());
            let both = std::sync::Barrier::new(2);
            pool.run(2, &|_| {
                // Only two threads get past this.
                both.wait();
                lock(&threads).insert(thread::current().id());
            });
            assert_eq!(lock(&threads).len(), 2);
        }
    }

    #[test]
    fn an_idle_pool_sleeps() {
        let pool = Pool::new(2);
        sum_of(&pool, 10);
        let asleep = || pool.shared.sleepers.load(Ordering::SeqCst) == 1;
        let started = Instant::now();
        while !asleep() {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "it still looks"
            );
            thread::sleep(PATIENCE);
        }
    }

    #[test]
    fn a_panic_reaches_the_caller_and_the_pool_goes_on() {
        let pool = Pool::new(3);
        for _ in 0..50 {
            let result = catch_unwind(AssertUnwindSafe(|| {
                pool.run(20, &|index| assert_ne!(index, 13, "unlucky"));
            }));
            assert!(result.is_err());
            assert_eq!(sum_of(&pool, 10), 55);
        }
    }

    #[test]
    fn parts_cover_the_slices() {
        let pool = Pool::new(2);
        let (mut numbers, mut counts) = (vec![0; 23], vec![0; 5]);
        pool.each_pair((&mut numbers, 5), (&mut counts, 1), |index, part, count| {
            part.fill(index);
            count.fill(part.len());
        });
        assert_eq!(counts, [5, 5, 5, 5, 3]);
        assert!(numbers.iter().enumerate().all(|(at, part)| *part == at / 5));
        pool.each(&mut numbers, 4, |_, part| part.fill(7));
        assert_eq!(numbers, [7; 23]);
        pool.each(&mut [0u8; 0], 4, |_, _| panic!("there is nothing"));
    }
}
