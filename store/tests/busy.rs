//! Long readings beside writers on PostgreSQL: neither holds the other up, and what is exported
//! meanwhile is whole.

mod common;

use common::{assess, claim, installation, server, sqlite};
use deminimis_store::{Ledger, Postgres};
use std::io::{Cursor, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn postgres() -> Option<Postgres> {
    let config = server::database()?;
    Some(Postgres::open_keyed(&config, installation()).expect("a ledger"))
}

/// A pipe whose reader does not read until it is told to.
struct Stuck {
    began: Sender<()>,
    go_on: Receiver<()>,
}

impl Write for Stuck {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // After the first time both ends may be gone, which means to go on.
        let _ = self.began.send(());
        let _ = self.go_on.recv();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn exports_that_nobody_reads_hold_up_no_claim() {
    let Some(ledger) = postgres() else {
        return;
    };
    let done = ledger.claim(claim("a", 1, 10), assess(5)).wait();
    done.expect("a claim");
    let (began, begun) = channel();
    let (mut ends, mut exports) = (Vec::new(), Vec::new());
    // Two are as many as the ledger's own threads; four are as many as may read at a time.
    for _ in 0..4 {
        let (end, go_on) = channel();
        let sink = Stuck {
            began: began.clone(),
            go_on,
        };
        exports.push(ledger.export("acme", Box::new(sink)));
        ends.push(end);
    }
    let wait = Duration::from_secs(30);
    begun.recv_timeout(wait).expect("an export that began");
    begun.recv_timeout(wait).expect("another one");
    let (told, answer) = channel();
    std::thread::scope(|scope| {
        scope.spawn(|| told.send(ledger.claim(claim("b", 1, 10), assess(5)).wait()));
        let answered = answer.recv_timeout(wait);
        ends.clear();
        answered
            .expect("an answer while exports wait")
            .expect("a receipt");
    });
    for export in exports {
        export.wait().expect("an export that went on");
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Lets the writers end, also when the test fails.
struct StopAtEnd<'a>(&'a AtomicBool);

impl Drop for StopAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn an_export_beside_writers_is_taken_in_elsewhere() {
    let Some(ledger) = postgres() else {
        return;
    };
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 0..8_u8 {
            let (ledger, stop) = (&ledger, &stop);
            scope.spawn(move || {
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let id = format!("{thread}-{number}");
                    let done = ledger.claim(claim(&id, thread, 10), assess(5)).wait();
                    done.expect("a receipt");
                }
            });
        }
        let _stop = StopAtEnd(&stop);
        let mut failed = Vec::new();
        for turn in 0..8 {
            let lines = Lines::default();
            let done = ledger.export("acme", Box::new(lines.clone())).wait();
            done.expect("an export");
            let text = lines.0.lock().unwrap().clone();
            let to = sqlite();
            if let Err(why) = to.ledger.import(Box::new(Cursor::new(text))).wait() {
                failed.push((turn, why));
            }
        }
        assert_eq!(failed, []);
    });
}
