//! HTML: prose between tags.
//!
//! The tokenizer is html5gum, which follows the WHATWG specification and gives
//! the source span of every token. A tree is not built: which element a text
//! belongs to is all that is needed, and a stack of open elements with the
//! specification's most common implied end tags (`p`, `li`, `td` …) tells it.
//! Serialising is copying, so whatever this reader does not understand
//! survives as it was.

use std::collections::{BTreeMap, HashMap};

use html5gum::{DefaultEmitter, HtmlString, Spanned, Token, Tokenizer};

use super::{
    block::{Block, Content},
    escape::Escape,
    inline::BlockBuilder,
    kind::{self, BlockKind},
};
use crate::span::Span;

type Attributes = BTreeMap<HtmlString, Spanned<HtmlString, usize>>;

/// Reads the blocks of a page or fragment.
pub(super) fn read(source: &str) -> Vec<Block> {
    read_at(source, 0)
}

/// Reads a part of a source that begins at `start`.
pub(super) fn read_at(part: &str, start: usize) -> Vec<Block> {
    let mut reader = Reader {
        part,
        start,
        builder: BlockBuilder::default(),
        blocks: Vec::new(),
        open: OpenElements::default(),
        opaque: None,
        pending_break: None,
    };
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    // Raw text of `script`, `style`, `textarea` and `title` is the tokenizer's
    // business; the one case a tree builder would decide otherwise (foreign
    // content in SVG) is opaque here anyway.
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(part, emitter).flatten() {
        reader.token(token);
    }
    reader.end_block();
    reader.blocks
}

struct Reader<'a> {
    part: &'a str,
    /// Where `part` begins in the document's source.
    start: usize,
    builder: BlockBuilder,
    blocks: Vec<Block>,
    open: OpenElements,
    /// The element whose content is being copied without a look at it.
    opaque: Option<Opaque>,
    /// A `br` that nothing but whitespace has followed yet. A second one makes
    /// the pair a paragraph break.
    pending_break: Option<Span>,
}

/// A running element whose content stays as it is.
struct Opaque {
    name: String,
    /// Elements of the same name open inside it.
    depth: usize,
    start: usize,
    place: Place,
}

/// Where an element stands in the flow of text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Inside a line: its words belong to the sentence around it.
    Inline,
    /// Inside a line, but none of the sentence's words.
    Silent,
    /// Ends the block before it and the one in it.
    Block,
}

