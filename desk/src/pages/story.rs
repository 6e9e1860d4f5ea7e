//! What happened to a parcel and what people tell of it, and its entry as a message.

use super::form::InForm;
use super::{Head, page};
use crate::api::body::{InPath, Sent};
use crate::api::entries::{Wanted, make};
use crate::api::tracking::{story, tell};
use crate::auth::Caller;
use crate::problem::{Problem, failed};
use crate::state::Desk;
use crate::tracking::{EventSent, Kind};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use deminimis_clearance::explain::{capital, spaced};
use deminimis_filing::messages::catair::{decode, explain::explain, explain::text};
use deminimis_law::time::{Moment, Zone};
use deminimis_office::ledger::now;
use serde::Deserialize;
use std::sync::Arc;

/// The papers of a parcel: the kind in the address, and its name.
pub(super) const PAPERS: [(&str, &str); 6] = [
    ("invoice", "Commercial invoice"),
    ("packing-list", "Packing list"),
    ("cn22", "CN22"),
    ("cn23", "CN23"),
    ("entry-summary", "Entry summary"),
    ("letter", "Letter to the receiver"),
];

/// What happened, as the API tells it.
#[derive(Deserialize)]
struct Story {
    now: Now,
    states: Vec<Stay>,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Now {
    state: String,
    since: i64,
    held: Option<String>,
    late: bool,
}

#[derive(Deserialize)]
struct Stay {
    state: String,
    from: i64,
    seconds: i64,
}

#[derive(Deserialize)]
struct Event {
    kind: String,
    at: i64,
    source: String,
    hold: Option<String>,
    place: Option<String>,
    warehouse: Option<String>,
    crossing: Option<String>,
    note: Option<String>,
}

/// What happened, as the page sets it.
pub(super) struct Told {
    pub state: String,
    pub since: String,
    pub held: Option<String>,
    pub late: bool,
    pub stays: Vec<StayRow>,
    pub events: Vec<EventRow>,
    /// What can be told: name and words.
    pub kinds: Vec<(&'static str, String)>,
}

/// A time in one state.
pub(super) struct StayRow {
    pub state: String,
    pub from: String,
    pub length: String,
}

/// An event in words.
pub(super) struct EventRow {
    pub at: String,
    pub what: String,
    pub about: String,
    pub source: String,
}

/// What happened to a parcel; nothing while it is not followed yet.
///
/// # Errors
/// The store fails.
pub(super) async fn happened(
    desk: &Arc<Desk>,
    caller: &Caller,
    id: &str,
) -> Result<Option<Told>, Problem> {
    let asked = story(
        State(Arc::clone(desk)),
        caller.clone(),
        InPath(id.to_owned()),
    );
    let told: Story = match asked.await {
        Ok(told) => {
            let told = serde_json::to_value(told.0).map_err(|error| failed(&error))?;
            serde_json::from_value(told).map_err(|error| failed(&error))?
        }
        Err(problem) if problem.status() == StatusCode::NOT_FOUND => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let zone = desk.setup.law.zone();
    let show = |at: i64| zone.show(Moment(at));
    let stays = told.states.into_iter().map(|stay| StayRow {
        state: capital(&spaced(&stay.state)),
        from: show(stay.from),
        length: length(stay.seconds),
    });
    let events = told.events.into_iter().map(|event| {
        let about = [
            event.hold,
            event.place,
            event.warehouse,
            event.crossing,
            event.note,
        ];
        EventRow {
            at: show(event.at),
            what: capital(&spaced(&event.kind)),
            about: about.into_iter().flatten().collect::<Vec<_>>().join(", "),
            source: event.source,
        }
    });
    Ok(Some(Told {
        state: capital(&spaced(&told.now.state)),
        since: show(told.now.since),
        held: told.now.held,
        late: told.now.late,
        stays: stays.collect(),
        events: events.collect(),
        kinds: Kind::ALL
            .iter()
            .map(|(name, _)| (*name, capital(&spaced(name))))
            .collect(),
    }))
}

/// A time in days, hours and minutes, the two largest of them.
fn length(seconds: i64) -> String {
    let minutes = seconds.max(0) / 60;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// What somebody tells of a parcel; what is empty is not said.
#[derive(Deserialize)]
pub struct EventForm {
    kind: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    hold: String,
    #[serde(default)]
    warehouse: String,
    #[serde(default)]
    crossing: String,
    #[serde(default)]
    note: String,
}

impl EventForm {
    fn event(self, zone: &Zone) -> EventSent {
        let said = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        EventSent {
            kind: self.kind,
            at: said(self.at).unwrap_or_else(|| zone.show(Moment(now()))),
            hold: said(self.hold),
            warehouse: said(self.warehouse),
            crossing: said(self.crossing),
            note: said(self.note),
            ..EventSent::default()
        }
    }
}

/// Tells something of a parcel.
pub async fn tell_event(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
    InForm(form): InForm<EventForm>,
) -> Result<Response, Problem> {
    let event = form.event(desk.setup.law.zone());
    let _noted = tell(State(desk), caller, InPath(id.clone()), Sent(event)).await?;
    let place = percent(&id);
    Ok(Redirect::to(&format!("/parcels/{place}#happened")).into_response())
}

/// An id as a part of an address.
fn percent(id: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let part = |byte: u8| match keep(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    id.bytes().map(part).collect()
}

/// As which message.
#[derive(Deserialize)]
pub struct EntryForm {
    #[serde(rename = "as")]
    form: String,
    #[serde(default)]
    sent_on: String,
}

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    head: Head,
    id: String,
    made: Made,
    /// The message in plain words.
    words: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Made {
    message: Option<String>,
    application: String,
    sent_on: String,
    entries: Vec<Entry>,
    refused: Vec<Refused>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    entry_number: String,
    entry_type: String,
    port_of_entry: String,
    value_usd: String,
    duty_usd: String,
    fees_usd: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refused {
    value: String,
    detail: String,
}

/// Makes the entry of a parcel and shows it, with what every record says.
pub async fn entry(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
    InForm(form): InForm<EntryForm>,
) -> Result<Response, Problem> {
    let wanted = Wanted::one(id.clone(), form.form, form.sent_on);
    let made = make(State(desk), caller.clone(), Sent(wanted)).await?;
    let made: Made = serde_json::from_value(made.0).map_err(|error| failed(&error))?;
    let words = made.message.as_deref().unwrap_or_default();
    page(&EntryPage {
        head: Head::new(Some(&caller), "/parcels"),
        id,
        words: text(&explain(&decode(words.as_bytes()))),
        made,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_two_largest_parts() {
        let told = [59, 3_660, 90_000, -5].map(length);
        assert_eq!(told, ["0 min", "1 h 1 min", "1 d 1 h", "0 min"]);
    }

    #[test]
    fn an_id_is_a_part_of_an_address_whatever_is_in_it() {
        assert_eq!(percent("PX-1.a"), "PX-1.a");
        assert_eq!(percent("a/b?é"), "a%2Fb%3F%C3%A9");
    }
}
