//! Names that no table has: surnames that stand alone, firms, clubs, products. German
//! writes every noun with a capital, so what tells a name is learned: a logistic
//! regression over the word, its letters and its neighbours says how likely English
//! keeps the word as it is. `tools/proper_names.py` makes the table, and says how well
//! it does on text it has not seen.

use super::given::is_given_name;
use super::word::Word;

/// One weight, in sixteenths, for each hash of an observation.
static WEIGHTS: &[u8; 1 << BITS] = include_bytes!("proper.bin");

const BITS: u32 = 17;

/// From this score on a word is a name: 97 of 100 of such words are kept by human
/// translators, and it finds three of four names that they keep.
pub const NAME: i32 = 32;

/// How surely the word at a place is a name that English keeps, as the logarithm of its
/// odds in sixteenths; from [`NAME`] on it is one. Works in time linear in the lengths
/// of the word and of its neighbours.
pub fn score(text: &str, words: &[Word<'_>], at: usize) -> Option<i32> {
    let word = words.get(at)?;
    let last = at.checked_sub(1).and_then(|last| words.get(last));
    let next = words.get(at + 1);
    let before = text.get(last.map_or(0, |last| last.span.end)..word.span.start)?;
    let behind = text.get(word.span.end..next.map_or(text.len(), |next| next.span.start))?;
    let start = last.is_none() || before.contains(is_stop);
    let last = last
        .filter(|_| is_space(before))
        .map_or("", |last| last.text);
    let next = next
        .filter(|_| is_space(behind))
        .map_or("", |next| next.text);
    let upper = word.text.chars().filter(|c| c.is_uppercase()).count();
    let case = match upper {
        upper if upper == word.text.chars().count() => "2",
        0 | 1 => "0",
        _ => "1",
    };
    let lower = last.to_lowercase();
    let ending = lower.char_indices().rev().nth(1).map_or(0, |(at, _)| at);
    let observed = [
        weight('w', word.text),
        weight('c', case),
        weight('s', digit(start)),
        weight('p', &lower),
        weight('e', lower.get(ending..)?),
        weight('q', digit(last.starts_with(char::is_uppercase))),
        weight('b', last_letter(before.trim())),
        weight('n', &next.to_lowercase()),
        weight('m', digit(next.starts_with(char::is_uppercase))),
        weight('a', first_letter(behind.trim())),
        weight('f', digit(is_given_name(last))),
        weight('h', digit(is_given_name(word.text))),
        weight(
            'i',
            match (before == "-", behind == "-") {
                (false, false) => "00",
                (false, true) => "01",
                (true, false) => "10",
                (true, true) => "11",
            },
        ),
    ];
    Some(observed.iter().sum::<i32>() + letters(&word.lower))
}

/// The weights of all runs of three to five letters, the word's ends counting as such.
fn letters(lower: &str) -> i32 {
    let bounded = format!("^{lower}$");
    let starts: Vec<usize> = bounded
        .char_indices()
        .map(|(at, _)| at)
        .chain([bounded.len()])
        .collect();
    let runs = [3, 4, 5].into_iter().flat_map(|length| {
        let ends = starts.iter().skip(length);
        starts.iter().zip(ends).map(|(start, end)| (*start, *end))
    });
    runs.filter_map(|(start, end)| bounded.get(start..end))
        .map(|run| weight('g', run))
        .sum()
}

/// The weight of an observation: FNV-1a of its kind and its text, folded to so many
/// bits, is its place (Fowler, Noll and Vo; RFC 9923).
fn weight(kind: char, text: &str) -> i32 {
    let mut buffer = [0; 4];
    let bytes = kind.encode_utf8(&mut buffer).bytes().chain(text.bytes());
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let place = (hash ^ hash >> BITS) & ((1 << BITS) - 1);
    let weight = usize::try_from(place)
        .ok()
        .and_then(|place| WEIGHTS.get(place));
    weight.map_or(0, |weight| i32::from(i8::from_ne_bytes([*weight])))
}

/// Behind these a sentence may begin, and its first word has a capital anyway.
fn is_stop(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | ':' | '„' | '“' | '”' | '"' | '«' | '»' | '–'
    )
}

fn is_space(gap: &str) -> bool {
    matches!(gap, " " | "\u{a0}")
}

fn digit(yes: bool) -> &'static str {
    match yes {
        true => "1",
        false => "0",
    }
}

fn first_letter(text: &str) -> &str {
    let end = text.char_indices().nth(1).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or("")
}

fn last_letter(text: &str) -> &str {
    let start = text.char_indices().next_back().map_or(0, |(at, _)| at);
    text.get(start..).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::super::word::words;
    use super::*;

    /// The numbers that `tools/proper_names.py` prints when it has written the table.
    #[test]
    fn words_score_as_in_the_tool_that_learned_the_weights() {
        let expected = [
            (
                "Wie Bretschneider sagte, baut Siemens in der Türkei ab.",
                vec![-78, 70, -32, -48, 35, 23, -55, -109, -25],
            ),
            (
                "Die Regierung lobt „Zalando“ und die SAP-Aktie.",
                vec![-98, -116, 17, 61, -63, -71, 65, -81],
            ),
        ];
        for (text, expected) in expected {
            let words = words(text);
            let scores = (0..words.len()).map(|at| score(text, &words, at));
            let scores: Vec<i32> = scores.flatten().collect();
            assert_eq!(scores, expected, "{text}");
        }
    }
}
