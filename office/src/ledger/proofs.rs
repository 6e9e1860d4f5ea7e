//! Records as they are told, and proofs that they and the ledger are as they were written.

use crate::ledger::told::{hex, person_word};
use crate::ledger::{Desk, LedgerError, now};
use deminimis_law::time::Day;
use deminimis_store::intake::survey;
use deminimis_store::{
    Audit, Content, Finding, KeptField, KeptRecord, Ledger, Mismatch, Proof, Refused, SignedTree,
    StoreError,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// How many lines are looked at together, with all their values.
const LATER: u32 = 1_000;

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

/// A record without its values: what it is of, what was decided, and what commits to it.
#[derive(Clone, Debug, Serialize)]
pub struct RecordLine {
    /// Its place in the log, from 1: the number of its leaf.
    pub line: i64,
    /// The posting with which it was written.
    pub position: i64,
    /// The parcel.
    pub shipment_id: String,
    /// The event; none for a claim.
    pub event: Option<String>,
    /// What was done: `claim`, or the first word of the event's id.
    pub what: String,
    /// When it was decided, in seconds of UTC since 1970.
    pub decided_at: Option<i64>,
    /// The contract's outcome.
    pub outcome: Option<String>,
    /// The contract's path.
    pub entry_path: Option<String>,
    /// The hash of the law that decided.
    pub rulebook: Option<String>,
    /// The program that decided.
    pub engine: Option<String>,
    /// The last day on which its values are kept; none for ever.
    pub kept_until: Option<String>,
    /// `kept`, `erased` or `expired`.
    pub state: &'static str,
    /// How many fields it has.
    pub fields: usize,
    /// The hash that commits to all of it.
    pub leaf: String,
}

/// What a line tells of a decision.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Decided {
    outcome: Option<String>,
    entry_path: Option<String>,
}

impl RecordLine {
    /// The line of a record. What is not kept any more is not told.
    #[must_use]
    pub fn of(one: &KeptRecord) -> RecordLine {
        let decided = text(one, "decision").and_then(|text| serde_json::from_str(&text).ok());
        let Decided {
            outcome,
            entry_path,
        } = decided.unwrap_or_default();
        let event = one.event_id.as_deref().unwrap_or("claim");
        RecordLine {
            line: one.seq,
            position: one.position,
            shipment_id: one.shipment_id.clone(),
            event: one.event_id.clone(),
            what: event.split(' ').next().unwrap_or_default().to_owned(),
            decided_at: text(one, "decided_at").and_then(|text| text.parse().ok()),
            outcome,
            entry_path,
            rulebook: text(one, "law.rulebook"),
            engine: text(one, "engine"),
            kept_until: kept_until(one.kept_until),
            state: left(one),
            fields: one.fields.len(),
            leaf: hex(&one.leaf),
        }
    }
}

/// A record without its values.
#[must_use]
pub fn record_json(one: &KeptRecord) -> Value {
    // Texts and numbers always make JSON.
    serde_json::to_value(RecordLine::of(one)).unwrap_or_default()
}

/// A field of a record as text, where it is still kept.
#[must_use]
pub fn text(record: &KeptRecord, path: &str) -> Option<String> {
    let field = record.fields.iter().find(|field| field.path == path)?;
    match &field.content {
        Content::Value(value) => String::from_utf8(value.clone()).ok(),
        Content::Sealed | Content::Erased | Content::Expired => None,
    }
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

/// Proves parcels, under one signed head for as long as that has all of their records.
pub struct Prover<'a> {
    desk: &'a Desk,
    tree: Option<Arc<SignedTree>>,
}

impl Prover<'_> {
    /// The proof of a parcel whose last record is in this line of the log, or why there is none.
    ///
    /// # Errors
    /// The ledger cannot be used.
    pub fn prove(
        &mut self,
        shipment_id: &str,
        last: i64,
    ) -> Result<Result<Proof, Refused>, LedgerError> {
        match self.proven(shipment_id, last) {
            Ok(proof) => Ok(Ok(proof)),
            Err(StoreError::Refused(reason)) => Ok(Err(reason)),
            Err(error) => Err(self.desk.failed(error)),
        }
    }

    fn proven(&mut self, shipment_id: &str, last: i64) -> Result<Proof, StoreError> {
        let (ledger, tenant) = (&self.desk.ledger, self.desk.intake.tenant());
        let tree = match self.tree.take() {
            Some(tree) if tree.head().size >= last => tree,
            before => {
                let heads = ledger.heads().wait()?;
                let signed = heads.last().map_or(0, |head| head.size);
                // Where the log has gone on since it was signed last, it is signed again. In the
                // middle of many parcels this is done only for a record that came meanwhile.
                let gone_on = || ledger.records(tenant, signed, LATER).wait();
                if signed < last || (before.is_none() && !gone_on()?.is_empty()) {
                    ledger.sign_head(now()).wait()?;
                }
                ledger.signed_tree().wait()?
            }
        };
        let proof = ledger.prove_under(&tree, tenant, shipment_id).wait();
        self.tree = Some(tree);
        proof
    }
}

impl Desk {
    /// What proves parcels of this tenant, one after another.
    #[must_use]
    pub fn prover(&self) -> Prover<'_> {
        let (desk, tree) = (self, None);
        Prover { desk, tree }
    }

    /// The proof of all records of a parcel, or why there is none. Where the log has gone on since it
    /// was signed last, it is signed again: else a later record of the parcel would be left out.
    ///
    /// # Errors
    /// The ledger cannot be used.
    pub fn proof(&self, shipment_id: &str) -> Result<Result<Proof, Refused>, LedgerError> {
        let records = self.records_of(shipment_id)?;
        let Some(last) = records.iter().map(|record| record.seq).max() else {
            return Ok(Err(Refused::UnknownShipment));
        };
        self.prover().prove(shipment_id, last)
    }
}
