//! The HTTP interface: one table of routes, the service behind them, and the
//! application that joins the two.
//!
//! A request passes [`access`] (id, log line, metrics), [`cors`] and the
//! [`caller`] (keys, rates), is read by [`extract`], enters through the [`door`],
//! and is worked on by the pipeline; whatever fails on the way becomes a
//! [`problem`], or what the [`api`] of the route has in its place. [`deepl`] and
//! [`libretranslate`] speak the interfaces of others, so that their clients need
//! no change.

pub mod access;
pub mod api;
pub mod articles;
pub mod caller;
pub mod cors;
pub mod deepl;
pub mod desk;
pub mod docs;
pub mod documents;
pub mod door;
pub mod extract;
pub mod feeds;
pub mod fields;
pub mod form;
pub mod jobs;
pub mod libretranslate;
pub mod memory;
pub mod models;
pub mod multipart;
pub mod ops;
pub mod order;
pub mod page;
pub mod problem;
pub mod request;
pub mod request_id;
pub mod server;
mod service;
mod shelf;
pub mod sse;
pub mod summarize;
pub mod terms;
pub mod texts;
mod trace_context;
pub mod translate;
pub mod ui;
pub mod usage;
pub mod work;

use actix_web::http::{Method, header};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{HttpRequest, HttpResponse, guard, web};

use crate::error::Error;
use Api::{DeepL, Depesche, LibreTranslate};
pub use api::Api;
use caller::Access;
use deepl::{documents as files, glossaries};
pub use service::Service;

/// A method that a route answers to. Where `GET` is answered, so is `HEAD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Verb {
    /// As the verb stands in `Allow`.
    const fn allow(self) -> &'static str {
        match self {
            Verb::Get => "GET, HEAD",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        }
    }

    fn route(self) -> actix_web::Route {
        match self {
            Verb::Get => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
            Verb::Post => web::post(),
            Verb::Put => web::put(),
            Verb::Patch => web::patch(),
            Verb::Delete => web::delete(),
        }
    }
}

/// A row of the route table.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    pub api: Api,
    pub verb: Verb,
    pub path: &'static str,
    pub access: Access,
    to: fn(actix_web::Route) -> actix_web::Route,
}

impl Route {
    /// The row, which needs no key.
    const fn open(self) -> Route {
        self.with(Access::Open)
    }

    const fn with(mut self, access: Access) -> Route {
        self.access = access;
        self
    }
}

impl Api {
    const fn get(self, path: &'static str, to: fn(actix_web::Route) -> actix_web::Route) -> Route {
        self.row(Verb::Get, path, to)
    }

    const fn post(self, path: &'static str, to: fn(actix_web::Route) -> actix_web::Route) -> Route {
        self.row(Verb::Post, path, to)
    }

    const fn row(
        self,
        verb: Verb,
        path: &'static str,
        to: fn(actix_web::Route) -> actix_web::Route,
    ) -> Route {
        Route {
            api: self,
            verb,
            path,
            access: Access::Key,
            to,
        }
    }

    const fn put(self, path: &'static str, to: fn(actix_web::Route) -> actix_web::Route) -> Route {
        self.row(Verb::Put, path, to)
    }

    const fn patch(
        self,
        path: &'static str,
        to: fn(actix_web::Route) -> actix_web::Route,
    ) -> Route {
        self.row(Verb::Patch, path, to)
    }

    const fn delete(
        self,
        path: &'static str,
        to: fn(actix_web::Route) -> actix_web::Route,
    ) -> Route {
        self.row(Verb::Delete, path, to)
    }
}

