//! The repetition guard: small models sometimes say a phrase again and again
//! until their length limit.

/// Tokens that a loop must cover before it is called one.
const LOOP_TOKENS: usize = 24;
/// Times that the phrase must stand in a row.
const LOOP_REPEATS: usize = 4;
/// Longest phrase that is looked for, in tokens.
const LONGEST_PHRASE: usize = 32;
/// Phrases of this many tokens may occur twice in a second attempt, no more.
const RETRY_NGRAM: usize = 4;

/// Tokens of the longest stretch that repeats itself every `period` tokens.
fn longest_repeat(tokens: &[u32], period: usize) -> usize {
    let later = tokens.iter().skip(period);
    let (longest, _) = later
        .zip(tokens)
        .fold((0, 0), |(longest, run), (later, earlier)| {
            let run = if later == earlier { run + 1 } else { 0 };
            (longest.max(run), run)
        });
    if longest == 0 { 0 } else { longest + period }
}

/// Watches one output. What the source itself repeats may be repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    allowed: usize,
}

impl Guard {
    /// `source` are the tokens of the prompt: a row of dots there makes a row
    /// of dots in the output legitimate.
    pub fn new(source: &[u32]) -> Self {
        let own = (1..=LONGEST_PHRASE)
            .map(|period| (period, longest_repeat(source, period)))
            .filter(|(period, covered)| *covered >= LOOP_REPEATS * period)
            .map(|(_, covered)| covered)
            .max()
            .unwrap_or(0);
        Guard {
            allowed: LOOP_TOKENS + 2 * own,
        }
    }

    /// Whether `tokens` end in a phrase that follows itself again and again.
    pub fn finds_loop(&self, tokens: &[u32]) -> bool {
        (1..=LONGEST_PHRASE).any(|period| {
            let equal = tokens
                .iter()
                .rev()
                .zip(tokens.iter().rev().skip(period))
                .take_while(|(later, earlier)| later == earlier)
                .count();
            let covered = equal + period;
            covered >= self.allowed && covered >= LOOP_REPEATS * period
        })
    }
}

/// Tokens that a second attempt may not write now: each would complete a
/// phrase of `RETRY_NGRAM` tokens for the third time.
pub fn banned(tokens: &[u32]) -> Vec<u32> {
    let context = RETRY_NGRAM - 1;
    if tokens.len() < context {
        return Vec::new();
    }
    let tail = &tokens[tokens.len() - context..];
    let mut followers: Vec<u32> = tokens
        .windows(RETRY_NGRAM)
        .filter(|window| &window[..context] == tail)
        .map(|window| window[context])
        .collect();
    followers.sort_unstable();
    followers
        .chunk_by(|a, b| a == b)
        .filter(|run| run.len() >= 2)
        .map(|run| run[0])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looped(prefix: &[u32], phrase: &[u32], times: usize) -> Vec<u32> {
        let mut tokens = prefix.to_vec();
        for _ in 0..times {
            tokens.extend_from_slice(phrase);
        }
        tokens
    }

    #[test]
    fn a_phrase_without_end_is_found() {
        let guard = Guard::new(&[1, 2, 3]);
        assert!(guard.finds_loop(&looped(&[9, 8], &[5, 6, 7], 8)));
        assert!(guard.finds_loop(&looped(&[9], &[5], 24)));
        let longest: Vec<u32> = (0..LONGEST_PHRASE as u32).collect();
        assert!(guard.finds_loop(&looped(&[9], &longest, 4)));
    }

    #[test]
    fn emphasis_is_not_a_loop() {
        let guard = Guard::new(&[1, 2, 3]);
        assert!(!guard.finds_loop(&looped(&[1], &[2, 3], 4)));
        assert!(!guard.finds_loop(&(0..200).collect::<Vec<_>>()));
        assert!(!guard.finds_loop(&[]));
        assert!(!guard.finds_loop(&[7]));
    }

    #[test]
    fn what_the_source_repeats_may_be_repeated() {
        let source = looped(&[1], &[4], 30);
        let output = looped(&[9], &[5], 30);
        assert!(Guard::new(&[1]).finds_loop(&output));
        assert!(!Guard::new(&source).finds_loop(&output));
    }

    /// The bans of a second attempt make a loop impossible, whatever a model
    /// would like to say.
    #[test]
    fn no_loop_survives_the_bans() {
        let guard = Guard::new(&[1]);
        for period in 1..=LONGEST_PHRASE as u32 {
            let mut tokens = Vec::new();
            for wish in (0..period).cycle().take(400) {
                if banned(&tokens).contains(&wish) {
                    break;
                }
                tokens.push(wish);
                assert!(!guard.finds_loop(&tokens), "period {period}");
            }
            assert!(tokens.len() < 400, "period {period} was never stopped");
        }
    }

    #[test]
    fn a_second_attempt_may_say_a_phrase_twice_only() {
        assert!(banned(&[1, 2, 3, 4, 1, 2, 3]).is_empty());
        assert_eq!(banned(&[1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3]), [4]);
        assert!(banned(&[1]).is_empty());
    }
}
