//! A stretch of a paragraph: as HTML, and back from it.

use std::ops::Range;

/// What stands in a stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A run of text and its formatting, as XML.
    Text { format: String, text: String },
    /// A link: its start tag, and the run in it.
    Link {
        open: String,
        format: String,
        text: String,
    },
    /// A mark without text, which is copied.
    Mark,
}

/// Formats that may be that of most of the text; a paragraph hardly has more.
const MOST_FORMATS: usize = 32;

/// A child of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    pub range: Range<usize>,
    pub content: Content,
}

/// Children that follow each other and are translated as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// In the XML of the part.
    pub range: Range<usize>,
    children: Vec<Child>,
    /// The formatting of most of the text, which needs no element.
    base: String,
}

impl Stretch {
    /// `None` when no child has text.
    pub fn of(children: Vec<Child>) -> Option<Self> {
        let (first, last) = (children.first()?, children.last()?);
        let range = first.range.start..last.range.end;
        let mut merged: Vec<Child> = Vec::with_capacity(children.len());
        for child in children {
            // Word splits runs at will; those alike are one.
            if let (
                Some(Child {
                    content: Content::Text { format, text },
                    ..
                }),
                Content::Text {
                    format: other,
                    text: more,
                },
            ) = (merged.last_mut(), &child.content)
                && format == other
            {
                text.push_str(more);
                continue;
            }
            merged.push(child);
        }
        let mut sizes: Vec<(&str, usize)> = Vec::new();
        for child in &merged {
            if let Content::Text { format, text } = &child.content {
                let room = sizes.len() < MOST_FORMATS;
                match sizes.iter_mut().find(|(known, _)| known == format) {
                    Some((_, size)) => *size += text.len(),
                    None if room => sizes.push((format, text.len())),
                    None => {}
                }
            }
        }
        let base = sizes.iter().max_by_key(|(_, size)| *size);
        let base = base.map_or(String::new(), |(format, _)| (*format).to_owned());
        let has_text = merged
            .iter()
            .any(|child| !matches!(child.content, Content::Mark));
        has_text.then_some(Stretch {
            range,
            children: merged,
            base,
        })
    }

    pub fn html(&self) -> String {
        let mut html = String::from("<p>");
        for (number, child) in self.children.iter().enumerate() {
            match &child.content {
                Content::Text { format, text } if *format == self.base => {
                    html.push_str(&escaped(text));
                }
                Content::Text { text, .. } | Content::Link { text, .. } => {
                    html.push_str(&format!("<i id=\"{number}\">{}</i>", escaped(text)));
                }
                Content::Mark => html.push_str(&format!("<img id=\"{number}\">")),
            }
        }
        html + "</p>"
    }

    /// The XML for a translation of [`Stretch::html`]; `None` when its markup is
    /// another one.
    pub fn render(&self, html: &str, xml: &str) -> Option<String> {
        if html == self.html() {
            return xml.get(self.range.clone()).map(str::to_owned);
        }
        let mut rest = html.strip_prefix("<p>")?.strip_suffix("</p>")?;
        let mut out = String::new();
        let mut seen = 0;
        while !rest.is_empty() {
            let end = rest.find('<').unwrap_or(rest.len());
            let (text, tag) = rest.split_at(end);
            if !text.is_empty() {
                out.push_str(&run(&self.base, text));
            }
            if tag.is_empty() {
                break;
            }
            let close = tag.find('>')? + 1;
            let (tag, beyond) = tag.split_at(close);
            rest = beyond;
            seen += 1;
            if let Some(number) = numbered(tag, "<img id=\"") {
                let child = self.children.get(number)?;
                out.push_str(xml.get(child.range.clone())?);
                continue;
            }
            let child = self.children.get(numbered(tag, "<i id=\"")?)?;
            let end = rest.find("</i>")?;
            let text = &rest[..end];
            rest = &rest[end + "</i>".len()..];
            match &child.content {
                Content::Text { format, .. } => out.push_str(&run(format, text)),
                Content::Link { open, format, .. } => {
                    out.push_str(open);
                    out.push_str(&run(format, text));
                    out.push_str("</w:hyperlink>");
                }
                Content::Mark => return None,
            }
        }
        (seen == self.elements()).then_some(out)
    }

    /// How many children have an element of their own.
    fn elements(&self) -> usize {
        let plain = |child: &&Child| match &child.content {
            Content::Text { format, .. } => *format != self.base,
            Content::Link { .. } | Content::Mark => true,
        };
        self.children.iter().filter(plain).count()
    }
}

fn numbered(tag: &str, start: &str) -> Option<usize> {
    tag.strip_prefix(start)?.strip_suffix("\">")?.parse().ok()
}

/// A run with the text of a piece of HTML.
fn run(format: &str, html: &str) -> String {
    let text = escaped(&htmlize::unescape(html));
    if text.is_empty() {
        return String::new();
    }
    format!("<w:r>{format}<w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// Escaped for both HTML and XML, without what XML cannot have.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
