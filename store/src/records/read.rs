//! From rows back to records. A record that does not match its leaf is never given out.

use crate::error::StoreError;
use crate::records::keep::{Whose, about_row};
use crate::records::keys::open;
use crate::records::leaf::{Commitment, Salted, link, unpack_commitments, unpack_values};
use crate::records::rows::{ERASED, EXPIRED, LogRow, RecordRow, Tail};
use crate::records::types::{Content, KeptField, KeptRecord};
use std::collections::HashMap;

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
