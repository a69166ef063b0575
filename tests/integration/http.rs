//! The HTTP interface on a real socket, with a scripted model behind it.
//!
//! Every response that [`Server::ask`] gets is held against `api.yaml`.

mod articles;
mod cors;
mod deepl;
mod departure;
mod description;
mod documentation;
mod documents;
mod events;
mod feeds;
mod glossaries;
mod isolation;
mod jobs;
mod keys;
#[cfg(unix)]
mod killing;
mod libretranslate;
mod limits;
mod logs;
mod memory;
mod models;
mod operation;
mod page;
mod pages;
mod problems;
#[cfg(unix)]
mod process;
mod protocol;
mod shelf;
mod shutdown;
mod summarize;
mod terms;
mod traces;
mod translate;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use actix_web::web::Data;
use depesche::config::ServeConfig;
use depesche::dispatch::ModelTag;
use depesche::engine::{Engine, EngineOptions};
use depesche::error::Result;
use depesche::http::models::ModelList;
use depesche::http::{Service, server};
use depesche::memory::{Memory, Origin};
use depesche::model::manifest::Manifest;
use depesche::pipeline::Pipeline;
use depesche::store::Store;
use depesche::telemetry;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::client::{Connection, Response};
use crate::contract;
use crate::scripted::{Gate, Scripted, Witness};

/// A sentence with figures that the scripted model keeps.
const REPORT: &str = "Der Umsatz stieg im Jahr 2023 um 4,5 Prozent auf 1,2 Milliarden Euro.";

/// Texts that differ, since equal ones are translated once: the number comes
/// in as a name of its own before each sentence.
fn numbered(text: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| {
            let name: String = format!("{number:03}")
                .bytes()
                .map(|digit| char::from(b'a' + digit - b'0'))
                .collect();
            text.replace("Der ", &format!("Der {name} "))
                .replace("Die ", &format!("Die {name} "))
        })
        .collect()
}

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service without a pipeline.
fn service(config: ServeConfig) -> Service {
    let manifest = Manifest::open(None).expect("the built-in manifest");
    Service::new(
        config,
        ModelList::of(&manifest, "scripted"),
        telemetry::metrics().expect("no other recorder"),
    )
}

/// A pipeline around a scripted model, with room for `queue` segments.
fn pipeline(model: Scripted, queue: usize) -> Result<Pipeline> {
    let options = EngineOptions {
        queue,
        ..EngineOptions::default()
    };
    let tag = ModelTag {
        name: "scripted".into(),
        adapter: None,
    };
    Engine::start(Box::new(model), options)
        .map(|engine| Pipeline::new(engine, tag).with_german_words())
}

