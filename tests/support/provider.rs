//! A server for tests that speaks OpenAI's interface and "translates" word by
//! word. Words in capitals make it misbehave.
//!
//! | word in the text | what happens |
//! |---|---|
//! | `LANGSAM` | it waits at the gate before it answers |
//! | `ABBRUCH` | the connection ends in the middle of the answer |
//! | `VERLOREN` | the same once, and then an answer |
//! | `ZUVIEL` | 429 |
//! | `KAPUTT` | 500 |
//! | `UNSINN` | an answer that is no JSON |
//! | `LEER` | an empty translation |
//! | `DEUTSCH` | the text itself |
//! | `PLAUDERN` | words around the translation |
//! | `UFERLOS` | the answer ends at its limit of length |
//! | `TROPFEN` | signs of life without end between two words |
//! | `KONTEXT` | texts of more than 60 bytes are too long |

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::scripted::Gate;

/// What tests see and set.
#[derive(Debug, Default)]
pub struct Script {
    /// Answers every request with this status; 0 for none.
    pub status: AtomicUsize,
    /// Answers with one object in place of a stream.
    pub whole: AtomicBool,
    /// Refuses to give more than one translation.
    pub single: AtomicBool,
    /// Requests now, and at most.
    pub running: AtomicUsize,
    pub widest: AtomicUsize,
    /// Clients that left while the server still wrote.
    pub deserted: AtomicUsize,
    /// Bodies of all requests with their authorization.
    pub requests: Mutex<Vec<(Value, Option<String>)>>,
    pub gate: Gate,
}

impl Script {
    /// Requests whose text holds these words.
    pub fn asked(&self, words: &str) -> Vec<Value> {
        let requests = self.requests.lock().expect("no test panicked in it");
        let bodies = requests.iter().map(|(body, _)| body.clone());
        bodies
            .filter(|body| text_of(body).contains(words))
            .collect()
    }
}

/// A running server; it ends with the process.
pub struct Provider {
    pub address: SocketAddr,
    pub script: Arc<Script>,
}

impl Provider {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let script = Arc::new(Script::default());
        let shared = script.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let script = shared.clone();
                std::thread::spawn(move || serve(stream, &script));
            }
        });
        Provider { address, script }
    }

    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}

fn text_of(body: &Value) -> String {
    let chat = body["messages"].as_array().and_then(|all| all.last());
    let text = chat.map_or(&body["prompt"], |message| &message["content"]);
    text.as_str().expect("a text").to_owned()
}

fn serve(stream: TcpStream, script: &Script) {
    let mut reader = BufReader::new(stream);
    while let Some((path, key, body)) = read(&mut reader) {
        assert!(path.starts_with("/v1/"), "{path}");
        let mut requests = script.requests.lock().expect("no test panicked in it");
        let text = text_of(&body);
        let is_first = !requests.iter().any(|(other, _)| text_of(other) == text);
        requests.push((body.clone(), key));
        drop(requests);
        let running = script.running.fetch_add(1, Ordering::SeqCst) + 1;
        script.widest.fetch_max(running, Ordering::SeqCst);
        let done = answer(reader.get_mut(), script, &body, &text, is_first);
        script.running.fetch_sub(1, Ordering::SeqCst);
        if done.is_none() {
            return;
        }
    }
}

/// Path, authorization and body of the next request.
fn read(reader: &mut BufReader<TcpStream>) -> Option<(String, Option<String>, Value)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let (mut length, mut key) = (0, None);
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let (name, value) = match line.trim_end().split_once(": ") {
            Some((name, value)) => (name.to_ascii_lowercase(), value),
            None => break,
        };
        match name.as_str() {
            "content-length" => length = value.parse().ok()?,
            "authorization" => key = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, key, serde_json::from_slice(&body).ok()?))
}

