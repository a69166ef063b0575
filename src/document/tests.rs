//! The readers and the renderer together.

use proptest::prelude::*;

use super::*;
use crate::segment;

fn parse(source: &str, format: Format) -> Document {
    Document::parse(source, format).unwrap()
}

fn blocks(source: &str, format: Format) -> Vec<(BlockKind, String)> {
    parse(source, format)
        .blocks()
        .iter()
        .map(|block| (block.kind, block.text.clone()))
        .collect()
}

fn texts(source: &str, format: Format) -> Vec<String> {
    blocks(source, format)
        .into_iter()
        .map(|(_, text)| text)
        .collect()
}

/// Translates sentence by sentence with `translate` and renders.
pub(super) fn translated(
    source: &str,
    format: Format,
    translate: impl Fn(&str) -> String,
) -> (Document, Rendered) {
    let document = parse(source, format);
    let targets: Vec<Vec<Target>> = document
        .blocks()
        .iter()
        .map(|block| {
            segment::split_around(&block.text, &block.protected())
                .into_iter()
                .map(|span| Target {
                    span,
                    text: translate(span.of(&block.text)),
                })
                .collect()
        })
        .collect();
    let rendered = document.render(&targets);
    for (targets, spans) in targets.iter().zip(&rendered.spans) {
        assert_eq!(targets.len(), spans.len());
    }
    (document, rendered)
}

/// Renders a document in which each sentence listed has its translation.
fn with(source: &str, format: Format, pairs: &[(&str, &str)]) -> String {
    let (_, rendered) = translated(source, format, |sentence| {
        pairs
            .iter()
            .find(|(german, _)| *german == sentence)
            .unwrap_or_else(|| panic!("no translation for {sentence:?}"))
            .1
            .to_owned()
    });
    rendered.text
}

mod plain {
    use super::*;

