//! What `depesche bench` tells.

use std::fmt::Write;

use serde::Serialize;

/// A measurement and its circumstances.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub model: String,
    pub adapter: Option<String>,
    /// Instruction set of the kernels.
    pub kernel: String,
    pub threads: usize,
    /// Time from the files to a model that can run; files may come from the
    /// system's cache.
    pub load_seconds: f64,
    #[serde(flatten)]
    pub runs: Run,
}

/// What was measured of a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    pub segments: Vec<Segment>,
    /// For each batch size the round with the median time.
    pub throughput: Vec<Throughput>,
    /// The median round.
    pub prefill: Option<Prefill>,
    /// One sentence alone, from its arrival to its first token …
    pub first_token: Option<Latency>,
    /// … and to its whole translation.
    pub sentence: Option<Latency>,
}

/// What was translated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    pub source: String,
    /// Tokens written for it, the end token included.
    pub written: usize,
}

/// All segments through the engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Throughput {
    /// Most sequences at once.
    pub batch: usize,
    pub seconds: f64,
    pub written_tokens: usize,
    pub written_per_second: f64,
    pub prompt_tokens: usize,
    pub prompt_per_second: f64,
    pub segments_per_second: f64,
    /// Forward passes.
    pub steps: usize,
    /// Share of the batch that was in use, averaged over the steps.
    pub occupancy: f64,
    /// Most memory of the process in megabytes, where the system tells.
    pub peak_mb: Option<u64>,
}

/// Prompts alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prefill {
    pub tokens: usize,
    pub seconds: f64,
    pub per_second: f64,
}

/// Percentiles in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latency {
    pub count: usize,
    pub p50_ms: f64,
    pub p90_ms: f64,
    pub p99_ms: f64,
}

impl Latency {
    /// Percentiles (nearest rank) of times in seconds; `None` of none.
    pub fn of(mut seconds: Vec<f64>) -> Option<Self> {
        seconds.sort_by(f64::total_cmp);
        let count = seconds.len();
        let rank = |percent: usize| {
            let rank = (count * percent).div_ceil(100).max(1);
            Some(seconds.get(rank - 1)? * 1e3)
        };
        Some(Latency {
            count,
            p50_ms: rank(50)?,
            p90_ms: rank(90)?,
            p99_ms: rank(99)?,
        })
    }
}

/// The round with the median time, with the most memory of any.
pub fn median_of(mut rounds: Vec<Throughput>) -> Option<Throughput> {
    let peak_mb = rounds.iter().filter_map(|round| round.peak_mb).max();
    rounds.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let middle = rounds.len() / 2;
    let median = rounds.into_iter().nth(middle)?;
    Some(Throughput { peak_mb, ..median })
}

pub fn median_prefill(rounds: &[Prefill]) -> Option<Prefill> {
    let mut rounds: Vec<&Prefill> = rounds.iter().collect();
    rounds.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    rounds.get(rounds.len() / 2).map(|median| (*median).clone())
}

impl Report {
    /// The report for people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let adapter = self.adapter.as_deref().unwrap_or("no adapter");
        writeln!(
            out,
            "{} ({adapter}), {} threads, {} kernels, loaded in {:.2} s",
            self.model, self.threads, self.kernel, self.load_seconds
        )
        .ok();
        let run = &self.runs;
        writeln!(out, "{} segments\n", run.segments.len()).ok();
        writeln!(
            out,
            "batch   seconds  segments/s  written/s  prompt/s  occupancy  peak MB"
        )
        .ok();
        for found in &run.throughput {
            let peak = found.peak_mb.map_or("?".to_owned(), |mb| mb.to_string());
            writeln!(
                out,
                "{:>5} {:>9.2} {:>11.2} {:>10.1} {:>9.1} {:>8.0} % {:>8}",
                found.batch,
                found.seconds,
                found.segments_per_second,
                found.written_per_second,
                found.prompt_per_second,
                found.occupancy * 100.0,
                peak
            )
            .ok();
        }
        out.push('\n');
        if let Some(prefill) = &run.prefill {
            writeln!(
                out,
                "prompts alone  {:.1} tokens/s ({} in {:.2} s)",
                prefill.per_second, prefill.tokens, prefill.seconds
            )
            .ok();
        }
        let latencies = [
            ("first token", &run.first_token),
            ("one sentence", &run.sentence),
        ];
        for (what, found) in latencies {
            if let Some(latency) = found {
                writeln!(
                    out,
                    "{what:<13}  {:.1} ms (p50), {:.1} (p90), {:.1} (p99) of {}",
                    latency.p50_ms, latency.p90_ms, latency.p99_ms, latency.count
                )
                .ok();
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let latency = Latency::of((1..=10).rev().map(f64::from).collect()).unwrap();
        assert_eq!(latency.count, 10);
        assert_eq!(
            [latency.p50_ms, latency.p90_ms, latency.p99_ms],
            [5e3, 9e3, 10e3]
        );
        assert_eq!(Latency::of(vec![2.0]).unwrap().p50_ms, 2e3);
        assert_eq!(Latency::of(Vec::new()), None);
    }

    #[test]
    fn the_median_round_is_told_with_the_largest_memory() {
        let round = |seconds: f64, peak_mb| Throughput {
            batch: 4,
            seconds,
            written_tokens: 10,
            written_per_second: 10.0 / seconds,
            prompt_tokens: 5,
            prompt_per_second: 5.0 / seconds,
            segments_per_second: 1.0 / seconds,
            steps: 3,
            occupancy: 0.5,
            peak_mb,
        };
        let rounds = vec![round(3.0, Some(7)), round(1.0, Some(9)), round(2.0, None)];
        assert_eq!(median_of(rounds), Some(round(2.0, Some(9))));
        assert_eq!(median_of(Vec::new()), None);
    }
}
