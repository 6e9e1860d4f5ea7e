//! What the tests of records share.

use super::{Store, assess, claim, stores};
use deminimis_store::{Audit, Content, KeptRecord, Ledger, Receipt, Refused, StoreError};

pub fn put(ledger: &dyn Ledger, id: &str, who: u8, day: i32, value_cents: i64) -> Receipt {
    let done = ledger.claim(claim(id, who, day), assess(value_cents));
    done.wait().expect("a claim")
}

pub fn audit(ledger: &dyn Ledger) -> Audit {
    let audit = ledger.verify_records().wait().expect("an audit");
    assert_eq!((&audit.found, audit.waiting), (&vec![], 0));
    audit
}

pub fn on_each(test: fn(&dyn Ledger)) {
    for Store {
        name,
        ledger,
        keep: _keep,
    } in stores()
    {
        println!("on {name}");
        test(&*ledger);
        audit(&*ledger);
        assert_eq!(ledger.verify().wait(), Ok(vec![]), "sums of {name}");
    }
}

pub fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Refused {
    match result {
        Err(StoreError::Refused(refused)) => refused,
        other => panic!("refused was expected, not {other:?}"),
    }
}

/// What the records of the ledger say, each field in words.
pub fn told(ledger: &dyn Ledger) -> Vec<Vec<String>> {
    let records = ledger.records("acme", 0, 100).wait().expect("records");
    let words = |content: Content| match content {
        Content::Value(value) => String::from_utf8(value).expect("a text"),
        lost => format!("{lost:?}"),
    };
    let record = |record: KeptRecord| {
        let fields = record.fields.into_iter();
        let fields = fields.map(|field| words(field.content));
        let event = record.event_id.unwrap_or_else(|| "claim".into());
        [record.shipment_id, event]
            .into_iter()
            .chain(fields)
            .collect()
    };
    records.into_iter().map(record).collect()
}
