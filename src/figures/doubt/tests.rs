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
    is_changed(
        "Mehr als die Hälfte, etwa 260.000, blieb.",
        "More than half, more than 260,000, stayed.",
    );
    is_right("Die Zahl überstieg 57.", "The number was more than 57.");
    is_right(
        "Heizt auf höchstens 20 Grad.",
        "Heat to not above 20 degrees.",
    );
    is_right("Es sind mindestens 20 Grad.", "It is not below 20 degrees.");
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

#[test]
fn a_beginning_is_no_end() {
    for (source, target) in [
        (
            "Das Werk wird frühestens 2031 fertig.",
            "The plant will be finished by 2031.",
        ),
        (
            "Der Vertrag läuft bis 2027.",
            "The contract runs from 2027.",
        ),
        (
            "Der Vertrag gilt ab 2027.",
            "The contract is valid until 2027.",
        ),
        (
            "Der Vertrag läuft seit 2020.",
            "The contract ran until 2020.",
        ),
        (
            "Spätestens am 2. September soll es losgehen.",
            "It is due to start on 2 September at the earliest.",
        ),
    ] {
        is_changed(source, target);
    }
    is_right("Er gilt ab 2027.", "It is valid from 2027.");
    is_right("Er läuft bis Ende 2027.", "It runs until the end of 2027.");
    is_right("Bis 2030 wird gebaut.", "It will be built by 2030.");
    is_right(
        "Sie lebte seit 2020 dort.",
        "She had lived there since 2020.",
    );
}

#[test]
fn shares_ranks_and_counts_differ() {
    for (source, target) in [
        ("Zum dritten Mal gewann er.", "He won by three."),
        ("Jedes vierte Kind ist arm.", "Four children are poor."),
        ("Er belegte den vierten Platz.", "He won four places."),
        ("Er siegte in der dritten Runde.", "He won three rounds."),
        (
            "Bisher wurden fast 2000 Bürger festgenommen.",
            "It is the 2000th day of arrests.",
        ),
        (
            "Die Ernte war so gut wie seit 25 Jahren nicht mehr.",
            "The harvest was good for the 25th year in a row.",
        ),
        (
            "Sie retteten 97 Menschen.",
            "They rescued people under the age of 97.",
        ),
        (
            "Ein Fünftel der Wähler blieb fern.",
            "Five voters stayed away.",
        ),
    ] {
        is_changed(source, target);
    }
    is_right(
        "Jedes vierte Kind ist arm.",
        "One in four children is poor.",
    );
    is_right("Jeden dritten Tag regnet es.", "It rains every three days.");
    is_right("Im dritten Jahr ging er.", "He left after three years.");
    is_right("Der Zweite Weltkrieg endet.", "World War Two ends.");
    is_right(
        "Es ist das siebte Tor im siebten Spiel.",
        "It is the seventh goal in seven games.",
    );
    is_right("Für alle ab 60.", "For people aged 60 and over.");
}

#[test]
fn what_is_said_of_a_whole_figure_stays() {
    for (source, target) in [
        (
            "Der Schaden liegt bei insgesamt 1,2 Millionen Euro.",
            "The damage is an average of 1.2 million euros.",
        ),
        (
            "Das Ergebnis lag bei minus 3 Millionen Euro.",
            "Earnings were 3 million euros.",
        ),
        (
            "Das Land zahlt nicht 5 Millionen Euro.",
            "The country pays 5 million euros.",
        ),
        (
            "Keine drei Stunden bevor es begann, war es vorbei.",
            "For three hours before it began, it was over.",
        ),
        ("Nicht einmal 50 Menschen kamen.", "50 people came."),
        (
            "Sie verdient 3.000 Euro im Monat.",
            "She earns 3,000 euros a year.",
        ),
        (
            "Die Gebühr beträgt 5 Euro pro Tag.",
            "The fee is 5 euros per hour.",
        ),
        (
            "Zweimal pro Woche fährt ein Bus.",
            "A bus runs twice a day.",
        ),
        (
            "Das 450 Milliarden teure Projekt stockt.",
            "The 450 billion-dollar project has stalled.",
        ),
        (
            "Die Stadt erwartet Milliardeneinnahmen.",
            "The city expects billions of dollars in revenue.",
        ),
    ] {
        is_changed(source, target);
    }
    is_right("Im Schnitt sind es 5 Euro.", "It is an average of 5 euros.");
    is_right(
        "Es sind minus 3 Millionen Euro.",
        "It is a loss of 3 million euros.",
    );
    is_right("Keine 50 Menschen kamen.", "Fewer than 50 people came.");
    is_right("Nicht 20, sondern 30 kamen.", "Not 20 but 30 came.");
    is_right(
        "Sie verdient 3.000 Euro im Monat.",
        "She earns 3,000 euros a month.",
    );
    is_right(
        "450 Milliarden Dollar teuer.",
        "It costs 450 billion dollars.",
    );
}

