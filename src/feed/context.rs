//! How a text must be written at its place in a feed.

use std::borrow::Cow;

/// The place of a text, which decides about its escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Character data of an element.
    Element,
    /// Inside a CDATA section.
    Cdata,
    /// Markup of its own: XHTML, or HTML that nobody escaped.
    Markup,
    /// A quoted value of an attribute.
    Attribute,
    /// A string of JSON, without its quotes.
    Json,
}

impl Context {
    /// The text with the escapes of its place. Characters that XML forbids are
    /// left out.
    pub fn write(self, text: &str) -> String {
        match self {
            Context::Element => escape(&allowed(text), false),
            Context::Attribute => escape(&allowed(text), true),
            Context::Cdata => allowed(text).replace("]]>", "]]]]><![CDATA[>"),
            Context::Markup => allowed(text).into_owned(),
            Context::Json => {
                // Strings always can be written; the quotes stay in the source.
                let quoted = serde_json::Value::from(text).to_string();
                quoted
                    .strip_prefix('"')
                    .and_then(|rest| rest.strip_suffix('"'))
                    .unwrap_or("")
                    .to_owned()
            }
        }
    }
}

fn escape(text: &str, quotes: bool) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if quotes => out.push_str("&quot;"),
            '\'' if quotes => out.push_str("&#39;"),
            _ => out.push(ch),
        }
    }
    out
}

/// The text without the characters that no XML 1.0 document may hold.
fn allowed(text: &str) -> Cow<'_, str> {
    let fine = |ch: char| {
        matches!(ch, '\t' | '\n' | '\r') || (ch >= ' ' && !matches!(ch, '\u{fffe}' | '\u{ffff}'))
    };
    if text.chars().all(fine) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|ch| fine(*ch)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_has_its_escapes() {
        let text = "a < b & \"c\" ]]> d\u{1}";
        assert_eq!(
            Context::Element.write(text),
            "a &lt; b &amp; \"c\" ]]&gt; d"
        );
        assert_eq!(
            Context::Attribute.write(text),
            "a &lt; b &amp; &quot;c&quot; ]]&gt; d"
        );
        assert_eq!(
            Context::Cdata.write(text),
            "a < b & \"c\" ]]]]><![CDATA[> d"
        );
        assert_eq!(Context::Json.write("a \"b\"\n\\"), r#"a \"b\"\n\\"#);
    }
}
