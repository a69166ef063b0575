//! The HTTP interface: one table of routes, the service behind them, and the
//! application that joins the two.
//!
//! A request passes [`access`] (id, log line, metrics), is read by
//! [`extract`], enters through the [`door`], and is worked on by the pipeline;
//! whatever fails on the way becomes a [`problem`].

pub mod access;
pub mod articles;
pub mod docs;
pub mod door;
pub mod extract;
pub mod models;
pub mod ops;
pub mod problem;
pub mod request;
pub mod request_id;
pub mod server;
mod service;
pub mod sse;
pub mod summarize;
pub mod translate;
pub mod ui;
pub mod work;

use actix_web::http::{Method, header};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{HttpRequest, HttpResponse, ResponseError, guard, web};

use crate::error::Error;
pub use service::Service;

/// A method that a route answers to. Where `GET` is answered, so is `HEAD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

impl Verb {
    /// As the verb stands in `Allow`.
    const fn allow(self) -> &'static str {
        match self {
            Verb::Get => "GET, HEAD",
            Verb::Post => "POST",
        }
    }

    fn route(self) -> actix_web::Route {
        match self {
            Verb::Get => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
            Verb::Post => web::post(),
        }
    }
}

/// A row of the route table.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    pub verb: Verb,
    pub path: &'static str,
    to: fn(actix_web::Route) -> actix_web::Route,
}

const fn get(path: &'static str, to: fn(actix_web::Route) -> actix_web::Route) -> Route {
    Route {
        verb: Verb::Get,
        path,
        to,
    }
}

const fn post(path: &'static str, to: fn(actix_web::Route) -> actix_web::Route) -> Route {
    Route {
        verb: Verb::Post,
        path,
        to,
    }
}

/// The route table. `api.yaml` describes each row, and a test compares them.
pub const ROUTES: [Route; 12] = [
    post("/v1/articles", |route| route.to(articles::create)),
    post("/v1/translate", |route| route.to(translate::create)),
    post("/v1/summarize", |route| route.to(summarize::create)),
    get("/v1/models", |route| route.to(models::list)),
    get("/healthz", |route| route.to(ops::health)),
    get("/readyz", |route| route.to(ops::readiness)),
    get("/metrics", |route| route.to(ops::metrics)),
    get("/api.yaml", |route| route.to(docs::specification)),
    get("/docs", |route| route.to(docs::page)),
    get("/", |route| route.to(ui::page)),
    get("/ui/page.css", |route| route.to(ui::style)),
    get("/ui/page.js", |route| route.to(ui::script)),
];

/// Registers the table, with `405` for other methods on its paths and `404`
/// for other paths.
fn routes(app: &mut web::ServiceConfig) {
    let mut paths: Vec<&str> = ROUTES.iter().map(|route| route.path).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let mut resource = web::resource(path);
        let mut allowed = Vec::new();
        for route in ROUTES.iter().filter(|route| route.path == path) {
            resource = resource.route((route.to)(route.verb.route()));
            allowed.push(route.verb.allow());
        }
        let allowed = allowed.join(", ");
        app.service(resource.default_service(web::to(move |method: Method| {
            std::future::ready(method_not_allowed(&method, &allowed))
        })));
    }
    app.default_service(web::to(not_found));
}

fn method_not_allowed(method: &Method, allowed: &str) -> HttpResponse {
    let mut response =
        Error::MethodNotAllowed(extract::shortened(method.as_str())).error_response();
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
        .configure(routes)
        .wrap(Compress::default())
        .wrap(from_fn(access::observe))
}
