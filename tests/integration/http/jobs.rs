//! Jobs over HTTP, with a store in a file.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use depesche::config::{JobConfig, ServeConfig};
use depesche::jobs::webhook::Reach;
use depesche::store::{Address, Clock, Store};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::feeds::RSS;
use super::{REPORT, Server, numbered, settle};
use crate::scripted::Scripted;

/// A folder with a store that several servers may open.
pub(super) struct Folder(TempDir);

impl Folder {
    pub(super) fn new() -> Self {
        Folder(tempfile::tempdir().expect("a folder for the test"))
    }

    pub(super) fn store(&self) -> Store {
        open(&self.0.path().join("depesche.db"))
    }

    pub(super) fn serve(&self, model: Scripted) -> Server {
        Server::keeping(model, ServeConfig::for_testing(), self.store())
    }
}

fn open(path: &Path) -> Store {
    Store::open(&Address::Sqlite(path.into()), Clock::system())
        .expect("the store opens")
        .expect("it is not off")
}

fn article(sentences: &[String]) -> Value {
    json!({ "kind": "article", "article": { "text": sentences.join(" ") } })
}

impl Server {
    fn accepted(&self, job: &Value) -> String {
        let response = self.post("/v1/jobs", job);
        assert_eq!(response.status, 202, "{}", response.text());
        let id = response.json()["id"].as_str().expect("an id").to_owned();
        let location = response.header("location").expect("it is somewhere");
        assert_eq!(location, format!("/v1/jobs/{id}"));
        id
    }

    fn job(&self, id: &str) -> Value {
        self.get(&format!("/v1/jobs/{id}")).json()
    }

    fn over(&self, id: &str) -> Value {
        let over = |job: &Value| job["finished"].is_number();
        self.until("the job is over", |server| over(&server.job(id)));
        self.job(id)
    }
}

#[test]
fn a_job_gives_what_the_route_of_its_kind_answers() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    let sentences = numbered(REPORT, 5);
    let id = server.accepted(&article(&sentences));
    let job = server.over(&id);
    assert_eq!(job["state"], "done");
    assert_eq!(job["segments"], json!({ "done": 5, "total": 5 }));
    let mut result = job["result"].clone();
    let mut direct = server
        .post("/v1/articles", &json!({ "text": sentences.join(" ") }))
        .json();
    settle(&mut result);
    settle(&mut direct);
    result["timings"]["tokens"] = json!("[tokens]");
    direct["timings"]["tokens"] = json!("[tokens]");
    assert_eq!(result, direct);

    let texts = json!({ "kind": "translate", "translate": { "text": [REPORT, "Ja."] } });
    let job = server.over(&server.accepted(&texts));
    let translations = job["result"]["translations"].as_array().expect("texts");
    assert_eq!(translations.len(), 2);
}

#[test]
fn a_feed_is_a_job_that_counts_its_items() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    let job = json!({ "kind": "feed", "feed": {
        "text": RSS, "options": { "figures_note": true, "max_items": 1.0 },
    } });
    let job = server.over(&server.accepted(&job));
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(job["segments"], json!({ "done": 2, "total": 2 }));
    let headers = [("Content-Type", "application/rss+xml")];
    let path = "/v1/feeds?figures_note=true&max_items=1&report=true";
    let direct = server.ask("POST", path, &headers, RSS.as_bytes()).json();
    let (mut job, mut direct) = (job["result"].clone(), direct);
    settle(&mut job);
    settle(&mut direct);
    assert_eq!(job, direct);
    assert!(
        job["feed"]
            .as_str()
            .is_some_and(|feed| feed.contains("The Umsatz"))
    );

    let none = server.post(
        "/v1/jobs",
        &json!({ "kind": "feed", "feed": { "text": "Kein Feed." } }),
    );
    assert_eq!((none.status, none.code().as_str()), (400, "malformed"));
}

#[test]
fn a_job_keeps_the_glossary_that_it_was_accepted_with() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    let glossary = json!({ "terms": { "Satz": "clause" } });
    let body = json!({ "text": "Der Satz", "glossary": glossary });
    let direct = server.post("/v1/translate", &body).json();
    let job = json!({ "kind": "translate", "translate": body });
    let job = server.over(&server.accepted(&job));
    let terms = &job["result"]["translations"][0]["terms"];
    assert_eq!(*terms, direct["translations"][0]["terms"]);
    assert_eq!(terms[0]["term"], "Satz", "{job}");

    let unknown = json!({ "text": "Der Satz", "glossary_id": "nobody" });
    let unknown = json!({ "kind": "translate", "translate": unknown });
    assert_eq!(server.post("/v1/jobs", &unknown).status, 404);
}

