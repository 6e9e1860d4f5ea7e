//! The tracking board: where parcels are, what is late against its deadline, what is held and why.
//! With scripts it asks for itself again; without, the page is loaded again.

use super::{Head, page};
use crate::api::board::{self, BoardAsked};
use crate::api::body::InQuery;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::Desk;
use crate::tracking::{Happened, State as Place};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use deminimis_clearance::explain::{capital, spaced};
use deminimis_law::time::{Moment, Zone};
use deminimis_office::ledger::now;
use serde::Deserialize;
use std::sync::Arc;

/// What the form of the board sends.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    /// Sent by the boxes where they are ticked.
    late: Option<String>,
    held: Option<String>,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    head: Head,
    counts: Vec<Count>,
    states: Vec<Choice>,
    late: bool,
    held: bool,
    state: String,
    rows: Vec<Row>,
    next: Option<String>,
    /// When this was read.
    at: String,
    filtered: bool,
}

struct Count {
    state: String,
    words: String,
    shipments: i64,
    late: i64,
    held: i64,
}

struct Choice {
    value: &'static str,
    words: String,
    chosen: bool,
}

struct Row {
    told: Happened,
    words: String,
    since: String,
    due: String,
}

/// The page.
pub async fn show(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    let (late, held) = (asked.late.is_some(), asked.held.is_some());
    let wanted = BoardAsked {
        state: Some(asked.state.clone()).filter(|state| !state.is_empty()),
        late,
        held,
        after: asked.after.clone(),
    };
    let told = board::board(State(Arc::clone(&desk)), caller.clone(), InQuery(wanted)).await?;
    let counts = board::counts(State(Arc::clone(&desk)), caller.clone()).await?;
    let zone = desk.setup.law.zone();
    let mut counts: Vec<Count> = counts
        .0
        .into_iter()
        .map(|count| Count {
            words: capital(&spaced(&count.state)),
            state: count.state,
            shipments: count.shipments,
            late: count.late,
            held: count.held,
        })
        .collect();
    // In the order in which a parcel goes through them.
    counts.sort_by_key(|count| Place::parse(&count.state));
    let states = Place::ALL.map(|place| Choice {
        value: place.as_str(),
        words: capital(&spaced(place.as_str())),
        chosen: place.as_str() == asked.state,
    });
    page(&BoardPage {
        head: Head::new(Some(&caller), "/board"),
        counts,
        states: states.into(),
        late,
        held,
        filtered: late || held || !asked.state.is_empty() || !asked.after.is_empty(),
        state: asked.state,
        rows: told
            .0
            .shipments
            .into_iter()
            .map(|one| row(zone, one))
            .collect(),
        next: told.0.next,
        at: zone.show(Moment(now())),
    })
}

fn row(zone: &Zone, told: Happened) -> Row {
    Row {
        words: capital(&spaced(&told.state)),
        since: zone.show(Moment(told.since)),
        due: told
            .due
            .map(|due| zone.show(Moment(due)))
            .unwrap_or_default(),
        told,
    }
}
