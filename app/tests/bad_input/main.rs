//! Bad input, case by case: each is refused alone, with its row, field and reason, the rest is
//! accepted, and what is accepted and refused adds up to what was read.

mod cells;
mod objects;
#[path = "../reading/mod.rs"]
mod reading;
mod rows;
