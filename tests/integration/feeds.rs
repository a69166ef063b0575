//! Feeds through the pipeline and the command, with a scripted model, and read
//! again with somebody else's reader.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Parser;
use depesche::cli::{Cli, Command, feed};
use depesche::dispatch::{LanguagePolicy, ModelTag, Options};
use depesche::engine::{Engine, EngineOptions};
use depesche::error::{Error, Result};
use depesche::feed::compose::Style;
use depesche::feed::memory::Forgetful;
use depesche::feed::report::{FeedReport, ItemStatus};
use depesche::feed::{Change, Feed};
use depesche::pipeline::{FeedContext, FeedOptions, Pipeline, TranslatedFeed};

use crate::scripted::{Scripted, Witness};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/feeds")
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn pipeline() -> (Pipeline, Arc<Witness>) {
    pipeline_of(Scripted::new(4))
}

fn pipeline_of(model: Scripted) -> (Pipeline, Arc<Witness>) {
    let witness = model.witness();
    let options = EngineOptions {
        queue: 256,
        ..EngineOptions::default()
    };
    let tag = ModelTag {
        name: "scripted".into(),
        adapter: None,
    };
    let engine = Engine::start(Box::new(model), options).unwrap();
    (Pipeline::new(engine, tag).with_german_words(), witness)
}

fn trusting() -> FeedOptions {
    FeedOptions {
        translation: Options {
            language: LanguagePolicy::Trust,
            ..Options::default()
        },
        ..FeedOptions::default()
    }
}

async fn translate(pipeline: &Pipeline, feed: Feed, options: FeedOptions) -> TranslatedFeed {
    let context = FeedContext {
        deadline: None,
        memory: Arc::new(Forgetful),
        at_once: 4,
        items: None,
    };
    pipeline.feed(feed, options, context).await.unwrap()
}

fn rss(items: &[&str]) -> String {
    let items: String = items
        .iter()
        .enumerate()
        .map(|(number, item)| {
            format!("<item><guid isPermaLink=\"false\">{number}</guid>{item}</item>\n")
        })
        .collect();
    format!("<rss version=\"2.0\"><channel><title>B</title>\n{items}</channel></rss>\n")
}

