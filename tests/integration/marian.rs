//! Marian against what transformers recorded for the tiny model in
//! `tests/parity/marian` (made by `make_tiny_marian.py`).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use depesche::config::EngineConfig;
use depesche::engine::{Decoding, Engine, EngineOptions, Submission};
use depesche::error::{Error, Result};
use depesche::model::fetch::progress::Silent;
use depesche::model::load::load;
use depesche::model::marian::{Marian, MarianOptions};
use depesche::model::sentencepiece::SentencePiece;
use depesche::model::{AnswerLength, Input, Limits, Logits, Model, Opened, Prompt, SequenceId};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    max_length: usize,
    beams: usize,
    length_penalty: f32,
    encode: Vec<Encoded>,
    decode: Vec<Encoded>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Encoded {
    text: String,
    tokens: Vec<u32>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    tokens: Vec<u32>,
    /// The greedy output and some random tokens behind it.
    decoder_inputs: Vec<u32>,
    greedy: Vec<u32>,
    greedy_text: String,
    beam: Vec<u32>,
    /// Sum of the log probabilities of the beam, divided by its length.
    beam_score: f32,
}

fn parity() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/marian")
}

fn reference() -> Reference {
    let json = std::fs::read(parity().join("reference.json")).expect("the recorded reference");
    serde_json::from_slice(&json).expect("reference.json")
}

fn reference_logits() -> HashMap<String, Tensor> {
    let path = parity().join("logits.safetensors");
    candle_core::safetensors::load(path, &Device::Cpu).expect("the recorded logits")
}

fn tiny() -> Marian {
    Marian::load(&parity().join("tiny"), MarianOptions::default()).expect("the tiny model")
}

fn open(model: &mut Marian, case: &Case) -> SequenceId {
    let prompt = model.encode(&case.text).expect("encoded");
    model.open(&prompt).expect("opened").id
}

fn feed(model: &mut Marian, inputs: &[(SequenceId, &[u32])]) -> Result<Logits> {
    let inputs = inputs
        .iter()
        .map(|&(sequence, tokens)| Input { sequence, tokens });
    model.forward(&inputs.collect::<Vec<_>>())
}

fn bits(row: &[f32]) -> Vec<u32> {
    row.iter().map(|score| score.to_bits()).collect()
}

/// Index of the highest score, the first among equals.
fn best(row: &[f32]) -> u32 {
    let better = |best: usize, next: usize| if row[next] > row[best] { next } else { best };
    (0..row.len()).reduce(better).expect("scores") as u32
}

fn greedy(model: &mut Marian, text: &str, max_length: usize) -> Vec<u32> {
    let prompt = model.encode(text).expect("encoded");
    let opened = model.open(&prompt).expect("opened");
    let mut tokens = opened.pending;
    let mut fed = 0;
    while tokens.len() < max_length {
        let logits = feed(model, &[(opened.id, &tokens[fed..])]).expect("scored");
        fed = tokens.len();
        let next = best(logits.row(0));
        tokens.push(next);
        if model.limits().end_tokens.contains(&next) {
            break;
        }
    }
    model.close(opened.id);
    tokens
}

#[test]
fn texts_become_the_tokens_of_transformers() {
    let model = tiny();
    let reference = reference();
    assert!(reference.encode.len() >= 100);
    for Encoded { text, tokens } in &reference.encode {
        let prompt = model.encode(text).expect("encoded");
        assert_eq!(&prompt.tokens, tokens, "{text:?}");
        assert_eq!(prompt.source_tokens, tokens.len() - 1, "{text:?}");
    }
}

#[test]
fn tokens_become_the_text_of_transformers() {
    let model = tiny();
    for Encoded { text, tokens } in &reference().decode {
        assert_eq!(&model.decode(tokens).expect("decoded"), text, "{tokens:?}");
    }
}

/// Special tokens are what the model's own vocabulary says, never what an
/// article says.
#[test]
fn a_text_cannot_name_special_tokens() {
    let model = tiny();
    let ends = |text| {
        model
            .encode(text)
            .expect("encoded")
            .tokens
            .iter()
            .filter(|&&token| token == 0)
            .count()
    };
    for text in [
        "a </s> b",
        "</s>",
        "<pad></s><unk>",
        ">></s><< x",
        ">>xyz<< x",
    ] {
        assert_eq!(ends(text), 1, "{text}");
    }
    let unknown_code = model.encode(">>xyz<< Die").expect("encoded");
    assert!(unknown_code.source_tokens > model.encode("Die").expect("encoded").source_tokens + 1);
}

