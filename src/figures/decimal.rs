//! Exact decimal numbers: figures are compared digit for digit, so binary
//! floating point has no place here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// `coefficient × 10^exponent`, held without trailing zeros, so that equal
/// numbers are equal structs. Serialised as a plain decimal string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal {
    coefficient: i128,
    exponent: i32,
}

/// Digits beyond this are no quantity that anybody writes about.
const MAX_DIGITS: usize = 30;
/// Keeps `Display` short and `10^exponent` inside `i128` during alignment.
const MAX_EXPONENT: i32 = 36;

impl Decimal {
    pub const ZERO: Decimal = Decimal {
        coefficient: 0,
        exponent: 0,
    };
    pub const ONE: Decimal = Decimal {
        coefficient: 1,
        exponent: 0,
    };
    pub const HALF: Decimal = Decimal {
        coefficient: 5,
        exponent: -1,
    };

    /// `coefficient × 10^exponent`, or `None` when it is out of range.
    pub fn new(coefficient: i128, exponent: i32) -> Option<Self> {
        if coefficient == 0 {
            return Some(Self::ZERO);
        }
        let (mut coefficient, mut exponent) = (coefficient, exponent);
        while coefficient % 10 == 0 {
            coefficient /= 10;
            exponent = exponent.checked_add(1)?;
        }
        (exponent.abs() <= MAX_EXPONENT).then_some(Decimal {
            coefficient,
            exponent,
        })
    }

    /// The number written as `integer` and `fraction` digits.
    ///
    /// `None` when either holds anything but ASCII digits, when both are
    /// empty, or when there are more than 30 digits.
    pub fn from_digits(integer: &str, fraction: &str) -> Option<Self> {
        let length = integer.len() + fraction.len();
        if length == 0 || length > MAX_DIGITS {
            return None;
        }
        let mut coefficient: i128 = 0;
        for byte in integer.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            coefficient = coefficient
                .checked_mul(10)?
                .checked_add(i128::from(byte - b'0'))?;
        }
        Self::new(coefficient, -i32::try_from(fraction.len()).ok()?)
    }

    /// The product, or `None` when it is out of range.
    pub fn times(self, other: Self) -> Option<Self> {
        Self::new(
            self.coefficient.checked_mul(other.coefficient)?,
            self.exponent.checked_add(other.exponent)?,
        )
    }

    /// The sum, or `None` when it is out of range.
    pub fn plus(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        let lift = |number: Self| {
            let power = u32::try_from(number.exponent - exponent).ok()?;
            number.coefficient.checked_mul(10i128.checked_pow(power)?)
        };
        Self::new(lift(self)?.checked_add(lift(other)?)?, exponent)
    }

    pub const fn negated(self) -> Self {
        Decimal {
            coefficient: -self.coefficient,
            exponent: self.exponent,
        }
    }

    pub const fn is_negative(self) -> bool {
        self.coefficient < 0
    }

    /// The nearest binary number, for ratios and rankings only.
    pub fn to_f64(self) -> f64 {
        self.coefficient as f64 * 10f64.powi(self.exponent)
    }

    /// The number as a natural one; `None` when it is negative, fractional or
    /// too large.
    pub fn natural(self) -> Option<u64> {
        let power = u32::try_from(self.exponent).ok()?;
        u64::try_from(self.coefficient.checked_mul(10i128.checked_pow(power)?)?).ok()
    }

    /// How many digits carry information: 3 for 4.85 and for 4 850 000.
    pub fn significant_digits(self) -> usize {
        self.coefficient.unsigned_abs().to_string().len()
    }
}

impl From<u64> for Decimal {
    fn from(number: u64) -> Self {
        Self::new(i128::from(number), 0).unwrap_or(Self::ZERO)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.coefficient.unsigned_abs().to_string();
        if self.coefficient < 0 {
            f.write_str("-")?;
        }
        match usize::try_from(self.exponent) {
            Ok(zeros) => write!(f, "{digits}{:0<zeros$}", ""),
            Err(_) => {
                let places = self.exponent.unsigned_abs() as usize;
                let padded = format!("{digits:0>width$}", width = places + 1);
                let (integer, fraction) = padded.split_at(padded.len() - places);
                write!(f, "{integer}.{fraction}")
            }
        }
    }
}

impl FromStr for Decimal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (integer, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        // Plain notation of a large power of ten has more characters than
        // significant digits.
        let significant = integer.trim_end_matches('0');
        let number = if fraction.is_empty() && !significant.is_empty() {
            let zeros = integer.len() - significant.len();
            Self::from_digits(significant, "")
                .and_then(|n| Self::new(n.coefficient, i32::try_from(zeros).ok()?))
        } else {
            Self::from_digits(integer, fraction)
        };
        let number = number.ok_or_else(|| format!("not a decimal number: {} bytes", text.len()))?;
        Ok(if sign { number.negated() } else { number })
    }
}

impl TryFrom<String> for Decimal {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(number: Decimal) -> Self {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn equal_numbers_are_equal_structs() {
        assert_eq!(
            Decimal::from_digits("12", "50"),
            Decimal::from_digits("12", "5")
        );
        assert_eq!(Decimal::from_digits("4800000", ""), Decimal::new(48, 5));
        assert_eq!(Decimal::from_digits("0", "0"), Some(Decimal::ZERO));
    }

    #[test]
    fn writes_plain_notation() {
        for text in ["0", "7", "-7", "4800000", "12.5", "0.05", "-0.4", "1.2269"] {
            assert_eq!(decimal(text).to_string(), text);
        }
    }

    #[test]
    fn refuses_what_is_out_of_range() {
        assert_eq!(Decimal::from_digits(&"9".repeat(31), ""), None);
        assert_eq!(Decimal::new(1, 40), None);
        assert_eq!(Decimal::from_digits("", ""), None);
        assert!("1.2.3".parse::<Decimal>().is_err());
    }

    #[test]
    fn computes_exactly() {
        assert_eq!(
            decimal("4.8").times(decimal("1000000")),
            Some(decimal("4800000"))
        );
        assert_eq!(decimal("0.1").plus(decimal("0.2")), Some(decimal("0.3")));
        assert_eq!(decimal("1.5").natural(), None);
        assert_eq!(decimal("4800000").natural(), Some(4_800_000));
        assert_eq!(decimal("4850000").significant_digits(), 3);
    }

    proptest! {
        #[test]
        fn survives_a_round_trip(coefficient in -10i128.pow(20)..10i128.pow(20), exponent in -9i32..9) {
            let number = Decimal::new(coefficient, exponent).unwrap();
            prop_assert_eq!(number.to_string().parse::<Decimal>().unwrap(), number);
        }
    }
}
