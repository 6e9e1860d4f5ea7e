//! Reads shipments from files: CSV, JSON, one JSON object a line, each also compressed.
//!
//! A reader fills the caller's [`Shipment`] and [`Texts`], one at a time, and refuses alone what it
//! cannot read: nothing is dropped silently, so that what is accepted and what is refused add up to
//! what was read. It decides no law and keeps no shipment.

pub mod catalog;
mod constants;
mod csv;
mod dates;
pub mod defaults;
mod input;
mod json;
pub mod map;
mod near;
mod plan;
pub mod presets;
mod reject;
pub mod rejects;

pub use catalog::Catalog;
pub use defaults::Defaults;
pub use input::open;
pub use map::Map;
pub use reject::{PartyKeyMaterial, Reject, RejectReason};

use deminimis_clearance::shipment::build::PortZones;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_filing::imports;
use deminimis_law::facts::Fact;
use deminimis_law::time::Zone;
use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

/// The largest field of a file that is read, in bytes.
pub const MAX_FIELD: usize = 1 << 20;

/// The largest record (a CSV row, a JSON object) that is held in memory, in bytes.
pub const MAX_RECORD: usize = 64 << 20;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One row an article, with a header.
    Csv,
    /// One object, an array of objects, or one object a line.
    Json,
    /// One object a line.
    NdJson,
}

/// Documents of another system, and what is said of them.
#[derive(Clone, Copy, Debug)]
pub struct Import {
    /// The system.
    pub system: imports::System,
    /// What the user says of its values and weights.
    pub options: imports::Options,
}

/// How a file is to be read.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// How the file is written; `None` goes by the name's extension, then by the first bytes.
    pub format: Option<Format>,
    /// The user's or a preset's names for columns. Only for CSV.
    pub map: Option<Map>,
    /// The system whose documents the file holds. Only for JSON.
    pub import: Option<Import>,
    /// Fills line fields that are absent, by `sku`.
    pub catalog: Option<&'a Catalog>,
    /// Passes over columns and keys that the contract does not have.
    pub ignore_unknown: bool,
    /// Fields that every shipment (or line) without them gets: `mode=express`.
    pub set: Vec<(String, String)>,
    /// Fills what is still open then, for all parcels alike.
    pub defaults: Option<&'a Defaults>,
    /// The rulebook's facts, sorted by name.
    pub facts: &'a [Fact],
    /// Eastern time.
    pub zone: &'a Zone,
    /// Ports of entry with another zone.
    pub ports: &'a PortZones,
    /// The ids seen so far. Files of one run share it; each pass over them starts a new one.
    pub ids: Ids,
}

impl<'a> Options<'a> {
    /// Options with nothing chosen.
    #[must_use]
    pub fn new(facts: &'a [Fact], zone: &'a Zone, ports: &'a PortZones) -> Options<'a> {
        Options {
            format: None,
            map: None,
            import: None,
            catalog: None,
            ignore_unknown: false,
            set: Vec::new(),
            defaults: None,
            facts,
            zone,
            ports,
            ids: Ids::default(),
        }
    }
}

/// One shipment's worth of a file.
#[derive(Clone, Debug)]
pub enum Read {
    /// The caller's buffers hold a shipment.
    Shipment {
        /// Its first row: in CSV as a spreadsheet counts, the header being row 1 (blank lines are
        /// not counted); in JSON the element of the array, or the line of the file.
        row: u64,
        /// How many rows it took.
        rows: u32,
    },
    /// A shipment was refused; the caller's buffers hold nothing of use.
    Refused(Box<Reject>),
}

/// Reads shipments one at a time.
pub trait Source {
    /// The next shipment, into the caller's buffers, which are reused; `None` at the end.
    ///
    /// # Errors
    /// The file cannot be read further, or cannot be read at all with these options.
    fn next(
        &mut self,
        shipment: &mut Shipment,
        texts: &mut Texts,
    ) -> Result<Option<Read>, ReadError>;

    /// What was read so far.
    fn counts(&self) -> Counts;
}

/// What a source has read: `accepted + rejected = read`, in rows and in shipments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows of the file, without the header. In JSON one a shipment.
    pub rows_read: u64,
    /// Rows of accepted shipments.
    pub rows_accepted: u64,
    /// Rows of refused shipments.
    pub rows_rejected: u64,
    /// Shipments.
    pub shipments_read: u64,
    /// Shipments accepted.
    pub shipments_accepted: u64,
    /// Shipments refused.
    pub shipments_rejected: u64,
}

impl Counts {
    /// Whether nothing was lost.
    #[must_use]
    pub fn balance(&self) -> bool {
        self.rows_accepted + self.rows_rejected == self.rows_read
            && self.shipments_accepted + self.shipments_rejected == self.shipments_read
    }

    /// Counts what was handed out. Rows are counted where they are read, so that the two numbers
    /// check each other.
    fn handed_out(&mut self, read: &Read) {
        match read {
            Read::Shipment { rows, .. } => {
                self.rows_accepted += u64::from(*rows);
                self.shipments_accepted += 1;
            }
            Read::Refused(reject) => {
                self.rows_rejected += u64::from(reject.rows);
                self.shipments_rejected += 1;
            }
        }
    }
}

/// Why a file cannot be read at all, or not further.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Our surroundings: the disk, the network, a damaged archive.
    #[error("{file}: {error}")]
    Failure {
        /// The file's name as given.
        file: String,
        /// What went wrong.
        error: std::io::Error,
    },
    /// The call is wrong: an unknown column, a map that does not fit. Exit status 2.
    #[error("{file}: {message}")]
    Usage {
        /// The file's name as given.
        file: String,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// The file holds no shipment. Bad input, exit status 3; other files go on.
    #[error("{file}: {message}")]
    Empty {
        /// The file's name as given.
        file: String,
        /// In what way it is empty.
        message: &'static str,
    },
}

/// The ids seen in a run, 16 bytes each.
///
/// Ids are kept as two independently keyed 64-bit hashes: two ids of one run fall together with a
/// chance of about `n * n / 2^129`, and nobody can choose ids that do, since the keys are random.
#[derive(Clone, Debug, Default)]
pub struct Ids(Arc<Mutex<IdSet>>);

#[derive(Debug, Default)]
struct IdSet {
    keys: (RandomState, RandomState),
    seen: HashSet<u128, BuildHasherDefault<Low>>,
}

/// The low half of a hash as its hash.
#[derive(Debug, Default)]
struct Low(u64);

impl Hasher for Low {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Only `u128` is ever hashed; kept right for anything else.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, hash: u128) {
        self.0 = hash as u64;
    }
}

impl Ids {
    /// Notes an id; `false` if it was there before.
    #[must_use]
    pub fn insert(&self, id: &[u8]) -> bool {
        // A panic elsewhere cannot leave the set half changed, so a poisoned lock is still good.
        let mut set = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let high = u128::from(set.keys.0.hash_one(id));
        let low = u128::from(set.keys.1.hash_one(id));
        set.seen.insert(high << 64 | low)
    }
}
