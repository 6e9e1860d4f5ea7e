//! Where one begins with persons: one is looked up by a key or by a parcel, and of a day those are
//! shown who are over a limit or nearest to one, and those who may be one.

use super::person_parts::{dollars, total_line};
use super::{Head, page};
use crate::api::body::InQuery;
use crate::api::calendar::{Listed, alike_on, on_day};
use crate::api::persons::day;
use crate::api::work::{can_be_an_id, waiting};
use crate::auth::Caller;
use crate::auth::token::secret;
use crate::problem::{Code, Problem};
use crate::state::Desk;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use deminimis_law::money::Cents;
use deminimis_law::time::Day;
use deminimis_office::ledger::{Alike, OpenLedger, PersonDay, Someone};
use deminimis_person::Key;
use deminimis_store::desk::{Role, Wanted};
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::Arc;

/// Parcels of a person that are named.
const MOST_NAMED: usize = 5;

/// What is asked for.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    day: String,
    /// Sent by the button that asks who may be one.
    alike: Option<String>,
}

#[derive(Template)]
#[template(path = "persons.html")]
struct PersonsPage {
    head: Head,
    may_act: bool,
    nonce: String,
    q: String,
    wrong: String,
    day: String,
    /// Nothing where the ledger has no parcel at all.
    of_day: Option<OfDay>,
    alike: Option<AlikeRows>,
}

struct OfDay {
    listed: Listed,
    rows: Vec<Row>,
    /// How many persons are not shown.
    more: usize,
}

struct Row {
    key: Option<String>,
    parcels: i64,
    totals: Vec<String>,
    all: String,
    state: &'static str,
    words: &'static str,
}

struct AlikeRows {
    listed: Listed,
    groups: Vec<Group>,
    left_out: usize,
}

struct Group {
    together: String,
    limit: Option<String>,
    over: bool,
    persons: Vec<Person>,
    pairs: Vec<Pair>,
}

struct Person {
    key: String,
    counts: String,
    parcels: Vec<String>,
    more: usize,
}

struct Pair {
    /// The one with fewer parcels of the day, and the other.
    from: String,
    into: String,
    score: i32,
    evidence: String,
}

/// The page; or the person who was looked up.
pub async fn show(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    let q = asked.q.trim().to_owned();
    let mut wrong = None;
    if !q.is_empty() {
        match looked_up(&desk, &caller, &q).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(problem) if problem.status().is_server_error() => return Err(problem),
            Err(problem) => wrong = Some(problem),
        }
    }
    let on = match day(
        "day",
        Some(asked.day.trim()).filter(|text| !text.is_empty()),
    ) {
        Ok(on) => on,
        Err(problem) => {
            wrong = wrong.or(Some(problem));
            None
        }
    };
    let on = match on {
        Some(on) => Some(on),
        None => last_day(&desk, &caller).await?,
    };
    let (mut of_day, mut alike) = (None, None);
    if let Some(on) = on {
        let found = on_day(&desk, &caller, on).await?;
        let rows = found.of_all.persons.iter();
        of_day = Some(OfDay {
            more: found.of_all.count - found.of_all.persons.len(),
            rows: rows.map(|(key, of)| row(*key, of)).collect(),
            listed: found.listed,
        });
        if asked.alike.is_some() {
            match alike_on(&desk, &caller, on).await {
                Ok(found) => {
                    alike = Some(AlikeRows {
                        groups: found.alike.iter().map(group).collect(),
                        left_out: found.left_out,
                        listed: found.listed,
                    });
                }
                Err(problem) if problem.status().is_server_error() => return Err(problem),
                Err(problem) => wrong = wrong.or(Some(problem)),
            }
        }
    }
    let status = wrong.as_ref().map_or(StatusCode::OK, Problem::status);
    let shown = page(&PersonsPage {
        head: Head::new(Some(&caller), "/persons"),
        may_act: caller.role >= Role::Compliance,
        nonce: secret()?[..32].to_owned(),
        q,
        wrong: wrong.map_or_else(String::new, |problem| problem.detail().to_owned()),
        day: on.map(|on| on.to_string()).unwrap_or_default(),
        of_day,
        alike,
    })?;
    Ok((status, shown).into_response())
}

