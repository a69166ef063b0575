//! BLEU (Papineni et al. 2002) with the tokenisation of mteval-v13a and
//! exponential smoothing.

use std::sync::LazyLock;

use regex::Regex;

use crate::eval::{matches, ngrams};

/// What sacrebleu prints for this configuration.
pub const BLEU_SIGNATURE: &str = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp";

const ORDER: usize = 4;

/// The rules of mteval-v13a, applied one after the other.
static RULES: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r"([\{-\~\[-` -\&\(-\+:-@/])", " $1 "),
        (r"([^0-9])([\.,])", "$1 $2 "),
        (r"([\.,])([^0-9])", " $1 $2"),
        (r"([0-9])(-)", "$1 $2 "),
    ]
    .into_iter()
    .filter_map(|(pattern, replacement)| Some((Regex::new(pattern).ok()?, replacement)))
    .collect()
});

fn tokens(text: &str) -> Vec<String> {
    let unescaped = text
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    let padded = format!(" {unescaped} ");
    let spaced = RULES.iter().fold(padded, |text, (pattern, replacement)| {
        pattern.replace_all(&text, *replacement).into_owned()
    });
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// BLEU of a corpus, from 0 to 100.
pub fn bleu<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> f64 {
    let mut correct = [0usize; ORDER];
    let mut total = [0usize; ORDER];
    let (mut ours_length, mut theirs_length) = (0, 0);
    for (hypothesis, reference) in pairs {
        let (ours, theirs) = (tokens(hypothesis), tokens(reference));
        ours_length += ours.len();
        theirs_length += theirs.len();
        for n in 1..=ORDER {
            correct[n - 1] += matches(&ngrams(&ours, n), &ngrams(&theirs, n));
            total[n - 1] += (ours.len() + 1).saturating_sub(n);
        }
    }
    if total.contains(&0) {
        return 0.0;
    }
    let mut smoothing = 1.0;
    let logarithms: f64 = correct
        .iter()
        .zip(total)
        .map(|(&correct, total)| {
            if correct == 0 {
                smoothing *= 2.0;
                (1.0 / (smoothing * total as f64)).ln()
            } else {
                (correct as f64 / total as f64).ln()
            }
        })
        .sum();
    let brevity = if ours_length < theirs_length {
        (1.0 - theirs_length as f64 / ours_length as f64).exp()
    } else {
        1.0
    };
    100.0 * brevity * (logarithms / ORDER as f64).exp()
}
