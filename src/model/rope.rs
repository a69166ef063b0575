//! Rotary position embedding (RoPE; Su et al., 2021), in the form that pairs
//! the first half of a head with the second.

/// Cosines and sines for every position of a window.
pub struct Rope {
    /// `[positions, head_dim / 2]` pairs of (cos, sin).
    turns: Vec<(f32, f32)>,
    half: usize,
}

impl Rope {
    /// A table for `positions` positions; `base` and `scale` as in
    /// [`super::config::LayerAttention`].
    pub fn new(head_dim: usize, positions: usize, base: f32, scale: f32) -> Self {
        let half = head_dim / 2;
        let frequencies: Vec<f32> = (0..half)
            .map(|pair| 1.0 / base.powf(2.0 * pair as f32 / head_dim as f32))
            .collect();
        let turns = (0..positions)
            .flat_map(|position| {
                frequencies.iter().map(move |frequency| {
                    let angle = position as f32 / scale * frequency;
                    (angle.cos(), angle.sin())
                })
            })
            .collect();
        Rope { turns, half }
    }

    /// Rotates one head in place. A position beyond the table is left alone:
    /// callers check the window first.
    pub fn turn(&self, head: &mut [f32], position: usize) {
        let start = position * self.half;
        let Some(turns) = self.turns.get(start..start + self.half) else {
            return;
        };
        let (low, high) = head.split_at_mut(self.half.min(head.len()));
        for ((low, high), (cos, sin)) in low.iter_mut().zip(high).zip(turns) {
            let (x, y) = (*low, *high);
            *low = x * cos - y * sin;
            *high = y * cos + x * sin;
        }
    }
}
