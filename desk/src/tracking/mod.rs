//! Where parcels are: from booked to released and delivered.
//!
//! Events come from the ledger, from CBP's answers, from carriers and from people, in any order and
//! more than once. A state is made of the set of events alone, so neither changes it.

pub mod answer;
pub mod carrier;
pub mod drop;
pub mod event;
pub mod follow;
pub mod state;

pub use event::{EventSent, Happened};
pub use state::{Kind, State, Stay, reckon, stays};
