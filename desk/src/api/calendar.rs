//! How persons' days stand against the limits of their law, by what a person is known, and who may be
//! one with whom: what a human looks at before persons are merged, split or set apart.

use crate::api::body::{InPath, InQuery};
use crate::api::persons::{day, of_person};
use crate::api::shipments::not_run;
use crate::api::work::{bad_parameter, searching};
use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use deminimis_law::time::Day;
use deminimis_office::ledger::{
    Alike, DayOfAll, Found, Identity, Month, OpenLedger, PersonDay, alike_among, alike_to,
};
use deminimis_office::setup::Setup;
use deminimis_person::Key;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::IntoParams;

/// Parcels of a day that are looked at for all its persons: the last entered.
const MOST_OF_A_DAY: usize = 5_000;
/// Persons of a day whose totals are told.
const MOST_PERSONS: usize = 50;
/// Groups of a day's persons who may be one that are told.
const MOST_ALIKE: usize = 50;
/// Others who share something with a person, of whom more are not compared.
const MOST_NEIGHBOURS: usize = 200;
/// Parcels of a person that are looked at for names and addresses: the last ones.
const MOST_LOOKED_AT: usize = 200;

/// Which month.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfMonth {
    /// The month, such as 2025-04; without it the last that has parcels
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}$")]
    month: Option<String>,
}

/// Which day.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfDay {
    /// The day, such as 2025-04-01
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    day: String,
}

impl OfDay {
    fn read(&self) -> Result<Day, Problem> {
        let missing = || bad_parameter("day", "must be a day, such as 2025-04-01");
        day("day", Some(&self.day))?.ok_or_else(missing)
    }
}

/// A month that is asked for.
///
/// # Errors
/// It is none.
pub(crate) fn month(text: Option<&str>) -> Result<Option<Month>, Problem> {
    let bad = || bad_parameter("month", "must be a month, such as 2025-04");
    text.map(|text| Month::parse(text).ok_or_else(bad))
        .transpose()
}

/// A person's days of a month: what each counts against the limits of its law, and how that stands
/// (`unknown`, `closed`, `under`, `near`, `at`, `over`). Limits are read from the first 16 standing
/// parcels of a day.
#[utoipa::path(get, path = "/v1/persons/{key}/calendar", tag = "persons",
    params(("key" = String, Path, description = "The key that decisions show as person.key"), OfMonth),
    responses((status = 200, description = "Whether the key was `merged`, the `month`, its `days`, \
        and the `earlier` and `later` month that has parcels", body = Object)),
    security(("api_key" = ["operator"])))]
pub async fn calendar(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key): InPath<String>,
    InQuery(asked): InQuery<OfMonth>,
) -> Result<Json<Value>, Problem> {
    let month = month(asked.month.as_deref())?;
    let look = move |setup: &Setup, ledger: &OpenLedger, found: Found| {
        let of_month = ledger.month(setup, found, month)?;
        let empty = || {
            json!({ "month": null, "parcels": 0, "earlier": null, "later": null,
            "days": [] })
        };
        let mut told = of_month.map_or_else(empty, |month| month.json());
        told["merged"] = found.merged.into();
        Ok(Json(told))
    };
    of_person(&desk, &caller, &key, look).await
}

/// By what a person is known: names and addresses under which the last 200 parcels came, and the keys
/// that the exact rules make of them.
#[utoipa::path(get, path = "/v1/persons/{key}/identity", tag = "persons",
    params(("key" = String, Path, description = "The key that decisions show as person.key")),
    responses((status = 200, description = "The `keys`, each with why its parcels are this person's \
        (`own`, `merged`, `given`) and its `spellings`", body = Object)),
    security(("api_key" = ["operator"])))]
pub async fn identity(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key): InPath<String>,
) -> Result<Json<Value>, Problem> {
    let look = |setup: &Setup, ledger: &OpenLedger, found: Found| {
        Ok(Json(known(setup, ledger, found)?.json()))
    };
    of_person(&desk, &caller, &key, look).await
}

/// By what a person is known.
///
/// # Errors
/// The ledger cannot be read.
pub(crate) fn known(setup: &Setup, ledger: &OpenLedger, found: Found) -> Result<Identity, Problem> {
    Ok(ledger.identity(setup, found.person, MOST_LOOKED_AT)?)
}

/// Who else of a day a person may be, with scores and evidence. `alike` is null where more than 200
/// persons of the day share something with this one: nobody is compared then.
#[utoipa::path(get, path = "/v1/persons/{key}/alike", tag = "persons",
    params(("key" = String, Path, description = "The key that decisions show as person.key"), OfDay),
    responses((status = 200, description = "The groups (`alike`) as `deminimis ledger alike` tells \
        them", body = Object)),
    security(("api_key" = ["operator"])))]
pub async fn alike_of(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key): InPath<String>,
    InQuery(asked): InQuery<OfDay>,
) -> Result<Json<Value>, Problem> {
    let day = asked.read()?;
    let look = move |setup: &Setup, ledger: &OpenLedger, found: Found| {
        let groups = others(setup, ledger, (found, day))?;
        let groups = groups.map(|groups| groups.iter().map(Alike::json).collect::<Vec<_>>());
        Ok(Json(json!({ "day": day.to_string(), "alike": groups })))
    };
    of_person(&desk, &caller, &key, look).await
}

/// Who else of a day a person may be; nothing where they are too many to be compared.
///
/// # Errors
/// The ledger cannot be read.
pub(crate) fn others(
    setup: &Setup,
    ledger: &OpenLedger,
    (found, day): (Found, Day),
) -> Result<Option<Vec<Alike>>, Problem> {
    let of = (found.person, day);
    alike_to(ledger, setup, of, MOST_NEIGHBOURS).map_err(not_run)
}

