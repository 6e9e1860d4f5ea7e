//! Persons' days, and what a human says of persons.

use crate::api::body::{InPath, InQuery, Sent};
use crate::api::shipments::not_run;
use crate::api::work::{bad_field, bad_parameter, can_be_an_id, searching, waiting};
use crate::auth::Caller;
use crate::auth::token::secret;
use crate::problem::{Code, Problem};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use deminimis_law::time::Day;
use deminimis_office::ledger::{Changed, Days, Found, OpenLedger, RunError, person_word};
use deminimis_office::setup::Setup;
use deminimis_person::Key;
use deminimis_store::{PersonKey, Refused};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The most parcels of one answer, but for those of one day.
const MOST_PARCELS: usize = 500;
/// The most of whose days totals are told.
const MOST_COUNTED: usize = 20_000;
/// The most parcels that are given to another at once.
const MOST_SPLIT: usize = 1_000;

/// Who has the parcels now, and keys that the ledger does not know.
type Person = (PersonKey, Vec<String>);

/// From which day on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// The first day, such as 2025-04-01
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    from: Option<String>,
}

/// Between which days.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Span {
    /// The first day, such as 2025-04-01
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    from: Option<String>,
    /// The last day
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    until: Option<String>,
}

pub(crate) fn day(name: &str, text: Option<&str>) -> Result<Option<Day>, Problem> {
    let read = |text| {
        Day::parse(text).ok_or_else(|| bad_parameter(name, "must be a day, such as 2025-04-01"))
    };
    text.map(read).transpose()
}

/// Looks at the person of a key; what is read of a person is in the audit before it is told.
///
/// # Errors
/// The ledger has no such person, or cannot be read.
pub(crate) async fn of_person<T: Send + 'static>(
    desk: &Arc<Desk>,
    caller: &Caller,
    key: &str,
    look: impl FnOnce(&Setup, &OpenLedger, Found) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let ledger = desk.ledger(&caller.tenant);
    // What is no key is nobody's.
    let key = Key::parse(key).ok_or_else(|| Problem::not_found("person"))?;
    // The audit names him as the ledger does: names can be tried against a key by the exact rules.
    let about = person_word(ledger.intake.ledger_person(key));
    let setup = Arc::clone(&desk.setup);
    let found = searching(desk, &caller.tenant, move || {
        let found = ledger.found(key)?;
        if !found.merged && ledger.parcels(found.person, None)?.is_empty() {
            return Err(Problem::not_found("person"));
        }
        look(&setup, &ledger, found)
    });
    let found = found.await?;
    desk.store
        .audit(desk.line(caller, "person.read", &about))
        .await?;
    Ok(found)
}

async fn told(
    desk: Arc<Desk>,
    caller: Caller,
    key: String,
    asked: Days,
) -> Result<Json<Value>, Problem> {
    let look = move |setup: &Setup, ledger: &OpenLedger, found| {
        Ok(Json(ledger.days_json(setup, found, asked)?))
    };
    of_person(&desk, &caller, &key, look).await
}

/// A person's days with the parcels on each, and the limits of the law of each day; no further day
/// is begun after 500 parcels.
#[utoipa::path(get, path = "/v1/persons/{key}", tag = "persons",
    params(("key" = String, Path, description = "The key that decisions show as person.key"), From),
    responses((status = 200, description = "Whether the key was `merged`, the `days`, and \
        `next_from`, the day to go on with", body = Object)),
    security(("api_key" = ["operator"])))]
pub async fn person(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key): InPath<String>,
    InQuery(span): InQuery<From>,
) -> Result<Json<Value>, Problem> {
    let asked = Days {
        from: day("from", span.from.as_deref())?,
        until: None,
        parcels: true,
        most: MOST_PARCELS,
    };
    told(desk, caller, key, asked).await
}

/// What a person's days hold, without the parcels.
#[utoipa::path(get, path = "/v1/persons/{key}/days", tag = "persons",
    params(("key" = String, Path, description = "The key that decisions show as person.key"), Span),
    responses((status = 200, description = "Whether the key was `merged`, the `days`, and \
        `next_from`, the day to go on with", body = Object)),
    security(("api_key" = ["operator"])))]