    #[test]
    fn paragraphs_title_byline_and_tail() {
        let source = "Bundestag beschließt Rente\nVon Max Muster\n\nBERLIN (dpa) – Der Bundestag hat getagt. Es ging lang.\nDie Opposition war dagegen.\n\nMehr zum Thema – Streit um Rente\n";
        assert_eq!(
            blocks(source, Format::Text),
            [
                (BlockKind::Title, "Bundestag beschließt Rente".to_owned()),
                (BlockKind::Byline, "Von Max Muster".to_owned()),
                (
                    BlockKind::Paragraph,
                    "BERLIN (dpa) – Der Bundestag hat getagt. Es ging lang.".to_owned()
                ),
                (
                    BlockKind::Paragraph,
                    "Die Opposition war dagegen.".to_owned()
                ),
                (
                    BlockKind::Tail,
                    "Mehr zum Thema – Streit um Rente".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        let source = "Rente steigt\n\nDer Bundestag hat am Freitag in Berlin nach langer Debatte ein neues\nGesetz zur Rente beschlossen. Es soll die Beiträge stabil halten und\ndie Bundes-\nregierung entlasten.\n\nDie Opposition kritisierte das Vorhaben scharf und kündigte in Nordrhein-\nWestfalen Proteste an.";
        assert_eq!(
            texts(source, Format::Text),
            [
                "Rente steigt",
                "Der Bundestag hat am Freitag in Berlin nach langer Debatte ein neues Gesetz zur Rente beschlossen. Es soll die Beiträge stabil halten und die Bundesregierung entlasten.",
                "Die Opposition kritisierte das Vorhaben scharf und kündigte in Nordrhein-Westfalen Proteste an.",
            ]
        );
    }

    #[test]
    fn one_paragraph_per_line() {
        let long = "Der Bundestag hat am Freitag nach langer Debatte ein Gesetz beschlossen, das die Rente sichern und die Beiträge stabil halten soll.";
        let source = format!("{long}\n{long}\nKurz.");
        assert_eq!(texts(&source, Format::Text), [long, long, "Kurz."]);
    }

    #[test]
    fn lists_are_items_and_ordinals_are_not() {
        assert_eq!(
            blocks("Themen:\n- Rente\n• Steuern\n1) Klima", Format::Text),
            [
                (BlockKind::Paragraph, "Themen:".to_owned()),
                (BlockKind::ListItem, "Rente".to_owned()),
                (BlockKind::ListItem, "Steuern".to_owned()),
                (BlockKind::ListItem, "Klima".to_owned()),
            ]
        );
        assert_eq!(
            texts("1. Rente\n2. Steuern\n3. Klima", Format::Text),
            ["Rente", "Steuern", "Klima"]
        );
        assert_eq!(
            texts("1. FC Köln gewinnt", Format::Text),
            ["1. FC Köln gewinnt"]
        );
    }

    #[test]
    fn whitespace_and_invisible_characters_are_normalised_and_kept_in_the_source() {
        let source = "\u{feff}Das Donau\u{ad}dampfschiff  kostet 5\u{a0}Mio.\u{a0}Euro.\r\n\r\nU\u{308}ber alles\u{200b}.\r\n";
        let document = parse(source, Format::Text);
        let texts: Vec<&str> = document
            .blocks()
            .iter()
            .map(|block| block.text.as_str())
            .collect();
        assert_eq!(
            texts,
            ["Das Donaudampfschiff kostet 5 Mio. Euro.", "Über alles."]
        );
        let block = &document.blocks()[0];
        let at = block.text.find("Donaudampfschiff").unwrap();
        assert_eq!(
            block.source_span(Span::new(at, at + 16)).of(source),
            "Donau\u{ad}dampfschiff"
        );
        let at = block.text.find("5 Mio.").unwrap();
        assert_eq!(
            block.source_span(Span::new(at, at + 6)).of(source),
            "5\u{a0}Mio."
        );
        let umlaut = &document.blocks()[1];
        assert_eq!(umlaut.source_span(Span::new(0, 2)).of(source), "U\u{308}");
    }

    #[test]
    fn line_ends_survive_translation() {
        let source = "\u{feff}Titel hier\r\n\r\nSatz eins.  Satz zwei.\r\nDritter Satz.\r\n";
        let rendered = translated(source, Format::Text, |text| format!("<{text}>")).1;
        assert_eq!(
            rendered.text,
            "\u{feff}<Titel hier>\r\n\r\n<Satz eins.>  <Satz zwei.>\r\n<Dritter Satz.>\r\n"
        );
        for spans in &rendered.spans {
            for span in spans {
                let text = span.of(&rendered.text);
                assert!(text.starts_with('<') && text.ends_with('>'), "{text}");
            }
        }
    }

    #[test]
    fn wrong_targets_are_dropped() {
        let document = parse("Eins zwei drei.", Format::Text);
        let target = |start, end, text: &str| Target {
            span: Span::new(start, end),
            text: text.to_owned(),
        };
        let rendered = document.render(&[vec![
            target(0, 4, "One"),
            target(2, 9, "bad"),
            target(10, 99, "bad"),
            target(5, 9, "two"),
        ]]);
        assert_eq!(rendered.text, "One two drei.");
        assert_eq!(document.render(&[]).text, "Eins zwei drei.");
    }

    #[test]
    fn nothing_to_translate_is_an_error() {
        for source in ["", " \n\t", "\u{feff}", "***\n---"] {
            assert!(
                matches!(Document::parse(source, Format::Text), Err(Error::Empty)),
                "{source:?}"
            );
        }
        assert!(matches!(
            Document::parse("<p>&nbsp;</p><script>x()</script>", Format::Html),
            Err(Error::Empty)
        ));
        assert!(matches!(
            Document::parse("```\ncode\n```", Format::Markdown),
            Err(Error::Empty)
        ));
    }
}

mod html {
    use super::*;

    #[test]
    fn a_page_has_the_kinds_of_its_elements() {
        let source = "<!doctype html><html><head><title>Rente &amp; mehr</title><style>p{color:red}</style><meta name=description content='Nicht das'></head>\
            <body><nav><ul><li><a href=/>Start</a></ul></nav><article><h1>Rente steigt</h1><p class=byline>Von Max Muster</p>\
            <p>Der Bundestag hat getagt.<p>Zweiter Absatz<h2>Streit</h2><ul><li>Eins<li><p>Zwei</p></ul><blockquote><p>Zitat hier.</p></blockquote>\
            <table><caption>Zahlen</caption><tr><th>Jahr<td>2024</table><figure><img alt='Nicht das'><figcaption>Foto: dpa</figcaption></figure>\
            <p>Mehr zum Thema – Renten</p></article><footer>Impressum</footer><script>var a = '<p>nein</p>';</script></body></html>";
        let expected = [
            (BlockKind::Title, "Rente & mehr"),
            (BlockKind::Aside, "Start"),
            (BlockKind::Title, "Rente steigt"),
            (BlockKind::Byline, "Von Max Muster"),
            (BlockKind::Paragraph, "Der Bundestag hat getagt."),
            (BlockKind::Paragraph, "Zweiter Absatz"),
            (BlockKind::Heading, "Streit"),
            (BlockKind::ListItem, "Eins"),
            (BlockKind::ListItem, "Zwei"),
            (BlockKind::Quote, "Zitat hier."),
            (BlockKind::Caption, "Zahlen"),
            (BlockKind::Cell, "Jahr"),
            (BlockKind::Cell, "2024"),
            (BlockKind::Caption, "Foto: dpa"),
            (BlockKind::Tail, "Mehr zum Thema – Renten"),
            (BlockKind::Aside, "Impressum"),
        ];
        assert_eq!(
            blocks(source, Format::Html),
            expected.map(|(kind, text)| (kind, text.to_owned()))
        );
    }

    #[test]
    fn sentences_cross_tags_and_line_breaks() {
        assert_eq!(
            texts(
                "<p>Der <b>Kanzler</b>\n   sprach in\n<a href=x>Berlin</a><sup>1</sup>.<br>Danach<!-- ja --> ging er.</p>",
                Format::Html
            ),
            ["Der Kanzler sprach in Berlin1. Danach ging er."]
        );
        assert_eq!(
            texts("<p>Eins<br><br/>Zwei<br>\n<br>Drei</p>", Format::Html),
            ["Eins", "Zwei", "Drei"]
        );
        assert_eq!(
            texts("Ohne Wurzel <i>und</i> offen <b>bis", Format::Html),
            ["Ohne Wurzel und offen bis"]
        );
    }

    #[test]
    fn references_are_decoded_and_their_source_known() {
        let source = "<p>M&uuml;ller &amp; S&#246;hne zahlten 5&nbsp;Mio.&nbsp;&euro; &lt;netto&gt; &unbekannt; AT&T</p>";
        let document = parse(source, Format::Html);
        let block = &document.blocks()[0];
        assert_eq!(
            block.text,
            "Müller & Söhne zahlten 5 Mio. € <netto> &unbekannt; AT&T"
        );
        assert_eq!(block.source_span(Span::new(0, 3)).of(source), "M&uuml;");
        let euro = block.text.find('€').unwrap();
        assert_eq!(
            block.source_span(Span::new(euro, euro + 3)).of(source),
            "&euro;"
        );
        let rendered = document.render(&[vec![Target {
            span: Span::new(0, block.text.len()),
            text: "Müller & Sons <net>".to_owned(),
        }]]);
        assert_eq!(rendered.text, "<p>Müller &amp; Sons &lt;net&gt;</p>");
    }

    #[test]
    fn what_is_not_prose_stays() {
        let source = "<p title=\"Nicht das\">Der Satz.</p><pre>Kein Satz.</pre><textarea>Kein Satz.</textarea><div translate=no><p>Kein Satz.</p></div>\
            <p class=\"x notranslate\">Kein Satz.</p><!-- Kein Satz. --><svg><title>Kein Satz.</title></svg><template>Kein</template><p>Zweiter Satz.</p>";
        assert_eq!(texts(source, Format::Html), ["Der Satz.", "Zweiter Satz."]);
        let rendered = translated(source, Format::Html, |_| "X".to_owned()).1;
        assert_eq!(
            rendered.text,
            source
                .replace("Der Satz.", "X")
                .replace("Zweiter Satz.", "X")
        );
    }

    #[test]
    fn inline_code_is_put_back_as_it_was() {
        let source = "<p>Der Befehl <code class=a>ls &lt;x&gt;</code> zeigt alles.</p>";
        let pairs = [(
            "Der Befehl ls <x> zeigt alles.",
            "Everything is shown by the ls <x> command.",
        )];
        assert_eq!(
            with(source, Format::Html, &pairs),
            "<p>Everything is shown by the <code class=a>ls &lt;x&gt;</code> command.</p>"
        );
        // Lost by the model: inserted near its place rather than lost.
        let source = "<p>Das <span translate=no>Haus am See</span> brennt.</p>";
        let pairs = [(
            "Das Haus am See brennt.",
            "The house on the lake is on fire.",
        )];
        let rendered = with(source, Format::Html, &pairs);
        assert!(
            rendered.contains(" <span translate=no>Haus am See</span> "),
            "{rendered}"
        );
    }

    #[test]
    fn unclosed_code_does_not_swallow_the_page() {
        assert_eq!(
            texts("<p>Der <code>x</p><p>Zweiter Satz.</p>", Format::Html),
            ["Der x", "Zweiter Satz."]
        );
    }

    /// Source, German sentence, English sentence, expected.
    const INLINE: &[[&str; 4]] = &[
        [
            "<p>Kanzler <b>Olaf Scholz</b> reist nach <a href=\"/p\">Paris</a>.</p>",
            "Kanzler Olaf Scholz reist nach Paris.",
            "Chancellor Olaf Scholz is travelling to Paris.",
            "<p>Chancellor <b>Olaf Scholz</b> is travelling to <a href=\"/p\">Paris</a>.</p>",
        ],
        [
            "Nach <a href=x>Paris</a> reist <b>Scholz</b> am Montag.",
            "Nach Paris reist Scholz am Montag.",
            "Scholz is travelling to Paris on Monday.",
            "<b>Scholz</b> is travelling to <a href=x>Paris</a> on Monday.",
        ],
        [
            "<p>Er zahlte <strong>2.200.112 Euro</strong> an <em>Müller &amp; Co.</em></p>",
            "Er zahlte 2.200.112 Euro an Müller & Co.",
            "He paid 2,200,112 euros to Müller & Co.",
            "<p>He paid <strong>2,200,112 euros</strong> to <em>Müller &amp; Co.</em></p>",
        ],
        [
            "<p>Die <a href=a>Zeitung <i>Die Welt</i></a> berichtet.</p>",
            "Die Zeitung Die Welt berichtet.",
            "The newspaper Die Welt reports.",
            "<p>The <a href=a>newspaper <i>Die Welt</i></a> reports.</p>",
        ],
        [
            "<p><i>„Der Spiegel“</i> fragt: <b>Warum?</b></p>",
            "„Der Spiegel“ fragt: Warum?",
            "“Der Spiegel” asks: Why?",
            "<p><i>“Der Spiegel”</i> asks: <b>Why?</b></p>",
        ],
        [
            "<p>Scholz<sup>1</sup> kam.</p>",
            "Scholz1 kam.",
            "Scholz1 came.",
            "<p>Scholz<sup>1</sup> came.</p>",
        ],
        [
            "<p>Mehr CO<sub>2</sub>-Ausstoß und H<sub>2</sub>O, <b>EU</b>-weit.</p>",
            "Mehr CO2-Ausstoß und H2O, EU-weit.",
            "More CO2 emissions and H2O, EU-wide.",
            "<p>More CO<sub>2</sub> emissions and H<sub>2</sub>O, <b>EU</b>-wide.</p>",
        ],
        [
            "<p><b>B</b>undestag <i>tag</i>t.</p>",
            "Bundestag tagt.",
            "Parliament sits.",
            "<p><b>Parliament</b> <i>sits</i>.</p>",
        ],
        [
            "<p>Das Bild <img src=a.png> zeigt Berlin.</p>",
            "Das Bild zeigt Berlin.",
            "The picture shows Berlin.",
            "<p>The picture <img src=a.png>shows Berlin.</p>",
        ],
        [
            "<p>Montag:<br>Berlin gewinnt.</p>",
            "Montag: Berlin gewinnt.",
            "Monday: Berlin wins.",
            "<p>Monday:<br>Berlin wins.</p>",
        ],
        [
            "<b>Ganz fett hier.</b>",
            "Ganz fett hier.",
            "All bold here.",
            "<b>All bold here.</b>",
        ],
        [
            "<p>Kaputt <b>fett <i>beides</b> Ende.</p>",
            "Kaputt fett beides Ende.",
            "Broken bold both end.",
            "<p>Broken <b>bold <i>both</b> end.</p>",
        ],
    ];

    #[test]
    fn inline_markup_lands_on_its_words() {
        for [source, german, english, expected] in INLINE {
            assert_eq!(with(source, Format::Html, &[(german, english)]), *expected);
        }
    }

    #[test]
    fn protected_words_stay_wherever_they_stand() {
        let source = "<p><code>git push</code> ist ein Befehl. So heißt er: <code>git. Push</code></p><p><b><code>nur. code</code></b></p>";
        let pairs = [
            ("git push ist ein Befehl.", "git push is a command."),
            ("So heißt er: git. Push", "This is its name: git. Push"),
            ("nur. code", "only code"),
        ];
        assert_eq!(
            with(source, Format::Html, &pairs),
            "<p><code>git push</code> is a command. This is its name: <code>git. Push</code></p><p><b><code>nur. code</code></b></p>"
        );
    }

    #[test]
    fn markup_across_sentences_stays_nested() {
        let source = "<p><i>Erster Satz. Zweiter</i> Satz. Und <b>dritter. Vierter</b> Satz.</p>";
        let pairs = [
            ("Erster Satz.", "First sentence."),
            ("Zweiter Satz.", "Second sentence."),
            ("Und dritter.", "And third."),
            ("Vierter Satz.", "Fourth sentence."),
        ];
        assert_eq!(
            with(source, Format::Html, &pairs),
            "<p><i>First sentence. Second</i> sentence. And <b>third. Fourth</b> sentence.</p>"
        );
    }

    #[test]
    fn deep_and_wide_markup_is_fast() {
        let started = std::time::Instant::now();
        let deep = format!(
            "<p>Anfang {}Wort {} Ende und aus.</p>",
            "<b>".repeat(20_000),
            "</b>".repeat(20_000)
        );
        let wide = format!("<p>Anfang {} Ende.</p>", "<b>Wort</b> <br> ".repeat(10_000));
        let mixed = format!(
            "{}{}",
            "<p><b>".repeat(20_000),
            "</x></b></div>".repeat(20_000)
        );
        let nested = format!(
            "<p>{} {} Ende.",
            "<i>ein Wort ".repeat(4_000),
            "</i> da".repeat(4_000)
        );
        let protected = format!("Das {} hier.", "<code>a</code> a ".repeat(60_000));
        for source in [deep, wide, mixed + " Text.", nested, protected] {
            let rendered = translated(&source, Format::Html, |text| format!("The {text} is")).1;
            assert_eq!(tags(&rendered.text), tags(&source));
        }
        assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    }
}

mod markdown {
    use super::*;

    #[test]
    fn blocks_have_their_kinds_and_the_rest_stays() {
        let source = "---\ntitle: Nicht das\n---\n\n# Rente *steigt* {#id}\n\nVon Max Muster\n\nDer [Bundestag](https://a.de \"Titel\") hat `code` und\n**getagt**. Ende![Bild](b.png)\n\n- Eins\n- [ ] Zwei\n\n> Zitat\n> hier.\n\n| Jahr | Zahl |\n|---|---|\n| 2024 | *drei* |\n\n```\nKein Satz.\n```\n\n    Kein Satz.\n\n<div>Im *HTML*</div>\n\nFuß[^1]note.\n\n[^1]: Der Hinweis.\n\nSetext\n------\n";
        let expected = [
            (BlockKind::Title, "Rente steigt"),
            (BlockKind::Byline, "Von Max Muster"),
            (
                BlockKind::Paragraph,
                "Der Bundestag hat code und getagt. Ende",
            ),
            (BlockKind::ListItem, "Eins"),
            (BlockKind::ListItem, "Zwei"),
            (BlockKind::Quote, "Zitat hier."),
            (BlockKind::Cell, "Jahr"),
            (BlockKind::Cell, "Zahl"),
            (BlockKind::Cell, "2024"),
            (BlockKind::Cell, "drei"),
            (BlockKind::Paragraph, "Im *HTML*"),
            (BlockKind::Paragraph, "Fußnote."),
            (BlockKind::Paragraph, "Der Hinweis."),
            (BlockKind::Heading, "Setext"),
        ];
        assert_eq!(
            blocks(source, Format::Markdown),
            expected.map(|(kind, text)| (kind, text.to_owned()))
        );
    }

    /// Source, German sentence, English sentence, expected.
    const INLINE: &[[&str; 4]] = &[
        [
            "Kanzler **Olaf Scholz** reist nach [Paris](https://a.de).",
            "Kanzler Olaf Scholz reist nach Paris.",
            "Chancellor Olaf Scholz is travelling to Paris.",
            "Chancellor **Olaf Scholz** is travelling to [Paris](https://a.de).",
        ],
        [
            "Siehe [Berlin] und [Paris][].\n\n[Berlin]: /b\n[Paris]: /p",
            "Siehe Berlin und Paris.",
            "See Berlin and Paris.",
            "See [Berlin][Berlin] and [Paris][Paris].\n\n[Berlin]: /b\n[Paris]: /p",
        ],
        [
            "[Berlin ruft]\n\n[Berlin ruft]: /b",
            "Berlin ruft",
            "Berlin calls",
            "[Berlin calls][Berlin ruft]\n\n[Berlin ruft]: /b",
        ],
        [
            "Der Befehl `a | b` zeigt ***alles***.",
            "Der Befehl a | b zeigt alles.",
            "The command a | b shows everything.",
            "The command `a | b` shows ***everything***.",
        ],
        [
            "Erste Zeile  \nzweite Zeile",
            "Erste Zeile zweite Zeile",
            "First line second line",
            "First line  \nsecond line",
        ],
        [
            "5 \\* 3 &amp; ~~alt~~ <b>neu</b> kommt.",
            "5 * 3 & alt neu kommt.",
            "5 * 3 & old new comes.",
            "5 \\* 3 & ~~old~~ <b>new</b> comes.",
        ],
        [
            "> Zitat über\n> zwei Zeilen.",
            "Zitat über zwei Zeilen.",
            "A quote of two lines.",
            "> A quote of two lines.",
        ],
        [
            "Mehr auf <https://a.de> lesen.",
            "Mehr auf https://a.de lesen.",
            "Read more on https://a.de.",
            "Read more on <https://a.de>.",
        ],
        [
            "1\\. Januar war es.",
            "1. Januar war es.",
            "1. January it was.",
            "1\\. January it was.",
        ],
    ];

    #[test]
    fn inline_markup_lands_on_its_words() {
        for [source, german, english, expected] in INLINE {
            assert_eq!(
                with(source, Format::Markdown, &[(german, english)]),
                *expected
            );
        }
    }

    #[test]
    fn bars_in_cells_are_escaped() {
        let source = "| A | B |\n|---|---|\n| eins \\| zwei | drei |\n";
        let rendered = translated(source, Format::Markdown, |text| {
            text.replace("eins", "one").replace("zwei", "two")
        })
        .1;
        assert_eq!(
            rendered.text,
            source.replace("eins", "one").replace("zwei", "two")
        );
    }
}

/// The tags of an HTML text, as a sorted list.
pub(super) fn tags(html: &str) -> Vec<String> {
    let mut tags: Vec<String> = html5gum::Tokenizer::new(html)
        .flatten()
        .filter_map(|token| match token {
            html5gum::Token::StartTag(tag) => Some(format!("{:?} {:?}", tag.name, tag.attributes)),
            html5gum::Token::EndTag(tag) => Some(format!("/{:?}", tag.name)),
            html5gum::Token::Comment(comment) => Some(format!("!{:?}", comment.value)),
            _ => None,
        })
        .collect();
    tags.sort();
    tags
}

/// Whether the tags of an HTML text are balanced and nested.
pub(super) fn is_nested(html: &str) -> bool {
    let mut open = Vec::new();
    for token in html5gum::Tokenizer::new(html).flatten() {
        match token {
            html5gum::Token::StartTag(tag) if !matches!(&**tag.name, b"br" | b"img") => {
                open.push(tag.name)
            }
            html5gum::Token::EndTag(tag) if open.pop() != Some(tag.name.clone()) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

fn check_identity(source: &str, format: Format) -> Result<(), TestCaseError> {
    let Ok(document) = Document::parse(source, format) else {
        return Ok(());
    };
    let mut end = 0;
    for block in document.blocks() {
        let span = block.source_span(Span::new(0, block.text.len()));
        prop_assert!(
            span.start >= end && source.get(span.start..span.end).is_some(),
            "{span:?} after {end}"
        );
        end = span.end;
        prop_assert_eq!(block.text.trim(), &block.text);
        for (at, ch) in block.text.char_indices() {
            let piece = block.source_span(Span::new(at, at + ch.len_utf8()));
            prop_assert!(
                source
                    .get(piece.start..piece.end)
                    .is_some_and(|piece| !piece.is_empty())
            );
        }
    }
    let rendered = translated(source, format, str::to_owned).1;
    prop_assert_eq!(&rendered.text, source);
    Ok(())
}

fn soup(parts: Vec<&'static str>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(parts), 0..40).prop_map(|parts| parts.concat())
}

fn html_soup() -> impl Strategy<Value = String> {
    soup(vec![
        "Der Kanzler ",
        "sprach. ",
        "Berlin",
        " ",
        "\n",
        "&amp;",
        "&nbsp;",
        "&uuml",
        "&#",
        "&",
        "<",
        ">",
        "ä",
        "a\u{308}",
        "\u{ad}",
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<i class='x'>",
        "</i>",
        "<a href=\"x>y\">",
        "</a>",
        "<br>",
        "<br/>",
        "<img src=a>",
        "<code>",
        "</code>",
        "<span translate=no>",
        "</span>",
        "<div>",
        "</div>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<li>",
        "<td>",
        "</table>",
        "<textarea>",
        "</textarea>",
        "<title>",
        "</title>",
        "<svg>",
        "</svg>",
        "<pre>",
        "</pre>",
        "\"",
        "'",
        "\0",
        "<!doctype>",
        "</",
    ])
}

fn markdown_soup() -> impl Strategy<Value = String> {
    soup(vec![
        "Der Kanzler ",
        "sprach. ",
        "Berlin",
        " ",
        "\n",
        "\n\n",
        "  \n",
        "\\\n",
        "*",
        "**",
        "_",
        "`",
        "``",
        "[",
        "](x)",
        "]",
        "[^1]",
        "![",
        "# ",
        "> ",
        "- ",
        "1. ",
        "| ",
        "|---|\n",
        "```\n",
        "&amp;",
        "<b>",
        "</b>",
        "<div>",
        "<!-- ",
        "-->",
        "~~",
        "\\",
        "---\n",
        "<https://a.de>",
        "ä",
        "\t",
        "\r\n",
        "[a]: /b\n",
        "[ ] ",
        "{#x}",
        "+++\n",
        "    ",
    ])
}

fn plain_line() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "",
        "Bundestag beschließt Rente",
        "\u{feff}Von Max Muster",
        "Der Kanzler sprach am 3.\u{a0}Mai in Berlin. Danach ging er.",
        "- ein Punkt der Liste",
        "• noch ein Punkt ",
        "1. Rente",
        "Der Bundestag hat am Freitag in Berlin nach langer Debatte ein neues",
        "und lange erwartetes Gesetz zur Rente beschlossen, das die Bei-",
        "  träge stabil halten soll\t",
        "\u{a0}",
    ])
    .prop_map(str::to_owned)
}

/// Well-formed inline markup around words.
fn nested_html() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "Der ",
        "Kanzler ",
        "Olaf Scholz ",
        "sprach ",
        "2.000 ",
        "in Berlin ",
        "am Montag ",
        "mit ",
        "dem Präsidenten. ",
        "Er ",
        "ging. ",
        "<br>",
        "<img src=a>",
        "&amp; ",
        "<!--c-->",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 40, 6, |inner| {
        (
            prop::sample::select(vec!["b", "i", "a", "span", "code", "em"]),
            prop::collection::vec(inner, 0..6),
        )
            .prop_map(|(name, parts)| format!("<{name}>{}</{name}>", parts.concat()))
    })
}

/// An article with everything in it that no translation may touch.
fn article_html() -> impl Strategy<Value = String> {
    let inline = prop::sample::select(vec![
        "Der Kanzler sprach ",
        "am 3. Mai in Berlin. ",
        "Danach ging er. ",
        "M&uuml;ller &amp; S&ouml;hne zahlen 5&nbsp;Mio.&nbsp;&euro;. ",
    ]);
    let kept = prop::sample::select(KEPT_HTML.to_vec());
    let paragraph = prop::collection::vec(prop_oneof![3 => inline, 2 => kept], 1..8)
        .prop_map(|parts| format!("<p>{}Ende.</p>\n", parts.concat()));
    prop::collection::vec(paragraph, 1..5).prop_map(|parts| parts.concat())
}

const KEPT_HTML: &[&str] = &[
    "<code>x = 1. Y = 2</code> ",
    "<span translate=\"no\">Foo &amp; Co. KG</span> ",
    "<b class=notranslate>Rat Haus</b> ",
    "<!-- Ein Satz. Noch <b>einer</b>. --> ",
    "<img alt=\"Ein Bild. Noch eins.\" src=\"a.png?x=1&amp;y=2\"> ",
    "<script>if (a < b) { document.write(\"<p>Ein Satz.</p>\"); }</script> ",
    "<style>p { color: red }</style> ",
    "<svg><text>Ein Satz.</text></svg> ",
    "<kbd>Strg</kbd> ",
];

fn article_markdown() -> impl Strategy<Value = String> {
    let inline = prop::sample::select(vec![
        "Der *Kanzler* sprach ",
        "am 3. Mai in **Berlin**. ",
        "Danach ging er. ",
        "Müller &amp; Söhne zahlen 5 Mio. Euro. ",
    ]);
    let kept = prop::sample::select(KEPT_MARKDOWN.to_vec());
    let paragraph = prop::collection::vec(prop_oneof![3 => inline, 2 => kept], 1..8)
        .prop_map(|parts| format!("Text {}Ende.\n\n", parts.concat()));
    let between = prop::sample::select(vec![
        "",
        "```rust\nlet a = \"Ein Satz.\";\n```\n\n",
        "---\n\n",
        "<!-- Ein Satz. -->\n\n",
    ]);
    prop::collection::vec((paragraph, between), 1..5)
        .prop_map(|parts| parts.into_iter().map(|(a, b)| a + b).collect())
}

const KEPT_MARKDOWN: &[&str] = &[
    "`x = 1. Y = 2` ",
    "![Ein Bild. Noch eins.](a.png) ",
    "<https://example.org/a_b?c=d> ",
    "<br> ",
    "[Wort](https://example.org \"Titel. Hier.\") ",
];

/// Code, addresses, images and raw HTML of a Markdown text, as a sorted list.
fn kept_in_markdown(text: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Parser, Tag};
    let mut kept: Vec<String> = Parser::new(text)
        .filter_map(|event| match event {
            Event::Code(code) => Some(format!("code {code}")),
            Event::InlineHtml(html) | Event::Html(html) => Some(format!("html {html}")),
            Event::Rule => Some("rule".to_owned()),
            Event::Start(Tag::Link {
                dest_url, title, ..
            }) => Some(format!("link {dest_url} {title}")),
            Event::Start(Tag::Image { dest_url, .. }) => Some(format!("image {dest_url}")),
            Event::Start(tag @ Tag::CodeBlock(_)) => Some(format!("{tag:?}")),
            // Delimiters that are not read as such.
            Event::Text(text) if text.contains(['*', '`', '[', ']']) => {
                Some(format!("literal {text}"))
            }
            _ => None,
        })
        .collect();
    kept.sort();
    kept
}

