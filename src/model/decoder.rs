//! The decoder-only translation model.

use std::path::PathBuf;

use super::adapter::Adapter;
use super::attention::{Batch, Row};
use super::config::DecoderConfig;
use super::gguf::Gguf;
use super::kv::{KvCache, KvPool};
use super::layer::{Layer, Place, Scratch};
use super::linear::Weights;
use super::loader::{Loader, Tensors};
use super::ops::RmsNorm;
use super::prompt::{PromptPlan, PromptTemplate};
use super::shortlist::{Columns, Shortlist};
use super::tokenizer::{Tokenizer, Vocabulary};
use super::{AnswerLength, Input, Limits, Logits, Model, Opened, Prompt, SequenceId};
use crate::error::{Error, Result};

/// Tokens of a sequence unless the options say otherwise: several times the
/// longest news sentence with its translation.
const DEFAULT_WINDOW: usize = 2048;

/// How to load a [`Decoder`].
#[derive(Debug, Clone, PartialEq)]
pub struct DecoderOptions {
    /// The model file.
    pub gguf: PathBuf,
    /// Differences to the model file, see [`super::adapter`].
    pub adapter: Option<PathBuf>,
    /// Checksum of the model file in hexadecimal, where it is known: an
    /// adapter made for another file is refused.
    pub base_sha256: Option<String>,
    /// The prompt; an adapter that brings its own replaces its prefix and
    /// template.
    pub prompt: PromptTemplate,
    /// Sequences that may be open at once.
    pub sequences: usize,
    /// Tokens of one sequence; at most what the model was trained for.
    pub window: Option<usize>,
    /// How long an answer may become.
    pub answer: AnswerLength,
    /// Score all tokens at each step, even when the adapter names those that
    /// an answer can need.
    pub whole_vocabulary: bool,
    /// Compute with dequantised f32 weights and candle's matrix product: slow,
    /// large, and the reference for everything else.
    pub exact: bool,
}

impl Default for DecoderOptions {
    fn default() -> Self {
        DecoderOptions {
            gguf: PathBuf::new(),
            adapter: None,
            base_sha256: None,
            prompt: PromptTemplate::default(),
            sequences: 16,
            window: None,
            answer: AnswerLength::default(),
            whole_vocabulary: false,
            exact: false,
        }
    }
}

/// A GGUF model of one of the supported architectures.
pub struct Decoder {
    config: DecoderConfig,
    tokenizer: Tokenizer,
    plan: PromptPlan,
    embedding: Weights,
    layers: Vec<Layer>,
    output_norm: RmsNorm,
    /// `None`: the embedding serves as the output layer too.
    output: Option<Weights>,
    shortlist: Option<Shortlist>,
    prefix: KvCache,
    pool: KvPool,
    limits: Limits,
    workspace: Workspace,
}

/// Memory that every step uses again.
#[derive(Default)]
struct Workspace {
    /// The residual stream, `[n, width]`.
    x: Vec<f32>,
    layers: Scratch,
    columns: Columns,
    /// Of scores that were given back.
    scores: Vec<f32>,
}

