//! A decided parcel, of which documents and data sets are made.

use deminimis_clearance::render::Rendered;
use deminimis_clearance::shipment::{Shipment, Texts};

/// A parcel with its text and its decision.
#[derive(Clone, Copy)]
pub struct Parcel<'a> {
    /// The parcel as the law reads it.
    pub shipment: &'a Shipment,
    /// The same as text.
    pub texts: &'a Texts,
    /// What was decided, as the contract writes it: amounts are read here and nowhere else.
    pub decision: &'a Rendered,
}
