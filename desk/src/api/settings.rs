//! What a tenant sets for its house: what is in force and from where, changes, and back to the
//! default.

use crate::api::body::{InPath, Sent};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::settings::{InForce, Known, named};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::ToSchema;

/// A setting as it is in force.
#[derive(Serialize, ToSchema)]
pub struct SettingTold {
    /// Its name.
    pub name: String,
    /// Its value; null where there is none.
    pub value: Value,
    /// `tenant`, `deminimis.toml` or `default`.
    pub from: &'static str,
    /// Who set it, where the tenant has: a key's or a user's id.
    pub set_by: Option<String>,
    /// When, in seconds of UTC since 1970.
    pub set_at: Option<i64>,
    /// What it says.
    pub about: &'static str,
}

/// What a setting becomes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingWanted {
    /// Text for `filer_code`, `payment_type`, `importer_of_record_number`, `port_of_entry` and
    /// `value_a_day_usd`; an object with `type`, `number`, `surety_code`, `amount_usd` for `bond`; a
    /// whole number for `shipments_a_day`, `keep_batches_days` and `keep_deliveries_days`.
    pub value: Value,
}

impl From<&InForce> for SettingTold {
    fn from(one: &InForce) -> SettingTold {
        SettingTold {
            name: one.name.clone(),
            value: one.value.clone(),
            from: one.from,
            set_by: one.set_by.clone(),
            set_at: one.set_at,
            about: one.about,
        }
    }
}

/// What is in force for the tenant, and from where each of it is.
#[utoipa::path(get, path = "/v1/settings", tag = "settings",
    responses((status = 200, description = "Every setting", body = Vec<SettingTold>)),
    security(("api_key" = ["admin"])))]
pub async fn list(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
) -> Result<Json<Vec<SettingTold>>, Problem> {
    let in_force = desk.settings(&caller.tenant).await?;
    Ok(Json(in_force.told.iter().map(SettingTold::from).collect()))
}

/// Sets a setting. Desks that share the database see it within five seconds.
#[utoipa::path(put, path = "/v1/settings/{name}", tag = "settings", request_body = SettingWanted,
    params(("name" = String, Path, description = "The setting's name")),
    responses((status = 204, description = "It is in force")),
    security(("api_key" = ["admin"])))]
pub async fn set(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(name): InPath<String>,
    Sent(wanted): Sent<SettingWanted>,
) -> Result<StatusCode, Problem> {
    let change = vec![(find(&name)?, Some(wanted.value))];
    let at = |_| "/value".to_owned();
    desk.change_settings(&caller, change, at).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a setting away: what `deminimis.toml` says is in force again, or the default.
#[utoipa::path(delete, path = "/v1/settings/{name}", tag = "settings",
    params(("name" = String, Path, description = "The setting's name")),
    responses((status = 204, description = "It is not set any more")),
    security(("api_key" = ["admin"])))]
pub async fn unset(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(name): InPath<String>,
) -> Result<StatusCode, Problem> {
    let change = vec![(find(&name)?, None)];
    let changed = desk.change_settings(&caller, change, |_| String::new());
    match changed.await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("setting")),
    }
}

fn find(name: &str) -> Result<Known, Problem> {
    named(name).ok_or_else(|| Problem::not_found("setting"))
}
