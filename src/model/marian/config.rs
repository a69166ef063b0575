//! What a Marian folder says of its model: config.json and, where there is
//! one, generation_config.json.

use std::collections::BTreeSet;
use std::path::Path;

use candle_transformers::models::marian::Config as Architecture;
use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// The architecture, checked, and what decoding must know.
#[derive(Debug, Clone)]
pub struct Config {
    pub architecture: Architecture,
    /// Tokens that must never be generated; the padding is always among them.
    pub forbidden: BTreeSet<u32>,
}

impl Config {
    /// Reads the configuration files of `folder`.
    ///
    /// # Errors
    /// [`Error::Io`] when config.json cannot be read, [`Error::Corrupt`] when
    /// a file is not what it should be, [`Error::Model`] when the model is of
    /// a kind that Depesche does not run.
    pub fn load(folder: &Path) -> Result<Self> {
        let config = read(&folder.join("config.json"))?;
        let generation_path = folder.join("generation_config.json");
        let generation = if generation_path.exists() {
            read(&generation_path)?
        } else {
            Map::new()
        };
        let architecture = architecture(config.clone())?;

        // Generation settings moved from the one file to the other over time.
        let setting = |name| {
            [&generation, &config]
                .into_iter()
                .find_map(|file| file.get(name).filter(|v| !v.is_null()))
        };
        let mut forbidden = BTreeSet::from([architecture.pad_token_id]);
        if let Some(words) = setting("bad_words_ids") {
            let words: Vec<Vec<u32>> = serde_json::from_value(words.clone())
                .map_err(|error| Error::Corrupt(format!("bad_words_ids: {error}")))?;
            for word in words {
                let [token] = word[..] else {
                    return Err(Error::Model(
                        "forbidden words of several tokens are not supported".into(),
                    ));
                };
                forbidden.insert(token);
            }
        }
        Ok(Config {
            architecture,
            forbidden,
        })
    }
}

fn read(path: &Path) -> Result<Map<String, Value>> {
    let bytes =
        std::fs::read(path).map_err(|e| Error::io(format!("reading {}", path.display()), e))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Error::Corrupt(format!("{}: {error}", path.display())))
}

/// Reads and checks the architecture. Files of different ages lack fields
/// that the type insists on; they get the values that transformers assumes.
fn architecture(mut config: Map<String, Value>) -> Result<Architecture> {
    match config.get("model_type").and_then(Value::as_str) {
        Some("marian") | None => {}
        Some(other) => {
            return Err(Error::Model(format!(
                "config.json is of a {other:?} model, not of Marian"
            )));
        }
    }
    if config.get("tie_word_embeddings") == Some(&Value::from(false)) {
        return Err(Error::Model(
            "Marian models with output weights of their own are not supported".into(),
        ));
    }
    let end = config
        .get("eos_token_id")
        .cloned()
        .unwrap_or(Value::from(0));
    let defaults = [
        ("eos_token_id", end.clone()),
        ("forced_eos_token_id", end),
        ("use_cache", Value::from(true)),
        ("is_encoder_decoder", Value::from(true)),
        ("scale_embedding", Value::from(false)),
        ("share_encoder_decoder_embeddings", Value::from(true)),
        ("activation_function", Value::from("gelu")),
    ];
    for (name, default) in defaults {
        if config.get(name).is_none_or(Value::is_null) {
            config.insert(name.into(), default);
        }
    }
    let architecture: Architecture = serde_json::from_value(Value::Object(config))
        .map_err(|error| Error::Corrupt(format!("config.json: {error}")))?;
    check(&architecture)?;
    Ok(architecture)
}

fn check(architecture: &Architecture) -> Result<()> {
    let Architecture {
        vocab_size,
        decoder_vocab_size,
        d_model,
        ..
    } = *architecture;
    if !architecture.share_encoder_decoder_embeddings
        || decoder_vocab_size.is_some_and(|size| size != vocab_size)
    {
        return Err(Error::Model(
            "Marian models with separate vocabularies are not supported".into(),
        ));
    }
    for heads in [
        architecture.encoder_attention_heads,
        architecture.decoder_attention_heads,
    ] {
        if d_model % 2 != 0 || d_model.checked_rem(heads) != Some(0) {
            return Err(Error::Corrupt(format!(
                "config.json: a width of {d_model} does not divide into {heads} heads"
            )));
        }
    }
    if d_model == 0 || architecture.max_position_embeddings == 0 {
        return Err(Error::Corrupt(
            "config.json: the model has no width or no positions".into(),
        ));
    }
    let tokens = [
        (
            "decoder_start_token_id",
            architecture.decoder_start_token_id,
        ),
        ("eos_token_id", architecture.eos_token_id),
        ("pad_token_id", architecture.pad_token_id),
    ];
    for (name, token) in tokens {
        if usize::try_from(token).is_ok_and(|token| token >= vocab_size) {
            return Err(Error::Corrupt(format!(
                "config.json: {name} {token} is not below vocab_size {vocab_size}"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The least that config.json may say.
    fn least() -> Map<String, Value> {
        let json = r#"{"vocab_size": 10, "max_position_embeddings": 8, "encoder_layers": 1, "encoder_ffn_dim": 4,
            "encoder_attention_heads": 2, "decoder_layers": 1, "decoder_ffn_dim": 4, "decoder_attention_heads": 2,
            "d_model": 4, "decoder_start_token_id": 9, "pad_token_id": 9, "forced_eos_token_id": null}"#;
        serde_json::from_str(json).unwrap()
    }

    fn with(name: &str, value: impl Into<Value>) -> Result<Architecture> {
        let mut config = least();
        config.insert(name.into(), value.into());
        architecture(config)
    }

    #[test]
    fn fields_that_old_and_new_files_lack_are_filled_in() {
        let architecture = architecture(least()).unwrap();
        assert_eq!(architecture.forced_eos_token_id, 0);
        assert!(architecture.share_encoder_decoder_embeddings);
    }

    #[test]
    fn impossible_models_are_refused() {
        for (name, value) in [
            ("d_model", 0),
            ("d_model", 3),
            ("d_model", -4),
            ("decoder_attention_heads", 0),
            ("encoder_attention_heads", 3),
            ("max_position_embeddings", 0),
            ("pad_token_id", 10),
            ("eos_token_id", 4_000_000_000u32 as i64),
        ] {
            assert!(
                matches!(with(name, value), Err(Error::Corrupt(_))),
                "{name} = {value}"
            );
        }
        assert!(matches!(
            with("activation_function", "no such"),
            Err(Error::Corrupt(_))
        ));
    }

    #[test]
    fn foreign_models_are_named() {
        assert!(
            matches!(with("model_type", "bart"), Err(Error::Model(why)) if why.contains("bart"))
        );
        assert!(matches!(
            with("decoder_vocab_size", 11),
            Err(Error::Model(_))
        ));
        assert!(matches!(
            with("tie_word_embeddings", false),
            Err(Error::Model(_))
        ));
        assert!(matches!(
            with("share_encoder_decoder_embeddings", false),
            Err(Error::Model(_))
        ));
    }
}
