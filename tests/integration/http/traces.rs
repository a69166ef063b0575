//! Traces, as a collector hears of them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::json;

use super::REPORT;
use super::process::Process;
use crate::client::Connection;

/// A collector on a port of its own, which hands over path and body of whatever
/// it is sent.
fn collector() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let (sender, received) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let mut head = Vec::new();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).expect("a head");
                match line.trim_end() {
                    "" => break,
                    line => head.push(line.to_ascii_lowercase()),
                }
            }
            let length = head
                .iter()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().expect("a number"));
            let mut body = vec![0; length];
            stream.read_exact(&mut body).expect("a body");
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            stream.get_mut().write_all(answer).expect("it listens");
            sender.send((head[0].clone(), body)).ok();
        }
    });
    (format!("http://{address}"), received)
}

#[test]
fn a_collector_hears_of_every_stage_and_of_no_text() {
    let (address, received) = collector();
    let process = Process::start(&["--otlp-endpoint", &address]);
    let word = "Donaudampfschifffahrt";
    let text = format!("{REPORT} Das gilt für die {word} auch.");
    let body = json!({ "text": text }).to_string();
    let trace = [0xab; 16];
    let headers = [
        ("Content-Type", "application/json"),
        (
            "traceparent",
            "00-abababababababababababababababab-cdcdcdcdcdcdcdcd-01",
        ),
    ];
    let mut connection = Connection::open(process.address);
    connection.send("POST", "/v1/articles", &headers, body.as_bytes());
    assert_eq!(connection.response().status, 200);
    process.signal("TERM");
    let (status, log) = process.ended();
    assert_eq!(status.code(), Some(0), "{log}");

    let (mut all, mut requests) = (Vec::new(), 0);
    while let Ok((request, body)) = received.recv_timeout(Duration::from_millis(500)) {
        assert_eq!(request, "post /v1/traces http/1.1");
        all.extend(body);
        requests += 1;
    }
    assert!(requests > 0, "the collector heard nothing: {log}");
    // Strings stand in protobuf as they are.
    let count = |bytes: &[u8]| all.windows(bytes.len()).filter(|&at| at == bytes).count();
    for name in [
        "depesche",
        "POST /v1/articles",
        "http.response.status_code",
        "read",
        "translate",
        "check",
        "summarise",
    ] {
        assert!(count(name.as_bytes()) > 0, "{name}");
    }
    // The request and its four stages belong to the client's trace; the first
    // names the client's span as its parent.
    assert_eq!(count(&trace), 5);
    assert_eq!(count(&[0xcd; 8]), 1);
    assert_eq!(count(word.as_bytes()), 0);
}

#[test]
fn a_collector_that_is_not_there_harms_nobody() {
    let nowhere = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = nowhere.local_addr().expect("it is bound");
    drop(nowhere);
    let process = Process::start(&["--otlp-endpoint", &format!("http://{address}")]);
    let mut connection = Connection::open(process.address);
    connection.post("/v1/translate", &json!({ "text": "Der Satz." }));
    assert_eq!(connection.response().status, 200);
    process.signal("TERM");
    let (status, log) = process.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("traces could not be sent"), "{log}");
}