impl Reader<'_> {
    fn token(&mut self, token: Token<usize>) {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let span = self.span(tag.span);
                self.start_tag(&name, &tag.attributes, span);
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let span = self.span(tag.span);
                self.end_tag(&name, span);
            }
            Token::String(text) => {
                if self.opaque_inline_or_none() {
                    let text = self.span(text.span);
                    self.text(text);
                }
            }
            Token::Comment(comment) => {
                if self.opaque.is_none() {
                    let comment = self.span(comment.span);
                    self.builder.single(comment);
                }
            }
            // Neither carries text; what an error was about comes as a token
            // of its own.
            Token::Doctype(_) | Token::Error(_) => {}
        }
    }

    /// A token's place in the document's source.
    fn span(&self, span: html5gum::Span<usize>) -> Span {
        Span::new(span.start, span.end).shifted(self.start)
    }

    fn start_tag(&mut self, name: &str, attributes: &Attributes, span: Span) {
        if let Some(opaque) = &mut self.opaque {
            let ends_inline = opaque.place == Place::Inline && place(name) == Place::Block;
            if !ends_inline {
                if opaque.name == name && !is_void(name) {
                    opaque.depth += 1;
                }
                if opaque.place == Place::Inline {
                    self.protected_tag(name, span);
                }
                return;
            }
            // Unclosed `code` must not swallow the rest of the page.
            self.end_opaque(Span::new(span.start, span.start));
        }
        let place = place(name);
        if place == Place::Block {
            self.open.close_implied(name);
            self.end_block();
        }
        let translate = translated(attributes);
        let stays = is_opaque(name) || translate == Some(false);
        if name == "br" {
            self.line_break(span);
        } else if is_void(name) {
            self.builder.single(span);
        } else if stays {
            self.opaque = Some(Opaque {
                name: name.to_owned(),
                depth: 0,
                start: span.start,
                place,
            });
            if place == Place::Inline {
                self.builder.open(name, span, Content::Protected);
            }
        } else {
            if place == Place::Block {
                self.open.push(name, self.kind_of(name, attributes));
            } else {
                self.builder.open(name, span, Content::Prose);
            }
        }
    }

    fn end_tag(&mut self, name: &str, span: Span) {
        if let Some(opaque) = &mut self.opaque {
            if opaque.name == name {
                match opaque.depth.checked_sub(1) {
                    Some(depth) => {
                        opaque.depth = depth;
                        if opaque.place == Place::Inline {
                            self.builder.close(name, span);
                        }
                    }
                    None => self.end_opaque(span),
                }
                return;
            }
            if opaque.place != Place::Inline {
                return;
            }
            if place(name) != Place::Block {
                self.builder.close(name, span);
                return;
            }
            self.end_opaque(Span::new(span.start, span.start));
        }
        match place(name) {
            Place::Block => {
                self.end_block();
                self.open.pop(name);
            }
            Place::Inline | Place::Silent => self.builder.close(name, span),
        }
    }

    /// A start tag inside a protected inline element.
    fn protected_tag(&mut self, name: &str, span: Span) {
        if is_void(name) {
            self.builder.single(span);
        } else {
            self.builder.open(name, span, Content::Prose);
        }
    }

    /// Ends the running opaque element with `end`, its end tag or the empty
    /// place where it must be taken as ended.
    fn end_opaque(&mut self, end: Span) {
        let Some(opaque) = self.opaque.take() else {
            return;
        };
        match opaque.place {
            Place::Inline if end.is_empty() => {}
            Place::Inline => self.builder.close(&opaque.name, end),
            Place::Silent => self.builder.single(Span::new(opaque.start, end.end)),
            Place::Block => {}
        }
    }

    /// Text of an inline opaque element is part of its sentence: the reader of
    /// the translation needs it at its place.
    fn opaque_inline_or_none(&self) -> bool {
        self.opaque
            .as_ref()
            .is_none_or(|opaque| opaque.place == Place::Inline)
    }

    fn text(&mut self, span: Span) {
        let start = span.start.saturating_sub(self.start);
        let text = Span::new(start, start + span.len()).of(self.part);
        // Whitespace alone does not end a pair of `br`.
        if !text.trim().is_empty() {
            self.pending_break = None;
        }
        self.decode(text, span.start);
    }

    /// Appends text with its character references decoded.
    fn decode(&mut self, text: &str, start: usize) {
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find('&')) {
            let reference = at + found;
            self.builder
                .verbatim(text.get(at..reference).unwrap_or(""), start + at);
            let tail = text.get(reference..).unwrap_or("");
            let written = tail.get(..reference_len(tail)).unwrap_or("");
            let decoded = htmlize::unescape(written);
            if decoded == written {
                self.builder.verbatim(written, start + reference);
            } else {
                let source = Span::new(start + reference, start + reference + written.len());
                self.builder.decoded(&decoded, source);
            }
            at = reference + written.len();
        }
        self.builder
            .verbatim(text.get(at..).unwrap_or(""), start + at);
    }

    fn line_break(&mut self, span: Span) {
        if self.pending_break.is_some() {
            self.end_block();
        } else {
            self.builder.line_break(span);
        }
        self.pending_break = Some(span);
    }

    fn end_block(&mut self) {
        let context = self.open.kind();
        let kind = |text: &str| match context {
            None => kind::of_paragraph(text),
            Some(BlockKind::Paragraph) => kind::of_paragraph(text),
            Some(kind) => kind,
        };
        self.blocks.extend(self.builder.finish(kind, Escape::Html));
        self.pending_break = None;
    }

    /// The kind of text in an element, given those it stands in.
    fn kind_of(&self, name: &str, attributes: &Attributes) -> Option<BlockKind> {
        let own = match name {
            "title" | "h1" => Some(BlockKind::Title),
            "h2" | "h3" | "h4" | "h5" | "h6" => Some(BlockKind::Heading),
            "li" | "dt" | "dd" | "option" => Some(BlockKind::ListItem),
            "blockquote" => Some(BlockKind::Quote),
            "td" | "th" => Some(BlockKind::Cell),
            "figcaption" | "caption" => Some(BlockKind::Caption),
            "nav" | "aside" | "footer" => Some(BlockKind::Aside),
            "address" => Some(BlockKind::Byline),
            _ => names_author(attributes).then_some(BlockKind::Byline),
        };
        match (self.open.kind(), own) {
            // A list in the navigation is navigation.
            (Some(BlockKind::Aside), _) => Some(BlockKind::Aside),
            (inherited, own) => own.or(inherited),
        }
    }
}

