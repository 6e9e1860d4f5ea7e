//! What to do with each column of one file: the header, the map and the options put together once,
//! so that a row is read without looking anything up by name.

use super::constants::Constants;
use super::dates::DateForm;
use super::map::{Map, When};
use super::near::{flat_names, nearest};
use super::{Options, ReadError};
use deminimis_clearance::shipment::build::{BadField, Filling};
use deminimis_clearance::shipment::fields::{FieldId, Kind, REQUIRED, id};
use deminimis_law::facts::FactId;
use std::collections::HashMap;

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Field(FieldId),
    Fact(FactId),
}

impl Target {
    /// Sets the value.
    #[inline]
    pub(crate) fn set(
        self,
        filling: &mut Filling,
        line: usize,
        text: &str,
    ) -> Result<(), BadField> {
        match self {
            Target::Field(field) => filling.set(field, line, text),
            Target::Fact(fact) => filling.set_fact(fact, line, text),
        }
    }

    /// Sets the value where there is none.
    pub(crate) fn fill(
        self,
        filling: &mut Filling,
        line: usize,
        text: &str,
    ) -> Result<bool, BadField> {
        match self {
            Target::Field(field) => filling.fill(field, line, text),
            Target::Fact(fact) => filling.fill_fact(fact, line, text),
        }
    }

    pub(crate) fn is_line(self) -> bool {
        matches!(self, Target::Fact(_)) || matches!(self, Target::Field(field) if field.is_line())
    }

    /// Finds a target by the contract's name, facts as `facts.alcohol`.
    pub(crate) fn named(name: &str, options: &Options) -> Option<Target> {
        match name.strip_prefix("facts.") {
            Some(fact) => deminimis_law::facts::find(options.facts, fact).map(Target::Fact),
            None => FieldId::named(name).map(Target::Field),
        }
    }
}

/// A value made of columns.
#[derive(Clone, Debug)]
pub(crate) enum Derived {
    Total {
        price: usize,
        quantity: usize,
    },
    Date {
        column: usize,
        form: DateForm,
        day_only: bool,
    },
    Join {
        columns: Vec<usize>,
    },
    Strip {
        column: usize,
        prefix: String,
    },
    Words {
        column: usize,
        words: HashMap<String, String>,
    },
}

/// A rule that refuses rows.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub column: usize,
    pub test: Test,
    pub reason: String,
}

/// The test of a rule.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    When(When),
    Begins(String),
    Equals(String),
}

impl Test {
    pub(crate) fn holds(&self, text: &str) -> bool {
        match self {
            Test::When(when) => when.holds(text),
            Test::Begins(start) => text.trim().starts_with(start.as_str()),
            Test::Equals(whole) => text.trim() == whole,
        }
    }
}

/// What to do with the columns of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// The file's own names, for messages.
    pub header: Vec<String>,
    /// The column of the shipment's id.
    pub id_column: usize,
    pub direct: Vec<(usize, Target)>,
    pub derived: Vec<(Target, Derived)>,
    pub rules: Vec<Rule>,
    pub constants: Constants,
}

/// Says that a name is not a field, and which is near.
pub(crate) fn unknown(name: &str, source: &str) -> String {
    let near = nearest(name, flat_names());
    match name.starts_with("facts.") {
        true => format!("{source}: {name:?} is not a fact of the rulebook"),
        false if near.is_empty() => format!("{source}: {name:?} is not a field"),
        false => format!(
            "{source}: {name:?} is not a field; did you mean {}?",
            near.join(", ")
        ),
    }
}

impl Plan {
    /// Puts header, map and options together.
    ///
    /// # Errors
    /// Usage: an unknown or repeated column, a required field that nothing gives.
    pub(crate) fn new(
        header: Vec<String>,
        options: &Options,
        file: &str,
    ) -> Result<Plan, ReadError> {
        let usage = |message| ReadError::Usage {
            file: file.to_owned(),
            message,
        };
        let mut plan = Plan {
            header,
            constants: Constants::new(options).map_err(usage)?,
            ..Plan::default()
        };
        match &options.map {
            Some(map) => plan.mapped(map, options),
            None => plan.own(options),
        }
        .and_then(|()| plan.check(options))
        .map_err(usage)?;
        Ok(plan)
    }

