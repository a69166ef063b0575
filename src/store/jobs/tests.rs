use std::collections::HashSet;
use std::sync::atomic::Ordering;

use super::lease::SUSPICIOUS;
use super::*;
use crate::store::tests::{file, hand, limit, places, wait};

const LEASE: i64 = 10_000;

/// An id that begins like this.
fn id(begin: &str) -> String {
    format!("{begin:0<32}")
}

fn new(begin: &str) -> NewJob {
    NewJob {
        id: id(begin),
        kind: "article",
        request: "{}".into(),
        request_hash: "hash".into(),
        idempotency_key: None,
        webhook: None,
        client: String::new(),
    }
}

fn done() -> Outcome {
    Outcome::Done("{}".into())
}

#[test]
fn an_idempotency_key_stands_for_one_job() {
    for place in places() {
        let store = place.open(&hand());
        let keyed = |id: &str, hash: &str| NewJob {
            idempotency_key: Some("key".into()),
            request_hash: hash.into(),
            ..new(id)
        };
        let (first, fresh) = wait(store.accept(keyed("a", "1"))).expect("accepted");
        assert!(fresh);
        let (second, fresh) = wait(store.accept(keyed("b", "1"))).expect("accepted before");
        assert_eq!((second, fresh), (first, false));
        let other = wait(store.accept(keyed("c", "2"))).expect_err("another request");
        assert!(matches!(other, Error::Conflict(_)), "{other:?}");
        wait(store.accept(new("d"))).expect("keys are optional");
        wait(store.accept(new("e"))).expect("keys are optional");
        assert_eq!(
            wait(store.job_counts()).expect("read"),
            [("queued".into(), 3)]
        );
    }
}

#[test]
fn a_lease_that_ran_out_is_taken_over_and_only_the_last_owner_finishes() {
    for place in places() {
        let hand = hand();
        let store = place.open(&hand);
        wait(store.accept(new("a"))).expect("accepted");
        let segments = Segments { done: 1, total: 2 };
        let (_, first) = wait(store.claim("one", LEASE))
            .expect("asked")
            .expect("it waits");
        assert!(wait(store.claim("two", LEASE)).expect("asked").is_none());

        hand.fetch_add(LEASE - 1, Ordering::SeqCst);
        assert!(wait(store.renew(&first, LEASE, segments)).expect("asked"));
        assert_eq!(wait(store.job(&id("a"))).expect("read").segments_done, 1);
        hand.fetch_add(LEASE - 1, Ordering::SeqCst);
        assert!(
            wait(store.claim("two", LEASE)).expect("asked").is_none(),
            "it was renewed"
        );

        hand.fetch_add(2, Ordering::SeqCst);
        let (_, second) = wait(store.claim("two", LEASE))
            .expect("asked")
            .expect("it is free");
        assert_eq!(second.attempt, 2);
        assert!(!wait(store.renew(&first, LEASE, segments)).expect("asked"));
        assert!(!wait(store.finish(&first, done(), segments)).expect("asked"));
        assert!(wait(store.finish(&second, done(), segments)).expect("asked"));
        assert!(!wait(store.finish(&second, done(), segments)).expect("asked"));
        assert_eq!(wait(store.job(&id("a"))).expect("read").state, State::Done);
    }
}

#[test]
fn the_same_owner_cannot_finish_for_its_earlier_self() {
    for place in places() {
        let hand = hand();
        let store = place.open(&hand);
        wait(store.accept(new("a"))).expect("accepted");
        let (_, stale) = wait(store.claim("one", LEASE))
            .expect("asked")
            .expect("it waits");
        hand.fetch_add(LEASE + 1, Ordering::SeqCst);
        wait(store.claim("one", LEASE))
            .expect("asked")
            .expect("it is free");
        assert!(!wait(store.finish(&stale, done(), Segments::default())).expect("asked"));
    }
}

#[test]
fn what_is_put_back_waits_and_what_is_cancelled_ends() {
    for place in places() {
        let store = place.open(&hand());
        wait(store.accept(new("a"))).expect("accepted");
        let (_, ticket) = wait(store.claim("one", LEASE))
            .expect("asked")
            .expect("it waits");
        wait(store.release(&ticket)).expect("put back");
        let (row, ticket) = wait(store.claim("two", LEASE))
            .expect("asked")
            .expect("it waits");
        assert_eq!(row.attempts, 1, "what was put back was not tried");
        assert_eq!(
            wait(store.cancel(&id("a"))).expect("it is there").state,
            State::Cancelled
        );
        assert!(!wait(store.renew(&ticket, LEASE, Segments::default())).expect("asked"));
        assert!(!wait(store.finish(&ticket, done(), Segments::default())).expect("asked"));
        assert_eq!(
            wait(store.cancel(&id("a"))).expect("it is there").state,
            State::Cancelled
        );
        let nowhere = wait(store.cancel(&id("b"))).expect_err("there is none");
        assert!(matches!(nowhere, Error::NotFound(_)), "{nowhere:?}");
    }
}

#[test]
fn a_job_that_ends_processes_does_not_hold_up_the_others() {
    for place in places() {
        let hand = hand();
        let store = place.open(&hand);
        wait(store.accept(new("a"))).expect("accepted");
        for _ in 0..=SUSPICIOUS {
            wait(store.claim("one", LEASE))
                .expect("asked")
                .expect("it is free");
            hand.fetch_add(LEASE + 1, Ordering::SeqCst);
        }
        wait(store.accept(new("b"))).expect("accepted");
        let next = || {
            wait(store.claim("one", LEASE))
                .expect("asked")
                .map(|(row, _)| row.id)
        };
        assert_eq!(next(), Some(id("b")));
        assert_eq!(next(), Some(id("a")));
    }
}

