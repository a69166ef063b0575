//! The program under `kill -9`: what was accepted is done, and done once.
//!
//! `DEPESCHE_TEST_KILLS` says how often it is killed, `DEPESCHE_TEST_POSTGRES`
//! names a server on which three processes share the work.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};

use super::REPORT;
use super::process::Process;

/// Kills when nothing else is said.
const KILLS: usize = 6;

/// Sentences of each job; some are the same in several jobs.
const SENTENCES: usize = 4;

/// Small steps through all of 64 bits (Marsaglia's xorshift): the same moments
/// in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// What clients know: their keys, and the ids that were answered.
#[derive(Default)]
struct Ledger {
    accepted: BTreeMap<usize, String>,
    next: usize,
}

fn job(number: usize) -> Value {
    let sentences: Vec<String> = (0..SENTENCES)
        .map(|sentence| {
            let word: String = format!("{:03}", number * 2 + sentence)
                .bytes()
                .map(|digit| char::from(b'a' + digit - b'0'))
                .collect();
            // Of the tiny model's nonsense, only what has no figure to keep is kept.
            match sentence % 2 {
                0 => REPORT.replace("Der ", &format!("Der {word} ")),
                _ => format!("Der {word} kam wieder sehr spät nach Hause zurück."),
            }
        })
        .collect();
    json!({ "kind": "article", "article": { "text": sentences.join(" ") } })
}

/// The id of an accepted job; `None` when the process was killed before it
/// could answer.
fn send(address: SocketAddr, number: usize) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .ok()?;
    let body = job(number).to_string();
    write!(
        stream,
        "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Idempotency-Key: {number}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut stream = BufReader::new(stream);
    let mut status = String::new();
    stream.read_line(&mut status).ok()?;
    if status.is_empty() {
        return None;
    }
    assert!(status.contains(" 202 "), "{status}");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).ok()?;
    let (_, after) = rest.split_once("location: /v1/jobs/")?;
    after.lines().next().map(|id| id.trim().to_owned())
}

/// A client that sends one job after another, the one without an answer again,
/// until it is told to stop.
fn client(
    address: SocketAddr,
    ledger: Arc<Mutex<Ledger>>,
    stop: Arc<AtomicBool>,
) -> JoinHandle<()> {
    std::thread::spawn(move || {
        while !stop.load(Ordering::SeqCst) {
            let number = ledger.lock().expect("nobody failed").next;
            if let Some(id) = send(address, number) {
                let mut ledger = ledger.lock().expect("nobody failed");
                ledger.accepted.insert(number, id);
                ledger.next += 1;
            }
            std::thread::sleep(Duration::from_millis(120));
        }
    })
}

/// Every job that was accepted is done and whole, each once, and there are no
/// others but one that may have been accepted without an answer.
fn expect_all_done(process: &mut Process, ledger: &Ledger) -> i64 {
    let open = |process: &Process, state: &str| {
        let page = process
            .get(&format!("/v1/jobs?limit=500&state={state}"))
            .json();
        page["jobs"].as_array().expect("jobs").len()
    };
    let open = |process: &Process| open(process, "queued") + open(process, "running");
    // However slow the machine, there must be progress.
    loop {
        let before = open(process);
        if before == 0 {
            break;
        }
        process.until("one more job is over", |process| open(process) < before);
    }
    let mut known: HashMap<String, Value> = HashMap::new();
    let mut path = "/v1/jobs?limit=500".to_owned();
    loop {
        let page = process.get(&path).json();
        for job in page["jobs"].as_array().expect("jobs") {
            let id = job["id"].as_str().expect("an id").to_owned();
            assert!(known.insert(id, job.clone()).is_none(), "listed twice");
        }
        match page["next"].as_str() {
            Some(next) => path = format!("/v1/jobs?limit=500&before={next}"),
            None => break,
        }
    }
    let extra = known.len() - ledger.accepted.len();
    assert!(extra <= 1, "{extra} jobs that nobody sent");
    let mut attempts = 0;
    for (number, id) in &ledger.accepted {
        let job = process.get(&format!("/v1/jobs/{id}")).json();
        assert_eq!(job["state"], "done", "job {number}: {job}");
        attempts += job["attempts"].as_i64().expect("a number");
        let segments = job["result"]["translation"]["segments"]
            .as_array()
            .expect("segments");
        assert_eq!(segments.len(), SENTENCES, "job {number}");
    }
    attempts
}

