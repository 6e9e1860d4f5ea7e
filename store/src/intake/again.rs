//! A ledger gone through again, line by line, in a ledger that is thrown away: parcels that can be
//! read again are assessed, and of those that cannot be, what they put on their day is put there.
//!
//! So the day of each parcel is counted by the same code as the first time, also under a law that
//! lets other parcels enter free. What a file knew to come is taken as it was then.

use super::day::Following;
use super::kept::{Lost, Recalled};
use super::{Intake, Parcel};
use crate::alike::Alike;
use crate::ledger::{Act, Assess, Request};
use crate::records::types::Record;
use crate::types::{Claim, Entry, Kind, PersonsAct, PersonsEvent, Verdict};
use deminimis_law::names::PersonBasis;
use deminimis_person::Key;

impl Intake {
    /// Makes a parcel ready that was kept, with nothing known of its day. `person` tells who a party
    /// is.
    ///
    /// # Errors
    /// [`Lost::Unread`] if what was said of it beside cannot be read.
    pub fn take_kept(
        &self,
        recalled: &Recalled,
        person: impl FnOnce(PersonBasis) -> Option<Key>,
    ) -> Result<Parcel, Lost> {
        let mut shipment = recalled.shipment.clone();
        let said = &recalled.said;
        said.apply(&mut shipment, self.clerk.books().law.zone())
            .map_err(|path| Lost::Unread(path.to_owned()))?;
        Ok(self.take(&shipment, &recalled.texts, said, person))
    }

    /// The same to be assessed again: of what its file knew of its day, that is taken as it was.
    ///
    /// # Errors
    /// As for [`Intake::take_kept`].
    pub fn take_again(
        &self,
        recalled: &Recalled,
        person: impl FnOnce(PersonBasis) -> Option<Key>,
    ) -> Result<Parcel, Lost> {
        let mut parcel = self.take_kept(recalled, person)?;
        parcel.following = Following::kept(recalled.day.later_over);
        parcel.file = recalled.day.clone();
        Ok(parcel)
    }

    /// The request that makes a line of the ledger again with a parcel that was read again. Whose it
    /// is stands in the line, unless the law at hand takes another party for the one person.
    #[must_use]
    pub fn repeat(
        &self,
        parcel: &mut Parcel,
        recalled: &Recalled,
        line: &Entry,
    ) -> Option<Request> {
        if parcel.basis.as_str() == recalled.basis {
            parcel.ledger_person = line.person;
        }
        let event = line.position.to_string();
        match (line.kind, line.sign) {
            (Kind::Reserve, _) => Some(self.claim(parcel)),
            (Kind::Move, 1) => Some(self.move_to(parcel, &event, None)),
            (Kind::Amend, 1) => Some(self.amend(parcel, &event, None)),
            _ => None,
        }
    }

    /// The request that makes a line of the ledger again as it is. Nothing for a line that another
    /// one makes with it, or that changes no day.
    #[must_use]
    pub fn as_it_was(&self, line: &Entry) -> Option<Request> {
        let id = line.position.to_string();
        let event = || self.event(&line.shipment_id, &id, [0; 32]);
        match (line.kind, line.sign) {
            (Kind::Reserve, _) => {
                let claim = Claim {
                    tenant: line.tenant.clone(),
                    shipment_id: line.shipment_id.clone(),
                    body_hash: [0; 32],
                    person: line.person,
                    arrival: line.arrival,
                    order: line.order,
                    bill: line.bill,
                    alike: Alike::default(),
                };
                Some(Request::Claim(claim, same(line)))
            }
            (Kind::Void, _) => Some(self.void(&line.shipment_id)),
            (Kind::Move, 1) => {
                let act = Act::Move {
                    to: line.arrival,
                    rests_on: None,
                    alike: Alike::default(),
                    assess: same(line),
                };
                Some(Request::Event(event(), act))
            }
            (Kind::Amend, 1) => {
                let act = Act::Amend {
                    rests_on: None,
                    alike: Alike::default(),
                    assess: same(line),
                };
                Some(Request::Event(event(), act))
            }
            (Kind::Merge | Kind::Split, 1) => {
                let event = PersonsEvent {
                    tenant: line.tenant.clone(),
                    event_id: id,
                    body_hash: [0; 32],
                };
                let shipments = vec![line.shipment_id.clone()];
                let to = line.person;
                Some(Request::Persons(event, PersonsAct::Split { shipments, to }))
            }
            (Kind::Post | Kind::Move | Kind::Amend | Kind::Merge | Kind::Split, _) => None,
        }
    }
}

/// What a line put on its day, without an answer.
fn same(line: &Entry) -> Assess {
    let posting = line.posting;
    Box::new(move |_| Verdict {
        posting,
        answer: Vec::new(),
        record: Record::default(),
    })
}
