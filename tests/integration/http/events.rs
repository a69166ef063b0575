//! `POST /v1/articles`, answered with server-sent events.

use std::time::Duration;

use depesche::config::ServeConfig;
use serde_json::{Value, json};

use super::{REPORT, Server, expect_snapshot};
use crate::client::{Event, Response};
use crate::scripted::Scripted;

fn names(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

fn ask(server: &Server, body: &Value) -> Response {
    server.post("/v1/articles?stream=true", body)
}

#[test]
fn events_come_in_order_and_end_with_the_dispatch() {
    let server = Server::start();
    let body = json!({ "title": "Der Umsatz steigt", "text": format!("{REPORT} Und wer lacht am Montag?") });
    let response = ask(&server, &body);
    assert_eq!(response.status, 200);
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let events = response.events();
    assert_eq!(
        names(&events),
        [
            "started", "segment", "segment", "segment", "figures", "summary", "done"
        ]
    );
    assert_eq!(events[0].data, json!({ "segments": 3 }));

    let mut ids: Vec<u64> = events[1..4]
        .iter()
        .map(|event| event.data["id"].as_u64().expect("an id"))
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, [0, 1, 2]);

    let done = &events[6].data;
    assert_eq!(events[4].data, done["figures"]);
    assert_eq!(events[5].data, done["summary"]);
    let mut whole = server.post("/v1/articles", &body).json();
    let mut streamed = done.clone();
    whole["timings"] = Value::Null;
    streamed["timings"] = Value::Null;
    assert_eq!(streamed, whole, "both forms of the answer say the same");
}

#[test]
fn the_query_decides_over_the_accept_header() {
    let server = Server::start();
    let body = json!({ "text": REPORT }).to_string();
    let media_type = |path: &str, accept: &str| {
        let headers = [("Content-Type", "application/json"), ("Accept", accept)];
        let response = server.ask("POST", path, &headers, body.as_bytes());
        response.media_type().to_owned()
    };
    let (json, events) = ("application/json", "text/event-stream");
    assert_eq!(media_type("/v1/articles", events), events);
    assert_eq!(media_type("/v1/articles", "*/*"), json);
    assert_eq!(media_type("/v1/articles?stream=false", events), json);
    assert_eq!(media_type("/v1/articles?stream=true", json), events);
}

#[test]
fn segments_are_told_of_while_others_are_still_worked_on() {
    let server = Server::start();
    let mut connection = server.connect();
    server.gate.shut();
    let long = format!("{REPORT} Der Satz hat {} Ende.", "und kein ".repeat(60));
    connection.post("/v1/articles?stream=true", &json!({ "text": long }));
    let head = connection.response_head();
    assert_eq!(head.media_type(), "text/event-stream");
    assert_eq!(head.header("content-encoding"), None);
    let mut seen = String::new();
    let mut until = |wanted: &str| {
        while !seen.contains(wanted) {
            let chunk = connection.chunk().expect("the stream goes on");
            seen.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
        seen.clone()
    };
    // The model stands still: the beginning is told all the same, and then
    // there are signs of life.
    let silent = until(": still working\n\n");
    assert!(silent.starts_with("event: started\n"));
    assert!(!silent.contains("event: segment"));
    server.gate.open();
    until("event: done\n");
}

#[test]
fn silence_is_broken_by_comments() {
    let config = ServeConfig {
        heartbeat: 0.02,
        ..ServeConfig::for_testing()
    };
    let model = Scripted::new(2).slow(Duration::from_millis(30));
    let server = Server::with(model, config, 64);
    let response = ask(&server, &json!({ "text": REPORT }));
    assert!(response.text().matches(": still working\n\n").count() >= 3);
    assert_eq!(names(&response.events()).last(), Some(&"done"));
}

#[test]
fn a_failure_after_the_beginning_is_the_last_event() {
    let server = Server::start();
    let events = ask(
        &server,
        &json!({ "text": "Der Satz mit dem FEHLER ist nicht gut." }),
    )
    .events();
    assert_eq!(names(&events), ["started", "error"]);
    assert_eq!(events[1].data["status"], 500);
    expect_snapshot("events_error", events[1].data.clone());

    let unresolved = json!({
        "text": "Der Verein hat nun siebzehn Mitglieder und sucht weitere.",
        "options": { "strict": true },
    });
    let events = ask(&server, &unresolved).events();
    assert_eq!(names(&events), ["started", "segment", "figures", "error"]);
    assert_eq!(events[3].data["code"], "unresolved");
}

#[test]
fn a_deadline_in_the_middle_is_told_as_an_event() {
    let config = ServeConfig {
        deadline: 0.5,
        ..ServeConfig::for_testing()
    };
    let server = Server::with(Scripted::new(2), config, 64);
    server.gate.shut();
    let events = ask(&server, &json!({ "text": REPORT })).events();
    assert_eq!(names(&events), ["started", "error"]);
    assert_eq!(events[1].data["code"], "deadline");
}

#[test]
fn what_is_refused_before_the_beginning_is_an_ordinary_problem() {
    let server = Server::start();
    for (body, status, code) in [
        (json!({ "text": " " }), 422, "empty"),
        (json!({ "text": "x", "html": "x" }), 400, "malformed"),
        (
            json!({ "text": "The government has announced that the law will come in July." }),
            422,
            "not_german",
        ),
    ] {
        let response = ask(&server, &body);
        assert_eq!((response.status, response.code().as_str()), (status, code));
    }
    let busy = Server::with(Scripted::new(1), ServeConfig::for_testing(), 4);
    busy.gate.shut();
    let four = json!({ "text": ["Ja.", "Nein.", "Gut.", "Nun."] });
    let mut first = busy.connect();
    first.post("/v1/translate", &four);
    busy.until_open(1);
    let mut second = busy.connect();
    second.post("/v1/translate", &four);
    let full = ask(
        &busy,
        &json!({ "text": format!("{REPORT} {REPORT} {REPORT}") }),
    );
    assert_eq!((full.status, full.code().as_str()), (429, "queue_full"));
}
