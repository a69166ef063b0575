use crate::figures::{Status, compare, repair};

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

#[track_caller]
fn becomes(source: &str, target: &str, expected: &str) {
    let repaired = repair(source, target).expect("a repair");
    assert_eq!(repaired.text, expected);
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
