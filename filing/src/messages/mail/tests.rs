//! What is written is read back by other programs' readers: the same cells, amounts as numbers,
//! nothing that runs, and the same bytes each time. Where rows come from is tested with whole
//! parcels, in the program's own tests.

use super::*;
use calamine::{Data, Reader, Xlsx};
use deminimis_law::money::Cents;
use deminimis_law::time::Day;
use std::io::Cursor;

fn sheet() -> Worksheet {
    let day = |text: &str| Day::parse(text).unwrap();
    let mut sheet = Worksheet::new(day("2026-10-01"), day("2026-10-31"));
    let row = |id: &str, description: &str, value: &str, duty: &str| Row {
        shipment_id: id.to_owned(),
        cells: [
            "B76",
            "123456789",
            description,
            "VN",
            "6109.10.0012; 9903.05.31",
            "",
            "16.5 % + 12.5 %",
            value,
            duty,
            "SQ",
            "SQ12",
            "RB123456785US",
            "4701",
            "2026-10-09",
        ]
        .map(str::to_owned),
    };
    sheet
        .rows
        .push(row("PX-1", "T-shirt, \"red\"", "40.00", "11.60"));
    sheet.rows.push(row(
        "PX-2",
        "=HYPERLINK(\"http://x\",\"y\")",
        "0.10",
        "0.03",
    ));
    sheet
        .rows
        .push(row("PX-3", "@SUM(A1)", "99999999999.99", "0.00"));
    (sheet.value, sheet.duty, sheet.parcels) = (
        Cents::parse("100000000040.09").unwrap_or(Cents(1)),
        Cents(1163),
        3,
    );
    sheet
}

fn csv_of(sheet: &Worksheet, header: &Header) -> Vec<Vec<String>> {
    let mut bytes = Vec::new();
    write_csv(sheet, header, &mut bytes).unwrap();
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(bytes.as_slice());
    rows.records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn csv_is_read_back() {
    let rows = csv_of(&sheet(), &Header::default());
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[0], COLUMNS);
    assert_eq!(rows[1][2], "T-shirt, \"red\"");
    assert_eq!(rows[4][0], "total");
    assert_eq!(rows[4][8], "11.63");
    assert!(rows.iter().all(|row| row.len() == 14));
}

#[test]
fn no_cell_runs_in_a_spreadsheet() {
    let names: Vec<String> = (0..14).map(|at| format!("=1+{at}")).collect();
    let header = Header::new(names).unwrap();
    let rows = csv_of(&sheet(), &header);
    let risky = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    for cell in rows.iter().flatten() {
        assert!(!risky(cell), "{cell}");
    }
    assert_eq!(rows[2][2], "'=HYPERLINK(\"http://x\",\"y\")");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(write_xlsx(&sheet(), &header).unwrap())).unwrap();
    let formulas = book.worksheet_formula("Worksheet").unwrap();
    assert!(formulas.cells().all(|(.., formula)| formula.is_empty()));
    let page = book.worksheet_range("Worksheet").unwrap();
    for (.., cell) in page.cells() {
        assert!(!matches!(cell, Data::String(text) if risky(text)), "{cell}");
    }
}

#[test]
fn a_spreadsheet_holds_the_cells_of_the_csv() {
    let (sheet, header) = (sheet(), Header::default());
    let rows = csv_of(&sheet, &header);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(write_xlsx(&sheet, &header).unwrap())).unwrap();
    let page = book.worksheet_range("Worksheet").unwrap();
    assert_eq!(page.get_size(), (rows.len(), 14));
    for (at, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let found = page.get((at, column)).unwrap();
            match found {
                Data::Float(number) => {
                    assert!(at > 0 && (column == 7 || column == 8), "{at} {column}");
                    assert_eq!(format!("{number:.2}"), *cell);
                }
                Data::String(text) => assert_eq!(text, cell),
                Data::Empty => assert_eq!(cell, ""),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn equal_worksheets_are_equal_bytes_without_a_clock() {
    let first = write_xlsx(&sheet(), &Header::default()).unwrap();
    // The time of making stands in seconds, so a second later it would differ.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(first == write_xlsx(&sheet(), &Header::default()).unwrap());
}

#[test]
fn a_header_has_fourteen_names() {
    let names = |count: usize| {
        (0..count)
            .map(|at| format!("name {at}"))
            .collect::<Vec<_>>()
    };
    assert!(Header::new(names(14)).is_ok());
    assert!(Header::new(names(13)).unwrap_err().contains("13 names"));
    let mut empty = names(14);
    empty[3] = " ".to_owned();
    assert!(Header::new(empty).unwrap_err().contains("name 4"));
    let mut long = names(14);
    long[0] = "x".repeat(256);
    assert!(Header::new(long).is_err());
}
