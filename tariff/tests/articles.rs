//! The figures of numbers on days, from the embedded file and from a small imported release.

use deminimis_tariff::rate::{Program, Rate, Reason, Unit};
use deminimis_tariff::{Article, Known, Number, Release, Schedule, day};

const FILE: &str = include_str!("../us/figures.tsv");

fn number(text: &str) -> Number {
    Number::parse(text).expect(text)
}

fn on(text: &str) -> i32 {
    day(text).expect(text)
}

/// General, special as `programs: text`, column 2 and units, as texts.
fn printed(schedule: &Schedule, article: &Article<'_>) -> [String; 4] {
    let special = article.special.iter();
    let special = special.map(|one| format!("{}: {}", one.programs, schedule.rate_text(one.rate)));
    [
        schedule.rate_text(article.general).to_owned(),
        special.collect::<Vec<_>>().join("; "),
        schedule.rate_text(article.column_2).to_owned(),
        article.units_text.to_owned(),
    ]
}

#[test]
fn a_line_has_its_parents_rates() {
    let schedule = Schedule::embedded();
    let day = on("2025-06-06");
    // 6109.10.00 has a row with rates; its lines have units alone.
    let line = schedule.article(number("6109.10.0012"), day).unwrap();
    let programs = "AU,BH,CL,CO,IL,JO,KR,MA,OM,P,PA,PE,S,SG: Free";
    let expected = ["16.5%", programs, "90%", "doz.|kg"];
    assert_eq!(printed(schedule, &line), expected);
    let parent = schedule.article(number("6109.10.00"), day).unwrap();
    assert_eq!(parent.general, line.general);
    assert_eq!(parent.units, line.units);
    // 0101.30.00 has no row of its own: its line 00 has all.
    let line = schedule.article(number("0101.30.0000"), day).unwrap();
    let parent = schedule.article(number("0101.30.00"), day).unwrap();
    assert_eq!(printed(schedule, &line), printed(schedule, &parent));
    assert_eq!(schedule.rate(line.general).to_string(), "6.8%");
    assert_eq!(line.footnotes[0], "9903.88.15");
    let korea = line.special.of(Program::parse("KR").unwrap()).unwrap();
    assert_eq!(schedule.rate(korea), &Rate::Free);
    assert_eq!(line.special.of(Program::parse("CA").unwrap()), None);
}

#[test]
fn units_and_excise_are_given() {
    let schedule = Schedule::embedded();
    let day = on("2026-02-12");
    let beer = schedule.article(number("2203.00.00"), day).unwrap();
    assert!(beer.excise);
    let lines = schedule.numbers_of(number("2203.00.00"), day);
    let lines: Vec<Number> = lines.filter(|line| line.len() == 10).collect();
    assert!(!lines.is_empty());
    for line in lines {
        assert!(schedule.article(line, day).unwrap().excise, "{line}");
    }
    let shirt = schedule.article(number("6109.10.0012"), day).unwrap();
    assert!(!shirt.excise);
    let units: Vec<_> = shirt.units.iter().collect();
    assert_eq!(units, [Unit::parse("doz."), Unit::parse("kg")]);
    assert!(units.iter().all(Option::is_some));
}

#[test]
fn every_row_is_found_in_its_window_with_its_own_figures() {
    let schedule = Schedule::embedded();
    let mut specials = std::collections::HashMap::new();
    let (mut rows, mut own) = (0, 0);
    for line in FILE.lines() {
        if let Some((name, text)) = line.split_once('\t').filter(|_| line.starts_with('@')) {
            specials.insert(name, text);
        }
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() != 9 || cells[0] == "number" {
            continue;
        }
        rows += 1;
        let from = if cells[1].is_empty() {
            on("2025-01-01")
        } else {
            on(cells[1])
        };
        let until = if cells[2].is_empty() {
            on("2027-01-01")
        } else {
            on(cells[2])
        };
        for day in [from, until - 1] {
            let article = schedule.article(number(cells[0]), day).expect(line);
            let [general, _, column_2, units] = printed(schedule, &article);
            if !cells[4].is_empty() {
                own += 1;
                assert_eq!(general, cells[4], "{line}");
            }
            if !cells[6].is_empty() {
                assert_eq!(column_2, cells[6], "{line}");
            }
            if !cells[3].is_empty() {
                assert_eq!(units, cells[3], "{line}");
            }
            // One line lacks rates and a parent: it says so and is never free.
            if general.is_empty() {
                let said = Rate::NeedsPerson(Reason::NoRate);
                assert_eq!(schedule.rate(article.general), &said, "{line}");
                assert!(line.starts_with("9401993030\t"), "{line}");
            }
            assert!(article.window.0.is_none_or(|from| from <= day), "{line}");
            assert!(article.window.1.is_none_or(|until| day < until), "{line}");
        }
    }
    assert_eq!((rows, own / 2), (23_342, 11_602));
    assert_eq!(specials.len(), 542);
}

#[test]
fn days_before_the_first_release_and_after_the_last() {
    let schedule = Schedule::embedded();
    let shirt = number("6109.10.0012");
    assert!(schedule.article(shirt, on("2024-12-31")).is_none());
    let first = schedule.article(shirt, on("2025-01-01")).unwrap();
    assert!(!first.carried);
    assert!(!schedule.article(shirt, on("2026-05-01")).unwrap().carried);
    let later = schedule.article(shirt, on("2026-05-02")).unwrap();
    assert!(later.carried);
    assert_eq!(later.general, first.general);
    assert_eq!(later.release, "2025 Basic to 2026 Revision 10");
}

