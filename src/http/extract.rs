//! Extractors: how bodies and queries are read, within limits of size and
//! time, and what is wrong with those that cannot be.

use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::QueryPayloadError;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Service;
use crate::error::{Error, Result};

/// Of a body that is too large so many times the limit is read and thrown
/// away, for the client to hear the answer before it has sent everything.
const PATIENCE: usize = 4;

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            expect_plain(&request)?;
            if !is_json(&request) {
                return Err(Error::UnsupportedMediaType(
                    "the body must be sent as application/json".into(),
                ));
            }
            let body = body(&request, payload).await?;
            parse(&body).map(Json)
        })
    }
}

/// A query of which every parameter is known.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = web::Query::<T>::from_query(request.query_string())
            .map(|query| Query(query.into_inner()))
            .map_err(|error| {
                let fault = match &error {
                    QueryPayloadError::Deserialize(fault) => fault.to_string(),
                    other => other.to_string(),
                };
                Error::Malformed(format!("the query is not valid: {}", shortened(&fault)))
            });
        ready(query)
    }
}

/// Whether the body is said to be JSON.
pub fn is_json(request: &HttpRequest) -> bool {
    request
        .content_type()
        .eq_ignore_ascii_case("application/json")
}

/// Refuses bodies that would have to be unpacked or recoded first.
///
/// # Errors
/// [`Error::UnsupportedMediaType`].
pub fn expect_plain(request: &HttpRequest) -> Result<()> {
    expect_uncoded(request)?;
    let utf8 = request
        .encoding()
        .is_ok_and(|encoding| encoding.name() == "UTF-8");
    if !utf8 {
        return Err(Error::UnsupportedMediaType(
            "the body must be encoded in UTF-8".into(),
        ));
    }
    Ok(())
}

/// Refuses bodies that would have to be unpacked first.
///
/// # Errors
/// [`Error::UnsupportedMediaType`].
pub fn expect_uncoded(request: &HttpRequest) -> Result<()> {
    let coded = request
        .headers()
        .get(header::CONTENT_ENCODING)
        .is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if coded {
        return Err(Error::UnsupportedMediaType(
            "the body must not be compressed".into(),
        ));
    }
    Ok(())
}

/// Reads the body within the limits of the configuration.
///
/// # Errors
/// [`Error::TooLarge`], [`Error::SlowBody`], [`Error::Malformed`] when it
/// breaks off.
pub async fn body(request: &HttpRequest, payload: Payload) -> Result<Vec<u8>> {
    let service = request
        .app_data::<web::Data<Service>>()
        .ok_or_else(|| Error::Internal("the application has no service".into()))?;
    let config = service.config();
    let reading = read(payload, config.max_body, announced(request));
    in_time(config.body_timeout(), reading).await
}

async fn in_time<T>(
    limit: Option<Duration>,
    reading: impl Future<Output = Result<T>>,
) -> Result<T> {
    match limit {
        None => reading.await,
        Some(limit) => tokio::time::timeout(limit, reading)
            .await
            .unwrap_or(Err(Error::SlowBody(limit))),
    }
}

/// The length of the body as its head states it; 0 when it does not.
fn announced(request: &HttpRequest) -> usize {
    request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok())
        .unwrap_or_default()
}

/// Reads a body of at most `limit` bytes, whatever length was announced.
async fn read(mut payload: Payload, limit: usize, announced: usize) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    let mut size = 0usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::Malformed("the body ends before its end".into()))?;
        size = size.saturating_add(chunk.len());
        if size <= limit {
            body.extend_from_slice(&chunk);
        } else if size > limit.saturating_mul(PATIENCE) {
            break;
        } else {
            body = Vec::new();
        }
    }
    if size > limit {
        return Err(Error::TooLarge {
            what: "the body",
            actual: size.max(announced),
            limit,
        });
    }
    Ok(body)
}

