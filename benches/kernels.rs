//! Matrix products at the shapes of the default model, for every instruction set
//! that this processor has: `cargo bench --bench kernels`.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use depesche::kernels::{Isa, PackedMatrix, Precision};

/// Outputs and inputs of the feed-forward network's first product.
const ROWS: usize = 8960;
const COLS: usize = 1536;
const BATCHES: [usize; 6] = [1, 2, 4, 8, 16, 64];

/// Numbers between -1 and 1 that look random.
fn numbers(count: usize) -> Vec<f32> {
    (0..count as u32)
        .map(|i| {
            let mixed = i.wrapping_mul(2_654_435_761).rotate_left(13);
            (mixed as f32 / u32::MAX as f32) * 2.0 - 1.0
        })
        .collect()
}

fn products(criterion: &mut Criterion) {
    let weights = numbers(ROWS * COLS);
    for precision in [Precision::Int4, Precision::Int8] {
        let matrix = PackedMatrix::pack(&weights, ROWS, COLS, precision).expect("packed");
        let mut group = criterion.benchmark_group(format!("{precision:?}"));
        group.sample_size(10);
        for batch in BATCHES {
            let x = numbers(batch * COLS);
            let mut out = vec![0.0; batch * ROWS];
            group.throughput(Throughput::Elements((batch * ROWS * COLS) as u64));
            for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
                // The reference takes minutes where the others take seconds.
                if isa == Isa::Portable && batch > 1 {
                    continue;
                }
                group.bench_function(BenchmarkId::new(isa.name(), batch), |bencher| {
                    bencher.iter(|| matrix.matmul_on(isa, &x, batch, &mut out));
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, products);
criterion_main!(benches);
