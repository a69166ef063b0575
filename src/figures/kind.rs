//! What sorts of figures there are.

use serde::{Deserialize, Serialize};

/// What sort of figure a text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Number,
    Ordinal,
    Money,
    Percent,
    Date,
    Time,
    Duration,
    Age,
    Range,
    Score,
    /// A number with a unit of measure that is not time.
    Quantity,
    Fraction,
    /// `doppelt`, `dreimal`, `three times`.
    Multiple,
    /// Copied as it is: A380, G7, 5G, § 219a, a phone number.
    Code,
    Name,
}

impl Kind {
    /// The name in JSON and in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Number => "number",
            Kind::Ordinal => "ordinal",
            Kind::Money => "money",
            Kind::Percent => "percent",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::Duration => "duration",
            Kind::Age => "age",
            Kind::Range => "range",
            Kind::Score => "score",
            Kind::Quantity => "quantity",
            Kind::Fraction => "fraction",
            Kind::Multiple => "multiple",
            Kind::Code => "code",
            Kind::Name => "name",
        }
    }
}
