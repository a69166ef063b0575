//! Phrases that an answer must contain, and how far a beam is with them; and
//! phrases that no beam may write.
//!
//! The search is that of Hokamp & Liu (2017) with the beam shared out as by
//! Post & Vilar (2018), but in whole phrases: a beam that has begun one writes
//! it to its end, and beams compete only with those that have begun as many.

/// A phrase, in any of its spellings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Phrase {
    /// In the model's tokens; none of them is empty.
    spellings: Vec<Vec<u32>>,
}

impl Phrase {
    /// `None` when nothing is left to write.
    pub fn new(spellings: impl IntoIterator<Item = Vec<u32>>) -> Option<Self> {
        let spellings: Vec<Vec<u32>> = spellings
            .into_iter()
            .filter(|tokens| !tokens.is_empty())
            .collect();
        (!spellings.is_empty()).then_some(Phrase { spellings })
    }
}

/// A set of phrases, few enough for one bit each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Phrases {
    required: Vec<Phrase>,
    /// In the model's tokens; none of them is empty.
    avoided: Vec<Vec<u32>>,
}

/// How far a beam is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// One bit per phrase that was begun.
    begun: u32,
    /// The one that is not complete yet.
    open: Option<Place>,
}

/// A place in a phrase: the next token to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    phrase: usize,
    spelling: usize,
    token: usize,
}

impl Phrases {
    /// The first of the phrases, as many as there is room for.
    pub fn new(phrases: Vec<Phrase>, room: usize) -> Self {
        let mut phrases = phrases;
        phrases.truncate(room.min(u32::BITS as usize));
        Phrases {
            required: phrases,
            avoided: Vec::new(),
        }
    }

    /// The same, and phrases that no answer says.
    pub fn avoiding(mut self, phrases: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let phrases = phrases.into_iter().filter(|tokens| !tokens.is_empty());
        self.avoided.extend(phrases);
        self
    }

    pub fn is_empty(&self) -> bool {
        self.required.is_empty() && self.avoided.is_empty()
    }

    /// Whether tokens, with one more, end in a phrase that no answer says.
    pub fn are_broken_by(&self, tokens: &[u32], last: u32) -> bool {
        ends_in_any(&self.avoided, tokens, last)
    }

    /// Groups of beams that compete among themselves.
    pub fn banks(&self) -> usize {
        self.required.len() + 1
    }

    /// Tokens that the phrases take to remember.
    pub fn tokens(&self) -> usize {
        let spellings = self.required.iter().flat_map(|phrase| &phrase.spellings);
        spellings.chain(&self.avoided).map(Vec::len).sum()
    }

    /// Whether an answer may end here.
    pub fn complete(&self, progress: Progress) -> bool {
        progress.open.is_none() && progress.bank() == self.required.len()
    }

    /// What may be written next, if a phrase is open: a token of each spelling
    /// that begins with what was written, but each token once. Beams that differ
    /// in nothing but the spelling that they are going to write would push out others.
    pub fn forced(&self, progress: Progress) -> Vec<(u32, Progress)> {
        let Some(place) = progress.open else {
            return Vec::new();
        };
        let written = self.spelling(place).and_then(|s| s.get(..place.token));
        let (Some(phrase), Some(written)) = (self.required.get(place.phrase), written) else {
            return Vec::new();
        };
        let mut next: Vec<(u32, Progress)> = Vec::new();
        for (spelling, tokens) in phrase.spellings.iter().enumerate() {
            let Some(token) = tokens.get(place.token) else {
                continue;
            };
            if !tokens.starts_with(written) || next.iter().any(|(known, _)| known == token) {
                continue;
            }
            let after = Place {
                spelling,
                token: place.token + 1,
                ..place
            };
            // Once the shortest that has these tokens is whole, so is the phrase.
            let written = &tokens[..after.token];
            let open = (!phrase.spellings.iter().any(|tokens| tokens == written)).then_some(after);
            next.push((*token, Progress { open, ..progress }));
        }
        next
    }

