//! Accounts: how many characters each key has had translated in a month, and
//! whether it may have more.
//!
//! Characters are reserved before the work begins, so that requests at the same
//! time cannot go beyond a quota together, and counted once it is done; what
//! fails or is given up costs nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::month::Month;
use crate::error::{Error, Result};

/// Who pays for a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payer {
    /// The key's name; empty for everybody together, where there are no keys.
    pub name: Arc<str>,
    /// Characters in a month.
    pub limit: Option<u64>,
}

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub characters: u64,
    pub requests: u64,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.characters = self.characters.saturating_add(other.characters);
        self.requests = self.requests.saturating_add(other.requests);
    }

    fn subtract(&mut self, other: Count) {
        self.characters = self.characters.saturating_sub(other.characters);
        self.requests = self.requests.saturating_sub(other.requests);
    }
}

/// What an account has come to in this month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    pub month: Month,
    pub count: Count,
    pub limit: Option<u64>,
}

/// An account in a month.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Page {
    pub name: Arc<str>,
    pub month: Month,
}

#[derive(Debug, Default)]
struct Tally {
    /// As the store has it, with what is on its way there.
    saved: Count,
    unsaved: Count,
    /// Characters of requests that are worked on.
    reserved: u64,
}

impl Tally {
    fn total(&self) -> Count {
        let mut total = self.saved;
        total.add(self.unsaved);
        total
    }

    fn is_idle(&self) -> bool {
        self.reserved == 0 && self.unsaved == Count::default()
    }
}

/// All accounts. Cheap to clone; clones share them. `now` is in milliseconds
/// since 1970.
#[derive(Debug, Clone, Default)]
pub struct Accounts(Arc<Mutex<HashMap<Page, Tally>>>);

/// Characters that are reserved until this is settled or dropped.
#[derive(Debug)]
pub struct Charge {
    accounts: Accounts,
    page: Page,
    reserved: u64,
}

impl Accounts {
    fn tallies(&self) -> MutexGuard<'_, HashMap<Page, Tally>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request.
    pub fn count_request(&self, payer: &Payer, now: i64) {
        let page = Page::of(payer, now);
        let requests = Count {
            characters: 0,
            requests: 1,
        };
        self.tallies()
            .entry(page)
            .or_default()
            .unsaved
            .add(requests);
    }

    /// Reserves characters for a request.
    ///
    /// # Errors
    /// [`Error::QuotaExceeded`] when the month's quota does not allow them.
    pub fn reserve(&self, payer: &Payer, characters: u64, now: i64) -> Result<Charge> {
        let page = Page::of(payer, now);
        let mut tallies = self.tallies();
        let tally = tallies.entry(page.clone()).or_default();
        let used = tally.total().characters.saturating_add(tally.reserved);
        if let Some(limit) = payer.limit
            && used.saturating_add(characters) > limit
        {
            let left = page.month.ends().saturating_sub(now);
            return Err(Error::QuotaExceeded {
                limit,
                left: limit.saturating_sub(used),
                resets: Duration::from_millis(u64::try_from(left).unwrap_or(0)),
            });
        }
        tally.reserved = tally.reserved.saturating_add(characters);
        drop(tallies);
        Ok(Charge {
            accounts: self.clone(),
            page,
            reserved: characters,
        })
    }

    /// What an account has come to.
    pub fn usage(&self, payer: &Payer, now: i64) -> Usage {
        let page = Page::of(payer, now);
        let count = self.tallies().get(&page).map(Tally::total);
        Usage {
            month: page.month,
            count: count.unwrap_or_default(),
            limit: payer.limit,
        }
    }

    /// What has to be saved, and counts as saved from now on; old months that
    /// nobody asks about any more are forgotten.
    pub fn take_unsaved(&self, now: i64) -> Vec<(Page, Count)> {
        let month = Month::at(now);
        let mut tallies = self.tallies();
        tallies.retain(|page, tally| page.month >= month || !tally.is_idle());
        tallies
            .iter_mut()
            .filter(|(_, tally)| tally.unsaved != Count::default())
            .map(|(page, tally)| {
                let count = std::mem::take(&mut tally.unsaved);
                tally.saved.add(count);
                (page.clone(), count)
            })
            .collect()
    }

    /// What was taken could not be saved.
    pub fn put_back(&self, page: Page, count: Count) {
        let mut tallies = self.tallies();
        let tally = tallies.entry(page).or_default();
        tally.saved.subtract(count);
        tally.unsaved.add(count);
    }

    /// What the store has, with the counts of other processes.
    pub fn saved(&self, page: Page, total: Count) {
        self.tallies().entry(page).or_default().saved = total;
    }
}

impl Page {
    fn of(payer: &Payer, now: i64) -> Self {
        Page {
            name: payer.name.clone(),
            month: Month::at(now),
        }
    }
}

