//! How English writes the figures that a translation lacks, and those that it
//! has too many, for a decoder that can be told what to write.

mod english;
mod unit;

use super::compare::{Check, Mention, Status};
use super::kind::Kind;
use super::{Language, read};
use english::{name, wordings};

/// More figures than these are not asked for at once.
const MOST: usize = 3;

/// For each figure of the source that the checks did not find in the target,
/// at most `MOST`: the ways in which English may write it, the usual first.
/// Currencies are left to the translation.
pub fn wanted(source: &str, checks: &[Check]) -> Vec<Vec<String>> {
    let open = checks.iter().filter(|check| !check.status.resolved());
    let mentions = open.filter_map(|check| Some((check, check.source.as_ref()?)));
    let figures = read(source, Language::German);
    mentions
        .map(|(check, mention)| match check.kind {
            Kind::Name => name(&mention.text, &check.value),
            Kind::Number
            | Kind::Money
            | Kind::Percent
            | Kind::Quantity
            | Kind::Duration
            | Kind::Age
            | Kind::Ordinal
            | Kind::Range
            | Kind::Date
            | Kind::Time
            | Kind::Score
            | Kind::Fraction
            | Kind::Multiple
            | Kind::Code => figures
                .iter()
                .find(|figure| figure.span == mention.span)
                .map(|figure| wordings(figure, &mention.text))
                .unwrap_or_default(),
        })
        .filter(|wordings| !wordings.is_empty())
        .take(MOST)
        .collect()
}

/// Figures of the target that the source does not have, or has elsewhere, at most
/// `MOST`, as they stand there: what was added with the word before („the 1999“), unless a
/// right figure stands behind the same; what was changed alone, since the right one belongs
/// in its place. One that the source has in these words, or that is said
/// elsewhere as well and rightly, is given with the word behind it ("2016 election"),
/// and not at all where the right one has that, too. `wanted` is what [`wanted`] has
/// found for the same checks.
pub fn unwanted(
    source: &str,
    target: &str,
    checks: &[Check],
    wanted: &[Vec<String>],
) -> Vec<String> {
    let mentions = |wanted: fn(Status) -> bool| {
        let checks = checks.iter().filter(move |check| wanted(check.status));
        checks.filter_map(|check| check.target.as_ref())
    };
    let with_word = |mention: &Mention| {
        let word = target.get(..mention.span.start)?.strip_suffix(' ')?;
        let word = word.rsplit(' ').next().filter(|word| !word.is_empty())?;
        Some(format!("{word} {}", mention.text))
    };
    let head = |text: &str| text.rsplit_once(' ').map(|(head, _)| head.to_owned());
    let begins_right = |text: &str| {
        let mut spellings = wanted.iter().flatten();
        spellings.any(|wanted| wanted.starts_with(text))
    };
    let kept: Vec<&Mention> = mentions(Status::resolved).collect();
    let right: Vec<Option<String>> = kept
        .iter()
        .map(|mention| with_word(mention).as_deref().and_then(head))
        .collect();
    let needed =
        |text: &str| source.contains(text) || kept.iter().any(|kept| kept.text.contains(text));
    let marked = |mention: &Mention| {
        with_next_word(mention, target)
            .filter(|phrase| target.matches(*phrase).count() == 1)
            .map(str::to_owned)
    };
    let added = mentions(|status| status == Status::Added).filter_map(|mention| {
        if needed(&mention.text) {
            return marked(mention);
        }
        let phrase = with_word(mention).filter(|phrase| !right.contains(&head(phrase)));
        Some(phrase.unwrap_or_else(|| mention.text.clone()))
    });
    let changed = mentions(|status| status == Status::Changed).filter_map(|mention| {
        let phrase = match needed(&mention.text) {
            true => marked(mention)?,
            false => mention.text.clone(),
        };
        (!begins_right(&phrase)).then_some(phrase)
    });
    added.chain(changed).take(MOST).collect()
}

