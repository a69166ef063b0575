//! Forms with files (`multipart/form-data`, RFC 7578), read whole: the limit of
//! bodies holds for them as well.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::extract;
use crate::error::{Error, Result};

/// Fields of a form at most.
const MOST_FIELDS: usize = 64;

/// A form with files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Multipart {
    fields: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    name: String,
    file: Option<String>,
    content: Vec<u8>,
}

/// A file of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub content: Vec<u8>,
}

impl Multipart {
    /// The text of the first field with a name; `None` for an empty one.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is not UTF-8.
    pub fn text(&self, name: &str) -> Result<Option<String>> {
        let field = self.fields.iter().find(|field| field.name == name);
        let Some(field) = field.filter(|field| !field.content.is_empty()) else {
            return Ok(None);
        };
        match std::str::from_utf8(&field.content) {
            Ok(text) => Ok(Some(text.to_owned())),
            Err(_) => Err(Error::Malformed("a field of the form is not UTF-8".into())),
        }
    }

    /// The file of the field with a name.
    pub fn file(&mut self, name: &str) -> Option<File> {
        let place = self.fields.iter().position(|field| field.name == name)?;
        let field = self.fields.swap_remove(place);
        Some(File {
            name: field.file?,
            content: field.content,
        })
    }

    /// The form that a body holds.
    ///
    /// # Errors
    /// [`Error::UnsupportedMediaType`] when it is said to be something else,
    /// [`Error::Malformed`].
    pub fn of_body(request: &HttpRequest, body: &[u8]) -> Result<Self> {
        Multipart::parse(body, &Multipart::boundary(request)?)
    }

    /// What separates the parts of a request's form.
    fn boundary(request: &HttpRequest) -> Result<String> {
        let value = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        value
            .filter(|_| {
                request
                    .content_type()
                    .eq_ignore_ascii_case("multipart/form-data")
            })
            .and_then(|value| parameter(value, "boundary"))
            .filter(|boundary| (1..=70).contains(&boundary.len()))
            .ok_or_else(|| {
                Error::UnsupportedMediaType(
                    "the body must be sent as multipart/form-data with a boundary".into(),
                )
            })
    }

    /// Reads a form whose parts the boundary separates.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    fn parse(body: &[u8], boundary: &str) -> Result<Self> {
        let fault = |what: &str| Error::Malformed(format!("the form {what}"));
        let line = format!("--{boundary}");
        let between = format!("\r\n{line}");
        // What stands before the first boundary says nothing.
        let start = match body.starts_with(line.as_bytes()) {
            true => line.len(),
            false => find(body, between.as_bytes()).map_or(body.len(), |at| at + between.len()),
        };
        let mut rest = body.get(start..).unwrap_or_default();
        let mut fields = Vec::new();
        loop {
            if rest.starts_with(b"--") {
                return Ok(Multipart { fields });
            }
            let blank = rest.iter().take_while(|byte| b" \t".contains(byte)).count();
            rest = rest
                .get(blank..)
                .and_then(|rest| rest.strip_prefix(b"\r\n"))
                .ok_or_else(|| fault("breaks off"))?;
            let end = find(rest, between.as_bytes()).ok_or_else(|| fault("breaks off"))?;
            fields.push(
                Field::parse(&rest[..end]).ok_or_else(|| fault("has a part without a name"))?,
            );
            if fields.len() > MOST_FIELDS {
                return Err(fault("has too many parts"));
            }
            rest = &rest[end + between.len()..];
        }
    }
}

impl Field {
    fn parse(part: &[u8]) -> Option<Self> {
        let (head, content) = match part.strip_prefix(b"\r\n") {
            Some(_) => return None,
            None => {
                let end = find(part, b"\r\n\r\n")?;
                (&part[..end], &part[end + 4..])
            }
        };
        let head = std::str::from_utf8(head).ok()?;
        let disposition = head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim()
                .eq_ignore_ascii_case("content-disposition")
                .then_some(value)
        })?;
        Some(Field {
            name: parameter(disposition, "name")?,
            file: parameter(disposition, "filename"),
            content: content.to_vec(),
        })
    }
}

impl FromRequest for Multipart {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            extract::expect_plain(&request)?;
            let boundary = Multipart::boundary(&request)?;
            let body = extract::body(&request, payload).await?;
            Multipart::parse(&body, &boundary)
        })
    }
}

/// Where bytes stand in others. What is looked for has fewer than a hundred, so
/// this is linear.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

/// A parameter of a header: `form-data; name="file"; filename="a \"b\".txt"`.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, beyond) = match after.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after[..end].trim().to_owned(), &after[end..])
            }
        };
        if key
            .trim_matches([' ', ';', '\t'])
            .eq_ignore_ascii_case(name)
        {
            return Some(value);
        }
        rest = beyond;
    }
}

/// What stands before the closing quote, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(characters.next()?.1),
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORM: &str = "--x1\r\nContent-Disposition: form-data; name=\"target_lang\"\r\n\r\nEN\r\n\
        --x1\r\ncontent-disposition: form-data; name=file; filename=\"a \\\"b\\\".txt\"\r\n\
        Content-Type: text/plain\r\n\r\nHallo\r\n--x\r\n\r\n--x1--\r\n";

    #[test]
    fn fields_and_files_are_read() {
        let mut form = Multipart::parse(FORM.as_bytes(), "x1").expect("a form");
        assert_eq!(
            form.text("target_lang").expect("UTF-8").as_deref(),
            Some("EN")
        );
        assert_eq!(form.text("source_lang").expect("UTF-8"), None);
        let file = form.file("file").expect("a file");
        assert_eq!(file.name, "a \"b\".txt");
        assert_eq!(file.content, b"Hallo\r\n--x\r\n");
        assert_eq!(form.file("file"), None);
    }

    #[test]
    fn what_breaks_off_is_refused() {
        for end in [0, 3, 20, 70, FORM.len() - 5] {
            assert!(
                Multipart::parse(&FORM.as_bytes()[..end], "x1").is_err(),
                "{end}"
            );
        }
        assert!(Multipart::parse(FORM.as_bytes(), "other").is_err());
        let many =
            "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n".repeat(100) + "--x--";
        assert!(Multipart::parse(many.as_bytes(), "x").is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in "(--x|\r\n|name=|a|\"|;|:|\\\\|Content-Disposition: form-data|--){0,24}") {
            Multipart::parse(body.as_bytes(), "x").ok();
            parameter(&body, "name");
        }
    }
}
