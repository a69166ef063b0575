//! An OpenAPI description as one page of HTML.
//!
//! Knows the parts of OpenAPI 3.1 that `api.yaml` uses; what is missing from a
//! description is missing from the page.

use serde_yaml_ng::{Mapping, Value};

use crate::words::capitalised;

const STYLE: &str = include_str!("style.css");
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Renders a whole description.
pub fn render(specification: &Value) -> String {
    let page = Page { specification };
    let title = text(specification, &["info", "title"]);
    let version = text(specification, &["info", "version"]);
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}: HTTP interface</title><style>{STYLE}</style></head><body>\n\
         <header><h1>{title} <small>{version}</small></h1>{}\
         <p>For programs: <a href=\"/api.yaml\">api.yaml</a></p></header>\n{}<main>\n",
        markdown(text(specification, &["info", "description"])),
        page.navigation(),
    );
    for tag in items(specification, &["tags"]) {
        let name = text(tag, &["name"]);
        html += &format!(
            "<h2>{}</h2>{}",
            escaped(&capitalised(name)),
            markdown(text(tag, &["description"]))
        );
        for operation in page.operations().filter(|operation| operation.tagged(name)) {
            html += &page.operation(&operation);
        }
    }
    html += "<h2>Schemas</h2>\n";
    for (name, schema) in members(specification, &["components", "schemas"]) {
        html += &page.schema(name, schema);
    }
    html + "</main></body></html>\n"
}

struct Page<'a> {
    specification: &'a Value,
}

/// A method on a path.
struct Operation<'a> {
    method: &'static str,
    path: &'a str,
    value: &'a Value,
}

impl Operation<'_> {
    fn id(&self) -> String {
        format!("operation-{}", escaped(text(self.value, &["operationId"])))
    }

    fn tagged(&self, tag: &str) -> bool {
        items(self.value, &["tags"]).any(|other| other.as_str() == Some(tag))
    }
}

impl<'a> Page<'a> {
    fn operations(&self) -> impl Iterator<Item = Operation<'a>> + use<'a> {
        members(self.specification, &["paths"]).flat_map(|(path, methods)| {
            METHODS.into_iter().filter_map(move |method| {
                let value = methods.get(method)?;
                Some(Operation {
                    method,
                    path,
                    value,
                })
            })
        })
    }

    /// What a `$ref` stands for, or the value itself.
    fn resolved(&self, value: &'a Value) -> &'a Value {
        value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|pointer| pointer.strip_prefix("#/"))
            .and_then(|pointer| {
                pointer
                    .split('/')
                    .try_fold(self.specification, |value, key| value.get(key))
            })
            .unwrap_or(value)
    }

    fn navigation(&self) -> String {
        let operations: String = self
            .operations()
            .map(|operation| {
                format!(
                    "<li><a href=\"#{}\"><b>{}</b> {}</a></li>",
                    operation.id(),
                    operation.method.to_uppercase(),
                    escaped(operation.path)
                )
            })
            .collect();
        let schemas: String = members(self.specification, &["components", "schemas"])
            .map(|(name, _)| format!("<li>{}</li>", link(name)))
            .collect();
        format!(
            "<nav aria-label=\"Contents\"><ul>{operations}</ul>\
             <details><summary>Schemas</summary><ul>{schemas}</ul></details></nav>\n"
        )
    }

    fn operation(&self, operation: &Operation<'a>) -> String {
        let value = operation.value;
        let body = value
            .get("requestBody")
            .map(|body| format!("<h4>Body</h4>{}", self.contents(body)))
            .unwrap_or_default();
        let responses: String = members(value, &["responses"])
            .map(|(status, response)| self.response(status, response))
            .collect();
        format!(
            "<section id=\"{}\"><h3><span class=\"{method}\">{}</span> <code>{}</code> {}</h3>\
             {}{}{body}<h4>Responses</h4>{responses}</section>\n",
            operation.id(),
            operation.method.to_uppercase(),
            escaped(operation.path),
            escaped(text(value, &["summary"])),
            markdown(text(value, &["description"])),
            self.parameters(value),
            method = operation.method,
        )
    }

