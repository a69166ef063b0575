//! Stored glossaries, as DeepL's clients have them.

use serde_json::{Value, json};

use super::Server;
use crate::client::Response;

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn send(server: &Server, method: &str, path: &str, body: &Value) -> Response {
    server.ask(method, path, &[JSON], body.to_string().as_bytes())
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn create(server: &Server, entries: &str) -> Value {
    let body = json!({
        "name": "Politik", "source_lang": "DE", "target_lang": "EN",
        "entries": entries, "entries_format": "tsv",
    });
    let created = server.post("/v2/glossaries", &body);
    assert_eq!(created.status, 201, "{}", created.text());
    created.json()
}

#[test]
fn a_glossary_is_stored_used_and_forgotten() {
    let server = Server::start();
    let info = create(
        &server,
        "Bundesrat\tFederal Council\nTagesschau\tTagesschau",
    );
    assert_eq!(info["entry_count"], 2);
    assert_eq!(
        (&info["source_lang"], &info["target_lang"]),
        (&json!("de"), &json!("en"))
    );
    let id = text(&info["glossary_id"]);
    let path = format!("/v2/glossaries/{id}");
    assert_eq!(server.get(&path).json(), info);
    assert_eq!(
        server.get("/v2/glossaries").json(),
        json!({ "glossaries": [info] })
    );
    let entries = server.get(&format!("{path}/entries"));
    assert_eq!(entries.media_type(), "text/tab-separated-values");
    assert_eq!(
        entries.text(),
        "Bundesrat\tFederal Council\nTagesschau\tTagesschau"
    );

    for named in ["glossary_id", "glossary_ids"] {
        let body = json!({
            "text": ["Der Bundesrat und die Tagesschau"], "source_lang": "DE",
            "target_lang": "EN-US", named: id,
        });
        let response = server.post("/v2/translate", &body).json();
        let translated = &response["translations"][0]["text"];
        assert_eq!(translated, "The Federal Council and die Tagesschau");
    }
    let ours = json!({ "text": "Der Bundesrat", "glossary_id": id });
    let response = server.post("/v1/translate", &ours).json();
    assert_eq!(
        response["translations"][0]["terms"][0]["status"],
        "replaced"
    );

    assert_eq!(server.ask("DELETE", &path, &[], b"").status, 204);
    assert_eq!(server.ask("DELETE", &path, &[], b"").status, 404);
    assert_eq!(server.get(&path).status, 404);
    let body = json!({ "text": "Der Bundesrat", "target_lang": "EN", "glossary_id": id });
    assert_eq!(server.post("/v2/translate", &body).status, 404);
    assert_eq!(server.post("/v1/translate", &ours).status, 404);
}

#[test]
fn of_several_glossaries_the_first_counts() {
    let server = Server::start();
    let first = text(&create(&server, "Bundesrat\tFederal Council")["glossary_id"]);
    let second = text(&create(&server, "Bundesrat\tupper house\nSatz\tsentence")["glossary_id"]);
    let mut body = json!({
        "text": "Der Bundesrat und der Satz", "target_lang": "EN", "source_lang": "DE",
        "glossary_ids": [first, second],
    });
    let response = server.post("/v2/translate", &body).json();
    assert_eq!(
        response["translations"][0]["text"],
        "The Federal Council and der sentence"
    );
    body["glossary_ids"] = json!(vec![first; 6]);
    assert_eq!(server.post("/v2/translate", &body).status, 400);
}

#[test]
fn the_same_glossaries_are_changed_by_version_3() {
    let server = Server::start();
    let dictionary = |entries: &str, format: &str| json!({ "source_lang": "de", "target_lang": "en", "entries": entries, "entries_format": format });
    let body =
        json!({ "name": "Sport", "dictionaries": [dictionary("Pokal,cup\nTor,goal", "csv")] });
    let created = server.post("/v3/glossaries", &body);
    assert_eq!(created.status, 201, "{}", created.text());
    let created = created.json();
    assert_eq!(created["dictionaries"][0]["entry_count"], 2);
    let path = format!("/v3/glossaries/{}", text(&created["glossary_id"]));

    let patch =
        json!({ "name": "Neu", "dictionaries": [dictionary("Tor\tgate\nEcke\tcorner", "tsv")] });
    let patched = send(&server, "PATCH", &path, &patch).json();
    assert_eq!(patched["name"], "Neu");
    assert_eq!(patched["dictionaries"][0]["entry_count"], 3);
    let pair = "source_lang=de&target_lang=en";
    let entries = server.get(&format!("{path}/entries?{pair}")).json();
    let expected = "Pokal\tcup\nTor\tgate\nEcke\tcorner";
    assert_eq!(entries["dictionaries"][0]["entries"], expected);
    assert_eq!(server.get(&path).json(), patched);
    assert_eq!(
        server.get("/v3/glossaries").json()["glossaries"],
        json!([patched])
    );

    let put = send(
        &server,
        "PUT",
        &format!("{path}/dictionaries"),
        &dictionary("Elf\televen", "tsv"),
    );
    assert_eq!((put.status, &put.json()["entry_count"]), (200, &json!(1)));
    let deleted = server.ask("DELETE", &format!("{path}/dictionaries?{pair}"), &[], b"");
    assert_eq!(deleted.status, 204);
    assert_eq!(server.get(&path).json()["dictionaries"], json!([]));
    assert_eq!(server.get(&format!("{path}/entries?{pair}")).status, 404);
    assert_eq!(
        server
            .get(&format!("{path}/entries?source_lang=fr&target_lang=en"))
            .status,
        400
    );
    assert_eq!(server.ask("DELETE", &path, &[], b"").status, 204);
}

#[test]
fn forms_have_numbered_dictionaries() {
    let server = Server::start();
    let form = "name=Sport&dictionaries%5B0%5D.source_lang=de&dictionaries%5B0%5D.target_lang=en\
                &dictionaries%5B0%5D.entries=Tor%09goal&dictionaries%5B0%5D.entries_format=tsv";
    let created = server.form("POST", "/v3/glossaries", form);
    assert_eq!(created.status, 201, "{}", created.text());
    assert_eq!(created.json()["dictionaries"][0]["entry_count"], 1);
}

#[test]
fn what_cannot_be_stored_is_refused() {
    let server = Server::start();
    let good = json!({
        "name": "x", "source_lang": "DE", "target_lang": "EN",
        "entries": "a\tb", "entries_format": "tsv",
    });
    for (field, value) in [
        ("name", json!("")),
        ("name", json!(null)),
        ("source_lang", json!("FR")),
        ("target_lang", json!("")),
        ("entries", json!("")),
        ("entries", json!("a\tb\na\tc")),
        ("entries", json!("!\tb")),
        ("entries_format", json!("xls")),
        ("entries_format", json!(null)),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let refused = server.post("/v2/glossaries", &body);
        assert_eq!(refused.status, 400, "{body}");
        assert!(refused.json()["message"].is_string());
    }
    assert_eq!(
        server.get("/v2/glossaries").json(),
        json!({ "glossaries": [] })
    );
    let pairs = server.get("/v2/glossary-language-pairs").json();
    assert_eq!(pairs["supported_languages"][0]["source_lang"], "de");
    let put = server.ask("PUT", "/v2/glossaries", &[], b"");
    assert_eq!(
        (put.status, put.header("allow")),
        (405, Some("GET, HEAD, POST"))
    );
}