/// How often each job was finished, as the processes' logs tell.
fn expect_no_job_finished_twice(logs: &[String]) {
    let mut finished: HashMap<String, usize> = HashMap::new();
    for line in logs.iter().flat_map(|log| log.lines()) {
        if line.contains("job over") {
            let line: Value = serde_json::from_str(line).expect("lines are JSON");
            *finished.entry(line["job"].to_string()).or_default() += 1;
        }
    }
    let twice: Vec<_> = finished.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

fn kills() -> usize {
    match std::env::var("DEPESCHE_TEST_KILLS") {
        Ok(kills) => kills.parse().expect("a number of kills"),
        Err(_) => KILLS,
    }
}

#[test]
fn whatever_moment_it_is_killed_at_every_job_is_done_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("depesche.db").display());
    let arguments = [
        "--database",
        &database,
        "--job-lease",
        "0.5",
        "--job-concurrency",
        "8",
        "--log",
        "info",
        "--log-format",
        "json",
    ];
    let ledger = Arc::new(Mutex::new(Ledger::default()));
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut logs = Vec::new();
    for _ in 0..kills() {
        let process = Process::launch(&arguments);
        let stop = Arc::new(AtomicBool::new(false));
        let client = client(process.address, ledger.clone(), stop.clone());
        std::thread::sleep(Duration::from_millis(20 + dice.below(900)));
        process.signal("KILL");
        stop.store(true, Ordering::SeqCst);
        logs.push(process.ended().1);
        client.join().expect("the client got no wrong answer");
    }
    let mut process = Process::launch(&arguments);
    let ledger = ledger.lock().expect("nobody failed");
    assert!(!ledger.accepted.is_empty(), "there was no load");
    let attempts = expect_all_done(&mut process, &ledger);
    let stats = process.get("/v1/memory/stats").json();
    assert_eq!(stats["process"]["damaged"], 0);
    eprintln!(
        "{} kills, {} jobs accepted and done, {attempts} attempts, {} entries of the memory used \
         {} times",
        kills(),
        ledger.accepted.len(),
        stats["entries"],
        stats["hits"]
    );
    process.signal("TERM");
    logs.push(process.ended().1);
    expect_no_job_finished_twice(&logs);
}

#[test]
fn three_processes_share_the_work_and_finish_what_a_killed_one_began() {
    let Ok(server) = std::env::var("DEPESCHE_TEST_POSTGRES") else {
        eprintln!("SKIPPED: DEPESCHE_TEST_POSTGRES names no PostgreSQL server");
        return;
    };
    // A database of its own: `depesche` makes the tables in a schema that the
    // connection names.
    let schema = format!("takeover_{}", std::process::id());
    let made = std::process::Command::new("psql")
        .args([&server, "-qc", &format!("CREATE SCHEMA {schema}")])
        .status()
        .expect("psql is there");
    assert!(made.success());
    let database = format!("{server}?options=-csearch_path%3D{schema}");
    let arguments = [
        "--database",
        &database,
        "--job-lease",
        "1",
        "--log",
        "info",
        "--log-format",
        "json",
    ];
    let mut processes: Vec<Process> = (0..3).map(|_| Process::launch(&arguments)).collect();
    let ledger = Arc::new(Mutex::new(Ledger::default()));
    let stop = Arc::new(AtomicBool::new(false));
    let client = client(processes[0].address, ledger.clone(), stop.clone());
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut logs = Vec::new();
    for _ in 0..4 {
        std::thread::sleep(Duration::from_millis(1500 + dice.below(1000)));
        let killed = processes.remove(1);
        killed.signal("KILL");
        logs.push(killed.ended().1);
        processes.push(Process::launch(&arguments));
    }
    stop.store(true, Ordering::SeqCst);
    client.join().expect("the client got no wrong answer");
    let ledger = ledger.lock().expect("nobody failed");
    let attempts = expect_all_done(&mut processes[0], &ledger);
    let jobs = ledger.accepted.len();
    assert!(jobs > 0, "there was no load");
    let mut shares = Vec::new();
    for process in processes {
        process.signal("TERM");
        logs.push(process.ended().1);
    }
    for log in &logs {
        shares.push(log.lines().filter(|line| line.contains("job over")).count());
    }
    eprintln!(
        "4 kills, {jobs} jobs accepted and done, {attempts} attempts, by process: {shares:?}"
    );
    expect_no_job_finished_twice(&logs);
}