/// A bad translation: words dropped, swapped and replaced.
fn mangled(text: &str, seed: u64) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    let pick = (seed as usize).max(1);
    if seed.is_multiple_of(3) {
        words.reverse();
    }
    let swap = pick % words.len();
    words.rotate_left(swap);
    words
        .into_iter()
        .enumerate()
        .filter(|(index, _)| index % (pick % 5 + 2) != 1)
        .map(|(index, word)| if index % 4 == 3 { "word" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
}

proptest! {
    #[test]
    fn untranslated_text_renders_as_it_was(source in any::<String>()) {
        for format in Format::ALL {
            check_identity(&source, format)?;
        }
    }

    #[test]
    fn untranslated_html_renders_as_it_was(source in html_soup()) {
        check_identity(&source, Format::Html)?;
        check_identity(&source, Format::Text)?;
    }

    #[test]
    fn untranslated_markdown_renders_as_it_was(source in markdown_soup()) {
        check_identity(&source, Format::Markdown)?;
        check_identity(&source, Format::Text)?;
    }

    #[test]
    fn translated_html_keeps_its_tags_and_their_nesting(inner in prop::collection::vec(nested_html(), 1..6), seed in any::<u64>()) {
        let source = format!("<p>{}</p>", inner.concat());
        if Document::parse(&source, Format::Html).is_err() {
            return Ok(());
        }
        let rendered = translated(&source, Format::Html, |text| mangled(text, seed)).1;
        prop_assert!(is_nested(&rendered.text), "{}", rendered.text);
        prop_assert_eq!(tags(&rendered.text), tags(&source), "{}", rendered.text);
    }

    #[test]
    fn what_is_not_prose_survives_any_translation(source in article_html(), seed in any::<u64>()) {
        check_identity(&source, Format::Html)?;
        let rendered = translated(&source, Format::Html, |text| mangled(text, seed)).1;
        for kept in KEPT_HTML {
            prop_assert_eq!(
                rendered.text.matches(kept.trim()).count(),
                source.matches(kept.trim()).count(),
                "{} in {}", kept, rendered.text
            );
        }
        prop_assert_eq!(tags(&rendered.text), tags(&source), "{}", rendered.text);
    }

    #[test]
    fn code_and_addresses_survive_any_translation_of_markdown(source in article_markdown(), seed in any::<u64>()) {
        check_identity(&source, Format::Markdown)?;
        let rendered = translated(&source, Format::Markdown, |text| mangled(text, seed)).1;
        prop_assert_eq!(
            kept_in_markdown(&rendered.text),
            kept_in_markdown(&source),
            "{}", rendered.text
        );
    }

    #[test]
    fn lines_survive_any_translation(lines in prop::collection::vec(plain_line(), 1..8), end in prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"]), seed in any::<u64>()) {
        let source = lines.join(end);
        check_identity(&source, Format::Text)?;
        if Document::parse(&source, Format::Text).is_err() {
            return Ok(());
        }
        let rendered = translated(&source, Format::Text, |text| mangled(text, seed)).1;
        // Wrapped lines may be joined; none is added and no kind is mixed.
        prop_assert!(rendered.text.lines().count() <= source.lines().count());
        if !end.contains('\r') {
            prop_assert!(!rendered.text.contains('\r'));
        }
    }

    #[test]
    fn translated_soup_keeps_its_tags(source in html_soup(), seed in any::<u64>()) {
        if Document::parse(&source, Format::Html).is_err() {
            return Ok(());
        }
        let rendered = translated(&source, Format::Html, |text| mangled(text, seed)).1;
        for spans in &rendered.spans {
            for span in spans {
                prop_assert!(rendered.text.get(span.start..span.end).is_some());
            }
        }
    }

    #[test]
    fn translated_markdown_does_not_panic(source in markdown_soup(), seed in any::<u64>()) {
        if Document::parse(&source, Format::Markdown).is_ok() {
            translated(&source, Format::Markdown, |text| mangled(text, seed));
        }
    }
}
