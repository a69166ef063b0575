//! Which language a text is in, and whether it is German enough to translate.
//!
//! whatlang's trigrams do the naming; function words correct them where
//! trigrams are weak: short headlines, and German articles that quote at length
//! in another language.

mod assumed;
mod code;
mod leftover;
mod remnant;
mod repetition;

pub use assumed::assume;
pub use leftover::{is_echo, is_still_german};
pub use remnant::remnants;
pub use repetition::{repeats, said_once};

use std::{collections::HashSet, sync::LazyLock};

use whatlang::{Detector, Lang, Script};

/// Texts longer than this are judged by samples of them.
const LONGEST_JUDGED: usize = 24_000;
/// With fewer words, or fewer letters, nothing is said about a language.
const FEWEST_WORDS: usize = 4;
const FEWEST_LETTERS: usize = 20;
/// From this many words on, whatlang's name for the language is taken without
/// function words to support it.
const SURE_WORDS: usize = 12;
/// Share of German function words above which a text is German whatever else
/// it quotes. German news has 0.3 to 0.4, other languages below 0.08.
const GERMAN_SHARE: f64 = 0.15;

/// A language and how sure the detection is of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Detected {
    /// ISO 639-1 where there is one, else ISO 639-3.
    pub code: String,
    /// In English.
    pub name: String,
    /// From 0 to 1.
    pub confidence: f64,
}

/// Whether a text can be translated from German.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    German,
    /// Too short or too mixed to tell; not to be refused.
    Unsure,
    /// Another language.
    Other(Detected),
}

/// Names the language of a text; `None` when it is too short to tell.
pub fn detect(text: &str) -> Option<Detected> {
    let sample = sample(text);
    let counts = Counts::of(&sample);
    let info = whatlang::detect(&sample)?;
    if counts.is_too_short() && info.script() == Script::Latin {
        return None;
    }
    if counts.is_german() {
        return Some(detected(
            Lang::Deu,
            info.confidence().max(counts.german_share().min(1.0)),
        ));
    }
    Some(detected(info.lang(), info.confidence()))
}

/// Decides whether a text is German. Headlines of a few words are never
/// refused for want of evidence; a text in another script always is.
pub fn is_german(text: &str) -> Verdict {
    let sample = sample(text);
    let counts = Counts::of(&sample);
    let Some(info) = whatlang::detect(&sample) else {
        return Verdict::Unsure;
    };
    if info.script() != Script::Latin {
        // One foreign name is no language.
        return if counts.letters < FEWEST_LETTERS / 2 {
            Verdict::Unsure
        } else {
            Verdict::Other(detected(info.lang(), info.confidence()))
        };
    }
    if counts.is_too_short() {
        return Verdict::Unsure;
    }
    let info = match info.lang() {
        // Trigrams take English with German names for German.
        Lang::Deu if counts.is_clearly_foreign() => match not_german().detect(&sample) {
            Some(info) => info,
            None => return Verdict::Unsure,
        },
        Lang::Deu => return Verdict::German,
        _ if counts.is_german() => return Verdict::German,
        _ => info,
    };
    let sure = counts.words >= SURE_WORDS && counts.foreign >= counts.german;
    if sure || counts.is_clearly_foreign() {
        Verdict::Other(detected(info.lang(), info.confidence()))
    } else {
        Verdict::Unsure
    }
}

/// Names a language that is known not to be German.
fn not_german() -> Detector {
    Detector::with_denylist(vec![Lang::Deu])
}

fn detected(language: Lang, confidence: f64) -> Detected {
    Detected {
        code: code::short(language).to_owned(),
        name: match language {
            // whatlang calls these by narrower or older names.
            Lang::Cmn => "Chinese".to_owned(),
            Lang::Nob => "Norwegian".to_owned(),
            Lang::Pes => "Persian".to_owned(),
            other => other.eng_name().to_owned(),
        },
        confidence,
    }
}

