//! Follows the ledger: every parcel that gets its place, over the API, in a batch or from the
//! command line, gets its track; what becomes of it in the ledger becomes an event.
//!
//! How far it has come is kept, and all it does can be done again: whoever is interrupted begins
//! where he was.

use super::state::reckon;
use crate::api::work::waiting;
use crate::problem::Problem;
use crate::state::Desk;
use deminimis_law::time::{Day, Zone, parse_timestamp};
use deminimis_office::ledger::{Answer, OWN_TENANT, now};
use deminimis_store::desk::{Due, TrackEvent};
use deminimis_store::{Content, Entry, Kind, StoreError};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// The name under which it keeps how far it has come.
const READER: &str = "tracking";
/// Lines that are taken at once.
const PAGE: u32 = 500;
/// How often it looks where nothing came.
const PAUSE: Duration = Duration::from_millis(300);
/// How far back it looks now and then: on PostgreSQL a line of another program can become visible
/// after one with a higher number.
const BACK: i64 = 2000;
/// After how many looks it looks back.
const BETWEEN: u32 = 100;

/// Follows the ledger for as long as the program runs.
pub async fn follow(desk: Arc<Desk>) {
    let (mut looks, mut taken) = (0_u32, BTreeSet::new());
    loop {
        looks = looks.wrapping_add(1);
        let back = if looks.is_multiple_of(BETWEEN) {
            BACK
        } else {
            0
        };
        match step(&desk, back, &mut taken).await {
            Ok(0) => tokio::time::sleep(PAUSE).await,
            Ok(_) => {}
            Err(problem) => {
                tracing::warn!(detail = problem.detail(), "the ledger is not followed");
                tokio::time::sleep(PAUSE * 10).await;
            }
        }
    }
}

/// Takes the next lines but those that were taken since the program began; how many were new.
async fn step(desk: &Arc<Desk>, back: i64, taken: &mut BTreeSet<i64>) -> Result<usize, Problem> {
    let from = desk.store.followed(READER).await?;
    let ledger = Arc::clone(&desk.ledger(OWN_TENANT).ledger);
    let after = (from - back).max(0);
    let entries = waiting(move || Ok(ledger.entries(after, PAGE + back as u32).wait()?)).await?;
    let last = entries.last().map_or(from, |entry| entry.position);
    let fresh = entries.iter().filter(|entry| entry.position > from).count();
    let new = entries
        .iter()
        .filter(|entry| entry.tenant != OWN_TENANT && !taken.contains(&entry.position));
    take(desk, new.cloned().collect()).await?;
    taken.extend(entries.iter().map(|entry| entry.position));
    *taken = taken.split_off(&(last - BACK));
    if last > from {
        desk.store.set_followed(READER, last).await?;
    }
    Ok(fresh)
}

/// Takes lines of the ledger, all of them at once so that they share commits.
async fn take(desk: &Arc<Desk>, entries: Vec<Entry>) -> Result<(), Problem> {
    let reader = Arc::clone(desk);
    let read = move || -> Result<Vec<_>, Problem> {
        let mut all = Vec::new();
        for entry in entries {
            let Some(kind) = kind_of(&entry) else {
                continue;
            };
            if let Some(known) = kept(&reader, &entry.tenant, &entry.shipment_id)? {
                all.push((entry, kind, known));
            }
        }
        Ok(all)
    };
    let mut told = Vec::new();
    for (entry, kind, known) in waiting(read).await? {
        let event = event(&entry, kind, known.decided_at);
        let (tenant, id) = (entry.tenant, entry.shipment_id);
        let due = (event, known.dues);
        let track = move |desk: &Desk| {
            let number = known.entry_number.clone();
            desk.store.track(&tenant, &id, number, due.clone(), reckon)
        };
        told.push((track(desk), track));
    }
    for (noted, track) in told {
        match noted.await {
            // Too many came at once: alone it has its turn.
            Err(StoreError::Busy) => drop(track(desk).await?),
            noted => drop(noted?),
        }
    }
    Ok(())
}

/// What a line of the ledger says of a parcel; nothing for one that says nothing of where it is.
fn kind_of(entry: &Entry) -> Option<&'static str> {
    match entry.kind {
        Kind::Reserve => Some("booked"),
        Kind::Post => Some("released"),
        Kind::Void => Some("cancelled"),
        // Another day or value: what is due can be another.
        Kind::Move | Kind::Amend if entry.sign > 0 => Some("note"),
        Kind::Move | Kind::Amend | Kind::Merge | Kind::Split => None,
    }
}

fn event(entry: &Entry, kind: &str, decided_at: i64) -> TrackEvent {
    TrackEvent {
        event_id: format!("ledger {}", entry.position),
        kind: kind.to_owned(),
        // When it was claimed is in its record; when something became of it is seen now.
        at: if kind == "booked" { decided_at } else { now() },
        received_at: now(),
        source: "ledger".to_owned(),
        place: None,
        warehouse: None,
        crossing: None,
        hold: None,
        meets: None,
        note: (kind == "note").then(|| "moved or amended".to_owned()),
    }
}

/// What the track of a parcel begins with.
struct Known {
    decided_at: i64,
    entry_number: Option<String>,
    dues: Vec<Due>,
}

fn kept(desk: &Desk, tenant: &str, id: &str) -> Result<Option<Known>, Problem> {
    let ledger = desk.ledger(tenant);
    let records = ledger.records_of(id)?;
    let value = |path: &str| {
        // The latest that has it.
        records.iter().rev().find_map(|record| {
            let field = record.fields.iter().find(|field| field.path == path)?;
            match &field.content {
                Content::Value(value) => str::from_utf8(value).ok().map(str::to_owned),
                _ => None,
            }
        })
    };
    let Some(parcel) = ledger.shipment(id)? else {
        return Ok(None);
    };
    let told = match value("decision") {
        Some(decision) => decision,
        // A ledger without records: the answer has it too.
        None => {
            let mut text = Vec::new();
            if let Some(answer) = Answer::read(&parcel.answer) {
                answer.push_json(None, &mut text);
            }
            String::from_utf8(text).unwrap_or_default()
        }
    };
    let decided: Decided = serde_json::from_str(&told).unwrap_or_default();
    let entry_number = value("input.entry_number");
    let entry_number = entry_number.map(|text| text.replace('-', "").to_ascii_uppercase());
    Ok(Some(Known {
        decided_at: value("decided_at")
            .and_then(|text| text.parse().ok())
            .unwrap_or_else(now),
        entry_number,
        dues: dues(decided, desk.setup.law.zone()),
    }))
}

/// What is read of a decision.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Decided {
    deadlines: Vec<Deadline>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Deadline {
    rule: Option<String>,
    what: Option<String>,
    due: Option<String>,
}

/// What is due, where a moment is known. What depends on something that is not known yet is in the
/// decision and on no board.
fn dues(decided: Decided, zone: &Zone) -> Vec<Due> {
    let moment = |text: &str| match Day::parse(text) {
        // What is due on a day may be done until its end.
        Some(day) => Some(zone.midnight(day.plus(1)).0 - 1),
        None => parse_timestamp(text).ok().map(|moment| moment.0),
    };
    let one = |deadline: Deadline| {
        Some(Due {
            rule: deadline.rule?,
            what: deadline.what?,
            due: moment(&deadline.due?)?,
        })
    };
    decided.deadlines.into_iter().filter_map(one).collect()
}
