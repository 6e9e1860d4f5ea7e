//! `ledger replay` and `ledger foresee`: parcels assessed without entering anything.

use super::look::{show, show_as_it_comes};
use super::{Foresee, Replay};
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended, say_error};
use crate::ledger::{
    Difference, FileParcels, Foreseen, OpenLedger, Reason, ReplayError, Replayed, Told, Under,
    foreseen, replay,
};
use crate::out::page::Format;
use crate::out::page::{Page, Style as Ink};
use crate::out::style::dollars;
use crate::pass::{Inputs, Wishes};
use crate::read::Reject;
use deminimis_store::intake::Said;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, BufRead, Seek, Write};
use std::sync::Arc;

impl From<ReplayError> for CommandError {
    fn from(error: ReplayError) -> CommandError {
        match error {
            ReplayError::Ledger(error) => error.into(),
            ReplayError::Setup(error) => error.into(),
            ReplayError::Out(error) => error.into(),
        }
    }
}

/// Assesses kept parcels again, and tells what differs.
pub fn replay_kept(law: &LawOptions, args: &Replay) -> Result<Ended, CommandError> {
    let look = &args.look;
    if args.as_known && (law.has_known_at() || law.files().next().is_some()) {
        let said = "--as-known takes the moment of knowledge of each decision and no other law: \
                    leave out --known-at and --overlay";
        return Err(CommandError::Usage(said.to_owned()));
    }
    let setup = Arc::new(law.setup()?);
    let desk = look.desk(&setup)?;
    let law_at = |known_at| law.setup_at(known_at);
    let under = match args.as_known {
        true => Under::Then {
            law_at: &law_at,
            rulebook: setup.law.hash().to_owned(),
        },
        false => Under::One(setup),
    };
    let replayed = match look.format.format {
        Format::Json => show_as_it_comes(|page| replayed_as_json(page, &desk, &under))?,
        Format::Table => show_as_it_comes(|page| replayed_as_text(page, &desk, &under))?,
    };
    // Under the law then known a difference is a defect, and so is what does not read.
    let unmet = args.as_known && (replayed.differ, replayed.unread) != (0, 0);
    Ok(if unmet { Ended::Unmet } else { Ended::Well })
}

fn difference_json(one: &Difference) -> Value {
    let reason = |one: &Reason| json!({ "rule": one.rule, "change": one.change, "says": one.says });
    let changed: BTreeMap<&str, Value> = one
        .changed
        .iter()
        .map(|(name, was, is)| (*name, json!({ "was": was, "would_be": is })))
        .collect();
    json!({
        "shipment_id": one.shipment_id, "event": one.event, "position": one.position,
        "changed": changed, "reasons": one.reasons.iter().map(reason).collect::<Vec<_>>(),
    })
}

/// One object, written as it comes. What does not read waits in a temporary file for its place.
fn replayed_as_json(
    page: &mut Page<'_>,
    desk: &OpenLedger,
    under: &Under<'_>,
) -> Result<Replayed, CommandError> {
    let mut unread = io::BufWriter::new(tempfile::tempfile()?);
    let (mut differ, mut left) = (0_u64, 0_u64);
    page.raw("{\"differ\":[")?;
    let mut tell = |told: Told| match told {
        Told::Differs(one) => {
            let before = if differ == 0 { "\n " } else { ",\n " };
            differ += 1;
            page.raw(&format!("{before}{}", difference_json(&one)))
        }
        Told::Unread(id, why) => {
            let before = if left == 0 { "\n " } else { ",\n " };
            left += 1;
            write!(
                unread,
                "{before}{}",
                json!({ "shipment_id": id, "why": why })
            )
        }
    };
    let replayed = replay(desk, under, &mut tell)?;
    let rest = json!({
        "ledger": desk.place, "same": replayed.same, "told_otherwise": replayed.told_otherwise,
        "erased": replayed.erased, "expired": replayed.expired,
    });
    let rest = rest.to_string();
    page.raw(&format!(
        "],\n{},\n\"unread\":[",
        rest.trim_matches(['{', '}'])
    ))?;
    let mut file = unread
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    for line in io::BufReader::new(file).lines() {
        page.raw(&line?)?;
        page.gap()?;
    }
    page.raw("]}\n")?;
    Ok(replayed)
}

fn tell_difference(page: &mut Page<'_>, one: &Difference) -> io::Result<()> {
    let by = one
        .event
        .as_deref()
        .and_then(|event| event.split(' ').next());
    let said = format!("{} ({})", one.shipment_id, by.unwrap_or("claim"));
    page.say(0, Ink::Id, &said)?;
    for (name, was, is) in &one.changed {
        page.field(2, name, &format!("{was} \u{2192} {is}"))?;
    }
    for reason in &one.reasons {
        let said = format!("{}: {}", reason.rule, reason.says);
        page.field(2, reason.change, &said)?;
    }
    page.gap()
}