    fn parameters(&self, operation: &'a Value) -> String {
        let rows: String = items(operation, &["parameters"])
            .map(|parameter| {
                let parameter = self.resolved(parameter);
                format!(
                    "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                    escaped(text(parameter, &["name"])),
                    escaped(text(parameter, &["in"])),
                    parameter.get("schema").map(kind).unwrap_or_default(),
                    markdown(text(parameter, &["description"])),
                )
            })
            .collect();
        if rows.is_empty() {
            return rows;
        }
        format!(
            "<h4>Parameters</h4><table><thead><tr><th>Name</th><th>In</th><th>Type</th>\
             <th>Meaning</th></tr></thead><tbody>{rows}</tbody></table>"
        )
    }

    fn response(&self, status: &str, response: &'a Value) -> String {
        let response = self.resolved(response);
        let headers: String = members(response, &["headers"])
            .map(|(name, header)| {
                let header = self.resolved(header);
                format!(
                    "<p>Header <code>{}</code>: {}</p>",
                    escaped(name),
                    escaped(text(header, &["description"]))
                )
            })
            .collect();
        format!(
            "<details{}><summary><code>{}</code></summary>{}{headers}{}</details>",
            if status.starts_with('2') { " open" } else { "" },
            escaped(status),
            markdown(text(response, &["description"])),
            self.contents(response),
        )
    }

    /// Media types of a body or response, each with its schema and examples.
    fn contents(&self, holder: &'a Value) -> String {
        members(holder, &["content"])
            .map(|(media, content)| {
                let examples: String = members(content, &["examples"])
                    .map(|(_, example)| {
                        format!(
                            "<details><summary>Example: {}</summary><pre>{}</pre></details>",
                            escaped(text(example, &["summary"])),
                            example.get("value").map(example_text).unwrap_or_default()
                        )
                    })
                    .collect();
                format!(
                    "<p><code>{}</code>: {}</p>{examples}",
                    escaped(media),
                    content.get("schema").map(kind).unwrap_or_default()
                )
            })
            .collect()
    }

    fn schema(&self, name: &str, schema: &'a Value) -> String {
        let required: Vec<&str> = items(schema, &["required"])
            .filter_map(Value::as_str)
            .collect();
        let rows: String = members(schema, &["properties"])
            .map(|(name, property)| {
                format!(
                    "<tr><td><code>{}</code>{}</td><td>{}</td><td>{}</td></tr>",
                    escaped(name),
                    if required.contains(&name) {
                        " <sup title=\"always present\">*</sup>"
                    } else {
                        ""
                    },
                    kind(property),
                    markdown(text(property, &["description"])),
                )
            })
            .collect();
        let members = if rows.is_empty() {
            format!("<p>{}</p>", kind(schema))
        } else {
            format!(
                "<table><thead><tr><th>Member</th><th>Type</th><th>Meaning</th></tr></thead>\
                 <tbody>{rows}</tbody></table>"
            )
        };
        format!(
            "<section id=\"schema-{0}\"><h3><code>{0}</code></h3>{1}{members}</section>\n",
            escaped(name),
            markdown(text(schema, &["description"])),
        )
    }
}

