//! `ledger merge`, `split`, `apart`, `erase`: what a human says of persons.

use super::look::{holds_line, show};
use super::{Apart, Erase, Look, Merge, Split};
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::ledger::{Changed, OpenLedger};
use crate::out::page::{Format, Page, Style as Ink};
use crate::out::style::dollars;
use crate::setup::Setup;
use deminimis_law::time::Day;
use deminimis_person::Key;
use deminimis_store::{PersonKey, PersonsEvent, Refused};
use serde_json::json;
use std::io;
use std::sync::Arc;

fn open(law: &LawOptions, look: &Look) -> Result<(Arc<Setup>, OpenLedger), CommandError> {
    let setup = Arc::new(law.setup()?);
    let desk = look.desk(&setup)?;
    Ok((setup, desk))
}

fn person(desk: &OpenLedger, key: &str) -> Result<PersonKey, CommandError> {
    let wrong = || {
        CommandError::Usage(format!(
            "`{key}` is not a person's key: 32 hexadecimal digits, as decisions show it under \
             person.key"
        ))
    };
    Ok(desk
        .intake
        .ledger_person(Key::parse(key).ok_or_else(wrong)?))
}

/// The event of an act on persons: told from another by the sender's id, or by when it came.
fn event(
    desk: &OpenLedger,
    id: Option<&String>,
    said: &[&str],
) -> Result<PersonsEvent, CommandError> {
    let id = match id {
        Some(id) => id.clone(),
        None => super::change::unique()?,
    };
    Ok(desk.persons_event(id, said))
}

/// Two keys are one person.
pub fn merge(law: &LawOptions, args: &Merge) -> Result<Ended, CommandError> {
    let (setup, desk) = open(law, &args.look)?;
    let (from, into) = (person(&desk, &args.from)?, person(&desk, &args.into)?);
    let event = event(
        &desk,
        args.event.as_ref(),
        &["merge", &args.from, &args.into],
    )?;
    let unknown = desk.unknown_keys(&[(&args.from, from), (&args.into, into)])?;
    let merged = desk.ledger.merge(event, from, into);
    tell(&args.look, desk.changed(&setup, (into, unknown), merged)?)
}

/// Parcels are another person's.
pub fn split(law: &LawOptions, args: &Split) -> Result<Ended, CommandError> {
    let (setup, desk) = open(law, &args.look)?;
    let to = person(&desk, &args.to)?;
    let mut said = vec!["split", args.to.as_str()];
    said.extend(args.ids.iter().map(String::as_str));
    let event = event(&desk, args.event.as_ref(), &said)?;
    let unknown = desk.unknown_keys(&[(&args.to, to)])?;
    let split = desk.split_parcels(&setup, event, &args.ids, (to, unknown))?;
    tell(&args.look, split)
}

/// Two keys are two persons.
pub fn apart(law: &LawOptions, args: &Apart) -> Result<Ended, CommandError> {
    let (_, desk) = open(law, &args.look)?;
    let keys = [&args.one, &args.other];
    let [one, other] = [person(&desk, keys[0])?, person(&desk, keys[1])?];
    let event = event(
        &desk,
        args.event.as_ref(),
        &["apart", &args.one, &args.other],
    )?;
    let parted = desk.set_apart(event, [(keys[0], one), (keys[1], other)])?;
    let parted = parted.map_err(|why| match why {
        Refused::AlreadyOne => {
            let why = "the two are one person in the ledger: ledger split takes parcels apart";
            CommandError::Refused(why.to_owned())
        }
        why => CommandError::Refused(why.to_string()),
    })?;
    if args.look.format.format == Format::Json {
        show(|page| page.json(&parted.json()))?;
        return Ok(Ended::Well);
    }
    show(|page| {
        let done = if parted.fresh { "done" } else { "done before" };
        let said = format!("{done}: the two are not told as alike any more, until they are merged");
        page.say(0, Ink::Bold, &said)?;
        mistyped(page, &parted.unknown)
    })?;
    Ok(Ended::Well)
}

fn mistyped(page: &mut Page<'_>, unknown: &[String]) -> io::Result<()> {
    for key in unknown {
        let said = format!("the ledger has no parcel of {key} until now: is it mistyped?");
        page.say(1, Ink::Bad, &said)?;
    }
    Ok(())
}

/// Shows which days changed, and how.
fn tell(look: &Look, changed: Result<Changed, Refused>) -> Result<Ended, CommandError> {
    let changed = match changed {
        Ok(changed) => changed,
        Err(reason) => return Err(CommandError::Refused(reason.to_string())),
    };
    if look.format.format == Format::Json {
        show(|page| page.json(&changed.json()))?;
        return Ok(Ended::Well);
    }
    let affected = &changed.affected;
    show(|page| {
        let done = if changed.fresh { "done" } else { "done before" };
        page.say(
            0,
            Ink::Bold,
            &format!("{done}: {} persons' days changed", affected.len()),
        )?;
        for one in affected {
            let whose = match one.person == changed.to {
                true => "of the person who has the parcels now",
                false => "of the person who had them",
            };
            page.say(1, Ink::Id, &format!("{}, {whose}", Day(one.day)))?;
            page.field(2, "before", &holds_line(&one.before))?;
            page.field(2, "after", &holds_line(&one.after))?;
        }
        for one in &changed.over {
            let said = format!(
                "{}: {} counted as {}, over the limit of {}: a person must decide {}",
                one.day,
                dollars(one.total),
                one.basis.as_str(),
                dollars(one.limit),
                one.shipment_ids.join(", ")
            );
            page.say(1, Ink::Bad, &said)?;
        }
        mistyped(page, &changed.unknown)?;
        if affected.is_empty() {
            return Ok(());
        }
        let said = "No answer that was given is taken back.";
        page.say(0, Ink::Dim, said)
    })?;
    Ok(Ended::Well)
}

/// Destroys what is kept of a person.
pub fn erase(law: &LawOptions, args: &Erase) -> Result<Ended, CommandError> {
    let key = args.who.key()?;
    let (_, desk) = open(law, &args.look)?;
    let person = desk.intake.ledger_person(key);
    if !args.yes {
        let parcels = desk.parcels(desk.person_of(person)?, None)?.len();
        return Err(CommandError::Usage(format!(
            "what is kept of this person's {parcels} parcels would be destroyed and cannot be had \
             back; totals, records and proofs stay. Say --yes to do it"
        )));
    }
    let erased = desk.erase(person)?;
    if args.look.format.format == Format::Json {
        let all = json!({ "keys": erased.keys, "records": erased.records,
            "blocking_keys": erased.blocking_keys });
        show(|page| page.json(&all))?;
        return Ok(Ended::Well);
    }
    show(|page| {
        let said = format!(
            "erased: personal fields of {} records, {} keys, {} blocking keys",
            erased.records, erased.keys, erased.blocking_keys
        );
        page.say(0, Ink::Plain, &said)?;
        let said = "Backups and exports made before hold what they held.";
        page.say(0, Ink::Dim, said)
    })?;
    Ok(Ended::Well)
}
