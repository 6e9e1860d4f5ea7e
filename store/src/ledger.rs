//! The verbs of the ledger, the same on every store.

use crate::alike::Alike;
use crate::error::{Refused, StoreError};
use crate::pending::Pending;
use crate::records::head::TreeHead;
use crate::records::keys::BlockingKey;
use crate::records::merkle::Hash;
use crate::records::proof::{Proof, SignedTree};
use crate::records::types::{Audit, Erased, Expired, KeptRecord};
use crate::types::{
    Apart, Arrival, Claim, DayHolds, DayView, Entry, Event, Kept, Mismatch, PersonKey, PersonsAct,
    PersonsEvent, Receipt, Standing, Verdict,
};
use std::fmt;
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;

/// The assessment: told what the day holds, it says what the parcel puts on it. It runs between
/// the read and the write, while nobody else can change what the person's days hold, so it should
/// be quick; it can run again if the store has to repeat a transaction.
pub type Assess = Box<dyn FnMut(&DayView) -> Verdict + Send>;

/// What is to be done to a parcel that has its place.
pub enum Act {
    /// It arrived and is released.
    Post,
    /// It is refused, cancelled or expired.
    Void,
    /// It arrives on another day or at another time and is assessed there.
    Move {
        /// When it arrives.
        to: Arrival,
        /// The decision that the assessment rests on, as [`Kept::decided`] told it: if the parcel was
        /// decided again since, what was said of it in between would be lost, and the request is
        /// refused with [`Refused::Changed`]. `None` rests on whatever stands.
        rests_on: Option<i64>,
        /// Whom the person may be.
        alike: Alike,
        /// The assessment.
        assess: Assess,
    },
    /// Its value or another fact changed, and it is assessed again.
    Amend {
        /// As for a move.
        rests_on: Option<i64>,
        /// Whom the person may be.
        alike: Alike,
        /// The assessment.
        assess: Assess,
    },
}

impl Act {
    /// The decision that must still be the parcel's latest.
    pub(crate) fn rests_on(&self) -> Option<i64> {
        match self {
            Self::Move { rests_on, .. } | Self::Amend { rests_on, .. } => *rests_on,
            Self::Post | Self::Void => None,
        }
    }

    /// Whom the person may be.
    pub(crate) fn alike(&self) -> Option<&Alike> {
        match self {
            Self::Move { alike, .. } | Self::Amend { alike, .. } => Some(alike),
            Self::Post | Self::Void => None,
        }
    }
}

/// One request that changes the ledger.
pub enum Request {
    /// A parcel asks for its place.
    Claim(Claim, Assess),
    /// Something happens to one that has it.
    Event(Event, Act),
    /// A human says that two persons are one, or that one is two.
    Persons(PersonsEvent, PersonsAct),
}

impl fmt::Debug for Request {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claim(claim, _) => out.debug_tuple("Claim").field(claim).finish(),
            Self::Event(event, _) => out.debug_tuple("Event").field(event).finish(),
            Self::Persons(event, act) => {
                let mut tuple = out.debug_tuple("Persons");
                tuple.field(event).field(act).finish()
            }
        }
    }
}

impl Request {
    pub(crate) fn tenant(&self) -> &str {
        match self {
            Self::Claim(claim, _) => &claim.tenant,
            Self::Event(event, _) => &event.tenant,
            Self::Persons(event, _) => &event.tenant,
        }
    }

    /// The parcels that it names.
    pub(crate) fn shipment_ids(&self) -> &[String] {
        match self {
            Self::Claim(claim, _) => std::slice::from_ref(&claim.shipment_id),
            Self::Event(event, _) => std::slice::from_ref(&event.shipment_id),
            Self::Persons(_, PersonsAct::Merge { .. } | PersonsAct::Apart { .. }) => &[],
            Self::Persons(_, PersonsAct::Split { shipments, .. }) => shipments,
        }
    }

    /// Whom its person may be.
    pub(crate) fn alike(&self) -> Option<&Alike> {
        match self {
            Self::Claim(claim, _) => Some(&claim.alike),
            Self::Event(_, act) => act.alike(),
            Self::Persons(..) => None,
        }
    }

    /// Whether nothing else may share its commit: it can touch any parcel of a person.
    pub(crate) fn is_alone(&self) -> bool {
        matches!(self, Self::Persons(..))
    }

