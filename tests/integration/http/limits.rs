//! Limits of size, time and load.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use depesche::config::ServeConfig;
use serde_json::{Value, json};

use super::{REPORT, Server, expect_snapshot, numbered};
use crate::contract;
use crate::scripted::Scripted;

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn a_body_beyond_the_limit_is_refused_however_it_is_sent() {
    let server = Server::start();
    let limit = server.service.config().max_body;
    let sized = |size: usize| {
        let mut body = json!({ "text": "" }).to_string();
        body.insert_str(9, &" ".repeat(size - body.len()));
        body
    };
    // Blank, so never more than `empty`: the limit itself is still read.
    let fitting = server.ask("POST", "/v1/translate", &[JSON], sized(limit).as_bytes());
    assert_eq!(fitting.code(), "empty");
    for size in [limit + 1, 3 * limit, 40 * limit] {
        let response = server.ask("POST", "/v1/translate", &[JSON], sized(size).as_bytes());
        assert_eq!(response.status, 413, "{size}");
        assert_eq!(response.code(), "too_large");
        let detail = format!("the body is too large: {size}, and the limit is {limit}");
        assert_eq!(response.json()["detail"], detail);
    }

    let mut chunked = server.connect();
    chunked.head(
        "POST",
        "/v1/translate",
        &[JSON, ("Transfer-Encoding", "chunked")],
    );
    let body = sized(limit + 1);
    for chunk in body.as_bytes().chunks(16 * 1024) {
        chunked.write(format!("{:x}\r\n", chunk.len()).as_bytes());
        chunked.write(chunk);
        chunked.write(b"\r\n");
    }
    chunked.write(b"0\r\n\r\n");
    let response = chunked.response();
    contract::expect_promised("POST", "/v1/translate", &response);
    assert_eq!(response.status, 413);
}

#[test]
fn an_array_of_too_many_texts_is_refused() {
    let server = Server::start();
    let limit = server.service.config().max_texts;
    let texts = |count: usize| json!({ "text": vec!["Ja."; count] });
    assert_eq!(server.post("/v1/translate", &texts(limit)).status, 200);
    let response = server.post("/v1/translate", &texts(limit + 1));
    assert_eq!(response.status, 413);
    expect_snapshot("problem_too_many_texts", response.json());
}

#[test]
fn more_segments_than_the_queue_can_ever_hold_are_refused_for_good() {
    let server = Server::with(Scripted::new(2), ServeConfig::for_testing(), 4);
    let response = server.post(
        "/v1/articles",
        &json!({ "text": "Ja und nein. ".repeat(5) }),
    );
    assert_eq!(
        (response.status, response.code().as_str()),
        (413, "too_large")
    );
    assert_eq!(response.header("retry-after"), None);
}

#[test]
fn a_body_that_stalls_is_given_up() {
    let config = ServeConfig {
        body_timeout: 0.2,
        ..ServeConfig::for_testing()
    };
    let server = Server::with(Scripted::new(2), config, 64);
    let mut connection = server.connect();
    connection.head("POST", "/v1/articles", &[JSON, ("Content-Length", "100")]);
    connection.write(b"{\"text\": \"Der");
    let response = connection.response();
    contract::expect_promised("POST", "/v1/articles", &response);
    assert_eq!(response.status, 408);
    assert!(
        connection.is_closed(),
        "the rest of the body is not waited for"
    );
    expect_snapshot("problem_slow_body", response.json());
}

#[test]
fn a_full_queue_refuses_whole_requests_until_there_is_room() {
    let server = Server::with(Scripted::new(1), ServeConfig::for_testing(), 4);
    server.gate.shut();
    let texts = |count: usize| json!({ "text": numbered("Der Satz und das Wort.", count) });
    // One works, three wait.
    let mut first = server.connect();
    first.post("/v1/translate", &texts(4));
    server.until_open(1);

    for path in ["/v1/translate", "/v1/articles", "/v1/summarize"] {
        let body = match path {
            "/v1/translate" => texts(2),
            _ => json!({ "text": "Der Satz und das Wort. Das Wort und der Satz." }),
        };
        let refused = server.post(path, &body);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (429, "queue_full")
        );
        let wait: u64 = refused
            .header("retry-after")
            .and_then(|wait| wait.parse().ok())
            .expect("Retry-After in seconds");
        assert!((1..=60).contains(&wait));
    }
    // What fits is taken, and readiness is no question of load.
    let mut fitting = server.connect();
    fitting.post("/v1/translate", &texts(1));
    assert_eq!(server.get("/readyz").status, 200);

    server.gate.open();
    assert_eq!(first.response().status, 200);
    assert_eq!(fitting.response().status, 200);
    assert_eq!(server.post("/v1/translate", &texts(4)).status, 200);
}

#[test]
fn a_request_is_given_up_at_its_deadline_and_its_work_with_it() {
    let config = ServeConfig {
        deadline: 0.25,
        ..ServeConfig::for_testing()
    };
    let server = Server::with(Scripted::new(1).slow(Duration::from_millis(20)), config, 64);
    let endless = json!({ "text": "Der Satz ist UFERLOS und lang." });
    for path in ["/v1/articles", "/v1/translate", "/v1/summarize"] {
        let begun = Instant::now();
        let response = server.post(path, &endless);
        assert_eq!(response.status, 504, "{path}");
        expect_snapshot("problem_deadline", response.json());
        assert!(begun.elapsed() >= Duration::from_millis(250));
    }
    server.until_open(0);
    let steps = server.witness.steps.load(Ordering::SeqCst);
    // Left alone, each would write three words for each of the source, and 32.
    assert!(
        steps < 3 * 30,
        "the work went on after the deadline: {steps}"
    );
}

#[test]
fn segments_that_waited_too_long_name_the_deadline_and_not_their_wait() {
    let config = ServeConfig {
        deadline: 0.25,
        ..ServeConfig::for_testing()
    };
    let server = Server::with(Scripted::new(1).slow(Duration::from_millis(10)), config, 64);
    let body = json!({ "text": vec!["Der Satz ist UFERLOS und lang."; 8] });
    let response = server.post("/v1/translate", &body);
    let detail: Value = response.json()["detail"].clone();
    assert_eq!(detail, "the request's deadline of 0.25 s passed");
}

#[test]
fn deep_json_is_malformed_and_harms_nobody() {
    let server = Server::start();
    for piece in ["[", r#"{"text":"#, r#"{"text":["#] {
        let deep = piece.repeat(5_000);
        let response = server.ask("POST", "/v1/translate", &[JSON], deep.as_bytes());
        assert_eq!(response.status, 400, "{piece}");
    }
    assert_eq!(
        server
            .post("/v1/translate", &json!({ "text": REPORT }))
            .status,
        200
    );
}
