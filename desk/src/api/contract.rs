//! The contract's own objects. The program's types give their schemas when the description is made
//! ([`crate::openapi`]); here they have the names by which routes refer to them.

use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A shipment.
pub struct Shipment;
/// A shipment, or an array of them.
pub struct Shipments;
/// A decision.
pub struct Decision;
/// The decision of a parcel that was entered, with what the house has to do with it.
pub struct Entered;
/// A decision, or what came of an array.
pub struct Decisions;

macro_rules! by_reference {
    ($($name:ident),*) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::Ref(Ref::from_schema_name(stringify!($name)))
            }
        }

        impl ToSchema for $name {}
    )*};
}
by_reference!(Shipment, Shipments, Decision, Entered, Decisions);
