//! `depesche bench`: how fast is the model on this machine?
//!
//! The engine that serves requests translates the lines, with nothing known
//! from before. A `Meter` around the model counts what it is given.

mod memory;
mod meter;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use crate::cli::article::json;
use crate::cli::{input, output, progress, use_threads};
use crate::config::EngineConfig;
use crate::document::{Document, Format};
use crate::engine::{Decoding, Engine, EngineOptions, Submission, Translated};
use crate::error::{Error, Result};
use crate::kernels::{isa, pool::pool};
use crate::model::{AnswerLength, Model, load};
use crate::segment;
use meter::{Meter, Seen};
pub use report::{Latency, Prefill, Report, Run, Segment, Throughput};

/// Articles of which the sentences are translated when no lines are given …
const ARTICLES: [&str; 2] = [
    include_str!("../../tests/data/stromnetz.txt"),
    include_str!("../../tests/data/hochwasser.txt"),
];
/// … and sentences, before the tab of each line.
const SENTENCES: &str = include_str!("../../tests/data/smoke.tsv");

/// Arguments of `depesche bench`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// German segments, one a line, what follows a tab is ignored [default: the
    /// sentences of sample articles]
    #[arg(long)]
    pub lines: Option<PathBuf>,

    /// Only the first so many segments
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub count: Option<u32>,

    #[command(flatten)]
    pub plan: Plan,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What is measured, and how often.
#[derive(Debug, Clone, clap::Args)]
pub struct Plan {
    /// Sequences that are decoded together
    #[arg(long, value_delimiter = ',', default_value = "1,4,16",
          value_parser = clap::value_parser!(u16).range(1..=256))]
    pub batch: Vec<u16>,

    /// Rounds through all batch sizes; medians are told
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    pub rounds: u16,

    /// Sentences that are translated one after the other in each round, for latencies
    #[arg(long, default_value_t = 16)]
    pub single: u16,
}

