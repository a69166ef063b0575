//! `depesche bench` with the scripted model: what it counts is known.

use depesche::cli::bench::{Plan, measure};

use crate::scripted::Scripted;

fn lines(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn plan(batch: &[u16]) -> Plan {
    Plan {
        batch: batch.to_vec(),
        rounds: 2,
        single: 2,
    }
}

#[tokio::test]
async fn tokens_steps_and_latencies_are_counted() {
    let lines = lines(&["Der Dax", "Die Bahn am Montag", "Das Wetter und mehr"]);
    let run = measure(Box::new(Scripted::new(8)), &lines, &plan(&[1, 3]))
        .await
        .expect("measured");
    // A token a word and the end of each text.
    let written: Vec<usize> = run.segments.iter().map(|found| found.written).collect();
    assert_eq!(written, [3, 5, 5]);
    let [alone, together] = &run.throughput[..] else {
        panic!("{:?}", run.throughput);
    };
    for (found, batch) in [(alone, 1), (together, 3)] {
        assert_eq!(found.batch, batch);
        assert_eq!(found.written_tokens, 13);
        assert!(found.prompt_tokens >= 10, "{}", found.prompt_tokens);
        assert!(found.written_per_second > 0.0 && found.seconds > 0.0);
    }
    assert_eq!((alone.steps, together.steps), (13, 5));
    assert!((alone.occupancy - 1.0).abs() < 1e-9);
    assert!((together.occupancy - 13.0 / 15.0).abs() < 1e-9);
    assert_eq!(run.prefill.expect("prompts").tokens, alone.prompt_tokens);
    let (first, whole) = (run.first_token.expect("it"), run.sentence.expect("it"));
    assert_eq!((first.count, whole.count), (4, 4));
    assert!(first.p50_ms <= whole.p50_ms);
}

#[tokio::test]
async fn a_failing_model_ends_the_measurement() {
    let lines = lines(&["Der Dax", "Ein FEHLER"]);
    let result = measure(Box::new(Scripted::new(2)), &lines, &plan(&[2])).await;
    assert!(result.is_err());
}
