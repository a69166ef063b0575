//! What the attributes of an element say.

use crate::document::html::elements::Attributes;

/// Classes and ids are looked at so far.
const LONGEST_NAMES: usize = 256;

/// Classes, id and role, in small letters.
pub(super) fn names(attributes: &Attributes) -> String {
    let mut names = String::new();
    for name in ["class", "id", "role"] {
        if let Some(value) = attribute(attributes, name) {
            names.extend(value.chars().take(LONGEST_NAMES));
            names.push(' ');
        }
    }
    names.to_lowercase()
}

pub(super) fn is_invisible(attributes: &Attributes) -> bool {
    let style = attribute(attributes, "style").unwrap_or_default();
    let style: String = style.split_whitespace().collect();
    attributes.contains_key(&b"hidden"[..])
        || attribute(attributes, "aria-hidden").is_some_and(|hidden| hidden == "true")
        || style.to_ascii_lowercase().contains("display:none")
}

pub(super) fn attribute(attributes: &Attributes, name: &str) -> Option<String> {
    attributes
        .get(name.as_bytes())
        .map(|value| String::from_utf8_lossy(value).into_owned())
}

/// Whether an address leads to a page, and runs nothing.
pub(super) fn is_harmless(href: &str) -> bool {
    let href = href.trim().to_ascii_lowercase();
    let scheme = href.split(['/', '?', '#']).next().unwrap_or_default();
    match scheme.split_once(':') {
        Some((scheme, _)) => matches!(scheme, "http" | "https" | "mailto"),
        None => !href.is_empty(),
    }
}

pub(super) fn escaped(value: &str) -> String {
    value
        .trim()
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}
