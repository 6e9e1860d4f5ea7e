//! Two passes over a file: the first learns what each person's day holds, the second decides.
//!
//! Memory is bounded. Parcels are held for the second pass up to a limit, beyond it the file is read
//! again; records of days and the parties that may be one person are sorted in runs that go to disk
//! beyond a limit of their own, and so do the drafts that spare parcels alone on their day a second
//! assessment.

mod days;
mod drafts;
mod first;
mod inputs;
mod links;
mod persons;
pub mod second;
mod sorter;

pub use days::Days;
pub use drafts::{Counted, Written};
pub use first::add_counts;
pub use first::{learn, learn_and_draft};
pub use inputs::{Input, Inputs, Opening};
pub use links::LinkTally;
pub(crate) use links::{Builder as LinkBuilder, Link};
pub use persons::comparable;
pub use persons::{PARTY_KIND, PERSON_RULES_OF_CASES, Persons};
pub use second::Sink;
pub(crate) use sorter::{Item, Sorter};

use crate::read::{Counts, ReadError};
use deminimis_clearance::Scratch;
use deminimis_clearance::shipment::Shipment;
use deminimis_law::time::When;
use deminimis_person::Key;
use std::io;

/// How much is held before the disk is used.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Lines of parcels held for the second pass.
    pub held_lines: usize,
    /// Records of days, and parties, held before a sorted run goes to disk.
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
    /// Each parcel's text as if it were alone on its day, if a writer was given.
    pub drafts: Option<Written>,
    /// What was read.
    pub counts: Counts,
    /// Who may be one person with another of the day.
    pub links: LinkTally,
    /// Buffers whose memory already knows the file's articles.
    pub scratch: Scratch,
}

impl Wishes {
    /// Changes a parcel as the run is asked to.
    pub fn apply(&self, shipment: &mut Shipment) {
        if self.entered_at.is_some() {
            shipment.entered_at = self.entered_at;
        }
    }
}