impl Charge {
    /// The work is done: so many characters were translated.
    pub fn settle(mut self, characters: u64) {
        let name = self.page.name.to_string();
        metrics::counter!("depesche_key_characters_total", "key" => name).increment(characters);
        self.close(characters);
    }

    /// The work is done: all that was reserved was translated.
    pub fn settle_all(self) {
        let characters = self.reserved;
        self.settle(characters);
    }

    fn close(&mut self, characters: u64) {
        let mut tallies = self.accounts.tallies();
        let tally = tallies.entry(self.page.clone()).or_default();
        tally.reserved = tally.reserved.saturating_sub(self.reserved);
        self.reserved = 0;
        tally.unsaved.add(Count {
            characters,
            requests: 0,
        });
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        if self.reserved > 0 {
            self.close(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 30 November 2026, one second before midnight in UTC.
    const LATE: i64 = 1_796_083_199_000;

    fn payer(limit: impl Into<Option<u64>>) -> Payer {
        Payer {
            name: "desk".into(),
            limit: limit.into(),
        }
    }

    fn characters(accounts: &Accounts, now: i64) -> u64 {
        accounts.usage(&payer(None), now).count.characters
    }

    #[test]
    fn requests_at_the_same_time_do_not_go_beyond_the_quota_together() {
        let accounts = Accounts::default();
        let payer = payer(100);
        let first = accounts.reserve(&payer, 60, LATE).expect("60 of 100");
        let refused = accounts.reserve(&payer, 41, LATE).expect_err("101 of 100");
        let Error::QuotaExceeded {
            limit,
            left,
            resets,
        } = refused
        else {
            panic!("{refused:?}");
        };
        assert_eq!((limit, left), (100, 40));
        assert_eq!(resets, Duration::from_secs(1));
        let second = accounts.reserve(&payer, 40, LATE).expect("100 of 100");
        assert_eq!(characters(&accounts, LATE), 0, "nothing is done yet");
        // What fails is free, and what was passed through is not counted.
        drop(first);
        second.settle(10);
        assert_eq!(characters(&accounts, LATE), 10);
        accounts
            .reserve(&payer, 90, LATE)
            .expect("100 of 100")
            .settle_all();
        assert_eq!(characters(&accounts, LATE), 100);
        assert!(accounts.reserve(&payer, 1, LATE).is_err());
        assert!(
            accounts.reserve(&payer, 0, LATE).is_ok(),
            "nothing costs nothing"
        );
    }

    #[test]
    fn a_new_month_begins_at_midnight_and_work_counts_for_the_one_it_began_in() {
        let accounts = Accounts::default();
        let payer = payer(100);
        let late = accounts.reserve(&payer, 100, LATE).expect("100 of 100");
        let early = LATE + 1000;
        let next = accounts.reserve(&payer, 100, early).expect("a new month");
        late.settle_all();
        next.settle(7);
        assert_eq!(characters(&accounts, LATE), 100);
        assert_eq!(characters(&accounts, early), 7);
        let mut unsaved = accounts.take_unsaved(early);
        unsaved.sort_by_key(|(page, _)| page.month);
        let told: Vec<_> = unsaved
            .iter()
            .map(|(page, count)| (page.month.to_string(), count.characters))
            .collect();
        assert_eq!(told, [("2026-11".into(), 100), ("2026-12".into(), 7)]);
        accounts.take_unsaved(early);
        assert_eq!(characters(&accounts, LATE), 0, "the old month is forgotten");
    }

    #[test]
    fn what_could_not_be_saved_is_saved_later_and_others_counts_are_heard_of() {
        let accounts = Accounts::default();
        let payer = payer(100);
        accounts.count_request(&payer, LATE);
        accounts
            .reserve(&payer, 10, LATE)
            .expect("room")
            .settle_all();
        let taken = accounts.take_unsaved(LATE);
        assert_eq!(characters(&accounts, LATE), 10);
        assert!(accounts.take_unsaved(LATE).is_empty());
        for (page, count) in taken.clone() {
            accounts.put_back(page, count);
        }
        assert_eq!(characters(&accounts, LATE), 10);
        assert_eq!(accounts.take_unsaved(LATE), taken);
        // Meanwhile more is done here, and another process has done its share.
        accounts
            .reserve(&payer, 5, LATE)
            .expect("room")
            .settle_all();
        let total = Count {
            characters: 90,
            requests: 4,
        };
        accounts.saved(taken[0].0.clone(), total);
        assert_eq!(characters(&accounts, LATE), 95);
        assert_eq!(accounts.usage(&payer, LATE).count.requests, 4);
        assert!(accounts.reserve(&payer, 6, LATE).is_err());
    }
}