impl Decoder {
    /// Loads a model and computes its shared prompt prefix.
    ///
    /// # Errors
    /// [`Error::Io`] and [`Error::Corrupt`] for the files; [`Error::Config`]
    /// for an architecture, adapter or prompt that does not fit;
    /// [`Error::TooLarge`] when the prefix fills the window.
    pub fn load(options: DecoderOptions) -> Result<Self> {
        let mut gguf = Gguf::open(&options.gguf)?;
        let config = DecoderConfig::read(&gguf)?;
        let vocabulary = Vocabulary::take_from(&mut gguf)?;
        let adapter = options.adapter.as_deref().map(Adapter::read).transpose()?;
        let window = options.window.unwrap_or(DEFAULT_WINDOW).min(config.context);
        let mut loader = Loader {
            gguf: &mut gguf,
            adapter: adapter.as_ref(),
            config: &config,
            exact: options.exact,
            window,
        };
        // Either takes a second or more, and neither needs the other.
        let (tokenizer, tensors) = std::thread::scope(|scope| {
            let tokenizer = scope.spawn(|| Tokenizer::new(vocabulary));
            let tensors = loader.tensors();
            (tokenizer.join(), tensors)
        });
        let tokenizer =
            tokenizer.map_err(|_| Error::Model("making the tokenizer panicked".into()))??;
        let Tensors {
            embedding,
            layers,
            output_norm,
            output,
        } = tensors?;

        let mut template = options.prompt;
        if let Some(adapter) = &adapter {
            if let Some(sha256) = &options.base_sha256 {
                adapter.check_base(sha256)?;
            }
            if let Some(prompt) = adapter.prompt() {
                template.prefix.clear();
                template.template = prompt.to_owned();
            }
        }
        let plan = PromptPlan::new(&template, &tokenizer)?;
        if plan.prefix().len() >= window {
            return Err(Error::TooLarge {
                what: "the prompt prefix in tokens",
                actual: plan.prefix().len(),
                limit: window.saturating_sub(1),
            });
        }

        let tokens = adapter
            .as_ref()
            .filter(|_| !options.whole_vocabulary)
            .and_then(Adapter::shortlist);
        let full = output.as_ref().unwrap_or(&embedding);
        let shortlist = tokens
            .map(|tokens| Shortlist::new(full, tokens, plan.ends()))
            .transpose()?;

        let empty = KvCache::new(config.layers.len(), config.kv_heads, config.head_dim);
        let limits = Limits {
            window,
            shared_window: true,
            prefix: plan.prefix().len(),
            sequences: options.sequences.max(1),
            answer: options.answer,
            end_tokens: plan.ends().to_vec(),
            cues: plan.cues(&tokenizer)?,
        };
        let mut decoder = Decoder {
            config,
            tokenizer,
            plan,
            embedding,
            layers,
            output_norm,
            output,
            shortlist,
            prefix: empty.clone(),
            pool: KvPool::new(empty, limits.sequences),
            limits,
            workspace: Workspace::default(),
        };
        decoder.prepare_prefix()?;
        Ok(decoder)
    }

    /// Bytes that the weight matrices take in memory.
    pub fn weight_bytes(&self) -> usize {
        let layers = self.layers.iter().map(Layer::weight_bytes).sum::<usize>();
        let output = self.output.as_ref().map_or(0, Weights::bytes);
        let shortlist = self.shortlist.as_ref().map_or(0, Shortlist::bytes);
        self.embedding.bytes() + layers + output + shortlist
    }

    /// Tokenizer of the model.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The output layer over the whole vocabulary.
    fn output(&self) -> &Weights {
        self.output.as_ref().unwrap_or(&self.embedding)
    }

    fn prepare_prefix(&mut self) -> Result<()> {
        let tokens = self.plan.prefix().to_vec();
        if tokens.is_empty() {
            return Ok(());
        }
        let id = self.pool.open()?;
        self.forward(&[Input {
            sequence: id,
            tokens: &tokens,
        }])?;
        self.prefix = self.pool.take(id)?;
        Ok(())
    }

