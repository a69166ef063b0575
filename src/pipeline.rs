//! The order of stages, shared by HTTP and command line:
//! document → language → segments → engine → figures → summary → response.
//!
//! Reading and checking are plain functions on owned data and run on the
//! blocking pool; only the engine is awaited. Dropping a future of this module
//! cancels its segments in the engine.

mod choice;
mod complaints;
mod doubt;
mod draft;
mod english;
mod feed;
mod gap;
mod recollection;
mod report;
mod stage;
mod text;
mod translate;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tracing::{Instrument, info_span};

use crate::dispatch::{
    self, Article, Dispatch, Event, FigureReport, ModelTag, Options, Part, Source, Summarized,
    Summary, TermReport, Timings, Translation, Translations,
};
use crate::document::Format;
use crate::engine::{Decoding, Engine};
use crate::error::{Error, Result};
use crate::figures::HouseStyle;
use crate::memory::{Memory, Origin};
use crate::telemetry::traces;
use crate::terms::Glossary;
use choice::{Choice, Policy};
use draft::{Draft, Sheet};
pub use english::summarize_english;
pub use feed::{FeedContext, FeedOptions, ReportedFeed, TranslatedFeed};
use recollection::Recollection;
use report::Checked;
use stage::{blocking, milliseconds, within};
pub use text::Text;
use translate::Rendering;

/// Widest beam that a request may ask for.
pub const MAX_BEAMS: usize = 8;

/// What a request brings along besides its text.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Time from now after which nobody waits for the answer.
    pub deadline: Option<Duration>,
    /// Where to tell of progress.
    pub events: Option<mpsc::UnboundedSender<Event>>,
    /// Terms that the translation has to keep to.
    pub glossary: Option<Arc<Glossary>>,
}

impl Context {
    /// A listener that has left is no error: the result is returned anyway.
    fn tell(&self, event: impl FnOnce() -> Event) {
        if let Some(events) = &self.events {
            events.send(event()).ok();
        }
    }
}

/// The stages around an engine. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Pipeline {
    engine: Engine,
    model: ModelTag,
    memory: Option<Arc<Recollection>>,
    style: HouseStyle,
    may_be_german: bool,
}

/// What the stages up to the figures have made.
struct Work {
    checked: Checked,
    timings: Timings,
}

impl Pipeline {
    pub fn new(engine: Engine, model: ModelTag) -> Self {
        Pipeline {
            engine,
            model,
            memory: None,
            style: HouseStyle::default(),
            may_be_german: false,
        }
    }

    /// The same pipeline around a model that leaves words in German on purpose, as
    /// those of tests do: they are neither sought again nor told of.
    pub fn with_german_words(self) -> Self {
        Pipeline {
            may_be_german: true,
            ..self
        }
    }

    /// The same pipeline, which writes figures in a style where a request does
    /// not ask for another.
    pub fn with_style(self, style: HouseStyle) -> Self {
        Pipeline { style, ..self }
    }

    /// What is done for figures in a request.
    fn policy(&self, options: &Options) -> Policy {
        Policy {
            repair: options.repair,
            style: HouseStyle {
                figures: options.figure_style.unwrap_or(self.style.figures),
                clock: options.clock_style.unwrap_or(self.style.clock),
            },
        }
    }

    /// The same pipeline, which asks the memory before the engine and tells it
    /// of what was translated without a fault.
    pub fn with_memory(mut self, memory: Memory, origin: Origin) -> Self {
        self.memory = Some(Arc::new(Recollection { memory, origin }));
        self
    }

