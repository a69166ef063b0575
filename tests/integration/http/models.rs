//! `GET /v1/models`.

use super::Server;

#[test]
fn the_manifest_is_listed_and_the_serving_model_named() {
    let server = Server::start();
    let response = server.get("/v1/models");
    assert_eq!(response.status, 200);
    let list = response.json();
    assert_eq!(list["serving"], "scripted");
    let models = list["models"].as_array().expect("models");
    assert!(models.len() >= 3);
    let default = models
        .iter()
        .filter(|model| {
            model["aliases"]
                .as_array()
                .is_some_and(|aliases| aliases.iter().any(|alias| alias == "default"))
        })
        .count();
    assert_eq!(default, 1, "one model is the default");
    assert!(models.iter().all(|model| model["licence"].is_object()));
}
