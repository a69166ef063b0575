//! Lists of feeds, refreshed into a folder, with a scripted model.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Parser;
use depesche::cli::{Cli, Command, watch};
use depesche::dispatch::ModelTag;
use depesche::engine::{Engine, EngineOptions};
use depesche::error::{Code, Error, Result};
use depesche::pipeline::Pipeline;

use crate::scripted::Scripted;

const FEED: &str = "<rss version=\"2.0\"><channel><title>B</title><item><guid>1</guid><title>Das Haus 1</title></item></channel></rss>";

/// Answers `/fine…` with a feed, once for each tag, and `/bad` with 500; counts
/// paths with the status.
struct Source {
    address: SocketAddr,
    seen: Arc<Mutex<HashMap<(String, u16), usize>>>,
}

impl Source {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<HashMap<(String, u16), usize>>> = Arc::default();
        let counted = seen.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream);
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    if reader.read_line(&mut head).unwrap_or(0) == 0 {
                        break;
                    }
                }
                let path = head.split(' ').nth(1).unwrap_or("").to_owned();
                let is_known = head.to_ascii_lowercase().contains("if-none-match: \"1\"");
                let (status, rest) = match path.starts_with("/fine") {
                    true if is_known => (304, "\r\n".to_owned()),
                    true => (200, format!("etag: \"1\"\r\n\r\n{FEED}")),
                    false => (500, "\r\n".to_owned()),
                };
                let answer = format!("HTTP/1.1 {status} x\r\nconnection: close\r\n{rest}");
                *counted.lock().unwrap().entry((path, status)).or_default() += 1;
                reader.get_mut().write_all(answer.as_bytes()).ok();
            }
        });
        Source { address, seen }
    }

    fn count(&self, path: &str, status: u16) -> usize {
        let key = (path.to_owned(), status);
        self.seen.lock().unwrap().get(&key).copied().unwrap_or(0)
    }

    /// A list with a feed that fails between two that do not.
    fn list(&self, folder: &Path) -> String {
        let outline = |name: &str, path: &str| {
            format!(
                "<outline text=\"{name}\" xmlUrl=\"http://{}{path}\"/>",
                self.address
            )
        };
        let outlines = [("news", "/fine1"), ("sad", "/bad"), ("../Köln", "/fine2")];
        let outlines = outlines.map(|(name, path)| outline(name, path)).concat();
        let file = folder.join("list.opml");
        let list = format!("<opml version=\"2.0\"><body>{outlines}</body></opml>");
        std::fs::write(&file, list).unwrap();
        file.display().to_string()
    }
}

fn arguments(arguments: &[&str]) -> watch::Args {
    let all = ["depesche", "watch"].iter().chain(arguments);
    match Cli::try_parse_from(all).unwrap().command {
        Command::Watch(args) => args,
        other => panic!("{other:?}"),
    }
}

fn pipeline() -> Result<Pipeline> {
    let tag = ModelTag {
        name: "scripted".into(),
        adapter: None,
    };
    let engine = Engine::start(Box::new(Scripted::new(4)), EngineOptions::default())?;
    Ok(Pipeline::new(engine, tag).with_german_words())
}

#[tokio::test]
async fn a_feed_that_fails_stops_no_other() {
    let source = Source::start();
    let folder = tempfile::tempdir().unwrap();
    let list = source.list(folder.path());
    let out = folder.path().join("out");
    let out_name = out.display().to_string();
    let given = [
        "--opml",
        &list,
        "--out",
        &out_name,
        "--allow-private",
        "--language",
        "trust",
    ];
    let args = arguments(&given);

    let code = watch::watch(&args, "scripted", pipeline, std::future::pending()).await;
    assert_eq!(code.unwrap(), 1);
    for name in ["news.xml", "Köln.xml"] {
        let text = std::fs::read_to_string(out.join(name)).unwrap();
        assert!(text.contains("The Haus 1"), "{text}");
    }
    assert!(!out.join("sad.xml").exists());
    assert!(!folder.path().join("Köln.xml").exists());

    // Nothing has changed, so no model is needed.
    let unneeded = || Err(Error::NotReady);
    let code = watch::watch(&args, "scripted", unneeded, std::future::pending()).await;
    assert_eq!(code.unwrap(), 1);
    assert_eq!(
        (source.count("/fine1", 200), source.count("/fine1", 304)),
        (1, 1)
    );
    assert_eq!(source.count("/bad", 500), 2);
}

#[tokio::test]
async fn a_watch_goes_on_until_it_is_told_to_stop() {
    let source = Source::start();
    let folder = tempfile::tempdir().unwrap();
    let list = source.list(folder.path());
    let out = folder.path().join("out");
    let out_name = out.display().to_string();
    let given = [
        "--opml",
        &list,
        "--out",
        &out_name,
        "--allow-private",
        "--language",
        "trust",
        "--every",
        "1s",
        "--format",
        "json",
    ];
    let args = arguments(&given);
    let told = async {
        while source.count("/fine1", 304) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let code = watch::watch(&args, "scripted", pipeline, told).await;
    assert_eq!(code.unwrap(), 0);
    let text = std::fs::read_to_string(out.join("news.json")).unwrap();
    let feed: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(feed["items"][0]["title"], "The Haus 1");
    let left = std::fs::read_dir(&out).unwrap();
    let names: Vec<_> = left.map(|file| file.unwrap().file_name()).collect();
    assert!(
        names
            .iter()
            .all(|name| !name.to_string_lossy().ends_with("tmp")),
        "{names:?}"
    );
}

#[tokio::test]
async fn two_watches_do_not_share_a_folder() {
    let source = Source::start();
    let folder = tempfile::tempdir().unwrap();
    let list = source.list(folder.path());
    let out = folder.path().join("out").display().to_string();
    let args = arguments(&["--opml", &list, "--out", &out, "--allow-private"]);
    let state = folder.path().join("out/.depesche");
    std::fs::create_dir_all(&state).unwrap();
    let other = std::fs::File::create(state.join("lock")).unwrap();
    other.lock().unwrap();
    let refused = watch::watch(&args, "scripted", pipeline, std::future::pending()).await;
    assert_eq!(refused.unwrap_err().code(), Code::Conflict);
    drop(other);
    let code = watch::watch(&args, "scripted", pipeline, std::future::pending()).await;
    assert!(code.is_ok());
}

#[test]
fn a_list_must_be_named_once() {
    for arguments in [
        &["--out", "x"][..],
        &["--opml", "a", "--feeds", "b", "--out", "x"],
        &["--opml", "a"],
        &["--opml", "a", "--out", "x", "--every", "15"],
    ] {
        let all = ["depesche", "watch"].iter().chain(arguments);
        assert_eq!(
            Cli::try_parse_from(all).unwrap_err().exit_code(),
            2,
            "{arguments:?}"
        );
    }
}
