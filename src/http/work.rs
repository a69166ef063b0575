//! Running a request's work so that nothing it does reaches another request.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::door::Pass;
use crate::error::{Error, Result};
use crate::keys::Charge;

/// Waits for work to finish, holding the request's pass meanwhile. Dropping
/// the future, as happens when the client leaves, ends the work.
///
/// # Errors
/// Those of the work; [`Error::Internal`] when it panicked.
pub async fn run<T>(pass: Pass, work: impl Future<Output = Result<T>>) -> Result<T> {
    // What the work touched is dropped with it; only the engine outlives it,
    // and that lives on its own thread.
    let result = AssertUnwindSafe(work).catch_unwind().await;
    drop(pass);
    result.unwrap_or_else(|_| Err(Error::Internal("the work on a request panicked".into())))
}

/// As [`run`]; once the work is done, the characters that were reserved for it
/// count.
///
/// # Errors
/// As [`run`]; then they cost nothing.
pub async fn paid<T>(
    pass: Pass,
    charge: Charge,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let done = run(pass, work).await?;
    charge.settle_all();
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::door::Door;

    #[tokio::test]
    async fn a_panic_is_an_internal_error_and_gives_the_pass_back() {
        let door = Door::open();
        let pass = door.enter().expect("the door is open");
        let work = async { panic!("an assertion of the work") };
        let result: Result<()> = run(pass, work).await;
        assert!(matches!(result, Err(Error::Internal(_))));
        assert_eq!(door.inside(), 0);
    }
}
