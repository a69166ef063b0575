//! Summaries of articles that are English already: the stages without the
//! engine. Nothing is translated, so there are no figures to compare.

use std::time::Instant;

use super::draft::Draft;
use super::{blocking, milliseconds, report, sheets};
use crate::dispatch::{Article, LanguagePolicy, ModelTag, Options, Part, Summarized, Timings};
use crate::error::Result;
use crate::summary::Candidate;

/// Summarises an English article; no model is needed for it.
///
/// # Errors
/// `Empty` for an article without text.
pub async fn summarize_english(article: Article, options: Options) -> Result<Summarized> {
    blocking(move || summarize(article, &options)).await
}

fn summarize(article: Article, options: &Options) -> Result<Summarized> {
    let started = Instant::now();
    let draft = Draft::prepare(sheets(article), LanguagePolicy::Trust, None)?;
    let sentences = sentences(&draft);
    let candidates: Vec<Candidate<'_>> = sentences
        .iter()
        .map(|sentence| Candidate {
            index: sentence.index,
            source: &sentence.text,
            target: &sentence.text,
            title: sentence.title,
            paragraph: sentence.block,
            checks: &[],
        })
        .collect();
    let clock = Instant::now();
    let summary = report::chosen(&candidates, options);
    Ok(Summarized {
        key_figures: report::ranked(&candidates, &summary),
        summary,
        figures: Vec::new(),
        terms: Vec::new(),
        warnings: draft.warnings,
        model: ModelTag {
            name: "none".into(),
            adapter: None,
        },
        timings: Timings {
            summary_ms: milliseconds(clock),
            total_ms: milliseconds(started),
            ..Timings::default()
        },
    })
}

/// A sentence of the article; its segment is the first of its units.
struct Sentence {
    index: usize,
    sheet: usize,
    block: usize,
    title: bool,
    text: String,
}

/// The sentences of a draft. They were cut by German rules, so that what stands
/// behind an English abbreviation is put back.
fn sentences(draft: &Draft) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = Vec::new();
    for (index, unit) in draft.units.iter().enumerate() {
        if !unit.kind.is_prose() || !unit.translate {
            continue;
        }
        match sentences.last_mut() {
            Some(last)
                if last.sheet == unit.sheet
                    && last.block == unit.block
                    && ends_in_abbreviation(&last.text) =>
            {
                last.text.push(' ');
                last.text.push_str(&unit.source);
            }
            _ => sentences.push(Sentence {
                index,
                sheet: unit.sheet,
                block: unit.block,
                title: unit.part == Part::Title || unit.kind.is_title(),
                text: unit.source.clone(),
            }),
        }
    }
    sentences
}

/// Whether a text ends with an abbreviation that something must follow.
pub(super) fn ends_in_abbreviation(text: &str) -> bool {
    const LEADING: [&str; 24] = [
        "Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Rev.", "Hon.", "St.", "Gen.", "Sen.", "Rep.",
        "Gov.", "Lt.", "Col.", "Sgt.", "Capt.", "Cmdr.", "Maj.", "Pres.", "Supt.", "Msgr.", "vs.",
        "No.", "approx.",
    ];
    let last = text.rsplit(char::is_whitespace).next().unwrap_or("");
    LEADING.contains(&last.trim_start_matches(['"', '“', '(', '‘']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::SummaryForm;
    use crate::document::Format;
    use crate::error::Error;

    fn summarized(title: Option<&str>, body: &str, form: SummaryForm) -> String {
        let article = Article {
            title: title.map(str::to_owned),
            body: body.to_owned(),
            format: Format::Text,
            found: false,
        };
        let options = Options {
            summary_form: form,
            summary_sentences: 2,
            ..Options::default()
        };
        let answer = summarize(article, &options).expect("a summary");
        answer.summary.text
    }

    const BODY: &str = "The mayor of the city, Mr. Anders, resigned on Monday after 12 years in \
         office. He said that he was tired of the quarrels. The council of the city will elect a \
         new mayor in June, and four members of the council want to become mayor.";

    #[test]
    fn sentences_of_the_article_are_chosen() {
        let text = summarized(Some("The mayor resigns"), BODY, SummaryForm::Text);
        assert!(text.starts_with("The mayor of the city, Mr. Anders, resigned"));
        // Who "he" is stands right before.
        assert!(text.contains("12 years in office. He said"), "{text}");
        let bullets = summarized(None, BODY, SummaryForm::Bullets);
        assert_eq!(bullets.lines().count(), 2);
        assert!(bullets.lines().all(|line| line.starts_with("- The ")));
    }

    #[test]
    fn the_headline_is_the_title_or_a_sentence() {
        let title = Some("The mayor resigns");
        assert_eq!(
            summarized(title, BODY, SummaryForm::Headline),
            "The mayor resigns"
        );
        let sentence = summarized(None, BODY, SummaryForm::Headline);
        assert!(sentence.starts_with("The mayor of the city"), "{sentence}");
    }

    #[test]
    fn an_empty_article_is_refused() {
        let article = Article {
            title: None,
            body: " ".into(),
            format: Format::Text,
            found: false,
        };
        let answer = summarize(article, &Options::default());
        assert!(matches!(answer, Err(Error::Empty)));
    }
}
