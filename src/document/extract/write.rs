//! Writes what was found on a page as plain HTML.

use super::scan::{Run, Shape};

/// What is open between runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    List,
    Row(usize),
}

/// The byline, then the runs.
pub fn write(byline: Option<&str>, runs: &[&Run]) -> String {
    let mut html = String::new();
    if let Some(byline) = byline {
        let byline = byline.replace('&', "&amp;").replace('<', "&lt;");
        html += &format!("<p class=\"author\">{byline}</p>\n");
    }
    let mut around = Around::Nothing;
    for run in runs {
        let wanted = match run.shape {
            Shape::Item => Around::List,
            Shape::Cell(row) => Around::Row(row),
            Shape::Paragraph | Shape::Heading(_) | Shape::Quote | Shape::Preformatted => {
                Around::Nothing
            }
        };
        change(&mut html, around, wanted);
        around = wanted;
        let text = run.html.trim();
        html += &match run.shape {
            Shape::Paragraph => format!("<p>{text}</p>\n"),
            // The headline is the title's.
            Shape::Heading(level) => {
                let level = level.max(2);
                format!("<h{level}>{text}</h{level}>\n")
            }
            Shape::Item => format!("<li>{text}</li>\n"),
            Shape::Quote => format!("<blockquote><p>{text}</p></blockquote>\n"),
            Shape::Preformatted => format!("<pre>{text}</pre>\n"),
            Shape::Cell(_) => format!("<td>{text}</td>"),
        };
    }
    change(&mut html, around, Around::Nothing);
    html
}

/// Closes and opens what stands around runs.
fn change(html: &mut String, from: Around, to: Around) {
    if from == to {
        return;
    }
    *html += match (from, to) {
        (Around::Row(_), Around::Row(_)) => "</tr>\n<tr>",
        (Around::Nothing, Around::List) => "<ul>\n",
        (Around::Nothing, Around::Row(_)) => "<table>\n<tr>",
        (Around::List, Around::Nothing) => "</ul>\n",
        (Around::Row(_), Around::Nothing) => "</tr>\n</table>\n",
        (Around::List, Around::Row(_)) => "</ul>\n<table>\n<tr>",
        (Around::Row(_), Around::List) => "</tr>\n</table>\n<ul>\n",
        (Around::Nothing, Around::Nothing) | (Around::List, Around::List) => "",
    };
}