    /// The memory, where there is one.
    pub fn memory(&self) -> Option<&Memory> {
        self.memory
            .as_ref()
            .map(|recollection| &recollection.memory)
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub fn model(&self) -> &ModelTag {
        &self.model
    }

    /// Translates an article, checks its figures and summarises it.
    ///
    /// # Errors
    /// `Empty` and `NotGerman` for the text, `Unresolved` in strict mode, the
    /// engine's refusals, `Deadline`.
    pub async fn article(
        &self,
        article: Article,
        options: Options,
        context: Context,
    ) -> Result<Dispatch> {
        within(
            context.deadline,
            self.make_dispatch(article, options, &context),
        )
        .await
    }

    /// Translates texts that have nothing to do with each other.
    ///
    /// # Errors
    /// As [`Pipeline::article`]; one text that is refused refuses them all.
    pub async fn translate(
        &self,
        texts: Vec<Text>,
        options: Options,
        context: Context,
    ) -> Result<Translations> {
        within(
            context.deadline,
            self.make_translations(texts, options, &context),
        )
        .await
    }

    /// Summarises an article in English.
    ///
    /// # Errors
    /// As [`Pipeline::article`].
    pub async fn summarize(
        &self,
        article: Article,
        options: Options,
        context: Context,
    ) -> Result<Summarized> {
        within(context.deadline, async {
            // Only the figures of the answer count, not those of the article.
            let lenient = Options {
                strict: false,
                ..options.clone()
            };
            let dispatch = self.make_dispatch(article, lenient, &context).await?;
            let used: Vec<usize> = dispatch
                .summary
                .sentences
                .iter()
                .flat_map(|sentence| sentence.segments.iter().copied())
                .collect();
            let figures: Vec<FigureReport> = dispatch
                .figures
                .into_iter()
                .filter(|figure| used.contains(&figure.segment))
                .collect();
            let terms: Vec<TermReport> = dispatch
                .terms
                .into_iter()
                .filter(|term| used.contains(&term.segment))
                .collect();
            let open = dispatch::unresolved(&figures) + dispatch::missed_terms(&terms);
            refuse_unresolved(open, &options)?;
            Ok(Summarized {
                figures,
                terms,
                key_figures: dispatch.key_figures,
                summary: dispatch.summary,
                warnings: dispatch.warnings,
                model: dispatch.model,
                timings: dispatch.timings,
            })
        })
        .await
    }

    async fn make_dispatch(
        &self,
        article: Article,
        options: Options,
        context: &Context,
    ) -> Result<Dispatch> {
        let started = Instant::now();
        let format = article.format;
        let source = article.found.then(|| Source {
            title: article.title.clone(),
            text: article.body.clone(),
            format,
        });
        let sheets = sheets(article);
        let Work {
            checked,
            mut timings,
        } = self.work(sheets, &options, context).await?;
        context.tell(|| Event::Figures(checked.figures.clone()));
        refuse_unresolved(checked.open(), &options)?;

        let clock = Instant::now();
        let (checked, summary, key_figures) = blocking(move || {
            let summary = match options.summary_sentences {
                0 => Summary::default(),
                _ => report::summarise(&checked, &options),
            };
            let key_figures = report::key_figures(&checked, &summary);
            Ok((checked, summary, key_figures))
        })
        .instrument(info_span!(target: traces::TARGET, "summarise"))
        .await?;
        timings.summary_ms = milliseconds(clock);
        context.tell(|| Event::Summary(summary.clone()));

        timings.total_ms = milliseconds(started);
        let mut texts = checked.texts.into_iter().rev();
        let body = texts.next().unwrap_or_default();
        let dispatch = Dispatch {
            translation: Translation {
                title: texts.next(),
                text: body,
                format,
                segments: checked.segments,
            },
            summary,
            key_figures,
            figures: checked.figures,
            terms: checked.terms,
            warnings: checked.warnings,
            model: self.model.clone(),
            timings,
            source,
        };
        context.tell(|| Event::Done(Box::new(dispatch.clone())));
        Ok(dispatch)
    }

    async fn make_translations(
        &self,
        texts: Vec<Text>,
        options: Options,
        context: &Context,
    ) -> Result<Translations> {
        let started = Instant::now();
        let count = texts.len();
        let sheets = texts
            .into_iter()
            .enumerate()
            .map(|(article, text)| {
                Sheet::new(Part::Body, text.text, text.format).of_article(article)
            })
            .collect();
        let Work {
            checked,
            mut timings,
        } = self.work(sheets, &options, context).await?;
        refuse_unresolved(checked.open(), &options)?;
        timings.total_ms = milliseconds(started);
        Ok(Translations {
            translations: text::per_text(checked, count),
            model: self.model.clone(),
            timings,
        })
    }

    /// Document, language, segments, engine, figures.
    async fn work(&self, sheets: Vec<Sheet>, options: &Options, context: &Context) -> Result<Work> {
        if options.beams > MAX_BEAMS {
            return Err(Error::TooLarge {
                what: "the beam",
                actual: options.beams,
                limit: MAX_BEAMS,
            });
        }
        let mut timings = Timings::default();
        let language = options.language;
        let glossary = context.glossary.clone();
        let may_be_german = self.may_be_german;
        let draft = blocking(move || {
            let glossary = glossary.as_deref();
            let mut draft = Draft::prepare(sheets, language, glossary)?;
            for unit in &mut draft.units {
                unit.may_be_german = may_be_german;
            }
            Ok(draft)
        })
        .instrument(info_span!(target: traces::TARGET, "read"))
        .await?;
        context.tell(|| Event::Started {
            segments: draft.units.len(),
        });

        let clock = Instant::now();
        let renderings = self
            .render(&draft, options, context, &mut timings)
            .instrument(
                info_span!(target: traces::TARGET, "translate", segments = draft.units.len()),
            )
            .await?;
        timings.translate_ms = milliseconds(clock);

        let clock = Instant::now();
        let policy = self.policy(options);
        let checked = blocking(move || Ok(report::check(draft, renderings, policy)))
            .instrument(info_span!(target: traces::TARGET, "check"))
            .await?;
        timings.figures_ms = milliseconds(clock);
        Ok(Work { checked, timings })
    }

    /// The engine's stage: one rendering per unit of the draft.
    async fn render(
        &self,
        draft: &Draft,
        options: &Options,
        context: &Context,
        timings: &mut Timings,
    ) -> Result<Vec<Rendering>> {
        let clock = Instant::now();
        let decoding = Decoding {
            beams: match options.beams {
                0 => self.engine.usual_beams(),
                beams => beams,
            },
            ..Decoding::default()
        };
        let recollection = self.memory.as_ref().map(|recollection| Recollection {
            memory: recollection.memory.clone(),
            origin: recollection.origin.with(decoding),
        });
        let known = match &recollection {
            Some(recollection) => recollection.recall(draft, options.repair).await,
            None => vec![None; draft.units.len()],
        };
        let was_known: Vec<bool> = known.iter().map(Option::is_some).collect();
        let task = translate::Task {
            draft,
            known,
            manner: translate::Manner {
                decoding,
                expires: context.deadline.map(|deadline| clock + deadline),
            },
        };
        let mut first = None;
        let policy = self.policy(options);
        let doubt = |unit: usize, rendering: &Rendering| {
            Choice::doubt(&draft.units[unit], rendering, policy.repair)
        };
        let renderings = translate::translate(&self.engine, task, doubt, |unit, rendering| {
            // What is copied is finished at once and says nothing of the model.
            if draft.units[unit].translate && !was_known[unit] {
                if let Some(recollection) = &recollection {
                    recollection.record(&draft.units[unit], rendering, policy.repair);
                }
                first.get_or_insert_with(|| milliseconds(clock));
            }
            context.tell(|| Event::Segment(report::preview(draft, unit, rendering, policy)));
        })
        .await?;
        if let Some(first) = first {
            timings.first_segment_ms = first;
            metrics::histogram!("depesche_first_segment_seconds").record(first / 1e3);
        }
        timings.tokens = renderings.iter().map(|rendering| rendering.tokens).sum();
        Ok(renderings)
    }
}

/// Title and body of an article.
fn sheets(article: Article) -> Vec<Sheet> {
    let title = article.title.filter(|title| !title.trim().is_empty());
    title
        .map(|title| Sheet::new(Part::Title, title, Format::Text))
        .into_iter()
        .chain([Sheet::new(Part::Body, article.body, article.format)])
        .collect()
}

/// Strict callers get an error in place of a text with open questions.
fn refuse_unresolved(open: usize, options: &Options) -> Result<()> {
    if options.strict && open > 0 {
        return Err(Error::Unresolved(open));
    }
    Ok(())
}
