//! The description of the interface: `api.yaml` for programs, and the same as
//! one page for people, which needs neither scripts nor the network.

mod page;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::error::{Error, Result};

/// The OpenAPI description, as it is in the repository.
pub const SPECIFICATION: &str = include_str!("../../api.yaml");

/// The page may show itself and its own style, nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// `GET /api.yaml`.
pub async fn specification() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/yaml; charset=utf-8"))
        .body(SPECIFICATION)
}

/// `GET /docs`.
///
/// # Errors
/// [`Error::Internal`] when the description is not YAML, which tests rule out.
pub async fn page() -> Result<HttpResponse> {
    static PAGE: LazyLock<Result<String>> = LazyLock::new(|| {
        let specification = serde_yaml_ng::from_str(SPECIFICATION)
            .map_err(|error| Error::Internal(format!("api.yaml is not YAML: {error}")))?;
        Ok(page::render(&specification))
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .body(PAGE.clone()?))
}
