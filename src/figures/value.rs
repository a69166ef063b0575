//! What a figure says: typed values with one stable text form each.

use super::decimal::Decimal;
use super::kind::Kind;
use super::unit::{Currency, Dimension, Unit};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    pub const fn name(self) -> &'static str {
        match self {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        }
    }

    /// The day before it.
    pub const fn before(self) -> Self {
        match self {
            Weekday::Monday => Weekday::Sunday,
            Weekday::Tuesday => Weekday::Monday,
            Weekday::Wednesday => Weekday::Tuesday,
            Weekday::Thursday => Weekday::Wednesday,
            Weekday::Friday => Weekday::Thursday,
            Weekday::Saturday => Weekday::Friday,
            Weekday::Sunday => Weekday::Saturday,
        }
    }
}

/// Which half of the day a twelve-hour clock time names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meridiem {
    Am,
    Pm,
}

/// What an amount counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Things: persons, votes, anything that is not measured.
    Count,
    Percent,
    PercentagePoints,
    PerMille,
    Money(Currency),
    Unit(Unit),
    /// Years of a life.
    Age,
}

/// The value of a figure. `type` in JSON names the variant; amounts are
/// decimal strings.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Value {
    Amount {
        amount: Decimal,
        measure: Measure,
    },
    /// An indefinite multitude: `Hunderte` is several of 100.
    Several {
        of: Decimal,
        measure: Measure,
    },
    Ordinal {
        number: u64,
    },
    Range {
        low: Decimal,
        high: Decimal,
        measure: Measure,
    },
    /// Any part that is written; at least one.
    Date {
        year: Option<u16>,
        month: Option<u8>,
        day: Option<u8>,
    },
    Weekday {
        day: Weekday,
    },
    /// `first` is the year it begins with, without the century where none is
    /// written: 1990 for `1990er`, 90 for `90er`.
    Decade {
        first: u16,
    },
    Century {
        number: u64,
    },
    Years {
        from: u16,
        to: u16,
    },
    /// Hour 0–24. With a meridiem the hour is already on the 24-hour clock.
    Time {
        hour: u8,
        minute: u8,
        second: Option<u8>,
        meridiem: Option<Meridiem>,
    },
    Score {
        points: Vec<u32>,
    },
    Fraction {
        numerator: u64,
        denominator: u64,
    },
    Multiple {
        factor: Decimal,
    },
    Code {
        text: String,
    },
    Name {
        text: String,
    },
}

impl Value {
    pub const fn count(amount: Decimal) -> Self {
        Value::Amount {
            amount,
            measure: Measure::Count,
        }
    }

    /// What an amount or a range counts.
    pub const fn measure(&self) -> Option<Measure> {
        match self {
            Value::Amount { measure, .. }
            | Value::Several { measure, .. }
            | Value::Range { measure, .. } => Some(*measure),
            _ => None,
        }
    }

    pub const fn kind(&self) -> Kind {
        match self {
            Value::Amount { measure, .. } | Value::Several { measure, .. } => match measure {
                Measure::Count => Kind::Number,
                Measure::Percent | Measure::PercentagePoints | Measure::PerMille => Kind::Percent,
                Measure::Money(_) => Kind::Money,
                Measure::Unit(unit) => match unit.dimension() {
                    Dimension::Time => Kind::Duration,
                    _ => Kind::Quantity,
                },
                Measure::Age => Kind::Age,
            },
            Value::Ordinal { .. } => Kind::Ordinal,
            Value::Range { .. } => Kind::Range,
            Value::Date { .. }
            | Value::Weekday { .. }
            | Value::Decade { .. }
            | Value::Century { .. }
            | Value::Years { .. } => Kind::Date,
            Value::Time { .. } => Kind::Time,
            Value::Score { .. } => Kind::Score,
            Value::Fraction { .. } => Kind::Fraction,
            Value::Multiple { .. } => Kind::Multiple,
            Value::Code { .. } => Kind::Code,
            Value::Name { .. } => Kind::Name,
        }
    }

