//! `deminimis rates`, as a user runs it, and which rate an article then gets.

mod duty_run;

use duty_run::{Installation, example, keys, text};
use serde_json::Value;

const HEAD: &str = "currency,kind,from,until,usd_per_unit,cite\n";

fn with_example() -> Installation {
    let installation = Installation::new();
    installation.said(&format!("rates import {}", example("rates.csv")));
    installation
}

fn valued(installation: &Installation, exported: &str) -> Value {
    let line = format!(
        "duty 6109.10.0012 --origin GB --value 100.00 --currency GBP --entered-at 2026-07-10 \
         --exported-on {exported}"
    );
    installation.json(&line)
}

#[test]
fn the_date_of_exportation_picks_the_quarter_and_five_percent_the_day() {
    let installation = with_example();
    for (exported, dollars) in [
        ("2026-03-31", "130.00"),
        ("2026-04-01", "125.00"),
        ("2026-06-30", "125.00"),
        // Exactly five percent above the quarter, and a millionth below that.
        ("2026-05-21", "131.25"),
        ("2026-06-03", "125.00"),
        // A Friday, its weekend, and Memorial Day; the day after has no rate of its own.
        ("2026-05-22", "140.00"),
        ("2026-05-24", "140.00"),
        ("2026-05-25", "140.00"),
        ("2026-05-26", "125.00"),
    ] {
        assert_eq!(
            valued(&installation, exported)["value_usd"],
            dollars,
            "{exported}"
        );
    }
}

#[test]
fn a_date_without_a_rate_stays_a_question() {
    for (installation, exported) in [
        (with_example(), "2026-07-01"),
        (with_example(), "2025-12-31"),
        (Installation::new(), "2026-05-21"),
    ] {
        let told = valued(&installation, exported);
        assert_eq!(told["value_usd"], Value::Null);
        assert_eq!(told["owed"]["total_usd"], Value::Null);
        let questions = told["questions"].as_array().unwrap();
        assert!(
            questions.iter().any(|one| one["what"] == "exchange_rate"),
            "{told}"
        );
    }
}

#[test]
fn the_hash_of_the_table_is_named_by_decisions() {
    let installation = with_example();
    let status = installation.json("rates status");
    assert_eq!(keys(&status).len(), 4);
    assert_eq!(status["rates"], 7);
    let hash = status["rates_hash"].as_str().unwrap();
    assert_eq!(hash.len(), 64);
    assert_eq!(
        valued(&installation, "2026-05-21")["decision"]["law"]["rates_hash"],
        hash
    );
    // The same rates in another order and form are the same table.
    let other = Installation::new();
    let file = std::fs::read_to_string(example("rates.csv")).unwrap();
    let mut rows: Vec<&str> = file.lines().skip(1).collect();
    rows.reverse();
    let file = other.file(
        "r.csv",
        &format!("{HEAD}{}\n", rows.join("\r\n").replace("1.300000", "1.3")),
    );
    other.said(&format!("rates import {file}"));
    assert_eq!(other.json("rates status")["rates_hash"], hash);
    // Without a table there is nothing to name.
    let none = Installation::new();
    assert_eq!(none.json("rates status")["rates_hash"], Value::Null);
    assert!(
        none.said("rates status")
            .contains("no exchange rates are in hand")
    );
}

#[test]
fn later_tables_add_and_correct() {
    let installation = with_example();
    let file = installation.file(
        "more.csv",
        &format!("{HEAD}GBP,quarterly,2026-04-01,,1.260000,made up\nGBP,quarterly,2026-07-01,,1.270000,made up\n"),
    );
    let said = installation.said(&format!("rates import {file}"));
    assert!(said.contains("2 rates taken in, 8 in hand"), "{said}");
    assert_eq!(valued(&installation, "2026-04-01")["value_usd"], "126.00");
    assert_eq!(valued(&installation, "2026-07-01")["value_usd"], "127.00");
    let table = installation.said("rates status");
    assert!(
        table.contains("GBP") && table.contains("2026-10-01"),
        "{table}"
    );
}

#[test]
fn a_defective_table_is_refused_and_the_one_in_hand_stands() {
    let installation = with_example();
    let before = installation.json("rates status");
    for (rows, said) in [
        (
            "GBP,quarterly,2026-04-02,,1.25,x\n",
            "row 2: 2026-04-02 is not the first day of a quarter",
        ),
        ("GBP,daily,2026-05-21,,1.2345678,x\n", "usd_per_unit"),
        (
            "GBP,daily,2026-05-20,2026-05-22,1.3,x\n",
            "two daily rates of GBP speak of 2026-05-21",
        ),
        ("", "holds no rate"),
    ] {
        let file = installation.file("bad.csv", &format!("{HEAD}{rows}"));
        let (status, stderr) = installation.failed(&format!("rates import {file}"));
        assert_eq!(status, Some(3), "{stderr}");
        assert!(stderr.contains(said), "{rows}: {stderr}");
        assert_eq!(installation.json("rates status"), before);
    }
    // What was damaged where it is kept stops the run; it is never read as no rates.
    std::fs::write(installation.path("home/rates/rates.csv"), "currency\n").unwrap();
    let (status, stderr) = installation.failed("rates status");
    assert_eq!(status, Some(1), "{stderr}");
    assert!(stderr.contains("import the rates again"), "{stderr}");
}

#[test]
fn help_documents_the_columns() {
    let help = text(&Installation::new().run("rates import --help").stdout);
    for part in [
        "usd_per_unit",
        "quarterly",
        "159.34",
        "5 %",
        "first day on which it no longer holds",
    ] {
        assert!(help.contains(part), "no {part} in:\n{help}");
    }
}
