//! API keys, rates, quotas and usage.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use depesche::config::{AccessConfig, ServeConfig};
use depesche::http::caller::Access;
use depesche::http::{Api, ROUTES, Verb};
use depesche::keys::{Allowance, Gate, Source};
use depesche::store::Clock;
use serde_json::json;

use super::jobs::Folder;
use super::{REPORT, Server, service};
use crate::client::Response;
use crate::scripted::Scripted;

const DESK: &str = "key-of-the-desk-1";
const WEB: &str = "key-of-the-web-12";
/// 30 November 2026, one hour before midnight in UTC.
const LATE: i64 = 1_796_079_600_000;

const JSON: (&str, &str) = ("Content-Type", "application/json");
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

fn gate(usual: Allowance, clock: Clock) -> Gate {
    let pairs = [format!("desk={DESK}"), format!("web={WEB}")];
    Gate::new(Source::open(None, &pairs).expect("keys"), usual, clock)
}

fn guarded() -> Server {
    let gate = gate(Allowance::default(), Clock::system());
    Server::gated(gate, ServeConfig::for_testing())
}

/// A server on which a key has so many characters in a month, and the hand of
/// its clock.
fn thrifty(characters: u64) -> (Server, Arc<AtomicI64>) {
    let hand = Arc::new(AtomicI64::new(LATE));
    let usual = Allowance {
        characters_per_month: Some(characters),
        ..Allowance::default()
    };
    let gate = gate(usual, Clock::by_hand(hand.clone()));
    (Server::gated(gate, ServeConfig::for_testing()), hand)
}

fn bearer(key: &str) -> String {
    format!("Bearer {key}")
}

impl Server {
    fn with_key(&self, key: &str, method: &str, path: &str, body: &str) -> Response {
        let shown = bearer(key);
        let headers = [("Authorization", shown.as_str()), JSON];
        self.ask(method, path, &headers, body.as_bytes())
    }
}

fn text(text: &str) -> String {
    json!({ "text": text }).to_string()
}

#[test]
fn without_a_key_only_open_routes_answer_and_each_interface_refuses_in_its_way() {
    let server = guarded();
    for route in ROUTES {
        let method = match route.verb {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        };
        let path = route.path.replace("{id}", "0").replace("{name}", "0.txt");
        for key in [None, Some("Bearer wrong"), Some("Basic a2V5")] {
            let headers: Vec<(&str, &str)> =
                key.map(|key| ("Authorization", key)).into_iter().collect();
            let response = server.ask(method, &path, &headers, b"");
            let place = format!("{method} {path} {key:?}");
            match (route.access, route.api) {
                (Access::Open | Access::Metrics, _) => {
                    assert!(![401, 403].contains(&response.status), "{place}");
                }
                (Access::Key, Api::Depesche) => {
                    assert_eq!(response.status, 401, "{place}");
                    assert_eq!(response.code(), "unauthorized");
                    let challenge = response.header("www-authenticate");
                    assert_eq!(challenge, Some("Bearer realm=\"depesche\""));
                }
                (Access::Key, Api::DeepL) => {
                    assert_eq!(response.status, 403, "{place}");
                    assert!(response.json()["message"].is_string());
                }
                (Access::Key, Api::LibreTranslate) => {
                    assert_eq!(response.status, 403, "{place}");
                    assert!(response.json()["error"].is_string());
                }
            }
        }
    }
}

