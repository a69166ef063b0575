//! Words of the English side and the forms that a sentence gives them.

use super::german::is_acronym;

/// Whether `found` is `word`, in any case unless it is an acronym; the last
/// word of a term may be in the plural.
pub fn is_form(word: &str, found: &str, last: bool) -> bool {
    if is_acronym(word) {
        return found == word || last && found.strip_suffix('s') == Some(word);
    }
    let (word, found) = (word.to_lowercase(), found.to_lowercase());
    word == found || last && plurals(&word).contains(&found)
}

/// Forms under which the first word of a term may be found, in lower case.
pub fn forms(word: &str, last: bool) -> Vec<String> {
    let word = word.to_lowercase();
    let plurals = if last { plurals(&word) } else { Vec::new() };
    [word].into_iter().chain(plurals).collect()
}

fn plurals(word: &str) -> Vec<String> {
    let mut plurals = vec![format!("{word}s"), format!("{word}es")];
    plurals.extend(word.strip_suffix('y').map(|stem| format!("{stem}ies")));
    plurals
}
