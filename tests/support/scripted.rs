//! A model for tests that follows a script: it "translates" word by word with
//! a small dictionary and copies what it does not know. Words in capitals make
//! it misbehave.
//!
//! | word in the source | what happens |
//! |---|---|
//! | `ENDLOS` | the phrase `on and` repeats without end, if nobody bans it |
//! | `UFERLOS` | new words without end |
//! | `FEHLER` | the step fails |
//! | `PANIK` | the step panics |
//! | `STURZ` | closing the sequence panics, which no engine survives |
//! | `LESEPANIK` | encoding the source panics |
//! | `SCHREIBPANIK` | decoding the translation panics |

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use depesche::error::{Error, Result};
use depesche::model::{AnswerLength, Input, Limits, Logits, Model, Opened, Prompt, SequenceId};

const END: u32 = 0;

/// German words and what the script makes of them.
const DICTIONARY: &[(&str, &str)] = &[
    ("Der", "The"),
    ("Die", "The"),
    ("Das", "The"),
    ("Millionen", "million"),
    ("Milliarden", "billion"),
    ("Prozent", "percent"),
    ("und", "and"),
    ("am", "on"),
    // A figure that is lost.
    ("siebzehn", "many"),
    ("Guten", "Good"),
    ("Morgen,", "morning,"),
    ("Deutschland.", "Germany."),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Normal,
    Endless,
    Boundless,
    Error,
    Panic,
    Fatal,
}

#[derive(Debug, Clone)]
struct Sequence {
    target: Vec<u32>,
    fate: Fate,
    /// Prompt tokens that have not been fed yet.
    unfed: usize,
    written: usize,
}

/// What the script saw; shared with the test.
#[derive(Debug, Default)]
pub struct Witness {
    /// Steps run.
    pub steps: AtomicUsize,
    /// Most rows in one step.
    pub widest: AtomicUsize,
    /// Sequences that are open.
    pub open: AtomicUsize,
}

/// Holds the model before its next step while it is shut. Open at first.
#[derive(Debug, Default)]
pub struct Gate {
    shut: Mutex<bool>,
    moved: Condvar,
}

impl Gate {
    pub fn shut(&self) {
        *self.shut.lock().expect("no test panics with the lock") = true;
    }

    pub fn open(&self) {
        *self.shut.lock().expect("no test panics with the lock") = false;
        self.moved.notify_all();
    }

    pub fn pass(&self) {
        let shut = self.shut.lock().expect("no test panics with the lock");
        drop(self.moved.wait_while(shut, |shut| *shut));
    }
}

/// The scripted model.
pub struct Scripted {
    limits: Limits,
    words: Mutex<(HashMap<String, u32>, Vec<String>)>,
    sequences: HashMap<u32, Sequence>,
    next: u32,
    delay: Duration,
    failing: bool,
    gate: Arc<Gate>,
    witness: Arc<Witness>,
}

impl Scripted {
    pub fn new(sequences: usize) -> Self {
        Scripted {
            limits: Limits {
                window: 2048,
                shared_window: true,
                prefix: 0,
                sequences,
                answer: AnswerLength::default(),
                end_tokens: vec![END],
                cues: Vec::new(),
            },
            words: Mutex::new((HashMap::new(), vec!["</s>".into()])),
            sequences: HashMap::new(),
            next: 0,
            delay: Duration::ZERO,
            failing: false,
            gate: Arc::default(),
            witness: Arc::default(),
        }
    }

    /// Each step takes this long.
    pub fn slow(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Every step fails, the very first included.
    pub fn failing(mut self) -> Self {
        self.failing = true;
        self
    }

    /// Tokens that a sequence may hold.
    pub fn window(mut self, window: usize) -> Self {
        self.limits.window = window;
        self
    }

    /// What stops and releases the model.
    pub fn gate(&self) -> Arc<Gate> {
        self.gate.clone()
    }

    pub fn witness(&self) -> Arc<Witness> {
        self.witness.clone()
    }

    fn token(&self, word: &str) -> u32 {
        let mut words = self.words.lock().expect("no test panics with the lock");
        if let Some(token) = words.0.get(word) {
            return *token;
        }
        let token = words.1.len() as u32;
        words.0.insert(word.to_owned(), token);
        words.1.push(word.to_owned());
        token
    }

    fn word(&self, token: u32) -> String {
        self.words.lock().expect("no test panics with the lock").1[token as usize].clone()
    }

    fn translate(&self, word: &str) -> u32 {
        let translated = DICTIONARY
            .iter()
            .find(|(german, _)| *german == word)
            .map_or(word, |(_, english)| english);
        // 4,8 becomes 4.8, as a decent translator writes it.
        let digits = translated.starts_with(|c: char| c.is_ascii_digit());
        if digits && translated.contains(',') && !translated.ends_with(',') {
            self.token(&translated.replace(',', "."))
        } else {
            self.token(translated)
        }
    }

    fn next_token(&self, sequence: &Sequence) -> u32 {
        match sequence.fate {
            Fate::Endless => self.token(["on", "and"][sequence.written % 2]),
            Fate::Boundless => self.token(&format!("w{}", sequence.written)),
            Fate::Normal | Fate::Error | Fate::Panic | Fate::Fatal => sequence
                .target
                .get(sequence.written)
                .copied()
                .unwrap_or(END),
        }
    }
}

impl Model for Scripted {
    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn encode(&self, source: &str) -> Result<Prompt> {
        assert!(!source.contains("LESEPANIK"), "scripted panic");
        let tokens: Vec<u32> = source
            .split_whitespace()
            .map(|word| self.token(word))
            .collect();
        Ok(Prompt {
            source_tokens: tokens.len(),
            tokens,
        })
    }

