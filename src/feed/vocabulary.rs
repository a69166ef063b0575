//! What the elements of the feed formats mean.

use std::collections::HashMap;

use super::tag::Attribute;
use super::{Dialect, Role};

/// A namespace, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace {
    /// RSS without a namespace, or with one of those it had.
    Rss,
    Atom,
    Content,
    Dc,
    Rdf,
    Xhtml,
    Other,
}

impl Namespace {
    pub fn of_uri(uri: &str) -> Self {
        match uri {
            ""
            | "http://purl.org/rss/1.0/"
            | "http://my.netscape.com/rdf/simple/0.9/"
            | "http://my.netscape.com/publish/formats/rss-0.91.dtd"
            | "http://channel.netscape.com/rdf/simple/0.9/"
            | "http://backend.userland.com/rss2"
            | "http://backend.userland.com/RSS2"
            | "http://blogs.law.harvard.edu/tech/rss" => Namespace::Rss,
            "http://www.w3.org/2005/Atom" | "http://purl.org/atom/ns#" => Namespace::Atom,
            "http://purl.org/rss/1.0/modules/content/" => Namespace::Content,
            "http://purl.org/dc/elements/1.1/" | "http://purl.org/dc/terms/" => Namespace::Dc,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#" => Namespace::Rdf,
            "http://www.w3.org/1999/xhtml" => Namespace::Xhtml,
            _ => Namespace::Other,
        }
    }

    /// What a prefix usually stands for that nobody has declared.
    pub fn of_prefix(prefix: &str) -> Self {
        match prefix {
            "atom" => Namespace::Atom,
            "content" => Namespace::Content,
            "dc" | "dcterms" => Namespace::Dc,
            "rdf" => Namespace::Rdf,
            "xhtml" => Namespace::Xhtml,
            _ => Namespace::Other,
        }
    }
}

/// What the prefixes of a feed stand for.
#[derive(Debug, Default)]
pub(super) struct Prefixes<'a>(HashMap<&'a str, Namespace>);

impl<'a> Prefixes<'a> {
    /// Takes note of namespaces; the one for names without a prefix.
    pub fn declare(&mut self, attributes: &[Attribute<'a>]) -> Option<Namespace> {
        let mut own = None;
        for attribute in attributes {
            let namespace = || Namespace::of_uri(attribute.value.trim());
            if attribute.name == "xmlns" {
                own = Some(namespace());
            } else if let Some(prefix) = attribute.name.strip_prefix("xmlns:") {
                self.0.insert(prefix, namespace());
            }
        }
        own
    }

    /// Namespace and local name, where `unprefixed` is that of names without a
    /// prefix.
    pub fn resolve<'n>(
        &self,
        name: &'n str,
        unprefixed: Option<Namespace>,
    ) -> (Namespace, &'n str) {
        match name.split_once(':') {
            Some((prefix, local)) => {
                let declared = self.0.get(prefix).copied();
                let namespace = declared.unwrap_or_else(|| Namespace::of_prefix(prefix));
                (namespace, local)
            }
            None => (unprefixed.unwrap_or(Namespace::Rss), name),
        }
    }
}

/// Where an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `rss` and `rdf:RDF`, around everything.
    Root,
    /// `channel` of RSS and `feed` of Atom.
    Head,
    Item,
    /// Anywhere else.
    Elsewhere,
}

/// What an element is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Head,
    Item,
    Text(Role),
    Language,
    Id,
    Link,
    Date,
    Unknown,
}

/// The dialect that a root element opens, and whether that is its head.
pub(super) fn root(namespace: Namespace, local: &str) -> Option<(Dialect, Place)> {
    match (namespace, local) {
        (_, "rss") => Some((Dialect::Rss, Place::Root)),
        (_, "RDF") => Some((Dialect::Rdf, Place::Root)),
        (Namespace::Atom | Namespace::Rss, "feed") => Some((Dialect::Atom, Place::Head)),
        _ => None,
    }
}

/// The meaning of an element by its name and the place that it stands in.
pub(super) fn meaning(
    dialect: Dialect,
    place: Place,
    namespace: Namespace,
    local: &str,
) -> Meaning {
    match dialect {
        Dialect::Rss | Dialect::Rdf => rss(place, namespace, local),
        // An Atom feed whose namespace is missing is still read as one.
        Dialect::Atom => atom(place, namespace, local),
        Dialect::Json => Meaning::Unknown,
    }
}

fn rss(place: Place, namespace: Namespace, local: &str) -> Meaning {
    use Namespace::{Atom, Content, Dc, Rss};
    match (place, namespace, local) {
        (Place::Root, Rss, "channel") => Meaning::Head,
        (Place::Root | Place::Head, Rss, "item") => Meaning::Item,
        (Place::Head | Place::Item, Rss, "title") => Meaning::Text(Role::Title),
        (Place::Head | Place::Item, Rss, "description") => Meaning::Text(Role::Summary),
        (Place::Head | Place::Item, Rss, "category") => Meaning::Text(Role::Category),
        (Place::Head | Place::Item, Rss, "language") => Meaning::Language,
        (Place::Head | Place::Item, Dc, "language") => Meaning::Language,
        (Place::Item, Content, "encoded") => Meaning::Text(Role::Content),
        (Place::Item, Atom, "summary") => Meaning::Text(Role::Summary),
        (Place::Item, Atom, "content") => Meaning::Text(Role::Content),
        (Place::Item, Rss, "guid") => Meaning::Id,
        (Place::Item, Rss, "link") => Meaning::Link,
        (Place::Item, Rss, "pubDate") => Meaning::Date,
        (Place::Item, Dc, "date") => Meaning::Date,
        _ => Meaning::Unknown,
    }
}

fn atom(place: Place, namespace: Namespace, local: &str) -> Meaning {
    use Namespace::{Atom, Dc, Rss};
    match (place, namespace, local) {
        (Place::Head, Atom | Rss, "entry") => Meaning::Item,
        (Place::Head | Place::Item, Atom | Rss, "title") => Meaning::Text(Role::Title),
        (Place::Head, Atom | Rss, "subtitle" | "tagline") => Meaning::Text(Role::Summary),
        (Place::Head | Place::Item, Atom | Rss, "category") => Meaning::Text(Role::Category),
        (Place::Item, Atom | Rss, "summary") => Meaning::Text(Role::Summary),
        (Place::Item, Atom | Rss, "content") => Meaning::Text(Role::Content),
        (Place::Item, Atom | Rss, "id") => Meaning::Id,
        (Place::Item, Atom | Rss, "link") => Meaning::Link,
        (Place::Item, Atom | Rss, "published" | "updated" | "issued" | "modified") => Meaning::Date,
        (Place::Head | Place::Item, Dc, "language") => Meaning::Language,
        _ => Meaning::Unknown,
    }
}