/// Block-level elements that are open, innermost last.
#[derive(Default)]
struct OpenElements {
    stack: Vec<(String, Option<BlockKind>)>,
    /// How often each name is open: an end tag without a start tag must not
    /// search the whole stack.
    counts: HashMap<String, usize>,
}

impl OpenElements {
    fn push(&mut self, name: &str, kind: Option<BlockKind>) {
        self.stack.push((name.to_owned(), kind));
        *self.counts.entry(name.to_owned()).or_default() += 1;
    }

    /// Closes the innermost element of this name and all in it.
    fn pop(&mut self, name: &str) {
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
    fn close_implied(&mut self, name: &str) {
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

    fn kind(&self) -> Option<BlockKind> {
        self.stack.last().and_then(|(_, kind)| *kind)
    }
}

/// What a tag in a line of Markdown does.
pub(super) enum InlineTag {
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
pub(super) fn inline_tag(tag: &str) -> InlineTag {
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

fn place(name: &str) -> Place {
    match name {
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center" | "col"
        | "colgroup" | "dd" | "details" | "dialog" | "dir" | "div" | "dl" | "dt" | "fieldset"
        | "figcaption" | "figure" | "footer" | "form" | "frame" | "frameset" | "h1" | "h2"
        | "h3" | "h4" | "h5" | "h6" | "head" | "header" | "hgroup" | "hr" | "html" | "legend"
        | "li" | "link" | "listing" | "main" | "menu" | "meta" | "nav" | "ol" | "optgroup"
        | "option" | "p" | "plaintext" | "pre" | "search" | "section" | "select" | "summary"
        | "table" | "tbody" | "td" | "textarea" | "tfoot" | "th" | "thead" | "title" | "tr"
        | "ul" | "xmp" => Place::Block,
        "audio" | "canvas" | "embed" | "iframe" | "map" | "math" | "noembed" | "noframes"
        | "noscript" | "object" | "picture" | "script" | "style" | "svg" | "template" | "video" => {
            Place::Silent
        }
        _ => Place::Inline,
    }
}

/// Elements whose content is never prose.
fn is_opaque(name: &str) -> bool {
    place(name) == Place::Silent
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
fn is_void(name: &str) -> bool {
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
fn translated(attributes: &Attributes) -> Option<bool> {
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
fn names_author(attributes: &Attributes) -> bool {
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

/// Length of the text that could be a character reference and starts with `&`.
fn reference_len(text: &str) -> usize {
    /// The longest name, `CounterClockwiseContourIntegral;`, with its ampersand.
    const LONGEST: usize = 33;
    let bytes = text.as_bytes();
    let digits_from = if bytes.get(1) == Some(&b'#') { 2 } else { 1 };
    let body = bytes
        .iter()
        .skip(digits_from)
        .take(LONGEST)
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    let end = digits_from + body;
    let end = if bytes.get(end) == Some(&b';') {
        end + 1
    } else {
        end
    };
    end.min(bytes.len())
}
