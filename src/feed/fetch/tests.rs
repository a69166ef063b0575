use std::net::TcpListener;

use super::*;
use crate::web::canned::{answer, server};

const FEED: &str = "<rss><channel/></rss>";

fn limits(allow_private: bool) -> Limits {
    Limits {
        timeout: Duration::from_secs(5),
        bytes: 1000,
        allow_private,
    }
}

fn detail(result: Result<Fetched>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn what_a_server_said_is_asked_again() {
    let (address, server) = server(vec![
        answer(
            "200 OK\r\netag: \"a\"\r\nlast-modified: Fri, 20 Nov 2026 08:30:00 GMT\r\n\
             content-type: text/xml; Charset=\"ISO-8859-1\"",
            FEED,
        ),
        answer("304 Not Modified", ""),
    ]);
    let url = format!("http://{address}/feed");
    let fetched = fetch(&url, &Validators::default(), limits(true)).unwrap();
    let Fetched::Feed {
        bytes,
        charset,
        validators,
    } = fetched
    else {
        panic!("{fetched:?}");
    };
    assert_eq!(bytes, FEED.as_bytes());
    assert_eq!(charset.as_deref(), Some("ISO-8859-1"));
    let again = fetch(&url, &validators, limits(true)).unwrap();
    assert_eq!(again, Fetched::NotModified);
    let asked = server.join().unwrap();
    assert!(!asked[0].contains("if-none-match"));
    assert!(asked[1].contains("if-none-match: \"a\""));
    assert!(asked[1].contains("if-modified-since: fri, 20 nov 2026 08:30:00 gmt"));
}

#[test]
fn failures_and_sizes_are_told() {
    let known = Validators::default();
    for (answer, told) in [
        (answer("404 Not Found", "x"), "status 404"),
        (answer("304 Not Modified", ""), "status 304"),
        (answer("200 OK", &"x".repeat(1001)), "limit is 1000"),
        (answer("200 OK\r\ncontent-length: 50", "x"), "breaks off"),
        (answer("200 OK\r\ncontent-encoding: zstd", "x"), "zstd"),
        ("nonsense".to_owned(), "could not be fetched"),
    ] {
        let (address, server) = server(vec![answer]);
        let told_us = detail(fetch(&format!("http://{address}/"), &known, limits(true)));
        assert!(told_us.contains(told), "{told_us}");
        server.join().unwrap();
    }
    let slow = TcpListener::bind("127.0.0.1:0").unwrap();
    let limits = Limits {
        timeout: Duration::from_millis(200),
        ..limits(true)
    };
    let url = format!("http://{}/", slow.local_addr().unwrap());
    assert!(matches!(
        fetch(&url, &known, limits),
        Err(Error::Download(_))
    ));
}

#[test]
fn only_http_and_only_public_addresses() {
    let known = Validators::default();
    for url in ["file:///etc/passwd", "ftp://example.org/", "gopher://x/"] {
        assert!(is_url(url));
        let refused = fetch(url, &known, limits(true));
        assert!(matches!(refused, Err(Error::Config(_))), "{url}");
    }
    for url in [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706433:1/",
        "http://[::ffff:127.0.0.1]:1/",
    ] {
        let told = detail(fetch(url, &known, limits(false)));
        assert!(told.contains("--allow-private"), "{url}: {told}");
    }
    assert!(!is_url("feed.xml") && !is_url("-") && !is_url("C:\\feed.xml"));
}