    /// What PostgreSQL cannot hold in a text, and what would make a key too long for a page.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let fine = |id: &str| (1..=200).contains(&id.len()) && !id.contains('\0');
        let tenant = ("tenant", self.tenant());
        let shipments = self.shipment_ids().iter().map(|id| ("shipment_id", &**id));
        let event = match self {
            Self::Claim(..) => None,
            Self::Event(event, _) => Some(("event_id", event.event_id.as_str())),
            Self::Persons(event, _) => Some(("event_id", event.event_id.as_str())),
        };
        for (name, id) in [tenant].into_iter().chain(shipments).chain(event) {
            if !fine(id) {
                return Err(Refused::BadId(name).into());
            }
        }
        self.alike().map_or(Ok(()), Alike::check)
    }
}

/// A ledger of persons' days.
///
/// Every change is exactly once: the same tenant, id and body hash have one effect and get the same
/// receipt over any number of calls and crashes; another body for the same id is refused. A
/// receipt is given only when the change is durable.
pub trait Ledger: Send + Sync {
    /// Does one request.
    fn submit(&self, request: Request) -> Pending<Receipt>;

    /// A parcel as it stands.
    fn shipment(&self, tenant: &str, shipment_id: &str) -> Pending<Option<Kept>>;

    /// What a person's day holds.
    fn day(&self, tenant: &str, person: PersonKey, day: i32) -> Pending<DayHolds>;

    /// The parcels of a person as they stand, on one day or on all, voided ones too: in the order of
    /// the days and of the arrivals within them. A key that was merged has none; [`Ledger::person`]
    /// tells whose they are now. All of them are in memory at once.
    fn parcels(&self, tenant: &str, person: PersonKey, day: Option<i32>) -> Pending<Vec<Standing>>;

    /// At most `limit` lines of the ledger after a position, in order.
    fn entries(&self, after: i64, limit: u32) -> Pending<Vec<Entry>>;

    /// Adds up every posting again and names the totals that differ. Reads the whole ledger.
    fn verify(&self) -> Pending<Vec<Mismatch>>;

    /// Whose parcels those of this key are: another's, if it was merged into it.
    fn person(&self, tenant: &str, person: PersonKey) -> Pending<PersonKey>;

    /// The pairs of persons of whom a human said that they are two, as they stand: sorted, each once,
    /// and none of two that are one by now.
    fn apart(&self, tenant: &str) -> Pending<Vec<Apart>>;

    /// The tenant's records among at most `limit` lines of the log after a line, each checked.
    /// [`StoreError::Damaged`] where one is not as it was written.
    fn records(&self, tenant: &str, after: i64, limit: u32) -> Pending<Vec<KeptRecord>>;

    /// All records of a parcel in the order of the log, each checked against its leaf and its link
    /// to the line before; none for a parcel that the ledger does not know. Reads no more of the log
    /// than that. [`StoreError::Damaged`] where one is not as it was written.
    fn records_of(&self, tenant: &str, shipment_id: &str) -> Pending<Vec<KeptRecord>>;

    /// Signs the log as it stands, at a time in seconds of UTC since 1970. Refuses with
    /// [`StoreError::Damaged`] if the log does not begin with what was signed last.
    fn sign_head(&self, signed_at: i64) -> Pending<TreeHead>;

    /// All signed heads, in the order of their signing.
    fn heads(&self) -> Pending<Vec<TreeHead>>;

    /// What shows that the log of size `new` begins with that of size `old`:
    /// [`crate::merkle::is_consistent`] checks it. Nothing if there are no such sizes.
    fn consistency(&self, old: u64, new: u64) -> Pending<Option<Vec<Hash>>>;

    /// Proves all records of a parcel under the latest signed head.
    fn prove(&self, tenant: &str, shipment_id: &str) -> Pending<Proof>;

    /// The latest signed head with the tree under it, for [`Ledger::prove_under`]. Reads all leaves.
    fn signed_tree(&self) -> Pending<Arc<SignedTree>>;

    /// Proves all records of a parcel under this head, without another look at all leaves.
    fn prove_under(
        &self,
        tree: &Arc<SignedTree>,
        tenant: &str,
        shipment_id: &str,
    ) -> Pending<Proof>;

    /// Checks the whole record log: leaves, chain, tree, heads, and that every posting that rests
    /// on a decision has its record.
    fn verify_records(&self) -> Pending<Audit>;

