//! Pages of other origins.

use depesche::config::{AccessConfig, ServeConfig};
use depesche::keys::{Allowance, Gate, Source};
use depesche::store::Clock;
use serde_json::json;

use super::{REPORT, Server};
use crate::client::Response;

const EDITOR: &str = "https://editor.example.org";

fn server() -> Server {
    let origin = |text: &str| text.parse().expect("an origin");
    let config = ServeConfig {
        access: AccessConfig {
            cors_origins: vec![origin("http://localhost:3000"), origin(EDITOR)],
            ..AccessConfig::for_testing()
        },
        ..ServeConfig::for_testing()
    };
    let keys = Source::open(None, &["desk=key-of-the-desk-1".into()]).expect("keys");
    Server::gated(
        Gate::new(keys, Allowance::default(), Clock::system()),
        config,
    )
}

fn preflight(server: &Server, path: &str, origin: &str) -> Response {
    let mut connection = server.connect();
    let headers = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "POST"),
        (
            "Access-Control-Request-Headers",
            "authorization,content-type",
        ),
    ];
    connection.head("OPTIONS", path, &headers);
    connection.response()
}

#[test]
fn preflights_of_allowed_origins_are_answered_without_a_key() {
    let server = server();
    for path in ["/v1/articles", "/v2/translate", "/translate", "/nowhere"] {
        let response = preflight(&server, path, EDITOR);
        assert_eq!(response.status, 204, "{path}");
        let header = |name: &str| response.header(name).unwrap_or_default().to_owned();
        assert_eq!(header("access-control-allow-origin"), EDITOR);
        assert!(header("access-control-allow-methods").contains("POST"));
        let headers = header("access-control-allow-headers").to_lowercase();
        assert!(headers.contains("authorization") && headers.contains("content-type"));
        assert!(header("vary").contains("origin"));
        assert_eq!(response.header("access-control-allow-credentials"), None);
        assert!(response.header("x-request-id").is_some());
    }
}

#[test]
fn other_origins_learn_nothing() {
    let server = server();
    for origin in [
        "https://example.org",
        "http://editor.example.org",
        "https://editor.example.org:8443",
        "https://editor.example.org.evil.example",
        "https://Editor.example.org",
        "null",
        "*",
    ] {
        let refused = preflight(&server, "/v1/articles", origin);
        assert_eq!(refused.status, 401, "{origin}");
        let asked = server.ask("GET", "/healthz", &[("Origin", origin)], b"");
        for response in [refused, asked] {
            assert_eq!(
                response.header("access-control-allow-origin"),
                None,
                "{origin}"
            );
            let vary = response.header("vary").unwrap_or_default();
            assert!(vary.contains("origin"), "caches must tell origins apart");
        }
    }
}

#[test]
fn allowed_origins_may_read_answers_and_errors() {
    let server = server();
    let body = json!({ "text": REPORT }).to_string();
    for (key, status) in [("Bearer key-of-the-desk-1", 200), ("Bearer wrong", 401)] {
        let headers = [
            ("Origin", EDITOR),
            ("Authorization", key),
            ("Content-Type", "application/json"),
        ];
        let response = server.ask("POST", "/v1/translate", &headers, body.as_bytes());
        assert_eq!(response.status, status);
        assert_eq!(response.header("access-control-allow-origin"), Some(EDITOR));
        let exposed = response.header("access-control-expose-headers");
        assert!(exposed.is_some_and(|exposed| exposed.contains("Retry-After")));
    }
}
