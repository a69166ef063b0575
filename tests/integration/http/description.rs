//! `api.yaml` against the code and against itself.

use std::collections::BTreeSet;

use depesche::error::Code;
use depesche::http::caller::Access;
use depesche::http::{Api, ROUTES, Verb};
use serde_json::Value;

use crate::contract::{API, expect_valid, members, resolved};

const METHODS: [&str; 8] = [
    "get", "head", "post", "put", "patch", "delete", "options", "trace",
];

/// Method, path and operation of everything that is described.
fn operations() -> Vec<(&'static str, &'static str, &'static Value)> {
    members(&API["paths"])
        .flat_map(|(path, item)| {
            members(item)
                .filter(|(method, _)| METHODS.contains(method))
                .map(move |(method, operation)| (method, path, operation))
        })
        .collect()
}

#[test]
fn the_routes_are_those_of_the_code() {
    let described: BTreeSet<_> = operations()
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect();
    let answered: BTreeSet<_> = ROUTES
        .iter()
        .map(|route| match route.verb {
            Verb::Get => ("get", route.path),
            Verb::Post => ("post", route.path),
            Verb::Put => ("put", route.path),
            Verb::Patch => ("patch", route.path),
            Verb::Delete => ("delete", route.path),
        })
        .collect();
    assert_eq!(described, answered);
}