    /// One stable text per value, the same for both languages: `4800000`,
    /// `EUR 3500000000`, `12.5 %`, `2024-06-12`, `--06-12`, `20:15`, `2:1`,
    /// `10..15`.
    pub fn canonical(&self) -> String {
        match self {
            Value::Amount { amount, measure } => measure.write(&amount.to_string()),
            Value::Several { of, measure } => measure.write(&format!("{of}s")),
            Value::Ordinal { number } => format!("{number}."),
            Value::Range { low, high, measure } => measure.write(&format!("{low}..{high}")),
            // ISO 8601 with the omissions of its 2000 edition and of vCard.
            Value::Date { year, month, day } => {
                let year = year.map(|y| format!("{y:04}"));
                let month = month.map(|m| format!("{m:02}"));
                let day = day.map(|d| format!("{d:02}"));
                match (year, month, day) {
                    (Some(y), Some(m), Some(d)) => format!("{y}-{m}-{d}"),
                    (Some(y), Some(m), None) => format!("{y}-{m}"),
                    (Some(y), None, _) => y,
                    (None, Some(m), Some(d)) => format!("--{m}-{d}"),
                    (None, Some(m), None) => format!("--{m}"),
                    (None, None, Some(d)) => format!("---{d}"),
                    (None, None, None) => String::new(),
                }
            }
            Value::Weekday { day } => day.name().to_owned(),
            Value::Decade { first } => format!("{first}s"),
            Value::Century { number } => format!("century {number}"),
            Value::Years { from, to } => format!("{from:04}/{to:04}"),
            Value::Time {
                hour,
                minute,
                second,
                ..
            } => match second {
                Some(second) => format!("{hour:02}:{minute:02}:{second:02}"),
                None => format!("{hour:02}:{minute:02}"),
            },
            Value::Score { points } => points
                .iter()
                .map(u32::to_string)
                .collect::<Vec<_>>()
                .join(":"),
            Value::Fraction {
                numerator,
                denominator,
            } => format!("{numerator}/{denominator}"),
            Value::Multiple { factor } => format!("{factor} x"),
            Value::Code { text } | Value::Name { text } => text.clone(),
        }
    }

    /// The amounts and date parts that a compound value is made of, each a
    /// value of its own; a simple value is its own only part.
    pub fn parts(&self) -> Vec<Value> {
        match self {
            Value::Range { low, high, measure } => [*low, *high]
                .map(|amount| Value::Amount {
                    amount,
                    measure: *measure,
                })
                .to_vec(),
            Value::Date { year, month, day } => {
                let year = year.map(|y| Value::Date {
                    year: Some(y),
                    month: None,
                    day: None,
                });
                let month = month.map(|m| Value::Date {
                    year: None,
                    month: Some(m),
                    day: None,
                });
                let day = day.map(|d| Value::Date {
                    year: None,
                    month: None,
                    day: Some(d),
                });
                [day, month, year].into_iter().flatten().collect()
            }
            Value::Years { from, to } => [*from, *to]
                .map(|year| Value::Date {
                    year: Some(year),
                    month: None,
                    day: None,
                })
                .to_vec(),
            Value::Score { points } => points
                .iter()
                .map(|point| Value::count(Decimal::from(u64::from(*point))))
                .collect(),
            simple => vec![simple.clone()],
        }
    }
}

impl Measure {
    fn write(self, amount: &str) -> String {
        match self {
            Measure::Count => amount.to_owned(),
            Measure::Percent => format!("{amount} %"),
            Measure::PercentagePoints => format!("{amount} pp"),
            Measure::PerMille => format!("{amount} ‰"),
            Measure::Money(currency) => format!("{} {amount}", currency.code()),
            Measure::Unit(unit) => format!("{amount} {}", unit.symbol()),
            Measure::Age => format!("age {amount}"),
        }
    }
}
