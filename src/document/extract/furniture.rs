//! What stands around articles, by the names that pages give it and by the words
//! that announce it.

/// Parts of the names (classes, ids, roles) of containers that hold no article.
const NAMES: [&str; 56] = [
    "nav",
    "menu",
    "menue",
    "breadcrumb",
    "cookie",
    "consent",
    "cmp",
    "gdpr",
    "dsgvo",
    "overlay",
    "modal",
    "popup",
    "comment",
    "comments",
    "kommentar",
    "kommentare",
    "disqus",
    "forum",
    "related",
    "recirculation",
    "recommendation",
    "recommendations",
    "empfehlung",
    "empfehlungen",
    "weitere",
    "mehr",
    "more",
    "newsletter",
    "subscribe",
    "paywall",
    "abo",
    "social",
    "share",
    "sharing",
    "teilen",
    "werbung",
    "advert",
    "advertisement",
    "anzeige",
    "ad",
    "ads",
    "sponsor",
    "sponsored",
    "promo",
    "outbrain",
    "taboola",
    "sidebar",
    "footer",
    "fusszeile",
    "pagination",
    "tags",
    "schlagworte",
    "meistgelesen",
    "teaserlist",
    "ticker",
    "toolbar",
];
/// Names of elements that hold no article, whatever they are called.
const ELEMENTS: [&str; 24] = [
    "nav", "aside", "footer", "form", "dialog", "button", "select", "figure", "script", "style",
    "noscript", "template", "iframe", "svg", "math", "canvas", "video", "audio", "object", "menu",
    "textarea", "head", "datalist", "search",
];
/// How names begin that say what a page has or lacks, and not what a container is.
const REMARKS: [&str; 6] = ["has-", "with-", "no-", "without-", "is-", "layout-"];
/// Parts of names that speak for an article, whatever else the name says.
const ARTICLE: [&str; 8] = [
    "article",
    "articlebody",
    "artikel",
    "artikeltext",
    "beitrag",
    "story",
    "storytext",
    "body",
];
/// How what stands around articles is announced.
const WORDS: [&str; 30] = [
    "mehr zum thema",
    "mehr zu",
    "mehr aus",
    "mehr von",
    "lesen sie auch",
    "lesen sie mehr",
    "lesen sie hier",
    "lies auch",
    "auch interessant",
    "das könnte sie auch",
    "das könnte dich",
    "weitere artikel",
    "weitere meldungen",
    "weitere nachrichten",
    "weitere themen",
    "zum thema",
    "meistgelesen",
    "meist gelesen",
    "ähnliche artikel",
    "kommentare",
    "kommentar schreiben",
    "newsletter",
    "anzeige",
    "werbung",
    "schlagworte",
    "schlagwörter",
    "themen:",
    "teilen",
    "diesen artikel teilen",
    "artikel empfehlen",
];

/// Whether an element of this name holds no article.
pub fn is_element(name: &str) -> bool {
    ELEMENTS.contains(&name)
}

/// Whether a container's class, id or role says that it holds no article. Names
/// are read word by word: `ad` in `article__ad` is one, in `header` it is not.
pub fn is_named(names: &str) -> bool {
    names
        .split_whitespace()
        .filter(|name| !REMARKS.iter().any(|remark| name.starts_with(remark)))
        .flat_map(words)
        .any(|word| NAMES.contains(&word))
        && !names.split_whitespace().any(|name| ARTICLE.contains(&name))
}

/// Whether the names speak for an article.
pub fn names_article(names: &str) -> bool {
    words(names).any(|word| ARTICLE.contains(&word))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric())
}

/// Whether a text announces what stands around an article.
pub fn announces(text: &str) -> bool {
    let lower = text
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    WORDS.iter().any(|words| {
        lower.strip_prefix(words).is_some_and(|rest| {
            // A word of its own: „Teilen“ and no „Teilen der Stadt“, unless the
            // phrase has several words.
            let rest = rest.trim_start_matches([':', '.', '…', '!', ' ']);
            rest.is_empty() || words.contains(' ')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_word_by_word() {
        for name in [
            "article__ad",
            "cookie-banner",
            "site-nav",
            "related articles",
            "c-comments",
            "navigation menu",
        ] {
            assert!(is_named(name), "{name}");
        }
        for name in [
            "header",
            "article",
            "article-body",
            "loading",
            "moreover",
            "download",
            "article has-comments",
            "page with-sidebar no-ads",
        ] {
            assert!(!is_named(name), "{name}");
        }
    }

    #[test]
    fn phrases_announce_and_sentences_do_not() {
        for text in [
            "Mehr zum Thema",
            "» Lesen Sie auch: Der Dax steigt",
            "Anzeige",
            "Kommentare:",
            "Teilen",
        ] {
            assert!(announces(text), "{text}");
        }
        for text in [
            "Teilen der Stadt fehlt der Strom",
            "Anzeige erstattet",
            "Die Kommentare",
            "Themenwoche",
        ] {
            assert!(!announces(text), "{text}");
        }
    }
}
