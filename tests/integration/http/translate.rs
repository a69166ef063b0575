//! `POST /v1/translate`.

use serde_json::json;

use super::{REPORT, Server, expect_snapshot};

#[test]
fn one_text_gives_an_array_of_one() {
    let server = Server::start();
    let response = server.post("/v1/translate", &json!({ "text": REPORT }));
    assert_eq!(response.status, 200, "{}", response.text());
    expect_snapshot("translate_one", response.json());
}

#[test]
fn texts_keep_their_order_their_format_and_their_own_segment_ids() {
    let server = Server::start();
    let response = server.post(
        "/v1/translate",
        &json!({
            "text": ["# Der Umsatz", "", "Das *Ergebnis* stieg um 3 Prozent und mehr. Und der Gewinn?"],
            "format": "markdown",
        }),
    );
    assert_eq!(response.status, 200, "{}", response.text());
    expect_snapshot("translate_several", response.json());
}

#[test]
fn one_foreign_text_refuses_them_all() {
    let server = Server::start();
    let french = "Le gouvernement a annoncé que la nouvelle loi entrera en vigueur en juillet.";
    let response = server.post("/v1/translate", &json!({ "text": [REPORT, french] }));
    assert_eq!(response.status, 422);
    assert_eq!(response.code(), "not_german");
}
