//! One request to a server that speaks OpenAI's interface. Blocks.

use std::io::BufReader;
use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{self, Choice};
use super::{Api, Fault, RemoteOptions};
use crate::error::{Error, Result};
use crate::model::AnswerLength;

/// Where the source text goes in a prompt.
const SOURCE: &str = "{source}";
/// What a chat model is told before each text.
const INSTRUCTION: &str = "You translate German news into English. Translate the user's text and keep every number, \
name, unit and date. Answer with the translation alone: no quotation marks, no explanation.";
/// What a plain completion continues; the form that the local models are trained on.
const PLAIN: &str = "German: {source}\nEnglish:";
/// Of an answer to an error, so much is looked at.
const LARGEST_ERROR: u64 = 64 * 1024;

/// How a text is to be continued.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Manner {
    /// Translations that are asked for.
    pub choices: usize,
    /// 0 for the likeliest words.
    pub temperature: f32,
}

impl Manner {
    /// The one translation that the model thinks best.
    pub const BEST: Manner = Manner {
        choices: 1,
        temperature: 0.0,
    };
}

/// A server, and how it is asked.
#[derive(Debug)]
pub struct Server {
    agent: ureq::Agent,
    endpoint: String,
    options: RemoteOptions,
}

impl Server {
    /// # Errors
    /// [`Error::Config`] for what is no address of HTTP, or holds a password, and
    /// for a prompt without a place for the text.
    pub fn new(options: RemoteOptions) -> Result<Self> {
        let refuse = |why: &str| Err(Error::Config(format!("the engine's URL {why}")));
        let Ok(url) = url::Url::parse(&options.url) else {
            return refuse("is none");
        };
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return refuse("is neither http nor https");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("holds a user or a password; give the key in DEPESCHE_ENGINE_KEY");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("must be the base address, as in http://host:8000/v1");
        }
        if let Some(prompt) = &options.prompt
            && prompt.matches(SOURCE).count() != 1
        {
            return Err(Error::Config(format!(
                "the engine's prompt must contain {SOURCE} exactly once"
            )));
        }
        let route = match options.api {
            Api::Chat => "chat/completions",
            Api::Completions => "completions",
        };
        let agent = ureq::AgentBuilder::new()
            .timeout(options.timeout)
            .timeout_connect(options.timeout.min(Duration::from_secs(10)))
            // A redirect could carry text and key anywhere.
            .redirects(0)
            .max_idle_connections_per_host(options.concurrency)
            .user_agent(concat!("depesche/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Server {
            agent,
            endpoint: format!("{}/{route}", url.as_str().trim_end_matches('/')),
            options,
        })
    }

    /// Translations of a text, the first one first. Given up when nobody has
    /// `wanted` it for a while.
    pub fn ask(
        &self,
        text: &str,
        manner: Manner,
        wanted: &dyn Fn() -> bool,
    ) -> Result<Vec<Choice>, Fault> {
        let mut request = self
            .agent
            .post(&self.endpoint)
            .set("content-type", "application/json")
            .set("accept", "text/event-stream, application/json;q=0.9");
        if let Some(key) = &self.options.key {
            request = request.set("authorization", &format!("Bearer {}", key.expose()));
        }
        let response = request
            .send_string(&self.body(text, manner).to_string())
            .map_err(|error| match error {
                ureq::Error::Status(_, response) => refused(response, text),
                ureq::Error::Transport(error) => Fault::passing(&error.kind().to_string()),
            })?;
        match response.status() {
            200 if response.content_type() == "text/event-stream" => {
                answer::streamed(BufReader::new(response.into_reader()), wanted)
            }
            200 => answer::whole(response.into_reader()),
            _ => Err(refused(response, text)),
        }
    }

    fn body(&self, text: &str, manner: Manner) -> Value {
        let RemoteOptions {
            model, api, prompt, ..
        } = &self.options;
        let fill = |prompt: &str| prompt.replace(SOURCE, text);
        // Of a byte or two there is no token; a limit that is too large costs
        // nothing until a model goes round in circles.
        let limit = AnswerLength::default().limit(text.len() / 2);
        let mut body = json!({
            "model": model,
            "max_tokens": limit,
            "temperature": manner.temperature,
            "n": manner.choices,
            "seed": 1,
            "stream": true,
        });
        match api {
            Api::Chat => {
                body["messages"] = match prompt {
                    Some(prompt) => json!([{ "role": "user", "content": fill(prompt) }]),
                    None => json!([
                        { "role": "system", "content": INSTRUCTION },
                        { "role": "user", "content": text },
                    ]),
                };
            }
            Api::Completions => {
                body["prompt"] = fill(prompt.as_deref().unwrap_or(PLAIN)).into();
                body["stop"] = json!(["\n"]);
            }
        }
        body
    }
}

