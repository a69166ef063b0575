//! HTML: prose between tags.
//!
//! The tokenizer is html5gum, which follows the WHATWG specification and gives
//! the source span of every token. A tree is not built: which element a text
//! belongs to is all that is needed, and a stack of open elements with the
//! specification's most common implied end tags (`p`, `li`, `td` …) tells it.
//! Serialising is copying, so whatever this reader does not understand
//! survives as it was.

pub(super) mod elements;
mod open;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::{
    block::{Block, Content},
    escape::Escape,
    inline::BlockBuilder,
    kind::{self, BlockKind},
};
use crate::span::Span;
use elements::{Attributes, Place};
pub(super) use elements::{InlineTag, inline_tag};
use open::OpenElements;

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
        hidden: None,
        protected: None,
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
    hidden: Option<Hidden>,
    protected: Option<Protected>,
    /// A `br` that nothing but whitespace has followed yet. A second one makes
    /// the pair a paragraph break.
    pending_break: Option<Span>,
}

/// An open element that is copied without a look at its content.
struct Hidden {
    name: String,
    /// Elements of the same name open inside it.
    depth: usize,
    start: usize,
    place: Place,
}

/// An open inline element whose words belong to their sentence but stay as
/// they are.
struct Protected {
    name: String,
    /// Elements of the same name open inside it.
    depth: usize,
}

impl Reader<'_> {
    fn token(&mut self, token: Token<usize>) {
        match token {
            Token::StartTag(tag) => self.start_tag(&tag, self.span(tag.span)),
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name);
                self.end_tag(&name, self.span(tag.span));
            }
            Token::String(text) if self.hidden.is_none() => self.text(self.span(text.span)),
            Token::Comment(comment) if self.hidden.is_none() => {
                self.builder.single(self.span(comment.span));
            }
            Token::String(_) | Token::Comment(_) => {}
            // Neither carries text; what an error was about comes as a token
            // of its own.
            Token::Doctype(_) | Token::Error(_) => {}
        }
    }

    /// A token's place in the document's source.
    fn span(&self, span: html5gum::Span<usize>) -> Span {
        Span::new(span.start, span.end).shifted(self.start)
    }

    fn start_tag(&mut self, tag: &StartTag<usize>, span: Span) {
        let name = &*String::from_utf8_lossy(&tag.name);
        let is_void = elements::is_void(name);
        if let Some(hidden) = &mut self.hidden {
            if hidden.name == name && !is_void {
                hidden.depth += 1;
            }
            return;
        }
        let place = Place::of(name);
        if place == Place::Block {
            // Unclosed `code` must not swallow the rest of the page.
            self.protected = None;
            self.end_block();
            self.open.close_implied(name);
        }
        let stays =
            elements::is_opaque(name) || elements::translated(&tag.attributes) == Some(false);
        match place {
            Place::Inline if name == "br" => self.line_break(span),
            Place::Inline if is_void => self.builder.single(span),
            Place::Inline => self.open_inline(name, span, stays),
            // SVG and MathML may close themselves, HTML elements may not.
            Place::Silent if is_void || (tag.self_closing && matches!(name, "svg" | "math")) => {
                self.builder.single(span);
            }
            Place::Block if is_void => self.builder.single(span),
            Place::Block if !stays => self.open.push(name, self.kind_of(name, &tag.attributes)),
            Place::Silent | Place::Block => {
                self.hidden = Some(Hidden {
                    name: name.to_owned(),
                    depth: 0,
                    start: span.start,
                    place,
                });
            }
        }
    }

    fn open_inline(&mut self, name: &str, span: Span, stays: bool) {
        match &mut self.protected {
            Some(protected) => {
                if protected.name == name {
                    protected.depth += 1;
                }
                self.builder.open(name, span, Content::Prose);
            }
            None if stays => {
                self.protected = Some(Protected {
                    name: name.to_owned(),
                    depth: 0,
                });
                self.builder.open(name, span, Content::Protected);
            }
            None => self.builder.open(name, span, Content::Prose),
        }
    }

    fn end_tag(&mut self, name: &str, span: Span) {
        if let Some(hidden) = &mut self.hidden {
            if hidden.name == name {
                match hidden.depth.checked_sub(1) {
                    Some(depth) => hidden.depth = depth,
                    None => self.end_hidden(span.end),
                }
            }
            return;
        }
        match Place::of(name) {
            Place::Block => {
                self.protected = None;
                self.end_block();
                self.open.pop(name);
            }
            Place::Inline | Place::Silent => {
                if let Some(protected) = self
                    .protected
                    .as_mut()
                    .filter(|protected| protected.name == name)
                {
                    match protected.depth.checked_sub(1) {
                        Some(depth) => protected.depth = depth,
                        None => self.protected = None,
                    }
                }
                self.builder.close(name, span);
            }
        }
    }

    fn end_hidden(&mut self, end: usize) {
        if let Some(hidden) = self.hidden.take()
            && hidden.place == Place::Silent
        {
            self.builder.single(Span::new(hidden.start, end));
        }
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
            _ => elements::names_author(attributes).then_some(BlockKind::Byline),
        };
        match (self.open.kind(), own) {
            // A list in the navigation is navigation.
            (Some(BlockKind::Aside), _) => Some(BlockKind::Aside),
            (inherited, own) => own.or(inherited),
        }
    }
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
