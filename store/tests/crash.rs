//! A program under load from 64 threads is killed at random and started again: what it had
//! acknowledged is kept, and what was sent again had its effect once.
//!
//! `LEDGER_LOOPS=200` is the nightly form. A killed process leaves what the system holds in its
//! own memory; a failing disk or power is not shown here.

mod common;

use common::{assess, claim, event, server};
use deminimis_store::{Ledger, Postgres, Receipt};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const THREADS: usize = 64;

fn open(at: &str) -> Box<dyn Ledger> {
    match at.split_once('|') {
        Some(("sqlite", path)) => Box::new(common::open_sqlite(path.as_ref())),
        Some(("postgres", config)) => {
            Box::new(Postgres::open_keyed(config, common::installation()).expect("the ledger"))
        }
        _ => panic!("not a ledger: {at}"),
    }
}

/// Claims a parcel and, for some, posts or voids it; the same steps for the same id, always.
fn work(ledger: &dyn Ledger, id: &str, number: usize, mut told: impl FnMut(&str, &Receipt)) {
    let who = u8::try_from(number % 50).expect("below 50");
    let day = i32::try_from(number / 400).expect("a day");
    let receipt = ledger.claim(claim(id, who, day), assess(9_900)).wait();
    told("claim", &receipt.expect("a receipt"));
    let receipt = match number % 4 {
        0 => ledger.post(event(id, "1")).wait(),
        1 => ledger.void(event(id, "1")).wait(),
        2 => ledger.amend(event(id, "1"), assess(500)).wait(),
        _ => return,
    };
    told("event", &receipt.expect("a receipt"));
}

#[test]
#[ignore = "started by the test below, to be killed"]
fn load() {
    let at = std::env::var("LEDGER_AT").expect("the ledger");
    let round = std::env::var("LEDGER_ROUND").expect("the round");
    let ledger = open(&at);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (ledger, round) = (&*ledger, &round);
            scope.spawn(move || {
                // A pipe takes a short line whole or not at all.
                let say = |line: String| std::io::stdout().lock().write_all(line.as_bytes());
                for number in 0.. {
                    let id = format!("{round}-{thread}-{number}");
                    say(format!("SENT {id} {number}\n")).expect("a pipe");
                    work(ledger, &id, number, |what, receipt| {
                        say(format!("TOLD {id} {what} {}\n", receipt.position)).expect("a pipe");
                    });
                }
            });
        }
    });
}

#[derive(Default)]
struct Seen {
    /// Parcels sent, by id.
    sent: BTreeMap<String, usize>,
    /// Positions acknowledged, by id and request.
    told: BTreeMap<(String, String), i64>,
}

/// Runs the load, kills it after a while, and tells what came out of it until then.
fn killed_after(at: &str, round: u32, time: Duration) -> Seen {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "load", "--nocapture"])
        .env("LEDGER_AT", at)
        .env("LEDGER_ROUND", round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the load");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let reader = std::thread::spawn(move || {
        let mut seen = Seen::default();
        for line in output.lines() {
            let line = line.expect("a line");
            match *line.split(' ').collect::<Vec<_>>() {
                ["SENT", id, number] => {
                    seen.sent
                        .insert(id.to_owned(), number.parse().expect("a number"));
                }
                ["TOLD", id, what, position] => {
                    let key = (id.to_owned(), what.to_owned());
                    seen.told.insert(key, position.parse().expect("a position"));
                }
                _ => {}
            }
        }
        seen
    });
    std::thread::sleep(time);
    assert!(
        child.try_wait().expect("its state").is_none(),
        "the load ended by itself"
    );
    child.kill().expect("a kill");
    child.wait().expect("its end");
    reader.join().expect("the reader")
}

fn survives(name: &str, at: &str) {
    let loops = std::env::var("LEDGER_LOOPS").ok();
    let loops: u32 = loops.map_or(20, |loops| loops.parse().expect("a number of loops"));
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock after 1970");
    let mut random = u64::from(now.subsec_nanos()) | 1;
    eprintln!("{name}: delays from {random}");
    let (mut acknowledged, mut unanswered, mut kept_unanswered) = (0, 0, 0);
    for round in 0..loops {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let seen = killed_after(at, round, Duration::from_millis(40 + random % 300));
        let ledger = open(at);
        // Sent again, everything is there once: what was told as it was told, the rest by now.
        for (id, number) in &seen.sent {
            work(&*ledger, id, *number, |what, receipt| {
                match seen.told.get(&(id.clone(), what.to_owned())) {
                    Some(position) => {
                        assert!(!receipt.fresh, "{name}: {what} of {id} was lost");
                        assert_eq!(receipt.position, *position, "{name}: {what} of {id}");
                        acknowledged += 1;
                    }
                    None => {
                        unanswered += 1;
                        kept_unanswered += u32::from(!receipt.fresh);
                    }
                }
            });
        }
        // Finds a parcel that was claimed twice and every sum that is not its postings'.
        assert_eq!(
            ledger.verify().wait(),
            Ok(vec![]),
            "{name} after loop {round}"
        );
        // Every acknowledged decision has its record, and the chain and tree hold.
        let audit = ledger.verify_records().wait().expect("an audit");
        assert_eq!(audit.found, [], "{name} after loop {round}");
        assert_eq!(audit.waiting, 0, "{name} after loop {round}");
        for (id, what) in seen.told.keys() {
            assert!(
                seen.sent.contains_key(id),
                "{name}: {what} of {id} was never sent"
            );
        }
    }
    eprintln!(
        "{name}: {loops} kills, {acknowledged} acknowledged and kept, {unanswered} unanswered \
         ({kept_unanswered} of them kept), 0 lost, 0 doubled"
    );
    assert!(
        acknowledged > 0,
        "{name}: nothing was acknowledged before a kill"
    );
}

#[test]
fn sqlite_keeps_what_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    survives(
        "sqlite",
        &format!("sqlite|{}", folder.path().join("ledger.db").display()),
    );
}

#[test]
fn postgres_keeps_what_it_acknowledged() {
    if let Some(config) = server::database() {
        survives("postgres", &format!("postgres|{config}"));
    }
}
