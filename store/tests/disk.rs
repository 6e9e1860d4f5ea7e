//! Power that fails at every point of a scripted run, a disk that is full, and a sync that fails,
//! on SQLite: what was acknowledged is kept, nothing is doubled, and the ledger goes on.
//!
//! `LEDGER_POINTS=1` looks at every point in every way, which is the nightly form; without it every
//! point is looked at, and the ways take turns.

mod common;
mod faulty;

use common::{amended, arrival, assess, claim, event, moved, open_sqlite, person, said};
use deminimis_store::{
    Act, BlockingKey, Content, Entry, Ledger, PersonsAct, Receipt, Request, Sqlite, StoreError,
};
use faulty::image::{self, Files, Image, Rest};
use faulty::{Disk, Fault, Op};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// What the script does in its order.
enum Step {
    Ask(Box<Request>),
    Sign,
    /// Erases the third person.
    Erase,
    /// Closes the file for good, which empties the `-wal` into it, and opens it again.
    Reopen,
}

/// Every kind of request, twice over a closed file. Requests are the same each time.
fn script() -> Vec<Step> {
    let ask = |request| Step::Ask(Box::new(request));
    let put = |id: &str, who, day, value| {
        let mut claim = claim(id, who, day);
        claim.order = Some(u64::from(who));
        claim.alike.keys = vec![BlockingKey([who; 16])];
        claim.alike.readings = vec![vec![person(3)]];
        ask(Request::Claim(claim, assess(value)))
    };
    let happens = |id: &str, act| ask(Request::Event(event(id, "1"), act));
    let merge = |id: &str, from, into| {
        let (from, into) = (person(from), person(into));
        ask(Request::Persons(said(id), PersonsAct::Merge { from, into }))
    };
    let two = PersonsAct::Apart {
        one: person(3),
        other: person(1),
    };
    let split = PersonsAct::Split {
        shipments: vec!["b".into()],
        to: person(2),
    };
    vec![
        put("a", 1, 10, 30_000),
        put("b", 2, 10, 30_000),
        Step::Sign,
        put("c", 1, 10, 60_000),
        happens("a", Act::Post),
        happens("c", moved(arrival(11), assess(60_000))),
        put("d", 3, 11, 4_000),
        Step::Reopen,
        ask(Request::Persons(said("two"), two)),
        merge("together", 2, 1),
        happens("b", amended(assess(20_000))),
        happens("d", Act::Void),
        Step::Erase,
        put("e", 2, 10, 10_000),
        ask(Request::Persons(said("apart"), split)),
        Step::Sign,
        Step::Reopen,
        put("f", 2, 12, 1_000),
    ]
}

/// The ledger of a script, which is closed and opened in between.
struct Running<'a> {
    path: &'a Path,
    ledger: Option<Sqlite>,
}

impl<'a> Running<'a> {
    fn open(path: &'a Path) -> Result<Self, StoreError> {
        let ledger = Sqlite::open_keyed(path, common::installation())?;
        Ok(Self {
            path,
            ledger: Some(ledger),
        })
    }

    fn ledger(&self) -> &Sqlite {
        self.ledger.as_ref().expect("it is open")
    }

    fn step(&mut self, step: Step) -> Result<Option<Receipt>, StoreError> {
        match step {
            Step::Ask(request) => self.ledger().submit(*request).wait().map(Some),
            Step::Sign => self.ledger().sign_head(1).wait().map(|_| None),
            Step::Erase => self.ledger().erase("acme", person(3)).wait().map(|_| None),
            Step::Reopen => {
                drop(self.ledger.take());
                *self = Self::open(self.path)?;
                Ok(None)
            }
        }
    }
}

/// What a run of the script without faults comes to.
struct Run {
    ops: Vec<Op>,
    receipts: Vec<Option<Receipt>>,
    entries: Vec<Entry>,
    /// How many entries there are after so many steps.
    lengths: Vec<usize>,
}

fn all_entries(ledger: &dyn Ledger) -> Vec<Entry> {
    ledger.entries(0, 10_000).wait().expect("the lines")
}

