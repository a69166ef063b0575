//! The program itself, with a tiny model of random weights: its signals, its
//! exit codes, its log.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::json;

use super::REPORT;
use crate::client::{Connection, Response};

/// Longer than the tiny model takes to load and to answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parity/tiny.toml");

/// A running `depesche serve`.
pub(super) struct Process {
    child: Child,
    pub(super) address: SocketAddr,
    log: Option<JoinHandle<String>>,
}

fn depesche(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_depesche"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DEPESCHE_")) {
        command.env_remove(name);
    }
    command
        .args(arguments)
        .args(["--manifest", MANIFEST, "--threads", "1"])
        .env("DEPESCHE_DATABASE_URL", "off")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

impl Process {
    pub(super) fn start(arguments: &[&str]) -> Self {
        let mut process = Self::launch(arguments);
        process.until("ready", |process| process.get("/readyz").status == 200);
        process
    }

    /// A process that listens; its model may not be loaded yet.
    pub(super) fn launch(arguments: &[&str]) -> Self {
        let mut child = depesche(&["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .spawn()
            .expect("the program starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut line = String::new();
        let address = loop {
            line.clear();
            let read = stderr.read_line(&mut line).expect("stderr is text");
            assert!(read > 0, "the program ended without a word");
            if let Some((_, address)) = line.trim_end().split_once("listens on http://") {
                break address.parse().expect("an address");
            }
        };
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).expect("stderr is text");
            log
        });
        Process {
            child,
            address,
            log: Some(log),
        }
    }

    pub(super) fn get(&self, path: &str) -> Response {
        let mut connection = Connection::open(self.address);
        connection.head("GET", path, &[]);
        connection.response()
    }

    pub(super) fn until(&mut self, what: &str, come_true: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !come_true(self) {
            assert!(begun.elapsed() < PATIENCE, "not in time: {what}");
            let ended = self.child.try_wait().expect("it is our child");
            assert!(ended.is_none(), "the program ended: {ended:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub(super) fn signal(&self, name: &str) {
        // The shell's own `kill`: small images have no other.
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -s {name} {}", self.child.id())])
            .status()
            .expect("a shell is there");
        assert!(sent.success());
    }

    /// How the program ended, and what it logged.
    pub(super) fn ended(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().expect("it is our child");
        let log = self.log.take().expect("it is taken once");
        (status, log.join().expect("the log was read"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Only when a test failed before the end.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn sigterm_finishes_the_running_request_and_ends_with_code_0() {
    let mut process = Process::start(&[]);
    let mut running = Connection::open(process.address);
    let text = [REPORT; 20].join(" ");
    running.post("/v1/articles", &json!({ "text": text }));
    process.until("it works", |process| {
        let metrics = process.get("/metrics");
        metrics.text().lines().any(|line| {
            line.strip_prefix("depesche_active_segments ")
                .is_some_and(|active| active != "0")
        })
    });
    process.signal("TERM");
    process.until("it takes nothing new", |process| {
        process.get("/readyz").status == 503
    });
    let response = running.response();
    assert_eq!(response.status, 200);
    let segments = &response.json()["translation"]["segments"];
    assert_eq!(segments.as_array().map(Vec::len), Some(20));
    let (status, log) = process.ended();
    assert_eq!(status.code(), Some(0), "{log}");
}

#[test]
fn an_idle_service_ends_at_once_on_either_signal() {
    for signal in ["INT", "TERM"] {
        let process = Process::start(&[]);
        // Kept alive, and no reason to wait.
        let mut idle = Connection::open(process.address);
        idle.head("GET", "/healthz", &[]);
        assert_eq!(idle.response().status, 200);
        let begun = Instant::now();
        process.signal(signal);
        let (status, log) = process.ended();
        assert_eq!(status.code(), Some(0), "{signal}: {log}");
        assert!(begun.elapsed() < Duration::from_secs(4), "{signal}");
    }
}

#[test]
fn the_log_tells_of_requests_and_holds_no_text() {
    let process = Process::start(&["--log", "trace,actix_http=trace", "--log-format", "json"]);
    let word = "Donaudampfschifffahrt";
    let mut connection = Connection::open(process.address);
    connection.post(
        "/v1/articles",
        &json!({ "title": word, "text": format!("{REPORT} Das gilt für die {word} auch.") }),
    );
    assert_eq!(connection.response().status, 200);
    process.signal("TERM");
    let (_, log) = process.ended();
    assert!(!log.contains(word));
    let access: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .filter(|line: &serde_json::Value| line["target"] == "depesche::http::access")
        .collect();
    let article = access
        .iter()
        .find(|line| line["route"] == "/v1/articles")
        .expect("the request is logged");
    assert_eq!(article["status"], 200);
    assert!(article["span"]["id"].is_string(), "{article}");
}

#[test]
fn an_address_in_use_and_a_missing_model_are_failures_with_reasons() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let nowhere = "/nowhere/model.gguf";
    for (arguments, code, reason) in [
        (&["serve", "--listen", &address][..], 1, address.as_str()),
        (
            &["serve", "--listen", "127.0.0.1:0", "--model", nowhere],
            2,
            nowhere,
        ),
    ] {
        let output = depesche(arguments).output().expect("the program starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert!(stderr.contains(reason), "{stderr}");
    }
}

#[test]
fn health_asks_the_service_that_runs() {
    let process = Process::start(&[]);
    let address = process.address.to_string();
    let health = || {
        depesche(&["health", "--listen", &address])
            .status()
            .expect("the program starts")
            .code()
    };
    assert_eq!(health(), Some(0));
    process.signal("TERM");
    process.ended();
    assert_eq!(health(), Some(1));
}