/// # Errors
/// Those of reading, of loading the model, and of [`measure`].
pub async fn run(args: Args, mut config: EngineConfig) -> Result<ExitCode> {
    let lines = lines(&args)?;
    let widest = args.plan.batch.iter().copied().max();
    config.sequences = config.sequences.max(widest);
    use_threads(config.threads)?;
    let started = Instant::now();
    let loaded = load::load(&config, progress::downloads().as_ref())?;
    let load_seconds = started.elapsed().as_secs_f64();
    let runs = measure(loaded.model, &lines, &args.plan).await?;
    let report = Report {
        model: loaded.tag.name,
        adapter: loaded.tag.adapter,
        kernel: isa().to_string(),
        threads: pool().threads(),
        load_seconds,
        runs,
    };
    output::print(&if args.json {
        json(&report)?
    } else {
        report.text()
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The segments to translate, each once: equal ones would share the work.
fn lines(args: &Args) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let mut add = |text: &str| {
        let text = text.split('\t').next().unwrap_or_default().trim();
        if !text.is_empty() && !lines.iter().any(|line| line == text) {
            lines.push(text.to_owned());
        }
    };
    match &args.lines {
        Some(file) => input::read(file)?.lines().for_each(&mut add),
        None => {
            for article in ARTICLES {
                sentences(article)?.iter().for_each(|text| add(text));
            }
            SENTENCES.lines().for_each(&mut add);
        }
    }
    lines.truncate(args.count.map_or(usize::MAX, |count| count as usize));
    if lines.is_empty() {
        return Err(Error::Empty);
    }
    Ok(lines)
}

/// An article's sentences, as the pipeline cuts them.
fn sentences(article: &str) -> Result<Vec<String>> {
    let document = Document::parse(article, Format::Text)?;
    let blocks = document.blocks().iter();
    Ok(blocks
        .flat_map(|block| {
            let spans = segment::split_around(&block.text, &block.protected());
            spans
                .into_iter()
                .map(|span| span.of(&block.text).to_owned())
        })
        .collect())
}

/// A model under a measurement, and what it was seen doing.
struct Subject {
    model: Arc<Mutex<Box<dyn Model>>>,
    seen: Arc<Seen>,
}

/// Measures a model with an engine of its own for each batch size. It must have
/// room for the widest batch.
///
/// # Errors
/// Those of the engine and the model; [`Error::Internal`] when a translation
/// depends on its company.
pub async fn measure(model: Box<dyn Model>, lines: &[String], plan: &Plan) -> Result<Run> {
    let subject = Subject {
        model: Arc::new(Mutex::new(model)),
        seen: Arc::default(),
    };
    let mut throughput: Vec<Vec<Throughput>> = vec![Vec::new(); plan.batch.len()];
    let (mut prefill, mut first, mut total) = (Vec::new(), Vec::new(), Vec::new());
    let mut known: Option<Vec<Translated>> = None;
    for _ in 0..plan.rounds {
        for (batch, found) in plan.batch.iter().zip(&mut throughput) {
            let (measured, answers) = subject.translate(lines, usize::from(*batch)).await?;
            match &known {
                None => known = Some(answers),
                Some(known) if *known == answers => {}
                Some(_) => {
                    return Err(Error::Internal(
                        "a translation depends on what is translated beside it".into(),
                    ));
                }
            }
            found.push(measured);
        }
        let widest = plan.batch.iter().copied().max().unwrap_or(1);
        prefill.push(subject.prefill(lines, usize::from(widest)).await?);
        for (first_token, all) in subject.single(lines, usize::from(plan.single)).await? {
            first.push(first_token);
            total.push(all);
        }
    }
    Ok(Run {
        segments: lines
            .iter()
            .zip(known.unwrap_or_default())
            .map(|(source, translated)| Segment {
                source: source.clone(),
                written: translated.tokens,
            })
            .collect(),
        throughput: throughput
            .into_iter()
            .filter_map(report::median_of)
            .collect(),
        prefill: report::median_prefill(&prefill),
        first_token: Latency::of(first),
        sentence: Latency::of(total),
    })
}

impl Subject {
    /// An engine for `batch` sequences that has answered its first sentence.
    async fn engine(&self, batch: usize, answer: Option<AnswerLength>) -> Result<Engine> {
        let meter = Meter::new(&self.model, &self.seen, batch, answer);
        let engine = Engine::start(Box::new(meter), EngineOptions::default())?;
        engine.ready().await;
        self.seen.reset();
        Ok(engine)
    }

    async fn translate(
        &self,
        lines: &[String],
        batch: usize,
    ) -> Result<(Throughput, Vec<Translated>)> {
        let engine = self.engine(batch, None).await?;
        memory::forget_peak();
        let started = Instant::now();
        let answers = answers(&engine, lines).await?;
        let seconds = started.elapsed().as_secs_f64();
        let count = self.seen.count();
        let written: usize = answers.iter().map(|translated| translated.tokens).sum();
        let measured = Throughput {
            batch,
            seconds,
            written_tokens: written,
            written_per_second: written as f64 / seconds,
            prompt_tokens: count.prompt,
            prompt_per_second: count.prompt as f64 / seconds,
            segments_per_second: lines.len() as f64 / seconds,
            steps: count.steps,
            occupancy: count.rows as f64 / count.steps.max(1) as f64 / batch as f64,
            peak_mb: memory::peak_mb(),
        };
        Ok((measured, answers))
    }

    /// All prompts and one token of each answer.
    async fn prefill(&self, lines: &[String], batch: usize) -> Result<Prefill> {
        let one = AnswerLength {
            factor: 0.0,
            extra: 1,
        };
        let engine = self.engine(batch, Some(one)).await?;
        let started = Instant::now();
        answers(&engine, lines).await?;
        let seconds = started.elapsed().as_secs_f64();
        let tokens = self.seen.count().prompt;
        Ok(Prefill {
            tokens,
            seconds,
            per_second: tokens as f64 / seconds,
        })
    }

    /// Seconds to the first token and to the end of each sentence, alone.
    async fn single(&self, lines: &[String], count: usize) -> Result<Vec<(f64, f64)>> {
        let engine = self.engine(1, None).await?;
        let mut found = Vec::with_capacity(count);
        for line in lines.iter().take(count) {
            self.seen.reset();
            let started = Instant::now();
            answers(&engine, std::slice::from_ref(line)).await?;
            let total = started.elapsed().as_secs_f64();
            let first = self.seen.first_step().unwrap_or(started);
            found.push((first.duration_since(started).as_secs_f64(), total));
        }
        Ok(found)
    }
}

/// Translations in the order of the lines.
async fn answers(engine: &Engine, lines: &[String]) -> Result<Vec<Translated>> {
    let mut replies = engine.proceed(Submission {
        texts: lines.to_vec(),
        required: Vec::new(),
        decoding: Decoding::default(),
        expires: None,
    })?;
    let mut answers = vec![None; lines.len()];
    while let Some((line, translated)) = replies.next().await {
        if let Some(answer) = answers.get_mut(line) {
            *answer = Some(translated?);
        }
    }
    let all: Option<Vec<Translated>> = answers.into_iter().collect();
    all.ok_or_else(|| Error::Internal("the engine left a segment without an answer".into()))
}
