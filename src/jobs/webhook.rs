//! Telling others that a job is over: one signed request, sent again with
//! growing pauses until it is taken. It names the job and its state, and holds
//! no text.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Job, Jobs};
use crate::error::{Error, Result};
use crate::store::jobs::JobRow;
use crate::store::memory::hex;
use crate::web::Bounds;
pub use crate::web::Reach;

/// Attempts until a webhook is given up: with the pauses, about a day.
const ATTEMPTS: i64 = 12;
/// The pause after the first attempt; each further one is twice as long.
const PAUSE: i64 = 10_000;
/// Milliseconds between attempts at most.
const LONGEST_PAUSE: i64 = 4 * 3600 * 1000;
/// How long the other side may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Between looks for what is due.
const POLL: Duration = Duration::from_millis(500);

/// Which webhooks are allowed, and the key that signs them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Webhooks {
    bounds: Bounds,
    secret: String,
}

impl std::fmt::Debug for Webhooks {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Webhooks({:?})", self.bounds.reach)
    }
}

impl Webhooks {
    /// # Errors
    /// [`Error::Config`] when webhooks are allowed and there is no secret.
    pub fn new(reach: Reach, secret: Option<String>) -> Result<Self> {
        let secret = secret.unwrap_or_default();
        if reach != Reach::Off && secret.is_empty() {
            return Err(Error::Config(
                "webhooks are signed: set DEPESCHE_WEBHOOK_SECRET".into(),
            ));
        }
        Ok(Webhooks {
            bounds: Bounds::of(reach),
            secret,
        })
    }

    /// Whether a URL may be told, as far as can be seen without asking for its
    /// address.
    ///
    /// # Errors
    /// [`Error::Malformed`] when not.
    pub fn check(&self, url: &str) -> Result<()> {
        let refuse = |why: &str| Error::Malformed(format!("the webhook is refused: {why}"));
        if self.bounds.reach == Reach::Off {
            return Err(refuse("webhooks are switched off here"));
        }
        self.bounds.check(url).map(drop).map_err(refuse)
    }

    /// `t=` seconds since 1970, `v1=` HMAC-SHA256 of these seconds, a dot and
    /// the body, in hexadecimal digits.
    fn signature(&self, seconds: i64, body: &str) -> Result<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes())
            .map_err(|_| Error::Internal("the webhooks' secret cannot be used".into()))?;
        mac.update(format!("{seconds}.{body}").as_bytes());
        Ok(format!(
            "t={seconds},v1={}",
            hex(&mac.finalize().into_bytes())
        ))
    }

    /// Sends one request. May take as long as the time limit.
    fn send(&self, url: &str, headers: &[(&str, &str)], body: &str) -> Result<(), String> {
        self.check(url).map_err(|error| error.to_string())?;
        let bounds = self.bounds.clone();
        let agent = ureq::AgentBuilder::new()
            .timeout(TIMEOUT)
            // A redirection could lead anywhere.
            .redirects(0)
            .try_proxy_from_env(false)
            .user_agent(concat!("depesche/", env!("CARGO_PKG_VERSION")))
            // Judged is the address that is connected to, whatever a name stood
            // for a moment ago.
            .resolver(move |place: &str| bounds.resolve(place))
            .build();
        let mut request = agent.post(url);
        for (name, value) in headers {
            request = request.set(name, value);
        }
        match request.send_string(body) {
            Ok(response) if (200..300).contains(&response.status()) => Ok(()),
            Ok(response) => Err(format!("status {}", response.status())),
            Err(ureq::Error::Status(status, _)) => Err(format!("status {status}")),
            Err(ureq::Error::Transport(error)) => Err(error.kind().to_string()),
        }
    }
}

/// Tells of jobs that are over, as they become due.
pub(super) async fn deliver_all(jobs: Jobs) {
    if jobs.webhooks.bounds.reach == Reach::Off {
        return;
    }
    loop {
        match jobs.store.claim_webhook(pause(ATTEMPTS)).await {
            Ok(Some(row)) => deliver(&jobs, row).await,
            Ok(None) => tokio::time::sleep(POLL).await,
            Err(error) => {
                tracing::warn!(%error, "webhooks cannot be looked up");
                tokio::time::sleep(TIMEOUT).await;
            }
        }
    }
}

