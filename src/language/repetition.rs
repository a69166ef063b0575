//! Phrases that a model says again and again.

/// The first half of a text that says everything twice, word for word: "It rains. It
/// rains." `None` for all other texts, and for one word said twice.
pub fn said_once(text: &str) -> Option<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let half = words.len() / 2;
    if half < 2 || !words.len().is_multiple_of(2) {
        return None;
    }
    let plain = |word: &&str| {
        let word = word.trim_end_matches(['.', ',', '!', '?', ';', ':']);
        word.to_lowercase()
    };
    let (first, second) = words.split_at(half);
    if !first.iter().map(plain).eq(second.iter().map(plain)) {
        return None;
    }
    // Words are slices of the text.
    let last = first.last()?;
    let end = last.as_ptr() as usize + last.len() - text.as_ptr() as usize;
    text.get(..end)
}

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
