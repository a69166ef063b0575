use super::*;

/// The names checked: `status: source -> target`.
fn verdicts(german: &str, english: &str) -> Vec<String> {
    compare(german, english, &Cast::default())
        .iter()
        .map(|check| {
            assert_eq!(check.kind, Kind::Name);
            let text = |mention: &Option<Mention>| {
                mention.as_ref().map_or("", |m| m.text.as_str()).to_owned()
            };
            let (source, target) = (text(&check.source), text(&check.target));
            format!("{}: {source} -> {target}", check.status.as_str())
        })
        .collect()
}

#[track_caller]
fn names(german: &str, english: &str, expected: &[&str]) {
    assert_eq!(verdicts(german, english), expected, "{german} | {english}");
}

#[test]
fn places_that_the_source_does_not_name() {
    names(
        "Proteste gab es in Suez und Mansura.",
        "There were protests in Suez and Damascus.",
        &["added:  -> Damascus"],
    );
    names(
        "Das Militär baut Straßen.",
        "The military in Egypt builds roads.",
        &["added:  -> Egypt"],
    );
    // Hints that no table holds, adjectives, and what only looks like a city.
    names("Er kam aus Tōkyō.", "He came from Tokyo.", &[]);
    names("Die Münchner kamen.", "The people of Munich came.", &[]);
    names(
        "Die Regierung trat ab.",
        "The German government resigned.",
        &[],
    );
    names("Schön, dich zu sehen.", "Nice to see you.", &[]);
}

#[test]
fn persons_that_are_kept() {
    names(
        "Bundeskanzlerin Angela Merkel reiste ab.",
        "Chancellor Angela Merkel departed.",
        &["kept: Angela Merkel -> Angela Merkel"],
    );
    // A surname alone is the person, and a genitive the same name.
    names(
        "Die Reise Angela Merkels begann.",
        "Merkel's journey began.",
        &["kept: Angela Merkels -> Merkel's"],
    );
    names(
        "Ursula von der Leyen sprach in Brüssel.",
        "Ursula von der Leyen spoke in Brussels.",
        &["kept: Ursula von der Leyen -> Ursula von der Leyen"],
    );
    names(
        "Präsident Wolodymyr Selenskyj rief an.",
        "President Volodymyr Zelensky called.",
        &["converted: Wolodymyr Selenskyj -> Volodymyr Zelensky"],
    );
}

#[test]
fn persons_that_are_lost_or_exchanged() {
    names(
        "Minister Boris Johnson trat zurück.",
        "The minister resigned.",
        &["missing: Boris Johnson -> "],
    );
    names(
        "Angela Merkel trat zurück.",
        "Angela Miracle resigned.",
        &["changed: Angela Merkel -> Angela Miracle"],
    );
    // The office vouches for a name that no list holds.
    names(
        "Regierungschef Quim Torra lehnte ab.",
        "The head of government declined.",
        &["missing: Quim Torra -> "],
    );
}

#[test]
fn persons_that_nobody_named() {
    names(
        "Der Minister trat zurück.",
        "Minister Peter Altmaier resigned.",
        &["added:  -> Peter Altmaier"],
    );
}

#[test]
fn countries_may_be_named_by_their_people() {
    names(
        "Frankreichs Regierung berät mit Deutschland.",
        "The French government is consulting with Germany.",
        &[
            "kept: Frankreichs -> French",
            "kept: Deutschland -> Germany",
        ],
    );
    names(
        "In den USA wird gewählt.",
        "Elections are held in the United States.",
        &["kept: USA -> United States"],
    );
    // It may be meant, and is not named.
    names(
        "In Deutschland regnet es.",
        "It rains in this country.",
        &["missing: Deutschland -> "],
    );
}

#[test]
fn countries_that_are_mistaken_or_missing() {
    names(
        "Er reist nach Ungarn.",
        "He is travelling abroad.",
        &["missing: Ungarn -> "],
    );
    names("Die ungarische Fahne.", "The flag.", &[]);
    names(
        "Sie forschen auf King George Island.",
        "They do research on King George Island.",
        &["kept: George Island -> George Island", "kept: King -> King"],
    );
    names(
        "Österreich hilft.",
        "Australia helps.",
        &["changed: Österreich -> Australia"],
    );
    names(
        "Die Slowakei und Ungarn stimmten zu.",
        "Slovenia and Hungary agreed.",
        &["changed: Slowakei -> Slovenia", "kept: Ungarn -> Hungary"],
    );
}

