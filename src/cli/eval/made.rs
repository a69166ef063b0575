//! What the model makes of the sources, and how fast.

use std::time::Instant;

use serde::Serialize;

use super::accounts::Accounts;
use super::{Args, Unit};
use crate::cli::{progress, start_pipeline};
use crate::config::EngineConfig;
use crate::dispatch::{LanguagePolicy, Options};
use crate::document::Format;
use crate::engine::{Decoding, Submission};
use crate::error::Result;
use crate::pipeline::{Context, Pipeline, Text};

/// How fast the model was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Speed {
    pub seconds: f64,
    pub segments_per_second: f64,
    pub tokens_per_second: f64,
}

/// What the model made of the sources.
pub(super) struct Made {
    pub hypotheses: Vec<String>,
    tokens: usize,
    /// None where the pipeline was passed by.
    pub accounts: Option<Accounts>,
}

pub(super) async fn translate(
    sources: &[String],
    args: &Args,
    mut config: EngineConfig,
) -> Result<(Made, Speed)> {
    config.queue = config.queue.max(sources.iter().map(String::len).sum());
    let pipeline = start_pipeline(&config, progress::downloads().as_ref())?;
    pipeline.engine().ready().await;
    let clock = Instant::now();
    let mut made = match args.unit {
        Unit::Sentence => by_sentence(&pipeline, sources, args).await?,
        Unit::Line => by_line(&pipeline, sources, usize::from(args.beams)).await?,
    };
    let seconds = clock.elapsed().as_secs_f64();
    let speed = Speed {
        seconds,
        segments_per_second: sources.len() as f64 / seconds,
        tokens_per_second: made.tokens as f64 / seconds,
    };
    for hypothesis in &mut made.hypotheses {
        *hypothesis = hypothesis.lines().collect::<Vec<_>>().join(" ");
    }
    Ok((made, speed))
}

/// The whole pipeline, each line a text of its own.
async fn by_sentence(pipeline: &Pipeline, sources: &[String], args: &Args) -> Result<Made> {
    let texts = sources
        .iter()
        .map(|source| Text {
            text: source.clone(),
            format: Format::Text,
        })
        .collect();
    let options = Options {
        beams: usize::from(args.beams),
        repair: args.repair,
        language: LanguagePolicy::Trust,
        ..Options::default()
    };
    let context = Context {
        deadline: None,
        events: progress::segments(),
        glossary: None,
    };
    let answer = pipeline.translate(texts, options, context).await?;
    Ok(Made {
        tokens: answer.timings.tokens,
        accounts: Some(Accounts::of(&answer)),
        hypotheses: answer
            .translations
            .into_iter()
            .map(|translation| translation.text)
            .collect(),
    })
}

/// As [`by_sentence`], but past the pipeline: a line is a segment.
async fn by_line(pipeline: &Pipeline, sources: &[String], beams: usize) -> Result<Made> {
    let mut replies = pipeline.engine().submit(Submission {
        texts: sources.to_vec(),
        decoding: Decoding {
            beams: match beams {
                0 => pipeline.engine().usual_beams(),
                beams => beams,
            },
            ..Decoding::default()
        },
        required: Vec::new(),
        expires: None,
    })?;
    let mut hypotheses = vec![String::new(); sources.len()];
    let mut tokens = 0;
    while let Some((line, translated)) = replies.next().await {
        let translated = translated?;
        tokens += translated.tokens;
        hypotheses[line] = translated.text;
    }
    Ok(Made {
        hypotheses,
        tokens,
        accounts: None,
    })
}
