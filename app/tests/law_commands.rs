//! `deminimis law …`, driven as a user drives it, on the embedded law.

#[path = "law_commands/check.rs"]
mod check;
#[path = "law_commands/timeline.rs"]
mod timeline;

use clap::Parser;
use deminimis::law_cmd::{LawArgs, Status, run};
use deminimis_law::time::{Moment, parse_timestamp};
use deminimis_law::{CaseBook, Law, Rulebook};
use deminimis_office::law::{LawContext, LawError, condition};
use deminimis_office::pass::PERSON_RULES_OF_CASES;
use deminimis_tariff::Schedule;
use serde_json::Value;
use std::sync::{Arc, LazyLock};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    law: LawArgs,
}

static BOOK: LazyLock<Arc<Rulebook>> =
    LazyLock::new(|| Arc::new(deminimis_law_us::rulebook().unwrap()));
static CASES: LazyLock<CaseBook> = LazyLock::new(|| deminimis_law_us::cases().unwrap());
static LAW: LazyLock<Law> = LazyLock::new(|| known(None));

fn known(known_at: Option<Moment>) -> Law {
    Law::compile_hashed(&BOOK, known_at, deminimis_law_us::HASH.into())
}

fn context<'a>(law: &'a Law, cases: &'a CaseBook) -> LawContext<'a> {
    LawContext {
        standing: None,
        book: &BOOK,
        cases,
        law,
        tariff: Schedule::embedded(),
        persons: PERSON_RULES_OF_CASES,
    }
}

fn answer(
    context: &LawContext<'_>,
    args: &str,
    width: usize,
    colour: bool,
) -> (Result<Status, LawError>, String) {
    let args = ["law"].into_iter().chain(args.split(' '));
    let cli = Cli::try_parse_from(args).unwrap();
    let mut out = Vec::new();
    let status = run(&cli.law, context, &mut out, width, colour);
    (status, String::from_utf8(out).unwrap())
}

/// On a page so wide that no cell is wrapped.
fn said(args: &str) -> String {
    let (status, text) = answer(&context(&LAW, &CASES), args, 300, false);
    assert_eq!(status.unwrap(), Status::Fine, "{args}");
    text
}

fn refused(args: &str) -> LawError {
    let (status, text) = answer(&context(&LAW, &CASES), args, 100, false);
    assert_eq!(text, "", "{args}");
    status.unwrap_err()
}

fn json(args: &str) -> Value {
    serde_json::from_str(&said(&format!("{args} --format json"))).unwrap()
}

fn moment(text: &str) -> Moment {
    parse_timestamp(text).unwrap()
}

/// The same words, however the lines are broken.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn list_names_every_instrument_once_under_its_kind() {
    let text = said("list");
    let count = BOOK.instruments.len();
    assert!(text.contains(&format!("{count} instruments, ")), "{text}");
    let all = json("list");
    assert_eq!(all.as_array().unwrap().len(), count);
    for (listed, instrument) in all.as_array().unwrap().iter().zip(&BOOK.instruments) {
        assert_eq!(listed["id"], instrument.id.as_str());
        assert_eq!(listed["checked"], instrument.checked.to_string());
    }
    let suspensions = said("list --kind suspension");
    assert!(suspensions.contains("suspension.all-countries"));
    assert!(!suspensions.contains("path.entry-11"));
}

