//! Files that are translated, as the clients of DeepL and LibreTranslate send them.

use std::io::{Cursor, Read, Write};

use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::Server;
use crate::client::Response;

const TYPE: (&str, &str) = ("Content-Type", "multipart/form-data; boundary=\"b0undary\"");

fn form(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!(
                "--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .bytes(),
        );
    }
    if let Some((name, content)) = file {
        let head = format!(
            "--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--b0undary--\r\n");
    body
}

const DEEPL: [(&str, &str); 2] = [("target_lang", "EN-US"), ("source_lang", "DE")];

/// Sends a file as DeepL's clients do and waits for it.
fn translated(server: &Server, name: &str, content: &[u8]) -> Response {
    let sent = server.ask(
        "POST",
        "/v2/document",
        &[TYPE],
        &form(&DEEPL, Some((name, content))),
    );
    assert_eq!(sent.status, 200, "{}", sent.text());
    let handle = sent.json();
    let path = format!(
        "/v2/document/{}",
        handle["document_id"].as_str().expect("an id")
    );
    let key = json!({ "document_key": handle["document_key"] });
    server.until("the file is translated", |server| {
        let status = server.post(&path, &key).json()["status"].clone();
        assert_ne!(status, "error");
        status == "done"
    });
    assert!(server.post(&path, &key).json()["billed_characters"].as_u64() > Some(0));
    for wrong in [json!({ "document_key": "x" }), json!({})] {
        assert_eq!(server.post(&path, &wrong).status, 404);
        assert_eq!(server.post(&format!("{path}/result"), &wrong).status, 404);
    }
    let result = server.post(&format!("{path}/result"), &key);
    assert_eq!(result.status, 200);
    let disposition = result.header("content-disposition").expect("a download");
    assert!(disposition.starts_with("attachment;"), "{disposition}");
    result
}

fn word(paragraphs: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let xml = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body>{paragraphs}</w:body></w:document>"
    );
    for (name, content) in [
        ("word/document.xml", xml.as_str()),
        ("word/styles.xml", "<w:styles/>"),
    ] {
        writer
            .start_file(name, SimpleFileOptions::default())
            .expect("a file");
        writer.write_all(content.as_bytes()).expect("written");
    }
    writer.finish().expect("an archive").into_inner()
}

fn document(file: &[u8]) -> String {
    let mut archive = ZipArchive::new(Cursor::new(file)).expect("an archive");
    assert!(archive.by_name("word/styles.xml").is_ok());
    let mut xml = String::new();
    let mut part = archive.by_name("word/document.xml").expect("it is there");
    part.read_to_string(&mut xml).expect("it is text");
    xml
}

const PARAGRAPHS: &str = "<w:p><w:r><w:t xml:space=\"preserve\">Die Zahl </w:t></w:r>\
    <w:r><w:rPr><w:b/></w:rPr><w:t>stieg um 4,5 Prozent</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p>";

#[test]
fn text_and_html_are_translated() {
    let server = Server::start();
    let text = translated(
        &server,
        "Bericht.TXT",
        "Guten Morgen, Deutschland.\n\nDer Satz\n".as_bytes(),
    );
    assert_eq!(text.text(), "Good morning, Germany.\n\nThe Satz\n");
    assert_eq!(text.media_type(), "text/plain");
    let html = translated(
        &server,
        "a.html",
        b"<p class=\"x\">Der <b>Satz</b> und das Wort.</p>",
    );
    assert_eq!(
        html.text(),
        "<p class=\"x\">The <b>Satz</b> and das Wort.</p>"
    );
}

#[test]
fn word_files_keep_their_formatting() {
    let server = Server::start();
    let xml = document(&translated(&server, "Bericht.docx", &word(PARAGRAPHS)).body);
    assert!(
        xml.contains("<w:t xml:space=\"preserve\">The Zahl</w:t>"),
        "{xml}"
    );
    assert!(
        xml.contains(
            "<w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\"> stieg um 4.5 Prozent</w:t>"
        ),
        "{xml}"
    );
}

#[test]
fn libretranslate_tells_where_the_file_is() {
    let server = Server::start();
    let fields = [("source", "de"), ("target", "en")];
    let body = form(&fields, Some(("Bericht.docx", &word(PARAGRAPHS))));
    let answer = server.ask("POST", "/translate_file", &[TYPE], &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let url = answer.json()["translatedFileUrl"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let path = url
        .strip_prefix("http://localhost")
        .expect("the host of the request");
    assert!(document(&server.get(path).body).contains("The Zahl"));
    assert_eq!(server.get("/download_file/7.docx").status, 404);
    let settings = server.get("/frontend/settings").json();
    assert_eq!(settings["filesTranslation"], true);
}

#[test]
fn files_that_cannot_be_translated_are_refused() {
    let server = Server::start();
    let bomb = {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer
            .start_file("word/document.xml", SimpleFileOptions::default())
            .expect("a file");
        writer.write_all(&vec![b' '; 40_000_000]).expect("written");
        writer.finish().expect("an archive").into_inner()
    };
    for (name, content, status) in [
        ("a.pdf", &b"%PDF"[..], 400),
        ("a.txt", b"W\xe4hrung", 400),
        ("a.docx", b"PK", 400),
        ("a.docx", bomb.as_slice(), 413),
        ("a.txt", &[b'x'; 70_000], 413),
    ] {
        for (path, fields) in [
            ("/v2/document", DEEPL),
            ("/translate_file", [("source", "de"), ("target", "en")]),
        ] {
            let body = form(&fields, Some((name, content)));
            assert_eq!(
                server.ask("POST", path, &[TYPE], &body).status,
                status,
                "{path} {name}"
            );
        }
    }
    for body in [
        form(&DEEPL, None),
        form(&[], Some(("a.txt", b"x"))),
        b"--b0undary\r\n".to_vec(),
    ] {
        assert_eq!(
            server.ask("POST", "/v2/document", &[TYPE], &body).status,
            400
        );
        assert_eq!(
            server.ask("POST", "/translate_file", &[TYPE], &body).status,
            400
        );
    }
    assert_eq!(server.post("/v2/document", &json!({})).status, 415);
}

#[test]
fn a_file_on_which_the_work_fails_says_so() {
    let server = Server::start();
    let body = form(&DEEPL, Some(("a.txt", b"Der FEHLER ist da.")));
    let handle = server.ask("POST", "/v2/document", &[TYPE], &body).json();
    let path = format!(
        "/v2/document/{}",
        handle["document_id"].as_str().expect("an id")
    );
    let key = json!({ "document_key": handle["document_key"] });
    server.until("the work has failed", |server| {
        server.post(&path, &key).json()["status"] == "error"
    });
    let told = server.post(&path, &key).json()["error_message"].clone();
    assert!(
        !told
            .as_str()
            .expect("a message")
            .contains("scripted failure")
    );
    assert_eq!(server.post(&format!("{path}/result"), &key).status, 500);
}