/// Reads a body of JSON, an object.
///
/// # Errors
/// [`Error::Malformed`].
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let text = std::str::from_utf8(body).map_err(|error| {
        let place = error.valid_up_to();
        Error::Malformed(format!("the body is not UTF-8: byte {place} is invalid"))
    })?;
    let mut json = serde_json::Deserializer::from_str(text);
    object(&mut json)
        .and_then(|value| json.end().map(|()| value))
        .map_err(|error| Error::Malformed(describe(&error)))
}

/// Reads an object and nothing else: by itself, serde takes an array for a
/// struct, member by member.
///
/// # Errors
/// Those of the deserializer.
pub fn object<'de, T, D>(deserializer: D) -> std::result::Result<T, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct Object<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(Object(PhantomData))
}

/// What is wrong with a JSON body, without the values in it: messages may end
/// up in logs, and values are article text.
fn describe(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    let message = error.to_string();
    let fault = message.split(" at line ").next().unwrap_or_default();
    match error.classify() {
        serde_json::error::Category::Syntax => format!("not JSON at {place}: {fault}"),
        serde_json::error::Category::Eof => format!("the JSON breaks off at {place}"),
        serde_json::error::Category::Io => "the body cannot be read".to_owned(),
        // `invalid type: string "…", expected a boolean`, where the value may
        // hold anything but what stands behind the last comma may not.
        serde_json::error::Category::Data => match message.rsplit_once(", expected ") {
            Some((_, wanted)) if fault.starts_with("invalid") => {
                let wanted = wanted.split(" at line ").next().unwrap_or_default();
                format!("the value at {place} is not {wanted}")
            }
            _ => format!("{} at {place}", shortened(fault)),
        },
    }
}

/// The start of a message that may name a key of any length, or of a path.
pub fn shortened(message: &str) -> String {
    const LONGEST: usize = 160;
    let mut short: String = message.chars().take(LONGEST).collect();
    if short.len() < message.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Options;

    fn fault<T: DeserializeOwned + std::fmt::Debug>(body: &str) -> String {
        parse::<T>(body.as_bytes())
            .expect_err("the body is not valid")
            .to_string()
    }

    #[test]
    fn faults_name_the_place_and_what_was_wanted_but_no_value() {
        assert_eq!(
            fault::<Options>(r#"{"strict": "Der Kanzler, expected at line 7, sagte"}"#),
            "the value at line 1, column 51 is not a boolean"
        );
        assert_eq!(
            fault::<Options>("{\n  \"beams\": -3}"),
            "the value at line 2, column 13 is not a whole number"
        );
        assert!(fault::<Options>(r#"{"beam": 1}"#).starts_with("unknown field `beam`, expected"));
        assert_eq!(
            fault::<Options>(r#"{"beams": 1"#),
            "the JSON breaks off at line 1, column 11"
        );
        assert_eq!(
            fault::<Options>("{beams"),
            "not JSON at line 1, column 2: key must be a string"
        );
    }

    #[test]
    fn an_array_is_no_object() {
        assert_eq!(
            fault::<Options>("[1, 3, 70]"),
            "the value at line 1, column 0 is not an object"
        );
        assert!(parse::<Options>(b" {\"beams\": 2} ").is_ok());
        assert!(fault::<Options>("{} {}").contains("trailing characters"));
    }

    #[test]
    fn depth_and_long_keys_are_bounded() {
        let deep = r#"{"a":"#.repeat(100_000);
        assert!(fault::<serde_json::Value>(&deep).contains("recursion limit"));
        let long = format!("{{\"{}\": 1}}", "x".repeat(100_000));
        assert!(fault::<Options>(&long).len() < 250);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_malformed() {
        let error = parse::<Options>(b"{\"beams\": \"\xff\"}").expect_err("not UTF-8");
        assert_eq!(
            error.to_string(),
            "the body is not UTF-8: byte 11 is invalid"
        );
    }
}
