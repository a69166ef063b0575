//! Glossaries of the `/v1` routes.

use serde_json::{Value, json};

use super::{Server, expect_snapshot};

/// What the scripted model copies is replaced. It has words of its own for
/// `Guten` and `und`: their English comes in by the source.
fn glossary() -> Value {
    json!({
        "terms": { "Bundesrat": "Federal Council", "gut": "fine", "und": "plus" },
        "keep": ["Tagesschau"],
    })
}

fn statuses(terms: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    terms
        .as_array()
        .expect("an array")
        .iter()
        .map(|term| (text(&term["source"]["text"]), text(&term["status"])))
        .collect()
}

#[test]
fn terms_are_found_used_and_reported() {
    let server = Server::start();
    let body = json!({
        "title": "Guten Morgen, Deutschland.",
        "html": "<p>Die <b>Tagesschau</b> zitiert &amp; lobt des Bundesrates <i>Beschluss</i> und 12 Prozent.</p>",
        "options": { "summary_sentences": 1 },
        "glossary": glossary(),
    });
    let response = server.post("/v1/articles", &body);
    assert_eq!(response.status, 200, "{}", response.text());
    let dispatch = response.json();
    assert_eq!(dispatch["translation"]["title"], "Fine morning, Germany.");
    let text = dispatch["translation"]["text"].as_str().expect("a text");
    let found = |form: &str, status: &str| (form.to_owned(), status.to_owned());
    assert_eq!(
        statuses(&dispatch["terms"]),
        [
            found("Guten", "used"),
            found("Tagesschau", "used"),
            found("Bundesrates", "replaced"),
            found("und", "used"),
        ]
    );
    for term in dispatch["terms"].as_array().expect("an array") {
        let span = |side: &str| -> Vec<usize> {
            serde_json::from_value(term[side]["span"].clone()).expect("a span")
        };
        if term["part"] == "body" {
            let (source, target) = (span("source"), span("target"));
            let html = body["html"].as_str().expect("a text");
            assert_eq!(&html[source[0]..source[1]], term["source"]["text"]);
            assert_eq!(&text[target[0]..target[1]], term["target"]["text"]);
        }
    }
    expect_snapshot("terms_article", dispatch);
}

#[test]
fn missed_terms_are_told_of_and_fail_strict_requests() {
    let server = Server::start();
    // The model fails on the English of this one.
    let mut body = json!({
        "text": ["Der Satz und das Wort.", "Der Rest."],
        "glossary": { "terms": { "und": "FEHLER" } },
    });
    let response = server.post("/v1/translate", &body);
    assert_eq!(response.status, 200, "{}", response.text());
    let first = &response.json()["translations"][0];
    assert_eq!(first["text"], "The Satz and das Wort.");
    assert_eq!(first["terms"][0]["status"], "missed");
    assert!(first["terms"][0]["target"].is_null());
    assert_eq!(first["warnings"][0]["code"], "term_missed");
    assert_eq!(
        first["warnings"][0]["message"],
        "“und” of the source should be “FEHLER” in the translation, and is not"
    );
    assert!(response.json()["translations"][1]["terms"].is_null());
    for path in ["/v1/translate", "/v1/articles", "/v1/summarize"] {
        if path != "/v1/translate" {
            body["text"] = json!("Der Satz und das Wort.");
        }
        let strict = server.post(&format!("{path}?strict=true"), &body);
        assert_eq!(
            (strict.status, strict.code().as_str()),
            (422, "unresolved"),
            "{path}"
        );
    }
}

#[test]
fn a_text_that_is_only_a_kept_term_is_copied() {
    let server = Server::start();
    let body = json!({ "text": "Tagesschau", "glossary": { "keep": ["Tagesschau"] } });
    let translation = &server.post("/v1/translate", &body).json()["translations"][0];
    assert_eq!(translation["text"], "Tagesschau");
    assert_eq!(translation["segments"][0]["status"], "copied");
    assert_eq!(translation["warnings"], json!([]));
}

#[test]
fn glossaries_that_cannot_be_used_are_refused() {
    let server = Server::start();
    for (glossary, status) in [
        (json!({ "terms": { "!": "x" } }), 400),
        (json!({ "terms": { "Rat": "" }, "keep": ["x"] }), 200),
        (
            json!({ "terms": { "Rat": "council" }, "keep": ["Rat"] }),
            400,
        ),
        (json!({ "terms": { "Rat": 7 } }), 400),
        (json!({ "keeps": [] }), 400),
        (json!(null), 400),
        (json!([]), 400),
        (json!({}), 200),
    ] {
        let body = json!({ "text": "Der Satz.", "glossary": glossary });
        for path in ["/v1/translate", "/v1/articles"] {
            assert_eq!(server.post(path, &body).status, status, "{body}");
        }
    }
    let body = json!({ "text": "Der Satz.", "glossary_id": "7" });
    let unknown = server.post("/v1/translate", &body);
    assert_eq!(
        (unknown.status, unknown.code().as_str()),
        (404, "not_found")
    );
    let both = json!({ "text": "Der Satz.", "glossary_id": "7", "glossary": {} });
    assert_eq!(server.post("/v1/articles", &both).status, 400);
}
