//! The routes that LibreTranslate's clients speak.

use std::sync::mpsc;

use depesche::config::ServeConfig;
use depesche::error::Error;
use serde_json::{Value, json};

use super::{REPORT, Server, expect_snapshot, numbered};
use crate::client::Response;
use crate::scripted::Scripted;

const TRANSLATE: &str = "/translate";
const FRENCH: &str = "La police a arrêté deux hommes à Paris.";

fn error(response: &Response) -> String {
    let body = response.json();
    body["error"].as_str().expect("an error").to_owned()
}

#[test]
fn a_string_gives_a_string_and_an_array_an_array() {
    let server = Server::start();
    let one = json!({
        "q": "Guten Morgen, Deutschland.",
        "source": "de",
        "target": "en",
        "format": "text",
        "alternatives": 3,
        "api_key": "",
    });
    let response = server.post(TRANSLATE, &one);
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(
        response.json(),
        json!({ "translatedText": "Good morning, Germany." })
    );
    let many = json!({
        "q": ["Guten Morgen, Deutschland.", ""],
        "source": "de",
        "target": "en",
    });
    assert_eq!(
        server.post(TRANSLATE, &many).json(),
        json!({ "translatedText": ["Good morning, Germany.", ""] })
    );
}

#[test]
fn the_language_is_told_when_it_was_left_open() {
    let server = Server::start();
    let one = json!({ "q": REPORT, "source": "auto", "target": "en" });
    expect_snapshot("libretranslate_auto", server.post(TRANSLATE, &one).json());
    let many = json!({ "q": [FRENCH, "Der Satz"], "source": "auto", "target": "en" });
    let response = server.post(TRANSLATE, &many).json();
    assert_eq!(response["translatedText"], json!([FRENCH, "The Satz"]));
    expect_snapshot("libretranslate_auto_array", response);
}

#[test]
fn forms_are_read_as_libretranslatepy_sends_them() {
    let server = Server::start();
    let form = "q=Guten+Morgen%2C+Deutschland.&source=de&target=en&api_key=x";
    let response = server.form("POST", TRANSLATE, form);
    assert_eq!(
        response.json(),
        json!({ "translatedText": "Good morning, Germany." })
    );
    let languages = server.form("GET", "/languages", "api_key=x").json();
    assert_eq!(
        languages,
        json!([
            { "code": "de", "name": "German", "targets": ["en"] },
            { "code": "en", "name": "English", "targets": [] },
        ])
    );
    assert_eq!(server.form("GET", "/languages", "").json(), languages);
    let detected = server.form(
        "POST",
        "/detect",
        "q=La+police+a+arr%C3%AAt%C3%A9+deux+hommes+%C3%A0+Paris.",
    );
    assert_eq!(detected.json()[0]["language"], "fr");
}

#[test]
fn tags_survive_in_html() {
    let server = Server::start();
    let body = json!({
        "q": "<p>Der <b>Satz</b> und das Wort.</p>",
        "source": "de",
        "target": "en",
        "format": "html",
    });
    assert_eq!(
        server.post(TRANSLATE, &body).json()["translatedText"],
        "<p>The <b>Satz</b> and das Wort.</p>"
    );
}

#[test]
fn languages_are_named_with_percent() {
    let server = Server::start();
    let detected = |q: &str| {
        let response = server.post("/detect", &json!({ "q": q }));
        assert_eq!(response.status, 200, "{q}");
        response.json()[0].clone()
    };
    assert_eq!(detected(FRENCH)["language"], "fr");
    let german = detected("Der Bundestag hat am Freitag ein neues Rentengesetz beschlossen.");
    assert_eq!(german["language"], "de");
    assert!(
        german["confidence"]
            .as_f64()
            .is_some_and(|percent| percent > 30.0)
    );
    // Nothing speaks for it, but it is what `auto` would take it for.
    assert_eq!(
        detected("Merkel"),
        json!({ "confidence": 0.0, "language": "de" })
    );
}

#[test]
fn settings_and_health_are_told() {
    let server = Server::start();
    expect_snapshot(
        "libretranslate_settings",
        server.get("/frontend/settings").json(),
    );
    assert_eq!(
        server.form("POST", "/frontend/settings", "").json(),
        server.get("/frontend/settings").json()
    );
    assert_eq!(server.get("/health").json(), json!({ "status": "ok" }));
}

#[test]
fn health_and_work_wait_for_the_model() {
    let (load, wait) = mpsc::channel();
    let mut server = Server::loading(ServeConfig::for_testing(), move || {
        wait.recv().expect("told to go on");
        Err(Error::Fetch("there is none".into()))
    });
    let body = json!({ "q": "Der Satz", "source": "de", "target": "en" });
    for refused in [server.get("/health"), server.post(TRANSLATE, &body)] {
        assert_eq!(refused.status, 503);
        assert_eq!(error(&refused), "the model is not ready yet");
        assert_eq!(refused.header("retry-after"), Some("5"));
    }
    load.send(()).expect("the loader waits");
    assert!(matches!(server.ended(), Err(Error::Fetch(_))));
}

#[test]
fn what_cannot_be_answered_is_told_as_an_error() {
    let server = Server::start();
    let errors: Vec<(String, u16, Value)> = [
        r#"{"source": "de", "target": "en"}"#,
        r#"{"q": "", "source": "de", "target": "en"}"#,
        r#"{"q": [], "source": "de", "target": "en"}"#,
        r#"{"q": 7, "source": "de", "target": "en"}"#,
        r#"{"q": "Der\u0000Satz", "source": "de", "target": "en"}"#,
        r#"{"q": "Der Satz", "target": "en"}"#,
        r#"{"q": "Der Satz", "source": "de"}"#,
        r#"{"q": "Der Satz", "source": "fr", "target": "en"}"#,
        r#"{"q": "Der Satz", "source": "de", "target": "fr"}"#,
        r#"{"q": "Der Satz", "source": "de", "target": "en", "format": "pdf"}"#,
        r#"{"q": "Der Sa"#,
    ]
    .into_iter()
    .map(|body| {
        let headers = [("Content-Type", "application/json")];
        let response = server.ask("POST", TRANSLATE, &headers, body.as_bytes());
        let error = response.json()["error"].clone();
        (body.to_owned(), response.status, error)
    })
    .collect();
    expect_snapshot("libretranslate_errors", json!(errors));

    assert_eq!(
        error(&server.post("/detect", &json!({}))),
        "Invalid request: missing q parameter"
    );
    let suggest = server.form("POST", "/suggest", "q=x");
    assert_eq!(suggest.status, 404);
    assert!(error(&suggest).contains("/suggest"));
    assert_eq!(server.form("POST", "/translate_file", "q=x").status, 415);
    let get = server.get(TRANSLATE);
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
}

#[test]
fn limits_are_those_of_our_own_routes() {
    let server = Server::with(Scripted::new(1), ServeConfig::for_testing(), 4);
    let body = |count: usize| json!({ "q": numbered("Der Satz.", count), "source": "auto", "target": "en" });
    assert_eq!(server.post(TRANSLATE, &body(9)).status, 413);
    server.gate.shut();
    let mut first = server.connect();
    first.post(TRANSLATE, &body(4));
    server.until_open(1);
    let refused = server.post(TRANSLATE, &body(2));
    assert_eq!(refused.status, 429);
    assert!(error(&refused).starts_with("the queue is full; try again in"));
    assert!(refused.header("retry-after").is_some());
    server.gate.open();
    assert_eq!(first.response().status, 200);
}