#[test]
fn a_key_is_taken_however_it_is_shown() {
    let server = guarded();
    for scheme in ["Bearer", "DeepL-Auth-Key", "bearer"] {
        let shown = format!("{scheme} {DESK}");
        let headers = [("Authorization", shown.as_str()), JSON];
        let ours = server.ask("POST", "/v1/translate", &headers, text(REPORT).as_bytes());
        assert_eq!(ours.status, 200, "{scheme}");
        let deepl = json!({ "text": [REPORT], "target_lang": "EN" }).to_string();
        let deepl = server.ask("POST", "/v2/translate", &headers, deepl.as_bytes());
        assert_eq!(deepl.status, 200, "{scheme}");
        let libre = json!({ "q": REPORT, "source": "de", "target": "en" }).to_string();
        let libre = server.ask("POST", "/translate", &headers, libre.as_bytes());
        assert_eq!(libre.status, 200, "{scheme}");
    }
    let fields = format!("q=Der+Umsatz&source=de&target=en&api_key={WEB}");
    let libre = json!({ "q": REPORT, "source": "de", "target": "en", "api_key": WEB });
    let plain = json!({ "q": REPORT, "source": "de", "target": "en" }).to_string();
    let ask = |path: &str, header, body: &str| {
        let response = server.ask("POST", path, &[header], body.as_bytes());
        response.status
    };
    assert_eq!(ask("/translate", FORM, &fields), 200);
    assert_eq!(ask("/translate", JSON, &libre.to_string()), 200);
    assert_eq!(ask(&format!("/translate?{fields}"), FORM, ""), 200);
    assert_eq!(ask(&format!("/translate?api_key={WEB}"), JSON, &plain), 200);
    assert_eq!(
        ask("/detect", FORM, &format!("q=Der+Umsatz&api_key={WEB}")),
        200
    );
    let file = format!(
        "--x\r\nContent-Disposition: form-data; name=api_key\r\n\r\n{WEB}\r\n\
         --x\r\nContent-Disposition: form-data; name=source\r\n\r\nde\r\n\
         --x\r\nContent-Disposition: form-data; name=target\r\n\r\nen\r\n\
         --x\r\nContent-Disposition: form-data; name=file; filename=a.txt\r\n\r\n{REPORT}\r\n--x--"
    );
    let form = ("Content-Type", "multipart/form-data; boundary=x");
    assert_eq!(ask("/translate_file", form, &file), 200);
    for wrong in [
        ask("/translate", JSON, &plain),
        ask("/translate", FORM, &fields.replace(WEB, "x")),
        ask("/translate", JSON, "{\"api_key\": 7}"),
        ask(
            "/translate_file",
            form,
            &file.replace(WEB, DESK).replace("api_key", "key"),
        ),
        // A key in the address is LibreTranslate's way alone: addresses are logged.
        ask(&format!("/v2/translate?auth_key={WEB}"), JSON, "{}"),
    ] {
        assert_eq!(wrong, 403);
    }
    let large = format!("q={}", "x".repeat(100_000));
    assert_eq!(
        ask("/translate", FORM, &large),
        413,
        "it is read within limits"
    );
}

#[test]
fn metrics_are_guarded_if_that_is_wished_and_settings_tell_that_keys_are_needed() {
    let settings = guarded().get("/frontend/settings").json();
    assert_eq!(
        (&settings["keyRequired"], &settings["apiKeys"]),
        (&json!(true), &json!(true))
    );
    let config = ServeConfig {
        access: AccessConfig {
            guard_metrics: true,
            ..AccessConfig::for_testing()
        },
        ..ServeConfig::for_testing()
    };
    let server = Server::gated(gate(Allowance::default(), Clock::system()), config);
    assert_eq!(server.get("/metrics").status, 401);
    let metrics = server.with_key(DESK, "GET", "/metrics", "");
    assert!(
        metrics
            .text()
            .contains("depesche_key_requests_total{key=\"desk\"}")
    );
}

#[test]
fn too_many_requests_are_refused_in_the_way_of_each_interface() {
    let usual = Allowance {
        requests_per_minute: NonZeroU32::new(1),
        burst: NonZeroU32::new(2),
        ..Allowance::default()
    };
    let server = Server::gated(gate(usual, Clock::system()), ServeConfig::for_testing());
    for _ in 0..2 {
        assert_eq!(server.with_key(DESK, "GET", "/v1/models", "").status, 200);
    }
    for (path, member) in [
        ("/v1/models", "detail"),
        ("/v2/usage", "message"),
        ("/detect", "error"),
    ] {
        let method = if path == "/detect" { "POST" } else { "GET" };
        let refused = server.with_key(DESK, method, path, "");
        assert_eq!(refused.status, 429, "{path}");
        let told = &refused.json()[member];
        assert!(
            told.as_str().is_some_and(|told| told.contains("too many")),
            "{told}"
        );
        let wait: u64 = refused
            .header("retry-after")
            .and_then(|wait| wait.parse().ok())
            .expect("Retry-After in seconds");
        assert!((1..=60).contains(&wait));
    }
    assert_eq!(server.with_key(WEB, "GET", "/v1/models", "").status, 200);
    assert_eq!(
        server.get("/healthz").status,
        200,
        "health is never limited"
    );
    let metrics = server.get("/metrics");
    assert!(
        metrics
            .text()
            .contains("depesche_key_refusals_total{key=\"desk\",reason=\"rate\"}")
    );
}

