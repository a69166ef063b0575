//! Forms as browsers send them: `application/x-www-form-urlencoded`, which is
//! also what a query is written in.

use serde::de::DeserializeOwned;
use serde_json::map::Entry;
use serde_json::{Map, Value};

use super::extract::shortened;
use crate::error::{Error, Result};

/// Reads the fields of a form into a struct. A name that stands there more
/// than once has an array of all its values.
///
/// # Errors
/// [`Error::Malformed`] when the form is not UTF-8 or does not fit the struct.
pub fn parse<T: DeserializeOwned>(form: &[u8]) -> Result<T> {
    let mut fields = Map::new();
    for (name, value) in pairs(form)? {
        match fields.entry(name) {
            Entry::Vacant(place) => {
                place.insert(Value::String(value));
            }
            Entry::Occupied(mut place) => match place.get_mut() {
                Value::Array(values) => values.push(Value::String(value)),
                first => *first = Value::Array(vec![first.take(), Value::String(value)]),
            },
        }
    }
    T::deserialize(Value::Object(fields)).map_err(|error| Error::Malformed(describe(&error)))
}

/// Names and values, decoded.
fn pairs(form: &[u8]) -> Result<Vec<(String, String)>> {
    form.split(|byte| *byte == b'&')
        .filter(|field| !field.is_empty())
        .map(|field| {
            let mut halves = field.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default();
            let value = halves.next().unwrap_or_default();
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

/// Undoes the escapes. What only looks like one stays as it is; bytes that are
/// not UTF-8 are refused, because replacing them would change the text.
fn decoded(encoded: &[u8]) -> Result<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => match escaped(after) {
                Some((escaped, beyond)) => {
                    rest = beyond;
                    escaped
                }
                None => b'%',
            },
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| Error::Malformed("the form is not UTF-8".into()))
}

/// The byte that two hexadecimal digits stand for, and what follows them.
fn escaped(digits: &[u8]) -> Option<(u8, &[u8])> {
    let ([high, low], beyond) = digits.split_first_chunk()?;
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16)?).ok();
    Some((digit(*high)? << 4 | digit(*low)?, beyond))
}

/// What is wrong with a form, without the values in it, which are article text.
fn describe(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(", expected ") {
        Some((_, wanted)) if message.starts_with("invalid") => {
            format!("a field of the form is not {}", shortened(wanted))
        }
        _ => shortened(&message),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(form: &str) -> Value {
        parse(form.as_bytes()).expect("a form")
    }

    #[test]
    fn values_are_decoded_and_repeated_names_are_arrays() {
        assert_eq!(
            read("text=Der+Umsatz+stieg+um+4%2C5%25&target_lang=EN&text=%C3%BC%26&text=&x"),
            serde_json::json!({
                "text": ["Der Umsatz stieg um 4,5%", "ü&", ""],
                "target_lang": "EN",
                "x": "",
            })
        );
        assert_eq!(read(""), serde_json::json!({}));
    }

    #[test]
    fn what_is_no_escape_stays() {
        assert_eq!(
            read("q=100%&%zz=%4"),
            serde_json::json!({ "q": "100%", "%zz": "%4" })
        );
        assert_eq!(read("q=a=b"), serde_json::json!({ "q": "a=b" }));
    }

    #[test]
    fn latin1_is_refused_and_not_guessed_at() {
        for form in [&b"q=W%E4hrung"[..], b"q=W\xe4hrung"] {
            let error = parse::<Value>(form).expect_err("not UTF-8");
            assert_eq!(error.to_string(), "the form is not UTF-8");
        }
    }

    #[test]
    fn faults_name_what_was_wanted_but_no_value() {
        let error = parse::<Vec<String>>(b"q=Der+Kanzler").expect_err("an object");
        assert_eq!(error.to_string(), "a field of the form is not a sequence");
    }

    proptest! {
        #[test]
        fn what_was_escaped_comes_back(text in ".*") {
            let escaped: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let form = format!("q={escaped}");
            prop_assert_eq!(read(&form), serde_json::json!({ "q": text }));
        }

        #[test]
        fn any_bytes_are_read_or_refused(form in prop::collection::vec(any::<u8>(), 0..64)) {
            parse::<Value>(&form).ok();
        }
    }
}
