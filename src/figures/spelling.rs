//! How alike two words are written, across German and English.

/// From 0 (nothing in common) to 1 (the same) by longest common subsequence
/// of letters, after the letters that transcriptions disagree about are made
/// one: Wladimir and Vladimir, Pjöngjang and Pyongyang, Scholz and Scholz.
///
/// Words of more than 32 letters are alike only when they are equal: it keeps
/// the comparison cheap.
pub fn similarity(one: &str, other: &str) -> f64 {
    const LONGEST: usize = 32;
    let (one, other) = (folded(one), folded(other));
    if one == other {
        return 1.0;
    }
    let longest = one.len().max(other.len());
    if longest > LONGEST || longest == 0 {
        return 0.0;
    }
    2.0 * common_subsequence(&one, &other) as f64 / (one.len() + other.len()) as f64
}

fn common_subsequence(one: &[char], other: &[char]) -> usize {
    let mut row = vec![0; other.len() + 1];
    for left in one {
        let mut diagonal = 0;
        let mut before = 0;
        for (cell, right) in row.iter_mut().skip(1).zip(other) {
            let above = *cell;
            *cell = if left == right { diagonal + 1 } else { above.max(before) };
            diagonal = above;
            before = *cell;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// Lower case letters in one transcription.
fn folded(word: &str) -> Vec<char> {
    const DIGRAPHS: [(&str, &str); 8] = [
        ("tsch", "c"),
        ("sch", "s"),
        ("sh", "s"),
        ("ch", "c"),
        ("ph", "f"),
        ("ou", "u"),
        ("kh", "c"),
        ("zh", "s"),
    ];
    let mut text = word.to_lowercase();
    for (from, to) in DIGRAPHS {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c {
            'ä' | 'á' | 'à' | 'â' => 'a',
            'ö' | 'ó' | 'ô' => 'o',
            'ü' | 'ú' | 'û' => 'u',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ï' | 'j' | 'y' => 'i',
            'w' => 'v',
            'k' | 'q' | 'č' | 'ć' => 'c',
            'z' | 'ß' | 'š' | 'ž' => 's',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transcriptions_are_alike() {
        for (german, english) in [
            ("Wladimir", "Vladimir"),
            ("Kiew", "Kyiv"),
            ("Pjöngjang", "Pyongyang"),
            ("Tschetschenien", "Chechnya"),
            ("Gorbatschow", "Gorbachev"),
            ("Lukaschenko", "Lukashenko"),
            ("Präsident", "President"),
        ] {
            let alike = similarity(german, english);
            assert!(alike >= 0.6, "{german} and {english}: {alike}");
        }
    }

    #[test]
    fn other_words_are_not() {
        for (one, other) in [("Männer", "women"), ("Deutschland", "Germany"), ("", "a"), ("", "")] {
            assert!(similarity(one, other) < 0.6 || one == other, "{one} and {other}");
        }
    }
}
