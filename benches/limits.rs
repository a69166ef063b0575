//! What this machine can do at best: bytes read from memory, and products of
//! 8-bit weights in the registers. A line of JSON for each number of threads:
//!
//! ```text
//! cargo bench --bench limits
//! ```

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use depesche::kernels::pool::Pool;

/// Larger than the caches.
const WORDS: usize = 64 << 20;
const ROUNDS: usize = 15;
/// Steps of the loop of products, for each of the registers that sum up: enough
/// to hide how long a product takes, and so few that none leaves its register.
const STEPS: usize = 200_000;
const VNNI_SUMS: usize = 10;
const AVX2_SUMS: usize = 6;

fn main() {
    let words: Vec<u64> = (0..WORDS as u64).collect();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    for threads in 1..=processors {
        let pool = Pool::new(threads);
        let part = WORDS / threads;
        let read = best(|| {
            pool.run(threads, &|index| {
                black_box(xor(&words[index * part..][..part]));
            });
        });
        let done = AtomicUsize::new(0);
        let seconds = best(|| {
            done.store(0, Ordering::Relaxed);
            pool.run(threads, &|_| {
                done.fetch_add(products(), Ordering::Relaxed);
            });
        });
        let answer = serde_json::json!({
            "threads": threads,
            "read_gb_per_second": (part * threads * 8) as f64 / read / 1e9,
            "int8_gmac_per_second": done.load(Ordering::Relaxed) as f64 / seconds / 1e9,
        });
        println!("{answer}");
    }
}

/// Seconds of the fastest round.
fn best(work: impl Fn()) -> f64 {
    let round = |_| {
        let started = Instant::now();
        work();
        started.elapsed().as_secs_f64()
    };
    (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min)
}

/// Reads all words.
fn xor(words: &[u64]) -> u64 {
    let mut lanes = [0u64; 32];
    for words in words.as_chunks::<32>().0 {
        for (lane, word) in lanes.iter_mut().zip(words) {
            *lane ^= word;
        }
    }
    lanes.into_iter().fold(0, |all, lane| all ^ lane)
}

/// Products in the registers without any load, by what the 8-bit kernels for
/// AVX-512 (VNNI) and AVX2 consist of; AMX can do more. How many there were.
#[cfg(target_arch = "x86_64")]
fn products() -> usize {
    if is_x86_feature_detected!("avx512vnni") && is_x86_feature_detected!("avx512f") {
        // SAFETY: the processor has it.
        unsafe { with_vnni() };
        return STEPS * VNNI_SUMS * 64;
    }
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has it.
        unsafe { with_avx2() };
        return STEPS * AVX2_SUMS * 16;
    }
    0
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vnni")]
fn with_vnni() {
    use std::arch::x86_64::{
        _mm512_add_epi32, _mm512_dpbusd_epi32, _mm512_set1_epi32, _mm512_setzero_si512,
    };

    let mut sums = [_mm512_setzero_si512(); VNNI_SUMS];
    let weights: [_; VNNI_SUMS] = std::array::from_fn(|i| _mm512_set1_epi32(black_box(i as i32)));
    let mut x = _mm512_set1_epi32(black_box(5));
    for _ in 0..STEPS {
        x = _mm512_add_epi32(x, weights[1]);
        for (sum, weights) in sums.iter_mut().zip(weights) {
            *sum = _mm512_dpbusd_epi32(*sum, weights, x);
        }
    }
    black_box(sums);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2() {
    use std::arch::x86_64::{
        _mm256_add_epi32, _mm256_madd_epi16, _mm256_set1_epi16, _mm256_setzero_si256,
    };

    let mut sums = [_mm256_setzero_si256(); AVX2_SUMS];
    // All different, so that no product serves two sums.
    let weights: [_; AVX2_SUMS] = std::array::from_fn(|i| _mm256_set1_epi16(black_box(i as i16)));
    let mut x = _mm256_set1_epi16(black_box(5));
    for _ in 0..STEPS {
        x = _mm256_add_epi32(x, weights[1]);
        for (sum, weights) in sums.iter_mut().zip(weights) {
            *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(weights, x));
        }
    }
    black_box(sums);
}

#[cfg(not(target_arch = "x86_64"))]
fn products() -> usize {
    0
}
