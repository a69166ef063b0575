//! References to characters, and nothing else: entities of a DTD are not
//! expanded, whatever they stand for.

use std::borrow::Cow;

/// No reference to a character has a longer name.
const LONGEST: usize = 33;

/// Undoes the escapes of character data: `&amp;`, `&#252;`, and the names of
/// HTML, which feeds use without declaring them. Other references stay.
pub(in crate::feed) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        out.push_str(before);
        let end = reference
            .bytes()
            .take(LONGEST)
            .position(|byte| byte == b';');
        let name = end.and_then(|end| reference.get(..=end));
        match name.map(|name| (name, htmlize::unescape(name))) {
            Some((name, Cow::Owned(character))) => {
                out.push_str(&character);
                rest = reference.get(name.len()..).unwrap_or("");
            }
            Some((_, Cow::Borrowed(_))) | None => {
                out.push('&');
                rest = reference.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_to_characters_only() {
        for (escaped, text) in [
            (
                "a &amp; b &lt;c&gt; &quot;d&quot; &apos;",
                "a & b <c> \"d\" '",
            ),
            ("M&#252;ller &#x20AC; &uuml; &nbsp;x", "Müller € ü \u{a0}x"),
            ("&amp;amp;", "&amp;"),
            ("AT&T & Co; &copy", "AT&T & Co; &copy"),
            ("&lol9; &", "&lol9; &"),
        ] {
            assert_eq!(unescape(escaped), text, "{escaped}");
        }
    }
}
