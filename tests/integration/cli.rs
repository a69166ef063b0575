//! The command line, as a shell sees it. Where a model is needed it is the tiny
//! random one of `tests/parity`: its words are nonsense, everything around them
//! is real.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use crate::provider::Provider;

const SENTENCE: &str = "Der Bundestag hat am Freitag 12 neue Gesetze beschlossen.";

fn path(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(of)
}

/// The tiny model with a window that the prompt of its architecture fits in:
/// a number in its metadata, which the weights do not depend on.
fn model() -> &'static Path {
    static MODEL: OnceLock<PathBuf> = OnceLock::new();
    MODEL.get_or_init(|| {
        let key = b"qwen2.context_length";
        let mut bytes = std::fs::read(path("tests/parity/tiny-qwen2.gguf")).unwrap();
        let at = bytes
            .windows(key.len())
            .position(|window| window == key)
            .unwrap();
        // The key is followed by the type, a u32, and the value.
        let value = at + key.len() + 4;
        bytes[value..value + 4].copy_from_slice(&2048u32.to_le_bytes());
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tiny-qwen2.gguf");
        std::fs::write(&file, bytes).unwrap();
        file
    })
}

fn depesche(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_depesche"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DEPESCHE_") {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .env("DEPESCHE_MODEL", model())
        .env("DEPESCHE_ADAPTER", "none")
        .env("DEPESCHE_THREADS", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str]) -> Output {
    depesche(arguments).output().unwrap()
}

/// Runs with `input` on standard input.
fn fed(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = depesche(arguments).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that refuses its arguments does not read.
    stdin.write_all(input).ok();
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// The output of a command that is done, progress and warnings not looked at.
fn done(output: &Output) -> &str {
    assert_eq!(code(output), 0, "{}", stderr(output));
    stdout(output)
}

#[test]
fn wrong_usage_exits_with_2() {
    for arguments in [
        &[][..],
        &["article"],
        &["article", "-", "--unknown"],
        &["article", "-", "--json", "--html"],
        &["translate", "-", "--format", "pdf"],
        &["translate", "-", "--beams", "99"],
        &["translate", "-", "--beams", "-1"],
        &["translate", "-", "--language", "maybe"],
        &["unknown"],
    ] {
        let output = run(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(stderr(&output).contains("--help"), "{arguments:?}");
    }
}

/// The device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = depesche(&["models", "list"]).stdout(full).output().unwrap();
    assert_eq!(code(&output), 1);
    let told = stderr(&output);
    assert!(told.contains("No space left"), "{told}");
}

/// A folder that cannot be made, since a file is in its place.
#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let inside = file.join("out").display().to_string();
    let list = place.path().join("list");
    std::fs::write(&list, "https://example.org/rss.xml").unwrap();
    let list = list.display().to_string();
    let output = run(&["watch", "--feeds", &list, "--out", &inside]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains(&inside), "{}", stderr(&output));
}

