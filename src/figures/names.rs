//! Names.

use super::compare::Check;
use crate::span::Span;

pub fn compare(_source: &str, _target: &str, _taken: &[Span]) -> Vec<Check> {
    Vec::new()
}
