//! Whether a sentence can stand in a summary on its own.

use crate::figures::{Check, Status};

/// How fit a sentence is, from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fitness {
    /// It holds a figure or a name that its source lacks: never chosen.
    Wrong,
    /// A byline, a picture credit, a link to more, a fragment.
    Furniture,
    /// A figure or a name of the source is missing in it.
    Unproved,
    /// A question, a cut quotation, someone's `I` or `we`, "This was announced on
    /// Friday."
    Doubtful,
    Fit,
}

/// Judges a sentence by its words and its figures.
pub fn judge(source: &str, target: &str, checks: &[Check]) -> Fitness {
    if is_wrong(checks) {
        Fitness::Wrong
    } else if is_furniture(source, target) {
        Fitness::Furniture
    } else if checks.iter().any(|check| !check.status.resolved()) {
        Fitness::Unproved
    } else if is_question(target)
        || has_open_quote(target)
        || speaks_for_itself(target)
        || only_points_back(target)
    {
        Fitness::Doubtful
    } else {
        Fitness::Fit
    }
}

/// Whether a translation says a figure or a name that its source does not.
pub fn is_wrong(checks: &[Check]) -> bool {
    checks.iter().any(|check| match check.status {
        Status::Added | Status::Changed => true,
        Status::Kept | Status::Converted | Status::Missing => false,
    })
}

/// Words with which a page points elsewhere or credits its makers.
const FURNITURE: [&str; 22] = [
    "mehr zum thema",
    "mehr dazu",
    "lesen sie",
    "lesen sie auch",
    "das könnte sie",
    "foto:",
    "bild:",
    "quelle:",
    "stand:",
    "von unserem",
    "hier geht es",
    "newsletter",
    "more on",
    "read more",
    "read also",
    "also read",
    "photo:",
    "image:",
    "source:",
    "click here",
    "subscribe",
    "sign up",
];

fn is_furniture(source: &str, target: &str) -> bool {
    const FEWEST_WORDS: usize = 5;
    let starts = |text: &str| {
        let head: String = text.trim_start().chars().take(24).collect();
        let head = head.to_lowercase();
        FURNITURE.iter().any(|words| head.starts_with(words))
    };
    let ends = ['.', '!', '?', '…', '"', '”', '\'', '’', ')', '»'];
    let words = target.split_whitespace().count();
    let address = |text: &str| text.contains("www.") || text.contains("://");
    starts(source)
        || starts(target)
        || address(target)
        || words < FEWEST_WORDS
        || !target.trim_end().ends_with(ends)
}

/// A short sentence about the one before it has little to tell.
fn only_points_back(target: &str) -> bool {
    const FEWEST_WORDS: usize = 8;
    target.split_whitespace().count() < FEWEST_WORDS && leans_back(target)
}

fn is_question(target: &str) -> bool {
    target
        .trim_end_matches(['"', '”', '\'', '’', ' ', ')'])
        .ends_with('?')
}

/// A quotation that begins or ends outside the sentence.
fn has_open_quote(target: &str) -> bool {
    let count = |mark: char| target.matches(mark).count();
    !count('"').is_multiple_of(2) || count('“') != count('”') || count('(') != count(')')
}

/// Whether the author, or a quotation that is not marked, speaks. What stands in
/// quotation marks has a speaker.
fn speaks_for_itself(target: &str) -> bool {
    let outside = target.split(['"', '“', '”']).step_by(2);
    let mut words = outside.flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    words.any(|word| {
        matches!(
            word,
            "I" | "me" | "my" | "My" | "we" | "We" | "our" | "Our" | "us" | "you" | "You"
        )
    })
}

/// Words that point back when a sentence begins with them.
const BACKWARD: [&str; 40] = [
    "he",
    "she",
    "it",
    "they",
    "his",
    "her",
    "its",
    "their",
    "this",
    "that",
    "these",
    "those",
    "such",
    "here",
    "there",
    "but",
    "and",
    "or",
    "so",
    "yet",
    "however",
    "nevertheless",
    "nonetheless",
    "therefore",
    "thus",
    "hence",
    "moreover",
    "furthermore",
    "also",
    "otherwise",
    "instead",
    "then",
    "still",
    "both",
    "another",
    "one",
    "afterwards",
    "conversely",
    "accordingly",
    "likewise",
];

/// Phrases with the same effect.
const BACKWARD_PHRASES: [&str; 10] = [
    "in addition",
    "in contrast",
    "for this",
    "for example",
    "for instance",
    "as a result",
    "because of this",
    "according to him",
    "according to her",
    "the latter",
];

const PRONOUNS: [&str; 4] = ["he", "she", "they", "it"];

const SPEECH: [&str; 20] = [
    "said",
    "says",
    "added",
    "explained",
    "told",
    "stressed",
    "emphasized",
    "emphasised",
    "wrote",
    "continued",
    "demanded",
    "warned",
    "announced",
    "stated",
    "declared",
    "argued",
    "admitted",
    "reported",
    "tweeted",
    "noted",
];

