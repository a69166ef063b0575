//! The elements that are open while a page is read, and what closes them.

use std::collections::HashMap;

use super::page::Shape;
use crate::document::html::elements::Place;

/// Elements that are open at most; what lies deeper counts for the last of them.
const DEEPEST: usize = 512;

/// An open element.
pub(super) struct Open {
    pub name: String,
    /// The container that it is or stands in.
    pub container: usize,
    pub is_hidden: bool,
    pub is_byline: bool,
    /// It, or one around it, is an article or the main part.
    pub in_article: bool,
    pub shape: Option<Shape>,
}

/// The open elements, innermost last.
#[derive(Default)]
pub(super) struct Stack {
    open: Vec<Open>,
    /// How often each name is open: an end tag without a start tag must not
    /// search the whole stack.
    counts: HashMap<String, usize>,
}

impl Stack {
    pub fn is_full(&self) -> bool {
        self.open.len() >= DEEPEST
    }

    pub fn last(&self) -> Option<&Open> {
        self.open.last()
    }

    /// Whether an element of this name is open.
    pub fn holds(&self, name: &str) -> bool {
        self.counts.get(name).is_some_and(|count| *count > 0)
    }

    pub fn push(&mut self, element: Open) {
        *self.counts.entry(element.name.clone()).or_default() += 1;
        self.open.push(element);
    }

    pub fn pop(&mut self, name: &str) {
        if !self.holds(name) {
            return;
        }
        while let Some(closed) = self.open.pop() {
            if let Some(count) = self.counts.get_mut(&closed.name) {
                *count = count.saturating_sub(1);
            }
            if closed.name == name {
                return;
            }
        }
    }

    /// Closes what a start tag of this name closes without an end tag.
    pub fn close_implied(&mut self, name: &str) {
        let innermost = |open: &[Open], names: &[&str]| {
            open.last()
                .filter(|open| names.contains(&open.name.as_str()))
                .map(|open| open.name.clone())
        };
        // Links and the like that were not closed must not hide a paragraph.
        while self
            .open
            .last()
            .is_some_and(|open| Place::of(&open.name) == Place::Inline)
            && self.holds("p")
        {
            let name = self
                .open
                .last()
                .map(|open| open.name.clone())
                .unwrap_or_default();
            self.pop(&name);
        }
        let siblings: &[&str] = match name {
            "li" => &["li"],
            "dt" | "dd" => &["dt", "dd"],
            "td" | "th" => &["td", "th"],
            "tr" => &["td", "th"],
            _ => &[],
        };
        for names in [&["p"][..], siblings] {
            if let Some(name) = innermost(&self.open, names) {
                self.pop(&name);
            }
        }
        if name == "tr"
            && let Some(row) = innermost(&self.open, &["tr"])
        {
            self.pop(&row);
        }
    }
}