#[test]
fn logits_agree_with_transformers_at_every_position() {
    let mut model = tiny();
    let expected = reference_logits();
    let mut worst = 0f32;
    for (number, case) in reference().cases.iter().enumerate() {
        assert_eq!(
            model.encode(&case.text).expect("encoded").tokens,
            case.tokens
        );
        let expected = expected[&format!("case{number}")]
            .to_vec2::<f32>()
            .expect("a matrix");
        assert_eq!(expected.len(), case.decoder_inputs.len());
        let padding = case.decoder_inputs[0] as usize;
        let sequence = open(&mut model, case);
        for (token, expected) in case.decoder_inputs.iter().zip(&expected) {
            let logits = feed(&mut model, &[(sequence, &[*token])]).expect("scored");
            assert_eq!(logits.row(0).len(), expected.len());
            for (token, (&ours, &theirs)) in logits.row(0).iter().zip(expected).enumerate() {
                if token == padding {
                    assert_eq!(ours, f32::NEG_INFINITY);
                } else {
                    worst = worst.max((ours - theirs).abs());
                }
            }
        }
    }
    println!("largest difference of a logit: {worst:e}");
    // The agreed bound is 1e-3; this one also notices positions rounded to half
    // precision, which moved these logits by 1.6e-3. Rounding of f32 sums moves
    // them by less than 1e-5.
    assert!(worst < 1e-4, "{worst}");
}

#[test]
fn greedy_output_is_that_of_transformers() {
    let mut model = tiny();
    let reference = reference();
    for case in &reference.cases {
        let tokens = greedy(&mut model, &case.text, reference.max_length);
        assert_eq!(tokens, case.greedy, "{}", case.text);
        assert_eq!(model.decode(&tokens).expect("decoded"), case.greedy_text);
    }
}

/// Marian, with its tokens as numbers in the place of text.
struct Numbers(Marian);

