//! The id that a request carries through logs, headers and problems.

use std::fmt;
use std::future::Future;

use actix_web::http::header::{HeaderMap, HeaderName};
use serde::Serialize;
use uuid::Uuid;

/// Request and response header that holds the id.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longer ids are not taken over: they would only bloat the log.
const LONGEST: usize = 128;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// 1 to 128 letters, digits, `-`, `_`, `.` or `:`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct RequestId(String);

impl RequestId {
    /// The id that the client chose, or a new one when it chose none or one
    /// that could forge log lines.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        headers
            .get(HEADER)
            .and_then(|value| value.to_str().ok())
            .filter(|id| acceptable(id))
            .map_or_else(Self::random, |id| RequestId(id.to_owned()))
    }

    fn random() -> Self {
        RequestId(Uuid::new_v4().to_string())
    }

    /// The id of the request that is being handled here.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Handles something as this request.
    pub fn scope<F: Future>(&self, handling: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self.clone(), handling)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn acceptable(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_could_forge_log_lines_are_refused() {
        for id in ["a", "7f3c-11:x_y.z", &"x".repeat(LONGEST)] {
            assert!(acceptable(id), "{id}");
        }
        for id in [
            "",
            "a b",
            "a\tb",
            "a\"b",
            "ä",
            "a/b",
            &"x".repeat(LONGEST + 1),
        ] {
            assert!(!acceptable(id), "{id}");
        }
    }
}
