//! Names.

use super::compare::Check;

pub fn compare(_source: &str, _target: &str) -> Vec<Check> {
    Vec::new()
}
