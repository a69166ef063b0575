//! The attributes of a start tag and where their values stand.

use crate::span::Span;

/// An attribute as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    pub name: &'a str,
    /// The value between its quotes, with its escapes.
    pub value: &'a str,
    /// In the source.
    pub span: Span,
}

/// Name and attributes of the start tag at a place of the source; `None` for a `<`
/// that opens none.
pub(super) fn read(source: &str, span: Span) -> Option<(&str, Vec<Attribute<'_>>)> {
    let text = span.of(source);
    let tag = text.strip_prefix('<')?.strip_suffix('>')?;
    let name = tag
        .split(|c: char| c.is_ascii_whitespace() || c == '/')
        .next()?;
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        .then(|| (name, attributes(tag, span.start + 1)))
}

/// The attributes of a tag that begins at `start` of the source, in order.
/// What is not well formed is passed over.
pub(super) fn attributes(tag: &str, start: usize) -> Vec<Attribute<'_>> {
    let mut found = Vec::new();
    let bytes = tag.as_bytes();
    let is_space = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_whitespace);
    let is_end = |at: usize| !matches!(bytes.get(at), Some(byte) if !b"=>/".contains(byte));
    // Behind the `<` and the name.
    let mut at = 0;
    while at < bytes.len() && !is_space(at) {
        at += 1;
    }
    while at < bytes.len() {
        while is_space(at) {
            at += 1;
        }
        let name = at;
        while !is_end(at) && !is_space(at) {
            at += 1;
        }
        let name = Span::new(name, at);
        while is_space(at) {
            at += 1;
        }
        if bytes.get(at) != Some(&b'=') {
            at = at.max(name.start + usize::from(name.is_empty()));
            continue;
        }
        at += 1;
        while is_space(at) {
            at += 1;
        }
        let Some(quote @ (b'"' | b'\'')) = bytes.get(at).copied() else {
            continue;
        };
        at += 1;
        let value = at;
        while at < bytes.len() && bytes.get(at) != Some(&quote) {
            at += 1;
        }
        let value = Span::new(value, at);
        at += 1;
        found.push(Attribute {
            name: name.of(tag),
            value: value.of(tag),
            span: value.shifted(start),
        });
    }
    found
}

/// The name in an end tag, with its prefix.
pub fn closed(tag: &str) -> &str {
    tag.trim_start_matches("</")
        .trim_end_matches('>')
        .trim_ascii_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_the_source() {
        let source = "..<feed xml:lang='de' a = \"x > y\" b c=d e='' />";
        let found: Vec<_> = attributes(&source[2..], 2)
            .into_iter()
            .map(|found| (found.name, found.value, found.span.of(source)))
            .collect();
        assert_eq!(
            found,
            [
                ("xml:lang", "de", "de"),
                ("a", "x > y", "x > y"),
                ("e", "", "")
            ]
        );
        for broken in ["<", "<a =", "<a b='", "<a '", "<a =='x'", "<a b", "<ä ö='ü"] {
            attributes(broken, 0);
        }
    }
}