/// Parcels of a day, read off the list that the desk keeps of the ledger.
pub(crate) struct Listed {
    /// Their ids, the last entered first.
    pub ids: Vec<String>,
    /// Whether the day has more.
    pub more: bool,
    /// Whether the ledger has parcels that are not in the list yet.
    pub behind: bool,
}

impl Listed {
    fn of(desk: &Desk, tenant: &str, day: Day) -> Result<Listed, Problem> {
        let behind = !desk.take_in()?;
        let most = MOST_OF_A_DAY as u32 + 1;
        let mut ids = desk.store.parcels_of_day(tenant, day.0, most).wait()?;
        let more = ids.len() > MOST_OF_A_DAY;
        ids.truncate(MOST_OF_A_DAY);
        Ok(Listed { ids, more, behind })
    }

    fn json(&self, day: Day) -> Value {
        json!({ "day": day.to_string(), "looked_at": self.ids.len(), "more": self.more,
            "behind": self.behind })
    }
}

/// The persons of a day, those nearest to a limit first.
pub(crate) struct OnDay {
    /// What was looked at.
    pub listed: Listed,
    /// Their days.
    pub of_all: DayOfAll,
}

/// The persons of a day; who looked is in the audit before it is told.
///
/// # Errors
/// The ledger cannot be read.
pub(crate) async fn on_day(desk: &Arc<Desk>, caller: &Caller, day: Day) -> Result<OnDay, Problem> {
    let (at, tenant) = (Arc::clone(desk), caller.tenant.clone());
    let found = searching(desk, &caller.tenant, move || {
        let (ledger, listed) = (at.ledger(&tenant), Listed::of(&at, &tenant, day)?);
        let of_all = ledger.days_of_all(&at.setup, (day, &listed.ids), MOST_PERSONS)?;
        Ok(OnDay { listed, of_all })
    });
    let found = found.await?;
    let line = desk.line(caller, "persons.near-limit", &day.to_string());
    desk.store.audit(line).await?;
    Ok(found)
}

/// The persons of a day whose totals are over a limit or nearest to one: first those for whom a parcel
/// did not fit any more, then by what counts; 50 at most, of the last 5,000 parcels of the day.
#[utoipa::path(get, path = "/v1/persons/near-limit", tag = "persons", params(OfDay),
    responses((status = 200, description = "The `persons`, how many there are (`count`), how many \
        parcels were `looked_at`, whether the day has `more`", body = Object)),
    security(("api_key" = ["operator"])))]
pub async fn near_limit(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<OfDay>,
) -> Result<Json<Value>, Problem> {
    let day = asked.read()?;
    let found = on_day(&desk, &caller, day).await?;
    let mut told = found.listed.json(day);
    told["count"] = found.of_all.count.into();
    let person = |(key, of_day): &(Option<Key>, PersonDay)| {
        let mut one = of_day.json();
        one["key"] = key.map(|key| key.to_string()).into();
        one
    };
    told["persons"] = found.of_all.persons.iter().map(person).collect();
    Ok(Json(told))
}

/// Persons of a day who may be one.
pub(crate) struct AlikeOnDay {
    /// What was looked at.
    pub listed: Listed,
    /// The groups.
    pub alike: Vec<Alike>,
    /// How many more there are.
    pub left_out: usize,
}

/// Persons of a day who may be one; who looked is in the audit before it is told.
///
/// # Errors
/// The ledger cannot be read.
pub(crate) async fn alike_on(
    desk: &Arc<Desk>,
    caller: &Caller,
    day: Day,
) -> Result<AlikeOnDay, Problem> {
    let (at, tenant) = (Arc::clone(desk), caller.tenant.clone());
    let found = searching(desk, &caller.tenant, move || {
        let (ledger, listed) = (at.ledger(&tenant), Listed::of(&at, &tenant, day)?);
        let (mut alike, mut left_out) = (Vec::new(), 0);
        let told = alike_among(&ledger, &at.setup, (day, &listed.ids), |one| {
            match alike.len() < MOST_ALIKE {
                true => alike.push(one),
                false => left_out += 1,
            }
            Ok(())
        });
        let tally = told.map_err(not_run)?;
        if tally.days_passed_over > 0 {
            let said = "the persons of this day are too many to be compared";
            return Err(Problem::new(Code::Conflict, said));
        }
        Ok(AlikeOnDay {
            listed,
            alike,
            left_out,
        })
    });
    let found = found.await?;
    let line = desk.line(caller, "persons.alike", &day.to_string());
    desk.store.audit(line).await?;
    Ok(found)
}

/// Persons of a day who may be one although the exact rules tell them apart, with scores and evidence:
/// 50 groups at most, of the last 5,000 parcels of the day. Nobody is merged by it.
#[utoipa::path(get, path = "/v1/persons/alike", tag = "persons", params(OfDay),
    responses((status = 200, description = "The groups (`alike`) as `deminimis ledger alike` tells \
        them, how many were `left_out`, how many parcels were `looked_at`, whether the day has \
        `more`", body = Object),
        (status = 409, description = "The persons of the day are too many to be compared",
            body = Problem, content_type = "application/problem+json")),
    security(("api_key" = ["operator"])))]
pub async fn alike(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<OfDay>,
) -> Result<Json<Value>, Problem> {
    let day = asked.read()?;
    let found = alike_on(&desk, &caller, day).await?;
    let mut told = found.listed.json(day);
    told["alike"] = found.alike.iter().map(Alike::json).collect();
    told["left_out"] = found.left_out.into();
    Ok(Json(told))
}
