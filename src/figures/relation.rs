//! How two values relate: the same, the same in another form, or not at all.

mod calendar;

pub use calendar::is_day_of;
use calendar::{calendar, times};

use super::decimal::Decimal;
use super::unit::{Currency, Dimension, Unit};
use super::value::{Measure, Value};

/// Two values that mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// Another notation of the same value (8:15 p.m. for 20.15 Uhr).
    pub converted: bool,
    /// How far the forms are apart; among several partners the cheapest wins.
    pub cost: u32,
}

const fn kept(cost: u32) -> Relation {
    Relation {
        converted: false,
        cost,
    }
}

const fn converted(cost: u32) -> Relation {
    Relation {
        converted: true,
        cost,
    }
}

type Rule = fn(&Value, &Value) -> Option<Relation>;

/// The rules, each written for one order of its two values.
const RULES: [Rule; 9] = [
    bare_numbers,
    times,
    amounts,
    multitudes,
    ranges_and_scores,
    fractions,
    calendar,
    ordinals_and_multiples,
    codes,
];

/// Relates a source value to a target value; `None` when they differ.
pub fn relate(source: &Value, target: &Value) -> Option<Relation> {
    if source == target {
        return Some(kept(0));
    }
    // „das Fünffache“ ↔ "the fifth"; but „erst einmal“ ↔ "first".
    let once = Decimal::from(1);
    if let (Value::Multiple { factor }, Value::Ordinal { .. }) = (source, target)
        && *factor != once
    {
        return None;
    }
    RULES
        .iter()
        .find_map(|rule| rule(source, target).or_else(|| rule(target, source)))
}

/// The number of a value that may appear as a plain number elsewhere.
fn bare(value: &Value) -> Option<Decimal> {
    match value {
        Value::Amount { amount, measure } if *measure == Measure::Count => Some(*amount),
        Value::Ordinal { number } => Some(Decimal::from(*number)),
        Value::Multiple { factor } => Some(*factor),
        Value::Date { year, month, day } => match (year, month, day) {
            (None, None, Some(day)) => Some(Decimal::from(u64::from(*day))),
            (Some(year), None, None) => Some(Decimal::from(u64::from(*year))),
            _ => None,
        },
        _ => None,
    }
}

/// „der 3. Platz“ ↔ "place 3", „2000 Menschen“ ↔ "2,000 people".
fn bare_numbers(left: &Value, right: &Value) -> Option<Relation> {
    (bare(left)? == bare(right)?).then(|| kept(4))
}

fn amounts(left: &Value, right: &Value) -> Option<Relation> {
    match (left, right) {
        (
            Value::Amount { amount, measure },
            Value::Amount {
                amount: other,
                measure: other_measure,
            },
        ) => measured(*amount, *measure, *other, *other_measure),
        _ => None,
    }
}

fn measured(left: Decimal, measure: Measure, right: Decimal, other: Measure) -> Option<Relation> {
    if left == right
        && let Some(relation) = same_measure(measure, other)
    {
        return Some(relation);
    }
    // English says "fell 3 percent" where German tables say "-3 Prozent".
    let signless = matches!(
        measure,
        Measure::Percent | Measure::PercentagePoints | Measure::Count | Measure::Money(_)
    );
    if signless
        && left == right.negated()
        && let Some(relation) = same_measure(measure, other)
    {
        return Some(Relation {
            cost: relation.cost + 3,
            ..relation
        });
    }
    let (unit, other) = (unit(measure, other)?, unit(other, measure)?);
    // „27 Grad“ ↔ "80.6 degrees" says neither scale.
    let scales = (unit, other) == (Unit::Degree, Unit::Degree);
    let other = if scales {
        Unit::DegreeFahrenheit
    } else {
        other
    };
    let converts = unit != other && unit.converts(left.to_f64(), other, right.to_f64());
    converts.then(|| converted(3))
}

