//! The translation memory over HTTP.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::jobs::Folder;
use super::{REPORT, Server, numbered};
use crate::scripted::Scripted;

fn settled(server: &Server, entries: usize) -> Value {
    server.until("it is written down", |server| {
        server.get("/v1/memory/stats").json()["entries"] == entries
    });
    server.get("/v1/memory/stats").json()
}

fn translated(server: &Server, text: &str) -> Value {
    let response = server.post("/v1/translate", &json!({ "text": text }));
    assert_eq!(response.status, 200, "{}", response.text());
    response.json()["translations"][0].clone()
}

#[test]
fn what_was_translated_once_is_not_translated_again() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    let text = numbered(REPORT, 3).join(" ");
    let first = translated(&server, &text);
    settled(&server, 3);
    let steps = server.witness.steps.load(Ordering::SeqCst);
    // Otherwise wrapped, it is the same sentence.
    let wrapped = text.replace("stieg im", "stieg\n im");
    let second = translated(&server, &wrapped);
    assert_eq!(
        second["segments"][2]["target"],
        first["segments"][2]["target"]
    );
    assert_eq!(
        second["figures"].as_array().map(Vec::len),
        first["figures"].as_array().map(Vec::len)
    );
    assert_eq!(server.witness.steps.load(Ordering::SeqCst), steps);
    // Other options are other work.
    let wide = json!({ "text": text, "options": { "beams": 2 } });
    assert_eq!(server.post("/v1/translate", &wide).status, 200);
    assert!(server.witness.steps.load(Ordering::SeqCst) > steps);
    drop(server);

    let server = folder.serve(Scripted::new(4));
    let steps = server.witness.steps.load(Ordering::SeqCst);
    assert_eq!(
        translated(&server, &text),
        first,
        "another process knows it"
    );
    assert_eq!(server.witness.steps.load(Ordering::SeqCst), steps);
}

#[test]
fn what_is_open_is_not_kept_and_what_was_repaired_is_told_again() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    let lost = "Der Vorstand entliess im Mai siebzehn Mitarbeiter.";
    assert_eq!(
        translated(&server, lost)["segments"][0]["status"],
        "unresolved"
    );
    let wrong = "Der Zug fuhr am Montag 1.240 Kilometer durch Deutschland.";
    let first = translated(&server, wrong);
    assert_eq!(first["segments"][0]["status"], "repaired");
    settled(&server, 1);
    assert_eq!(translated(&server, wrong), first);
    let stats = settled(&server, 1);
    assert_eq!(stats["process"]["hits"], 1);
}

#[test]
fn an_editors_english_is_used_from_then_on_and_checked() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    translated(&server, REPORT);
    settled(&server, 1);
    let found = server.get("/v1/memory?q=umsatz").json();
    let id = found["entries"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let path = format!("/v1/memory/{id}");
    let correct = |target: &str| {
        let headers = [("Content-Type", "application/json")];
        let body = json!({ "target": target }).to_string();
        server.ask("PUT", &path, &headers, body.as_bytes())
    };
    let english = "In 2023, revenue grew 4.5 percent to 1.2 billion euros.";
    let entry = correct(english).json();
    assert_eq!(
        (&entry["target"], &entry["edited"]),
        (&json!(english), &json!(true))
    );
    assert_eq!(server.get(&path).json(), entry);
    let segment = translated(&server, REPORT)["segments"][0].clone();
    assert_eq!(
        (&segment["target"], &segment["status"]),
        (&json!(english), &json!("ok"))
    );

    // A slip of an editor's is told like any other, and left as it is.
    let slip = "In 2023, revenue grew 5.4 percent to 1.2 billion euros.";
    correct(slip);
    let segment = translated(&server, REPORT)["segments"][0].clone();
    assert_eq!(
        (&segment["target"], &segment["status"]),
        (&json!(slip), &json!("unresolved"))
    );

    assert_eq!(correct("  ").code(), "empty");
    assert_eq!(server.get("/v1/memory/0").status, 404);
}

#[test]
fn tmx_leaves_and_comes_back_over_http() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    translated(&server, &numbered(REPORT, 2).join(" "));
    settled(&server, 2);
    let exported = server.get("/v1/memory/tmx");
    assert_eq!(exported.status, 200);

    let other = Folder::new();
    let other = other.serve(Scripted::new(4));
    let headers = [("Content-Type", "application/xml")];
    let imported = other.ask("POST", "/v1/memory/tmx", &headers, &exported.body);
    assert_eq!(imported.json(), json!({ "imported": 2 }));
    let entries = |server: &Server| {
        let mut entries = server.get("/v1/memory").json()["entries"].clone();
        for entry in entries.as_array_mut().expect("entries") {
            // TMX knows whole seconds only.
            for time in ["created", "updated"] {
                entry[time] = json!(entry[time].as_i64().expect("a time") / 1000);
            }
        }
        entries
    };
    assert_eq!(entries(&other), entries(&server));
    let wrong = other.ask("POST", "/v1/memory/tmx", &headers, b"<html/>");
    assert_eq!((wrong.status, wrong.code().as_str()), (400, "malformed"));
    let wrong = other.post("/v1/memory/tmx", &json!({}));
    assert_eq!(wrong.status, 415);
}
