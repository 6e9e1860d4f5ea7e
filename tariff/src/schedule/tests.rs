use super::table::{EMBEDDED, nearer};
use super::*;
use std::collections::BTreeMap;

/// 2026-02-12, 2026-01-30 and 2025-06-06 as days; `date -d 2026-02-12 +%s` divided by 86,400.
const FEBRUARY_12: i32 = 20_496;
const JANUARY_30: i32 = 20_483;
const JUNE_6: i32 = 20_245;

fn knows(text: &str, day: i32) -> Known {
    Schedule::embedded().knows(Number::parse(text).expect(text), day)
}

#[test]
fn every_row_of_the_file_is_known_in_its_window_and_not_outside() {
    let text = include_str!("../../us/figures.tsv");
    let mut windows: BTreeMap<&str, Vec<[&str; 2]>> = BTreeMap::new();
    for line in text
        .lines()
        .skip_while(|line| !line.starts_with("number\t"))
        .skip(1)
    {
        let fields: Vec<&str> = line.split('\t').collect();
        windows
            .entry(fields[0])
            .or_default()
            .push([fields[1], fields[2]]);
    }
    // 23,167 numbers of which one was absent for a while: where figures alone changed, the next
    // row begins where one ends.
    let rows: usize = windows.values().map(Vec::len).sum();
    assert_eq!((rows, EMBEDDED.rows.len()), (23_342, 23_342));
    let abutting = |spans: &Vec<[&str; 2]>| spans.windows(2).filter(|w| w[0][1] == w[1][0]).count();
    let printed = rows - windows.values().map(abutting).sum::<usize>();
    assert_eq!((printed, windows.len()), (23_168, 23_167));
    // Text of dates compares as dates do; the days are those around each date in the file.
    let days = [
        ("2025-01-26", 20_114),
        ("2025-01-27", 20_115),
        ("2025-06-05", JUNE_6 - 1),
        ("2025-06-06", JUNE_6),
        ("2025-12-31", 20_453),
        ("2026-01-01", 20_454),
        ("2026-01-29", JANUARY_30 - 1),
        ("2026-01-30", JANUARY_30),
        ("2026-02-11", FEBRUARY_12 - 1),
        ("2026-02-12", FEBRUARY_12),
    ];
    for (number, spans) in windows.iter().filter(|(number, _)| number.len() == 10) {
        for (date, day) in days {
            let printed = spans
                .iter()
                .any(|[from, until]| *from <= date && (until.is_empty() || date < *until));
            assert_eq!(
                knows(number, day) == Known::Yes,
                printed,
                "{number} on {date}"
            );
        }
    }
}

#[test]
fn a_number_that_was_taken_out_and_came_back() {
    // In the file: 7602000035 until 2026-01-30, and again from 2026-02-12.
    assert_eq!(knows("7602.00.0035", JANUARY_30 - 1), Known::Yes);
    let gap = Known::OnlyOtherDates {
        from: None,
        until: Some(JANUARY_30),
    };
    assert_eq!(knows("7602.00.0035", JANUARY_30), gap);
    assert_eq!(knows("7602.00.0035", FEBRUARY_12 - 1), gap);
    assert_eq!(knows("7602.00.0035", FEBRUARY_12), Known::Yes);
}

#[test]
fn prefixes_are_known_by_what_they_begin() {
    for text in [
        "6109",
        "6109.10",
        "6109.10.00",
        "6109.10.0012",
        "0409",
        "0409.00.00",
    ] {
        assert_eq!(knows(text, JUNE_6), Known::Yes, "{text}");
    }
    for text in ["6199", "6109.99", "6109.10.99", "6109.10.0099"] {
        assert_eq!(knows(text, JUNE_6), Known::No, "{text}");
    }
}

#[test]
fn eight_digits_without_a_row_of_their_own_are_known() {
    let text = include_str!("../../us/figures.tsv");
    assert!(!text.contains("\n01013000\t"));
    assert!(text.contains("\n0101300000\t"));
    assert_eq!(knows("0101.30.00", JUNE_6), Known::Yes);
}

#[test]
fn watches_have_eight_digits_only() {
    assert_eq!(knows("9102.11.10", JUNE_6), Known::Yes);
    assert_eq!(knows("9102.11.1000", JUNE_6), Known::No);
    assert_eq!(knows("9102.11.1010", JUNE_6), Known::No);
}

#[test]
fn chapters_98_and_99_are_special_and_never_unknown() {
    for text in [
        "9801",
        "9802.00.80",
        "9903.88.15",
        "9999.99.9999",
        "9819.11.12",
    ] {
        assert_eq!(knows(text, JUNE_6), Known::Special, "{text}");
    }
    assert_eq!(knows("9706.10.00", JUNE_6), Known::Yes);
}

#[test]
fn the_nearest_window_is_the_last_past_one() {
    let (old, older, next) = ((1, 5), (1, 3), (9, 20));
    for held in [old, older, next] {
        assert_eq!(nearer(held, old, 7), old);
        assert_eq!(nearer(old, held, 7), old);
    }
    assert_eq!(nearer(next, (8, 30), 7), (8, 30));
    assert_eq!(nearer((8, 30), next, 7), (8, 30));
}

#[test]
fn the_data_names_itself() {
    let schedule = Schedule::embedded();
    assert_eq!(schedule.release(), "2025 Basic to 2026 Revision 10");
    assert_eq!(schedule.hash().len(), 64);
    assert!(schedule.hash().bytes().all(|byte| byte.is_ascii_hexdigit()));
}
