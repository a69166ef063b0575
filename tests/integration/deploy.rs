//! What deploy/ names exists: settings, metrics, routes. The schemas of its files
//! are the business of `.ci/deploy`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use depesche::http::ROUTES;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy")
}

/// Name and text of each file.
fn files() -> Vec<(PathBuf, String)> {
    let mut folders = vec![folder()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((path, text));
            }
        }
    }
    assert!(files.len() > 10, "only {} files", files.len());
    files
}

fn manifest(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join("kubernetes").join(name)).unwrap();
    serde_yaml_ng::from_str(&text).unwrap()
}

/// Every word of the files that begins so.
fn words(prefix: &str, is_part: fn(char) -> bool) -> BTreeSet<String> {
    files()
        .iter()
        .flat_map(|(_, text)| text.split(|c| !is_part(c)))
        .filter(|word| word.starts_with(prefix) && word.len() > prefix.len())
        .map(str::to_owned)
        .collect()
}

#[test]
fn settings_that_are_named_exist() {
    let readme = include_str!("../../README.md");
    let named = words("DEPESCHE_", |c| c.is_ascii_uppercase() || c == '_');
    assert!(named.len() > 5, "{named:?}");
    for name in named {
        assert!(readme.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn metrics_that_are_named_exist() {
    let known = include_str!("../../src/telemetry.rs");
    let named = words("depesche_", |c| c.is_ascii_lowercase() || c == '_');
    assert!(named.contains("depesche_queue_segments"), "{named:?}");
    for name in named {
        assert!(known.contains(&format!("\"{name}\"")), "{name}");
    }
    let autoscaler = manifest("autoscaler.yaml");
    let metric = &autoscaler["spec"]["metrics"][0]["pods"]["metric"]["name"];
    assert_eq!(metric, "depesche_queue_segments");
}

#[test]
fn probes_ask_routes_that_there_are() {
    let deployment = manifest("deployment.yaml");
    let pod = &deployment["spec"]["template"];
    let container = &pod["spec"]["containers"][0];
    let path = |probe: &str| container[probe]["httpGet"]["path"].clone();
    assert_eq!(path("startupProbe"), "/healthz");
    assert_eq!(path("livenessProbe"), "/healthz");
    assert_eq!(path("readinessProbe"), "/readyz");
    let scraped = &pod["metadata"]["annotations"]["prometheus.io/path"];
    for path in ["/healthz", "/readyz", scraped.as_str().unwrap()] {
        assert!(ROUTES.iter().any(|route| route.path == path), "{path}");
    }
    let port = &container["ports"][0]["containerPort"];
    let listen = &manifest("configmap.yaml")["data"]["DEPESCHE_LISTEN"];
    assert_eq!(listen.as_str().unwrap(), format!("0.0.0.0:{port}"));
}

#[test]
fn running_requests_get_their_grace() {
    let deployment = manifest("deployment.yaml");
    let period = &deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"];
    let grace = &manifest("configmap.yaml")["data"]["DEPESCHE_GRACE"];
    let grace: u64 = grace.as_str().unwrap().parse().unwrap();
    assert!(period.as_u64().unwrap() >= grace + 10);
}

#[test]
fn the_kustomization_names_all_manifests() {
    let listed: BTreeSet<String> = manifest("kustomization.yaml")["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    let there: BTreeSet<String> = std::fs::read_dir(folder().join("kubernetes"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name != "kustomization.yaml")
        .collect();
    assert_eq!(listed, there);
}
