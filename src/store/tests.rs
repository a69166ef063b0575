use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use sqlx::AssertSqlSafe;
use tempfile::TempDir;

use super::memory::Record;
use super::*;

/// A store for a test, with what must live as long.
pub(crate) struct Place {
    pub address: Address,
    _folder: Option<TempDir>,
}

/// Milliseconds at which tests begin.
pub(crate) const BEGIN: i64 = 1_700_000_000_000;

/// An empty database of each kind that is there: a file, and one in the server
/// of `DEPESCHE_TEST_POSTGRES`.
pub(crate) fn places() -> Vec<Place> {
    let mut places = vec![file()];
    match std::env::var("DEPESCHE_TEST_POSTGRES") {
        Ok(url) => places.push(database(&url)),
        Err(_) => eprintln!("SKIPPED with PostgreSQL: DEPESCHE_TEST_POSTGRES names no server"),
    }
    places
}

/// An empty file.
pub(crate) fn file() -> Place {
    let folder = tempfile::tempdir().expect("a folder for the test");
    Place {
        address: Address::Sqlite(folder.path().join("depesche.db")),
        _folder: Some(folder),
    }
}

fn database(url: &str) -> Place {
    let name = format!("depesche_{}", uuid::Uuid::new_v4().simple());
    let admin: PgConnectOptions = url.parse().expect("a URL of PostgreSQL");
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async {
            use sqlx::Connection;
            let mut connection = sqlx::PgConnection::connect_with(&admin)
                .await
                .expect("the server of DEPESCHE_TEST_POSTGRES answers");
            sqlx::query(create)
                .execute(&mut connection)
                .await
                .expect("a database can be made");
        });
    let (server, _) = url.rsplit_once('/').expect("a URL names a database");
    Place {
        address: Address::Postgres(format!("{server}/{name}")),
        _folder: None,
    }
}

impl Place {
    pub(crate) fn open(&self, hand: &Arc<AtomicI64>) -> Store {
        Store::open(&self.address, Clock::by_hand(hand.clone()))
            .expect("the store opens")
            .expect("it is not off")
    }
}

pub(crate) fn hand() -> Arc<AtomicI64> {
    Arc::new(AtomicI64::new(BEGIN))
}

/// Waits on a runtime that has nothing to do with the store's.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

pub(crate) fn record(source: &str, target: &str) -> Record {
    let source_hash = memory::digest(&[source]);
    Record {
        id: source_hash[..32].to_owned(),
        source_hash,
        scope: "scope".into(),
        source: source.into(),
        target: target.into(),
        draft: None,
        model: "scripted".into(),
        adapter: String::new(),
        options: "beams=1".into(),
        edited: false,
        hits: 0,
        created: BEGIN,
        updated: BEGIN,
        checksum: String::new(),
    }
    .sealed()
}

/// Runs a statement of the test's own.
pub(crate) fn tamper(store: &Store, sql: &'static str) {
    let done: Result<()> = wait(async {
        on!(store, |pool| {
            sqlx::query(sql).execute(&pool).await?;
            Ok(())
        })
    });
    done.expect("the statement is valid");
}

#[test]
fn every_older_version_is_brought_to_the_newest_with_what_it_holds() {
    for version in 0..=schema::NEWEST {
        for place in places() {
            let old = Store::open_at(&place.address, Clock::system(), version)
                .expect("the older store opens")
                .expect("it is not off");
            let kept = record("Der Dax stieg.", "The Dax rose.");
            if version >= 1 {
                wait(old.memorise(vec![kept.clone()])).expect("it is written");
            }
            if version >= 2 {
                tamper(
                    &old,
                    "INSERT INTO jobs (id, kind, request, request_hash, state, created)
                     VALUES ('0123456789abcdef0123456789abcdef', 'article', '{}', 'hash', 'done', 1)",
                );
            }
            wait(old.close());
            drop(old);

            let store = place.open(&hand());
            let found = wait(store.memory_entry(&kept.id)).expect("it can be read");
            let expected = if version >= 1 { vec![kept] } else { vec![] };
            assert_eq!(found.records, expected, "from version {version}");
            let counts = wait(store.job_counts()).expect("there is a table of jobs");
            assert_eq!(
                counts.len(),
                usize::from(version >= 2),
                "from version {version}"
            );
            if version >= 2 {
                let job = wait(store.job("0123456789abcdef0123456789abcdef"));
                assert_eq!(job.expect("it can be read").client, "");
            }
            let usage = wait(store.usage_of("2026-11")).expect("there is a table of usage");
            assert!(usage.is_empty(), "from version {version}");
            let added = wait(store.add_usage("desk", "2026-11", (3, 1)));
            assert_eq!(added.expect("it can be written"), (3, 1));
            wait(store.close());
        }
    }
}

