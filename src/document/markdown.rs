//! Markdown: CommonMark with the extensions that newsrooms use.
//!
//! pulldown-cmark says what each byte is; nothing is parsed again and nothing
//! serialised. Link targets, images with their alternative texts, code and
//! front matter stay as they are; blocks of HTML are read as HTML.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};

use super::{
    block::{Block, Content},
    escape::Escape,
    html,
    inline::BlockBuilder,
    kind::{self, BlockKind},
};
use crate::span::Span;

/// What a Markdown text consists of, and where it stands.
pub(super) fn events(source: &str) -> OffsetIter<'_> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_GFM;
    Parser::new_ext(source, options).into_offset_iter()
}

/// Reads the blocks of a Markdown text.
pub(super) fn read(source: &str) -> Vec<Block> {
    let mut reader = Reader {
        source,
        builder: BlockBuilder::default(),
        blocks: Vec::new(),
        containers: Vec::new(),
        links: Vec::new(),
        last_end: 0,
        escape: Escape::Markdown,
    };
    let mut events = events(source);
    while let Some((event, range)) = events.next() {
        reader.event(event, range, &mut events);
    }
    reader.end_block();
    reader.blocks
}

struct Reader<'a> {
    source: &'a str,
    builder: BlockBuilder,
    blocks: Vec<Block>,
    /// Kinds that the open containers give to the paragraphs in them.
    containers: Vec<BlockKind>,
    /// The open links: how each is written and where its text begins.
    links: Vec<(LinkType, usize)>,
    /// Where the latest inline event ended.
    last_end: usize,
    escape: Escape,
}

impl<'a> Reader<'a> {
    fn event(&mut self, event: Event<'a>, range: Range<usize>, events: &mut OffsetIter<'a>) {
        let span = Span::from(range);
        match event {
            Event::Start(tag) => self.start(tag, span, events),
            Event::End(tag) => self.end(tag, span),
            Event::Text(text) => {
                if span.of(self.source) == &*text {
                    self.builder.verbatim(&text, span.start);
                } else {
                    self.builder.decoded(&text, span);
                }
            }
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => self.code(span),
            Event::InlineHtml(tag) => self.inline_html(&tag, span),
            Event::SoftBreak => self.builder.decoded(" ", span),
            Event::HardBreak => self.builder.line_break(self.with_line_prefix(span)),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => self.builder.single(span),
            // Block HTML is consumed with its start tag.
            Event::Html(_) => {}
            Event::Rule => self.end_block(),
        }
        self.last_end = span.end;
    }

    fn start(&mut self, tag: Tag<'a>, span: Span, events: &mut OffsetIter<'a>) {
        match tag {
            Tag::Paragraph | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => {
                self.end_block()
            }
            Tag::Heading { level, .. } => self.enter(match level {
                HeadingLevel::H1 => BlockKind::Title,
                HeadingLevel::H2
                | HeadingLevel::H3
                | HeadingLevel::H4
                | HeadingLevel::H5
                | HeadingLevel::H6 => BlockKind::Heading,
            }),
            Tag::BlockQuote(_) => self.enter(BlockKind::Quote),
            Tag::Item => self.enter(BlockKind::ListItem),
            Tag::FootnoteDefinition(_) => self.enter(BlockKind::Paragraph),
            Tag::TableCell => {
                self.enter(BlockKind::Cell);
                self.escape = Escape::MarkdownCell;
            }
            Tag::List(_) | Tag::DefinitionList | Tag::Table(_) | Tag::TableHead | Tag::TableRow => {
                self.end_block()
            }
            Tag::CodeBlock(_) | Tag::MetadataBlock(_) => {
                self.end_block();
                skip(events);
            }
            Tag::HtmlBlock => {
                self.end_block();
                skip(events);
                // Inside quotes and lists each line has a prefix that is not
                // HTML; such a block stays as it is.
                if self.containers.is_empty() {
                    self.blocks
                        .extend(html::read_at(span.of(self.source), span.start));
                }
            }
            Tag::Emphasis => self.open("emphasis", span, 1),
            Tag::Strong => self.open("strong", span, 2),
            Tag::Strikethrough => self.open("strikethrough", span, self.tildes(span)),
            Tag::Superscript => self.open("superscript", span, 1),
            Tag::Subscript => self.open("subscript", span, 1),
            Tag::Link { link_type, .. } => {
                let opening = Span::new(span.start, span.start + 1);
                let content = match link_type {
                    LinkType::Autolink | LinkType::Email => Content::Protected,
                    LinkType::Inline
                    | LinkType::Reference
                    | LinkType::ReferenceUnknown
                    | LinkType::Collapsed
                    | LinkType::CollapsedUnknown
                    | LinkType::Shortcut
                    | LinkType::ShortcutUnknown
                    | LinkType::WikiLink { .. } => Content::Prose,
                };
                self.builder.open("link", opening, content);
                self.links.push((link_type, opening.end));
            }
            Tag::Image { .. } => {
                skip(events);
                self.builder.single(span);
            }
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::Item
            | TagEnd::FootnoteDefinition
            | TagEnd::TableCell => {
                self.end_block();
                self.containers.pop();
                self.escape = Escape::Markdown;
            }
            TagEnd::Paragraph
            | TagEnd::List(_)
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::MetadataBlock(_) => self.end_block(),
            TagEnd::Emphasis => self.close("emphasis", span, 1),
            TagEnd::Strong => self.close("strong", span, 2),
            TagEnd::Strikethrough => self.close("strikethrough", span, self.tildes(span)),
            TagEnd::Superscript => self.close("superscript", span, 1),
            TagEnd::Subscript => self.close("subscript", span, 1),
            TagEnd::Link => self.end_link(span),
            // Consumed with its start.
            TagEnd::Image => {}
        }
    }

