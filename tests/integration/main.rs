//! The one integration test binary.
mod parity;
