//! Phrases that a model says again and again.

/// Whether a phrase of up to eight words stands at least four times in a row in
/// a translation, and none does in its source.
pub fn repeats(source: &str, target: &str) -> bool {
    has_run(target) && !has_run(source)
}

fn has_run(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..=8).any(|period| {
        let run = words
            .iter()
            .zip(words.iter().skip(period))
            .fold((0usize, 0usize), |(longest, run), (a, b)| {
                let run = if a == b { run + 1 } else { 0 };
                (longest.max(run), run)
            })
            .0;
        run >= 3 * period
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_repeats_may_be_repeated() {
        assert!(has_run("a b a b a b a b"));
        assert!(!has_run("a b a b"));
        assert!(!has_run(""));
        assert!(repeats("Er lief.", "He ran ran ran ran away."));
        assert!(!repeats("Nein nein nein nein!", "No no no no!"));
    }
}
