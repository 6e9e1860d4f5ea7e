//! Exports as they come: each quirk, and any bytes at all.

use super::export::{Export, ExportError, Row, read, unpacked};
use super::release::{Identity, figures, from_file_name, headings_of_99, lines_text, read_lines};
use deminimis_law::time::Day;
use deminimis_tariff::rate::Rate;
use deminimis_tariff::{Number, Release, Schedule};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::Write;

const JSON: &[u8] = include_bytes!("../../../tariff/tests/samples/export.json");
const CSV: &[u8] = include_bytes!("../../../tariff/tests/samples/export.csv");
const SPREADSHEET: &[u8] = include_bytes!("../../../tariff/tests/samples/spreadsheet.csv");

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

fn row<'a>(export: &'a Export, wanted: &str) -> &'a Row {
    let wanted = Some(number(wanted));
    export.rows.iter().find(|row| row.number == wanted).unwrap()
}

fn identity() -> Identity {
    Identity {
        name: "2026 Revision 12".to_owned(),
        day: Day::parse("2026-08-01").unwrap(),
        sha256: "ab".repeat(32),
        source: "export.json".to_owned(),
    }
}

#[test]
fn rows_without_a_number_are_kept_as_groups() {
    let export = read(JSON).unwrap();
    assert_eq!((export.rows.len(), export.lines()), (6, 3));
    let group = &export.rows[0];
    assert_eq!(
        (group.number, group.description.as_str()),
        (None, "Live animals")
    );
}

#[test]
fn indents_are_text_with_or_without_a_zero() {
    let export = read(JSON).unwrap();
    let indents: Vec<u8> = export.rows.iter().map(|row| row.indent).collect();
    assert_eq!(indents, [0, 1, 3, 2, 1, 4]);
    let bad = String::from_utf8_lossy(JSON).replace("\"04\"", "\"deep\"");
    let error = read(bad.as_bytes()).unwrap_err().to_string();
    assert_eq!(error, "row 6: indent `deep` is no number");
}

#[test]
fn marks_of_html_and_odd_spacing_are_taken_out() {
    let export = read(JSON).unwrap();
    let wood = row(&export, "4407.11.0001");
    assert_eq!(wood.units, "m3|kg");
    assert_eq!(
        (wood.general.as_str(), wood.column_2.as_str()),
        ("$1.13/m3", "2.5%")
    );
    assert_eq!(wood.description, "Treated with paint, stain");
    let beer = row(&export, "2203.00.00");
    assert_eq!((beer.units.as_str(), beer.special.as_str()), ("liters", ""));
    assert_eq!(beer.description, "Beer made from malt (Hordeum)");
    assert_eq!(row(&export, "0101.30.0000").special, "Free (A+,AU,BH, CL)");
}

#[test]
fn the_csv_form_has_a_mark_in_front_and_no_footnotes() {
    let export = read(CSV).unwrap();
    assert!(!export.has_footnotes && read(JSON).unwrap().has_footnotes);
    let asses = row(&export, "0101.30.0000");
    assert_eq!(
        (asses.units.as_str(), asses.description.as_str()),
        ("No.|kg", "Asses, \"live\"")
    );
    assert_eq!(row(&export, "2203.00.00").column_2, "13.2\u{a2}/liter");
    // Excise marks and headings of chapter 99 are then those of the schedule in hand.
    let text = figures(&export, &identity(), Schedule::embedded());
    assert!(text.contains("\n22030000\t\t\t\tFree\t\t13.2\u{a2}/liter\texcise\t"));
    assert!(text.contains("\t9903.88.15\n"), "{text}");
}

#[test]
fn a_copy_from_a_spreadsheet_is_refused_with_that_reason() {
    let error = read(SPREADSHEET).unwrap_err();
    let ExportError::Spreadsheet { count, first, row } = &error else {
        panic!("{error}");
    };
    assert_eq!((*count, first.as_str(), *row), (3, "0101.3", 2));
    let said = error.to_string();
    assert!(said.contains("went through a spreadsheet"), "{said}");
}

