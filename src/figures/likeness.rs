//! How unlike two different values are: which figure of a translation stands
//! in the place of which figure of the source.

use super::value::Value;

/// How unlike two values of one sort are; `None` for values of sorts that
/// never replace each other.
pub fn unlikeness(source: &Value, target: &Value) -> Option<usize> {
    let (one, other) = (sort(source), sort(target));
    let measures = match (source.measure(), target.measure()) {
        (Some(one), Some(other)) if one == other => 0,
        (Some(_), Some(_)) => 3,
        _ => 2,
    };
    let digits = |value: &Value| -> String {
        value
            .canonical()
            .chars()
            .filter(char::is_ascii_digit)
            .collect()
    };
    let unlike_digits =
        usize::from(digits(source).trim_end_matches('0') != digits(target).trim_end_matches('0'));
    (one == other)
        .then_some(measures + 2 * unlike_digits + 2 * usize::from(source.kind() != target.kind()))
}

#[derive(PartialEq)]
enum Sort {
    Amount,
    Calendar,
    Weekday,
    Code,
    Name,
}

fn sort(value: &Value) -> Sort {
    match value {
        Value::Amount { .. }
        | Value::Several { .. }
        | Value::Ordinal { .. }
        | Value::Range { .. }
        | Value::Score { .. }
        | Value::Time { .. }
        | Value::Fraction { .. }
        | Value::Multiple { .. } => Sort::Amount,
        Value::Date { .. } | Value::Decade { .. } | Value::Century { .. } | Value::Years { .. } => {
            Sort::Calendar
        }
        Value::Weekday { .. } => Sort::Weekday,
        // A numeral that has no meaning in its language, „4,8“ in English, stands
        // for the number it was copied from.
        Value::Code { text } if !text.contains(char::is_alphabetic) => Sort::Amount,
        Value::Code { .. } => Sort::Code,
        Value::Name { .. } => Sort::Name,
    }
}
