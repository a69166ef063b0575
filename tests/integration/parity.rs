//! The decoder against recorded output of transformers on tiny random models
//! (`tests/parity/make_tiny.py` makes both), and against itself: the packed
//! path beside the exact one, batches beside single sequences.

use std::collections::BTreeMap;
use std::path::PathBuf;

use depesche::Error;
use depesche::model::fetch::Cache;
use depesche::model::fetch::progress::Silent;
use depesche::model::gguf::Gguf;
use depesche::model::manifest::{Architecture, Manifest};
use depesche::model::tokenizer::{Tokenizer, Vocabulary};
use depesche::model::{
    Decoder, DecoderOptions, Input, Logits, Model, Prompt, PromptTemplate, SequenceId,
};
use safetensors::tensor::{Dtype, TensorView};
use serde::Deserialize;

const ARCHITECTURES: [&str; 2] = ["qwen2", "gemma3"];
const TOLERANCE: f32 = 1e-3;

#[derive(Deserialize)]
struct Reference {
    tokens: Vec<u32>,
    logits: Vec<Vec<f32>>,
    greedy: Vec<u32>,
    adapted_logits: Vec<f32>,
    tokenizer: Vec<Encoded>,
}

#[derive(Deserialize)]
struct Encoded {
    text: String,
    ids: Vec<u32>,
    decoded: String,
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/parity")
        .join(name)
}

fn read<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let text = std::fs::read_to_string(file(name)).expect("recorded reference");
    serde_json::from_str(&text).expect("well-formed reference")
}

fn reference(architecture: &str) -> Reference {
    read(&format!("tiny-{architecture}.json"))
}

fn options(architecture: &str) -> DecoderOptions {
    DecoderOptions {
        gguf: file(&format!("tiny-{architecture}.gguf")),
        sequences: 4,
        ..DecoderOptions::default()
    }
}

fn exact(architecture: &str) -> Decoder {
    Decoder::load(DecoderOptions {
        exact: true,
        ..options(architecture)
    })
    .expect("tiny model loads")
}

fn packed(architecture: &str) -> Decoder {
    Decoder::load(options(architecture)).expect("tiny model loads")
}

/// Opens a sequence whose whole history, prefix included, will be `tokens`.
fn open(decoder: &mut Decoder, tokens: &[u32]) -> (SequenceId, Vec<u32>) {
    let prompt = Prompt {
        tokens: tokens[decoder.limits().prefix..].to_vec(),
        source_tokens: tokens.len(),
    };
    let opened = decoder.open(&prompt).expect("a free sequence");
    (opened.id, opened.pending)
}

fn feed(decoder: &mut Decoder, sequence: SequenceId, tokens: &[u32]) -> Logits {
    decoder
        .forward(&[Input { sequence, tokens }])
        .expect("a step")
}

