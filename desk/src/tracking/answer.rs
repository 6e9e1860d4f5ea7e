//! What CBP answered, as events of the parcels of an entry.

use super::event::note;
use crate::auth::token::hex;
use crate::problem::Problem;
use crate::state::Desk;
use axum::http::StatusCode;
use deminimis_filing::messages::answers::{
    At, EntryKey, Event, Meaning, ReleaseAnswer, What, meaning_of_status, read,
};
use deminimis_filing::messages::catair::decode;
use deminimis_law::time::Zone;
use deminimis_office::ledger::now;
use deminimis_store::desk::TrackEvent;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// What came of a message of CBP.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Answered {
    /// Events that are new to parcels.
    pub new: u64,
    /// Events that were told before.
    pub duplicate: u64,
    /// Entries that no parcel of the desk names as its `entry_number`.
    pub unknown_entries: Vec<String>,
    /// Lines that concern no entry, or could not be read.
    pub troubles: Vec<String>,
}

/// Takes a message (AX, SX or SO): each event goes to every parcel of its entry.
///
/// # Errors
/// The store fails.
pub async fn take(desk: &Desk, tenant: &str, bytes: &[u8]) -> Result<Answered, Problem> {
    let answers = read(&decode(bytes));
    let mut answered = Answered::default();
    for trouble in &answers.troubles {
        let said = format!(
            "line {} {}: {}",
            trouble.line, trouble.record, trouble.reason
        );
        answered.troubles.push(said);
    }
    for (entry, event) in &answers.events {
        let mut parcels = desk.store.tracked_of_entry(tenant, &number(entry)).await?;
        // The desk may have given it its number.
        if let Some(serial) = serial(entry) {
            let own = desk.store.shipment_of_entry(tenant, &entry.filer, serial);
            parcels.extend(own.await?.filter(|id| !parcels.contains(id)));
        }
        if parcels.is_empty() {
            let name = entry.to_string();
            if !answered.unknown_entries.contains(&name) {
                answered.unknown_entries.push(name);
            }
            continue;
        }
        let told = told(event, desk.setup.law.zone());
        for id in parcels {
            match note(desk, tenant, &id, told.clone()).await {
                Ok((true, _)) => answered.new += 1,
                Ok((false, _)) => answered.duplicate += 1,
                // The id is the answer itself: it was told before, at another moment of the day.
                Err(problem) if problem.status() == StatusCode::CONFLICT => answered.duplicate += 1,
                Err(problem) => return Err(problem),
            }
        }
    }
    Ok(answered)
}

/// The seven digits before the check digit.
fn serial(entry: &EntryKey) -> Option<u32> {
    entry.number.get(..7)?.parse().ok()
}

/// The number of an entry as parcels name it, without hyphens.
fn number(entry: &EntryKey) -> String {
    format!("{}{}", entry.filer, entry.number).to_ascii_uppercase()
}

/// An answer as an event. One that tells no time of day counts from the end of its day, and one
/// that tells no day from now: it is never put before what it answers.
fn told(event: &Event, zone: &Zone) -> TrackEvent {
    let (kind, hold, words) = meaning(&event.what);
    let mut hash = Sha256::new();
    // The same answer has the same words.
    hash.update(serde_json::to_vec(event).unwrap_or_default());
    TrackEvent {
        event_id: format!("cbp {}", hex(&hash.finalize()[..16])),
        kind: kind.to_owned(),
        at: moment(event.at, zone),
        received_at: now(),
        source: "cbp".to_owned(),
        place: None,
        warehouse: None,
        crossing: None,
        hold,
        meets: None,
        note: Some(
            words
                .chars()
                .filter(|one| !one.is_control())
                .take(80)
                .collect(),
        ),
    }
}

fn moment(at: At, zone: &Zone) -> i64 {
    let Some(day) = at.day else {
        return now();
    };
    match at.minute {
        Some(minute) => zone.midnight(day).0 + i64::from(minute) * 60,
        None => (zone.midnight(day.plus(1)).0 - 1).min(now()),
    }
}

/// What happened, the hold that it is about, and CBP's own words.
fn meaning(what: &What) -> (&'static str, Option<String>, &str) {
    let of_status = |record: &str, code: &str| match meaning_of_status(record, code).0 {
        Meaning::Hold(name) => ("hold", Some(name.to_owned())),
        Meaning::HoldEnded(name) => ("hold_removed", Some(name.to_owned())),
        Meaning::Released => ("released", None),
        Meaning::Cancelled => ("note", None),
        Meaning::Review => ("hold", Some("CBP review".to_owned())),
        Meaning::Documents => ("hold", Some("documents asked for".to_owned())),
        Meaning::WithheldDeMinimis => ("hold", Some("de minimis".to_owned())),
        Meaning::Progress
        | Meaning::BillTrouble
        | Meaning::Admissible
        | Meaning::ReleaseDateChanged
        | Meaning::NotReleased
        | Meaning::CancelSoon
        | Meaning::Information => ("note", None),
    };
    match what {
        What::Summary {
            accepted: true,
            narrative,
            ..
        } => ("summary_filed", None, narrative),
        What::ReleaseAnswered {
            answer: ReleaseAnswer::Accepted | ReleaseAnswer::AcceptedWithWarnings,
            cancels: false,
            narrative,
            ..
        } => ("entry_accepted", None, narrative),
        What::ReleaseAnswered {
            answer: ReleaseAnswer::Referred,
            narrative,
            ..
        } => ("hold", Some("CBP review".to_owned()), narrative),
        What::Summary { narrative, .. }
        | What::ReleaseAnswered { narrative, .. }
        | What::Agency { narrative, .. } => ("note", None, narrative),
        What::Bill {
            code, narrative, ..
        } => {
            let (kind, hold) = of_status("SO50", code);
            (kind, hold, narrative)
        }
        What::Release {
            code, narrative, ..
        } => {
            let (kind, hold) = of_status("SO60", code);
            (kind, hold, narrative)
        }
    }
}