#[test]
fn only_numbers_of_eight_and_ten_digits_have_figures() {
    let schedule = Schedule::embedded();
    let day = on("2025-06-06");
    for text in [
        "6109",
        "6109.10",
        "9903.88.15",
        "6109.10.0099",
        "9102.11.1010",
    ] {
        assert!(schedule.article(number(text), day).is_none(), "{text}");
    }
    let watch = schedule.article(number("9102.11.10"), day).unwrap();
    let text =
        "44\u{a2} each + 6% on the case + 14% on the strap, band or bracelet + 5.3% on the battery";
    assert_eq!(schedule.rate_text(watch.general), text);
}

const IMPORTED: &str = "# release: 2026 Revision 12
# first: 2026-08-01
# last: 2026-08-01
@1\tFree (KR) 3.2% (JP)
number\tfrom\tuntil\tunits\tgeneral\tspecial\tcolumn_2\texcise\tfootnotes
61091000\t\t\t\t17%\t@1\t90%\t\t9903.88.15
6109100012\t\t\tdoz.|kg\t\t\t\t\t
6109109999\t\t\tdoz.|kg\t\t\t\t\t
";

#[test]
fn an_imported_release_takes_over_from_its_day() {
    let release = Release::read(IMPORTED, "aa").unwrap();
    assert_eq!((release.name(), release.hash()), ("2026 Revision 12", "aa"));
    let schedule = Schedule::embedded().with_releases(&[release], "bb".to_owned());
    assert_eq!(schedule.hash(), "bb");
    let both = "2025 Basic to 2026 Revision 10; 2026 Revision 12";
    assert_eq!(schedule.release(), both);
    let shirt = number("6109.10.0012");
    let before = schedule.article(shirt, on("2026-07-31")).unwrap();
    assert_eq!(schedule.rate_text(before.general), "16.5%");
    assert_eq!(before.window.1, Some(on("2026-08-01")));
    let after = schedule.article(shirt, on("2026-08-01")).unwrap();
    let expected = ["17%", "KR: Free; JP: 3.2%", "90%", "doz.|kg"];
    assert_eq!(printed(&schedule, &after), expected);
    assert_eq!(after.window, (Some(on("2026-08-01")), None));
    assert_eq!((after.release, after.carried), ("2026 Revision 12", false));
    assert!(schedule.article(shirt, on("2026-08-02")).unwrap().carried);
    // What the release lacks was printed until then; what is new in it, from then.
    let sock = number("6115.95.9000");
    let until = Some(on("2026-08-01"));
    assert_eq!(schedule.knows(sock, on("2026-07-31")), Known::Yes);
    let gone = Known::OnlyOtherDates { from: None, until };
    assert_eq!(schedule.knows(sock, on("2026-08-01")), gone);
    let new = number("6109.10.9999");
    let coming = Known::OnlyOtherDates {
        from: until,
        until: None,
    };
    assert_eq!(schedule.knows(new, on("2026-07-31")), coming);
    assert_eq!(schedule.knows(new, on("2026-08-01")), Known::Yes);
    assert_eq!(Schedule::embedded().knows(new, on("2026-08-01")), Known::No);
}

#[test]
fn an_older_release_speaks_until_the_next_in_hand() {
    let text = IMPORTED
        .replace("2026-08-01", "2024-11-12")
        .replace("2026 Revision 12", "2024 Revision 9");
    let old = Release::read(&text, "aa").unwrap();
    let between = IMPORTED.replace("2026-08-01", "2025-12-01");
    let between = Release::read(&between, "cc").unwrap();
    let schedule = Schedule::embedded().with_releases(&[between, old], "bb".to_owned());
    let shirt = number("6109.10.0012");
    for (date, general) in [
        ("2024-11-11", None),
        ("2024-11-12", Some("17%")),
        ("2024-12-31", Some("17%")),
        ("2025-01-01", Some("16.5%")),
        ("2025-11-30", Some("16.5%")),
        ("2025-12-01", Some("17%")),
        ("2025-12-31", Some("17%")),
        ("2026-01-01", Some("16.5%")),
    ] {
        let article = schedule.article(shirt, on(date));
        let found = article.map(|article| schedule.rate_text(article.general));
        assert_eq!(found, general, "{date}");
    }
    let days: Vec<_> = schedule.imported().map(|one| (one.2, one.3)).collect();
    let expected = [
        (on("2024-11-12"), Some(on("2025-01-01"))),
        (on("2025-12-01"), Some(on("2026-01-01"))),
    ];
    assert_eq!(days, expected);
}

#[test]
fn damaged_texts_of_releases_are_refused() {
    let row = "6109100012\t\t\tdoz.|kg\t\t\t\t\t\n";
    for (from, to) in [
        ("# release: 2026 Revision 12\n", ""),
        ("# last: 2026-08-01", "# last: 2026-07-01"),
        ("# first: 2026-08-01\n", ""),
        ("number\tfrom", "nr\tfrom"),
        ("@1\tFree", "@2\tFree"),
        (row, "6109100012\t\t\tdoz.|kg\t\t\t\t\n"),
        (row, "6109100012\t\t\tdoz.|kg\t\t\t\t\t\t\n"),
        (row, "610910001\t\t\tdoz.|kg\t\t\t\t\t\n"),
        (row, "6109100012\t2026-13-01\t\t\t\t\t\t\t\n"),
        (row, "6109100012\t2026-02-01\t2026-02-01\t\t\t\t\t\t\n"),
        (row, "6109100012\t\t\tdoz.|kg\t\t\t\tmaybe\t\n"),
        (row, "6009100012\t\t\tdoz.|kg\t\t\t\t\t\n"),
        ("6109109999", "6109100012"),
    ] {
        let damaged = IMPORTED.replace(from, to);
        assert_ne!(damaged, IMPORTED, "{from}");
        assert!(Release::read(&damaged, "aa").is_err(), "{from} {to}");
    }
    assert!(Release::read("", "aa").is_err());
}
