//! `GET /feeds/{name}`: the feeds that `depesche watch` has written to a folder.

use std::path::Path;
use std::time::SystemTime;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETag, EntityTag, Header, HttpDate, IfModifiedSince, IfNoneMatch,
    LastModified,
};
use actix_web::{HttpRequest, HttpResponse, web};

use super::Service;
use crate::error::{Error, Result};
use crate::feed::Dialect;
use crate::feed::memory::Key;

/// Of a feed, so much is looked at to tell its format.
const LOOK: usize = 4096;

/// A feed as it lies in the folder.
struct Volume {
    text: String,
    modified: SystemTime,
}

/// Answers with a feed, or with 304 when the client has it already.
///
/// # Errors
/// [`Error::NotFound`] when there is no such feed, or no folder; [`Error::Io`].
pub async fn show(
    service: web::Data<Service>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let folder = service.config().feeds_dir.clone();
    let name = name.into_inner();
    let volume = web::block(move || match folder {
        Some(folder) => fetch(&folder, &name),
        None => Err(unknown()),
    })
    .await
    .map_err(|_| Error::Internal("reading the feed was given up".into()))??;

    let digest = Key::digest(&volume.text);
    let tag = EntityTag::new_strong(digest.as_str().chars().take(32).collect());
    let modified = HttpDate::from(volume.modified);
    let validators = |mut response: actix_web::HttpResponseBuilder| {
        response
            .insert_header(ETag(tag.clone()))
            .insert_header(LastModified(modified))
            .insert_header((CACHE_CONTROL, "no-cache"));
        response
    };
    if is_known(&request, &tag, modified) {
        return Ok(validators(HttpResponse::NotModified()).finish());
    }
    let media_type = dialect(&volume.text).media_type();
    Ok(validators(HttpResponse::Ok())
        .insert_header((CONTENT_TYPE, format!("{media_type}; charset=utf-8")))
        .body(volume.text))
}

/// Whether the client has this version
/// ([RFC 9110, 13.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2)): tags
/// count more than dates.
fn is_known(request: &HttpRequest, tag: &EntityTag, modified: HttpDate) -> bool {
    if request.headers().contains_key(IfNoneMatch::name()) {
        return match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
            Err(_) => false,
        };
    }
    let since = IfModifiedSince::parse(request).ok();
    // Both in whole seconds, as headers have them.
    since.is_some_and(|IfModifiedSince(since)| {
        let seconds = |date: HttpDate| {
            let since_1970 = SystemTime::from(date).duration_since(SystemTime::UNIX_EPOCH);
            since_1970.map(|time| time.as_secs()).ok()
        };
        seconds(modified) <= seconds(since)
    })
}

fn unknown() -> Error {
    Error::NotFound("no feed has this name".into())
}

/// Reads a feed. Only files that lie in the folder itself are any.
fn fetch(folder: &Path, name: &str) -> Result<Volume> {
    if !is_name(name) {
        return Err(unknown());
    }
    let path = folder.join(name);
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => unknown(),
        _ => Error::io("reading a feed", error),
    };
    // Of the name itself: a link could lead anywhere.
    let metadata = std::fs::symlink_metadata(&path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(unknown());
    }
    let modified = metadata
        .modified()
        .map_err(|error| Error::io("reading a feed", error))?;
    let text = std::fs::read_to_string(&path).map_err(failed)?;
    Ok(Volume { text, modified })
}

/// Whether a name may be that of a feed: letters, digits, `-` and `_`, and one of
/// the endings. Nothing that leads elsewhere, and no file that is being written.
fn is_name(name: &str) -> bool {
    let stem = name
        .strip_suffix(".xml")
        .or_else(|| name.strip_suffix(".json"));
    stem.is_some_and(|stem| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        !stem.is_empty() && stem.chars().all(is_part)
    })
}

/// What a feed is written in, by its beginning.
fn dialect(text: &str) -> Dialect {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('{') {
        return Dialect::Json;
    }
    let end = start.floor_char_boundary(LOOK);
    let start = start.get(..end).unwrap_or_default();
    // The first tag that is neither a declaration nor a remark is the root.
    let root = start.split('<').find_map(|tag| {
        let name = tag
            .split(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
            .next()?;
        name.starts_with(char::is_alphabetic).then_some(name)
    });
    let root = root.unwrap_or_default();
    match root.rsplit(':').next() {
        Some("RDF") => Dialect::Rdf,
        Some("feed") => Dialect::Atom,
        Some(_) | None => Dialect::Rss,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        for fine in ["news.xml", "Köln-2.json", "a_b.xml"] {
            assert!(is_name(fine), "{fine}");
        }
        for other in [
            "",
            ".xml",
            "news",
            "news.txt",
            "../news.xml",
            "a/b.xml",
            "a\\b.xml",
            "..",
            ".a.xml",
            "a.b.xml",
            "/etc/passwd",
            "news.xml\0",
            "C:x.xml",
        ] {
            assert!(!is_name(other), "{other}");
        }
    }

    #[test]
    fn the_beginning_tells_the_format() {
        for (text, expected) in [
            ("\u{feff}{\"items\": []}", Dialect::Json),
            (
                "<?xml version=\"1.0\"?><!-- a feed? no --><rss>",
                Dialect::Rss,
            ),
            ("<rdf:RDF xmlns=\"x\">", Dialect::Rdf),
            (
                "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
                Dialect::Atom,
            ),
            ("<a:feed>", Dialect::Atom),
        ] {
            assert_eq!(dialect(text), expected, "{text}");
        }
    }
}
