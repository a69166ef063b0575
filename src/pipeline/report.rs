//! What is said about a translation: segments with spans, figures, warnings,
//! summary.

use crate::dispatch::{
    self, FigureReport, KeyFigure, Options, Part, Segment, SegmentStatus, Summary, SummaryForm,
    SummarySentence, TermReport, Warning, WarningCode,
};
use crate::document::Target;
use crate::figures::{self, Check, Mention};
use crate::pipeline::choice::{Choice, Policy};
use crate::pipeline::complaints::{complaint, complaints, missed, told};
use crate::pipeline::draft::{Draft, Page, Unit};
use crate::pipeline::gap::is_incomplete;
use crate::pipeline::translate::Rendering;
use crate::span::Span;
use crate::summary::{self, Budget, Candidate};
use crate::terms::{self, Occurrence};

/// A translation with everything that is known about it.
#[derive(Debug)]
pub(super) struct Checked {
    /// The translated text of each sheet.
    pub texts: Vec<String>,
    pub segments: Vec<Segment>,
    /// The sheet of each segment.
    pub sheets: Vec<usize>,
    pub figures: Vec<FigureReport>,
    pub terms: Vec<TermReport>,
    pub warnings: Vec<Warning>,
    units: Vec<Unit>,
    checks: Vec<Vec<Check>>,
}

impl Checked {
    /// What strict callers do not accept: open figures, missed terms,
    /// incomplete segments.
    pub fn open(&self) -> usize {
        dispatch::unresolved(&self.figures)
            + dispatch::missed_terms(&self.terms)
            + dispatch::incomplete(&self.segments)
    }
}

/// A preview of more bytes would keep a request's thread from the others.
const LONGEST_PREVIEW: usize = 8000;

/// A finished segment before its document is rendered. A very long one is told
/// of without a look at its figures.
pub(super) fn preview(
    draft: &Draft,
    index: usize,
    rendering: &Rendering,
    policy: Policy,
) -> Segment {
    let unit = &draft.units[index];
    let size = unit.source.len() + rendering.text.len();
    let choice = if size > LONGEST_PREVIEW {
        Choice {
            rendering: rendering.clone(),
            checks: Vec::new(),
            terms: Vec::new(),
            repaired: false,
            repairs: Vec::new(),
        }
    } else {
        Choice::made(unit, rendering.clone(), policy)
    };
    let span = Span::new(0, choice.rendering.text.len());
    segment(index, unit, &choice, span)
}

/// Renders the documents with their figures put right and in one style, and accounts for
/// every figure.
pub(super) fn check(draft: Draft, renderings: Vec<Rendering>, policy: Policy) -> Checked {
    let Draft {
        pages,
        units,
        mut warnings,
    } = draft;
    let choices: Vec<Choice> = units
        .iter()
        .zip(renderings)
        .map(|(unit, rendering)| Choice::made(unit, rendering, policy))
        .collect();

    let (texts, spans) = render(&pages, &units, &choices);
    let mut segments = Vec::with_capacity(units.len());
    let mut reports = Vec::new();
    let mut term_reports = Vec::new();
    for (index, ((unit, choice), span)) in units.iter().zip(&choices).zip(spans).enumerate() {
        let text = &choice.rendering.text;
        segments.push(segment(index, unit, choice, span));
        let place = Place {
            unit,
            page: &pages[unit.sheet],
            target: text,
            rendered: span.of(&texts[unit.sheet]),
            span,
        };
        for check in &choice.checks {
            let report = place.report(index, check);
            if !report.status.resolved() {
                warnings.push(Warning {
                    code: WarningCode::FigureUnresolved,
                    message: complaint(&report),
                    segment: Some(index),
                });
            }
            reports.push(report);
        }
        for (occurrence, check) in unit.terms.iter().zip(&choice.terms) {
            let report = place.report_term(index, occurrence, check);
            if report.status == terms::Status::Missed {
                warnings.push(Warning {
                    code: WarningCode::TermMissed,
                    message: missed(&report),
                    segment: Some(index),
                });
            }
            term_reports.push(report);
        }
        warnings.extend(choice.repairs.iter().map(|repair| Warning {
            code: WarningCode::FigureRepaired,
            message: told(repair),
            segment: Some(index),
        }));
        warnings.extend(complaints(index, unit, &choice.rendering));
    }
    Checked {
        texts,
        segments,
        sheets: units.iter().map(|unit| unit.sheet).collect(),
        figures: reports,
        terms: term_reports,
        warnings,
        checks: choices.into_iter().map(|choice| choice.checks).collect(),
        units,
    }
}

