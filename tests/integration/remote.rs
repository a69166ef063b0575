//! The engine whose model runs elsewhere, with a server that misbehaves on
//! demand: as the local one from outside, and never worse than its server.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use depesche::dispatch::{Article, ModelTag, Options};
use depesche::document::Format;
use depesche::engine::remote::retry::Retry;
use depesche::engine::remote::{Api, RemoteOptions, Secret};
use depesche::engine::{Decoding, Engine, EngineOptions, Finish, Submission, Translated};
use depesche::error::{Code, Error, Result};
use depesche::pipeline::{Context, Pipeline};

use crate::provider::Provider;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn connect(options: RemoteOptions) -> Engine {
    let engine = EngineOptions {
        queue: 32,
        cache: 1 << 20,
        ..EngineOptions::default()
    };
    Engine::connect(options, engine).expect("the engine starts")
}

/// An engine that has tried its server already.
fn engine(provider: &Provider) -> Engine {
    ready(connect(RemoteOptions::for_testing(&provider.url())))
}

fn ready(engine: Engine) -> Engine {
    until("the engine is ready", || engine.is_ready());
    engine
}

#[track_caller]
fn until(what: &str, come_true: impl Fn() -> bool) {
    let begun = Instant::now();
    while !come_true() {
        assert!(begun.elapsed() < PATIENCE, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn submission(texts: &[&str]) -> Submission {
    Submission {
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        decoding: Decoding::default(),
        required: Vec::new(),
        expires: None,
    }
}

fn beams(texts: &[&str], beams: usize) -> Submission {
    Submission {
        decoding: Decoding {
            beams,
            ..Decoding::default()
        },
        ..submission(texts)
    }
}

async fn run(engine: &Engine, submission: Submission) -> Vec<Result<Translated>> {
    let mut results: Vec<Option<Result<Translated>>> = vec![None; submission.texts.len()];
    let mut replies = engine.submit(submission).expect("admitted");
    while let Some((index, result)) = replies.next().await {
        assert!(results[index].replace(result).is_none(), "answered twice");
    }
    results
        .into_iter()
        .map(|result| result.expect("answered"))
        .collect()
}

async fn one(engine: &Engine, text: &str) -> Result<Translated> {
    run(engine, submission(&[text])).await.remove(0)
}

fn code(result: &Result<Translated>) -> Result<&str, Code> {
    result
        .as_ref()
        .map(|translated| translated.text.as_str())
        .map_err(Error::code)
}

#[tokio::test]
async fn segments_come_back_to_their_places_in_streams_and_whole() {
    for whole in [false, true] {
        for api in [Api::Chat, Api::Completions] {
            let provider = Provider::start();
            provider.script.whole.store(whole, Ordering::SeqCst);
            let engine = ready(connect(RemoteOptions {
                api,
                ..RemoteOptions::for_testing(&provider.url())
            }));
            let results = run(
                &engine,
                submission(&["Das Haus", "Der Dax stieg um 4,5 Prozent."]),
            )
            .await;
            let texts: Vec<_> = results.iter().map(code).collect();
            assert_eq!(texts, [Ok("The Haus"), Ok("The Dax rose by 4.5 percent.")]);
            let tokens = results[0].as_ref().map(|translated| translated.tokens).ok();
            assert_eq!(tokens, Some(if whole { 42 } else { 2 }));
            engine.drained().await;
            assert_eq!((engine.stats().waiting, engine.stats().active), (0, 0));
        }
    }
}

#[tokio::test]
async fn the_key_is_sent_and_shown_to_nobody() {
    let provider = Provider::start();
    let options = RemoteOptions {
        key: Some(Secret::new("sk-geheim".into())),
        ..RemoteOptions::for_testing(&provider.url())
    };
    assert!(!format!("{options:?}").contains("geheim"));
    let engine = ready(connect(options));
    assert_eq!(code(&one(&engine, "Das Haus").await), Ok("The Haus"));
    assert!(!format!("{engine:?}").contains("geheim"));
    let requests = provider.script.requests.lock().expect("nobody panicked");
    for (body, key) in requests.iter() {
        assert_eq!(key.as_deref(), Some("Bearer sk-geheim"));
        assert_eq!(body["model"], "big");
    }
}

#[tokio::test]
async fn admission_is_whole_or_not_at_all() {
    let provider = Provider::start();
    let engine = engine(&provider);
    provider.script.gate.shut();
    let texts: Vec<String> = (0..40).map(|number| format!("LANGSAM {number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let refused = |texts| {
        engine
            .submit(submission(texts))
            .map_err(|error| error.code())
            .err()
    };
    assert_eq!(refused(&texts), Some(Code::TooLarge));
    let replies = engine.submit(submission(&texts[..30]));
    // Four of them are on their way, the others wait.
    until("four are asked for", || engine.stats().active == 4);
    assert_eq!(refused(&texts[30..40]), Some(Code::QueueFull));
    drop(replies);
    provider.script.gate.open();
    engine.drained().await;
    assert!(provider.script.widest.load(Ordering::SeqCst) <= 4);
    engine.refuse_new();
    assert_eq!(refused(&texts[..1]), Some(Code::ShuttingDown));
}

#[tokio::test]
async fn answers_come_in_the_order_in_which_they_are_finished() {
    let provider = Provider::start();
    let engine = engine(&provider);
    provider.script.gate.shut();
    let mut replies = engine
        .submit(submission(&["LANGSAM Das", "Das Haus"]))
        .expect("admitted");
    let first = replies.next().await.expect("an answer");
    assert_eq!((first.0, code(&first.1)), (1, Ok("The Haus")));
    provider.script.gate.open();
    let second = replies.next().await.expect("an answer");
    assert_eq!((second.0, code(&second.1)), (0, Ok("LANGSAM The")));
    assert!(replies.next().await.is_none());
}

#[tokio::test]
async fn equal_segments_are_asked_for_once_and_remembered() {
    let provider = Provider::start();
    let engine = engine(&provider);
    provider.script.gate.shut();
    let first = engine
        .submit(submission(&["LANGSAM Das", "LANGSAM Das"]))
        .expect("admitted");
    until("it is asked for", || engine.stats().active == 1);
    let second = engine
        .submit(submission(&["LANGSAM Das"]))
        .expect("admitted");
    provider.script.gate.open();
    let mut tokens = Vec::new();
    for mut replies in [first, second] {
        while let Some((_, result)) = replies.next().await {
            let translated = result.expect("translated");
            assert_eq!(translated.text, "LANGSAM The");
            tokens.push(translated.tokens);
        }
    }
    tokens.sort_unstable();
    assert_eq!(tokens, [0, 0, 2]);
    assert_eq!(code(&one(&engine, "LANGSAM Das").await), Ok("LANGSAM The"));
    assert_eq!(provider.script.asked("LANGSAM").len(), 1);
}

#[tokio::test]
async fn who_leaves_is_forgotten_and_the_connection_closed() {
    let provider = Provider::start();
    let engine = engine(&provider);
    let replies = engine
        .submit(submission(&["Das TROPFEN Haus"]))
        .expect("admitted");
    until("it is asked for", || {
        !provider.script.asked("TROPFEN").is_empty()
    });
    drop(replies);
    engine.drained().await;
    until("the connection is closed", || {
        provider.script.deserted.load(Ordering::SeqCst) == 1
    });

    provider.script.gate.shut();
    let replies = engine.submit(submission(&[
        "LANGSAM 1",
        "LANGSAM 2",
        "LANGSAM 3",
        "LANGSAM 4",
        "Das Haus 5",
        "Das Haus 6",
    ]));
    until("four are asked for", || engine.stats().active == 4);
    drop(replies);
    until("the others are forgotten", || engine.stats().waiting == 0);
    provider.script.gate.open();
    engine.drained().await;
    assert!(provider.script.asked("Das Haus").is_empty());
}

#[tokio::test]
async fn what_passes_is_tried_again_and_the_rest_is_told() {
    let provider = Provider::start();
    let engine = engine(&provider);
    for (text, expected, attempts) in [
        ("Das VERLOREN Haus", Ok("The VERLOREN Haus"), 2),
        ("Das KAPUTT Haus", Err(Code::Engine), 3),
        ("Das Haus", Ok("The Haus"), 1),
        ("Das ABBRUCH Haus", Err(Code::Engine), 3),
        ("Das ganze Haus", Ok("The ganze Haus"), 1),
        ("Das UNSINN Haus", Err(Code::Engine), 3),
        ("Das ZUVIEL Haus", Err(Code::QueueFull), 3),
        ("Das LEER Haus", Ok(""), 1),
        ("Das DEUTSCH Haus", Ok("Das DEUTSCH Haus"), 1),
        ("Das PLAUDERN Haus", Ok("The PLAUDERN Haus"), 1),
    ] {
        let result = one(&engine, text).await;
        assert_eq!(code(&result), expected, "{text}");
        assert_eq!(provider.script.asked(text).len(), attempts, "{text}");
        if let Err(error) = result {
            assert!(!error.to_string().contains("Haus"), "{error}");
        }
    }
    assert!(engine.is_ready());
}

#[tokio::test]
async fn lengths_are_told_as_by_the_local_engine() {
    let provider = Provider::start();
    let engine = engine(&provider);
    let cut = one(&engine, "Das UFERLOS Haus").await.expect("translated");
    assert_eq!(cut.finish, Finish::Length);
    let long = format!("KONTEXT {}", "Das Haus ".repeat(10));
    match one(&engine, &long).await {
        Err(Error::TooLarge { actual, limit, .. }) => assert!(actual > limit && limit > 0),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn beams_bring_alternatives_where_the_server_can() {
    let provider = Provider::start();
    let engine = engine(&provider);
    let wide = run(&engine, beams(&["Das Haus"], 4))
        .await
        .remove(0)
        .expect("translated");
    assert_eq!(wide.text, "The Haus");
    assert_eq!(
        wide.alternatives,
        ["The Haus (0)", "The Haus (1)", "The Haus (2)"]
    );
    provider.script.single.store(true, Ordering::SeqCst);
    let wide = run(&engine, beams(&["Das Tor"], 4))
        .await
        .remove(0)
        .expect("translated");
    assert_eq!(
        (wide.text.as_str(), wide.alternatives.len()),
        ("The Tor", 0)
    );
}

#[tokio::test]
async fn a_slow_server_is_given_up_in_time() {
    let provider = Provider::start();
    let options = RemoteOptions {
        timeout: Duration::from_millis(400),
        retry: Retry {
            attempts: 1,
            ..RemoteOptions::for_testing("").retry
        },
        ..RemoteOptions::for_testing(&provider.url())
    };
    let engine = ready(connect(options));
    provider.script.gate.shut();
    assert_eq!(code(&one(&engine, "LANGSAM Das").await), Err(Code::Engine));
    provider.script.gate.open();
}

#[tokio::test]
async fn a_server_that_is_down_is_left_alone_and_tried_until_it_works() {
    let provider = Provider::start();
    let engine = engine(&provider);
    provider.script.status.store(503, Ordering::SeqCst);
    let texts = ["Das 1", "Das 2", "Das 3"];
    let results = run(&engine, submission(&texts)).await;
    assert!(results.iter().all(|result| result.is_err()), "{results:?}");
    until("the engine is not ready", || !engine.is_ready());
    let unavailable = engine.readiness().expect_err("it is left alone");
    assert_eq!(unavailable.code(), Code::EngineUnavailable);
    assert!(unavailable.retry_after().is_some());
    assert!(unavailable.to_string().contains("503"), "{unavailable}");

    // Nobody is kept waiting, and the server gets no work.
    let before = provider.script.asked("Das Haus").len();
    assert_eq!(
        code(&one(&engine, "Das Haus").await),
        Err(Code::EngineUnavailable)
    );
    assert_eq!(provider.script.asked("Das Haus").len(), before);

    provider.script.status.store(0, Ordering::SeqCst);
    until("the engine is ready again", || engine.is_ready());
    assert!(engine.readiness().is_ok());
    assert_eq!(code(&one(&engine, "Das Haus").await), Ok("The Haus"));
}

#[tokio::test]
async fn a_key_that_is_refused_is_told_at_once() {
    let provider = Provider::start();
    let engine = engine(&provider);
    provider.script.status.store(401, Ordering::SeqCst);
    let refused = one(&engine, "Das Haus").await.expect_err("refused");
    assert_eq!(refused.code(), Code::Engine);
    assert!(
        refused.to_string().contains("DEPESCHE_ENGINE_KEY"),
        "{refused}"
    );
    assert_eq!(provider.script.asked("Das Haus").len(), 1);
    until("the engine is not ready", || !engine.is_ready());
}

#[tokio::test]
async fn articles_are_checked_whoever_translates() {
    let provider = Provider::start();
    let tag = ModelTag {
        name: "openai:big".into(),
        adapter: None,
    };
    let pipeline = Pipeline::new(engine(&provider), tag).with_german_words();
    let article = Article {
        title: None,
        body: "Der Dax stieg am Freitag um 4,5 Prozent. Die Börse DEUTSCH schloss am Freitag mit einem Minus von 17 Punkten.".into(),
        format: Format::Text,
        found: false,
    };
    let dispatch = pipeline
        .article(article, Options::default(), Context::default())
        .await
        .expect("translated");
    assert_eq!(dispatch.model.name, "openai:big");
    assert!(
        dispatch
            .figures
            .iter()
            .any(|figure| format!("{figure:?}").contains("Kept")),
        "{:?}",
        dispatch.figures
    );
    // What is still German is marked, after a second look with a beam.
    assert!(!dispatch.warnings.is_empty());
    let widths: Vec<u64> = provider
        .script
        .asked("DEUTSCH")
        .iter()
        .filter_map(|body| body["n"].as_u64())
        .collect();
    assert_eq!(widths, [1, 1, 3]);
}
