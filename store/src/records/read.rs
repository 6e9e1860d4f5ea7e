//! From rows back to records. A record that does not match its leaf is never given out.

use crate::error::StoreError;
use crate::records::keep::{Whose, about_row};
use crate::records::keys::open;
use crate::records::leaf::{Commitment, Salted, link, unpack_commitments, unpack_values};
use crate::records::merkle::Hash;
use crate::records::rows::{ERASED, EXPIRED, LogRow, RecordRow, Tail};
use crate::records::types::{Content, KeptField, KeptRecord};
use crate::rows::ShipmentKey;
use std::collections::{BTreeSet, HashMap};

/// The opened keys of persons; nothing where the ledger was opened without the installation's.
pub(crate) type Keys = Option<HashMap<Whose, [u8; 32]>>;

/// The fields of a record with what is left of them.
pub(crate) struct Opened {
    pub commitments: Vec<Commitment>,
    /// For each field its value with its salt, or why there is none.
    pub values: Vec<Result<Salted, Content>>,
}

/// Opens a record, or says what is wrong with it.
pub(crate) fn opened(row: &RecordRow, keys: &Keys) -> Result<Opened, &'static str> {
    let commitments = unpack_commitments(&row.commitments).map_err(|_| "a record's commitments")?;
    if row.lost & !(ERASED | EXPIRED) != 0 {
        return Err("what a record has lost");
    }
    let expired = row.lost & EXPIRED != 0;
    let erased = row.lost & ERASED != 0;
    let lost = if erased {
        Content::Erased
    } else {
        Content::Expired
    };
    let public = match (&row.public, expired) {
        (Some(packed), false) => unpack_values(packed).map_err(|_| "a record's public values")?,
        (None, true) => Vec::new(),
        (Some(_), true) => return Err("an expired record that has values"),
        (None, false) => return Err("public values that are missing"),
    };
    let has_personal = commitments.iter().any(|field| field.personal);
    let personal = match (&row.sealed, has_personal && !erased && !expired) {
        (Some(sealed), true) => {
            let whose = (row.shipment.tenant.clone(), sealed.person);
            match keys {
                None => None,
                Some(keys) => {
                    let key = keys.get(&whose).ok_or("a person's key that is missing")?;
                    let about = about_row(&whose, row.position);
                    let plain = open(key, &about, &sealed.sealed).ok_or("a sealed field")?;
                    Some(unpack_values(&plain).map_err(|_| "a record's personal values")?)
                }
            }
        }
        (None, false) => Some(Vec::new()),
        (Some(_), false) => return Err("sealed values that should be gone"),
        (None, true) => return Err("sealed values that are missing"),
    };
    let (mut public, sealed) = (public.into_iter(), personal.is_none());
    let mut personal = personal.unwrap_or_default().into_iter();
    let mut values = Vec::with_capacity(commitments.len());
    for field in &commitments {
        let given = match (field.personal, expired, erased, sealed) {
            (false, true, ..) => Err(Content::Expired),
            (true, true, ..) | (true, _, true, _) => Err(lost.clone()),
            (true, _, _, true) => Err(Content::Sealed),
            (true, ..) => Ok(personal.next().ok_or("a personal value that is missing")?),
            (false, ..) => Ok(public.next().ok_or("a public value that is missing")?),
        };
        if given.as_ref().is_ok_and(|value| value.hash() != field.hash) {
            return Err("a value that was not committed to");
        }
        values.push(given);
    }
    if public.next().is_some() || personal.next().is_some() {
        return Err("a value without a field");
    }
    Ok(Opened {
        commitments,
        values,
    })
}

/// What is wrong with a line of the log and its record.
pub(crate) fn wrong(
    before: Tail,
    line: &LogRow,
    record: Option<&RecordRow>,
) -> Option<&'static str> {
    if line.seq != before.seq + 1 {
        return Some("a line of the log that is missing");
    }
    if link(&before.chain, &line.leaf) != line.chain {
        return Some("the chain of the log");
    }
    match (line.position, record) {
        (None, _) => None,
        (Some(_), None) => Some("a record that is missing"),
        (Some(_), Some(record)) if record.leaf() != line.leaf => Some("a record or its leaf"),
        (Some(_), Some(_)) => None,
    }
}

/// Checks a page of the log that follows `before`, and gives the tenant's records in it.
pub(crate) fn page(
    tenant: &str,
    mut before: Tail,
    lines: &[(LogRow, Option<RecordRow>)],
    keys: &Keys,
) -> Result<Vec<KeptRecord>, StoreError> {
    let mut found = Vec::new();
    for (line, record) in lines {
        if wrong(before, line, record.as_ref()).is_some() {
            return Err(StoreError::Damaged(line.seq));
        }
        before = Tail {
            seq: line.seq,
            chain: line.chain,
        };
        let ours = record.as_ref().filter(|row| row.shipment.tenant == tenant);
        if let Some(row) = ours {
            found.push(kept(line, row, keys)?);
        }
    }
    Ok(found)
}

/// A line of the log with the chain before it, where that is there, and its record.
pub(crate) struct Linked {
    pub before: Option<Hash>,
    pub line: LogRow,
    pub record: Option<RecordRow>,
}

impl Linked {
    /// The record, of this parcel, if it is as it was written and stands where it was put.
    pub(crate) fn whole(&self, key: &ShipmentKey) -> Result<&RecordRow, StoreError> {
        let damaged = || StoreError::Damaged(self.line.seq);
        let before = match (self.line.seq, self.before) {
            (1, None) => Tail::START,
            (seq, Some(chain)) if seq > 1 => Tail {
                seq: seq - 1,
                chain,
            },
            _ => return Err(damaged()),
        };
        // A parcel's row that points to the record of another is damage as well.
        let ours = self.record.as_ref().filter(|row| row.shipment == *key);
        match ours {
            Some(row) if wrong(before, &self.line, Some(row)).is_none() => Ok(row),
            _ => Err(damaged()),
        }
    }
}

/// Checks the lines of one parcel, and gives their records.
pub(crate) fn of_parcel(
    key: &ShipmentKey,
    lines: &[Linked],
    keys: &Keys,
) -> Result<Vec<KeptRecord>, StoreError> {
    let one = |linked: &Linked| kept(&linked.line, linked.whole(key)?, keys);
    lines.iter().map(one).collect()
}

/// Whose keys it takes to open what is sealed of these records, each once.
pub(crate) fn sealed_for<'a>(records: impl Iterator<Item = &'a RecordRow>) -> Vec<Whose> {
    let whose = |row: &RecordRow| {
        let sealed = row.sealed.as_ref()?;
        Some((row.shipment.tenant.clone(), sealed.person))
    };
    let whose: BTreeSet<Whose> = records.filter_map(whose).collect();
    whose.into_iter().collect()
}

fn kept(line: &LogRow, row: &RecordRow, keys: &Keys) -> Result<KeptRecord, StoreError> {
    let opened = opened(row, keys).map_err(|_| StoreError::Damaged(line.seq))?;
    let fields = opened.commitments.into_iter().zip(opened.values);
    let fields = fields.map(|(field, value)| KeptField {
        path: field.path,
        personal: field.personal,
        content: value.map_or_else(|lost| lost, |salted| Content::Value(salted.value)),
    });
    Ok(KeptRecord {
        seq: line.seq,
        position: row.position,
        shipment_id: row.shipment.shipment_id.clone(),
        event_id: row.event_id.clone(),
        kept_until: row.kept_until,
        fields: fields.collect(),
        leaf: line.leaf,
    })
}
