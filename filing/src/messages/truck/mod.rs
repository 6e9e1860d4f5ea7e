//! Truck manifest as BorderConnect takes it: an `ACE_TRIP` in JSON with one shipment a parcel.
//!
//! Source: BorderConnect's ACE manual 1.0.7 (lengths, patterns and the list of shipment types;
//! three public programs use the same names). CBP's own truck layouts (X12 309, XML) could not be
//! had at the level of elements and are not written here. The trip, its truck, trailers and drivers
//! are the caller's; shipments are made of parcels. Of the manual's types of shipment one is written:
//! PAPS, where a broker files an entry under the same number. What the others need is not in hand.

mod shipment;
mod trip;

pub use shipment::{Address, Commodity, PartyJson, TruckShipment, shipment};
pub use trip::{BadTrip, Trip};

use serde::Serialize;

/// A trip with its shipments, in the order of keys of the manual.
#[derive(Clone, Debug, Serialize)]
pub struct AceTrip<'a> {
    /// Always `ACE_TRIP`.
    data: &'static str,
    #[serde(flatten)]
    trip: &'a Trip,
    shipments: &'a [TruckShipment],
}

impl<'a> AceTrip<'a> {
    /// Puts a trip and its shipments together.
    #[must_use]
    pub fn new(trip: &'a Trip, shipments: &'a [TruckShipment]) -> AceTrip<'a> {
        AceTrip {
            data: "ACE_TRIP",
            trip,
            shipments,
        }
    }
}

#[cfg(test)]
mod tests;
