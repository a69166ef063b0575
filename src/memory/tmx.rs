//! Translation Memory eXchange (TMX 1.4b): German and English segments for
//! other programs, and from them.

use std::borrow::Cow;

use jiff::{Timestamp, civil, fmt::strtime, tz::TimeZone};
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

use super::{Entry, Origin, one_line};
use crate::error::{Error, Result};

/// Prefix of our own properties.
const OURS: &str = "x-depesche-";
/// Segments of more bytes are no segments.
const LONGEST: usize = 64 * 1024;
/// How TMX writes times.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// A segment of a TMX document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub source: String,
    pub target: String,
    pub origin: Origin,
    pub edited: bool,
    pub hits: i64,
    /// Milliseconds since 1970.
    pub created: Option<i64>,
    pub updated: Option<i64>,
}

/// A document that is being written.
pub struct Document(Writer<Vec<u8>>);

impl Document {
    /// The head.
    pub fn begin() -> Self {
        let mut document = Document(Writer::new_with_indent(Vec::new(), b' ', 1));
        let tmx = BytesStart::new("tmx").with_attributes([("version", "1.4")]);
        let header = BytesStart::new("header").with_attributes([
            ("creationtool", "depesche"),
            ("creationtoolversion", env!("CARGO_PKG_VERSION")),
            ("datatype", "plaintext"),
            ("segtype", "sentence"),
            ("adminlang", "en"),
            ("srclang", "de"),
            ("o-tmf", "depesche"),
        ]);
        for event in [
            Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)),
            Event::Start(tmx),
            Event::Empty(header),
            Event::Start(BytesStart::new("body")),
        ] {
            // Writing into memory does not fail.
            document.0.write_event(event).ok();
        }
        document
    }

    /// One entry.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be written.
    pub fn add(&mut self, entry: &Entry) -> Result<()> {
        self.unit(entry)
            .map_err(|error| Error::Internal(format!("TMX cannot be written: {error}")))
    }

    fn unit(&mut self, entry: &Entry) -> std::io::Result<()> {
        let time = |at| Timestamp::from_millisecond(at).map(|time| time.strftime(TIME).to_string());
        let created = time(entry.created).unwrap_or_default();
        let changed = time(entry.updated).unwrap_or_default();
        let hits = entry.hits.to_string();
        let edited = entry.edited.to_string();
        self.0
            .create_element("tu")
            .with_attributes([
                ("tuid", entry.id.as_str()),
                ("creationdate", created.as_str()),
                ("changedate", changed.as_str()),
                ("usagecount", hits.as_str()),
            ])
            .write_inner_content(|unit| {
                for (name, value) in [
                    ("model", entry.model.as_str()),
                    ("adapter", entry.adapter.as_str()),
                    ("options", entry.options.as_str()),
                    ("edited", edited.as_str()),
                ] {
                    unit.create_element("prop")
                        .with_attribute(("type", format!("{OURS}{name}").as_str()))
                        .write_text_content(BytesText::new(&allowed(value)))?;
                }
                for (language, text) in [("de", &entry.source), ("en", &entry.target)] {
                    unit.create_element("tuv")
                        .with_attribute(("xml:lang", language))
                        .write_inner_content(|variant| {
                            variant
                                .create_element("seg")
                                .write_text_content(BytesText::new(&allowed(text)))?;
                            Ok(())
                        })?;
                }
                Ok(())
            })?;
        Ok(())
    }

    /// The whole document.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be written.
    pub fn end(mut self) -> Result<Vec<u8>> {
        for name in ["body", "tmx"] {
            self.0
                .write_event(Event::End(BytesEnd::new(name)))
                .map_err(|error| Error::Internal(format!("TMX cannot be written: {error}")))?;
        }
        Ok(self.0.into_inner())
    }
}

/// The text without characters that XML 1.0 does not know.
fn allowed(text: &str) -> Cow<'_, str> {
    let known = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    if text.chars().all(known) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| known(*c)).collect())
    }
}

/// What is known of a unit while its end has not come.
#[derive(Debug, Default)]
struct Open {
    german: Option<String>,
    english: Option<String>,
    origin: Origin,
    /// The unit is one that Depesche exported.
    ours: bool,
    edited: bool,
    hits: i64,
    created: Option<i64>,
    updated: Option<i64>,
}

impl Open {
    fn property(&mut self, name: &str, value: &str) {
        let Some(name) = name.strip_prefix(OURS) else {
            return;
        };
        match name {
            "model" => {
                self.ours = true;
                self.origin.model = value.to_owned();
            }
            "adapter" => self.origin.adapter = value.to_owned(),
            "options" => self.origin.options = value.to_owned(),
            "edited" => self.edited = value == "true",
            _ => {}
        }
    }

    fn segment(&mut self, language: &str, text: &str) {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("de") {
            self.german = Some(one_line(text));
        } else if primary.eq_ignore_ascii_case("en") {
            self.english = Some(one_line(text));
        }
    }

