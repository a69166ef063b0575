//! Candle's own quantised models, for comparison: greedy, one sequence after
//! the other, since they take batches of equal length only.
//!
//! ```text
//! cargo bench --bench candle -- MODEL.gguf --tasks FILE.json
//! ```
//!
//! The file is a list of `{"prompt": [token, …], "written": count}`; as many
//! tokens as told are written for each, whatever they are. A line of JSON on
//! standard output tells how long that took. bench/peers.py runs it.

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use candle_core::quantized::gguf_file::Content;
use candle_core::{Device, Tensor};
use candle_transformers::models::{quantized_gemma3, quantized_qwen2};
use clap::Parser;
use serde::Deserialize;

#[derive(Parser)]
struct Arguments {
    model: PathBuf,
    #[arg(long)]
    tasks: PathBuf,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Deserialize)]
struct Task {
    prompt: Vec<u32>,
    written: usize,
}

enum Model {
    Gemma3(quantized_gemma3::ModelWeights),
    Qwen2(quantized_qwen2::ModelWeights),
}

impl Model {
    fn open(path: &PathBuf) -> Result<Self, Box<dyn std::error::Error>> {
        let mut file = File::open(path)?;
        let content = Content::read(&mut file)?;
        let architecture = content.metadata.get("general.architecture");
        let architecture = architecture.ok_or("no architecture")?.to_string()?.clone();
        Ok(match architecture.as_str() {
            "gemma3" => Model::Gemma3(quantized_gemma3::ModelWeights::from_gguf(
                content,
                &mut file,
                &Device::Cpu,
            )?),
            "qwen2" => Model::Qwen2(quantized_qwen2::ModelWeights::from_gguf(
                content,
                &mut file,
                &Device::Cpu,
            )?),
            other => return Err(format!("the architecture {other} is not compared").into()),
        })
    }

    /// The best token after `tokens`; a sequence begins at position 0.
    fn next(&mut self, tokens: &[u32], position: usize) -> candle_core::Result<u32> {
        let input = Tensor::from_slice(tokens, (1, tokens.len()), &Device::Cpu)?;
        let logits = match self {
            Model::Gemma3(model) => model.forward(&input, position)?,
            Model::Qwen2(model) => model.forward(&input, position)?,
        };
        logits.flatten_all()?.argmax(0)?.to_scalar()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let tasks: Vec<Task> = serde_json::from_str(&std::fs::read_to_string(&arguments.tasks)?)?;
    let started = Instant::now();
    let mut model = Model::open(&arguments.model)?;
    let load = started.elapsed();
    let started = Instant::now();
    let mut prefill = Duration::ZERO;
    for task in &tasks {
        let begun = Instant::now();
        let mut token = model.next(&task.prompt, 0)?;
        prefill += begun.elapsed();
        for written in 1..task.written {
            token = model.next(&[token], task.prompt.len() + written - 1)?;
        }
    }
    let answer = serde_json::json!({
        "load_s": load.as_secs_f64(),
        "seconds": started.elapsed().as_secs_f64(),
        "prefill_s": prefill.as_secs_f64(),
        "prompt_tokens": tasks.iter().map(|task| task.prompt.len()).sum::<usize>(),
        "written": tasks.iter().map(|task| task.written).sum::<usize>(),
    });
    println!("{answer}");
    Ok(())
}
