//! What CBP answered, as events of the parcels of an entry.

use super::event::note_all;
use crate::auth::token::hex;
use crate::problem::Problem;
use crate::state::Desk;
use axum::http::StatusCode;
use deminimis_filing::messages::answers::{
    At, EntryKey, Event, Meaning, ReleaseAnswer, What, meaning_of_status, read,
};
use deminimis_filing::messages::catair::decode;
use deminimis_law::time::{Day, Moment, Zone};
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
            // A parcel that only claims the number of another was never filed under it.
            if let Some(id) = own.await? {
                parcels = vec![id];
            }
        }
        if parcels.is_empty() {
            let name = entry.to_string();
            if !answered.unknown_entries.contains(&name) {
                answered.unknown_entries.push(name);
            }
            continue;
        }
        let told = told(event, desk.setup.law.zone());
        let events = parcels.into_iter().map(|id| (id, told.clone())).collect();
        for noted in note_all(desk, tenant, events).await {
            match noted {
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
        Some(minute) => at_clock(zone, day, i64::from(minute) * 60, now()),
        None => (zone.midnight(day.plus(1)).0 - 1).min(now()),
    }
}

/// The moment at which clocks showed a time, so many seconds after midnight. Of an hour that comes
/// twice, when clocks are set back, the second is taken, unless that is still to come: an answer is
/// never put before what it answers.
fn at_clock(zone: &Zone, day: Day, seconds: i64, now: i64) -> i64 {
    let first = zone.moment(day, seconds);
    let offset = |moment| i64::from(zone.offset(moment));
    // Clocks are set by an hour here; where they were not, an hour later shows another time.
    let second = Moment(first.0 + 3600);
    match offset(first) - offset(second) == 3600 && second.0 <= now {
        true => second.0,
        false => first.0,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_those_of_the_clock_also_on_days_when_it_is_set() {
        let zone = Zone::named("America/New_York").unwrap();
        let told = |day: &str, hour: i64, minute: i64, now: i64| {
            let day = Day::parse(day).unwrap();
            let moment = at_clock(&zone, day, (hour * 60 + minute) * 60, now);
            zone.show(Moment(moment))
        };
        for (day, hour, expected) in [
            ("2026-07-04", 10, "2026-07-04T10:30-04:00"),
            // Clocks went on from two to three, and back from two to one.
            ("2026-03-08", 1, "2026-03-08T01:30-05:00"),
            ("2026-03-08", 3, "2026-03-08T03:30-04:00"),
            ("2026-03-08", 23, "2026-03-08T23:30-04:00"),
            ("2025-11-02", 0, "2025-11-02T00:30-04:00"),
            ("2025-11-02", 1, "2025-11-02T01:30-05:00"),
            ("2025-11-02", 2, "2025-11-02T02:30-05:00"),
            ("2025-11-02", 23, "2025-11-02T23:30-05:00"),
        ] {
            assert_eq!(told(day, hour, 30, i64::MAX), expected);
        }
        // An hour that has come once so far can only be that one.
        let first = zone.moment(Day::parse("2025-11-02").unwrap(), 5400).0;
        assert_eq!(
            told("2025-11-02", 1, 30, first + 60),
            "2025-11-02T01:30-04:00"
        );
        assert_eq!(
            told("2025-11-02", 1, 30, first + 3600),
            "2025-11-02T01:30-05:00"
        );
    }
}
