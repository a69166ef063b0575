//! Clients that leave.

use std::sync::atomic::Ordering;
use std::time::Duration;

use depesche::config::ServeConfig;
use serde_json::json;

use super::{REPORT, Server, numbered};
use crate::scripted::Scripted;

/// A server on which an article takes longer than a test waits, and such an
/// article.
fn slow() -> (Server, serde_json::Value) {
    let model = Scripted::new(2).slow(Duration::from_millis(50));
    let server = Server::with(model, ServeConfig::for_testing(), 64);
    (server, json!({ "text": numbered(REPORT, 60).join(" ") }))
}

#[test]
fn a_client_that_leaves_stops_its_work() {
    for path in ["/v1/articles", "/v1/articles?stream=true", "/v1/summarize"] {
        let (server, article) = slow();
        let mut connection = server.connect();
        connection.post(path, &article);
        server.until_open(2);
        connection.leave();
        server.until_open(0);
        server.until("the request is over", |server| server.inside() == 0);
        let steps = server.witness.steps.load(Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(
            server.witness.steps.load(Ordering::SeqCst),
            steps,
            "the model rests"
        );
        let metrics = server.get("/metrics");
        let (route, _) = path.split_once('?').unwrap_or((path, ""));
        let left = match path.contains("stream") {
            // The status was sent before the client left.
            true => format!("method=\"POST\",route=\"{route}\",status=\"200\""),
            false => format!("method=\"POST\",route=\"{route}\",status=\"499\""),
        };
        assert!(metrics.text().contains(&left), "{left}");
    }
}

#[test]
fn a_client_that_leaves_before_its_turn_frees_its_place_in_the_queue() {
    let server = Server::with(Scripted::new(1), ServeConfig::for_testing(), 4);
    server.gate.shut();
    let texts = |noun: &str, count: usize| json!({ "text": numbered(&format!("Der {noun} und das Wort."), count) });
    let mut first = server.connect();
    first.post("/v1/translate", &texts("Satz", 1));
    server.until_open(1);
    let mut second = server.connect();
    second.post("/v1/translate", &texts("Text", 4));
    // To have been read is not enough: it could come behind the next one.
    server.until_waiting(4);
    assert_eq!(server.post("/v1/translate", &texts("Brief", 1)).status, 429);
    second.leave();
    server.until("the second has left", |server| server.inside() == 1);
    server.gate.open();
    assert_eq!(first.response().status, 200);
    server.until_waiting(0);
    assert_eq!(server.post("/v1/translate", &texts("Brief", 4)).status, 200);
}

#[test]
fn a_client_that_leaves_in_the_middle_of_its_body_is_forgotten() {
    let server = Server::start();
    let mut connection = server.connect();
    let headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", "1000"),
    ];
    connection.head("POST", "/v1/articles", &headers);
    connection.write(b"{\"text\": \"Der");
    connection.leave();
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.inside(), 0);
}
