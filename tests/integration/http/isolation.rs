//! One bad input never harms another request.

use std::time::Duration;

use depesche::config::ServeConfig;
use serde_json::json;

use super::{REPORT, Server, numbered};
use crate::scripted::Scripted;

#[test]
fn requests_in_the_same_batch_as_a_failing_one_are_answered() {
    for word in ["FEHLER", "PANIK", "LESEPANIK", "SCHREIBPANIK"] {
        let server = Server::start();
        server.gate.shut();
        let bad = format!("Der Satz mit {word} und Folgen.");
        let mut requests = Vec::new();
        for text in [REPORT, &bad, REPORT] {
            let mut connection = server.connect();
            connection.post("/v1/translate", &json!({ "text": text }));
            requests.push(connection);
            // The first is in the model's hands when the others arrive, so
            // those join the batch together.
            server.until_open(1);
        }
        server.until("all have been read", |server| server.inside() == 3);
        server.gate.open();
        let statuses: Vec<u16> = requests
            .iter_mut()
            .map(|connection| connection.response().status)
            .collect();
        assert_eq!(statuses, [200, 500, 200], "{word}");
        server.until_open(0);

        let after = server.post("/v1/translate", &json!({ "text": REPORT }));
        assert_eq!(after.status, 200, "{word}");
        assert_eq!(server.get("/readyz").status, 200);
    }
}

#[test]
fn a_long_article_does_not_hold_up_a_short_one() {
    let model = Scripted::new(4).slow(Duration::from_millis(8));
    let server = Server::with(model, ServeConfig::for_testing(), 64);
    server.gate.shut();
    let mut long = server.connect();
    let article = numbered(REPORT, 60).join(" ");
    // Four segments at a time.
    let greedy = json!({ "beams": 1 });
    long.post(
        "/v1/articles",
        &json!({ "text": article, "options": greedy }),
    );
    server.until_open(4);
    let mut short = server.connect();
    short.post("/v1/translate", &json!({ "text": "Der Satz" }));
    server.until("both have been read", |server| server.inside() == 2);
    server.gate.open();
    let [short, long] = [short, long].map(|mut connection| {
        let response = connection.response();
        assert_eq!(response.status, 200);
        response.json()["timings"]["total_ms"]
            .as_f64()
            .expect("a time")
    });
    // Fifteen rounds of twelve steps, against the rest of one and two steps.
    // That is a second and a half; a busy machine may take some of it.
    assert!(long > short + 300.0, "{long} ms and {short} ms");
}

#[test]
fn endless_repetition_is_healed_and_reported() {
    let server = Server::start();
    let body = json!({ "text": "Der Satz ist ENDLOS und Das bleibt am Montag so." });
    let dispatch = server.post("/v1/articles", &body).json();
    let codes: Vec<_> = dispatch["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .map(|warning| warning["code"].clone())
        .collect();
    assert!(codes.contains(&json!("repetition")), "{codes:?}");
}
