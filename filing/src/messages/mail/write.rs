//! Writes a worksheet as CSV and as a spreadsheet: the same rows, a header of the caller's own if he
//! gives one, and a row of totals. Equal worksheets give equal bytes.

use super::worksheet::{AMOUNTS, COLUMNS, Worksheet};
use crate::guard::guarded;
use deminimis_law::money::Cents;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use std::io::{self, Write};

/// The longest name of a column, in characters.
const LONGEST: usize = 255;

/// The names of the columns as they are printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header([String; 14]);

impl Default for Header {
    fn default() -> Header {
        Header(COLUMNS.map(str::to_owned))
    }
}

impl Header {
    /// Fourteen names of the caller's own, in the order of the fields.
    ///
    /// # Errors
    /// Another count, a name that is empty, or one of more than 255 characters.
    pub fn new(names: Vec<String>) -> Result<Header, String> {
        let count = names.len();
        if let Some(at) = names
            .iter()
            .position(|name| name.trim().is_empty() || name.chars().count() > LONGEST)
        {
            return Err(format!(
                "name {} is empty or has more than {LONGEST} characters",
                at + 1
            ));
        }
        let names: Result<[String; 14], _> = names.try_into();
        names.map(Header).map_err(|_| {
            format!(
                "{count} names where the worksheet has {} columns: {}",
                COLUMNS.len(),
                COLUMNS.join(", ")
            )
        })
    }
}

/// Writes CSV with header, rows and totals.
///
/// # Errors
/// The output cannot be written.
pub fn write_csv(sheet: &Worksheet, header: &Header, out: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let guard = |cell: &String| guarded(cell).into_owned();
    writer.write_record(header.0.iter().map(guard))?;
    for row in &sheet.rows {
        writer.write_record(row.cells.iter().map(guard))?;
    }
    writer.write_record(totals(sheet))?;
    writer.flush()
}

/// The row of totals: the word in the first column, amounts in theirs.
fn totals(sheet: &Worksheet) -> [String; 14] {
    let mut cells = [const { String::new() }; 14];
    cells[0] = "total".to_owned();
    cells[AMOUNTS[0]] = sheet.value.to_string();
    cells[AMOUNTS[1]] = sheet.duty.to_string();
    cells
}

/// A spreadsheet of one sheet: texts as text, amounts as numbers with two decimals. Its date of
/// making is the fixed day of the file format's beginning, so that bytes do not depend on a clock.
///
/// # Errors
/// The rows do not fit a sheet.
pub fn write_xlsx(sheet: &Worksheet, header: &Header) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(
        &DocProperties::new()
            .set_title("Mail duty worksheet")
            .set_creation_datetime(&made),
    );
    let (bold, money) = (
        Format::new().set_bold(),
        Format::new().set_num_format("0.00"),
    );
    let bold_money = Format::new().set_bold().set_num_format("0.00");
    let page = book.add_worksheet();
    page.set_name("Worksheet")?;
    for (column, name) in (0_u16..).zip(&header.0) {
        page.write_string_with_format(0, column, guarded(name).into_owned(), &bold)?;
    }
    page.set_freeze_panes(1, 0)?;
    let mut at = 0_u32;
    let last = totals(sheet);
    let rows = sheet
        .rows
        .iter()
        .map(|row| (&row.cells, false))
        .chain([(&last, true)]);
    for (cells, total) in rows {
        at += 1;
        for (column, cell) in (0_u16..).zip(cells) {
            let amount = AMOUNTS
                .contains(&usize::from(column))
                .then(|| number(cell))
                .flatten();
            match (amount, total) {
                (Some(amount), false) => {
                    page.write_number_with_format(at, column, amount, &money)?
                }
                (Some(amount), true) => {
                    page.write_number_with_format(at, column, amount, &bold_money)?
                }
                (None, true) => page.write_string_with_format(at, column, cell.as_str(), &bold)?,
                (None, false) => page.write_string(at, column, guarded(cell).into_owned())?,
            };
        }
    }
    book.save_to_buffer()
}

/// An amount as the number a spreadsheet holds. Cents below the largest amount accepted have at most
/// fifteen digits, which such a number keeps exactly when it is shown with two decimals.
fn number(cell: &str) -> Option<f64> {
    Cents::parse(cell)
        .ok()
        .and_then(|cents| cents.to_string().parse().ok())
}
