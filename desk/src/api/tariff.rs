//! The schedule: what it prints for a number, and numbers by words. The same answers as `deminimis
//! tariff`.

use crate::api::body::{InPath, InQuery};
use crate::api::law::moment;
use crate::api::work::{bad_parameter, reckoning};
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use deminimis_law::codes::Country;
use deminimis_law::time::{Moment, When};
use deminimis_office::ledger::now;
use deminimis_office::setup::Setup;
use deminimis_office::tariff::show::{Asked, Books};
use deminimis_office::tariff::{LookError, search, show};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use utoipa::IntoParams;

/// The most letters of words to be found.
const MOST_WORDS: usize = 200;

/// On which day, and for goods of which origin.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// A date or a timestamp with offset; without it the moment of the request
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]{5,8}(Z|[+-][0-9]{2}:[0-9]{2}))?$")]
    pub at: Option<String>,
    /// Only measures on goods of this country of origin, two capital letters
    #[param(pattern = r"^[A-Z]{2}$")]
    pub origin: Option<String>,
}

/// Which words, and on which day.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Words {
    /// Words of descriptions, in any order
    #[param(min_length = 1, max_length = 200)]
    pub q: String,
    /// A date or a timestamp with offset; without it the moment of the request
    #[param(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]{5,8}(Z|[+-][0-9]{2}:[0-9]{2}))?$")]
    pub at: Option<String>,
}

fn when(setup: &Setup, text: Option<&str>) -> Result<When, Problem> {
    match text {
        Some(text) => moment(setup, "at", text),
        None => Ok(setup.law.zone().exact(Moment(now()))),
    }
}

fn told(error: LookError) -> Problem {
    match error {
        LookError::Number { reason, .. } => bad_parameter("number", reason),
        LookError::NotThere(said) => Problem::new(Code::NotFound, said),
        LookError::NothingImported => Problem::new(Code::Conflict, error.to_string()),
        LookError::Store(_) | LookError::Out(_) => failed(&error),
    }
}

/// What the schedule prints for a number on a day, and which measures of chapters 98 and 99 touch
/// it. Descriptions come with imported releases.
#[utoipa::path(get, path = "/v1/tariff/{number}", tag = "tariff",
    params(("number" = String, Path, description = "4, 6, 8 or 10 digits, dots allowed"), Which),
    responses((status = 200, description = "Its figures, measures and the numbers that it begins",
        body = Object)),
    security(("api_key" = ["viewer"])))]
pub async fn number(
    State(desk): State<Arc<Desk>>,
    InPath(number): InPath<String>,
    InQuery(which): InQuery<Which>,
) -> Result<Json<Value>, Problem> {
    let at = when(&desk.setup, which.at.as_deref())?;
    let said = "must be a country's two capital letters, such as VN";
    let country = |text| Country::parse(text).ok_or_else(|| bad_parameter("origin", said));
    let origin = which.origin.as_deref().map(country).transpose()?;
    reckoning(move || {
        let setup = &desk.setup;
        let books = Books {
            stored: &setup.releases,
            schedule: &setup.tariff,
            law: &setup.law,
        };
        let asked = Asked {
            number: &number,
            at,
            origin,
        };
        show::json(&books, &asked).map(Json).map_err(told)
    })
    .await
}

/// The twenty numbers whose descriptions fit words best, from the release in force on a day.
#[utoipa::path(get, path = "/v1/tariff", tag = "tariff", params(Words),
    responses(
        (status = 200, description = "`release`, `words`, and what was `found`, the best first",
            body = Object),
        (status = 409, description = "No release is imported; the problem says how",
            body = Problem, content_type = "application/problem+json"),
    ),
    security(("api_key" = ["viewer"])))]
pub async fn find(
    State(desk): State<Arc<Desk>>,
    InQuery(words): InQuery<Words>,
) -> Result<Json<Value>, Problem> {
    let at = when(&desk.setup, words.at.as_deref())?.day;
    if !(1..=MOST_WORDS).contains(&words.q.chars().count()) {
        return Err(bad_parameter("q", "must have 1 to 200 letters"));
    }
    reckoning(move || {
        let found = search::json(&desk.setup.releases, &words.q, at);
        found.map(Json).map_err(told)
    })
    .await
}
