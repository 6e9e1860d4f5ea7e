//! The tariff: a number or words looked up, and what an article owes, by origin side by side and
//! over time.

use super::charges::{ChargeRow, charges, total, totals};
use super::decision::Owed;
use super::waterfall::{Waterfall, waterfall};
use super::{Head, page};
use crate::api::body::{InPath, InQuery, Sent};
use crate::api::duty::{ArticleAsked, Compared, Followed, compare, history};
use crate::api::tariff::{Which, Words, find, number};
use crate::api::work::reckoning;
use crate::auth::Caller;
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use deminimis_clearance::explain::spaced;
use deminimis_law::names::Mode;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Origins that are compared at once.
const MOST: usize = 6;

/// What the forms of the page send.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Asked {
    /// A number, or words.
    q: String,
    at: String,
    /// Of the calculator.
    htsus_number: String,
    value: String,
    origins: String,
    mode: String,
    /// The span of the history; none is asked for without it.
    over: String,
}

#[derive(Template)]
#[template(path = "tariff.html")]
struct TariffPage {
    head: Head,
    asked: Asked,
    modes: Vec<&'static str>,
    shown: Option<Number>,
    found: Option<Found>,
    columns: Vec<Column>,
    history: Option<History>,
    wrong: String,
}

/// A number as `deminimis tariff show` tells it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Number {
    number: String,
    at: String,
    path: Option<Vec<String>>,
    figures: Option<Figures>,
    measures: Option<Vec<Measure>>,
    begins: Vec<Begun>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Figures {
    release: Option<String>,
    general: Option<Rate>,
    column_2: Option<Rate>,
    special: Vec<Special>,
    units: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rate {
    text: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Special {
    programs: Vec<String>,
    rate: Rate,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Measure {
    headings: Vec<String>,
    layer: String,
    charge: String,
    rule: String,
    #[serde(rename = "if")]
    when: Option<String>,
    origins: Vec<String>,
    cite: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Begun {
    number: String,
    description: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    release: String,
    found: Vec<Begun>,
}

/// What an article of one origin owes.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    country_of_origin: String,
    outcome: String,
    entry_path: String,
    effective_rate: Option<String>,
    owed: Option<Owed>,
}

/// The total of the first origin over time.
#[derive(Default, Deserialize)]
#[serde(default)]
struct History {
    article: String,
    steps: Vec<Step>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Step {
    from: String,
    outcome: String,
    owed: Owed,
    refundable_usd: String,
    not_covered: Vec<String>,
    open: Vec<String>,
    charges: Vec<String>,
}

impl Step {
    fn outcome(&self) -> String {
        spaced(&self.outcome)
    }

    fn total(&self) -> String {
        total(&self.owed)
    }
}

struct Column {
    origin: String,
    /// What comes of it, or why nothing does.
    says: String,
    owed: String,
    rate: String,
    totals: Vec<(&'static str, String)>,
    charges: Vec<ChargeRow>,
    chart: Option<Waterfall>,
}

/// The page.
pub async fn show(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    let mut status = None;
    let mut wrong = String::new();
    let mut shown = TariffPage {
        head: Head::new(Some(&caller), "/tariff"),
        modes: Mode::ALL.iter().map(|mode| mode.as_str()).collect(),
        shown: None,
        found: None,
        columns: Vec::new(),
        history: None,
        wrong: String::new(),
        asked: Asked::default(),
    };
    match fill(&desk, &asked, &mut shown).await {
        Ok(()) => {}
        Err(problem) if problem.status().is_client_error() => {
            status = Some(problem.status());
            problem.detail().clone_into(&mut wrong);
            for error in problem.errors() {
                wrong.push_str(&format!(" {} {}.", error.pointer, error.detail));
            }
        }
        Err(problem) => return Err(problem),
    }
    (shown.asked, shown.wrong) = (asked, wrong);
    let told = page(&shown)?;
    Ok(match status {
        Some(status) => (status, told).into_response(),
        None => told,
    })
}

async fn fill(desk: &Arc<Desk>, asked: &Asked, shown: &mut TariffPage) -> Result<(), Problem> {
    let at = Some(asked.at.trim().to_owned()).filter(|at| !at.is_empty());
    let q = asked.q.trim();
    let digits = |letter: char| letter.is_ascii_digit() || letter == '.';
    if !q.is_empty() && q.chars().all(digits) {
        let which = InQuery(Which { at, origin: None });
        let told = number(State(Arc::clone(desk)), InPath(q.to_owned()), which).await?;
        shown.shown = Some(read(told.0)?);
    } else if !q.is_empty() {
        let words = InQuery(Words {
            q: q.to_owned(),
            at,
        });
        shown.found = Some(read(find(State(Arc::clone(desk)), words).await?.0)?);
    }
    if asked.htsus_number.trim().is_empty() {
        return Ok(());
    }
    let mut origins = asked.origins();
    if !(1..=MOST).contains(&origins.len()) {
        let said = format!("give 1 to {MOST} countries of origin, such as CN, VN, MX");
        return Err(Problem::new(Code::BadRequest, said));
    }
    let others = origins.split_off(1);
    let compared = Compared::new(asked.article(&origins[0], &asked.at)?, others);
    for told in compare(State(Arc::clone(desk)), Sent(compared)).await?.0 {
        shown.columns.push(column(read(told)?));
    }
    if !asked.over.trim().is_empty() {
        let told = history(State(Arc::clone(desk)), Sent(asked.followed()?)).await?;
        shown.history = Some(read(told.0)?);
    }
    Ok(())
}

impl Asked {
    /// The origins of the calculator.
    fn origins(&self) -> Vec<String> {
        let given = self.origins.split([',', ' ']).map(str::trim);
        let given = given.filter(|origin| !origin.is_empty());
        given.map(str::to_ascii_uppercase).collect()
    }

    fn article(&self, origin: &str, at: &str) -> Result<ArticleAsked, Problem> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        read(json!({
            "htsus_number": self.htsus_number.trim(),
            "country_of_origin": origin,
            "line_value": self.value.trim(),
            "mode": some(&self.mode),
            "entered_at": some(at),
        }))
    }

    /// The first origin's article over the span.
    fn followed(&self) -> Result<Followed, Problem> {
        let origins = self.origins();
        let first = origins.first().map_or("", String::as_str);
        let article = self.article(first, "")?;
        Ok(Followed::new(article, self.over.trim().to_owned()))
    }
}

/// The picture of what an article owes over time.
pub async fn picture(
    State(desk): State<Arc<Desk>>,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    let followed = asked.followed()?;
    let drawn = reckoning(move || followed.picture(&desk)).await?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], drawn).into_response())
}

fn column(told: Told) -> Column {
    let (charges, amounts) = charges(told.owed.as_ref());
    let known = told.owed.as_ref();
    let known = known.and_then(|owed| owed.total_usd.as_deref());
    let origin = told.country_of_origin;
    Column {
        says: format!("{}: {}", spaced(&told.outcome), spaced(&told.entry_path)),
        owed: told.owed.as_ref().map(total).unwrap_or_default(),
        rate: told.effective_rate.unwrap_or_default(),
        totals: totals(told.owed.as_ref()),
        chart: waterfall(&amounts, known, &format!("chart-{origin}")),
        charges,
        origin,
    }
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| failed(&error))
}