    /// First tokens of all phrases that are not begun.
    pub fn beginnings(&self, progress: Progress) -> impl Iterator<Item = (u32, Progress)> {
        let waiting =
            (0..self.required.len()).filter(move |phrase| progress.begun & (1 << phrase) == 0);
        waiting.flat_map(move |phrase| {
            self.forced(Progress {
                begun: progress.begun | (1 << phrase),
                open: Some(Place {
                    phrase,
                    spelling: 0,
                    token: 0,
                }),
            })
        })
    }

    fn spelling(&self, place: Place) -> Option<&[u32]> {
        let phrase = self.required.get(place.phrase)?;
        phrase.spellings.get(place.spelling).map(Vec::as_slice)
    }
}

/// Whether tokens, with one more, end in one of these sequences.
pub(crate) fn ends_in_any(sequences: &[Vec<u32>], tokens: &[u32], last: u32) -> bool {
    sequences.iter().any(|sequence| {
        sequence
            .split_last()
            .is_some_and(|(end, before)| *end == last && tokens.ends_with(before))
    })
}

impl Progress {
    /// How many phrases were begun.
    pub fn bank(self) -> usize {
        self.begun.count_ones() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(phrases: &[&[&[u32]]]) -> Phrases {
        let phrases = phrases
            .iter()
            .filter_map(|spellings| Phrase::new(spellings.iter().map(|tokens| tokens.to_vec())));
        Phrases::new(phrases.collect(), 8)
    }

    #[test]
    fn what_no_answer_says_is_known_by_its_last_token() {
        let phrases = Phrases::new(Vec::new(), 8).avoiding([vec![1, 2], Vec::new(), vec![3]]);
        assert!(!phrases.is_empty());
        assert_eq!(phrases.banks(), 1);
        assert!(phrases.are_broken_by(&[9, 1], 2));
        assert!(phrases.are_broken_by(&[], 3));
        for (before, last) in [(&[1, 9][..], 2), (&[], 2), (&[9, 1], 1)] {
            assert!(!phrases.are_broken_by(before, last), "{before:?} {last}");
        }
    }

    #[test]
    fn a_phrase_is_written_to_its_end() {
        let phrases = phrases(&[&[&[1, 2, 3], &[4]], &[&[5]]]);
        let begun: Vec<(u32, Progress)> = phrases.beginnings(Progress::default()).collect();
        let tokens: Vec<u32> = begun.iter().map(|(token, _)| *token).collect();
        assert_eq!(tokens, [1, 4, 5]);
        let (_, long) = begun[0];
        assert_eq!(long.bank(), 1);
        let &[(2, long)] = phrases.forced(long).as_slice() else {
            panic!("no second token");
        };
        let &[(3, long)] = phrases.forced(long).as_slice() else {
            panic!("no third token");
        };
        assert_eq!(phrases.forced(long), []);
        assert!(!phrases.complete(long));
        let left: Vec<(u32, Progress)> = phrases.beginnings(long).collect();
        let [(5, whole)] = left.as_slice() else {
            panic!("{left:?}");
        };
        assert!(phrases.complete(*whole));
        assert_eq!(phrases.beginnings(*whole).count(), 0);
    }

    #[test]
    fn spellings_share_their_beginnings() {
        let phrases = phrases(&[&[&[1, 2, 3], &[1, 2, 4], &[1, 5], &[1, 5, 6]]]);
        let begun: Vec<(u32, Progress)> = phrases.beginnings(Progress::default()).collect();
        let &[(1, one)] = begun.as_slice() else {
            panic!("{begun:?}");
        };
        let second = phrases.forced(one);
        let &[(2, two), (5, five)] = second.as_slice() else {
            panic!("{second:?}");
        };
        assert!(phrases.complete(five) && !phrases.complete(two));
        let third: Vec<u32> = phrases
            .forced(two)
            .iter()
            .map(|(token, _)| *token)
            .collect();
        assert_eq!(third, [3, 4]);
    }

    #[test]
    fn nothing_asked_for_is_complete_at_once() {
        let none = phrases(&[&[&[]]]);
        assert!(none.is_empty() && none.complete(Progress::default()));
        assert_eq!(none.banks(), 1);
    }
}
