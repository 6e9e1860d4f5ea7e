//! `ledger alike`: persons of a day who may be one, for a human to decide.

use super::look::show_as_it_comes;
use super::{Alike as Args, Look};
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::ledger::{Alike, OpenLedger, alike};
use crate::out::page::Format;
use crate::out::page::{Page, Style as Ink};
use crate::out::style::dollars;
use crate::pass::LinkTally;
use crate::setup::Setup;
use deminimis_law::time::Day;
use serde_json::json;
use std::io;
use std::sync::Arc;

/// Tells who may be one, and what they count together.
pub fn tell(law: &LawOptions, args: &Args) -> Result<Ended, CommandError> {
    let on = args.day.as_deref().map(|text| {
        let wrong = || {
            CommandError::Usage(format!(
                "--day `{text}` is not a day; write it as 2025-04-01"
            ))
        };
        Day::parse(text).ok_or_else(wrong)
    });
    let on = on.transpose()?;
    let setup = Arc::new(law.setup()?);
    let look: &Look = &args.look;
    let desk = look.desk(&setup)?;
    let asked = (&desk, &*setup, on);
    match look.format.format {
        Format::Json => show_as_it_comes(|page| as_json(page, asked))?,
        Format::Table => show_as_it_comes(|page| as_text(page, asked))?,
    }
    Ok(Ended::Well)
}

type Asked<'a> = (&'a OpenLedger, &'a Setup, Option<Day>);

fn as_json(page: &mut Page<'_>, (desk, setup, on): Asked<'_>) -> Result<(), CommandError> {
    page.raw("{\"alike\":[")?;
    let mut before = "\n ";
    let tally = alike(desk, setup, on, |one| {
        page.raw(&format!("{before}{}", one.json()))?;
        before = ",\n ";
        Ok(())
    })?;
    let passed_over: Vec<String> = tally
        .passed_over
        .iter()
        .map(|(day, _)| day.to_string())
        .collect();
    let rest = json!(passed_over);
    page.raw(&format!(
        "],\n\"days_passed_over\":{},\"first_passed_over\":{rest}}}\n",
        tally.days_passed_over
    ))?;
    Ok(())
}

fn as_text(page: &mut Page<'_>, (desk, setup, on): Asked<'_>) -> Result<(), CommandError> {
    let mut count = 0_u64;
    let tally = alike(desk, setup, on, |one| {
        count += 1;
        alike_text(page, &one)
    })?;
    passed_over(page, &tally)?;
    let said = match count {
        0 if tally.days_passed_over > 0 => {
            "no two persons of the days that were compared are alike"
        }
        0 => "no two persons of a day are alike",
        _ => {
            "Nothing is merged: deminimis ledger merge KEY KEY says that two are one, and names the \
             days that are over a limit then; deminimis ledger apart KEY KEY says that they are two."
        }
    };
    page.say(0, Ink::Dim, said)?;
    Ok(())
}

fn alike_text(page: &mut Page<'_>, one: &Alike) -> io::Result<()> {
    let (count, together) = (one.persons.len(), dollars(one.together));
    let mut said = format!(
        "{}: {count} may be one person; together {together} count",
        one.day
    );
    if let Some(limit) = one.limit {
        let word = if one.is_over() { "over" } else { "of" };
        said.push_str(&format!(", {word} a limit of {}", dollars(limit)));
    }
    let ink = if one.is_over() { Ink::Bad } else { Ink::Bold };
    page.say(0, ink, &said)?;
    for person in &one.persons {
        page.say(1, Ink::Id, &person.key.to_string())?;
        page.field(2, "counts", &dollars(person.counted))?;
        page.field(2, "parcels", &person.shipment_ids.join(", "))?;
        for with in &person.with {
            let said = format!("{} ({}): {}", with.key, with.score, with.evidence);
            page.field(2, "may be", &said)?;
        }
    }
    page.gap()
}

fn passed_over(page: &mut Page<'_>, tally: &LinkTally) -> io::Result<()> {
    for (day, rows) in &tally.passed_over {
        let said = format!("{day} has {rows} parties, too many to be compared");
        page.say(0, Ink::Bad, &said)?;
    }
    let more = tally.days_passed_over - tally.passed_over.len() as u64;
    match more {
        0 => Ok(()),
        more => page.say(0, Ink::Bad, &format!("and {more} more such days")),
    }
}
