//! How dates and times relate to each other and to plain numbers.

use super::{Relation, bare, converted, kept};
use crate::figures::decimal::Decimal;
use crate::figures::unit::Unit;
use crate::figures::value::{Measure, Meridiem, Value};

/// „der 1. und der 7. Juli“ ↔ "July 1 and July 7": an ordinal of the source is a
/// day of the target. Only for what no other rule explains.
pub fn is_day_of(source: &Value, target: &Value) -> bool {
    match (source, target) {
        (
            Value::Ordinal { number },
            Value::Date {
                month: Some(_),
                day: Some(day),
                ..
            },
        ) => u64::from(*day) == *number,
        _ => false,
    }
}

pub fn times(left: &Value, right: &Value) -> Option<Relation> {
    let Value::Time {
        hour,
        minute,
        second,
        meridiem,
    } = left
    else {
        return None;
    };
    match right {
        Value::Time {
            hour: other_hour,
            minute: other_minute,
            second: other_second,
            meridiem: other_meridiem,
        } => {
            let late = |hour: &u8| *hour == 24;
            let early = |hour: &u8, half: &Option<Meridiem>| *hour == 0 && half.is_some();
            // „Freitag, 24 Uhr“ is a day later than "Friday, 12 a.m.".
            let day_apart = late(hour) && early(other_hour, other_meridiem)
                || late(other_hour) && early(hour, meridiem);
            if (minute, second) != (other_minute, other_second) || day_apart {
                None
            } else if hour % 24 == other_hour % 24 {
                let same_form = meridiem.is_some() == other_meridiem.is_some() || *hour % 12 == 0;
                Some(if same_form { kept(0) } else { converted(1) })
            } else {
                // "at 8:15" may be the evening when no one says otherwise.
                let open = meridiem.is_none() && other_meridiem.is_none();
                (open && hour % 12 == other_hour % 12).then(|| converted(3))
            }
        }
        Value::Score { points } => {
            let written = [Some(*hour), Some(*minute), *second];
            let written = written.into_iter().flatten().map(u32::from);
            written.eq(points.iter().copied()).then(|| kept(3))
        }
        other if *minute == 0 && second.is_none() && bare(other).is_some() => {
            let number = bare(other)?.natural()?;
            let hour = u64::from(*hour);
            if number == hour {
                Some(kept(5))
            } else {
                (number <= 12 && number % 12 == hour % 12).then(|| converted(6))
            }
        }
        Value::Amount {
            amount,
            measure: Measure::Count | Measure::Unit(Unit::Hour),
        } if second.is_none() => {
            let dotted = Decimal::new(i128::from(*hour) * 100 + i128::from(*minute), -2)?;
            (dotted == *amount).then(|| kept(4))
        }
        _ => None,
    }
}

pub fn calendar(left: &Value, right: &Value) -> Option<Relation> {
    match (left, right) {
        // Without its century: „die 90er“ ↔ "the 1990s".
        (Value::Decade { first }, Value::Decade { first: other }) => {
            let short = *first < 100 || *other < 100;
            (short && first % 100 == other % 100).then(|| kept(1))
        }
        // "in their 20s" ↔ „über 20“.
        (Value::Decade { first }, other) if *first < 100 => {
            (Decimal::from(u64::from(*first)) == bare(other)?).then(|| kept(5))
        }
        (Value::Century { number }, Value::Decade { first }) => {
            let begins = number.checked_sub(1)?.checked_mul(100)?;
            (u64::from(*first) == begins).then(|| converted(3))
        }
        // "12.06." copied as it is.
        (
            Value::Date {
                year: None,
                month: Some(month),
                day: Some(day),
            },
            Value::Amount { amount, measure },
        ) if *measure == Measure::Count => {
            let (day, month) = (i128::from(*day), i128::from(*month));
            let written = [(100, -2), (10, -1)].into_iter().any(|(shift, exponent)| {
                month < shift && Decimal::new(day * shift + month, exponent) == Some(*amount)
            });
            written.then(|| kept(6))
        }
        // '98 ↔ 1998.
        (Value::Date { year, month, day }, other) => {
            let year = year.filter(|_| month.is_none() && day.is_none())?;
            let short = bare(other)?.natural()?;
            ((10..100).contains(&short) && u64::from(year % 100) == short).then(|| converted(5))
        }
        _ => None,
    }
}
