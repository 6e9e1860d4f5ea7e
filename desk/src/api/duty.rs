//! `POST /v1/duty`: what one article owes. The same answer as `deminimis duty`.

use crate::api::body::Sent;
use crate::api::work::{bad_field, reckoning};
use crate::problem::{Code, FieldError, Problem};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use deminimis_clearance::shipment::BadField;
use deminimis_clearance::shipment::fields::id;
use deminimis_law::time::Moment;
use deminimis_office::duty::{Article, Reckoner, json, told};
use deminimis_office::ledger::now;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// The most claims or facts of an article.
const MOST: usize = 100;

/// An article, under the names that a shipment and its lines have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleAsked {
    /// 8 or 10 digits, dots allowed
    #[schema(max_length = 20)]
    htsus_number: String,
    /// Two capital letters
    #[schema(pattern = "^[A-Z]{2}$")]
    country_of_origin: String,
    /// An amount, such as 40.00
    #[schema(max_length = 40)]
    line_value: String,
    /// ISO 4217; without it USD
    #[schema(pattern = "^[A-Z]{3}$")]
    currency: Option<String>,
    /// How it arrives; without it air
    #[schema(pattern = "^(air|express|truck|rail|ocean|mail|hand_carried)$")]
    mode: Option<String>,
    /// A date or a timestamp with offset; without it the day of the request
    #[schema(max_length = 40)]
    entered_at: Option<String>,
    /// From where it is shipped; without it the origin
    #[schema(pattern = "^[A-Z]{2}$")]
    country_of_shipment: Option<String>,
    /// When it was loaded
    #[schema(max_length = 40)]
    loaded_at: Option<String>,
    /// The day of exportation
    #[schema(max_length = 40)]
    exported_on: Option<String>,
    /// The path that the sender means
    #[schema(max_length = 40)]
    entry_path: Option<String>,
    /// The carrier's election for mail
    #[schema(pattern = "^(ad_valorem|specific)$")]
    postal_method: Option<String>,
    /// Special programs or headings claimed
    #[serde(default)]
    #[schema(max_items = 100)]
    claims: Vec<String>,
    /// For rates by quantity
    #[schema(max_length = 40)]
    quantity: Option<String>,
    /// Such as kg or doz.
    #[schema(max_length = 40)]
    unit: Option<String>,
    /// A second one
    #[schema(max_length = 40)]
    quantity_2: Option<String>,
    /// Its unit
    #[schema(max_length = 40)]
    unit_2: Option<String>,
    /// A third one
    #[schema(max_length = 40)]
    quantity_3: Option<String>,
    /// Its unit
    #[schema(max_length = 40)]
    unit_3: Option<String>,
    /// Answers that a measure asks for, as text: `true`, `12.00`
    #[serde(default)]
    facts: BTreeMap<String, String>,
}

impl ArticleAsked {
    fn article(&self, desk: &Desk) -> Result<Article, Problem> {
        for (pointer, count) in [("/claims", self.claims.len()), ("/facts", self.facts.len())] {
            if count > MOST {
                return Err(bad_field(pointer, "", format!("has more than {MOST}")));
            }
        }
        let zone = desk.setup.law.zone();
        let or = |text: &Option<String>, usual: &str| text.as_deref().unwrap_or(usual).to_owned();
        let mut article = Article::new()
            .entered(self.entered_at.as_deref(), Moment(now()), zone)
            .of_origin(&self.country_of_origin, self.country_of_shipment.as_deref())
            .with(id::HTSUS_NUMBER, &self.htsus_number)
            .with(id::LINE_VALUE, &self.line_value)
            .with(id::CURRENCY, &or(&self.currency, "USD"))
            .with(id::MODE, &or(&self.mode, "air"));
        let [quantity, quantity_2, quantity_3] = id::QUANTITIES;
        let [unit, unit_2, unit_3] = id::UNITS;
        for (field, text) in [
            (id::LOADED_AT, &self.loaded_at),
            (id::EXPORTED_ON, &self.exported_on),
            (id::ENTRY_PATH, &self.entry_path),
            (id::POSTAL_METHOD, &self.postal_method),
            (quantity, &self.quantity),
            (unit, &self.unit),
            (quantity_2, &self.quantity_2),
            (unit_2, &self.unit_2),
            (quantity_3, &self.quantity_3),
            (unit_3, &self.unit_3),
        ] {
            if let Some(text) = text {
                article = article.with(field, text);
            }
        }
        if !self.claims.is_empty() {
            article = article.with(id::CLAIMS, &self.claims.join(";"));
        }
        for (name, text) in &self.facts {
            article = article.with_fact(name, text);
        }
        Ok(article)
    }
}

/// A field as this body has it: its lines are not in an array.
fn refused(error: BadField) -> Problem {
    let pointer = error.pointer();
    let field = FieldError {
        pointer: pointer
            .strip_prefix("/lines/0")
            .unwrap_or(&pointer)
            .to_owned(),
        detail: error.reason.to_string(),
        value: error.value,
        shipment_id: None,
        row: None,
    };
    let said = "the sender must correct what is named";
    Problem::new(Code::BadShipment, said).with(vec![field])
}

/// What one article owes, charge by charge, the lawful ways of entering it, where formal entry
/// begins to cost less, and what is open with the total under its answers. It is alone on its
/// person's day.
#[utoipa::path(post, path = "/v1/duty", tag = "tariff", request_body = ArticleAsked,
    responses((status = 200, description = "What is owed, with the decision", body = Object)),
    security(("api_key" = ["viewer"])))]
pub async fn duty(
    State(desk): State<Arc<Desk>>,
    Sent(asked): Sent<ArticleAsked>,
) -> Result<Json<Value>, Problem> {
    let article = asked.article(&desk)?;
    reckoning(move || {
        let mut reckoner = Reckoner::new(&desk.setup);
        let all = told(&mut reckoner, &article).map_err(refused)?;
        Ok(Json(json::told(&mut reckoner, &all)))
    })
    .await
}
