//! The articles of a mail parcel with the numbers, rates and amounts that its decision gives them.

use super::super::parcel::Reading;
use deminimis_clearance::render::owed::{ChargeText, LineText};
use deminimis_law::money::Cents;
use serde::Serialize;

/// What a parcel of the mail owes on one article, or on the whole package where its duty is one
/// amount for the package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Article {
    /// What it is.
    pub description: String,
    /// Country of origin, ISO 3166-1 alpha-2.
    pub country_of_origin: String,
    /// Every number that applies, the article's own and those of Chapters 98 and 99, in the order of
    /// the decision.
    pub htsus_numbers: Vec<String>,
    /// Quantity, only where a rate by quantity applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// Unit of the quantity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The rates that apply, in the order of the numbers, as the decision writes them.
    pub duty_rate: String,
    /// Value in dollars.
    pub value_usd: String,
    /// Duty in dollars.
    pub duty_usd: String,
}

/// The charges that are told: those that charge, are met already, or spare the article.
fn applies(charge: &ChargeText) -> bool {
    matches!(charge.state, "charged" | "met" | "exempt")
}

/// Whether a charge is that of the schedule itself.
fn of_schedule(charge: &ChargeText) -> bool {
    charge.program == "general"
        || charge.program == "column 2"
        || charge.program.starts_with("special ")
}

/// The articles of a parcel. `free` says that the parcel owes nothing and why, in a word for the
/// rate. What is missing is refused in `reading`; the result is of use only if nothing was.
pub(in crate::messages) fn articles(reading: &mut Reading<'_>, free: Option<&str>) -> Vec<Article> {
    let lines = reading.parcel.shipment.lines.len();
    let owed = reading.parcel.decision.owed.as_ref();
    let charged: &[LineText] = owed.map_or(&[], |owed| &owed.lines);
    if charged.iter().any(|line| line.line.is_none()) {
        // One amount for the package stands on no line, and this data set is written by lines.
        reading.refuse(
            None,
            "postal_method",
            reading.text("postal_method", None).unwrap_or_default(),
            "makes one amount for the package, which cannot be told by article: choose ad_valorem",
        );
        return Vec::new();
    }
    let mut articles = Vec::new();
    for line in 0..lines {
        let number = u16::try_from(line + 1).unwrap_or(u16::MAX);
        let charges = charged.iter().find(|charged| charged.line == Some(number));
        let charges: &[ChargeText] = charges.map_or(&[], |charged| &charged.charges);
        articles.push(article(reading, line, charges, free));
    }
    check_sums(reading, &articles, free);
    articles
}

fn article(
    reading: &mut Reading<'_>,
    line: usize,
    charges: &[ChargeText],
    free: Option<&str>,
) -> Article {
    let at = Some(line);
    let mut article = Article {
        description: reading.needed("description", at).to_owned(),
        country_of_origin: reading.needed("country_of_origin", at).to_owned(),
        ..Article::default()
    };
    let own = own_number(reading, line);
    let (mut duty, mut rates) = (Cents(0), Vec::new());
    for charge in charges.iter().filter(|charge| applies(charge)) {
        match &charge.heading {
            // The schedule charges under the article's own number.
            Some(_) if of_schedule(charge) => article.htsus_numbers.push(own.clone()),
            Some(heading) => article.htsus_numbers.push(heading.clone()),
            None => reading.refuse(
                at,
                "htsus_number",
                &charge.heading_candidates.join(" "),
                "several headings are possible: the data set needs the one that applies",
            ),
        }
        if let (Some(quantity), Some(unit)) = (&charge.quantity, &charge.unit) {
            (article.quantity, article.unit) = (Some(quantity.clone()), Some(unit.clone()));
        }
        rates.push(charge.rate.as_str());
        match charge.amount_usd.as_deref().map(Cents::parse) {
            Some(Ok(amount)) => duty = duty.plus(amount),
            _ => reading.refuse(
                at,
                "htsus_number",
                "",
                format!("what is owed under {} is not known", charge.program),
            ),
        }
    }
    if !article.htsus_numbers.contains(&own) {
        article.htsus_numbers.push(own);
    }
    article.value_usd = value(reading, line, charges);
    article.duty_rate = free.map_or_else(|| rates.join(" + "), str::to_owned);
    article.duty_usd = duty.to_string();
    article
}

