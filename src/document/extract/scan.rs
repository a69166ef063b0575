//! Reads a page into runs of text and the containers around them.

use std::collections::HashMap;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::furniture;
use crate::document::html::elements::{self, Attributes, Place};

/// Elements that are open at most; what lies deeper counts for the last of them.
const DEEPEST: usize = 512;
/// Classes and ids are looked at so far.
const LONGEST_NAMES: usize = 256;

/// A page as far as it matters.
pub struct Page {
    /// Outer ones come before their inner ones; the first is the page itself.
    pub containers: Vec<Container>,
    /// In source order; without those of what holds no article.
    pub runs: Vec<Run>,
    /// What `og:title` says, else `title` without the name of the site.
    pub title: Option<String>,
}

/// An element that holds other blocks.
pub struct Container {
    parent: Option<usize>,
    /// The number of the last container in it.
    last: usize,
    /// What its name and its marks are worth.
    pub bonus: f64,
    /// It is called an article.
    pub is_article: bool,
    /// `html` or `body`, or what stands in for them.
    pub is_page: bool,
}

/// What kind of block a run of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Paragraph,
    Heading(u8),
    Item,
    Quote,
    Preformatted,
    /// Of a table; cells of a row have its number.
    Cell(usize),
}

/// Text that no block interrupts.
pub struct Run {
    pub container: usize,
    pub order: usize,
    pub shape: Shape,
    /// Markup that carries meaning, and the text with its references.
    pub html: String,
    text: String,
    /// Characters of text inside links.
    pub links: usize,
    /// It is marked as the author's name.
    pub is_byline: bool,
}

impl Page {
    pub fn parent(&self, container: usize) -> Option<usize> {
        self.containers.get(container)?.parent
    }

    /// Whether a container is another one or lies in it.
    pub fn is_in(&self, inner: usize, outer: usize) -> bool {
        let last = self.containers.get(outer).map_or(outer, |outer| outer.last);
        (outer..=last).contains(&inner)
    }
}

