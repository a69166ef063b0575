use std::io::Write;
use std::net::{SocketAddr, TcpListener};

use super::*;
use crate::web::Reach;
use crate::web::canned::{answer, server};

fn moved(to: &str) -> String {
    answer(&format!("302 Found\r\nlocation: {to}"), "")
}

/// Public places alone, and one of this machine.
fn but(address: SocketAddr) -> Bounds {
    Bounds {
        ports: vec![80, 443],
        also: vec![address],
        ..Bounds::of(Reach::Public)
    }
}

const LIMITS: Limits = Limits {
    timeout: Duration::from_secs(5),
    bytes: 1000,
};

fn fetched(address: SocketAddr, path: &str) -> Result<Answer, Fault> {
    get(
        &format!("http://{address}{path}"),
        &[("accept", "x")],
        &but(address),
        LIMITS,
    )
}

#[test]
fn redirections_are_followed_relative_ones_too() {
    let (address, server) = server(vec![
        moved("/second?a=b"),
        moved("third"),
        answer("200 OK\r\ncontent-type: text/html; charset=utf-8", "ja"),
    ]);
    let answer = fetched(address, "/first/page").unwrap();
    assert_eq!(answer.bytes, b"ja");
    assert_eq!(answer.url.path(), "/third");
    assert_eq!(answer.content_type, "text/html; charset=utf-8");
    let asked = server.join().unwrap();
    assert!(asked[1].starts_with("get /second?a=b http/1.1"));
    for head in asked {
        assert!(head.contains("accept: x\r\n"));
        assert!(!head.contains("cookie") && !head.contains("authorization"));
    }
}

#[test]
fn a_redirection_leads_nowhere_that_could_not_be_asked_at_once() {
    let inside = TcpListener::bind("127.0.0.1:0").unwrap();
    inside.set_nonblocking(true).unwrap();
    let secret = inside.local_addr().unwrap();
    for to in [
        format!("http://{secret}/secret"),
        format!("//{secret}/"),
        format!("http://localhost:{}/", secret.port()),
        format!("http://[::ffff:127.0.0.1]:{}/", secret.port()),
        format!("http://user@{secret}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://2130706433/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "ftp://example.org/".to_owned(),
    ] {
        let (address, server) = server(vec![moved(&to)]);
        let refused = fetched(address, "/");
        assert!(
            matches!(refused, Err(Fault::Refused(_))),
            "{to}: {refused:?}"
        );
        server.join().unwrap();
    }
    assert!(inside.accept().is_err(), "nobody came");
}

#[test]
fn a_name_that_leads_inside_is_not_connected_to() {
    let inside = TcpListener::bind("127.0.0.1:0").unwrap();
    inside.set_nonblocking(true).unwrap();
    let port = inside.local_addr().unwrap().port();
    let bounds = Bounds::of(Reach::Public);
    for name in ["localhost", "LOCALHOST", "localhost."] {
        let url = format!("http://{name}:{port}/");
        let refused = get(&url, &[], &bounds, LIMITS);
        // Whether the last one is a name is up to the system.
        assert!(
            matches!(&refused, Err(Fault::Refused(_) | Fault::Failed(_))),
            "{name}: {refused:?}"
        );
    }
    assert!(inside.accept().is_err(), "nobody came");
}

#[test]
fn loops_and_detours_end() {
    let (address, server) = server(vec![moved("/"); 6]);
    let told = fetched(address, "/").unwrap_err();
    assert!(
        matches!(&told, Fault::Failed(why) if why.contains("redirected")),
        "{told:?}"
    );
    assert_eq!(server.join().unwrap().len(), 6);

    let (address, server) = crate::web::canned::server(vec![answer("302 Found", "")]);
    assert!(matches!(fetched(address, "/"), Err(Fault::Failed(_))));
    server.join().unwrap();
}

#[test]
fn time_and_size_are_limited() {
    let (address, server) = server(vec![answer("200 OK", &"x".repeat(1001))]);
    assert_eq!(fetched(address, "/"), Err(Fault::TooLarge(1001)));
    server.join().unwrap();

    // A server that says a little again and again is no quicker.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let dripping = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut said = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while said.is_ok() {
            std::thread::sleep(Duration::from_millis(20));
            said = stream.write_all(b"x");
        }
    });
    let limits = Limits {
        timeout: Duration::from_millis(300),
        ..LIMITS
    };
    let begun = Instant::now();
    let told = get(&format!("http://{address}/"), &[], &but(address), limits);
    assert!(matches!(told, Err(Fault::Failed(_))), "{told:?}");
    assert!(begun.elapsed() < Duration::from_secs(3));
    dripping.join().unwrap();
}

#[test]
fn charsets_are_found_in_content_types() {
    assert_eq!(charset("text/xml; charset=utf-8").as_deref(), Some("utf-8"));
    assert_eq!(
        charset("text/xml; a=b; CHARSET = \"x\"").as_deref(),
        Some("x")
    );
    assert_eq!(charset("text/xml"), None);
}
