//! Reads a page into runs of text and the containers around them.

mod attributes;
mod page;
mod stack;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::furniture;
use crate::document::html::elements::{self, Attributes, Place};
use attributes::{attribute, escaped, is_harmless, is_invisible, names};
use page::Container;
pub use page::{Page, Run, Shape};
use stack::{Open, Stack};

/// Reads a page. With `trusting`, names do not speak against a container: some pages
/// are called for what lies beside their article.
pub fn scan(html: &str, trusting: bool) -> Page {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut scanner = Scanner {
        page: Page {
            containers: vec![Container {
                parent: None,
                last: 0,
                bonus: 1.0,
                is_article: false,
                is_page: true,
            }],
            runs: Vec::new(),
            title: None,
        },
        open: Stack::default(),
        run: None,
        written: Vec::new(),
        rows: 0,
        document_title: String::new(),
        trusting,
    };
    for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
        match token {
            Token::StartTag(tag) => scanner.start(&tag),
            Token::EndTag(tag) => scanner.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => {
                scanner.text(html.get(text.span.start..text.span.end).unwrap_or_default());
            }
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    scanner.finish()
}

struct Scanner {
    page: Page,
    open: Stack,
    run: Option<Run>,
    /// Inline elements of the run that are not closed.
    written: Vec<String>,
    rows: usize,
    document_title: String,
    trusting: bool,
}

impl Scanner {
    fn start(&mut self, tag: &StartTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        match name.as_str() {
            "meta" => self.meta(&tag.attributes),
            "br" => {
                if let Some(run) = &mut self.run {
                    run.html.push_str("<br>");
                    run.text.push('\n');
                }
            }
            _ => {}
        }
        let place = Place::of(&name);
        if place == Place::Block {
            self.close_run();
            self.open.close_implied(&name);
        }
        // What is written as an element without content in HTML has none.
        let is_void =
            elements::is_void(&name) || tag.self_closing && matches!(name.as_str(), "svg" | "math");
        if is_void || self.open.is_full() {
            return;
        }
        let element = self.element(name, place, &tag.attributes);
        if !element.is_hidden && place == Place::Inline {
            self.write_inline(&element, &tag.attributes);
        }
        self.open.push(element);
    }

    /// What an element is, given those it stands in.
    fn element(&mut self, name: String, place: Place, attributes: &Attributes) -> Open {
        let outer = self.open.last();
        let container = outer.map_or(0, |outer| outer.container);
        let names = names(attributes);
        let own = match name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name
                    .as_bytes()
                    .get(1)
                    .map_or(1, |digit| digit.saturating_sub(b'0'));
                Some(Shape::Heading(level))
            }
            "li" | "dt" | "dd" => Some(Shape::Item),
            "blockquote" => Some(Shape::Quote),
            "pre" => Some(Shape::Preformatted),
            "tr" => {
                self.rows += 1;
                Some(Shape::Cell(self.rows))
            }
            _ => None,
        };
        let in_article = outer.is_some_and(|outer| outer.in_article)
            || matches!(name.as_str(), "article" | "main");
        let is_page = matches!(name.as_str(), "html" | "body");
        let is_hidden = outer.is_some_and(|outer| outer.is_hidden)
            || furniture::is_element(&name) && !(self.trusting && name == "form")
            || place == Place::Silent
            || is_invisible(attributes)
            || !self.trusting && (name == "header" && !in_article)
            || !self.trusting && place == Place::Block && !is_page && furniture::is_named(&names);
        let is_byline = outer.is_some_and(|outer| outer.is_byline)
            || elements::names_author(attributes)
            || name == "address";
        let shape = own.or(outer.and_then(|outer| outer.shape));
        let holds =
            place == Place::Block && own.is_none() && !matches!(name.as_str(), "p" | "td" | "th");
        let container = match holds {
            true => self.contain(container, &name, &names, attributes),
            false => container,
        };
        Open {
            name,
            container,
            is_hidden,
            is_byline,
            in_article,
            shape,
        }
    }

    fn contain(
        &mut self,
        parent: usize,
        name: &str,
        names: &str,
        attributes: &Attributes,
    ) -> usize {
        let number = self.page.containers.len();
        let marks_body = attribute(attributes, "itemprop").is_some_and(|it| it == "articleBody");
        let bonus = match name {
            _ if marks_body => 2.0,
            "article" | "main" => 1.5,
            _ if furniture::names_article(names) => 1.25,
            _ => 1.0,
        };
        self.page.containers.push(Container {
            parent: Some(parent),
            last: number,
            bonus,
            is_article: bonus > 1.0 && name != "main",
            is_page: matches!(name, "html" | "body"),
        });
        number
    }

    /// Inline markup that means something is written; the rest is left out.
    fn write_inline(&mut self, element: &Open, attributes: &Attributes) {
        let tag = match element.name.as_str() {
            "a" => match attribute(attributes, "href").filter(|href| is_harmless(href)) {
                Some(href) => format!("<a href=\"{}\">", escaped(&href)),
                None => return,
            },
            name if is_meaningful(name) => format!("<{name}>"),
            _ => return,
        };
        let run = self.run.get_or_insert_with(|| Run::begin(element));
        run.is_byline |= element.is_byline;
        run.html.push_str(&tag);
        self.written.push(element.name.clone());
    }

    fn end(&mut self, name: &str) {
        if Place::of(name) == Place::Block {
            self.close_run();
        } else if self.written.iter().any(|written| written == name) {
            while let Some(written) = self.written.pop() {
                self.write_end(&written);
                if written == name {
                    break;
                }
            }
        }
        self.open.pop(name);
    }

    fn write_end(&mut self, name: &str) {
        if let Some(run) = &mut self.run {
            run.html.push_str("</");
            run.html.push_str(name);
            run.html.push('>');
        }
    }

    fn text(&mut self, text: &str) {
        let is_title = |open: &Open| open.name == "title";
        if self.open.last().is_some_and(is_title) && !self.open.holds("svg") {
            self.document_title.push_str(text);
            return;
        }
        let is_blank = text.trim().is_empty();
        if is_blank && self.run.is_none() {
            return;
        }
        let link = self.open.holds("a");
        let root = Open {
            name: String::new(),
            container: 0,
            is_hidden: false,
            is_byline: false,
            in_article: false,
            shape: None,
        };
        let here = self.open.last().unwrap_or(&root);
        if here.is_hidden {
            return;
        }
        let run = self.run.get_or_insert_with(|| Run::begin(here));
        run.is_byline |= here.is_byline && !is_blank;
        run.html.push_str(text);
        run.text.push_str(text);
        if link {
            run.links += text.chars().filter(|c| !c.is_whitespace()).count();
        }
    }

    fn close_run(&mut self) {
        while let Some(written) = self.written.pop() {
            self.write_end(&written);
        }
        if let Some(mut run) = self.run.take()
            && !run.text.trim().is_empty()
        {
            run.order = self.page.runs.len();
            self.page.runs.push(run);
        }
    }

    fn meta(&mut self, attributes: &Attributes) {
        if attribute(attributes, "property").is_some_and(|it| it == "og:title")
            && let Some(title) = attribute(attributes, "content")
        {
            self.page.title = Some(spaced(&title));
        }
    }

    fn finish(mut self) -> Page {
        self.close_run();
        // Outer containers end where the last of their inner ones does.
        for number in (1..self.page.containers.len()).rev() {
            let (last, parent) = {
                let container = &self.page.containers[number];
                (container.last, container.parent)
            };
            if let Some(outer) = parent.and_then(|parent| self.page.containers.get_mut(parent)) {
                outer.last = outer.last.max(last);
            }
        }
        if self.page.title.is_none() {
            let title = spaced(&htmlize::unescape(self.document_title.as_str()));
            self.page.title =
                Some(without_site(&title).to_owned()).filter(|title| !title.is_empty());
        }
        self.page
    }
}

impl Run {
    fn begin(element: &Open) -> Self {
        Run {
            container: element.container,
            order: 0,
            shape: element.shape.unwrap_or(Shape::Paragraph),
            html: String::new(),
            text: String::new(),
            links: 0,
            is_byline: false,
        }
    }
}

/// Inline elements that are written.
fn is_meaningful(name: &str) -> bool {
    matches!(
        name,
        "b" | "strong"
            | "i"
            | "em"
            | "u"
            | "s"
            | "sub"
            | "sup"
            | "q"
            | "cite"
            | "code"
            | "mark"
            | "abbr"
            | "small"
    )
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title without the name of the site behind it: „… | Beispielblatt“. What
/// stands behind a dash alone may belong to the headline.
fn without_site(title: &str) -> &str {
    match title.rsplit_once(" | ") {
        Some((headline, site)) if headline.chars().count() > site.chars().count() => {
            headline.trim()
        }
        Some(_) | None => title,
    }
}
