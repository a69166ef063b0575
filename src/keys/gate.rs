//! The gate: lets those in who show a key that is known, as often as they may.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::account::{Accounts, Charge, Payer, Usage};
use super::key::Allowance;
use super::rate::Limiter;
use super::source::Source;
use crate::error::{Error, Result};
use crate::store::Clock;

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Client {
    Key(Arc<str>),
    Address(IpAddr),
}

/// Keys, rates and accounts of a service.
#[derive(Debug)]
pub struct Gate {
    /// `None` where everybody may come in.
    keys: Option<Source>,
    /// For keys without limits of their own, and for addresses without a key.
    usual: Allowance,
    limiter: Mutex<Limiter<Client>>,
    accounts: Accounts,
    clock: Clock,
    opened: Instant,
}

impl Default for Gate {
    /// Everybody may come in, as often as they like.
    fn default() -> Self {
        Gate::new(None, Allowance::default(), Clock::system())
    }
}

impl Gate {
    /// A gate for those with keys or, without a source of them, for everybody.
    pub fn new(keys: Option<Source>, usual: Allowance, clock: Clock) -> Self {
        Gate {
            keys,
            usual,
            limiter: Mutex::default(),
            accounts: Accounts::default(),
            clock,
            opened: Instant::now(),
        }
    }

    /// Whether a key is needed.
    pub fn is_guarded(&self) -> bool {
        self.keys.is_some()
    }

    /// The keys, where some are needed.
    pub fn keys(&self) -> Option<&Source> {
        self.keys.as_ref()
    }

    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Lets a request in, and says who pays for it.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] without a key that is known,
    /// [`Error::RateLimited`] when it comes too soon.
    pub fn admit(&self, shown: Option<&str>, address: Option<IpAddr>) -> Result<Payer> {
        let key = match &self.keys {
            None => None,
            Some(keys) => {
                let ring = keys.ring();
                let key = shown.and_then(|shown| ring.find(shown)).cloned();
                Some(key.ok_or(Error::Unauthorized)?)
            }
        };
        let allowance = match &key {
            Some(key) => key.allowance.or(self.usual),
            None => self.usual,
        };
        let payer = Payer {
            name: key.as_ref().map_or("".into(), |key| key.name.clone()),
            limit: allowance.characters_per_month,
        };
        if let Some(rate) = allowance.rate() {
            let client = match key {
                Some(key) => Client::Key(key.name.clone()),
                None => Client::Address(network(address)),
            };
            let now = self.opened.elapsed();
            let mut limiter = self.limiter.lock().unwrap_or_else(PoisonError::into_inner);
            let taken = limiter.take(client, rate, now);
            drop(limiter);
            taken.map_err(|retry_after| {
                refused(&payer, "rate");
                Error::RateLimited { retry_after }
            })?;
        }
        let name = payer.name.to_string();
        metrics::counter!("depesche_key_requests_total", "key" => name).increment(1);
        self.accounts.count_request(&payer, self.now());
        Ok(payer)
    }

    /// Reserves characters for a request that was let in.
    ///
    /// # Errors
    /// [`Error::QuotaExceeded`].
    pub fn reserve(&self, payer: &Payer, characters: usize) -> Result<Charge> {
        let reserved = self
            .accounts
            .reserve(payer, characters as u64, self.clock.now());
        reserved.inspect_err(|_| refused(payer, "quota"))
    }

    /// What an account has come to in this month.
    pub fn usage(&self, payer: &Payer) -> Usage {
        self.accounts.usage(payer, self.now())
    }

    /// Milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }
}

fn refused(payer: &Payer, reason: &'static str) {
    let name = payer.name.to_string();
    metrics::counter!("depesche_key_refusals_total", "key" => name, "reason" => reason)
        .increment(1);
}

/// What counts as one client among addresses: of IPv6 a network of 64 bits, for
/// each customer has at least one of these to choose addresses from.
fn network(address: Option<IpAddr>) -> IpAddr {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => {
            let prefix = u128::from(address) >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from(prefix))
        }
        Some(address @ IpAddr::V4(_)) => address,
        None => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().expect("an address"))
    }

    fn slow() -> Allowance {
        Allowance {
            requests_per_minute: NonZeroU32::new(1),
            ..Allowance::default()
        }
    }

    #[test]
    fn without_keys_each_address_has_a_rate_and_all_share_an_account() {
        let gate = Gate::new(None, slow(), Clock::system());
        for client in ["1.1.1.1", "1.1.1.2", "2a00:1:2:3::1", "2a00:1:2:4::1"] {
            let payer = gate.admit(None, address(client)).expect("the first");
            assert_eq!(&*payer.name, "");
        }
        for again in ["1.1.1.1", "::ffff:1.1.1.2", "2a00:1:2:3:4:5:6:7"] {
            let refused = gate.admit(Some("x"), address(again)).expect_err("too soon");
            let Error::RateLimited { retry_after } = refused else {
                panic!("{refused:?}");
            };
            assert!((50..=60).contains(&retry_after.as_secs()));
        }
        let payer = Payer::default();
        assert_eq!(gate.usage(&payer).count.requests, 4);
    }

    #[test]
    fn with_keys_only_those_who_show_one_come_in() {
        let pairs = [
            "desk=key-of-the-desk-1".to_owned(),
            "web=key-of-the-web-12".to_owned(),
        ];
        let keys = Source::open(None, &pairs).expect("keys");
        let usual = Allowance {
            characters_per_month: Some(7),
            ..slow()
        };
        let gate = Gate::new(keys, usual, Clock::system());
        assert!(gate.is_guarded());
        let here = address("127.0.0.1");
        for wrong in [None, Some(""), Some("desk"), Some("key-of-the-desk-2")] {
            let refused = gate.admit(wrong, here);
            assert!(matches!(refused, Err(Error::Unauthorized)), "{wrong:?}");
        }
        let desk = gate.admit(Some("key-of-the-desk-1"), here).expect("known");
        assert_eq!((&*desk.name, desk.limit), ("desk", Some(7)));
        let again = gate.admit(Some("key-of-the-desk-1"), address("1.1.1.1"));
        assert!(matches!(again, Err(Error::RateLimited { .. })));
        let web = gate.admit(Some("key-of-the-web-12"), here).expect("known");
        gate.reserve(&desk, 7).expect("the quota").settle_all();
        assert!(gate.reserve(&desk, 1).is_err());
        gate.reserve(&web, 7).expect("an account of its own");
    }
}
