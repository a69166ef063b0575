//! The stages of a feed: choose items → find those that were translated before
//! → translate the others, several at once → put them together → render → convert.
//!
//! Each item is a submission of its own, so that its figures are checked as
//! those of an article, an item that fails harms no other, and a finished one
//! is remembered at once. The engine batches over the items under way.

mod rendering;
mod run;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::{Pipeline, blocking, milliseconds, within};
use crate::dispatch::Options;
use crate::error::{Error, Result};
use crate::feed::compose::Style;
use crate::feed::convert::{self, Target};
use crate::feed::report::{FeedReport, ItemReport};
use crate::feed::{Dialect, Entry, Feed, Memory};
use rendering::render;
use run::{Outcome, Run};

/// What is to be done with a feed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedOptions {
    /// Of the translation; strictness counts over the whole feed.
    pub translation: Options,
    pub style: Style,
    /// Categories are translated as well.
    pub categories: bool,
    /// The feed's own title is translated as well; it mostly is a name.
    pub feed_title: bool,
    /// At most so many items, the newest first.
    pub max_items: Option<usize>,
    /// Only items from this moment on, and those without a date.
    pub since: Option<jiff::Timestamp>,
    /// What it is written in.
    pub format: Target,
}

/// A feed in English.
#[derive(Debug, Clone, PartialEq)]
pub struct TranslatedFeed {
    pub text: String,
    /// Of the text.
    pub dialect: Dialect,
    pub report: FeedReport,
}

/// A feed with its report, for those who ask for both.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportedFeed {
    pub feed: String,
    pub media_type: &'static str,
    pub report: FeedReport,
}

impl TranslatedFeed {
    pub fn with_report(self) -> ReportedFeed {
        ReportedFeed {
            feed: self.text,
            media_type: self.dialect.media_type(),
            report: self.report,
        }
    }
}

/// What a feed brings along.
pub struct FeedContext {
    pub deadline: Option<Duration>,
    pub memory: Arc<dyn Memory>,
    /// Items that are translated at the same time: with more of them the engine
    /// has fuller batches, and others who wait for it have less of it.
    pub at_once: usize,
    /// Hears of each item as it is finished, in any order.
    pub items: Option<mpsc::UnboundedSender<ItemReport>>,
}

impl FeedContext {
    /// For [`FeedContext::at_once`], where each item takes turns with the
    /// requests of others.
    pub const IN_TURNS: usize = 4;
}

impl Pipeline {
    /// Translates a feed.
    ///
    /// # Errors
    /// `Unresolved` in strict mode; the engine's refusals and `Deadline`; the
    /// first item's error when no item at all could be translated.
    pub async fn feed(
        &self,
        feed: Feed,
        options: FeedOptions,
        context: FeedContext,
    ) -> Result<TranslatedFeed> {
        within(context.deadline, self.make_feed(feed, &options, &context)).await
    }

    async fn make_feed(
        &self,
        feed: Feed,
        options: &FeedOptions,
        context: &FeedContext,
    ) -> Result<TranslatedFeed> {
        let started = Instant::now();
        let feed = convertible(feed, options.format).await?;
        let chosen = choose(&feed.items, options);
        let run = Run::new(self, options, context);
        let head = run.entry(&feed.head, true, true).await?;
        // By index: with references, the compiler cannot tell that this may run
        // on any thread.
        let mut items: Vec<(usize, Outcome)> = stream::iter(0..feed.items.len())
            .map(|index| {
                let is_chosen = chosen.contains(&index);
                let (run, entry) = (&run, &feed.items[index]);
                async move {
                    let outcome = run.entry(entry, is_chosen, false).await?;
                    if let Some(items) = &run.context.items {
                        items.send(outcome.report.clone()).ok();
                    }
                    Ok::<_, Error>((index, outcome))
                }
            })
            .buffer_unordered(context.at_once.max(1))
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .collect::<Result<_>>()?;
        items.sort_by_key(|(index, _)| *index);
        let items: Vec<Outcome> = items.into_iter().map(|(_, outcome)| outcome).collect();
        refuse_failures(&items)?;
        let options = options.clone();
        let model = self.model.clone();
        blocking(move || {
            let text = render(&feed, &head, &items, &options, &model.name);
            let again = check(&feed, &text)?;
            let converted = options
                .format
                .differs_from(feed.dialect())
                .map(|to| convert::convert(&again, to, jiff::Timestamp::now()))
                .transpose()?;
            let (text, conversion) = match converted {
                Some(converted) => (converted.text, Some(converted.conversion)),
                None => (text, None),
            };
            let report = FeedReport {
                format: feed.dialect(),
                conversion,
                head: head.report,
                items: items.into_iter().map(|outcome| outcome.report).collect(),
                faults: feed.faults().to_vec(),
                model,
                total_ms: milliseconds(started),
            };
            let unresolved = report.unresolved();
            if options.translation.strict && unresolved > 0 {
                return Err(Error::Unresolved(unresolved));
            }
            let converted = report.conversion.as_ref();
            Ok(TranslatedFeed {
                text,
                dialect: converted.map_or(report.format, |conversion| conversion.to),
                report,
            })
        })
        .await
    }
}

