//! Amounts and what is made of them: ordinals in digits, multiples, ranges.

use super::Language;
use super::amount::{self, Amount};
use super::clock;
use super::code;
use super::date;
use super::decimal::Decimal;
use super::reader::Found;
use super::token::{DASHES, HYPHENS, Tokens};
use super::value::{Measure, Value};

/// Reads an amount at `at` in its most telling form.
pub fn read(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Found> {
    let first = amount::read(tokens, at, language)?;
    ordinal(tokens, at, &first, language)
        .or_else(|| older(tokens, at, &first, language))
        .or_else(|| multiple(tokens, &first, language))
        .or_else(|| range(tokens, at, &first, language))
        .or_else(|| {
            first
                .count
                .plain
                .then(|| code::suffixed(tokens, at, first.end))
                .flatten()
        })
        .or_else(|| Some(plain(tokens, at, &first, language)))
}

fn plain(tokens: &Tokens<'_>, at: usize, first: &Amount, language: Language) -> Found {
    let amount = lent_scale(tokens, at, first, language).unwrap_or(first.count.value);
    if first.count.several {
        let measure = first.measure;
        return Found {
            value: Value::Several {
                of: amount,
                measure,
            },
            end: first.end,
            loose: first.count.loose,
        };
    }
    // English says "aged 95" before the number.
    let aged = language == Language::English
        && first.measure == Measure::Count
        && tokens.word_before(at, 1) == Some("aged");
    let measure = if aged { Measure::Age } else { first.measure };
    Found {
        value: Value::Amount { amount, measure },
        end: first.end,
        loose: first.count.loose,
    }
}

/// `12.` before a German word, `21st`.
fn ordinal(tokens: &Tokens<'_>, at: usize, first: &Amount, language: Language) -> Option<Found> {
    let bare = first.count.plain && first.count.end == at + 1;
    let number = first.count.value.natural().filter(|_| bare)?;
    let written = match language {
        Language::English => {
            tokens.is_glued(at + 1) && tokens.is_word(at + 1, &["st", "nd", "rd", "th"])
        }
        Language::German => {
            tokens.is_glued_mark(at + 1, &['.']) && {
                let noun = tokens.word(at + 2).is_some() && tokens.is_capitalised(at + 2);
                let lower = tokens.word(at + 2).is_some() && !noun;
                let list = tokens.is_mark(at + 2, &DASHES);
                // „2024. Die“ ends a sentence, „der 24. Band“ does not.
                lower || (noun || list) && (number < 100 || after_article(tokens, at))
            }
        }
    };
    let most = match language {
        Language::English => 9999,
        Language::German => 1000,
    };
    (written && number <= most).then(|| Found::firm(Value::Ordinal { number }, at + 2))
}

/// „Over-65s“, „under-21s“: the ages of a group.
fn older(tokens: &Tokens<'_>, at: usize, first: &Amount, language: Language) -> Option<Found> {
    let after = first.count.end;
    let plural = first.count.plain && tokens.is_glued(after) && tokens.is_word(after, &["s"]);
    let back = if tokens.is_glued(at) { 2 } else { 1 };
    let over = tokens
        .word_before(at, back)
        .is_some_and(|word| matches!(word, "over" | "under"));
    let amount = first.count.value;
    let age = amount.natural().is_some_and(|years| years < 120);
    let measure = Measure::Age;
    (language == Language::English && plural && over && age)
        .then(|| Found::firm(Value::Amount { amount, measure }, after + 1))
}

fn after_article(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.word_before(at, 1).is_some_and(|word| {
        matches!(
            word,
            "der"
                | "die"
                | "das"
                | "dem"
                | "den"
                | "des"
                | "am"
                | "im"
                | "zum"
                | "zur"
                | "vom"
                | "beim"
                | "ins"
        )
    })
}

/// `20-mal`, `drei Mal`, `three times`, `3fach`, `ten-fold`, `2x`.
fn multiple(tokens: &Tokens<'_>, first: &Amount, language: Language) -> Option<Found> {
    if first.measure != Measure::Count || first.count.several {
        return None;
    }
    let next = tokens.after_hyphen(first.end);
    let times = match (tokens.word(next)?, language) {
        (
            "mal" | "malige" | "maligen" | "maliger" | "fach" | "fache" | "fachen" | "faches",
            Language::German,
        )
        | ("times" | "time" | "fold", Language::English) => true,
        // „3x3“ is a size.
        ("x", _) => tokens.is_glued(next) && tokens.numeral(next + 1).is_none(),
        _ => false,
    };
    times.then(|| Found {
        value: Value::Multiple {
            factor: first.count.value,
        },
        end: next + 1,
        loose: first.count.loose,
    })
}

/// How two amounts of a range are joined.
struct Joint {
    /// The token of the second amount.
    second: usize,
    dash: bool,
}

fn joint(tokens: &Tokens<'_>, at: usize, first: &Amount, language: Language) -> Option<Joint> {
    // „16- bis 17-Jährige“ leaves a hyphen behind the first number.
    let open = tokens.is_glued_mark(first.end, &HYPHENS) && !tokens.is_glued(first.end + 1);
    let connector = if open { first.end + 1 } else { first.end };
    let before = tokens.word_before(at, 1);
    let spoken = match (language, tokens.word(connector)) {
        (Language::German, Some("bis")) => true,
        (Language::German, Some("und")) => before == Some("zwischen"),
        (Language::English, Some("to")) => !first.count.loose && before != Some("by"),
        (Language::English, Some("and")) => before == Some("between"),
        _ => false,
    };
    let even = tokens.is_glued(connector) == tokens.is_glued(connector + 1);
    let dash = !open && even && tokens.is_mark(connector, &DASHES);
    (spoken || dash).then_some(Joint {
        second: connector + 1,
        dash,
    })
}

/// `10 bis 15 Prozent`, `5-10 %`, `between 2 and 3 million`, `2-1`.
fn range(tokens: &Tokens<'_>, at: usize, first: &Amount, language: Language) -> Option<Found> {
    if first.count.several || first.count.loose {
        return None;
    }
    let Joint {
        second: place,
        dash,
    } = joint(tokens, at, first, language)?;
    let second = amount::read(tokens, place, language)?;
    if second.count.several || second.count.loose || is_other_sort(tokens, place, &second, language)
    {
        return None;
    }
    // „stieg um 0,4 Prozent auf 1594“, „zehn Jahre bis 1960“ are two figures.
    let money = matches!(first.measure, Measure::Money(_));
    if first.measure != Measure::Count && second.measure == Measure::Count && !money {
        return None;
    }
    // „drei - vier Tage später“ is a dash in a sentence.
    if dash && tokens.numeral(place).is_none() && second.measure != first.measure {
        return None;
    }
    let measure = match (first.measure, second.measure) {
        (one, other) if one == other => one,
        (Measure::Count, measure) | (measure, Measure::Count) => measure,
        _ => return None,
    };
    let (low, high) = (common_scale(first, &second)?, second.count.value);
    if low.to_f64() < high.to_f64() {
        return Some(Found::firm(Value::Range { low, high, measure }, second.end));
    }
    let whole = |number: Decimal| u32::try_from(number.natural()?).ok();
    let points = vec![whole(low)?, whole(high)?];
    let score = dash && first.count.plain && second.count.plain && measure == Measure::Count;
    score.then(|| Found::firm(Value::Score { points }, second.end))
}

/// „2 bis 3 Millionen“: the scale of the second number is that of the first.
fn common_scale(first: &Amount, second: &Amount) -> Option<Decimal> {
    let low = first.count.value;
    match (first.count.scale, second.count.scale) {
        (None, Some(power)) if low.to_f64() < 1000.0 => low.times(Decimal::new(1, power)?),
        _ => Some(low),
    }
}

/// „von 1,6 auf 4,9 Milliarden“, „zwei oder drei Millionen“: the first number
/// is meant in the scale of the second.
fn lent_scale(
    tokens: &Tokens<'_>,
    at: usize,
    first: &Amount,
    language: Language,
) -> Option<Decimal> {
    let bare = first.end == at + 1 && first.count.scale.is_none() && !first.count.several;
    if !bare || first.count.loose || first.measure != Measure::Count {
        return None;
    }
    let before = tokens.word_before(at, 1);
    let joined = match (language, tokens.word(first.end)) {
        (Language::German, Some("auf")) => before == Some("von"),
        (Language::English, Some("to")) => before == Some("from"),
        (Language::German, Some("oder")) | (Language::English, Some("or")) => true,
        // „zwei, drei Millionen“
        (Language::German, None) => {
            tokens.word(at).is_some()
                && tokens.word(first.end + 1).is_some()
                && tokens.is_glued_mark(first.end, &[','])
        }
        _ => false,
    };
    if !joined {
        return None;
    }
    let second = amount::read(tokens, first.end + 1, language)?;
    let lent = second.count.scale.is_some_and(|power| power >= 6) && !second.count.several;
    let low = common_scale(first, &second).filter(|_| lent)?;
    (low != first.count.value).then_some(low)
}

/// A second number that is a time, a date or an ordinal stands for itself.
fn is_other_sort(tokens: &Tokens<'_>, place: usize, second: &Amount, language: Language) -> bool {
    let dated = date::read(tokens, place, language)
        .is_some_and(|(value, _)| !matches!(value, Value::Date { month: None, .. }));
    dated
        || clock::read(tokens, place, language).is_some()
        || ordinal(tokens, place, second, language).is_some()
}
