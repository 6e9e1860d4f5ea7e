//! One article as it is asked about, and the one-line shipment made of it.

use crate::setup::Setup;
use deminimis_clearance::Shipment;
use deminimis_clearance::shipment::fields::id;
use deminimis_clearance::shipment::{BadField, Builder, FieldId, Texts};
use deminimis_law::time::{Moment, Zone};

/// Fields and facts of an article, as text: what every reader of files hands to the builder too.
#[derive(Clone, Debug, Default)]
pub struct Article {
    fields: Vec<(FieldId, String)>,
    facts: Vec<(String, String)>,
}

impl Article {
    /// An article that nothing is known of but what no rule reads.
    #[must_use]
    pub fn new() -> Article {
        Article::default()
            .with(id::SHIPMENT_ID, "article")
            .with(id::CONSIGNEE_NAME, "Any Consignee")
            .with(id::DESCRIPTION, "article")
    }

    /// The same with a field set.
    #[must_use]
    pub fn with(&self, field: FieldId, text: &str) -> Article {
        let mut article = self.clone();
        article.fields.retain(|(known, _)| *known != field);
        article.fields.push((field, text.to_owned()));
        article
    }

    /// The same with a fact answered.
    #[must_use]
    pub fn with_fact(&self, name: &str, text: &str) -> Article {
        let mut article = self.clone();
        article.facts.retain(|(known, _)| known != name);
        article.facts.push((name.to_owned(), text.to_owned()));
        article
    }

    /// The same, entered at a moment as text has it, or on the day of another moment.
    #[must_use]
    pub fn entered(&self, text: Option<&str>, or_on: Moment, zone: &Zone) -> Article {
        match text {
            Some(text) => self.with(id::ARRIVES_AT, text).with(id::ENTERED_AT, text),
            None => self.with(id::ARRIVES_AT, &zone.day(or_on).to_string()),
        }
    }

    /// The same of an origin, shipped from there if it is not said from where.
    #[must_use]
    pub fn of_origin(&self, origin: &str, shipped_from: Option<&str>) -> Article {
        self.with(id::COUNTRY_OF_ORIGIN, origin)
            .with(id::COUNTRY_OF_SHIPMENT, shipped_from.unwrap_or(origin))
    }

    /// The shipment, through the builder that every reader uses.
    ///
    /// # Errors
    /// A field that cannot be read, or one that is missing.
    pub fn shipment(&self, setup: &Setup) -> Result<Shipment, BadField> {
        let mut builder = Builder::new(&setup.book.facts, setup.law.zone(), &setup.ports);
        let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
        let mut filling = builder.begin(&mut shipment, &mut texts);
        for (field, text) in &self.fields {
            filling.set(*field, 0, text)?;
        }
        for (name, text) in &self.facts {
            filling.fact(name, 0, text)?;
        }
        filling.finish()?;
        Ok(shipment)
    }
}
