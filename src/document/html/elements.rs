//! What HTML's elements and attributes mean for their text.

use std::collections::BTreeMap;

use html5gum::{HtmlString, Spanned, Token, Tokenizer};

use super::super::block::Content;

pub(in super::super) type Attributes = BTreeMap<HtmlString, Spanned<HtmlString, usize>>;

/// Where an element stands in the flow of text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Place {
    /// Inside a line: its words belong to the sentence around it.
    Inline,
    /// Inside a line, but none of the sentence's words.
    Silent,
    /// Ends the block before it and the one in it.
    Block,
}

impl Place {
    /// Elements that no list has are inline, as they are in CSS.
    pub fn of(name: &str) -> Self {
        match name {
            "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center"
            | "col" | "colgroup" | "dd" | "details" | "dialog" | "dir" | "div" | "dl" | "dt"
            | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "frame" | "frameset"
            | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "head" | "header" | "hgroup" | "hr"
            | "html" | "legend" | "li" | "link" | "listing" | "main" | "menu" | "meta" | "nav"
            | "ol" | "optgroup" | "option" | "p" | "plaintext" | "pre" | "search" | "section"
            | "select" | "summary" | "table" | "tbody" | "td" | "textarea" | "tfoot" | "th"
            | "thead" | "title" | "tr" | "ul" | "xmp" => Place::Block,
            "audio" | "canvas" | "embed" | "iframe" | "map" | "math" | "noembed" | "noframes"
            | "noscript" | "object" | "picture" | "script" | "style" | "svg" | "template"
            | "video" => Place::Silent,
            _ => Place::Inline,
        }
    }
}

/// Elements whose content is never prose.
pub(super) fn is_opaque(name: &str) -> bool {
    Place::of(name) == Place::Silent
        || matches!(
            name,
            "code"
                | "kbd"
                | "samp"
                | "var"
                | "tt"
                | "pre"
                | "textarea"
                | "listing"
                | "plaintext"
                | "xmp"
        )
}

/// Elements without content (WHATWG HTML, “void elements”).
pub(in super::super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// What an element says of its own translation, if anything.
pub(super) fn translated(attributes: &Attributes) -> Option<bool> {
    if let Some(value) = attribute(attributes, "translate") {
        return match value.trim().to_ascii_lowercase().as_str() {
            "no" => Some(false),
            "yes" | "" => Some(true),
            _ => None,
        };
    }
    attribute(attributes, "class")
        .is_some_and(|classes| {
            classes
                .split_ascii_whitespace()
                .any(|class| class == "notranslate")
        })
        .then_some(false)
}

/// Whether an element declares itself to be the author's name.
pub(in super::super) fn names_author(attributes: &Attributes) -> bool {
    ["class", "rel", "itemprop"].iter().any(|name| {
        attribute(attributes, name).is_some_and(|value| {
            value.split_ascii_whitespace().any(|word| {
                matches!(
                    word,
                    "author" | "byline" | "autor" | "article-author" | "article__author"
                )
            })
        })
    })
}

fn attribute(attributes: &Attributes, name: &str) -> Option<String> {
    attributes
        .get(name.as_bytes())
        .map(|value| String::from_utf8_lossy(value).into_owned())
}

/// What a tag in a line of Markdown does.
pub(in super::super) enum InlineTag {
    Open {
        name: String,
        content: Content,
    },
    Close {
        name: String,
    },
    Break,
    /// A comment, a void element, a processing instruction.
    Other,
}

/// Reads one tag as Markdown's inline HTML has it.
pub(in super::super) fn inline_tag(tag: &str) -> InlineTag {
    let Some(Ok(token)) = Tokenizer::new(tag).next() else {
        return InlineTag::Other;
    };
    match token {
        Token::StartTag(tag) => {
            let name = String::from_utf8_lossy(&tag.name).into_owned();
            if name == "br" {
                InlineTag::Break
            } else if is_void(&name) || tag.self_closing {
                InlineTag::Other
            } else {
                let content = if is_opaque(&name) {
                    Content::Protected
                } else {
                    Content::Prose
                };
                InlineTag::Open { name, content }
            }
        }
        Token::EndTag(tag) => InlineTag::Close {
            name: String::from_utf8_lossy(&tag.name).into_owned(),
        },
        Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {
            InlineTag::Other
        }
    }
}
