//! Dates as feeds write them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;

/// Reads a date of RSS (RFC 2822) or of Atom and JSON Feed (RFC 3339), or a
/// day alone, which begins in UTC. `None` for what is none of these.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| rfc2822::parse(text).ok().map(|date| date.timestamp()))
        .or_else(|| without_weekday(text))
        .or_else(|| day(text))
}

/// Weekdays in other languages, or wrong ones, are not worth a date.
fn without_weekday(text: &str) -> Option<Timestamp> {
    let (_, rest) = text.split_once(',')?;
    Some(rfc2822::parse(rest.trim()).ok()?.timestamp())
}

fn day(text: &str) -> Option<Timestamp> {
    let date: Date = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_dialects() {
        let wanted: Timestamp = "2026-11-20T08:30:00Z".parse().unwrap();
        for text in [
            "Fri, 20 Nov 2026 09:30:00 +0100",
            " Fri, 20 Nov 2026 08:30:00 GMT\n",
            "20 Nov 2026 08:30:00 +0000",
            "Mon, 20 Nov 2026 08:30:00 GMT",
            "Fr, 20 Nov 2026 08:30:00 GMT",
            "2026-11-20T09:30:00+01:00",
            "2026-11-20T08:30:00Z",
        ] {
            assert_eq!(read(text), Some(wanted), "{text}");
        }
        assert_eq!(
            read("2026-11-20"),
            Some("2026-11-20T00:00:00Z".parse().unwrap())
        );
        assert_eq!(read("gestern"), None);
        assert_eq!(read(""), None);
    }
}
