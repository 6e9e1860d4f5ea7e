//! `tariff show` names the measures that touch a number, on the embedded law and schedule.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn ran(args: &[&str]) -> String {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("measures-home");
    let mut command = Command::new(env!("CARGO_BIN_EXE_deminimis"));
    let done = command
        .args(args)
        .env("DEMINIMIS_HOME", home)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{args:?}: {said}");
    String::from_utf8(done.stdout).unwrap()
}

fn show(number: &str, at: &str, origin: Option<&str>) -> Vec<Value> {
    let mut args = vec!["tariff", "show", number, "--at", at, "--format", "json"];
    args.extend(origin.iter().flat_map(|origin| ["--origin", origin]));
    let shown: Value = serde_json::from_str(&ran(&args)).unwrap();
    shown["measures"].as_array().unwrap().clone()
}

fn of<'a>(measures: &'a [Value], heading: &str) -> Vec<&'a Value> {
    let has = |one: &&Value| {
        one["headings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|own| own == heading)
    };
    measures.iter().filter(has).collect()
}

#[test]
fn a_shirt_of_china_bears_two_additional_duties_in_november_2026() {
    let found = show("6109.10.0012", "2026-11-20", Some("CN"));
    for (heading, charge) in [("9903.88.15", "7.5%"), ("9903.05.31", "12.5%")] {
        let [one] = of(&found, heading)[..] else {
            panic!("{heading}: {found:?}");
        };
        assert_eq!(one["charge"], charge);
        assert_eq!(one["origins"], serde_json::json!(["CN"]));
        assert!(!one["cite"].as_array().unwrap().is_empty());
    }
    // What has ended or is of another origin is not named.
    let ended = |one: &Value| one["program"].as_str().unwrap().starts_with("ieepa-");
    assert!(!found.iter().any(ended), "{found:?}");
    let vietnam = show("6109.10.0012", "2026-11-20", Some("VN"));
    assert!(of(&vietnam, "9903.88.15").is_empty());
}

#[test]
fn every_additional_duty_that_is_reckoned_was_named() {
    let mut named = 0;
    for (number, origin, at) in [
        ("6109.10.0012", "CN", "2026-11-20"),
        ("6109.10.0012", "DE", "2025-11-20"),
        ("6109.10.0012", "BR", "2025-11-20"),
        ("8517.62.0090", "CN", "2025-06-20"),
        ("8517.62.0090", "VN", "2026-03-20"),
        ("9401.61.6011", "VN", "2026-05-20"),
    ] {
        let measures = show(number, at, Some(origin));
        let args = [
            "duty",
            number,
            "--origin",
            origin,
            "--value",
            "900",
            "--entered-at",
            at,
        ];
        let stack = ran(&args);
        let charged = stack.lines().filter_map(|line| line.split(' ').next());
        for heading in charged.filter(|first| first.starts_with("9903.")) {
            named += 1;
            let found = of(&measures, heading);
            assert!(
                !found.is_empty(),
                "{heading} on {number} of {origin} at {at}"
            );
        }
    }
    assert!(named >= 6, "{named}");
}

#[test]
fn origins_are_grouped_where_none_is_asked_for() {
    let text = ran(&["tariff", "show", "6109.10.0012", "--at", "2025-11-20"]);
    assert!(text.contains("9903.88.15  7.5%  CN\n"), "{text}");
    assert!(text.contains("every origin but"), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 120),
        "{text}"
    );
    let wrong = Command::new(env!("CARGO_BIN_EXE_deminimis"))
        .args(["tariff", "show", "6109.10.0012", "--origin", "China"])
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}
