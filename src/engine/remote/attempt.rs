//! From a segment to its translation: requests until there is one.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use metrics::{counter, histogram};

use super::Fault;
use super::answer::Choice;
use super::clean::clean;
use super::pool::{Pool, TICK};
use super::server::Manner;
use crate::backoff;
use crate::engine::line::Item;
use crate::engine::{Decoding, Finish, Translated};

/// How freely other translations of a text are chosen than the best one.
const TEMPERATURE: f32 = 0.7;

impl Pool {
    /// The best translation of a text and, for a beam, as many others.
    pub fn translate(
        &self,
        number: u64,
        text: &str,
        decoding: Decoding,
    ) -> Result<Translated, Fault> {
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
                if choice.finish == Finish::End && !other.is_empty() && is_new {
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
}
