//! The monthly statement: every parcel of a month with what it owes, and sums by way of entering.

use super::draw::{About, pdf};
use super::parts::{
    NOTE, TABLE, TABLE_STRONG, agree, cell, cell_over, cents, masthead, section, text,
};
use super::sheet::{Align, Cell, Column, Look, Paper, Row, Sheet, Width};
use super::{DocumentError, Fonts, Issue, Made};
use deminimis_clearance::explain::{decimal, grouped, spaced};
use deminimis_clearance::render::Rendered;
use deminimis_law::codes::Currency;
use deminimis_law::time::Day;

/// The most parcels of one statement: some 500 pages.
const MOST: usize = 20_000;

/// The parcels of a month, as they come; what does not belong is refused before it is held.
#[derive(Clone, Debug)]
pub struct Statement {
    /// First day of the month.
    month: Day,
    entries: Vec<Entry>,
}

impl Statement {
    /// The month of a day, still without parcels.
    #[must_use]
    pub fn new(day: Day) -> Statement {
        let (_, _, of_month) = day.ymd();
        Statement {
            month: day.plus(1 - of_month.cast_signed()),
            entries: Vec::new(),
        }
    }

    /// Whether a parcel that is entered on this day stands on it.
    #[must_use]
    pub fn holds(&self, day: Day) -> bool {
        let (year, month, _) = day.ymd();
        let (own_year, own_month, _) = self.month.ymd();
        (year, month) == (own_year, own_month)
    }

    /// Adds a parcel.
    ///
    /// # Errors
    /// If it is entered in another month, or if there are 20,000 already.
    pub fn add(&mut self, entry: Entry) -> Result<(), DocumentError> {
        if !self.holds(entry.day) {
            return Err(DocumentError::NotForThis(format!(
                "parcel {} is entered on {}, which is not in {}",
                entry.shipment_id,
                entry.day,
                self.name()
            )));
        }
        if self.entries.len() == MOST {
            return Err(DocumentError::NotForThis(format!(
                "more than {MOST} parcels are entered in {}: make a statement for each part of them",
                self.name()
            )));
        }
        self.entries.push(entry);
        Ok(())
    }

    fn name(&self) -> String {
        let (year, month, _) = self.month.ymd();
        format!("{year:04}-{month:02}")
    }
}

/// A parcel of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The day of entry.
    pub day: Day,
    /// The sender's id of the parcel.
    pub shipment_id: String,
    outcome: &'static str,
    path: &'static str,
    /// Entered value, in cents.
    value: Option<i64>,
    /// What is owed; none where it is not known.
    owed: Option<Amounts>,
    /// The least and the most that an open total may be.
    range: Option<(i64, Option<i64>)>,
}

/// Amounts in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Amounts {
    duty: i64,
    tax: i64,
    fees: i64,
    total: i64,
}

impl Amounts {
    fn plus(self, other: Amounts) -> Option<Amounts> {
        Some(Amounts {
            duty: self.duty.checked_add(other.duty)?,
            tax: self.tax.checked_add(other.tax)?,
            fees: self.fees.checked_add(other.fees)?,
            total: self.total.checked_add(other.total)?,
        })
    }
}

impl Entry {
    /// A parcel by its decision.
    ///
    /// # Errors
    /// If duty, tax and fees do not add up to the decision's total.
    pub fn of(day: Day, decision: &Rendered) -> Result<Entry, DocumentError> {
        let read = |text: &Option<String>| text.as_deref().map(cents).transpose();
        let (mut owed, mut range) = (None, None);
        if let Some(all) = &decision.owed {
            let parts = (
                read(&all.duty_usd)?,
                read(&all.tax_usd)?,
                read(&all.fees_usd)?,
            );
            if let ((Some(duty), Some(tax), Some(fees)), Some(stated)) = (parts, &all.total_usd) {
                let id = &decision.shipment_id;
                agree(
                    &format!("{id}: duty, tax and fees"),
                    duty + tax + fees,
                    stated,
                )?;
                owed = Some(Amounts {
                    duty,
                    tax,
                    fees,
                    total: cents(stated)?,
                });
            }
            range = read(&all.range_low_usd)?
                .map(|low| read(&all.range_high_usd).map(|high| (low, high)))
                .transpose()?;
        }
        // How it enters is not decided, so what was reckoned is not what it owes.
        let undecided = decision.outcome == "needs_person" && decision.entry_path == "none";
        Ok(Entry {
            day,
            shipment_id: decision.shipment_id.clone(),
            outcome: decision.outcome,
            path: decision.entry_path,
            value: read(&decision.entered_value_usd)?,
            owed: owed.filter(|_| !undecided),
            range: range.filter(|_| !undecided),
        })
    }

    fn way(&self) -> String {
        match self.path {
            "none" => spaced(self.outcome),
            path => spaced(path),
        }
    }
}

/// Makes the statement of a month; its parcels by day and id.
///
/// # Errors
/// If a sum is too large.
pub fn monthly_statement(
    fonts: &Fonts,
    statement: Statement,
    issue: &Issue<'_>,
) -> Result<Made, DocumentError> {
    let name = statement.name();
    let mut entries = statement.entries;
    entries.sort_by(|a, b| (a.day, &a.shipment_id).cmp(&(b.day, &b.shipment_id)));
    let mut sheet = Sheet::new(fonts, Paper::LETTER);
    let mut beside = vec![("Month", name.clone()), ("Date", issue.date.to_string())];
    if let Some(issuer) = issue.issuer {
        beside.insert(0, ("Filed by", issuer.to_owned()));
    }
    masthead(&mut sheet, "Monthly statement", &beside);
    summary(&mut sheet, &entries)?;
    parcels(&mut sheet, &entries)?;
    pdf(
        sheet,
        &About {
            title: format!("Monthly statement {name}"),
            foot: format!("Monthly statement {name}"),
            date: issue.date,
        },
    )
}

