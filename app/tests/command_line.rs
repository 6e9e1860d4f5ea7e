//! The program as a user runs it: commands, output, exit status.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn example(name: &str) -> String {
    root().join("examples").join(name).display().to_string()
}

/// Runs the program in a folder of its own.
fn run(args: &[&str]) -> Output {
    run_in(tempfile::tempdir().unwrap().path(), args)
}

fn run_in(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deminimis"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Decisions by shipment, from JSON output.
fn decisions(args: &[&str]) -> BTreeMap<String, Value> {
    let output = run(&[args, &["--format", "json"]].concat());
    let all: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let keyed = all
        .into_iter()
        .map(|one| (one["shipment_id"].as_str().unwrap().to_owned(), one));
    keyed.collect()
}

#[test]
fn the_example_is_decided_and_two_rows_are_refused() {
    let output = run(&["assess", &example("parcels.csv")]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    for (parcel, says) in [
        ("PX-1001", "yes   manifest"),
        ("PX-1002", "no    entry 11"),
        ("PX-1003", "no    entry 11"),
        ("PX-1070", "ban"),
        ("PX-1050", "?"),
    ] {
        let line = table.lines().find(|line| line.contains(parcel)).unwrap();
        assert!(line.contains(says), "{line}");
    }
    assert!(table.contains("78 parcels: ") && table.contains("2 refused (parcels.rejects.csv)"));
    assert!(table.contains("rows: 89 read = 87 accepted + 2 refused"));
    // No terminal: nothing is cut, and amounts are written for people.
    assert!(!table.contains('\u{2026}'), "{table}");
    for part in [
        "        $42.00  yes",
        "     $1,200.00  ",
        "19 USC 1321(a)(2)(C); 19 CFR",
    ] {
        assert!(table.contains(part), "no `{part}` in:\n{table}");
    }
}

#[test]
fn the_two_forms_of_the_example_are_decided_alike() {
    let csv = decisions(&["assess", &example("parcels.csv")]);
    let json = decisions(&["assess", &example("parcels.json")]);
    assert_eq!(csv.len(), 76);
    assert_eq!(csv, json);
    let outcomes: std::collections::BTreeSet<_> = csv
        .values()
        .map(|one| one["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(
        outcomes.len(),
        4,
        "the example shows every outcome: {outcomes:?}"
    );
    let cited = |finding: &Value| !finding["cite"].as_array().unwrap().is_empty();
    assert!(
        csv.values()
            .all(|one| one["findings"].as_array().unwrap().iter().all(cited))
    );
}

#[test]
fn csv_and_ndjson_agree_with_json() {
    let json = decisions(&["assess", &example("parcels.csv")]);
    let ndjson = run(&["assess", &example("parcels.csv"), "--format", "ndjson"]);
    for line in text(&ndjson.stdout).lines() {
        let one: Value = serde_json::from_str(line).unwrap();
        assert_eq!(one, json[one["shipment_id"].as_str().unwrap()]);
    }
    let csv = run(&["assess", &example("parcels.csv"), "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(&csv.stdout[..]);
    let mut rows = 0;
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let one = &json[&row["shipment_id"]];
        for field in [
            "outcome",
            "entry_path",
            "day_total_usd",
            "entered_value_usd",
        ] {
            assert_eq!(
                one[field].as_str().unwrap_or(""),
                row[field],
                "{field} of {row:?}"
            );
        }
        rows += 1;
    }
    assert_eq!(rows, 76);
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    let one = run(&[
        "assess",
        &example("parcels.csv"),
        "--format",
        "json",
        "--threads",
        "1",
    ]);
    let two = run(&[
        "assess",
        &example("parcels.csv"),
        "--format",
        "json",
        "--threads",
        "2",
    ]);
    assert_eq!(one.stdout, two.stdout);
}

#[test]
fn the_law_as_known_then_and_another_entry_date_change_the_answer() {
    let file = example("parcels.csv");
    let now = decisions(&["assess", &file]);
    let then = decisions(&["assess", &file, "--known-at", "2025-07-01"]);
    let moved = decisions(&["assess", &file, "--entered-at", "2024-05-10"]);
    assert_eq!(now["PX-1058"]["outcome"], "entry_required");
    assert_eq!(then["PX-1058"]["outcome"], "free");
    assert_eq!(moved["PX-1058"]["outcome"], "free");
    assert_eq!(
        then["PX-1058"]["law"]["rulebook"],
        now["PX-1058"]["law"]["rulebook"]
    );
}

#[test]
fn overlays_add_to_the_law_and_their_own_cases_are_met() {
    let file = example("parcels.csv");
    for name in [
        "one-shipment-a-day",
        "proposal-2025-01",
        "proposal-2025-01-trade-actions",
    ] {
        let overlay = example(&format!("overlays/{name}.toml"));
        let check = run(&["law", "check", "--overlay", &overlay]);
        assert_eq!(
            check.status.code(),
            Some(0),
            "{name}: {}",
            text(&check.stdout)
        );
        assert!(
            text(&check.stdout).contains(" cases"),
            "{}",
            text(&check.stdout)
        );
    }
    let overlay = example("overlays/one-shipment-a-day.toml");
    let plain = decisions(&["assess", &file]);
    let house = decisions(&["assess", &file, "--overlay", &overlay]);
    assert_ne!(
        plain["PX-1001"]["law"]["rulebook"],
        house["PX-1001"]["law"]["rulebook"]
    );
    assert!(plain.keys().eq(house.keys()));
}

#[test]
fn a_folder_of_the_same_law_has_the_same_hash() {
    let folder = root().join("law/us").display().to_string();
    let embedded = decisions(&["assess", &example("parcels.csv")]);
    let read = decisions(&["assess", &example("parcels.csv"), "--law", &folder]);
    assert_eq!(embedded, read);
}

#[test]
fn explain_says_why_and_what_would_change_it() {
    let file = example("parcels.csv");
    let tree = run(&["explain", &file, "--shipment", "PX-1002"]);
    assert_eq!(tree.status.code(), Some(0));
    let tree = text(&tree.stdout);
    for part in [
        "Free under Section 321?  No",
        "EO 14324",
        "Would change it",
        "Keep records until 2031-11-20",
    ] {
        assert!(tree.contains(part), "no `{part}` in:\n{tree}");
    }
    let plain = text(&run(&["explain", &file, "--shipment", "PX-1003", "--plain"]).stdout);
    assert!(plain.contains("The rule: "), "{plain}");
    let json = run(&["explain", &file, "--shipment", "PX-1003", "--json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["decision"]["outcome"], "entry_required");
}

#[test]
fn wrong_usage_is_status_2_and_says_what_would_be_right() {
    let file = example("parcels.csv");
    for (args, says) in [
        (
            vec!["explain", &file, "--shipment", "PX-9999"],
            "no parcel `PX-9999`",
        ),
        (vec!["explain", &file], "--shipment ID"),
        (
            vec!["assess", &file, "--known-at", "yesterday"],
            "--known-at",
        ),
        (
            vec!["assess", &file, "--entered-at", "2025-02-30"],
            "not a day of the calendar",
        ),
        (vec!["law", "show", "s321.value-limits"], "s321.value-limit"),
        (vec!["assess", &file, "--set", "mode"], "FIELD=VALUE"),
        (vec!["assess", &file, "--from", "amazon"], "shopify"),
        (vec!["asses"], "assess"),
    ] {
        let output = run(&args);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{args:?}: {}",
            text(&output.stderr)
        );
        assert!(
            text(&output.stderr).contains(says),
            "{args:?}: {}",
            text(&output.stderr)
        );
    }
    let missing = run(&["assess", "nowhere.csv"]);
    assert_eq!(missing.status.code(), Some(1));
}

#[test]
fn schemas_completions_and_the_manual_are_made() {
    for what in ["shipment", "decision"] {
        let schema: Value = serde_json::from_slice(&run(&["schema", what]).stdout).unwrap();
        assert_eq!(schema["title"], what);
        assert!(schema["properties"]["shipment_id"].is_object());
    }
    let completions = text(&run(&["completions", "bash"]).stdout);
    assert!(completions.contains("--known-at"));
    assert!(text(&run(&["man"]).stdout).contains(".TH deminimis"));
}

#[test]
fn a_decision_matches_its_schema_by_name() {
    let schema: Value = serde_json::from_slice(&run(&["schema", "decision"]).stdout).unwrap();
    let named: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let decided = decisions(&["assess", &example("parcels.csv")]);
    for one in decided.values() {
        let keys: Vec<&String> = one.as_object().unwrap().keys().collect();
        assert!(keys.iter().all(|key| named.contains(key)), "{keys:?}");
    }
}

#[test]
fn the_timeline_draws_what_was_possible_when() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("timeline.svg");
    let output = run(&["law", "timeline", "--svg", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("2025-08-29 00:01 EDT"));
    let picture = std::fs::read_to_string(&file).unwrap();
    assert!(picture.starts_with("<svg") && picture.contains("<title>") && picture.contains("2025"));
}

#[test]
fn nothing_that_is_read_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let parcels = std::fs::read(example("parcels.csv")).unwrap();
    let inputs = ["parcels.csv", "parcels.rejects.csv", "other.csv"];
    let write = |name: &str| std::fs::write(folder.path().join(name), &parcels).unwrap();
    inputs.into_iter().for_each(write);
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    for (args, says) in [
        ("parcels.csv -o parcels.csv", "--output parcels.csv"),
        ("parcels.csv -o sub/../parcels.csv", "--output sub/"),
        (
            "parcels.csv --rejects ./parcels.csv",
            "--rejects ./parcels.csv",
        ),
        ("parcels.csv parcels.rejects.csv", "refused rows go to"),
        (
            "other.csv -o new.csv --rejects sub/../new.csv",
            "--output new.csv",
        ),
        (
            "other.csv -o other.rejects.csv",
            "--output other.rejects.csv",
        ),
        ("other.csv --catalog parcels.csv -o parcels.csv", "is read"),
        ("other.csv --map parcels.csv -o parcels.csv", "is read"),
        ("other.csv --overlay parcels.csv -o parcels.csv", "is read"),
    ] {
        let args: Vec<&str> = ["assess"].into_iter().chain(args.split(' ')).collect();
        let output = run_in(folder.path(), &args);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        assert!(
            error.contains(says) && error.contains("same file"),
            "{args:?}: {error}"
        );
        for name in inputs {
            let now = std::fs::read(folder.path().join(name)).unwrap();
            assert!(now == parcels, "{args:?} changed {name}");
        }
        let there = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(there, inputs.len() + 1, "{args:?} left a file");
    }
}

#[test]
fn an_output_is_whole_or_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = example("parcels.csv");
    let there = |name: &str| folder.path().join(name);
    for option in ["-o", "--rejects"] {
        let output = run_in(folder.path(), &["assess", &file, option, "no/where.csv"]);
        assert_eq!(output.status.code(), Some(1));
        let error = text(&output.stderr);
        assert!(error.contains("cannot write no/where.csv: "), "{error}");
        assert!(!error.contains(".part"), "{error}");
        assert!(output.stdout.is_empty());
    }
    std::fs::write(there("out.csv"), "before").unwrap();
    let failed = run_in(folder.path(), &["assess", "nowhere.csv", "-o", "out.csv"]);
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(std::fs::read(there("out.csv")).unwrap(), b"before");
    let args = ["assess", &file, "--format", "csv", "-o", "out.csv"];
    let output = run_in(folder.path(), &args);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let written = std::fs::read_to_string(there("out.csv")).unwrap();
    assert_eq!(written.lines().count(), 77);
    let names = std::fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> = names.map(|one| one.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["out.csv", "parcels.rejects.csv"]);
}

#[test]
fn a_clean_run_tells_that_refused_rows_are_of_an_earlier_one() {
    let folder = tempfile::tempdir().unwrap();
    let all = std::fs::read_to_string(example("parcels.csv")).unwrap();
    let clean: Vec<&str> = all.lines().take(2).collect();
    std::fs::write(folder.path().join("day.1.csv"), clean.join("\n")).unwrap();
    let stale = folder.path().join("day.1.rejects.csv");
    let first = run_in(folder.path(), &["assess", "day.1.csv"]);
    assert_eq!(text(&first.stderr), "");
    std::fs::write(&stale, "old").unwrap();
    let second = run_in(folder.path(), &["assess", "day.1.csv"]);
    assert_eq!(second.status.code(), Some(0));
    let error = text(&second.stderr);
    assert!(
        error.contains("day.1.rejects.csv is from an earlier run"),
        "{error}"
    );
    assert_eq!(std::fs::read(&stale).unwrap(), b"old");
}

#[test]
fn help_shows_examples_and_exit_statuses() {
    for args in [vec!["--help"], vec!["assess", "--help"]] {
        let help = text(&run(&args).stdout);
        let below = help.split_once("Examples:").unwrap().1;
        assert_eq!(below.matches("  deminimis ").count(), 3, "{help}");
        for status in 0..=3 {
            assert!(below.contains(&format!("\n  {status}  ")), "{help}");
        }
    }
}