fn titled(titles: &[&str]) -> String {
    let items: Vec<String> = titles
        .iter()
        .map(|title| format!("<title>{title}</title>"))
        .collect();
    rss(&items.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What somebody else's reader finds besides texts and language.
fn skeleton(text: &str) -> Option<String> {
    let parser = feed_rs::parser::Builder::new()
        // Ids that are missing would be made from titles, or at random.
        .id_generator(|_, _, _| "none".to_owned())
        .build();
    let feed = parser.parse(text.as_bytes()).ok()?;
    let entries: Vec<String> = feed
        .entries
        .iter()
        .map(|entry| {
            let links: Vec<&str> = entry.links.iter().map(|link| link.href.as_str()).collect();
            let media: Vec<_> = entry
                .media
                .iter()
                .flat_map(|media| &media.content)
                .map(|content| (content.url.clone(), content.size))
                .collect();
            format!(
                "{} {links:?} {:?} {:?} {media:?}",
                entry.id, entry.published, entry.updated
            )
        })
        .collect();
    Some(format!("{:?} {entries:#?}", feed.feed_type))
}

/// The feed with texts that the scripted model gives back as they are, and that
/// nobody takes for German left over: without the words of its dictionary, and
/// with capitals. Thousands points would be put right, and all spaces are one.
fn of_names(feed: &Feed) -> String {
    let known = ["Der", "Die", "Das", "Millionen", "Prozent"];
    let fields = || {
        std::iter::once(&feed.head)
            .chain(&feed.items)
            .flat_map(|entry| &entry.fields)
    };
    let texts: Vec<String> = fields()
        .map(|field| {
            let text = field.text.replace("2.100", "2100").replace('\u{a0}', " ");
            let (mut in_tag, mut before) = (false, ' ');
            let capital = |c: char| {
                in_tag = c == '<' || in_tag && c != '>';
                let opens_word = !in_tag && matches!(before, ' ' | '>' | '\n');
                before = c;
                if opens_word {
                    c.to_ascii_uppercase()
                } else {
                    c
                }
            };
            let text: String = text.chars().map(capital).collect();
            known
                .iter()
                .fold(text, |text, word| text.replace(word, "Xy"))
        })
        .collect();
    let changes = fields()
        .zip(&texts)
        .map(|(field, text)| Change::Text { field, text });
    feed.render(changes.collect())
}

#[tokio::test]
async fn a_model_that_changes_nothing_changes_nothing_but_the_language() {
    let (pipeline, _) = pipeline();
    let mut same = 0;
    for name in names() {
        // Two spaces in a sentence are one for a model.
        if name == "attributes.xml" {
            continue;
        }
        let bytes = std::fs::read(folder().join(&name)).unwrap();
        let source = of_names(&Feed::read(&bytes, None).unwrap());
        let feed = Feed::read(source.as_bytes(), None).unwrap();
        let mut wanted = source.clone();
        for mark in [
            "<language>de-DE<",
            "xml:lang=\"de\"",
            "'de-AT'",
            "\"de-DE\"",
            "\"language\": \"de\"",
            "<dc:language>de<",
        ] {
            let english = mark
                .replace("de-DE", "en")
                .replace("de-AT", "en")
                .replace("\"de\"", "\"en\"")
                .replace(">de<", ">en<");
            wanted = wanted.replace(mark, &english);
        }
        let translated = translate(&pipeline, feed, trusting()).await;
        // Texts in markup keep their marks, which are bytes of the text.
        assert_eq!(translated.text, wanted, "{name}");
        same += 1;
    }
    assert!(same >= 25);
}

#[tokio::test]
async fn other_readers_find_the_same_ids_links_and_dates() {
    let (pipeline, _) = pipeline();
    let mut read = 0;
    for name in names() {
        let bytes = std::fs::read(folder().join(&name)).unwrap();
        let feed = Feed::read(&bytes, None).unwrap();
        let source = feed.source().to_owned();
        let options = FeedOptions {
            style: Style {
                bilingual: true,
                figures_note: true,
                attribution: Some("By {model} & others, <{link}>".into()),
                summary: false,
            },
            categories: true,
            feed_title: true,
            ..trusting()
        };
        let translated = translate(&pipeline, feed, options).await;
        assert_ne!(translated.text, source, "{name}");
        // What others refuse they may accept when it has been escaped anew.
        if let Some(before) = skeleton(&source) {
            assert_eq!(skeleton(&translated.text), Some(before), "{name}");
            read += 1;
        }
    }
    assert!(read >= 25, "only {read} samples are read by others");
}

#[tokio::test]
async fn titles_contents_and_notes_come_out_in_the_escapes_of_their_places() {
    let (pipeline, _) = pipeline();
    let source = rss(&[
        "<title>Das Haus und 3 Türme</title><link>https://e.org/?a=1&amp;b=2</link>\
         <description>&lt;p&gt;Der Umsatz &amp;amp; mehr stieg um &lt;b&gt;4,5 Prozent&lt;/b&gt; auf 7.&lt;/p&gt;</description>",
        "<title><![CDATA[Die Zahl 8 und <b>9</b>]]></title><description><![CDATA[Das ist 5 < 6 und wahr.]]></description>",
    ]);
    let feed = Feed::read(source.as_bytes(), None).unwrap();
    let options = FeedOptions {
        style: Style {
            figures_note: true,
            attribution: Some("By {model}: {link}".into()),
            ..Style::default()
        },
        ..trusting()
    };
    let translated = translate(&pipeline, feed, options).await;
    insta::assert_snapshot!(translated.text);
    let figures: Vec<usize> = translated
        .report
        .items
        .iter()
        .map(|item| item.figures)
        .collect();
    assert_eq!(figures, [3, 4]);
    assert_eq!(translated.report.unresolved(), 0);
}

#[tokio::test]
async fn a_summary_takes_the_place_of_the_body() {
    let (pipeline, _) = pipeline();
    let source = rss(&[
        "<description><![CDATA[<p>Der Umsatz der Firma stieg im Jahr 2023 um 4,5 Prozent auf 1,2 Milliarden Euro.</p><p>Die Sonne schien. Das Wetter war gut und warm. Alle waren da.</p>]]></description>",
    ]);
    let feed = Feed::read(source.as_bytes(), None).unwrap();
    let mut options = trusting();
    options.style.summary = true;
    options.translation.summary_sentences = 1;
    let translated = translate(&pipeline, feed, options).await;
    let body = translated.text.split("<![CDATA[").nth(1).unwrap();
    assert!(body.starts_with("<p>"), "{body}");
    assert_eq!(body.matches("<p>").count(), 1, "{body}");
    assert!(
        body.ends_with("</p>]]></description></item>\n</channel></rss>\n"),
        "{body}"
    );
    assert!(!body.contains("Alle waren da"), "{body}");
}

#[tokio::test]
async fn an_item_that_fails_harms_no_other_and_is_told() {
    let (pipeline, _) = pipeline();
    let source = titled(&[
        "Das Haus mit 3 Toren",
        "FEHLER mit 4 Toren",
        "Die Tür mit 5 Ringen",
    ]);
    let feed = Feed::read(source.as_bytes(), None).unwrap();
    let translated = translate(&pipeline, feed, trusting()).await;
    let status: Vec<ItemStatus> = translated
        .report
        .items
        .iter()
        .map(|item| item.status)
        .collect();
    assert_eq!(
        status,
        [
            ItemStatus::Translated,
            ItemStatus::Failed,
            ItemStatus::Translated
        ]
    );
    assert!(
        translated
            .text
            .contains("<title>FEHLER mit 4 Toren</title>")
    );
    assert!(
        translated
            .text
            .contains("<title>The Tür mit 5 Ringen</title>")
    );

    let feed = Feed::read(titled(&["FEHLER 1", "FEHLER 2"]).as_bytes(), None).unwrap();
    let context = FeedContext {
        deadline: None,
        memory: Arc::new(Forgetful),
        at_once: 4,
        items: None,
    };
    let failed = pipeline.feed(feed, trusting(), context).await;
    assert!(matches!(failed, Err(Error::Model(_))), "{failed:?}");
}

/// The arguments of `depesche feed`.
fn arguments(arguments: &[&str]) -> feed::Args {
    let all = ["depesche", "feed"].iter().chain(arguments);
    match Cli::try_parse_from(all).unwrap().command {
        Command::Feed(args) => args,
        other => panic!("{other:?}"),
    }
}

/// A folder with a feed, its output, a state and a report.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new(source: &str) -> Self {
        let desk = Desk {
            folder: tempfile::tempdir().unwrap(),
        };
        desk.put(source);
        desk
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn put(&self, source: &str) {
        std::fs::write(self.path("in.xml"), source).unwrap();
    }

    fn out(&self) -> String {
        std::fs::read_to_string(self.path("out.xml")).unwrap()
    }

    fn report(&self) -> FeedReport {
        serde_json::from_slice(&std::fs::read(self.path("report.json")).unwrap()).unwrap()
    }

    /// How many items have come to this in the last run.
    fn count(&self, status: ItemStatus) -> usize {
        let report = self.report();
        report
            .items
            .iter()
            .filter(|item| item.status == status)
            .count()
    }

    async fn run(&self, more: &[&str]) -> Result<u8> {
        let paths = ["in.xml", "out.xml", "state", "report.json"].map(|name| self.path(name));
        let [source, out, state, report] = paths.each_ref().map(String::as_str);
        let given = [
            &[
                source,
                "-o",
                out,
                "--state",
                state,
                "--report",
                report,
                "--language",
                "trust",
            ],
            more,
        ]
        .concat();
        feed::produce(&arguments(&given), "scripted", || Ok(pipeline().0)).await
    }
}

#[tokio::test]
async fn items_are_translated_once_and_again_when_they_change() {
    let desk = Desk::new(&titled(&["Das erste 1", "Das zweite 2", "Das dritte 3"]));
    assert_eq!(desk.run(&[]).await.unwrap(), 0);
    assert_eq!(desk.count(ItemStatus::Translated), 3);
    let first = desk.out();
    assert!(first.contains("The zweite 2"), "{first}");

    assert_eq!(desk.run(&[]).await.unwrap(), 0);
    assert_eq!(desk.count(ItemStatus::Remembered), 3);
    assert_eq!(desk.out(), first);

    desk.put(&titled(&[
        "Das neue 0",
        "Das erste 1",
        "Das zweite 22",
        "Das dritte 3",
    ]));
    desk.run(&[]).await.unwrap();
    assert_eq!(desk.count(ItemStatus::Remembered), 2);
    assert_eq!(desk.count(ItemStatus::Translated), 2);

    // How it is shown costs nothing; how it is translated does.
    desk.run(&["--bilingual"]).await.unwrap();
    assert_eq!(desk.count(ItemStatus::Remembered), 4);
    assert!(
        desk.out()
            .contains("<title>The erste 1 / Das erste 1</title>")
    );
    desk.run(&["--beams", "2"]).await.unwrap();
    assert_eq!(desk.count(ItemStatus::Translated), 4);
}

#[tokio::test]
async fn a_run_that_ends_early_is_taken_up_where_it_ended() {
    let items: Vec<String> = (0..12)
        .map(|number| format!("Das Haus Nummer {number}x"))
        .collect();
    let mut titles: Vec<&str> = items.iter().map(String::as_str).collect();
    // The engine dies with the ninth item, as it would with the process.
    titles[8] = "STURZ im Haus";
    let desk = Desk::new(&titled(&titles));
    std::fs::write(desk.path("out.xml"), "the good one").unwrap();
    desk.run(&[]).await.ok();
    let kept = std::fs::read_dir(desk.path("state/items")).unwrap().count();
    assert!(kept >= 5, "{kept} of 8 items were kept");

    titles[8] = "Das Haus ohne Sturz";
    desk.put(&titled(&titles));
    assert_eq!(desk.run(&[]).await.unwrap(), 0);
    assert_eq!(desk.count(ItemStatus::Remembered), kept);
    assert_eq!(desk.count(ItemStatus::Translated), 12 - kept);
}

#[tokio::test]
async fn exit_codes_tell_ci_what_happened() {
    // The script loses the word of number.
    let desk = Desk::new(&titled(&["Das sind siebzehn Hunde"]));
    assert_eq!(desk.run(&[]).await.unwrap(), 0);
    assert_eq!(desk.run(&["--fail-on", "unresolved"]).await.unwrap(), 3);
    assert!(desk.report().unresolved() > 0);

    desk.put(&titled(&["Das Haus 1", "FEHLER 2"]));
    assert_eq!(desk.run(&[]).await.unwrap(), 4);
    assert_eq!(desk.report().failed(), 1);

    let truncated = &titled(&["Das Haus 1", "Das Haus 2"])[..120];
    desk.put(truncated);
    assert_eq!(desk.run(&[]).await.unwrap(), 0);
    assert_eq!(desk.run(&["--fail-on", "malformed"]).await.unwrap(), 4);
    assert!(desk.report().faults[0].line >= 2);
}

#[tokio::test]
async fn nothing_comes_in_place_of_a_good_file_but_a_better_one() {
    let desk = Desk::new("");
    std::fs::write(desk.path("out.xml"), "the good one").unwrap();
    for broken in ["", "<html/>", "<rss", &titled(&["FEHLER 1"])] {
        desk.put(broken);
        assert!(desk.run(&[]).await.is_err(), "{broken}");
        assert_eq!(desk.out(), "the good one");
    }
    desk.put(&titled(&["Das Haus 1"]));
    assert!(desk.run(&["--max-bytes", "10"]).await.is_err());
    assert_eq!(desk.out(), "the good one");
    let left: Vec<_> = std::fs::read_dir(desk.folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .filter(|name| name.to_string_lossy().contains("tmp"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn limits_leave_the_other_items_as_they_are() {
    let dated = |day: u8| {
        format!("<title>Das Haus {day}</title><pubDate>{day} Nov 2026 08:00:00 GMT</pubDate>")
    };
    let (a, b, c) = (dated(10), dated(12), dated(11));
    let desk = Desk::new(&rss(&[&a, &b, &c]));
    desk.run(&["--max-items", "1"]).await.unwrap();
    assert_eq!(desk.count(ItemStatus::Skipped), 2);
    assert!(desk.out().contains("The Haus 12") && desk.out().contains("Das Haus 11"));
    desk.run(&["--since", "2026-11-11"]).await.unwrap();
    assert!(desk.out().contains("The Haus 11") && desk.out().contains("Das Haus 10"));
}

#[tokio::test]
async fn a_feed_that_has_not_changed_is_not_worked_on() {
    use std::io::{BufRead, BufReader, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/feed", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let mut conditional = Vec::new();
        for _ in 0..3 {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                assert!(reader.read_line(&mut head).unwrap() > 0);
            }
            let is_conditional = head.to_ascii_lowercase().contains("if-none-match: \"1\"");
            conditional.push(is_conditional);
            let answer = if is_conditional {
                "HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n".to_owned()
            } else {
                let body = titled(&["Das Haus 1"]);
                format!("HTTP/1.1 200 OK\r\netag: \"1\"\r\nconnection: close\r\n\r\n{body}")
            };
            reader.get_mut().write_all(answer.as_bytes()).unwrap();
        }
        conditional
    });
    let desk = Desk::new("");
    let (out, state) = (desk.path("out.xml"), desk.path("state"));
    let given = [&url, "-o", &out, "--state", &state, "--allow-private"];
    let run = || async {
        let args = arguments(&given);
        feed::produce(&args, "scripted", || Ok(pipeline().0)).await
    };
    assert_eq!(run().await.unwrap(), 0);
    let first = desk.out();
    // A model would not even be loaded.
    let args = arguments(&given);
    let unneeded = || Err(Error::NotReady);
    assert_eq!(feed::produce(&args, "scripted", unneeded).await.unwrap(), 0);
    // Without its output the feed is asked for anew.
    std::fs::remove_file(&out).unwrap();
    assert_eq!(run().await.unwrap(), 0);
    assert_eq!(desk.out(), first);
    assert_eq!(server.join().unwrap(), [false, true, false]);

    let refused = arguments(&given[..5]);
    let refused = feed::produce(&refused, "scripted", || Err(Error::NotReady)).await;
    assert!(refused.unwrap_err().to_string().contains("--allow-private"));
}

#[tokio::test]
async fn items_share_the_batches_of_the_engine() {
    // The first step lasts long enough for the other items to arrive.
    let (pipeline, witness) = pipeline_of(Scripted::new(4).slow(Duration::from_millis(20)));
    let items: Vec<String> = (0..8)
        .map(|number| format!("Das Haus Nummer {number}y"))
        .collect();
    let titles: Vec<&str> = items.iter().map(String::as_str).collect();
    let feed = Feed::read(titled(&titles).as_bytes(), None).unwrap();
    translate(&pipeline, feed, trusting()).await;
    assert!(witness.widest.load(Ordering::SeqCst) > 1);
}

#[tokio::test]
async fn a_feed_may_be_written_in_another_format() {
    let desk = Desk::new(&titled(&["Das Haus 1"]));
    assert_eq!(desk.run(&["--format", "json"]).await.unwrap(), 0);
    let feed: serde_json::Value = serde_json::from_str(&desk.out()).unwrap();
    assert_eq!(feed["items"][0]["title"], "The Haus 1");
    assert_eq!(feed["items"][0]["id"], "0");
    let conversion = desk.report().conversion.unwrap();
    assert_eq!(conversion.to, depesche::feed::Dialect::Json);
    // It is RSS already.
    assert_eq!(desk.run(&["--format", "rss"]).await.unwrap(), 0);
    assert!(desk.report().conversion.is_none());
    assert!(desk.out().contains("<title>The Haus 1</title>"));
    // A part would be lost, so all is refused before it is worked on.
    desk.put(&titled(&["Das Haus 1", "Das Haus 2"])[..120]);
    let refused = desk.run(&["--format", "atom"]).await.unwrap_err();
    assert!(matches!(refused, Error::Malformed(_)), "{refused}");
}