#[test]
fn the_version_is_that_of_the_crate() {
    assert_eq!(API["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_codes_are_those_of_the_code() {
    let described: BTreeSet<_> = API["components"]["schemas"]["ProblemCode"]["enum"]
        .as_array()
        .expect("a list of codes")
        .iter()
        .map(|code| code.as_str().expect("a code"))
        .collect();
    let all: BTreeSet<_> = Code::ALL.iter().map(|code| code.entry().slug).collect();
    assert_eq!(described, all);
}

#[test]
fn each_code_is_explained_at_the_response_that_gives_it() {
    for (name, response) in members(&API["components"]["responses"]) {
        let description = response["description"].as_str().expect("a description");
        let examples = &response["content"]["application/problem+json"]["examples"];
        for (key, example) in members(examples) {
            let problem = &example["value"];
            let entry = Code::ALL
                .iter()
                .map(|code| code.entry())
                .find(|entry| problem["code"] == entry.slug)
                .unwrap_or_else(|| panic!("{name}/{key}: no such code"));
            assert_eq!(problem["status"], entry.status, "{name}/{key}");
            assert_eq!(problem["title"], entry.title, "{name}/{key}");
            let uri = format!("urn:depesche:problem:{}", entry.slug);
            assert_eq!(problem["type"], uri, "{name}/{key}");
            assert!(
                description.contains(&format!("`{}`", entry.slug)),
                "{name} does not explain {}",
                entry.slug
            );
        }
    }
}

#[test]
fn work_may_fail_in_every_way_that_the_code_knows() {
    let listed = |path: &str| -> BTreeSet<u16> {
        members(&API["paths"][path]["post"]["responses"])
            .map(|(status, _)| status.parse().expect("a status"))
            .collect()
    };
    // Answered by the router, whatever the path, by commands alone, or only where
    // there is a store.
    let elsewhere = |code: &Code| match code {
        Code::NotFound
        | Code::MethodNotAllowed
        | Code::UnknownModel
        | Code::Conflict
        | Code::Store
        | Code::StoreFull
        | Code::NoStore
        | Code::Download => true,

        Code::Malformed
        | Code::Empty
        | Code::NotGerman
        | Code::TooLarge
        | Code::SlowBody
        | Code::UnsupportedMediaType
        | Code::Unauthorized
        | Code::RateLimited
        | Code::QuotaExceeded
        | Code::NoArticle
        | Code::UrlRefused
        | Code::Unresolved
        | Code::QueueFull
        | Code::ShuttingDown
        | Code::NotReady
        | Code::Deadline
        | Code::Fetch
        | Code::Corrupt
        | Code::Model
        | Code::Engine
        | Code::EngineUnavailable
        | Code::Io
        | Code::Config
        | Code::Internal => false,
    };
    let expected: BTreeSet<u16> = Code::ALL
        .iter()
        .filter(|code| !elsewhere(code))
        .map(|code| code.entry().status)
        .chain([200])
        .collect();
    let kept = ["/v1/jobs", "/v1/memory/tmx"];
    let ours =
        |route: &&depesche::http::Route| route.api == Api::Depesche && !kept.contains(&route.path);
    // A glossary is named by its id, which may be unknown, a page by its address,
    // where nothing may be.
    let takes_glossary = [
        "/v1/articles",
        "/v1/translate",
        "/v1/summarize",
        "/v2/translate",
    ];
    let takes_address = ["/v1/articles", "/v1/summarize"];
    let with_glossary = |path: &str, statuses: &BTreeSet<u16>| -> BTreeSet<u16> {
        let unknown = takes_glossary.contains(&path).then_some(404);
        let lost = takes_address.contains(&path).then_some(502);
        statuses
            .iter()
            .copied()
            .chain(unknown)
            .chain(lost)
            .collect()
    };
    for route in ROUTES.iter().filter(ours) {
        if route.verb == Verb::Post {
            assert_eq!(
                listed(route.path),
                with_glossary(route.path, &expected),
                "{}",
                route.path
            );
        }
    }
    // Texts that are blank or not German come back as they are, and nobody is
    // strict.
    // A key that is not known has another status there, and DeepL's quota has one.
    let lenient: BTreeSet<u16> = expected
        .into_iter()
        .filter(|code| ![401, 422].contains(code))
        .chain([403])
        .collect();
    assert_eq!(listed("/translate"), lenient);
    let deepl = with_glossary("/v2/translate", &lenient)
        .into_iter()
        .chain([456])
        .collect();
    assert_eq!(listed("/v2/translate"), deepl);
}

#[test]
fn who_needs_no_key_is_told_so() {
    for route in ROUTES {
        let method = match route.verb {
            Verb::Get => "get",
            Verb::Post => "post",
            Verb::Put => "put",
            Verb::Patch => "patch",
            Verb::Delete => "delete",
        };
        let operation = &API["paths"][route.path][method];
        let refusal = match route.api {
            Api::Depesche => "401",
            Api::DeepL | Api::LibreTranslate => "403",
        };
        let place = format!("{method} {}", route.path);
        let is_open = route.access == Access::Open;
        let free = serde_json::json!([]);
        assert_eq!(operation["security"] == free, is_open, "{place}");
        for status in [refusal, "429"] {
            let responses = &operation["responses"];
            // What is open may still be busy.
            let listed = responses[status].is_object();
            assert_eq!(listed, !is_open, "{place} {status}");
        }
    }
}

#[test]
fn every_example_is_as_its_schema_says() {
    let mut checked = 0;
    let mut check = |content: &'static Value, place: &str| {
        for (media_type, body) in members(content) {
            for (name, example) in members(&body["examples"]) {
                let place = format!("{place} {media_type} {name}");
                expect_valid(&body["schema"], &example["value"], &place);
                checked += 1;
            }
        }
    };
    for (method, path, operation) in operations() {
        let place = format!("{method} {path}");
        check(&operation["requestBody"]["content"], &place);
        for (status, response) in members(&operation["responses"]) {
            let content = &resolved(response)["content"];
            check(content, &format!("{place} {status}"));
        }
    }
    assert!(checked > 40, "only {checked} examples were found");
}

#[test]
fn every_operation_says_what_it_is_and_shows_it() {
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations() {
        let place = format!("{method} {path}");
        for text in ["summary", "operationId"] {
            assert!(operation[text].is_string(), "{place} has no {text}");
        }
        assert!(ids.insert(operation["operationId"].as_str()), "{place}");
        for (status, response) in members(&operation["responses"]) {
            let response = resolved(response);
            assert!(response["description"].is_string(), "{place} {status}");
            assert!(
                response["headers"]["X-Request-Id"].is_object(),
                "{place} {status} lacks the id"
            );
        }
    }
}

#[test]
fn no_schema_is_left_over() {
    let text = depesche::http::docs::SPECIFICATION;
    for kind in ["schemas", "responses", "parameters", "headers"] {
        for (name, _) in members(&API["components"][kind]) {
            let reference = format!("#/components/{kind}/{name}\"");
            assert!(text.contains(&reference), "nothing uses {kind}/{name}");
        }
    }
}
