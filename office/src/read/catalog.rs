//! A catalog of articles by `sku`, which fills line fields that a file leaves open.
//!
//! It is CSV with the contract's names of line fields. A bad catalog is a mistake of the caller, not
//! of a sender, so it is refused as a whole before any shipment is read.

use super::ReadError;
use super::near::{flat_names, nearest};
use deminimis_clearance::shipment::build::{BadField, Builder, Filling, PortZones};
use deminimis_clearance::shipment::fields::{FieldId, id};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_law::facts::{self, Fact, FactId};
use deminimis_law::time::Zone;
use std::collections::HashMap;
use std::io::Read;

/// Articles by `sku`.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    articles: HashMap<String, Article>,
}

#[derive(Clone, Debug, Default)]
struct Article {
    fields: Vec<(FieldId, String)>,
    facts: Vec<(FactId, String)>,
}

/// Where a column goes.
enum Column {
    Field(FieldId),
    Fact(FactId),
}

impl Catalog {
    /// Reads a catalog. Columns are `sku` and any line field but values and quantities, which belong
    /// to the parcel and not to the article.
    ///
    /// # Errors
    /// Usage, with the row: an unknown column, a value that cannot be read, an article twice.
    pub fn read(
        input: impl Read,
        file: &str,
        list: &[Fact],
        zone: &Zone,
    ) -> Result<Catalog, ReadError> {
        let usage = |message: String| ReadError::Usage {
            file: file.to_owned(),
            message,
        };
        let mut reader = csv::ReaderBuilder::new().from_reader(input);
        let header = reader
            .headers()
            .map_err(|error| usage(error.to_string()))?
            .clone();
        let mut columns = Vec::new();
        for name in header
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').trim())
        {
            columns.push(column(name, list).map_err(usage)?);
        }
        let Some(key) = columns
            .iter()
            .position(|column| matches!(column, Column::Field(id::SKU)))
        else {
            return Err(usage("a catalog needs a column sku".to_owned()));
        };
        let ports = PortZones::default();
        let mut builder = Builder::new(list, zone, &ports);
        let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
        let mut catalog = Catalog::default();
        for (at, record) in reader.records().enumerate() {
            let row = at + 2;
            let record = record.map_err(|error| usage(error.to_string()))?;
            // Every value is tried once here, so that a shipment is never refused for the catalog.
            let mut trial = builder.begin(&mut shipment, &mut texts);
            let mut article = Article::default();
            for (column, text) in columns
                .iter()
                .zip(record.iter())
                .filter(|(_, text)| !text.trim().is_empty())
            {
                let text = text.trim().to_owned();
                let set = match column {
                    Column::Field(field) => trial.set(*field, 0, &text),
                    Column::Fact(fact) => trial.set_fact(*fact, 0, &text),
                };
                set.map_err(|bad| usage(format!("row {row}: {bad}")))?;
                match column {
                    Column::Field(id::SKU) => {}
                    Column::Field(field) => article.fields.push((*field, text)),
                    Column::Fact(fact) => article.facts.push((*fact, text)),
                }
            }
            let sku = record.get(key).unwrap_or("").trim().to_owned();
            if sku.is_empty() {
                return Err(usage(format!("row {row}: sku is empty")));
            }
            if catalog.articles.insert(sku.clone(), article).is_some() {
                return Err(usage(format!("row {row}: sku {sku:?} stands twice")));
            }
        }
        Ok(catalog)
    }

    /// How many articles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// Fills each line by its `sku`, where the line has no value, and notes the lines it filled.
    pub(crate) fn fill(&self, filling: &mut Filling) -> Result<(), BadField> {
        for line in 0..filling.line_count() {
            let article = filling
                .texts()
                .line(id::SKU, line)
                .and_then(|sku| self.articles.get(sku));
            let Some(article) = article else { continue };
            let mut filled = false;
            for (field, text) in &article.fields {
                filled |= filling.fill(*field, line, text)?;
            }
            for (fact, text) in &article.facts {
                filled |= filling.fill_fact(*fact, line, text)?;
            }
            if filled {
                filling.mark_catalog(line);
            }
        }
        Ok(())
    }
}

fn column(name: &str, list: &[Fact]) -> Result<Column, String> {
    const OF_THE_PARCEL: [FieldId; 4] = [
        id::LINE_VALUE,
        id::FAIR_RETAIL_VALUE,
        id::QUANTITY,
        id::CURRENCY,
    ];
    if let Some(fact) = name.strip_prefix("facts.") {
        let found = facts::find(list, fact).map(Column::Fact);
        return found.ok_or_else(|| format!("{name:?} is not a fact of the rulebook"));
    }
    match FieldId::named(name) {
        Some(field) if !field.is_line() || OF_THE_PARCEL.contains(&field) => Err(format!(
            "{name:?} belongs to the shipment, not to an article"
        )),
        Some(field) => Ok(Column::Field(field)),
        None => match nearest(name, flat_names()).first() {
            Some(near) => Err(format!("{name:?} is not a field; did you mean {near}?")),
            None => Err(format!("{name:?} is not a field")),
        },
    }
}