/// A figure and the word behind it, as they stand in the text.
fn with_next_word<'a>(mention: &Mention, target: &'a str) -> Option<&'a str> {
    let word = target.get(mention.span.end..)?.strip_prefix(' ')?;
    let len = word
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(word.len());
    let end = mention.span.end + 1 + len;
    (len > 0).then(|| target.get(mention.span.start..end))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::compare;

    fn wanted_of(source: &str, target: &str) -> Vec<Vec<String>> {
        wanted(source, &compare(source, target))
    }

    #[test]
    fn a_figure_that_is_lost_is_asked_for_as_english_writes_it() {
        let cases = [
            (
                "Der Konzern hat 4.800 Stellen gestrichen.",
                "The group has cut jobs.",
                "4,800",
            ),
            (
                "Sie zahlt 4,8 Millionen Euro.",
                "She pays a lot.",
                "4.8 million",
            ),
            (
                "Das Spiel beginnt um 20.15 Uhr.",
                "The game begins late.",
                "8:15 p.m.",
            ),
            ("Er kam am 12. Juni an.", "He arrived.", "June 12"),
            ("Er kam am Dienstag an.", "He arrived.", "Tuesday"),
            (
                "Es waren 23 Prozent mehr.",
                "There were more.",
                "23 percent",
            ),
            (
                "Sie steht 75 Meter entfernt.",
                "It is far away.",
                "75 meters",
            ),
            (
                "Er kam um Viertel nach sieben.",
                "He came.",
                "quarter past seven",
            ),
            (
                "Er kam nach zwei Jahren.",
                "He came in the blink of an eye.",
                "two years",
            ),
            (
                "Sie will um zwei Milliarden Euro sparen.",
                "She wants to save.",
                "two billion",
            ),
            ("Dutzende Menschen flohen.", "People fled.", "dozens"),
            (
                "Das Land hat 13 Achttausender.",
                "The country has 13 mountains.",
                "8,000",
            ),
            (
                "Zwei Drittel der Wähler kamen.",
                "Voters came.",
                "two thirds",
            ),
            ("Ein Fünftel der Wähler kam.", "Voters came.", "a fifth of"),
            (
                "Jeder dritte Deutsche raucht.",
                "Germans smoke.",
                "every third",
            ),
            (
                "Es dauerte anderthalb Jahre.",
                "It took a while.",
                "one and a half years",
            ),
            ("Er siegte dreimal.", "He won.", "three times"),
            (
                "Die Zahl ist fünffach höher.",
                "It is higher.",
                "five times",
            ),
            ("Es war sein siebter Sieg.", "It was his win.", "seventh"),
            (
                "Er spielt drei bis dreieinhalb Stunden.",
                "He plays for a while.",
                "three to three and a half hours",
            ),
        ];
        for (source, target, expected) in cases {
            let wanted = wanted_of(source, target);
            assert_eq!(wanted.len(), 1, "{source}: {wanted:?}");
            assert_eq!(wanted[0][0], expected, "{source}");
        }
    }

    #[test]
    fn a_name_is_asked_for_with_and_without_the_ending_of_a_genitive() {
        let lost = |source| wanted_of(source, "The idea is good.");
        assert_eq!(
            lost("Angela Merkels Idee ist gut."),
            [["Angela Merkel", "Angela Merkels"]]
        );
        assert_eq!(lost("Die Idee von Uwe Seeler ist gut."), [["Uwe Seeler"]]);
    }

    #[test]
    fn what_is_invented_is_unwanted_and_what_is_right_elsewhere_is_not() {
        let unwanted = |source: &str, target: &str| {
            let checks = compare(source, target);
            unwanted(source, target, &checks, &wanted(source, &checks))
        };
        assert_eq!(
            unwanted(
                "Die WM in Doha begann am Freitag.",
                "The 2019 World Championships in Doha began on Friday.",
            ),
            ["The 2019"]
        );
        assert_eq!(
            unwanted(
                "In 3 Jahren ist WM.",
                "In 3 years, in 2019, is the World Cup."
            ),
            ["in 2019"]
        );
        assert!(
            unwanted(
                "Er zündete am 22. Juli 2011 eine Bombe.",
                "On July 22, 2011, he set off a bomb on July 22.",
            )
            .is_empty()
        );
        assert!(unwanted("Er kam an.", "He arrived.").is_empty());
        // The right one belongs in its place, and may begin like it.
        assert_eq!(
            unwanted("Es kamen 540 Gäste.", "There were up to 500 guests."),
            ["500"]
        );
        assert_eq!(
            unwanted("Es kamen 540 Gäste.", "There were 54 guests."),
            ["54 guests"]
        );
        // Said once too often: the word behind tells it from the right one.
        let source = "Im Vergleich zum Wahlkampf vor dem Brexit-Referendum 2016 sei es leicht.";
        assert_eq!(
            unwanted(
                source,
                "Comparing the 2016 Brexit referendum to the 2016 election, it is easy.",
            ),
            ["2016 election"]
        );
        assert!(unwanted(source, "After the 2016 vote, the 2016 vote is easy.").is_empty());
    }

    #[test]
    fn what_is_there_is_not_asked_for() {
        let source = "Der Konzern hat 4.800 Stellen in 12 Werken gestrichen.";
        let target = "The group has cut jobs in 12 plants.";
        assert_eq!(wanted_of(source, target), [["4,800"]]);
        let whole = "The group has cut 4,800 jobs in 12 plants.";
        assert!(wanted_of(source, whole).is_empty());
    }

    #[test]
    fn a_unit_that_was_changed_is_asked_for_too() {
        let source = "Ein Haushalt verbraucht 3.500 Kilowattstunden.";
        let target = "A household uses 3,500 kilowatts.";
        assert_eq!(wanted_of(source, target), [["3,500 kWh"]]);
    }

    #[test]
    fn only_a_few_are_asked_for_at_once() {
        let source = "Es kamen 21, 32, 43, 54 und 65 Gäste.";
        assert_eq!(wanted_of(source, "Guests came.").len(), MOST);
    }
}