/// The text, or its beginning, middle and end when it is long.
fn sample(text: &str) -> String {
    if text.len() <= LONGEST_JUDGED {
        return text.to_owned();
    }
    let part = LONGEST_JUDGED / 3;
    [0, text.len() / 2 - part / 2, text.len() - part]
        .into_iter()
        .map(|start| {
            let start = text.floor_char_boundary(start);
            let end = text.floor_char_boundary(start + part);
            text.get(start..end).unwrap_or("")
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Words of a text by what they tell of its language.
#[derive(Default)]
struct Counts {
    words: usize,
    letters: usize,
    /// Function words of German and of no neighbour.
    german: usize,
    /// Function words of its neighbours and not of German.
    foreign: usize,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Counts::default();
        for word in text
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty())
        {
            counts.words += 1;
            counts.letters += word.chars().count();
            let word = word.to_lowercase();
            if GERMAN.contains(word.as_str()) || word.contains('ß') {
                counts.german += 1;
            } else if FOREIGN.contains(word.as_str()) {
                counts.foreign += 1;
            }
        }
        counts
    }

    fn is_too_short(&self) -> bool {
        self.words < FEWEST_WORDS || self.letters < FEWEST_LETTERS
    }

    fn german_share(&self) -> f64 {
        self.german as f64 / self.words.max(1) as f64
    }

    /// Enough words of a neighbour for a headline to be one, and hardly a
    /// German one beside them.
    fn is_clearly_foreign(&self) -> bool {
        self.foreign >= 2 * (self.german + 1)
    }

    fn is_german(&self) -> bool {
        self.german_share() >= GERMAN_SHARE && self.german >= self.foreign / 2
    }
}

/// The words of a table.
fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_ascii_whitespace().collect()
}

/// Words that German has and its neighbours have not.
static GERMAN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "aber als auch auf aus bei beim bis damit das dass dem den der des dies diese diesem diesen \
         dieser doch durch ein eine einem einen einer eines er es für gegen gegenüber habe haben \
         hatte ich ihr ihre ihren im ist jedoch kann kein keine können mehr mit nach nicht noch nur \
         oder sagte schon sehr sein seine seinen sich sie sind sowie um und uns unter vom von vor \
         waren weil wenn werden wie wir wird wurde wurden während zu zum zur zwei zwischen über",
    )
});

