//! Jobs that are cut and jobs that are created.

use super::{ahead, beyond, resolved};
use crate::figures::Figure;
use crate::figures::side::Side;

#[derive(PartialEq)]
enum Change {
    Cut,
    Created,
}

/// „baut 350 Stellen ab“ ↔ "is adding 350 jobs".
pub fn turned_jobs(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(
            |(_, figure, other)| match (german(source, figure), english(target, other)) {
                (Some(one), Some(there)) => one != there,
                _ => false,
            },
        )
        .map(|(link, ..)| link)
        .collect()
}

/// What becomes of the jobs that a German figure counts; the verb stands before them or
/// its last part behind them: „streicht 350 Stellen“, „baut 350 Stellen ab“.
fn german(side: &Side<'_>, figure: &Figure) -> Option<Change> {
    const REACH: usize = 8;
    let before = ahead(side.text, figure);
    let behind = beyond(side.text, figure);
    let jobs = behind.iter().take(3).position(|word| {
        matches!(
            *word,
            "Stellen" | "Arbeitsplätze" | "Jobs" | "Posten" | "Arbeitsplätzen"
        )
    })?;
    let mut near = before
        .iter()
        .take(REACH)
        .chain(behind.iter().skip(jobs + 1).take(3));
    let part = behind.get(jobs + 1).copied().unwrap_or("");
    let builds = before
        .iter()
        .take(REACH)
        .any(|word| matches!(*word, "baut" | "baute" | "bauen" | "bauten"));
    if builds {
        return match part {
            "ab" => Some(Change::Cut),
            "auf" => Some(Change::Created),
            _ => None,
        };
    }
    near.find_map(|word| {
        let begins = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
        match () {
            () if begins(&[
                "streich",
                "gestrichen",
                "abbau",
                "abgebaut",
                "abzubau",
                "wegfall",
                "kürz",
            ]) =>
            {
                Some(Change::Cut)
            }
            () if begins(&[
                "schaff",
                "geschaffen",
                "aufbau",
                "aufgebaut",
                "entsteh",
                "entstand",
            ]) =>
            {
                Some(Change::Created)
            }
            () => None,
        }
    })
}

fn english(side: &Side<'_>, figure: &Figure) -> Option<Change> {
    const REACH: usize = 5;
    let behind = beyond(side.text, figure);
    behind.iter().take(3).position(|word| {
        matches!(
            *word,
            "jobs" | "positions" | "posts" | "roles" | "vacancies"
        )
    })?;
    let before = ahead(side.text, figure);
    before.iter().take(REACH).find_map(|word| match *word {
        "cut" | "cuts" | "cutting" | "slash" | "slashing" | "slashes" | "shed" | "shedding"
        | "axe" | "axing" | "eliminate" | "eliminating" | "eliminates" | "scrap" | "scrapping"
        | "lose" | "losing" | "loss" => Some(Change::Cut),
        "add" | "adds" | "adding" | "added" | "create" | "creates" | "creating" | "created"
        | "creation" => Some(Change::Created),
        _ => None,
    })
}
