//! The items of a feed under way: each is found in the memory or translated,
//! waits for room in the queue, and ends with a report.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{FeedContext, FeedOptions};
use crate::dispatch::{self, Options, Part, WarningCode};
use crate::error::{Error, Result};
use crate::feed::memory::Key;
use crate::feed::report::{ItemReport, ItemStatus};
use crate::feed::{Entry, Field, Item, Role};
use crate::figures::{ClockStyle, FigureStyle};
use crate::pipeline::draft::Sheet;
use crate::pipeline::{Context, Pipeline, Work, blocking, report};

/// How often an item asks for room in a queue in which nothing of its own feed
/// moves, and how long it waits in between.
const ATTEMPTS: usize = 40;
const PAUSE: Duration = Duration::from_millis(250);

/// What became of an entry: its translation, if there is one.
pub struct Outcome {
    pub item: Option<Item>,
    pub report: ItemReport,
}

/// One run over a feed.
pub struct Run<'a> {
    pipeline: &'a Pipeline,
    options: &'a FeedOptions,
    pub context: &'a FeedContext,
    /// Items that have been finished.
    finished: AtomicUsize,
}

impl<'a> Run<'a> {
    pub fn new(pipeline: &'a Pipeline, options: &'a FeedOptions, context: &'a FeedContext) -> Self {
        Run {
            pipeline,
            options,
            context,
            finished: AtomicUsize::new(0),
        }
    }

    /// Brings an item, or the feed's head, to its end.
    pub async fn entry(&self, entry: &Entry, is_chosen: bool, is_head: bool) -> Result<Outcome> {
        let fields = selected(entry, self.options, is_head);
        let untouched = |status| Outcome {
            item: None,
            report: ItemReport::untouched(entry, status),
        };
        if !is_chosen {
            return Ok(untouched(ItemStatus::Skipped));
        }
        if fields.is_empty() {
            return Ok(untouched(ItemStatus::Blank));
        }
        let key = Key::of(&fields, &self.translation(), &self.pipeline.model);
        let memory = self.context.memory.clone();
        let known = {
            let (memory, key) = (memory.clone(), key.clone());
            blocking(move || Ok(memory.find(&key))).await?
        };
        // A record of another shape is none.
        if let Some(item) = known.filter(|item| item.texts.len() == fields.len()) {
            let report = ItemReport::of(entry, &item, true);
            return Ok(Outcome {
                item: Some(item),
                report,
            });
        }
        let item = match self.translate(&fields).await {
            Ok(item) => item,
            Err(Error::Empty) => return Ok(untouched(ItemStatus::Blank)),
            Err(error) if is_of_the_item(&error) => {
                return Ok(Outcome {
                    item: None,
                    report: ItemReport::failed(entry, &error),
                });
            }
            Err(error) => return Err(error),
        };
        let item = blocking(move || memory.keep(&key, &item).map(|()| item)).await?;
        self.finished.fetch_add(1, Ordering::Relaxed);
        let report = ItemReport::of(entry, &item, false);
        Ok(Outcome {
            item: Some(item),
            report,
        })
    }

    /// What a translation depends on. Strictness is not among it, and neither
    /// are the bounds of a summary that nobody asked for.
    fn translation(&self) -> Options {
        let summary = self.options.style.summary;
        let asked = &self.options.translation;
        let style = self.pipeline.policy(asked).style;
        Options {
            figure_style: Some(style.figures).filter(|style| *style != FigureStyle::Keep),
            clock_style: Some(style.clock).filter(|style| *style != ClockStyle::Keep),
            strict: false,
            summary_sentences: if summary { asked.summary_sentences } else { 0 },
            summary_words: if summary { asked.summary_words } else { 0 },
            ..asked.clone()
        }
    }

    /// Document, language, segments, engine, figures, summary; waits while the
    /// queue has no room, as long as other items get on.
    async fn translate(&self, fields: &[&Field]) -> Result<Item> {
        let mut seen = self.finished.load(Ordering::Relaxed);
        let mut attempts = 0;
        loop {
            match self.attempt(fields).await {
                Err(Error::QueueFull { retry_after }) => {
                    let finished = self.finished.load(Ordering::Relaxed);
                    attempts = if finished > seen { 1 } else { attempts + 1 };
                    seen = finished;
                    if attempts >= ATTEMPTS {
                        return Err(Error::QueueFull { retry_after });
                    }
                    tokio::time::sleep(PAUSE).await;
                }
                result => return result,
            }
        }
    }

    async fn attempt(&self, fields: &[&Field]) -> Result<Item> {
        let options = self.translation();
        let context = Context {
            deadline: self.context.deadline,
            events: None,
            glossary: None,
        };
        let sheets = fields
            .iter()
            .map(|field| Sheet::new(part(field.role), field.text.clone(), field.format))
            .collect();
        let Work { checked, .. } = self.pipeline.work(sheets, &options, &context).await?;
        blocking(move || {
            let summary = match options.summary_sentences {
                0 => String::new(),
                _ => report::summarise(&checked, &options).text,
            };
            let is_passed = checked
                .warnings
                .iter()
                .any(|warning| warning.code == WarningCode::PassedThrough);
            let open = dispatch::unresolved(&checked.figures);
            Ok(Item {
                summary,
                is_passed,
                figures: checked.figures.len(),
                unresolved: open + dispatch::incomplete(&checked.segments),
                texts: checked.texts,
                warnings: checked.warnings,
            })
        })
        .await
    }
}

/// Categories stand beside an article, as titles do: they do not decide about
/// its language.
fn part(role: Role) -> Part {
    match role {
        Role::Title | Role::Category => Part::Title,
        Role::Summary | Role::Content => Part::Body,
    }
}

/// Whether an error says something of one item and nothing of the next.
fn is_of_the_item(error: &Error) -> bool {
    matches!(
        error,
        Error::Malformed(_)
            | Error::NotGerman { .. }
            | Error::TooLarge { .. }
            | Error::Model(_)
            | Error::Engine(_)
            | Error::Internal(_)
    )
}

/// The texts of an entry that are to be translated.
pub fn selected<'a>(entry: &'a Entry, options: &FeedOptions, is_head: bool) -> Vec<&'a Field> {
    let is_wanted = |field: &&Field| match field.role {
        Role::Category => options.categories,
        Role::Title => !is_head || options.feed_title,
        Role::Summary | Role::Content => true,
    };
    entry.fields.iter().filter(is_wanted).collect()
}
