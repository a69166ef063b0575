//! Names that no table has and nothing vouches for: surnames that stand alone, firms,
//! clubs. Only what is told for a name by [`score`] is looked for, and only where
//! nothing in the target may stand for it is it missing.

use super::office::may_be_name;
use super::proper::{NAME, score};
use super::spelling::{is_transcription, same_name};
use super::word::{Word, base, equal};
use super::{MOST_NAMES, check, is_listed};
use crate::figures::Language;
use crate::figures::compare::{Check, Status};
use crate::span::Span;

/// One check for each such name of the source that is no part of another check.
pub fn check_unlisted(
    source: &str,
    source_words: &[Word<'_>],
    target: &str,
    target_words: &[Word<'_>],
    checked: &[Check],
) -> Vec<Check> {
    let taken: Vec<Span> = checked
        .iter()
        .filter_map(|check| check.source.as_ref())
        .map(|mention| mention.span)
        .collect();
    let free = |word: &Word<'_>| !taken.iter().any(|span| span.overlaps(&word.span));
    let mut seen: Vec<&str> = Vec::new();
    let mut checks = Vec::new();
    let mut at = 0;
    while at < source_words.len() && seen.len() < MOST_NAMES {
        let end = run(source, source_words, at, &free);
        let Some(name) = source_words.get(at..end).filter(|name| !name.is_empty()) else {
            at += 1;
            continue;
        };
        at = end;
        let (Some(first), Some(last)) = (name.first(), name.last()) else {
            continue;
        };
        if seen.contains(&last.text) {
            continue;
        }
        seen.push(last.text);
        let span = Span::new(first.span.start, last.span.end);
        let here = Some((source, span));
        let value = span.of(source);
        match fate(name, source_words, target_words) {
            Fate::Stands(there, status) => {
                checks.push(check(value, here, Some((target, there)), status));
            }
            Fate::Gone => checks.push(check(value, here, None, Status::Missing)),
            Fate::Unknown => {}
        }
    }
    checks
}

/// The end of the name of one or more words that begins at a place.
fn run(text: &str, words: &[Word<'_>], start: usize, free: &impl Fn(&Word<'_>) -> bool) -> usize {
    let mut end = start;
    while let Some(word) = words.get(end) {
        let goes_on = end == start || word.follows;
        if !(goes_on && free(word) && is_name(text, words, end)) {
            break;
        }
        end += 1;
    }
    end
}

fn is_name(text: &str, words: &[Word<'_>], at: usize) -> bool {
    const SHORTEST: usize = 3;
    words.get(at).is_some_and(|word| {
        let letters = word.text.chars();
        letters.clone().any(char::is_uppercase)
            && letters.count() >= SHORTEST
            && !is_note(words, at)
            && may_be_name(word, Language::German)
            && !is_listed(word.text)
            && !word.text.strip_suffix('s').is_some_and(is_listed)
            && score(text, words, at).is_some_and(|score| score >= NAME)
    })
}

/// „(Anm. d. Red.)“
fn is_note(words: &[Word<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    before.is_some_and(|word| word.text == "d")
}

/// What became of a name.
enum Fate {
    Stands(Span, Status),
    Gone,
    Unknown,
}

fn fate(name: &[Word<'_>], source_words: &[Word<'_>], target_words: &[Word<'_>]) -> Fate {
    let Some(last) = name.last() else {
        return Fate::Unknown;
    };
    let stands = |german: &Word<'_>| {
        let same = |target: &&Word<'_>| equal(german, target) || is_plural(german, target);
        target_words.iter().find(same)
    };
    if let Some(target) = stands(last) {
        return Fate::Stands(target.span, Status::Kept);
    }
    let of_source = |target: &Word<'_>| source_words.iter().any(|word| word.lower == base(target));
    let like = target_words.iter().find(|target| {
        target.is_name_like() && same_name(last.text, target.text) && !of_source(target)
    });
    if let Some(target) = like {
        return match () {
            () if is_transcription(last.text, target.text) => {
                Fate::Stands(target.span, Status::Converted)
            }
            () if is_form(&target.lower, &last.lower) => Fate::Unknown,
            // „ThePolaroidDiaries“ has no spelling that could be told from it.
            () if is_camel(last.text) => Fate::Gone,
            () => Fate::Stands(target.span, Status::Changed),
        };
    }
    // „Influencerin“ is "influencer", and of „Border Collie“ a part may do.
    let hinted = target_words
        .iter()
        .any(|target| match target.is_name_like() {
            true => is_form(&target.lower, &last.lower),
            false => begins(&target.lower, &last.lower),
        });
    match hinted || name.iter().any(|word| stands(word).is_some()) {
        true => Fate::Unknown,
        false => Fate::Gone,
    }
}

/// Whether capitals stand within a word: „ThePolaroidDiaries“, but not „CBS“.
fn is_camel(word: &str) -> bool {
    let inner = || word.chars().skip(1);
    inner().any(char::is_uppercase) && inner().any(char::is_lowercase)
}

fn is_plural(german: &Word<'_>, english: &Word<'_>) -> bool {
    english.lower.strip_suffix('s') == Some(german.lower.as_str())
}

/// Whether one word is the other with an ending: Influencer and Influencerin.
fn is_form(one: &str, other: &str) -> bool {
    // „Trumpf“ is not Trump, but a Canberran is from Canberra.
    let ending = one.len().abs_diff(other.len()) > 1 || one.ends_with('n');
    ending && (one.starts_with(other) || other.starts_with(one))
}

/// Whether a word begins as the other does, in four of its letters or in all of them.
fn begins(word: &str, other: &str) -> bool {
    const LETTERS: usize = 4;
    let stem = |text: &str| text.chars().take(LETTERS).collect::<String>();
    word.starts_with(&stem(other)) || other.starts_with(&stem(word)) && word.len() >= LETTERS
}

#[cfg(test)]
mod tests {
    use crate::figures::compare::{Status, compare};
    use crate::figures::kind::Kind;

    fn names(source: &str, target: &str) -> Vec<(String, Status)> {
        let checks = compare(source, target).into_iter();
        let names = checks.filter(|check| check.kind == Kind::Name);
        names.map(|check| (check.value, check.status)).collect()
    }

    #[test]
    fn names_that_nothing_vouches_for_are_looked_for() {
        let cases = [
            (
                "Das berichtet Bloomberg.",
                "Bloomberg reports.",
                Status::Kept,
            ),
            (
                "Das berichtet Bloomberg.",
                "It is reported.",
                Status::Missing,
            ),
            (
                "Er schrieb es auf Twitter.",
                "He wrote it on Facebook.",
                Status::Missing,
            ),
            (
                "Die Polizei in Rheinbach ermittelt.",
                "Police in Rheinback investigate.",
                Status::Changed,
            ),
            (
                "Zalandos Chef geht.",
                "Zalando's boss leaves.",
                Status::Kept,
            ),
            (
                "Das sagte Wolodymyr.",
                "Volodymyr said so.",
                Status::Converted,
            ),
        ];
        for (source, target, status) in cases {
            let found = names(source, target);
            assert!(
                matches!(found.as_slice(), [(_, found)] if *found == status),
                "{source} {target}: {found:?}"
            );
        }
    }

    #[test]
    fn nouns_are_no_names_and_what_may_be_translated_is_not_missed() {
        for (source, target) in [
            ("Die Regierung lobt den Ausbau.", "It is praised."),
            ("Der Border Collie bellt.", "The Collie barks."),
            (
                "Eine Influencerin klagt.",
                "A woman who is an influencer sues.",
            ),
            (
                "Das sagte er (Anm. d. Red.) gestern.",
                "He said so yesterday.",
            ),
        ] {
            let found = names(source, target);
            let open = found.iter().find(|(_, status)| !status.resolved());
            assert_eq!(open, None, "{source}");
        }
    }
}
