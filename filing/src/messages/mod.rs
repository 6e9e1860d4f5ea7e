//! What is sent to customs and carriers, and what they answer.

pub mod answers;
pub mod catair;
pub mod mail;
pub mod parcel;
pub mod truck;
pub mod type13;
