//! Parcels as the ledger has kept them, made ready to be changed.

use crate::ledger::{Desk, LedgerError};
use crate::pass::Persons;
use crate::setup::Setup;
use deminimis_store::Refused;
use deminimis_store::intake::{Lost, Parcel};

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

impl Desk {
    /// A parcel as its latest record has it, arriving at another time as text has it.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn kept_parcel(
        &self,
        setup: &Setup,
        shipment_id: &str,
        arrives_at: Option<String>,
    ) -> Result<Result<Parcel, NotKept>, LedgerError> {
        let mut kept = match self.latest(setup, shipment_id)? {
            Some(Ok(kept)) => kept,
            Some(Err(lost)) => return Ok(Err(NotKept::Lost(lost))),
            None if self.shipment(shipment_id)?.is_none() => return Ok(Err(NotKept::Unknown)),
            None => return Ok(Err(NotKept::NoRecord)),
        };
        kept.said.arrives_at = arrives_at;
        let mut persons = Persons::default();
        let person = |basis| persons.of(&kept.texts, basis);
        Ok(self.intake.take_kept(&kept, person).map_err(NotKept::Lost))
    }
}
