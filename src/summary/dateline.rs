//! The place and the agency that stand before the first sentence of a report:
//! “BERLIN (dpa) – ”, “FRANKFURT/MAIN - ”.

use crate::words::capitalised;

/// A sentence without its dateline.
pub fn without(text: &str) -> String {
    let Some(rest) = behind(text) else {
        return text.to_owned();
    };
    capitalised(rest)
}

/// What stands behind the dateline, when there is one.
fn behind(text: &str) -> Option<&str> {
    const LONGEST: usize = 60;
    const MOST_WORDS: usize = 7;
    let is_short =
        |head: &str| head.len() <= LONGEST && head.split_whitespace().count() <= MOST_WORDS;
    if let Some(rest) = text.strip_prefix("-- ") {
        return Some(rest.trim_start());
    }
    // There may be no dash and no space: “Atlanta (CNN)The court …”. Other brackets may
    // come before: “Halle (Saale) (dpa) – …”.
    let brackets = text
        .match_indices(')')
        .map(|(end, _)| text.split_at(end + 1));
    let mut places = brackets.take_while(|(place, _)| is_short(place));
    if let Some((_, inside)) = places.find(|(place, _)| names_agency(place)) {
        let rest = inside.trim_start_matches([' ', '-', '–', '—', ':']);
        let dashed = inside.trim_start().starts_with(['-', '–', '—', ':']);
        let begins = rest.starts_with(|c: char| !c.is_lowercase() && c != ',' && c != '.');
        let joined = !inside.starts_with(' ') && begins;
        return (!rest.is_empty() && (dashed || joined)).then_some(rest);
    }
    let (head, rest) = [" – ", " — ", " - ", ": "]
        .iter()
        .filter_map(|dash| text.split_once(dash))
        .min_by_key(|(head, _)| head.len())?;
    (is_short(head) && is_in_capitals(head) && !rest.trim().is_empty()).then(|| rest.trim_start())
}

/// “Berlin (dpa)”, “Berlin/Paris (dpa/AFP)”, “(AP)”.
fn names_agency(head: &str) -> bool {
    const AGENCIES: [&str; 18] = [
        "dpa", "afp", "ap", "apa", "reuters", "rtr", "epd", "kna", "sid", "dapd", "dts", "ots",
        "sda", "tass", "ansa", "dpa-afx", "cnn", "upi",
    ];
    const SMALL: [&str; 8] = ["am", "an", "auf", "bei", "der", "im", "de", "la"];
    let Some((place, inside)) = head
        .strip_suffix(')')
        .and_then(|inner| inner.rsplit_once('('))
    else {
        return false;
    };
    let named = place
        .split_whitespace()
        .all(|word| SMALL.contains(&word) || !word.starts_with(char::is_lowercase));
    named
        && inside
            .split(['/', ',', ' '])
            .any(|word| AGENCIES.contains(&word.to_lowercase().as_str()))
}

/// “BERLIN”, “NEW YORK/MÜNCHEN”; an abbreviation of two or three letters may be
/// the first word of a sentence.
fn is_in_capitals(head: &str) -> bool {
    const FEWEST: usize = 4;
    let letters = head.chars().filter(|c| c.is_alphabetic()).count();
    letters >= FEWEST
        && !head.chars().any(char::is_lowercase)
        && head
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, ' ' | '/' | '-' | ',' | '.' | '\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_go() {
        for text in [
            "BERLIN (dpa) – The cabinet agreed.",
            "Berlin (dpa) - The cabinet agreed.",
            "BERLIN – The cabinet agreed.",
            "NEW YORK/FRANKFURT — the cabinet agreed.",
            "Frankfurt am Main (dpa/lhe) – The cabinet agreed.",
            "Paris (Reuters): The cabinet agreed.",
            "BERLIN, BONN - The cabinet agreed.",
            "Berlin (CNN)The cabinet agreed.",
            "(CNN) -- The cabinet agreed.",
            "-- The cabinet agreed.",
            "Halle (Saale) (dpa) - The cabinet agreed.",
            "Frankfurt (Oder) (dpa/bb) – The cabinet agreed.",
        ] {
            assert_eq!(without(text), "The cabinet agreed.");
        }
    }

    #[test]
    fn sentences_stay_whole() {
        for text in [
            "The cabinet agreed – at last.",
            "EU – The cabinet agreed.",
            "The agency (dpa) - and others - reported.",
            "Berlin is large.",
            "BERLIN – ",
            "",
            "A380 - the giant - is back.",
            "The agency (dpa) reported.",
            "Norway's Labour Party (Ap) Prime Minister Støre resigned.",
            "Cable News Network (CNN) Chief Jeff Zucker resigned.",
            "The agency (dpa), which reported it, is large.",
        ] {
            assert_eq!(without(text), text);
        }
    }
}
