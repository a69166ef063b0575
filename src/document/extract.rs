//! The article of a whole page: its headline, the author's name and the
//! paragraphs; not the navigation, the cookie banner, „Mehr zum Thema“ or the
//! comments.
//!
//! `scan` reads the page into runs of text and the containers around them. Each run gives points to its containers, as Mozilla's Readability has it:
//! prose is long, has commas and few links. The container with most points holds
//! the article. What is found there is written down anew, with the markup that
//! carries meaning and nothing else. Everything takes time linear in the page.

mod furniture;
mod scan;
mod write;

use scan::{Page, Run, Shape};

/// Share of a container's points that its outer ones get.
const INHERITED: [f64; 3] = [1.0, 0.5, 1.0 / 3.0];
/// A container that holds so much more prose than the best one holds the whole
/// article, whose parts have containers of their own.
const MORE: f64 = 1.15;
/// Characters of prose that an article has at least.
const SHORTEST: usize = 140;
/// Words of a byline at most.
const LONGEST_BYLINE: usize = 16;

/// The article of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extract {
    /// Plain text.
    pub title: Option<String>,
    /// HTML: the byline and the paragraphs.
    pub body: String,
}

/// Finds the article of a page; `None` when there is nothing that looks like one.
pub fn extract(html: &str) -> Option<Extract> {
    extract_with(html, false).or_else(|| extract_with(html, true))
}

fn extract_with(html: &str, trusting: bool) -> Option<Extract> {
    let page = scan::scan(html, trusting);
    let container = container(&page)?;
    let title = title(&page, container);
    let chosen = choose(&page, container);
    let byline = byline(&page, container, &chosen);
    let runs: Vec<&Run> = chosen
        .into_iter()
        .filter(|run| title.as_deref().is_none_or(|title| !is_title(run, title)))
        .filter(|run| byline.is_none_or(|byline| !std::ptr::eq(byline, *run)))
        .collect();
    let length: usize = runs.iter().map(|run| run.characters()).sum();
    if length < SHORTEST {
        return None;
    }
    let body = write::write(byline.map(Run::plain).as_deref(), &runs);
    Some(Extract { title, body })
}

/// The container of the article.
fn container(page: &Page) -> Option<usize> {
    let mut points = vec![0.0; page.containers.len()];
    let mut prose = vec![0usize; page.containers.len()];
    for run in page.runs.iter().filter(|run| run.is_prose()) {
        let mut at = Some(run.container);
        for share in INHERITED {
            let Some(place) = at else { break };
            if let Some(sum) = points.get_mut(place) {
                *sum += run.points() * share;
            }
            at = page.parent(place);
        }
        if let Some(sum) = prose.get_mut(run.container) {
            *sum += run.characters();
        }
    }
    // Inner containers come behind outer ones, so one pass from the end sums up.
    for place in (1..prose.len()).rev() {
        if let Some(parent) = page.parent(place) {
            prose[parent] += prose[place];
        }
    }
    let weight = |place: usize| points[place] * page.containers[place].bonus;
    let best = (0..points.len())
        .filter(|place| points[*place] > 0.0)
        .max_by(|one, other| weight(*one).total_cmp(&weight(*other)))?;
    let mut found = best;
    let mut outer = page.parent(best);
    while let Some(place) = outer {
        if page.containers[place].is_page {
            break;
        }
        // Leads often stand beside the container of the other paragraphs.
        let holds_more = prose[place] as f64 >= MORE * prose[found] as f64;
        if holds_more || page.containers[place].is_article {
            found = place;
        }
        outer = page.parent(place);
    }
    Some(found)
}

/// The headline: the first `h1` in or before the container, else what the page
/// says its title is.
fn title(page: &Page, container: usize) -> Option<String> {
    let first = page
        .runs
        .iter()
        .position(|run| page.is_in(run.container, container))
        .unwrap_or(0);
    let is_headline = |run: &&Run| run.shape == Shape::Heading(1);
    let inside = |run: &&Run| page.is_in(run.container, container);
    let before = page.runs.get(..first).unwrap_or_default();
    let headline = page
        .runs
        .iter()
        .filter(inside)
        .find(is_headline)
        .or_else(|| before.iter().rev().find(is_headline))
        .map(Run::plain);
    headline
        .or_else(|| page.title.clone())
        .filter(|title| !title.is_empty())
}

/// The runs of the article, in their order.
fn choose(page: &Page, container: usize) -> Vec<&Run> {
    let mut chosen: Vec<&Run> = Vec::new();
    // Behind a heading of furniture, what consists of links belongs to it.
    let mut in_furniture = false;
    for run in page
        .runs
        .iter()
        .filter(|run| page.is_in(run.container, container))
    {
        let plain = run.plain();
        if plain.is_empty() {
            continue;
        }
        if furniture::announces(&plain) && (run.is_heading() || run.links > 0 || plain.len() < 40) {
            in_furniture = true;
            continue;
        }
        if run.is_heading() {
            in_furniture = false;
        }
        let is_list_of_links = run.is_mostly_links();
        if is_list_of_links || in_furniture && !run.is_prose() {
            continue;
        }
        in_furniture = false;
        chosen.push(run);
    }
    // Headings over nothing.
    let mut kept: Vec<&Run> = Vec::with_capacity(chosen.len());
    for run in chosen.into_iter().rev() {
        let is_bare = run.is_heading() && kept.last().is_none_or(|next| next.outranks(run));
        if !is_bare {
            kept.push(run);
        }
    }
    kept.reverse();
    kept
}

/// The author's name, where the page marks it: in the article, or between it and
/// its headline.
fn byline<'a>(page: &'a Page, container: usize, chosen: &[&Run]) -> Option<&'a Run> {
    let names = |run: &&Run| {
        let words = run.plain().split_whitespace().count();
        run.is_byline && !run.is_prose() && (1..=LONGEST_BYLINE).contains(&words)
    };
    let first = chosen.first().map_or(0, |run| run.order);
    page.runs
        .iter()
        .filter(names)
        .find(|run| page.is_in(run.container, container) || run.order < first)
}

fn is_title(run: &Run, title: &str) -> bool {
    run.shape == Shape::Heading(1) || run.is_heading() && run.plain() == title
}

#[cfg(test)]
mod tests;
