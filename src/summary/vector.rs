//! Sentences as weighted words.

use std::collections::{HashMap, HashSet};

/// How rare each word is among the sentences.
pub struct Rarity {
    sentences: f64,
    holding: HashMap<String, f64>,
}

impl Rarity {
    pub fn of(sentences: &[Vec<String>]) -> Self {
        let mut holding = HashMap::new();
        for words in sentences {
            let distinct: HashSet<&String> = words.iter().collect();
            for word in distinct {
                *holding.entry(word.clone()).or_insert(0.0) += 1.0;
            }
        }
        Rarity {
            sentences: sentences.len() as f64,
            holding,
        }
    }

    /// Inverse sentence frequency, never zero: in a short article the word
    /// that all sentences share is its subject.
    fn weight(&self, word: &str) -> f64 {
        let holding = self.holding.get(word).copied().unwrap_or(1.0);
        1.0 + (self.sentences / holding).ln()
    }
}

/// Weighted words of a text.
#[derive(Debug, Default)]
pub struct Vector {
    weights: HashMap<String, f64>,
    norm: f64,
}

impl Vector {
    pub fn of(words: &[String], rarity: &Rarity) -> Self {
        let mut weights = HashMap::new();
        for word in words {
            *weights.entry(word.clone()).or_insert(0.0) += rarity.weight(word);
        }
        Self::normed(weights)
    }

    pub fn sum(vectors: &[Vector]) -> Self {
        let mut weights = HashMap::new();
        for vector in vectors.iter().filter(|vector| vector.norm > 0.0) {
            for (word, weight) in &vector.weights {
                *weights.entry(word.clone()).or_insert(0.0) += weight / vector.norm;
            }
        }
        Self::normed(weights)
    }

    fn normed(weights: HashMap<String, f64>) -> Self {
        // Summed in sorted order: the order of a hash map differs from run to
        // run, and so would the last bits of the sum.
        let mut squares: Vec<f64> = weights.values().map(|weight| weight * weight).collect();
        squares.sort_by(f64::total_cmp);
        let norm = squares.iter().sum::<f64>().sqrt();
        Vector { weights, norm }
    }

    pub fn cosine(&self, other: &Vector) -> f64 {
        if self.norm == 0.0 || other.norm == 0.0 {
            return 0.0;
        }
        let mut products: Vec<f64> = self
            .weights
            .iter()
            .filter_map(|(word, weight)| Some(weight * other.weights.get(word)?))
            .collect();
        products.sort_by(f64::total_cmp);
        products.iter().sum::<f64>() / (self.norm * other.norm)
    }
}
