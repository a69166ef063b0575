use super::*;

fn pieces(text: &str) -> Vec<&str> {
    split(text).into_iter().map(|span| span.of(text)).collect()
}

#[test]
fn smoke() {
    assert_eq!(pieces("Er kam. Sie ging."), ["Er kam.", "Sie ging."]);
}
