//! How many errors the comparison of figures finds: each translation of a table
//! is spoiled in every way below, one at a time, and compared again.
//!
//! ```text
//! cargo run --release --example spoiled_figures -- pairs.tsv [every-nth-row [first-row]]
//! ```
//!
//! Prints the share of spoiled translations that are complained about, how many
//! of these a repair makes what they were or at least clean, and some of those
//! that are not complained about.

use std::error::Error;

use depesche::figures::{compare, repair, unresolved};

/// A way to spoil an English text: all texts that it makes.
type Spoil = fn(&str) -> Vec<String>;

const SPOILS: [(&str, Spoil); 16] = [
    ("a digit dropped", |text| numerals(text, &drop_digit)),
    ("a digit changed", |text| numerals(text, &change_digit)),
    ("marks exchanged", |text| numerals(text, &exchange_marks)),
    ("a zero added", |text| {
        numerals(text, &|numeral| {
            plain(numeral).then(|| format!("{numeral}0"))
        })
    }),
    ("a numeral lost", |text| {
        numerals(text, &|_| Some(String::new()))
    }),
    ("million and billion", |text| {
        replace(text, &[("million", "billion"), ("billion", "million")])
    }),
    ("another currency", |text| {
        replace(
            text,
            &[("euros", "dollars"), ("dollars", "euros"), ("€", "$")],
        )
    }),
    ("another unit", |text| {
        replace(
            text,
            &[
                ("kilometers", "meters"),
                ("percent", "per mille"),
                ("%", " euros"),
                ("hours", "days"),
            ],
        )
    }),
    ("another day", |text| {
        replace(
            text,
            &[
                ("Monday", "Friday"),
                ("Tuesday", "Thursday"),
                ("Wednesday", "Sunday"),
                ("January", "June"),
                ("October", "August"),
            ],
        )
    }),
    ("another number word", |text| {
        replace(
            text,
            &[
                (" two ", " three "),
                (" three ", " five "),
                (" four ", " fourteen "),
                (" five ", " nine "),
                (" six ", " sixteen "),
                (" ten ", " twelve "),
                (" half ", " third "),
                (" hundred", " thousand"),
            ],
        )
    }),
    ("another rank", |text| {
        replace(
            text,
            &[
                (" first ", " second "),
                (" second ", " third "),
                (" third ", " first "),
                (" twice ", " three times "),
            ],
        )
    }),
    ("an invented day", |text| {
        vec![format!("{} on Thursday.", text.trim_end_matches('.'))]
    }),
    ("numerals exchanged", exchange_numerals),
    ("another country", |text| {
        replace(
            text,
            &[
                ("Austria", "Australia"),
                ("Slovakia", "Slovenia"),
                ("Iraq", "Iran"),
                ("Sweden", "Switzerland"),
                ("Germany", "France"),
                ("Russia", "Romania"),
                ("the US", "the UK"),
                ("Poland", "Portugal"),
                ("Italian", "Indian"),
                ("Turkish", "Thai"),
                ("Chinese", "Japanese"),
            ],
        )
    }),
    ("another city", |text| {
        replace(
            text,
            &[
                ("Berlin", "Dresden"),
                ("Munich", "Hamburg"),
                ("London", "Boston"),
                ("Paris", "Rome"),
                ("Cologne", "Stuttgart"),
                ("Moscow", "Madrid"),
            ],
        )
    }),
    ("a German name left", |text| {
        replace(
            text,
            &[
                ("Munich", "München"),
                ("Cologne", "Köln"),
                ("Vienna", "Wien"),
                ("Geneva", "Genf"),
                ("Milan", "Mailand"),
                ("ECB", "EZB"),
                ("IMF", "IWF"),
                ("Switzerland", "Schweiz"),
                ("Austria", "Österreich"),
                ("Bavaria", "Bayern"),
            ],
        )
    }),
];

