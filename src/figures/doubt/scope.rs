//! What is said of a whole figure: that it is denied, negative, an average, or told for
//! each hour, day or year.

use std::collections::HashSet;

use super::{ahead, beyond, resolved, unless};
use crate::figures::Figure;
use crate::figures::approximation::Approximation;
use crate::figures::kind::Kind;
use crate::figures::side::Side;
use crate::figures::value::Value;
use crate::words::words;

/// „insgesamt 1,2 Millionen Euro“ ↔ "an average of 1.2 million euros".
pub fn invented_averages(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    const HINTS: [&str; 8] = [
        "schnitt", "mittel", "pro ", "je ", "jede", "üblich", "normal", "typisch",
    ];
    let averages = resolved(source, target).filter(|(_, _, other)| {
        let mut before = ahead(target.text, other).into_iter();
        before.next() == Some("of") && before.next() == Some("average")
    });
    let averages: Vec<(usize, usize)> = averages.map(|(link, ..)| link).collect();
    unless(averages, source.text, &HINTS)
}

/// „im Mittel 1,1 Millionen Euro“ ↔ "a total of 1.1 million euros".
pub fn invented_totals(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    const AVERAGES: [&str; 3] = ["schnitt", "mittel", "mittlere"];
    const TOTALS: [&str; 6] = ["gesamt", "zusammen", "summe", "total", "insgesamt", "alle"];
    let totals: Vec<(usize, usize)> = resolved(source, target)
        .filter(|(_, _, other)| {
            let mut before = ahead(target.text, other).into_iter();
            before.next() == Some("of") && before.next() == Some("total")
        })
        .map(|(link, ..)| link)
        .collect();
    if totals.is_empty() {
        return totals;
    }
    let said: Vec<String> = words(source.text)
        .map(|span| span.of(source.text).to_lowercase())
        .collect();
    let average = said
        .iter()
        .any(|word| AVERAGES.iter().any(|stem| word.ends_with(stem)));
    let total = said
        .iter()
        .any(|word| TOTALS.iter().any(|stem| word.contains(stem)));
    match average && !total {
        true => totals,
        false => Vec::new(),
    }
}

/// „keine drei Stunden“ ↔ "three hours", „nicht einmal 50“ ↔ "50", „nicht 5 Millionen“ ↔
/// "5 million": nothing in the translation denies anything.
pub fn lost_denials(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    // „nicht nur 5“, „nicht 5, sondern“, „keine 20 mehr“ and the like are said in many ways.
    const SAID: [&str; 37] = [
        "not", "no", "never", "none", "nobody", "without", "less", "fewer", "under", "below",
        "barely", "hardly", "just", "only", "even", "short", "within", "almost", "nearly",
        "instead", "rather", "neither", "nor", "non", "fail", "failed", "fails", "cannot", "few",
        "lack", "lacks", "refuse", "refused", "denied", "denies", "scarcely", "zero",
    ];
    let denied: Vec<(usize, usize)> = resolved(source, target)
        .filter(|(_, figure, other)| {
            let mut before = ahead(source.text, figure).into_iter();
            let (last, second) = (before.next(), before.next());
            let none = matches!(
                last,
                Some("keine" | "Keine" | "keinen" | "keiner" | "nicht" | "Nicht")
            );
            let hardly = last == Some("einmal") && matches!(second, Some("nicht" | "Nicht"));
            let counts = matches!(figure.value, Value::Amount { .. }) && !figure.loose;
            (none || hardly) && counts && !matches!(other.approximation, Some(Approximation::Under))
        })
        .map(|(link, ..)| link)
        .collect();
    if denied.is_empty() {
        return denied;
    }
    let said = words(target.text).any(|span| {
        let word = span.of(target.text).to_lowercase();
        SAID.contains(&word.as_str()) || word.starts_with("un")
    });
    match said || target.text.contains("n't") || target.text.contains("n’t") {
        true => Vec::new(),
        false => denied,
    }
}

/// „minus 3 Millionen Euro“ ↔ "3 million euros": less than nothing became a plain sum.
pub fn lost_signs(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    const SAID: [&str; 22] = [
        "minus",
        "negative",
        "loss",
        "deficit",
        "below",
        "down",
        "fell",
        "fall",
        "decrease",
        "decline",
        "drop",
        "lost",
        "lower",
        "less",
        "under",
        "shrank",
        "shrunk",
        "contract",
        "shortfall",
        "reduc",
        "slump",
        "red",
    ];
    let signed: Vec<(usize, usize)> = resolved(source, target)
        .filter(|(_, figure, other)| {
            let word = figure.span.of(source.text).to_lowercase();
            let before = ahead(source.text, figure).first().copied();
            let minus = word.starts_with("minus") || matches!(before, Some("minus" | "Minus"));
            let text = other.span.of(target.text);
            let tail = target.text.get(..other.span.start).unwrap_or("");
            let sign = text.starts_with(['-', '−', '–']) || tail.ends_with(['-', '−', '–']);
            minus && !sign
        })
        .map(|(link, ..)| link)
        .collect();
    unless(signed, target.text, &SAID)
}

/// „3.000 Euro im Monat“ ↔ "3,000 euros a year".
pub fn exchanged_rates(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let measured = matches!(
                figure.kind,
                Kind::Money | Kind::Quantity | Kind::Multiple | Kind::Percent | Kind::Duration
            );
            match (german_rate(source, figure), english_rate(target, other)) {
                (Some(one), Some(there)) => measured && one != there,
                _ => false,
            }
        })
        .map(|(link, ..)| link)
        .collect()
}

#[derive(PartialEq)]
enum Period {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

fn german_rate(side: &Side<'_>, figure: &Figure) -> Option<Period> {
    let mut behind = beyond(side.text, figure).into_iter();
    let per = matches!(behind.next()?, "pro" | "je" | "im" | "am");
    Some(match behind.next().filter(|_| per)? {
        "Stunde" => Period::Hour,
        "Tag" => Period::Day,
        "Woche" => Period::Week,
        "Monat" => Period::Month,
        "Jahr" => Period::Year,
        _ => return None,
    })
}

fn english_rate(side: &Side<'_>, figure: &Figure) -> Option<Period> {
    let mut behind = beyond(side.text, figure).into_iter();
    let per = matches!(behind.next()?, "a" | "an" | "per" | "each" | "every");
    Some(match behind.next().filter(|_| per)? {
        "hour" => Period::Hour,
        "day" => Period::Day,
        "week" => Period::Week,
        "month" => Period::Month,
        "year" | "annum" => Period::Year,
        _ => return None,
    })
}

/// „Millionenmetropole“ ↔ "million-dollar metropolis", „450 Milliarden“ ↔ "450 billion
/// dollars": a currency that the source does not name.
pub fn invented_currencies(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    const SAID: [&str; 4] = ["dollar", "$", "us-", "usd"];
    let counted: HashSet<usize> = resolved(source, target)
        .filter(|(_, figure, _)| !matches!(figure.kind, Kind::Money))
        .map(|((index, _), ..)| index)
        .collect();
    let dollars: Vec<(usize, usize)> = resolved(source, target)
        .filter(|((index, _), _, other)| {
            let text = other.span.of(target.text).to_lowercase();
            let behind = beyond(target.text, other).first().copied().unwrap_or("");
            let named =
                text.contains("dollar") || text.contains('$') || behind.starts_with("dollar");
            counted.contains(index) && named
        })
        .map(|(link, ..)| link)
        .collect();
    unless(dollars, source.text, &SAID)
}
