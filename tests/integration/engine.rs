//! The engine with a scripted model: batching, isolation, cancelling, limits.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use depesche::engine::{Decoding, Engine, EngineOptions, Finish, Required, Submission, Translated};
use depesche::error::{Code, Result};
use depesche::model::AnswerLength;

use crate::scripted::Scripted;

fn engine(model: Scripted) -> Engine {
    Engine::start(
        Box::new(model),
        EngineOptions {
            queue: 32,
            prompt_budget: 64,
            cache: 0,
        },
    )
    .expect("the engine starts")
}

/// An engine that remembers what it has translated.
fn remembering(model: Scripted) -> Engine {
    let options = EngineOptions {
        cache: 1 << 20,
        ..EngineOptions::default()
    };
    Engine::start(Box::new(model), options).expect("the engine starts")
}

fn submission(texts: &[&str]) -> Submission {
    Submission {
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        decoding: Decoding::default(),
        required: Vec::new(),
        expires: None,
    }
}

/// Segments that differ: equal ones would be translated once.
fn numbered(text: &str, count: usize) -> Submission {
    Submission {
        texts: (0..count)
            .map(|number| format!("{text} {number}"))
            .collect(),
        ..submission(&[])
    }
}

async fn run(engine: &Engine, submission: Submission) -> Vec<Result<Translated>> {
    let count = submission.texts.len();
    let mut replies = engine.submit(submission).expect("admitted");
    let mut results: Vec<Option<Result<Translated>>> = vec![None; count];
    while let Some((index, result)) = replies.next().await {
        assert!(results[index].replace(result).is_none(), "answered twice");
    }
    results
        .into_iter()
        .map(|result| result.expect("answered"))
        .collect()
}

