//! Writers of decisions: a table for people, JSON, lines of JSON, and CSV for machines.

pub mod csv;
pub mod figures;
pub mod json;
pub mod style;
pub mod table;

/// How decisions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table that fits the terminal.
    Table,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// One row a parcel.
    Csv,
}

/// Version of the program, as decisions name it.
pub const ENGINE: &str = concat!("deminimis ", env!("CARGO_PKG_VERSION"));
