//! Builds a block from decoded characters and inline markup.

use std::collections::HashMap;

use super::{
    block::{Block, Content, Mark, Piece, Role},
    escape::Escape,
    kind::BlockKind,
};
use crate::span::Span;

/// Collects the text and the inline markup of one block, in source order.
#[derive(Debug, Default)]
pub(super) struct BlockBuilder {
    text: String,
    pieces: Vec<Piece>,
    marks: Vec<Mark>,
    /// Indices of opening marks still without a partner, and their names.
    open: Vec<(usize, String)>,
    /// How often each name occurs in `open`: a closing tag without a partner
    /// must not search the whole stack.
    names: HashMap<String, usize>,
    worth_translating: bool,
}

impl BlockBuilder {
    /// Appends source text that stands for itself.
    pub fn verbatim(&mut self, text: &str, start: usize) {
        for (at, ch) in text.char_indices() {
            let at = start + at;
            self.char(ch, Span::new(at, at + ch.len_utf8()));
        }
    }

    /// Appends text that `source` is decoded to: an entity or an escape.
    pub fn decoded(&mut self, text: &str, source: Span) {
        for ch in text.chars() {
            self.char(ch, source);
        }
    }

    /// Appends one character.
    fn char(&mut self, ch: char, source: Span) {
        let (ch, written) = (repaired(ch), ch);
        if is_invisible(ch) {
            return;
        }
        if ch.is_whitespace() {
            self.space(source);
            return;
        }
        self.worth_translating |= ch.is_alphanumeric();
        if ch == '\u{308}' && self.compose(source) {
            return;
        }
        let start = self.text.len();
        self.text.push(ch);
        let text = Span::new(start, self.text.len());
        let verbatim = ch == written && source.len() == text.len();
        match self.pieces.last_mut() {
            // A second character of one entity belongs to the same unit.
            Some(last) if last.source == source => last.text.end = text.end,
            Some(last) if verbatim && last.verbatim && last.source.end == source.start => {
                last.text.end = text.end;
                last.source.end = source.end;
            }
            _ => self.pieces.push(Piece {
                text,
                source,
                verbatim,
            }),
        }
    }

    /// Appends a space unless the text is empty or ends with one.
    fn space(&mut self, source: Span) {
        if self.text.is_empty() {
            return;
        }
        if self.text.ends_with(' ') {
            if let Some(last) = self.pieces.last_mut()
                && last.text.len() == 1
                && last.source.end == source.start
            {
                last.source.end = source.end;
                last.verbatim = false;
            }
            return;
        }
        let start = self.text.len();
        self.text.push(' ');
        // Never merged with its neighbours: a run of whitespace may follow and
        // must grow this piece alone. It is exact for one byte.
        self.pieces.push(Piece {
            text: Span::new(start, start + 1),
            source,
            verbatim: false,
        });
    }

    /// Takes back the last character: the hyphen of a word broken in two.
    pub fn drop_last_char(&mut self) {
        let Some(dropped) = self.text.pop() else {
            return;
        };
        let Some(last) = self.pieces.last_mut() else {
            return;
        };
        last.text.end = self.text.len();
        if last.verbatim {
            last.source.end -= dropped.len_utf8();
        }
        if last.text.is_empty() {
            self.pieces.pop();
        }
    }

    /// Joins a combining diaeresis to the vowel before it, as text copied from
    /// some systems has it; the tokenizers know composed umlauts only.
    fn compose(&mut self, source: Span) -> bool {
        let Some(last) = self.pieces.last_mut() else {
            return false;
        };
        if !last.verbatim || last.source.end != source.start {
            return false;
        }
        let composed = match self.text.pop() {
            Some('a') => 'ä',
            Some('o') => 'ö',
            Some('u') => 'ü',
            Some('A') => 'Ä',
            Some('O') => 'Ö',
            Some('U') => 'Ü',
            Some(other) => {
                self.text.push(other);
                return false;
            }
            None => return false,
        };
        // All six vowels are one byte long.
        last.text.end -= 1;
        last.source.end -= 1;
        let vowel = last.source.end;
        if last.text.is_empty() {
            self.pieces.pop();
        }
        let start = self.text.len();
        self.text.push(composed);
        self.pieces.push(Piece {
            text: Span::new(start, self.text.len()),
            source: Span::new(vowel, source.end),
            verbatim: false,
        });
        true
    }

