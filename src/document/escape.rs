//! Writes plain text so that each format reads it as plain text.

/// How translated text must be written at its place in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    Plain,
    Html,
    Markdown,
    /// Inside a Markdown table, where a bar ends the cell.
    MarkdownCell,
}

impl Escape {
    pub fn is_markdown(self) -> bool {
        match self {
            Escape::Markdown | Escape::MarkdownCell => true,
            Escape::Plain | Escape::Html => false,
        }
    }

    /// Appends `text` to `out`. `opens_line` says that it will stand first on
    /// its line, where Markdown has more special characters.
    pub fn write(self, text: &str, opens_line: bool, out: &mut String) {
        match self {
            Escape::Plain => out.push_str(text),
            Escape::Html => html(text, out),
            Escape::Markdown => markdown(text, opens_line, false, out),
            Escape::MarkdownCell => markdown(text, false, true, out),
        }
    }
}

fn html(text: &str, out: &mut String) {
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(ch),
        }
    }
}

fn markdown(text: &str, opens_line: bool, in_cell: bool, out: &mut String) {
    let mut rest = text;
    if opens_line {
        rest = markdown_opening(rest, out);
    }
    let mut before = None;
    let mut chars = rest.chars().peekable();
    while let Some(ch) = chars.next() {
        let after = chars.peek().copied();
        let special = match ch {
            '\\' => after.is_some_and(|next| next.is_ascii_punctuation()),
            '`' | '*' | '[' | ']' => true,
            // CommonMark leaves underscores inside words alone.
            '_' => {
                !(before.is_some_and(char::is_alphanumeric)
                    && after.is_some_and(char::is_alphanumeric))
            }
            '<' => after
                .is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')),
            '&' => after.is_some_and(|next| next.is_ascii_alphabetic() || next == '#'),
            '~' => after == Some('~') || before == Some('~'),
            '|' => in_cell,
            _ => false,
        };
        if special {
            out.push('\\');
        }
        // A line break of the translation must not become structure.
        out.push(if ch == '\n' { ' ' } else { ch });
        before = Some(ch);
    }
}

/// Escapes what would open a heading, list, quote or rule, and returns the rest
/// of the text.
fn markdown_opening<'a>(text: &'a str, out: &mut String) -> &'a str {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = text.split_at_checked(digits).unwrap_or(("", text));
    let mut chars = rest.chars();
    let (first, second) = (chars.next(), chars.next());
    let stands_alone = second.is_none_or(char::is_whitespace);
    let opens = match first {
        Some('.' | ')') => !number.is_empty() && stands_alone,
        Some('>') => number.is_empty(),
        Some('#' | '+' | '-' | '=' | '~') => number.is_empty() && (stands_alone || second == first),
        _ => false,
    };
    out.push_str(number);
    if opens && let Some(first) = first {
        out.push('\\');
        out.push(first);
        return rest.get(first.len_utf8()..).unwrap_or("");
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(escape: Escape, text: &str) -> String {
        let mut out = String::new();
        escape.write(text, true, &mut out);
        out
    }

    #[test]
    fn each_format_keeps_its_special_characters_harmless() {
        assert_eq!(written(Escape::Plain, "a < b & *c*"), "a < b & *c*");
        assert_eq!(
            written(Escape::Html, "a < b & \"c\" > d"),
            "a &lt; b &amp; \"c\" &gt; d"
        );
        assert_eq!(
            written(Escape::Markdown, "a *b* [c] snake_case _d_"),
            "a \\*b\\* \\[c\\] snake_case \\_d\\_"
        );
        assert_eq!(
            written(Escape::Markdown, "R&D, AT&T, &amp;"),
            "R\\&D, AT\\&T, \\&amp;"
        );
        assert_eq!(written(Escape::Markdown, "1990. A year"), "1990\\. A year");
        assert_eq!(written(Escape::Markdown, "- 5 degrees"), "\\- 5 degrees");
        assert_eq!(written(Escape::Markdown, "3.5 percent"), "3.5 percent");
        assert_eq!(written(Escape::MarkdownCell, "a | b"), "a \\| b");
    }
}