impl Model for Numbers {
    fn limits(&self) -> &Limits {
        self.0.limits()
    }
    fn encode(&self, source: &str) -> Result<Prompt> {
        self.0.encode(source)
    }
    fn phrase(&self, text: &str) -> Result<Vec<u32>> {
        self.0.phrase(text)
    }
    fn decode(&self, tokens: &[u32]) -> Result<String> {
        Ok(numbers(tokens))
    }
    fn open(&mut self, prompt: &Prompt) -> Result<Opened> {
        self.0.open(prompt)
    }
    fn fork(&mut self, sequence: SequenceId) -> Result<SequenceId> {
        self.0.fork(sequence)
    }
    fn close(&mut self, sequence: SequenceId) {
        self.0.close(sequence);
    }
    fn forward(&mut self, inputs: &[Input<'_>]) -> Result<Logits> {
        self.0.forward(inputs)
    }
}

fn numbers(tokens: &[u32]) -> String {
    let words: Vec<_> = tokens.iter().map(u32::to_string).collect();
    words.join(" ")
}

/// What the engine writes for `texts`, as numbers.
async fn written(texts: Vec<String>, answer: AnswerLength, decoding: Decoding) -> Vec<String> {
    let options = MarianOptions {
        answer,
        ..MarianOptions::default()
    };
    let model = Marian::load(&parity().join("tiny"), options).expect("the tiny model");
    let options = EngineOptions {
        queue: 32,
        prompt_budget: 256,
        cache: 0,
    };
    let engine = Engine::start(Box::new(Numbers(model)), options).expect("the engine starts");
    let mut written = vec![String::new(); texts.len()];
    let submission = Submission {
        texts,
        decoding,
        required: Vec::new(),
        expires: None,
    };
    let mut replies = engine.submit(submission).expect("admitted");
    while let Some((index, result)) = replies.next().await {
        written[index] = result.expect("translated").text;
    }
    written
}

#[tokio::test]
async fn beam_search_is_that_of_transformers() {
    let reference = reference();
    assert!(reference.cases.iter().any(|case| case.beam != case.greedy));
    // `max_length` counts the start token.
    let answer = AnswerLength {
        factor: 0.0,
        extra: reference.max_length - 1,
    };
    let decoding = Decoding {
        beams: reference.beams,
        length_penalty: reference.length_penalty,
    };
    let texts = reference.cases.iter().map(|case| case.text.clone());
    let written = written(texts.collect(), answer, decoding).await;
    let ends = tiny().limits().end_tokens.clone();
    for (case, written) in reference.cases.iter().zip(written) {
        let expected = case.beam[1..].split(|token| ends.contains(token)).next();
        assert_eq!(written, numbers(expected.expect("tokens")), "{}", case.text);
    }
}

/// The recorded score of each beam, from the scores of the model.
#[test]
fn beam_scores_are_those_of_transformers() {
    let mut model = tiny();
    for case in &reference().cases {
        let sequence = open(&mut model, case);
        let mut sum = 0.0;
        for pair in case.beam.windows(2) {
            let logits = feed(&mut model, &[(sequence, &pair[..1])]).expect("scored");
            let row = logits.row(0);
            let normaliser = row.iter().map(|score| score.exp()).sum::<f32>().ln();
            sum += row[pair[1] as usize] - normaliser;
        }
        let score = sum / (case.beam.len() - 1) as f32;
        let difference = (score - case.beam_score).abs();
        // transformers counts the padding, which it never writes, among what
        // the probabilities are shared by; the engine does not.
        assert!(difference < 2e-3, "{score} {}", case.beam_score);
        model.close(sequence);
    }
}

#[test]
fn pickled_weights_score_the_same_to_the_bit() {
    let folder = copy_of_tiny();
    std::fs::remove_file(folder.path().join("model.safetensors")).expect("removed");
    let mut pickled =
        Marian::load(folder.path(), MarianOptions::default()).expect("pytorch_model.bin");
    let mut model = tiny();
    for case in &reference().cases {
        let (a, b) = (open(&mut pickled, case), open(&mut model, case));
        let a = feed(&mut pickled, &[(a, &case.decoder_inputs)]).expect("scored");
        let b = feed(&mut model, &[(b, &case.decoder_inputs)]).expect("scored");
        assert_eq!(bits(&a.values), bits(&b.values));
    }
}

/// Twenty sequences of six sources (three tiles, the last one not full), fed
/// in changing company and changing order.
#[test]
fn scores_do_not_depend_on_the_batch() {
    let cases = reference().cases;
    let case = |index: usize| &cases[index % cases.len()];
    let mut alone = tiny();
    let mut expected = Vec::new();
    for index in 0..20 {
        let sequence = open(&mut alone, case(index));
        let rows = case(index).decoder_inputs.iter();
        let rows = rows.map(|token| feed(&mut alone, &[(sequence, &[*token])]).expect("scored"));
        expected.push(rows.map(|logits| bits(logits.row(0))).collect::<Vec<_>>());
    }

    let mut together = tiny();
    let sequences: Vec<_> = (0..20)
        .map(|index| open(&mut together, case(index)))
        .collect();
    let mut fed = [0; 20];
    for round in 0.. {
        // Every sequence but some, beginning elsewhere each time; each takes
        // one to three tokens.
        let chosen: Vec<usize> = (0..20)
            .map(|place| (place * 7 + round * 3) % 20)
            .filter(|index| {
                (index + round) % 4 != 0 && fed[*index] < case(*index).decoder_inputs.len()
            })
            .collect();
        if chosen.is_empty()
            && fed
                .iter()
                .enumerate()
                .all(|(i, fed)| *fed == case(i).decoder_inputs.len())
        {
            break;
        }
        let inputs = chosen.iter().map(|&index| {
            let tokens = &case(index).decoder_inputs;
            let end = tokens.len().min(fed[index] + 1 + (index + round) % 3);
            (sequences[index], &tokens[fed[index]..end])
        });
        let inputs: Vec<_> = inputs.collect();
        let logits = feed(&mut together, &inputs).expect("scored");
        for (row, (&index, (_, tokens))) in chosen.iter().zip(&inputs).enumerate() {
            fed[index] += tokens.len();
            assert_eq!(
                bits(logits.row(row)),
                expected[index][fed[index] - 1],
                "sequence {index}, round {round}"
            );
        }
    }
}

#[test]
fn forks_share_the_past_and_nothing_else() {
    let mut model = tiny();
    let cases = reference().cases;
    let [start, first, second, ..] = cases[0].decoder_inputs[..] else {
        panic!("a case is shorter than three tokens");
    };
    let trunk = open(&mut model, &cases[0]);
    feed(&mut model, &[(trunk, &[start])]).expect("scored");
    let branch = model.fork(trunk).expect("forked");
    feed(&mut model, &[(branch, &[second, second])]).expect("scored");
    let grown = feed(&mut model, &[(trunk, &[first]), (branch, &[first])]).expect("scored");
    model.close(branch);

    let straight = open(&mut model, &cases[0]);
    let straight = feed(&mut model, &[(straight, &[start, first])]).expect("scored");
    assert_eq!(bits(grown.row(0)), bits(straight.row(0)));
    assert_ne!(bits(grown.row(0)), bits(grown.row(1)));
}

#[test]
fn impossible_work_is_refused_and_changes_nothing() {
    let mut model = Marian::load(
        &parity().join("tiny"),
        MarianOptions {
            sequences: 2,
            ..MarianOptions::default()
        },
    )
    .expect("the tiny model");
    let cases = reference().cases;
    let case = &cases[0];
    let sequence = open(&mut model, case);
    let gone = model.fork(sequence).expect("forked");
    assert!(matches!(model.fork(sequence), Err(Error::Model(_))));
    model.close(gone);
    model.close(gone);

    let start = &case.decoder_inputs[..1];
    let window = vec![2; model.limits().window];
    let refused: [&[(SequenceId, &[u32])]; 6] = [
        &[(sequence, &[])],
        &[(gone, start)],
        &[(sequence, start), (sequence, start)],
        &[(sequence, &[404])],
        &[(sequence, &[u32::MAX])],
        &[(sequence, start), (gone, start)],
    ];
    for inputs in refused {
        assert!(
            matches!(feed(&mut model, inputs), Err(Error::Internal(_))),
            "{inputs:?}"
        );
    }
    let too_many = [&window[..], &[2]].concat();
    assert!(matches!(
        feed(&mut model, &[(sequence, &too_many)]),
        Err(Error::Model(_))
    ));

    let prompt = |tokens: &[u32]| Prompt {
        tokens: tokens.to_vec(),
        source_tokens: tokens.len(),
    };
    assert!(matches!(
        model.open(&prompt(&too_many)),
        Err(Error::TooLarge {
            actual: 129,
            limit: 128,
            ..
        })
    ));
    assert!(matches!(model.open(&prompt(&[])), Err(Error::Empty)));
    assert!(matches!(
        model.open(&prompt(&[404])),
        Err(Error::Internal(_))
    ));
    model
        .open(&prompt(&window))
        .expect("a source as long as the window");

    let scores = feed(&mut model, &[(sequence, start)]).expect("scored");
    let mut fresh = tiny();
    let untouched = open(&mut fresh, case);
    let expected = feed(&mut fresh, &[(untouched, start)]).expect("scored");
    assert_eq!(bits(&scores.values), bits(&expected.values));
    assert!(
        feed(&mut model, &[])
            .expect("nothing to do")
            .values
            .is_empty()
    );
    feed(&mut model, &[(sequence, &window[1..])]).expect("an output as long as the window");
}

fn copy_of_tiny() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(parity().join("tiny")).expect("the tiny model") {
        let entry = entry.expect("an entry");
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("copied");
    }
    folder
}

