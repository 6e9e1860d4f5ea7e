//! Documents as they are read: text, barcodes and structure are taken back from the PDF by programs
//! that share nothing with the code that wrote it.

mod barcodes;
mod kinds;
mod long;
mod support;
