//! What one article owes: alone, by origin, and over time. The same answers as `deminimis duty`.

use crate::api::body::Sent;
use crate::api::work::{bad_field, reckoning};
use crate::problem::{Code, FieldError, Problem};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use deminimis_clearance::shipment::BadField;
use deminimis_clearance::shipment::fields::id;
use deminimis_law::codes::Country;
use deminimis_law::time::Moment;
use deminimis_office::duty::{Article, Reckoner, json, over, picture, told};
use deminimis_office::ledger::now;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// The most claims or facts of an article.
const MOST: usize = 100;
/// How an article arrives of which it is not said.
const MODE: &str = "air";
/// The most origins that are compared at once.
const MOST_ORIGINS: usize = 12;

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
    /// The article; it stands at `place` in its body.
    fn article(&self, desk: &Desk, place: &str) -> Result<Article, Problem> {
        for (name, count) in [("claims", self.claims.len()), ("facts", self.facts.len())] {
            if count > MOST {
                let pointer = format!("{place}/{name}");
                return Err(bad_field(&pointer, "", format!("has more than {MOST}")));
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
            .with(id::MODE, &or(&self.mode, MODE));
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

/// An article, and origins beside its own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// The article, of its own origin
    article: ArticleAsked,
    /// Origins that are set beside it; one that is named twice is told once
    #[schema(max_items = 12, pattern = "^[A-Z]{2}$")]
    origins: Vec<String>,
}

impl Compared {
    /// Of these origins the first is the article's own.
    pub fn new(article: ArticleAsked, origins: Vec<String>) -> Compared {
        Compared { article, origins }
    }
}

/// An article, and the span of time over which it is followed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Followed {
    /// The article, without the day on which it is entered; its value in USD
    article: ArticleAsked,
    /// From one month or day to another, the last included: `2018-07..2026-12`; at most sixty years
    #[schema(max_length = 40)]
    over: String,
}

impl Followed {
    /// Of an article and a span.
    pub fn new(article: ArticleAsked, over: String) -> Followed {
        Followed { article, over }
    }

    /// What is reckoned, over which span, and what holds in each part of it.
    fn steps(&self, desk: &Desk) -> Result<(String, over::Span, Vec<over::Step>), Problem> {
        let asked = &self.article;
        if let Some(day) = &asked.entered_at {
            let said = "is not given: the article is entered at every moment of the span";
            return Err(bad_field("/article/entered_at", day, said));
        }
        if let Some(other) = asked.currency.as_ref().filter(|other| *other != "USD") {
            return Err(bad_field("/article/currency", other, over::USD_ALONE));
        }
        let span = over::Span::parse(&self.over, desk.setup.law.zone());
        let span = span.map_err(|why| bad_field("/over", &self.over, why))?;
        // A parcel loaded as it is entered: relief for goods in transit is another question.
        let given = over::Given {
            loaded: asked.loaded_at.is_some(),
            exported: asked.exported_on.is_some(),
        };
        let article = asked.article(desk, "/article")?;
        let mut reckoner = Reckoner::new(&desk.setup);
        let steps = over::steps(&mut reckoner, &article, span, given);
        let title = over::title(
            &asked.htsus_number,
            Some(&asked.country_of_origin),
            &asked.line_value,
            asked.mode.as_deref().unwrap_or(MODE),
        );
        Ok((
            title,
            span,
            steps.map_err(|error| refused(error, "/article"))?,
        ))
    }

    /// The picture of it, as SVG.
    ///
    /// # Errors
    /// A field or the span cannot be read.
    pub fn picture(&self, desk: &Desk) -> Result<String, Problem> {
        let (title, span, steps) = self.steps(desk)?;
        Ok(picture::picture(&desk.setup.law, &title, span, &steps))
    }
}

/// A field as this body has it: its lines are not in an array.
fn refused(error: BadField, place: &str) -> Problem {
    let pointer = error.pointer();
    let own = pointer.strip_prefix("/lines/0").unwrap_or(&pointer);
    let field = FieldError {
        pointer: format!("{place}{own}"),
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
    let article = asked.article(&desk, "")?;
    reckoning(move || {
        let mut reckoner = Reckoner::new(&desk.setup);
        let all = told(&mut reckoner, &article).map_err(|error| refused(error, ""))?;
        Ok(Json(json::told(&mut reckoner, &all)))
    })
    .await
}

/// What an article owes by origin: of its own first, then of each other, in their order. Each is told
/// as `POST /v1/duty` tells it; it is shipped from its origin where it is not said from where.
#[utoipa::path(post, path = "/v1/duty/compare", tag = "tariff", request_body = Compared,
    responses((status = 200, description = "What is owed of each origin", body = Vec<Object>)),
    security(("api_key" = ["viewer"])))]
pub async fn compare(
    State(desk): State<Arc<Desk>>,
    Sent(asked): Sent<Compared>,
) -> Result<Json<Vec<Value>>, Problem> {
    if asked.origins.len() > MOST_ORIGINS {
        let said = format!("may have {MOST_ORIGINS} countries of origin");
        return Err(bad_field("/origins", "", said));
    }
    for (at, origin) in asked.origins.iter().enumerate() {
        if Country::parse(origin).is_none() {
            let said = "must be a country's two capital letters, such as CN";
            return Err(bad_field(&format!("/origins/{at}"), origin, said));
        }
    }
    let Compared {
        article: mut of,
        origins,
    } = asked;
    let mut articles = vec![(of.country_of_origin.clone(), of.article(&desk, "/article")?)];
    for origin in origins {
        if articles.iter().all(|(known, _)| *known != origin) {
            of.country_of_origin.clone_from(&origin);
            articles.push((origin, of.article(&desk, "/article")?));
        }
    }
    reckoning(move || {
        let mut reckoner = Reckoner::new(&desk.setup);
        let tell = |(_, article): &(String, Article)| {
            let all = told(&mut reckoner, article).map_err(|error| refused(error, "/article"))?;
            Ok(json::told(&mut reckoner, &all))
        };
        articles
            .iter()
            .map(tell)
            .collect::<Result<_, _>>()
            .map(Json)
    })
    .await
}

/// The total of an article over time: every stretch in which law and schedule keep it the same, with
/// what is charged. It is loaded and exported as it is entered, where that is not given; totals of
/// free days are those of an entry made all the same.
#[utoipa::path(post, path = "/v1/duty/history", tag = "tariff", request_body = Followed,
    responses((status = 200, description = "The `steps`, in their order", body = Object)),
    security(("api_key" = ["viewer"])))]
pub async fn history(
    State(desk): State<Arc<Desk>>,
    Sent(asked): Sent<Followed>,
) -> Result<Json<Value>, Problem> {
    reckoning(move || {
        let (title, _, steps) = asked.steps(&desk)?;
        Ok(Json(over::json(&desk.setup.law, &title, &steps)))
    })
    .await
}
