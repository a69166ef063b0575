//! Key and value caches: one per sequence, recycled through a pool.

use std::collections::HashMap;

use super::SequenceId;
use crate::error::{Error, Result};

/// Tokens by which a cache grows.
const PAGE: usize = 64;
/// Caches with room for more tokens are given back to the system when their
/// sequence ends: a few very long sentences must not hold memory for ever.
const MOST_SPARE: usize = 512;

/// Keys and values of one head in one layer, `[positions, head_dim]` each.
#[derive(Debug, Clone, Default)]
pub struct HeadCache {
    pub keys: Vec<f32>,
    pub values: Vec<f32>,
}

/// Everything the model remembers of one sequence.
#[derive(Debug, Clone)]
pub struct KvCache {
    /// `[layer][head]`.
    layers: Vec<Vec<HeadCache>>,
    head_dim: usize,
    /// Tokens that all layers hold. Layers may hold more for a moment, while a
    /// step is under way or after one has failed.
    tokens: usize,
}

impl KvCache {
    pub fn new(layers: usize, heads: usize, head_dim: usize) -> Self {
        KvCache {
            layers: vec![vec![HeadCache::default(); heads]; layers],
            head_dim,
            tokens: 0,
        }
    }

    /// Number of tokens held.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Tokens that it could hold without growing.
    fn room(&self) -> usize {
        let head = self.layers.first().and_then(|heads| heads.first());
        head.map_or(0, |head| head.keys.capacity() / self.head_dim.max(1))
    }

    /// Forgets what a failed step may have left and makes room for `new` tokens.
    pub fn begin(&mut self, new: usize) {
        let held = self.tokens * self.head_dim;
        let wanted = (self.tokens + new).next_multiple_of(PAGE) * self.head_dim;
        for head in self.layers.iter_mut().flatten() {
            for rows in [&mut head.keys, &mut head.values] {
                rows.truncate(held);
                rows.reserve_exact(wanted.saturating_sub(held));
            }
        }
    }

    /// Makes the tokens of a step that all layers have seen part of the cache.
    pub fn commit(&mut self, new: usize) {
        self.tokens += new;
    }

    /// The heads of one layer; none for a layer that does not exist.
    pub fn layer(&self, layer: usize) -> &[HeadCache] {
        self.layers.get(layer).map_or(&[], Vec::as_slice)
    }

    pub fn layer_mut(&mut self, layer: usize) -> &mut [HeadCache] {
        self.layers
            .get_mut(layer)
            .map_or(&mut [], Vec::as_mut_slice)
    }

    fn clear(&mut self) {
        self.tokens = 0;
        self.begin(0);
    }

    fn copy_from(&mut self, other: &KvCache) {
        self.clear();
        self.begin(other.tokens);
        let held = other.tokens * other.head_dim;
        for (to, from) in self
            .layers
            .iter_mut()
            .flatten()
            .zip(other.layers.iter().flatten())
        {
            to.keys.extend(from.keys.iter().take(held));
            to.values.extend(from.values.iter().take(held));
        }
        self.tokens = other.tokens;
    }
}

/// The caches of all open sequences.
pub struct KvPool {
    open: HashMap<SequenceId, KvCache>,
    /// Caches of closed sequences, whose memory the next ones take over.
    spare: Vec<KvCache>,
    empty: KvCache,
    limit: usize,
    next: u32,
}

impl KvPool {
    /// At most `limit` sequences at once, each with a cache like `empty`.
    pub fn new(empty: KvCache, limit: usize) -> Self {
        KvPool {
            open: HashMap::with_capacity(limit),
            spare: Vec::new(),
            empty,
            limit,
            next: 0,
        }
    }

    /// Opens an empty sequence.
    ///
    /// # Errors
    /// [`Error::Model`] when the pool is full.
    pub fn open(&mut self) -> Result<SequenceId> {
        if self.open.len() >= self.limit {
            return Err(Error::Model(format!(
                "all {} sequences of the model are open",
                self.limit
            )));
        }
        let cache = self.spare.pop().unwrap_or_else(|| self.empty.clone());
        Ok(self.insert(cache))
    }

    /// Opens a copy of a sequence.
    pub fn fork(&mut self, id: SequenceId) -> Result<SequenceId> {
        self.get(id)?;
        let copy = self.open()?;
        let mut cache = self.take(copy)?;
        if let Some(original) = self.open.get(&id) {
            cache.copy_from(original);
        }
        self.put_back(copy, cache);
        Ok(copy)
    }

    /// Closes a sequence and keeps its memory for the next one, unless it is
    /// unusually large; unknown ids are ignored.
    pub fn close(&mut self, id: SequenceId) {
        if let Some(mut cache) = self.open.remove(&id)
            && cache.room() <= MOST_SPARE
        {
            cache.clear();
            self.spare.push(cache);
        }
    }

    /// The cache of an open sequence.
    pub fn get(&self, id: SequenceId) -> Result<&KvCache> {
        self.open.get(&id).ok_or_else(|| unknown(id))
    }

    /// Takes a cache out, so that a step can hold several at once; the caller
    /// puts it back. Asking twice for the same one is an error.
    pub fn take(&mut self, id: SequenceId) -> Result<KvCache> {
        self.open.remove(&id).ok_or_else(|| unknown(id))
    }

    /// Returns a cache that [`KvPool::take`] gave.
    pub fn put_back(&mut self, id: SequenceId, cache: KvCache) {
        self.open.insert(id, cache);
    }

    fn insert(&mut self, cache: KvCache) -> SequenceId {
        // Ids are reused only after 2³² sequences, and never while open.
        while self.open.contains_key(&SequenceId(self.next)) {
            self.next = self.next.wrapping_add(1);
        }
        let id = SequenceId(self.next);
        self.next = self.next.wrapping_add(1);
        self.open.insert(id, cache);
        id
    }
}

fn unknown(id: SequenceId) -> Error {
    Error::Model(format!("sequence {} is not open, or named twice", id.0))
}
