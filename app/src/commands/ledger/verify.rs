//! `ledger verify`, `head`, `prove`: that the ledger is as it was written.

use super::look::{failed, open, person_word, show};
use super::{Prove, Whole};
use crate::commands::files::{OutFile, keep};
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::ledger::{Desk, now};
use crate::out::page::Format;
use crate::out::page::{Page, Style as Ink};
use deminimis_law::time::{Day, Moment, Zone};
use deminimis_store::intake::survey;
use deminimis_store::{
    Audit, Content, Finding, Ledger, Mismatch, Proof, Refused, StoreError, TreeHead,
};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::Arc;

/// How many lines after the last head are looked at for records that it does not cover.
const LATER: u32 = 10_000;

/// Bytes as digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Adds all lines up again, and checks the record log whole.
pub fn verify(whole: &Whole) -> Result<Ended, CommandError> {
    let (ledger, place) = open(&whole.place)?;
    let sums = ledger.verify().wait().map_err(failed(&place))?;
    let mut audit = ledger.verify_records().wait().map_err(failed(&place))?;
    if audit.found.is_empty() {
        audit.found = other_answers(&*ledger, audit.lines).map_err(failed(&place))?;
    }
    let ended = match sums.is_empty() && audit.found.is_empty() {
        true => Ended::Well,
        false => Ended::Unmet,
    };
    if whole.format.format == Format::Json {
        let mismatch = |one: &Mismatch| {
            json!({ "tenant": one.tenant, "ledger_person": person_word(one.person),
                "day": Day(one.day).to_string(), "what": one.what })
        };
        let mismatches: Vec<Value> = sums.iter().map(mismatch).collect();
        let found = audit
            .found
            .iter()
            .map(|one| json!({ "line": one.seq, "position": one.position, "what": one.what }));
        let records = json!({
            "lines": audit.lines, "foreign": audit.foreign, "waiting": audit.waiting,
            "heads": audit.heads, "root": hex(&audit.root), "chain": hex(&audit.chain),
            "found": found.collect::<Vec<_>>(),
        });
        let all =
            json!({ "ledger": place.to_string(), "mismatches": mismatches, "records": records });
        show(|page| page.json(&all))?;
        return Ok(ended);
    }
    show(|page| {
        tell_sums(page, &sums)?;
        tell_audit(page, &audit)
    })?;
    Ok(ended)
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

fn tell_sums(page: &mut Page<'_>, sums: &[Mismatch]) -> io::Result<()> {
    if sums.is_empty() {
        return page.say(0, Ink::Good, "every total is the sum of its lines");
    }
    let said = format!("{} totals differ from their lines", sums.len());
    page.say(0, Ink::Bad, &said)?;
    let mut rows = vec![
        ["tenant", "person", "day", "what differs"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(sums.iter().map(|one| {
        let day = Day(one.day).to_string();
        vec![
            one.tenant.clone(),
            person_word(one.person),
            day,
            one.what.to_owned(),
        ]
    }));
    page.table(1, &[Ink::Plain, Ink::Id, Ink::Plain, Ink::Plain], &rows)
}

fn tell_audit(page: &mut Page<'_>, audit: &Audit) -> io::Result<()> {
    let lines = |count: u64| match count {
        1 => "1 line".to_owned(),
        more => format!("{more} lines"),
    };
    if audit.found.is_empty() {
        let heads = match audit.heads {
            1 => "1 signed head".to_owned(),
            more => format!("{more} signed heads"),
        };
        let said = format!(
            "the record log is as it was written: {}, {heads}",
            lines(audit.lines)
        );
        page.say(0, Ink::Good, &said)?;
    } else {
        let said = format!("{} things in the record log differ", audit.found.len());
        page.say(0, Ink::Bad, &said)?;
        let mut rows = vec![
            ["line", "posting", "what differs"]
                .map(str::to_owned)
                .to_vec(),
        ];
        rows.extend(audit.found.iter().map(|one| {
            let position = one.position.map_or_else(String::new, |at| at.to_string());
            vec![one.seq.to_string(), position, one.what.to_owned()]
        }));
        page.table(1, &[Ink::Id, Ink::Plain, Ink::Plain], &rows)?;
    }
    for (count, what) in [
        (audit.foreign, "whose record is in another ledger"),
        (audit.waiting, "not yet in the log"),
    ] {
        if count > 0 {
            page.field(1, what, &lines(count))?;
        }
    }
    page.field(1, "root", &hex(&audit.root))?;
    page.field(1, "chain", &hex(&audit.chain))
}

fn head_json(head: &TreeHead) -> Value {
    json!({
        "log_id": hex(&head.log_id), "size": head.size, "root": hex(&head.root),
        "chain": hex(&head.chain), "signed_at": head.signed_at,
        "public_key": hex(&head.public_key), "signature": hex(&head.signature),
    })
}

/// Signs the log as it stands.
pub fn head(whole: &Whole) -> Result<Ended, CommandError> {
    let (ledger, place) = open(&whole.place)?;
    let head = ledger.sign_head(now()).wait().map_err(failed(&place))?;
    if whole.format.format == Format::Json {
        show(|page| page.json(&head_json(&head)))?;
        return Ok(Ended::Well);
    }
    let zone = Zone::named(deminimis_law::rulebook::EASTERN).unwrap_or_default();
    show(|page| {
        page.field(0, "lines", &head.size.to_string())?;
        page.field(0, "root", &hex(&head.root))?;
        page.field(0, "chain", &hex(&head.chain))?;
        page.field(0, "signed", &zone.show(Moment(head.signed_at)))?;
        page.field(0, "public key", &hex(&head.public_key))?;
        page.field(0, "signature", &hex(&head.signature))?;
        page.gap()?;
        let said = "Keep it elsewhere: whoever can write to the ledger can take its last lines and \
                    heads away, and only a head kept elsewhere shows it.";
        page.say(0, Ink::Dim, said)
    })?;
    Ok(Ended::Well)
}

/// Proves that the records of a parcel are in the signed log.
pub fn prove(law: &LawOptions, args: &Prove) -> Result<Ended, CommandError> {
    let setup = Arc::new(law.setup()?);
    let desk = args.look.desk(&setup)?;
    let proof = match proof(&desk, &args.id).map_err(|error| desk.failed(error))? {
        Ok(proof) => proof,
        Err(reason) => {
            let said = format!("{}: {reason}", args.id);
            return Err(CommandError::Refused(said));
        }
    };
    let text = serde_json::to_string_pretty(&proof).map_err(io::Error::other)?;
    let Some(path) = &args.output else {
        let mut out = io::stdout().lock();
        writeln!(out, "{text}")?;
        return Ok(Ended::Well);
    };
    keep(&args.look.place.whole.place()?.files(), path)?;
    let file = OutFile::open(path)?;
    let mut writer = file.writer()?;
    writeln!(writer, "{text}")?;
    writer.flush()?;
    file.finish()?;
    let records = match proof.records.len() {
        1 => "1 record".to_owned(),
        more => format!("{more} records"),
    };
    eprintln!(
        "{}: {records} of {} under a head of {} lines, signed by {}",
        path.display(),
        args.id,
        proof.head.size,
        proof.head.public_key
    );
    Ok(Ended::Well)
}

/// The proof of all records of a parcel. Where the log has gone on since it was signed last, it is
/// signed again: else a later record of the parcel would be left out.
fn proof(desk: &Desk, id: &str) -> Result<Result<Proof, Refused>, StoreError> {
    let heads = desk.ledger.heads().wait()?;
    let signed = heads.last().map_or(0, |head| head.size);
    let later = desk
        .ledger
        .records(desk.intake.tenant(), signed, LATER)
        .wait()?;
    if !later.is_empty() {
        desk.ledger.sign_head(now()).wait()?;
    }
    match desk.ledger.prove(desk.intake.tenant(), id).wait() {
        Ok(proof) => Ok(Ok(proof)),
        Err(StoreError::Refused(reason)) => Ok(Err(reason)),
        Err(error) => Err(error),
    }
}