/// What a status says. The body may quote the text and is told to nobody.
fn refused(response: ureq::Response, text: &str) -> Fault {
    let status = response.status();
    let asked = response
        .header("retry-after")
        .and_then(|seconds| seconds.trim().parse().ok())
        .map(Duration::from_secs);
    match status {
        429 => Fault::Busy(asked),
        500.. | 408 => Fault::Passing {
            why: format!("it answered with the status {status}"),
            retry_after: asked,
        },
        400 | 413 | 422 => match is_too_long(response) {
            true => Fault::TooLong(text.len()),
            false => Fault::Text(format!("it refused a text with the status {status}")),
        },
        401 | 403 => Fault::Refused(format!(
            "it refused the key in DEPESCHE_ENGINE_KEY with the status {status}"
        )),
        404 => Fault::Refused("it knows neither the address nor the model (status 404)".into()),
        _ => Fault::Refused(format!("it answered with the status {status}")),
    }
}

/// Whether an error tells of a text that does not fit the model's window, in
/// the words of OpenAI, vLLM and llama.cpp.
fn is_too_long(response: ureq::Response) -> bool {
    use std::io::Read;
    let mut body = Vec::new();
    let read = response
        .into_reader()
        .take(LARGEST_ERROR)
        .read_to_end(&mut body);
    let body = String::from_utf8_lossy(&body).to_lowercase();
    read.is_ok()
        && [
            "context_length_exceeded",
            "maximum context length",
            "exceed_context_size",
            "exceeds the available context size",
            "exceed context window",
        ]
        .iter()
        .any(|words| body.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(url: &str) -> RemoteOptions {
        RemoteOptions {
            url: url.into(),
            ..RemoteOptions::for_testing("http://127.0.0.1:1/v1")
        }
    }

    #[test]
    fn the_route_follows_the_base_address() {
        for base in ["http://gpu:8000/v1", "http://gpu:8000/v1/"] {
            let server = Server::new(options(base)).unwrap();
            assert_eq!(server.endpoint, "http://gpu:8000/v1/chat/completions");
        }
        let plain = Server::new(RemoteOptions {
            api: Api::Completions,
            ..options("https://gpu/v1")
        });
        assert_eq!(plain.unwrap().endpoint, "https://gpu/v1/completions");
    }

    #[test]
    fn addresses_that_are_none_are_refused() {
        for url in [
            "gpu:8000",
            "gpu",
            "ftp://gpu/v1",
            "http://a:b@gpu/v1",
            "http://gpu/v1?key=x",
        ] {
            assert!(
                matches!(Server::new(options(url)), Err(Error::Config(_))),
                "{url}"
            );
        }
    }

    #[test]
    fn a_prompt_has_one_place_for_the_text() {
        let with = |prompt: &str| {
            Server::new(RemoteOptions {
                prompt: Some(prompt.into()),
                ..options("http://gpu/v1")
            })
        };
        assert!(with("no place").is_err());
        assert!(with("{source} {source}").is_err());
        let body = with("Auf Englisch: {source}")
            .unwrap()
            .body("Haus {source}", Manner::BEST);
        let expected = json!([{ "role": "user", "content": "Auf Englisch: Haus {source}" }]);
        assert_eq!(body["messages"], expected);
    }

    #[test]
    fn plain_completions_end_with_the_line() {
        let server = Server::new(RemoteOptions {
            api: Api::Completions,
            ..options("http://gpu/v1")
        });
        let body = server.unwrap().body("Das Haus", Manner::BEST);
        assert_eq!(body["prompt"], "German: Das Haus\nEnglish:");
        assert_eq!(body["stop"], json!(["\n"]));
        assert_eq!(body["max_tokens"], 34);
    }
}
