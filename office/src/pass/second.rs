//! The second pass: decides every parcel with its day known, and writes in the order of the input.

use crate::pass::drafts::Counted;
use crate::pass::{Held, Inputs, Learned, Opening, PassError, Persons, Wishes};
use crate::read::Read;
use crate::setup::Setup;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_clearance::{Books, DayContext, Decision, Scratch, assess_into};
use deminimis_law::names::{Outcome, PersonBasis};
use deminimis_law::time::Day;
use deminimis_person::Key;
use std::io::{self, Write};
use std::ops::Range;
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
    /// Counts a parcel.
    pub fn count(&mut self, counted: Counted) {
        self.outcomes[counted.outcome as usize] += 1;
        if counted.checked_until.0 != i32::MAX {
            let day = counted.checked_until;
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
        (shipment, day, first): (&Shipment, &DayContext, bool),
        person: impl FnOnce(PersonBasis) -> Option<Key>,
    ) {
        let decision = assess_into(books, shipment, day, &mut self.scratch);
        self.tally.count(Counted::of(decision));
        let person = person(decision.person);
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
    let mut round = Round::default();
    for (at, parcels) in held.chunks(CHUNK * threads).enumerate() {
        let start = at * CHUNK * threads;
        round.fill(learned, start, parcels.len())?;
        let round = &round;
        let parts = parcels.chunks(CHUNK).enumerate();
        let work = |worker: &mut Worker, part: usize, parcels: &[Held]| {
            for (parcel, place) in parcels.iter().zip(part * CHUNK..) {
                match &round.fates[place] {
                    Fate::Final { text, counted } => {
                        worker.tally.count(*counted);
                        worker.bytes.extend_from_slice(&round.text[text.clone()]);
                    }
                    Fate::Decide(day) => {
                        let asked = (&parcel.shipment, &round.days[*day], start + place == 0);
                        worker.decide(books, sink, asked, |_| parcel.person);
                    }
                }
            }
        };
        if threads == 1 {
            parts.for_each(|(part, parcels)| work(&mut workers[0], part, parcels));
        } else {
            thread::scope(|scope| {
                for (worker, (part, parcels)) in workers.iter_mut().zip(parts) {
                    scope.spawn(move || work(worker, part, parcels));
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

/// What is left to do for a parcel.
enum Fate {
    /// Nothing: its draft lies there in the round's text.
    Final {
        text: Range<usize>,
        counted: Counted,
    },
    /// Deciding it with the day at that place.
    Decide(usize),
}

/// What is known of the parcels that are decided together.
#[derive(Default)]
struct Round {
    fates: Vec<Fate>,
    /// The first is that of parcels that are alone.
    days: Vec<DayContext>,
    text: Vec<u8>,
}

impl Round {
    fn fill(&mut self, learned: &mut Learned, start: usize, count: usize) -> Result<(), PassError> {
        self.fates.clear();
        self.text.clear();
        self.days.clear();
        self.days.push(DayContext::default());
        for place in start..start + count {
            let from = self.text.len();
            let drafts = learned.drafts.as_mut();
            let draft = drafts.map(|drafts| drafts.next(&mut self.text));
            let fate = match (learned.days.shared(place as u32)?, draft.transpose()?) {
                (None, Some(counted)) => Fate::Final {
                    text: from..self.text.len(),
                    counted,
                },
                (None, None) => Fate::Decide(0),
                (Some(day), _) => {
                    self.text.truncate(from);
                    self.days.push(day);
                    Fate::Decide(self.days.len() - 1)
                }
            };
            self.fates.push(fate);
        }
        Ok(())
    }
}

/// A decided parcel with its texts, and where it stands in the input.
pub struct Told<'a> {
    /// The parcel and its decision.
    pub decided: Decided<'a>,
    /// Its texts.
    pub texts: &'a Texts,
    /// The file's name as given.
    pub file: &'a str,
    /// Its first row there, counted as in [`Read::Shipment`].
    pub row: u64,
    /// How many rows it has.
    pub rows: u32,
}

/// Decides all parcels of the first pass one after the other, for what is made of their texts too:
/// the inputs are read once more.
///
/// # Errors
/// The inputs cannot be read again as they were, or `each` fails.
pub fn decide_with_texts<E: From<PassError>>(
    setup: &Setup,
    inputs: &Inputs,
    opening: &Opening<'_>,
    wishes: &Wishes,
    learned: &mut Learned,
    mut each: impl FnMut(&Told<'_>, &mut Scratch) -> Result<(), E>,
) -> Result<Tally, E> {
    let (mut scratch, mut spare) = (Scratch::default(), Scratch::default());
    let (mut persons, mut tally) = (Persons::default(), Tally::default());
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let opening = opening.again();
    let mut index = 0_u32;
    for input in inputs.iter() {
        let file = input.name();
        let mut source = match inputs.open(input, &opening) {
            Ok(source) => source,
            Err(crate::read::ReadError::Empty { .. }) => continue,
            Err(error) => return Err(PassError::from(error).into()),
        };
        loop {
            let read = source.next(&mut shipment, &mut texts);
            let Some(read) = read.map_err(PassError::from)? else {
                break;
            };
            let Read::Shipment { row, rows } = read else {
                continue;
            };
            if u64::from(index) == learned.counts.shipments_accepted {
                return Err(changed(inputs).into());
            }
            wishes.apply(&mut shipment);
            let day = learned.days.shared(index)?.unwrap_or_default();
            let decision = assess_into(setup.books(), &shipment, &day, &mut scratch);
            tally.count(Counted::of(decision));
            let told = Told {
                decided: Decided {
                    books: setup.books(),
                    shipment: &shipment,
                    day: &day,
                    decision,
                    person: persons.of(&texts, decision.person),
                    first: index == 0,
                },
                texts: &texts,
                file: &file,
                row,
                rows,
            };
            each(&told, &mut spare)?;
            index += 1;
        }
    }
    if u64::from(index) != learned.counts.shipments_accepted {
        return Err(changed(inputs).into());
    }
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
                if u64::from(index) == learned.counts.shipments_accepted {
                    return Err(changed(inputs));
                }
                wishes.apply(&mut shipment);
                let day = learned.days.shared(index)?;
                let before = worker.bytes.len();
                let drafts = learned.drafts.as_mut();
                let draft = drafts.map(|drafts| drafts.next(&mut worker.bytes));
                match (day, draft.transpose()?) {
                    (None, Some(counted)) => worker.tally.count(counted),
                    (day, _) => {
                        worker.bytes.truncate(before);
                        let day = day.unwrap_or_default();
                        let asked = (&shipment, &day, index == 0);
                        let of = |basis| persons.of(&texts, basis);
                        worker.decide(setup.books(), sink, asked, of);
                    }
                }
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
        return Err(changed(inputs));
    }
    Ok(worker.tally)
}

fn changed(inputs: &Inputs) -> PassError {
    let names: Vec<_> = inputs.iter().map(crate::pass::Input::name).collect();
    PassError::Changed(names.join(", "))
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
