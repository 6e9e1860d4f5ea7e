//! The ledger as the program uses it: where it is, the installation's secret, what is kept of an
//! answer, and a file's parcels entered in it.
//!
//! What a parcel puts on its day and what is answered come from the assessment, by
//! `deminimis_store::intake`. Nothing here decides, and nothing here knows SQL.

mod acts;
mod alike;
mod answer;
mod apart;
mod calendar;
mod enter;
mod erased;
mod foresee;
mod forgotten;
mod identity;
mod kept;
mod near;
mod over;
mod package;
mod persons;
mod place;
mod proofs;
mod replay;
mod secret;
mod shadow;
mod told;

pub use acts::{NotKept, NotMoved};
pub use alike::{Alike, Someone, alike, alike_among, alike_to};
pub use answer::{Answer, Form, Writer};
pub use apart::{Apart, Parted};
pub use calendar::{Counted, DayOfAll, DayState, Month, MonthOfDays, PersonDay};
pub use enter::{Entered, FileParcels};
pub use erased::Erasures;
pub use foresee::{Foreseen, Seen, foreseen};
pub use forgotten::forgotten;
pub use identity::{Because, Identity, OfKey, Spelling};
pub use kept::{Records, builder, lost_words, person_key};
pub use near::{Near, NearTally, find_again};
pub use over::{Over, over_limit};
pub use package::{MOST_OF_A_PACKAGE, PackageError, package};
pub use persons::Changed;
pub use place::{Place, has_password};
pub use proofs::{
    Prover, RecordLine, Verified, kept_until, left, record_json, text, values_json, verified,
};
pub use replay::{Difference, Reason, ReplayError, Replayed, Told, Under, replay};
pub use secret::Keys;
pub use told::{Days, Found, basis_word, hex, holds_json, parcel_json, person_word, state_word};

use crate::pass::PassError;
use crate::setup::Setup;
use deminimis_store::intake::Intake;
use deminimis_store::{
    Arrival, Claim, Kept, KeptRecord, Ledger, Pending, PersonKey, Posting, Receipt, Record,
    Refused, Request, Standing, StoreError, Verdict,
};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The tenant under which the ledger keeps what is its own. Names of users' tenants do not begin
/// with a point.
pub const OWN_TENANT: &str = ".installation";

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The store says so.
    #[error("{place}: {error}")]
    Store {
        /// The ledger.
        place: String,
        /// Why.
        error: StoreError,
    },
    /// There is no ledger yet.
    #[error("{}: no ledger is there; deminimis assess FILE --ledger makes one", .0.display())]
    Missing(PathBuf),
    /// A file of the installation cannot be used.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// No secret of 32 bytes.
    #[error("{}: {why}", path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: &'static str,
    },
    /// The ledger was made with another secret.
    #[error(
        "{0} was made with another key: use the ledger.key it was made with (DEMINIMIS_LEDGER_KEY_FILE names it), else every person would be counted anew"
    )]
    OtherSecret(String),
    /// What the ledger has kept is not an answer of this program.
    #[error("{place}: the answer kept for `{shipment_id}` does not read")]
    Answer {
        /// The ledger.
        place: String,
        /// The parcel.
        shipment_id: String,
    },
}

/// Why a run over a ledger could not be ended.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The input cannot be read or the output not be written.
    #[error(transparent)]
    Pass(#[from] PassError),
}

impl From<io::Error> for RunError {
    fn from(error: io::Error) -> RunError {
        RunError::Pass(PassError::Io(error))
    }
}

/// The moment of the call, in seconds of UTC since 1970.
#[must_use]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() as i64)
}

/// An open ledger with the intake into one tenant's part of it.
pub struct Desk {
    /// What messages call the ledger.
    pub place: String,
    /// The ledger.
    pub ledger: Arc<dyn Ledger>,
    /// Makes its requests.
    pub intake: Intake,
    /// The installation's keys.
    pub keys: Keys,
}

/// A line that the installation keeps for itself: it tells of no parcel and has no day.
fn own_line(id: &str, person: PersonKey, body_hash: [u8; 32]) -> Request {
    let claim = Claim {
        tenant: OWN_TENANT.to_owned(),
        shipment_id: id.to_owned(),
        body_hash,
        person,
        arrival: Arrival {
            day: 0,
            arrives_at: 0,
            filed_at: None,
        },
        order: None,
        bill: None,
        alike: deminimis_store::Alike::default(),
    };
    let nothing = Verdict {
        posting: Posting::default(),
        answer: Vec::new(),
        record: Record::default(),
    };
    Request::Claim(claim, Box::new(move |_| nothing.clone()))
}

