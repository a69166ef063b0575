//! How two values relate: the same, the same in another form, or not at all.

use super::decimal::Decimal;
use super::unit::{Currency, Unit};
use super::value::{Measure, Value};

/// Two values that mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// Another notation of the same value (8:15 p.m. for 20.15 Uhr).
    pub converted: bool,
    /// How far the forms are apart; among several partners the cheapest wins.
    pub cost: u32,
}

const fn kept(cost: u32) -> Option<Relation> {
    Some(Relation {
        converted: false,
        cost,
    })
}

const fn converted(cost: u32) -> Option<Relation> {
    Some(Relation {
        converted: true,
        cost,
    })
}

/// Relates a source value to a target value; `None` when they differ.
pub fn relate(source: &Value, target: &Value) -> Option<Relation> {
    one_way(source, target).or_else(|| one_way(target, source))
}

/// The rules, each written for one order of the two values.
fn one_way(left: &Value, right: &Value) -> Option<Relation> {
    use Value::{
        Amount, Century, Code, Date, Decade, Fraction, Multiple, Ordinal, Range, Score, Several,
        Time,
    };
    if let (Some(one), Some(other)) = (bare(left), bare(right))
        && one == other
        && left != right
    {
        return kept(4);
    }
    match (left, right) {
        (
            Time {
                hour: h,
                minute: m,
                second: s,
                meridiem: a,
            },
            Time {
                hour: i,
                minute: n,
                second: t,
                meridiem: b,
            },
        ) => {
            let same_half = h % 24 == i % 24;
            // Without a meridiem an English hour may be of either half.
            let open_half =
                h % 12 == i % 12 && (a.is_none() && *h <= 12) != (b.is_none() && *i <= 12);
            if m != n || s != t {
                None
            } else if same_half && a == b {
                kept(0)
            } else if same_half {
                converted(1)
            } else if open_half && (a.is_none() && b.is_none()) {
                converted(3)
            } else {
                None
            }
        }
        (
            Time {
                hour,
                minute: 0,
                second: None,
                ..
            },
            other,
        ) if bare(other).is_some() => {
            let number = bare(other)?.natural()?;
            let hour = u64::from(*hour);
            if number == hour {
                kept(5)
            } else {
                (number % 12 == hour % 12 && number <= 12).then_some(Relation {
                    converted: true,
                    cost: 6,
                })
            }
        }
        (
            Time {
                hour,
                minute,
                second,
                ..
            },
            Score { points },
        ) => {
            let written: Vec<u32> = [Some(*hour), Some(*minute), *second]
                .into_iter()
                .flatten()
                .map(u32::from)
                .collect();
            (written == *points).then_some(Relation {
                converted: false,
                cost: 3,
            })
        }
        (
            Time {
                hour,
                minute,
                second: None,
                ..
            },
            Amount { amount, .. },
        ) => {
            let decimal = Decimal::new(i128::from(*hour) * 100 + i128::from(*minute), -2)?;
            (decimal == *amount).then_some(Relation {
                converted: false,
                cost: 4,
            })
        }
        _ if left == right => kept(0),
        (
            Amount { amount, measure },
            Amount {
                amount: other,
                measure: other_measure,
            },
        ) => amounts(*amount, *measure, *other, *other_measure),
        (
            Several { of, measure },
            Several {
                of: other,
                measure: other_measure,
            },
        ) => (of == other)
            .then(|| same_measure(*measure, *other_measure))
            .flatten(),
        (
            Range { low, high, measure },
            Range {
                low: l,
                high: h,
                measure: other,
            },
        ) => {
            let low = amounts(*low, *measure, *l, *other)?;
            let high = amounts(*high, *measure, *h, *other)?;
            Some(if low.cost > high.cost { low } else { high })
        }
        (Range { low, high, .. }, Score { points }) => {
            let ends = [low.natural()?, high.natural()?];
            let [one, other] = points.as_slice() else {
                return None;
            };
            let points = [u64::from(*one), u64::from(*other)];
            if ends == points {
                kept(2)
            } else {
                (ends == [points[1], points[0]]).then_some(Relation {
                    converted: true,
                    cost: 3,
                })
            }
        }
        (Score { points }, Score { points: other }) => {
            let reversed = points.len() == 2 && points.iter().rev().eq(other.iter());
            reversed.then_some(Relation {
                converted: true,
                cost: 2,
            })
        }
        (
            Fraction {
                numerator,
                denominator,
            },
            Fraction {
                numerator: n,
                denominator: d,
            },
        ) => {
            let equal = u128::from(*numerator) * u128::from(*d)
                == u128::from(*n) * u128::from(*denominator);
            equal.then_some(Relation {
                converted: false,
                cost: 1,
            })
        }
        (
            Fraction {
                numerator,
                denominator,
            },
            Amount { amount, measure },
        ) => {
            let share = *numerator as f64 / *denominator as f64;
            let near = |scale: f64, slack: f64| (share * scale - amount.to_f64()).abs() <= slack;
            match measure {
                Measure::Percent => near(100.0, 1.0).then_some(Relation {
                    converted: true,
                    cost: 3,
                }),
                _ => near(1.0, 1e-9).then_some(Relation {
                    converted: false,
                    cost: 2,
                }),
            }
        }
        (
            Fraction {
                numerator: 1,
                denominator,
            },
            Ordinal { number },
        ) => (denominator == number).then_some(Relation {
            converted: false,
            cost: 3,
        }),
        (Decade { first }, Decade { first: other }) => {
            let same = first % 100 == other % 100 && (*first < 100 || *other < 100);
            same.then_some(Relation {
                converted: false,
                cost: 1,
            })
        }
        (Century { number }, Decade { first }) => {
            (u64::from(*first) == (number.checked_sub(1)?) * 100).then_some(Relation {
                converted: true,
                cost: 3,
            })
        }
        (Ordinal { number } | Century { number }, Amount { amount, .. }) => {
            (Decimal::from(*number) == *amount).then_some(Relation {
                converted: false,
                cost: 6,
            })
        }
        (
            Multiple { factor },
            Amount {
                amount,
                measure: Measure::Percent,
            },
        ) => {
            let percent = factor.times(Decimal::from(100))?;
            (percent == *amount).then_some(Relation {
                converted: true,
                cost: 4,
            })
        }
        // '98 for 1998.
        (
            Date {
                year: Some(year),
                month: None,
                day: None,
            },
            other,
        ) if bare(other).is_some() => {
            let short = bare(other)?.natural()?;
            (short >= 10 && short < 100 && u64::from(*year % 100) == short).then_some(Relation {
                converted: true,
                cost: 5,
            })
        }
        (Code { text }, Code { text: other }) => {
            (plain(text) == plain(other)).then_some(Relation {
                converted: false,
                cost: 1,
            })
        }
        (Code { text }, other) => {
            let digits = digits(text);
            (!digits.is_empty() && digits == digits_of(other)).then_some(Relation {
                converted: false,
                cost: 5,
            })
        }
        _ => None,
    }
}

