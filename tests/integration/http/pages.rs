//! Whole pages: articles that are extracted, and pages that are fetched.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use depesche::config::{FetchConfig, ServeConfig};
use depesche::web::Reach;
use serde_json::{Value, json};

use super::Server;
use crate::scripted::Scripted;

const PAGE: &str = include_str!("../../data/pages/gaspreis.html");

/// A server of pages on this machine; it answers every request alike, as long as
/// the test runs.
fn site(answer: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let mut reader = BufReader::new(stream);
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                line.clear();
            }
            reader.get_mut().write_all(&answer).ok();
        }
    });
    address
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// A server that fetches from public addresses, and from some of this machine.
fn fetching(also: &[SocketAddr]) -> Server {
    let config = ServeConfig {
        fetch: FetchConfig {
            fetch_urls: Reach::Public,
            fetch_also: also.to_vec(),
            ..FetchConfig::for_testing()
        },
        ..ServeConfig::for_testing()
    };
    Server::with(Scripted::new(4), config, 64)
}

fn url(address: SocketAddr) -> Value {
    json!({ "url": format!("http://{address}/artikel") })
}

#[test]
fn of_a_page_only_the_article_is_translated() {
    let server = Server::start();
    let body = json!({ "html": PAGE, "extract": true });
    let response = server.post("/v1/articles", &body);
    assert_eq!(response.status, 200, "{}", response.text());
    let dispatch = response.json();
    let source = &dispatch["source"];
    assert_eq!(
        source["title"],
        "Stadtwerke senken den Gaspreis um 8,5 Prozent"
    );
    let text = source["text"].as_str().expect("the source");
    for segment in dispatch["translation"]["segments"]
        .as_array()
        .expect("segments")
    {
        let original = segment["source"].as_str().expect("a sentence");
        for foreign in [
            "Cookies",
            "Wetter",
            "Mehr zum Thema",
            "Solaranlage",
            "Strompreis",
            "Verlags",
        ] {
            assert!(!original.contains(foreign), "{original}");
        }
        let of = if segment["part"] == "title" {
            source["title"].as_str().expect("a title")
        } else {
            text
        };
        let span = &segment["source_span"];
        let at = |end: usize| span[end].as_u64().expect("a place") as usize;
        let original = original.split_whitespace().next().expect("a word");
        assert!(of[at(0)..at(1)].contains(original), "{segment}");
    }
    let title = json!({ "html": PAGE, "extract": true, "title": "Das Gas" });
    let dispatch = server.post("/v1/articles", &title).json();
    assert_eq!(dispatch["source"]["title"], "Das Gas");
    let summary = server.post("/v1/summarize", &body);
    assert_eq!(summary.status, 200);
    let whole = server
        .post("/v1/articles", &json!({ "html": "<p>Der Umsatz.</p>" }))
        .json();
    assert_eq!(
        whole["source"],
        Value::Null,
        "what was sent is not sent back"
    );
}

#[test]
fn pages_without_an_article_and_formats_without_a_page_are_refused() {
    let server = Server::start();
    let refused = server.post(
        "/v1/articles",
        &json!({ "html": "<p>Kurz.</p>", "extract": true }),
    );
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (422, "no_article")
    );
    for body in [
        json!({ "text": "Der Umsatz", "extract": true }),
        json!({ "markdown": "Der Umsatz", "extract": true }),
        json!({ "text": "Der Umsatz", "url": "http://example.org/" }),
        json!({ "extract": true }),
    ] {
        assert_eq!(
            server.post("/v1/articles", &body).code(),
            "malformed",
            "{body}"
        );
    }
}

#[test]
fn a_page_that_is_named_is_fetched_and_read_in_its_encoding() {
    let latin: Vec<u8> = PAGE
        .replace("charset=\"utf-8\"", "charset=\"iso-8859-1\"")
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'-'))
        .collect();
    let site = site(answer("200 OK\r\ncontent-type: text/html", &latin));
    let server = fetching(&[site]);
    for path in ["/v1/articles", "/v1/summarize"] {
        let response = server.post(path, &url(site));
        assert_eq!(response.status, 200, "{path} {}", response.text());
    }
    let source = server.post("/v1/articles", &url(site)).json()["source"].clone();
    let text = source["text"].as_str().expect("the source");
    assert!(text.contains("Jürgen Groß"), "{text}");
    assert!(!text.contains("Mehr zum Thema"));
    let mut whole = url(site);
    whole["extract"] = json!(false);
    let text = server.post("/v1/articles", &whole).json()["source"]["text"].clone();
    assert!(
        text.as_str()
            .is_some_and(|text| text.contains("Mehr zum Thema"))
    );
}