/// The article's own number, which must have ten digits.
fn own_number(reading: &mut Reading<'_>, line: usize) -> String {
    let given = reading
        .parcel
        .shipment
        .lines
        .get(line)
        .and_then(|line| line.number);
    match given {
        Some(number) if number.len() == 10 => number.to_string(),
        Some(number) => {
            let reason = format!("has {} digits: all ten are needed", number.len());
            reading.refuse(Some(line), "htsus_number", &number.to_string(), reason);
            String::new()
        }
        None => reading.needed("htsus_number", Some(line)).to_owned(),
    }
}

/// The value on which the schedule's rate is charged; where nothing is charged, the value given, if
/// it is in dollars.
fn value(reading: &mut Reading<'_>, line: usize, charges: &[ChargeText]) -> String {
    if let Some(charge) = charges.iter().find(|charge| of_schedule(charge)) {
        return charge.base_usd.clone();
    }
    let at = Some(line);
    let currency = reading.text("currency", at).unwrap_or("USD");
    let given = reading.needed("line_value", at);
    match Cents::parse(given) {
        Ok(value) if currency == "USD" => value.to_string(),
        _ => {
            reading.refuse(
                at,
                "currency",
                currency,
                "the value in dollars is not in the decision",
            );
            String::new()
        }
    }
}

/// Nothing is told twice or left out: the articles sum up to what was decided, to the cent.
fn check_sums(reading: &mut Reading<'_>, articles: &[Article], free: Option<&str>) {
    let sum = |of: fn(&Article) -> &str| {
        let parsed = articles
            .iter()
            .map(|article| Cents::parse(of(article)).unwrap_or(Cents(0)));
        parsed.fold(Cents(0), Cents::plus).to_string()
    };
    let (values, duties) = (
        sum(|article| &article.value_usd),
        sum(|article| &article.duty_usd),
    );
    let decision = reading.parcel.decision;
    let Some(owed) = &decision.owed else {
        let reason = "what is owed is not known, since the parcel may not enter";
        return reading.refuse(None, "", "", reason);
    };
    if decision.outcome == "needs_person" {
        let reason = "the decision is left to a person: deminimis explain tells what is open";
        reading.refuse(None, "", "", reason);
    }
    match &owed.duty_usd {
        Some(duty) if *duty == duties => {}
        Some(duty) => {
            let reason = format!("the duties of the articles do not come to the {duty} decided");
            reading.refuse(None, "", &duties, reason);
        }
        None => {
            for open in owed.open.iter().filter(|open| open.material) {
                let line = open.line.map(|line| usize::from(line).saturating_sub(1));
                let reason = format!("leaves open what is owed: {}", open.why);
                reading.refuse(line, &open.what, "", reason);
            }
        }
    }
    // Nothing is charged on a parcel that is free, so its value stands in the decision alone.
    let value = match free {
        Some(_) => decision.entered_value_usd.as_deref(),
        None => Some(owed.entered_value_usd.as_str()),
    };
    if value != Some(values.as_str()) {
        let decided = value.unwrap_or("amount, which is not known,");
        let reason = format!("the values of the articles do not come to the {decided} decided");
        reading.refuse(None, "line_value", &values, reason);
    }
}

/// The duty decided for the whole parcel; empty, and refused with the articles, where it is open.
pub(in crate::messages) fn known_total(reading: &Reading<'_>) -> String {
    let owed = reading.parcel.decision.owed.as_ref();
    owed.and_then(|owed| owed.duty_usd.clone())
        .unwrap_or_default()
}
