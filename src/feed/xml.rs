//! Reads RSS and Atom: finds spans, and goes on behind what is broken.

mod capture;
mod entries;
pub(super) mod unescape;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::lines::Lines;
use super::tag;
use super::vocabulary::{self, Meaning, Namespace, Place, Prefixes};
use super::{Dialect, Feed};
use crate::error::{Error, Result};
use crate::span::Span;
use capture::{Capture, Kind, Piece};
use entries::Entries;

/// No feed nests deeper than this.
pub(super) const DEEPEST: usize = 512;

/// Reads a feed in XML.
///
/// # Errors
/// [`Error::Malformed`] when its root is not that of a feed.
pub(super) fn read(source: String) -> Result<Feed> {
    let (dialect, head, items, faults) = {
        let mut parser = Parser::of(&source);
        parser.run();
        let Some(dialect) = parser.dialect else {
            let place = parser.lines.into_faults();
            let fault = place.first().map_or(String::new(), |fault| {
                format!("; line {}: {}", fault.line, fault.message)
            });
            return Err(Error::Malformed(format!(
                "this is no feed: its root is neither rss, rdf:RDF nor feed{fault}"
            )));
        };
        let faults = parser.lines.into_faults();
        (dialect, parser.entries.head, parser.entries.items, faults)
    };
    Ok(Feed {
        source,
        dialect,
        head,
        items,
        faults,
    })
}

/// An element that is open.
#[derive(Debug)]
struct Frame<'a> {
    name: &'a str,
    start: usize,
    place: Place,
    /// Of names without a prefix.
    namespace: Namespace,
}

struct Parser<'a> {
    source: &'a str,
    lines: Lines<'a>,
    dialect: Option<Dialect>,
    prefixes: Prefixes<'a>,
    stack: Vec<Frame<'a>>,
    capture: Option<Capture>,
    entries: Entries,
}

impl<'a> Parser<'a> {
    fn of(source: &'a str) -> Self {
        Parser {
            source,
            lines: Lines::of(source),
            dialect: None,
            prefixes: Prefixes::default(),
            stack: Vec::new(),
            capture: None,
            entries: Entries::begin(),
        }
    }

    fn run(&mut self) {
        // Behind a byte order mark, which the reader would skip without counting.
        let mut from = self.source.len() - self.source.trim_start_matches('\u{feff}').len();
        while let Some(broken) = self.read_from(from) {
            self.abandon(broken);
            match self.next_item(broken) {
                Some(next) => from = next,
                None => break,
            }
        }
        self.finish();
    }