fn main() -> Result<(), Box<dyn Error>> {
    const SHOWN: usize = 6;
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which table?")?;
    let step: usize = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let first: usize = arguments.next().map_or(Ok(0), |text| text.parse())?;
    let table = std::fs::read_to_string(file)?;
    let pairs: Vec<(&str, &str)> = table
        .lines()
        .skip(first)
        .step_by(step.max(1))
        .filter_map(|line| {
            let mut columns = line.split('\t');
            columns.next().zip(columns.next())
        })
        .filter(|(german, english)| is_clean(german, english))
        .collect();
    println!("{} clean pairs", pairs.len());
    for (name, spoil) in SPOILS {
        let (mut made, mut found, mut restored, mut cleaned) = (0, 0, 0, 0);
        let mut missed = Vec::new();
        let mut otherwise = Vec::new();
        for (german, english) in &pairs {
            for spoiled in spoil(english) {
                made += 1;
                if is_clean(german, &spoiled) {
                    missed.push((*german, spoiled));
                    continue;
                }
                found += 1;
                match repair(german, &spoiled).map(|repaired| repaired.text) {
                    Some(text) if text == *english => restored += 1,
                    Some(text) if is_clean(german, &text) => {
                        cleaned += 1;
                        otherwise.push((*german, format!("{english}\n    {spoiled}\n    {text}")));
                    }
                    Some(_) | None => {}
                }
            }
        }
        let share = |count: i32, of: i32| 100.0 * f64::from(count) / f64::from(of.max(1));
        println!(
            "\n{name}: {found} of {made} found ({:.1} %)",
            share(found, made)
        );
        println!(
            "  repaired: {restored} as before ({:.1} %), {cleaned} otherwise",
            share(restored, found)
        );
        for (what, pairs) in [("not found", missed), ("repaired otherwise", otherwise)] {
            let every = (pairs.len() / SHOWN).max(1);
            for (german, english) in pairs.iter().step_by(every).take(SHOWN) {
                println!("  {what}:\n    {german}\n    {english}\n");
            }
        }
    }
    Ok(())
}

fn is_clean(german: &str, english: &str) -> bool {
    unresolved(&compare(german, english)) == 0
}

/// Numerals and where they begin: digits with marks between them.
fn numeral_places(text: &str) -> Vec<(usize, &str)> {
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(found) = text
        .get(at..)
        .and_then(|rest| rest.find(|c: char| c.is_ascii_digit()))
    {
        let start = at + found;
        let rest = text.get(start..).unwrap_or("");
        let length = rest
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | ':'))
            .unwrap_or(rest.len());
        let numeral = rest
            .get(..length)
            .unwrap_or("")
            .trim_end_matches(['.', ',', ':']);
        let apart = !text
            .get(..start)
            .is_some_and(|before| before.ends_with(char::is_alphabetic));
        if apart {
            places.push((start, numeral));
        }
        at = start + numeral.len().max(1);
    }
    places
}

fn numerals(text: &str, change: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    numeral_places(text)
        .into_iter()
        .filter_map(|(start, numeral)| {
            let other = change(numeral).filter(|other| other != numeral)?;
            let (before, rest) = text.split_at(start);
            Some(format!("{before}{other}{}", rest.get(numeral.len()..)?))
        })
        .collect()
}

fn plain(numeral: &str) -> bool {
    numeral.bytes().all(|byte| byte.is_ascii_digit())
}

fn drop_digit(numeral: &str) -> Option<String> {
    (numeral.len() > 1).then(|| numeral.get(..numeral.len() - 1).map(str::to_owned))?
}

fn change_digit(numeral: &str) -> Option<String> {
    let last = numeral.bytes().last()?;
    let other = if last == b'9' {
        '4'
    } else {
        char::from(last + 1)
    };
    Some(format!("{}{other}", numeral.get(..numeral.len() - 1)?))
}

fn exchange_marks(numeral: &str) -> Option<String> {
    let marked = numeral.contains(['.', ',']) && !numeral.contains(':');
    marked.then(|| {
        numeral
            .chars()
            .map(|c| match c {
                '.' => ',',
                ',' => '.',
                other => other,
            })
            .collect()
    })
}

fn replace(text: &str, words: &[(&str, &str)]) -> Vec<String> {
    words
        .iter()
        .filter(|(word, _)| text.contains(word))
        .map(|(word, other)| text.replacen(word, other, 1))
        .collect()
}

fn exchange_numerals(text: &str) -> Vec<String> {
    let places = numeral_places(text);
    places
        .windows(2)
        .filter_map(|pair| match pair {
            [(one, first), (other, second)] if first != second => {
                let before = text.get(..*one)?;
                let between = text.get(one + first.len()..*other)?;
                let after = text.get(other + second.len()..)?;
                Some(format!("{before}{second}{between}{first}{after}"))
            }
            _ => None,
        })
        .collect()
}
