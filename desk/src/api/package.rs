//! Audit packages: what was sent and decided of parcels, with records, proofs and law, to be checked
//! elsewhere.

use crate::api::body::Sent;
use crate::api::records::{Asked, over_log, wanted};
use crate::api::work::{bad_field, can_be_an_id, field, waiting};
use crate::auth::Caller;
use crate::batches::private_folder;
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use crate::stream::open_file;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use deminimis_office::ledger::{MOST_OF_A_PACKAGE, PackageError, now, package};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fs::File;
use std::sync::Arc;
use utoipa::ToSchema;

/// The most parcels of a range that are put into parts.
pub const MOST_OF_A_RANGE: usize = 100_000;
/// Where the next package of a range begins.
const NEXT: HeaderName = HeaderName::from_static("package-next");

/// Which parcels a package is of: named ones, or those of a range of days.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Their ids, each once
    #[schema(min_items = 1, max_items = 2000)]
    pub shipment_ids: Option<Vec<String>>,
    /// The first day of arrival of a range
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub from: Option<String>,
    /// The last day of arrival of a range
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub until: Option<String>,
    /// Where the package before ended: its `Package-Next`
    pub after: Option<i64>,
}

/// An audit package (ZIP): input, decisions, records and proofs of parcels, the law that decided, and
/// how all of it is checked without the ledger. Of a range with more than 2,000 parcels it has those
/// that were entered last, and `Package-Next` says where the next package begins.
#[utoipa::path(post, path = "/v1/records/export", tag = "records", request_body = Wanted,
    responses((status = 200, description = "The package", body = [u8],
        content_type = "application/zip",
        headers(("Package-Next" = i64, description = "Where the next package of the range begins; \
            absent at the end")))),
    extensions(("x-streams" = json!(true))),
    security(("api_key" = ["compliance"])))]
