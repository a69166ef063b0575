//! Leaving out what a sentence can lose without saying anything else.

use crate::figures::{self, Language};

/// A shorter form of a translated sentence, or `None` when nothing can go.
///
/// Only parentheses and a final relative clause are dropped, and only when
/// they hold no figure, no negation and no quotation mark: what remains has
/// the same speaker and says nothing that the whole does not say.
pub fn shorten(target: &str, source: &str) -> Option<String> {
    let without = without_parentheses(target);
    let text = without.as_deref().unwrap_or(target);
    let clause = without_final_clause(text);
    let shorter = clause.or(without)?;
    still_true(&shorter, target, source).then_some(shorter)
}

/// No figure may appear that the source lacks, none that the sentence had may
/// be gone.
fn still_true(shorter: &str, target: &str, source: &str) -> bool {
    let values = |text: &str| -> Vec<String> {
        figures::read(text, Language::English)
            .iter()
            .map(|figure| figure.value.canonical())
            .collect()
    };
    let added = |status| status == figures::Status::Added;
    let english = source == target;
    values(shorter) == values(target)
        && (english
            || !figures::compare(source, shorter)
                .iter()
                .any(|check| added(check.status)))
}

fn may_go(part: &str) -> bool {
    const NEGATIONS: [&str; 8] = [
        "not", "no", "never", "none", "nobody", "nothing", "without", "neither",
    ];
    let negated = part
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| NEGATIONS.contains(&word.to_lowercase().as_str()))
        || part.contains("n't")
        || part.contains("n’t");
    let quoted = part.contains(['"', '“', '”', '„']);
    !negated && !quoted && figures::read(part, Language::English).is_empty()
}

fn without_parentheses(text: &str) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut dropped = false;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((inside, behind)) = after.split_once(')') else {
            break;
        };
        if inside.contains('(') || !may_go(inside) {
            kept.push_str(before);
            kept.push('(');
            rest = after;
            continue;
        }
        kept.push_str(before.trim_end());
        // „word (aside) word“ keeps one space, „word (aside).“ none.
        rest = behind;
        dropped = true;
    }
    kept.push_str(rest);
    dropped.then_some(kept)
}

/// Drops a relative clause between the last comma and the full stop.
fn without_final_clause(text: &str) -> Option<String> {
    const LEAST_LEFT: usize = 6;
    let body = text.strip_suffix('.')?;
    let (main, clause) = body.rsplit_once(", ")?;
    let relative = ["which ", "who ", "whose ", "where "]
        .iter()
        .any(|word| clause.starts_with(word));
    let enough = main.split_whitespace().count() >= LEAST_LEFT;
    (relative && enough && may_go(clause)).then(|| format!("{main}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(text: &str) -> Option<String> {
        shorten(text, text)
    }

    #[test]
    fn drops_asides_and_final_clauses() {
        assert_eq!(
            english("The party (which is old) won 30 percent of the vote."),
            Some("The party won 30 percent of the vote.".to_owned())
        );
        assert_eq!(
            english("The bank paid 5 million euros to the city, which had sued."),
            Some("The bank paid 5 million euros to the city.".to_owned())
        );
    }

    #[test]
    fn keeps_figures_negations_and_quotations() {
        for text in [
            "The party (founded in 1863) won the election in the capital.",
            "The bank paid the fine to the city, which had not sued.",
            "The bank paid the fine to the city, which \"had waited\".",
            "The bank paid the fine.",
        ] {
            assert_eq!(english(text), None, "{text}");
        }
    }
}
