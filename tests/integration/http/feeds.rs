//! `POST /v1/feeds`.

use depesche::config::ServeConfig;
use serde_json::json;

use super::{Server, expect_snapshot};
use crate::client::Response;
use crate::scripted::Scripted;

pub(super) const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Blatt</title><language>de</language>
<item><guid>1</guid><title>Der Umsatz von 2023</title><enclosure url="a.mp3" length="1" type="audio/mpeg"/></item>
<item><guid>2</guid><description>&lt;p&gt;Das sind siebzehn Tage und 3 Wochen.&lt;/p&gt;</description></item>
</channel></rss>
"#;

fn send(server: &Server, query: &str, media_type: &str, body: &[u8]) -> Response {
    let path = format!("/v1/feeds{query}");
    server.ask("POST", &path, &[("Content-Type", media_type)], body)
}

#[test]
fn a_feed_comes_back_in_its_own_format() {
    let server = Server::start();
    let rss = send(&server, "", "application/rss+xml", RSS.as_bytes());
    assert_eq!(rss.status, 200, "{}", rss.text());
    assert_eq!(
        rss.header("content-type"),
        Some("application/rss+xml; charset=utf-8")
    );
    let wanted = RSS
        .replace("Der Umsatz", "The Umsatz")
        .replace("Das sind siebzehn Tage und 3", "The sind many Tage and 3")
        .replace(">de<", ">en<");
    assert_eq!(rss.text(), wanted);

    let json = json!({
        "version": "https://jsonfeed.org/version/1.1", "title": "Blatt",
        "items": [{ "id": "1", "title": "Der Umsatz von 2023", "_own": [1, 2] }],
    });
    let answer = send(
        &server,
        "",
        "application/feed+json",
        json.to_string().as_bytes(),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.media_type(), "application/feed+json");
    assert_eq!(answer.text(), json.to_string().replace("Der", "The"));
}

#[test]
fn a_feed_comes_back_in_another_format() {
    let server = Server::start();
    for (format, media_type) in [
        ("atom", "application/atom+xml"),
        ("json", "application/feed+json"),
        ("rss", "application/rss+xml"),
        ("keep", "application/rss+xml"),
    ] {
        let query = format!("?format={format}");
        let answer = send(&server, &query, "application/rss+xml", RSS.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.media_type(), media_type);
        assert!(
            answer.text().contains("The Umsatz von 2023"),
            "{}",
            answer.text()
        );
        assert!(answer.text().contains("audio/mpeg"), "{}", answer.text());
    }
    let reported = send(
        &server,
        "?format=json&report=true",
        "text/xml",
        RSS.as_bytes(),
    );
    assert_eq!(reported.json()["media_type"], "application/feed+json");
    assert_eq!(reported.json()["report"]["conversion"]["to"], "json");
    let refused = send(&server, "?format=opml", "text/xml", RSS.as_bytes());
    assert_eq!(refused.status, 400);
}

#[test]
fn the_report_tells_of_each_item() {
    let server = Server::start();
    let query = "?report=true&language=trust&max_items=5&since=2026-01-01";
    let body = &RSS.as_bytes()[..RSS.len() - 12];
    let response = send(&server, query, "text/xml", body);
    assert_eq!(response.status, 200, "{}", response.text());
    expect_snapshot("feed_report", response.json());
}

#[test]
fn the_charset_of_the_content_type_counts() {
    let server = Server::start();
    let latin = b"<rss><channel><item><title>Das \xdcbel</title></item></channel></rss>";
    let response = send(&server, "", "text/xml; charset=ISO-8859-1", latin);
    assert!(response.text().contains("The Übel"), "{}", response.text());
}

#[test]
fn what_is_wrong_with_a_feed_or_its_query_is_told() {
    let server = Server::start();
    let feed = RSS.as_bytes();
    for (query, media_type, body, status, code) in [
        ("", "application/xml", &b"<html/>"[..], 400, "malformed"),
        ("", "application/xml", b"", 400, "malformed"),
        ("", "text/html", feed, 415, "unsupported_media_type"),
        ("?since=gestern", "application/xml", feed, 400, "malformed"),
        ("?beams=99", "application/xml", feed, 400, "malformed"),
        ("?format=opml", "application/xml", feed, 400, "malformed"),
        ("?strict=true", "application/xml", feed, 422, "unresolved"),
    ] {
        let response = send(&server, query, media_type, body);
        assert_eq!(response.status, status, "{query}: {}", response.text());
        assert_eq!(response.code(), code, "{query}");
    }
    let compressed = [("Content-Type", "text/xml"), ("Content-Encoding", "gzip")];
    let response = server.ask("POST", "/v1/feeds", &compressed, feed);
    assert_eq!(response.status, 415);
    let large = format!("<rss>{}</rss>", " ".repeat(70_000));
    let response = send(&server, "", "text/xml", large.as_bytes());
    assert_eq!(response.code(), "too_large");
}

/// More segments than the queue has room for at once, item by item.
#[test]
fn a_long_feed_waits_for_room_in_the_queue() {
    let server = Server::with(Scripted::new(4), ServeConfig::for_testing(), 3);
    let items: String = (0..12)
        .map(|number| format!("<item><title>Das Haus Nummer {number}z</title></item>"))
        .collect();
    let feed = format!("<rss><channel>{items}</channel></rss>");
    let response = send(&server, "", "text/xml", feed.as_bytes());
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(response.text().matches("The Haus").count(), 12);
}
