//! The description of the interface, as it is served.

use depesche::http::docs::SPECIFICATION;

use super::Server;

#[test]
fn the_specification_is_the_file_of_the_repository() {
    let server = Server::start();
    let response = server.get("/api.yaml");
    assert_eq!(response.media_type(), "application/yaml");
    assert_eq!(response.text(), SPECIFICATION);
}

#[test]
fn the_page_names_every_operation_and_needs_nothing_from_elsewhere() {
    let server = Server::start();
    let response = server.get("/docs");
    assert_eq!(response.media_type(), "text/html");
    let policy = response.header("content-security-policy");
    assert!(policy.is_some_and(|policy| policy.contains("default-src 'none'")));
    let page = response.text();
    for route in depesche::http::ROUTES {
        assert!(page.contains(&format!("<code>{}</code>", route.path)));
    }
    for foreign in ["<script", "src=", "@import", "url(", "<link"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}
