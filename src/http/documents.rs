//! Files that clients have translated: plain text, HTML and Word. They are
//! worked on while their clients wait elsewhere, and kept in memory until they
//! are fetched or an hour has passed.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use tokio::sync::watch;
use tracing::Instrument;
use uuid::Uuid;

use super::Service;
use super::multipart::File;
use super::order::{Answer, Order, Source};
use crate::document::Format;
use crate::docx::Docx;
use crate::error::{Error, Result};
use crate::terms::Glossary;

/// How long a file is kept.
const KEPT: Duration = Duration::from_secs(3600);
/// Files that are worked on or kept at most.
const MOST_FILES: usize = 64;

/// What a file is, by the ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Html,
    Word,
}

impl Kind {
    /// Endings of files that are read.
    pub const ENDINGS: [&str; 4] = ["txt", "html", "htm", "docx"];

    fn of(name: &str) -> Result<Self> {
        let ending = Path::new(name)
            .extension()
            .and_then(|ending| ending.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("txt") => Ok(Kind::Text),
            Some("html" | "htm") => Ok(Kind::Html),
            Some("docx") => Ok(Kind::Word),
            _ => Err(Error::Malformed(format!(
                "this kind of file is not supported; the kinds are {}",
                Self::ENDINGS.join(", ")
            ))),
        }
    }

    pub const fn ending(self) -> &'static str {
        match self {
            Kind::Text => "txt",
            Kind::Html => "html",
            Kind::Word => "docx",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Kind::Text => "text/plain; charset=utf-8",
            Kind::Html => "text/html; charset=utf-8",
            Kind::Word => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}

/// A file that is to be translated.
#[derive(Debug)]
pub struct Upload {
    kind: Kind,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Word(Docx),
}

/// A file that was translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    pub kind: Kind,
    pub content: Vec<u8>,
    /// Characters of the source, if it was translated; else 0.
    pub characters: usize,
}

impl Upload {
    /// Reads a file of a form.
    ///
    /// # Errors
    /// [`Error::Malformed`] for another kind of file, and for one that cannot
    /// be read; [`Error::TooLarge`].
    pub async fn read(file: File) -> Result<Self> {
        let kind = Kind::of(&file.name)?;
        let read = move || {
            let content = match kind {
                Kind::Word => Content::Word(Docx::read(file.content)?),
                Kind::Text | Kind::Html => {
                    let text = String::from_utf8(file.content)
                        .map_err(|_| Error::Malformed("the file is not UTF-8".into()))?;
                    Content::Text(super::texts::clean(text)?)
                }
            };
            Ok(Upload { kind, content })
        };
        blocking(read).await
    }

    /// Characters of its text, markup included.
    pub fn characters(&self) -> usize {
        match &self.content {
            Content::Text(text) => text.chars().count(),
            Content::Word(docx) => docx.html().chars().count(),
        }
    }

    /// Translates the file.
    ///
    /// # Errors
    /// Those of [`Order::carry_out`].
    pub async fn translate(
        self,
        service: &Service,
        source: Source,
        glossary: Option<Arc<Glossary>>,
    ) -> Result<Finished> {
        let kind = self.kind;
        let (text, format) = match &self.content {
            Content::Text(text) if kind == Kind::Text => (text.clone(), Format::Text),
            Content::Text(text) => (text.clone(), Format::Html),
            Content::Word(docx) => (docx.html(), Format::Html),
        };
        let order = Order {
            texts: vec![text],
            format,
            source,
            glossary,
        };
        let Some(Answer {
            text, characters, ..
        }) = order.carry_out(service).await?.pop()
        else {
            return Err(Error::Internal("a file got lost".into()));
        };
        blocking(move || {
            let content = match self.content {
                Content::Text(_) => text.into_bytes(),
                Content::Word(docx) => docx.render(&text)?,
            };
            Ok(Finished {
                kind,
                content,
                characters,
            })
        })
        .await
    }
}

impl Finished {
    /// The file as a download. A browser must not take it for a page of ours.
    pub fn response(&self) -> HttpResponse {
        let name = format!(
            "attachment; filename=\"translation.{}\"",
            self.kind.ending()
        );
        HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, self.kind.media_type()))
            .insert_header((CONTENT_DISPOSITION, name))
            .body(self.content.clone())
    }
}

type Outcome = Result<Arc<Finished>>;

/// Files that are worked on, and those that wait for being fetched.
#[derive(Debug, Default)]
pub struct Documents(Mutex<HashMap<String, Job>>);

#[derive(Debug)]
struct Job {
    key: String,
    begun: Instant,
    news: watch::Receiver<Option<Outcome>>,
}

