//! Settings of the model and of the engine.

use std::path::PathBuf;

use super::RemoteConfig;
use crate::figures::{ClockStyle, FigureStyle, HouseStyle};

/// Settings of the model and of the engine, for every command that translates.
#[derive(Debug, Clone, PartialEq, clap::Args)]
#[command(next_help_heading = "Model")]
pub struct EngineConfig {
    /// Model: a name or alias of the manifest, a .gguf file or a Marian folder
    #[arg(long, env = "DEPESCHE_MODEL", default_value = "default", global = true)]
    pub model: String,

    /// Folder for model files [default: the user's cache folder]
    #[arg(long, env = "DEPESCHE_CACHE", global = true)]
    pub cache: Option<PathBuf>,

    /// Manifest of models to use in place of the built-in one
    #[arg(long, env = "DEPESCHE_MANIFEST", global = true)]
    pub manifest: Option<PathBuf>,

    /// Adapter (.safetensors) in place of the manifest's; "none" for no adapter
    #[arg(long, env = "DEPESCHE_ADAPTER", global = true)]
    pub adapter: Option<PathBuf>,

    /// Score every token of the vocabulary at each step, even when the adapter
    /// names those that a translation can need
    #[arg(long, env = "DEPESCHE_WHOLE_VOCABULARY", global = true)]
    pub whole_vocabulary: bool,

    /// Sequences that are decoded together [default: the model's]
    #[arg(long, env = "DEPESCHE_SEQUENCES", global = true,
          value_parser = clap::value_parser!(u16).range(1..=256))]
    pub sequences: Option<u16>,

    /// Segments that may wait in the queue before requests are refused
    #[arg(long, env = "DEPESCHE_QUEUE", default_value_t = 4096, global = true,
          value_parser = positive)]
    pub queue: usize,

    /// Bytes for segments that were translated before; 0 for none
    #[arg(long, env = "DEPESCHE_SEGMENT_CACHE", default_value_t = 64 * 1024 * 1024, global = true)]
    pub segment_cache: usize,

    /// Threads of the model [default: all cores]
    #[arg(long, env = "DEPESCHE_THREADS", global = true,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// How money and percentages are written: as the model wrote them, as
    /// €3.5 billion and 25%, or as 3.5 billion euros and 25 percent
    #[arg(
        long,
        env = "DEPESCHE_FIGURE_STYLE",
        value_enum,
        default_value_t,
        global = true,
        help_heading = "House style"
    )]
    pub figure_style: FigureStyle,

    /// How times of day are written: as the model wrote them, as 8:15 p.m., or as 20:15
    #[arg(
        long,
        env = "DEPESCHE_CLOCK_STYLE",
        value_enum,
        default_value_t,
        global = true,
        help_heading = "House style"
    )]
    pub clock_style: ClockStyle,

    #[command(flatten)]
    pub remote: RemoteConfig,
}

impl EngineConfig {
    /// The style that figures are written in.
    pub const fn style(&self) -> HouseStyle {
        HouseStyle {
            figures: self.figure_style,
            clock: self.clock_style,
        }
    }

    /// Settings for tests: few sequences, a small queue, nothing from the
    /// environment.
    pub fn for_testing() -> Self {
        EngineConfig {
            model: "default".into(),
            cache: None,
            manifest: None,
            adapter: None,
            whole_vocabulary: false,
            segment_cache: 0,
            sequences: Some(4),
            queue: 64,
            threads: Some(1),
            remote: RemoteConfig::for_testing(),
            figure_style: FigureStyle::Keep,
            clock_style: ClockStyle::Keep,
        }
    }
}

/// A whole number that is not 0.
fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1".into()),
        Ok(number) => Ok(number),
        Err(error) => Err(error.to_string()),
    }
}
