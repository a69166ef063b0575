//! `api.yaml` as a judge: what it promises of a response is checked.

use std::collections::HashMap;
use std::sync::LazyLock;

use depesche::http::docs::SPECIFICATION;
use depesche::http::{Api, ROUTES};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::client::{Event, Response};

/// The document.
pub static API: LazyLock<Value> =
    LazyLock::new(|| serde_yaml_ng::from_str(SPECIFICATION).expect("api.yaml is YAML"));

/// Validators by the schemas of the components.
static COMPONENTS: LazyLock<HashMap<&str, Validator>> = LazyLock::new(|| {
    members(&API["components"]["schemas"])
        .map(|(name, _)| {
            let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
            (name, validator(&schema))
        })
        .collect()
});

/// Names and values of an object, in order; none when it is absent.
pub fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let object = value.as_object().into_iter().flatten();
    object.map(|(name, value)| (name.as_str(), value))
}

/// What a `$ref` stands for, or the value itself.
pub fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(pointer) => API
            .pointer(pointer.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{pointer} leads nowhere")),
        None => value,
    }
}

/// A validator of a schema that may refer to the document's components.
fn validator(schema: &Value) -> Validator {
    let mut schema = schema.clone();
    schema["components"] = API["components"].clone();
    jsonschema::draft202012::new(&schema).expect("the schema is valid")
}

/// Fails unless the value is as the schema says.
pub fn expect_valid(schema: &Value, value: &Value, what: &str) {
    report(&validator(schema), value, what);
}

/// Fails unless the value is as the component called `name` says.
pub fn expect_component(name: &str, value: &Value) {
    report(&COMPONENTS[name], value, name);
}

fn report(validator: &Validator, value: &Value, what: &str) {
    let faults: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{what}: {faults:#?}\n{value:#}");
}

/// Fails unless the event is one that the component knows, with such data.
fn expect_event(component: &str, event: &Event) {
    let value = json!({ "event": event.name, "data": event.data.to_string() });
    expect_component(component, &value);
    let known = API["components"]["schemas"][component]["oneOf"]
        .as_array()
        .expect("the schema lists the events");
    let data = known
        .iter()
        .map(|schema| &schema["properties"])
        .find(|properties| properties["event"]["const"] == event.name.as_str())
        .map(|properties| &properties["data"]["contentSchema"])
        .expect("the component is valid, so it is known");
    assert!(data.is_object(), "{} has no schema", event.name);
    expect_valid(data, &event.data, &event.name);
}

/// The interface that a path belongs to, served or not.
fn api(path: &str) -> Api {
    let row = ROUTES.iter().find(|route| route.path == path);
    match path {
        "/suggest" => Api::LibreTranslate,
        _ if path.starts_with("/download_file/") => Api::LibreTranslate,
        _ if path.starts_with("/v2/") || path.starts_with("/v3/") => Api::DeepL,
        _ => row.map_or(Api::Depesche, |route| route.api),
    }
}

/// Fails unless an error is told in the form of its interface.
fn expect_error(api: Api, response: &Response, asked: &str) {
    let (media_type, component) = match api {
        Api::Depesche => ("application/problem+json", "Problem"),
        Api::DeepL => ("application/json", "DeepLError"),
        Api::LibreTranslate => ("application/json", "LibreTranslateError"),
    };
    assert_eq!(response.media_type(), media_type, "{asked}");
    let error = response.json();
    expect_component(component, &error);
    if api == Api::Depesche {
        assert_eq!(error["status"], response.status, "{asked}");
        assert_eq!(
            error["request_id"].as_str(),
            response.header("x-request-id"),
            "{asked}"
        );
    }
}

/// The path of the description that stands for a path of a request.
fn described(path: &str) -> &str {
    let fits = |pattern: &str| {
        let mut parts = path.split('/');
        pattern.split('/').all(|wanted| {
            let part = parts.next();
            part == Some(wanted) || wanted.starts_with('{') && part.is_some_and(|it| !it.is_empty())
        }) && parts.next().is_none()
    };
    let mut patterns = members(&API["paths"]).map(|(pattern, _)| pattern);
    if API["paths"][path].is_object() {
        return path;
    }
    patterns.find(|pattern| fits(pattern)).unwrap_or(path)
}

/// Fails unless `api.yaml` promises just such a response to such a request.
pub fn expect_promised(method: &str, path: &str, response: &Response) {
    let path = described(path.split('?').next().unwrap_or_default());
    let asked = format!("{method} {path} -> {}", response.status);
    if response.status >= 400 {
        expect_error(api(path), response, &asked);
    }
    if let 404 | 405 = response.status {
        // Promised for all paths at once, in words.
        return;
    }
    let operation = &API["paths"][described(path)][method.to_ascii_lowercase()];
    let promise = resolved(&operation["responses"][response.status.to_string()]);
    assert!(promise.is_object(), "{asked} is not in api.yaml");
    for (name, header) in members(&promise["headers"]) {
        let schema = &resolved(header)["schema"];
        let value = response
            .header(&name.to_ascii_lowercase())
            .unwrap_or_else(|| panic!("{asked}: {name} is missing"));
        let value = match schema["type"].as_str() {
            Some("integer") => json!(value.parse::<u64>().expect("a number")),
            _ => json!(value),
        };
        expect_valid(schema, &value, &format!("{asked}, {name}"));
    }
    if response.status == 204 {
        assert!(response.body.is_empty(), "{asked}");
        return;
    }
    let content = &promise["content"][response.media_type()];
    assert!(
        content.is_object(),
        "{asked}: api.yaml does not promise {:?}",
        response.media_type()
    );
    match response.media_type() {
        "application/json" => expect_valid(&content["schema"], &response.json(), &asked),
        "text/event-stream" => {
            let component = content["schema"]["$ref"].as_str().unwrap_or_default();
            let component = component.rsplit('/').next().unwrap_or_default();
            for event in response.events() {
                expect_event(component, &event);
            }
        }
        _ => {}
    }
}