/// Loads the tiny model with one file replaced; `None` removes it.
fn load_with(name: &str, contents: Option<&[u8]>) -> Result<Marian> {
    let folder = copy_of_tiny();
    let path = folder.path().join(name);
    match contents {
        Some(contents) => std::fs::write(&path, contents).expect("written"),
        None => std::fs::remove_file(&path).expect("removed"),
    }
    if name == "model.safetensors" {
        std::fs::remove_file(folder.path().join("pytorch_model.bin")).expect("removed");
    }
    Marian::load(folder.path(), MarianOptions::default())
}

#[test]
fn an_adapter_is_refused_and_not_ignored() {
    let config = |adapter: &str| EngineConfig {
        model: parity().join("tiny").display().to_string(),
        cache: Some(std::env::temp_dir()),
        adapter: Some(adapter.into()),
        ..EngineConfig::for_testing()
    };
    match load(&config("other.safetensors"), &Silent) {
        Err(Error::Config(message)) => assert!(message.contains("no adapter"), "{message}"),
        other => panic!("{:?}", other.err()),
    }
    let loaded = load(&config("none"), &Silent).expect("loaded");
    assert_eq!(loaded.tag.adapter, None);
}

#[test]
fn missing_files_are_named() {
    for name in [
        "config.json",
        "model.safetensors",
        "source.spm",
        "target.spm",
        "vocab.json",
    ] {
        match load_with(name, None) {
            Err(Error::Io { what, .. }) => assert!(what.contains(name), "{what}"),
            other => panic!("{name}: {:?}", other.err()),
        }
    }
    load_with("generation_config.json", None).expect("an optional file");
}

