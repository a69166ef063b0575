//! From one format of feeds to another: ids, links, dates, authors, categories
//! and enclosures are carried over, and whatever cannot be is counted.
//!
//! A feed is read into a `Digest`, which knows of no format, and written anew.
//! Nothing of the old file's form remains; who wants that keeps the format.

mod atom;
mod digest;
mod json;
mod rss;
mod tally;
mod writer;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Dialect, Feed};
use crate::error::{Error, Result};
pub use tally::Counted;
use tally::Tally;

/// The format that a feed is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// That of the source, byte for byte but for the texts.
    #[default]
    Keep,
    /// RSS 2.0.
    Rss,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Target {
    /// The dialect that a source must be converted to; `None` when it is that
    /// already. Any RSS with items inside the channel is RSS enough.
    pub fn differs_from(self, source: Dialect) -> Option<Dialect> {
        let wanted = match self {
            Target::Keep => return None,
            Target::Rss => Dialect::Rss,
            Target::Atom => Dialect::Atom,
            Target::Json => Dialect::Json,
        };
        (wanted != source).then_some(wanted)
    }
}

/// The account of a conversion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    pub from: Dialect,
    pub to: Dialect,
    /// What the source had and the result has not.
    pub lost: Vec<Counted>,
    /// What the new format requires and the source did not have.
    pub added: Vec<Counted>,
}

/// A feed in another format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    pub text: String,
    pub conversion: Conversion,
}

/// Writes a feed in another format; `now` stands in for dates that the format
/// requires and the feed has not.
///
/// # Errors
/// [`Error::Malformed`] for a feed that is so damaged that items of it would be
/// lost.
pub fn convert(feed: &Feed, to: Dialect, now: Timestamp) -> Result<Converted> {
    let from = feed.dialect();
    let mut lost = Tally::default();
    let digest = match from {
        Dialect::Rss | Dialect::Rdf => rss::read(feed.source(), &mut lost),
        Dialect::Atom => atom::read(feed.source(), &mut lost),
        Dialect::Json => json::read(feed.source(), &mut lost),
    }
    .filter(|digest| digest.stories.len() == feed.items.len())
    .ok_or_else(|| {
        let line = feed.faults().first().map_or(1, |fault| fault.line);
        Error::Malformed(format!(
            "the feed is damaged, see line {line}, and cannot be converted; its own format can be kept"
        ))
    })?;
    let mut added = Tally::default();
    // Parts of a second would say more than is known.
    let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let text = match to {
        Dialect::Rss | Dialect::Rdf => rss::write(&digest, &mut lost, &mut added),
        Dialect::Atom => atom::write(&digest, now, &mut added),
        Dialect::Json => json::write(&digest, &mut lost, &mut added),
    };
    let again = Feed::read(text.as_bytes(), None)?;
    if again.items.len() != digest.stories.len() || !again.faults().is_empty() {
        return Err(Error::Internal(
            "the converted feed does not read as the source does".into(),
        ));
    }
    Ok(Converted {
        text,
        conversion: Conversion {
            from,
            to: again.dialect(),
            lost: lost.counted(),
            added: added.counted(),
        },
    })
}