/// A schema in a few words, with links.
fn kind(schema: &Value) -> String {
    let mut words = if let Some(pointer) = schema.get("$ref").and_then(Value::as_str) {
        link(pointer.rsplit('/').next().unwrap_or(pointer))
    } else if let Some(constant) = schema.get("const") {
        format!("<code>{}</code>", example_text(constant))
    } else if schema.get("enum").is_some() {
        items(schema, &["enum"])
            .map(|value| format!("<code>{}</code>", example_text(value)))
            .collect::<Vec<_>>()
            .join(", ")
    } else if let Some(content) = schema.get("contentSchema") {
        format!("JSON of {}", kind(content))
    } else if let Some(properties) = untyped_members(schema) {
        properties
    } else {
        let choices: Vec<String> = items(schema, &["oneOf"]).map(kind).collect();
        match schema.get("type") {
            Some(Value::String(name)) if name == "array" => match schema.get("items") {
                Some(items) if items.is_mapping() => format!("array of {}", kind(items)),
                _ => "array".to_owned(),
            },
            Some(Value::String(name)) => escaped(name),
            Some(Value::Sequence(names)) => names
                .iter()
                .filter_map(Value::as_str)
                .map(escaped)
                .collect::<Vec<_>>()
                .join(" or "),
            _ => choices.join(" or "),
        }
    };
    for (keyword, phrase) in [
        ("minimum", "from"),
        ("maximum", "to"),
        ("default", "default"),
    ] {
        if let Some(value) = schema.get(keyword) {
            words += &format!(" {phrase} <code>{}</code>", example_text(value));
        }
    }
    words
}

/// The members of an object that stands inside another schema.
fn untyped_members(schema: &Value) -> Option<String> {
    let properties: &Mapping = schema.get("properties")?.as_mapping()?;
    let members: Vec<String> = properties
        .iter()
        .filter_map(|(name, property)| Some((name.as_str()?, property)))
        .map(|(name, property)| format!("<code>{}</code>: {}", escaped(name), kind(property)))
        .collect();
    Some(format!("{{ {} }}", members.join(", ")))
}

fn link(schema: &str) -> String {
    format!("<a href=\"#schema-{0}\">{0}</a>", escaped(schema))
}

/// A value as it would be sent: strings as they are, all else as JSON.
fn example_text(value: &Value) -> String {
    match value {
        Value::String(text) => escaped(text),
        other => escaped(&serde_json::to_string_pretty(other).unwrap_or_default()),
    }
}

fn markdown(source: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(source));
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(*key))
}

fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    at(value, path).and_then(Value::as_str).unwrap_or_default()
}

fn items<'a>(value: &'a Value, path: &[&str]) -> impl Iterator<Item = &'a Value> + use<'a> {
    at(value, path)
        .and_then(Value::as_sequence)
        .into_iter()
        .flatten()
}

fn members<'a>(
    value: &'a Value,
    path: &[&str],
) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    at(value, path)
        .and_then(Value::as_mapping)
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.as_str()?, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_description_says_is_escaped() {
        let specification = serde_yaml_ng::from_str(
            "info: { title: T, description: 'a <b' }\n\
             tags: [{ name: things }]\n\
             paths:\n  /a<b>:\n    get: { operationId: a, tags: [things], summary: '<script>' }\n",
        )
        .expect("it is YAML");
        let html = render(&specification);
        assert!(
            html.contains("<code>/a&lt;b&gt;</code> &lt;script&gt;</h3>"),
            "{html}"
        );
        assert!(html.contains("<h2>Things</h2>"));
        assert!(!html.contains("<script>"));
    }

    #[test]
    fn schemas_are_told_in_a_few_words() {
        let told = |yaml: &str| kind(&serde_yaml_ng::from_str(yaml).expect("it is YAML"));
        assert_eq!(
            told("{ type: integer, minimum: 1, maximum: 8, default: 1 }"),
            "integer from <code>1</code> to <code>8</code> default <code>1</code>"
        );
        assert_eq!(
            told("{ oneOf: [{ type: string }, { type: array, items: { type: string } }] }"),
            "string or array of string"
        );
        assert_eq!(told("{ type: [string, 'null'] }"), "string or null");
        assert_eq!(
            told("{ type: string, contentSchema: { type: array } }"),
            "JSON of array"
        );
        assert_eq!(
            told("{ $ref: '#/components/schemas/Span' }"),
            "<a href=\"#schema-Span\">Span</a>"
        );
        assert_eq!(
            told("{ type: object, properties: { event: { const: done } } }"),
            "{ <code>event</code>: <code>done</code> }"
        );
    }
}
