//! The routes that DeepL's clients speak.

use std::sync::atomic::Ordering;
use std::time::Duration;

use depesche::config::ServeConfig;
use serde_json::{Value, json};

use super::{REPORT, Server, expect_snapshot, numbered};
use crate::client::Response;
use crate::scripted::Scripted;

const TRANSLATE: &str = "/v2/translate";
const FRENCH: &str = "La police a arrêté deux hommes à Paris.";

/// The translated texts.
fn texts(response: &Response) -> Vec<String> {
    assert_eq!(response.status, 200, "{}", response.text());
    let body = response.json();
    let translations = body["translations"].as_array().expect("an array");
    translations
        .iter()
        .map(|translation| translation["text"].as_str().expect("a text").to_owned())
        .collect()
}

fn message(response: &Response) -> String {
    let body = response.json();
    body["message"].as_str().expect("a message").to_owned()
}

#[test]
fn texts_are_translated_as_the_python_client_asks() {
    let server = Server::start();
    let response = server.post(
        TRANSLATE,
        &json!({
            "target_lang": "EN-US",
            "text": [REPORT, "Guten Morgen, Deutschland."],
            "show_billed_characters": true,
            "split_sentences": "nonewlines",
            "preserve_formatting": true,
            "formality": "prefer_more",
            "ignore_tags": ["x"],
            "context": "Eine Bilanz.",
            "model_type": "quality_optimized",
            "what_comes_next_year": { "a": [1] },
        }),
    );
    assert_eq!(response.status, 200, "{}", response.text());
    expect_snapshot("deepl_translate", response.json());
}

#[test]
fn texts_are_translated_as_the_node_client_asks() {
    let server = Server::start();
    let form = "target_lang=EN-GB&show_billed_characters=1&text=Guten+Morgen%2C+Deutschland.\
                &text=Der%20Satz";
    let response = server.form("POST", TRANSLATE, form);
    assert_eq!(texts(&response), ["Good morning, Germany.", "The Satz"]);
    let one = server.form("POST", TRANSLATE, "text=Der+Satz&target_lang=en");
    assert_eq!(texts(&one), ["The Satz"]);
}

#[test]
fn one_string_in_json_gives_an_array_of_one() {
    let server = Server::start();
    for target in ["EN", "en", "EN-US", "en-gb", "En-Us"] {
        let body = json!({ "text": "Der Satz", "target_lang": target, "source_lang": "de" });
        assert_eq!(texts(&server.post(TRANSLATE, &body)), ["The Satz"]);
    }
}

#[test]
fn keys_are_accepted_in_any_form() {
    let server = Server::start();
    let body = json!({ "text": "Der Satz", "target_lang": "EN" }).to_string();
    for key in ["DeepL-Auth-Key 1234:fx", "Bearer x", "x", ""] {
        let headers = [("Content-Type", "application/json"), ("Authorization", key)];
        let response = server.ask("POST", TRANSLATE, &headers, body.as_bytes());
        assert_eq!(texts(&response), ["The Satz"], "{key}");
    }
}

#[test]
fn tags_survive_and_are_none_in_plain_text() {
    let server = Server::start();
    let text = "<p>Der <b>Satz</b> und das Wort.</p>";
    for handling in ["html", "xml"] {
        let body = json!({ "text": [text], "target_lang": "EN-US", "tag_handling": handling });
        let response = server.post(TRANSLATE, &body);
        assert_eq!(texts(&response), ["<p>The <b>Satz</b> and das Wort.</p>"]);
    }
    let plain = json!({ "text": "Der 3 < 5 &amp; Satz", "target_lang": "EN" });
    assert_eq!(
        texts(&server.post(TRANSLATE, &plain)),
        ["The 3 < 5 &amp; Satz"]
    );
}

#[test]
fn a_text_in_another_language_comes_back_unchanged_and_costs_nothing() {
    let server = Server::start();
    let body = json!({ "text": [FRENCH, "Der Satz", " "], "target_lang": "EN-US" });
    let response = server.post(TRANSLATE, &body);
    assert_eq!(texts(&response), [FRENCH, "The Satz", " "]);
    expect_snapshot("deepl_foreign", response.json());

    // The client's word counts.
    let trusted = json!({ "text": FRENCH, "target_lang": "EN-US", "source_lang": "DE" });
    let response = server.post(TRANSLATE, &trusted).json();
    let translation = &response["translations"][0];
    assert_eq!(translation["detected_source_language"], "DE");
    assert_eq!(translation["billed_characters"], FRENCH.chars().count());
}

