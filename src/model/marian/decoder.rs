//! Marian's decoder, one token of several hypotheses at a time.
//!
//! candle-transformers' `MTModel` is not used for it: it projects the whole
//! source again for every token (most of the work of a step), cannot append
//! several tokens to a history, and its batch shares one history length.

use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::marian::Config as Architecture;

use super::attention::Memory;
use super::layer::{AttentionBlock, FeedForward};

/// Rows of every matrix product of a step. A batch is cut into tiles of just
/// this height, the last one filled up with rows that nobody reads: products
/// of one shape sum in one order, so that a hypothesis gets the same bits in
/// any company.
///
/// Eight, because reading the weights takes most of the time: with the sizes
/// of opus-mt-de-en on two cores a full tile wrote about three times as many
/// tokens per second as row after row, and a lone row took about a fifth
/// longer than in a tile of one. Tiles of 16 made a lone row twice as slow.
pub const TILE: usize = 8;

#[derive(Debug)]
pub struct Decoder {
    layers: Vec<Layer>,
}

#[derive(Debug)]
struct Layer {
    look_back: AttentionBlock,
    look_at_source: AttentionBlock,
    feed_forward: FeedForward,
}

/// What one hypothesis carries from token to token. Clones share their past.
#[derive(Debug, Clone)]
pub struct State {
    /// Tokens decoded so far.
    pub length: usize,
    layers: Vec<LayerState>,
}

#[derive(Debug, Clone)]
struct LayerState {
    source: Memory,
    history: Option<Memory>,
}

impl Decoder {
    pub fn load(architecture: &Architecture, weights: &VarBuilder<'_>) -> Result<Self> {
        let (width, heads) = (architecture.d_model, architecture.decoder_attention_heads);
        let layer = |index: usize| {
            let weights = weights.pp("model.decoder.layers").pp(index);
            Ok(Layer {
                look_back: AttentionBlock::load(width, heads, "self_attn", &weights)?,
                look_at_source: AttentionBlock::load(width, heads, "encoder_attn", &weights)?,
                feed_forward: FeedForward::load(
                    width,
                    architecture.decoder_ffn_dim,
                    architecture.activation_function,
                    &weights,
                )?,
            })
        };
        Ok(Decoder {
            layers: (0..architecture.decoder_layers)
                .map(layer)
                .collect::<Result<_>>()?,
        })
    }

    /// The state before the first token, for an encoded source
    /// `[tokens, width]`.
    pub fn begin(&self, source: &Tensor) -> Result<State> {
        let layer = |layer: &Layer| {
            Ok(LayerState {
                source: layer.look_at_source.attention.memory(source)?,
                history: None,
            })
        };
        Ok(State {
            length: 0,
            layers: self.layers.iter().map(layer).collect::<Result<_>>()?,
        })
    }

    /// Appends one token, given as its row of `rows` `[TILE, width]`, to each
    /// of at most [`TILE`] states; later rows are filling. Returns the
    /// decoder's output in the same shape.
    pub fn step(&self, mut rows: Tensor, states: &mut [&mut State]) -> Result<Tensor> {
        for (index, layer) in self.layers.iter().enumerate() {
            rows = layer.step(
                rows,
                states
                    .iter_mut()
                    .filter_map(|state| state.layers.get_mut(index)),
            )?;
        }
        for state in states {
            state.length += 1;
        }
        Ok(rows)
    }
}

impl Layer {
    fn step<'s>(
        &self,
        rows: Tensor,
        states: impl Iterator<Item = &'s mut LayerState>,
    ) -> Result<Tensor> {
        let back = &self.look_back.attention;
        let queries = back.queries(&rows)?;
        let newest = back.memory(&rows)?;
        let mut found = Vec::with_capacity(TILE);
        let mut sources = Vec::with_capacity(TILE);
        for (row, state) in states.enumerate() {
            let newest = newest.at(row)?;
            let history = match &state.history {
                Some(history) => history.followed_by(&newest)?,
                None => newest,
            };
            found.push(back.look_up(&queries.narrow(0, row, 1)?, &history)?);
            state.history = Some(history);
            sources.push(&state.source);
        }
        let rows = self.look_back.close(&rows, &filled(found)?)?;

        let at_source = &self.look_at_source.attention;
        let queries = at_source.queries(&rows)?;
        let found = sources.into_iter().enumerate();
        let found =
            found.map(|(row, source)| at_source.look_up(&queries.narrow(0, row, 1)?, source));
        let found = filled(found.collect::<Result<_>>()?)?;
        self.feed_forward
            .forward(&self.look_at_source.close(&rows, &found)?)
    }
}

/// Stacks rows `[1, width]` and fills the tile up with copies of the first.
pub fn filled(mut rows: Vec<Tensor>) -> Result<Tensor> {
    if let Some(first) = rows.first().cloned() {
        rows.resize(TILE, first);
    }
    Tensor::cat(&rows, 0)
}