#[test]
fn files_cut_short_are_refused() {
    for name in [
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "vocab.json",
        "source.spm",
        "target.spm",
    ] {
        let whole = std::fs::read(parity().join("tiny").join(name)).expect("a file");
        for length in [0, 1, whole.len() / 2, whole.len() - 3] {
            match load_with(name, Some(&whole[..length])) {
                Err(Error::Corrupt(_)) => {}
                other => panic!("{name} cut to {length} bytes: {:?}", other.err()),
            }
        }
    }
    let pickle = std::fs::read(parity().join("tiny/pytorch_model.bin")).expect("a file");
    for length in [0, 1, pickle.len() / 2, pickle.len() - 3] {
        let folder = copy_of_tiny();
        std::fs::remove_file(folder.path().join("model.safetensors")).expect("removed");
        std::fs::write(folder.path().join("pytorch_model.bin"), &pickle[..length])
            .expect("written");
        let refused = Marian::load(folder.path(), MarianOptions::default());
        assert!(matches!(refused, Err(Error::Corrupt(_))), "{length} bytes");
    }
}

#[test]
fn files_of_another_model_are_refused() {
    let config = std::fs::read_to_string(parity().join("tiny/config.json")).expect("config.json");
    for (from, to) in [
        ("\"vocab_size\": 404", "\"vocab_size\": 403"),
        ("\"d_model\": 32", "\"d_model\": 64"),
        ("\"encoder_layers\": 2", "\"encoder_layers\": 3"),
        ("\"decoder_ffn_dim\": 48", "\"decoder_ffn_dim\": 47"),
        ("\"decoder_layers\": 2", "\"decoder_layers\": 4000000000"),
        ("\"eos_token_id\": 0", "\"eos_token_id\": 1"),
        ("\"eos_token_id\": 0", "\"eos_token_id\": \"zero\""),
    ] {
        let changed = config.replace(from, to).replace(
            "\"decoder_vocab_size\": 404",
            "\"decoder_vocab_size\": null",
        );
        assert_ne!(changed, config, "{from} is not in config.json");
        let refused = load_with("config.json", Some(changed.as_bytes()));
        assert!(
            matches!(refused, Err(Error::Corrupt(_))),
            "{to}: {:?}",
            refused.err()
        );
    }
    for vocabulary in [
        r#"{"</s>": 0}"#,
        r#"{"</s>": 0, "<unk>": 404}"#,
        r#"{"</s>": 0, "<unk>": 2}"#,
        r#"{"</s>": 0, "<unk>": 0}"#,
        "[]",
    ] {
        let refused = load_with("vocab.json", Some(vocabulary.as_bytes()));
        assert!(matches!(refused, Err(Error::Corrupt(_))), "{vocabulary}");
    }
    let phrases = load_with(
        "generation_config.json",
        Some(br#"{"bad_words_ids": [[1, 2]]}"#),
    );
    assert!(matches!(phrases, Err(Error::Model(_))));
}

/// Flipped bytes may go unnoticed, but never bring the process down.
#[test]
fn damaged_sentencepiece_models_never_panic() {
    let whole = std::fs::read(parity().join("tiny/source.spm")).expect("source.spm");
    let texts: Vec<_> = reference()
        .encode
        .into_iter()
        .map(|encoded| encoded.text)
        .collect();
    let mut refused = 0;
    for round in 0..60usize {
        let mut bytes = whole.clone();
        // The head with the pieces, the trie of the character map, and its
        // replacements at the end in turn.
        for hit in 0..8 {
            let seed = (round * 8 + hit) * 7919;
            let at = match round % 3 {
                0 => seed % 4_000,
                1 => seed % bytes.len(),
                _ => bytes.len() - 1 - seed % 20_000,
            };
            bytes[at] ^= 1 << (seed % 8) | 0x10;
        }
        match SentencePiece::parse(&bytes) {
            Ok(model) => {
                for text in &texts {
                    model.encode(text).expect("pieces of some kind");
                }
            }
            Err(Error::Corrupt(_) | Error::Model(_)) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!((1..60).contains(&refused), "{refused} of 60 were refused");
}
