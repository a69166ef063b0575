//! Words that say how exactly a figure is meant.

use serde::{Deserialize, Serialize};

use super::Language;
use super::token::Tokens;

/// How exactly a text means its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approximation {
    About,
    Nearly,
    Over,
    Under,
    AtLeast,
    AtMost,
}

impl Approximation {
    /// Whether one says "more" and the other "less".
    pub const fn contradicts(self, other: Self) -> bool {
        matches!(
            (self.more(), other.more()),
            (Some(true), Some(false)) | (Some(false), Some(true))
        )
    }

    const fn more(self) -> Option<bool> {
        match self {
            Approximation::Over | Approximation::AtLeast => Some(true),
            Approximation::Nearly | Approximation::Under | Approximation::AtMost => Some(false),
            Approximation::About => None,
        }
    }
}

/// Reads the approximation of the figure from `start` to before `end`.
pub fn read(
    tokens: &Tokens<'_>,
    start: usize,
    end: usize,
    language: Language,
) -> Option<Approximation> {
    const NEGATIONS: [&str; 8] = ["nicht", "kein", "keine", "nie", "not", "no", "never", "t"];
    const REACH: usize = 9;
    // „gut die Hälfte“, "nearly a third".
    let spelled = tokens.numeral(start).is_none();
    let article = spelled && tokens.word_before(start, 1).is_some_and(is_article);
    let start = start.saturating_sub(usize::from(article));
    let word = |back| tokens.word_before(start, back).unwrap_or("");
    let than = matches!(word(1), "als" | "than");
    let close = NEGATIONS.contains(&word(3));
    // „macht nicht insgesamt mehr als“: whom the negation concerns is unsure.
    let negated = than && (4..REACH).any(|back| NEGATIONS.contains(&word(back)));
    match language {
        _ if negated && !close => None,
        Language::German => german(word(3), word(2), word(1)),
        Language::English => english(word(3), word(2), word(1)).or_else(|| {
            let more = tokens.is_word(end, &["or"]) && tokens.is_word(end + 1, &["more"]);
            more.then_some(Approximation::AtLeast)
        }),
    }
}

fn is_article(word: &str) -> bool {
    matches!(
        word,
        "die" | "der" | "ein" | "eine" | "einen" | "einem" | "einer" | "eines" | "a" | "an" | "the"
    )
}

fn german(three: &str, two: &str, one: &str) -> Option<Approximation> {
    use Approximation::{About, AtLeast, AtMost, Nearly, Over, Under};
    Some(match (three, two, one) {
        ("nicht", "mehr", "als") | ("kaum", "mehr", "als") => AtMost,
        ("nicht", "weniger", "als") => AtLeast,
        (_, "mehr", "als") => Over,
        (_, "weniger", "als") => Under,
        (_, "bis", "zu") => AtMost,
        // „nicht unter fünf Jahren“, „nicht einmal 100“
        (_, "nicht" | "kaum", "unter") => AtLeast,
        (_, "nicht" | "kaum", "über") => AtMost,
        (_, "nicht", "einmal") => Under,
        (_, _, "rund" | "etwa" | "ca" | "circa" | "zirka" | "ungefähr" | "schätzungsweise") => {
            About
        }
        // The full stop of „ca.“ stands between.
        (_, "ca", "") => About,
        (_, _, "fast" | "knapp" | "nahezu" | "beinahe" | "annähernd" | "kaum") => Nearly,
        (_, _, "über" | "gut") => Over,
        // „keine 4.000 mehr“
        (_, _, "unter" | "keine" | "keinen") => Under,
        (_, _, "mindestens" | "wenigstens") => AtLeast,
        (_, _, "höchstens" | "maximal") => AtMost,
        _ => return None,
    })
}

fn english(three: &str, two: &str, one: &str) -> Option<Approximation> {
    use Approximation::{About, AtLeast, AtMost, Nearly, Over, Under};
    Some(match (three, two, one) {
        ("no" | "not" | "nothing", "more", "than") => AtMost,
        ("no" | "not" | "nothing", "less" | "fewer", "than") => AtLeast,
        (_, "more", "than") => Over,
        (_, "less" | "fewer", "than") => Under,
        (_, "up", "to") | (_, "at", "most") => AtMost,
        (_, "at", "least") | (_, "minimum", "of") => AtLeast,
        (_, "maximum", "of") => AtMost,
        (_, "not" | "no", "over" | "exceeding" | "above") => AtMost,
        (_, "not" | "no", "under" | "below") => AtLeast,
        (_, _, "over" | "exceeding" | "above") => Over,
        (_, _, "under" | "below") => Under,
        (_, _, "about" | "around" | "roughly" | "approximately" | "some" | "circa") => About,
        (_, _, "almost" | "nearly") => Nearly,
        _ => return None,
    })
}