#[test]
fn another_server_translates_and_no_model_is_loaded() {
    let provider = Provider::start();
    let url = provider.url();
    let cache = tempfile::tempdir().unwrap();
    let folder = cache.path().display().to_string();
    let elsewhere = ["translate", "-", "--engine", "openai", "--cache", &folder];
    let elsewhere = [&elsewhere[..], &["--model", "/nonesuch.gguf"]].concat();
    let server = ["--engine-url", &url, "--engine-model", "big"];
    let text = "Der Dax stieg am Freitag um 4,5 Prozent.".as_bytes();

    let output = fed(&[&elsewhere[..], &server].concat(), text);
    assert_eq!(
        done(&output).trim(),
        "The Dax rose on Friday by 4.5 percent."
    );
    assert_eq!(cache.path().read_dir().unwrap().count(), 0);

    for missing in [
        &[][..],
        &server[..2],
        &server[2..],
        &["--engine-url", "gpu", "--engine-model", "big"],
    ] {
        let output = fed(&[&elsewhere[..], missing].concat(), text);
        assert_eq!(code(&output), 2, "{missing:?}");
        assert!(stderr(&output).contains("engine"), "{}", stderr(&output));
    }

    let nobody = [
        "--engine-url",
        "http://127.0.0.1:9/v1",
        "--engine-model",
        "big",
    ];
    let output = fed(&[&elsewhere[..], &nobody].concat(), text);
    assert_eq!(code(&output), 1);
    assert!(
        stderr(&output).contains("the server that translates"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_unknown_model_exits_with_2_and_names_the_known_ones() {
    let output = fed(
        &["translate", "-", "--model", "nonesuch"],
        SENTENCE.as_bytes(),
    );
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("nonesuch"), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("gemma-3-270m"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn help_goes_to_stdout_and_names_the_exit_codes() {
    let output = run(&["--help"]);
    let help = done(&output);
    for word in [
        "article",
        "translate",
        "summarize",
        "serve",
        "models",
        "memory",
    ] {
        assert!(help.contains(word), "{word}");
    }
    assert!(help.contains("Exit codes"));
    for command in [
        "article",
        "translate",
        "summarize",
        "serve",
        "models",
        "memory",
    ] {
        assert!(done(&run(&[command, "--help"])).contains("Usage"));
    }
    assert!(done(&run(&["--version"])).starts_with("depesche "));
}

#[test]
fn input_that_cannot_be_used_exits_with_1_and_says_why() {
    let missing = run(&["article", "no-such-file.txt"]);
    assert_eq!(code(&missing), 1);
    assert!(stderr(&missing).contains("no-such-file.txt"));

    for command in ["article", "translate", "summarize"] {
        let latin1 = fed(&[command, "-"], b"M\xfcller kam am Freitag nach Berlin.");
        assert_eq!(code(&latin1), 1);
        assert!(
            stderr(&latin1).contains("standard input is not UTF-8 (byte 1)"),
            "{}",
            stderr(&latin1)
        );

        for empty in ["", " \n\t\r\n", "\u{feff}", "***"] {
            let output = fed(&[command, "-"], empty.as_bytes());
            assert_eq!(code(&output), 1, "{empty:?}");
            assert!(stderr(&output).contains("empty"), "{}", stderr(&output));
        }

        let english = fed(
            &[command, "-"],
            b"The government announced on Friday that it will raise pensions by three percent.",
        );
        assert_eq!(code(&english), 1);
        assert_eq!(stdout(&english), "");
        assert!(stderr(&english).contains("English"), "{}", stderr(&english));
    }
}

#[test]
fn an_empty_text_is_refused_before_a_model_is_looked_for() {
    let output = fed(&["article", "-", "--model", "nonesuch"], b"\n");
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("empty"));
}

#[test]
fn articles_are_printed_as_text_json_and_html() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("article.html");
    let source = format!("<h1>Neue Gesetze</h1>\n<p><strong>{SENTENCE}</strong></p>\n");
    std::fs::write(&file, &source).unwrap();
    let file = file.to_str().unwrap();

    let text = run(&["article", file]);
    assert!(done(&text).contains("FIGURES"));
    assert!(done(&text).contains("<strong>"), "markup survives");
    assert_eq!(stderr(&text), "", "no progress without a terminal");

    let json = run(&["article", file, "--json", "--title", "Der Bundestag"]);
    let dispatch: serde_json::Value = serde_json::from_str(done(&json)).unwrap();
    assert_eq!(dispatch["translation"]["format"], "html");
    assert!(dispatch["translation"]["title"].is_string());
    let segments = dispatch["translation"]["segments"].as_array().unwrap();
    assert_eq!(segments.len(), 3);
    let span = &segments[2]["source_span"];
    let [start, end] = [0, 1].map(|side| span[side].as_u64().unwrap() as usize);
    assert_eq!(source.get(start..end), Some(SENTENCE));

    let html = run(&["article", file, "--html"]);
    assert!(done(&html).starts_with("<!doctype html>"));
    assert!(done(&html).trim_end().ends_with("</html>"));
    assert!(
        done(&html).contains("<iframe sandbox=\"\""),
        "its scripts do not run"
    );
    assert_eq!(done(&html).matches("<body").count(), 1);
}

#[test]
fn markup_line_ends_and_what_is_not_prose_survive_translate() {
    let source = "<p class=\"a\">Der Kanzler kam am Freitag.</p>\r\n<pre>Kein Satz.</pre>\r\n";
    let output = fed(&["translate", "-", "--format", "html"], source.as_bytes());
    let translated = done(&output);
    assert!(translated.starts_with("<p class=\"a\">"), "{translated}");
    assert!(
        translated.ends_with("</p>\r\n<pre>Kein Satz.</pre>\r\n"),
        "{translated}"
    );
    assert!(!translated.contains("Kanzler"), "{translated}");
}

#[test]
fn the_format_is_taken_from_the_files_ending() {
    let folder = tempfile::tempdir().unwrap();
    for (name, is_markdown) in [("a.md", true), ("a.txt", false)] {
        let file = folder.path().join(name);
        std::fs::write(
            &file,
            "```\nDer Kanzler bleibt.\n```\n\nDer Kanzler kam am Freitag.\n",
        )
        .unwrap();
        let output = run(&["translate", file.to_str().unwrap()]);
        assert_eq!(
            done(&output).contains("Der Kanzler bleibt."),
            is_markdown,
            "{name}"
        );
    }
}

#[test]
fn lines_stay_aligned_whatever_is_in_them() {
    let lines = [
        SENTENCE,
        "",
        "The government announced on Friday that it will raise pensions by three percent.",
        "Danach ging er nach Hause. Seine Frau blieb.",
        "   ",
        "12",
        "***",
        "Die Opposition stimmte dagegen.",
    ];
    for end in ["\n", "\r\n"] {
        let output = fed(&["translate", "-", "--lines"], lines.join(end).as_bytes());
        let printed: Vec<&str> = done(&output).lines().collect();
        assert_eq!(printed.len(), lines.len(), "{printed:?}");
        assert_eq!(printed[1], "");
        assert_eq!(printed[2], lines[2], "another language passes");
        assert_eq!(printed[4].trim(), "");
        assert_eq!(printed[6], "***");
        assert_ne!(printed[0], lines[0]);
        assert!(
            stderr(&output)
                .lines()
                .any(|line| line.starts_with("line 3:") && line.contains("English")),
            "{}",
            stderr(&output)
        );
    }
    let refused = fed(
        &["translate", "-", "--lines", "--language", "refuse"],
        lines.join("\n").as_bytes(),
    );
    assert_eq!(code(&refused), 1);
}

#[test]
fn blank_lines_alone_are_no_error() {
    for blank in ["", "\n", "\n\n \n", "***\n\n–\n"] {
        let output = fed(&["translate", "-", "--lines"], blank.as_bytes());
        assert_eq!(done(&output), blank);
    }
}

#[test]
fn strictness_changes_the_exit_code_and_not_the_output() {
    // The tiny model cannot keep a figure.
    let arguments = ["translate", "-", "--strict"];
    let strict = fed(&arguments, SENTENCE.as_bytes());
    assert_eq!(code(&strict), 3, "{}", stderr(&strict));
    let lax = fed(&arguments[..2], SENTENCE.as_bytes());
    assert_eq!(stdout(&strict), done(&lax));
    assert!(stderr(&strict).contains("figures"), "{}", stderr(&strict));
}

#[test]
fn summaries_are_printed_alone() {
    let article = format!("{SENTENCE} Die Opposition stimmte am Abend dagegen.");
    let json = fed(
        &["summarize", "-", "--json", "--sentences", "1"],
        article.as_bytes(),
    );
    let answer: serde_json::Value = serde_json::from_str(done(&json)).unwrap();
    assert!(answer["summary"]["sentences"].as_array().unwrap().len() <= 1);
    let text = fed(&["summarize", "-", "--sentences", "1"], article.as_bytes());
    assert_eq!(
        done(&text).trim_end(),
        answer["summary"]["text"].as_str().unwrap().trim_end()
    );
}

/// `depesche … | head -1`.
#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = depesche(&["translate", "-", "--lines"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(SENTENCE.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
}

#[test]
fn a_glossary_is_read_from_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, table: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, table).unwrap();
        path.to_str().unwrap().to_owned()
    };
    for table in [
        file("terms.tsv", "Tagesschau\nBundesrat\tFederal Council\n"),
        file("terms.csv", "Bundesrat;Federal Council\nTagesschau;\n"),
    ] {
        let arguments = ["translate", "-", "--json", "--glossary", &table];
        let answer: serde_json::Value =
            serde_json::from_str(done(&fed(&arguments, b"Tagesschau"))).unwrap();
        assert_eq!(answer["translations"][0]["text"], "Tagesschau");
        assert_eq!(answer["translations"][0]["segments"][0]["status"], "copied");
    }
    let broken = file("broken.csv", "Bundesrat,\"Federal");
    let refused = fed(
        &["translate", "-", "--glossary", &broken],
        SENTENCE.as_bytes(),
    );
    assert_eq!(code(&refused), 1);
    assert!(
        stderr(&refused).contains("does not end"),
        "{}",
        stderr(&refused)
    );
}

