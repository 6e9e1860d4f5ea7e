//! `tariff texts`: how the texts of rates are read, counted by shape, and which need a person.

use super::{file_bytes, is_json, read};
use crate::commands::CommandError;
use crate::out::page::Format;
use crate::out::page::{Page, Style};
use deminimis_tariff::Schedule;
use deminimis_tariff::rate::{Rate, Shape, read_special};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Distinct texts: general and column 2 together, and special.
#[derive(Default)]
struct Texts {
    rates: BTreeSet<String>,
    specials: BTreeSet<String>,
}

/// What was read from distinct texts.
pub(crate) struct Count {
    /// Texts of general and column 2 by what was read.
    pub shapes: BTreeMap<Shape, usize>,
    /// Texts for a person, with the reason.
    pub person: Vec<(String, String)>,
    /// Distinct texts of special columns.
    pub specials: usize,
    /// Their parts by what was read.
    pub parts: BTreeMap<Shape, usize>,
    /// Parts for a person, with the reason.
    pub special_person: Vec<(String, String)>,
}

/// Writes the counts of each file, or of the embedded figures.
pub fn run(files: &[PathBuf], format: Format, page: &mut Page<'_>) -> Result<(), CommandError> {
    let mut counted = Vec::new();
    if files.is_empty() {
        counted.push((Schedule::embedded().release().to_owned(), embedded()));
    }
    for file in files {
        let name = file.display().to_string();
        let export = read(&file_bytes(file)?, &name)?;
        let mut texts = Texts::default();
        for row in export.rows {
            texts.rates.extend([row.general, row.column_2]);
            texts.specials.insert(row.special);
        }
        counted.push((name, count(&texts)));
    }
    if is_json(format) {
        let all: Vec<Value> = counted.iter().map(|(name, one)| one.json(name)).collect();
        return Ok(page.json(&Value::Array(all))?);
    }
    for (name, one) in &counted {
        one.write(name, page)?;
        page.gap()?;
    }
    Ok(())
}

/// What is read from the figures that the program carries.
pub(crate) fn embedded() -> Count {
    let (rates, specials) = Schedule::embedded().texts();
    let owned =
        |texts: &[std::borrow::Cow<'static, str>]| texts.iter().map(ToString::to_string).collect();
    count(&Texts {
        rates: owned(rates),
        specials: owned(specials),
    })
}

/// The empty text of a column says nothing and is not counted.
fn count(texts: &Texts) -> Count {
    let mut count = Count {
        shapes: BTreeMap::new(),
        person: Vec::new(),
        specials: 0,
        parts: BTreeMap::new(),
        special_person: Vec::new(),
    };
    for text in texts.rates.iter().filter(|text| !text.is_empty()) {
        let rate = Rate::read(text);
        *count.shapes.entry(rate.shape()).or_default() += 1;
        if let Rate::NeedsPerson(reason) = rate {
            count.person.push((text.clone(), reason.to_string()));
        }
    }
    for text in texts.specials.iter().filter(|text| !text.is_empty()) {
        count.specials += 1;
        for part in read_special(text) {
            *count.parts.entry(part.rate.shape()).or_default() += 1;
            if let Rate::NeedsPerson(reason) = part.rate {
                count.special_person.push((part.text, reason.to_string()));
            }
        }
    }
    count.special_person.sort();
    count.special_person.dedup();
    count
}

pub(crate) fn by_shape(shapes: &BTreeMap<Shape, usize>) -> String {
    let all = shapes
        .iter()
        .map(|(shape, count)| format!("{} {count}", shape.words()));
    all.collect::<Vec<_>>().join(", ")
}

impl Count {
    fn write(&self, name: &str, page: &mut Page<'_>) -> std::io::Result<()> {
        page.say(0, Style::Bold, name)?;
        let total: usize = self.shapes.values().sum();
        let shapes = by_shape(&self.shapes);
        let rates = format!("{total} distinct texts of general and column 2: {shapes}");
        page.say(2, Style::Plain, &rates)?;
        let parts: usize = self.parts.values().sum();
        let specials = format!(
            "{} distinct texts of special with {parts} parts: {}",
            self.specials,
            by_shape(&self.parts)
        );
        page.say(2, Style::Plain, &specials)?;
        for (column, list) in [
            ("general, column 2", &self.person),
            ("special", &self.special_person),
        ] {
            page.say(
                2,
                Style::Dim,
                &format!("{column}: {} need a person", list.len()),
            )?;
            let rows: Vec<Vec<String>> = list
                .iter()
                .map(|(text, reason)| vec![reason.clone(), text.clone()])
                .collect();
            page.table(4, &[Style::Dim, Style::Plain], &rows)?;
        }
        Ok(())
    }

    fn json(&self, name: &str) -> Value {
        let shapes = |shapes: &BTreeMap<Shape, usize>| -> Value {
            let pairs = shapes
                .iter()
                .map(|(shape, count)| (shape.words().to_owned(), json!(count)));
            Value::Object(pairs.collect())
        };
        let person = |list: &[(String, String)]| -> Vec<Value> {
            let all = list.iter();
            all.map(|(text, reason)| json!({"text": text, "reason": reason}))
                .collect()
        };
        json!({
            "source": name,
            "rates": shapes(&self.shapes),
            "needs_person": person(&self.person),
            "specials": self.specials,
            "special_parts": shapes(&self.parts),
            "special_needs_person": person(&self.special_person),
        })
    }
}