    /// Destroys what is kept of a person and of all keys merged into it: the keys, the sealed
    /// fields, the blocking keys. Sums, postings, leaves and proofs stay.
    fn erase(&self, tenant: &str, person: PersonKey) -> Pending<Erased>;

    /// The leaves of all records of a tenant that were erased, in the order of the log. They tell
    /// nothing of a person, and are kept apart from the ledger so that an export or a backup from
    /// before an erasure does not bring back what was erased.
    fn erased(&self, tenant: &str) -> Pending<Vec<Hash>>;

    /// Keeps keyed hashes by which a person is found. A split forgets those of the persons that it
    /// takes parcels from: which parcel each came from is not kept, and the caller gives them again.
    fn block(&self, tenant: &str, person: PersonKey, keys: Vec<BlockingKey>) -> Pending<()>;

    /// The persons that have this blocking key.
    fn blocked(&self, tenant: &str, key: BlockingKey) -> Pending<Vec<PersonKey>>;

    /// The persons that have one of these keys and had a parcel on this day, of each key `most` at
    /// most: by key in the order in which they are given, then by person. What a claim, a move or an
    /// amendment brought with it is there with its commit.
    fn alike_on(
        &self,
        tenant: &str,
        day: i32,
        keys: Vec<BlockingKey>,
        most: u32,
    ) -> Pending<Vec<(BlockingKey, PersonKey)>>;

    /// Deletes the values of records that had to be kept until a day before `before_day`, or only
    /// names them. Leaves stay.
    fn expire(&self, before_day: i32, dry_run: bool) -> Pending<Vec<Expired>>;

    /// Writes a tenant's ledger and records as lines of JSON, and tells how many rows there were.
    fn export(&self, tenant: &str, to: Box<dyn Write + Send>) -> Pending<u64>;

    /// Takes an export into this ledger, which must be empty, if all of it verifies. What it has of
    /// records with these leaves is not taken in: they were erased since.
    fn import_without(&self, from: Box<dyn BufRead + Send>, erased: Vec<Hash>) -> Pending<u64>;

    /// Takes an export into this ledger as it is.
    fn import(&self, from: Box<dyn BufRead + Send>) -> Pending<u64> {
        self.import_without(from, Vec::new())
    }

    /// Copies the whole ledger into a new file.
    fn backup(&self, to: &Path) -> Pending<()>;

    /// Gives a parcel its place (`reserve`), as its assessment says.
    fn claim(&self, claim: Claim, assess: Assess) -> Pending<Receipt> {
        self.submit(Request::Claim(claim, assess))
    }

    /// The parcel arrived. Only for one that is reserved.
    fn post(&self, event: Event) -> Pending<Receipt> {
        self.submit(Request::Event(event, Act::Post))
    }

    /// The parcel does not come. Only for one that is reserved.
    fn void(&self, event: Event) -> Pending<Receipt> {
        self.submit(Request::Event(event, Act::Void))
    }

    /// The parcel comes on another day, whatever was decided of it last. Only for one that is
    /// reserved.
    fn move_to(&self, event: Event, to: Arrival, assess: Assess) -> Pending<Receipt> {
        let act = Act::Move {
            to,
            rests_on: None,
            alike: Alike::default(),
            assess,
        };
        self.submit(Request::Event(event, act))
    }

    /// Two keys are one person.
    fn merge(&self, event: PersonsEvent, from: PersonKey, into: PersonKey) -> Pending<Receipt> {
        self.submit(Request::Persons(event, PersonsAct::Merge { from, into }))
    }

    /// Two keys are two persons.
    fn set_apart(&self, event: PersonsEvent, one: PersonKey, other: PersonKey) -> Pending<Receipt> {
        self.submit(Request::Persons(event, PersonsAct::Apart { one, other }))
    }

    /// Parcels are another person's.
    fn split(
        &self,
        event: PersonsEvent,
        shipments: Vec<String>,
        to: PersonKey,
    ) -> Pending<Receipt> {
        self.submit(Request::Persons(event, PersonsAct::Split { shipments, to }))
    }

    /// The parcel is worth something else, whatever was decided of it last. For one that is reserved
    /// or posted.
    fn amend(&self, event: Event, assess: Assess) -> Pending<Receipt> {
        let act = Act::Amend {
            rests_on: None,
            alike: Alike::default(),
            assess,
        };
        self.submit(Request::Event(event, act))
    }
}
