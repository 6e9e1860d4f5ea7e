//! Decisions as JSON: an array, or one object a line.

use crate::out::ENGINE;
use crate::pass::Sink;
use crate::pass::second::Decided;
use deminimis_clearance::Scratch;
use deminimis_clearance::render::{Known, Rendered, render};
use deminimis_person::PERSON_RULES;

/// Writes JSON; an array's brackets are the caller's.
pub struct Json {
    /// Whether commas stand between decisions.
    pub array: bool,
}

impl Sink for Json {
    fn parcel(&self, decided: &Decided<'_>, scratch: &mut Scratch, out: &mut Vec<u8>) {
        if self.array {
            out.extend_from_slice(if decided.first { b"" } else { b",\n" });
        }
        // Writing to memory cannot fail, and every key is text.
        let _written = serde_json::to_writer(&mut *out, &rendered(decided, scratch));
        if !self.array {
            out.push(b'\n');
        }
    }
}

/// The contract's decision.
#[must_use]
pub fn rendered(decided: &Decided<'_>, scratch: &mut Scratch) -> Rendered {
    let key = decided.person.map(|key| key.to_string());
    let known = Known {
        person_key: key.as_deref(),
        person_rules: PERSON_RULES,
        engine: ENGINE,
        rates_hash: decided.books.rates.hash(),
    };
    render(
        decided.books,
        decided.shipment,
        decided.day,
        decided.decision,
        known,
        scratch,
    )
}
