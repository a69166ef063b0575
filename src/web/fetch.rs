//! One `GET` within bounds of place, time and size, redirections included.

use std::io::Read;
use std::time::{Duration, Instant};

use url::Url;

use super::Bounds;

/// Of redirections more are a loop.
const MOST_REDIRECTS: usize = 5;

/// Limits of a fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For everything, redirections included.
    pub timeout: Duration,
    pub bytes: usize,
}

/// What came back, in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Where it came from.
    pub url: Url,
    pub status: u16,
    pub content_type: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub bytes: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It may not be fetched.
    Refused(String),
    /// Something went wrong on the way.
    Failed(String),
    TooLarge(usize),
}

/// Gets what is at a URL: an answer with the status 200 or 304. Blocks.
///
/// # Errors
/// See [`Fault`].
pub fn get(
    url: &str,
    headers: &[(&str, &str)],
    bounds: &Bounds,
    limits: Limits,
) -> Result<Answer, Fault> {
    let begun = Instant::now();
    let refused = |why: &str| Fault::Refused(why.to_owned());
    let mut url = bounds.check(url).map_err(refused)?;
    for _ in 0..=MOST_REDIRECTS {
        let left = limits.timeout.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(Fault::Failed("it took too long".into()));
        }
        let response = ask(&url, headers, bounds, left)?;
        match response.status() {
            200 | 304 => return answer(url, response, limits.bytes),
            301 | 302 | 303 | 307 | 308 => {
                let to = response.header("location").and_then(|to| url.join(to).ok());
                let to = to.ok_or_else(|| Fault::Failed("it leads nowhere else".into()))?;
                url = bounds.check(to.as_str()).map_err(refused)?;
            }
            status => {
                return Err(Fault::Failed(format!(
                    "it answered with the status {status}"
                )));
            }
        }
    }
    Err(Fault::Failed(format!(
        "it was redirected more than {MOST_REDIRECTS} times"
    )))
}

fn ask(
    url: &Url,
    headers: &[(&str, &str)],
    bounds: &Bounds,
    timeout: Duration,
) -> Result<ureq::Response, Fault> {
    let allowed = bounds.clone();
    let agent = ureq::AgentBuilder::new()
        // Asked for every connection, which goes to one of the addresses that are
        // answered: no name can change its address between.
        .resolver(move |place: &str| allowed.resolve(place))
        .timeout(timeout)
        .timeout_connect(timeout)
        .redirects(0)
        .try_proxy_from_env(false)
        .user_agent(concat!("depesche/", env!("CARGO_PKG_VERSION")))
        .build();
    let mut request = agent.request_url("GET", url);
    for (name, value) in headers {
        request = request.set(name, value);
    }
    request.call().map_err(|error| match error {
        ureq::Error::Status(status, _) => {
            Fault::Failed(format!("it answered with the status {status}"))
        }
        ureq::Error::Transport(error) if is_denied(&error) => {
            Fault::Refused("it has no public address".into())
        }
        ureq::Error::Transport(error) => Fault::Failed(error.kind().to_string()),
    })
}

/// Whether the bounds ruled out every address.
fn is_denied(error: &ureq::Transport) -> bool {
    let source = std::error::Error::source(error);
    let fault = source.and_then(|source| source.downcast_ref::<std::io::Error>());
    fault.is_some_and(|fault| fault.kind() == std::io::ErrorKind::PermissionDenied)
}

fn answer(url: Url, response: ureq::Response, limit: usize) -> Result<Answer, Fault> {
    let header = |name: &str| response.header(name).map(str::to_owned);
    if let Some(coding) =
        header("content-encoding").filter(|coding| !coding.eq_ignore_ascii_case("identity"))
    {
        return Err(Fault::Failed(format!(
            "it answered in the coding {coding:?}, which was not asked for"
        )));
    }
    let expected: Option<usize> = header("content-length").and_then(|length| length.parse().ok());
    let status = response.status();
    let mut answer = Answer {
        url,
        status,
        content_type: header("content-type").unwrap_or_default(),
        etag: header("etag"),
        last_modified: header("last-modified"),
        bytes: Vec::new(),
    };
    if status == 304 {
        return Ok(answer);
    }
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    response
        .into_reader()
        .take(most)
        .read_to_end(&mut answer.bytes)
        .map_err(|error| Fault::Failed(format!("it breaks off: {error}")))?;
    let size = answer.bytes.len();
    if size > limit {
        return Err(Fault::TooLarge(expected.unwrap_or(size).max(size)));
    }
    if let Some(expected) = expected.filter(|expected| size < *expected) {
        return Err(Fault::Failed(format!(
            "it breaks off: {size} of {expected} bytes came"
        )));
    }
    Ok(answer)
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