#[test]
fn list_shows_when_each_is_in_force() {
    let all = json("list");
    let of = |id: &str| {
        all.as_array()
            .unwrap()
            .iter()
            .find(|one| one["id"] == id)
            .unwrap()
            .clone()
    };
    let china = of("suspension.china-2025-02");
    assert_eq!(china["in_force"][0]["from"], "2025-02-04T00:01-05:00");
    assert_eq!(china["in_force"][0]["until"], "2025-02-05T00:00-05:00");
    // The path is closed by a version whose condition cannot hold, which is not in force.
    assert_eq!(
        of("path.entry-86")["in_force"][0]["until"],
        "2025-08-29T00:01-04:00"
    );
    assert_eq!(
        of("s321.value-limit")["in_force"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn an_unknown_kind_is_wrong_usage() {
    assert!(Cli::try_parse_from(["law", "list", "--kind", "suspensions"]).is_err());
}

#[test]
fn show_tells_everything_of_an_instrument() {
    let text = flat(&said("show s321.value-limit"));
    for part in [
        "Version 1 from 1994-07-28",
        "Version 2 from 2016-03-10",
        "$800.00 a person and day; equality qualifies",
        "Pub. L. 114-125 sec. 901",
        "C3+: three or more independent sources",
        "covers from 1994-07-28",
        "section-321/value-limit.toml:",
        "exactly $200 qualified under the $200 limit",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let unknown = flat(&said("show group.adcvd-cn"));
    assert!(
        unknown.contains("date of publication not known"),
        "{unknown}"
    );
    let open = flat(&said("show suspension.china-2025-02-gap"));
    assert!(open.contains("where it decides, a person must"), "{open}");
}

#[test]
fn show_names_the_nearest_ids() {
    let error = refused("show suspension.all-countires");
    assert!(error.is_usage());
    assert!(
        error
            .to_string()
            .contains("nearest: suspension.all-countries"),
        "{error}"
    );
    assert!(refused("show zzzz").to_string().contains("law list"));
}

#[test]
fn show_hides_nothing_of_what_was_not_yet_known() {
    let law = known(Some(moment("2015-01-01T00:00-05:00")));
    let (status, text) = answer(&context(&law, &CASES), "show s321.value-limit", 100, false);
    assert_eq!(status.unwrap(), Status::Fine);
    assert!(
        flat(&text).contains("Version 2 from 2016-03-10 (not yet public"),
        "{text}"
    );
}

#[test]
fn at_changes_with_the_minute() {
    let before = flat(&said("at 2025-08-29T00:00-04:00"));
    let after = flat(&said("at 2025-08-29T00:01-04:00"));
    assert!(
        before.contains("The law at 2025-08-29 00:00 EDT"),
        "{before}"
    );
    assert!(before.contains("suspension.china-2025-05"));
    assert!(!before.contains("suspension.all-countries"));
    assert!(after.contains("suspension.all-countries"));
    assert!(!after.contains("suspension.china-2025-05"));
    assert!(before.contains("free: release from the manifest, or entry type 86"));
    assert!(!after.contains("free: release"));
    // A bare date is noon: what starts at 00:01 applies.
    assert!(flat(&said("at 2025-08-29")).contains("suspension.all-countries"));
    assert_eq!(json("at 2025-08-29")["at"], "2025-08-29T12:00-04:00");
}

#[test]
fn a_moment_without_a_zone_is_refused() {
    for wrong in [
        "at 2025-08-29T00:01",
        "at 2025-02-30",
        "at today",
        "diff 2025-01-01 tomorrow",
    ] {
        let error = refused(wrong);
        assert!(error.is_usage(), "{wrong}: {error}");
    }
}

#[test]
fn diff_tells_what_began_changed_and_ended() {
    let text = flat(&said("diff 2025-08-28 2025-08-29"));
    for part in [
        "From 2025-08-28 12:00 EDT to 2025-08-29 12:00 EDT",
        "was free: release from the manifest, or entry type 86 is dutiable: entry type 11",
        "suspension.all-countries (suspension): Suspension for every country",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let value = json("diff 2025-08-28 2025-08-29");
    let change = |id: &str| -> Option<String> {
        let all = value["instruments"].as_array().unwrap();
        let found = all.iter().find(|one| one["id"] == id)?;
        found["change"].as_str().map(str::to_owned)
    };
    assert_eq!(change("suspension.all-countries").as_deref(), Some("began"));
    assert_eq!(change("suspension.china-2025-05").as_deref(), Some("ended"));
    assert_eq!(change("path.entry-86").as_deref(), Some("ended"));
    assert_eq!(change("path.mail-carrier").as_deref(), Some("changed"));
    assert_eq!(change("path.entry-11"), None);
    let limit = flat(&said("diff 2016-03-09 2016-03-10"));
    assert!(
        limit.contains("$800.00 a person and day; equality qualifies (was: $200.00"),
        "{limit}"
    );
    let none = flat(&said("diff 2024-05-10 2024-05-10"));
    assert!(
        none.contains("nothing changed") && none.contains("Changed (0)"),
        "{none}"
    );
}

#[test]
fn tables_fit_any_width_and_colour_changes_no_word() {
    let mut commands: Vec<String> = BOOK
        .instruments
        .iter()
        .map(|instrument| format!("show {}", instrument.id))
        .collect();
    for command in [
        "list",
        "at 2026-11-20",
        "timeline",
        "diff 2024-01-01 2026-11-20",
    ] {
        commands.push(command.to_owned());
    }
    let context = context(&LAW, &CASES);
    for command in &commands {
        for width in [60, 80, 120] {
            let (_, plain) = answer(&context, command, width, false);
            for line in plain.lines() {
                assert!(
                    line.chars().count() <= width,
                    "{command} at {width}: {line}"
                );
                assert!(!line.ends_with(' '), "{command} at {width}: {line}");
            }
            assert!(!plain.contains('\u{1b}'), "{command}");
            let (_, painted) = answer(&context, command, width, true);
            assert_eq!(without_escapes(&painted), plain, "{command} at {width}");
        }
    }
}

fn without_escapes(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        plain + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[test]
fn every_condition_of_the_law_has_words() {
    for instrument in &BOOK.instruments {
        for version in &instrument.versions {
            let words = condition(&LAW, &version.when);
            assert!(
                !words.is_empty() && !words.contains("no words"),
                "{}: {words}",
                instrument.id
            );
            let depth = words.chars().try_fold(0_i32, |depth, letter| match letter {
                '(' => Some(depth + 1),
                ')' if depth == 0 => None,
                ')' => Some(depth - 1),
                _ => Some(depth),
            });
            assert_eq!(depth, Some(0), "{}: {words}", instrument.id);
        }
    }
    let when =
        |id: &str, at: usize| condition(&LAW, &BOOK.instrument(id).unwrap().versions[at].when);
    assert_eq!(
        when("suspension.china-2025-05", 0),
        "the origin is CN or HK"
    );
    assert_eq!(when("suspension.all-countries", 0), "always");
    let mail = when("path.mail-carrier", 0);
    for part in [
        "by mail",
        "the origin is CN or HK",
        "the fair retail value is at most $800.00",
        "the fact quota is no and the fact alcohol is no",
    ] {
        assert!(mail.contains(part), "{part} is not in: {mail}");
    }
}

#[test]
fn the_page_of_coverage_is_what_the_command_says() {
    let (status, said) = answer(&context(&LAW, &CASES), "coverage", 100, false);
    assert_eq!(status.unwrap(), Status::Fine);
    let kept = include_str!("../../docs/coverage.md");
    let differs = kept
        .lines()
        .zip(said.lines())
        .find(|(kept, said)| kept != said);
    assert_eq!(
        differs, None,
        "run `deminimis law coverage > docs/coverage.md`"
    );
    assert_eq!(kept.lines().count(), said.lines().count());
}
