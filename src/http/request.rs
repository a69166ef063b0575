//! Bodies and queries of the `/v1` routes.

use serde::{Deserialize, Deserializer};

use super::Service;
use super::extract::object;
use super::page;
use super::terms::{GlossaryRequest, Terms};
use super::texts::{Texts, clean};
use crate::dispatch::{Article, Options, SourceLanguage};
use crate::document::Format;
use crate::error::{Error, Result};
use crate::pipeline::{MAX_BEAMS, Text};

/// The query of `/v1/articles`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArticleQuery {
    /// As `strict` among the options; either asks for it.
    pub strict: bool,
    /// Whether to answer with events; decides over the `Accept` header.
    pub stream: Option<bool>,
}

/// The query of `/v1/summarize`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SummaryQuery {
    /// As `strict` among the options; either asks for it.
    pub strict: bool,
    /// Of the article; an English one is summarised as it is.
    pub language: SourceLanguage,
}

/// The query of `/v1/translate`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkQuery {
    /// As `strict` among the options; either asks for it.
    pub strict: bool,
}

/// The body of `/v1/articles` and `/v1/summarize`: exactly one of `text`,
/// `html`, `markdown` and `url`, perhaps a title.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArticleRequest {
    title: Option<String>,
    #[serde(deserialize_with = "some")]
    text: Option<String>,
    #[serde(deserialize_with = "some")]
    html: Option<String>,
    #[serde(deserialize_with = "some")]
    markdown: Option<String>,
    /// Address of the article's page.
    #[serde(deserialize_with = "some")]
    url: Option<String>,
    /// Whether the body is a whole page, of which only the article counts; for a
    /// page that is fetched it does, if nothing else is said.
    extract: Option<bool>,
    #[serde(deserialize_with = "object")]
    options: Options,
    #[serde(deserialize_with = "some_object")]
    glossary: Option<GlossaryRequest>,
    #[serde(deserialize_with = "some")]
    glossary_id: Option<String>,
}

/// The body of `/v1/translate`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TranslateRequest {
    text: Texts,
    #[serde(default = "plain")]
    format: Format,
    #[serde(default, deserialize_with = "object")]
    options: Options,
    #[serde(default, deserialize_with = "some_object")]
    glossary: Option<GlossaryRequest>,
    #[serde(default, deserialize_with = "some")]
    glossary_id: Option<String>,
}

impl ArticleRequest {
    /// The article, what to do with it, and its terms. A page that is only named
    /// is fetched, and the article of a whole page is looked for.
    ///
    /// # Errors
    /// [`Error::Malformed`] without exactly one body, with NUL characters, with
    /// options out of range, or with terms that cannot be used; those of
    /// [`page::fetch`] and [`page::extract`].
    pub async fn into_parts(
        self,
        strict: bool,
        service: &Service,
    ) -> Result<(Article, Options, Terms)> {
        let options = in_range(self.options, strict)?;
        let terms = Terms::of(self.glossary, self.glossary_id)?;
        let title = self.title.map(clean).transpose()?;
        let (body, format, found) = match (self.text, self.html, self.markdown, self.url) {
            (Some(text), None, None, None) => (clean(text)?, Format::Text, false),
            (None, Some(html), None, None) => (clean(html)?, Format::Html, false),
            (None, None, Some(markdown), None) => (clean(markdown)?, Format::Markdown, false),
            (None, None, None, Some(url)) => {
                let page = page::fetch(service, url).await?;
                (page.text, page.format, true)
            }
            _ => {
                return Err(Error::Malformed(
                    "exactly one of `text`, `html`, `markdown` and `url` is needed".into(),
                ));
            }
        };
        let article = match (format, self.extract.unwrap_or(found)) {
            (Format::Html, true) => page::extract(title, body).await?,
            (Format::Text | Format::Markdown, true) if !found => {
                return Err(Error::Malformed("`extract` needs `html` or `url`".into()));
            }
            (Format::Text | Format::Markdown, true) | (_, false) => Article {
                title,
                body,
                format,
                found,
            },
        };
        Ok((article, options, terms))
    }
}

impl TranslateRequest {
    /// The texts, each a document of its own, what to do with them, and their
    /// terms.
    ///
    /// # Errors
    /// [`Error::TooLarge`] with more than `limit` texts, [`Error::Empty`]
    /// without any, [`Error::Malformed`] with NUL characters, options out of
    /// range, or terms that cannot be used.
    pub fn into_parts(self, strict: bool, limit: usize) -> Result<(Vec<Text>, Options, Terms)> {
        let texts = self.text.checked(limit)?;
        if texts.is_empty() {
            return Err(Error::Empty);
        }
        let format = self.format;
        let texts = texts
            .into_iter()
            .map(|text| Text { text, format })
            .collect();
        let terms = Terms::of(self.glossary, self.glossary_id)?;
        Ok((texts, in_range(self.options, strict)?, terms))
    }
}

/// A value that may be absent but not `null`.
fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

/// An object that may be absent but not `null`.
fn some_object<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    object(deserializer).map(Some)
}

fn plain() -> Format {
    Format::Text
}

/// Options that are within their bounds.
///
/// # Errors
/// [`Error::Malformed`].
pub fn in_range(mut options: Options, strict: bool) -> Result<Options> {
    options.strict |= strict;
    for (name, value, range) in [
        ("beams", options.beams, 0..=MAX_BEAMS),
        ("summary_sentences", options.summary_sentences, 0..=20),
        ("summary_words", options.summary_words, 1..=1000),
    ] {
        if !range.contains(&value) {
            let (least, most) = range.into_inner();
            return Err(Error::Malformed(format!(
                "`options.{name}` is {value}, and it must be from {least} to {most}"
            )));
        }
    }
    Ok(options)
}
