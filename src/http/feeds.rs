//! `POST /v1/feeds`: a German feed in, the same feed in English out.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::caller::Caller;
use super::extract::{self, Query};
use super::request;
use super::{Service, work};
use crate::dispatch::{LanguagePolicy, Options, given, given_number, whole_number};
use crate::error::{Error, Result};
use crate::feed::compose::Style;
use crate::feed::convert::Target;
use crate::feed::memory::Forgetful;
use crate::feed::{Feed, date};
use crate::pipeline::{FeedContext, FeedOptions, TranslatedFeed};
use crate::web::fetch;

/// The query of `/v1/feeds`, and the options of a job on a feed: those of
/// `depesche feed`.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeedQuery {
    strict: bool,
    /// Answer with the feed and its report in one JSON object.
    report: bool,
    #[serde(deserialize_with = "whole_number")]
    beams: usize,
    language: LanguagePolicy,
    bilingual: bool,
    summary: bool,
    #[serde(deserialize_with = "whole_number")]
    sentences: usize,
    figures_note: bool,
    #[serde(deserialize_with = "given")]
    attribution: Option<String>,
    categories: bool,
    feed_title: bool,
    #[serde(deserialize_with = "given_number")]
    max_items: Option<usize>,
    #[serde(deserialize_with = "given")]
    since: Option<String>,
    format: Target,
}

impl Default for FeedQuery {
    fn default() -> Self {
        let Options {
            beams,
            summary_sentences,
            strict,
            ..
        } = Options::default();
        FeedQuery {
            strict,
            report: false,
            beams,
            language: LanguagePolicy::Pass,
            bilingual: false,
            summary: false,
            sentences: summary_sentences,
            figures_note: false,
            attribution: None,
            categories: false,
            feed_title: false,
            max_items: None,
            since: None,
            format: Target::Keep,
        }
    }
}

/// Answers with the feed, in the format that it came in or in another.
///
/// # Errors
/// Those of the body, the door and the pipeline.
pub async fn create(
    service: web::Data<Service>,
    Query(query): Query<FeedQuery>,
    Body { bytes, charset }: Body,
    caller: Caller,
) -> Result<HttpResponse> {
    let wants_report = query.report;
    let options = query.options()?;
    let feed = web::block(move || Feed::read(&bytes, charset.as_deref()))
        .await
        .map_err(|_| Error::Internal("reading the feed was given up".into()))??;
    let charge = service.gate().reserve(&caller.0, feed.characters())?;
    let (pass, pipeline) = service.admit()?;
    let context = FeedContext {
        deadline: service.config().deadline(),
        memory: Arc::new(Forgetful),
        at_once: FeedContext::IN_TURNS,
        items: None,
    };
    let translated = work::paid(pass, charge, pipeline.feed(feed, options, context)).await?;
    Ok(answer(translated, wants_report))
}

fn answer(translated: TranslatedFeed, wants_report: bool) -> HttpResponse {
    if wants_report {
        return HttpResponse::Ok().json(translated.with_report());
    }
    let media_type = translated.dialect.media_type();
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format!("{media_type}; charset=utf-8")))
        .body(translated.text)
}

impl FeedQuery {
    /// # Errors
    /// [`Error::Malformed`] for what cannot be meant.
    pub fn options(self) -> Result<FeedOptions> {
        let since = match &self.since {
            None => None,
            Some(text) => Some(date::read(text).ok_or_else(|| {
                Error::Malformed(
                    "`since` is no date: 2026-11-20, or a moment of RFC 3339 or RFC 2822".into(),
                )
            })?),
        };
        let translation = Options {
            beams: self.beams,
            summary_sentences: self.sentences,
            language: self.language,
            ..Options::default()
        };
        Ok(FeedOptions {
            translation: request::in_range(translation, self.strict)?,
            style: Style {
                bilingual: self.bilingual,
                summary: self.summary,
                figures_note: self.figures_note,
                attribution: self.attribution.filter(|line| !line.trim().is_empty()),
            },
            categories: self.categories,
            feed_title: self.feed_title,
            max_items: self.max_items,
            since,
            format: self.format,
        })
    }
}

/// A body of XML or JSON in any encoding.
#[derive(Debug)]
pub struct Body {
    bytes: Vec<u8>,
    charset: Option<String>,
}

impl FromRequest for Body {
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            extract::expect_uncoded(&request)?;
            let content_type = request.headers().get(header::CONTENT_TYPE);
            let content_type = content_type.and_then(|value| value.to_str().ok());
            let content_type = content_type.unwrap_or("");
            if !is_feed(content_type) {
                return Err(Error::UnsupportedMediaType(
                    "a feed must be sent as XML or JSON, for instance as application/rss+xml, application/atom+xml, application/xml or application/feed+json".into(),
                ));
            }
            let charset = fetch::charset(content_type);
            let bytes = extract::body(&request, payload).await?;
            Ok(Body { bytes, charset })
        })
    }
}

/// Whether a content type may be that of a feed.
fn is_feed(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    let media_type = media_type.to_ascii_lowercase();
    match media_type.split_once('/') {
        Some(("application" | "text", sort)) => {
            matches!(sort, "xml" | "json") || sort.ends_with("+xml") || sort.ends_with("+json")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_xml_or_json() {
        for fine in [
            "application/rss+xml",
            "Text/XML; charset=latin1",
            "application/feed+json",
            "application/json",
        ] {
            assert!(is_feed(fine), "{fine}");
        }
        for other in ["", "text/html", "image/svg+xml", "application/xmlx"] {
            assert!(!is_feed(other), "{other}");
        }
    }
}