    fn phrase(&self, text: &str) -> Result<Vec<u32>> {
        Ok(text
            .split_whitespace()
            .map(|word| self.token(word))
            .collect())
    }

    fn decode(&self, tokens: &[u32]) -> Result<String> {
        let words: Vec<String> = tokens.iter().map(|token| self.word(*token)).collect();
        assert!(
            !words.iter().any(|word| word == "SCHREIBPANIK"),
            "scripted panic"
        );
        Ok(words.join(" "))
    }

    fn open(&mut self, prompt: &Prompt) -> Result<Opened> {
        if self.sequences.len() >= self.limits.sequences {
            return Err(Error::Model("all sequences are open".into()));
        }
        let words: Vec<String> = prompt
            .tokens
            .iter()
            .map(|token| self.word(*token))
            .collect();
        let has = |word: &str| words.iter().any(|other| other == word);
        let fate = if has("ENDLOS") {
            Fate::Endless
        } else if has("UFERLOS") {
            Fate::Boundless
        } else if has("FEHLER") {
            Fate::Error
        } else if has("PANIK") {
            Fate::Panic
        } else if has("STURZ") {
            Fate::Fatal
        } else {
            Fate::Normal
        };
        let target = words.iter().map(|word| self.translate(word)).collect();
        let id = SequenceId(self.next);
        self.next += 1;
        self.sequences.insert(
            id.0,
            Sequence {
                target,
                fate,
                unfed: prompt.tokens.len(),
                written: 0,
            },
        );
        self.witness
            .open
            .store(self.sequences.len(), Ordering::SeqCst);
        Ok(Opened {
            id,
            pending: prompt.tokens.clone(),
        })
    }

    fn fork(&mut self, sequence: SequenceId) -> Result<SequenceId> {
        let copy = self
            .sequences
            .get(&sequence.0)
            .cloned()
            .ok_or_else(|| Error::Model("no such sequence".into()))?;
        if self.sequences.len() >= self.limits.sequences {
            return Err(Error::Model("all sequences are open".into()));
        }
        let id = SequenceId(self.next);
        self.next += 1;
        self.sequences.insert(id.0, copy);
        self.witness
            .open
            .store(self.sequences.len(), Ordering::SeqCst);
        Ok(id)
    }

    fn close(&mut self, sequence: SequenceId) {
        let closed = self.sequences.remove(&sequence.0);
        self.witness
            .open
            .store(self.sequences.len(), Ordering::SeqCst);
        let fatal = closed.is_some_and(|sequence| sequence.fate == Fate::Fatal);
        assert!(!fatal, "scripted panic");
    }

    fn forward(&mut self, inputs: &[Input<'_>]) -> Result<Logits> {
        self.gate.pass();
        std::thread::sleep(self.delay);
        self.witness.steps.fetch_add(1, Ordering::SeqCst);
        self.witness
            .widest
            .fetch_max(inputs.len(), Ordering::SeqCst);
        if self.failing {
            return Err(Error::Model("scripted failure".into()));
        }
        let mut choices = Vec::with_capacity(inputs.len());
        for input in inputs {
            let sequence = self
                .sequences
                .get_mut(&input.sequence.0)
                .ok_or_else(|| Error::Model("no such sequence".into()))?;
            let prompt = sequence.unfed.min(input.tokens.len());
            sequence.unfed -= prompt;
            sequence.written += input.tokens.len() - prompt;
            match sequence.fate {
                Fate::Error => return Err(Error::Model("scripted failure".into())),
                Fate::Panic => panic!("scripted panic"),
                Fate::Normal | Fate::Endless | Fate::Boundless | Fate::Fatal => {}
            }
            let sequence = sequence.clone();
            let best = self.next_token(&sequence);
            choices.push(best);
        }
        let width = self
            .words
            .lock()
            .expect("no test panics with the lock")
            .1
            .len();
        let mut values = vec![-20.0; inputs.len() * width];
        for (row, best) in choices.into_iter().enumerate() {
            values[row * width + END as usize] = 1.0;
            values[row * width + best as usize] = 5.0;
        }
        Ok(Logits {
            values,
            width,
            columns: None,
        })
    }
}
