//! Plain text: paragraphs, wrapped lines, headlines, lists and bylines.

use super::{
    block::Block,
    escape::Escape,
    inline::BlockBuilder,
    kind::{self, BlockKind},
};
use crate::span::Span;

/// A text is hard-wrapped only within these widths, in characters: shorter
/// lines are lines of their own, longer ones paragraphs of their own.
const NARROWEST_WRAP: usize = 40;
const WIDEST_WRAP: usize = 110;

/// Reads the blocks of a plain text.
pub(super) fn read(source: &str) -> Vec<Block> {
    let lines = lines(source);
    let wrapped = is_wrapped(&lines);
    let mut blocks = Vec::new();
    for group in lines.split(|line| line.text.is_empty()) {
        read_group(group, wrapped, &mut blocks);
    }
    give_title(source, &mut blocks);
    blocks
}

/// A line without the whitespace around it.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    /// Where `text` starts in the source.
    start: usize,
    /// In characters.
    width: usize,
    marker: Option<Marker>,
}

/// What makes a line the start of a list item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marker {
    /// Bytes of the marker and the space after it.
    len: usize,
    kind: MarkerKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkerKind {
    /// “•”, “*” or “1)”: clear alone.
    Clear,
    /// “–” or “-”: may belong to a sentence.
    Dash,
    /// “1.”: may be an ordinal.
    Number(u32),
}

fn lines(source: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut lines = Vec::new();
    // A lone carriage return ends a line, too; between the two of CRLF an
    // empty piece appears, which must not be taken for a blank line.
    for piece in source.split_inclusive(['\n', '\r']) {
        let text = piece.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let lead = piece.find(text).unwrap_or(0);
        if piece == "\n"
            && source
                .get(..start)
                .is_some_and(|before| before.ends_with('\r'))
        {
            start += 1;
            continue;
        }
        lines.push(Line {
            text,
            start: start + lead,
            width: text.chars().count(),
            marker: marker(text),
        });
        start += piece.len();
    }
    lines
}

