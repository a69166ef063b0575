//! `GET /v1/models`: which models there are and which one answers.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::Service;
use crate::model::manifest::{Architecture, Entry, Licence, Manifest};

/// The models of the manifest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelList {
    /// Name of the model that answers; it need not be in the manifest.
    pub serving: String,
    pub models: Vec<ListedModel>,
}

/// A model, without the particulars of its files and prompts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListedModel {
    pub name: String,
    pub aliases: Vec<String>,
    pub summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub architecture: Option<Architecture>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<Licence>,
    /// Bytes of all files, where the manifest knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

impl ModelList {
    /// What to tell of a manifest when the model called `serving` answers.
    pub fn of(manifest: &Manifest, serving: impl Into<String>) -> Self {
        ModelList {
            serving: serving.into(),
            models: manifest.entries().iter().map(ListedModel::of).collect(),
        }
    }
}

impl ListedModel {
    fn of(entry: &Entry) -> Self {
        ListedModel {
            name: entry.name.clone(),
            aliases: entry.aliases.clone(),
            summary: entry.summary.clone(),
            architecture: entry.architecture,
            licence: entry.licence.clone(),
            size: entry.size(),
        }
    }
}

/// Answers with the list.
pub async fn list(service: web::Data<Service>) -> HttpResponse {
    HttpResponse::Ok().json(service.models())
}
