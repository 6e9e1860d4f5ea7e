//! The PostgreSQL server itself is ended at random under load from 64 threads, by SIGQUIT and by
//! SIGKILL, and started again. The ledger that was open goes on: what it acknowledged before is
//! kept, what was sent again had its effect once, and heads that were given out are still signed.
//!
//! `LEDGER_LOOPS=200` is the nightly form. The machine goes on, so that what the server had written
//! and not made durable is still there: a lost power is not shown here.

mod common;

use common::{assess, claim, event, installation, server};
use deminimis_store::{Ledger, Pending, Postgres, Receipt, TreeHead};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const THREADS: usize = 64;

/// What was sent, by id, with the positions that were told for its claim and its event.
type Sent = BTreeMap<String, (usize, Vec<i64>)>;

/// The two requests of an id, the same always.
fn first(ledger: &dyn Ledger, id: &str, number: usize) -> Pending<Receipt> {
    let who = u8::try_from(number % 50).expect("below 50");
    ledger.claim(claim(id, who, 10), assess(900))
}

fn second(ledger: &dyn Ledger, id: &str, number: usize) -> Pending<Receipt> {
    match number % 3 {
        0 => ledger.post(event(id, "1")),
        1 => ledger.void(event(id, "1")),
        _ => ledger.amend(event(id, "1"), assess(500)),
    }
}

/// Sends until the server is ended, and tells what was sent and what was answered.
fn load(ledger: &dyn Ledger, round: u32, end: impl FnOnce()) -> (Sent, Vec<TreeHead>) {
    let (sent, heads, stop) = (Mutex::default(), Mutex::default(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (sent, stop): (&Mutex<Sent>, _) = (&sent, &stop);
            scope.spawn(move || {
                for number in 0.. {
                    let id = format!("{round}-{thread}-{number}");
                    let mut told = Vec::new();
                    for ask in [first, second] {
                        let Ok(receipt) = ask(ledger, &id, number).wait() else {
                            break;
                        };
                        told.push(receipt.position);
                    }
                    let all = told.len() == 2;
                    sent.lock().expect("a list").insert(id, (number, told));
                    if !all || stop.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
        let (heads, stop): (&Mutex<Vec<TreeHead>>, _) = (&heads, &stop);
        scope.spawn(move || {
            for at in 0.. {
                match ledger.sign_head(at).wait() {
                    Ok(head) => heads.lock().expect("a list").push(head),
                    Err(_) => break,
                }
                if stop.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        end();
        stop.store(true, Ordering::Relaxed);
    });
    let heads = heads.into_inner().expect("a list");
    (sent.into_inner().expect("a list"), heads)
}

#[test]
fn what_was_acknowledged_outlives_the_server() {
    let Some(config) = server::database() else {
        return;
    };
    let loops = std::env::var("LEDGER_LOOPS").ok();
    let loops: u32 = loops.map_or(6, |loops| loops.parse().expect("a number of loops"));
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let mut random = u64::from(now.expect("a clock after 1970").subsec_nanos()) | 1;
    eprintln!("delays from {random}");
    let ledger = Postgres::open_keyed(&config, installation()).expect("a ledger");
    let (mut acknowledged, mut unanswered, mut kept) = (0, 0, 0);
    for round in 0..loops {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let delay = Duration::from_millis(200 + random % 500);
        let signal = ["-QUIT", "-KILL"][usize::try_from(round % 2).expect("0 or 1")];
        let (sent, heads) = load(&ledger, round, || {
            std::thread::sleep(delay);
            server::end(signal);
        });
        server::comes_back();
        for (place, ask) in [first, second].into_iter().enumerate() {
            let ask = |one: (&String, &(usize, Vec<i64>))| ask(&ledger, one.0, one.1.0);
            let again: Vec<_> = sent.iter().map(ask).collect();
            for ((id, (_, told)), receipt) in sent.iter().zip(again) {
                let receipt = receipt.wait().expect("the server is back");
                let Some(position) = told.get(place) else {
                    (unanswered, kept) = (unanswered + 1, kept + u32::from(!receipt.fresh));
                    continue;
                };
                assert!(!receipt.fresh, "{id} was lost by {signal} in loop {round}");
                assert_eq!(receipt.position, *position, "{id} in loop {round}");
                acknowledged += 1;
            }
        }
        let all = ledger.heads().wait().expect("heads");
        for head in &heads {
            assert!(all.contains(head), "a head was lost in loop {round}");
        }
        // Finds a parcel that was claimed twice and every sum that is not its postings'.
        assert_eq!(ledger.verify().wait(), Ok(vec![]), "loop {round}");
        let audit = ledger.verify_records().wait().expect("an audit");
        assert_eq!((audit.found, audit.waiting), (vec![], 0), "loop {round}");
    }
    eprintln!(
        "{loops} ends of the server, {acknowledged} acknowledged and kept, {unanswered} unanswered \
         ({kept} of them kept), 0 lost, 0 doubled"
    );
    assert!(acknowledged > 0, "nothing was acknowledged");
}