#[test]
fn sent_again_under_its_key_a_job_is_the_same() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    let send = |key: &str, sentences: &[String]| {
        let body = article(sentences).to_string();
        let headers = [
            ("Content-Type", "application/json"),
            ("Idempotency-Key", key),
        ];
        server.ask("POST", "/v1/jobs", &headers, body.as_bytes())
    };
    let sentences = numbered(REPORT, 2);
    let first = send("monday", &sentences).json();
    assert_eq!(send("monday", &sentences).json()["id"], first["id"]);
    assert_ne!(send("tuesday", &sentences).json()["id"], first["id"]);
    let other = send("monday", &sentences[..1]);
    assert_eq!((other.status, other.code().as_str()), (409, "conflict"));
    assert_eq!(send("", &sentences).status, 400);

    let page = server.get("/v1/jobs?limit=1").json();
    assert_eq!(page["jobs"].as_array().expect("jobs").len(), 1);
    let before = page["next"].as_str().expect("there is another");
    let page = server.get(&format!("/v1/jobs?before={before}")).json();
    assert_eq!(page["jobs"][0]["id"], first["id"]);
    assert_eq!(page["next"], Value::Null);
}

#[test]
fn a_cancelled_job_leaves_the_engine() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    server.gate.shut();
    let id = server.accepted(&article(&numbered(REPORT, 4)));
    server.until("it runs", |server| server.job(&id)["state"] == "running");
    let response = server.ask("DELETE", &format!("/v1/jobs/{id}"), &[], b"");
    assert_eq!(response.json()["state"], "cancelled");
    server.gate.open();
    server.until_open(0);
    assert_eq!(server.job(&id)["state"], "cancelled");
    let missing = server.ask("DELETE", "/v1/jobs/0", &[], b"");
    assert_eq!(
        (missing.status, missing.code().as_str()),
        (404, "not_found")
    );
}

#[test]
fn what_cannot_be_done_fails_with_its_code_and_is_not_tried_again() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    let english = "The government said on Friday that it would not raise any taxes this year.";
    let id = server.accepted(&article(&[english.into()]));
    let job = server.over(&id);
    assert_eq!(job["state"], "failed");
    assert_eq!(job["error"]["code"], "not_german");
    assert_eq!(job["attempts"], 1);
}

#[test]
fn requests_for_jobs_are_read_with_care() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    for wrong in [
        json!({ "kind": "article" }),
        json!({ "kind": "poem", "article": { "text": REPORT } }),
        json!({ "kind": "translate", "article": { "text": REPORT } }),
        json!({ "kind": "feed", "article": { "text": REPORT } }),
        json!({ "kind": "feed", "feed": { "text": RSS, "options": { "since": null } } }),
        json!({ "kind": "feed", "feed": { "text": RSS, "options": { "poem": true } } }),
        json!({ "kind": "article", "article": { "text": REPORT }, "webhook": "ftp://a/" }),
        json!({ "kind": "article", "article": { "text": REPORT, "html": "" } }),
    ] {
        let response = server.post("/v1/jobs", &wrong);
        assert_eq!(
            (response.status, response.code().as_str()),
            (400, "malformed"),
            "{wrong}"
        );
    }
    assert_eq!(server.get("/v1/jobs?limit=0").code(), "malformed");
    assert_eq!(server.get("/v1/jobs").json(), json!({ "jobs": [] }));
}

#[test]
fn without_a_store_there_are_neither_jobs_nor_a_memory() {
    let server = Server::start();
    let job = json!({ "kind": "article", "article": { "text": REPORT } });
    let refused = [
        server.post("/v1/jobs", &job),
        server.get("/v1/jobs"),
        server.get("/v1/jobs/0"),
        server.get("/v1/memory"),
        server.get("/v1/memory/stats"),
    ];
    for response in refused {
        assert_eq!(
            (response.status, response.code().as_str()),
            (501, "no_store")
        );
    }
}

#[test]
fn events_tell_of_progress_and_of_the_end() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(1).slow(Duration::from_millis(5)));
    let id = server.accepted(&article(&numbered(REPORT, 6)));
    let events = server.get(&format!("/v1/jobs/{id}/events")).events();
    let (last, before) = events.split_last().expect("there are events");
    assert_eq!(last.name, "end");
    assert_eq!(last.data["state"], "done");
    assert_eq!(last.data["segments"]["done"], 6);
    assert!(!before.is_empty());
    assert!(before.iter().all(|event| event.name == "progress"));
    assert_eq!(server.get("/v1/jobs/0/events").status, 404);
}

#[test]
fn the_next_process_goes_on_where_the_last_one_stopped() {
    let folder = Folder::new();
    // So many that the first process cannot be through with them.
    const COUNT: u64 = 40;
    let sentences = numbered(REPORT, COUNT as usize);
    let first = folder.serve(Scripted::new(1).slow(Duration::from_millis(10)));
    let id = first.accepted(&article(&sentences));
    let entries = |server: &Server| {
        let stats = server.get("/v1/memory/stats").json();
        stats["entries"].as_u64().expect("a number")
    };
    first.until("three are done", |server| entries(server) >= 3);
    drop(first);

    let store = folder.store();
    let second = Server::keeping(Scripted::new(4), ServeConfig::for_testing(), store);
    let before = entries(&second);
    assert!((3..COUNT).contains(&before), "{before}");
    let job = second.over(&id);
    assert_eq!(job["state"], "done");
    assert_eq!(job["segments"]["done"], COUNT);
    let stats = second.get("/v1/memory/stats").json();
    assert_eq!(stats["process"]["hits"], before);
    assert_eq!(stats["process"]["misses"], COUNT - before);
}

