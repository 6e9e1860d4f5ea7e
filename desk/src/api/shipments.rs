//! `POST /v1/shipments`: a parcel assessed and entered in the ledger; and parcels as they stand.

use crate::api::assess::{field_error, opening, unread};
use crate::api::body::{InPath, JsonBytes};
use crate::api::contract;
use crate::api::work::{can_be_an_id, entering, waiting};
use crate::auth::Caller;
use crate::observe::ENTERED;
use crate::policy;
use crate::problem::{Code, Problem, failed};
use crate::settings::OfTenant;
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_law::names::PersonBasis;
use deminimis_law::time::Day;
use deminimis_office::ledger::{
    Answer, LedgerError, Near, OpenLedger, RunError, person_key, state_word,
};
use deminimis_office::pass::{Inputs, Persons};
use deminimis_office::read::Read;
use deminimis_office::setup::Setup;
use deminimis_person::Key;
use deminimis_store::desk::{Role, Seen};
use deminimis_store::intake::{Parcel, Said};
use deminimis_store::{Kept, StoreError};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use utoipa::ToSchema;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const POSITION: HeaderName = HeaderName::from_static("ledger-position");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Assesses a parcel with what its person's day holds and enters it in the ledger, in one
/// transaction. The same parcel again gets the same answer and changes nothing; its id with another
/// body is a conflict. The answer is given when it is durable. What the parcel leaves open is filled
/// by the tenant's settings (`filled` names it); a rule of the house that it breaks is told in
/// `house_policy`, changes no decision, and holds the parcel on the board.
#[utoipa::path(post, path = "/v1/shipments", tag = "parcels",
    params(("Idempotency-Key" = Option<String>, Header,
        description = "1 to 200 visible characters; remembered with the body for a day")),
    request_body(content = contract::Shipment, content_type = "application/json"),
    responses(
        (status = 200, description = "The decision; it is in the ledger", body = contract::Entered,
            headers(
                ("Ledger-Position" = i64, description = "Its place in the ledger"),
                ("Idempotent-Replayed" = bool, description = "Whether it was there before"))),
    ),
    security(("api_key" = ["operator"])))]
pub async fn enter(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    headers: HeaderMap,
    JsonBytes(bytes): JsonBytes,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    let ledger = desk.ledger(&caller.tenant);
    let body: [u8; 32] = Sha256::digest(&bytes).into();
    let house = desk.settings(&caller.tenant).await?;
    let (setup, reader, filling) = (
        Arc::clone(&desk.setup),
        Arc::clone(&ledger),
        Arc::clone(&house),
    );
    let parcel = entering(move || parcel((&setup, &filling), &reader, &bytes)).await?;
    let line = desk.line(&caller, "shipment.enter", &parcel.shipment.id);
    if let Some(key) = key {
        if desk.store.audit_once(key, &body, line).await? == Seen::Other {
            let said = "this idempotency key was used with another body; use a new one";
            return Err(Problem::new(Code::KeyReused, said));
        }
    } else {
        desk.store.audit(line).await?;
    }
    // Who asked may go: what is in the ledger is judged by the house's rules all the same.
    let (at, tenant) = (Arc::clone(&desk), caller.tenant.clone());
    let judged = tokio::spawn(async move { in_ledger(&at, &tenant, (&house, parcel)).await });
    judged.await.map_err(|error| failed(&error))?
}

/// Enters a parcel, judges it by the house's rules, and tells both.
async fn in_ledger(
    desk: &Arc<Desk>,
    tenant: &str,
    (house, parcel): (&OfTenant, Parcel),
) -> Result<Response, Problem> {
    let ledger = desk.ledger(tenant);
    let receipt = match ledger.ledger.submit(ledger.intake.claim(&parcel)).await {
        Ok(receipt) => receipt,
        Err(StoreError::Refused(deminimis_store::Refused::OtherBody)) => {
            let said = "this shipment_id is in the ledger with another body; nothing was changed. \
                        Give another parcel another id";
            return Err(Problem::new(Code::Conflict, said));
        }
        Err(error) => return Err(error.into()),
    };
    let mut person = parcel.person;
    if !receipt.fresh && is_erased(&ledger, &parcel.shipment.id, receipt.position).await? {
        person = None;
    }
    let mut text = Vec::new();
    let answer = read(&ledger, &parcel.shipment.id, &receipt.answer)?;
    let counted = answer.counted();
    let judged = policy::judged(&house.policy, &answer);
    let beside = policy::beside(desk, (house, tenant), &parcel, &receipt, judged).await?;
    answer.push_beside(person, &beside, &mut text);
    if let Some(counted) = counted.filter(|_| receipt.fresh) {
        metrics::counter!(ENTERED, "outcome" => counted.outcome.as_str()).increment(1);
    }
    let replayed = if receipt.fresh { "false" } else { "true" };
    let kind = HeaderValue::from_static("application/json");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (POSITION, receipt.position.into()),
        (REPLAYED, HeaderValue::from_static(replayed)),
    ];
    Ok((headers, text).into_response())
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(given) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let text = given.to_str().unwrap_or_default();
    if (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Some(text));
    }
    let said = "Idempotency-Key must have 1 to 200 visible characters";
    Err(Problem::new(Code::BadRequest, said))
}

