//! One row of CSV into one line of a shipment.

use super::super::MAX_FIELD;
use super::super::plan::{Derived, Plan, Target};
use super::super::reject::{PartyKeyMaterial, Problem, RejectReason, salvageable, shown};
use super::rows::Cells;
use deminimis_clearance::shipment::Texts;
use deminimis_clearance::shipment::build::{Filling, Reason};
use deminimis_clearance::shipment::fields::{FieldId, id};
use deminimis_filing::imports::decimal::line_total;
use deminimis_law::codes::Currency;
use deminimis_law::time::Zone;

/// A row as text, checked once as a whole.
struct Row<'r> {
    text: &'r str,
    record: &'r Cells,
}

impl<'r> Row<'r> {
    fn new(record: &'r Cells, plan: &Plan) -> Result<Row<'r>, Problem> {
        if record.len() != plan.header.len() {
            return Err(Problem::whole(RejectReason::FieldCount {
                expected: plan.header.len(),
                found: record.len(),
                quote: record.bytes().contains(&b'\n'),
            }));
        }
        let at = |column: usize, reason| Problem {
            field: plan.header.get(column).cloned().unwrap_or_default(),
            line: None,
            value: String::new(),
            reason,
        };
        if record.bytes().len() > MAX_FIELD
            && let Some(column) = record.iter().position(|field| field.len() > MAX_FIELD)
        {
            return Err(at(column, RejectReason::FieldTooBig));
        }
        // The byte between two fields is no part of a letter, so that none lies across them.
        match std::str::from_utf8(record.bytes()) {
            Ok(text) => Ok(Row { text, record }),
            Err(_) => {
                let bad = record
                    .iter()
                    .position(|field| std::str::from_utf8(field).is_err());
                Err(at(bad.unwrap_or(0), RejectReason::NotUtf8))
            }
        }
    }

    /// The text of a column.
    #[inline]
    fn get(&self, column: usize) -> &'r str {
        self.record
            .range(column)
            .and_then(|range| self.text.get(range))
            .unwrap_or("")
    }
}

/// What the rows of one shipment repeat: the first values of the plan, where they are all the
/// shipment's.
pub(super) struct Repeats {
    /// How many of the plan's values.
    values: usize,
    /// How many of the first columns hold them.
    columns: usize,
}

impl Repeats {
    pub(super) fn of(plan: &Plan) -> Repeats {
        let values = plan.direct.iter().take_while(|(_, to)| !to.is_line());
        let ends = values.clone().map(|(column, _)| column + 1);
        Repeats {
            values: values.count(),
            columns: ends.max().unwrap_or(0),
        }
    }
}

/// Reads one row into line `line`. A value of the shipment that stands in the same bytes in the row
/// `before`, which was read well, is not read again: it would be found the same.
pub(super) fn read_row(
    plan: &Plan,
    repeats: &Repeats,
    (record, before): (&Cells, Option<&Cells>),
    filling: &mut Filling,
    line: usize,
) -> Result<(), Problem> {
    let row = Row::new(record, plan)?;
    for rule in &plan.rules {
        let value = row.get(rule.column);
        if rule.test.holds(value) {
            return Err(Problem {
                field: plan.header[rule.column].clone(),
                line: Some(line as u32 + 1),
                value: shown(value),
                reason: RejectReason::Rule(rule.reason.clone()),
            });
        }
    }
    filling.line(line).map_err(Problem::flat)?;
    let known = match before {
        Some(before) if record.begins_as(before, repeats.columns) => repeats.values,
        _ => 0,
    };
    for (column, target) in &plan.direct[known..] {
        if let Some(before) = before
            && !target.is_line()
            && before.get(*column) == record.get(*column)
        {
            continue;
        }
        target
            .set(filling, line, row.get(*column))
            .map_err(Problem::flat)?;
    }
    for (target, derived) in &plan.derived {
        if let Some(text) = derive(plan, derived, &row, filling.texts(), line)? {
            target.set(filling, line, &text).map_err(Problem::flat)?;
        }
    }
    Ok(())
}