fn best(row: &[f32]) -> u32 {
    let (column, _) = row
        .iter()
        .enumerate()
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .expect("logits");
    column as u32
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn logits_equal_the_reference_at_every_position() {
    for architecture in ARCHITECTURES {
        let reference = reference(architecture);
        let mut decoder = exact(architecture);
        let prefix = decoder.limits().prefix;
        let (id, pending) = open(&mut decoder, &reference.tokens);
        for (token, expected) in pending.iter().zip(&reference.logits[prefix..]) {
            let logits = feed(&mut decoder, id, &[*token]);
            let difference = largest_difference(logits.row(0), expected);
            assert!(difference < TOLERANCE, "{architecture}: {difference}");
        }
    }
}

#[test]
fn one_chunk_equals_the_reference() {
    for architecture in ARCHITECTURES {
        let reference = reference(architecture);
        let mut decoder = exact(architecture);
        let (id, pending) = open(&mut decoder, &reference.tokens);
        let logits = feed(&mut decoder, id, &pending);
        let expected = reference.logits.last().expect("positions");
        let difference = largest_difference(logits.row(0), expected);
        assert!(difference < TOLERANCE, "{architecture}: {difference}");
    }
}

#[test]
fn greedy_continuation_equals_the_reference() {
    for architecture in ARCHITECTURES {
        let reference = reference(architecture);
        let mut decoder = exact(architecture);
        let (id, mut tokens) = open(&mut decoder, &reference.tokens);
        let mut continuation: Vec<u32> = Vec::new();
        while continuation.len() < reference.greedy.len() {
            let logits = feed(&mut decoder, id, &tokens);
            tokens = vec![best(logits.row(0))];
            continuation.extend(&tokens);
        }
        assert_eq!(continuation, reference.greedy, "{architecture}");
    }
}

#[test]
fn an_adapter_gives_the_reference_of_changed_weights() {
    for architecture in ARCHITECTURES {
        let reference = reference(architecture);
        let mut decoder = Decoder::load(DecoderOptions {
            adapter: Some(file(&format!("tiny-{architecture}-adapter.safetensors"))),
            exact: true,
            ..options(architecture)
        })
        .expect("an adapted model loads");
        // The adapter's prompt puts words into the prefix; go around them.
        let begin = u32::from(architecture == "gemma3") as usize;
        assert_eq!(decoder.limits().prefix, begin);
        let (id, pending) = open(&mut decoder, &reference.tokens);
        let logits = feed(&mut decoder, id, &pending);
        let difference = largest_difference(logits.row(0), &reference.adapted_logits);
        assert!(difference < TOLERANCE, "{architecture}: {difference}");
        let plain = reference.logits.last().expect("positions");
        assert!(largest_difference(logits.row(0), plain) > 0.1);
        let prompt = decoder.encode("Haus").expect("a prompt");
        assert_eq!(
            decoder.decode(&prompt.tokens).expect("text"),
            "Deutsch: Haus\nEnglisch:"
        );
    }
}

#[test]
fn a_shortlist_changes_no_score() {
    let folder = tempfile::tempdir().expect("a folder");
    let list: Vec<u8> = (0..90u32)
        .filter(|token| token % 2 == 0)
        .flat_map(u32::to_le_bytes)
        .collect();
    let adapter = folder.path().join("shortlist.safetensors");
    let view = TensorView::new(Dtype::U32, vec![45], &list).expect("a tensor");
    safetensors::serialize_to_file([("shortlist", view)], None, &adapter).expect("written");
    for architecture in ARCHITECTURES {
        for exact in [false, true] {
            let load = |whole_vocabulary| {
                Decoder::load(DecoderOptions {
                    adapter: Some(adapter.clone()),
                    whole_vocabulary,
                    exact,
                    ..options(architecture)
                })
                .expect("tiny model loads")
            };
            let (mut whole, mut short) = (load(true), load(false));
            let sources = [vec![1, 101, 7, 33], vec![2, 103, 7], vec![4, 6]];
            let step = |decoder: &mut Decoder| {
                let ids: Vec<SequenceId> = sources
                    .iter()
                    .map(|tokens| {
                        let prompt = Prompt {
                            tokens: tokens.clone(),
                            source_tokens: tokens.len(),
                        };
                        decoder.open(&prompt).expect("a free sequence").id
                    })
                    .collect();
                // A fork may say what its parent may.
                let fork = decoder.fork(ids[0]).expect("a free sequence");
                let inputs: Vec<Input<'_>> = ids
                    .iter()
                    .chain([&fork])
                    .zip(sources.iter().chain([&sources[0]]))
                    .map(|(id, tokens)| Input {
                        sequence: *id,
                        tokens,
                    })
                    .collect();
                let logits = decoder.forward(&inputs).expect("a step");
                let alone = decoder.forward(&inputs[1..2]).expect("a step");
                ids.iter().for_each(|id| decoder.close(*id));
                decoder.close(fork);
                (logits, alone)
            };
            let (all, all_alone) = step(&mut whole);
            let (some, some_alone) = step(&mut short);
            assert_eq!(all.columns, None);
            let said = |logits: &Logits, row: usize| -> BTreeMap<u32, f32> {
                (0..logits.width)
                    .map(|column| (logits.token(column), logits.row(row)[column]))
                    .filter(|(_, score)| *score > f32::NEG_INFINITY)
                    .collect()
            };
            let ends = short.limits().end_tokens.clone();
            // Candle's product of fewer rows may round otherwise, ours may not.
            let same = |(a, b): (&f32, &f32)| match exact {
                true => (a - b).abs() < 1e-4,
                false => a == b,
            };
            for (row, source) in sources.iter().chain([&sources[0]]).enumerate() {
                let expected: BTreeMap<u32, f32> = said(&all, row)
                    .into_iter()
                    .filter(|(token, _)| {
                        (*token < 90 && token % 2 == 0)
                            || source.contains(token)
                            || ends.contains(token)
                    })
                    .collect();
                let found = said(&some, row);
                assert!(found.keys().eq(expected.keys()), "{architecture} {row}");
                assert!(
                    found.values().zip(expected.values()).all(same),
                    "{architecture} {row}"
                );
            }
            let alone = said(&some_alone, 0);
            let whole = said(&all_alone, 0);
            assert!(alone.contains_key(&103) && !alone.contains_key(&101));
            assert!(
                alone
                    .iter()
                    .all(|(token, score)| same((score, &whole[token])))
            );
        }
    }
}

#[test]
fn a_shortlist_of_unknown_tokens_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let adapter = folder.path().join("shortlist.safetensors");
    for (dtype, number) in [
        (Dtype::U32, 9_000_000u32),
        (Dtype::F32, 1),
        (Dtype::I32, u32::MAX),
    ] {
        let bytes = number.to_le_bytes();
        let view = TensorView::new(dtype, vec![1], &bytes).expect("a tensor");
        safetensors::serialize_to_file([("shortlist", view)], None, &adapter).expect("written");
        let loaded = Decoder::load(DecoderOptions {
            adapter: Some(adapter.clone()),
            ..options("qwen2")
        });
        assert!(matches!(loaded, Err(Error::Corrupt(_))));
    }
}