    /// Reads until the end; where it cannot go on, that place.
    fn read_from(&mut self, from: usize) -> Option<usize> {
        let mut reader = Reader::from_str(self.source.get(from..)?);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        loop {
            let start = from + usize::try_from(reader.buffer_position()).unwrap_or(0);
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let place = from + usize::try_from(reader.error_position()).unwrap_or(0);
                    self.lines.fault(place, error.to_string());
                    return Some(place.max(start));
                }
            };
            let end = from + usize::try_from(reader.buffer_position()).unwrap_or(0);
            let span = Span::new(start, end);
            let piece = match event {
                Event::Start(_) | Event::Empty(_) => {
                    let is_empty = matches!(event, Event::Empty(_));
                    if let Err(fault) = self.open(span, is_empty) {
                        self.lines.fault(start, fault);
                        return Some(start);
                    }
                    continue;
                }
                Event::End(_) => {
                    self.close(span);
                    continue;
                }
                Event::Eof => return None,
                Event::Text(_) | Event::GeneralRef(_) => Piece::Escaped,
                Event::CData(_) => Piece::Cdata,
                Event::Comment(_) | Event::PI(_) => Piece::Comment,
                Event::Decl(_) | Event::DocType(_) => continue,
            };
            if let Some(capture) = &mut self.capture {
                capture.pieces.push((piece, span));
            }
        }
    }

    fn open(&mut self, span: Span, is_empty: bool) -> Result<(), String> {
        let source = self.source;
        let (name, attributes) = tag::read(source, span).ok_or("a < that opens no tag")?;
        if self.stack.len() >= DEEPEST {
            return Err(format!("elements nest deeper than {DEEPEST}"));
        }
        let own = self.prefixes.declare(&attributes);
        if let Some(capture) = &mut self.capture {
            capture.has_markup = true;
            if !is_empty {
                self.push(name, span.start, Place::Elsewhere, own);
            }
            return Ok(());
        }
        let outer = self.stack.last().map(|frame| frame.namespace);
        let (namespace, local) = self.prefixes.resolve(name, own.or(outer));
        let Some(dialect) = self.dialect else {
            let (dialect, place) =
                vocabulary::root(namespace, local).ok_or("the root is not that of a feed")?;
            self.dialect = Some(dialect);
            self.entries.head.line = self.lines.line(span.start);
            self.entries.mark(Place::Head, &attributes);
            if !is_empty {
                self.push(name, span.start, place, own);
            }
            return Ok(());
        };
        let mut place = self
            .stack
            .last()
            .map_or(Place::Elsewhere, |frame| frame.place);
        let mut meaning = vocabulary::meaning(dialect, place, namespace, local);
        if place == Place::Item
            && vocabulary::meaning(dialect, Place::Head, namespace, local) == Meaning::Item
        {
            self.lines
                .fault(span.start, "the item before this one has no end");
            let outer = self
                .stack
                .iter()
                .rposition(|frame| frame.place == Place::Item);
            self.unwind(outer.unwrap_or(0));
            place = self
                .stack
                .last()
                .map_or(Place::Elsewhere, |frame| frame.place);
            meaning = vocabulary::meaning(dialect, place, namespace, local);
        }
        let inner = match meaning {
            Meaning::Head => Place::Head,
            Meaning::Item => {
                self.entries.begin_item(self.lines.line(span.start));
                Place::Item
            }
            _ => Place::Elsewhere,
        };
        self.entries.note(meaning, place, &attributes);
        if is_empty {
            if meaning == Meaning::Item {
                self.entries.end_item();
            }
            return Ok(());
        }
        self.push(name, span.start, inner, own);
        let depth = self.stack.len();
        self.capture = Kind::of(meaning, &attributes, dialect).map(|kind| Capture {
            kind,
            place,
            depth,
            start: span.end,
            pieces: Vec::new(),
            has_markup: false,
        });
        Ok(())
    }

    fn push(&mut self, name: &'a str, start: usize, place: Place, own: Option<Namespace>) {
        let outer = self.stack.last().map(|frame| frame.namespace);
        self.stack.push(Frame {
            name,
            start,
            place,
            namespace: own.or(outer).unwrap_or(Namespace::Rss),
        });
    }

    fn close(&mut self, span: Span) {
        let name = tag::closed(span.of(self.source));
        let Some(at) = self.stack.iter().rposition(|frame| frame.name == name) else {
            self.lines
                .fault(span.start, format!("</{}> closes nothing", short(name)));
            return;
        };
        // An end tag inside a text that opens nothing there is part of the text.
        if at + 1 < self.stack.len() {
            let inner = self.stack.get(at + 1..).unwrap_or(&[]);
            let (start, name) = inner
                .first()
                .map_or((0, ""), |frame| (frame.start, frame.name));
            let is_text = self
                .capture
                .as_ref()
                .is_some_and(|capture| capture.depth == at + 1);
            // Unclosed elements of HTML within a text do no harm.
            if !is_text {
                self.lines
                    .fault(start, format!("<{}> has no end", short(name)));
            }
        }
        if self
            .capture
            .as_ref()
            .is_some_and(|capture| capture.depth == at + 1)
            && let Some(capture) = self.capture.take()
        {
            self.entries.take(self.source, capture, span.start);
        }
        self.unwind(at);
    }

    /// Leaves all elements from this depth on.
    fn unwind(&mut self, depth: usize) {
        if self
            .capture
            .as_ref()
            .is_some_and(|capture| capture.depth > depth)
        {
            self.capture = None;
        }
        let inner = self.stack.get(depth..).unwrap_or(&[]);
        let ends_item = inner.iter().any(|frame| frame.place == Place::Item);
        self.stack.truncate(depth);
        if ends_item {
            self.entries.end_item();
        }
    }

    /// Leaves everything that was open where the reader could not go on.
    fn abandon(&mut self, place: usize) {
        self.capture = None;
        let depth = self.stack.iter().take_while(|frame| {
            frame.start < place && matches!(frame.place, Place::Root | Place::Head)
        });
        let depth = depth.count();
        self.unwind(depth);
    }

    /// Where the next item begins behind something broken.
    fn next_item(&self, broken: usize) -> Option<usize> {
        let name = match self.dialect? {
            Dialect::Rss | Dialect::Rdf => "<item",
            Dialect::Atom => "<entry",
            Dialect::Json => return None,
        };
        let from = (broken + 1..=self.source.len()).find(|at| self.source.is_char_boundary(*at))?;
        let rest = self.source.get(from..)?;
        rest.match_indices(name)
            .find(|(at, _)| {
                let behind = rest.as_bytes().get(at + name.len());
                behind.is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>')
            })
            .map(|(at, _)| from + at)
    }

    fn finish(&mut self) {
        if let Some(frame) = self.stack.first() {
            let name = short(frame.name);
            let message = format!("the feed breaks off: <{name}> has no end");
            self.lines.fault(self.source.len(), message);
        }
        self.unwind(0);
    }
}

/// The start of a name that may have any length.
fn short(name: &str) -> String {
    name.chars().take(40).collect()
}
