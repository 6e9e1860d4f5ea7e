//! What goes into the ledger and what comes out: claims, postings, days.
//!
//! Amounts are whole cents and can be negative only in differences. Nothing here has a meaning in
//! law: a slot is the caller's number for a total that it wants kept.

use crate::alike::{Alike, Together};
use crate::records::types::Record;

/// How many totals a day can keep apart.
pub const SLOTS: usize = 8;

/// A person: a hash keyed with the installation's secret. The caller computes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey(pub [u8; 16]);

/// The number of a total, below [`SLOTS`]: the caller's basis of exemption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u8);

impl Slot {
    /// The slot with this number, if there is one.
    #[must_use]
    pub fn new(number: usize) -> Option<Self> {
        (number < SLOTS).then(|| Self(u8::try_from(number).unwrap_or(0)))
    }

    /// Its place in an array of [`SLOTS`].
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.0)
    }
}

/// A set of slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Slots(pub(crate) u8);

impl Slots {
    /// This set and one more slot.
    #[must_use]
    pub fn with(self, slot: Slot) -> Self {
        Self(self.0 | 1 << slot.0)
    }

    /// Whether the slot is in the set.
    #[must_use]
    pub fn has(self, slot: Slot) -> bool {
        self.0 & 1 << slot.0 != 0
    }
}

/// When a parcel arrives: what decides its day and its place within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The day of importation, as days since 1970-01-01.
    pub day: i32,
    /// Seconds of UTC since 1970; a bare date is the end of its day.
    pub arrives_at: i64,
    /// Seconds of UTC since 1970; absent is last.
    pub filed_at: Option<i64>,
}

impl Arrival {
    /// The order within a day.
    #[must_use]
    pub fn order(&self) -> (i64, i64) {
        (self.arrives_at, self.filed_at.unwrap_or(i64::MAX))
    }
}

/// A parcel asks for its place on its person's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Whose ledger it is.
    pub tenant: String,
    /// The parcel's id, once for each tenant.
    pub shipment_id: String,
    /// Hash of the whole request. The same id with another hash is refused.
    pub body_hash: [u8; 32],
    /// The one person.
    pub person: PersonKey,
    /// The day, and the place within it.
    pub arrival: Arrival,
    /// Hash of the order's id, if it has one.
    pub order: Option<u64>,
    /// Hash of the master bill, if it has one.
    pub bill: Option<u64>,
    /// Whom the person may be.
    pub alike: Alike,
}

/// Something happens to a parcel that has its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Whose ledger it is.
    pub tenant: String,
    /// The parcel's id.
    pub shipment_id: String,
    /// The event's id, once for each parcel.
    pub event_id: String,
    /// Hash of the whole request. The same id with another hash is refused.
    pub body_hash: [u8; 32],
}

/// What is known of a parcel that a person must decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// Its value in dollars.
    Priced,
    /// Not even its value in dollars.
    Unpriced,
}

/// What one parcel puts on its person's day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posting {
    /// Its value.
    pub value_cents: i64,
    /// The total that it enters, if any.
    pub counted: Option<Slot>,
    /// The total that it would have entered if the day had room.
    pub could_count: Option<Slot>,
    /// The totals whose limit it took the person over.
    pub crossed: Slots,
    /// It counts for nothing yet and might count.
    pub undecided: Option<Open>,
}

/// What an assessment says of a parcel, given its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What it puts on the day.
    pub posting: Posting,
    /// What is answered to the sender, now and whenever the same request comes again. It is kept in
    /// the clear and is not erased: nothing personal belongs in it.
    pub answer: Vec<u8>,
    /// What is kept of it in the record log, in the same commit.
    pub record: Record,
}

/// How many parcels and their value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub shipments: i64,
    /// Their value.
    pub total_cents: i64,
}

