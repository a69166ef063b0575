//! The language that a text is treated as.

use super::{Detected, Verdict, detect, is_german};

/// Names the language that Depesche takes a text for: another one where that is
/// certain, otherwise German, with confidence 0 where nothing speaks for it.
pub fn assume(text: &str) -> Detected {
    match is_german(text) {
        Verdict::Other(detected) => detected,
        Verdict::German => detect(text)
            .filter(|detected| detected.code == "de")
            .unwrap_or_else(|| german(0.0)),
        Verdict::Unsure => german(0.0),
    }
}

fn german(confidence: f64) -> Detected {
    Detected {
        code: "de".to_owned(),
        name: "German".to_owned(),
        confidence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_german_until_another_language_is_certain() {
        let german = assume("Der Bundestag hat am Freitag ein neues Rentengesetz beschlossen.");
        assert_eq!(german.code, "de");
        assert!(german.confidence > 0.3, "{german:?}");
        for text in ["", "12", "Merkel", "Trump vs. Biden"] {
            let assumed = assume(text);
            assert_eq!((assumed.code.as_str(), assumed.confidence), ("de", 0.0));
        }
        let french = assume("La police a arrêté deux hommes à Paris.");
        assert_eq!(
            (french.code.as_str(), french.name.as_str()),
            ("fr", "French")
        );
    }
}
