use crate::figures::repair::tests::becomes;
use crate::figures::{Status, compare};

#[track_caller]
fn is_changed(source: &str, target: &str) {
    let checks = compare(source, target);
    assert!(
        checks.iter().any(|check| check.status == Status::Changed),
        "{target}"
    );
}

#[track_caller]
fn is_right(source: &str, target: &str) {
    let checks = compare(source, target);
    assert!(
        checks.iter().all(|check| check.status.resolved()),
        "{target}"
    );
}

#[test]
fn bounds_that_nobody_set_go() {
    becomes(
        "Man gedachte der rund 1.200 Toten.",
        "More than 1,200 dead were remembered.",
        "About 1,200 dead were remembered.",
    );
    becomes(
        "Seit 57 Tagen protestieren sie.",
        "They have protested for more than 57 days.",
        "They have protested for 57 days.",
    );
    is_right("Die Zahl überstieg 57.", "The number was more than 57.");
    is_right("Der Weg von 57 Metern.", "The way over 57 metres.");
}

#[test]
fn a_start_is_no_difference() {
    becomes(
        "Sie erhöhen den Preis von 32,4 auf 35,9 Cent.",
        "They will increase the price by 32.4 to 35.9 cents.",
        "They will increase the price from 32.4 to 35.9 cents.",
    );
    is_right("Er stieg um 3 auf 7 Prozent.", "It rose by 3 to 7 percent.");
}

#[test]
fn the_past_is_not_the_future() {
    is_changed(
        "Die Aufzeichnungen begannen vor 175 Jahren.",
        "Records started in 175 years.",
    );
    is_changed("Sie kommt in drei Tagen.", "She came three days ago.");
    is_right("Er ging vor drei Tagen.", "He left three days ago.");
    is_right(
        "Er ging vor drei Jahren.",
        "He left in the three years before.",
    );
    is_right("Es geschah in drei Jahren.", "It happened in three years.");
}

#[test]
fn counts_and_multiples_are_no_ranks() {
    is_changed("Das Rennen über 57 Runden.", "He won the 57th lap.");
    is_changed("Das ist das Fünffache.", "That is the fifth.");
    is_right("Er kam auf Platz drei.", "He came third.");
    is_right("Das muss erst einmal sein.", "That must be first.");
}

#[test]
fn ends_are_no_differences_and_rates_keep_what_they_are_for() {
    becomes(
        "Der Preis stieg um 20 Euro.",
        "The price rose to 20 euros.",
        "The price rose by 20 euros.",
    );
    becomes(
        "Die Inzidenz stieg auf 300.",
        "The incidence rose by 300.",
        "The incidence rose to 300.",
    );
    is_right(
        "Er stieg um 3 auf 7 Prozent.",
        "It rose 3 points to 7 percent.",
    );
    is_changed("Sie zahlt 13 Euro pro Stunde.", "She pays 13 euros.");
    is_right(
        "Sie zahlt 13 Euro pro Stunde.",
        "She pays 13 euros an hour.",
    );
    is_right(
        "Der Lohn beträgt 13 Euro je Stunde.",
        "The hourly wage is 13 euros.",
    );
}

#[test]
fn ages_stay_ages() {
    is_changed(
        "Der 45-Jährige wurde festgehalten.",
        "He was held for 45 years.",
    );
    is_changed("Er ist drei Jahre älter.", "He is three years younger.");
    is_right(
        "Ein vor drei Wochen geborenes Baby.",
        "A three-week-old baby.",
    );
    is_changed(
        "Seine zwei Jahre jüngere Schwester kam.",
        "His two-year-old sister came.",
    );
}

#[test]
fn bounds_are_read_with_their_negations() {
    is_right(
        "Ihr droht Haft nicht unter fünf Jahren.",
        "She faces at least five years in prison.",
    );
    is_right("Annähernd 200 kamen.", "Nearly 200 came.");
    is_right(
        "Alle, die älter als 65 Jahre sind.",
        "All who are more than 65 years old.",
    );
    is_right(
        "Es dauerte länger als 30 Monate.",
        "It took more than 30 months.",
    );
    is_changed(
        "Nicht einmal 50 Menschen kamen.",
        "More than 50 people came.",
    );
    is_right(
        "Sie wuchs um ein Viertel auf 300.",
        "It grew by a quarter to 300.",
    );
}

#[test]
fn parts_and_wholes_keep_their_places() {
    is_changed(
        "12 der 16 Länder stimmten zu.",
        "16 of the 12 states agreed.",
    );
    is_right(
        "12 der 16 Länder stimmten zu.",
        "12 of the 16 states agreed.",
    );
    is_right(
        "12 der 16 Länder stimmten zu.",
        "Of the 16 states, 12 agreed.",
    );
}
