//! Health, readiness, metrics.

use std::sync::atomic::Ordering;
use std::sync::mpsc;

use depesche::config::ServeConfig;
use depesche::dispatch::ModelTag;
use depesche::engine::remote::RemoteOptions;
use depesche::engine::{Engine, EngineOptions};
use depesche::error::{Code, Error};
use depesche::pipeline::Pipeline;
use serde_json::json;

use super::{REPORT, Server};
use crate::provider::Provider;
use crate::scripted::Scripted;

fn pipeline(model: Scripted) -> depesche::Result<Pipeline> {
    let engine = Engine::start(Box::new(model), EngineOptions::default())?;
    let tag = ModelTag {
        name: "scripted".into(),
        adapter: None,
    };
    Ok(Pipeline::new(engine, tag).with_german_words())
}

#[test]
fn the_service_is_healthy_before_it_is_ready() {
    let model = Scripted::new(2);
    let gate = model.gate();
    gate.shut();
    let (load, wait) = mpsc::channel();
    let server = Server::loading(ServeConfig::for_testing(), move || {
        wait.recv().expect("told to go on");
        pipeline(model)
    });

    // Loading.
    assert_eq!(server.get("/healthz").json(), json!({ "status": "ok" }));
    server.refuses_work("not_ready");

    // Loaded, but the model has not answered yet.
    load.send(()).expect("the loader waits");
    let mut early = server.connect();
    early.post("/v1/translate", &json!({ "text": REPORT }));
    let refused = server.get("/readyz");
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (503, "not_ready")
    );

    gate.open();
    server.until("the service is ready", |server| {
        server.get("/readyz").status == 200
    });
    assert_eq!(server.get("/readyz").json(), json!({ "status": "ready" }));
}

#[test]
fn a_service_without_a_model_ends_with_the_reason() {
    let failures: [fn() -> depesche::Result<Pipeline>; 2] = [
        || Err(Error::Fetch("no network".into())),
        || panic!("a loader that panics"),
    ];
    let codes = failures.map(|load| {
        Server::loading(ServeConfig::for_testing(), load)
            .ended()
            .map_err(|error| error.code())
    });
    assert_eq!(codes, [Err(Code::Fetch), Err(Code::Internal)]);
}

#[test]
fn a_service_whose_model_cannot_answer_ends_with_the_reason() {
    let mut server = Server::loading(ServeConfig::for_testing(), || {
        pipeline(Scripted::new(2).failing())
    });
    assert_eq!(
        server.ended().map_err(|error| error.code()),
        Err(Code::Model)
    );
}

#[test]
fn a_service_whose_engine_dies_tells_those_who_wait_and_ends() {
    let mut server = Server::start();
    server.gate.shut();
    let mut waiting = server.connect();
    waiting.post("/v1/translate", &json!({ "text": "Der STURZ ist tief." }));
    server.until_open(1);
    server.gate.open();
    let response = waiting.response();
    assert_eq!(
        (response.status, response.code().as_str()),
        (500, "internal")
    );
    assert_eq!(
        server.ended().map_err(|error| error.code()),
        Err(Code::Model)
    );
}

#[test]
fn a_service_is_as_ready_as_the_server_that_translates() {
    let provider = Provider::start();
    provider.script.status.store(503, Ordering::SeqCst);
    let options = RemoteOptions::for_testing(&provider.url());
    let engine = Engine::connect(options, EngineOptions::default()).expect("the engine starts");
    let tag = ModelTag {
        name: "openai:big".into(),
        adapter: None,
    };
    let server = Server::loading(ServeConfig::for_testing(), move || {
        Ok(Pipeline::new(engine, tag).with_german_words())
    });
    server.until("the server is left alone", |server| {
        server.get("/readyz").code() == "engine_unavailable"
    });
    server.refuses_work("engine_unavailable");
    assert_eq!(server.get("/healthz").status, 200);
    provider.script.status.store(0, Ordering::SeqCst);
    server.until("the service is ready", |server| {
        server.get("/readyz").status == 200
    });
    let translated = server.post("/v1/translate", &json!({ "text": REPORT }));
    assert_eq!(translated.status, 200);
    assert_eq!(translated.json()["model"]["name"], "openai:big");
    let metrics = server.get("/metrics");
    for name in ["depesche_engine_requests_total", "depesche_engine_resting"] {
        assert!(metrics.text().contains(name), "{name} is missing");
    }
}

#[test]
fn metrics_count_requests_by_route_and_tell_of_the_engine() {
    let server = Server::start();
    let count = |line: &str| -> f64 {
        let response = server.get("/metrics");
        assert_eq!(
            response.header("content-type"),
            Some("text/plain; version=0.0.4; charset=utf-8")
        );
        response
            .text()
            .lines()
            .find_map(|other| other.strip_prefix(line)?.trim().parse().ok())
            .unwrap_or_default()
    };
    let created =
        r#"depesche_http_requests_total{method="POST",route="/v1/translate",status="200"}"#;
    let before = count(created);
    for _ in 0..2 {
        server.post("/v1/translate", &json!({ "text": REPORT }));
    }
    // Other tests count in the same process.
    assert!(count(created) >= before + 2.0);

    server.get("/wp-login.php?name=Geheim");
    let text = server.get("/metrics").text().to_owned();
    assert!(text.contains(r#"route="unmatched",status="404""#));
    assert!(!text.contains("wp-login") && !text.contains("Geheim"));
    for name in [
        "depesche_build_info",
        "depesche_http_request_duration_seconds_bucket",
        "depesche_http_requests_in_flight",
        "depesche_queue_segments",
        "depesche_active_segments",
        "depesche_batch_sequences",
        "depesche_tokens_total",
        "depesche_first_segment_seconds_bucket",
    ] {
        assert!(text.contains(name), "{name} is missing:\n{text}");
    }
    for line in text.lines().filter(|line| line.starts_with("# TYPE ")) {
        let name = line.split(' ').nth(2).expect("a name");
        assert!(
            text.contains(&format!("# HELP {name} ")),
            "{name} is not described"
        );
    }
}

#[test]
fn dashboard_and_alerts_name_metrics_that_there_are() {
    let known = include_str!("../../../src/telemetry.rs");
    let mut checked = 0;
    for file in [
        include_str!("../../../ops/grafana.json"),
        include_str!("../../../ops/alerts.yml"),
    ] {
        let names = file
            .split(|c: char| !c.is_ascii_lowercase() && c != '_')
            .filter(|name| name.starts_with("depesche_"));
        for name in names {
            let bare = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|part| name.strip_suffix(part))
                .unwrap_or(name);
            assert!(
                known.contains(&format!("\"{bare}\"")),
                "{name} is not described"
            );
            checked += 1;
        }
    }
    assert!(checked > 20, "only {checked} names were found");
}
