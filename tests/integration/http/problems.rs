//! Each error as a problem document.

use depesche::http::{Api, ROUTES, Verb};
use serde_json::{Value, json};

use super::{REPORT, Server, expect_snapshot};

const POSTS: [&str; 3] = ["/v1/articles", "/v1/translate", "/v1/summarize"];

#[test]
fn malformed_bodies_are_told_what_is_wrong_without_their_values() {
    let server = Server::start();
    let details: Vec<(String, Value)> = [
        ("/v1/articles", r#""#),
        ("/v1/articles", r#"{"text": "Der Um"#),
        ("/v1/articles", r#"{"text": "Der Umsatz", "titel": "x"}"#),
        ("/v1/articles", r#"{"text": "Der Umsatz", "text": "x"}"#),
        ("/v1/articles", r#"{"title": "Der Umsatz"}"#),
        (
            "/v1/articles",
            r#"{"text": "Der Umsatz", "html": "<p>x</p>"}"#,
        ),
        ("/v1/articles", r#"{"text": null}"#),
        ("/v1/articles", r#"{"text": "Der\u0000Umsatz"}"#),
        (
            "/v1/articles",
            r#"{"title": "Der\u0000Umsatz", "text": "x"}"#,
        ),
        (
            "/v1/articles",
            r#"{"text": "Der Umsatz", "options": {"beams": 9}}"#,
        ),
        (
            "/v1/articles",
            r#"{"text": "Der Umsatz", "options": {"beams": "Der Kanzler"}}"#,
        ),
        (
            "/v1/articles",
            r#"{"text": "Der Umsatz", "options": {"summary_words": 0}}"#,
        ),
        (
            "/v1/articles",
            r#"{"text": "Der Umsatz", "options": {"summary_sentences": 21}}"#,
        ),
        (
            "/v1/articles",
            r#"{"text": "Der Umsatz", "options": {"language": "Deutsch"}}"#,
        ),
        (
            "/v1/articles",
            r#"{"text": "Der Umsatz", "options": {"beams": 1.5}}"#,
        ),
        (
            "/v1/articles",
            r#"{"text": "Der Umsatz", "options": {"beams": -1}}"#,
        ),
        ("/v1/articles", r#"["text"]"#),
        ("/v1/articles", r#"[null, "Der Umsatz"]"#),
        (
            "/v1/articles",
            r#"{"text": "Der Umsatz", "options": [1, 3]}"#,
        ),
        ("/v1/translate", r#"["Der Umsatz"]"#),
        (
            "/v1/translate",
            r#"{"text": "Der Umsatz", "options": null}"#,
        ),
        (
            "/v1/articles",
            r#"{"text": "Der Umsatz", "options": {"clock_style": null}}"#,
        ),
        ("/v1/translate", r#"{"options": {}}"#),
        ("/v1/articles?strict=ja", r#"{"text": "Der Umsatz"}"#),
        ("/v1/articles?format=html", r#"{"text": "Der Umsatz"}"#),
        ("/v1/translate", r#"{"text": 7}"#),
        ("/v1/translate", r#"{"text": ["Der Umsatz", null]}"#),
        (
            "/v1/translate",
            r#"{"text": "Der Umsatz", "format": "pdf"}"#,
        ),
        ("/v1/translate?stream=true", r#"{"text": "Der Umsatz"}"#),
        ("/v1/summarize", r#"{"text": "Der Umsatz"} {"text": "x"}"#),
    ]
    .into_iter()
    .map(|(path, body)| {
        let headers = [("Content-Type", "application/json")];
        let response = server.ask("POST", path, &headers, body.as_bytes());
        assert_eq!(response.status, 400, "{path} {body}");
        assert_eq!(response.code(), "malformed");
        (format!("{path} {body}"), response.json()["detail"].clone())
    })
    .collect();
    expect_snapshot("malformed_details", json!(details));

    let latin1 = server.ask(
        "POST",
        "/v1/translate",
        &[("Content-Type", "application/json")],
        b"{\"text\": \"W\xe4hrung\"}",
    );
    assert_eq!((latin1.status, latin1.code().as_str()), (400, "malformed"));
}

#[test]
fn a_problem_has_all_its_members() {
    let server = Server::start();
    let response = server.post("/v1/articles", &json!({}));
    expect_snapshot("problem_malformed", response.json());
}

#[test]
fn unknown_paths_are_not_found() {
    let server = Server::start();
    for path in ["/v4/articles", "/v1/articles/", "/v1", "/healthz/x", "//"] {
        let response = server.get(path);
        assert_eq!(
            (response.status, response.code().as_str()),
            (404, "not_found")
        );
    }
    expect_snapshot("problem_not_found", server.get("/v1/pages").json());
    let long = server.get(&format!("/{}", "x".repeat(10_000)));
    assert_eq!(long.status, 404);
    assert!(long.body.len() < 500, "the path is not sent back whole");
}

#[test]
fn other_methods_are_told_which_are_allowed() {
    let server = Server::start();
    for route in ROUTES {
        let allowed: Vec<&str> = ROUTES
            .iter()
            .filter(|other| other.path == route.path)
            .map(|other| match other.verb {
                Verb::Get => "GET, HEAD",
                Verb::Post => "POST",
                Verb::Put => "PUT",
                Verb::Patch => "PATCH",
                Verb::Delete => "DELETE",
            })
            .collect();
        let allowed = allowed.join(", ");
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
            if allowed.split(", ").any(|allowed| allowed == method) {
                continue;
            }
            let response = server.ask(method, &route.path.replace("{id}", "0"), &[], b"");
            assert_eq!(response.status, 405, "{method} {}", route.path);
            if route.api == Api::Depesche {
                assert_eq!(response.code(), "method_not_allowed");
            }
            assert_eq!(response.header("allow"), Some(allowed.as_str()));
        }
    }
}

#[test]
fn only_plain_json_in_utf8_is_read() {
    let server = Server::start();
    let body = json!({ "text": REPORT }).to_string();
    for path in POSTS {
        for headers in [
            &[][..],
            &[("Content-Type", "text/plain")],
            &[("Content-Type", "application/x-www-form-urlencoded")],
            &[("Content-Type", "application/json; charset=iso-8859-1")],
            &[("Content-Type", "Der Umsatz")],
            &[
                ("Content-Type", "application/json"),
                ("Content-Encoding", "gzip"),
            ],
        ] {
            let response = server.ask("POST", path, headers, body.as_bytes());
            assert_eq!(response.status, 415, "{path} {headers:?}");
            assert_eq!(response.code(), "unsupported_media_type");
        }
    }
    for content_type in ["Application/JSON", "application/json;charset=UTF-8"] {
        let headers = [("Content-Type", content_type)];
        let response = server.ask("POST", "/v1/translate", &headers, body.as_bytes());
        assert_eq!(response.status, 200, "{content_type}");
    }
}

#[test]
fn texts_without_anything_to_translate_are_empty() {
    let server = Server::start();
    let bodies = [
        json!({ "text": "" }),
        json!({ "text": " \n\t\u{a0} " }),
        json!({ "html": "<p> </p><script>let x;</script>" }),
        json!({ "markdown": "```\nlet x;\n```" }),
    ];
    for body in bodies {
        for path in ["/v1/articles", "/v1/summarize"] {
            let response = server.post(path, &body);
            assert_eq!((response.status, response.code().as_str()), (422, "empty"));
        }
    }
    for text in [json!(""), json!([]), json!(["", " "])] {
        let response = server.post("/v1/translate", &json!({ "text": text }));
        assert_eq!((response.status, response.code().as_str()), (422, "empty"));
    }
}

#[test]
fn a_foreign_text_is_refused_with_its_language() {
    let server = Server::start();
    let body = json!({
        "text": "The government has announced that the new law will come into force in July.",
    });
    for path in POSTS {
        let response = server.post(path, &body);
        assert_eq!(response.status, 422, "{path}");
        expect_snapshot("problem_not_german", response.json());
    }
}

#[test]
fn faults_of_the_service_are_not_told_to_clients() {
    let server = Server::start();
    let response = server.post("/v1/articles", &json!({ "text": "Der FEHLER ist da." }));
    assert_eq!(response.status, 500);
    assert!(!response.text().contains("scripted failure"));
    expect_snapshot("problem_model", response.json());
}
