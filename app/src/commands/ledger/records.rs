//! `ledger records`: what is kept of decisions, until when, and what is deleted after.

use super::look::{failed, open, show, show_as_it_comes};
use super::{Expire, List, RecordsArgs, RecordsCommand};
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::ledger::{Records, kept_until, left, now, record_json};
use crate::out::page::Format;
use crate::out::page::{Page, Style as Ink};
use deminimis_law::time::{Day, Moment, Zone};
use deminimis_store::{Expired, KeptRecord};
use serde_json::{Value, json};
use std::io;
use std::sync::Arc;

/// The records that are kept, or what is done to them.
pub fn records(law: &LawOptions, args: &RecordsArgs) -> Result<Ended, CommandError> {
    match &args.command {
        RecordsCommand::List(args) => list(law, args),
        RecordsCommand::Expire(args) => expire(args),
    }
}

fn record_row(one: &KeptRecord) -> Vec<String> {
    // The first word of an event's id says what was done.
    let event = one.event_id.as_deref().unwrap_or("claim");
    let by = event.split(' ').next().unwrap_or_default();
    vec![
        one.seq.to_string(),
        one.shipment_id.clone(),
        by.to_owned(),
        kept_until(one.kept_until).unwrap_or_default(),
        left(one).to_owned(),
    ]
}

/// Shows records a page at a time, so that no more are held.
struct Lister<'p, 'o> {
    page: &'p mut Page<'o>,
    json: bool,
    count: usize,
    /// The widest id until now: the columns of a later page begin where those of this one do.
    widest: usize,
}

impl Lister<'_, '_> {
    fn add(&mut self, records: &[KeptRecord]) -> io::Result<()> {
        if self.json {
            for one in records {
                let before = if self.count == 0 { "[\n  " } else { ",\n  " };
                self.page.raw(&format!("{before}{}", record_json(one)))?;
                self.count += 1;
            }
            return Ok(());
        }
        let mut rows: Vec<Vec<String>> = records.iter().map(record_row).collect();
        if self.count == 0 && !rows.is_empty() {
            let head = ["line", "parcel", "by", "kept until", ""];
            rows.insert(0, head.map(str::to_owned).to_vec());
        }
        self.count += records.len();
        for row in &mut rows {
            self.widest = self.widest.max(row[1].chars().count());
            row[0] = format!("{:8}", row[0]);
            row[1] = format!("{:width$}", row[1], width = self.widest);
            row[2] = format!("{:5}", row[2]);
        }
        let styles = [Ink::Plain, Ink::Id, Ink::Plain, Ink::Plain, Ink::Plain];
        self.page.table(0, &styles, &rows)
    }

    fn end(self) -> io::Result<()> {
        match (self.json, self.count) {
            (true, 0) => self.page.raw("[]\n"),
            (true, _) => self.page.raw("\n]\n"),
            (false, 0) => self.page.say(0, Ink::Plain, "no record is kept yet"),
            (false, _) => Ok(()),
        }
    }
}

fn list(law: &LawOptions, args: &List) -> Result<Ended, CommandError> {
    let setup = Arc::new(law.setup()?);
    let desk = args.look.desk(&setup)?;
    let mut unknown = false;
    show_as_it_comes(|page| {
        let json = args.look.format.format == Format::Json;
        let mut lister = Lister {
            page,
            json,
            count: 0,
            widest: 16,
        };
        if args.ids.is_empty() {
            let mut records = Records::of(&desk)?;
            while let Some(records) = records.page()? {
                lister.add(&records)?;
            }
        }
        for id in &args.ids {
            let records = desk.records_of(id)?;
            if records.is_empty() {
                unknown = true;
                crate::commands::say_error(&format!("{id}: no record of a parcel with this id"));
            }
            lister.add(&records)?;
        }
        Ok(lister.end()?)
    })?;
    Ok(if unknown { Ended::Refused } else { Ended::Well })
}

fn expire(args: &Expire) -> Result<Ended, CommandError> {
    let zone = Zone::named(deminimis_law::rulebook::EASTERN).unwrap_or_default();
    let today = zone.exact(Moment(now())).day;
    let before = match &args.before {
        None => today,
        Some(text) => Day::parse(text).ok_or_else(|| {
            CommandError::Usage(format!(
                "--before `{text}` is not a day; write it as 2030-01-31"
            ))
        })?,
    };
    if before > today && !args.dry_run {
        return Err(CommandError::Usage(format!(
            "--before {before} is after today, {today}: the law wants records kept that would be \
             deleted; --dry-run names them"
        )));
    }
    let (ledger, place) = open(&args.whole.place)?;
    let expired = ledger.expire(before.0, args.dry_run).wait();
    let expired = expired.map_err(failed(&place))?;
    if args.whole.format.format == Format::Json {
        let one = |one: &Expired| {
            json!({ "tenant": one.tenant, "shipment_id": one.shipment_id,
                "position": one.position, "kept_until": kept_until(one.kept_until) })
        };
        let expired: Vec<Value> = expired.iter().map(one).collect();
        let all = json!({ "before": before.to_string(), "dry_run": args.dry_run,
            "expired": expired });
        show(|page| page.json(&all))?;
        return Ok(Ended::Well);
    }
    let done = if args.dry_run {
        "would be deleted"
    } else {
        "deleted"
    };
    show(|page| {
        let said = format!(
            "{} records had to be kept until a day before {before}; their values {done}",
            expired.len()
        );
        page.say(0, Ink::Plain, &said)?;
        if expired.is_empty() {
            return Ok(());
        }
        let mut rows = vec![
            ["tenant", "parcel", "kept until"]
                .map(str::to_owned)
                .to_vec(),
        ];
        rows.extend(expired.iter().map(|one| {
            let day = kept_until(one.kept_until).unwrap_or_default();
            vec![one.tenant.clone(), one.shipment_id.clone(), day]
        }));
        page.table(1, &[Ink::Plain, Ink::Id, Ink::Plain], &rows)
    })?;
    Ok(Ended::Well)
}
