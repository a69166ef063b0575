//! The command line; see `depesche --help`.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = depesche::cli::Cli::parse();
    let ended = depesche::cli::run(cli);
    depesche::telemetry::traces::finish();
    match ended {
        Ok(code) => code,
        Err(error) => {
            eprintln!("depesche: {error}");
            ExitCode::from(error.code().entry().exit)
        }
    }
}
