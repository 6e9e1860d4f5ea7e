//! `ledger verify`, `head`, `prove`: that the ledger is as it was written.

use super::look::{failed, open, show};
use super::{Prove, Whole};
use crate::commands::files::{OutFile, keep};
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::ledger::{hex, now, person_word, verified};
use crate::out::page::Format;
use crate::out::page::{Page, Style as Ink};
use deminimis_law::time::{Day, Moment, Zone};
use deminimis_store::{Audit, Mismatch, TreeHead};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::Arc;

/// Adds all lines up again, and checks the record log whole.
pub fn verify(whole: &Whole) -> Result<Ended, CommandError> {
    let (ledger, place) = open(&whole.place)?;
    let verified = verified(&*ledger).map_err(failed(&place))?;
    let ended = match verified.is_whole() {
        true => Ended::Well,
        false => Ended::Unmet,
    };
    if whole.format.format == Format::Json {
        let all = json!({ "ledger": place.to_string(),
            "mismatches": verified.mismatches_json(None), "records": verified.records_json() });
        show(|page| page.json(&all))?;
        return Ok(ended);
    }
    show(|page| {
        tell_sums(page, &verified.sums)?;
        tell_audit(page, &verified.audit)
    })?;
    Ok(ended)
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
    let proof = match desk.proof(&args.id)? {
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
