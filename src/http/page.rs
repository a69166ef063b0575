//! Articles that are named by the address of their page, or lie in a whole page.

use actix_web::web;

use super::Service;
use crate::dispatch::Article;
use crate::document::{self, Format};
use crate::error::{Error, Result};
use crate::web::page::{self, Page};

/// Fetches the page of an article.
///
/// # Errors
/// [`Error::UrlRefused`] when nothing may be fetched here, [`Error::QueueFull`]
/// when too much is being fetched, and those of [`page::fetch`].
pub async fn fetch(service: &Service, url: String) -> Result<Page> {
    let _place = service.fetching()?;
    let (bounds, limits) = (
        service.config().fetch.bounds(),
        service.config().fetch.limits(),
    );
    blocking(move || page::fetch(&url, &bounds, limits)).await
}

/// The article in a page of HTML. A headline that is known stays.
///
/// # Errors
/// [`Error::NoArticle`].
pub async fn extract(title: Option<String>, html: String) -> Result<Article> {
    blocking(move || {
        let found = document::extract(&html).ok_or(Error::NoArticle)?;
        Ok(Article {
            title: title.or(found.title),
            body: found.body,
            format: Format::Html,
            found: true,
        })
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    web::block(work)
        .await
        .map_err(|_| Error::Internal("a page was given up".into()))?
}