#[test]
fn limits_are_set_by_the_source() {
    for (source, target) in [
        (
            "Die Aktie verlor bis zum Handelsschluss 1,8 Prozent.",
            "The share lost up to 1.8 percent.",
        ),
        (
            "Bis Dienstag fallen 20 Zentimeter Schnee.",
            "Up to 20 centimeters of snow will fall on Tuesday.",
        ),
    ] {
        is_changed(source, target);
    }
    is_right("Bis zu 20 Menschen starben.", "Up to 20 people died.");
    is_right("Er stieg auf 20 Prozent.", "It rose up to 20 percent.");
}

#[test]
fn jobs_are_cut_or_created() {
    for (source, target) in [
        (
            "Das Unternehmen baut weitere 350 Stellen ab.",
            "The company is adding another 350 jobs.",
        ),
        (
            "Das Unternehmen baut 300 Stellen auf.",
            "The company is cutting 300 jobs.",
        ),
        (
            "Der Konzern streicht 1.000 Arbeitsplätze.",
            "The group is creating 1,000 jobs.",
        ),
    ] {
        is_changed(source, target);
    }
    is_right("Er streicht 300 Stellen.", "It is cutting 300 jobs.");
    is_right(
        "300 Stellen fallen weg, 50 entstehen neu.",
        "It cuts 300 jobs and creates 50.",
    );
}

#[test]
fn what_is_put_right_reads_well() {
    for (source, target, expected) in [
        (
            "Sie steigt auf 47.50 Franken.",
            "It rises to 47,50 Swiss francs.",
            "It rises to 47.50 Swiss francs.",
        ),
        (
            "Sie schafft eine Trillion Schritte.",
            "It achieves a trillion steps.",
            "It achieves a quintillion steps.",
        ),
        (
            "Das galt bis in die achtziger Jahre.",
            "This held until the thirties.",
            "This held until the eighties.",
        ),
        (
            "Um 4.51 Uhr mitteleuropäischer Zeit kam sie.",
            "At 4:51 a.m. Eastern European time it came.",
            "At 4:51 a.m. CET it came.",
        ),
        (
            "Kaum die Hälfte überlebte.",
            "Barely more than half survived.",
            "Nearly half survived.",
        ),
        (
            "Mehr als zehn Menschen starben.",
            "Up to ten people died.",
            "More than ten people died.",
        ),
        (
            "Er will alle 14 Achttausender besteigen.",
            "He wants to climb all 14,000.",
            "He wants to climb all 14 eight-thousand-meter peaks.",
        ),
        (
            "Der Verlust ist auf geschätzt 2,5 Milliarden Dollar gestiegen.",
            "The loss increased by an estimated $2.5 billion.",
            "The loss increased to an estimated $2.5 billion.",
        ),
    ] {
        becomes(source, target, expected);
    }
}

#[test]
fn the_nearest_end_of_a_term_is_told() {
    is_changed("Es öffnet frühestens im Mai.", "It opens in May.");
    is_changed("Es öffnet frühestens im Mai.", "It opens as early as May.");
    is_changed("Es endet spätestens im Mai.", "It ends in May.");
    is_right(
        "Es öffnet frühestens im Mai.",
        "It opens in May at the earliest.",
    );
    is_right(
        "Es öffnet frühestens im Mai.",
        "It will not open before May.",
    );
    is_right("Es endet spätestens im Mai.", "It ends by May.");
}

#[test]
fn no_half_of_the_day_has_thirteen_hours() {
    is_changed("Zwischen 12 und 15 Uhr.", "Between 12 and 15 a.m.");
    is_changed("Er kommt um 15 Uhr.", "He comes at 15 p.m.");
    is_right("Er kommt um 8.15 Uhr.", "He comes at 8:15 a.m.");
    is_right("Er kommt um 19:15 Uhr.", "He comes at 7:15 p.m.");
}

#[test]
fn an_average_is_no_total_and_a_difference_no_start() {
    is_changed("Es sind im Mittel 300 Euro.", "It is a total of 300 euros.");
    is_right("Es sind insgesamt 300 Euro.", "It is a total of 300 euros.");
    is_changed(
        "Es waren 61 weniger als zuvor.",
        "It was down from 61 before.",
    );
    is_right(
        "Es waren 61 weniger als zuvor.",
        "It was 61 fewer than before.",
    );
    is_changed(
        "Die Erhöhung auf 890 Punkte.",
        "They raise it by 890 points.",
    );
}

#[test]
fn times_are_no_places_and_days_from_to_are_no_two_days() {
    is_changed(
        "Sie steht zum siebten Mal vorn.",
        "She is in seventh place.",
    );
    is_right(
        "Sie steht zum siebten Mal vorn.",
        "She leads for the seventh time.",
    );
    is_changed(
        "Sie fährt freitags bis sonntags.",
        "It runs Fridays and Sundays.",
    );
    is_right(
        "Sie fährt freitags bis sonntags.",
        "It runs Fridays to Sundays.",
    );
}

#[test]
fn years_and_months_are_one_length_of_time() {
    is_right(
        "Sechs Menschenhändler sind am Freitag in Bochum zu Haftstrafen von bis zu acht Jahren und drei Monaten verurteilt worden.",
        "Six traffickers were sentenced to up to eight years and three months in prison by Bochum magistrates on Friday.",
    );
}