    /// Columns with the contract's names.
    fn own(&mut self, options: &Options) -> Result<(), String> {
        /// How many unknown columns are told one by one.
        const TOLD: usize = 5;
        if self.header.len() == 1 && self.header[0].contains([';', '\t']) {
            return Err("the header is one column: separate columns with commas".to_owned());
        }
        let mut wrong = Vec::new();
        for (column, name) in self.header.iter().enumerate() {
            match Target::named(name, options) {
                Some(target) => self.direct.push((column, target)),
                None if options.ignore_unknown => {}
                None => wrong.push((column, name)),
            }
        }
        if wrong.is_empty() {
            return Ok(());
        }
        if let Some(preset) = super::presets::looks_like(&self.header) {
            return Err(format!(
                "the columns are those of an export of {preset}: use --from {preset}"
            ));
        }
        let told = wrong
            .iter()
            .take(TOLD)
            .map(|(column, name)| match name.is_empty() {
                true => format!("column {} has no name", column + 1),
                false => unknown(name, "column"),
            });
        let mut message = told.collect::<Vec<_>>().join("; ");
        if wrong.len() > TOLD {
            message.push_str(&format!("; and {} more", wrong.len() - TOLD));
        }
        Err(format!("{message} (--ignore-unknown passes over them)"))
    }

    /// Columns with the map's names.
    fn mapped(&mut self, map: &Map, options: &Options) -> Result<(), String> {
        let header = self.header.clone();
        let mut columns = Columns {
            header: &header,
            used: vec![false; header.len()],
            optional: map.optional,
        };
        for (name, fields) in &map.columns {
            if let Some(column) = columns.find(name)? {
                for field in fields.names() {
                    self.direct.push((column, ours(field, options)?));
                }
            }
        }
        if let Some(name) = &map.row.shipment_id
            && let Some(column) = columns.find(name)?
        {
            let target = Target::Field(id::SHIPMENT_ID);
            if !self.direct.contains(&(column, target)) {
                self.direct.push((column, target));
            }
        }
        self.derived = derived(map, options, &mut columns)?;
        for rule in &map.refuse {
            let test = match (&rule.when, &rule.begins, &rule.equals) {
                (Some(when), ..) => Test::When(*when),
                (_, Some(start), _) => Test::Begins(start.clone()),
                (.., whole) => Test::Equals(whole.clone().unwrap_or_default()),
            };
            if let Some(column) = columns.find(&rule.column)? {
                self.rules.push(Rule {
                    column,
                    test,
                    reason: rule.reason.clone(),
                });
            }
        }
        for name in &map.ignore {
            // A column to pass over may be absent.
            if let Some(column) = columns.place(name) {
                columns.used[column] = true;
            }
        }
        let unnamed = header.iter().zip(&columns.used).filter(|(_, used)| !**used);
        let unnamed: Vec<_> = unnamed.map(|(name, _)| name.as_str()).collect();
        if unnamed.is_empty() || map.ignore_rest || options.ignore_unknown {
            return Ok(());
        }
        Err(format!(
            "the map does not name the columns {}; list them under ignore",
            unnamed.join(", ")
        ))
    }

    /// Nothing given twice, everything required given once.
    fn check(&mut self, options: &Options) -> Result<(), String> {
        let mut targets: Vec<Target> = Vec::new();
        let derived = self.derived.iter().map(|(target, _)| *target);
        for target in self.direct.iter().map(|(_, target)| *target).chain(derived) {
            if targets.contains(&target) {
                let name = match target {
                    Target::Field(field) => field.name(),
                    Target::Fact(fact) => options
                        .facts
                        .get(fact.0 as usize)
                        .map_or("", |fact| &fact.name),
                };
                return Err(format!("two columns give {name}"));
            }
            targets.push(target);
        }
        let id = self
            .direct
            .iter()
            .find(|(_, target)| *target == Target::Field(id::SHIPMENT_ID));
        let from_catalog = |field: FieldId| {
            field == id::DESCRIPTION
                && options.catalog.is_some()
                && targets.contains(&Target::Field(id::SKU))
        };
        let missing: Vec<&str> = REQUIRED
            .iter()
            .filter(|field| !targets.contains(&Target::Field(**field)))
            .filter(|field| self.constants.get(**field).is_none() && !from_catalog(**field))
            .filter(|field| !options.defaults.is_some_and(|all| all.has(**field)))
            .map(|field| field.name())
            .collect();
        if missing.is_empty()
            && let Some((column, _)) = id
        {
            self.id_column = *column;
            return Ok(());
        }
        let constant: Vec<String> = missing
            .iter()
            .filter(|name| matches!(**name, "mode" | "arrives_at" | "country_of_shipment"))
            .map(|name| format!("--set {name}={}", example(name)))
            .collect();
        Err(match constant.is_empty() {
            true => format!("no column gives {}", missing.join(", ")),
            false => format!(
                "no column gives {}; one value for all: {}",
                missing.join(", "),
                constant.join(" ")
            ),
        })
    }
}