pub async fn export(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    Sent(wanted): Sent<Wanted>,
) -> Result<Response, Problem> {
    // The place of the one who takes it home is his before the work is done.
    let download = desk.batches.downloads.enter(&caller.tenant)?;
    let (ids, next) = chosen(&desk, &caller, &wanted).await?;
    // Who took what away is known before he has it.
    let lines = ids.iter();
    let lines = lines.map(|id| desk.line(&caller, "record.export", id));
    desk.store.audit_all(lines.collect()).await?;
    let file = packed(&desk, &caller, ids, asked(&wanted, next)).await?;
    let length = file.metadata().map_err(|error| failed(&error))?.len();
    let body = open_file(file, length, &desk.config.limits, download);
    let name = match (&wanted.from, &wanted.until) {
        (None, None) => "audit-package.zip".to_owned(),
        (from, until) => {
            let text = |day: &Option<String>| day.clone().unwrap_or_default();
            format!("audit-package-{}..{}.zip", text(from), text(until))
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    let mut answer = (headers, body).into_response();
    if let Some(next) = next {
        answer.headers_mut().insert(NEXT, HeaderValue::from(next));
    }
    Ok(answer)
}

/// What the list of a package says of what was asked for.
fn asked(wanted: &Wanted, next: Option<i64>) -> Value {
    match &wanted.shipment_ids {
        Some(_) => json!({ "shipment_ids": true }),
        None => json!({ "from": wanted.from, "until": wanted.until, "after": wanted.after,
            "next": next }),
    }
}

/// The ids of the parcels that are wanted, and where the next package begins.
async fn chosen(
    desk: &Arc<Desk>,
    caller: &Caller,
    wanted: &Wanted,
) -> Result<(Vec<String>, Option<i64>), Problem> {
    let is_range = wanted.from.is_some() || wanted.until.is_some();
    match &wanted.shipment_ids {
        Some(_) if is_range || wanted.after.is_some() => {
            let said = "is given or a range of days, not both";
            Err(bad_field("/shipment_ids", "", said))
        }
        Some(ids) => named(ids).map(|ids| (ids, None)),
        None if is_range => of_range(desk, caller, wanted).await,
        None => {
            let said = "is missing: give shipment_ids, or from, until or both";
            Err(bad_field("/shipment_ids", "", said))
        }
    }
}

fn named(ids: &[String]) -> Result<Vec<String>, Problem> {
    if !(1..=MOST_OF_A_PACKAGE).contains(&ids.len()) {
        let said = format!("must have 1 to {MOST_OF_A_PACKAGE} ids; ask for more in parts");
        return Err(bad_field("/shipment_ids", "", said));
    }
    let mut seen = HashSet::new();
    for (place, id) in ids.iter().enumerate() {
        if !can_be_an_id(id) {
            return Err(unknown(place));
        }
        if !seen.insert(id) {
            let pointer = format!("/shipment_ids/{place}");
            return Err(bad_field(&pointer, id, "is named twice; name each once"));
        }
    }
    Ok(ids.to_vec())
}

fn unknown(place: usize) -> Problem {
    let pointer = format!("/shipment_ids/{place}");
    let field = field(&pointer, "", "is not in the ledger");
    Problem::not_found("shipment").with(vec![field])
}

/// The range as the list of records takes it.
fn range(wanted: &Wanted) -> Asked {
    Asked {
        from: wanted.from.clone(),
        until: wanted.until.clone(),
        after: wanted.after,
        ..Asked::default()
    }
}

async fn of_range(
    desk: &Arc<Desk>,
    caller: &Caller,
    of: &Wanted,
) -> Result<(Vec<String>, Option<i64>), Problem> {
    let wanted = wanted(&range(of)).map_err(|problem| {
        let said = problem.detail().to_owned();
        Problem::new(Code::BadShipment, said.clone()).with(vec![field("", "", said)])
    })?;
    let (at, tenant) = (Arc::clone(desk), caller.tenant.clone());
    waiting(move || {
        whole_list(&at)?;
        let most = MOST_OF_A_PACKAGE as u32 + 1;
        let mut found = at.store.find_parcels(&tenant, &wanted, most).wait()?;
        if found.is_empty() {
            return Err(Problem::not_found("shipment of these days"));
        }
        let more = found.len() > MOST_OF_A_PACKAGE;
        found.truncate(MOST_OF_A_PACKAGE);
        let next = found.last().filter(|_| more).map(|last| last.position);
        let ids = found.into_iter().map(|parcel| parcel.shipment_id);
        Ok((ids.collect(), next))
    })
    .await
}

/// A package of a list that lacks parcels would lack them unseen.
fn whole_list(desk: &Desk) -> Result<(), Problem> {
    if desk.take_in()? {
        return Ok(());
    }
    let said = "the list of parcels is being brought up to date with the ledger; ask again";
    Err(Problem::new(Code::Busy, said).after(3))
}

/// A range in packages: how many parcels it has, and where each package begins.
pub struct Parts {
    /// The parcels; no more are counted than [`MOST_OF_A_RANGE`].
    pub parcels: usize,
    /// Whether there are more.
    pub more: bool,
    /// What each package is asked for with.
    pub after: Vec<i64>,
}

/// Puts a range into packages, as its parcels are now: those that come later are in none.
///
/// # Errors
/// A day is not right, or the list of parcels cannot be read.
pub async fn parts(desk: &Arc<Desk>, caller: &Caller, of: &Wanted) -> Result<Parts, Problem> {
    let wanted = wanted(&range(of))?;
    let (at, tenant) = (Arc::clone(desk), caller.tenant.clone());
    waiting(move || {
        whole_list(&at)?;
        let most = MOST_OF_A_RANGE as u32 + 1;
        let mut places = at.store.places_of_parcels(&tenant, &wanted, most).wait()?;
        let more = places.len() > MOST_OF_A_RANGE;
        places.truncate(MOST_OF_A_RANGE);
        // A package begins after the last parcel of the one before; the first after a place that
        // no parcel has yet.
        let first = places.first().map(|place| place + 1);
        let ends = places.chunks_exact(MOST_OF_A_PACKAGE);
        let ends = ends.filter_map(|part| part.last().copied());
        let mut after: Vec<i64> = first.into_iter().chain(ends).collect();
        after.truncate(places.len().div_ceil(MOST_OF_A_PACKAGE));
        Ok(Parts {
            parcels: places.len(),
            more,
            after,
        })
    })
    .await
}

async fn packed(
    desk: &Arc<Desk>,
    caller: &Caller,
    ids: Vec<String>,
    asked: Value,
) -> Result<File, Problem> {
    let ledger = desk.ledger(&caller.tenant);
    let setup = Arc::clone(&desk.setup);
    let folder = desk.config.home.join("packages");
    over_log(desk, caller, move || {
        private_folder(&folder).map_err(|error| failed(&error))?;
        let made = package(&setup, &ledger, &ids, &asked, now(), &folder);
        made.map_err(|error| match error {
            PackageError::Unknown(place) => unknown(place),
            PackageError::Unproven(_, why) => Problem::new(Code::Conflict, why.to_string()),
            PackageError::TooLarge => bad_field("/shipment_ids", "", &error),
            PackageError::Ledger(error) => error.into(),
            PackageError::Setup(_) | PackageError::Io(_) => failed(&error),
        })
    })
    .await
}
