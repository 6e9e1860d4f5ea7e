//! Records as the caller gives them and gets them back.

use crate::types::{DayHolds, PersonKey};
use std::fmt;

/// One fact of a decision that is kept: a field of the input, the decision, the hash of the
/// rulebook, what was known when.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, once in a record: `consignee.name`.
    pub path: String,
    /// Its value; the store does not read it.
    pub value: Vec<u8>,
    /// Whether it tells of a person: then it is sealed and can be erased.
    pub personal: bool,
}

impl fmt::Debug for Field {
    /// Tells no value: what is printed for the one who mends comes into logs.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.value.len();
        let kind = if self.personal { "personal" } else { "public" };
        write!(out, "{}: {length} {kind} bytes", self.path)
    }
}

/// What is kept of a decision that enters the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its fields, in an order of the caller's.
    pub fields: Vec<Field>,
    /// The last day, since 1970-01-01, on which the law wants its values kept.
    pub kept_until: i32,
}

impl Default for Record {
    /// Without a field: its leaf commits to the parcel and the posting alone.
    fn default() -> Self {
        Self {
            fields: Vec::new(),
            kept_until: i32::MAX,
        }
    }
}

/// What is left of a field's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The value, which is the one that was committed to.
    Value(Vec<u8>),
    /// Sealed, and the ledger was opened without the installation's keys.
    Sealed,
    /// Destroyed with its person's key.
    Erased,
    /// Deleted after its time.
    Expired,
}

/// A field as the ledger has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptField {
    /// Its name.
    pub path: String,
    /// Whether it tells of a person.
    pub personal: bool,
    /// Its value, or why there is none.
    pub content: Content,
}

/// A record as the ledger has it, checked against its leaf and against the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRecord {
    /// Its place in the log, from one on.
    pub seq: i64,
    /// The posting with which it was written.
    pub position: i64,
    /// The parcel.
    pub shipment_id: String,
    /// The event, or nothing for a claim.
    pub event_id: Option<String>,
    /// The last day on which its values are kept.
    pub kept_until: i32,
    /// Its fields, in the order in which they were given.
    pub fields: Vec<KeptField>,
    /// The hash that commits to all of it.
    pub leaf: [u8; 32],
}

/// A record whose time has passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expired {
    /// Whose ledger it is.
    pub tenant: String,
    /// The parcel.
    pub shipment_id: String,
    /// Its posting.
    pub position: i64,
    /// The last day on which it had to be kept.
    pub kept_until: i32,
}

/// What an erasure destroyed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Keys of the person and of all keys that were merged into it.
    pub keys: u64,
    /// Records whose personal fields are gone.
    pub records: u64,
    /// Blocking keys.
    pub blocking_keys: u64,
}

/// Something in the record log that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its line in the log, or the size of its tree head; 0 where there is none.
    pub seq: i64,
    /// The posting, where one is concerned.
    pub position: Option<i64>,
    /// What differs.
    pub what: &'static str,
}

/// What came of checking the whole record log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Lines of the log.
    pub lines: u64,
    /// Lines whose record is in another ledger: a tenant's export carries their leaves alone.
    pub foreign: u64,
    /// Records that are committed and not yet in the log.
    pub waiting: u64,
    /// Signed heads.
    pub heads: u64,
    /// The root over all leaves.
    pub root: [u8; 32],
    /// The last hash of the chain.
    pub chain: [u8; 32],
    /// What differs.
    pub found: Vec<Finding>,
}

/// A day that a merge or a split changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    /// The one person.
    pub person: PersonKey,
    /// The day.
    pub day: i32,
    /// What it held.
    pub before: DayHolds,
    /// What it holds now. Answers given before stand; the caller flags what now exceeds a limit.
    pub after: DayHolds,
}
