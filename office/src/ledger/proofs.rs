//! Records as they are told, and proofs that they and the ledger are as they were written.

use crate::ledger::told::{hex, person_word};
use crate::ledger::{Desk, LedgerError, now};
use deminimis_law::time::Day;
use deminimis_store::intake::survey;
use deminimis_store::{
    Audit, Content, Finding, KeptField, KeptRecord, Ledger, Mismatch, Proof, Refused, StoreError,
};
use serde_json::{Value, json};

/// How many lines are looked at together.
const LATER: u32 = 10_000;

/// A day as records name it; nothing for a record that is kept for ever.
#[must_use]
pub fn kept_until(day: i32) -> Option<String> {
    (day != i32::MAX).then(|| Day(day).to_string())
}

/// What is left of a record.
#[must_use]
pub fn left(record: &KeptRecord) -> &'static str {
    let contents = || record.fields.iter().map(|field| &field.content);
    if contents().any(|one| *one == Content::Expired) {
        "expired"
    } else if contents().any(|one| *one == Content::Erased) {
        "erased"
    } else {
        "kept"
    }
}

/// A record without its values.
#[must_use]
pub fn record_json(one: &KeptRecord) -> Value {
    json!({
        "line": one.seq, "position": one.position, "shipment_id": one.shipment_id,
        "event": one.event_id, "kept_until": kept_until(one.kept_until), "state": left(one),
        "fields": one.fields.len(), "leaf": hex(&one.leaf),
    })
}

/// The fields of a record with their values, or what became of them. A value that is no text is told
/// in digits.
#[must_use]
pub fn values_json(one: &KeptRecord) -> Value {
    let field = |field: &KeptField| {
        let (state, value) = match &field.content {
            Content::Value(value) => ("kept", Some(value)),
            Content::Sealed => ("sealed", None),
            Content::Erased => ("erased", None),
            Content::Expired => ("expired", None),
        };
        let text = value.map(|value| match str::from_utf8(value) {
            Ok(text) => text.to_owned(),
            Err(_) => hex(value),
        });
        json!({ "path": field.path, "personal": field.personal, "state": state, "value": text })
    };
    one.fields.iter().map(field).collect()
}

/// What was found of a ledger: sums that differ from their lines, and the state of its record log.
pub struct Verified {
    /// Totals that are not the sum of their lines.
    pub sums: Vec<Mismatch>,
    /// The record log.
    pub audit: Audit,
}

/// Adds all lines up again, and checks the record log whole.
///
/// # Errors
/// The ledger cannot be read.
pub fn verified(ledger: &dyn Ledger) -> Result<Verified, StoreError> {
    let sums = ledger.verify().wait()?;
    let mut audit = ledger.verify_records().wait()?;
    if audit.found.is_empty() {
        audit.found = other_answers(ledger, audit.lines)?;
    }
    Ok(Verified { sums, audit })
}

impl Verified {
    /// Whether everything is as it was written.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.sums.is_empty() && self.audit.found.is_empty()
    }

    /// The totals that differ, of one tenant or of all.
    #[must_use]
    pub fn mismatches_json(&self, tenant: Option<&str>) -> Value {
        let of_tenant = |one: &&Mismatch| tenant.is_none_or(|tenant| one.tenant == tenant);
        let one = |one: &Mismatch| {
            json!({ "tenant": one.tenant, "ledger_person": person_word(one.person),
                "day": Day(one.day).to_string(), "what": one.what })
        };
        self.sums.iter().filter(of_tenant).map(one).collect()
    }

    /// The record log.
    #[must_use]
    pub fn records_json(&self) -> Value {
        let audit = &self.audit;
        let found = audit
            .found
            .iter()
            .map(|one| json!({ "line": one.seq, "position": one.position, "what": one.what }));
        json!({
            "lines": audit.lines, "foreign": audit.foreign, "waiting": audit.waiting,
            "heads": audit.heads, "root": hex(&audit.root), "chain": hex(&audit.chain),
            "found": found.collect::<Vec<_>>(),
        })
    }
}

/// Kept answers that are not those of their records. What a parcel is answered again lies outside
/// the record log, and is checked by it.
fn other_answers(ledger: &dyn Ledger, lines: u64) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    for tenant in survey(ledger)?.tenants.keys() {
        for after in (0..lines).step_by(LATER as usize) {
            let after = i64::try_from(after).unwrap_or(i64::MAX);
            for record in ledger.records(tenant, after, LATER).wait()? {
                let decision = record.fields.iter().find(|field| field.path == "decision");
                let Some(Content::Value(decision)) = decision.map(|field| &field.content) else {
                    continue;
                };
                if record.event_id.is_some() {
                    continue;
                }
                let kept = ledger.shipment(tenant, &record.shipment_id).wait()?;
                let rest = kept
                    .as_ref()
                    .and_then(|kept| kept.answer.strip_prefix(&decision[..]));
                if !rest.is_some_and(|rest| rest.starts_with(b"\n")) {
                    found.push(Finding {
                        seq: record.seq,
                        position: Some(record.position),
                        what: "a kept answer",
                    });
                }
            }
        }
    }
    Ok(found)
}

impl Desk {
    /// The proof of all records of a parcel, or why there is none. Where the log has gone on since it
    /// was signed last, it is signed again: else a later record of the parcel would be left out.
    ///
    /// # Errors
    /// The ledger cannot be used.
    pub fn proof(&self, shipment_id: &str) -> Result<Result<Proof, Refused>, LedgerError> {
        let failed = |error| self.failed(error);
        let tenant = self.intake.tenant();
        let heads = self.ledger.heads().wait().map_err(failed)?;
        let signed = heads.last().map_or(0, |head| head.size);
        let later = self.ledger.records(tenant, signed, LATER).wait();
        if !later.map_err(failed)?.is_empty() {
            self.ledger.sign_head(now()).wait().map_err(failed)?;
        }
        match self.ledger.prove(tenant, shipment_id).wait() {
            Ok(proof) => Ok(Ok(proof)),
            Err(StoreError::Refused(reason)) => Ok(Err(reason)),
            Err(error) => Err(failed(error)),
        }
    }
}
