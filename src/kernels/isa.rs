//! Which instructions the processor offers, and which of them are used.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

/// A set of instructions that the kernels are written for, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Isa {
    /// Plain Rust; the reference for the others.
    Portable,
    /// aarch64 with the dot products of Armv8.2: 16 products of bytes in one
    /// instruction.
    Neon,
    /// x86-64 with AVX2 and FMA: products of bytes in three instructions.
    Avx2,
    /// x86-64 with AVX-512 VNNI: 64 products of bytes in one instruction.
    Avx512,
    /// x86-64 with AMX beside that: 16,384 products of bytes in one instruction.
    Amx,
}

impl Isa {
    pub const ALL: [Isa; 5] = [Isa::Portable, Isa::Neon, Isa::Avx2, Isa::Avx512, Isa::Amx];

    pub const fn name(self) -> &'static str {
        match self {
            Isa::Portable => "portable",
            Isa::Neon => "neon",
            Isa::Avx2 => "avx2",
            Isa::Avx512 => "avx512",
            Isa::Amx => "amx",
        }
    }

    /// Whether this processor can run it, and the operating system lets it.
    pub fn is_available(self) -> bool {
        match self {
            Isa::Portable => true,
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => std::arch::is_aarch64_feature_detected!("dotprod"),
            #[cfg(not(target_arch = "aarch64"))]
            Isa::Neon => false,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => {
                is_x86_feature_detected!("avx2")
                    && is_x86_feature_detected!("fma")
                    && is_x86_feature_detected!("f16c")
            }
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => {
                Isa::Avx2.is_available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vnni")
            }
            #[cfg(target_arch = "x86_64")]
            Isa::Amx => Isa::Avx512.is_available() && super::amx::is_available(),
            #[cfg(not(target_arch = "x86_64"))]
            Isa::Avx2 | Isa::Avx512 | Isa::Amx => false,
        }
    }

    /// The best one that this processor can run.
    pub fn best() -> Isa {
        Isa::ALL
            .into_iter()
            .rev()
            .find(|isa| isa.is_available())
            .unwrap_or(Isa::Portable)
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Isa {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Isa::ALL
            .into_iter()
            .find(|isa| isa.name().eq_ignore_ascii_case(name))
            .ok_or(())
    }
}

/// The instruction set that the kernels use, chosen at the first call and
/// fixed from then on: the best that the processor has, or the one that
/// `DEPESCHE_KERNEL` (`portable`, `neon`, `avx2`, `avx512`, `amx`) names if it is available.
pub fn isa() -> Isa {
    static CHOSEN: OnceLock<Isa> = OnceLock::new();
    *CHOSEN.get_or_init(|| {
        let best = Isa::best();
        let Ok(wish) = std::env::var("DEPESCHE_KERNEL") else {
            return best;
        };
        match wish.parse::<Isa>() {
            Ok(isa) if isa.is_available() => isa,
            Ok(_) | Err(()) => {
                tracing::warn!(%wish, used = %best, "DEPESCHE_KERNEL names no kernel that runs here");
                best
            }
        }
    })
}
