//! `deminimis duty`, as a user runs it.

mod duty_run;

use duty_run::{Installation, elements_of, fits, keys, text};
use serde_json::{Value, json};

/// A T-shirt of cotton, knitted, of China: the example of the manual.
const SHIRT: &str = "duty 6109.10.0012 --origin CN --value 40.00 --entered-at 2026-11-20";

fn charges(told: &Value) -> Vec<(&str, &str)> {
    let charges = told["owed"]["lines"][0]["charges"].as_array().unwrap();
    charges
        .iter()
        .map(|charge| {
            (
                charge["heading"].as_str().unwrap(),
                charge["amount_usd"].as_str().unwrap(),
            )
        })
        .collect()
}

#[test]
fn the_whole_stack_stands_in_reporting_order_with_its_sum() {
    let told = Installation::new().json(SHIRT);
    // 7.5 %, 12.5 % and 16.5 % of 40.00.
    assert_eq!(
        charges(&told),
        [
            ("9903.88.15", "3.00"),
            ("9903.05.31", "5.00"),
            ("6109.10.0012", "6.60")
        ]
    );
    let fee = &told["owed"]["fees"][0];
    assert_eq!(
        (&fee["class_code"], &fee["amount_usd"]),
        (&json!("311"), &json!("2.77"))
    );
    assert_eq!(fee["payer"], "importer of record");
    assert_eq!(told["owed"]["total_usd"], "17.37");
    // 17.37 / 40.00 is 43.425 %: half up.
    assert_eq!(told["effective_rate"], "43.43 %");
    assert_eq!(told["outcome"], "entry_required");
    assert_eq!(told["if_entered"], false);
    let ways: Vec<_> = told["ways"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&ways[0]["entry_path"], &ways[0]["cheapest"]),
        (&json!("entry-11"), &json!(true))
    );
    assert!(
        ways[1..].iter().all(|way| way["cheapest"] == false),
        "{ways:?}"
    );
}

#[test]
fn a_fee_is_not_carried_past_the_last_published_year() {
    let installation = Installation::new();
    let shirt = SHIRT.replace("2026-11-20", "2027-10-01");
    let told = installation.json(&shirt);
    let fee = &told["owed"]["fees"][0];
    assert_eq!(
        (&fee["class_code"], &fee["state"], &fee["amount_usd"]),
        (&json!("311"), &json!("not_covered"), &Value::Null)
    );
    let owed = &told["owed"];
    assert_eq!(
        (&owed["total_usd"], &owed["range_low_usd"]),
        (&Value::Null, &json!("14.60"))
    );
    let open = owed["open"].as_array().unwrap();
    let material: Vec<_> = open.iter().filter(|one| one["material"] == true).collect();
    assert_eq!(material.len(), 1, "{open:?}");
    assert_eq!(material[0]["what"], "fee.mpf-informal");
    let table = installation.said(&shirt);
    let row = table.lines().find(|line| line.starts_with("class 311"));
    let row = row.unwrap_or_else(|| panic!("no fee in\n{table}"));
    assert!(row.contains("not covered") && row.contains(" ? "), "{row}");
    let columns = installation.said(&shirt.replace("--origin CN", "--compare CN,VN"));
    assert!(columns.contains("? (not covered)"), "{columns}");
}

#[test]
fn the_table_says_the_same_and_fits() {
    let table = Installation::new().said(SHIRT);
    for part in [
        "6109.10.0012 of CN, $40.00, by air, entered 2026-11-20",
        "Entry required, by entry 11",
        "9903.88.15",
        "301-china",
        "85 FR 3741",
        "class 311",
        "paid by importer of record",
        "$17.37, 43.43 % of the value",
        "informal entry is open up to $2,500.00",
        "entry 11  $17.37  cheapest",
    ] {
        assert!(table.contains(part), "no `{part}` in:\n{table}");
    }
    assert!(fits(&table, 120), "{table}");
    // Points of amounts stand under one another.
    let amounts: Vec<usize> = ["9903.88.15", "9903.05.31", "6109.10.0012  ", "class 311"]
        .iter()
        .map(|start| {
            let line = table.lines().find(|line| line.starts_with(start)).unwrap();
            let base = line.find("40.00").unwrap();
            base + line[base + 5..].find('.').unwrap()
        })
        .collect();
    assert!(amounts.windows(2).all(|pair| pair[0] == pair[1]), "{table}");
}

