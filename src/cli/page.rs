//! A dispatch as one HTML page: `depesche article --html`.

use std::fmt::Write;

use crate::dispatch::{Dispatch, FigureReport, Part, WarningCode};
use crate::document::Format;

const STYLE: &str = "body{font:17px/1.55 system-ui,sans-serif;max-width:44em;margin:2em auto;padding:0 1em;\
color:#1b1b1f;background:#fff}h2{font-size:1em;text-transform:uppercase;letter-spacing:.06em;margin-top:2.2em}\
iframe{width:100%;height:75vh;border:1px solid #ddd;background:#fff}\
mark{background:#d8f3dc;color:inherit;border-radius:.2em;padding:0 .15em}mark.unresolved{background:#ffd6d6}\
table{border-collapse:collapse;width:100%;font-size:.85em}td,th{text-align:left;padding:.25em .6em .25em 0;\
border-bottom:1px solid #ddd}@media(prefers-color-scheme:dark){body{background:#16161a;color:#e8e8ee}\
mark{background:#1f4d2b}mark.unresolved{background:#6b1f1f}td,th{border-color:#333}}";

/// The page, complete and without outside resources.
pub fn render(dispatch: &Dispatch) -> String {
    let mut out = String::new();
    let title = dispatch.translation.title.as_deref();
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<article>\n",
        escape(title.unwrap_or("Dispatch"))
    )
    .ok();
    if let Some(title) = title {
        writeln!(out, "<h1>{}</h1>", escape(title)).ok();
    }
    body(&mut out, dispatch);
    out.push_str("</article>\n");
    if !dispatch.summary.text.is_empty() {
        writeln!(
            out,
            "<h2>Summary</h2>\n<p>{}</p>",
            escape(&dispatch.summary.text)
        )
        .ok();
    }
    key_figures(&mut out, dispatch);
    table(&mut out, dispatch);
    warnings(&mut out, dispatch);
    out.push_str("</body>\n</html>\n");
    out
}

/// What an article's own page may do: show itself, and fetch nothing.
const FRAME_HEAD: &str = "<meta http-equiv=\"Content-Security-Policy\" \
content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\
<style>mark{background:#d8f3dc}mark.unresolved{background:#ffd6d6}</style>";

/// Text becomes paragraphs with marked figures, Markdown stays as it is
/// written. HTML may be a whole page with scripts and styles: it stands in a
/// frame of its own in which nothing runs.
fn body(out: &mut String, dispatch: &Dispatch) {
    let translation = &dispatch.translation;
    match translation.format {
        Format::Html => {
            let page = marked(&translation.text, &dispatch.figures, str::to_owned);
            writeln!(
                out,
                "<iframe sandbox=\"\" title=\"Translation\" srcdoc=\"{}{}\"></iframe>",
                escape(FRAME_HEAD),
                escape(&page)
            )
            .ok();
        }
        Format::Markdown => {
            writeln!(out, "<pre>{}</pre>", escape(&translation.text)).ok();
        }
        Format::Text => {
            let marked = marked(&translation.text, &dispatch.figures, escape);
            for paragraph in marked.split('\n').filter(|line| !line.trim().is_empty()) {
                writeln!(out, "<p>{paragraph}</p>").ok();
            }
        }
    }
}

/// The text, written by `write`, with every figure of it in a `mark` element;
/// a figure with markup inside stays without.
fn marked(text: &str, figures: &[FigureReport], write: fn(&str) -> String) -> String {
    let mut marks: Vec<(usize, usize, bool)> = figures
        .iter()
        .filter(|figure| figure.part == Part::Body)
        .filter_map(|figure| {
            let span = figure.target.as_ref()?.span;
            Some((span.start, span.end, figure.status.resolved()))
        })
        .collect();
    marks.sort_unstable();
    let mut out = String::with_capacity(text.len() * 2);
    let mut from = 0;
    for (start, end, resolved) in marks {
        let (Some(before), Some(figure)) = (text.get(from..start), text.get(start..end)) else {
            continue;
        };
        if figure.contains(['<', '>']) {
            continue;
        }
        let class = if resolved {
            ""
        } else {
            " class=\"unresolved\""
        };
        write!(
            out,
            "{}<mark{class}>{}</mark>",
            write(before),
            write(figure)
        )
        .ok();
        from = end;
    }
    out.push_str(&write(text.get(from..).unwrap_or_default()));
    out
}

/// What the article turns on, each with its sentence.
fn key_figures(out: &mut String, dispatch: &Dispatch) {
    if dispatch.key_figures.is_empty() {
        return;
    }
    out.push_str("<h2>Key figures</h2>\n<ol>\n");
    for figure in &dispatch.key_figures {
        writeln!(
            out,
            "<li><b>{}</b>: {}</li>",
            escape(&figure.text),
            escape(&figure.sentence)
        )
        .ok();
    }
    out.push_str("</ol>\n");
}

fn table(out: &mut String, dispatch: &Dispatch) {
    if dispatch.figures.is_empty() {
        return;
    }
    out.push_str("<h2>Figures</h2>\n<table>\n<tr><th>Status</th><th>Kind</th><th>German</th><th>English</th></tr>\n");
    for figure in &dispatch.figures {
        let side = |mention: &Option<crate::figures::Mention>| {
            mention
                .as_ref()
                .map_or_else(|| "—".to_owned(), |mention| escape(&mention.text))
        };
        writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            figure.status.as_str(),
            figure.kind.as_str(),
            side(&figure.source),
            side(&figure.target)
        )
        .ok();
    }
    out.push_str("</table>\n");
}

/// What is wrong besides figures, which have their table.
fn warnings(out: &mut String, dispatch: &Dispatch) {
    let mut others = dispatch
        .warnings
        .iter()
        .filter(|warning| warning.code != WarningCode::FigureUnresolved)
        .peekable();
    if others.peek().is_none() {
        return;
    }
    out.push_str("<h2>Warnings</h2>\n<ul>\n");
    for warning in others {
        let segment = warning
            .segment
            .and_then(|id| dispatch.translation.segments.get(id));
        let quoted = segment.map_or_else(String::new, |segment| {
            format!(": “{}”", escape(&segment.source))
        });
        writeln!(out, "<li>{}{quoted}</li>", escape(&warning.message)).ok();
    }
    out.push_str("</ul>\n");
}

fn escape(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut out, c| {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                other => out.push(other),
            }
            out
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::{ModelTag, Summary, Timings, Translation};

    #[test]
    fn nothing_of_an_html_article_leaves_its_frame() {
        let dispatch = Dispatch {
            translation: Translation {
                title: None,
                text: "<html><head><script>alert(1)</script></head><body onload=\"f()\">Hi".into(),
                format: Format::Html,
                segments: Vec::new(),
            },
            summary: Summary::default(),
            key_figures: Vec::new(),
            figures: Vec::new(),
            terms: Vec::new(),
            warnings: Vec::new(),
            model: ModelTag {
                name: "test".into(),
                adapter: None,
            },
            timings: Timings::default(),
            source: None,
        };
        let page = render(&dispatch);
        assert!(page.contains("<iframe sandbox=\"\""));
        assert!(page.contains("&lt;script&gt;alert(1)"));
        assert!(!page.contains("<script") && !page.contains("onload=\"f"));
    }
}