    fn finish(self) -> Option<Unit> {
        let source = self.german.filter(|text| !text.is_empty())?;
        let target = self.english.filter(|text| !text.is_empty())?;
        Some(Unit {
            source,
            target,
            edited: self.edited || !self.ours,
            origin: if self.ours {
                self.origin
            } else {
                Origin::default()
            },
            hits: self.hits,
            created: self.created,
            updated: self.updated,
        })
    }
}

/// The units that have German and English; others are left out. Inline codes
/// within segments are dropped, their neighbours kept.
///
/// # Errors
/// [`Error::Malformed`] when it is not XML, not TMX, or has a segment of more
/// than 64 KiB.
pub fn read(document: &[u8]) -> Result<Vec<Unit>> {
    let text = decoded(document)?;
    let mut reader = Reader::from_str(&text);
    let malformed = |reader: &Reader<&[u8]>, fault: String| {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let line = text
            .get(..at)
            .map_or(0, |before| before.matches('\n').count())
            + 1;
        Error::Malformed(format!("not TMX at line {line}: {fault}"))
    };
    let mut units = Vec::new();
    let mut seen_root = false;
    let mut unit: Option<Open> = None;
    let mut language = String::new();
    let mut property = String::new();
    let mut gathered = String::new();
    // Depth of inline codes, whose content is markup of other programs.
    let mut codes = 0usize;
    loop {
        let event = reader
            .read_event()
            .map_err(|error| malformed(&reader, error.to_string()))?;
        match event {
            Event::Start(start) => {
                let name = start.local_name();
                match name.into_inner() {
                    "tmx" => seen_root = true,
                    _ if !seen_root => {
                        return Err(malformed(&reader, "the root is not <tmx>".into()));
                    }
                    "tu" => {
                        unit = Some(Open {
                            hits: attribute(&start, "usagecount")
                                .and_then(|hits| hits.parse().ok())
                                .unwrap_or(0),
                            created: attribute(&start, "creationdate").and_then(|at| time(&at)),
                            updated: attribute(&start, "changedate").and_then(|at| time(&at)),
                            ..Open::default()
                        });
                    }
                    "tuv" => {
                        language = attribute(&start, "xml:lang")
                            .or_else(|| attribute(&start, "lang"))
                            .unwrap_or_default();
                    }
                    "prop" => {
                        property = attribute(&start, "type").unwrap_or_default();
                        gathered.clear();
                    }
                    "seg" => gathered.clear(),
                    "bpt" | "ept" | "it" | "ph" | "ut" => codes += 1,
                    _ => {}
                }
            }
            Event::End(end) => match end.local_name().into_inner() {
                "tu" => units.extend(unit.take().and_then(Open::finish)),
                "seg" => {
                    if let Some(unit) = &mut unit {
                        unit.segment(&language, &gathered);
                    }
                }
                "prop" => {
                    if let Some(unit) = &mut unit {
                        unit.property(&property, gathered.trim());
                    }
                }
                "bpt" | "ept" | "it" | "ph" | "ut" => codes = codes.saturating_sub(1),
                _ => {}
            },
            Event::Text(words) if codes == 0 => gathered.push_str(&words.xml10_content()),
            Event::CData(words) if codes == 0 => gathered.push_str(&words.xml10_content()),
            Event::GeneralRef(entity) if codes == 0 => {
                let character = entity
                    .resolve_char_ref()
                    .map_err(|error| malformed(&reader, error.to_string()))?;
                match character {
                    Some(character) => gathered.push(character),
                    None => gathered.push_str(
                        quick_xml::escape::resolve_xml_entity(&entity)
                            .ok_or_else(|| malformed(&reader, "an unknown entity".into()))?,
                    ),
                }
            }
            Event::Eof if seen_root => return Ok(units),
            Event::Eof => return Err(malformed(&reader, "there is no <tmx>".into())),
            Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Empty(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
        if gathered.len() > LONGEST {
            return Err(malformed(&reader, "a segment is longer than 64 KiB".into()));
        }
    }
}

/// UTF-8, or UTF-16 with a mark, as some programs write TMX.
fn decoded(document: &[u8]) -> Result<Cow<'_, str>> {
    let (encoding, mark) =
        encoding_rs::Encoding::for_bom(document).unwrap_or((encoding_rs::UTF_8, 0));
    encoding
        .decode_without_bom_handling_and_without_replacement(
            document.get(mark..).unwrap_or_default(),
        )
        .ok_or_else(|| Error::Malformed(format!("the TMX is not {}", encoding.name())))
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    attribute
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()
        .map(Cow::into_owned)
}

fn time(text: &str) -> Option<i64> {
    let parsed = strtime::parse(TIME, text).ok()?;
    let at: civil::DateTime = parsed.to_datetime().ok()?;
    Some(TimeZone::UTC.to_timestamp(at).ok()?.as_millisecond())
}