impl Sum {
    /// Sums of a damaged row can be anything; they differ then from their postings, and nothing
    /// panics.
    pub(crate) fn add(&mut self, sign: i64, value_cents: i64) {
        self.shipments = self.shipments.saturating_add(sign);
        let value_cents = value_cents.saturating_mul(sign);
        self.total_cents = self.total_cents.saturating_add(value_cents);
    }
}

/// Parcels of the day whose place in its count is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undecided {
    /// How many.
    pub shipments: i64,
    /// How many of them have no value in dollars.
    pub unpriced: i64,
    /// The value of the others.
    pub total_cents: i64,
}

/// What a person's day holds: the parcels reserved and posted on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayHolds {
    /// Parcels that entered each total.
    pub counted: [Sum; SLOTS],
    /// Parcels that could have used each total.
    pub could_count: [Sum; SLOTS],
    /// How many parcels took the person over the limit of each total.
    pub crossed: [i64; SLOTS],
    /// Parcels that a person must decide.
    pub undecided: Undecided,
    /// All parcels.
    pub all: Sum,
}

impl DayHolds {
    pub(crate) fn apply(&mut self, sign: i64, posting: &Posting) {
        let value = posting.value_cents;
        self.all.add(sign, value);
        if let Some(slot) = posting.counted {
            self.counted[slot.place()].add(sign, value);
        }
        if let Some(slot) = posting.could_count {
            self.could_count[slot.place()].add(sign, value);
        }
        for (slot, crossed) in self.crossed.iter_mut().enumerate() {
            if Slot::new(slot).is_some_and(|slot| posting.crossed.has(slot)) {
                *crossed = crossed.saturating_add(sign);
            }
        }
        if let Some(open) = posting.undecided {
            let undecided = &mut self.undecided;
            // An open parcel counts as one, its value where it has one.
            let mut sum = Sum {
                shipments: undecided.shipments,
                total_cents: undecided.total_cents,
            };
            match open {
                Open::Priced => sum.add(sign, value),
                Open::Unpriced => {
                    sum.add(sign, 0);
                    undecided.unpriced = undecided.unpriced.saturating_add(sign);
                }
            }
            (undecided.shipments, undecided.total_cents) = (sum.shipments, sum.total_cents);
        }
    }
}

/// Other parcels of the person that share something with this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Same {
    /// How many others and their value.
    pub others: Sum,
    /// Days from the first to the last, this parcel included.
    pub span_days: u32,
}

/// What the assessment of a parcel is told of its day: all of it is without the parcel itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayView {
    /// What the day holds.
    pub holds: DayHolds,
    /// A parcel that arrives or was filed later had its place on this day before this one asked.
    /// It stays true when that parcel is voided or moved: its answer may rest on the order.
    pub out_of_order: bool,
    /// The same order, on any day.
    pub order: Same,
    /// The same master bill, on this day.
    pub bill: Same,
    /// Others who may be the person; nothing if nobody is alike, or nobody was compared.
    pub alike: Option<Together>,
}

/// Where a parcel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Filing is planned: it has its place.
    Reserved,
    /// Arrived and released: it keeps its place.
    Posted,
    /// Refused, cancelled or expired: its place is free again.
    Voided,
}

/// What was done to a parcel by a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Got its place.
    Reserve,
    /// Arrived.
    Post,
    /// Lost its place.
    Void,
    /// Went to another day: one posting out of the old one and one into the new one.
    Move,
    /// Changed: one posting takes the old back and one puts the new.
    Amend,
    /// Went to another person, who a human said is the same: off the one's day, onto the other's.
    Merge,
    /// Went to another person, who a human said is not the same.
    Split,
}

/// What a human says of persons: the name of the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonsEvent {
    /// Whose ledger it is.
    pub tenant: String,
    /// The event's id, once for each tenant among such events.
    pub event_id: String,
    /// Hash of the whole request. The same id with another hash is refused.
    pub body_hash: [u8; 32],
}