#[test]
fn an_adapter_for_another_model_is_refused() {
    let load = |adapter: &str| {
        Decoder::load(DecoderOptions {
            adapter: Some(file(adapter)),
            ..options("qwen2")
        })
    };
    assert!(matches!(
        load("tiny-gemma3-adapter.safetensors"),
        Err(Error::Corrupt(_) | Error::Config(_))
    ));
    assert!(matches!(load("make_tiny.py"), Err(Error::Corrupt(_))));
    assert!(matches!(load("no such file"), Err(Error::Io { .. })));
}

#[test]
fn the_packed_path_is_close_to_the_exact_one() {
    for architecture in ARCHITECTURES {
        let reference = reference(architecture);
        let mut decoder = packed(architecture);
        let (id, pending) = open(&mut decoder, &reference.tokens);
        let logits = feed(&mut decoder, id, &pending);
        let expected = reference.logits.last().expect("positions");
        let square = |values: &[f32]| values.iter().map(|value| value * value).sum::<f32>();
        let differences: Vec<f32> = logits
            .row(0)
            .iter()
            .zip(expected)
            .map(|(a, b)| a - b)
            .collect();
        let error = (square(&differences) / square(expected)).sqrt();
        assert!(error < 0.05, "{architecture}: relative error {error}");
    }
}

#[test]
fn company_in_a_batch_changes_no_bit() {
    for architecture in ARCHITECTURES {
        let reference = reference(architecture);
        let mut decoder = packed(architecture);
        let lengths = [24, 5, 17, 9];
        let alone: Vec<Vec<u32>> = lengths
            .iter()
            .map(|length| {
                let (id, pending) = open(&mut decoder, &reference.tokens[..*length]);
                let first = feed(&mut decoder, id, &pending);
                let token = best(first.row(0));
                let second = feed(&mut decoder, id, &[token]);
                decoder.close(id);
                bits(&[first.values, second.values].concat())
            })
            .collect();

        // The first two start together; the others join while those decode.
        let mut found: Vec<Vec<u32>> = vec![Vec::new(); lengths.len()];
        let mut running: BTreeMap<usize, (SequenceId, Vec<u32>)> = BTreeMap::new();
        for joining in [0..2, 2..4, 4..4] {
            for index in joining {
                let opened = open(&mut decoder, &reference.tokens[..lengths[index]]);
                running.insert(index, opened);
            }
            let inputs: Vec<Input<'_>> = running
                .values()
                .map(|(sequence, tokens)| Input {
                    sequence: *sequence,
                    tokens,
                })
                .collect();
            let logits = decoder.forward(&inputs).expect("a step");
            let indices: Vec<usize> = running.keys().copied().collect();
            for (row, index) in indices.into_iter().enumerate() {
                found[index].extend(bits(logits.row(row)));
                if found[index].len() == alone[index].len() {
                    let (id, _) = running.remove(&index).expect("running");
                    decoder.close(id);
                } else if let Some((_, tokens)) = running.get_mut(&index) {
                    *tokens = vec![best(logits.row(row))];
                }
            }
        }
        assert_eq!(found, alone, "{architecture}");
    }
}

#[test]
fn chunks_of_a_prompt_change_no_bit() {
    for architecture in ARCHITECTURES {
        let reference = reference(architecture);
        let mut decoder = packed(architecture);
        let (id, pending) = open(&mut decoder, &reference.tokens);
        let whole = feed(&mut decoder, id, &pending);
        for size in [1, 3, 7] {
            let (id, pending) = open(&mut decoder, &reference.tokens);
            let logits = pending
                .chunks(size)
                .map(|chunk| feed(&mut decoder, id, chunk))
                .last()
                .expect("chunks");
            assert_eq!(bits(&logits.values), bits(&whole.values), "{architecture}");
            decoder.close(id);
        }
    }
}