impl Run {
    /// The text, with single spaces.
    pub fn plain(&self) -> String {
        let decoded = htmlize::unescape(self.text.as_str());
        decoded.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn characters(&self) -> usize {
        self.text.chars().filter(|c| !c.is_whitespace()).count()
    }

    pub fn is_heading(&self) -> bool {
        match self.shape {
            Shape::Heading(_) => true,
            Shape::Paragraph
            | Shape::Item
            | Shape::Quote
            | Shape::Preformatted
            | Shape::Cell(_) => false,
        }
    }

    /// Whether a run behind a heading belongs to the part above it.
    pub fn outranks(&self, heading: &Run) -> bool {
        match (self.shape, heading.shape) {
            (Shape::Heading(own), Shape::Heading(other)) => own <= other,
            _ => false,
        }
    }

    pub fn is_mostly_links(&self) -> bool {
        2 * self.links > self.characters()
    }

    /// Whether it reads like a sentence or more of them.
    pub fn is_prose(&self) -> bool {
        !self.is_heading()
            && self.characters() >= 25
            && !self.is_mostly_links()
            && (self.text.contains(['.', '!', '?', ':', ',']) || self.characters() >= 80)
    }

    /// As Readability counts them.
    pub fn points(&self) -> f64 {
        let characters = self.characters();
        let commas = self.text.matches(',').count().min(10);
        let length = (characters as f64 / 100.0).min(3.0);
        let free = 1.0 - self.links as f64 / characters.max(1) as f64;
        (1.0 + commas as f64 + length) * free.max(0.0)
    }
}

/// An open element.
struct Open {
    name: String,
    /// The container that it is or stands in.
    container: usize,
    is_hidden: bool,
    is_byline: bool,
    /// It, or one around it, is an article or the main part.
    in_article: bool,
    shape: Option<Shape>,
}

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
        open: Vec::new(),
        counts: HashMap::new(),
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
    open: Vec<Open>,
    /// How often each name is open: an end tag without a start tag must not
    /// search the whole stack.
    counts: HashMap<String, usize>,
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
            self.close_implied(&name);
        }
        // What is written as an element without content in HTML has none.
        let is_void =
            elements::is_void(&name) || tag.self_closing && matches!(name.as_str(), "svg" | "math");
        if is_void || self.open.len() >= DEEPEST {
            return;
        }
        let element = self.element(name, place, &tag.attributes);
        if !element.is_hidden && place == Place::Inline {
            self.write_inline(&element, &tag.attributes);
        }
        *self.counts.entry(element.name.clone()).or_default() += 1;
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
        self.pop(name);
    }

    fn write_end(&mut self, name: &str) {
        if let Some(run) = &mut self.run {
            run.html.push_str("</");
            run.html.push_str(name);
            run.html.push('>');
        }
    }

    fn pop(&mut self, name: &str) {
        if self.counts.get(name).is_none_or(|count| *count == 0) {
            return;
        }
        while let Some(closed) = self.open.pop() {
            if let Some(count) = self.counts.get_mut(&closed.name) {
                *count = count.saturating_sub(1);
            }
            if closed.name == name {
                return;
            }
        }
    }

    /// Closes what a start tag of this name closes without an end tag.
    fn close_implied(&mut self, name: &str) {
        let innermost = |open: &[Open], names: &[&str]| {
            open.last()
                .filter(|open| names.contains(&open.name.as_str()))
                .map(|open| open.name.clone())
        };
        // Links and the like that were not closed must not hide a paragraph.
        while self
            .open
            .last()
            .is_some_and(|open| Place::of(&open.name) == Place::Inline)
            && self.counts.get("p").is_some_and(|count| *count > 0)
        {
            let name = self
                .open
                .last()
                .map(|open| open.name.clone())
                .unwrap_or_default();
            self.pop(&name);
        }
        let siblings: &[&str] = match name {
            "li" => &["li"],
            "dt" | "dd" => &["dt", "dd"],
            "td" | "th" => &["td", "th"],
            "tr" => &["td", "th"],
            _ => &[],
        };
        for names in [&["p"][..], siblings] {
            if let Some(name) = innermost(&self.open, names) {
                self.pop(&name);
            }
        }
        if name == "tr"
            && let Some(row) = innermost(&self.open, &["tr"])
        {
            self.pop(&row);
        }
    }

    fn text(&mut self, text: &str) {
        let is_title = |open: &Open| open.name == "title";
        if self.open.last().is_some_and(is_title)
            && !self.open.iter().any(|open| open.name == "svg")
        {
            self.document_title.push_str(text);
            return;
        }
        let is_blank = text.trim().is_empty();
        if is_blank && self.run.is_none() {
            return;
        }
        let link = self.counts.get("a").is_some_and(|count| *count > 0);
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

/// Whether an address leads to a page, and runs nothing.
fn is_harmless(href: &str) -> bool {
    let href = href.trim().to_ascii_lowercase();
    let scheme = href.split(['/', '?', '#']).next().unwrap_or_default();
    match scheme.split_once(':') {
        Some((scheme, _)) => matches!(scheme, "http" | "https" | "mailto"),
        None => !href.is_empty(),
    }
}

fn escaped(value: &str) -> String {
    value
        .trim()
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

/// Classes, id and role, in small letters.
fn names(attributes: &Attributes) -> String {
    let mut names = String::new();
    for name in ["class", "id", "role"] {
        if let Some(value) = attribute(attributes, name) {
            names.extend(value.chars().take(LONGEST_NAMES));
            names.push(' ');
        }
    }
    names.to_lowercase()
}

fn is_invisible(attributes: &Attributes) -> bool {
    let style = attribute(attributes, "style").unwrap_or_default();
    let style: String = style.split_whitespace().collect();
    attributes.contains_key(&b"hidden"[..])
        || attribute(attributes, "aria-hidden").is_some_and(|hidden| hidden == "true")
        || style.to_ascii_lowercase().contains("display:none")
}

fn attribute(attributes: &Attributes, name: &str) -> Option<String> {
    attributes
        .get(name.as_bytes())
        .map(|value| String::from_utf8_lossy(value).into_owned())
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
