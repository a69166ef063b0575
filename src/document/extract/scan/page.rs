//! A page as far as it matters: its containers, and the runs of text in them.

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
    pub(super) parent: Option<usize>,
    /// The number of the last container in it.
    pub(super) last: usize,
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
    pub(super) text: String,
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