/// A running server; dropping it stops it.
struct Server {
    address: SocketAddr,
    service: Data<Service>,
    witness: Arc<Witness>,
    gate: Arc<Gate>,
    stop: mpsc::Sender<()>,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Server {
    /// A server whose model is ready.
    fn start() -> Self {
        Self::with(Scripted::new(4), ServeConfig::for_testing(), 64)
    }

    /// A server whose model is ready, with room for `queue` segments.
    fn with(model: Scripted, config: ServeConfig, queue: usize) -> Self {
        let (witness, gate) = (model.witness(), model.gate());
        let server = Self::loading(config, move || pipeline(model, queue));
        server.ready(witness, gate)
    }

    /// A server whose model is ready, with jobs and memory in a store.
    fn keeping(model: Scripted, config: ServeConfig, store: Store) -> Self {
        let (witness, gate) = (model.witness(), model.gate());
        let memory = Memory::new(store.clone()).expect("the store is open");
        let service = service(config)
            .keeping(store, memory.clone())
            .expect("webhooks have a secret");
        let origin = Origin {
            model: "scripted".into(),
            ..Origin::default()
        };
        let server = Self::serving(service, move || {
            pipeline(model, 64).map(|pipeline| pipeline.with_memory(memory, origin))
        });
        server.ready(witness, gate)
    }

    /// The server once its model is ready.
    fn ready(mut self, witness: Arc<Witness>, gate: Arc<Gate>) -> Self {
        (self.witness, self.gate) = (witness, gate);
        self.until("the model is ready", |server| {
            server.get("/readyz").status == 200
        });
        self
    }

    /// A server that gets its pipeline from `load`.
    fn loading(
        config: ServeConfig,
        load: impl FnOnce() -> Result<Pipeline> + Send + 'static,
    ) -> Self {
        Self::serving(service(config), load)
    }

    /// A server with a gate, whose model is ready.
    fn gated(gate: depesche::keys::Gate, config: ServeConfig) -> Self {
        let model = Scripted::new(4);
        let (witness, opener) = (model.witness(), model.gate());
        let server = Self::serving(service(config).with_gate(gate), move || pipeline(model, 64));
        server.ready(witness, opener)
    }

    fn serving(service: Service, load: impl FnOnce() -> Result<Pipeline> + Send + 'static) -> Self {
        logs::capture();
        let listener = TcpListener::bind(service.config().listen).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let service = Data::new(service);
        let (stop, told) = mpsc::channel(2);
        let thread = std::thread::spawn({
            let service = service.clone();
            move || {
                actix_web::rt::System::new().block_on(server::run(listener, service, load, told))
            }
        });
        Server {
            address,
            service,
            witness: Arc::default(),
            gate: Arc::default(),
            stop,
            thread: Some(thread),
        }
    }

    /// Readiness and each kind of work, refused with 503, `code` and a time to
    /// come back.
    fn refuses_work(&self, code: &str) -> [Response; 4] {
        let text = json!({ "text": REPORT });
        let responses = [
            self.get("/readyz"),
            self.post("/v1/articles", &text),
            self.post("/v1/translate", &text),
            self.post("/v1/summarize", &text),
        ];
        for refused in &responses {
            assert_eq!(refused.status, 503);
            assert_eq!(refused.code(), code);
            assert!(refused.header("retry-after").is_some());
        }
        responses
    }

    fn connect(&self) -> Connection {
        Connection::open(self.address)
    }

    /// One request on a connection of its own.
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let mut connection = self.connect();
        connection.send(method, path, headers, body);
        let response = connection.response();
        contract::expect_promised(method, path, &response);
        response
    }

    fn get(&self, path: &str) -> Response {
        self.ask("GET", path, &[], b"")
    }

    fn post(&self, path: &str, body: &Value) -> Response {
        let headers = [("Content-Type", "application/json")];
        self.ask("POST", path, &headers, body.to_string().as_bytes())
    }

    /// A body as a form, which may hold anything.
    fn form(&self, method: &str, path: &str, body: &str) -> Response {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        self.ask(method, path, &headers, body.as_bytes())
    }

    /// Tells the server to stop.
    fn stop(&self) {
        self.stop.try_send(()).expect("the server runs");
    }

    /// Requests that are worked on.
    fn inside(&self) -> usize {
        self.service.inside()
    }

    /// Waits for the server to end.
    fn ended(&mut self) -> Result<()> {
        let thread = self.thread.take().expect("it ends only once");
        thread.join().expect("the server does not panic")
    }

    /// Waits until something has come true.
    fn until(&self, what: &str, come_true: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !come_true(self) {
            assert!(begun.elapsed() < PATIENCE, "not in time: {what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until so many segments wait for the model.
    fn until_waiting(&self, segments: usize) {
        self.until(&format!("{segments} segments wait"), |server| {
            let (_pass, pipeline) = server.service.admit().expect("the door is open");
            pipeline.engine().stats().waiting == segments
        });
    }

    /// Waits until the model works on so many sequences.
    fn until_open(&self, sequences: usize) {
        self.until(&format!("{sequences} sequences are open"), |server| {
            server.witness.open.load(Ordering::SeqCst) == sequences
        });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.gate.open();
        if let Some(thread) = self.thread.take() {
            self.stop.try_send(()).ok();
            let ended = thread.join();
            if !std::thread::panicking() {
                assert!(matches!(ended, Ok(Ok(()))), "{ended:?}");
            }
        }
    }
}

/// Compares a body with its snapshot, but for times and ids, which differ from
/// run to run.
#[track_caller]
fn expect_snapshot(name: &str, mut body: Value) {
    settle(&mut body);
    insta::assert_json_snapshot!(name, body);
}

fn settle(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name.ends_with("_ms") && member.is_number() {
                    *member = json!("[ms]");
                } else if name == "request_id" {
                    *member = json!("[id]");
                } else {
                    settle(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(settle),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
