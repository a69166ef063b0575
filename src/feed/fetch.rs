//! Fetches a feed: conditionally, within limits of time and size, and only
//! from where feeds may come from.

use std::io::{self, Read};
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::address;
use crate::error::{Error, Result};

/// Of redirects more are a loop.
const MOST_REDIRECTS: u32 = 5;

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
    /// For everything, redirects included.
    pub timeout: Duration,
    pub bytes: usize,
    /// Whether addresses of this machine and of private networks will do.
    pub allow_private: bool,
}

/// Where names lead, and which addresses may be connected to.
struct Guard<Resolve, May> {
    resolve: Resolve,
    may: May,
}

/// Gets a feed. Blocks.
///
/// # Errors
/// [`Error::Config`] for what is no address of HTTP, [`Error::Download`] for
/// everything that can go wrong on the way, [`Error::TooLarge`].
pub fn fetch(url: &str, known: &Validators, limits: Limits) -> Result<Fetched> {
    let guard = Guard {
        resolve: |name: &str| name.to_socket_addrs().map(Iterator::collect),
        may: move |found: SocketAddr| limits.allow_private || address::is_public(found.ip()),
    };
    guard.fetch(url, known, limits)
}

/// Whether a text is meant to be an address and no file.
pub fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

impl<Resolve, May> Guard<Resolve, May>
where
    Resolve: Fn(&str) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    May: Fn(SocketAddr) -> bool + Send + Sync + 'static,
{
    fn fetch(self, url: &str, known: &Validators, limits: Limits) -> Result<Fetched> {
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
        let is_http = ["http", "https"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        if !is_http {
            return Err(Error::Config(format!(
                "feeds are fetched over http and https, and not over {scheme:?}"
            )));
        }
        let agent = ureq::AgentBuilder::new()
            .resolver(move |name: &str| self.addresses(name))
            .timeout(limits.timeout)
            .timeout_connect(limits.timeout)
            .redirects(MOST_REDIRECTS)
            .user_agent(concat!("depesche/", env!("CARGO_PKG_VERSION")))
            .build();
        ask(&agent, url, known, limits)
    }

    /// Every connection, that of a redirect too, asks here and goes to one of
    /// the addresses that are answered: no name can change its address between.
    fn addresses(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        let mut addresses = (self.resolve)(name)?;
        addresses.retain(|found| (self.may)(*found));
        if addresses.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "it has no public address, and private ones need --allow-private",
            ));
        }
        Ok(addresses)
    }
}

fn ask(agent: &ureq::Agent, url: &str, known: &Validators, limits: Limits) -> Result<Fetched> {
    let mut request = agent.get(url).set(
        "accept",
        "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    );
    if let Some(etag) = &known.etag {
        request = request.set("if-none-match", etag);
    }
    if let Some(date) = &known.last_modified {
        request = request.set("if-modified-since", date);
    }
    let response = request.call().map_err(|error| match error {
        ureq::Error::Status(status, _) => {
            Error::Download(format!("{url} answered with the status {status}"))
        }
        ureq::Error::Transport(error) => Error::Download(format!("{url}: {error}")),
    })?;
    match response.status() {
        304 if !known.is_empty() => return Ok(Fetched::NotModified),
        200 => {}
        status => {
            return Err(Error::Download(format!(
                "{url} answered with the status {status}"
            )));
        }
    }
    if let Some(coding) = response
        .header("content-encoding")
        .filter(|coding| !coding.eq_ignore_ascii_case("identity"))
    {
        return Err(Error::Download(format!(
            "{url} answered in the coding {coding:?}, which was not asked for"
        )));
    }
    let header = |name: &str| response.header(name).map(str::to_owned);
    let validators = Validators {
        etag: header("etag"),
        last_modified: header("last-modified"),
    };
    let charset = charset(response.header("content-type").unwrap_or(""));
    let expected: Option<usize> = header("content-length").and_then(|length| length.parse().ok());
    let mut bytes = Vec::new();
    let limit = u64::try_from(limits.bytes).unwrap_or(u64::MAX);
    response
        .into_reader()
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Error::Download(format!("{url} breaks off: {error}")))?;
    if bytes.len() > limits.bytes {
        return Err(Error::TooLarge {
            what: "the feed",
            actual: expected.unwrap_or(bytes.len()).max(bytes.len()),
            limit: limits.bytes,
        });
    }
    if let Some(expected) = expected.filter(|expected| bytes.len() < *expected) {
        return Err(Error::Download(format!(
            "{url} breaks off: {} of {expected} bytes came",
            bytes.len()
        )));
    }
    Ok(Fetched::Feed {
        bytes,
        charset,
        validators,
    })
}

/// The charset of a content type; `None` when it has none.
pub fn charset(content_type: &str) -> Option<String> {
    content_type
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests;
