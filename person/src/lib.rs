//! Who is one person: name and address brought to one form, and a key over that form.
//!
//! Two parties are one person here if their normalised name, address, postcode and kind are
//! exactly equal, and not otherwise. The limit of 19 U.S.C. 1321(a)(2)(C) is for one person on one
//! day, so a wrong merge denies somebody a right while a missed merge is left to a later and
//! weaker test. Whatever could merge two persons is therefore not done; each such choice is said
//! where it is made.
//!
//! Read [`Key::of`] first, then `normalise`, `clean` and `fold`, which are its steps. Who is
//! *likely* one person is another question, and [`matching`] answers it apart: with a score, its
//! evidence, and a middle ground that merges nobody.
//!
//! This crate is pure. It must not read a clock, a disk, the network or the environment, start a
//! thread, keep global state, compute with floats, or write personal data anywhere but into the
//! buffers it is handed. It must not judge which party is the person: that is law.

#![forbid(unsafe_code)]

mod clean;
mod fold;
mod key;
pub mod matching;
mod normalise;
mod place;
pub mod splitting;
mod words;

pub use key::{Key, KeyError, Normalised, PERSON_RULES, PartyText, Scratch};
pub use normalise::{normalise_address, normalise_city, normalise_name};
pub use place::{normalise_country, normalise_postcode, normalise_state};
