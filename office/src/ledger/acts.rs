//! Parcels as the ledger has kept them, made ready to be changed.

use crate::ledger::{Near, OpenLedger, RunError};
use crate::pass::Persons;
use crate::setup::Setup;
use deminimis_clearance::shipment::Texts;
use deminimis_law::names::PersonBasis;
use deminimis_store::intake::{Lost, Parcel};
use deminimis_store::{Receipt, Refused, StoreError};
use serde_json::Value;

/// How often a parcel is read anew that others change at the same time.
const READ_ANEW: usize = 8;

/// Why the ledger cannot tell a parcel again.
#[derive(Debug)]
pub enum NotKept {
    /// It has none of that id.
    Unknown,
    /// It has no record of it.
    NoRecord,
    /// Something of its record is gone.
    Lost(Lost),
}

impl NotKept {
    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            NotKept::Unknown => Refused::UnknownShipment.to_string(),
            NotKept::NoRecord => "the ledger has no record of it".to_owned(),
            NotKept::Lost(lost) => super::lost_words(lost),
        }
    }
}

/// Why a kept parcel was not moved.
#[derive(Debug)]
pub enum NotMoved {
    /// It cannot be told again.
    NotKept(NotKept),
    /// The ledger says so; also where others change it all the time.
    Refused(Refused),
}

impl OpenLedger {
    /// A parcel as its latest record has it, arriving at another time as text has it, with those who
    /// may be its person on that day.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn kept_parcel(
        &self,
        setup: &Setup,
        shipment_id: &str,
        arrives_at: Option<String>,
    ) -> Result<Result<Parcel, NotKept>, RunError> {
        let mut kept = match self.latest(setup, shipment_id)? {
            Some(Ok(kept)) => kept,
            Some(Err(lost)) => return Ok(Err(NotKept::Lost(lost))),
            None if self.shipment(shipment_id)?.is_none() => return Ok(Err(NotKept::Unknown)),
            None => return Ok(Err(NotKept::NoRecord)),
        };
        kept.said.arrives_at = arrives_at;
        let mut persons = Persons::default();
        let mut basis = PersonBasis::Consignee;
        let person = |of| {
            basis = of;
            persons.of(&kept.texts, of)
        };
        let mut parcel = match self.intake.take_kept(&kept, person) {
            Ok(parcel) => parcel,
            Err(lost) => return Ok(Err(NotKept::Lost(lost))),
        };
        self.compare(setup, &mut parcel, &kept.texts, basis)?;
        Ok(Ok(parcel))
    }

    /// Finds who a parcel's person may be on the day that it is for now.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn compare(
        &self,
        setup: &Setup,
        parcel: &mut Parcel,
        texts: &Texts,
        basis: PersonBasis,
    ) -> Result<(), RunError> {
        let mut near = Near::default();
        near.add(self, parcel, texts, basis)?;
        near.find(self, setup, std::slice::from_mut(parcel))?;
        Ok(())
    }

    /// Moves a parcel as the ledger has it to another time, under an event's id of the sender's: what
    /// another changed of it meanwhile is read and moved with it.
    ///
    /// # Errors
    /// The ledger cannot be used.
    pub fn move_kept(
        &self,
        setup: &Setup,
        shipment_id: &str,
        (arrives_at, event): (&str, &str),
    ) -> Result<Result<(Receipt, Value), NotMoved>, RunError> {
        for _ in 0..READ_ANEW {
            // Looked at before its records are read: they then have that decision or a later one.
            let seen = self.shipment(shipment_id)?.map(|kept| kept.decided);
            let parcel = self.kept_parcel(setup, shipment_id, Some(arrives_at.to_owned()))?;
            let parcel = match parcel {
                Ok(parcel) => parcel,
                Err(why) => return Ok(Err(NotMoved::NotKept(why))),
            };
            let request = self.intake.move_to(&parcel, event, seen);
            match self.ledger.submit(request).wait() {
                Err(StoreError::Refused(Refused::Changed)) => {}
                Err(StoreError::Refused(why)) => return Ok(Err(NotMoved::Refused(why))),
                Err(error) => return Err(self.failed(error).into()),
                Ok(receipt) => {
                    let decision = self.decision(&parcel, &receipt)?;
                    return Ok(Ok((receipt, decision)));
                }
            }
        }
        Ok(Err(NotMoved::Refused(Refused::Changed)))
    }
}
