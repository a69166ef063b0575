//! `POST /v1/summarize`.

use serde_json::json;

use super::{REPORT, Server, expect_snapshot};

#[test]
fn a_summary_comes_with_the_figures_of_its_sentences_alone() {
    let server = Server::start();
    let response = server.post(
        "/v1/summarize",
        &json!({
            "title": "Der Umsatz steigt um 4,5 Prozent",
            "text": format!("{REPORT}\n\nDie Zahl der Kunden wuchs um 12 Prozent und damit am stärksten."),
            "options": { "summary_sentences": 1 },
        }),
    );
    assert_eq!(response.status, 200, "{}", response.text());
    let body = response.json();
    let used = &body["summary"]["sentences"][0]["segments"];
    for figure in body["figures"].as_array().expect("figures") {
        assert!(
            used.as_array()
                .is_some_and(|used| used.contains(&figure["segment"])),
            "{figure:#}"
        );
    }
    expect_snapshot("summary", body);
}

const ENGLISH: &str = "The mayor of Bonn, Mr. Anders, resigned on Monday after 12 years in office. \
     He said that he was tired of the quarrels. The council of Bonn will elect a new mayor in June.";

#[test]
fn an_english_article_is_summarised_as_it_is() {
    let server = Server::start();
    let ask = |options: serde_json::Value| {
        let body = json!({ "title": "Mayor of Bonn resigns", "text": ENGLISH, "options": options });
        let response = server.post("/v1/summarize?language=en", &body);
        assert_eq!(response.status, 200, "{}", response.text());
        response.json()
    };
    let answer = ask(json!({ "summary_sentences": 1 }));
    assert_eq!(
        answer["summary"]["text"],
        "The mayor of Bonn, Mr. Anders, resigned on Monday after 12 years in office."
    );
    assert_eq!(answer["model"]["name"], "none");
    let headline = ask(json!({ "summary_form": "headline" }));
    assert_eq!(headline["summary"]["text"], "Mayor of Bonn resigns");
    let bullets = ask(json!({ "summary_form": "bullets", "summary_sentences": 2 }));
    let text = bullets["summary"]["text"].as_str().expect("a text");
    assert!(
        text.lines().all(|line| line.starts_with("- The ")),
        "{text}"
    );
}

#[test]
fn other_languages_are_malformed() {
    let server = Server::start();
    let response = server.post("/v1/summarize?language=fr", &json!({ "text": ENGLISH }));
    assert_eq!(response.status, 400, "{}", response.text());
}
