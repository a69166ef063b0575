//! Glossaries as files: a term a line, German and English in two columns.

use super::Entry;
use crate::error::{Error, Result};

/// What stands between the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// Cells are as they are: no quotes.
    Tab,
    /// Comma or semicolon, whichever the first line has; cells may be quoted.
    Comma,
}

/// Reads a table. A line with one column, or with nothing in the second, is a
/// term that is not to be translated. Blank lines and further columns, such as
/// the two with the languages that DeepL's tables may have, are ignored.
///
/// # Errors
/// [`Error::Malformed`] for a line without a term and for quotes that do not
/// end.
pub fn read(table: &str, separator: Separator) -> Result<Vec<Entry>> {
    let table = table.trim_start_matches('\u{feff}');
    let rows = match separator {
        Separator::Tab => table
            .lines()
            .map(|line| line.split('\t').map(str::to_owned).collect())
            .collect(),
        Separator::Comma => quoted_rows(table)?,
    };
    rows.into_iter()
        .enumerate()
        .filter(|(_, row): &(usize, Vec<String>)| row.iter().any(|cell| !cell.trim().is_empty()))
        .map(|(line, row)| {
            let mut cells = row.into_iter().map(|cell| cell.trim().to_owned());
            let source = cells.next().filter(|cell| !cell.is_empty());
            let source = source.ok_or_else(|| {
                Error::Malformed(format!("row {} of the glossary has no term", line + 1))
            })?;
            let target = cells.next().filter(|cell| !cell.is_empty());
            Ok(Entry { source, target })
        })
        .collect()
}

/// Rows of a table with commas, as RFC 4180 has it.
fn quoted_rows(table: &str) -> Result<Vec<Vec<String>>> {
    let first = table.lines().next().unwrap_or_default();
    let bare: String = first.split('"').step_by(2).collect();
    let comma = if bare.contains(';') && !bare.contains(',') {
        ';'
    } else {
        ','
    };
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut characters = table.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            c if quoted => cell.push(c),
            c if c == comma => row.push(std::mem::take(&mut cell)),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    if quoted {
        return Err(Error::Malformed(
            "a quoted cell of the glossary does not end".into(),
        ));
    }
    row.push(cell);
    rows.push(row);
    Ok(rows)
}