async fn ready(engine: &Engine) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while !engine.is_ready() {
        assert!(Instant::now() < deadline, "the engine never became ready");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn text(result: &Result<Translated>) -> &str {
    &result.as_ref().expect("translated").text
}

#[tokio::test]
async fn segments_come_back_to_their_places() {
    let engine = engine(Scripted::new(3));
    let results = run(
        &engine,
        submission(&[
            "Das Haus",
            "4,8 Millionen und mehr",
            "Der Mann am Montag",
            "x",
        ]),
    )
    .await;
    let texts: Vec<_> = results.iter().map(text).collect();
    assert_eq!(
        texts,
        [
            "The Haus",
            "4.8 million and mehr",
            "The Mann on Montag",
            "x"
        ]
    );
}

#[tokio::test]
async fn several_requests_share_a_batch_and_sequences_are_given_back() {
    let model = Scripted::new(4).slow(Duration::from_millis(2));
    let witness = model.witness();
    let engine = engine(model);
    let (a, b) = tokio::join!(
        run(&engine, submission(&["a b c d", "e f g h", "i j k l"])),
        run(&engine, submission(&["m n o p", "q r s t"])),
    );
    assert_eq!(a.len() + b.len(), 5);
    assert_eq!(witness.widest.load(Ordering::SeqCst), 4);
    engine.drained().await;
    assert_eq!(witness.open.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_failing_segment_harms_no_other() {
    for word in ["FEHLER", "PANIK"] {
        let engine = engine(Scripted::new(4));
        let bad = format!("a {word} b");
        let results = run(&engine, submission(&["Das Haus", &bad, "Der Mann"])).await;
        assert_eq!(text(&results[0]), "The Haus");
        assert_eq!(
            results[1].as_ref().map_err(|error| error.code()),
            Err(Code::Model)
        );
        assert_eq!(text(&results[2]), "The Mann");
        assert_eq!(engine.stats().active, 0);
    }
}

#[tokio::test]
async fn a_loop_is_cut_and_decoded_again() {
    let engine = engine(Scripted::new(2));
    let results = run(&engine, submission(&["Das ENDLOS", "Das Haus"])).await;
    let healed = results[0].as_ref().expect("translated");
    assert!(healed.retried);
    assert_eq!(healed.finish, Finish::End);
    assert!(healed.text.split(' ').count() < 12, "{}", healed.text);
    assert!(!results[1].as_ref().expect("translated").retried);
}

#[tokio::test]
async fn a_loop_of_all_beams_is_cut_and_decoded_again() {
    let model = Scripted::new(4);
    let witness = model.witness();
    let engine = engine(model);
    let mut beams = submission(&["Das ENDLOS", "Das Haus"]);
    beams.decoding.beams = 2;
    let results = run(&engine, beams).await;
    let healed = results[0].as_ref().expect("translated");
    assert!(healed.retried);
    assert_eq!(healed.finish, Finish::End);
    for text in healed.alternatives.iter().chain([&healed.text]) {
        assert!(text.split(' ').count() < 12, "{text}");
    }
    assert!(!results[1].as_ref().expect("translated").retried);
    assert_eq!(text(&results[1]), "The Haus");
    engine.drained().await;
    assert_eq!(witness.open.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn output_without_end_stops_at_its_limit() {
    let engine = engine(Scripted::new(2));
    let results = run(&engine, submission(&["UFERLOS a b"])).await;
    let result = results[0].as_ref().expect("translated");
    assert_eq!(result.finish, Finish::Length);
    assert_eq!(result.tokens, AnswerLength::default().limit(3));
}

#[tokio::test]
async fn a_segment_beyond_the_window_is_refused_with_both_sizes() {
    let engine = engine(Scripted::new(2).window(40));
    let long = "wort ".repeat(30);
    let results = run(&engine, submission(&[&long, "Das Haus"])).await;
    match &results[0] {
        Err(depesche::Error::TooLarge { actual, limit, .. }) => {
            assert_eq!(*actual, 30);
            assert!(*limit < 30 && *limit > 0);
        }
        other => panic!("expected TooLarge, got {other:?}"),
    }
    assert_eq!(text(&results[1]), "The Haus");
}

#[tokio::test]
async fn beams_find_the_greedy_result_of_a_certain_model() {
    let model = Scripted::new(4);
    let witness = model.witness();
    let engine = engine(model);
    let mut beams = submission(&["Das Haus am Montag", "Der Mann"]);
    beams.decoding.beams = 4;
    let results = run(&engine, beams).await;
    assert_eq!(text(&results[0]), "The Haus on Montag");
    assert_eq!(text(&results[1]), "The Mann");
    assert!(
        !results[0]
            .as_ref()
            .expect("translated")
            .alternatives
            .is_empty()
    );
    engine.drained().await;
    assert_eq!(witness.open.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_beam_is_no_wider_than_the_model() {
    let model = Scripted::new(2);
    let witness = model.witness();
    let engine = engine(model);
    let mut wide = submission(&["Das Haus am Montag"]);
    wide.decoding.beams = 3;
    let results = run(&engine, wide).await;
    assert_eq!(text(&results[0]), "The Haus on Montag");
    assert_eq!(witness.widest.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_full_queue_refuses_whole_submissions_and_recovers() {
    // Nothing is finished between the two submissions, and the texts differ:
    // equal ones would leave the queue together.
    let model = Scripted::new(1);
    let gate = model.gate();
    let engine = engine(model);
    ready(&engine).await;
    gate.shut();
    let replies = engine.submit(numbered("a b c", 30)).expect("admitted");
    let refused = engine.submit(numbered("d e f", 30)).expect_err("full");
    assert_eq!(refused.code(), Code::QueueFull);
    assert!(refused.retry_after().is_some());
    let never = engine
        .submit(submission(&["x"; 33]))
        .expect_err("can never be admitted");
    assert_eq!(never.code(), Code::TooLarge);
    drop(replies);
    gate.open();
    engine.drained().await;
    assert_eq!(engine.stats().waiting, 0);
    assert_eq!(text(&run(&engine, submission(&["Das"])).await[0]), "The");
}

#[tokio::test]
async fn dropping_the_replies_stops_the_work() {
    let model = Scripted::new(1).slow(Duration::from_millis(5));
    let (gate, witness) = (model.gate(), model.witness());
    let engine = engine(model);
    ready(&engine).await;
    let replies = engine
        .submit(numbered("UFERLOS a b c d e f g h", 20))
        .expect("admitted");
    let patience = Instant::now() + Duration::from_secs(20);
    while witness.steps.load(Ordering::SeqCst) < 4 {
        assert!(Instant::now() < patience, "the engine never began");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    gate.shut();
    let steps = witness.steps.load(Ordering::SeqCst);
    drop(replies);
    gate.open();
    engine.drained().await;
    assert_eq!(witness.open.load(Ordering::SeqCst), 0);
    // The step under way, and the one before the engine looks round again.
    assert!(witness.steps.load(Ordering::SeqCst) <= steps + 2);
}

#[tokio::test]
async fn segments_that_expired_in_the_queue_are_not_started() {
    let engine = engine(Scripted::new(1).slow(Duration::from_millis(5)));
    ready(&engine).await;
    let mut late = numbered("a b c d e f g h i j", 8);
    late.expires = Some(Instant::now() + Duration::from_millis(30));
    let results = run(&engine, late).await;
    assert_eq!(
        results[7].as_ref().map_err(|error| error.code()),
        Err(Code::Deadline)
    );
}

#[tokio::test]
async fn a_closing_engine_finishes_what_runs_and_takes_nothing_new() {
    let engine = engine(Scripted::new(2).slow(Duration::from_millis(2)));
    ready(&engine).await;
    let mut replies = engine.submit(submission(&["Das Haus"])).expect("admitted");
    engine.refuse_new();
    assert_eq!(
        engine
            .submit(submission(&["x"]))
            .expect_err("closing")
            .code(),
        Code::ShuttingDown
    );
    assert_eq!(
        text(&replies.next().await.expect("an answer").1),
        "The Haus"
    );
    engine.drained().await;
    assert!(!engine.is_ready());
}

#[tokio::test]
async fn equal_segments_under_way_are_translated_once() {
    let model = Scripted::new(4);
    let (gate, witness) = (model.gate(), model.witness());
    let engine = engine(model);
    ready(&engine).await;
    gate.shut();
    let first = engine.submit(submission(&["Das Haus", "Das Haus"]));
    let second = engine.submit(submission(&["Der Mann", "Das Haus"]));
    let (mut first, mut second) = (first.expect("admitted"), second.expect("admitted"));
    gate.open();
    let mut tokens = Vec::new();
    for replies in [&mut first, &mut second] {
        while let Some((_, result)) = replies.next().await {
            let translated = result.expect("translated");
            assert!(["The Haus", "The Mann"].contains(&translated.text.as_str()));
            tokens.push(translated.tokens);
        }
    }
    assert_eq!(tokens.len(), 4);
    // Two segments were written, the others shared one of them.
    assert_eq!(tokens.iter().filter(|tokens| **tokens > 0).count(), 2);
    engine.drained().await;
    assert_eq!(witness.open.load(Ordering::SeqCst), 0);
    assert_eq!(engine.stats().waiting, 0);
}

#[tokio::test]
async fn who_joined_a_segment_gets_it_although_its_first_owner_left() {
    let model = Scripted::new(1);
    let gate = model.gate();
    let engine = engine(model);
    ready(&engine).await;
    gate.shut();
    let first = engine.submit(submission(&["Das Haus"])).expect("admitted");
    let second = engine.submit(submission(&["Das Haus"])).expect("admitted");
    drop(first);
    gate.open();
    let mut second = second;
    let (_, result) = second.next().await.expect("an answer");
    assert_eq!(text(&result), "The Haus");
    engine.drained().await;
}

#[tokio::test]
async fn a_known_segment_needs_no_model() {
    let model = Scripted::new(2);
    let witness = model.witness();
    let engine = remembering(model);
    let first = run(&engine, submission(&["Das Haus", "Der Mann"])).await;
    let steps = witness.steps.load(Ordering::SeqCst);
    let second = run(&engine, submission(&["Der Mann", "Das Haus"])).await;
    assert_eq!(witness.steps.load(Ordering::SeqCst), steps);
    assert_eq!(text(&second[0]), text(&first[1]));
    assert_eq!(text(&second[1]), text(&first[0]));
    assert!(second.iter().flatten().all(|known| known.tokens == 0));
    // In another decoding it is another segment.
    let wide = Submission {
        decoding: Decoding {
            beams: 2,
            ..Decoding::default()
        },
        ..submission(&["Das Haus"])
    };
    let third = run(&engine, wide).await;
    assert!(witness.steps.load(Ordering::SeqCst) > steps);
    assert_eq!(text(&third[0]), "The Haus");
}

#[tokio::test]
async fn a_failure_is_not_remembered() {
    let engine = remembering(Scripted::new(2));
    for _ in 0..2 {
        let results = run(&engine, submission(&["a FEHLER b", "a FEHLER b"])).await;
        assert!(results.iter().all(Result::is_err));
    }
}

fn required(any_of: &[&str]) -> Required {
    Required::AnyOf(any_of.iter().map(|text| (*text).to_owned()).collect())
}

#[tokio::test]
async fn an_answer_has_what_it_must_have() {
    let model = Scripted::new(8);
    let witness = model.witness();
    let engine = engine(model);
    ready(&engine).await;
    let decoding = Decoding {
        beams: 2,
        ..Decoding::default()
    };
    let demanding = Submission {
        decoding,
        required: vec![
            vec![required(&["17 percent", "17"]), required(&["on Monday"])],
            Vec::new(),
        ],
        ..submission(&["Das Haus siebzehn", "Das Haus siebzehn", "Der Mann"])
    };
    let results = run(&engine, demanding).await;
    let first = results[0].as_ref().expect("translated");
    assert_eq!(first.finish, Finish::End);
    for hypothesis in [&first.text].into_iter().chain(&first.alternatives) {
        assert!(hypothesis.contains("17") && hypothesis.contains("on Monday"));
    }
    // What is required of one text is not of its equal, and only begun phrases
    // take places in the batch.
    assert_eq!(text(&results[1]), "The Haus many");
    assert_eq!(text(&results[2]), "The Mann");
    assert_eq!(witness.open.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_answer_has_not_what_it_must_not_have() {
    let engine = engine(Scripted::new(8));
    let decoding = Decoding {
        beams: 4,
        ..Decoding::default()
    };
    let text = "Das Haus siebzehn und";
    let free = Submission {
        decoding,
        ..submission(&[text])
    };
    let avoiding = Submission {
        required: vec![vec![Required::Not("many".into())]],
        ..free.clone()
    };
    for (submission, says_it) in [(free.clone(), true), (avoiding, false), (free, true)] {
        let results = run(&engine, submission).await;
        let answer = results[0].as_ref().expect("translated");
        assert_eq!(answer.text.contains("many"), says_it, "{}", answer.text);
        assert_eq!(answer.finish, Finish::End);
    }
}

#[tokio::test]
async fn what_there_is_no_room_for_is_not_required() {
    let engine = engine(Scripted::new(2));
    let narrow = Submission {
        required: vec![vec![required(&["17"]), required(&["18"])]],
        ..submission(&["Das Haus"])
    };
    let results = run(&engine, narrow).await;
    let text = text(&results[0]);
    assert!(text.contains("17") && !text.contains("18"), "{text}");
    let wide = Submission {
        decoding: Decoding {
            beams: 2,
            ..Decoding::default()
        },
        required: vec![vec![required(&["17"])]],
        ..submission(&["Das Haus"])
    };
    let results = run(&engine, wide).await;
    assert_eq!(results[0].as_ref().expect("translated").text, "The Haus");
}
