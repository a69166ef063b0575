//! What the log tells, and what it must not.

use std::io::Write;
use std::sync::{LazyLock, Mutex, MutexGuard, Once};

use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use super::Server;

/// Everything that is logged in this process, at the finest level.
static LOG: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(Mutex::default);

struct Lines;

struct Line<'a>(MutexGuard<'a, Vec<u8>>);

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(LOG.lock().expect("nobody panics while writing"))
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Sends the log of all tests to memory.
pub fn capture() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(Lines)
            .init();
    });
}

fn lines(id: &str) -> Vec<String> {
    let log = LOG.lock().expect("nobody panics while writing");
    String::from_utf8_lossy(&log)
        .lines()
        .filter(|line| line.contains(id))
        .map(str::to_owned)
        .collect()
}

#[test]
fn article_text_never_appears_whatever_becomes_of_it() {
    // One word that stands in every text, and nowhere else.
    const SECRET: &str = "Donaudampfschifffahrt";
    let server = Server::start();
    let sentence = format!("Der Wert der {SECRET} stieg am Montag um 4.500 Euro.");
    let foreign = format!("The value of the {SECRET} has risen, and they will be in the news.");
    let mut bodies: Vec<(&str, String)> = Vec::new();
    for body in [
        json!({ "title": sentence, "text": sentence }),
        json!({ "html": format!("<p class=\"{SECRET}\">{sentence}</p>") }),
        json!({ "markdown": format!("# {sentence}\n\n{sentence}") }),
        json!({ "text": format!("{sentence} FEHLER") }),
        json!({ "text": format!("{sentence} PANIK") }),
        json!({ "text": format!("{sentence} ENDLOS") }),
        json!({ "text": sentence, "options": { "strict": true } }),
        json!({ "text": foreign }),
        json!({ "text": sentence, "html": sentence }),
        json!({ "text": [sentence], "titel": sentence }),
        json!({ "text": sentence, SECRET: true }),
        json!({ "text": sentence, "options": { "language": SECRET } }),
        json!({ "text": format!("{sentence}\0") }),
    ] {
        for path in [
            "/v1/articles",
            "/v1/articles?stream=true",
            "/v1/translate",
            "/v1/summarize",
            "/v1/articles?strict=Donaudampfschifffahrt",
            "/Donaudampfschifffahrt",
        ] {
            bodies.push((path, body.to_string()));
        }
    }
    bodies.push(("/v1/translate", format!("{{\"text\": \"{SECRET}")));
    bodies.push(("/v1/translate", format!("{{\"text\": {SECRET}}}")));
    for (path, body) in &bodies {
        let headers = [
            ("Content-Type", "application/json"),
            ("X-Request-Id", "the-secret-one"),
        ];
        server.ask("POST", path, &headers, body.as_bytes());
    }
    // Lines are written when a request is dropped, after its response is read.
    server.until("every request is on the log", |_| {
        let access = lines("the-secret-one");
        access
            .iter()
            .filter(|line| line.contains("depesche::http::access"))
            .count()
            == bodies.len()
    });
    assert_eq!(lines(SECRET), [""; 0]);
}

#[test]
fn each_request_has_one_line_with_its_id() {
    let server = Server::start();
    let ask = |id: &str, path: &str| {
        server.ask("GET", path, &[("X-Request-Id", id)], b"");
        let line = || {
            lines(id)
                .into_iter()
                .filter(|line| line.contains("depesche::http::access"))
                .collect::<Vec<_>>()
        };
        server.until("the request is on the log", |_| !line().is_empty());
        let lines = line();
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines[0].clone()
    };
    let health = ask("log-health", "/healthz");
    for part in ["route=\"/healthz\"", "status=200", "complete=true"] {
        assert!(health.contains(part), "{health}");
    }
    assert!(ask("log-unmatched", "/nowhere").contains("route=\"unmatched\""));
}
