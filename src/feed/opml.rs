//! Lists of feeds: OPML ([the specification](https://opml.org/spec2.opml)), or an
//! address a line.

use std::collections::HashSet;

use super::element::Element;
use super::encoding;
use crate::error::{Error, Result};

/// Longest name of a feed, in characters; files are called so.
const LONGEST: usize = 80;

/// A feed to be refreshed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Letters, digits, `-` and `_`: fit for a file. No other feed of the list has it.
    pub name: String,
    pub url: String,
}

/// The feeds of an OPML file, in folders or not.
///
/// # Errors
/// [`Error::Malformed`] when it is no OPML, or names no feed.
pub fn read(bytes: &[u8]) -> Result<Vec<Subscription>> {
    let text = encoding::decode(bytes, None).text;
    let root = Element::root(&text)
        .filter(|root| root.local == "opml")
        .ok_or_else(|| Error::Malformed("this is no OPML".into()))?;
    let mut found = Vec::new();
    // In the order of the file; the last one on the stack is next.
    let mut stack = vec![&root];
    while let Some(element) = stack.pop() {
        stack.extend(element.children.iter().rev());
        let value = |name: &str| {
            let value = element.attribute(name)?;
            Some(value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        if element.local != "outline" {
            continue;
        }
        if let Some(url) = value("xmlUrl") {
            let name = value("text").or_else(|| value("title"));
            found.push((name, url));
        }
    }
    named(found)
}

/// The feeds of a list: a line each, with an address, and a name before it or not.
/// Lines that begin with `#` are remarks.
///
/// # Errors
/// [`Error::Malformed`] when it names no feed.
pub fn read_lines(text: &str) -> Result<Vec<Subscription>> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let found = lines.map(|line| match line.rsplit_once(char::is_whitespace) {
        Some((name, url)) => (Some(name.to_owned()), url.to_owned()),
        None => (None, line.to_owned()),
    });
    named(found.collect())
}

fn named(found: Vec<(Option<String>, String)>) -> Result<Vec<Subscription>> {
    if found.is_empty() {
        return Err(Error::Malformed("the list names no feed".into()));
    }
    let mut taken = HashSet::new();
    let subscription = |(name, url): (Option<String>, String)| {
        let bare = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let base = slug(name.as_deref().unwrap_or(bare));
        let mut name = base.clone();
        let mut number = 2;
        // Some file systems take names for equal that differ in case.
        while !taken.insert(name.to_lowercase()) {
            name = format!("{base}-{number}");
            number += 1;
        }
        Subscription { name, url }
    };
    Ok(found.into_iter().map(subscription).collect())
}

/// A name that no file system and no URL minds.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().take(LONGEST) {
        if c.is_alphanumeric() || c == '_' {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    match slug.trim_matches('-') {
        "" => "feed".into(),
        slug => slug.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(found: Result<Vec<Subscription>>) -> Vec<(String, String)> {
        let pair = |found: Subscription| (found.name, found.url);
        found.unwrap().into_iter().map(pair).collect()
    }

    #[test]
    fn feeds_are_found_in_folders_and_get_names_of_their_own() {
        let list = br#"<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
            <outline text="News &amp; more" type="rss" xmlUrl="https://a.org/n?x=1&amp;y=2"/>
            <outline text="Sport"><outline text="news more" xmlUrl="https://b.org/"/>
              <outline title="../etc/passwd" xmlUrl="https://c.org/"/></outline>
            <outline xmlUrl="https://d.org/rss.xml"/><outline text="nothing"/>
            </body></opml>"#;
        let expected = [
            ("News-more", "https://a.org/n?x=1&y=2"),
            ("news-more-2", "https://b.org/"),
            ("etc-passwd", "https://c.org/"),
            ("d-org-rss-xml", "https://d.org/rss.xml"),
        ];
        let expected = expected.map(|(name, url)| (name.to_owned(), url.to_owned()));
        assert_eq!(pairs(read(list)), expected);
    }

    #[test]
    fn lists_may_be_lines() {
        let list = "# mine\n\nhttps://a.org/rss\nBlatt am Ort\thttps://b.org/rss\n";
        let expected = [
            ("a-org-rss", "https://a.org/rss"),
            ("Blatt-am-Ort", "https://b.org/rss"),
        ];
        let expected = expected.map(|(name, url)| (name.to_owned(), url.to_owned()));
        assert_eq!(pairs(read_lines(list)), expected);
    }

    #[test]
    fn what_names_no_feed_is_refused() {
        for list in ["", "<rss/>", "<opml>", "<opml><body/></opml>", "{}"] {
            assert!(read(list.as_bytes()).is_err(), "{list}");
        }
        assert!(read_lines("# nothing\n").is_err());
    }

    proptest::proptest! {
        #[test]
        fn names_fit_for_files(name in ".{0,120}") {
            let slug = slug(&name);
            proptest::prop_assert!(!slug.is_empty() && !slug.starts_with(['.', '-']));
            proptest::prop_assert!(slug.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-'));
        }
    }
}
