//! Causal self-attention of packed sequences over their caches.
//!
//! Rows of several sequences come in together; each looks only at its own
//! sequence: first at the shared prompt prefix, then at what the sequence
//! itself holds, in the order of positions. That order, and with it the result
//! to the last bit, is the same however the tokens were batched or chunked.

mod group;

use std::cell::RefCell;
use std::ops::Range;

use self::group::{KeysValues, Scratch, attend};

use super::config::{DecoderConfig, LayerAttention};
use super::kv::{HeadCache, KvCache};
use super::rope::Rope;
use super::vector::rms_norm;
use crate::kernels::pool::pool;

/// The sequences of one step, in the order of their rows.
pub struct Batch<'a> {
    /// What all sequences have in common.
    pub prefix: &'a KvCache,
    pub caches: Vec<KvCache>,
    /// Which sequence each row belongs to, and its position there.
    pub rows: Vec<Row>,
}

/// Where one row of the step's activations belongs.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Index into [`Batch::caches`].
    pub sequence: usize,
    /// Position in the sequence, the prefix counted.
    pub position: usize,
}

/// The attention of one layer, without its projections.
pub struct Attention<'a> {
    pub config: &'a DecoderConfig,
    pub layer: LayerAttention,
    pub index: usize,
    pub rope: &'a Rope,
    /// `[head_dim]` each, for architectures that normalise heads.
    pub query_norm: Option<&'a [f32]>,
    pub key_norm: Option<&'a [f32]>,
}

impl Attention<'_> {
    /// Normalises and rotates the new keys `[n, kv_width]` and appends them,
    /// with the new values `[n, kv_width]`, to the caches.
    pub fn append(&self, batch: &mut Batch<'_>, keys: &[f32], values: &[f32]) {
        let (width, head_dim) = (self.config.kv_width(), self.config.head_dim);
        let new = keys.chunks_exact(width).zip(values.chunks_exact(width));
        for (row, (keys, values)) in batch.rows.iter().zip(new) {
            let Some(cache) = batch.caches.get_mut(row.sequence) else {
                continue;
            };
            let heads = cache.layer_mut(self.index).iter_mut();
            let new = keys
                .chunks_exact(head_dim)
                .zip(values.chunks_exact(head_dim));
            for (head, (key, value)) in heads.zip(new) {
                let start = head.keys.len();
                head.keys.extend_from_slice(key);
                head.values.extend_from_slice(value);
                if let Some(key) = head.keys.get_mut(start..) {
                    self.place(key, self.key_norm, row.position);
                }
            }
        }
    }

    /// Replaces the queries `[n, query_width]` by what they attend to. The keys
    /// of the same rows must have been appended.
    pub fn attend(&self, batch: &Batch<'_>, queries: &mut [f32]) {
        thread_local! {
            static SCRATCH: RefCell<Scratch> = RefCell::default();
        }
        let (group, head_dim) = (self.config.group(), self.config.head_dim);
        let kv_heads = self.config.kv_heads.max(1);
        pool().each(queries, group * head_dim, |chunk, queries| {
            let Some(row) = batch.rows.get(chunk / kv_heads) else {
                return;
            };
            for query in queries.chunks_exact_mut(head_dim) {
                self.place(query, self.query_norm, row.position);
            }
            let parts = self.seen(batch, *row, chunk % kv_heads);
            SCRATCH.with_borrow_mut(|scratch| attend(queries, head_dim, &parts, scratch));
        });
    }

    /// What the queries of a row see of a head: the prefix, then the sequence.
    fn seen<'c>(&self, batch: &'c Batch<'_>, row: Row, kv_head: usize) -> [KeysValues<'c>; 2] {
        let end = row.position + 1;
        let start = self
            .layer
            .window
            .map_or(0, |window| end.saturating_sub(window));
        let shared = batch.prefix.tokens();
        let own = batch.caches.get(row.sequence);
        [
            self.part(batch.prefix, kv_head, start.min(shared)..end.min(shared)),
            own.map_or(KeysValues::default(), |own| {
                let range = start.max(shared) - shared..end.max(shared) - shared;
                self.part(own, kv_head, range)
            }),
        ]
    }

    /// The keys and values of a range of positions of one head.
    fn part<'c>(&self, cache: &'c KvCache, kv_head: usize, range: Range<usize>) -> KeysValues<'c> {
        let range = range.start * self.config.head_dim..range.end * self.config.head_dim;
        let head = cache.layer(self.index).get(kv_head);
        let rows = |select: fn(&HeadCache) -> &Vec<f32>| {
            head.and_then(|head| select(head).get(range.clone()))
                .unwrap_or_default()
        };
        KeysValues {
            keys: rows(|head| &head.keys),
            values: rows(|head| &head.values),
        }
    }

    /// Normalises a head, where the architecture does, and rotates it.
    fn place(&self, head: &mut [f32], norm: Option<&[f32]>, position: usize) {
        if let Some(weight) = norm {
            rms_norm(head, weight, self.config.epsilon);
        }
        self.rope.turn(head, position);
    }
}
