use proptest::prelude::*;

use super::*;
use crate::document::{Document, Format};

macro_rules! page {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../../tests/data/pages/", $name, ".html")),
            include_str!(concat!("../../../tests/data/pages/", $name, ".txt")),
        )
    };
}
/// Pages with what is to be found on them: the headline, then a line a block.
const PAGES: [(&str, &str, &str); 9] = [
    page!("deichschutz"),
    page!("gaspreis"),
    page!("haushalt"),
    page!("heizen"),
    page!("klinik"),
    page!("liveblog"),
    page!("talbruecke"),
    page!("tempolimit"),
    page!("zugausfall"),
];

/// The headline and the texts of the blocks, as the reader of HTML finds them.
fn lines(extract: &Extract) -> Vec<String> {
    let document = Document::parse(&extract.body, Format::Html).expect("there is text");
    let blocks = document.blocks().iter();
    let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    extract
        .title
        .iter()
        .map(String::as_str)
        .chain(blocks.map(|block| block.text.as_str()))
        .map(spaced)
        .collect()
}

#[test]
fn of_each_page_the_article_is_found_and_nothing_else() {
    for (name, html, wanted) in PAGES {
        let extract = extract(html).unwrap_or_else(|| panic!("{name}: nothing was found"));
        let wanted: Vec<&str> = wanted.lines().collect();
        assert_eq!(lines(&extract), wanted, "{name}\n{}", extract.body);
    }
}

#[test]
fn what_is_written_is_clean() {
    let (_, html, _) = PAGES[1];
    let body = extract(html).expect("an article").body;
    assert!(body.contains("<a href=\"https://netz.example/mulden\">Netzbetreibers</a>"));
    assert!(body.contains("<b>18.30&nbsp;Uhr</b>"));
    for foreign in ["onclick", "<script", "<img", "style", "<div"] {
        assert!(!body.contains(foreign), "{foreign}: {body}");
    }
    let hostile = format!(
        "<article><p>{0} <a href=\" javascript:alert(1)\">Ja</a> <a href='data:x'>nein</a> \
         <b onmouseover=x>oder</b><script>x</script><p>{0}</article>",
        "Der Umsatz stieg im Jahr 2023, sagte der Vorstand, um vier Prozent auf zwei Milliarden."
    );
    let body = extract(&hostile).expect("an article").body;
    assert!(body.contains("Ja nein <b>oder</b></p>"), "{body}");
}

#[test]
fn a_page_of_links_and_an_empty_one_hold_no_article() {
    let teaser = "<li><a href=/x>Der Dax steigt auf ein neues Hoch, die Anleger jubeln, und alle sind froh.</a></li>";
    for html in [
        "",
        "<p>Kurz.</p>",
        &format!("<main><h1>Start</h1><ul>{}</ul></main>", teaser.repeat(40)),
        "<nav><p>Eine lange Navigation, die aus Sätzen besteht, aber keine Nachricht ist, sondern den Weg weist.</p></nav>",
        "Der Umsatz & <<<>>",
    ] {
        assert_eq!(extract(html), None, "{html}");
    }
}

#[test]
fn deep_and_broken_pages_take_no_longer_than_others() {
    let sentence =
        "Der Umsatz stieg im Jahr 2023, sagte der Vorstand, um vier Prozent auf zwei Milliarden. ";
    let begun = std::time::Instant::now();
    for html in [
        format!("{}{sentence}{sentence}", "<div>".repeat(200_000)),
        format!("{}{sentence}{sentence}", "<b><i>".repeat(100_000)),
        format!("<p>{}", sentence.repeat(20_000)),
        format!("{}<p>{sentence}{sentence}", "</div></b>".repeat(100_000)),
        format!("<p>{sentence}").repeat(20_000),
        format!("{}{sentence}{sentence}", "<a>".repeat(200_000)),
        "<div><p>".repeat(100_000),
    ] {
        extract(&html);
    }
    // In a debug build, on a slow machine: seconds, where a square would be hours.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

proptest! {
    #[test]
    fn any_page_is_read(html in "(<p>|</p>|<div class=ad>|</div>|<a href=x>|</a>|<h1>|<li>|<td>|<b>|</b>|<title>|<br>|Der Umsatz stieg, sagte er, um 4 Prozent. |&amp;|<|ä){0,40}") {
        if let Some(extract) = extract(&html) {
            prop_assert!(Document::parse(&extract.body, Format::Html).is_ok());
        }
    }
}