    /// Begins a block that gives its kind to the paragraphs in it.
    fn enter(&mut self, kind: BlockKind) {
        self.end_block();
        self.containers.push(kind);
    }

    fn open(&mut self, name: &str, element: Span, delimiter: usize) {
        let span = Span::new(element.start, element.start + delimiter);
        self.builder.open(name, span, Content::Prose);
    }

    fn close(&mut self, name: &str, element: Span, delimiter: usize) {
        let span = Span::new(element.end.saturating_sub(delimiter), element.end);
        self.builder.close(name, span);
    }

    fn end_link(&mut self, element: Span) {
        let Some((link_type, text_start)) = self.links.pop() else {
            return;
        };
        let text_end = self.last_end.clamp(text_start, element.end);
        self.builder.close("link", Span::new(text_end, element.end));
        // These links are found by their text: translated, it needs the old one
        // as its label.
        match link_type {
            LinkType::Shortcut
            | LinkType::ShortcutUnknown
            | LinkType::Collapsed
            | LinkType::CollapsedUnknown => {
                let label = Span::new(text_start, text_end).of(self.source);
                self.builder.written_when_translated(format!("][{label}]"));
            }
            LinkType::Inline
            | LinkType::Reference
            | LinkType::ReferenceUnknown
            | LinkType::Autolink
            | LinkType::Email
            | LinkType::WikiLink { .. } => {}
        }
    }

    /// A code span is part of its sentence, but not to be translated.
    fn code(&mut self, span: Span) {
        let written = span.of(self.source);
        let fence = written.len() - written.trim_start_matches(['`', '$']).len();
        let fence = fence.min(written.len() / 2);
        let (start, end) = (span.start + fence, span.end - fence);
        self.builder
            .open("code", Span::new(span.start, start), Content::Protected);
        self.builder
            .verbatim(Span::new(start, end).of(self.source), start);
        self.builder.close("code", Span::new(end, span.end));
    }

    fn inline_html(&mut self, tag: &str, span: Span) {
        match html::inline_tag(tag) {
            html::InlineTag::Open { name, content } => self.builder.open(&name, span, content),
            html::InlineTag::Close { name } => self.builder.close(&name, span),
            html::InlineTag::Break => self.builder.line_break(span),
            html::InlineTag::Other => self.builder.single(span),
        }
    }

    /// A hard break with the quote marks and the indentation of the next line:
    /// they move with it.
    fn with_line_prefix(&self, span: Span) -> Span {
        let rest = self.source.get(span.end..).unwrap_or("");
        let prefix = rest.len() - rest.trim_start_matches([' ', '\t', '>']).len();
        Span::new(span.start, span.end + prefix)
    }

    fn tildes(&self, span: Span) -> usize {
        if span.of(self.source).starts_with("~~") {
            2
        } else {
            1
        }
    }

    fn end_block(&mut self) {
        let context = self.containers.last().copied();
        let kind = |text: &str| match context {
            None | Some(BlockKind::Paragraph) => kind::of_paragraph(text),
            Some(kind) => kind,
        };
        self.blocks.extend(self.builder.finish(kind, self.escape));
    }
}

/// Passes over the element whose start was the latest event, its end included.
fn skip(events: &mut OffsetIter<'_>) {
    let mut depth = 1usize;
    for (event, _) in events.by_ref() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}
