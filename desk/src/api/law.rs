//! The law as it is, was and will be: the same answers as `deminimis law`.

use crate::api::body::{InPath, InQuery};
use crate::api::work::{bad_parameter, reckoning};
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use deminimis_law::kind::Kind;
use deminimis_law::time::{Moment, When};
use deminimis_office::law::{self, LawError};
use deminimis_office::ledger::now;
use deminimis_office::setup::Setup;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use utoipa::IntoParams;

/// Which moment.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct At {
    /// A date (read at noon Eastern) or a timestamp with offset; without it the moment of the request
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]{5,8}(Z|[+-][0-9]{2}:[0-9]{2}))?$")]
    pub at: Option<String>,
}

/// Between which moments.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Between {
    /// The earlier moment: a date (read at noon Eastern) or a timestamp with offset
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]{5,8}(Z|[+-][0-9]{2}:[0-9]{2}))?$")]
    pub before: String,
    /// The later moment
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]{5,8}(Z|[+-][0-9]{2}:[0-9]{2}))?$")]
    pub after: String,
}

/// Which instruments.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfKind {
    /// Only instruments of this kind, such as `value-limit`
    #[param(max_length = 40)]
    kind: Option<String>,
}

/// Reads a moment of a parameter.
pub(crate) fn moment(setup: &Setup, name: &str, text: &str) -> Result<When, Problem> {
    law::moment(&setup.law, text).map_err(|error| match error {
        LawError::When { reason, .. } => bad_parameter(name, reason),
        error => bad_parameter(name, error),
    })
}

/// Everything in force at a moment, by whatever clock each rule reads: conditions, what it says,
/// citations, and the day to which it was checked.
#[utoipa::path(get, path = "/v1/law", tag = "law", params(At),
    responses((status = 200, description = "`at`, `known_at`, `rulebook` (the hash of the law) and \
        the rules `in_force`", body = Object)),
    security(("api_key" = ["viewer"])))]
pub async fn at(
    State(desk): State<Arc<Desk>>,
    InQuery(asked): InQuery<At>,
) -> Result<Json<Value>, Problem> {
    let at = match &asked.at {
        Some(text) => moment(&desk.setup, "at", text)?.moment,
        None => Moment(now()),
    };
    reckoning(move || Ok(Json(law::at::json(&desk.setup.law, at)))).await
}

/// Every instrument of the rulebook in a few fields.
#[utoipa::path(get, path = "/v1/law/instruments", tag = "law", params(OfKind),
    responses((status = 200, description = "The instruments, by kind in the order of asking",
        body = Vec<Object>)),
    security(("api_key" = ["viewer"])))]
pub async fn instruments(
    State(desk): State<Arc<Desk>>,
    InQuery(asked): InQuery<OfKind>,
) -> Result<Json<Value>, Problem> {
    let no_kind = || {
        let all: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        bad_parameter("kind", format!("must be one of {}", all.join(", ")))
    };
    let kind = asked.kind.as_deref();
    let kind = kind.map(|text| Kind::parse(text).ok_or_else(no_kind));
    let kind = kind.transpose()?;
    reckoning(move || Ok(Json(law::list::json(&desk.setup.law, kind)))).await
}

/// One instrument: its versions, conditions, citations and cases.
#[utoipa::path(get, path = "/v1/law/instruments/{id}", tag = "law",
    params(("id" = String, Path, description = "The instrument's id, such as s321.value-limit")),
    responses((status = 200, description = "The instrument", body = Object)),
    security(("api_key" = ["viewer"])))]
pub async fn instrument(
    State(desk): State<Arc<Desk>>,
    InPath(id): InPath<String>,
) -> Result<Json<Value>, Problem> {
    reckoning(move || {
        let cases = desk.setup.cases().map_err(|error| failed(&error))?;
        let found = law::show::json(&desk.setup.law, &cases, &id);
        found.map(Json).map_err(|error| match error {
            LawError::NoInstrument { nearest, .. } if !nearest.is_empty() => {
                let said = format!(
                    "there is no such instrument; nearest: {}",
                    nearest.join(", ")
                );
                Problem::new(Code::NotFound, said)
            }
            LawError::NoInstrument { .. } => Problem::not_found("instrument"),
            error => failed(&error),
        })
    })
    .await
}

/// What changed between two moments, in the law and for plain parcels.
#[utoipa::path(get, path = "/v1/law/diff", tag = "law", params(Between),
    responses((status = 200, description = "`before`, `after`, the `instruments` that began, \
        changed or ended, and plain `parcels` for which the answer changed", body = Object)),
    security(("api_key" = ["viewer"])))]
pub async fn diff(
    State(desk): State<Arc<Desk>>,
    InQuery(asked): InQuery<Between>,
) -> Result<Json<Value>, Problem> {
    let setup = &desk.setup;
    let before = moment(setup, "before", &asked.before)?;
    let after = moment(setup, "after", &asked.after)?;
    reckoning(move || {
        let setup = &desk.setup;
        Ok(Json(law::diff::json(
            &setup.law,
            &setup.tariff,
            (before, after),
        )))
    })
    .await
}

/// What was possible when for a plain $40 parcel, by mode and origin, and what opened or closed it.
#[utoipa::path(get, path = "/v1/law/timeline", tag = "law",
    responses((status = 200, description = "`rows` of periods by mode and origin, and `events`",
        body = Object)),
    security(("api_key" = ["viewer"])))]
pub async fn timeline(State(desk): State<Arc<Desk>>) -> Result<Json<Value>, Problem> {
    reckoning(move || {
        let setup = &desk.setup;
        let histories = law::histories(&setup.law, &setup.tariff);
        Ok(Json(law::timeline::json(&setup.law, &histories)))
    })
    .await
}