async fn deliver(jobs: &Jobs, row: JobRow) {
    let sent = match request(jobs, &row) {
        Ok((signature, body)) => {
            let (webhooks, id) = (jobs.webhooks.clone(), row.id.clone());
            let url = row.webhook.clone().unwrap_or_default();
            tokio::task::spawn_blocking(move || {
                let headers = [
                    ("content-type", "application/json"),
                    ("depesche-job", id.as_str()),
                    ("depesche-signature", signature.as_str()),
                ];
                webhooks.send(&url, &headers, &body)
            })
            .await
            .unwrap_or_else(|_| Err("sending panicked".into()))
        }
        Err(error) => Err(error.to_string()),
    };
    let (state, outcome) = match &sent {
        Ok(()) => ("delivered", "delivered"),
        Err(_) if row.webhook_attempts >= ATTEMPTS => ("failed", "given up"),
        Err(_) => ("pending", "failed"),
    };
    metrics::counter!("depesche_webhooks_total", "outcome" => outcome).increment(1);
    if let Err(fault) = sent {
        tracing::warn!(
            job = row.id,
            attempt = row.webhook_attempts,
            fault,
            "webhook {outcome}"
        );
    }
    let next = jobs.store.now() + pause(row.webhook_attempts);
    if let Err(error) = jobs.store.settle_webhook(&row.id, state, next).await {
        tracing::warn!(%error, job = row.id, "what became of the webhook cannot be written");
    }
}

/// Signature and body.
fn request(jobs: &Jobs, row: &JobRow) -> Result<(String, String)> {
    let job = Job {
        webhook: None,
        ..Job::outline(row)
    };
    let body = serde_json::to_string(&job)
        .map_err(|error| Error::Internal(format!("a webhook cannot be written: {error}")))?;
    let seconds = jobs.store.now() / 1000;
    Ok((jobs.webhooks.signature(seconds, &body)?, body))
}

/// Milliseconds after an attempt.
fn pause(attempt: i64) -> i64 {
    let doublings = u32::try_from(attempt - 1).unwrap_or(0).min(20);
    (PAUSE << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhooks(reach: Reach) -> Webhooks {
        Webhooks::new(reach, Some("key".into())).expect("there is a secret")
    }

    #[test]
    fn only_public_places_are_told_unless_others_are_allowed() {
        let inward = [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://10.1.2.3/",
            "http://100.64.0.1/",
            "http://169.254.169.254/latest",
            "http://192.168.1.1/",
            "http://0.0.0.0/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://[2002:7f00:1::]/",
            "http://[64:ff9b::7f00:1]/",
        ];
        for url in inward {
            assert!(webhooks(Reach::Public).check(url).is_err(), "{url}");
            assert!(webhooks(Reach::Any).check(url).is_ok(), "{url}");
        }
        for url in ["https://example.org/hook?a=b", "http://93.184.215.14:8080/"] {
            assert!(webhooks(Reach::Public).check(url).is_ok(), "{url}");
            assert!(Webhooks::default().check(url).is_err(), "{url}");
        }
        for url in [
            "ftp://example.org/",
            "file:///etc/passwd",
            "https://a:b@example.org/",
            "x",
        ] {
            assert!(webhooks(Reach::Any).check(url).is_err(), "{url}");
        }
    }

    #[test]
    fn the_signature_is_hmac_sha256_of_time_and_body() {
        // printf '7.{}' | openssl dgst -sha256 -hmac key
        let signature = webhooks(Reach::Any).signature(7, "{}").expect("a key");
        assert_eq!(
            signature,
            "t=7,v1=77bc83bd1f40422311e47918b203449aecf84b02c1568bb1b570ac2a474cc2d8"
        );
        assert!(Webhooks::new(Reach::Public, None).is_err());
    }

    #[test]
    fn pauses_double_up_to_a_limit() {
        assert_eq!([1, 2, 3].map(pause), [10_000, 20_000, 40_000]);
        assert_eq!(pause(60), LONGEST_PAUSE);
    }
}