#[test]
fn blank_texts_come_back_as_they_are() {
    let server = Server::start();
    for source in ["", "DE"] {
        let body = json!({ "text": ["", " \n"], "target_lang": "EN", "source_lang": source });
        let response = server.post(TRANSLATE, &body);
        assert_eq!(texts(&response), ["", " \n"]);
        assert_eq!(
            response.json()["translations"][1]["detected_source_language"],
            "DE"
        );
    }
}

#[test]
fn usage_counts_the_characters_that_were_translated() {
    let server = Server::start();
    let count = |method: &str| {
        let usage = server.ask(method, "/v2/usage", &[], b"").json();
        assert_eq!(usage["character_limit"], 1_000_000_000_000_u64);
        usage["character_count"].as_u64().expect("a count")
    };
    assert_eq!(count("GET"), 0);
    let body = json!({ "text": ["Der Süden", FRENCH, ""], "target_lang": "EN" });
    texts(&server.post(TRANSLATE, &body));
    assert_eq!(count("POST"), 9);
    let refused = json!({ "text": "Der Süden", "target_lang": "FR" });
    assert_eq!(server.post(TRANSLATE, &refused).status, 400);
    assert_eq!(count("GET"), 9);
}

#[test]
fn languages_are_told_however_the_side_is_named() {
    let server = Server::start();
    let source = json!([{ "language": "DE", "name": "German" }]);
    let path = "/v2/languages";
    assert_eq!(server.get(path).json(), source);
    assert_eq!(server.get("/v2/languages?type=source").json(), source);
    let target = server.get("/v2/languages?type=target").json();
    assert_eq!(
        target,
        json!([
            { "language": "EN-GB", "name": "English (British)", "supports_formality": false },
            { "language": "EN-US", "name": "English (American)", "supports_formality": false },
        ])
    );
    for method in ["GET", "POST"] {
        assert_eq!(server.form(method, path, "type=target").json(), target);
    }
    let json = json!({ "type": "target" });
    assert_eq!(server.post(path, &json).json(), target);
    let wrong = server.get("/v2/languages?type=both");
    assert_eq!(wrong.status, 400);
    assert_eq!(message(&wrong), "Value for 'type' not supported.");
}

#[test]
fn what_cannot_be_answered_is_told_in_a_message() {
    let server = Server::start();
    let messages: Vec<(String, u16, Value)> = [
        r#"{"text": ["Der Satz"]}"#,
        r#"{"target_lang": "EN"}"#,
        r#"{"text": [], "target_lang": "EN"}"#,
        r#"{"text": null, "target_lang": "EN"}"#,
        r#"{"text": ["Der Satz"], "target_lang": "FR"}"#,
        r#"{"text": ["Der Satz"], "target_lang": ""}"#,
        r#"{"text": ["Der Satz"], "target_lang": 7}"#,
        r#"{"text": ["Der Satz", 7], "target_lang": "EN"}"#,
        r#"{"text": ["Der\u0000Satz"], "target_lang": "EN"}"#,
        r#"{"text": ["Der Satz"], "target_lang": "EN", "source_lang": "FR"}"#,
        r#"{"text": ["Der Satz"], "target_lang": "EN", "tag_handling": "pdf"}"#,
        r#"{"text": ["Der Satz"], "target_lang": "EN", "glossary_id": "7"}"#,
        r#"{"text": ["Der Satz"], "target_lang": "EN", "glossary_ids": ["7"]}"#,
        r#"["Der Satz"]"#,
        r#"{"text": ["Der Sa"#,
        "",
    ]
    .into_iter()
    .map(|body| {
        let headers = [("Content-Type", "application/json")];
        let response = server.ask("POST", TRANSLATE, &headers, body.as_bytes());
        let message = response.json()["message"].clone();
        (body.to_owned(), response.status, message)
    })
    .collect();
    expect_snapshot("deepl_messages", json!(messages));

    for form in [
        "text=W%E4hrung&target_lang=EN",
        "text=Der+Satz&target_lang=EN&target_lang=EN",
        "text=Der+Satz",
    ] {
        assert_eq!(server.form("POST", TRANSLATE, form).status, 400, "{form}");
    }
}