#[test]
fn a_free_parcel_is_told_so_and_what_an_entry_would_owe() {
    let installation = Installation::new();
    let line = "duty 6109.10.0012 --origin VN --value 42.00 --entered-at 2025-03-10";
    let told = installation.json(line);
    assert_eq!(told["outcome"], "free");
    assert_eq!(
        (&told["if_entered"], &told["entry_path"]),
        (&json!(true), &json!("entry-11"))
    );
    // 16.5 % of 42.00.
    assert_eq!(charges(&told), [("6109.10.0012", "6.93")]);
    let first = &told["ways"][0];
    assert_eq!(
        (&first["free"], &first["cheapest"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(first["owed"]["total_usd"], "0.00");
    let table = installation.said(line);
    assert!(
        table.contains("Free on that day, by manifest release"),
        "{table}"
    );
    assert!(
        table.contains("If it were entered all the same, by entry 11:"),
        "{table}"
    );
}

#[test]
fn exempt_charges_stay_at_nothing_with_their_reason() {
    let line = "duty 6109.10.0012 --origin MX --value 900 --claim S --entered-at 2026-11-20";
    let told = Installation::new().json(line);
    let all = told["owed"]["lines"][0]["charges"].as_array().unwrap();
    let exempt = all
        .iter()
        .find(|charge| charge["state"] == "exempt")
        .unwrap();
    assert_eq!(exempt["amount_usd"], "0.00");
    assert!(!exempt["reason"].as_str().unwrap().is_empty());
    assert_eq!(told["owed"]["total_usd"], "0.00");
    let table = Installation::new().said(line);
    assert!(
        table.contains("exempt") && table.contains("special S"),
        "{table}"
    );
}

#[test]
fn a_rate_by_quantity_asks_for_it_and_then_knows() {
    let installation = Installation::new();
    // Onions, 3.1 cents a kilogram.
    let line = "duty 0703.10.4045 --origin VN --value 100 --entered-at 2025-03-10";
    let open = installation.json(line);
    assert_eq!(open["owed"]["total_usd"], Value::Null);
    assert_eq!(open["questions"][0]["what"], "quantity");
    assert_eq!(open["questions"][0]["material"], true);
    let known = installation.json(&format!("{line} --quantity 200 --unit kg"));
    assert_eq!(charges(&known), [("0703.10.4045", "6.20")]);
    assert!(installation.said(line).contains("or more"));
}

#[test]
fn each_relief_is_shown_with_the_total_under_its_answers() {
    let installation = Installation::new();
    let told = installation.json(SHIRT);
    let questions = told["questions"].as_array().unwrap();
    assert!(!questions.is_empty());
    for question in questions {
        for answer in question["answers"].as_array().unwrap() {
            // What an answer is said to come to is what a run with the answer says.
            let given = match answer["answer"].as_str().unwrap() {
                "yes" => "true",
                "no" => "false",
                _ => continue,
            };
            let fact = question["what"].as_str().unwrap();
            let again = installation.json(&format!("{SHIRT} --fact {fact}={given}"));
            assert_eq!(
                again["owed"]["total_usd"], answer["owed"]["total_usd"],
                "{fact}={given}"
            );
            assert_eq!(again["outcome"], answer["outcome"], "{fact}={given}");
        }
    }
}

#[test]
fn origins_stand_side_by_side() {
    let installation = Installation::new();
    let line = "duty 6109.10.0012 --value 900 --compare CN,MX,VN --entered-at 2026-11-20";
    let all = installation.json(line);
    let totals: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["owed"]["total_usd"])
        .collect();
    for (origin, total) in ["CN", "MX", "VN"].iter().zip(&totals) {
        let alone = line.replace("--compare CN,MX,VN", &format!("--origin {origin}"));
        assert_eq!(
            &installation.json(&alone)["owed"]["total_usd"],
            *total,
            "{origin}"
        );
    }
    let table = installation.said(line);
    let head = table.lines().nth(2).unwrap();
    assert_eq!(
        head.split_whitespace().collect::<Vec<_>>(),
        ["CN", "MX", "VN"]
    );
    for total in &totals {
        assert!(
            table.contains(&format!("${}", total.as_str().unwrap())),
            "{total}\n{table}"
        );
    }
    assert!(fits(&table, 120), "{table}");
}

#[test]
fn what_may_not_enter_has_no_stack() {
    let line = "duty 0404.10.0500 --origin CA --value 100 --entered-at 2026-11-20";
    let installation = Installation::new();
    let told = installation.json(line);
    assert_eq!(told["outcome"], "prohibited");
    assert_eq!(told["entry_path"], Value::Null);
    assert_eq!(told["decision"]["owed"], Value::Null);
    let table = installation.said(line);
    assert!(
        table.contains("May not enter") && !table.contains("total"),
        "{table}"
    );
}

const HISTORY: &str = "duty 6109.10.0012 --origin CN --value 900 --over 2018-07..2026-12";

#[test]
fn a_history_has_no_gaps_and_every_step_is_what_its_day_says() {
    let installation = Installation::new();
    let told = installation.json(HISTORY);
    let steps = told["steps"].as_array().unwrap();
    assert_eq!(steps[0]["from"], "2018-07-01T00:00-04:00");
    assert_eq!(steps.last().unwrap()["until"], "2027-01-01T00:00-05:00");
    for pair in steps.windows(2) {
        assert_eq!(pair[0]["until"], pair[1]["from"]);
        let same = keys(&pair[0])
            .into_iter()
            .filter(|key| !["from", "until"].contains(key))
            .all(|key| pair[0][key] == pair[1][key]);
        assert!(!same, "equal neighbours are not joined: {}", pair[1]);
    }
    // Before the first release of the schedule in hand, its part of the total is not known.
    assert_eq!(steps[0]["not_covered"], json!(["schedule"]));
    assert_eq!(steps[0]["owed"]["total_usd"], Value::Null);
    let line = HISTORY.split(" --over").next().unwrap();
    for step in steps.iter().rev().take(4) {
        let from = step["from"].as_str().unwrap();
        let alone = installation.json(&format!("{line} --entered-at {from} --loaded-at {from}"));
        assert_eq!(
            alone["owed"]["total_usd"], step["owed"]["total_usd"],
            "{from}"
        );
    }
}

#[test]
fn emergency_duties_are_shown_as_being_refunded() {
    let told = Installation::new().json(HISTORY);
    let steps = told["steps"].as_array().unwrap();
    let refunded = |step: &&Value| step["refundable_usd"] != "0.00";
    let first = steps.iter().find(refunded).unwrap();
    assert_eq!(first["from"], "2025-02-04T00:01-05:00");
    // 10 % of 900.00.
    assert_eq!(first["refundable_usd"], "90.00");
    let last = steps.iter().rfind(refunded).unwrap();
    assert!(
        last["until"]
            .as_str()
            .unwrap()
            .starts_with("2026-02-24T00:0"),
        "{last}"
    );
}

#[test]
fn the_picture_of_a_history_is_well_formed() {
    let installation = Installation::new();
    let table = installation.said(&format!("{HISTORY} --svg h.svg"));
    assert!(
        table.contains("2025-02-04 00:01 EST") && fits(&table, 120),
        "{table}"
    );
    let svg = std::fs::read_to_string(installation.path("h.svg")).unwrap();
    assert!(elements_of(&svg) > 50);
    for part in [
        "url(#rise)",
        "url(#cross)",
        "being refunded",
        "not in hand: schedule",
        ">2026<",
    ] {
        assert!(svg.contains(part), "no {part}");
    }
    assert_eq!(
        installation.said(&format!("{HISTORY} --svg again.svg")),
        table,
        "the same call, the same bytes"
    );
    assert_eq!(
        std::fs::read_to_string(installation.path("again.svg")).unwrap(),
        svg
    );
}

#[test]
fn the_keys_are_those_that_programs_read() {
    let told = Installation::new().json(SHIRT);
    assert_eq!(
        sorted(&told),
        [
            "country_of_origin",
            "decision",
            "effective_rate",
            "entered_at",
            "entry_path",
            "htsus_number",
            "if_entered",
            "mode",
            "outcome",
            "owed",
            "questions",
            "schedule_note",
            "threshold",
            "value_usd",
            "ways",
        ]
    );
    assert_eq!(
        sorted(&told["ways"][0]),
        [
            "bond",
            "cheapest",
            "entry_path",
            "filer",
            "free",
            "owed",
            "time"
        ]
    );
    assert_eq!(
        sorted(&told["questions"][0]),
        ["answers", "material", "question", "what"]
    );
    assert_eq!(told["decision"]["owed"], told["owed"]);
    assert_eq!(told["threshold"]["informal_until_usd"], "2500.00");
}

fn sorted(value: &Value) -> Vec<&str> {
    let mut keys = keys(value);
    keys.sort_unstable();
    keys
}

#[test]
fn wrong_calls_are_told_what_would_be_right() {
    let installation = Installation::new();
    for (line, said) in [
        ("duty 6109.10.0012 --value 40", "--origin"),
        (
            "duty 6109.10.0012 --origin cn --value 40",
            "two capital letters",
        ),
        ("duty 6109.10.0012 --origin CN --value 4x", "line_value"),
        ("duty 61x --origin CN --value 40", "htsus_number"),
        (
            "duty 6109.10.0012 --origin CN --value 40 --mode drone",
            "air, express, truck",
        ),
        (
            "duty 6109.10.0012 --origin CN --value 40 --entered-at 2026-02-30",
            "--entered-at `2026-02-30`",
        ),
        (
            "duty 6109.10.0012 --origin CN --value 40 --fact nonsense=1",
            "facts.nonsense",
        ),
        (
            "duty 6109.10.0012 --origin CN --value 40 --path by-night",
            "entry_path",
        ),
        (
            "duty 6109.10.0012 --origin CN --value 40 --unit kg",
            "--quantity",
        ),
        (
            "duty 6109.10.0012 --origin CN --value 40 --svg a.svg",
            "--over",
        ),
        (
            "duty 6109.10.0012 --origin CN --value 40 --over 2026-01",
            "FROM..TO",
        ),
        (
            "duty 6109.10.0012 --origin GB --value 40 --currency GBP --over 2026-01..2026-02",
            "value in USD",
        ),
    ] {
        let (status, stderr) = installation.failed(line);
        assert_eq!(status, Some(2), "{line}: {stderr}");
        assert!(stderr.contains(said), "{line}: {stderr}");
    }
    let near =
        installation.json("duty 6109.10.0013 --origin CN --value 40 --entered-at 2026-05-20");
    assert!(
        near["schedule_note"]
            .as_str()
            .unwrap()
            .contains("6109.10.0012"),
        "{near}"
    );
}

#[test]
fn help_shows_how_it_is_called() {
    let help = text(&Installation::new().run("duty --help").stdout);
    for part in [
        "Examples:",
        "--compare",
        "--over",
        "--entered-at",
        "--overlay",
        "--known-at",
        "open question",
    ] {
        assert!(help.contains(part), "no {part} in:\n{help}");
    }
}