fn run() -> Run {
    let folder = tempfile::tempdir().unwrap();
    let watched = Disk::watch(folder.path(), true);
    let path = folder.path().join("ledger.db");
    let mut running = Running::open(&path).expect("a ledger");
    let (mut receipts, mut lengths) = (Vec::new(), vec![0]);
    for (at, step) in script().into_iter().enumerate() {
        let receipt = running.step(step).expect("a step");
        watched.disk.told(at + 1);
        // Positions rise without a gap. No line is read here: a file that has readers is not
        // emptied of its `-wal` when it is closed.
        let position = receipt.as_ref().map(|receipt| receipt.position);
        let position = position.and_then(|position| usize::try_from(position).ok());
        // What moves nothing has no line.
        let position = position.filter(|position| *position > 0);
        lengths.push(position.unwrap_or(lengths[at]));
        receipts.push(receipt);
    }
    drop(running);
    let ops = watched.disk.ops();
    let entries = all_entries(&open_sqlite(&path));
    Run {
        ops,
        receipts,
        entries,
        lengths,
    }
}

/// Opens what a disk was left with. The steps that were acknowledged are kept, of the next one all
/// or nothing, and the rest of the script goes on from there to the same end.
fn recovers(files: &Files, told: usize, run: &Run, at: &str) {
    let folder = tempfile::tempdir().unwrap();
    image::write(files, folder.path());
    let _watched = Disk::watch(folder.path(), false);
    let ledger = open_sqlite(&folder.path().join("ledger.db"));
    let entries = all_entries(&ledger);
    let next = run.lengths.get(told + 1).copied();
    assert!(
        [run.lengths[told], next.unwrap_or(run.entries.len())].contains(&entries.len()),
        "{at}: {} lines after step {told}",
        entries.len()
    );
    assert_eq!(entries, run.entries[..entries.len()], "{at}");
    sound(&ledger, at);
    signed_and_erased(&ledger, told, at);
    for (number, (step, first)) in script().into_iter().zip(&run.receipts).enumerate() {
        let (Step::Ask(request), Some(first)) = (step, first) else {
            continue;
        };
        let again = ledger.submit(*request).wait().expect("a receipt");
        assert!(
            number >= told || !again.fresh,
            "{at}: step {number} was lost"
        );
        assert_eq!(
            (again.position, &again.answer),
            (first.position, &first.answer),
            "{at}: step {number}"
        );
    }
    assert_eq!(all_entries(&ledger), run.entries, "{at}");
    sound(&ledger, at);
}

fn sound(ledger: &dyn Ledger, at: &str) {
    assert_eq!(ledger.verify().wait(), Ok(vec![]), "{at}");
    let audit = ledger.verify_records().wait().expect("an audit");
    assert_eq!((audit.found, audit.waiting), (vec![], 0), "{at}");
}

/// Heads that were handed out are there, and what was erased is not.
fn signed_and_erased(ledger: &dyn Ledger, told: usize, at: &str) {
    let done: Vec<Step> = script().into_iter().take(told).collect();
    let signed = done.iter().filter(|step| matches!(step, Step::Sign));
    let heads = ledger.heads().wait().expect("heads");
    assert!(heads.len() >= signed.count(), "{at}: a head was lost");
    if done.iter().any(|step| matches!(step, Step::Erase)) {
        let records = ledger.records("acme", 0, 100).wait().expect("records");
        let of_d = records.iter().find(|record| record.shipment_id == "d");
        let fields = &of_d.expect("its record").fields;
        let erased = fields.iter().filter(|one| one.content == Content::Erased);
        assert_eq!(erased.count(), 2, "{at}: {fields:?}");
    }
}

