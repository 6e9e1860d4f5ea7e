//! What is kept of decisions: records found and told, proofs, and the whole log verified.

use crate::api::body::{InPath, InQuery, drain};
use crate::api::work::{bad_parameter, can_be_an_id, day, searching, waiting};
use crate::auth::Caller;
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use deminimis_law::names::Outcome;
use deminimis_office::ledger::{RecordLine, Verified, record_json, values_json, verified};
use deminimis_store::KeptRecord;
use deminimis_store::desk::{Role, Wanted};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};

/// Parcels whose records are told at once.
pub const PAGE: usize = 100;
/// How long who wants to read the whole log waits for a place.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whose records.
#[derive(Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// This parcel alone, with values for operator and above: the same as `/v1/records/{id}`, also
    /// for an id that is a word of a route. Asked for alone
    pub shipment_id: Option<String>,
    /// How the ids of the parcels begin
    pub begins_with: Option<String>,
    /// The first day of arrival, such as 2025-04-01
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub from: Option<String>,
    /// The last day of arrival
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub until: Option<String>,
    /// The outcome of the parcels' claims
    pub outcome: Option<String>,
    /// Where the answer before ended: its `next`
    pub after: Option<i64>,
}

/// Records that were found.
#[derive(Serialize, ToSchema)]
pub struct Found<T> {
    /// The records, those of one parcel together: the parcel that was entered last is first, the
    /// records of each are in their order
    #[schema(value_type = Vec<Object>)]
    pub records: Vec<T>,
    /// Where to go on; nothing at the end
    pub next: Option<i64>,
    /// Whether all parcels of the ledger were looked at; if not, the list is brought up to date and
    /// the same can be asked again
    pub whole: bool,
}

/// Records by parcel and by day of arrival, those of a hundred parcels at once. Their values are told
/// where one parcel is asked for.
#[utoipa::path(get, path = "/v1/records", tag = "records", params(Asked),
    responses((status = 200, description = "The records", body = Found<Value>)),
    security(("api_key" = ["viewer"])))]
pub async fn search(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Asked>,
) -> Result<Json<Found<Value>>, Problem> {
    if let Some(id) = &asked.shipment_id {
        let others = [
            &asked.begins_with,
            &asked.from,
            &asked.until,
            &asked.outcome,
        ];
        if others.iter().any(|one| one.is_some()) || asked.after.is_some() {
            return Err(bad_parameter("shipment_id", "is asked for alone"));
        }
        let records = of_parcel(&desk, &caller, id).await?;
        return Ok(Json(Found {
            records: told(&caller, &records),
            next: None,
            whole: true,
        }));
    }
    let found = find(&desk, &caller, &asked).await?;
    let lines = found.records.iter().map(serde_json::to_value);
    Ok(Json(Found {
        records: lines
            .collect::<Result<_, _>>()
            .map_err(|error| failed(&error))?,
        next: found.next,
        whole: found.whole,
    }))
}

/// Which parcels of the list are asked for.
///
/// # Errors
/// A parameter is not right.
pub fn wanted(asked: &Asked) -> Result<Wanted, Problem> {
    let bad = |name: &'static str| move |said: &'static str| bad_parameter(name, said);
    let from = day(asked.from.as_deref(), bad("from"))?;
    let until = day(asked.until.as_deref(), bad("until"))?;
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        let said = format!("must not be before from, which is {from}");
        return Err(bad_parameter("until", said));
    }
    let id = asked.begins_with.clone().unwrap_or_default();
    if id.len() > 200 || id.contains('\0') {
        let said = "must have at most 200 bytes, as ids have, and no zero byte";
        return Err(bad_parameter("begins_with", said));
    }
    let outcome = asked.outcome.clone().unwrap_or_default();
    let known = Outcome::ALL.iter().any(|one| one.as_str() == outcome);
    if !known && asked.outcome.is_some() {
        let all: Vec<&str> = Outcome::ALL.iter().map(|one| one.as_str()).collect();
        let said = format!("must be one of {}", all.join(", "));
        return Err(bad_parameter("outcome", said));
    }
    Ok(Wanted {
        id,
        outcome,
        from: from.map(|day| day.0),
        until: until.map(|day| day.0),
        before: asked.after,
        ..Wanted::default()
    })
}

/// Finds records; what was looked for is in the audit.
///
/// # Errors
/// A parameter is not right, or the ledger cannot be read.
pub async fn find(
    desk: &Arc<Desk>,
    caller: &Caller,
    asked: &Asked,
) -> Result<Found<RecordLine>, Problem> {
    let wanted = wanted(asked)?;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let about = format!("{}..{}", text(&asked.from), text(&asked.until));
    let line = desk.line(caller, "record.search", &about);
    let (at, tenant) = (Arc::clone(desk), caller.tenant.clone());
    let found = searching(desk, &caller.tenant, move || {
        let whole = at.take_in()?;
        let found = at.store.find_parcels(&tenant, &wanted, PAGE as u32 + 1);
        let mut found = found.wait()?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let next = found.last().filter(|_| more).map(|last| last.position);
        let ledger = at.ledger(&tenant);
        let mut records = Vec::new();
        for parcel in found {
            let kept = ledger.records_of(&parcel.shipment_id)?;
            records.extend(kept.iter().map(RecordLine::of));
        }
        Ok(Found {
            records,
            next,
            whole,
        })
    });
    let found = found.await?;
    desk.store.audit(line).await?;
    Ok(found)
}