fn replayed_as_text(
    page: &mut Page<'_>,
    desk: &OpenLedger,
    under: &Under<'_>,
) -> Result<Replayed, CommandError> {
    let mut tell = |told: Told| match told {
        Told::Differs(one) => tell_difference(page, &one),
        Told::Unread(id, why) => page.say(0, Ink::Bad, &format!("{id}: not read: {why}")),
    };
    let replayed = replay(desk, under, &mut tell)?;
    let mut rows = Vec::new();
    for (count, what) in [
        (replayed.same, "decided and told the same"),
        (replayed.told_otherwise, "decided the same, told otherwise"),
        (replayed.differ, "would be decided otherwise"),
        (replayed.erased, "erased"),
        (replayed.expired, "expired"),
        (replayed.unread, "not read"),
    ] {
        if count > 0 {
            rows.push(vec![count.to_string(), what.to_owned()]);
        }
    }
    if rows.is_empty() {
        page.say(0, Ink::Plain, "no decision is kept yet")?;
    }
    page.table(0, &[Ink::Bold, Ink::Plain], &rows)?;
    Ok(replayed)
}

/// Tells what CBP would answer to a file.
pub fn foresee(law: &LawOptions, args: &Foresee) -> Result<Ended, CommandError> {
    let look = &args.look;
    let setup = Arc::new(law.setup()?);
    let mut desk = look.desk(&setup)?;
    desk.intake = desk.intake.without_records();
    let catalog = args.input.read_catalog(&setup)?;
    let opening = args.input.opening(&setup, catalog.as_ref())?;
    let inputs = Inputs::new(std::slice::from_ref(&args.file))?;
    let mut rejects = Vec::new();
    let refuse = |reject: &Reject| {
        let (row, field, reason) = (reject.row, &reject.field, &reject.reason);
        rejects.push(format!("{} row {row}: {field} {reason}", reject.file));
        Ok(())
    };
    let (wishes, said) = (Wishes::default(), Said::default());
    let read = FileParcels::read(&desk, &inputs, &opening, (&wishes, &said), refuse, |_| {
        Ok(())
    })?;
    let (parcels, _) = read.into_parts();
    let foreseen = foreseen(&desk, parcels)?;
    if look.format.format == Format::Json {
        let all: Vec<Value> = foreseen.iter().map(foreseen_json).collect();
        show(|page| page.json(&json!({ "ledger": desk.place, "parcels": all })))?;
    } else {
        show(|page| tell_foreseen(page, &foreseen))?;
    }
    for reject in &rejects {
        say_error(reject);
    }
    Ok(if rejects.is_empty() {
        Ended::Well
    } else {
        Ended::Refused
    })
}

fn foreseen_json(one: &Foreseen) -> Value {
    let seen = |seen: Option<crate::ledger::Seen>| {
        seen.map(|seen| json!({ "shipments": seen.shipments, "total_usd": seen.total.to_string() }))
    };
    let decision = |name: &str| one.decision[name].clone();
    json!({
        "shipment_id": one.shipment_id, "day": one.day.to_string(),
        "person_key": one.decision["person"]["key"], "in_ledger": one.in_ledger,
        "cbp_so_far": seen(one.so_far), "cbp_whole_day": seen(one.whole_day),
        "cbp_expected": decision("cbp_expected"), "outcome": decision("outcome"),
        "entry_path": decision("entry_path"),
    })
}

fn tell_foreseen(page: &mut Page<'_>, all: &[Foreseen]) -> io::Result<()> {
    let head = [
        "parcel",
        "arrives",
        "CBP has",
        "whole day",
        "CBP answers",
        "outcome",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for one in all {
        let seen = |seen: Option<crate::ledger::Seen>| {
            seen.map_or_else(|| "\u{2013}".to_owned(), |seen| dollars(seen.total))
        };
        let text = |name: &str| {
            one.decision[name]
                .as_str()
                .unwrap_or("\u{2013}")
                .replace('_', " ")
        };
        rows.push(vec![
            one.shipment_id.clone(),
            one.day.to_string(),
            seen(one.so_far),
            seen(one.whole_day),
            text("cbp_expected"),
            text("outcome"),
        ]);
    }
    let mut styles = [Ink::Plain; 6];
    styles[0] = Ink::Id;
    page.table(0, &styles, &rows)?;
    page.gap()?;
    let said = "CBP has: what is filed as free under 321(a)(2)(C) for the person and day, this \
                parcel included, in the ledger and the file. CBP adds up what others file too.";
    page.say(0, Ink::Dim, said)
}
