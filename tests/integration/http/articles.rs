//! `POST /v1/articles`, answered as a whole.

use depesche::config::ServeConfig;
use serde_json::{Value, json};

use super::{REPORT, Server, expect_snapshot};
use crate::scripted::Scripted;

fn article(body: &Value) -> Value {
    let server = Server::start();
    let response = server.post("/v1/articles", body);
    assert_eq!(response.status, 200, "{}", response.text());
    response.json()
}

#[test]
fn a_text_with_a_title_becomes_a_dispatch() {
    let dispatch = article(&json!({
        "title": "Der Umsatz steigt",
        "text": format!("{REPORT}\n\nDie Zahl der Kunden wuchs um 12 Prozent und damit am stärksten."),
    }));
    expect_snapshot("article_text", dispatch);
}

#[test]
fn html_keeps_its_markup_and_its_scripts() {
    let dispatch = article(&json!({
        "html": "<article><p>Der Umsatz stieg um <b>4,5 Prozent</b> auf 1,2 Milliarden Euro.</p>\n\
                 <script>let Der = 'und';</script></article>",
    }));
    expect_snapshot("article_html", dispatch);
}

#[test]
fn markdown_keeps_its_markup_and_its_code() {
    let dispatch = article(&json!({
        "markdown": "# Der Umsatz\n\nDer Umsatz stieg um **4,5 Prozent** am Montag.\n\n\
                     - Das Ergebnis und der Gewinn sind gestiegen.\n\n```\nDer und Das\n```\n",
    }));
    expect_snapshot("article_markdown", dispatch);
}

#[test]
fn spans_lead_to_the_texts_they_are_said_to_hold() {
    let (title, text) = (
        "Größe zählt",
        format!("Übrigens: {REPORT} Das wär’s für heute."),
    );
    let dispatch = article(&json!({ "title": title, "text": text }));
    let translation = &dispatch["translation"];
    let cut = |text: &str, span: &Value| {
        let [start, end] = [&span[0], &span[1]].map(|end| end.as_u64().expect("a number") as usize);
        text[start..end].to_owned()
    };
    let sides = |part: &Value| match part.as_str() {
        Some("title") => (title, translation["title"].as_str().expect("a title")),
        _ => (text.as_str(), translation["text"].as_str().expect("a text")),
    };
    let segments = translation["segments"].as_array().expect("segments");
    assert_eq!(segments.len(), 3);
    for segment in segments {
        let (source, target) = sides(&segment["part"]);
        assert_eq!(cut(source, &segment["source_span"]), segment["source"]);
        assert_eq!(cut(target, &segment["target_span"]), segment["target"]);
    }
    let figures = dispatch["figures"].as_array().expect("figures");
    assert!(figures.len() >= 3, "{figures:#?}");
    for figure in figures {
        let (source, target) = sides(&figure["part"]);
        assert_eq!(
            cut(source, &figure["source"]["span"]),
            figure["source"]["text"]
        );
        assert_eq!(
            cut(target, &figure["target"]["span"]),
            figure["target"]["text"]
        );
    }
}

#[test]
fn figures_take_the_style_that_is_asked_for() {
    let dispatch = article(&json!({
        "text": REPORT,
        "options": { "figure_style": "symbol" },
    }));
    let text = dispatch["translation"]["text"].as_str().expect("a text");
    assert!(text.contains("4.5%"), "{text}");
    for figure in dispatch["figures"].as_array().expect("figures") {
        assert_eq!(figure["status"], "kept", "{figure:#}");
        let end = |index: usize| figure["target"]["span"][index].as_u64().expect("an end");
        let span = end(0) as usize..end(1) as usize;
        assert_eq!(text.get(span), figure["target"]["text"].as_str());
    }
    let kept = article(&json!({ "text": REPORT }));
    assert_eq!(
        kept["translation"]["text"],
        text.replace("4.5%", "4.5 percent")
    );
}

#[test]
fn options_bound_the_summary() {
    let text = format!("{REPORT} Die Zahl der Kunden wuchs um 12 Prozent und damit am stärksten.");
    let sentences = |options: Value| {
        let dispatch = article(&json!({ "text": text, "options": options }));
        dispatch["summary"]["sentences"]
            .as_array()
            .map(Vec::len)
            .expect("sentences")
    };
    assert_eq!(sentences(json!({})), 2);
    assert_eq!(sentences(json!({ "summary_sentences": 1 })), 1);
    assert_eq!(sentences(json!({ "summary_sentences": 0 })), 0);
    assert_eq!(sentences(json!({ "summary_sentences": 1.0 })), 1);
    assert_eq!(sentences(json!({ "summary_words": 15 })), 1);
}