#[test]
fn what_is_no_export_is_said() {
    for (bytes, said) in [
        (&b""[..], "empty"),
        (b"  \n", "empty"),
        (b"<html><body>busy</body></html>", "HTS Number"),
        (b"{\"error\":1}", "HTS Number"),
        (b"[1,2]", "invalid type"),
        (b"[{\"htsno\":\"0101\"", "EOF"),
        (b"[{\"htsno\":\"7701\",\"indent\":\"0\"}]", "chapter 77"),
        (b"[{\"htsno\":\"01x1\",\"indent\":\"0\"}]", "number `01x1`"),
        (b"[{\"htsno\":\"0101\"}]", "indent ``"),
        (b"\xff\xfe", "utf-8"),
    ] {
        let error = read(bytes).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn an_export_that_is_cut_off_or_doubled_is_not_whole() {
    let mut export = read(JSON).unwrap();
    let error = export.check_whole().unwrap_err().to_string();
    assert_eq!(
        error,
        "the export is not whole: 94 of 98 chapters are missing"
    );
    for chapter in (1..=99).filter(|chapter| *chapter != 77 && *chapter != 50) {
        export.rows.push(Row {
            number: Number::from_digits(chapter * 100 + 99, 4),
            ..Row::default()
        });
    }
    let error = export.check_whole().unwrap_err().to_string();
    assert_eq!(error, "the export is not whole: chapter 50 is missing");
    export.rows.push(Row {
        number: Some(number("5001")),
        ..Row::default()
    });
    export.check_whole().unwrap();
    export.rows.push(export.rows[1].clone());
    let error = export.check_whole().unwrap_err().to_string();
    assert_eq!(
        error,
        "the export is not whole: 0101.30.0000 stands in it twice"
    );
}

#[test]
fn packed_exports_are_unpacked_and_damaged_ones_are_refused() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(JSON).unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(unpacked(packed.clone()).unwrap(), JSON);
    assert_eq!(unpacked(JSON.to_vec()).unwrap(), JSON);
    let cut = packed[..packed.len() / 2].to_vec();
    assert!(matches!(unpacked(cut), Err(ExportError::Io(_))));
}

#[test]
fn figures_come_back_as_a_release() {
    let export = read(JSON).unwrap();
    let text = figures(&export, &identity(), Schedule::embedded());
    let release = Release::read(&text, &identity().sha256).unwrap();
    let schedule = Schedule::embedded().with_releases(&[release], "both".to_owned());
    let day = identity().day.0;
    let shirt = schedule.article(number("6109.10.0012"), day).unwrap();
    assert_eq!(schedule.rate_text(shirt.general), "16.5%");
    assert_eq!(
        (shirt.units_text, shirt.release),
        ("doz.|kg", "2026 Revision 12")
    );
    let wood = schedule.article(number("4407.11.0001"), day).unwrap();
    assert_eq!(schedule.rate(wood.general), &Rate::read("$1.13/m3"));
    let beer = schedule.article(number("2203.00.00"), day).unwrap();
    assert!(beer.excise && !wood.excise);
    assert_eq!(beer.footnotes[0], "9903.01.24 9903.88.03");
    assert!(schedule.article(number("0102.21.0010"), day).is_none());
}

#[test]
fn lines_are_read_back_as_they_were_written() {
    let export = read(JSON).unwrap();
    let lines = read_lines(&lines_text(&export)).unwrap();
    assert_eq!(lines.len(), export.rows.len());
    for (line, row) in lines.iter().zip(&export.rows) {
        assert_eq!((line.indent, line.number), (row.indent, row.number));
        assert_eq!(
            (&line.description, &line.footnotes),
            (&row.description, &row.footnotes)
        );
        let printed = [&row.units, &row.general, &row.special, &row.column_2];
        assert_eq!(line.printed.each_ref(), printed);
    }
    for damaged in ["1\t2", "x\t\t\t\t\t\t\t", "1\t77\t\t\t\t\t\t"] {
        assert_eq!(read_lines(damaged), None, "{damaged}");
    }
}

#[test]
fn names_of_files_say_which_release_it_is() {
    for (file, name, day) in [
        ("hts_2026_rev_10.json.gz", Some("2026 Revision 10"), None),
        (
            "hts_2025_basic.json",
            Some("2025 Basic"),
            Some("2025-01-01"),
        ),
        ("htsdata_2025-04.csv", None, None),
        ("hts_2024-11.csv.gz", None, None),
        ("hts_2026-08-01.json", None, Some("2026-08-01")),
        ("2026HTSRev12.json", None, None),
        (
            "2026 Rev12 2026-08-01.json",
            Some("2026 Revision 12"),
            Some("2026-08-01"),
        ),
        (
            "hts_2026_revision_3_2026-02-12.csv",
            Some("2026 Revision 3"),
            Some("2026-02-12"),
        ),
        ("tarif-\u{e9}t\u{e9}.csv", None, None),
    ] {
        let day = day.and_then(Day::parse);
        assert_eq!(
            from_file_name(file),
            (name.map(str::to_owned), day),
            "{file}"
        );
    }
}

#[test]
fn headings_of_chapter_99_are_found_in_footnotes() {
    let text = "See 9903.88.15, 9903.01.24 and 9903.01.25. See 9817.00.96; 99038815; 9903.88.";
    let found: Vec<String> = headings_of_99(text).collect();
    assert_eq!(found, ["9903.88.15", "9903.01.24", "9903.01.25"]);
}

proptest! {
    /// Any bytes: an export cut short, or with a piece exchanged, is read or refused.
    #[test]
    fn any_bytes_are_read_or_refused(
        which in 0..3_usize,
        cut in 0..1_000_usize,
        at in 0..1_000_usize,
        piece in proptest::collection::vec(any::<u8>(), 0..6),
    ) {
        let mut bytes = [JSON, CSV, SPREADSHEET][which].to_vec();
        bytes.truncate(bytes.len() - cut.min(bytes.len()));
        let at = at.min(bytes.len());
        let end = (at + piece.len()).min(bytes.len());
        bytes.splice(at..end, piece);
        let read = unpacked(bytes).and_then(|bytes| read(&bytes));
        if let Ok(export) = read {
            let text = figures(&export, &identity(), Schedule::embedded());
            prop_assert!(Release::read(&text, "aa").is_ok(), "{}", text);
            prop_assert!(read_lines(&lines_text(&export)).is_some());
        }
    }
}
