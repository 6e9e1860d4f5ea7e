//! The verbs of the ledger, the same on every store.

use crate::error::{Refused, StoreError};
use crate::pending::Pending;
use crate::types::{
    Arrival, Claim, DayHolds, DayView, Entry, Event, Kept, Mismatch, PersonKey, Receipt, Verdict,
};
use std::fmt;

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
    Move(Arrival, Assess),
    /// Its value or another fact changed, and it is assessed again.
    Amend(Assess),
}

/// One request that changes the ledger.
pub enum Request {
    /// A parcel asks for its place.
    Claim(Claim, Assess),
    /// Something happens to one that has it.
    Event(Event, Act),
}

impl fmt::Debug for Request {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claim(claim, _) => out.debug_tuple("Claim").field(claim).finish(),
            Self::Event(event, _) => out.debug_tuple("Event").field(event).finish(),
        }
    }
}

impl Request {
    pub(crate) fn tenant(&self) -> &str {
        match self {
            Self::Claim(claim, _) => &claim.tenant,
            Self::Event(event, _) => &event.tenant,
        }
    }

    pub(crate) fn shipment_id(&self) -> &str {
        match self {
            Self::Claim(claim, _) => &claim.shipment_id,
            Self::Event(event, _) => &event.shipment_id,
        }
    }

    /// What PostgreSQL cannot hold in a text, and what would make a key too long for a page.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let fine = |id: &str| (1..=200).contains(&id.len()) && !id.contains('\0');
        let ids = [
            ("tenant", self.tenant()),
            ("shipment_id", self.shipment_id()),
        ];
        let event = match self {
            Self::Claim(..) => None,
            Self::Event(event, _) => Some(("event_id", event.event_id.as_str())),
        };
        for (name, id) in ids.into_iter().chain(event) {
            if !fine(id) {
                return Err(Refused::BadId(name).into());
            }
        }
        Ok(())
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

    /// At most `limit` lines of the ledger after a position, in order.
    fn entries(&self, after: i64, limit: u32) -> Pending<Vec<Entry>>;

    /// Adds up every posting again and names the totals that differ. Reads the whole ledger.
    fn verify(&self) -> Pending<Vec<Mismatch>>;

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

    /// The parcel comes on another day. Only for one that is reserved.
    fn move_to(&self, event: Event, arrival: Arrival, assess: Assess) -> Pending<Receipt> {
        self.submit(Request::Event(event, Act::Move(arrival, assess)))
    }

    /// The parcel is worth something else. For one that is reserved or posted.
    fn amend(&self, event: Event, assess: Assess) -> Pending<Receipt> {
        self.submit(Request::Event(event, Act::Amend(assess)))
    }
}