/// The one parcel of a body, made ready.
fn parcel(
    (setup, house): (&Setup, &OfTenant),
    ledger: &OpenLedger,
    bytes: &[u8],
) -> Result<Parcel, Problem> {
    let one = || {
        Problem::new(
            Code::BadShipment,
            "send one shipment; many go to /v1/batches",
        )
    };
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(one());
    }
    let inputs = Inputs::sent("the request", bytes).map_err(|error| failed(&error))?;
    let opening = opening(setup, house);
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let mut found = None;
    for input in inputs.iter() {
        let mut source = inputs
            .open(input, &opening)
            .map_err(|error| unread(error.into()))?;
        loop {
            let read = source.next(&mut shipment, &mut texts);
            match read.map_err(|error| unread(error.into()))? {
                None => break,
                Some(Read::Refused(reject)) => {
                    let said = "the sender must correct what is named";
                    let error = field_error(&reject, false);
                    return Err(Problem::new(Code::BadShipment, said).with(vec![error]));
                }
                Some(Read::Shipment { .. }) if found.is_some() => return Err(one()),
                Some(Read::Shipment { .. }) => found = Some(take(ledger, &shipment, &texts)?),
            }
        }
    }
    let (near, mut parcel) = found.ok_or_else(one)?;
    // Whom else the day may have of the same person.
    near.find(ledger, setup, std::slice::from_mut(&mut parcel))
        .map_err(not_run)?;
    Ok(parcel)
}

/// The parcel with its person, and what finds those who may be the same.
fn take(
    ledger: &OpenLedger,
    shipment: &Shipment,
    texts: &Texts,
) -> Result<(Near, Parcel), Problem> {
    let (mut persons, mut near) = (Persons::default(), Near::default());
    let mut basis = PersonBasis::Consignee;
    let person = |of| {
        basis = of;
        persons.of(texts, of)
    };
    let mut parcel = ledger
        .intake
        .take(shipment, texts, &Said::default(), person);
    let added = near.add(ledger, &mut parcel, texts, basis);
    added.map_err(|error| not_run(error.into()))?;
    Ok((near, parcel))
}

pub(crate) fn not_run(error: RunError) -> Problem {
    match error {
        RunError::Ledger(error) => error.into(),
        RunError::Pass(error) => unread(error),
    }
}

fn read<'a>(ledger: &OpenLedger, id: &str, answer: &'a [u8]) -> Result<Answer<'a>, Problem> {
    let unread = || LedgerError::Answer {
        place: ledger.place.clone(),
        shipment_id: id.to_owned(),
    };
    Answer::read(answer).ok_or_else(|| unread().into())
}

async fn is_erased(ledger: &Arc<OpenLedger>, id: &str, position: i64) -> Result<bool, Problem> {
    let (ledger, id) = (Arc::clone(ledger), id.to_owned());
    waiting(move || Ok(ledger.is_erased(&ledger.erasures()?, &id, position)?)).await
}

/// A parcel as it stands.
#[derive(Serialize, ToSchema)]
pub struct ShipmentStands {
    /// The sender's own id.
    pub shipment_id: String,
    /// `reserved` (planned), `posted` (arrived and released) or `voided` (does not come).
    pub state: &'static str,
    /// The day on which it counts for its person, as a date.
    pub day: String,
    /// Its place in the ledger.
    pub position: i64,
    /// Whether its person was erased.
    pub erased: bool,
    /// The decision that its claim was answered with. The person's key is told to the role operator
    /// and above.
    #[schema(value_type = contract::Decision)]
    pub decision: Value,
}

/// A parcel of the ledger as it stands, with the decision that it was answered with.
#[utoipa::path(get, path = "/v1/shipments/{id}", tag = "parcels",
    params(("id" = String, Path, description = "The shipment_id")),
    responses((status = 200, description = "The parcel", body = ShipmentStands)),
    security(("api_key" = ["viewer"])))]
pub async fn shipment(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
) -> Result<Json<ShipmentStands>, Problem> {
    let line = desk.line(&caller, "shipment.read", &id);
    let ledger = desk.ledger(&caller.tenant);
    let names = caller.role >= Role::Operator;
    let look = move || stands(&ledger, &id, names);
    let found = waiting(look).await?;
    // What is read of a person is in the audit before it is told.
    desk.store.audit(line).await?;
    Ok(Json(found))
}

/// The same, for who may know names or not.
///
/// # Errors
/// There is no such parcel, or the ledger cannot be read.
pub fn stands(ledger: &OpenLedger, id: &str, names: bool) -> Result<ShipmentStands, Problem> {
    let kept = match can_be_an_id(id) {
        true => ledger.shipment(id)?,
        false => None,
    };
    let kept = kept.ok_or_else(|| Problem::not_found("shipment"))?;
    let erased = ledger.is_erased(&ledger.erasures()?, id, kept.position)?;
    let person = match names && !erased {
        true => key_of(ledger, id)?,
        false => None,
    };
    told(ledger, id, &kept, (person, erased))
}

fn told(
    ledger: &OpenLedger,
    id: &str,
    kept: &Kept,
    (person, erased): (Option<Key>, bool),
) -> Result<ShipmentStands, Problem> {
    let mut text = Vec::new();
    read(ledger, id, &kept.answer)?.push_json(person, &mut text);
    Ok(ShipmentStands {
        shipment_id: id.to_owned(),
        state: state_word(kept.state),
        day: Day(kept.arrival.day).to_string(),
        position: kept.position,
        erased,
        decision: serde_json::from_slice(&text).map_err(|error| failed(&error))?,
    })
}

/// The decision of an answer that was kept, without the person's key; nothing if it does not read.
pub(crate) fn kept_decision(answer: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    Answer::read(answer)?.push_json(None, &mut text);
    Some(text)
}

/// The person's key by the exact rules, as the parcel's first record has it.
fn key_of(ledger: &OpenLedger, id: &str) -> Result<Option<Key>, Problem> {
    let records = ledger.records_of(id)?;
    let key = records.first().and_then(|record| person_key(record));
    Ok(key.and_then(Key::parse))
}