/// The route table. `api.yaml` describes each row, and a test compares them.
pub const ROUTES: [Route; 56] = [
    Depesche.post("/v1/articles", |route| route.to(articles::create)),
    Depesche.post("/v1/translate", |route| route.to(translate::create)),
    Depesche.post("/v1/summarize", |route| route.to(summarize::create)),
    Depesche.post("/v1/feeds", |route| route.to(feeds::create)),
    Depesche.get("/feeds/{name}", |route| route.to(shelf::show)),
    Depesche.post("/v1/jobs", |route| route.to(jobs::create)),
    Depesche.get("/v1/jobs", |route| route.to(jobs::list)),
    Depesche.get("/v1/jobs/{id}", |route| route.to(jobs::show)),
    Depesche.delete("/v1/jobs/{id}", |route| route.to(jobs::cancel)),
    Depesche.get("/v1/jobs/{id}/events", |route| {
        route.to(jobs::events::stream)
    }),
    Depesche.get("/v1/memory", |route| route.to(memory::list)),
    Depesche.get("/v1/memory/stats", |route| route.to(memory::stats)),
    Depesche.get("/v1/memory/tmx", |route| route.to(memory::export)),
    Depesche.post("/v1/memory/tmx", |route| route.to(memory::import)),
    Depesche.get("/v1/memory/{id}", |route| route.to(memory::show)),
    Depesche.put("/v1/memory/{id}", |route| route.to(memory::correct)),
    Depesche.get("/v1/usage", |route| route.to(usage::show)),
    Depesche.get("/v1/models", |route| route.to(models::list)),
    Depesche
        .get("/healthz", |route| route.to(ops::health))
        .open(),
    Depesche
        .get("/readyz", |route| route.to(ops::readiness))
        .open(),
    Depesche
        .get("/metrics", |route| route.to(ops::metrics))
        .with(Access::Metrics),
    Depesche
        .get("/api.yaml", |route| route.to(docs::specification))
        .open(),
    Depesche.get("/docs", |route| route.to(docs::page)).open(),
    Depesche.get("/", |route| route.to(ui::page)).open(),
    Depesche
        .get("/ui/page.css", |route| route.to(ui::style))
        .open(),
    Depesche
        .get("/ui/page.js", |route| route.to(ui::script))
        .open(),
    DeepL.post("/v2/translate", |route| route.to(deepl::translate)),
    DeepL.get("/v2/usage", |route| route.to(deepl::usage)),
    DeepL.post("/v2/usage", |route| route.to(deepl::usage)),
    DeepL.get("/v2/languages", |route| route.to(deepl::languages)),
    DeepL.post("/v2/languages", |route| route.to(deepl::languages)),
    DeepL.post("/v2/document", |route| route.to(files::create)),
    DeepL.post("/v2/document/{id}", |route| route.to(files::status)),
    DeepL.post("/v2/document/{id}/result", |route| route.to(files::result)),
    DeepL.get("/v2/glossary-language-pairs", |route| {
        route.to(glossaries::pairs)
    }),
    DeepL.get("/v2/glossaries", |route| route.to(glossaries::list)),
    DeepL.post("/v2/glossaries", |route| route.to(glossaries::create)),
    DeepL.get("/v2/glossaries/{id}", |route| route.to(glossaries::get)),
    DeepL.delete("/v2/glossaries/{id}", |route| route.to(glossaries::delete)),
    DeepL.get("/v2/glossaries/{id}/entries", |route| {
        route.to(glossaries::entries)
    }),
    DeepL.get("/v3/glossaries", |route| {
        route.to(glossaries::list_multilingual)
    }),
    DeepL.post("/v3/glossaries", |route| {
        route.to(glossaries::create_multilingual)
    }),
    DeepL.get("/v3/glossaries/{id}", |route| {
        route.to(glossaries::get_multilingual)
    }),
    DeepL.patch("/v3/glossaries/{id}", |route| {
        route.to(glossaries::patch_multilingual)
    }),
    DeepL.delete("/v3/glossaries/{id}", |route| route.to(glossaries::delete)),
    DeepL.get("/v3/glossaries/{id}/entries", |route| {
        route.to(glossaries::multilingual_entries)
    }),
    DeepL.put("/v3/glossaries/{id}/dictionaries", |route| {
        route.to(glossaries::replace_dictionary)
    }),
    DeepL.delete("/v3/glossaries/{id}/dictionaries", |route| {
        route.to(glossaries::delete_dictionary)
    }),
    LibreTranslate.post("/translate", |route| route.to(libretranslate::translate)),
    LibreTranslate.post("/translate_file", |route| {
        route.to(libretranslate::files::translate)
    }),
    LibreTranslate
        .get("/download_file/{name}", |route| {
            route.to(libretranslate::files::download)
        })
        // The name in the address is a secret, and clients fetch it without their key.
        .open(),
    LibreTranslate.post("/detect", |route| route.to(libretranslate::detect)),
    LibreTranslate
        .get("/languages", |route| route.to(libretranslate::languages))
        .open(),
    LibreTranslate
        .get("/frontend/settings", |route| {
            route.to(libretranslate::settings)
        })
        .open(),
    LibreTranslate
        .post("/frontend/settings", |route| {
            route.to(libretranslate::settings)
        })
        .open(),
    LibreTranslate
        .get("/health", |route| route.to(libretranslate::health))
        .open(),
];

/// Registers the rows of an interface, with `405` for other methods on its
/// paths, and `404` for those paths of it that are not served.
fn register(api: Api, app: &mut web::ServiceConfig) {
    let rows = || ROUTES.iter().filter(|route| route.api == api);
    let mut paths: Vec<&str> = rows().map(|route| route.path).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let mut resource = web::resource(path);
        let mut allowed = Vec::new();
        let mut access = Access::Key;
        for route in rows().filter(|route| route.path == path) {
            access = route.access;
            resource = resource.route((route.to)(route.verb.route()));
            allowed.push(route.verb.allow());
        }
        let allowed = allowed.join(", ");
        let others = web::to(move |method: Method| {
            std::future::ready(method_not_allowed(&method, &allowed))
        });
        app.service(api.shaping(access, resource.default_service(others)));
    }
    // Behind the others: patterns may match their paths as well.
    for unserved in api.unserved() {
        let resource = web::resource(unserved.pattern).to(|request: HttpRequest| {
            std::future::ready(Err::<HttpResponse, _>(unserved.refuse(&request)))
        });
        app.service(api.shaping(Access::Open, resource));
    }
}

fn method_not_allowed(method: &Method, allowed: &str) -> HttpResponse {
    let error = Error::MethodNotAllowed(extract::shortened(method.as_str()));
    let mut response = HttpResponse::from_error(error);
    if let Ok(allowed) = header::HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}

async fn not_found(request: HttpRequest) -> Result<HttpResponse, Error> {
    Err(Error::NotFound(extract::shortened(request.path())))
}

/// What the application factory of a worker thread has to build.
pub fn app(
    service: web::Data<Service>,
) -> actix_web::App<
    impl actix_web::dev::ServiceFactory<
        actix_web::dev::ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse<access::Observed>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    actix_web::App::new()
        .app_data(service)
        .configure(|app| register(Depesche, app))
        .configure(|app| register(DeepL, app))
        .configure(|app| register(LibreTranslate, app))
        .default_service(web::to(not_found))
        .wrap(Compress::default())
        .wrap(from_fn(cors::allow))
        .wrap(from_fn(access::observe))
}