/// A value made of columns; `None` if they are empty.
fn derive(
    plan: &Plan,
    derived: &Derived,
    row: &Row,
    texts: &Texts,
    line: usize,
) -> Result<Option<String>, Problem> {
    let problem = |column: usize, reason| Problem {
        field: plan.header[column].clone(),
        line: Some(line as u32 + 1),
        value: shown(row.get(column)),
        reason,
    };
    Ok(match derived {
        Derived::Total { price, quantity } => {
            let own = texts.line(id::CURRENCY, line).and_then(Currency::parse);
            let decimals = own.map_or_else(|| plan.constants.decimals(), Currency::decimals);
            let (one, many) = (row.get(*price).trim(), row.get(*quantity).trim());
            if one.is_empty() && many.is_empty() {
                return Ok(None);
            }
            let total = line_total(one, many, decimals);
            Some(total.map_err(|(which, error)| {
                problem(
                    [*price, *quantity][which],
                    RejectReason::Field(Reason::Quantity(error)),
                )
            })?)
        }
        Derived::Date {
            column,
            form,
            day_only,
        } => {
            match row.get(*column).trim() {
                "" => None,
                text => {
                    let read = form.read(text, *day_only);
                    Some(read.ok_or_else(|| {
                        problem(*column, RejectReason::DateFormat(form.text.clone()))
                    })?)
                }
            }
        }
        Derived::Join { columns } => Some(joined(columns.iter().map(|column| row.get(*column)))),
        Derived::Strip { column, prefix } => {
            let text = row.get(*column).trim();
            Some(
                text.strip_prefix(prefix.as_str())
                    .unwrap_or(text)
                    .to_owned(),
            )
        }
        Derived::Words { column, words } => match row.get(*column).trim() {
            "" => None,
            text => {
                let ours = words.get(&text.to_ascii_lowercase());
                let refuse = || {
                    problem(
                        *column,
                        RejectReason::Rule("is not a word that the map knows".to_owned()),
                    )
                };
                Some(ours.ok_or_else(refuse)?.clone())
            }
        },
    })
}

/// The texts that are not empty, with a space between.
fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut joined = String::new();
    for text in texts.map(str::trim).filter(|text| !text.is_empty()) {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(text);
    }
    joined
}

/// What the texts read so far give of the consignee.
pub(super) fn of_texts(texts: &Texts, zone: &Zone) -> Option<PartyKeyMaterial> {
    PartyKeyMaterial::collect(zone, |field| texts.get(field).map(str::to_owned))
}

/// What earlier rows and the bad row give of the consignee.
pub(super) fn salvage(
    plan: &Plan,
    record: &Cells,
    texts: &Texts,
    zone: &Zone,
) -> Option<PartyKeyMaterial> {
    let cell = |column: usize| {
        let text = std::str::from_utf8(record.get(column)?).ok()?;
        salvageable(text)
    };
    let of_row = |field: FieldId| -> Option<String> {
        let own = Target::Field(field);
        if let Some((column, _)) = plan.direct.iter().find(|(_, target)| *target == own) {
            return cell(*column);
        }
        match &plan.derived.iter().find(|(target, _)| *target == own)?.1 {
            Derived::Join { columns } => {
                let parts: Vec<String> =
                    columns.iter().filter_map(|column| cell(*column)).collect();
                (!parts.is_empty()).then(|| parts.join(" "))
            }
            Derived::Strip { column, prefix } => {
                let text = cell(*column)?;
                Some(
                    text.strip_prefix(prefix.as_str())
                        .unwrap_or(&text)
                        .to_owned(),
                )
            }
            Derived::Date {
                column,
                form,
                day_only,
            } => form.read(&cell(*column)?, *day_only),
            Derived::Total { .. } | Derived::Words { .. } => None,
        }
    };
    PartyKeyMaterial::collect(zone, |field| {
        let text = texts
            .get(field)
            .map(str::to_owned)
            .or_else(|| of_row(field));
        text.or_else(|| plan.constants.get(field).map(str::to_owned))
    })
}
