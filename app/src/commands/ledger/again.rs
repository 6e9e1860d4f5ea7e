//! `ledger replay` and `ledger foresee`: parcels assessed without entering anything.

use super::look::show;
use super::{Foresee, Replay};
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::law_cmd::Format;
use crate::law_cmd::page::{Page, Style as Ink};
use crate::ledger::{
    Desk, Difference, FileParcels, Foreseen, Reason, ReplayError, Replayed, Under, foreseen, replay,
};
use crate::out::style::dollars;
use crate::pass::{Inputs, Wishes};
use crate::read::Reject;
use deminimis_store::intake::Said;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

impl From<ReplayError> for CommandError {
    fn from(error: ReplayError) -> CommandError {
        match error {
            ReplayError::Ledger(error) => error.into(),
            ReplayError::Setup(error) => error.into(),
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
    let desk = Desk::open(&look.place.place()?, &look.place.tenant, &setup, false)?;
    let law_at = |known_at| law.setup_at(known_at);
    let under = match args.as_known {
        true => Under::Then {
            law_at: &law_at,
            rulebook: setup.law.hash().to_owned(),
        },
        false => Under::One(setup),
    };
    let replayed = replay(&desk, &under)?;
    if look.format.format == Format::Json {
        show(|page| page.json(&replayed_json(&replayed, &desk.place)))?;
    } else {
        show(|page| tell_replayed(page, &replayed))?;
    }
    // Under the law then known a difference is a defect, and so is what does not read.
    let unmet = args.as_known && !(replayed.differ.is_empty() && replayed.unread.is_empty());
    Ok(if unmet { Ended::Unmet } else { Ended::Well })
}

fn replayed_json(replayed: &Replayed, place: &str) -> Value {
    let reason = |one: &Reason| json!({ "rule": one.rule, "change": one.change, "says": one.says });
    let one = |one: &Difference| {
        let changed: BTreeMap<&str, Value> = one
            .changed
            .iter()
            .map(|(name, was, is)| (*name, json!({ "was": was, "would_be": is })))
            .collect();
        json!({
            "shipment_id": one.shipment_id, "event": one.event, "position": one.position,
            "changed": changed, "reasons": one.reasons.iter().map(reason).collect::<Vec<_>>(),
        })
    };
    let unread = |(id, why): &(String, String)| json!({ "shipment_id": id, "why": why });
    json!({
        "ledger": place, "same": replayed.same, "told_otherwise": replayed.told_otherwise,
        "erased": replayed.erased, "expired": replayed.expired,
        "unread": replayed.unread.iter().map(unread).collect::<Vec<_>>(),
        "differ": replayed.differ.iter().map(one).collect::<Vec<_>>(),
    })
}

fn tell_replayed(page: &mut Page<'_>, replayed: &Replayed) -> io::Result<()> {
    for one in &replayed.differ {
        let by = one
            .event
            .as_deref()
            .and_then(|event| event.split(' ').next());
        page.say(
            0,
            Ink::Id,
            &format!("{} ({})", one.shipment_id, by.unwrap_or("claim")),
        )?;
        for (name, was, is) in &one.changed {
            page.field(2, name, &format!("{was} \u{2192} {is}"))?;
        }
        for reason in &one.reasons {
            let said = format!("{}: {}", reason.rule, reason.says);
            page.field(2, reason.change, &said)?;
        }
        page.gap()?;
    }
    let mut rows = Vec::new();
    for (count, what) in [
        (replayed.same, "decided and told the same"),
        (replayed.told_otherwise, "decided the same, told otherwise"),
        (replayed.differ.len() as u64, "would be decided otherwise"),
        (replayed.erased, "erased"),
        (replayed.expired, "expired"),
        (replayed.unread.len() as u64, "not read"),
    ] {
        if count > 0 {
            rows.push(vec![count.to_string(), what.to_owned()]);
        }
    }
    if rows.is_empty() {
        return page.say(0, Ink::Plain, "no decision is kept yet");
    }
    page.table(0, &[Ink::Bold, Ink::Plain], &rows)?;
    for (id, why) in &replayed.unread {
        page.say(1, Ink::Bad, &format!("{id}: {why}"))?;
    }
    Ok(())
}

/// Tells what CBP would answer to a file.
pub fn foresee(law: &LawOptions, args: &Foresee) -> Result<Ended, CommandError> {
    let look = &args.look;
    let setup = Arc::new(law.setup()?);
    let mut desk = Desk::open(&look.place.place()?, &look.place.tenant, &setup, false)?;
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
    let read = FileParcels::read(&desk, &inputs, &opening, (&wishes, &said), refuse, |_| {})?;
    let (parcels, _) = read.into_parts();
    let foreseen = foreseen(&desk, parcels)?;
    if look.format.format == Format::Json {
        let all: Vec<Value> = foreseen.iter().map(foreseen_json).collect();
        show(|page| page.json(&json!({ "ledger": desk.place, "parcels": all })))?;
    } else {
        show(|page| tell_foreseen(page, &foreseen))?;
    }
    for reject in &rejects {
        eprintln!("deminimis: {reject}");
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