#[test]
fn a_job_whose_owner_died_is_taken_over() {
    let folder = Folder::new();
    let store = folder.store();
    let idle = ServeConfig {
        jobs: JobConfig {
            job_concurrency: 0,
            ..JobConfig::for_testing()
        },
        ..ServeConfig::for_testing()
    };
    let accepting = Server::keeping(Scripted::new(1), idle, store.clone());
    let id = accepting.accepted(&article(&numbered(REPORT, 2)));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let taken = runtime.block_on(store.claim("dead", 800)).expect("asked");
    assert!(taken.is_some());
    let working = folder.serve(Scripted::new(4));
    assert_eq!(working.job(&id)["state"], "running");
    let job = working.over(&id);
    assert_eq!(
        (&job["state"], &job["attempts"]),
        (&json!("done"), &json!(2))
    );
    assert_eq!(accepting.job(&id), job, "everybody sees the same");
}

#[test]
fn a_webhook_is_told_once_it_is_over_signed_and_without_text() {
    let folder = Folder::new();
    let server = folder.serve(Scripted::new(4));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let hook = format!(
        "http://{}/hook",
        listener.local_addr().expect("it is bound")
    );
    let mut job = article(&numbered(REPORT, 2));
    job["webhook"] = json!(hook);
    let id = server.accepted(&job);
    let (mut stream, _) = listener.accept().expect("somebody calls");
    let mut request = String::new();
    let mut buffer = [0; 4096];
    let body = loop {
        let read = stream.read(&mut buffer).expect("a request");
        request += std::str::from_utf8(&buffer[..read]).expect("it is text");
        let (head, body) = request.split_once("\r\n\r\n").unwrap_or_default();
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")
                .map(str::to_owned)
        });
        if length.is_some_and(|length| length.parse() == Ok(body.len())) {
            break body.to_owned();
        }
    };
    stream
        .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
        .expect("it listens");
    drop(stream);
    assert!(request.starts_with("POST /hook "), "{request}");
    assert!(
        request
            .to_ascii_lowercase()
            .contains("depesche-signature: t="),
        "{request}"
    );
    let told: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((&told["id"], &told["state"]), (&json!(id), &json!("done")));
    assert!(!body.contains("Umsatz"), "{body}");
    server.until("it is delivered", |server| {
        server.job(&id)["webhook"]["state"] == "delivered"
    });
}

#[test]
fn webhooks_stay_off_unless_they_are_switched_on() {
    let folder = Folder::new();
    let config = ServeConfig {
        jobs: JobConfig {
            webhooks: Reach::Off,
            ..JobConfig::for_testing()
        },
        ..ServeConfig::for_testing()
    };
    let server = Server::keeping(Scripted::new(4), config, folder.store());
    let mut job = article(&numbered(REPORT, 1));
    job["webhook"] = json!("https://example.org/");
    let refused = server.post("/v1/jobs", &job);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "malformed")
    );
}

#[test]
fn a_store_that_is_lost_is_told_and_articles_are_translated_all_the_same() {
    let folder = Folder::new();
    let store = folder.store();
    let server = Server::keeping(Scripted::new(4), ServeConfig::for_testing(), store.clone());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(store.close());
    let refused = server.post("/v1/jobs", &article(&numbered(REPORT, 1)));
    assert_eq!((refused.status, refused.code().as_str()), (503, "store"));
    assert!(refused.header("retry-after").is_some());
    let done = server.post("/v1/articles", &json!({ "text": REPORT }));
    assert_eq!(done.status, 200);
}

#[test]
fn connections_that_break_are_made_anew_and_no_job_is_lost() {
    let Ok(url) = std::env::var("DEPESCHE_TEST_POSTGRES") else {
        eprintln!("SKIPPED: DEPESCHE_TEST_POSTGRES names no PostgreSQL server");
        return;
    };
    let sql = |statement: &str| {
        let done = std::process::Command::new("psql")
            .args([&url, "-qAtc", statement])
            .status()
            .expect("psql is there");
        assert!(done.success(), "{statement}");
    };
    let name = format!("breaking_{}", std::process::id());
    sql(&format!("CREATE DATABASE {name}"));
    let (place, _) = url.rsplit_once('/').expect("a URL names a database");
    let store = Store::open(
        &Address::Postgres(format!("{place}/{name}")),
        Clock::system(),
    )
    .expect("the store opens")
    .expect("it is not off");
    let server = Server::keeping(Scripted::new(4), ServeConfig::for_testing(), store);
    server.gate.shut();
    let id = server.accepted(&article(&numbered(REPORT, 4)));
    server.until("it runs", |server| server.job(&id)["state"] == "running");
    for _ in 0..3 {
        sql(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ));
        std::thread::sleep(Duration::from_millis(100));
    }
    server.gate.open();
    let job = server.over(&id);
    assert_eq!(
        (&job["state"], &job["segments"]["done"]),
        (&json!("done"), &json!(4))
    );
}