#[test]
fn a_shared_prefix_equals_the_same_words_in_the_prompt() {
    for architecture in ARCHITECTURES {
        let load = |prefix: &str, template: &str| {
            Decoder::load(DecoderOptions {
                prompt: PromptTemplate {
                    prefix: prefix.to_owned(),
                    template: template.to_owned(),
                    end: Vec::new(),
                },
                exact: true,
                ..options(architecture)
            })
            .expect("tiny model loads")
        };
        let mut shared = load("Deutsch: Haus\nEnglisch: house\n\n", "Deutsch: {source}\n");
        let mut plain = load("", "{source}");
        assert!(shared.limits().prefix > 10 + plain.limits().prefix);
        let prompt = shared.encode("Das Wetter").expect("a prompt");
        let opened = shared.open(&prompt).expect("free");
        let logits = feed(&mut shared, opened.id, &opened.pending);

        let words = "Deutsch: Haus\nEnglisch: house\n\nDeutsch: Das Wetter\n";
        let mut tokens = plain.tokenizer().begin().into_iter().collect::<Vec<_>>();
        tokens.extend(plain.tokenizer().encode(words).expect("tokens"));
        let (id, pending) = open(&mut plain, &tokens);
        let expected = feed(&mut plain, id, &pending);
        let difference = largest_difference(logits.row(0), expected.row(0));
        assert!(difference < TOLERANCE, "{architecture}: {difference}");
    }
}

#[test]
fn a_fork_continues_like_its_original() {
    for architecture in ARCHITECTURES {
        let reference = reference(architecture);
        let mut decoder = packed(architecture);
        let (id, pending) = open(&mut decoder, &reference.tokens);
        feed(&mut decoder, id, &pending);
        let fork = decoder.fork(id).expect("a free sequence");
        assert_ne!(fork, id);
        let (left, right) = (reference.tokens[3], reference.tokens[4]);
        let original = feed(&mut decoder, id, &[left]);
        let other = feed(&mut decoder, fork, &[right]);
        assert_ne!(bits(&other.values), bits(&original.values));
        decoder.close(id);

        let (again, pending) = open(&mut decoder, &reference.tokens);
        feed(&mut decoder, again, &pending);
        let expected = feed(&mut decoder, again, &[right]);
        assert_eq!(
            bits(&other.values),
            bits(&expected.values),
            "{architecture}"
        );
    }
}

#[test]
fn a_failed_step_leaves_every_sequence_as_it_was() {
    let reference = reference("gemma3");
    let mut decoder = packed("gemma3");
    let (good, pending) = open(&mut decoder, &reference.tokens);
    let (bad, _) = open(&mut decoder, &reference.tokens);
    let stranger = SequenceId(4_000_000_000);
    for (sequence, tokens) in [
        (bad, &[u32::MAX][..]),
        (bad, &[][..]),
        (stranger, &[20][..]),
        (good, &[20][..]),
    ] {
        let inputs = [
            Input {
                sequence: good,
                tokens: &pending,
            },
            Input { sequence, tokens },
        ];
        assert!(matches!(decoder.forward(&inputs), Err(Error::Model(_))));
    }
    let found = feed(&mut decoder, good, &pending);
    let (fresh, pending) = open(&mut decoder, &reference.tokens);
    let expected = feed(&mut decoder, fresh, &pending);
    assert_eq!(bits(&found.values), bits(&expected.values));
}

#[test]
fn limits_are_kept() {
    let reference = reference("qwen2");
    let mut decoder = Decoder::load(DecoderOptions {
        window: Some(8),
        sequences: 2,
        ..options("qwen2")
    })
    .expect("tiny model loads");
    let prompt = |length: usize| Prompt {
        tokens: reference.tokens[..length].to_vec(),
        source_tokens: length,
    };
    assert!(matches!(
        decoder.open(&prompt(9)),
        Err(Error::TooLarge {
            actual: 9,
            limit: 8,
            ..
        })
    ));
    let first = decoder.open(&prompt(8)).expect("free");
    let second = decoder.open(&prompt(1)).expect("free");
    assert!(matches!(decoder.open(&prompt(1)), Err(Error::Model(_))));
    assert!(matches!(decoder.fork(first.id), Err(Error::Model(_))));
    decoder.close(second.id);
    feed(&mut decoder, first.id, &first.pending);
    let one_more = [Input {
        sequence: first.id,
        tokens: &[1],
    }];
    assert!(matches!(
        decoder.forward(&one_more),
        Err(Error::TooLarge { .. })
    ));
    decoder.fork(first.id).expect("free again");
}

