//! One person: the days as a calendar, each against the limits of its law, the parcels of a day, who
//! else of that day it may be, and by what the person is known.
//!
//! What a human says of persons is said in `persons_acts`; this only shows.

use super::person_parts::{Calendar, Chosen, Group, KeyRow, calendar, choice, group, key_row};
use super::persons_acts::Done;
use super::{Head, page};
use crate::api::body::{InPath, InQuery};
use crate::api::calendar::{known, month, others};
use crate::api::persons::{day, of_person};
use crate::api::work::bad_parameter;
use crate::auth::Caller;
use crate::auth::token::secret;
use crate::problem::Problem;
use crate::state::Desk;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use deminimis_law::time::Day;
use deminimis_office::ledger::{Found, Identity, Month, MonthOfDays, OpenLedger};
use deminimis_office::setup::Setup;
use deminimis_person::PERSON_RULES;
use deminimis_store::Standing;
use deminimis_store::desk::Role;
use serde::Deserialize;
use std::sync::Arc;

/// What is asked for.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    month: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    /// A day of the calendar.
    pub fn on(day: &str) -> Asked {
        Asked {
            day: day.to_owned(),
            ..Asked::default()
        }
    }
}

/// The same, read.
#[derive(Clone, Copy)]
struct Wanted {
    month: Option<Month>,
    day: Option<Day>,
    after: usize,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    head: Head,
    key: String,
    merged: bool,
    may_act: bool,
    /// What tells an act that this page sends from one that another page sends.
    nonce: String,
    done: Done,
    rules: &'static str,
    calendar: Option<Calendar>,
    chosen: Option<Chosen>,
    /// Whether others of the day are too many to be compared.
    too_many: bool,
    groups: Vec<Group>,
    keys: Vec<KeyRow>,
    looked_at: usize,
    parcels: usize,
    unread: usize,
}

/// What was read of a person.
struct Seen {
    merged: bool,
    month: Option<MonthOfDays>,
    day: Option<(Day, Vec<Standing>)>,
    /// Who else the person may be; nothing where they are too many.
    groups: Option<Vec<Group>>,
    identity: Identity,
}

/// The page.
pub async fn show(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key): InPath<String>,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    shown(&desk, &caller, key, (asked, Done::default())).await
}

/// The page, with what came of an act that was asked for on it.
pub async fn shown(
    desk: &Arc<Desk>,
    caller: &Caller,
    key: String,
    (asked, done): (Asked, Done),
) -> Result<Response, Problem> {
    let wanted = wanted(&asked)?;
    let look = move |setup: &Setup, ledger: &OpenLedger, found| seen(setup, ledger, found, wanted);
    let seen = of_person(desk, caller, &key, look).await?;
    let month = seen.month.as_ref();
    let chosen = seen.day.as_ref();
    let of_day = month.zip(chosen).and_then(|(month, (day, _))| {
        let mut days = month.days.iter();
        days.find(|one| one.day == *day)
    });
    page(&PersonPage {
        head: Head::new(Some(caller), "/persons"),
        may_act: caller.role >= Role::Compliance,
        nonce: secret()?[..32].to_owned(),
        done,
        rules: PERSON_RULES,
        merged: seen.merged,
        calendar: month.map(|month| calendar(month, chosen.map(|(day, _)| *day))),
        too_many: seen.groups.is_none(),
        groups: seen.groups.unwrap_or_default(),
        keys: seen.identity.keys.iter().map(key_row).collect(),
        looked_at: seen.identity.looked_at,
        parcels: seen.identity.parcels,
        unread: seen.identity.unread,
        chosen: chosen.map(|(day, parcels)| choice(*day, of_day, parcels, wanted.after)),
        key,
    })
}

fn wanted(asked: &Asked) -> Result<Wanted, Problem> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let day = day("day", text(&asked.day).as_deref())?;
    let month = month(text(&asked.month).as_deref())?;
    let said = "must be how many parcels come before, a whole number";
    let after = match asked.after.as_str() {
        "" => 0,
        text => text.parse().map_err(|_| bad_parameter("after", said))?,
    };
    Ok(Wanted {
        month: day.map(Month::of).or(month),
        day,
        after,
    })
}

fn seen(setup: &Setup, ledger: &OpenLedger, found: Found, wanted: Wanted) -> Result<Seen, Problem> {
    let month = ledger.month(setup, found, wanted.month)?;
    let last = month.as_ref().and_then(|month| month.days.last());
    let day = match wanted.day.or(last.map(|last| last.day)) {
        Some(day) => Some((day, ledger.parcels(found.person, Some(day.0))?)),
        None => None,
    };
    let alike = match &day {
        Some((day, parcels)) if !parcels.is_empty() => others(setup, ledger, (found, *day))?,
        _ => Some(Vec::new()),
    };
    let groups = alike.map(|alike| {
        let groups = alike.iter();
        groups.filter_map(|of| group(found.person, of)).collect()
    });
    Ok(Seen {
        merged: found.merged,
        month,
        day,
        groups,
        identity: known(setup, ledger, found)?,
    })
}
