//! `/v1/jobs`: work that is accepted now and done later.

pub mod events;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::Service;
use super::caller::Caller;
use super::extract::{Json, Query, object};
use super::feeds::FeedQuery;
use super::request::{ArticleRequest, TranslateRequest};
use super::terms::Terms;
use super::texts::clean;
use crate::error::{Error, Result};
use crate::jobs::{Kind, Task, Wishes};
use crate::store::jobs::{State, Wanted};
use crate::terms::Entry;

/// Name of the header that makes sending again harmless.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The body of `POST /v1/jobs`: the member that `kind` names is the body of the
/// route of that kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRequest {
    kind: Kind,
    article: Option<ArticleRequest>,
    translate: Option<TranslateRequest>,
    feed: Option<FeedRequest>,
    webhook: Option<String>,
}

/// A feed as the member of a job.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedRequest {
    text: String,
    #[serde(default, deserialize_with = "object")]
    options: FeedQuery,
}

/// The query of `GET /v1/jobs`.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JobsQuery {
    state: Option<State>,
    before: Option<String>,
    limit: usize,
}

impl Default for JobsQuery {
    fn default() -> Self {
        JobsQuery {
            state: None,
            before: None,
            limit: 50,
        }
    }
}

impl JobRequest {
    async fn into_task(self, service: &Service) -> Result<(Task, Option<String>)> {
        let task = match (self.kind, self.article, self.translate, self.feed) {
            (Kind::Article, Some(article), None, None) => {
                let (article, options, terms) = article.into_parts(false, service).await?;
                Task::Article {
                    article,
                    options,
                    terms: entries(terms, service)?,
                }
            }
            (Kind::Translate, None, Some(translate), None) => {
                let max_texts = service.config().max_texts;
                let (texts, options, terms) = translate.into_parts(false, max_texts)?;
                Task::Translate {
                    texts,
                    options,
                    terms: entries(terms, service)?,
                }
            }
            (Kind::Feed, None, None, Some(feed)) => Task::Feed {
                text: clean(feed.text)?,
                options: feed.options.options()?,
            },
            (kind, ..) => {
                return Err(Error::Malformed(format!(
                    "a job of kind `{0}` needs the member `{0}` and no other's",
                    kind.as_str()
                )));
            }
        };
        Ok((task, self.webhook))
    }
}

/// What a glossary says now: it may have gone when the job is done.
fn entries(terms: Terms, service: &Service) -> Result<Vec<Entry>> {
    let glossary = terms.look_up(service)?;
    Ok(glossary
        .iter()
        .flat_map(|glossary| glossary.entries().cloned())
        .collect())
}

/// Accepts a job.
///
/// # Errors
/// Those of the body, [`Error::NoStore`], [`Error::ShuttingDown`], and those of
/// [`Jobs::accept`](crate::jobs::Jobs::accept).
pub async fn create(
    request: HttpRequest,
    service: web::Data<Service>,
    Json(body): Json<JobRequest>,
    caller: Caller,
) -> Result<HttpResponse> {
    let (task, webhook) = body.into_task(&service).await?;
    let idempotency_key = match request.headers().get(IDEMPOTENCY_KEY) {
        None => None,
        Some(key) => Some(key.to_str().map(str::to_owned).map_err(|_| {
            Error::Malformed("the Idempotency-Key holds characters that are not ASCII".into())
        })?),
    };
    let wishes = Wishes {
        idempotency_key,
        webhook,
        client: caller.name().unwrap_or_default().to_owned(),
    };
    let jobs = service.jobs()?;
    if !service.is_open() {
        return Err(Error::ShuttingDown);
    }
    let (task, characters) = web::block(move || {
        let characters = task.characters();
        (task, characters)
    })
    .await
    .map_err(|_| Error::Internal("counting the job's characters was given up".into()))?;
    let charge = service.gate().reserve(&caller.0, characters?)?;
    let (job, is_new) = jobs.accept(&task, wishes).await?;
    // Who does the work later knows nothing of quotas: what is accepted counts.
    if is_new {
        charge.settle_all();
    }
    Ok(HttpResponse::Accepted()
        .insert_header((header::LOCATION, format!("/v1/jobs/{}", job.id)))
        .json(job))
}

/// Lists jobs, the newest first.
///
/// # Errors
/// [`Error::NoStore`], [`Error::Malformed`], and those of the store.
pub async fn list(
    service: web::Data<Service>,
    Query(query): Query<JobsQuery>,
    caller: Caller,
) -> Result<HttpResponse> {
    let wanted = Wanted {
        state: query.state,
        before: query.before.map(clean).transpose()?,
        limit: page_size(query.limit)?,
        client: caller.name().map(str::to_owned),
    };
    Ok(HttpResponse::Ok().json(service.jobs()?.page(wanted).await?))
}

/// Shows a job, with its result once it is done.
///
/// # Errors
/// [`Error::NotFound`], [`Error::NoStore`], and those of the store.
pub async fn show(
    service: web::Data<Service>,
    id: web::Path<String>,
    caller: Caller,
) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(service.jobs()?.get(&id, caller.name()).await?))
}

/// Cancels a job; one that is over stays as it is.
///
/// # Errors
/// As [`show`].
pub async fn cancel(
    service: web::Data<Service>,
    id: web::Path<String>,
    caller: Caller,
) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(service.jobs()?.cancel(&id, caller.name()).await?))
}

/// How many entries a page has.
///
/// # Errors
/// [`Error::Malformed`] when it is out of range.
pub fn page_size(limit: usize) -> Result<i64> {
    match limit {
        1..=500 => Ok(limit as i64),
        _ => Err(Error::Malformed(format!(
            "`limit` is {limit}, and it must be from 1 to 500"
        ))),
    }
}
