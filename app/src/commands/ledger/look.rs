//! `ledger status`, `person`, `day`: what is in the ledger, changed by none of them.

use super::{Look, Who, Whole};
use crate::commands::law::LawOptions;
use crate::commands::place::WholeOptions;
use crate::commands::{CommandError, Ended};
use crate::ledger::{
    Found, Keys, LedgerError, OWN_TENANT, OpenLedger, Place, basis_word, holds_json, parcel_json,
    state_word,
};
use crate::out::page::Format;
use crate::out::page::{Page, Style as Ink};
use crate::out::style::{Style, dollars};
use deminimis_law::money::Cents;
use deminimis_law::names::Basis;
use deminimis_law::time::Day;
use deminimis_store::intake::{Tally, survey};
use deminimis_store::{DayHolds, Ledger, Standing, State, StoreError};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::Arc;

/// Shows one thing on standard output.
pub fn show(write: impl FnOnce(&mut Page<'_>) -> io::Result<()>) -> Result<(), CommandError> {
    show_as_it_comes(|page| Ok(write(page)?))
}

/// The same for what is read while it is shown.
pub fn show_as_it_comes<T>(
    write: impl FnOnce(&mut Page<'_>) -> Result<T, CommandError>,
) -> Result<T, CommandError> {
    let style = Style::of_stdout();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = write(&mut Page::new(&mut out, style.width, style.colour));
    // What was shown before something failed is shown.
    out.flush()?;
    written
}

/// An open ledger that is only read, and its place.
pub fn open(at: &WholeOptions) -> Result<(Box<dyn Ledger>, Place), CommandError> {
    let place = at.place()?;
    place.find()?;
    let keys = Keys::in_hand()?;
    Ok((place.open(false, keys.as_ref())?, place))
}

/// An error of the ledger, with its place.
pub fn failed(place: &Place) -> impl Fn(StoreError) -> LedgerError {
    move |error| LedgerError::Store {
        place: place.to_string(),
        error,
    }
}

/// What the ledger holds, in numbers.
pub fn status(whole: &Whole) -> Result<Ended, CommandError> {
    let (ledger, place) = open(&whole.place)?;
    let mut survey = survey(&*ledger).map_err(failed(&place))?;
    survey.tenants.remove(OWN_TENANT);
    let place = place.to_string();
    if whole.format.format == Format::Json {
        let tenant = |(name, tally): (&String, &Tally)| {
            json!({
                "tenant": name, "reserved": tally.reserved, "posted": tally.posted,
                "voided": tally.voided, "persons": tally.persons, "days": tally.days,
                "days_open": tally.open_days, "lines": tally.lines,
            })
        };
        let tenants: Vec<Value> = survey.tenants.iter().map(tenant).collect();
        let all = json!({
            "ledger": place, "last_position": survey.last_position,
            "tenants": tenants,
        });
        show(|page| page.json(&all))?;
        return Ok(Ended::Well);
    }
    let head = [
        "tenant",
        "reserved",
        "posted",
        "voided",
        "persons",
        "days",
        "days open",
        "lines",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (name, tally) in &survey.tenants {
        let numbers = [
            tally.reserved,
            tally.posted,
            tally.voided,
            tally.persons,
            tally.days,
            tally.open_days,
            tally.lines,
        ];
        let numbers = numbers.iter().map(u64::to_string);
        rows.push(std::iter::once(name.clone()).chain(numbers).collect());
    }
    let styles = [
        Ink::Id,
        Ink::Plain,
        Ink::Plain,
        Ink::Plain,
        Ink::Plain,
        Ink::Plain,
        Ink::Plain,
        Ink::Plain,
    ];
    show(|page| {
        page.field(0, "ledger", &place)?;
        page.field(0, "position", &survey.last_position.to_string())?;
        page.gap()?;
        if survey.tenants.is_empty() {
            return page.say(0, Ink::Plain, "no parcel is entered yet");
        }
        page.table(0, &styles, &rows)
    })?;
    Ok(Ended::Well)
}

/// Parcels as rows of a table.
fn rows(parcels: &[Standing]) -> Vec<Vec<String>> {
    let head = ["parcel", "state", "arrives", "value", "counts as"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for one in parcels {
        let counts = match one.posting.counted {
            _ if one.state == State::Voided => "nothing",
            Some(slot) => basis_word(slot.place()).unwrap_or("?"),
            None if one.posting.undecided.is_some() => "needs a person",
            None => "nothing",
        };
        rows.push(vec![
            one.shipment_id.clone(),
            state_word(one.state).to_owned(),
            Day(one.arrival.day).to_string(),
            dollars(Cents(one.posting.value_cents)),
            counts.to_owned(),
        ]);
    }
    rows
}

const STYLES: [Ink; 5] = [Ink::Id, Ink::Plain, Ink::Plain, Ink::Plain, Ink::Plain];

/// What is said of a key that was merged.
const MERGED: &str = "This key was merged into another: the days are those of both.";

/// Opens the ledger with the secret, and finds the person in it.
fn person_of(
    law: &LawOptions,
    who: &Who,
    look: &Look,
) -> Result<(OpenLedger, Found), CommandError> {
    let key = who.key()?;
    let setup = Arc::new(law.setup()?);
    let desk = look.desk(&setup)?;
    let found = desk.found(key)?;
    Ok((desk, found))
}

/// What a day holds, in a line for people.
pub fn holds_line(holds: &DayHolds) -> String {
    let parcels = match holds.all.shipments {
        1 => "1 parcel".to_owned(),
        more => format!("{more} parcels"),
    };
    let mut line = format!("{parcels}, {}", dollars(Cents(holds.all.total_cents)));
    for (slot, sum) in holds.counted.iter().enumerate() {
        if let Some(basis) = basis_word(slot).filter(|_| sum.shipments > 0) {
            let total = dollars(Cents(sum.total_cents));
            line.push_str(&format!(
                " \u{b7} counted as {basis}: {}, {total}",
                sum.shipments
            ));
        }
    }
    for slot in (0..Basis::ALL.len()).filter(|slot| holds.crossed[*slot] > 0) {
        line.push_str(&format!(
            " \u{b7} limit of {} crossed",
            basis_word(slot).unwrap_or("?")
        ));
    }
    if holds.undecided.shipments > 0 {
        line.push_str(&format!(
            " \u{b7} {} need a person",
            holds.undecided.shipments
        ));
    }
    line
}

fn said_of(page: &mut Page<'_>, found: &Found) -> io::Result<()> {
    match found.merged {
        true => page.say(0, Ink::Dim, MERGED),
        false => Ok(()),
    }
}

/// A person's days.
pub fn person(law: &LawOptions, who: &Who, look: &Look) -> Result<Ended, CommandError> {
    let (desk, found) = person_of(law, who, look)?;
    let days = desk.days(found.person)?;
    if look.format.format == Format::Json {
        let day = |(holds, parcels): &(DayHolds, Vec<Standing>)| {
            let mut day = holds_json(holds);
            day["day"] = Day(parcels[0].arrival.day).to_string().into();
            day["parcels"] = parcels.iter().map(parcel_json).collect();
            day
        };
        let days: Vec<Value> = days.iter().map(day).collect();
        let all = json!({ "tenant": desk.intake.tenant(), "merged": found.merged, "days": days });
        show(|page| page.json(&all))?;
        return Ok(Ended::Well);
    }
    show(|page| {
        if days.is_empty() {
            return page.say(0, Ink::Plain, "the ledger has no parcel of this person");
        }
        for (at, (holds, parcels)) in days.iter().enumerate() {
            if at > 0 {
                page.gap()?;
            }
            let day = Day(parcels[0].arrival.day);
            page.say(0, Ink::Bold, &format!("{day}: {}", holds_line(holds)))?;
            page.table(1, &STYLES, &rows(parcels))?;
        }
        said_of(page, &found)
    })?;
    Ok(Ended::Well)
}

/// What one day of a person holds.
pub fn day(law: &LawOptions, day: &str, who: &Who, look: &Look) -> Result<Ended, CommandError> {
    let asked = Day::parse(day).ok_or_else(|| {
        CommandError::Usage(format!("`{day}` is not a day; write it as 2025-04-01"))
    })?;
    let (desk, found) = person_of(law, who, look)?;
    let holds = desk.holds(found.person, asked.0)?;
    let on_it = desk.parcels(found.person, Some(asked.0))?;
    if look.format.format == Format::Json {
        let mut all = holds_json(&holds);
        all["tenant"] = desk.intake.tenant().into();
        all["day"] = asked.to_string().into();
        all["merged"] = found.merged.into();
        all["parcels"] = on_it.iter().map(parcel_json).collect();
        show(|page| page.json(&all))?;
        return Ok(Ended::Well);
    }
    show(|page| {
        page.say(0, Ink::Bold, &format!("{asked}: {}", holds_line(&holds)))?;
        if !on_it.is_empty() {
            page.table(1, &STYLES, &rows(&on_it))?;
        }
        said_of(page, &found)
    })?;
    Ok(Ended::Well)
}