/// Reads lines between two blank ones.
fn read_group(lines: &[Line<'_>], wrapped: bool, blocks: &mut Vec<Block>) {
    let numbered = is_numbered(lines);
    let wrap = wrap_width(lines).filter(|_| wrapped);
    let mut builder = BlockBuilder::default();
    let mut kind_of_block: Option<BlockKind> = None;
    for (index, line) in lines.iter().enumerate() {
        let previous = index.checked_sub(1).and_then(|before| lines.get(before));
        let marker = line.marker.filter(|marker| match marker.kind {
            MarkerKind::Clear => true,
            MarkerKind::Number(_) => numbered,
            // A wrapped line may begin with a dash of its sentence.
            MarkerKind::Dash => previous.is_none_or(|previous| {
                previous.marker.is_some()
                    || kind::ends_with_stop(previous.text)
                    || !continues(previous, line, wrap)
            }),
        });
        let joins =
            marker.is_none() && previous.is_some_and(|previous| continues(previous, line, wrap));
        if !joins {
            finish(&mut builder, kind_of_block, lines.len(), blocks);
            kind_of_block = marker.map(|_| BlockKind::ListItem);
        }
        let skip = marker.map_or(0, |marker| marker.len);
        let text = line.text.get(skip..).unwrap_or("");
        let text_start = line.start + skip;
        if joins && let Some(previous) = previous {
            let gap = Span::new(previous.start + previous.text.len(), line.start);
            match hyphenation(previous.text, line.text) {
                Hyphenation::None => builder.decoded(" ", gap),
                Hyphenation::Kept => {}
                Hyphenation::Dropped => builder.drop_last_char(),
            }
        }
        builder.verbatim(text, text_start);
    }
    finish(&mut builder, kind_of_block, lines.len(), blocks);
}

fn finish(
    builder: &mut BlockBuilder,
    kind: Option<BlockKind>,
    lines: usize,
    blocks: &mut Vec<Block>,
) {
    let kind = |text: &str| match kind {
        Some(kind) => kind,
        None => match kind::of_paragraph(text) {
            // A line of its own that stands alone between blank ones.
            BlockKind::Paragraph if lines == 1 && kind::is_heading(text) => BlockKind::Heading,
            kind => kind,
        },
    };
    blocks.extend(builder.finish(kind, Escape::Plain));
}

/// Makes the first block the title when it looks like one and text follows.
fn give_title(source: &str, blocks: &mut [Block]) {
    let (Some(first), Some(second)) = (blocks.first(), blocks.get(1)) else {
        return;
    };
    // A title stands on a line of its own.
    let own_line = {
        let end = first.source_span(Span::new(0, first.text.len())).end;
        let start = second.source_span(Span::new(0, second.text.len())).start;
        Span::new(end, start).of(source).contains(['\n', '\r'])
    };
    let fits = match first.kind {
        BlockKind::Heading => true,
        BlockKind::Paragraph => kind::is_heading(&first.text),
        BlockKind::Title
        | BlockKind::ListItem
        | BlockKind::Quote
        | BlockKind::Cell
        | BlockKind::Caption
        | BlockKind::Byline
        | BlockKind::Tail
        | BlockKind::Aside => false,
    };
    if own_line
        && fits
        && let Some(first) = blocks.first_mut()
    {
        first.kind = BlockKind::Title;
    }
}

/// Whether some line of the text clearly goes on on the next one.
fn is_wrapped(lines: &[Line<'_>]) -> bool {
    lines.windows(2).any(|pair| {
        let [line, next] = pair else {
            return false;
        };
        (NARROWEST_WRAP..=WIDEST_WRAP).contains(&line.width)
            && !kind::ends_with_stop(line.text.trim_end_matches(','))
            && next.text.starts_with(char::is_lowercase)
    })
}

/// The width at which a group of lines would have been wrapped; `None` when
/// each line is a paragraph of its own.
fn wrap_width(lines: &[Line<'_>]) -> Option<usize> {
    let widest = lines.iter().map(|line| line.width).max()?;
    (NARROWEST_WRAP..=WIDEST_WRAP)
        .contains(&widest)
        .then_some(widest)
}

/// Whether `line` goes on with the paragraph of `previous`.
fn continues(previous: &Line<'_>, line: &Line<'_>, wrap: Option<usize>) -> bool {
    let Some(wrap) = wrap else {
        return false;
    };
    if line.text.starts_with(char::is_lowercase)
        && !kind::ends_with_stop(previous.text.trim_end_matches(','))
    {
        return true;
    }
    // A wrapped line was full: the next word did not fit any more.
    let word = line
        .text
        .split_whitespace()
        .next()
        .map_or(0, |word| word.chars().count());
    previous.width + 1 + word > wrap
}

/// What a line break inside a word stands for.
enum Hyphenation {
    /// No hyphen: the break is a space.
    None,
    /// “Nordrhein-⏎Westfalen”, “Ein-⏎und Ausgang” without its space is rare.
    Kept,
    /// “Bundes-⏎regierung”.
    Dropped,
}

fn hyphenation(before: &str, after: &str) -> Hyphenation {
    let Some(stem) = before.strip_suffix('-') else {
        return Hyphenation::None;
    };
    if !stem.ends_with(char::is_alphabetic) {
        return Hyphenation::None;
    }
    let word = after.split_whitespace().next().unwrap_or("");
    match word.chars().next() {
        Some(first) if first.is_uppercase() => Hyphenation::Kept,
        Some(first) if first.is_lowercase() => {
            if matches!(
                word,
                "und" | "oder" | "bis" | "sowie" | "beziehungsweise" | "bzw." | "als" | "wie"
            ) {
                Hyphenation::None
            } else {
                Hyphenation::Dropped
            }
        }
        _ => Hyphenation::None,
    }
}

fn marker(text: &str) -> Option<Marker> {
    let first = text.chars().next()?;
    if matches!(first, '*' | '•' | '·' | '▪' | '■' | '►' | '‣' | '+') {
        return with_space(text, first.len_utf8(), MarkerKind::Clear);
    }
    if matches!(first, '-' | '–' | '—') {
        return with_space(text, first.len_utf8(), MarkerKind::Dash);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=2).contains(&digits) {
        return None;
    }
    match text.as_bytes().get(digits) {
        Some(b')') => with_space(text, digits + 1, MarkerKind::Clear),
        Some(b'.') => {
            let number = text.get(..digits)?.parse().ok()?;
            with_space(text, digits + 1, MarkerKind::Number(number))
        }
        _ => None,
    }
}

fn with_space(text: &str, len: usize, kind: MarkerKind) -> Option<Marker> {
    let rest = text.get(len..)?;
    let words = rest.trim_start();
    (words.len() < rest.len() && !words.is_empty()).then_some(Marker {
        len: text.len() - words.len(),
        kind,
    })
}

/// Whether “1.”, “2.” … of these lines count up: one number alone may be an
/// ordinal (“1. FC Köln”, “12. Juni”).
fn is_numbered(lines: &[Line<'_>]) -> bool {
    let mut numbers = lines.iter().filter_map(|line| match line.marker?.kind {
        MarkerKind::Number(number) => Some(number),
        MarkerKind::Clear | MarkerKind::Dash => None,
    });
    let Some(mut last) = numbers.next() else {
        return false;
    };
    let mut count = 1;
    for number in numbers {
        if number != last + 1 {
            return false;
        }
        last = number;
        count += 1;
    }
    count > 1
}