/// The records of a parcel in the order in which they were made. Their values are told to the role
/// operator and above.
#[utoipa::path(get, path = "/v1/records/{id}", tag = "records",
    params(("id" = String, Path, description = "The shipment_id")),
    responses((status = 200, description = "The records", body = Vec<Object>)),
    security(("api_key" = ["viewer"])))]
pub async fn records(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Json<Vec<Value>>, Problem> {
    let records = of_parcel(&desk, &caller, &id).await?;
    Ok(Json(told(&caller, &records)))
}

/// All records of a parcel, with their values; who looked is in the audit.
///
/// # Errors
/// There is no such parcel, or the ledger cannot be read.
pub async fn of_parcel(
    desk: &Arc<Desk>,
    caller: &Caller,
    id: &str,
) -> Result<Vec<KeptRecord>, Problem> {
    if !can_be_an_id(id) {
        return Err(Problem::not_found("shipment"));
    }
    let line = desk.line(caller, "record.read", id);
    let (ledger, id) = (desk.ledger(&caller.tenant), id.to_owned());
    let records = waiting(move || Ok(ledger.records_of(&id)?)).await?;
    if records.is_empty() {
        return Err(Problem::not_found("shipment"));
    }
    desk.store.audit(line).await?;
    Ok(records)
}

fn told(caller: &Caller, records: &[KeptRecord]) -> Vec<Value> {
    let one = |record: &KeptRecord| {
        let mut told = record_json(record);
        if caller.role >= Role::Operator {
            told["values"] = values_json(record);
        }
        told
    };
    records.iter().map(one).collect()
}

/// A proof that the records of a parcel are in the signed log, which is checked without the ledger.
/// It has no personal values. Where the log has gone on since it was signed last, it is signed again.
#[utoipa::path(get, path = "/v1/records/{id}/proof", tag = "records",
    params(("id" = String, Path, description = "The shipment_id")),
    responses((status = 200, description = "The proof", body = Object)),
    security(("api_key" = ["operator"])))]
pub async fn proof(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Response, Problem> {
    if !can_be_an_id(&id) {
        return Err(Problem::not_found("shipment"));
    }
    let line = desk.line(&caller, "record.prove", &id);
    let ledger = desk.ledger(&caller.tenant);
    let text = over_log(&desk, &caller, move || {
        if ledger.records_of(&id)?.is_empty() {
            return Err(Problem::not_found("shipment"));
        }
        let proof = ledger.proof(&id)?;
        let proof = proof.map_err(|why| Problem::new(Code::Conflict, why.to_string()))?;
        serde_json::to_vec(&proof).map_err(|error| failed(&error))
    });
    let text = text.await?;
    desk.store.audit(line).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// Does what reads the whole log, in one of the few places for that; each tenant has its share.
pub(crate) async fn over_log<T: Send + 'static>(
    desk: &Desk,
    caller: &Caller,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let place = desk.log_readers.wait(&caller.tenant, PATIENCE).await?;
    waiting(move || {
        // Who asked may have gone: the place is held for as long as the work goes on.
        let _place = place;
        work()
    })
    .await
}

/// Adds all lines of the ledger up again and checks the record log whole. The log is one for all
/// tenants; totals that differ are told of the caller's own, and others counted.
#[utoipa::path(post, path = "/v1/records/verify", tag = "records",
    responses((status = 200, description = "Whether all is as it was written (`whole`), the \
        `mismatches` of totals, `others` of other tenants, and the state of the `records`",
        body = Object)),
    security(("api_key" = ["compliance"])))]
pub async fn verify(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    body: Body,
) -> Result<Json<Value>, Problem> {
    // Nothing is asked for; what is sent all the same does not break the connection.
    drain(body).await;
    let found = check(&desk, &caller).await?;
    let (own, others) = of_tenant(&found, &caller.tenant);
    Ok(Json(
        json!({ "whole": found.is_whole(), "mismatches": own, "others": others,
        "records": found.records_json() }),
    ))
}

/// The totals that differ of a tenant's own, and how many of others.
#[must_use]
pub fn of_tenant(found: &Verified, tenant: &str) -> (Value, usize) {
    let own = found.mismatches_json(Some(tenant));
    let others = found.sums.len() - own.as_array().map_or(0, Vec::len);
    (own, others)
}

/// Checks the ledger, if that can be done in the time of a request.
///
/// # Errors
/// It takes longer, or the ledger cannot be read.
pub async fn check(desk: &Arc<Desk>, caller: &Caller) -> Result<Verified, Problem> {
    let line = desk.line(caller, "record.verify", "");
    desk.store.audit(line).await?;
    let ledger = desk.ledger(&caller.tenant);
    let work = over_log(desk, caller, move || Ok(verified(&*ledger.ledger)?));
    // A little before the request itself is given up, so that it can be said what does it.
    let time = desk.config.limits.time * 9 / 10;
    timeout(time, work).await.unwrap_or_else(|_| {
        let said = "checking the whole ledger takes longer than a request may; who runs the desk \
                    does it with deminimis ledger verify";
        Err(Problem::new(Code::Busy, said).after(300))
    })
}
