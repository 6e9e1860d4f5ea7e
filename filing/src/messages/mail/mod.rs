//! Mail: the monthly duty worksheet (postal informal entry) with its 14 fields.
//!
//! Source: 91 FR 37801 and CSMS 69183472, the fields in the order of the two lists that agree. The
//! headers of the official spreadsheet were not obtained: the names of the fields stand in their
//! place, and the caller may give others. Which parcels enter by worksheet, what they owe and by when
//! is read from decisions.

mod article;
mod worksheet;
mod write;

pub use article::Article;
pub(super) use article::{articles, known_total};
pub(super) use worksheet::s10;
pub use worksheet::{COLUMNS, Placed, Row, Worksheet};
pub use write::{Header, write_csv, write_xlsx};

#[cfg(test)]
mod tests;