#[test]
fn many_at_once_take_each_job_once() {
    for place in places() {
        let hand = hand();
        let stores = [place.open(&hand), place.open(&hand), place.open(&hand)];
        for number in 0..30 {
            wait(stores[0].accept(new(&format!("{number:02}")))).expect("accepted");
        }
        let takers: Vec<_> = stores
            .into_iter()
            .enumerate()
            .map(|(number, store)| {
                std::thread::spawn(move || {
                    let owner = number.to_string();
                    let mut taken = Vec::new();
                    while let Some((row, ticket)) = wait(store.claim(&owner, LEASE)).expect("asked")
                    {
                        let finished = wait(store.finish(&ticket, done(), Segments::default()));
                        assert!(finished.expect("asked"));
                        taken.push(row.id);
                    }
                    taken
                })
            })
            .collect();
        let taken: Vec<String> = takers
            .into_iter()
            .flat_map(|taker| taker.join().expect("nothing failed"))
            .collect();
        assert_eq!(taken.len(), 30);
        assert_eq!(taken.iter().collect::<HashSet<_>>().len(), 30);
    }
}

#[test]
fn pages_are_newest_first_and_old_jobs_are_forgotten() {
    for place in places() {
        let hand = hand();
        let store = place.open(&hand);
        for id in ["a", "b", "c"] {
            wait(store.accept(new(id))).expect("accepted");
        }
        let ids = |state, before: Option<&str>| {
            let wanted = Wanted {
                state,
                before: before.map(id),
                client: None,
                limit: 2,
            };
            let page = wait(store.job_page(wanted)).expect("read");
            page.into_iter()
                .map(|row| row.id[..1].to_owned())
                .collect::<Vec<_>>()
        };
        wait(store.cancel(&id("b"))).expect("it is there");
        assert_eq!(ids(None, None), ["c", "b"]);
        assert_eq!(ids(None, Some("b")), ["a"]);
        assert_eq!(ids(Some(State::Queued), None), ["c", "a"]);

        let job = NewJob {
            client: "desk".into(),
            ..new("0")
        };
        wait(store.accept(job)).expect("accepted");
        let own = Wanted {
            client: Some("desk".into()),
            limit: 9,
            ..Wanted::default()
        };
        let page = wait(store.job_page(own)).expect("read");
        assert_eq!(page.len(), 1);
        assert_eq!(page[0].client, "desk");

        let now = store.now();
        assert_eq!(wait(store.forget_jobs(now)).expect("done"), 0);
        assert_eq!(wait(store.forget_jobs(now + 1)).expect("done"), 1);
        assert_eq!(
            ids(None, None),
            ["c", "a"],
            "what is not over is never forgotten"
        );
    }
}

#[test]
fn a_webhook_is_due_once_the_job_is_over_and_again_after_each_pause() {
    for place in places() {
        let hand = hand();
        let store = place.open(&hand);
        let job = NewJob {
            webhook: Some("https://example.org/".into()),
            ..new("a")
        };
        wait(store.accept(job)).expect("accepted");
        let due = || {
            wait(store.claim_webhook(60_000))
                .expect("asked")
                .map(|row| row.webhook_attempts)
        };
        assert_eq!(due(), None, "it is not over");
        let (_, ticket) = wait(store.claim("one", LEASE))
            .expect("asked")
            .expect("it waits");
        wait(store.finish(&ticket, done(), Segments::default())).expect("written");
        assert_eq!(due(), Some(1));
        assert_eq!(due(), None, "somebody tells it now");
        let next = store.now() + 10;
        wait(store.settle_webhook(&id("a"), "pending", next)).expect("written");
        assert_eq!(due(), None);
        hand.fetch_add(10, Ordering::SeqCst);
        assert_eq!(due(), Some(2));
        // Who was to tell it has died.
        hand.fetch_add(60_000, Ordering::SeqCst);
        assert_eq!(due(), Some(3));
        assert_eq!(
            wait(store.forget_jobs(i64::MAX)).expect("done"),
            0,
            "it has yet to be told"
        );
        wait(store.settle_webhook(&id("a"), "delivered", 0)).expect("written");
        assert_eq!(due(), None);
        assert_eq!(wait(store.forget_jobs(i64::MAX)).expect("done"), 1);
    }
}

#[test]
fn a_full_disk_refuses_new_jobs_and_loses_none() {
    let place = file();
    let store = place.open(&hand());
    wait(store.accept(new("a"))).expect("accepted");
    let (_, ticket) = wait(store.claim("one", LEASE))
        .expect("asked")
        .expect("it waits");
    limit(&store, "PRAGMA max_page_count = 1");
    let large = NewJob {
        request: "x".repeat(100_000),
        ..new("b")
    };
    let refused = wait(store.accept(large)).expect_err("there is no room");
    assert!(matches!(refused, Error::StoreFull(_)), "{refused:?}");
    let result = || Outcome::Done("y".repeat(100_000));
    let refused = wait(store.finish(&ticket, result(), Segments::default())).expect_err("no room");
    assert!(matches!(refused, Error::StoreFull(_)), "{refused:?}");
    assert_eq!(
        wait(store.job(&id("a"))).expect("read").state,
        State::Running
    );
    limit(&store, "PRAGMA max_page_count = 1000000");
    assert!(wait(store.finish(&ticket, result(), Segments::default())).expect("there is room"));
    assert_eq!(
        wait(store.job_counts()).expect("read"),
        [("done".into(), 1)]
    );
}