fn feed(items: usize) -> String {
    let items: String = (0..items)
        .map(|number| {
            format!("<item><guid>{number}</guid><title>Der Bundestag hat {number} Gesetze beschlossen</title></item>\n")
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Blatt</title>\n{items}</channel></rss>"
    )
}

#[test]
fn feeds_go_from_standard_input_to_standard_output_byte_for_byte() {
    let output = fed(&["feed", "-"], feed(1).as_bytes());
    let printed = done(&output);
    assert!(
        printed.starts_with("<?xml version=\"1.0\"?>\n<rss"),
        "{printed}"
    );
    assert!(
        printed.ends_with("</title></item>\n</channel></rss>"),
        "no line end is added"
    );
    assert!(!printed.contains("Bundestag hat"), "{printed}");
    assert!(
        stderr(&output).contains("1 items, 1 translated"),
        "{}",
        stderr(&output)
    );

    for refused in [
        &["feed", "ftp://example.org/x"][..],
        &["feed", "-", "--format", "opml"],
    ] {
        assert_eq!(code(&run(refused)), 2, "{refused:?}");
    }
    let private = run(&["feed", "http://127.0.0.1:9/feed"]);
    assert_eq!(code(&private), 1);
    assert!(
        stderr(&private).contains("--allow-private"),
        "{}",
        stderr(&private)
    );
}

/// Killed in the middle, again and again: the output is whole or not there,
/// nothing that was finished is translated again, and at last all is done.
#[cfg(unix)]
#[test]
fn a_feed_survives_being_killed() {
    const ITEMS: usize = 20;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let [source, out, state, report] = ["in.xml", "out.xml", "state", "report.json"].map(path);
    std::fs::write(&source, feed(ITEMS)).unwrap();
    std::fs::write(&out, "the good one").unwrap();
    let arguments = [
        "feed", &source, "-o", &out, "--state", &state, "--report", &report,
    ];
    let kept = || {
        std::fs::read_dir(format!("{state}/items")).map_or(0, |files| {
            let is_whole = |name: &str| !name.starts_with('.');
            files
                .filter(|file| is_whole(file.as_ref().unwrap().file_name().to_str().unwrap()))
                .count()
        })
    };
    let mut killed = 0;
    while kept() < ITEMS / 2 {
        let before = kept();
        let mut child = depesche(&arguments).stderr(Stdio::null()).spawn().unwrap();
        while kept() < before + 2 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        killed += 1;
        assert_eq!(std::fs::read_to_string(&out).unwrap(), "the good one");
        assert!(killed < 60, "no run gets on");
    }
    assert!(killed >= 2, "it was killed only {killed} times");
    let before = kept();
    done(&run(&arguments));
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    let count = |status: &str| {
        let items = report["items"].as_array().unwrap();
        items.iter().filter(|item| item["status"] == status).count()
    };
    assert_eq!(count("remembered"), before);
    assert_eq!(count("translated"), ITEMS - before);
    assert_eq!(kept(), ITEMS);
}
#[test]
fn the_memory_goes_out_and_comes_back_as_tmx() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let tmx = "<tmx version=\"1.4\"><body><tu><tuv xml:lang=\"de\"><seg>Ja.</seg></tuv>\
               <tuv xml:lang=\"en\"><seg>Yes.</seg></tuv></tu></body></tmx>";
    let database = format!("sqlite:{}", file("a.db"));
    let imported = fed(
        &["memory", "import", "-", "--database", &database],
        tmx.as_bytes(),
    );
    assert_eq!(done(&imported), "1 entries taken\n");
    let out = file("out.tmx");
    done(&run(&[
        "memory",
        "export",
        "-o",
        &out,
        "--database",
        &database,
    ]));
    let copy = format!("sqlite:{}", file("b.db"));
    done(&run(&["memory", "import", &out, "--database", &copy]));
    let stats = run(&["memory", "stats", "--database", &copy]);
    let stats: serde_json::Value = serde_json::from_str(done(&stats)).unwrap();
    assert_eq!(stats["entries"], 1);
    assert_eq!(stats["edited"], 1);

    let none = run(&["memory", "stats", "--database", "off"]);
    assert_eq!(code(&none), 2);
    let wrong = fed(
        &["memory", "import", "-", "--database", &copy],
        b"<html></html>",
    );
    assert_eq!(code(&wrong), 1);
    assert!(
        stderr(&wrong).contains("not TMX at line 1"),
        "{}",
        stderr(&wrong)
    );
}

