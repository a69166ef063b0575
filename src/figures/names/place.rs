//! Countries and a few cities whose English names differ from the German ones.

use super::word::Word;
use super::{MOST_NAMES, check};
use crate::figures::compare::{Check, Status};
use crate::span::Span;

/// A country by its German names and by the beginnings of the English words
/// that may stand for it.
struct Place {
    english: &'static str,
    german: &'static [&'static str],
    stands: &'static [&'static str],
}

macro_rules! places {
    ($($english:literal: $($german:literal)|+ => $($stands:literal)|+;)*) => {
        &[$(Place {
            english: $english,
            german: &[$($german),+],
            stands: &[$($stands),+],
        }),*]
    };
}

// The names of states follow the list of the German Foreign Office.
const PLACES: &[Place] = places! {
    "Afghanistan": "afghanistan" => "Afghan" | "Kabul";
    "Albania": "albanien" => "Alban";
    "Algeria": "algerien" => "Alger";
    "Argentina": "argentinien" => "Argentin";
    "Armenia": "armenien" => "Armen";
    "Australia": "australien" => "Austral" | "Aussie";
    "Austria": "österreich" => "Austria" | "Vienna";
    "Azerbaijan": "aserbaidschan" => "Azer";
    "Bangladesh": "bangladesch" => "Bangla";
    "Belarus": "belarus" | "weißrussland" => "Belarus" | "Byelorus";
    "Belgium": "belgien" => "Belgi";
    "Bolivia": "bolivien" => "Bolivia";
    "Bosnia": "bosnien" => "Bosnia";
    "Brazil": "brasilien" => "Brazil";
    "Bulgaria": "bulgarien" => "Bulgar";
    "Cambodia": "kambodscha" => "Cambod";
    "Cameroon": "kamerun" => "Cameroon";
    "Canada": "kanada" => "Canad";
    "Chad": "tschad" => "Chad";
    "Chile": "chile" => "Chile";
    "China": "china" => "China" | "Chinese" | "PRC" | "Beijing";
    "Colombia": "kolumbien" => "Colombia";
    "Croatia": "kroatien" => "Croat";
    "Cuba": "kuba" => "Cuba";
    "Cyprus": "zypern" => "Cypr";
    "Czech Republic": "tschechien" => "Czech";
    "Denmark": "dänemark" => "Denmark" | "Danish" | "Dane";
    "Egypt": "ägypten" => "Egypt";
    "Estonia": "estland" => "Eston";
    "Ethiopia": "äthiopien" => "Ethiop";
    "Finland": "finnland" => "Finland" | "Finn";
    "France": "frankreich" => "France" | "French" | "Paris";
    "Georgia": "georgien" => "Georgia";
    "Germany": "deutschland" => "German" | "Federal Republic";
    "Ghana": "ghana" => "Ghana";
    "Greece": "griechenland" => "Greece" | "Greek" | "Hellen" | "Athens";
    "Hungary": "ungarn" => "Hungar";
    "Iceland": "island" => "Iceland";
    "India": "indien" => "India";
    "Indonesia": "indonesien" => "Indones";
    "Iran": "iran" => "Iran" | "Tehran";
    "Iraq": "irak" => "Iraq" | "Baghdad";
    "Ireland": "irland" => "Ireland" | "Irish" | "Eire" | "Dublin";
    "Israel": "israel" => "Israel";
    "Italy": "italien" => "Italy" | "Italian" | "Rome";
    "Japan": "japan" => "Japan";
    "Jordan": "jordanien" => "Jordan";
    "Kazakhstan": "kasachstan" => "Kazakh";
    "Kenya": "kenia" => "Kenya";
    "Kosovo": "kosovo" => "Kosov";
    "Latvia": "lettland" => "Latvia";
    "Lebanon": "libanon" => "Leban";
    "Libya": "libyen" => "Libya";
    "Lithuania": "litauen" => "Lithuania";
    "Luxembourg": "luxemburg" => "Luxemb";
    "Malaysia": "malaysia" => "Malay";
    "Mali": "mali" => "Mali";
    "Malta": "malta" => "Malta" | "Maltese";
    "Mexico": "mexiko" => "Mexic";
    "Mongolia": "mongolei" => "Mongol";
    "Morocco": "marokko" => "Morocc";
    "Mozambique": "mosambik" => "Mozamb";
    "Netherlands": "niederlande" | "niederlanden" | "holland" => "Netherlands" | "Dutch" | "Holland";
    "New Zealand": "neuseeland" => "New Zealand" | "Kiwi" | "NZ";
    "Nigeria": "nigeria" => "Nigeria";
    "North Korea": "nordkorea" => "North Korea" | "N Korea" | "DPRK" | "Pyongyang" | "Korea";
    "Norway": "norwegen" => "Norway" | "Norwegian";
    "Pakistan": "pakistan" => "Pakistan";
    "Peru": "peru" => "Peru";
    "Philippines": "philippinen" => "Philippin" | "Filipin";
    "Poland": "polen" => "Poland" | "Polish" | "Pole" | "Warsaw";
    "Portugal": "portugal" => "Portug";
    "Qatar": "katar" => "Qatar";
    "Romania": "rumänien" => "Romania" | "Rumania";
    "Russia": "russland" | "rußland" => "Russia" | "Moscow" | "Kremlin";
    "Senegal": "senegal" => "Senegal";
    "Serbia": "serbien" => "Serb";
    "Slovakia": "slowakei" => "Slovak";
    "Slovenia": "slowenien" => "Sloven";
    "Somalia": "somalia" => "Somal";
    "South Africa": "südafrika" => "South Africa";
    "South Korea": "südkorea" => "South Korea" | "S Korea" | "Seoul" | "Korea";
    "Spain": "spanien" => "Spain" | "Spanish" | "Spaniard" | "Madrid";
    "Sudan": "sudan" => "Sudan";
    "Sweden": "schweden" => "Swede" | "Swedish";
    "Switzerland": "schweiz" => "Switzerland" | "Swiss" | "Helvet";
    "Syria": "syrien" => "Syria";
    "Taiwan": "taiwan" => "Taiwan";
    "Tanzania": "tansania" => "Tanzania";
    "Thailand": "thailand" => "Thai";
    "Tunisia": "tunesien" => "Tunis";
    "Turkey": "türkei" => "Turk" | "Türkiye" | "Ankara";
    "Uganda": "uganda" => "Uganda";
    "Ukraine": "ukraine" => "Ukrain" | "Kyiv" | "Kiev";
    "United Kingdom": "großbritannien" => "Brit" | "UK" | "U.K" | "United Kingdom" | "England" | "London";
    "United States": "usa" => "US" | "U.S" | "United States" | "America" | "Washington" | "States";
    "Uzbekistan": "usbekistan" => "Uzbek";
    "Venezuela": "venezuela" => "Venezuela";
    "Vietnam": "vietnam" => "Viet";
    "Yemen": "jemen" => "Yemen";
    "Zimbabwe": "simbabwe" => "Zimbabwe";
};