/// Chooses the sentences of the summary.
pub(super) fn summarise(checked: &Checked, options: &Options) -> Summary {
    chosen(&candidates(checked), options)
}

/// The figures that the article turns on.
pub(super) fn key_figures(checked: &Checked, summary: &Summary) -> Vec<KeyFigure> {
    ranked(&candidates(checked), summary)
}

/// The translated sentences of an article.
fn candidates(checked: &Checked) -> Vec<Candidate<'_>> {
    checked
        .units
        .iter()
        .zip(&checked.segments)
        .zip(&checked.checks)
        .filter(|((unit, segment), _)| unit.kind.is_prose() && is_english(segment.status))
        .map(|((unit, segment), checks)| Candidate {
            index: segment.id,
            source: &unit.source,
            target: &segment.target,
            title: unit.part == Part::Title || unit.kind.is_title(),
            paragraph: unit.block,
            checks,
        })
        .collect()
}

/// The figures that these sentences turn on, the weightiest first, and which of them a
/// summary says.
pub(super) fn ranked(candidates: &[Candidate<'_>], summary: &Summary) -> Vec<KeyFigure> {
    /// An answer lists so many at most.
    const MOST: usize = 12;
    let used: Vec<usize> = summary
        .sentences
        .iter()
        .flat_map(|sentence| sentence.segments.iter().copied())
        .collect();
    summary::rank(candidates)
        .into_iter()
        .take(MOST)
        .filter_map(|figure| {
            let sentence = candidates.iter().find(|one| one.index == figure.segment)?;
            Some(KeyFigure {
                kind: figure.kind,
                text: figure.span.of(sentence.target).to_owned(),
                sentence: sentence.target.to_owned(),
                segment: figure.segment,
                weight: (figure.weight * 100.0).round() / 100.0,
                in_summary: figure.segments.iter().any(|segment| used.contains(segment)),
                value: figure.value,
            })
        })
        .collect()
}

/// The summary of an article's sentences in the form that was asked for.
pub(super) fn chosen(candidates: &[Candidate<'_>], options: &Options) -> Summary {
    let whole = Budget {
        sentences: options.summary_sentences,
        words: options.summary_words,
        apart: options.summary_form == SummaryForm::Bullets,
    };
    let sentences = match options.summary_form {
        SummaryForm::Text | SummaryForm::Bullets => summary::choose(candidates, &whole),
        SummaryForm::Headline => summary::headline(candidates, &whole),
    };
    let sentences: Vec<SummarySentence> = sentences
        .into_iter()
        .map(|sentence| SummarySentence {
            text: sentence.text,
            segments: sentence.segments,
        })
        .collect();
    let texts = sentences.iter().map(|sentence| sentence.text.as_str());
    let text = match options.summary_form {
        SummaryForm::Text | SummaryForm::Headline => texts.collect::<Vec<_>>().join(" "),
        SummaryForm::Bullets => {
            let lines: Vec<String> = texts.map(|text| format!("- {text}")).collect();
            lines.join("\n")
        }
    };
    Summary { text, sentences }
}

/// Whether a segment is a translation, with or without open figures.
fn is_english(status: SegmentStatus) -> bool {
    match status {
        SegmentStatus::Ok | SegmentStatus::Repaired | SegmentStatus::Unresolved => true,
        SegmentStatus::Incomplete | SegmentStatus::Copied => false,
    }
}

fn segment(id: usize, unit: &Unit, choice: &Choice, target_span: Span) -> Segment {
    let status = if !unit.translate {
        SegmentStatus::Copied
    } else if is_incomplete(unit, &choice.rendering) {
        SegmentStatus::Incomplete
    } else {
        match figures::unresolved(&choice.checks) {
            0 if choice.repaired => SegmentStatus::Repaired,
            0 => SegmentStatus::Ok,
            _ => SegmentStatus::Unresolved,
        }
    };
    Segment {
        id,
        part: unit.part,
        block: unit.block,
        source: unit.source.clone(),
        target: choice.rendering.text.clone(),
        source_span: unit.source_span,
        target_span,
        status,
    }
}

/// The text of each page and the span of each unit in it.
fn render(pages: &[Page], units: &[Unit], choices: &[Choice]) -> (Vec<String>, Vec<Span>) {
    let mut texts = Vec::with_capacity(pages.len());
    let mut spans = Vec::with_capacity(units.len());
    let mut rest = units.iter().zip(choices).peekable();
    for (sheet, page) in pages.iter().enumerate() {
        match page {
            Page::Verbatim(text) => texts.push(text.clone()),
            Page::Document(document) => {
                let mut targets: Vec<Vec<Target>> = vec![Vec::new(); document.blocks().len()];
                while let Some((unit, choice)) = rest.next_if(|(unit, _)| unit.sheet == sheet) {
                    targets[unit.block].push(Target {
                        span: unit.span,
                        text: choice.rendering.text.clone(),
                    });
                }
                let rendered = document.render(&targets);
                spans.extend(rendered.spans.into_iter().flatten());
                texts.push(rendered.text);
            }
        }
    }
    (texts, spans)
}

/// A unit and where its translation stands in the rendered text.
struct Place<'a> {
    unit: &'a Unit,
    page: &'a Page,
    /// The plain translation.
    target: &'a str,
    /// The same with its markup, and its span.
    rendered: &'a str,
    span: Span,
}

impl Place<'_> {
    fn report_term(
        &self,
        segment: usize,
        occurrence: &Occurrence,
        check: &terms::Check,
    ) -> TermReport {
        TermReport {
            segment,
            part: self.unit.part,
            term: occurrence.term.source().to_owned(),
            english: occurrence.term.english().to_owned(),
            status: check.status,
            source: Mention {
                text: occurrence.span.of(&self.unit.source).to_owned(),
                span: source_span(self.page, self.unit, occurrence.span),
            },
            target: check.target.map(|span| Mention {
                text: span.of(self.target).to_owned(),
                span: rendered_span(self.target, self.rendered, span).shifted(self.span.start),
            }),
        }
    }

    fn report(&self, segment: usize, check: &Check) -> FigureReport {
        FigureReport {
            segment,
            part: self.unit.part,
            kind: check.kind,
            value: check.value.clone(),
            status: check.status,
            source: check.source.as_ref().map(|mention| Mention {
                text: mention.text.clone(),
                span: source_span(self.page, self.unit, mention.span),
            }),
            target: check.target.as_ref().map(|mention| Mention {
                text: mention.text.clone(),
                span: rendered_span(self.target, self.rendered, mention.span)
                    .shifted(self.span.start),
            }),
        }
    }
}

/// A span in the unit's source as a span in the sheet's source.
fn source_span(page: &Page, unit: &Unit, span: Span) -> Span {
    let block = match page {
        Page::Document(document) => document.blocks().get(unit.block),
        Page::Verbatim(_) => None,
    };
    match block {
        Some(block) => block.source_span(span.shifted(unit.span.start)),
        None => unit.source_span,
    }
}

/// A span in the plain target as a span in the rendered one, which may hold
/// tags and entities: the same words, counted from the front; the whole
/// segment when markup cuts through them.
fn rendered_span(target: &str, rendered: &str, span: Span) -> Span {
    if target == rendered {
        return span;
    }
    let words = span.of(target);
    let before = target
        .get(..span.start)
        .map_or(0, |head| head.matches(words).count());
    rendered
        .match_indices(words)
        .nth(before)
        .filter(|_| !words.is_empty())
        .map_or(Span::new(0, rendered.len()), |(start, found)| {
            Span::new(start, start + found.len())
        })
}