#[test]
fn a_foreign_text_is_passed_or_trusted_when_asked() {
    let text = "The government has announced that the new law will come into force in July.";
    let ask = |policy: &str| article(&json!({ "text": text, "options": { "language": policy } }));
    let passed = ask("pass");
    assert_eq!(passed["translation"]["text"], text);
    assert_eq!(passed["translation"]["segments"][0]["status"], "copied");
    assert_eq!(passed["warnings"][0]["code"], "passed_through");
    assert!(
        passed["warnings"][0]["message"]
            .as_str()
            .is_some_and(|message| message.contains("English"))
    );
    assert_eq!(
        passed["summary"]["text"], "",
        "nothing of it was translated"
    );
    let trusted = ask("trust");
    assert_ne!(trusted["translation"]["segments"][0]["status"], "copied");
}

#[test]
fn beams_give_the_same_answer_here_as_the_greedy_search() {
    let text = |beams: u32| {
        let body = json!({ "text": REPORT, "options": { "beams": beams } });
        article(&body)["translation"]["text"].clone()
    };
    assert_eq!(text(1), text(4));
}

#[test]
fn a_figure_that_was_put_right_is_told() {
    let server = Server::start();
    // The script copies the German thousands mark, which English reads as a
    // decimal point.
    let body = json!({
        "text": "Der Verein hat nun 4.500 Mitglieder und sucht weitere.",
        "options": { "strict": true },
    });
    let answer = server.post("/v1/articles", &body).json();
    let segment = &answer["translation"]["segments"][0];
    assert_eq!(segment["status"], "repaired");
    assert!(
        segment["target"]
            .as_str()
            .is_some_and(|text| text.contains("4,500"))
    );
    assert_eq!(answer["warnings"][0]["code"], "figure_repaired");
    assert_eq!(
        answer["warnings"][0]["message"],
        "“4.500” stood for “4.500” of the source and was replaced by “4,500”"
    );
    assert_eq!(answer["figures"][0]["status"], "kept");
    // Who wants no hand in the text gets it as it is, and is told.
    let body = json!({
        "text": "Der Verein hat nun 4.500 Mitglieder und sucht weitere.",
        "options": { "repair": "again" },
    });
    let answer = server.post("/v1/articles", &body).json();
    let segment = &answer["translation"]["segments"][0];
    assert_eq!(segment["status"], "unresolved");
    assert!(
        segment["target"]
            .as_str()
            .is_some_and(|text| text.contains("4.500"))
    );
}

#[test]
fn figures_that_changed_are_reported_and_strict_callers_get_an_error() {
    let server = Server::start();
    // The script loses this figure.
    let body = json!({ "text": "Der Verein hat nun siebzehn Mitglieder und sucht weitere." });
    let lenient = server.post("/v1/articles", &body).json();
    assert_eq!(
        lenient["translation"]["segments"][0]["status"],
        "unresolved"
    );
    assert_eq!(lenient["warnings"][0]["code"], "figure_unresolved");

    let mut asked = body.clone();
    asked["options"] = json!({ "strict": true });
    for strict in [
        server.post("/v1/articles?strict=true", &body),
        server.post("/v1/articles", &asked),
        server.post("/v1/translate?strict=true", &body),
    ] {
        assert_eq!((strict.status, strict.code().as_str()), (422, "unresolved"));
    }
    // The summary would have to be made of this one sentence.
    let summary = server.post("/v1/summarize?strict=true", &body);
    assert_eq!(
        (summary.status, summary.code().as_str()),
        (422, "unresolved")
    );
}

/// The script loses the number: only a search that must write it has it.
#[test]
fn a_figure_that_was_lost_is_asked_for() {
    let server = Server::with(Scripted::new(16), ServeConfig::for_testing(), 64);
    let body = json!({ "text": "Der Verein hat nun siebzehn Mitglieder und sucht weitere." });
    let dispatch = server.post("/v1/articles", &body).json();
    let text = dispatch["translation"]["text"].as_str().expect("a text");
    assert!(text.contains("17"), "{text}");
    let open = dispatch["figures"]
        .as_array()
        .expect("figures")
        .iter()
        .filter(|figure| !matches!(figure["status"].as_str(), Some("kept" | "converted")));
    assert_eq!(open.count(), 0, "{}", dispatch["figures"]);
}