pub fn check_places(
    source: &str,
    source_words: &[Word<'_>],
    target: &str,
    target_words: &[Word<'_>],
) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut named: Vec<&'static str> = Vec::new();
    for word in source_words {
        let Some(place) = german(word) else { continue };
        if named.contains(&place.english) || named.len() == MOST_NAMES {
            continue;
        }
        named.push(place.english);
        let here = Some((source, word.span));
        if let Some(span) = standing(place, target, target_words) {
            let there = Some((target, span));
            checks.push(check(place.english, here, there, Status::Kept));
            continue;
        }
        // Another country in its place is an error; none may be „das Land“.
        let other = target_words.iter().find(|word| {
            PLACES.iter().any(|other| {
                other.english == word.text && !source_words.iter().any(|word| names(other, word))
            })
        });
        if let Some(word) = other {
            let there = Some((target, word.span));
            checks.push(check(place.english, here, there, Status::Changed));
        }
    }
    checks
}

/// The country that a German noun names, in any case.
fn german(word: &Word<'_>) -> Option<&'static Place> {
    let capital = word.text.starts_with(char::is_uppercase);
    PLACES
        .iter()
        .find(|place| capital && !word.joined && names(place, word))
}

fn names(place: &Place, word: &Word<'_>) -> bool {
    place
        .german
        .iter()
        .any(|name| word.lower == *name || word.lower.strip_suffix('s') == Some(name))
}

/// The words of the target that stand for a place: by the first form that is
/// there, since the first ones say it best.
fn standing(place: &Place, target: &str, words: &[Word<'_>]) -> Option<Span> {
    place.stands.iter().find_map(|form| {
        let first = words.iter().find(|word| {
            target
                .get(word.span.start..)
                .is_some_and(|rest| rest.starts_with(form))
        })?;
        let reached = first.span.start + form.len();
        let last = words.iter().rfind(|word| word.span.start < reached)?;
        Some(Span::new(first.span.start, last.span.end))
    })
}
