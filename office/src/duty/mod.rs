//! What one article owes, charge by charge; by origin, and over time: for people on a page, for
//! programs as JSON, and as a picture.
//!
//! The article becomes a one-line shipment through the builder that reads files, and the answer is
//! the assessment's. Nothing is reckoned here.

mod article;
pub mod columns;
pub mod json;
pub mod over;
pub mod picture;
mod questions;
mod reckon;
pub mod table;

pub use article::Article;
pub use questions::{Answer, Question};
pub use reckon::{CostsLess, Reckoned, Reckoner, Threshold, Way};

use crate::setup::Setup;
use deminimis_clearance::shipment::BadField;
use deminimis_tariff::Known;

/// All that is said of one article.
pub struct Told {
    /// What it owes.
    pub reckoned: Reckoned,
    /// The lawful ways of entering, the cheapest first.
    pub ways: Vec<Way>,
    /// Where formal entry begins.
    pub threshold: Threshold,
    /// What is open.
    pub questions: Vec<Question>,
}

/// Reckons an article, with the ways of entering it and what is open.
///
/// # Errors
/// A field that cannot be read.
pub fn told(reckoner: &mut Reckoner<'_>, article: &Article) -> Result<Told, BadField> {
    let reckoned = reckoner.article(article)?;
    Ok(Told {
        ways: reckoner.ways(&reckoned),
        threshold: reckoner.threshold(&reckoned.shipment),
        questions: questions::questions(reckoner, article, &reckoned)?,
        reckoned,
    })
}

/// A line on what the schedule does not know, with the nearest numbers.
fn near_numbers(setup: &Setup, reckoned: &Reckoned) -> Option<String> {
    let number = reckoned.shipment.lines.first()?.number?;
    let day = reckoned.shipment.entry_when().day;
    if day.0 < setup.tariff.embedded_days().0 || setup.tariff.knows(number, day.0) == Known::Yes {
        return None;
    }
    let near = setup.tariff.candidates(number, day.0);
    let near: Vec<String> = near.iter().take(5).map(ToString::to_string).collect();
    let nearest = match near.as_slice() {
        [] => String::new(),
        some => format!("; nearest: {}", some.join(", ")),
    };
    Some(format!("{number} is not in the schedule of {day}{nearest}"))
}
