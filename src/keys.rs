//! Who may use the service, and how much: API keys, rates and quotas.
//!
//! A request shows its key at the [`Gate`], which finds it in the [`ring`] of
//! those that are known, holds it against its [`rate`], and names the
//! [`account`] that its characters are counted on. [`source`] reads keys and
//! notices when they change; [`ledger`] keeps the counts in the store. Nothing
//! here knows HTTP, and ring, rate and account are told the time.

pub mod account;
pub mod gate;
pub mod key;
pub mod ledger;
pub mod month;
pub mod rate;
pub mod ring;
pub mod source;

pub use account::{Accounts, Charge, Payer, Usage};
pub use gate::Gate;
pub use key::{Allowance, Key};
pub use month::Month;
pub use source::Source;