#[test]
fn a_new_key_is_shown_once_and_its_line_can_be_read() {
    let output = run(&["keys", "new", "desk", "--burst", "3"]);
    let line = done(&output).trim();
    let secret = stderr(&output).lines().last().unwrap().to_owned();
    assert!(secret.starts_with("depesche_"), "{secret}");
    assert!(!line.contains(&secret));
    let keys = depesche::keys::ring::Ring::read(line).unwrap();
    let ring = depesche::keys::ring::Ring::new(keys);
    let key = ring.find(&secret).expect("the line is the key's");
    assert_eq!(&*key.name, "desk");
    assert_eq!(key.allowance.burst.map(u32::from), Some(3));
    let wrong = run(&["keys", "new", "two words"]);
    assert_eq!((code(&wrong), stdout(&wrong)), (2, ""));
}

#[test]
fn a_service_does_not_start_with_keys_that_cannot_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys");
    std::fs::write(&file, "desk sha256:12\n").unwrap();
    let named = file.to_str().unwrap();
    let output = run(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database",
        "off",
        "--api-keys",
        named,
    ]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("line 1"), "{}", stderr(&output));
}

#[test]
fn a_page_without_an_article_is_refused_before_a_model_is_needed() {
    let output = fed(
        &["article", "-", "--extract"],
        b"<nav><a href=/>Start</a></nav>",
    );
    assert_eq!(code(&output), 1);
    assert!(
        stderr(&output).contains("no article"),
        "{}",
        stderr(&output)
    );
}
