//! The end of the service.

use std::time::{Duration, Instant};

use depesche::config::ServeConfig;
use serde_json::json;

use super::{REPORT, Server};
use crate::client::Connection;
use crate::scripted::Scripted;

/// A server that was told to stop while a request is at the model, which will
/// not go on; and the connection that the request came on.
fn stopped_at_work(grace: u64) -> (Server, Connection) {
    let config = ServeConfig {
        grace,
        ..ServeConfig::for_testing()
    };
    let server = Server::with(Scripted::new(2), config, 64);
    server.gate.shut();
    let mut connection = server.connect();
    connection.post("/v1/articles", &json!({ "text": REPORT }));
    server.until_open(1);
    server.stop();
    (server, connection)
}

#[test]
fn what_runs_is_finished_and_new_work_refused() {
    let mut server = Server::start();
    server.gate.shut();
    let mut whole = server.connect();
    whole.post("/v1/articles", &json!({ "text": REPORT }));
    let mut streamed = server.connect();
    streamed.post("/v1/articles?stream=true", &json!({ "text": REPORT }));
    server.until("both have been read", |server| server.inside() == 2);
    let mut idle = server.connect();
    idle.head("GET", "/healthz", &[]);
    assert_eq!(idle.response().status, 200);

    server.stop();
    server.until("the door is closed", |server| {
        server.get("/readyz").status == 503
    });
    for refused in server.refuses_work("shutting_down") {
        assert_eq!(refused.header("connection"), Some("close"));
    }
    assert_eq!(server.get("/healthz").status, 200);

    server.gate.open();
    let whole = whole.response();
    assert_eq!(whole.status, 200);
    assert!(whole.json()["translation"].is_object());
    let streamed = streamed.response();
    assert_eq!(
        streamed.events().last().map(|event| event.name.as_str()),
        Some("done")
    );
    let begun = Instant::now();
    assert!(server.ended().is_ok());
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "an idle connection holds up the end: {:?}",
        begun.elapsed()
    );
}

#[test]
fn nobody_waits_longer_than_the_grace_period() {
    let (mut server, mut connection) = stopped_at_work(0);
    assert!(server.ended().is_ok());
    assert!(connection.is_closed());
}

#[test]
fn a_second_signal_ends_the_waiting() {
    let (mut server, mut connection) = stopped_at_work(600);
    server.until("the door is closed", |server| {
        server.get("/readyz").status == 503
    });
    server.stop();
    assert!(server.ended().is_ok());
    assert!(connection.is_closed());
}

#[test]
fn a_service_that_still_loads_ends_at_once() {
    let (never, wait) = std::sync::mpsc::channel::<()>();
    let mut server = Server::loading(ServeConfig::for_testing(), move || {
        wait.recv().ok();
        Err(depesche::Error::Internal("nobody waits for this".into()))
    });
    assert_eq!(server.get("/healthz").status, 200);
    server.stop();
    assert!(server.ended().is_ok());
    drop(never);
}