/// What a client needs to ask for its file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Handle {
    pub document_id: String,
    pub document_key: String,
}

impl Documents {
    /// Begins to work on a file.
    ///
    /// # Errors
    /// [`Error::QueueFull`] when there are too many.
    pub fn begin(
        &self,
        work: impl Future<Output = Result<Finished>> + Send + 'static,
    ) -> Result<Handle> {
        let (told, news) = watch::channel(None);
        let handle = self.add(news)?;
        let work = async move {
            let outcome = work.await.map(Arc::new);
            if let Err(error) = &outcome {
                tracing::info!(code = error.code().entry().slug, "a document failed");
            }
            told.send_replace(Some(outcome));
        };
        tokio::spawn(work.in_current_span());
        Ok(handle)
    }

    /// Keeps a file that is finished already.
    ///
    /// # Errors
    /// [`Error::QueueFull`] when there are too many.
    pub fn keep(&self, finished: Finished) -> Result<Handle> {
        let (_, news) = watch::channel(Some(Ok(Arc::new(finished))));
        self.add(news)
    }

    fn add(&self, news: watch::Receiver<Option<Outcome>>) -> Result<Handle> {
        let mut jobs = self.jobs();
        jobs.retain(|_, job| job.begun.elapsed() < KEPT);
        if jobs.len() >= MOST_FILES {
            // The oldest that nobody has fetched makes room.
            let oldest = jobs
                .iter()
                .filter(|(_, job)| job.news.borrow().is_some())
                .min_by_key(|(_, job)| job.begun)
                .map(|(id, _)| id.clone());
            let oldest = oldest.ok_or(Error::QueueFull {
                retry_after: Duration::from_secs(10),
            })?;
            jobs.remove(&oldest);
        }
        let handle = Handle {
            document_id: Uuid::new_v4().simple().to_string().to_uppercase(),
            document_key: Uuid::new_v4().simple().to_string().to_uppercase(),
        };
        jobs.insert(
            handle.document_id.clone(),
            Job {
                key: handle.document_key.clone(),
                begun: Instant::now(),
                news,
            },
        );
        Ok(handle)
    }

    /// What has become of a file; `None` while it is worked on.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown id and for the key of another.
    pub fn look(&self, id: &str, key: &str) -> Result<Option<Outcome>> {
        Ok(self.find(id, Some(key))?.borrow().clone())
    }

    /// Waits for a file; whoever knows the id may have it when there is no key.
    ///
    /// # Errors
    /// As [`Documents::look`], and those of the work.
    pub async fn fetch(&self, id: &str, key: Option<&str>) -> Outcome {
        let mut news = self.find(id, key)?;
        let outcome = match news.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone(),
            Err(_) => None,
        };
        outcome.unwrap_or_else(|| Err(Error::Internal("a document was given up".into())))
    }

    fn find(&self, id: &str, key: Option<&str>) -> Result<watch::Receiver<Option<Outcome>>> {
        let jobs = self.jobs();
        let job = jobs
            .get(id)
            .filter(|job| job.begun.elapsed() < KEPT)
            .filter(|job| key.is_none_or(|key| same(key.as_bytes(), job.key.as_bytes())));
        job.map(|job| job.news.clone())
            .ok_or_else(|| Error::NotFound("document".into()))
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<String, Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Compares in a time that does not tell where the difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    actix_web::web::block(work)
        .await
        .map_err(|_| Error::Internal("reading a file was given up".into()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished() -> Finished {
        Finished {
            kind: Kind::Text,
            content: b"x".to_vec(),
            characters: 1,
        }
    }

    #[tokio::test]
    async fn the_oldest_that_is_finished_makes_room() {
        let documents = Documents::default();
        let running = documents
            .begin(std::future::pending())
            .expect("there is room");
        let first = documents.keep(finished()).expect("there is room");
        for _ in 0..MOST_FILES - 1 {
            documents.keep(finished()).expect("there is room");
        }
        assert_eq!(documents.jobs().len(), MOST_FILES);
        assert!(documents.fetch(&first.document_id, None).await.is_err());
        let look = documents.look(&running.document_id, &running.document_key);
        assert!(look.expect("it is there").is_none());
        for wrong in ["", &first.document_key] {
            assert!(documents.look(&running.document_id, wrong).is_err());
        }
    }

    #[test]
    fn kinds_are_told_by_their_endings() {
        assert_eq!(Kind::of("Bericht.DOCX").expect("known"), Kind::Word);
        assert_eq!(Kind::of("a.b.htm").expect("known"), Kind::Html);
        for name in ["", "docx", "a.pdf", ".docx", "a.docx.exe"] {
            assert!(Kind::of(name).is_err(), "{name}");
        }
    }
}