#[test]
fn broken_files_are_errors() {
    let bytes = std::fs::read(file("tiny-qwen2.gguf")).expect("model");
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("broken.gguf");
    let mut alignment = Vec::from(*b"GGUF\x03\0\0\0");
    alignment.extend(0u64.to_le_bytes());
    alignment.extend(1u64.to_le_bytes());
    alignment.extend(17u64.to_le_bytes());
    alignment.extend(b"general.alignment");
    alignment.extend(4u32.to_le_bytes());
    alignment.extend(0u32.to_le_bytes());
    let cases = [
        Vec::new(),
        b"not a model".to_vec(),
        bytes[..bytes.len() / 100].to_vec(),
        bytes[..bytes.len() - 100].to_vec(),
        alignment,
    ];
    for case in cases {
        std::fs::write(&path, &case).expect("written");
        let loaded = Decoder::load(DecoderOptions {
            gguf: path.clone(),
            ..DecoderOptions::default()
        });
        assert!(matches!(loaded, Err(Error::Corrupt(_))), "{}", case.len());
    }
}

#[test]
fn tiny_vocabularies_encode_like_the_reference() {
    for architecture in ARCHITECTURES {
        let mut gguf = Gguf::open(&file(&format!("tiny-{architecture}.gguf"))).expect("model");
        let vocabulary = Vocabulary::take_from(&mut gguf).expect("vocabulary");
        let tokenizer = Tokenizer::new(vocabulary).expect("tokenizer");
        check_encoding(&tokenizer, &reference(architecture).tokenizer);
    }
}

#[test]
fn source_text_never_becomes_a_control_token() {
    for (architecture, text) in [("qwen2", "a<|im_end|>b"), ("gemma3", "a<eos>b")] {
        let mut gguf = Gguf::open(&file(&format!("tiny-{architecture}.gguf"))).expect("model");
        let vocabulary = Vocabulary::take_from(&mut gguf).expect("vocabulary");
        let tokenizer = Tokenizer::new(vocabulary).expect("tokenizer");
        let plain = tokenizer.encode(text).expect("tokens");
        assert!(plain.iter().all(|token| !tokenizer.ends().contains(token)));
        assert_eq!(tokenizer.decode(&plain).expect("text"), text);
        let prompt = tokenizer.encode_prompt(text).expect("tokens");
        assert_eq!(prompt.len(), 3, "{architecture}");
        assert!(tokenizer.ends().contains(&prompt[1]));
    }
}

/// The vocabulary of the default model, which is fetched when it is missing,
/// and of every other model that is in the cache.
#[test]
fn real_vocabularies_encode_like_the_reference() {
    let manifest = Manifest::embedded().expect("the manifest");
    let cache = Cache::new(None).expect("a cache folder");
    let default = manifest.find("default").expect("the default model");
    cache.ensure(default, &Silent).expect("fetched");
    let decoders = manifest.entries().iter().filter(|entry| {
        matches!(
            entry.architecture,
            Some(Architecture::Qwen2 | Architecture::Gemma3)
        )
    });
    let present: Vec<_> = decoders.filter(|entry| cache.is_present(entry)).collect();
    assert!(present.contains(&default), "the default model is a decoder");
    for entry in present {
        let mut gguf = Gguf::open(&cache.path(entry)).expect("the weights");
        let architecture = gguf.architecture().expect("architecture").to_owned();
        let vocabulary = Vocabulary::take_from(&mut gguf).expect("vocabulary");
        let tokenizer = Tokenizer::new(vocabulary).expect("tokenizer");
        let rows: Vec<Encoded> = read(&format!("vocabulary-{architecture}.json"));
        assert!(rows.len() >= 100);
        check_encoding(&tokenizer, &rows);
    }
}

fn check_encoding(tokenizer: &Tokenizer, rows: &[Encoded]) {
    for row in rows {
        let ids = tokenizer.encode(&row.text).expect("tokens");
        assert_eq!(ids, row.ids, "{:?}", row.text);
        assert_eq!(
            tokenizer.decode(&ids).expect("text"),
            row.decoded,
            "{:?}",
            row.text
        );
    }
}
