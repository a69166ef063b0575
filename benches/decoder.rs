//! Greedy translation of lines with a real model, at several batch sizes:
//! tokens per second and memory, and with `--print` the translations.
//!
//! ```text
//! cargo bench --bench decoder -- MODEL.gguf --lines FILE [--batch 1,4,16]
//!     [--prompt FILE.toml] [--adapter FILE] [--print] [--json]
//! ```

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;
use depesche::model::{Decoder, DecoderOptions, Input, Model, PromptTemplate, SequenceId};

#[derive(Parser)]
struct Arguments {
    model: PathBuf,
    /// Source texts, one per line; what follows a tab is ignored.
    #[arg(long)]
    lines: PathBuf,
    #[arg(long, value_delimiter = ',', default_value = "1,4,16")]
    batch: Vec<usize>,
    /// A TOML file with `prefix`, `template` and `end`.
    #[arg(long)]
    prompt: Option<PathBuf>,
    #[arg(long)]
    adapter: Option<PathBuf>,
    #[arg(long, default_value_t = 32)]
    count: usize,
    #[arg(long)]
    exact: bool,
    #[arg(long)]
    print: bool,
    /// A line of JSON per batch size, on standard output.
    #[arg(long)]
    json: bool,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Default)]
struct Tally {
    prompt_tokens: usize,
    written_tokens: usize,
    prompt_time: Duration,
    step_time: Duration,
    translations: Vec<String>,
}

struct Running {
    id: SequenceId,
    line: usize,
    feed: Vec<u32>,
    written: Vec<u32>,
    limit: usize,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let text = std::fs::read_to_string(&arguments.lines)?;
    let lines: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split('\t').next())
        .take(arguments.count)
        .collect();
    let prompt: PromptTemplate = match &arguments.prompt {
        Some(path) => toml::from_str(&std::fs::read_to_string(path)?)?,
        None => PromptTemplate::default(),
    };
    let started = Instant::now();
    let mut decoder = Decoder::load(DecoderOptions {
        gguf: arguments.model.clone(),
        adapter: arguments.adapter.clone(),
        prompt,
        sequences: arguments.batch.iter().copied().max().unwrap_or(1),
        exact: arguments.exact,
        ..DecoderOptions::default()
    })?;
    let load = started.elapsed();
    eprintln!(
        "loaded in {:.2} s, {} MB of weights, {} prefix tokens, {} MB resident",
        load.as_secs_f64(),
        decoder.weight_bytes() / 1_000_000,
        decoder.limits().prefix,
        resident("VmRSS"),
    );
    for batch in arguments.batch {
        let started = Instant::now();
        let tally = translate(&mut decoder, &lines, batch)?;
        eprintln!(
            "batch {batch:2}: {:6.2} s, prompts {:5} tokens at {:7.1}/s, output {:5} tokens at {:6.1}/s, overall {:6.1}/s, peak {} MB",
            started.elapsed().as_secs_f64(),
            tally.prompt_tokens,
            tally.prompt_tokens as f64 / tally.prompt_time.as_secs_f64(),
            tally.written_tokens,
            (tally.written_tokens - lines.len()) as f64 / tally.step_time.as_secs_f64(),
            tally.written_tokens as f64 / started.elapsed().as_secs_f64(),
            resident("VmHWM"),
        );
        if arguments.json {
            println!(
                "{}",
                serde_json::json!({
                    "load_s": load.as_secs_f64(),
                    "seconds": started.elapsed().as_secs_f64(),
                    "prompt_tokens": tally.prompt_tokens,
                    "written": tally.written_tokens,
                    "peak_mb": resident("VmHWM"),
                })
            );
        }
        if arguments.print {
            for translation in tally.translations {
                println!("{}", translation.trim().replace('\n', " "));
            }
        }
    }
    Ok(())
}

/// Translates all lines with at most `batch` sequences at once. Prompts are
/// fed in steps of their own, so that both speeds can be told apart.
fn translate(
    decoder: &mut Decoder,
    lines: &[&str],
    batch: usize,
) -> Result<Tally, Box<dyn std::error::Error>> {
    let mut tally = Tally {
        translations: vec![String::new(); lines.len()],
        ..Tally::default()
    };
    let mut waiting: VecDeque<usize> = (0..lines.len()).collect();
    let mut running: Vec<Running> = Vec::new();
    while !(waiting.is_empty() && running.is_empty()) {
        let mut joining = Vec::new();
        while running.len() + joining.len() < batch {
            let Some(line) = waiting.pop_front() else {
                break;
            };
            let prompt = decoder.encode(lines[line])?;
            let opened = decoder.open(&prompt)?;
            tally.prompt_tokens += opened.pending.len();
            joining.push(Running {
                id: opened.id,
                line,
                feed: opened.pending,
                written: Vec::new(),
                limit: 2 * prompt.source_tokens + 16,
            });
        }
        if !joining.is_empty() {
            let started = Instant::now();
            step(decoder, &mut joining, &mut tally)?;
            tally.prompt_time += started.elapsed();
            running.append(&mut joining);
        }
        let started = Instant::now();
        step(decoder, &mut running, &mut tally)?;
        tally.step_time += started.elapsed();
    }
    Ok(tally)
}

fn step(
    decoder: &mut Decoder,
    running: &mut Vec<Running>,
    tally: &mut Tally,
) -> Result<(), Box<dyn std::error::Error>> {
    if running.is_empty() {
        return Ok(());
    }
    let inputs: Vec<Input<'_>> = running
        .iter()
        .map(|running| Input {
            sequence: running.id,
            tokens: &running.feed,
        })
        .collect();
    let logits = decoder.forward(&inputs)?;
    for (row, running) in running.iter_mut().enumerate() {
        let best = logits
            .row(row)
            .iter()
            .enumerate()
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .map_or(0, |(column, _)| column);
        let token = logits.token(best);
        running.feed = vec![token];
        running.written.push(token);
        tally.written_tokens += 1;
    }
    let ended = |running: &Running| {
        let end = running
            .written
            .last()
            .is_none_or(|token| decoder.limits().end_tokens.contains(token));
        end || running.written.len() >= running.limit
    };
    let (done, going): (Vec<_>, Vec<_>) = running.drain(..).partition(ended);
    *running = going;
    for done in done {
        tally.translations[done.line] = decoder.decode(&done.written)?;
        decoder.close(done.id);
    }
    Ok(())
}

/// A line of `/proc/self/status` in megabytes; 0 where there is none.
fn resident(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| {
            line.strip_prefix(key)?
                .strip_prefix(':')?
                .split_whitespace()
                .next()
        })
        .and_then(|number| number.parse::<u64>().ok())
        .unwrap_or(0)
        / 1000
}
