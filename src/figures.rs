//! Typed key figures (contract only until the reader lands).
