//! The second pass: decides every parcel with its day known, and writes in the order of the input.

use crate::pass::{Held, Inputs, Learned, Opening, PassError, Persons, Wishes};
use crate::read::Read;
use crate::setup::Setup;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_clearance::{Books, DayContext, Decision, Scratch, assess_into};
use deminimis_law::names::Outcome;
use deminimis_law::time::Day;
use deminimis_person::Key;
use std::io::{self, Write};
use std::thread;

/// Parcels that one thread decides before their text is written.
const CHUNK: usize = 2048;

/// A decided parcel, as it goes to a writer.
pub struct Decided<'a> {
    /// What it was decided with.
    pub books: Books<'a>,
    /// The parcel.
    pub shipment: &'a Shipment,
    /// What its person's day held.
    pub day: &'a DayContext,
    /// The decision.
    pub decision: &'a Decision,
    /// The person.
    pub person: Option<Key>,
    /// Whether it is the first of the output.
    pub first: bool,
}

/// Makes text of decisions, one after the other; the same text for any number of threads.
pub trait Sink: Sync {
    /// Appends one parcel. `scratch` is free for assessing again.
    fn parcel(&self, decided: &Decided<'_>, scratch: &mut Scratch, out: &mut Vec<u8>);
}

/// What came out, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Parcels by outcome, in the order of the contract.
    pub outcomes: [u64; Outcome::ALL.len()],
    /// The earliest day to which a rule used was checked.
    pub checked_until: Option<Day>,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally {
            outcomes: [0; Outcome::ALL.len()],
            checked_until: None,
        }
    }
}

impl Tally {
    fn count(&mut self, decision: &Decision) {
        self.outcomes[decision.outcome as usize] += 1;
        if decision.checked_until.0 != i32::MAX {
            let day = decision.checked_until;
            self.checked_until = Some(self.checked_until.map_or(day, |known| known.min(day)));
        }
    }

    fn add(&mut self, other: &Tally) {
        for (sum, one) in self.outcomes.iter_mut().zip(other.outcomes) {
            *sum += one;
        }
        self.checked_until = match (self.checked_until, other.checked_until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
}

struct Worker {
    scratch: Scratch,
    spare: Scratch,
    bytes: Vec<u8>,
    tally: Tally,
}

impl Worker {
    fn new() -> Worker {
        Worker {
            scratch: Scratch::default(),
            spare: Scratch::default(),
            bytes: Vec::new(),
            tally: Tally::default(),
        }
    }

    fn decide(
        &mut self,
        books: Books<'_>,
        sink: &dyn Sink,
        (shipment, day, person, first): (&Shipment, &DayContext, Option<Key>, bool),
    ) {
        let decision = assess_into(books, shipment, day, &mut self.scratch);
        self.tally.count(decision);
        let decided = Decided {
            books,
            shipment,
            day,
            decision,
            person,
            first,
        };
        sink.parcel(&decided, &mut self.spare, &mut self.bytes);
    }
}

/// Decides all parcels of the first pass.
pub fn decide(
    setup: &Setup,
    inputs: &Inputs,
    opening: &Opening<'_>,
    wishes: &Wishes,
    mut learned: Learned,
    sink: &dyn Sink,
    out: &mut dyn Write,
) -> Result<Tally, PassError> {
    match learned.held.take() {
        Some(held) => decide_held(setup, wishes, &mut learned, &held, sink, out),
        None => decide_again(setup, inputs, opening, wishes, &mut learned, sink, out),
    }
}

fn decide_held(
    setup: &Setup,
    wishes: &Wishes,
    learned: &mut Learned,
    held: &[Held],
    sink: &dyn Sink,
    out: &mut dyn Write,
) -> Result<Tally, PassError> {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let threads = if wishes.threads == 0 {
        cores()
    } else {
        wishes.threads
    };
    let threads = threads.min(held.len().div_ceil(CHUNK)).max(1);
    let mut workers: Vec<Worker> = (0..threads).map(|_| Worker::new()).collect();
    workers[0].scratch = std::mem::take(&mut learned.scratch);
    let books = setup.books();
    let mut index = 0_u32;
    for round in held.chunks(CHUNK * threads) {
        let mut days = Vec::with_capacity(round.len());
        for _ in round {
            days.push(learned.days.of(index)?);
            index += 1;
        }
        let start = index as usize - round.len();
        let parts = round.chunks(CHUNK).zip(days.chunks(CHUNK)).enumerate();
        let work = |worker: &mut Worker, at: usize, parcels: &[Held], days: &[DayContext]| {
            for (place, (parcel, day)) in parcels.iter().zip(days).enumerate() {
                let first = start + at * CHUNK + place == 0;
                worker.decide(books, sink, (&parcel.shipment, day, parcel.person, first));
            }
        };
        if threads == 1 {
            parts.for_each(|(at, (parcels, days))| work(&mut workers[0], at, parcels, days));
        } else {
            thread::scope(|scope| {
                for (worker, (at, (parcels, days))) in workers.iter_mut().zip(parts) {
                    scope.spawn(move || work(worker, at, parcels, days));
                }
            });
        }
        for worker in &mut workers {
            out.write_all(&worker.bytes)?;
            worker.bytes.clear();
        }
    }
    let mut tally = Tally::default();
    workers.iter().for_each(|worker| tally.add(&worker.tally));
    Ok(tally)
}

/// Reads the inputs once more: what was refused before is passed over, the rest is decided.
fn decide_again(
    setup: &Setup,
    inputs: &Inputs,
    opening: &Opening<'_>,
    wishes: &Wishes,
    learned: &mut Learned,
    sink: &dyn Sink,
    out: &mut dyn Write,
) -> Result<Tally, PassError> {
    let mut worker = Worker::new();
    let mut persons = Persons::default();
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let opening = opening.again();
    let mut index = 0_u32;
    for input in inputs.iter() {
        let mut source = match inputs.open(input, &opening) {
            Ok(source) => source,
            Err(crate::read::ReadError::Empty { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        while let Some(read) = source.next(&mut shipment, &mut texts)? {
            if let Read::Shipment { .. } = read {
                wishes.apply(&mut shipment);
                let day = learned.days.of(index)?;
                let basis = assess_into(setup.books(), &shipment, &day, &mut worker.spare).person;
                let person = persons.of(&texts, basis);
                worker.decide(setup.books(), sink, (&shipment, &day, person, index == 0));
                index += 1;
                if worker.bytes.len() > 1 << 20 {
                    out.write_all(&worker.bytes)?;
                    worker.bytes.clear();
                }
            }
        }
    }
    out.write_all(&worker.bytes)?;
    if u64::from(index) != learned.counts.shipments_accepted {
        return Err(PassError::Changed(
            inputs
                .iter()
                .map(crate::pass::Input::name)
                .collect::<Vec<_>>()
                .join(", "),
        ));
    }
    Ok(worker.tally)
}

/// A writer that does nothing: for timing, and for answers without text.
impl Sink for () {
    fn parcel(&self, _: &Decided<'_>, _: &mut Scratch, _: &mut Vec<u8>) {}
}

/// What a writer of files needs to know of an error.
#[must_use]
pub fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}
