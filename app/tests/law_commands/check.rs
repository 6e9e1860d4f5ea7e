//! `law check`: cases, completeness, and whether cases hold the dates of the law.

use super::{BOOK, CASES, LAW, answer, context, flat, moment};
use deminimis::law_cmd::{Status, incomplete, unknown_numbers, unpinned};
use deminimis_law::CaseBook;
use deminimis_law::case::CaseValue;

#[test]
fn check_passes_on_the_embedded_law() {
    let (status, text) = answer(&context(&LAW, &CASES), "check", 100, false);
    assert_eq!(status.unwrap(), Status::Fine, "{text}");
    let versions: usize = BOOK.instruments.iter().map(|one| one.versions.len()).sum();
    let counts = format!(
        "{} instruments, {versions} versions, {} cases (",
        BOOK.instruments.len(),
        CASES.cases.len()
    );
    assert!(
        text.contains(&counts) && text.trim_end().ends_with("all pass"),
        "{text}"
    );
}

#[test]
fn numbers_in_no_release_are_counted_by_list() {
    let context = context(&LAW, &CASES);
    let unknown = unknown_numbers(&LAW, context.tariff);
    let all: usize = unknown.iter().map(|one| one.numbers.len()).sum();
    assert!(all > 100 && unknown.len() > 2, "{unknown:?}");
    let short = answer(&context, "check", 100, false).1;
    assert!(
        short.contains(&format!(
            "warning: {all} numbers of {} lists",
            unknown.len()
        )),
        "{short}"
    );
    assert!(short.lines().count() < 20, "{short}");
    let long = answer(&context, "check --verbose", 100, false).1;
    let last = unknown
        .iter()
        .flat_map(|one| &one.numbers)
        .all(|one| long.contains(one.as_str()));
    assert!(last, "{long}");
}

/// The cases of one instrument's own file and no others.
fn only(id: &str) -> CaseBook {
    let mut cases = CASES.clone();
    cases
        .cases
        .retain(|case| case.instrument.as_deref() == Some(id));
    cases
}

#[test]
fn check_names_a_case_that_is_not_met() {
    let mut cases = only("suspension.repeal-2027");
    let case = &mut cases.cases[0];
    case.expect[0] = vec![("outcome".to_owned(), CaseValue::Text("free".to_owned()))];
    let place = format!("{}:{}", case.file, case.line);
    let (status, text) = answer(&context(&LAW, &cases), "check", 100, false);
    assert_eq!(status.unwrap(), Status::Unmet);
    let text = flat(&text);
    assert!(
        text.contains(&place) && text.contains("outcome is entry_required, not free"),
        "{text}"
    );
    assert!(text.contains("1 not met"), "{text}");
}

#[test]
fn a_version_needs_a_case_on_its_first_moment_and_the_one_before() {
    assert_eq!(incomplete(&LAW, &CASES), []);
    let lacks = |id: &str, cases: &CaseBook| -> Vec<(usize, &'static str)> {
        let missing = incomplete(&LAW, cases)
            .into_iter()
            .filter(|one| one.instrument == id);
        missing.map(|one| (one.version, one.missing)).collect()
    };
    // A bare date: the day, and the day before.
    let id = "suspension.repeal-2027";
    let mut cases = only(id);
    assert_eq!(lacks(id, &cases), []);
    cases.cases.retain(|case| case.why != "first day");
    cases.cases.retain(|case| case.known_at.is_none());
    assert_eq!(lacks(id, &cases), [(1, "its first day")]);
    cases.cases.clear();
    assert_eq!(
        lacks(id, &cases),
        [(1, "its first day"), (1, "the day before")]
    );
    // A minute: noon of the same day is not its first moment.
    let id = "suspension.china-2025-02";
    let mut cases = only(id);
    assert_eq!(lacks(id, &cases), []);
    cases
        .cases
        .retain(|case| !case.why.contains("minute") && !case.why.contains("UTC"));
    cases.cases.retain(|case| !case.why.contains("midnight"));
    assert_eq!(
        lacks(id, &cases),
        [(1, "its first moment"), (1, "the minute before")]
    );
}

#[test]
fn a_case_that_knows_the_law_too_early_does_not_count() {
    let id = "suspension.repeal-2027";
    let mut cases = only(id);
    cases.cases.retain(|case| {
        case.known_at
            .is_some_and(|known| known.moment < moment("2025-07-04T00:00-04:00"))
    });
    assert!(!cases.cases.is_empty());
    let missing = incomplete(&LAW, &cases);
    assert!(
        missing
            .iter()
            .any(|one| one.instrument == id && one.missing == "its first day")
    );
}

#[test]
fn a_version_is_pinned_if_a_case_notices_that_it_moves() {
    let id = "s321.value-limit";
    let of = |cases: &CaseBook| -> Vec<(usize, &'static str)> {
        let found = unpinned(&context(&LAW, cases)).into_iter();
        found
            .filter(|one| one.instrument == id)
            .map(|one| (one.version, one.change))
            .collect()
    };
    let mut cases = only(id);
    assert_eq!(of(&cases), []);
    // Without its first day, moving the limit of 2016 by a day goes unnoticed; taking it away does not.
    cases.cases.retain(|case| {
        let text = format!("{:?}", case.given);
        !text.contains("2016-03-10")
    });
    assert_eq!(of(&cases), [(2, "moved to the next day")]);
}
