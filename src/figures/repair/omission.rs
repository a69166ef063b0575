//! Years that a translation invents, left out.

use super::{LONGEST, Repair, Repaired};
use crate::figures::compare::{Status, compare, unresolved};
use crate::figures::{Language, lexicon};
use crate::span::Span;

/// The translation without the years and weekdays that it invents, where they can
/// go without harm to the sentence: "the 1999 World Championships", "The group, in
/// 2018, lost", "met on Wednesday in Rome on Wednesday";
/// `None` when there are none, or it would have no fewer figures open.
pub fn without_invented(source: &str, target: &str) -> Option<Repaired> {
    if source.len() > LONGEST || target.len() > LONGEST {
        return None;
    }
    let checks = compare(source, target);
    let mut text = target.to_owned();
    let mut repairs = Vec::new();
    let added = checks.iter().filter(|check| check.status == Status::Added);
    let mentions = added.filter_map(|check| check.target.as_ref());
    // From the back, so that the spans before hold.
    let mut spans: Vec<Span> = mentions.map(|mention| mention.span).collect();
    spans.sort_by_key(|span| std::cmp::Reverse(span.start));
    for span in spans {
        if let Some(omitted) = omissible(&text, span) {
            repairs.push(Repair {
                source: String::new(),
                before: omitted.of(&text).trim().to_owned(),
                after: String::new(),
            });
            text.replace_range(omitted.start..omitted.end, "");
        }
    }
    let fewer = unresolved(&compare(source, &text)) < unresolved(&checks);
    (fewer && !repairs.is_empty()).then_some(Repaired { text, repairs })
}

/// What to leave out together with a year or weekday; `None` where the sentence needs it.
fn omissible(text: &str, span: Span) -> Option<Span> {
    let figure = span.of(text);
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

#[cfg(test)]
mod tests {
    use super::*;

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
