//! Feeds that are served from a folder.

use depesche::config::ServeConfig;

use super::Server;
use crate::client::Response;
use crate::scripted::Scripted;

const FEED: &str = "<?xml version=\"1.0\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"/>";

/// A server, and its folder beside a file that it must not show.
fn shelf() -> (Server, tempfile::TempDir) {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("feeds");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::create_dir(folder.join("dir.xml")).expect("a folder");
    for name in [
        "feeds/news.xml",
        "secret.xml",
        "feeds/.news.xml.7-1.tmp",
        "feeds/state.db",
    ] {
        std::fs::write(place.path().join(name), FEED).expect("it is written");
    }
    std::fs::write(folder.join("sport.json"), "{\"items\": []}").expect("it is written");
    #[cfg(unix)]
    std::os::unix::fs::symlink(place.path().join("secret.xml"), folder.join("link.xml"))
        .expect("a link");
    let config = ServeConfig {
        feeds_dir: Some(folder),
        ..ServeConfig::for_testing()
    };
    (Server::with(Scripted::new(2), config, 8), place)
}

fn asked(server: &Server, header: (&str, &str)) -> Response {
    let mut connection = server.connect();
    connection.send("GET", "/feeds/news.xml", &[header], b"");
    connection.response()
}

#[test]
fn feeds_are_sent_once_for_each_version() {
    let (server, place) = shelf();
    let first = server.get("/feeds/news.xml");
    assert_eq!((first.status, first.text()), (200, FEED));
    assert_eq!(first.media_type(), "application/atom+xml");
    assert_eq!(
        server.get("/feeds/sport.json").media_type(),
        "application/feed+json"
    );
    let tag = first.header("etag").expect("a tag").to_owned();
    let date = first.header("last-modified").expect("a date").to_owned();

    let known = [
        ("If-None-Match", tag.as_str()),
        ("If-None-Match", "*"),
        ("If-None-Match", &format!("\"x\", W/{tag}")),
        ("If-Modified-Since", &date),
    ];
    for header in known {
        let answer = asked(&server, header);
        assert_eq!((answer.status, answer.body.len()), (304, 0), "{header:?}");
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
    }
    let unknown = [
        ("If-None-Match", "\"x\""),
        ("If-Modified-Since", "Fri, 20 Nov 2020 09:30:00 GMT"),
        ("If-Modified-Since", "gestern"),
    ];
    for header in unknown {
        assert_eq!(asked(&server, header).status, 200, "{header:?}");
    }
    std::fs::write(
        place.path().join("feeds/news.xml"),
        FEED.replace("?>", " ?>"),
    )
    .expect("written");
    let changed = asked(&server, ("If-None-Match", &tag));
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}

#[test]
fn nothing_else_of_the_disk_is_shown() {
    let (server, _place) = shelf();
    for path in [
        "/feeds/",
        "/feeds/other.xml",
        "/feeds/../secret.xml",
        "/feeds/..%2Fsecret.xml",
        "/feeds/%2e%2e/secret.xml",
        "/feeds/..%5csecret.xml",
        "/feeds/%2Fetc%2Fpasswd",
        "/feeds/.news.xml.7-1.tmp",
        "/feeds/state.db",
        "/feeds/dir.xml",
        "/feeds/link.xml",
        "/feeds/news.xml%00",
        "/feeds/news",
    ] {
        let answer = server.get(path);
        assert!(
            matches!(answer.status, 400 | 404),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.text().contains("<feed"), "{path}");
    }
}

#[test]
fn without_a_folder_there_are_no_feeds() {
    let server = Server::start();
    assert_eq!(server.get("/feeds/news.xml").status, 404);
}