/// Answers; `None` when the connection is to be closed.
fn answer(
    stream: &mut TcpStream,
    script: &Script,
    body: &Value,
    text: &str,
    is_first: bool,
) -> Option<()> {
    let has = |word: &str| text.contains(word);
    if has("LANGSAM") {
        script.gate.pass();
    }
    let choices = body["n"].as_u64().unwrap_or(1);
    match script.status.load(Ordering::SeqCst) {
        0 if has("ZUVIEL") => return plain(stream, "429 Busy", "Retry-After: 0\r\n", "{}"),
        0 if has("KAPUTT") => return plain(stream, "500 Broken", "", "{}"),
        0 if has("UNSINN") => return plain(stream, "200 OK", "", "<html>"),
        0 if has("KONTEXT") && text.len() > 60 => {
            let error = r#"{"error":{"code":"context_length_exceeded"}}"#;
            return plain(stream, "400 Bad Request", "", error);
        }
        0 if choices > 1 && script.single.load(Ordering::SeqCst) => {
            return plain(stream, "400 Bad Request", "", "{}");
        }
        0 => {}
        status => return plain(stream, &format!("{status} Told"), "", "{}"),
    }
    let is_chat = body["messages"].is_array();
    let finish = if has("UFERLOS") { "length" } else { "stop" };
    let answers: Vec<String> = (0..choices)
        .map(|choice| match choice {
            0 if body["temperature"] == 0.0 => translation(text),
            _ => format!("{} ({choice})", translation(text)),
        })
        .collect();
    if script.whole.load(Ordering::SeqCst) {
        let choices: Vec<Value> = answers
            .iter()
            .enumerate()
            .map(|(index, text)| match is_chat {
                true => {
                    json!({"index": index, "message": {"content": text}, "finish_reason": finish})
                }
                false => json!({"index": index, "text": text, "finish_reason": finish}),
            })
            .collect();
        let whole = json!({ "choices": choices, "usage": { "completion_tokens": 42 } });
        return plain(stream, "200 OK", "", &whole.to_string());
    }
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        .ok()?;
    for (index, text) in answers.iter().enumerate() {
        for (place, word) in text.split_inclusive(' ').enumerate() {
            let breaks = has("ABBRUCH") || has("VERLOREN") && is_first;
            if breaks && place == 1 {
                return None;
            }
            let part = match is_chat {
                true => json!({"index": index, "delta": {"content": word}}),
                false => json!({"index": index, "text": word}),
            };
            event(stream, &json!({ "choices": [part] }).to_string())?;
            if has("TROPFEN") {
                // Word by word, until the client has had enough.
                for _ in 0..400 {
                    std::thread::sleep(Duration::from_millis(5));
                    if chunk(stream, ": a sign of life\n\n").is_none() {
                        script.deserted.fetch_add(1, Ordering::SeqCst);
                        return None;
                    }
                }
            }
        }
        let end = json!({"choices": [{"index": index, "delta": {}, "finish_reason": finish}]});
        event(stream, &end.to_string())?;
    }
    event(stream, "[DONE]")?;
    stream.write_all(b"0\r\n\r\n").ok()
}

fn event(stream: &mut TcpStream, data: &str) -> Option<()> {
    chunk(stream, &format!("data: {data}\n\n"))
}

fn chunk(stream: &mut TcpStream, text: &str) -> Option<()> {
    stream
        .write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes())
        .ok()
}

fn plain(stream: &mut TcpStream, status: &str, headers: &str, body: &str) -> Option<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes()).ok()
}

fn translation(text: &str) -> String {
    let text = text
        .trim_start_matches("German: ")
        .trim_end_matches("\nEnglish:");
    if text.contains("LEER") {
        return String::new();
    }
    if text.contains("DEUTSCH") {
        return text.to_owned();
    }
    let words = text.split(' ').map(|word| match word {
        "Der" | "Die" | "Das" => "The",
        "Prozent" | "Prozent." => "percent.",
        "stieg" => "rose",
        "um" => "by",
        "am" => "on",
        "Freitag" => "Friday",
        "4,5" => "4.5",
        word => word,
    });
    let english = words.collect::<Vec<_>>().join(" ");
    match text.contains("PLAUDERN") {
        true => format!("Sure! Here is the English translation:\n\n\"{english}\""),
        false => english,
    }
}