/// Whether a sentence needs the one before it: it begins with a pronoun or a
/// connective, or is spoken by a pronoun.
pub fn leans_back(target: &str) -> bool {
    let lower = target.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
        .collect();
    // "There are 300 people" and "One in three" stand on their own.
    let stands = matches!(
        words.as_slice(),
        [
            "there",
            "is" | "are" | "was" | "were" | "will" | "has" | "have",
            ..
        ] | [
            "one",
            "in" | "of" | "person" | "man" | "woman" | "million" | "thousand" | "hundred",
            ..
        ] | ["it", "is" | "was", ..]
    );
    let begins = words.first().is_some_and(|first| BACKWARD.contains(first)) && !stands;
    let phrase = BACKWARD_PHRASES.iter().any(|phrase| {
        lower
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .starts_with(phrase)
    });
    let spoken = words.windows(2).any(|pair| match pair {
        [one, other] => {
            PRONOUNS.contains(one) && SPEECH.contains(other)
                || SPEECH.contains(one) && PRONOUNS.contains(other)
        }
        _ => false,
    });
    begins || phrase || opens_with_pronoun(target) || spoken && !names_speaker(target)
}

/// Whether a person is spoken of whom only the sentence before can name: "On
/// Monday, he resigned." A name, or any noun with an article, stands before the
/// pronoun in a sentence that needs no other.
fn opens_with_pronoun(target: &str) -> bool {
    const OPENING: [&str; 24] = [
        "In",
        "On",
        "At",
        "After",
        "Before",
        "When",
        "While",
        "If",
        "As",
        "Since",
        "Until",
        "For",
        "With",
        "Without",
        "During",
        "Last",
        "Yesterday",
        "Today",
        "Later",
        "Now",
        "Most",
        "According",
        "Although",
        "Because",
    ];
    const FEW: usize = 5;
    let trimmed = |word: &str| -> String { word.chars().filter(|c| c.is_alphanumeric()).collect() };
    let words: Vec<String> = target.split_whitespace().take(FEW).map(trimmed).collect();
    let begins = words
        .first()
        .is_some_and(|first| OPENING.contains(&first.as_str()));
    let pronoun = words
        .iter()
        .skip(1)
        .position(|word| matches!(word.as_str(), "he" | "she" | "they"));
    let Some(pronoun) = pronoun.filter(|_| begins) else {
        return false;
    };
    let before = words.iter().skip(1).take(pronoun);
    !before.into_iter().any(|word| {
        let calendar = CALENDAR.contains(&word.to_lowercase().as_str());
        let name = word.starts_with(char::is_uppercase) && !calendar;
        name || matches!(word.as_str(), "the" | "a" | "an" | "their" | "his" | "her")
    })
}

/// Words with a capital that name nobody.
const CALENDAR: [&str; 19] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Whether a name stands before the pronoun that speaks: "Merkel left when
/// she said".
fn names_speaker(target: &str) -> bool {
    target
        .split_whitespace()
        .skip(1)
        .take_while(|word| !PRONOUNS.contains(&word.to_lowercase().as_str()))
        .any(|word| word.starts_with(char::is_uppercase) && !word.starts_with("I'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::compare;

    #[test]
    fn furniture_is_recognised() {
        for (source, target) in [
            (
                "Mehr zum Thema: Bahnstreik",
                "More on the topic: rail strike.",
            ),
            ("Foto: dpa", "Photo: dpa"),
            ("Von Anna Muster, Berlin", "By Anna Muster, Berlin"),
            (
                "Lesen Sie auch, wie es weiterging.",
                "Read also how it went on from there.",
            ),
        ] {
            assert_eq!(judge(source, target, &[]), Fitness::Furniture, "{target}");
        }
    }

    #[test]
    fn unproved_figures_are_worse_than_questions() {
        let source = "Es gab 30 Tote in der Stadt.";
        let fitness = |target| judge(source, target, &compare(source, target));
        let wrong = fitness("There were 13 dead in the city.");
        let unproved = fitness("There were many dead in the city.");
        let question = judge("", "What will the city do with its bridges?", &[]);
        assert_eq!(wrong, Fitness::Wrong);
        assert_eq!(unproved, Fitness::Unproved);
        assert_eq!(question, Fitness::Doubtful);
        assert!(wrong < unproved && unproved < question);
    }

    #[test]
    fn sentences_that_lean_back() {
        for text in [
            "He resigned on Monday.",
            "\"That is wrong,\" he said on Monday.",
            "However, the bridge stayed closed.",
            "For example, the bridge stayed closed.",
            "Their boat sank.",
            "On Monday, he resigned.",
            "In July 2024 they moved to Bonn.",
        ] {
            assert!(leans_back(text), "{text}");
        }
        for text in [
            "The mayor resigned on Monday.",
            "There are 300 people on the island.",
            "One in three Germans agrees.",
            "After the mayor resigned, he moved to Bonn.",
            "In Berlin, Scholz said he would stay.",
            "The minister Anna Muster left the room after she said goodbye.",
        ] {
            assert!(!leans_back(text), "{text}");
        }
    }
}
