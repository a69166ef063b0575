use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;

const NAMESPACE: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

fn document(paragraphs: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><w:document {NAMESPACE}><w:body>{paragraphs}</w:body></w:document>"
    )
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("a file");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("an archive").into_inner()
}

fn word(xml: &str) -> Vec<u8> {
    zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", xml.as_bytes()),
        ("word/media/image1.png", b"\x89PNG"),
    ])
}

fn part(file: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(file)).expect("an archive");
    let mut text = String::new();
    let mut file = archive.by_name(name).expect("it is there");
    file.read_to_string(&mut text).expect("it is text");
    text
}

const REPORT: &str = "<w:p w:rsidR=\"1\"><w:pPr><w:pStyle w:val=\"Titel\"/></w:pPr>\
    <w:r><w:t>Der Umsatz </w:t></w:r><w:r><w:t xml:space=\"preserve\">stieg </w:t></w:r>\
    <w:r><w:rPr><w:b/></w:rPr><w:t>um 4,5 &amp; mehr</w:t></w:r>\
    <w:bookmarkStart w:id=\"0\" w:name=\"x\"/>\
    <w:hyperlink r:id=\"rId4\"><w:r><w:rPr><w:u/></w:rPr><w:t>Prozent</w:t></w:r></w:hyperlink>\
    <w:r><w:footnoteReference w:id=\"2\"/></w:r><w:r><w:t>.</w:t></w:r></w:p>";

#[test]
fn a_paragraph_becomes_html_with_numbered_elements() {
    let docx = Docx::read(word(&document(REPORT))).expect("a Word file");
    assert_eq!(
        docx.html(),
        "<p>Der Umsatz stieg <i id=\"1\">um 4,5 &amp; mehr</i><img id=\"2\">\
         <i id=\"3\">Prozent</i><img id=\"4\">.</p>\n"
    );
}

#[test]
fn untranslated_files_stay_as_they_are() {
    let file = word(&document(REPORT));
    let docx = Docx::read(file.clone()).expect("a Word file");
    let same = docx.render(&docx.html()).expect("rendered");
    for name in ["word/document.xml", "[Content_Types].xml"] {
        assert_eq!(part(&same, name), part(&file, name));
    }
}

#[test]
fn translations_take_their_formatting_along() {
    let docx = Docx::read(word(&document(REPORT))).expect("a Word file");
    let html = "<p><i id=\"3\">Percent</i> of &lt;sales&gt; <img id=\"2\"><i id=\"1\">rose 4.5</i>\
                <img id=\"4\">.</p>\n";
    let xml = part(&docx.render(html).expect("rendered"), "word/document.xml");
    let run = |format: &str, text: &str| {
        format!("<w:r>{format}<w:t xml:space=\"preserve\">{text}</w:t></w:r>")
    };
    let expected = [
        "<w:pPr><w:pStyle w:val=\"Titel\"/></w:pPr>",
        "<w:hyperlink r:id=\"rId4\">",
        &run("<w:rPr><w:u/></w:rPr>", "Percent"),
        "</w:hyperlink>",
        &run("", " of &lt;sales&gt; "),
        "<w:bookmarkStart w:id=\"0\" w:name=\"x\"/>",
        &run("<w:rPr><w:b/></w:rPr>", "rose 4.5"),
        "<w:r><w:footnoteReference w:id=\"2\"/></w:r>",
        &run("", "."),
        "</w:p>",
    ]
    .concat();
    assert!(xml.contains(&expected), "{xml}");
    assert!(
        docx.render("<p>Nothing is left.</p>").is_err(),
        "a link got lost"
    );
    assert!(docx.render("").is_err());
}

#[test]
fn what_is_no_text_ends_a_stretch_and_stays() {
    let paragraph = "<w:p><w:r><w:t>Eins</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>Zwei</w:t></w:r>\
        <w:ins w:id=\"1\"><w:r><w:t>Neu</w:t></w:r></w:ins>\
        <w:r><w:drawing><w:txbxContent><w:p><w:r><w:t>Kasten</w:t></w:r></w:p></w:txbxContent></w:drawing></w:r>\
        <w:r><w:t>Drei</w:t></w:r></w:p>";
    let docx = Docx::read(word(&document(paragraph))).expect("a Word file");
    assert_eq!(
        docx.html(),
        "<p>Eins</p>\n<p>Zwei</p>\n<p>Kasten</p>\n<p>Drei</p>\n"
    );
    let html = docx.html().replace("Eins", "One").replace("Kasten", "Box");
    let xml = part(&docx.render(&html).expect("rendered"), "word/document.xml");
    for kept in [
        "<w:t>Neu</w:t>",
        "<w:r><w:tab/></w:r>",
        ">Box<",
        ">One<",
        "<w:t>Drei</w:t>",
    ] {
        assert!(xml.contains(kept), "{kept}: {xml}");
    }
}

#[test]
fn bombs_and_other_files_are_refused() {
    let refused = |file: Vec<u8>| Docx::read(file).expect_err("it is refused");
    assert!(matches!(
        refused(b"PK\x03\x04 not really".to_vec()),
        Error::Malformed(_)
    ));
    assert!(matches!(
        refused(zipped(&[("a.txt", b"x")])),
        Error::Malformed(_)
    ));
    // 40 MB of spaces in 40 kB.
    let bomb = vec![b' '; archive::LARGEST_TEXT + 8];
    let file = zipped(&[("word/document.xml", &bomb)]);
    assert!(file.len() < 100_000);
    assert!(matches!(refused(file), Error::TooLarge { .. }));
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><x>&b;</x>";
    assert!(matches!(refused(word(laughs)), Error::Malformed(_)));
    let entity = document("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>");
    assert!(matches!(refused(word(&entity)), Error::Malformed(_)));
    let deep = "<w:p>".repeat(100_000);
    assert!(matches!(refused(word(&deep)), Error::Malformed(_)));
    for broken in ["<w:p>", "<w:p></w:r>", "</w:p>", "<w:p"] {
        assert!(
            matches!(refused(word(broken)), Error::Malformed(_)),
            "{broken}"
        );
    }
}

#[test]
fn the_reader_of_html_keeps_the_elements() {
    use crate::document::{Document, Format, Target};
    use crate::span::Span;

    let docx = Docx::read(word(&document(REPORT))).expect("a Word file");
    let html = docx.html();
    let page = Document::parse(&html, Format::Html).expect("there is text");
    let targets: Vec<Vec<Target>> = page
        .blocks()
        .iter()
        .map(|block| {
            vec![Target {
                span: Span::new(0, block.text.len()),
                text: "Revenue rose by 4.5 & more percent.".into(),
            }]
        })
        .collect();
    let rendered = page.render(&targets).text;
    let xml = part(
        &docx.render(&rendered).expect("rendered"),
        "word/document.xml",
    );
    assert!(
        xml.contains("Revenue rose") && xml.contains("</w:hyperlink>"),
        "{xml}"
    );
}
