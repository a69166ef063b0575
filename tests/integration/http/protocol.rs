//! HTTP itself: HEAD, compression, ids, connections.

use depesche::http::{ROUTES, Verb};
use serde_json::json;

use super::{REPORT, Server};
use crate::contract;

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn head_is_answered_like_get_without_the_body() {
    let server = Server::start();
    for route in ROUTES.iter().filter(|route| route.verb == Verb::Get) {
        let mut connection = server.connect();
        connection.head("HEAD", route.path, &[]);
        let head = connection.response_head();
        // On the same connection: a body would be taken for this response.
        connection.head("GET", route.path, &[]);
        let get = connection.response();
        assert_eq!(head.status, get.status, "{}", route.path);
        assert_eq!(head.header("content-type"), get.header("content-type"));
        if route.path != "/metrics" {
            assert_eq!(head.header("content-length"), get.header("content-length"));
        }
    }
}

#[test]
fn browsers_are_told_to_be_careful_and_other_pages_may_not_read() {
    let server = Server::start();
    for path in [
        "/",
        "/ui/page.js",
        "/docs",
        "/healthz",
        "/v2/usage",
        "/nowhere",
    ] {
        let headers = [("Origin", "https://example.org")];
        let response = server.ask("GET", path, &headers, b"");
        let header = |name: &str| response.header(name).unwrap_or_default().to_owned();
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        // Only the page has a script, and only its own.
        assert_eq!(
            policy.contains("script-src"),
            path == "/" || path.starts_with("/ui/")
        );
        assert_eq!(
            response.header("access-control-allow-origin"),
            None,
            "{path}"
        );
    }
    let preflight = [
        ("Origin", "https://example.org"),
        ("Access-Control-Request-Method", "POST"),
    ];
    let refused = server.ask("OPTIONS", "/v1/translate", &preflight, b"");
    assert_eq!(refused.status, 405);
    assert_eq!(refused.header("access-control-allow-methods"), None);
}

#[test]
fn a_connection_serves_one_request_after_the_other_errors_included() {
    let server = Server::start();
    let mut connection = server.connect();
    for _ in 0..2 {
        connection.post("/v1/translate", &json!({ "text": REPORT }));
        assert_eq!(connection.response().status, 200);
        connection.post("/v1/translate", &json!({ "text": 7 }));
        assert_eq!(connection.response().status, 400);
        connection.head("GET", "/nowhere", &[]);
        assert_eq!(connection.response().status, 404);
    }
}

#[test]
fn requests_sent_ahead_are_answered_in_order() {
    let server = Server::start();
    let mut connection = server.connect();
    connection.post("/v1/translate", &json!({ "text": "Der Erste" }));
    connection.post("/v1/translate", &json!({ "text": "Der Zweite" }));
    for expected in ["The Erste", "The Zweite"] {
        let response = connection.response();
        assert_eq!(response.json()["translations"][0]["text"], expected);
    }
}

#[test]
fn a_refusal_is_heard_although_the_body_was_not_read() {
    let server = Server::start();
    let body = vec![b' '; 3_000_000];
    for (method, path, status) in [
        ("POST", "/v1/translate", 415),
        ("POST", "/nowhere", 404),
        ("PUT", "/v1/translate", 405),
    ] {
        let response = server.ask(method, path, &[], &body);
        assert_eq!(response.status, status, "{method} {path}");
    }
}

#[test]
fn clients_that_ask_before_they_send_are_told_to_go_on() {
    let server = Server::start();
    let mut connection = server.connect();
    let body = json!({ "text": REPORT }).to_string();
    let length = body.len().to_string();
    connection.head(
        "POST",
        "/v1/translate",
        &[
            JSON,
            ("Content-Length", &length),
            ("Expect", "100-continue"),
        ],
    );
    assert_eq!(connection.response_head().status, 100);
    connection.write(body.as_bytes());
    assert_eq!(connection.response().status, 200);
}

#[test]
fn responses_are_compressed_for_those_who_ask() {
    let server = Server::start();
    let encoding = |accepted: &str| {
        let mut connection = server.connect();
        connection.head("GET", "/docs", &[("Accept-Encoding", accepted)]);
        let response = connection.response();
        assert_eq!(response.status, 200, "{accepted}");
        assert_eq!(response.header("vary"), Some("accept-encoding"));
        response.header("content-encoding").map(str::to_owned)
    };
    assert_eq!(encoding("gzip, deflate, br").as_deref(), Some("gzip"));
    assert_eq!(encoding("identity"), None);
}

#[test]
fn a_client_that_accepts_no_encoding_of_ours_gets_plain_responses() {
    let server = Server::start();
    for accepted in ["br, identity;q=0", "*;q=0", "identity;q=0", "gzip;q=zero"] {
        let headers = [("Accept-Encoding", accepted)];
        let response = server.ask("GET", "/healthz", &headers, b"");
        assert_eq!(response.status, 200, "{accepted}");
        assert_eq!(response.header("content-encoding"), None);
    }
}

#[test]
fn events_are_not_compressed() {
    let server = Server::start();
    let headers = [JSON, ("Accept-Encoding", "gzip")];
    let body = json!({ "text": REPORT }).to_string();
    let path = "/v1/articles?stream=true";
    let response = server.ask("POST", path, &headers, body.as_bytes());
    assert_eq!(response.header("content-encoding"), None);
    assert_eq!(response.events().len(), 5);
}

#[test]
fn ids_are_kept_or_made_and_stand_in_problems() {
    let server = Server::start();
    let id = |sent: &str| {
        let response = server.ask("GET", "/nowhere", &[("X-Request-Id", sent)], b"");
        response.json()["request_id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    assert_eq!(id("mine-7"), "mine-7");
    let made = id("not\"acceptable");
    assert_eq!(made.len(), 36, "{made}");
    assert_ne!(made, id(""));
    let health = server.get("/healthz");
    assert_eq!(health.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn what_is_no_http_is_answered_with_400_and_closed() {
    let server = Server::start();
    let mut connection = server.connect();
    connection.write(b"Der Umsatz stieg\r\n\r\n");
    assert_eq!(connection.response_head().status, 400);
    let mut long = server.connect();
    long.head("GET", "/healthz", &[("X-Long", &"x".repeat(200_000))]);
    assert_eq!(long.response_head().status, 431);
    let mut broken = server.connect();
    broken.head(
        "POST",
        "/v1/translate",
        &[JSON, ("Content-Length", "sieben")],
    );
    assert_eq!(broken.response_head().status, 400);
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn a_body_in_chunks_is_read_to_its_end() {
    let server = Server::start();
    let mut connection = server.connect();
    connection.head(
        "POST",
        "/v1/translate",
        &[JSON, ("Transfer-Encoding", "chunked")],
    );
    for piece in ["{\"text\":", "\"Der Satz", "\"}"] {
        connection.write(format!("{:x}\r\n{piece}\r\n", piece.len()).as_bytes());
    }
    connection.write(b"0\r\n\r\n");
    let response = connection.response();
    contract::expect_promised("POST", "/v1/translate", &response);
    assert_eq!(response.json()["translations"][0]["text"], "The Satz");
}
