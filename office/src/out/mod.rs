//! Writers of decisions: a table for people, JSON, lines of JSON, and CSV for machines.

pub mod both;
pub mod csv;
pub mod figures;
pub mod json;
pub mod page;
pub mod style;
pub mod table;

/// Version of the program, as decisions name it.
pub const ENGINE: &str = concat!("deminimis ", env!("CARGO_PKG_VERSION"));