pub async fn days(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key): InPath<String>,
    InQuery(span): InQuery<Span>,
) -> Result<Json<Value>, Problem> {
    let asked = Days {
        from: day("from", span.from.as_deref())?,
        until: day("until", span.until.as_deref())?,
        parcels: false,
        most: MOST_COUNTED,
    };
    told(desk, caller, key, asked).await
}

/// Two keys of one person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// Whose parcels move
    #[schema(pattern = "^[0-9a-f]{32}$")]
    pub from: String,
    /// To whom
    #[schema(pattern = "^[0-9a-f]{32}$")]
    pub into: String,
    /// The sender's own id of this act: the same id merges once
    #[schema(min_length = 1, max_length = 200)]
    pub event_id: Option<String>,
}

/// Parcels of another person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The parcels
    #[schema(min_items = 1, max_items = 1000)]
    pub shipment_ids: Vec<String>,
    /// Whose they are
    #[schema(pattern = "^[0-9a-f]{32}$")]
    pub to: String,
    /// The sender's own id of this act: the same id splits once
    #[schema(min_length = 1, max_length = 200)]
    pub event_id: Option<String>,
}

/// Two keys of two persons.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Apart {
    /// The one
    #[schema(pattern = "^[0-9a-f]{32}$")]
    pub one: String,
    /// The other
    #[schema(pattern = "^[0-9a-f]{32}$")]
    pub other: String,
    /// The sender's own id of this act: the same id is one act
    #[schema(min_length = 1, max_length = 200)]
    pub event_id: Option<String>,
}

fn key(pointer: &str, text: &str) -> Result<Key, Problem> {
    let said =
        "must be a person's key: 32 hexadecimal digits, as decisions show it under person.key";
    Key::parse(text).ok_or_else(|| bad_field(pointer, "", said))
}

fn event_id(given: Option<&String>) -> Result<String, Problem> {
    match given {
        None => Ok(secret()?[..32].to_owned()),
        Some(id) if can_be_an_id(id) => Ok(id.clone()),
        Some(id) => Err(bad_field(
            "/event_id",
            id,
            "must have 1 to 200 bytes and no zero byte",
        )),
    }
}

/// Puts the act in the audit for every person and parcel that it names, does it, and tells which days
/// changed. Of the keys given the last has the parcels then.
async fn done(
    desk: Arc<Desk>,
    (caller, act): (Caller, &str),
    (keys, ids): (Vec<(String, Key)>, Vec<String>),
    work: impl FnOnce(&Setup, &OpenLedger, Person) -> Result<Result<Changed, Refused>, RunError>
    + Send
    + 'static,
) -> Result<Json<Value>, Problem> {
    let ledger = desk.ledger(&caller.tenant);
    let person = |key: &Key| ledger.intake.ledger_person(*key);
    let to = keys
        .last()
        .map(|(_, key)| person(key))
        .unwrap_or(PersonKey([0; 16]));
    let of_keys = keys.iter().map(|(_, key)| person_word(person(key)));
    let lines = of_keys.chain(ids.iter().cloned());
    let lines = lines.map(|about| desk.line(&caller, act, &about)).collect();
    desk.store.audit_all(lines).await?;
    waiting(move || {
        let person = |key: &Key| ledger.intake.ledger_person(*key);
        let keys: Vec<(&str, PersonKey)> = keys
            .iter()
            .map(|(text, key)| (text.as_str(), person(key)))
            .collect();
        let unknown = ledger.unknown_keys(&keys)?;
        match work(&desk.setup, &ledger, (to, unknown)).map_err(not_run)? {
            Ok(changed) => Ok(Json(changed.json())),
            Err(Refused::UnknownShipment) => Err(Problem::not_found("shipment")),
            Err(reason) => Err(Problem::new(Code::Conflict, reason.to_string())),
        }
    })
    .await
}

