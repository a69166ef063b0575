//! What a numeral in digits may mean, in the style of each language.

use super::Language;
use super::decimal::Decimal;

/// One reading of a numeral token.
#[derive(Debug, Clone, PartialEq)]
pub enum Numeral {
    Number {
        value: Decimal,
        /// Written as bare digits: may be a year or a day.
        plain: bool,
    },
    /// Day, month and, where written, year: `12.06.2024`, `12.06.24`.
    Date { day: u8, month: u8, year: u16 },
    /// Numbers joined by colons: a time or a score.
    Colons(Vec<u32>),
    /// Digits that are no number: `1.2.3`, `007`, `18:10,87`.
    Other,
}

/// Longer numerals are never numbers; the limit keeps each reading cheap.
const MAX_LENGTH: usize = 48;

/// Reads the text of a numeral token.
pub fn read(text: &str, language: Language) -> Numeral {
    if text.len() > MAX_LENGTH {
        return Numeral::Other;
    }
    number(text, language)
        .or_else(|| colons(text))
        .or_else(|| date(text, language))
        .unwrap_or(Numeral::Other)
}

/// `20.15` as hours and minutes, `12.6` as day and month: two small numbers
/// with a full stop or a colon between them.
pub fn pair(text: &str) -> Option<(u8, u8)> {
    let (left, right) = text.split_once(['.', ':'])?;
    Some((small(left)?, small(right)?))
}

/// `20.15` and `20:15`, but not `20.5`.
pub fn clock(text: &str) -> Option<(u8, u8)> {
    let (hour, minute) = pair(text)?;
    let two_digits = text
        .len()
        .checked_sub(2)
        .is_some_and(|at| text.get(at..).is_some_and(all_digits));
    (hour <= 24 && minute < 60 && two_digits).then_some((hour, minute))
}

fn small(text: &str) -> Option<u8> {
    (text.len() <= 2 && all_digits(text))
        .then(|| text.parse().ok())
        .flatten()
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn number(text: &str, language: Language) -> Option<Numeral> {
    if all_digits(text) {
        let padded = text.len() > 1 && text.starts_with('0');
        let value = Decimal::from_digits(text, "")?;
        return (!padded).then_some(Numeral::Number { value, plain: true });
    }
    let styled = |value| Numeral::Number {
        value,
        plain: false,
    };
    let (integer, fraction) = split_decimals(text, language)?;
    let digits = ungrouped(integer)?;
    Decimal::from_digits(&digits, fraction).map(styled)
}

/// Splits integer and decimal digits at the decimal mark, which is the last
/// mark of its sort and the only one.
fn split_decimals(text: &str, language: Language) -> Option<(&str, &str)> {
    if text.contains(':') {
        return None;
    }
    let (dots, commas) = (text.matches('.').count(), text.matches(',').count());
    let at = match (dots, commas) {
        (0, 0) => None,
        (_, 1) if dots > 0 && text.rfind(',') > text.rfind('.') => {
            text.rfind(',').filter(|_| language == Language::German)
        }
        (1, _) if commas > 0 && text.rfind('.') > text.rfind(',') => text.rfind('.'),
        // „4,8“ has no meaning in English; what kept its comma was not translated.
        (0, 1) if language == Language::English => {
            return is_grouped(text, ',').then_some((text, ""));
        }
        (0, 1) => text.find(','),
        (1, 0) => text
            .find('.')
            .filter(|_| language == Language::English || !is_grouped(text, '.')),
        (0, _) if is_grouped(text, ',') => None,
        (_, 0) if is_grouped(text, '.') => None,
        _ => return None,
    };
    match at {
        Some(at) => Some((text.get(..at)?, text.get(at + 1..)?)).filter(|(_, f)| all_digits(f)),
        None => Some((text, "")),
    }
}

fn is_grouped(text: &str, mark: char) -> bool {
    let mut groups = text.split(mark);
    let first = groups.next().unwrap_or("");
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && all_digits(group))
}

