//! Pages of articles, as text.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use html5gum::{Token, Tokenizer};

use super::Bounds;
use super::fetch::{self, Fault, Limits};
use crate::document::Format;
use crate::error::{Error, Result};

/// Bytes in which a page has to say its encoding (WHATWG HTML, section 13.2.3.2).
const PRESCAN: usize = 1024;

/// A page that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub text: String,
    /// HTML or plain text.
    pub format: Format,
}

/// Fetches a page of HTML or plain text. Blocks.
///
/// # Errors
/// [`Error::UrlRefused`] for what may not be fetched or is no page,
/// [`Error::Download`] for what went wrong on the way, [`Error::TooLarge`].
pub fn fetch(url: &str, bounds: &Bounds, limits: Limits) -> Result<Page> {
    let accept = [("accept", "text/html, text/plain;q=0.8")];
    let answer = fetch::get(url, &accept, bounds, limits).map_err(|fault| match fault {
        Fault::Refused(why) => Error::UrlRefused(why),
        Fault::Failed(why) => Error::Download(why),
        Fault::TooLarge(actual) => Error::TooLarge {
            what: "the page",
            actual,
            limit: limits.bytes,
        },
    })?;
    let media_type = answer
        .content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    let format = if media_type.eq_ignore_ascii_case("text/html") {
        Format::Html
    } else if media_type.eq_ignore_ascii_case("text/plain") {
        Format::Text
    } else {
        return Err(Error::UrlRefused(
            "it is neither HTML nor plain text".into(),
        ));
    };
    if answer.status != 200 {
        return Err(Error::Download(format!(
            "it answered with the status {}",
            answer.status
        )));
    }
    let charset = fetch::charset(&answer.content_type);
    let text = decode(&answer.bytes, charset.as_deref(), format);
    Ok(Page { text, format })
}

/// Decodes a page by its byte order mark, the transport's word or what it says
/// itself, in this order; else as UTF-8, if it is that, or windows-1252, which
/// browsers in Germany take it for.
pub fn decode(bytes: &[u8], charset: Option<&str>, format: Format) -> String {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let told = charset.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let declared = || match format {
        Format::Html => declared(bytes),
        Format::Text | Format::Markdown => None,
    };
    let guessed = || match std::str::from_utf8(bytes) {
        Ok(_) => UTF_8,
        Err(_) => WINDOWS_1252,
    };
    let encoding = marked.or(told).or_else(declared).unwrap_or_else(guessed);
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    // NUL ends a text for many programs further down; in a page it means nothing.
    text.replace('\0', "")
}

/// What a page says of its encoding.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: String = bytes
        .iter()
        .take(PRESCAN)
        .map(|byte| char::from(*byte))
        .collect();
    let label = Tokenizer::new(&head).flatten().find_map(|token| {
        let Token::StartTag(tag) = token else {
            return None;
        };
        if &**tag.name != b"meta" {
            return None;
        }
        let attribute = |name: &[u8]| {
            let value = tag.attributes.get(name)?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        attribute(b"charset").or_else(|| fetch::charset(&attribute(b"content")?))
    })?;
    let encoding = Encoding::for_label(label.trim().as_bytes())?;
    // A declaration that can be read byte by byte lies when it says UTF-16.
    match encoding == UTF_16LE || encoding == UTF_16BE {
        true => Some(UTF_8),
        false => Some(encoding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(bytes: &[u8], charset: Option<&str>) -> String {
        decode(bytes, charset, Format::Html)
    }

    #[test]
    fn mark_then_transport_then_page_then_guess() {
        let latin = b"<meta charset=\"iso-8859-1\"><p>\xfcber</p>";
        assert!(html(latin, None).ends_with("<p>über</p>"));
        let old =
            b"<META http-equiv=Content-Type content='text/html; charset=windows-1252'>\x84so\x93";
        assert!(html(old, None).ends_with("„so“"));
        assert!(html("<meta charset=latin1>ü".as_bytes(), Some("utf-8")).ends_with(">ü"));
        assert!(html("\u{feff}<meta charset=latin1>ü".as_bytes(), Some("latin1")).ends_with(">ü"));
        assert_eq!(html("<p>ü".as_bytes(), None), "<p>ü");
        assert_eq!(html(b"<p>\xfc \x80", None), "<p>ü €");
        assert_eq!(
            html("<meta charset=utf-16>ü".as_bytes(), None),
            "<meta charset=utf-16>ü"
        );
        assert_eq!(
            decode(b"<meta charset=utf-8>\xfc", None, Format::Text),
            "<meta charset=utf-8>ü"
        );
        assert_eq!(html("<p>\0ü".as_bytes(), Some("nonsense")), "<p>ü");
    }
}