/// Where the person of a key or of a parcel is shown.
async fn looked_up(desk: &Arc<Desk>, caller: &Caller, q: &str) -> Result<String, Problem> {
    let ledger = desk.ledger(&caller.tenant);
    if let Some(key) = Key::parse(q) {
        let is_there = move || -> Result<bool, Problem> {
            let found = ledger.found(key)?;
            Ok(found.merged || !ledger.parcels(found.person, None)?.is_empty())
        };
        let said = "the ledger has no parcel of this key";
        return match waiting(is_there).await? {
            true => Ok(format!("/persons/{key}")),
            false => Err(Problem::new(Code::NotFound, said)),
        };
    }
    let id = q.to_owned();
    // What is looked up and not found can be anything, also a name: of it there is no line.
    let (key, day) = waiting(move || of_parcel(&ledger, &id)).await??;
    desk.store
        .audit(desk.line(caller, "person.find", q))
        .await?;
    Ok(format!("/persons/{key}?day={day}"))
}

type Looked = Result<(Key, Day), Problem>;

fn of_parcel(ledger: &OpenLedger, id: &str) -> Result<Looked, Problem> {
    let kept = match can_be_an_id(id) {
        true => ledger.shipment(id)?,
        false => None,
    };
    let Some(kept) = kept else {
        let said =
            "this is neither a key of 32 hexadecimal digits nor the id of a parcel in the ledger";
        return Ok(Err(Problem::new(Code::NotFound, said)));
    };
    let said = "whose parcel this is cannot be told by a key: its person was erased, or a human gave it \
                to a key under which no parcel came";
    Ok(match ledger.key_of_parcel(id, kept.person)? {
        Some(key) => Ok((key, Day(kept.arrival.day))),
        None => Err(Problem::new(Code::NotFound, said)),
    })
}

/// The day of the parcel that was entered last.
async fn last_day(desk: &Arc<Desk>, caller: &Caller) -> Result<Option<Day>, Problem> {
    let (at, tenant) = (Arc::clone(desk), caller.tenant.clone());
    waiting(move || {
        at.take_in()?;
        let last = at
            .store
            .find_parcels(&tenant, &Wanted::default(), 1)
            .wait()?;
        Ok(last.first().map(|one| Day(one.day)))
    })
    .await
}

fn row(key: Option<Key>, of: &PersonDay) -> Row {
    Row {
        key: key.map(|key| key.to_string()),
        parcels: of.holds.all.shipments,
        totals: of.counted.iter().map(total_line).collect(),
        all: dollars(Cents(of.holds.all.total_cents)),
        state: of.state().as_str(),
        words: of.state().words(),
    }
}

fn group(of: &Alike) -> Group {
    let mut seen = HashSet::new();
    let mut pairs = Vec::new();
    for one in &of.persons {
        for with in &one.with {
            let other = of
                .persons
                .iter()
                .find(|other| other.key.to_string() == with.key);
            let Some(other) = other.filter(|other| {
                let pair = (one.key.min(other.key), one.key.max(other.key));
                seen.insert(pair)
            }) else {
                continue;
            };
            let (from, into) = match one.shipment_ids.len() > other.shipment_ids.len() {
                true => (other, one),
                false => (one, other),
            };
            pairs.push(Pair {
                from: from.key.to_string(),
                into: into.key.to_string(),
                score: with.score,
                evidence: with.evidence.clone(),
            });
        }
    }
    let person = |one: &Someone| Person {
        key: one.key.to_string(),
        counts: dollars(one.counted),
        parcels: one.shipment_ids.iter().take(MOST_NAMED).cloned().collect(),
        more: one.shipment_ids.len().saturating_sub(MOST_NAMED),
    };
    Group {
        together: dollars(of.together),
        limit: of.limit.map(dollars),
        over: of.is_over(),
        persons: of.persons.iter().map(person).collect(),
        pairs,
    }
}
