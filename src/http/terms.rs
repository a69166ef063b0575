//! Which terms a request of the `/v1` routes goes by.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::Service;
use crate::error::{Error, Result};
use crate::terms::{Entry, Glossary};

/// A glossary that a body brings along.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GlossaryRequest {
    /// English by German.
    terms: BTreeMap<String, String>,
    /// What is not to be translated.
    keep: Vec<String>,
}

/// The glossary of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Terms {
    Free,
    Inline(Arc<Glossary>),
    /// One that was stored, by its id.
    Stored(String),
}

impl Terms {
    /// # Errors
    /// [`Error::Malformed`] with two glossaries, or with one that cannot be
    /// used.
    pub fn of(inline: Option<GlossaryRequest>, id: Option<String>) -> Result<Self> {
        match (inline, id) {
            (None, None) => Ok(Terms::Free),
            (None, Some(id)) => Ok(Terms::Stored(id)),
            (Some(glossary), None) => Ok(Terms::Inline(Arc::new(glossary.read()?))),
            (Some(_), Some(_)) => Err(Error::Malformed(
                "only one of `glossary` and `glossary_id` can be used".into(),
            )),
        }
    }

    /// The glossary itself.
    ///
    /// # Errors
    /// [`Error::NotFound`] when none was stored under the id.
    pub fn look_up(self, service: &Service) -> Result<Option<Arc<Glossary>>> {
        match self {
            Terms::Free => Ok(None),
            Terms::Inline(glossary) => Ok(Some(glossary)),
            Terms::Stored(id) => service
                .glossaries()
                .get(&id)
                .map(|stored| Some(stored.terms())),
        }
    }
}

impl GlossaryRequest {
    fn read(self) -> Result<Glossary> {
        let terms = self.terms.into_iter().map(|(source, target)| Entry {
            source,
            target: Some(target),
        });
        let kept = self.keep.into_iter().map(|source| Entry {
            source,
            target: None,
        });
        Glossary::new(terms.chain(kept))
    }
}
