//! The one integration test binary.

mod marian;