#[test]
fn other_media_types_are_told_in_a_message() {
    let server = Server::start();
    let body = json!({ "text": "Der Satz", "target_lang": "EN" }).to_string();
    for headers in [
        &[][..],
        &[("Content-Type", "multipart/form-data; boundary=x")],
        &[("Content-Type", "application/json; charset=latin1")],
        &[
            ("Content-Type", "application/json"),
            ("Content-Encoding", "gzip"),
        ],
    ] {
        let response = server.ask("POST", TRANSLATE, headers, body.as_bytes());
        assert_eq!(response.status, 415, "{headers:?}");
        assert!(message(&response).contains("the body must"));
    }
}

#[test]
fn what_depesche_lacks_is_not_found_in_words() {
    let server = Server::start();
    for (method, path, word) in [
        ("GET", "/v2/glossaries/7", "glossary"),
        ("DELETE", "/v2/glossaries/7", "glossary"),
        ("GET", "/v3/style_rules", "glossaries"),
        ("POST", "/v2/write/rephrase", "has only translate"),
        ("POST", "/v2/translate/", "has only translate"),
    ] {
        let response = server.ask(method, path, &[], b"");
        assert_eq!(response.status, 404, "{path}");
        assert!(message(&response).contains(word), "{path}");
    }
    let put = server.ask("PUT", TRANSLATE, &[], b"");
    assert_eq!((put.status, put.header("allow")), (405, Some("POST")));
    assert_eq!(message(&put), "method PUT is not allowed here");
}

#[test]
fn limits_are_those_of_our_own_routes() {
    let config = ServeConfig {
        deadline: 0.25,
        ..ServeConfig::for_testing()
    };
    let server = Server::with(Scripted::new(1).slow(Duration::from_millis(20)), config, 4);
    let many = |text: &str, count: usize| {
        let body = json!({ "text": vec![text; count], "target_lang": "EN" });
        server.post(TRANSLATE, &body)
    };
    let too_many = many("Ja.", server.service.config().max_texts + 1);
    assert_eq!(too_many.status, 413);
    assert_eq!(
        message(&too_many),
        "the array of texts is too large: 9, and the limit is 8"
    );
    let too_long = many(&"x".repeat(server.service.config().max_body), 1);
    assert_eq!(too_long.status, 413);

    let late = many("Der Satz ist UFERLOS und lang.", 1);
    assert_eq!(late.status, 504);
    assert_eq!(message(&late), "the request's deadline of 0.25 s passed");

    let server = Server::start();
    let failed = server.post(
        TRANSLATE,
        &json!({ "text": ["Der FEHLER ist da."], "target_lang": "EN" }),
    );
    assert_eq!(failed.status, 500);
    assert!(!failed.text().contains("scripted failure"));
}

#[test]
fn a_full_queue_says_when_to_come_back() {
    let server = Server::with(Scripted::new(1), ServeConfig::for_testing(), 4);
    server.gate.shut();
    let body = |count: usize| json!({ "text": numbered("Der Satz.", count), "target_lang": "EN" });
    let mut first = server.connect();
    first.post(TRANSLATE, &body(4));
    server.until_open(1);
    let refused = server.post(TRANSLATE, &body(2));
    assert_eq!(refused.status, 429);
    assert!(message(&refused).starts_with("the queue is full; try again in"));
    assert!(refused.header("retry-after").is_some());
    server.gate.open();
    assert_eq!(texts(&first.response()).len(), 4);
}

#[test]
fn a_client_that_gives_up_and_sends_anew_finds_what_it_began() {
    let server = Server::start();
    server.gate.shut();
    let body = json!({ "text": REPORT, "target_lang": "EN" });
    let mut first = server.connect();
    first.post(TRANSLATE, &body);
    server.until_open(1);
    first.leave();
    let left = "method=\"POST\",route=\"/v2/translate\",status=\"499\"";
    server.until("the first has left", |server| {
        server.get("/metrics").text().contains(left)
    });
    assert_eq!(server.inside(), 1, "the work goes on");

    server.gate.open();
    server.until_open(0);
    let steps = server.witness.steps.load(Ordering::SeqCst);
    let again = server.post(TRANSLATE, &body);
    assert_eq!(texts(&again).len(), 1);
    assert_eq!(server.witness.steps.load(Ordering::SeqCst), steps);
}