/// Which items are to be in English: those from a date on, and of these the
/// newest. Feeds need not be in order; items without a date keep theirs, and
/// come last.
fn choose(items: &[Entry], options: &FeedOptions) -> Vec<usize> {
    let is_new = |entry: &Entry| match (options.since, entry.date) {
        (Some(since), Some(date)) => date >= since,
        (Some(_), None) | (None, _) => true,
    };
    let mut chosen: Vec<usize> = (0..items.len())
        .filter(|index| items.get(*index).is_some_and(is_new))
        .collect();
    chosen.sort_by_key(|index| std::cmp::Reverse(items.get(*index).and_then(|entry| entry.date)));
    chosen.truncate(options.max_items.unwrap_or(usize::MAX));
    chosen
}

/// A feed in which nothing could be translated is no English feed.
fn refuse_failures(items: &[Outcome]) -> Result<()> {
    let mut failures = items
        .iter()
        .filter_map(|outcome| outcome.report.error.as_ref());
    let Some(first) = failures.next() else {
        return Ok(());
    };
    if items.iter().any(|outcome| outcome.item.is_some()) {
        return Ok(());
    }
    Err(Error::Model(format!(
        "no item could be translated; the first one failed so: {}",
        first.message
    )))
}

/// The feed, if it can be written in the format: better refused now than when
/// all of it is translated.
async fn convertible(feed: Feed, format: Target) -> Result<Feed> {
    let Some(to) = format.differs_from(feed.dialect()) else {
        return Ok(feed);
    };
    blocking(move || convert::convert(&feed, to, jiff::Timestamp::UNIX_EPOCH).map(|_| feed)).await
}

/// What was written must read as what was read: the same items, no new faults.
fn check(feed: &Feed, text: &str) -> Result<Feed> {
    let again = Feed::read(text.as_bytes(), None)?;
    let ids = |feed: &Feed| -> Vec<Option<String>> {
        feed.items.iter().map(|item| item.id.clone()).collect()
    };
    if ids(&again) != ids(feed) || again.faults().len() > feed.faults().len() {
        return Err(Error::Internal(
            "the translated feed does not read as the source does".into(),
        ));
    }
    Ok(again)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dated(dates: &[Option<&str>]) -> Vec<Entry> {
        dates
            .iter()
            .map(|date| Entry {
                date: date.and_then(crate::feed::date::read),
                ..Entry::default()
            })
            .collect()
    }

    #[test]
    fn the_newest_items_are_chosen_in_any_order() {
        let items = dated(&[
            Some("2026-01-01"),
            None,
            Some("2026-03-01"),
            Some("2026-02-01"),
        ]);
        let choose = |max_items, since: Option<&str>| {
            let since = since.and_then(crate::feed::date::read);
            let options = FeedOptions {
                max_items,
                since,
                ..FeedOptions::default()
            };
            choose(&items, &options)
        };
        assert_eq!(choose(None, None), [2, 3, 0, 1]);
        assert_eq!(choose(Some(2), None), [2, 3]);
        assert_eq!(choose(None, Some("2026-02-01")), [2, 3, 1]);
        assert_eq!(choose(Some(0), None), [0usize; 0]);
    }
}
