//! The page for people: a text in, its translation and what became of the
//! figures out, on top of `POST /v1/articles`.
//!
//! Three files, part of the program; there is nothing to build and nothing that
//! comes from elsewhere.

use actix_web::HttpResponse;
use actix_web::http::header;

const PAGE: &str = include_str!("ui/index.html");
const STYLE: &str = include_str!("ui/page.css");
const SCRIPT: &str = include_str!("ui/page.js");

/// The page may use its own two files, ask this service, and nothing else. Its
/// icon is written into it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src data:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

/// `GET /`.
pub async fn page() -> HttpResponse {
    file("text/html; charset=utf-8", PAGE)
}

/// `GET /ui/page.css`.
pub async fn style() -> HttpResponse {
    file("text/css; charset=utf-8", STYLE)
}

/// `GET /ui/page.js`.
pub async fn script() -> HttpResponse {
    file("text/javascript; charset=utf-8", SCRIPT)
}

fn file(media_type: &'static str, content: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        // The files belong together: a newer program has newer ones.
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(content)
}