#[test]
fn addresses_have_a_rate_where_there_are_no_keys() {
    let usual = Allowance {
        requests_per_minute: NonZeroU32::new(1),
        ..Allowance::default()
    };
    let gate = Gate::new(None, usual, Clock::system());
    let server = Server::gated(gate, ServeConfig::for_testing());
    assert_eq!(server.get("/v1/models").status, 200);
    assert_eq!(server.get("/v1/models").code(), "rate_limited");
    // Whatever a client claims, the address is that of the connection.
    let claimed = [
        ("X-Forwarded-For", "203.0.113.9"),
        ("Authorization", "Bearer x"),
    ];
    assert_eq!(server.ask("GET", "/v1/models", &claimed, b"").status, 429);
}

#[test]
fn a_quota_is_used_up_by_all_interfaces_and_renewed_with_the_month() {
    let (server, hand) = thrifty(40);
    let ten = text("Der Umsatz");
    assert_eq!(
        server.with_key(DESK, "POST", "/v1/translate", &ten).status,
        200
    );
    let article = json!({ "title": "Der Umsatz", "text": "Der Umsatz" }).to_string();
    assert_eq!(
        server
            .with_key(DESK, "POST", "/v1/articles", &article)
            .status,
        200
    );
    let usage = server.with_key(DESK, "GET", "/v2/usage", "").json();
    assert_eq!(
        usage,
        json!({ "character_count": 30, "character_limit": 40 })
    );

    // What fails or is refused costs nothing.
    let failing = server.with_key(DESK, "POST", "/v1/translate", &text("Der FEHLER"));
    assert_eq!(failing.status, 500);
    let eleven = text("Der Umsatz!");
    let refused = server.with_key(DESK, "POST", "/v1/translate", &eleven);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (429, "quota_exceeded")
    );
    assert_eq!(refused.header("retry-after"), Some("3600"));
    let deepl = json!({ "text": ["Der Umsatz!"], "target_lang": "EN" }).to_string();
    let deepl = server.with_key(DESK, "POST", "/v2/translate", &deepl);
    assert_eq!(deepl.status, 456);
    assert!(
        deepl.json()["message"]
            .as_str()
            .is_some_and(|told| told.contains("quota"))
    );
    let libre = json!({ "q": "Der Umsatz!", "source": "de", "target": "en" }).to_string();
    let libre = server.with_key(DESK, "POST", "/translate", &libre);
    assert_eq!(libre.status, 429);
    assert!(libre.json()["error"].is_string());

    let usage = server.with_key(DESK, "GET", "/v1/usage", "").json();
    assert_eq!(
        usage,
        json!({
            "key": "desk", "month": "2026-11", "characters": 30, "character_limit": 40,
            "requests": 8, "resets": "2026-12-01T00:00:00Z",
        })
    );
    let web = server.with_key(WEB, "GET", "/v1/usage", "").json();
    assert_eq!(
        (&web["characters"], &web["requests"]),
        (&json!(0), &json!(1))
    );
    let fits = server.with_key(DESK, "POST", "/v1/translate", &ten);
    assert_eq!(fits.status, 200, "what fits is still done");

    hand.fetch_add(3_600_000, Ordering::SeqCst);
    assert_eq!(
        server
            .with_key(DESK, "POST", "/v1/translate", &eleven)
            .status,
        200
    );
    let usage = server.with_key(DESK, "GET", "/v1/usage", "").json();
    assert_eq!(
        (&usage["month"], &usage["characters"]),
        (&json!("2026-12"), &json!(11))
    );
}