/// The columns of a file, as a map looks for them.
struct Columns<'h> {
    header: &'h [String],
    /// Which columns the map names.
    used: Vec<bool>,
    /// Whether a column may be absent.
    optional: bool,
}

impl Columns<'_> {
    fn place(&self, name: &str) -> Option<usize> {
        self.header
            .iter()
            .position(|own| own.trim().eq_ignore_ascii_case(name.trim()))
    }

    /// A column's place; `None` where the file lacks it and the map allows that.
    fn find(&mut self, name: &str) -> Result<Option<usize>, String> {
        let found = self.place(name);
        match found {
            Some(column) => self.used[column] = true,
            None if self.optional => {}
            None => return Err(missing_column(name, self.header)),
        }
        Ok(found)
    }
}

fn ours(name: &str, options: &Options) -> Result<Target, String> {
    Target::named(name, options).ok_or_else(|| unknown(name, "the map"))
}

/// The values that a map makes of columns.
fn derived(
    map: &Map,
    options: &Options,
    columns: &mut Columns,
) -> Result<Vec<(Target, Derived)>, String> {
    let mut derived = Vec::new();
    for (field, total) in &map.totals {
        let (price, quantity) = (
            columns.find(&total.unit_price)?,
            columns.find(&total.quantity)?,
        );
        if let (Some(price), Some(quantity)) = (price, quantity) {
            derived.push((ours(field, options)?, Derived::Total { price, quantity }));
        }
    }
    for (field, date) in &map.dates {
        let target = ours(field, options)?;
        let day_only = matches!(target, Target::Field(field) if field.get().kind == Kind::Day);
        let form = DateForm::new(&date.form, date.zone.as_deref())?;
        if let Some(column) = columns.find(&date.column)? {
            derived.push((
                target,
                Derived::Date {
                    column,
                    form,
                    day_only,
                },
            ));
        }
    }
    for (field, names) in &map.join {
        let mut parts = Vec::new();
        for name in names {
            parts.extend(columns.find(name)?);
        }
        if !parts.is_empty() {
            derived.push((ours(field, options)?, Derived::Join { columns: parts }));
        }
    }
    for (field, strip) in &map.strip {
        if let Some(column) = columns.find(&strip.column)? {
            derived.push((
                ours(field, options)?,
                Derived::Strip {
                    column,
                    prefix: strip.prefix.clone(),
                },
            ));
        }
    }
    for (field, words) in &map.values {
        if let Some(column) = columns.find(&words.column)? {
            let words = words
                .words
                .iter()
                .map(|(theirs, our)| (theirs.to_ascii_lowercase(), our.clone()));
            derived.push((
                ours(field, options)?,
                Derived::Words {
                    column,
                    words: words.collect(),
                },
            ));
        }
    }
    Ok(derived)
}

fn example(name: &str) -> &'static str {
    match name {
        "mode" => "express",
        "arrives_at" => "2024-05-10",
        _ => "CN",
    }
}

fn missing_column(name: &str, header: &[String]) -> String {
    let known: Vec<String> = header.iter().map(|own| own.to_ascii_lowercase()).collect();
    let near = nearest(name, known.iter().map(String::as_str));
    match near.first() {
        Some(near) => format!(
            "the map names column {name:?}, which the file does not have; did you mean {near:?}?"
        ),
        None => format!("the map names column {name:?}, which the file does not have"),
    }
}
