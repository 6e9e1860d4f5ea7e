//! Two passes over a file: the first learns what each person's day holds, the second decides.
//!
//! Memory is bounded. Parcels are held for the second pass up to a limit, beyond it the file is read
//! again; records of days are sorted in runs that go to disk beyond a limit of their own.

mod days;
mod inputs;
mod persons;
pub mod second;
mod sorter;

pub use days::Days;
pub use inputs::{Input, Inputs, Opening};
pub use persons::{Persons, mark};
pub use second::Sink;

use crate::read::{Counts, Read, ReadError, Reject, RejectReason};
use crate::setup::Setup;
use deminimis_clearance::day::day_record;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_clearance::{DayContext, Scratch, assess_into};
use deminimis_law::time::When;
use deminimis_person::Key;
use std::io;

/// How much is held before the disk is used.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Lines of parcels held for the second pass.
    pub held_lines: usize,
    /// Records of days held before a sorted run goes to disk.
    pub records: usize,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            held_lines: 500_000,
            records: 500_000,
        }
    }
}

/// What a run is asked to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes {
    /// The entry date to assume for every parcel.
    pub entered_at: Option<When>,
    /// Threads of the second pass; 0 is one for each core.
    pub threads: usize,
    /// How much is held in memory.
    pub bounds: Bounds,
}

/// A run that cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum PassError {
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A temporary file or the output cannot be written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A run that was written to disk does not read back.
    #[error("a temporary file is damaged: {0}")]
    Damaged(#[from] postcard::Error),
    /// The input changed between the passes.
    #[error("{0}: the file changed while it was read")]
    Changed(String),
}

/// A parcel held for the second pass.
pub struct Held {
    /// The parcel.
    pub shipment: Shipment,
    /// Its person.
    pub person: Option<Key>,
}

/// What the first pass learned.
pub struct Learned {
    /// The parcels, if they fit.
    pub held: Option<Vec<Held>>,
    /// What each person's day holds.
    pub days: Days,
    /// What was read.
    pub counts: Counts,
    /// Buffers whose memory already knows the file's articles.
    pub scratch: Scratch,
}

/// The first pass: reads every parcel, tells persons apart, and walks their days.
pub fn learn(
    setup: &Setup,
    inputs: &Inputs,
    opening: &Opening<'_>,
    wishes: &Wishes,
    mut refuse: impl FnMut(&Reject) -> io::Result<()>,
    mut progress: impl FnMut(u64),
) -> Result<Learned, PassError> {
    let mut days = days::Builder::new(wishes.bounds.records);
    let mut persons = Persons::default();
    let (mut held, mut held_lines) = (Some(Vec::new()), 0);
    let mut counts = Counts::default();
    let mut scratch = Scratch::default();
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let alone = DayContext::default();
    let mut index = 0;
    for input in inputs.iter() {
        let mut source = match inputs.open(input, opening) {
            Ok(source) => source,
            Err(error @ ReadError::Empty { .. }) if inputs.len() > 1 => {
                refuse(&whole_file(input.name(), &error))?;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        while let Some(read) = source.next(&mut shipment, &mut texts)? {
            match read {
                Read::Refused(reject) => {
                    if let Some((key, day)) = persons.of_reject(&reject) {
                        days.refused(key, day);
                    }
                    refuse(&reject)?;
                }
                Read::Shipment { .. } => {
                    wishes.apply(&mut shipment);
                    let decision = assess_into(setup.books(), &shipment, &alone, &mut scratch);
                    let person = persons.of(&texts, decision.person);
                    if let Some(person) = person {
                        let mut record = day_record(&shipment, &texts, decision, &setup.law);
                        record.index = index;
                        days.add(person, record, decision.limits)?;
                    }
                    held_lines += shipment.lines.len();
                    if held_lines > wishes.bounds.held_lines {
                        held = None;
                    }
                    if let Some(held) = &mut held {
                        held.push(Held {
                            shipment: shipment.clone(),
                            person,
                        });
                    }
                    index += 1;
                    progress(u64::from(index));
                }
            }
        }
        add(&mut counts, source.counts());
    }
    Ok(Learned {
        held,
        days: days.walk()?,
        counts,
        scratch,
    })
}

fn add(sum: &mut Counts, one: Counts) {
    sum.rows_read += one.rows_read;
    sum.rows_accepted += one.rows_accepted;
    sum.rows_rejected += one.rows_rejected;
    sum.shipments_read += one.shipments_read;
    sum.shipments_accepted += one.shipments_accepted;
    sum.shipments_rejected += one.shipments_rejected;
}

/// A file among others that holds nothing is refused alone.
fn whole_file(file: String, error: &ReadError) -> Reject {
    Reject {
        file,
        row: 0,
        rows: 0,
        shipment_id: None,
        field: String::new(),
        line: None,
        value: String::new(),
        reason: RejectReason::Rule(error.to_string()),
        consignee: None,
    }
}

impl Wishes {
    /// Changes a parcel as the run is asked to.
    pub fn apply(&self, shipment: &mut Shipment) {
        if self.entered_at.is_some() {
            shipment.entered_at = self.entered_at;
        }
    }
}
