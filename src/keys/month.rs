//! Calendar months in UTC, over which characters are counted.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A month. They sort as they follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Date);

impl Month {
    /// The month of a moment in milliseconds since 1970.
    pub fn at(milliseconds: i64) -> Self {
        let moment = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH);
        let date = TimeZone::UTC.to_datetime(moment).date();
        Month(date.first_of_month())
    }

    /// When the next one begins, in milliseconds since 1970.
    pub fn ends(self) -> i64 {
        let next = self.0.checked_add(1.month()).unwrap_or(Date::MAX);
        TimeZone::UTC
            .to_timestamp(next.at(0, 0, 0, 0))
            .map_or(i64::MAX, Timestamp::as_millisecond)
    }
}

/// `2026-11`
impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(text: &str) -> i64 {
        let moment: Timestamp = text.parse().expect("a moment");
        moment.as_millisecond()
    }

    #[test]
    fn a_month_ends_where_the_next_one_begins() {
        let last = milliseconds("2026-11-30T23:59:59.999Z");
        assert_eq!(Month::at(last).to_string(), "2026-11");
        assert_eq!(Month::at(last).ends(), last + 1);
        assert_eq!(Month::at(last + 1).to_string(), "2026-12");
        assert!(Month::at(last) < Month::at(last + 1));
        let december = Month::at(milliseconds("2026-12-24T12:00:00Z"));
        assert_eq!(december.ends(), milliseconds("2027-01-01T00:00:00Z"));
        assert_eq!(Month::at(0).to_string(), "1970-01");
    }

    #[test]
    fn no_moment_is_too_far_away() {
        for moment in [i64::MIN, i64::MAX] {
            Month::at(moment).ends();
        }
        let last = Month(Date::MAX.first_of_month());
        assert!(last.ends() > 0);
    }
}