#[test]
fn a_store_of_a_newer_depesche_is_left_alone() {
    for place in places() {
        let store = place.open(&hand());
        wait(store.close());
        let error = Store::open_at(&place.address, Clock::system(), schema::NEWEST - 1)
            .expect_err("it knows less");
        assert!(matches!(error, Error::Config(_)), "{error}");
        assert!(error.to_string().contains("newer Depesche"), "{error}");
    }
}

#[test]
fn what_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("text.db");
    std::fs::write(&path, "Das ist keine Datenbank. ".repeat(100)).expect("written");
    let error = Store::open(&Address::Sqlite(path), Clock::system()).expect_err("no database");
    assert!(matches!(error, Error::Store(_)), "{error:?}");
    assert!(error.to_string().contains("text.db"), "{error}");

    let nobody = Address::Postgres("postgres://desk:secret@127.0.0.1:1/depesche".into());
    let error = Store::open(&nobody, Clock::system()).expect_err("nobody listens there");
    assert!(matches!(error, Error::Store(_)), "{error:?}");
    assert!(!error.to_string().contains("secret"), "{error}");

    let off = Store::open(&Address::Off, Clock::system()).expect("nothing to open");
    assert!(off.is_none());
}

/// Sets how many pages the file may have.
pub(crate) fn limit(store: &Store, pages: &'static str) {
    let Pool::Sqlite(pool) = store.pool() else {
        panic!("it is no file");
    };
    let pool = pool.clone();
    // The limit belongs to a connection, so each has to hear of it; on the store's
    // own threads, where connections go back to the pool.
    let done = wait(store.run(async move {
        let mut held = Vec::new();
        for _ in 0..CONNECTIONS {
            let mut connection = pool.acquire().await?;
            sqlx::query(pages).execute(&mut *connection).await?;
            held.push(connection);
        }
        Ok(())
    }));
    done.expect("a limit can be set");
}

#[test]
fn a_full_store_says_so_and_works_again_once_there_is_room() {
    let place = file();
    let store = place.open(&hand());
    limit(&store, "PRAGMA max_page_count = 1");
    let many: Vec<Record> = (0..400)
        .map(|number| record(&format!("Satz {number}"), &"word ".repeat(50)))
        .collect();
    let error = wait(store.memorise(many.clone())).expect_err("there is no room");
    assert!(matches!(error, Error::StoreFull(_)), "{error:?}");
    assert_eq!(error.code().entry().status, 507);
    let totals = wait(store.memory_totals()).expect("it can still be read");
    assert_eq!(totals.entries, 0, "a batch is written whole or not at all");

    limit(&store, "PRAGMA max_page_count = 1000000");
    wait(store.memorise(many)).expect("there is room");
    assert_eq!(wait(store.memory_totals()).expect("read").entries, 400);
}