/// The digits of a grouped or plain integer without its marks.
fn ungrouped(integer: &str) -> Option<String> {
    let mark = integer.chars().find(|c| !c.is_ascii_digit());
    let sound = match mark {
        None => integer.len() == 1 || !integer.starts_with('0'),
        Some(mark) => is_grouped(integer, mark),
    };
    sound.then(|| integer.chars().filter(char::is_ascii_digit).collect())
}

fn colons(text: &str) -> Option<Numeral> {
    let numbers: Option<Vec<u32>> = text
        .split(':')
        .map(|part| {
            (part.len() <= 6 && all_digits(part))
                .then(|| part.parse().ok())
                .flatten()
        })
        .collect();
    numbers.filter(|n| n.len() > 1).map(Numeral::Colons)
}

fn date(text: &str, language: Language) -> Option<Numeral> {
    let mut parts = text.split('.');
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (first, second) = (small(first)?, small(second)?);
    let (day, month) = match language {
        Language::English if second > 12 => (second, first),
        Language::English | Language::German => (first, second),
    };
    let year = full_year(year)?;
    is_day(day, month).then_some(Numeral::Date { day, month, year })
}

pub const fn is_day(day: u8, month: u8) -> bool {
    day >= 1 && day <= 31 && month >= 1 && month <= 12
}

/// `2024` or `24`; two digits are read as the years 1930 to 2029, as POSIX
/// and office software do.
pub fn full_year(text: &str) -> Option<u16> {
    let number: u16 = all_digits(text).then(|| text.parse().ok()).flatten()?;
    match text.len() {
        4 => Some(number),
        2 if number < 30 => Some(2000 + number),
        2 => Some(1900 + number),
        _ => None,
    }
}

/// Whether bare digits look like a year of modern history.
pub const fn is_year(number: u64) -> bool {
    number >= 1100 && number < 2100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, german: &str, english: &str) {
        let show = |language| match read(text, language) {
            Numeral::Number { value, .. } => value.to_string(),
            Numeral::Date { day, month, year } => format!("{year}-{month}-{day}"),
            Numeral::Colons(numbers) => format!("{numbers:?}"),
            Numeral::Other => "?".to_owned(),
        };
        assert_eq!(show(Language::German), german, "{text} in German");
        assert_eq!(show(Language::English), english, "{text} in English");
    }

    #[test]
    fn marks_follow_the_language() {
        reads("1.234,56", "1234.56", "?");
        reads("1,234.56", "1234.56", "1234.56");
        reads("1.234", "1234", "1.234");
        reads("1,234", "1.234", "1234");
        reads("1.234.567", "1234567", "1234567");
        reads("1,234,567", "1234567", "1234567");
        reads("1 234,56", "1234.56", "?");
        reads("1'234", "1234", "1234");
        reads("4,8", "4.8", "?");
        reads("2.6", "2.6", "2.6");
        reads("0,234", "0.234", "?");
        reads("0.234", "0.234", "0.234");
        reads("2200112", "2200112", "2200112");
    }

    #[test]
    fn not_every_numeral_is_a_number() {
        reads("12.06.2024", "2024-6-12", "2024-6-12");
        reads("12.13.2024", "?", "2024-12-13");
        reads("12.06.24", "2024-6-12", "2024-6-12");
        reads("1.2.3", "?", "?");
        reads("1.234.5", "?", "?");
        reads("007", "?", "?");
        reads("20:15", "[20, 15]", "[20, 15]");
        reads("18:10,87", "?", "?");
        reads(&"1".repeat(31), "?", "?");
        reads(&"1".repeat(100), "?", "?");
    }

    #[test]
    fn clocks_have_two_digits_after_the_mark() {
        assert_eq!(clock("20.15"), Some((20, 15)));
        assert_eq!(clock("8:05"), Some((8, 5)));
        assert_eq!(clock("20.5"), None);
        assert_eq!(clock("20.75"), None);
        assert_eq!(clock("30.15"), None);
    }
}
