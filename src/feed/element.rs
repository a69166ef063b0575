//! The elements of a feed in XML, as a tree.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::tag::{self, Attribute};
use super::vocabulary::{Namespace, Prefixes};
use super::xml::DEEPEST;
use super::xml::unescape::unescape;
use crate::span::Span;

#[derive(Debug)]
pub(super) struct Element<'a> {
    /// With its prefix.
    pub name: &'a str,
    pub namespace: Namespace,
    pub local: &'a str,
    attributes: Vec<Attribute<'a>>,
    pub children: Vec<Element<'a>>,
    text: String,
    source: &'a str,
    /// What stands between the tags.
    inner: Span,
    /// Namespace of names without a prefix in it.
    unprefixed: Namespace,
}

impl<'a> Element<'a> {
    /// The root of a document; `None` when it is not well formed enough. Nesting
    /// is bounded, so the tree may be dropped and walked over.
    pub fn root(source: &'a str) -> Option<Self> {
        let mut tree = Tree {
            source,
            prefixes: Prefixes::default(),
            open: Vec::new(),
            root: None,
        };
        tree.read()?;
        tree.root
    }

    /// The value of an attribute, by its name as it is written.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let found = self.attributes.iter().find(|found| found.name == name);
        found.map(|found| unescape(found.value))
    }

    /// The character data of the element itself.
    pub fn text(&self) -> &str {
        self.text.trim()
    }

    /// What stands between the tags, where that is markup.
    pub fn markup(&self) -> Option<&'a str> {
        (!self.children.is_empty()).then(|| self.inner.of(self.source))
    }

    pub fn is(&self, namespace: Namespace, local: &str) -> bool {
        self.namespace == namespace && self.local == local
    }
}

struct Tree<'a> {
    source: &'a str,
    prefixes: Prefixes<'a>,
    open: Vec<Element<'a>>,
    root: Option<Element<'a>>,
}

impl<'a> Tree<'a> {
    fn read(&mut self) -> Option<()> {
        let start = self.source.len() - self.source.trim_start_matches('\u{feff}').len();
        let mut reader = Reader::from_str(self.source.get(start..)?);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        loop {
            let place = |reader: &Reader<&[u8]>| {
                Some(start + usize::try_from(reader.buffer_position()).ok()?)
            };
            let from = place(&reader)?;
            let event = reader.read_event().ok()?;
            let span = Span::new(from, place(&reader)?);
            match event {
                Event::Start(_) => {
                    let element = self.element(span)?;
                    self.open.push(element);
                    if self.open.len() > DEEPEST {
                        return None;
                    }
                }
                Event::Empty(_) => {
                    let element = self.element(span)?;
                    self.put(element);
                }
                Event::End(_) => self.close(span),
                Event::Text(_) | Event::GeneralRef(_) => {
                    self.write(&unescape(span.of(self.source)))
                }
                Event::CData(_) => {
                    let text = span.of(self.source).strip_prefix("<![CDATA[");
                    self.write(text.and_then(|text| text.strip_suffix("]]>"))?);
                }
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => {}
                Event::Eof => return self.open.is_empty().then_some(()),
            }
        }
    }

    fn element(&mut self, span: Span) -> Option<Element<'a>> {
        let (name, attributes) = tag::read(self.source, span)?;
        let own = self.prefixes.declare(&attributes);
        let outer = self.open.last().map(|outer| outer.unprefixed);
        let unprefixed = own.or(outer);
        let (namespace, local) = self.prefixes.resolve(name, unprefixed);
        Some(Element {
            name,
            namespace,
            local,
            attributes,
            children: Vec::new(),
            text: String::new(),
            source: self.source,
            inner: Span::new(span.end, span.end),
            unprefixed: unprefixed.unwrap_or(Namespace::Rss),
        })
    }

    fn write(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
    }

    /// Closes the innermost element of this name and all within.
    fn close(&mut self, span: Span) {
        let name = tag::closed(span.of(self.source));
        let Some(at) = self.open.iter().rposition(|element| element.name == name) else {
            return;
        };
        while self.open.len() > at {
            if let Some(mut element) = self.open.pop() {
                element.inner = Span::new(element.inner.start, span.start);
                self.put(element);
            }
        }
    }

    fn put(&mut self, element: Element<'a>) {
        match self.open.last_mut() {
            Some(outer) => outer.children.push(element),
            None => {
                self.root.get_or_insert(element);
            }
        }
    }
}
