use super::*;

fn identity(source: &str, format: Format) {
    let Ok(document) = Document::parse(source, format) else {
        return;
    };
    let targets: Vec<Vec<Target>> = document
        .blocks()
        .iter()
        .map(|block| {
            vec![Target {
                span: Span::new(0, block.text.len()),
                text: block.text.clone(),
            }]
        })
        .collect();
    let rendered = document.render(&targets);
    assert_eq!(rendered.text, source);
    for (block, spans) in document.blocks().iter().zip(&rendered.spans) {
        let whole = block.source_span(Span::new(0, block.text.len()));
        assert_eq!(spans, &[whole]);
    }
}

#[test]
fn smoke() {
    identity("Titel\n\nHallo Welt.", Format::Text);
}
