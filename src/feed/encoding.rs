//! Bytes of any usual encoding in, UTF-8 out, with a declaration that says so.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::lines::{Fault, Lines};
use super::tag;

/// A declaration stands within so many bytes.
const DECLARATION: usize = 512;

/// A feed in UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// Bytes that are not what they were said to be.
    pub fault: Option<Fault>,
}

/// Decodes a feed by its byte order mark, the transport's word or its own
/// declaration, in this order ([RFC 7303](https://www.rfc-editor.org/rfc/rfc7303)),
/// else as UTF-8. Bytes that are no UTF-8 although they should be are read as
/// windows-1252.
pub fn decode(bytes: &[u8], charset: Option<&str>) -> Decoded {
    let declared = declared(bytes);
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let told = charset.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let encoding = marked
        .or_else(|| told.filter(|encoding| !is_wide(encoding) || looks_wide(bytes).is_some()))
        .or_else(|| looks_wide(bytes))
        // A declaration that can be read byte by byte lies when it says UTF-16.
        .or_else(|| declared.filter(|encoding| !is_wide(encoding)))
        .unwrap_or(UTF_8);
    let (text, broken) = encoding.decode_with_bom_removal(bytes);
    let mut fault = None;
    let text = if broken && encoding == UTF_8 {
        let place = std::str::from_utf8(bytes)
            .err()
            .map_or(0, |error| error.valid_up_to());
        let line = 1 + bytes[..place].iter().filter(|byte| **byte == b'\n').count();
        let fallback = declared
            .filter(|encoding| *encoding != UTF_8 && !is_wide(encoding))
            .unwrap_or(WINDOWS_1252);
        fault = Some(Fault {
            line,
            message: format!("bytes that are not UTF-8; read as {}", fallback.name()),
        });
        mended(bytes, fallback)
    } else {
        let text = text.into_owned();
        if broken {
            let mut lines = Lines::of(&text);
            let place = text.find('\u{fffd}').unwrap_or(0);
            lines.fault(place, format!("bytes that are not {}", encoding.name()));
            fault = lines.into_faults().pop();
        }
        text
    };
    let text = match marked {
        // A mark of UTF-8 is one of the bytes to keep.
        Some(encoding) if encoding == UTF_8 => format!("\u{feff}{text}"),
        Some(_) | None => text,
    };
    Decoded {
        text: redeclared(text),
        fault,
    }
}

/// UTF-8 with bytes of another encoding here and there, as comes about where
/// texts of several sources are put together.
fn mended(bytes: &[u8], fallback: &'static Encoding) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&fallback.decode_without_bom_handling(chunk.invalid()).0);
    }
    text
}

fn is_wide(encoding: &&'static Encoding) -> bool {
    *encoding == UTF_16LE || *encoding == UTF_16BE
}

/// UTF-16 without a byte order mark.
fn looks_wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<' | b'{', 0, ..] => Some(UTF_16LE),
        [0, b'<' | b'{', ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// What the XML declaration says, where it can be read as ASCII.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = &head[..head.len().min(DECLARATION)];
    let head: String = head.iter().map(|byte| char::from(*byte)).collect();
    let (declaration, at) = declaration(&head)?;
    let label = tag::attributes(declaration, at)
        .into_iter()
        .find(|attribute| attribute.name == "encoding")?;
    Encoding::for_label(label.value.as_bytes())
}

/// The XML declaration and where it begins.
fn declaration(text: &str) -> Option<(&str, usize)> {
    let at = text.find("<?xml")?;
    let before = text.get(..at)?;
    if !before.trim_start_matches('\u{feff}').trim().is_empty() {
        return None;
    }
    let rest = text.get(at..)?;
    let end = rest.find("?>")?;
    Some((rest.get(..end)?, at))
}

/// The text with a declaration of UTF-8, if it declares anything else.
fn redeclared(mut text: String) -> String {
    let label = declaration(&text).and_then(|(declaration, at)| {
        tag::attributes(declaration, at)
            .into_iter()
            .find(|attribute| attribute.name == "encoding")
            .filter(|attribute| Encoding::for_label(attribute.value.as_bytes()) != Some(UTF_8))
            .map(|attribute| attribute.span)
    });
    if let Some(label) = label {
        text.replace_range(label.start..label.end, "UTF-8");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], charset: Option<&str>) -> String {
        decode(bytes, charset).text
    }

    #[test]
    fn mark_then_transport_then_declaration() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xfc</a>";
        let utf8 = "<?xml version='1.0' encoding='UTF-8'?><a>ü</a>";
        assert_eq!(text(latin, None), utf8);
        assert_eq!(text(latin, Some("windows-1252")), utf8);
        assert_eq!(text(utf8.as_bytes(), Some("utf-8")), utf8);
        let declared_wrong = "<?xml version='1.0' encoding='latin1'?><a>ü</a>";
        assert_eq!(text(declared_wrong.as_bytes(), Some("UTF-8")), utf8);
        assert_eq!(text(b"\xef\xbb\xbf<a/>", Some("latin1")), "\u{feff}<a/>");
        assert_eq!(text(b"<a>\x80</a>", Some("windows-1252")), "<a>€</a>");
    }

    #[test]
    fn utf_16_with_and_without_a_mark() {
        let source = "<?xml version=\"1.0\" encoding=\"utf-16\"?><a>ü</a>";
        let wanted = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>ü</a>";
        let little: Vec<u8> = source.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = source.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&little, None), wanted);
        assert_eq!(text(&big, None), wanted);
        assert_eq!(text(&[b"\xff\xfe", &little[..]].concat(), None), wanted);
        assert_eq!(
            text(&[b"\xfe\xff", &big[..]].concat(), Some("utf-8")),
            wanted
        );
        // Recoded by somebody who left the declaration alone.
        assert_eq!(text(source.as_bytes(), None), wanted);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_told_with_their_line() {
        let decoded = decode(b"<a>\n\xfcber \x84uns\x93 f\xc3\xbcr</a>", None);
        assert_eq!(decoded.text, "<a>\nüber „uns“ für</a>");
        let fault = decoded.fault.expect("a fault");
        assert_eq!(fault.line, 2);
        assert!(fault.message.contains("windows-1252"));
    }
}
