//! The block-level elements around a text.

use std::collections::HashMap;

use super::super::kind::BlockKind;

/// Block-level elements that are open, innermost last.
#[derive(Default)]
pub(super) struct OpenElements {
    stack: Vec<(String, Option<BlockKind>)>,
    /// How often each name is open: an end tag without a start tag must not
    /// search the whole stack.
    counts: HashMap<String, usize>,
}

impl OpenElements {
    pub fn push(&mut self, name: &str, kind: Option<BlockKind>) {
        self.stack.push((name.to_owned(), kind));
        *self.counts.entry(name.to_owned()).or_default() += 1;
    }

    /// Closes the innermost element of this name and all in it.
    pub fn pop(&mut self, name: &str) {
        if self.counts.get(name).is_none_or(|&count| count == 0) {
            return;
        }
        while let Some((closed, _)) = self.stack.pop() {
            if let Some(count) = self.counts.get_mut(&closed) {
                *count = count.saturating_sub(1);
            }
            if closed == name {
                return;
            }
        }
    }

    /// Closes what a start tag of this name closes without an end tag
    /// (WHATWG HTML, “optional tags”).
    pub fn close_implied(&mut self, name: &str) {
        if self.innermost_is(&["p"]) {
            self.pop("p");
        }
        let siblings: &[&str] = match name {
            "li" => &["li"],
            "dt" | "dd" => &["dt", "dd"],
            "option" | "optgroup" => &["option"],
            "td" | "th" => &["td", "th"],
            "tr" => &["td", "th"],
            _ => &[],
        };
        if let Some((innermost, _)) = self.stack.last().filter(|_| self.innermost_is(siblings)) {
            let innermost = innermost.clone();
            self.pop(&innermost);
        }
        if name == "tr" && self.innermost_is(&["tr"]) {
            self.pop("tr");
        }
    }

    fn innermost_is(&self, names: &[&str]) -> bool {
        self.stack
            .last()
            .is_some_and(|(name, _)| names.contains(&name.as_str()))
    }

    pub fn kind(&self) -> Option<BlockKind> {
        self.stack.last().and_then(|(_, kind)| *kind)
    }
}