/// The number of a value that may appear as a plain number elsewhere.
fn bare(value: &Value) -> Option<Decimal> {
    match value {
        Value::Amount {
            amount,
            measure: Measure::Count,
        } => Some(*amount),
        Value::Ordinal { number } => Some(Decimal::from(*number)),
        Value::Multiple { factor } => Some(*factor),
        Value::Date {
            year: None,
            month: None,
            day: Some(day),
        } => Some(Decimal::from(u64::from(*day))),
        Value::Date {
            year: Some(year),
            month: None,
            day: None,
        } => Some(Decimal::from(u64::from(*year))),
        _ => None,
    }
}

fn plain(code: &str) -> String {
    code.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn digits_of(value: &Value) -> String {
    match value {
        Value::Time { hour, minute, .. } => format!("{hour}{minute:02}"),
        other => digits(&other.canonical()),
    }
}

fn amounts(left: Decimal, measure: Measure, right: Decimal, other: Measure) -> Option<Relation> {
    if left == right
        && let Some(relation) = same_measure(measure, other)
    {
        return Some(relation);
    }
    // English says "fell 3 percent" where German tables say "-3 Prozent".
    let unsigned = left == right.negated()
        && matches!(
            measure,
            Measure::Percent | Measure::Count | Measure::Money(_)
        );
    if unsigned && let Some(relation) = same_measure(measure, other) {
        return Some(Relation {
            cost: relation.cost + 3,
            ..relation
        });
    }
    let unit = |measure| match measure {
        Measure::Unit(unit) => Some(unit),
        Measure::Age => Some(Unit::Year),
        _ => None,
    };
    let (unit, other) = (unit(measure)?, unit(other)?);
    (unit != other && unit.converts(left.to_f64(), other, right.to_f64())).then_some(Relation {
        converted: true,
        cost: 3,
    })
}

fn same_measure(left: Measure, right: Measure) -> Option<Relation> {
    match (left, right) {
        (one, other) if one == other => kept(0),
        (Measure::Count, _) | (_, Measure::Count) => kept(2),
        (Measure::Age, Measure::Unit(Unit::Year)) | (Measure::Unit(Unit::Year), Measure::Age) => {
            kept(0)
        }
        (Measure::Money(one), Measure::Money(other)) => one.compatible(other).then_some(Relation {
            converted: false,
            cost: 1,
        }),
        (Measure::Money(Currency::Gbp), Measure::Unit(Unit::Pound))
        | (Measure::Unit(Unit::Pound), Measure::Money(Currency::Gbp)) => kept(1),
        (Measure::Unit(one), Measure::Unit(other)) => {
            let degrees = |unit| {
                matches!(
                    unit,
                    Unit::Degree | Unit::DegreeCelsius | Unit::DegreeFahrenheit
                )
            };
            let plain = one == Unit::Degree || other == Unit::Degree;
            (plain && degrees(one) && degrees(other)).then_some(Relation {
                converted: false,
                cost: 1,
            })
        }
        _ => None,
    }
}
