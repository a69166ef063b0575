//! The runs of characters around a stop, without an unbounded look at either
//! side.

/// Words are looked at up to this many bytes; longer ones decide nothing.
pub(super) const LONGEST_WORD: usize = 80;

/// The last run of characters without whitespace, or its last
/// [`LONGEST_WORD`] bytes.
pub(super) fn last_token(text: &str) -> &str {
    let text = last_bytes(text.trim_end(), LONGEST_WORD);
    text.rsplit(char::is_whitespace).next().unwrap_or("")
}

pub(super) fn without_last_token(text: &str) -> &str {
    let text = text.trim_end();
    text.get(..text.len() - last_token(text).len())
        .unwrap_or("")
}

pub(super) fn first_token(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_WORD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end)
        .and_then(|text| text.split(char::is_whitespace).next())
        .unwrap_or("")
}

/// The last token without the punctuation around it.
pub(super) fn last_word(text: &str) -> &str {
    last_token(text).trim_matches(|c: char| !c.is_alphanumeric())
}

fn last_bytes(text: &str, count: usize) -> &str {
    let mut start = text.len().saturating_sub(count);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..).unwrap_or("")
}
