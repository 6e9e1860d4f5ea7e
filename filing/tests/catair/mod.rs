//! Messages that lint clean: two entry summaries in one block, and a cargo release.

#![allow(
    dead_code,
    unused_imports,
    reason = "each test file uses what it needs"
)]

mod release;
mod summaries;

pub use release::release;
pub use summaries::summaries;

use deminimis_filing::messages::catair::envelope::{batch_trailer, block_trailer};
use deminimis_filing::messages::catair::{Message, Record, layout};

/// A record of an application or section with these fields.
pub fn record(section: &str, tag: &str, fields: &[(&str, &str)]) -> Record {
    let layout = layout(section, tag).unwrap_or_else(|| panic!("no record {section} {tag}"));
    let mut record = Record::new(layout);
    for (field, value) in fields {
        record
            .set(field, value)
            .unwrap_or_else(|error| panic!("{error}"));
    }
    record
}

fn enclosed(application: &str, records: Vec<Record>) -> Message<'static> {
    let a = record(
        "IN",
        "A",
        &[
            ("sender_receiver_site_code", "4701"),
            ("sender_receiver_id_code", "N01"),
            ("communication_password", "PASSED"),
            ("transmission_date", "112026"),
            ("application_identifier_code", application),
            ("sender_receiver_office_code", "01"),
            ("transmitter_user_data_text", "BATCH 1"),
        ],
    );
    let b = record(
        "IN",
        "B",
        &[
            ("processing_district_port_code", "4701"),
            ("processing_filer_code", "N01"),
            ("application_identifier_code", application),
            ("processing_filer_office_code", "01"),
        ],
    );
    let mut message = Message::default();
    let (y, z) = (block_trailer(&b).expect("Y"), batch_trailer(&a).expect("Z"));
    message.push(a);
    message.push(b);
    records.into_iter().for_each(|record| message.push(record));
    message.push(y);
    message.push(z);
    message
}
