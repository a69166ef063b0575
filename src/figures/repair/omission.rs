//! Years and currencies that a translation invents, left out.

use super::{LONGEST, MOST_REPAIRS, Repair, Repaired};
use crate::figures::compare::{Status, compare, unresolved};
use crate::figures::{Language, lexicon};
use crate::span::Span;
use crate::words::words;

/// The translation without the years and weekdays that it invents, where they can
/// go without harm to the sentence: "the 1999 World Championships", "The group, in
/// 2018, lost", "met on Wednesday in Rome on Wednesday"; and without the currency of "a
/// million-dollar loss" for a „Millionenschaden“;
/// `None` when there are none, or it would have no fewer figures open.
pub fn without_invented(source: &str, target: &str) -> Option<Repaired> {
    if source.len() > LONGEST || target.len() > LONGEST {
        return None;
    }
    let checks = compare(source, target);
    let mut open = unresolved(&checks);
    let mut text = target.to_owned();
    let mut repairs = Vec::new();
    let added = checks.iter().filter(|check| check.status == Status::Added);
    let mentions = added.filter_map(|check| check.target.as_ref());
    // From the back, so that the spans before hold.
    let mut spans: Vec<Span> = mentions.map(|mention| mention.span).collect();
    spans.sort_by_key(|span| std::cmp::Reverse(span.start));
    for span in spans.into_iter().take(MOST_REPAIRS) {
        let without_currency = uncounted(source, &text, span);
        let omitted = || omissible(&text, span).map(|omitted| (omitted, String::new()));
        if let Some((place, after)) = without_currency.or_else(omitted) {
            let mut attempt = text.clone();
            attempt.replace_range(place.start..place.end, &after);
            let left = unresolved(&compare(source, &attempt));
            if left >= open {
                continue;
            }
            let marks: &[char] = &[' ', ','];
            repairs.push(Repair {
                source: String::new(),
                before: place.of(&text).trim_matches(marks).to_owned(),
                after,
            });
            open = left;
            text = attempt;
        }
    }
    (!repairs.is_empty()).then_some(Repaired { text, repairs })
}

/// What to leave out together with a year or weekday; `None` where the sentence needs it.
fn omissible(text: &str, span: Span) -> Option<Span> {
    let figure = span.of(text);
    if let Some(year) = year_of_date(text, span) {
        return Some(year);
    }
    let is_year = figure.len() == 4 && figure.bytes().all(|byte| byte.is_ascii_digit());
    let prepositions: &[&str] = match is_year {
        true => &["in", "by", "since", "until", "of"],
        false if lexicon::weekday(&figure.to_lowercase(), Language::English).is_some() => &["on"],
        false => return None,
    };
    let before = text.get(..span.start)?;
    let rest = text.get(span.end..)?;
    let words = before.strip_suffix(' ')?;
    let word = words.rsplit(|c: char| !c.is_alphanumeric()).next()?;
    let next = rest.strip_prefix(' ').unwrap_or("");
    if is_year && matches!(word, "the" | "The") && next.starts_with(char::is_alphabetic) {
        return Some(Span::new(span.start, span.end + 1));
    }
    let ends = rest.is_empty() || rest.starts_with(['.', ',', ';', ':', ')', '!', '?']);
    let goes_on = next.starts_with(char::is_lowercase) && !next.starts_with("to ");
    if prepositions.contains(&word) && (ends || goes_on) {
        let start = words.len() - word.len();
        return text
            .get(..start)?
            .ends_with(' ')
            .then(|| Span::new(start - 1, span.end));
    }
    None
}

/// The words of "a million-dollar loss" that name a currency, and what to say in their
/// place: „Millionenschaden“ names none.
fn uncounted(source: &str, text: &str, span: Span) -> Option<(Span, String)> {
    let (_, compound) = span.of(text).rsplit_once(' ')?;
    let (scale, currency) = compound.split_once('-')?;
    let german = match scale {
        "million" => "Millionen",
        "billion" => "Milliarden",
        _ => return None,
    };
    let is_currency = matches!(currency, "dollar" | "euro" | "pound");
    let is_compound = words(source).any(|word| {
        let noun = word.of(source).strip_prefix(german);
        noun.is_some_and(|noun| !noun.is_empty())
    });
    let start = span.end - compound.len();
    (is_currency && is_compound).then(|| (Span::new(start, span.end), format!("multi-{scale}")))
}

/// The year of "July 19, 1984" and "July 1984" with the marks before it.
fn year_of_date(text: &str, span: Span) -> Option<Span> {
    let figure = span.of(text);
    let (date, year) = figure.rsplit_once(' ')?;
    let day = date.strip_suffix(',');
    let names_month = date
        .split(|c: char| !c.is_alphabetic())
        .any(|word| lexicon::month(&word.to_lowercase(), Language::English).is_some());
    if !names_month || year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // The commas around a year go with it.
    let comma = day.is_some() && text.get(span.end..)?.starts_with(',');
    let start = span.start + day.unwrap_or(date).len();
    Some(Span::new(start, span.end + usize::from(comma)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_years_of_dates_leave_the_date() {
        let source = "Der Tanker wurde am 19. Juli gestoppt, wie es im Juni hieß.";
        for (target, expected) in [
            (
                "The tanker was stopped on July 19, 1984, as was said in June.",
                "The tanker was stopped on July 19 as was said in June.",
            ),
            (
                "The tanker was stopped on 19 July 1984, as was said in June 1984.",
                "The tanker was stopped on 19 July, as was said in June.",
            ),
        ] {
            let found = without_invented(source, target).map(|repaired| repaired.text);
            assert_eq!(found.as_deref(), Some(expected));
        }
    }

    #[test]
    fn invented_currencies_are_left_out() {
        let repaired = without_invented(
            "Es entstand ein Millionenschaden.",
            "It was a million-dollar loss.",
        );
        let text = repaired.map(|repaired| repaired.text);
        assert_eq!(text.as_deref(), Some("It was a multi-million loss."));
        let invented = without_invented(
            "Millionen Menschen verloren Geld bei dem Raub.",
            "Millions of people lost money in a million-dollar heist.",
        );
        assert_eq!(invented, None);
    }

    #[test]
    fn invented_years_are_left_out_where_they_can_be() {
        let source = "Dabo ist der Held der Leichtathletik-WM.";
        for (target, expected) in [
            (
                "Dabo is the hero of the 1999 World Championships.",
                Some("Dabo is the hero of the World Championships."),
            ),
            ("Dabo was the hero in 1999.", Some("Dabo was the hero.")),
            (
                "Dabo was the hero of the spring of 2017.",
                Some("Dabo was the hero of the spring."),
            ),
            ("Dabo was the hero on Friday.", Some("Dabo was the hero.")),
            ("Dabo was the hero of Black Friday.", None),
            ("In 1999, Dabo was the hero.", None),
            ("Dabo is the hero of the World Championships.", None),
        ] {
            let found = without_invented(source, target).map(|repaired| repaired.text);
            assert_eq!(found.as_deref(), expected, "{target}");
        }
    }
}