#[test]
fn countries_by_their_adjectives_and_people() {
    names(
        "Die slowakische Regierung trat zurück.",
        "The Slovenian government resigned.",
        &["changed: slowakische -> Slovenian"],
    );
    names(
        "Die Franzosen und die US-Firma in Saudi-Arabien.",
        "The French and the US company in Saudi Arabia.",
        &[
            "kept: Franzosen -> French",
            "kept: US -> US",
            "kept: Saudi-Arabien -> Saudi Arabia",
        ],
    );
    // A language is no country, and a country may stand for its continent.
    names("Auf Deutsch: die Rose.", "In English: the rose.", &[]);
    names(
        "In Afrika wird gewählt.",
        "Elections are held in Angola.",
        &[],
    );
    names(
        "Er kam aus Niger.",
        "He came from Nigeria.",
        &["changed: Niger -> Nigeria"],
    );
}

#[test]
fn cities_that_are_mistaken_or_left_in_german() {
    names(
        "Er wohnt in Mannheim.",
        "He lives in Munich.",
        &["changed: Mannheim -> Munich"],
    );
    names(
        "Der Dom in Nürnberg ist alt.",
        "The cathedral is old.",
        &["missing: Nürnberg -> "],
    );
    // Nothing says that a city is meant.
    names("Das Essen war gut.", "The food was good.", &[]);
    names(
        "Kölns Dom ist alt.",
        "Köln's cathedral is old.",
        &["changed: Kölns -> Köln"],
    );
    for (german, english) in [
        ("Er wohnt in Köln.", "He lives in Cologne."),
        ("Er spielt für den 1. FC Köln.", "He plays for 1. FC Köln."),
        ("Er kam aus Hannover.", "He came from Hannover."),
    ] {
        names(german, english, &[]);
    }
}

#[test]
fn organisations_by_their_letters() {
    names(
        "Die EZB-Chefin und der IWF warnen.",
        "The EZB president and the IMF warn.",
        &["changed: EZB -> EZB"],
    );
    names("Die WHO warnt.", "The WTO warns.", &["changed: WHO -> WTO"]);
    for (german, english) in [
        ("Die Nato und die EU tagen.", "NATO and the bloc meet."),
        ("Die Uno hilft.", "The United Nations is helping."),
        ("Die EZB schweigt.", "The central bank is silent."),
        ("Das UN-Flüchtlingshilfswerk hilft.", "UNHCR is helping."),
    ] {
        names(german, english, &[]);
    }
    names("Die UN warnt.", "UNICEF warns.", &["changed: UN -> UNICEF"]);
}

#[test]
fn nouns_are_no_names() {
    for (german, english) in [
        (
            "Die Feuerwehr löschte den Brand.",
            "The fire department put out the blaze.",
        ),
        ("Das Weiße Haus schwieg.", "The White House was silent."),
        (
            "Der Sprecher Anfang Juni: Nein.",
            "The spokesman in early June: No.",
        ),
        ("Ludwigsbrücke gesperrt.", "Ludwig Bridge closed."),
        (
            "Der Chef Ihres Hauses rief an.",
            "The head of your house called.",
        ),
    ] {
        names(german, english, &[]);
    }
}

#[test]
fn a_country_is_marked_with_all_its_words() {
    let english = "US officials say the Korean visit to North Korea begins in the United States.";
    let checks = compare(
        "Der Besuch in Nordkorea beginnt in den USA.",
        english,
        &Cast::default(),
    );
    let targets: Vec<&str> = checks
        .iter()
        .filter_map(|check| Some(check.target.as_ref()?.text.as_str()))
        .collect();
    assert_eq!(targets, ["North Korea", "US"]);
}

#[test]
fn hostile_texts_are_bounded() {
    let german = "Angela Merkel ".repeat(MOST_WORDS / 2);
    let english = "Angela Qqqqqq ".repeat(MOST_WORDS / 2);
    let count = compare(&german, &english, &Cast::default()).len();
    assert!((1..=3 * MOST_NAMES).contains(&count));
    assert!(compare(&german.repeat(2), &english, &Cast::default()).is_empty());
}
