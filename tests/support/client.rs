//! An HTTP client of a few lines that lets tests send what proper clients never
//! would: half a body, a wrong length, a connection closed in the middle.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Longer than any answer in a test takes; a server that hangs fails the test.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that stays open from request to request.
pub struct Connection {
    stream: BufReader<TcpStream>,
}

/// A whole response.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A server-sent event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub name: String,
    pub data: Value,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a timeout can be set");
        stream
            .set_write_timeout(Some(PATIENCE))
            .expect("a timeout can be set");
        Connection {
            stream: BufReader::new(stream),
        }
    }

    /// Sends bytes as they are.
    pub fn write(&mut self, bytes: &[u8]) {
        self.stream
            .get_mut()
            .write_all(bytes)
            .expect("the server reads");
    }

    /// Sends the head of a request, and no body.
    pub fn head(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        self.write((head + "\r\n").as_bytes());
    }

    /// Sends a whole request.
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) {
        let length = body.len().to_string();
        let mut headers = headers.to_vec();
        if !body.is_empty() {
            headers.push(("Content-Length", &length));
        }
        self.head(method, path, &headers);
        self.write(body);
    }

    /// Sends a body of JSON.
    pub fn post(&mut self, path: &str, body: &Value) {
        let headers = [("Content-Type", "application/json")];
        self.send("POST", path, &headers, body.to_string().as_bytes());
    }

    /// The next response, which may have a body.
    pub fn response(&mut self) -> Response {
        let mut response = self.response_head();
        response.body = match response.header("content-length") {
            Some(length) => {
                let length = length.parse().expect("a length is a number");
                let mut body = vec![0; length];
                self.stream.read_exact(&mut body).expect("a whole body");
                body
            }
            None if matches!(response.status, 204 | 304) => Vec::new(),
            None => std::iter::from_fn(|| self.chunk()).flatten().collect(),
        };
        response
    }

    /// Status and headers of the next response.
    pub fn response_head(&mut self) -> Response {
        let status = self.line().expect("a status line");
        let status = status
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .unwrap_or_else(|| panic!("not a status line: {status:?}"));
        let headers = std::iter::from_fn(|| self.line().filter(|line| !line.is_empty()))
            .map(|line| {
                let (name, value) = line.split_once(": ").expect("a header");
                (name.to_ascii_lowercase(), value.to_owned())
            })
            .collect();
        Response {
            status,
            headers,
            body: Vec::new(),
        }
    }

    /// The next chunk of a chunked body; `None` after the last.
    pub fn chunk(&mut self) -> Option<Vec<u8>> {
        let size = self.line().expect("the size of a chunk");
        let size = usize::from_str_radix(&size, 16).expect("a size is a hexadecimal number");
        let mut chunk = vec![0; size + 2];
        self.stream.read_exact(&mut chunk).expect("a whole chunk");
        chunk.truncate(size);
        (size > 0).then_some(chunk)
    }

    /// Whether the server has closed the connection, once it has answered.
    pub fn is_closed(&mut self) -> bool {
        !matches!(self.stream.read(&mut [0]), Ok(read) if read > 0)
    }

    /// Leaves as a program does that was ended: both directions at once.
    pub fn leave(self) {
        self.stream
            .get_ref()
            .shutdown(Shutdown::Both)
            .expect("the connection was open");
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).expect("the server writes");
        (read > 0).then(|| line.trim_end().to_owned())
    }
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// The media type without its parameters.
    pub fn media_type(&self) -> &str {
        let value = self.header("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    /// The `code` of a problem.
    pub fn code(&self) -> String {
        assert_eq!(self.media_type(), "application/problem+json");
        self.json()["code"].as_str().expect("a code").to_owned()
    }

    /// The events of a stream, without its comments.
    pub fn events(&self) -> Vec<Event> {
        assert_eq!(self.media_type(), "text/event-stream");
        self.text()
            .split_terminator("\n\n")
            .filter(|frame| !frame.starts_with(':'))
            .map(|frame| {
                let (name, data) = frame.split_once('\n').expect("an event has two lines");
                let data = data.strip_prefix("data: ").expect("data");
                Event {
                    name: name.strip_prefix("event: ").expect("a name").to_owned(),
                    data: serde_json::from_str(data).expect("the data is one line of JSON"),
                }
            })
            .collect()
    }
}
