//! `depesche memory`: the translation memory as a file, and numbers about it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use crate::cli::{article, output};
use crate::config::StoreConfig;
use crate::error::{Error, Result};
use crate::memory::Memory;

/// The translation memory
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Write all entries as TMX
    Export {
        /// File to write [default: standard output]
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Take the German and English segments of a TMX file
    Import {
        /// TMX file, or - for standard input
        file: PathBuf,
    },
    /// Print how many entries there are and how often they were used, as JSON
    Stats,
}

/// # Errors
/// [`Error::NoStore`], those of the store, and those of the files.
pub async fn run(command: Command, config: StoreConfig) -> Result<ExitCode> {
    let store = config.open()?.ok_or(Error::NoStore)?;
    let memory = Memory::new(store)?;
    match command {
        Command::Export { output: None } => {
            let document = String::from_utf8(memory.export().await?)
                .map_err(|_| Error::Internal("TMX was written that is not UTF-8".into()))?;
            output::print(&document)?;
        }
        Command::Export { output: Some(path) } => {
            let document = memory.export().await?;
            replace(&path, &document)?;
        }
        Command::Import { file } => {
            let document = if file.as_os_str() == "-" {
                let mut document = Vec::new();
                std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut document)
                    .map_err(|error| Error::io("reading standard input", error))?;
                document
            } else {
                std::fs::read(&file)
                    .map_err(|error| Error::io(format!("reading {}", file.display()), error))?
            };
            let count = memory.import(&document).await?;
            output::print(&format!("{count} entries taken"))?;
        }
        Command::Stats => output::print(&article::json(&memory.stats().await?.totals)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Puts a whole file in the place of what was there, or leaves that alone.
fn replace(path: &std::path::Path, content: &[u8]) -> Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    std::fs::write(&beside, content)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|error| Error::io(format!("writing {}", path.display()), error))
}