impl Desk {
    /// Opens a ledger, which is made if there is none and `make` says so.
    ///
    /// # Errors
    /// The ledger or the secret cannot be used, or do not belong together.
    pub fn open(
        place: &Place,
        tenant: &str,
        setup: &Arc<Setup>,
        make: bool,
    ) -> Result<Desk, LedgerError> {
        if !make {
            place.find()?;
        }
        // Made before the ledger: a ledger without its key would be of no use. For one that is there
        // already a new key would be the wrong one.
        let keys = Keys::read(make && !place.holds_ledger())?;
        let ledger = place.open(make, Some(&keys))?;
        let name = place.to_string();
        // The first to use a ledger leaves a proof of his secret; with another one the same claim
        // has another body, and is refused.
        let proof = own_line("key", PersonKey([0; 16]), keys.secret.proof());
        match ledger.submit(proof).wait() {
            Ok(_) => {}
            Err(StoreError::Refused(Refused::OtherBody)) => {
                return Err(LedgerError::OtherSecret(name));
            }
            Err(error) => return Err(LedgerError::Store { place: name, error }),
        }
        let opened = now();
        let clerk = Arc::new(Writer::new(Arc::clone(setup), move || opened));
        Ok(Desk {
            intake: Intake::new(clerk, keys.secret.clone(), tenant),
            place: name,
            ledger: ledger.into(),
            keys,
        })
    }

    /// The same ledger for another tenant, and for as long as the program runs: an answer is as of
    /// the moment in which it is made.
    #[must_use]
    pub fn of_tenant(&self, tenant: &str, setup: &Arc<Setup>) -> Desk {
        let clerk = Arc::new(Writer::new(Arc::clone(setup), now));
        Desk {
            intake: Intake::new(clerk, self.keys.secret.clone(), tenant),
            place: self.place.clone(),
            ledger: Arc::clone(&self.ledger),
            keys: self.keys.clone(),
        }
    }

    /// Waits for a receipt. What a full queue refused is sent again.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn receipt(
        &self,
        pending: Pending<Receipt>,
        again: impl Fn() -> Request,
    ) -> Result<Receipt, StoreError> {
        let mut received = pending.wait();
        while matches!(received, Err(StoreError::Busy)) {
            std::thread::sleep(Duration::from_millis(1));
            received = self.ledger.submit(again()).wait();
        }
        received
    }

    /// Whose parcels those of a key are: another's, if it was merged into it.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn person_of(&self, key: PersonKey) -> Result<PersonKey, LedgerError> {
        let person = self.ledger.person(self.intake.tenant(), key).wait();
        person.map_err(|error| self.failed(error))
    }

    /// A parcel as it stands.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn shipment(&self, shipment_id: &str) -> Result<Option<Kept>, LedgerError> {
        let kept = self.ledger.shipment(self.intake.tenant(), shipment_id);
        kept.wait().map_err(|error| self.failed(error))
    }

    /// A person's parcels as they stand, on one day or on all.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn parcels(
        &self,
        person: PersonKey,
        day: Option<i32>,
    ) -> Result<Vec<Standing>, LedgerError> {
        let parcels = self.ledger.parcels(self.intake.tenant(), person, day);
        parcels.wait().map_err(|error| self.failed(error))
    }

    /// The records of a parcel, in the order in which they were made.
    ///
    /// # Errors
    /// The ledger cannot be read, or a record is not as it was written.
    pub fn records_of(&self, shipment_id: &str) -> Result<Vec<KeptRecord>, LedgerError> {
        let records = self.ledger.records_of(self.intake.tenant(), shipment_id);
        let mut records = records.wait().map_err(|error| self.failed(error))?;
        records.sort_by_key(|record| record.position);
        Ok(records)
    }

    /// An error of the ledger, with its place.
    #[must_use]
    pub fn failed(&self, error: StoreError) -> LedgerError {
        LedgerError::Store {
            place: self.place.clone(),
            error,
        }
    }
}
