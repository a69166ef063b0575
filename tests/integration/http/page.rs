//! The page for people.

use super::Server;

const FILES: [(&str, &str); 3] = [
    ("/", "text/html; charset=utf-8"),
    ("/ui/page.css", "text/css; charset=utf-8"),
    ("/ui/page.js", "text/javascript; charset=utf-8"),
];

/// What stands behind `name="` in an HTML text.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    html.split(&format!(" {name}=\""))
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default())
        .collect()
}

#[test]
fn the_page_and_its_files_are_served_and_may_use_nothing_else() {
    let server = Server::start();
    for (path, content_type) in FILES {
        let response = server.get(path);
        assert_eq!(response.status, 200, "{path}");
        assert_eq!(response.header("content-type"), Some(content_type));
        assert_eq!(response.header("cache-control"), Some("no-cache"));
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        let policy = response
            .header("content-security-policy")
            .expect("a policy");
        let directives: Vec<&str> = policy.split("; ").collect();
        for directive in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(directives.contains(&directive), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert!(!response.text().is_empty(), "{path}");
    }
}

#[test]
fn head_tells_of_the_page_without_sending_it() {
    let server = Server::start();
    for (path, content_type) in FILES {
        let mut connection = server.connect();
        connection.head("HEAD", path, &[]);
        let head = connection.response_head();
        assert_eq!(head.status, 200, "{path}");
        assert_eq!(head.header("content-type"), Some(content_type));
        assert!(head.header("content-security-policy").is_some());
    }
}

#[test]
fn the_page_names_only_what_this_service_has() {
    let server = Server::start();
    let page = server.get("/").text().to_owned();
    let links: Vec<&str> = ["href", "src", "action"]
        .iter()
        .flat_map(|name| attributes(&page, name))
        .filter(|link| !link.starts_with('#') && !link.starts_with("data:image/"))
        .collect();
    for file in ["/ui/page.css", "/ui/page.js", "/docs"] {
        assert!(links.contains(&file), "{file} is not linked");
    }
    for link in links {
        assert_eq!(server.get(link).status, 200, "{link}");
    }
    // The policy would keep them from working.
    for inline in ["<style", " style=", "<script>", " onclick=", "javascript:"] {
        assert!(!page.contains(inline), "{inline}");
    }
    let style = server.get("/ui/page.css").text().to_owned();
    for foreign in ["@import", "url(", "http:", "https:"] {
        assert!(!style.contains(foreign), "{foreign}");
    }
    let script = server.get("/ui/page.js").text().to_owned();
    for foreign in ["http:", "https:", "import(", "innerHTML", "eval("] {
        assert!(!script.contains(foreign), "{foreign}");
    }
}

#[test]
fn every_label_of_the_page_has_words_in_both_languages() {
    let server = Server::start();
    let page = server.get("/").text().to_owned();
    let script = server.get("/ui/page.js").text().to_owned();
    let english = script.find("\n  en: {").expect("English words");
    let german = script.find("\n  de: {").expect("German words");
    let end = german + script[german..].find("\n};").expect("the end of the words");
    let mut keys = attributes(&page, "data-t");
    keys.extend(attributes(&page, "data-t-label"));
    assert!(keys.len() > 30, "{}", keys.len());
    for key in keys {
        for words in [&script[english..german], &script[german..end]] {
            assert!(words.contains(&format!(" {key}: ")), "{key} has no words");
        }
    }
}
