//! Fetches a feed: conditionally, within limits of time and size, and only
//! from where feeds may come from.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::web::fetch::{self, Fault};
use crate::web::{Bounds, Reach};

const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/feed+json, \
                      application/xml;q=0.9, */*;q=0.5";

/// What a server said of the version that it sent, for the next question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

impl Validators {
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    Feed {
        bytes: Vec<u8>,
        /// Of the `Content-Type`.
        charset: Option<String>,
        validators: Validators,
    },
    /// It is what it was.
    NotModified,
}

/// Limits of a fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For everything, redirections included.
    pub timeout: Duration,
    pub bytes: usize,
    /// Whether addresses of this machine and of private networks will do.
    pub allow_private: bool,
}

/// Gets a feed. Blocks.
///
/// # Errors
/// [`Error::Config`] for what is no address of HTTP, [`Error::Download`] for
/// everything that can go wrong on the way, [`Error::TooLarge`].
pub fn fetch(url: &str, known: &Validators, limits: Limits) -> Result<Fetched> {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    let is_http = ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    if !is_http {
        return Err(Error::Config(format!(
            "feeds are fetched over http and https, and not over {scheme:?}"
        )));
    }
    let mut headers = vec![("accept", ACCEPT)];
    let tags = [
        ("if-none-match", &known.etag),
        ("if-modified-since", &known.last_modified),
    ];
    for (name, value) in tags {
        headers.extend(value.as_deref().map(|value| (name, value)));
    }
    let bounds = Bounds::of(match limits.allow_private {
        true => Reach::Any,
        false => Reach::Public,
    });
    let within = fetch::Limits {
        timeout: limits.timeout,
        bytes: limits.bytes,
    };
    let answer = fetch::get(url, &headers, &bounds, within).map_err(|fault| match fault {
        Fault::Refused(why) => Error::Download(format!(
            "{url}: {why}; private addresses need --allow-private"
        )),
        Fault::Failed(why) => Error::Download(format!("{url}: {why}")),
        Fault::TooLarge(actual) => Error::TooLarge {
            what: "the feed",
            actual,
            limit: limits.bytes,
        },
    })?;
    match answer.status {
        200 => Ok(Fetched::Feed {
            charset: fetch::charset(&answer.content_type),
            validators: Validators {
                etag: answer.etag,
                last_modified: answer.last_modified,
            },
            bytes: answer.bytes,
        }),
        304 if !known.is_empty() => Ok(Fetched::NotModified),
        status => Err(Error::Download(format!(
            "{url}: it answered with the status {status}"
        ))),
    }
}

/// Whether a text is meant to be an address and no file.
pub fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests;
