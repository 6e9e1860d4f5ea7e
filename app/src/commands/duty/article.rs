//! One article as the command line describes it, and the one-line shipment made of it.

use crate::setup::Setup;
use deminimis_clearance::Shipment;
use deminimis_clearance::shipment::fields::id;
use deminimis_clearance::shipment::{BadField, Builder, FieldId, Texts};

/// Fields and facts of an article, as text: what every reader of files hands to the builder too.
#[derive(Clone, Debug, Default)]
pub struct Article {
    fields: Vec<(FieldId, String)>,
    facts: Vec<(String, String)>,
}

impl Article {
    /// An article that nothing is known of but what no rule reads.
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

    /// The shipment, through the builder that every reader uses.
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
