use proptest::prelude::*;

use super::*;

/// What is read from a text, in the notation of `cases.txt`.
fn readings(text: &str, language: Language) -> String {
    let figures: Vec<String> = read(text, language)
        .iter()
        .map(|figure| {
            let mark = if figure.loose { "~" } else { "" };
            format!("{mark}{}", figure.value.canonical())
        })
        .collect();
    figures.join("; ")
}

#[test]
fn readings_of_the_table() {
    let mut language = Language::German;
    let mut faults = Vec::new();
    let mut count = 0;
    for line in include_str!("cases.txt").lines() {
        match line {
            "@german" => language = Language::German,
            "@english" => language = Language::English,
            _ if line.is_empty() || line.starts_with('#') => {}
            _ => {
                let (text, expected) = line.split_once("=>").expect("a case has an arrow");
                let found = readings(text.trim(), language);
                count += 1;
                if found != expected.trim() {
                    faults.push(format!("{line}\n    read as {found}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count >= 400, "only {count} cases");
}

#[test]
fn spans_cover_the_number_and_its_unit() {
    let text = "Über rund 3,5 Milliarden Euro stritten 20 Länder am 12. Juni.";
    let spans: Vec<&str> = read(text, Language::German)
        .iter()
        .map(|figure| figure.span.of(text))
        .collect();
    assert_eq!(spans, ["3,5 Milliarden Euro", "20", "12. Juni"]);
}

/// The complaints about a translation: `status: source -> target`.
fn complaints(german: &str, english: &str) -> Vec<String> {
    compare(german, english)
        .iter()
        .filter(|check| !check.status.resolved())
        .map(|check| {
            let text = |mention: &Option<Mention>| {
                mention.as_ref().map_or("", |m| m.text.as_str()).to_owned()
            };
            let (source, target) = (text(&check.source), text(&check.target));
            format!("{}: {source} -> {target}", check.status.as_str())
        })
        .collect()
}

#[track_caller]
fn sound(german: &str, english: &str) {
    assert_eq!(complaints(german, english), [""; 0], "{german} | {english}");
}

#[track_caller]
fn faulty(german: &str, english: &str, expected: &[&str]) {
    assert_eq!(
        complaints(german, english),
        expected,
        "{german} | {english}"
    );
}

const BUDGET: &str = "Der Bund gibt 283,82 Millionen Euro für 2.200 Schulen aus.";

#[test]
fn digits_that_are_dropped_or_changed() {
    sound(
        BUDGET,
        "The state is spending 283.82 million euros on 2,200 schools.",
    );
    faulty(
        BUDGET,
        "The state is spending 28.82 million euros on 2,200 schools.",
        &["changed: 283,82 Millionen Euro -> 28.82 million euros"],
    );
    faulty(
        BUDGET,
        "The state is spending 283.82 million euros on 220 schools.",
        &["changed: 2.200 -> 220"],
    );
    faulty(
        BUDGET,
        "The state is spending 283.82 million euros on schools.",
        &["missing: 2.200 -> "],
    );
}

#[test]
fn marks_that_were_not_translated() {
    faulty(
        "Die Strecke ist 1.240 Kilometer lang.",
        "The route is 1.240 kilometers long.",
        &["changed: 1.240 Kilometer -> 1.240 kilometers"],
    );
    faulty(
        "Es kamen 17.000 Menschen.",
        "17.000 people came.",
        &["changed: 17.000 -> 17.000"],
    );
    faulty(
        "Der Umsatz stieg um 4,8 Prozent.",
        "Sales rose by 4,8 percent.",
        &["changed: 4,8 Prozent -> 4,8"],
    );
    faulty(
        "Das kostet 1.234,56 Euro.",
        "It costs 1.234,56 euros.",
        &["changed: 1.234,56 Euro -> 1.234,56"],
    );
}

#[test]
fn scales_that_were_mistaken() {
    faulty(
        "Der Fonds hat 3,5 Milliarden Euro.",
        "The fund has 3.5 million euros.",
        &["changed: 3,5 Milliarden Euro -> 3.5 million euros"],
    );
    // The false friend: a German Billion is an English trillion.
    faulty(
        "Die Schulden betragen 2 Billionen Euro.",
        "The debt is 2 billion euros.",
        &["changed: 2 Billionen Euro -> 2 billion euros"],
    );
    sound(
        "Die Schulden betragen 2 Billionen Euro.",
        "The debt is 2 trillion euros.",
    );
    faulty(
        "Zehntausende demonstrierten.",
        "Thousands demonstrated.",
        &["changed: Zehntausende -> Thousands"],
    );
}

#[test]
fn measures_that_were_lost_or_exchanged() {
    faulty(
        "Das kostet 40 Euro.",
        "It costs 40 dollars.",
        &["changed: 40 Euro -> 40 dollars"],
    );
    faulty(
        "Die Partei verlor 12 Prozent.",
        "The party lost 12.",
        &["changed: 12 Prozent -> 12"],
    );
    faulty(
        "Der Anteil stieg um 3 Prozentpunkte.",
        "The share rose by 3 percent.",
        &["changed: 3 Prozentpunkte -> 3 percent"],
    );
    faulty(
        "Das Loch ist 5 Meter tief.",
        "The hole is 5 kilometers deep.",
        &["changed: 5 Meter -> 5 kilometers"],
    );
    faulty(
        "Es wurden 27 Grad gemessen.",
        "It was 37 degrees.",
        &["changed: 27 Grad -> 37 degrees"],
    );
    faulty(
        "Sie kündigt, um 57 Tage nach ihrer Hündin zu suchen.",
        "She quits to look for a 57-day-old dog.",
        &["changed: 57 Tage -> 57-day"],
    );
    faulty(
        "Von 540 Firmen sind 40 Prozent betroffen.",
        "40 percent are affected, 540 percent of the companies.",
        &["changed: 540 -> 540 percent"],
    );
    sound(
        "Der Anteil stieg von 5 auf 10 Prozent.",
        "The share rose from 5 percent to 10 percent.",
    );
    sound(
        "Das 57 Tage alte Fohlen schläft.",
        "The 57-day-old foal sleeps.",
    );
    sound(
        "Nach 57 Tagen Krieg ruhen die Waffen.",
        "The 57-day-old war has paused.",
    );
    sound("Sie starb mit 82 Jahren.", "She died at 82.");
    sound(
        "Zwischen 25 Prozent und 30 Prozent stimmten zu.",
        "Between 25 and 30 percent agreed.",
    );
}

#[test]
fn figures_that_changed_places() {
    let election = "Die SPD kam auf 30 Prozent, die CDU auf 20 Prozent.";
    sound(election, "The SPD won 30 percent, the CDU 20 percent.");
    sound(
        election,
        "30 percent went to the SPD and 20 percent to the CDU.",
    );
    faulty(
        election,
        "The SPD won 20 percent, the CDU 30 percent.",
        &[
            "changed: 30 Prozent -> 30 percent",
            "changed: 20 Prozent -> 20 percent",
        ],
    );
    let attack = "Bei dem Anschlag gab es 12 Tote und 30 Verletzte.";
    sound(attack, "The attack left 12 dead and 30 injured.");
    sound(attack, "The attack left 30 injured and 12 dead.");
    faulty(
        attack,
        "The attack left 30 dead and 12 injured.",
        &["changed: 12 -> 12", "changed: 30 -> 30"],
    );
    let cut = "Die Quote sank von 7 auf 5 Prozent.";
    sound(cut, "The rate fell from 7 to 5 percent.");
    sound(cut, "The rate fell to 5 percent from 7 percent.");
    assert!(!complaints(cut, "The rate fell from 5 to 7 percent.").is_empty());
    assert!(!complaints(cut, "The rate fell from 5 percent to 7 percent.").is_empty());
}

#[test]
fn figures_that_nobody_wrote() {
    faulty(
        "Der Minister trat zurück.",
        "The minister resigned on Thursday.",
        &["added:  -> Thursday"],
    );
    faulty(
        "Das Haus wurde verkauft.",
        "The house was sold for 2 million euros in 1987.",
        &["added:  -> 2 million euros", "added:  -> 1987"],
    );
}

#[test]
fn days_and_times_that_changed() {
    faulty(
        "Das Treffen ist am Dienstag um 20.15 Uhr.",
        "The meeting is on Thursday at 8:15 p.m.",
        &["changed: Dienstag -> Thursday"],
    );
    faulty(
        "Das Treffen ist um halb neun.",
        "The meeting is at half past nine.",
        &["changed: halb neun -> half past nine"],
    );
    faulty(
        "Am 12. Juni 2024 wird gewählt.",
        "The election is on July 12, 2024.",
        &["changed: 12. Juni 2024 -> July 12, 2024"],
    );
    faulty(
        "Er wurde 1964 geboren.",
        "He was born in 1946.",
        &["changed: 1964 -> 1946"],
    );
}

#[test]
fn ranks_that_changed() {
    faulty(
        "Sie ist zum ersten Mal Mutter.",
        "She is a mother for the second time.",
        &["changed: ersten -> second"],
    );
    faulty(
        "Die Miete ist doppelt so hoch.",
        "The rent is three times as high.",
        &["added:  -> three times"],
    );
    // What is loose may go.
    sound("Zum ersten Mal regnete es.", "It finally rained.");
}

#[test]
fn bounds_that_were_turned_round() {
    faulty(
        "Es kamen mehr als 100 Gäste.",
        "Fewer than 100 guests came.",
        &["changed: 100 -> 100"],
    );
    sound(
        "Ihr Anteil macht nicht mehr als 1 % aus.",
        "Their share does not account for more than 1%.",
    );
}

#[test]
fn notations_that_mean_the_same() {
    for (german, english) in [
        ("um 20.15 Uhr", "at 8:15 p.m."),
        ("um halb neun", "at 8:30"),
        ("18 Monate", "a year and a half"),
        ("zwei Wochen", "a fortnight"),
        ("vor 14 Tagen", "two weeks ago"),
        ("anderthalb Stunden", "one and a half hours"),
        ("100 Kilometer", "62 miles"),
        ("20 Grad Celsius", "68 degrees Fahrenheit"),
        ("erhitzt sich auf 27 Grad", "heats up to 80.6 degrees"),
        (
            "auf dem Golf 8. Er bleibt",
            "on the Golf 8. The Golf 8 stays",
        ),
        ("die Hälfte der Wähler", "50 percent of voters"),
        ("verlor 1:2", "lost 2-1"),
        ("in den 90er-Jahren", "in the 1990s"),
        ("vom 5. bis 7. Juni", "from June 5 to 7"),
        ("der 1. und der 7. Juli", "July 1 and July 7"),
        ("Fridays for Future", "Fridays for Future"),
        ("Prinz Ernst August", "Prince Ernst August"),
        ("zwei A380", "two A380s"),
        ("nach § 26", "under Section 26"),
        ("eine weitere Milliarde Euro", "another billion euros"),
        ("zweisprachig", "bilingual"),
        ("jeden zweiten Tag", "every two days"),
        ("in der III. Republik", "in the 3rd Republic"),
        ("in wenigen hundert Wörtern", "in a few hundred words"),
        ("mindestens 9 Abgeordnete", "nothing less than 9 deputies"),
        ("die Zweidrittelmehrheit", "the two-thirds majority"),
    ] {
        sound(german, english);
    }
}

#[test]
fn a_count_does_not_become_a_measure_in_another_unit() {
    let source = "Wir haben nur 1.240 von 3.600 Kilometern geschafft.";
    for (target, open) in [
        ("We have only completed 1,240 of 3,600 kilometers.", 0),
        (
            "We have only completed 1,240 kilometers of 3,600 kilometers.",
            0,
        ),
        ("We have only completed 1,240 miles of 3,600 kilometers.", 1),
    ] {
        assert_eq!(unresolved(&compare(source, target)), open, "{target}");
    }
}

#[test]
fn an_english_date_in_a_german_text_is_copied() {
    let source = "In dem Bericht „The 10 Best Films of May 2019“ steht das.";
    let open = |target: &str| unresolved(&compare(source, target));
    assert_eq!(
        open("The report “The 10 Best Films of May 2019” says so."),
        0
    );
    assert!(open("The report “The 10 Best Films of July 2019” says so.") > 0);
}

#[test]
fn a_name_that_was_copied_does_not_hide_a_lost_figure() {
    faulty(
        "Von 1962 bis 1964 in Rom und von 1964 bis 1968 in Wien.",
        "From 1962 in Rome and from 1964 to 1968 in Vienna.",
        &["missing: 1964 -> "],
    );
}

/// Digits in groups of three.
fn grouped(number: u64, mark: &str) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    let groups: Vec<&str> = (0..digits.len())
        .filter(|at| at % 3 == head)
        .map(|at| &digits[at..at + 3])
        .collect();
    let first = (head > 0).then(|| &digits[..head]);
    first
        .into_iter()
        .chain(groups)
        .collect::<Vec<_>>()
        .join(mark)
}

fn first_value(text: &str, language: Language) -> Option<String> {
    read(text, language)
        .first()
        .map(|figure| figure.value.canonical())
}

const MONTHS: [(&str, &str); 12] = [
    ("Januar", "January"),
    ("Februar", "February"),
    ("März", "March"),
    ("April", "April"),
    ("Mai", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("August", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Dezember", "December"),
];

proptest! {
    #[test]
    fn whole_numbers_in_any_style(number in 0u64..1_000_000_000_000) {
        let expected = Some(format!("{number} €").replace(" €", ""));
        for text in [number.to_string(), grouped(number, "."), grouped(number, "\u{202f}")] {
            let text = format!("{text} Menschen");
            prop_assert_eq!(first_value(&text, Language::German), expected.clone(), "{}", text);
        }
        let text = format!("{} people", grouped(number, ","));
        prop_assert_eq!(first_value(&text, Language::English), expected, "{}", text);
    }

    #[test]
    fn decimals_in_both_styles(whole in 0u64..1_000_000_000, tenths in 1u64..10) {
        let expected = Some(format!("{whole}.{tenths} %"));
        let german = format!("{},{tenths} Prozent", grouped(whole, "."));
        let english = format!("{}.{tenths} percent", grouped(whole, ","));
        prop_assert_eq!(first_value(&german, Language::German), expected.clone());
        prop_assert_eq!(first_value(&english, Language::English), expected);
        prop_assert!(complaints(&german, &english).is_empty());
    }

    #[test]
    fn dates_in_any_style(year in 1500u16..2100, month in 1usize..=12, day in 1u8..=28) {
        let expected = Some(format!("{year}-{month:02}-{day:02}"));
        let (german, english) = MONTHS[month - 1];
        for text in [
            format!("{day}. {german} {year}"),
            format!("{day:02}.{month:02}.{year}"),
            format!("{day}.{month}.{year}"),
            format!("{year}-{month:02}-{day:02}"),
        ] {
            prop_assert_eq!(first_value(&text, Language::German), expected.clone(), "{}", text);
        }
        for text in [
            format!("{english} {day}, {year}"),
            format!("{day} {english} {year}"),
            format!("{month:02}/{day:02}/{year}"),
        ] {
            prop_assert_eq!(first_value(&text, Language::English), expected.clone(), "{}", text);
        }
    }

    #[test]
    fn times_on_both_clocks(hour in 0u8..24, minute in 0u8..60) {
        let expected = Some(format!("{hour:02}:{minute:02}"));
        let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
        let half = if hour < 12 { "a.m." } else { "p.m." };
        let german = format!("{hour}.{minute:02} Uhr");
        let english = format!("{twelve}:{minute:02} {half}");
        prop_assert_eq!(first_value(&german, Language::German), expected.clone());
        prop_assert_eq!(first_value(&english, Language::English), expected);
    }

    #[test]
    fn another_number_is_never_kept(one in 0u64..100_000, other in 0u64..100_000) {
        prop_assume!(one != other);
        let german = format!("Es kamen {} Gäste.", grouped(one, "."));
        let english = format!("{} guests came.", grouped(other, ","));
        prop_assert!(!complaints(&german, &english).is_empty(), "{german} | {english}");
    }

    #[test]
    fn figures_are_sorted_and_lie_in_the_text(
        text in r"([0-9.,:/§€$%-]{0,6}|[ \u{a0}]|Mio\.|Uhr|am|12\. Juni|zwei|halb|\PC){0,40}"
    ) {
        for language in [Language::German, Language::English] {
            let mut last = 0;
            for figure in read(&text, language) {
                prop_assert!(figure.span.start >= last && !figure.span.is_empty());
                prop_assert!(!figure.span.of(&text).is_empty());
                last = figure.span.end;
            }
        }
    }

    #[test]
    fn comparing_never_panics(source in r"\PC{0,120}", target in r"\PC{0,120}") {
        compare(&source, &target);
    }
}

/// Reading and comparing a text many times as long takes about as many times
/// as long; a quadratic step would take its square.
#[test]
fn hostile_texts_are_read_in_linear_time() {
    use std::time::Instant;

    const LENGTH: usize = 8_000;
    for piece in [
        "1",
        "1.",
        "1,",
        "1 234 ",
        "2:1 ",
        "12.6. ",
        "zwei",
        "zwei ",
        "und ",
        "halb ",
        "1 bis ",
        "5 oder ",
        "a million ",
        "§",
        "+1",
        "A1-",
        "½",
        "August ",
        "§ 1 ",
        "1/",
        "not more than ",
        "eine halbe ",
        "von 1 auf ",
        "1 to 2 - ",
        "June 5, 2015, ",
        "A1 B2 ",
        "EZB ",
        "Köln Munich ",
        "Häuser 5 houses ",
        "Slowakei Slovenia ",
        "Anna Maier, sagte Huber. ",
    ] {
        // The quickest of a few runs: others use the machine as well.
        let read_once = |times: usize| {
            let text = piece.repeat(times);
            let runs = (0..3).map(|_| {
                let clock = Instant::now();
                read(&text, Language::German);
                read(&text, Language::English);
                compare(&text, &text);
                clock.elapsed().as_secs_f64()
            });
            runs.fold(f64::MAX, f64::min)
        };
        let mut measured = (0..5).map(|_| {
            let short = read_once(LENGTH / 8).max(0.005);
            (short, read_once(LENGTH))
        });
        // A machine that was taken away for a while is asked again.
        let linear = measured.any(|(short, long)| long < 32.0 * short);
        assert!(linear, "{piece:?} takes more than its length");
    }
}

#[test]
fn a_repeated_value_in_the_place_of_another_is_a_change() {
    let statuses = |source: &str, target: &str| -> Vec<Status> {
        compare(source, target)
            .iter()
            .map(|check| check.status)
            .collect()
    };
    assert_eq!(
        statuses(
            "Bei dem Unfall gab es 5 Tote und 7 Verletzte.",
            "The accident left 5 dead and 5 injured."
        ),
        [Status::Kept, Status::Changed]
    );
    assert_eq!(
        statuses(
            "Es gab 5 Tote, drei davon waren Kinder.",
            "There were 5 dead, and of these 5 three were children."
        ),
        [Status::Kept, Status::Kept, Status::Added]
    );
    assert_eq!(
        statuses(
            "Mit 45.000 Probanden ist es die größte Studie.",
            "With 45,000 participants, the largest study is said to be 45,000."
        ),
        [Status::Kept, Status::Added]
    );
    assert_eq!(
        statuses(
            "Es fehlen vier Gewehre vom Typ G36 und sechs Pistolen.",
            "Four G36 rifles and six G36 pistols are missing."
        ),
        [Status::Kept, Status::Kept, Status::Kept, Status::Added]
    );
    // Loosely spelled ones prove nothing.
    assert_eq!(
        statuses("Beide kamen.", "Both of them came, both."),
        [Status::Kept]
    );
}

#[test]
fn figures_whose_words_changed_places() {
    faulty(
        "Die Firma hat 450 Mitarbeiter und 27 Filialen.",
        "The company has 27 employees and 450 branches.",
        &["changed: 450 -> 450", "changed: 27 -> 27"],
    );
    faulty(
        "Der Dow verlor 334 Punkte oder 3,3 Prozent.",
        "The Dow lost 3.3 points or 334 percent.",
        &["changed: 334 -> 334 percent", "changed: 3,3 Prozent -> 3.3"],
    );
    for (german, english) in [
        (
            "Der Wert fiel von 7 auf 5 Prozent.",
            "The value fell from 7 percent to 5.",
        ),
        (
            "Die Firma hat 450 Mitarbeiter und 27 Filialen.",
            "The company has 450 employees and 27 branches.",
        ),
        (
            "Von 832 Seiten waren 615 voll Werbung.",
            "615 of the 832 pages were full of advertising.",
        ),
        (
            "Statt 25 wurden nur 15 Prozent Steuer berechnet.",
            "A tax of 15 percent was charged instead of 25.",
        ),
        (
            "Die Grenze sinkt von derzeit 30.000 auf 18.000 Menschen.",
            "The limit falls to 18,000 people from 30,000 now.",
        ),
    ] {
        sound(german, english);
    }
}

#[test]
fn ranges_that_were_turned_round() {
    faulty(
        "Rund 450 bis 500 Menschen kamen.",
        "Around 500 to 450 people came.",
        &["changed: 450 bis 500 -> 450"],
    );
    faulty(
        "Zwischen 2009 und 2014 lebte er hier.",
        "Between 2014 and 2009, he lived here.",
        &["changed: 2009 -> 2009", "changed: 2014 -> 2014"],
    );
    sound(
        "Von 1919 bis 1933 war er dort.",
        "He was there from 1919 to 1933.",
    );
}

#[test]
fn dates_whose_parts_went_astray() {
    faulty(
        "Es war am 29. September 1932 in Rom.",
        "It was on September 1932, 29 in Rome.",
        &["changed: 29. September 1932 -> 29"],
    );
    sound(
        "Am 5. und 6. Juni 2024 wird gewählt.",
        "There are elections on June 5 and 6, 2024.",
    );
    sound(
        "Im Juni 2024 starben 30 Menschen.",
        "In June 2024, 30 people died.",
    );
}

#[test]
fn codes_that_took_the_digits_of_a_number() {
    let source = "Der Konvoi OG-59 hatte 43 Schiffe.";
    sound(source, "Convoy OG-59 had 43 ships.");
    let wrong = complaints(source, "Convoy OG-43 had 59 ships.");
    assert!(!wrong.is_empty());
}