fn too_large() -> DocumentError {
    DocumentError::Pdf("a sum is too large".to_owned())
}

/// The sum of what is known, and how many parcels have an open amount.
fn sum<'e>(
    entries: impl Iterator<Item = &'e Entry>,
) -> Result<(usize, Amounts, usize), DocumentError> {
    let (mut count, mut sum, mut open) = (0, Amounts::default(), 0);
    for entry in entries {
        count += 1;
        match entry.owed {
            Some(owed) => sum = sum.plus(owed).ok_or_else(too_large)?,
            None => open += usize::from(entry.outcome != "prohibited"),
        }
    }
    Ok((count, sum, open))
}

fn usd(cents: i64) -> String {
    grouped(&decimal(cents, Currency::USD))
}

fn amounts(of: Amounts, style: super::text::Style) -> [Cell; 4] {
    [of.duty, of.tax, of.fees, of.total].map(|amount| cell(usd(amount), style))
}

fn summary(sheet: &mut Sheet<'_>, entries: &[Entry]) -> Result<(), DocumentError> {
    section(sheet, "By way of entering");
    let columns = [
        Column::new("Way", Width::Share(1), Align::Left),
        Column::new("Parcels", Width::Fit, Align::Right),
        Column::new("Amount open", Width::Fit, Align::Right),
        Column::new("Duty, $", Width::Fit, Align::Right),
        Column::new("Tax, $", Width::Fit, Align::Right),
        Column::new("Fees, $", Width::Fit, Align::Right),
        Column::new("Total, $", Width::Fit, Align::Right),
    ];
    let mut ways: Vec<String> = entries.iter().map(Entry::way).collect();
    ways.sort_unstable();
    ways.dedup();
    let mut rows = Vec::new();
    for way in ways {
        let own = entries.iter().filter(|entry| entry.way() == way);
        let (count, own, open) = sum(own)?;
        let mut cells = vec![
            cell(way, TABLE),
            cell(count.to_string(), TABLE),
            cell(
                if open > 0 {
                    open.to_string()
                } else {
                    String::new()
                },
                TABLE,
            ),
        ];
        cells.extend(amounts(own, TABLE));
        rows.push(Row {
            cells,
            look: Look::Plain,
        });
    }
    let (count, all, open) = sum(entries.iter())?;
    let mut cells = vec![
        cell("All parcels", TABLE_STRONG),
        cell(count.to_string(), TABLE_STRONG),
        cell(
            if open > 0 {
                open.to_string()
            } else {
                String::new()
            },
            TABLE_STRONG,
        ),
    ];
    cells.extend(amounts(all, TABLE_STRONG));
    rows.push(Row {
        cells,
        look: Look::Total,
    });
    sheet.table(&columns, &rows, TABLE);
    if open > 0 {
        sheet.gap(4_000);
        sheet.flow(&[text(
            "A parcel whose amount is open is in no sum: its row says what is known.",
            NOTE,
        )]);
    }
    Ok(())
}

fn parcels(sheet: &mut Sheet<'_>, entries: &[Entry]) -> Result<(), DocumentError> {
    section(sheet, "Parcels");
    let columns = [
        Column::new("Entered", Width::Fit, Align::Left),
        Column::new("Shipment", Width::Share(3), Align::Left),
        Column::new("Way", Width::Share(2), Align::Left),
        Column::new("Value, $", Width::Fit, Align::Right),
        Column::new("Duty, $", Width::Fit, Align::Right),
        Column::new("Tax, $", Width::Fit, Align::Right),
        Column::new("Fees, $", Width::Fit, Align::Right),
        Column::new("Total, $", Width::Fit, Align::Right),
    ];
    let mut rows: Vec<Row> = entries.iter().map(row).collect();
    let (_, all, _) = sum(entries.iter())?;
    // The value of those parcels whose duty is in the sums beside it.
    let known = entries.iter().filter(|entry| entry.owed.is_some());
    let value = known
        .filter_map(|entry| entry.value)
        .try_fold(0_i64, |sum, own| sum.checked_add(own));
    let mut cells = vec![
        cell_over("Total of what is known", TABLE_STRONG, 3),
        cell(value.map_or(String::new(), usd), TABLE_STRONG),
    ];
    cells.extend(amounts(all, TABLE_STRONG));
    rows.push(Row {
        cells,
        look: Look::Total,
    });
    sheet.table(&columns, &rows, TABLE);
    Ok(())
}

fn row(entry: &Entry) -> Row {
    let mut cells = vec![
        cell(entry.day.to_string(), TABLE),
        cell(entry.shipment_id.clone(), TABLE),
        cell(entry.way(), TABLE),
        cell(entry.value.map_or(String::new(), usd), TABLE),
    ];
    match (entry.owed, entry.range) {
        (Some(owed), _) => cells.extend(amounts(owed, TABLE)),
        (None, Some((low, Some(high)))) => {
            cells.push(cell_over(
                format!("open: {} to {}", usd(low), usd(high)),
                TABLE,
                4,
            ));
        }
        (None, Some((low, None))) => {
            cells.push(cell_over(format!("open: {} or more", usd(low)), TABLE, 4));
        }
        (None, None) => cells.push(cell_over(
            if entry.outcome == "prohibited" {
                "may not enter"
            } else {
                "open"
            },
            TABLE,
            4,
        )),
    }
    Row {
        cells,
        look: Look::Plain,
    }
}