#[test]
fn requests_that_are_worked_on_hold_what_they_may_cost() {
    let (server, _) = thrifty(60);
    server.gate.shut();
    let mut first = server.connect();
    let body = json!({ "text": "Der Umsatz stieg um vier Prozent, das Ergebnis sank." });
    let shown = bearer(DESK);
    let headers = [
        ("Authorization", shown.as_str()),
        JSON,
        ("Accept", "text/event-stream"),
    ];
    first.send(
        "POST",
        "/v1/articles",
        &headers,
        body.to_string().as_bytes(),
    );
    server.until_open(1);
    let ten = text("Der Umsatz");
    let refused = server.with_key(DESK, "POST", "/v1/translate", &ten);
    assert_eq!(refused.code(), "quota_exceeded");
    // Whoever leaves gets everything back.
    first.leave();
    server.gate.open();
    server.until_open(0);
    server.until("the characters are free again", |server| {
        server.with_key(DESK, "POST", "/v1/translate", &ten).status == 200
    });
    let usage = server.with_key(DESK, "GET", "/v1/usage", "").json();
    assert_eq!(usage["characters"], 10);
}

#[test]
fn usage_outlives_the_service_and_jobs_belong_to_their_key() {
    let folder = Folder::new();
    let start = || {
        let service = service(ServeConfig::for_testing());
        let store = folder.store();
        let memory = depesche::memory::Memory::new(store.clone()).expect("the store is open");
        let service = service
            .keeping(store, memory)
            .expect("webhooks have a secret")
            .with_gate(gate(Allowance::default(), Clock::system()));
        let model = Scripted::new(4);
        let (witness, opener) = (model.witness(), model.gate());
        let server = Server::serving(service, move || super::pipeline(model, 64));
        server.ready(witness, opener)
    };
    let server = start();
    let job = json!({ "kind": "translate", "translate": { "text": "Der Umsatz" } }).to_string();
    let send = |key: &str| {
        let shown = bearer(key);
        let headers = [
            ("Authorization", shown.as_str()),
            JSON,
            ("Idempotency-Key", "same"),
        ];
        let response = server.ask("POST", "/v1/jobs", &headers, job.as_bytes());
        assert_eq!(response.status, 202);
        response.json()["id"].as_str().expect("an id").to_owned()
    };
    let id = send(DESK);
    assert_eq!(send(DESK), id, "sent again it is the same");
    let other = send(WEB);
    assert_ne!(other, id, "the same word of another client is another job");
    for (method, path) in [
        ("GET", format!("/v1/jobs/{id}")),
        ("DELETE", format!("/v1/jobs/{id}")),
        ("GET", format!("/v1/jobs/{id}/events")),
    ] {
        assert_eq!(
            server.with_key(WEB, method, &path, "").code(),
            "not_found",
            "{method} {path}"
        );
    }
    assert_eq!(
        server
            .with_key(DESK, "GET", &format!("/v1/jobs/{id}"), "")
            .status,
        200
    );
    let page = server.with_key(WEB, "GET", "/v1/jobs", "").json();
    let ids: Vec<_> = page["jobs"]
        .as_array()
        .expect("jobs")
        .iter()
        .map(|job| &job["id"])
        .collect();
    assert_eq!(ids, [&json!(other)]);

    let characters = |server: &Server| {
        server.with_key(DESK, "GET", "/v1/usage", "").json()["characters"].clone()
    };
    assert_eq!(
        characters(&server),
        10,
        "a job that is sent twice counts once"
    );
    drop(server);
    assert_eq!(characters(&start()), 10);
}

#[test]
fn keys_are_rotated_while_the_service_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("keys");
    let line = |secret: &str| format!("desk {}\n", depesche::keys::key::Digest::of(secret));
    std::fs::write(&file, line(DESK)).expect("written");
    let keys = Source::open(Some(&file), &[]).expect("keys");
    let gate = Gate::new(keys, Allowance::default(), Clock::system());
    let server = Server::gated(gate, ServeConfig::for_testing());
    let status = |key: &str| server.with_key(key, "GET", "/v1/models", "").status;
    assert_eq!((status(DESK), status(WEB)), (200, 401));
    std::fs::write(&file, line(WEB)).expect("written");
    server.until("the new key works", |_| status(WEB) == 200);
    assert_eq!(status(DESK), 401);
    std::fs::write(&file, "desk\n").expect("written");
    server.service.refresh_keys();
    assert_eq!((status(DESK), status(WEB)), (401, 200));
}