#[test]
fn a_file_that_may_only_be_read_is_read_and_says_so_when_written() {
    let place = file();
    let store = place.open(&hand());
    let kept = record("Der Dax stieg.", "The Dax rose.");
    wait(store.memorise(vec![kept.clone()])).expect("it is written");
    for _ in 0..CONNECTIONS * 2 {
        tamper(&store, "PRAGMA query_only = 1");
    }
    let error = loop {
        // Connections that have not heard of it yet still write.
        match wait(store.memorise(vec![kept.clone()])) {
            Ok(()) => tamper(&store, "PRAGMA query_only = 1"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Store(_)), "{error:?}");
    assert_eq!(error.code().entry().status, 503);
    assert!(error.retry_after().is_some());
    let found = wait(store.memory_entry(&kept.id)).expect("it can be read");
    assert_eq!(found.records, [kept]);
}

#[test]
fn entries_are_found_by_scope_and_an_editors_by_source() {
    for place in places() {
        let store = place.open(&hand());
        let plain = record("Der Dax stieg.", "The Dax rose.");
        wait(store.memorise(vec![plain.clone()])).expect("it is written");
        let hashes = [plain.source_hash.clone()];
        let recalled = |scope: &'static str| {
            let found = wait(store.recall(&hashes, scope)).expect("it can be read");
            let targets = found.records.into_iter().map(|record| record.target);
            targets.collect::<Vec<_>>()
        };
        assert_eq!(recalled("scope"), ["The Dax rose."]);
        assert_eq!(recalled("another"), [""; 0]);

        let edited = Record {
            target: "The Dax climbed.".into(),
            edited: true,
            ..plain.clone()
        };
        wait(store.memorise(vec![edited.sealed()])).expect("it is written");
        // A model does not overwrite an editor.
        wait(store.memorise(vec![plain.clone()])).expect("nothing fails");
        assert_eq!(recalled("scope"), ["The Dax climbed."]);
        assert_eq!(recalled("another"), ["The Dax climbed."]);

        let hits = vec![plain.id.clone(), plain.id.clone()];
        wait(store.count_hits(hits)).expect("they are counted");
        let totals = wait(store.memory_totals()).expect("it can be read");
        assert_eq!((totals.entries, totals.edited, totals.hits), (1, 1, 2));
    }
}

#[test]
fn a_page_ends_where_the_next_one_begins_and_marks_are_no_patterns() {
    for place in places() {
        let store = place.open(&hand());
        let mut records: Vec<Record> = (0..5)
            .map(|number| record(&format!("Rund {number}00% mehr"), "a lot"))
            .collect();
        wait(store.memorise(records.clone())).expect("they are written");
        records.sort_by(|one, other| one.id.cmp(&other.id));
        let page = |words: &str, after: &str| {
            let page = wait(store.memory_page(words, after, 3)).expect("it can be read");
            (page.0.records, page.1)
        };
        let (first, next) = page("00% MEHR", "");
        assert_eq!(first, records[..3]);
        let (second, _) = page("00% mehr", &next.expect("it has entries"));
        assert_eq!(second, records[3..]);
        assert_eq!(page("0_% mehr", ""), (vec![], None));
    }
}

#[test]
fn damaged_entries_are_counted_and_never_found() {
    for place in places() {
        let store = place.open(&hand());
        let kept = record("Der Dax stieg um 2 Prozent.", "The Dax rose by 2 percent.");
        wait(store.memorise(vec![kept.clone()])).expect("it is written");
        tamper(
            &store,
            "UPDATE memory SET target = 'The Dax rose by 3 percent.'",
        );
        let found =
            wait(store.recall(std::slice::from_ref(&kept.source_hash), "scope")).expect("read");
        assert_eq!((found.records.len(), found.damaged), (0, 1));
        // Translated again, it is whole again.
        wait(store.memorise(vec![kept.clone()])).expect("it is written");
        let found =
            wait(store.recall(std::slice::from_ref(&kept.source_hash), "scope")).expect("read");
        assert_eq!(found.records, [kept]);
    }
}

#[cfg(unix)]
#[test]
fn the_file_and_what_lies_beside_it_are_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let place = file();
    let store = place.open(&hand());
    wait(store.memorise(vec![record("Ja.", "Yes.")])).expect("it is written");
    let Address::Sqlite(path) = &place.address else {
        panic!("it is a file");
    };
    let folder = path.parent().expect("it lies in a folder");
    let mut files = 0;
    for file in std::fs::read_dir(folder).expect("it is there") {
        let rights = file
            .and_then(|file| file.metadata())
            .expect("it is there")
            .permissions();
        assert_eq!(rights.mode() & 0o077, 0);
        files += 1;
    }
    assert!(files >= 2, "the log lies beside the file");
}