/// Two keys are one person: the parcels of the first go to the days of the second. No answer that was
/// given is taken back; days over a limit since are named.
#[utoipa::path(post, path = "/v1/persons/merge", tag = "persons", request_body = Merge,
    responses((status = 200, description = "Whether it was done now (`fresh`), the `days` before \
        and after, `unknown_keys`, and days `over_limit`", body = Object)),
    security(("api_key" = ["compliance"])))]
pub async fn merge(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    Sent(asked): Sent<Merge>,
) -> Result<Json<Value>, Problem> {
    let (from, into) = (key("/from", &asked.from)?, key("/into", &asked.into)?);
    let id = event_id(asked.event_id.as_ref())?;
    let keys = vec![(asked.from.clone(), from), (asked.into.clone(), into)];
    let work = move |setup: &Setup, ledger: &OpenLedger, to: Person| {
        let event = ledger.persons_event(id, &["merge", &asked.from, &asked.into]);
        let merged = ledger
            .ledger
            .merge(event, ledger.intake.ledger_person(from), to.0);
        Ok(ledger.changed(setup, to, merged)?)
    };
    done(desk, (caller, "person.merge"), (keys, Vec::new()), work).await
}

/// Parcels are another person's, and go to his days. No answer that was given is taken back.
#[utoipa::path(post, path = "/v1/persons/split", tag = "persons", request_body = Split,
    responses((status = 200, description = "Whether it was done now (`fresh`), the `days` before \
        and after, `unknown_keys`, and days `over_limit`", body = Object)),
    security(("api_key" = ["compliance"])))]
pub async fn split(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    Sent(asked): Sent<Split>,
) -> Result<Json<Value>, Problem> {
    let to = key("/to", &asked.to)?;
    let id = event_id(asked.event_id.as_ref())?;
    if !(1..=MOST_SPLIT).contains(&asked.shipment_ids.len()) {
        let said = format!("must have 1 to {MOST_SPLIT} ids");
        return Err(bad_field("/shipment_ids", "", said));
    }
    if asked.shipment_ids.iter().any(|id| !can_be_an_id(id)) {
        return Err(Problem::not_found("shipment"));
    }
    let (keys, ids) = (vec![(asked.to.clone(), to)], asked.shipment_ids.clone());
    let work = move |setup: &Setup, ledger: &OpenLedger, to: Person| {
        let mut said = vec!["split", asked.to.as_str()];
        said.extend(asked.shipment_ids.iter().map(String::as_str));
        let event = ledger.persons_event(id, &said);
        ledger.split_parcels(setup, event, &asked.shipment_ids, to)
    };
    done(desk, (caller, "person.split"), (keys, ids), work).await
}

/// Two keys are two persons, however alike they look: they are not told as alike any more, until they
/// are merged. No parcel goes anywhere and no day changes.
#[utoipa::path(post, path = "/v1/persons/apart", tag = "persons", request_body = Apart,
    responses((status = 200, description = "Whether it was done now (`fresh`), and `unknown_keys`",
        body = Object)),
    security(("api_key" = ["compliance"])))]
pub async fn apart(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    Sent(asked): Sent<Apart>,
) -> Result<Json<Value>, Problem> {
    let keys = [key("/one", &asked.one)?, key("/other", &asked.other)?];
    let id = event_id(asked.event_id.as_ref())?;
    let ledger = desk.ledger(&caller.tenant);
    let persons = keys.map(|key| ledger.intake.ledger_person(key));
    // It is about both.
    for person in persons {
        let line = desk.line(&caller, "person.apart", &person_word(person));
        desk.store.audit(line).await?;
    }
    waiting(move || {
        let event = ledger.persons_event(id, &["apart", &asked.one, &asked.other]);
        let [one, other] = persons;
        let parted = ledger.set_apart(event, [(&asked.one, one), (&asked.other, other)])?;
        let parted = parted.map_err(|why| match why {
            Refused::AlreadyOne => {
                let said = "the two are one person in the ledger: a split takes parcels apart";
                Problem::new(Code::Conflict, said)
            }
            why => Problem::new(Code::Conflict, why.to_string()),
        })?;
        Ok(Json(parted.json()))
    })
    .await
}
