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