    /// Embeddings of all tokens, `[n, width]`, into `x`.
    fn embed(&self, inputs: &[Input<'_>], x: &mut Vec<f32>) -> Result<()> {
        let width = self.config.width;
        let tokens = inputs.iter().flat_map(|input| input.tokens);
        x.resize(tokens.clone().count() * width, 0.0);
        for (token, row) in tokens.zip(x.chunks_exact_mut(width)) {
            if *token as usize >= self.config.vocabulary {
                return Err(Error::Model(format!("there is no token {token}")));
            }
            self.embedding.row(*token as usize, row)?;
            for value in row {
                *value *= self.config.embedding_scale;
            }
        }
        Ok(())
    }

    /// Runs one step over checked-out caches. On an error the caches keep what
    /// they held before.
    fn step(
        &self,
        inputs: &[Input<'_>],
        batch: &mut Batch<'_>,
        workspace: &mut Workspace,
    ) -> Result<Logits> {
        let mut last_rows = Vec::with_capacity(inputs.len());
        for (sequence, (input, cache)) in inputs.iter().zip(&mut batch.caches).enumerate() {
            let start = batch.prefix.tokens() + cache.tokens();
            let end = start + input.tokens.len();
            if input.tokens.is_empty() {
                return Err(Error::Model("a sequence was given no tokens".to_owned()));
            }
            if end > self.limits.window {
                return Err(too_long(end, self.limits.window));
            }
            cache.begin(input.tokens.len());
            let rows = (start..end).map(|position| Row { sequence, position });
            batch.rows.extend(rows);
            last_rows.push(batch.rows.len() - 1);
        }

        let x = &mut workspace.x;
        self.embed(inputs, x)?;
        for (index, layer) in self.layers.iter().enumerate() {
            let place = Place {
                config: &self.config,
                index,
                wanted: (index + 1 == self.layers.len()).then_some(&last_rows),
            };
            layer.forward(x, &place, batch, &mut workspace.layers)?;
        }
        self.output_norm.apply_in_place(x);
        let logits = match &self.shortlist {
            Some(shortlist) => {
                let sequences = inputs.iter().map(|input| input.sequence);
                let values = std::mem::take(&mut workspace.scores);
                shortlist.scores(x, sequences, &mut workspace.columns, values)?
            }
            None => {
                let width = self.output().rows();
                let mut values = std::mem::take(&mut workspace.scores);
                values.resize(inputs.len() * width, 0.0);
                let out = (values.as_mut_slice(), width);
                self.output().scores(x, inputs.len(), out)?;
                Logits {
                    values,
                    width,
                    columns: None,
                }
            }
        };
        for (input, cache) in inputs.iter().zip(&mut batch.caches) {
            cache.commit(input.tokens.len());
        }
        Ok(logits)
    }
}

impl Model for Decoder {
    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn encode(&self, source: &str) -> Result<Prompt> {
        self.plan.prompt(source, &self.tokenizer)
    }

    fn phrase(&self, text: &str) -> Result<Vec<u32>> {
        self.tokenizer.encode(&format!(" {text}"))
    }

    fn decode(&self, tokens: &[u32]) -> Result<String> {
        let tokens: Vec<u32> = tokens
            .iter()
            .copied()
            .filter(|token| !self.limits.end_tokens.contains(token))
            .collect();
        self.tokenizer.decode(&tokens)
    }

    fn open(&mut self, prompt: &Prompt) -> Result<Opened> {
        let length = self.limits.prefix + prompt.tokens.len();
        if length > self.limits.window {
            return Err(too_long(length, self.limits.window));
        }
        let id = self.pool.open()?;
        if let Some(shortlist) = &mut self.shortlist {
            let full = self.output.as_ref().unwrap_or(&self.embedding);
            shortlist.open(id, full, &prompt.tokens)?;
        }
        Ok(Opened {
            id,
            pending: prompt.tokens.clone(),
        })
    }

    fn fork(&mut self, sequence: SequenceId) -> Result<SequenceId> {
        let copy = self.pool.fork(sequence)?;
        if let Some(shortlist) = &mut self.shortlist {
            shortlist.fork(sequence, copy);
        }
        Ok(copy)
    }

    fn close(&mut self, sequence: SequenceId) {
        if let Some(shortlist) = &mut self.shortlist {
            shortlist.close(sequence);
        }
        self.pool.close(sequence);
    }

    fn forward(&mut self, inputs: &[Input<'_>]) -> Result<Logits> {
        let mut taken = Vec::with_capacity(inputs.len());
        let mut batch = Batch {
            prefix: &self.prefix,
            caches: Vec::with_capacity(inputs.len()),
            rows: Vec::new(),
        };
        let mut missing = None;
        for input in inputs {
            match self.pool.take(input.sequence) {
                Ok(cache) => {
                    batch.caches.push(cache);
                    taken.push(input.sequence);
                }
                Err(error) => missing = Some(error),
            }
        }
        let mut workspace = std::mem::take(&mut self.workspace);
        let result = match missing {
            Some(error) => Err(error),
            None => self.step(inputs, &mut batch, &mut workspace),
        };
        for (id, cache) in taken.into_iter().zip(batch.caches) {
            self.pool.put_back(id, cache);
        }
        self.workspace = workspace;
        result
    }

    fn take_back(&mut self, logits: Logits) {
        self.workspace.scores = logits.values;
    }
}

fn too_long(actual: usize, limit: usize) -> Error {
    Error::TooLarge {
        what: "the text in tokens",
        actual,
        limit,
    }
}