/// What a human says of persons. Postings move as they are: no answer that was given is taken
/// back, and the receipt says which days changed, so that parcels on them can be flagged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonsAct {
    /// The two are one person. Later parcels of the first go to the second as well.
    Merge {
        /// Whose parcels move.
        from: PersonKey,
        /// Where they go.
        into: PersonKey,
    },
    /// These parcels are another person's. If that one was merged into somebody, it is its own
    /// person again, and its later parcels are its own.
    Split {
        /// Ids of parcels; there can be none. A voided one changes no day.
        shipments: Vec<String>,
        /// Whose they are.
        to: PersonKey,
    },
    /// The two are two persons, however alike they look. No parcel goes anywhere and no day changes;
    /// it holds until the two are merged.
    Apart {
        /// The one.
        one: PersonKey,
        /// The other.
        other: PersonKey,
    },
}

/// Two persons of whom a human said that they are two: for each the keys whose parcels are that
/// person's, its own first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Apart {
    /// The one, whose own key is the lesser.
    pub one: Vec<PersonKey>,
    /// The other.
    pub other: Vec<PersonKey>,
}

/// The answer to a claim or an event; the same for the same request, however often it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Place of its last posting in the ledger. Rises along the ledger of each person; on
    /// PostgreSQL numbers can be missing.
    pub position: i64,
    /// The assessment's answer; empty for a post and a void; for a merge and a split the days that
    /// changed, to be read with [`Receipt::affected`].
    pub answer: Vec<u8>,
    /// Whether this very call had the effect. The only thing in which a repetition differs.
    pub fresh: bool,
}

/// A parcel as the ledger has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it stands.
    pub state: State,
    /// The one person.
    pub person: PersonKey,
    /// Its day, and its place within it.
    pub arrival: Arrival,
    /// Hash of the order's id.
    pub order: Option<u64>,
    /// Hash of the master bill.
    pub bill: Option<u64>,
    /// What it puts on the day; what it had put there, when it is voided.
    pub posting: Posting,
    /// Hash of its claim.
    pub body_hash: [u8; 32],
    /// The answer to its claim.
    pub answer: Vec<u8>,
    /// Position of its claim.
    pub position: i64,
    /// Position of its latest decision: of its claim, or of its last move or amendment. Who changes
    /// the parcel by what he saw of it names this ([`crate::Act`]), and is told if it is another one by
    /// then.
    pub decided: i64,
}

/// A parcel as it stands on its person's day, without its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The parcel.
    pub shipment_id: String,
    /// Where it stands.
    pub state: State,
    /// The one person.
    pub person: PersonKey,
    /// Its day, and its place within it.
    pub arrival: Arrival,
    /// What it puts on its day; what it had put there, when it is voided.
    pub posting: Posting,
    /// Position of its claim.
    pub position: i64,
}

impl Standing {
    /// The order of a person's parcels: of the days, within a day of the arrivals, and then of the
    /// claims.
    pub(crate) fn order(&self) -> (i32, (i64, i64), i64) {
        (self.arrival.day, self.arrival.order(), self.position)
    }
}

/// One line of the ledger. It is never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the ledger.
    pub position: i64,
    /// Whose ledger it is.
    pub tenant: String,
    /// The parcel.
    pub shipment_id: String,
    /// What was done.
    pub kind: Kind,
    /// +1 puts the posting on the day, -1 takes it off, 0 leaves the day as it is.
    pub sign: i64,
    /// The one person.
    pub person: PersonKey,
    /// The day, and the place within it.
    pub arrival: Arrival,
    /// Hash of the order's id.
    pub order: Option<u64>,
    /// Hash of the master bill.
    pub bill: Option<u64>,
    /// What is put or taken.
    pub posting: Posting,
}

/// A total that is not the sum of its postings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Whose ledger it is.
    pub tenant: String,
    /// The one person.
    pub person: PersonKey,
    /// The day.
    pub day: i32,
    /// What differs.
    pub what: &'static str,
}
