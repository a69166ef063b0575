//! Keeps accounts in the store, so that quotas outlive the process.

use super::account::{Accounts, Count, Page};
use super::month::Month;
use crate::error::Result;
use crate::store::Store;

/// Takes up what the store has of the month at `now`, in milliseconds since 1970.
///
/// # Errors
/// Those of the store.
pub async fn restore(accounts: &Accounts, store: &Store, now: i64) -> Result<()> {
    let month = Month::at(now);
    for (name, characters, requests) in store.usage_of(&month.to_string()).await? {
        let page = Page {
            name: name.into(),
            month,
        };
        accounts.saved(page, count(characters, requests));
    }
    Ok(())
}

/// Writes what was counted since the last time; what cannot be written waits.
///
/// # Errors
/// Those of the store.
pub async fn save(accounts: &Accounts, store: &Store, now: i64) -> Result<()> {
    let mut outcome = Ok(());
    for (page, counted) in accounts.take_unsaved(now) {
        let added = store
            .add_usage(
                &page.name,
                &page.month.to_string(),
                (signed(counted.characters), signed(counted.requests)),
            )
            .await;
        match added {
            Ok((characters, requests)) => accounts.saved(page, count(characters, requests)),
            Err(error) => {
                accounts.put_back(page, counted);
                outcome = Err(error);
            }
        }
    }
    outcome
}

fn count(characters: i64, requests: i64) -> Count {
    Count {
        characters: u64::try_from(characters).unwrap_or(0),
        requests: u64::try_from(requests).unwrap_or(0),
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Payer;
    use crate::store::tests::{BEGIN, file, hand, limit, places, wait};

    fn payer(name: &str) -> Payer {
        Payer {
            name: name.into(),
            limit: Some(100),
        }
    }

    fn spend(accounts: &Accounts, name: &str, characters: u64) {
        accounts.count_request(&payer(name), BEGIN);
        let charge = accounts.reserve(&payer(name), characters, BEGIN);
        charge.expect("the quota allows it").settle_all();
    }

    fn spent(accounts: &Accounts, name: &str) -> (u64, u64) {
        let count = accounts.usage(&payer(name), BEGIN).count;
        (count.characters, count.requests)
    }

    #[test]
    fn two_processes_share_a_quota_and_the_next_one_knows_it() {
        for place in places() {
            let store = place.open(&hand());
            let (one, other) = (Accounts::default(), Accounts::default());
            spend(&one, "desk", 60);
            wait(save(&one, &store, BEGIN)).expect("it is written");
            spend(&other, "desk", 30);
            spend(&other, "web", 5);
            wait(save(&other, &store, BEGIN)).expect("it is written");
            assert_eq!(spent(&other, "desk"), (90, 2));
            assert_eq!(spent(&one, "desk"), (60, 1), "it hears when it writes");
            spend(&one, "desk", 1);
            wait(save(&one, &store, BEGIN)).expect("it is written");
            assert_eq!(spent(&one, "desk"), (91, 3));

            let next = Accounts::default();
            wait(restore(&next, &store, BEGIN)).expect("it is read");
            assert_eq!(spent(&next, "desk"), (91, 3));
            assert_eq!(spent(&next, "web"), (5, 1));
            assert!(next.reserve(&payer("desk"), 10, BEGIN).is_err());
            let later = Month::at(BEGIN).ends();
            let fresh = Accounts::default();
            wait(restore(&fresh, &store, later)).expect("it is read");
            assert_eq!(spent(&fresh, "desk"), (0, 0));
        }
    }

    #[test]
    fn what_a_full_store_refuses_is_written_later() {
        let place = file();
        let store = place.open(&hand());
        limit(&store, "PRAGMA max_page_count = 1");
        let accounts = Accounts::default();
        // A page is full long before all have a row.
        for number in 0..400 {
            spend(&accounts, &format!("key-{number}-{}", "x".repeat(50)), 1);
        }
        wait(save(&accounts, &store, BEGIN)).expect_err("there is no room");
        limit(&store, "PRAGMA max_page_count = 1000000");
        wait(save(&accounts, &store, BEGIN)).expect("there is room");
        let rows = wait(store.usage_of(&Month::at(BEGIN).to_string())).expect("it is read");
        assert_eq!(rows.len(), 400);
        assert!(
            rows.iter()
                .all(|(_, characters, requests)| (*characters, *requests) == (1, 1))
        );
    }
}