    /// Opening markup; `name` finds its partner.
    pub fn open(&mut self, name: &str, source: Span, content: Content) {
        let index = self.marks.len();
        self.mark(
            source,
            Role::Open {
                close: index,
                content,
            },
        );
        self.open.push((index, name.to_owned()));
        *self.names.entry(name.to_owned()).or_default() += 1;
    }

    /// Closing markup. Without an opening partner it stands alone; partners
    /// opened since and not closed stand alone, too, so that pairs stay nested.
    pub fn close(&mut self, name: &str, source: Span) {
        if self.names.get(name).is_none_or(|&open| open == 0) {
            self.mark(source, Role::Half);
            return;
        }
        while let Some((open, opened)) = self.open.pop() {
            if let Some(count) = self.names.get_mut(&opened) {
                *count = count.saturating_sub(1);
            }
            if opened != name {
                self.set_role(open, Role::Half);
                continue;
            }
            let close = self.marks.len();
            if let Some(Role::Open { content, .. }) = self.marks.get(open).map(|mark| mark.role) {
                self.set_role(open, Role::Open { close, content });
            }
            self.mark(source, Role::Close { open });
            return;
        }
    }

    /// Markup that stands alone.
    pub fn single(&mut self, source: Span) {
        self.mark(source, Role::Single);
    }

    /// A hard line break inside a block: whitespace that is also markup.
    pub fn line_break(&mut self, source: Span) {
        self.space(source);
        self.mark(source, Role::Break);
    }

    /// What the latest mark must read once its words are translated.
    pub fn written_when_translated(&mut self, text: String) {
        if let Some(mark) = self.marks.last_mut() {
            mark.translated = Some(text);
        }
    }

    fn mark(&mut self, source: Span, role: Role) {
        self.marks.push(Mark {
            at: self.text.len(),
            source,
            role,
            translated: None,
        });
    }

    fn set_role(&mut self, index: usize, role: Role) {
        if let Some(mark) = self.marks.get_mut(index) {
            mark.role = role;
        }
    }

    /// Ends the block and makes the builder ready for the next. `None` when
    /// there is nothing to translate: no letter and no digit.
    pub fn finish(
        &mut self,
        kind: impl FnOnce(&str) -> BlockKind,
        escape: Escape,
    ) -> Option<Block> {
        let mut built = std::mem::take(self);
        if !built.worth_translating {
            return None;
        }
        for (open, _) in std::mem::take(&mut built.open) {
            built.set_role(open, Role::Half);
        }
        if built.text.ends_with(' ') {
            built.text.pop();
            built.pieces.pop();
        }
        let end = built.text.len();
        for mark in built.marks.iter_mut().rev() {
            if mark.at <= end {
                break;
            }
            mark.at = end;
        }
        Some(Block {
            kind: kind(&built.text),
            text: built.text,
            pieces: built.pieces,
            marks: built.marks,
            escape,
        })
    }
}

/// Quotes and dashes of Windows-1252 that were taken for Latin-1 somewhere on
/// their way; as control characters they mean nothing to anybody.
fn repaired(ch: char) -> char {
    match ch {
        '\u{80}' => '€',
        '\u{82}' => '‚',
        '\u{84}' => '„',
        '\u{85}' => '…',
        '\u{91}' => '‘',
        '\u{92}' => '’',
        '\u{93}' => '“',
        '\u{94}' => '”',
        '\u{96}' => '–',
        '\u{97}' => '—',
        other => other,
    }
}

/// Characters without width that only steer line breaks or byte order. Joiners
/// stay: they change what emoji and some scripts mean.
fn is_invisible(ch: char) -> bool {
    matches!(ch, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\0')
}