#[test]
fn power_that_fails_at_any_point_loses_nothing_acknowledged() {
    let run = run();
    let all = std::env::var_os("LEDGER_POINTS").is_some();
    let (mut image, mut told, mut seen) = (Image::default(), 0, HashSet::new());
    let mut opened = 0;
    for (point, op) in run.ops.iter().enumerate() {
        image.add(op);
        if let Op::Told(steps) = op {
            told = *steps;
        }
        let seed = (point as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let ways = [Rest::Kept, Rest::Lost, Rest::Some(seed), Rest::Some(!seed)];
        for (turn, rest) in ways.into_iter().enumerate() {
            // What is lost changes only with a sync, so that looking at all of it costs little.
            if !all && rest != Rest::Lost && turn != point % ways.len() {
                continue;
            }
            let files = image.after(rest);
            let mut hash = DefaultHasher::new();
            (&files, told).hash(&mut hash);
            if seen.insert(hash.finish()) {
                opened += 1;
                recovers(
                    &files,
                    told,
                    &run,
                    &format!("point {point}, {op:.60?}, {rest:?}"),
                );
            }
        }
    }
    let count = |is: fn(&Op) -> bool| run.ops.iter().filter(|op| is(op)).count();
    eprintln!(
        "{} changes ({} writes, {} syncs, {} files made or removed, {} cuts), {opened} disks opened",
        run.ops.len() - run.receipts.len(),
        count(|op| matches!(op, Op::Write(..))),
        count(|op| matches!(op, Op::Sync(_))),
        count(|op| matches!(op, Op::Create(_) | Op::Delete(..))),
        count(|op| matches!(op, Op::Truncate(..))),
    );
    assert_eq!(told, run.receipts.len());
}

/// What became of a script over a fault.
struct Faulted {
    /// Steps that were answered with a failure.
    refused: usize,
    /// Whether the fault struck at all.
    struck: bool,
}

/// Runs the script over a fault. A step that fails is sent again once the fault is gone. At the
/// end, and at once after each failure, what was acknowledged is on the disk without the rest.
fn over(fault: Fault, run: &Run) -> Faulted {
    let folder = tempfile::tempdir().unwrap();
    let watched = Disk::watch(folder.path(), true);
    let path = folder.path().join("ledger.db");
    watched.disk.set(fault);
    let at = format!("{fault:?}");
    let mut refused = 0;
    let mut opened = Running::open(&path);
    if let Err(error) = &opened {
        assert!(matches!(error, StoreError::Failure(_)), "{at}: {error}");
        refused += 1;
        watched.disk.set(Fault::None);
        opened = Running::open(&path);
    }
    let mut running = opened.expect("a ledger");
    for (number, first) in run.receipts.iter().enumerate() {
        let step = || script().into_iter().nth(number).expect("a step");
        let mut done = running.step(step());
        if let Err(error) = &done {
            assert!(matches!(error, StoreError::Failure(_)), "{at}: {error}");
            refused += 1;
            still_full(&watched.disk, &running, number, &at);
            watched.disk.set(Fault::None);
            recovers(&durable(&watched.disk), number, run, &at);
            if running.ledger.is_none() {
                running = Running::open(&path).expect("a ledger");
            }
            done = running.step(step());
        }
        let done = done.expect("a step without a fault");
        let told = |receipt: &Receipt| (receipt.position, receipt.answer.clone());
        assert_eq!(
            done.as_ref().map(told),
            first.as_ref().map(told),
            "{at}: step {number}"
        );
    }
    let struck = !watched.disk.waits();
    recovers(&durable(&watched.disk), run.receipts.len(), run, &at);
    watched.disk.set(Fault::None);
    drop(running);
    recovers(&durable(&watched.disk), run.receipts.len(), run, &at);
    Faulted { refused, struck }
}

/// While there is no room, nothing is acknowledged, and what is there is still read.
fn still_full(disk: &Disk, running: &Running<'_>, told: usize, at: &str) {
    let Some(ledger) = &running.ledger else {
        return;
    };
    if disk.waits() || !at.starts_with("Full") {
        return;
    }
    let other = ledger.claim(claim("other", 9, 9), assess(1)).wait();
    assert!(
        matches!(other, Err(StoreError::Failure(_))),
        "{at}: {other:?}"
    );
    let nothing = ledger.shipment("acme", "other").wait();
    assert_eq!(nothing, Ok(None), "{at} after step {told}");
}

/// What the disk holds if the power fails now and all that was not synced is lost.
fn durable(disk: &Disk) -> Files {
    let mut image = Image::default();
    disk.ops().iter().for_each(|op| image.add(op));
    image.after(Rest::Lost)
}

/// Runs the script with each fault in turn until one comes too late to strike.
fn each(fault: fn(usize) -> Fault, step: usize) {
    let run = run();
    let (mut refused, mut struck) = (0, 0);
    for after in (0..).step_by(step) {
        let faulted = over(fault(after), &run);
        if !faulted.struck {
            break;
        }
        refused += usize::from(faulted.refused > 0);
        struck += 1;
    }
    eprintln!("{struck} faults, {refused} of them refused a request or the opening");
    assert!(refused * 2 > struck, "{refused} refused of {struck}");
}

/// Every place nightly, and enough of them otherwise.
fn stride(otherwise: usize) -> usize {
    let all = std::env::var_os("LEDGER_POINTS").is_some();
    if all { 1 } else { otherwise }
}

#[test]
fn a_full_disk_refuses_and_is_recovered_from() {
    each(Fault::FullAfter, stride(7));
}

#[test]
fn a_failed_sync_is_never_acknowledged() {
    each(Fault::SyncFailsAfter, stride(1));
}