/// English, French, Dutch, Spanish, Italian, Turkish, Polish, Danish, Swedish;
/// none that names or German words are often mistaken for (“New”, “Not”).
static FOREIGN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "aan about after also and après are at att aux av avec been bij bir bu but by came can \
         cette che como con contre could czy dans de dela della depuis det di did dla door een el \
         elle en entre est et ett for fra från för geen had har has have he hebben heeft her het \
         hij his how il ile ils into is için jest la las le les leur leurs los maar mais met moet \
         my naar nie niet nous och of og olarak on ont ook os our par para per por pour que qui \
         says she som sont sur tegen than that the their there they this till to uit una une \
         until van ve voor vous was we wel werd were what when where which while will with \
         wordt would you your zij zijn à é été",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    fn other(text: &str) -> String {
        match is_german(text) {
            Verdict::Other(detected) => detected.code,
            verdict => panic!("{verdict:?} for {text}"),
        }
    }

    #[test]
    fn german_passes() {
        for text in [
            "Der Bundestag hat am Freitag ein neues Rentengesetz beschlossen.",
            "Kanzler Scholz trifft Präsident Macron in Paris: Streit über die Energiepreise",
            "Ein bevorstehender Besuch des russischen Präsidenten Wladimir Putin in Nordkorea könnte laut Beamten die militärischen Verbindungen vertiefen.",
            // Long English quotes.
            "Der Sprecher sagte am Montag in London: “We have been very clear about this from the start and nothing has changed.” Danach verließ er den Saal, ohne auf weitere Fragen der Journalisten zu antworten. “It is what it is.”",
        ] {
            assert_eq!(is_german(text), Verdict::German, "{text}");
            assert_eq!(
                detect(text).map(|detected| detected.code).as_deref(),
                Some("de"),
                "{text}"
            );
        }
    }

    #[test]
    fn short_headlines_are_not_refused() {
        for text in [
            "",
            "12",
            "Merkel",
            "Scholz in Paris",
            "Real Madrid gewinnt",
            "BVB – Real 0:2",
            "Champions League: Bayern dominiert",
            "Trump vs. Biden",
            "DAX: +1,3 %",
            "Apple stellt iPhone 15 vor",
            "FC Bayern München – Paris Saint-Germain 2:1",
            "Tesla Model Y Performance",
        ] {
            assert!(
                !matches!(is_german(text), Verdict::Other(_)),
                "{text}: {:?}",
                is_german(text)
            );
        }
    }

    #[test]
    fn other_languages_are_named() {
        assert_eq!(
            other(
                "The government announced on Friday that it will raise pensions by three percent next year, the minister said."
            ),
            "en"
        );
        assert_eq!(
            other(
                "Le gouvernement a annoncé vendredi que les retraites augmenteraient de trois pour cent l’année prochaine."
            ),
            "fr"
        );
        assert_eq!(
            other(
                "De regering heeft vrijdag aangekondigd dat de pensioenen volgend jaar met drie procent worden verhoogd."
            ),
            "nl"
        );
        assert_eq!(
            other(
                "Hükümet cuma günü emekli maaşlarının gelecek yıl yüzde üç oranında artırılacağını açıkladı ve ayrıntıları paylaştı."
            ),
            "tr"
        );
        assert_eq!(
            other("Правительство объявило в пятницу о повышении пенсий."),
            "ru"
        );
        assert_eq!(
            other("政府は金曜日、来年の年金を三パーセント引き上げると発表しました。"),
            "ja"
        );
        assert_eq!(other("The president of the United States"), "en");
    }

    #[test]
    fn short_news_in_other_languages_is_refused() {
        for (code, text) in [
            ("en", "The government wants to cut taxes."),
            ("fr", "Le gouvernement veut réduire les impôts."),
            ("fr", "La police a arrêté deux hommes à Paris."),
            (
                "fr",
                "Trois morts dans un accident de la route près de Lyon",
            ),
            ("nl", "Het kabinet wil de belastingen verlagen."),
            ("nl", "Drie doden bij ongeluk op de A12 bij Utrecht"),
            ("nl", "Volgens de politie was de bestuurder dronken."),
            // Trigrams alone take this for German.
            (
                "en",
                "The district of Ramsau bei Berchtesgaden is the first with a village of its own.",
            ),
        ] {
            assert_eq!(other(text), code, "{text}");
        }
    }

    #[test]
    fn german_with_names_and_figures_is_not_refused() {
        for text in [
            "The Who brechen Konzert ab",
            "„The Lord of the Rings“ startet im September auf Amazon Prime Video",
            "SPD 15 %, CDU/CSU 31 %, Grüne 12 %, FDP 4 %, AfD 18 %, BSW 8 %",
            "FC Bayern – BVB 2:1 (1:0), Tore: Kane (12.), Müller (88.), Brandt (45.)",
            "Foto: dpa/Max Muster",
            "Die britische Premierministerin Theresa May erscheint zur Conservative Party Conference in Birmingham in Großbritannien.",
            "Eine neue U-Bahn transportiert Passagiere in nur 20 Minuten in die Innenstadt Pekings.",
        ] {
            assert!(
                !matches!(is_german(text), Verdict::Other(_)),
                "{text}: {:?}",
                is_german(text)
            );
        }
    }

    #[test]
    fn quotes_in_german_do_not_make_an_english_article_german() {
        let text = "The chancellor told reporters in Berlin on Monday that the government would not change its plans. “Wir schaffen das”, she said, and she \
                    repeated that the country was strong enough to deal with the situation in the coming months.";
        assert_eq!(other(text), "en");
    }

    #[test]
    fn long_texts_are_sampled_at_character_boundaries() {
        let text =
            "Über die Größe der Äcker wurde im Süden ausführlich gestritten. ".repeat(20_000);
        assert_eq!(is_german(&text), Verdict::German);
    }
}