#[test]
fn plain_text_is_fetched_as_it_is_and_other_things_are_not() {
    let plain = site(answer(
        "200 OK\r\ncontent-type: text/plain; charset=utf-8",
        "Der Umsatz stieg.".as_bytes(),
    ));
    let image = site(answer("200 OK\r\ncontent-type: image/png", b"x"));
    let gone = site(answer("404 Not Found\r\ncontent-type: text/html", b"x"));
    let large = site(answer("200 OK\r\ncontent-type: text/html", &[b'x'; 70_000]));
    let server = fetching(&[plain, image, gone, large]);
    let dispatch = server.post("/v1/articles", &url(plain)).json();
    assert_eq!(dispatch["source"]["text"], "Der Umsatz stieg.");
    for (site, status, code) in [
        (image, 422, "url_refused"),
        (gone, 502, "download"),
        (large, 413, "too_large"),
    ] {
        let response = server.post("/v1/articles", &url(site));
        assert_eq!((response.status, response.code().as_str()), (status, code));
    }
}

#[test]
fn nothing_leads_inside() {
    let secret = TcpListener::bind("127.0.0.1:0").expect("a free port");
    secret.set_nonblocking(true).expect("it can be set");
    let inside = secret.local_addr().expect("it is bound");
    let moved = site(answer(
        &format!("302 Found\r\nlocation: http://{inside}/secret"),
        b"",
    ));
    let server = fetching(&[moved]);
    for named in [
        format!("http://{inside}/"),
        format!("http://localhost:{}/", inside.port()),
        format!("http://2130706433:{}/", inside.port()),
        format!("http://0x7f.0.0.1:{}/", inside.port()),
        format!("http://[::ffff:127.0.0.1]:{}/", inside.port()),
        format!("http://example.org@{inside}/"),
        format!("http://{moved}/"),
        "http://localhost/".to_owned(),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "Der Umsatz".to_owned(),
    ] {
        let response = server.post("/v1/articles", &json!({ "url": named }));
        assert_eq!(
            (response.status, response.code().as_str()),
            (422, "url_refused"),
            "{named}"
        );
        let detail = response.json()["detail"].to_string();
        assert!(!detail.contains(&inside.port().to_string()), "{detail}");
    }
    assert!(secret.accept().is_err(), "nobody came");
}

#[test]
fn by_default_nothing_is_fetched() {
    let site = site(answer("200 OK\r\ncontent-type: text/html", PAGE.as_bytes()));
    let server = Server::start();
    let response = server.post("/v1/articles", &url(site));
    assert_eq!(
        (response.status, response.code().as_str()),
        (422, "url_refused")
    );
}

#[test]
fn a_site_that_does_not_answer_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("it is bound");
    let config = ServeConfig {
        fetch: FetchConfig {
            fetch_urls: Reach::Any,
            fetch_ports: vec![address.port()],
            fetch_timeout: 0.3,
            ..FetchConfig::for_testing()
        },
        ..ServeConfig::for_testing()
    };
    let server = Server::with(Scripted::new(2), config, 64);
    let begun = std::time::Instant::now();
    let response = server.post("/v1/articles", &url(address));
    assert_eq!(
        (response.status, response.code().as_str()),
        (502, "download")
    );
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn only_so_many_pages_are_fetched_at_the_same_time() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("it is bound");
    let server = fetching(&[address]);
    let waiting: Vec<_> = (0..16)
        .map(|_| {
            let mut connection = server.connect();
            connection.post("/v1/articles", &url(address));
            // What has come in has a place; it is held until the time is over.
            silent.accept().map(|held| (connection, held))
        })
        .collect();
    assert!(waiting.iter().all(Result::is_ok));
    let refused = server.post("/v1/articles", &url(address));
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (429, "queue_full")
    );
    assert_eq!(
        server
            .post("/v1/articles", &json!({ "text": "Der Umsatz" }))
            .status,
        200
    );
    for (mut connection, _held) in waiting.into_iter().flatten() {
        assert_eq!(connection.response().status, 502);
    }
    let again = server.post("/v1/articles", &url(address));
    assert_eq!(again.status, 502, "there is a place again");
}