/// The unit behind a measure. A pound is money, unless the other side weighs.
fn unit(measure: Measure, other: Measure) -> Option<Unit> {
    match (measure, other) {
        (Measure::Unit(unit), _) => Some(unit),
        (Measure::Age, _) => Some(Unit::Year),
        (Measure::Money(Currency::Gbp), Measure::Unit(unit))
            if unit.dimension() == Dimension::Mass =>
        {
            Some(Unit::Pound)
        }
        _ => None,
    }
}

fn same_measure(left: Measure, right: Measure) -> Option<Relation> {
    use Measure::{Age, Count, Money};
    match (left, right) {
        (one, other) if one == other => Some(kept(0)),
        (Count, _) | (_, Count) => Some(kept(2)),
        (Age, Measure::Unit(Unit::Year)) | (Measure::Unit(Unit::Year), Age) => Some(kept(0)),
        (Money(one), Money(other)) => one.compatible(other).then(|| kept(1)),
        (Money(Currency::Gbp), Measure::Unit(Unit::Pound))
        | (Measure::Unit(Unit::Pound), Money(Currency::Gbp)) => Some(kept(1)),
        (Measure::Unit(one), Measure::Unit(other)) => {
            let temperature = |unit| matches!(unit, Unit::DegreeCelsius | Unit::DegreeFahrenheit);
            let plain = (one == Unit::Degree && temperature(other))
                || (other == Unit::Degree && temperature(one));
            plain.then(|| kept(1))
        }
        _ => None,
    }
}

/// Several of the same number: „Hunderte“ ↔ "hundreds of people".
fn multitudes(left: &Value, right: &Value) -> Option<Relation> {
    match (left, right) {
        (
            Value::Several { of, measure },
            Value::Several {
                of: other,
                measure: other_measure,
            },
        ) if of == other => same_measure(*measure, *other_measure),
        // „Achttausender“ ↔ "eight-thousand-meter peaks".
        (
            Value::Several {
                of,
                measure: Measure::Count,
            },
            Value::Amount {
                amount,
                measure: Measure::Unit(Unit::Metre),
            },
        ) => (of == amount && of.natural() > Some(1000)).then(|| kept(3)),
        _ => None,
    }
}

fn ranges_and_scores(left: &Value, right: &Value) -> Option<Relation> {
    match (left, right) {
        (
            Value::Range { low, high, measure },
            Value::Range {
                low: other_low,
                high: other_high,
                measure: other,
            },
        ) => {
            let low = measured(*low, *measure, *other_low, *other)?;
            let high = measured(*high, *measure, *other_high, *other)?;
            Some(if low.cost > high.cost { low } else { high })
        }
        (Value::Range { low, high, .. }, Value::Score { points }) => {
            let ends = [low.natural()?, high.natural()?];
            let points: Vec<u64> = points.iter().copied().map(u64::from).collect();
            let reversed = ends.iter().rev().eq(points.iter());
            if points == ends {
                Some(kept(2))
            } else {
                reversed.then(|| converted(3))
            }
        }
        // English puts the winner first: „verlor 1:2“ ↔ "lost 2-1".
        (Value::Score { points }, Value::Score { points: other }) => {
            let reversed = points.len() == 2 && points.iter().rev().eq(other.iter());
            reversed.then(|| converted(2))
        }
        _ => None,
    }
}

