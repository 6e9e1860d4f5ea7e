//! CBP's fixed-column messages (CATAIR), driven by tables and not by code for each record.
//!
//! `layout` holds the columns of every record, `record` fills one record, `message` reads and
//! writes whole messages without losing a byte, `envelope` finds batches, blocks and transactions
//! in them, `lint` judges them by the tables of order and of conditions, and `explain` says them
//! in plain words. The tables are in `filing/layouts/`; each says which guide and page it follows.
//! Nothing here decides what is owed or by which path a parcel enters.

#![allow(
    clippy::result_large_err,
    reason = "a refusal names record, columns, value, reason and what is right, and is made seldom"
)]

pub mod dictionary;
pub mod entry;
pub mod envelope;
pub mod explain;
pub mod json;
pub mod layout;
pub mod lint;
pub mod message;
pub mod record;
mod table;
pub mod value;

pub use layout::{
    Application, Class, Confidence, Direction, Edition, FieldLayout, RecordLayout, Section, Status,
    application, applications, edition, layout, layouts, section,
};
pub use message::{Ending, Line, Message, decode, decode_as, encode};
pub use record::{FieldError, Record};