fn fractions(left: &Value, right: &Value) -> Option<Relation> {
    let Value::Fraction {
        numerator,
        denominator,
    } = left
    else {
        return None;
    };
    match right {
        Value::Fraction {
            numerator: other_numerator,
            denominator: other_denominator,
        } => {
            let one = u128::from(*numerator) * u128::from(*other_denominator);
            let other = u128::from(*other_numerator) * u128::from(*denominator);
            (one == other).then(|| kept(1))
        }
        Value::Amount { amount, measure } => {
            let share = *numerator as f64 / *denominator as f64;
            if *measure == Measure::Percent {
                let near = (share * 100.0 - amount.to_f64()).abs() <= 1.0;
                return near.then(|| converted(3));
            }
            // „eines von fünf Kindern“ ↔ "one in five children", „jeden dritten
            // Tag“ ↔ "every three days".
            let counts = match measure {
                Measure::Count => true,
                Measure::Unit(unit) => unit.dimension() == Dimension::Time,
                _ => false,
            };
            let one_of = *numerator == 1 && counts && *amount == Decimal::from(*denominator);
            let same = (share - amount.to_f64()).abs() < 1e-9;
            (one_of || same).then(|| kept(if same { 2 } else { 4 }))
        }
        Value::Ordinal { number } => (*numerator == 1 && denominator == number).then(|| kept(3)),
        _ => None,
    }
}

fn ordinals_and_multiples(left: &Value, right: &Value) -> Option<Relation> {
    let Value::Amount { amount, measure } = right else {
        return None;
    };
    match left {
        // „im dritten Jahr“ ↔ "after three years".
        Value::Ordinal { number } | Value::Century { number } => {
            (Decimal::from(*number) == *amount).then(|| kept(6))
        }
        Value::Multiple { factor } if *measure == Measure::Percent => {
            let percent = factor.times(Decimal::from(100))?;
            (percent == *amount).then(|| converted(4))
        }
        _ => None,
    }
}

fn codes(left: &Value, right: &Value) -> Option<Relation> {
    let Value::Code { text } = left else {
        return None;
    };
    let plain = |code: &str| -> String {
        let characters = code.chars().filter(|c| c.is_alphanumeric());
        characters.flat_map(char::to_uppercase).collect()
    };
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    match right {
        // English writes the plural: two A380s.
        Value::Code { text: other } => {
            let (one, other) = (plain(text), plain(other));
            let plural = |one: &str, many: &str| {
                one.ends_with(|c: char| c.is_ascii_digit()) && many.strip_suffix('S') == Some(one)
            };
            (one == other || plural(&one, &other) || plural(&other, &one)).then(|| kept(1))
        }
        // „G-20-Gipfel“ read in parts on one side.
        other => {
            let written = match other {
                Value::Time { hour, minute, .. } => format!("{hour}{minute:02}"),
                other => digits(&other.canonical()),
            };
            let digits = digits(text);
            let named = text.contains(|c: char| c.is_alphabetic() || c == '§');
            (named && !digits.is_empty() && digits == written).then(|| kept(5))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(amount: u64, measure: Measure) -> Value {
        Value::Amount {
            amount: Decimal::from(amount),
            measure,
        }
    }

    #[test]
    fn every_value_relates_to_itself() {
        let value = amount(5, Measure::Percent);
        assert_eq!(relate(&value, &value), Some(kept(0)));
    }

    #[test]
    fn currencies_and_units_are_not_exchanged() {
        let euro = amount(5, Measure::Money(Currency::Eur));
        let dollar = amount(5, Measure::Money(Currency::Usd));
        let kilometre = amount(5, Measure::Unit(Unit::Kilometre));
        let mile = amount(5, Measure::Unit(Unit::Mile));
        assert_eq!(relate(&euro, &dollar), None);
        assert_eq!(relate(&kilometre, &mile), None);
        assert_eq!(relate(&euro, &kilometre), None);
    }

    #[test]
    fn conversions_are_told_apart_from_copies() {
        let weight = amount(290, Measure::Unit(Unit::Kilogram));
        let pounds = amount(650, Measure::Money(Currency::Gbp));
        assert!(relate(&weight, &pounds).is_some_and(|relation| relation.converted));
        let half = Value::Fraction {
            numerator: 1,
            denominator: 2,
        };
        assert!(relate(&half, &amount(50, Measure::Percent)).is_some_and(|r| r.converted));
        assert!(relate(&half, &amount(40, Measure::Percent)).is_none());
    }
}
