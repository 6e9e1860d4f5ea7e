//! The ledger as a user runs it: over the built program, with real stores, killed and run again,
//! two at a time.

mod ledgers;

use ledgers::{HEADER, Home, by_id, database, decisions, example, many, reserved, row, server};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

#[test]
fn every_format_says_the_same_with_a_ledger_and_again() {
    for file in ["parcels.csv", "parcels.json"] {
        let home = Home::new();
        for format in ["ndjson", "json", "csv", "table"] {
            let file = example(file);
            let plain = home.run(&["assess", &file, "--format", format]);
            let args = ["assess", &file, "--format", format, "--ledger"];
            let fresh = home.run(&[&args[..], &[&format!("{format}.sqlite")]].concat());
            assert_eq!(fresh.status.code(), plain.status.code(), "{format}");
            assert_eq!(decisions(&fresh), decisions(&plain), "{format} of {file}");
            // One ledger for all formats, in which all but the first find their answers.
            let kept = home.run(&args);
            assert_eq!(
                decisions(&kept),
                decisions(&plain),
                "{format} of {file}, kept"
            );
        }
        let kept = reserved(&home, &[]);
        assert_eq!(kept, reserved(&home, &["--ledger", "csv.sqlite"]));
        home.say(&["ledger", "verify"]);
    }
}

#[test]
fn another_reading_of_the_day_is_the_same_with_a_ledger() {
    for overlay in ["proposal-2025-01.toml", "one-shipment-a-day.toml"] {
        let home = Home::new();
        let many = home.write("many.csv", &many(0, 400));
        let overlay = example(&format!("overlays/{overlay}"));
        let mut outcomes = Vec::new();
        for file in [many, example("parcels.csv")] {
            let args = ["assess", &file, "--overlay", &overlay, "--format", "ndjson"];
            let plain = decisions(&home.run(&args));
            let entered = home.run(&[&args[..], &["--ledger"]].concat());
            assert_eq!(decisions(&entered), plain, "{file} with {overlay}");
            let standing = ["assess", &file, "--format", "ndjson"];
            outcomes.push(plain != decisions(&home.run(&standing)));
        }
        assert_eq!(outcomes, [true, true], "{overlay} changes some answer");
    }
}

#[test]
fn an_answer_given_stands_under_later_law() {
    let home = Home::new();
    let file = home.write(
        "a.csv",
        &(HEADER.to_owned() + &row("A", "2025-09-10", "Ana", "50.00")),
    );
    for format in ["ndjson", "csv", "table"] {
        let early = [
            "assess",
            &file,
            "--ledger",
            "--format",
            format,
            "--known-at",
            "2025-01-01",
        ];
        let late = ["assess", &file, "--ledger", "--format", format];
        let given = decisions(&home.run(&early));
        assert_eq!(decisions(&home.run(&late)), given, "{format}");
        let now = decisions(&home.run(&["assess", &file, "--format", format]));
        assert_ne!(
            now, given,
            "{format}: the law known later does say otherwise"
        );
    }
}

#[test]
fn a_conflict_is_refused_and_nothing_changes() {
    let home = Home::new();
    let rows = |value: &str| {
        let rows = [
            row("A", "2024-05-10", "Ana", "50.00"),
            row("B", "2024-05-10", "Ana", value),
        ];
        HEADER.to_owned() + &rows.concat()
    };
    let file = home.write("a.csv", &rows("60.00"));
    let args = ["assess", file.as_str(), "--ledger", "--format", "ndjson"];
    let given = by_id(&home.say(&args));
    home.write("a.csv", &rows("61.00"));
    let output = home.run(&args);
    assert_eq!(output.status.code(), Some(3));
    let left = by_id(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(left.keys().collect::<Vec<_>>(), ["A"]);
    assert_eq!(left["A"], given["A"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("1 refused (a.rejects.csv)"), "{said}");
    assert!(
        said.contains("rows: 2 read = 1 accepted + 1 refused"),
        "{said}"
    );
    let rejects = std::fs::read_to_string(home.path("a.rejects.csv")).unwrap();
    let reject = rejects.lines().nth(1).unwrap();
    assert!(reject.starts_with("a.csv,3,B,shipment_id,B,"), "{reject}");
    assert!(
        reject.contains("with another body") && reject.contains("The sender"),
        "{reject}"
    );
    assert_eq!(reserved(&home, &[]), 2);
    // Another tenant's ids have nothing to do with these.
    home.say(&[&args[..], &["--tenant", "other"]].concat());
}

#[test]
fn the_key_is_the_installations_own() {
    let home = Home::new();
    let file = home.write(
        "a.csv",
        &(HEADER.to_owned() + &row("A", "2024-05-10", "Ana", "50.00")),
    );
    let args = ["assess", file.as_str(), "--ledger", "--format", "ndjson"];
    let given = home.say(&args);
    let key = home.path("home/ledger.key");
    let bytes = std::fs::read(&key).unwrap();
    assert_eq!(bytes.len(), 32);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&key).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let with = |file: &Path, args: &[&str]| {
        let mut command = home.command(args);
        command
            .env("DEMINIMIS_LEDGER_KEY_FILE", file)
            .output()
            .unwrap()
    };
    let (other, short) = (home.path("other.key"), home.path("short.key"));
    std::fs::write(&other, [1; 32]).unwrap();
    std::fs::write(&short, [1; 31]).unwrap();
    for (file, says) in [
        (&other, "made with another key"),
        (&short, "is not 32 bytes long"),
        (&home.path("none.key"), "none.key"),
    ] {
        let output = with(file, &args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(says) && output.stdout.is_empty(), "{said}");
    }
    let moved = home.path("moved.key");
    std::fs::rename(&key, &moved).unwrap();
    assert_eq!(
        String::from_utf8(with(&moved, &args).stdout).unwrap(),
        given
    );
    // Whoever reads the file without the key finds neither name nor the key of the exact rules.
    let person: Value = serde_json::from_str(&given).unwrap();
    let person = person["person"]["key"].as_str().unwrap().to_owned();
    let raw: Vec<u8> = ["ledger.sqlite", "ledger.sqlite-wal"]
        .iter()
        .filter_map(|name| std::fs::read(home.path("home").join(name)).ok())
        .flatten()
        .collect();
    let raw = String::from_utf8_lossy(&raw).into_owned();
    assert!(raw.contains("s321.value-limit"), "the answer is kept");
    assert!(!raw.contains(&person) && !raw.contains("Ana"));
}

fn killed_and_run_again(home: &Home, ledger: &str, count: usize) {
    let file = home.write("many.csv", &many(0, count));
    let whole = home.say(&["assess", &file, "--format", "ndjson"]);
    let args = ["assess", &file, "--format", "ndjson", "--ledger", ledger];
    let mut kills = 0;
    for step in 1..=6_u64 {
        let mut child: Child = home
            .command(&args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(90 * step));
        if child.try_wait().unwrap().is_none() {
            kills += 1;
        }
        // One that has ended by itself cannot be killed.
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(kills > 0, "every run ended before it was killed");
    assert_eq!(home.say(&args), whole);
    assert_eq!(home.say(&args), whole);
    assert_eq!(reserved(home, &["--ledger", ledger]), count as u64);
    home.say(&["ledger", "verify", "--ledger", ledger]);
}

#[test]
fn a_killed_run_is_run_again_to_the_same_answers() {
    killed_and_run_again(&Home::new(), "days.sqlite", 1500);
    if let Some((url, _)) = database() {
        killed_and_run_again(&Home::new(), &url, 600);
    }
}

fn two_at_once(home: &Home, ledger: &str) {
    let first = home.write("first.csv", &many(0, 600));
    let second = home.write("second.csv", &many(300, 900));
    let run = |file: &str| {
        let args = ["assess", file, "--format", "ndjson", "--ledger", ledger];
        let mut command = home.command(&args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let children = [run(&first), run(&second)];
    let outputs = children.map(|child| child.wait_with_output().unwrap());
    let told = outputs.map(|output| {
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{error}");
        by_id(&String::from_utf8(output.stdout).unwrap())
    });
    assert_eq!((told[0].len(), told[1].len()), (600, 600));
    let shared: Vec<_> = told[0]
        .keys()
        .filter(|id| told[1].contains_key(*id))
        .collect();
    assert_eq!(shared.len(), 300);
    for id in shared {
        assert_eq!(told[0][id], told[1][id], "{id}");
    }
    assert_eq!(reserved(home, &["--ledger", ledger]), 900);
    home.say(&["ledger", "verify", "--ledger", ledger]);
}

#[test]
fn two_runs_at_once_count_what_they_share_once() {
    let home = Home::new();
    let started = Instant::now();
    two_at_once(&home, "days.sqlite");
    if let Some((url, _)) = database() {
        two_at_once(&Home::new(), &url);
    }
    assert!(started.elapsed() < Duration::from_secs(300));
}

#[test]
fn parcels_are_released_voided_moved_and_amended() {
    let home = Home::new();
    let mut rows = HEADER.to_owned();
    for (id, hour, value) in [("A", 8, "500.00"), ("B", 9, "250.00"), ("C", 10, "100.00")] {
        let time = format!("2024-05-10T{hour:02}:00:00-04:00");
        rows.push_str(&row(id, &time, "Ana Lopez", value));
    }
    let file = home.write("a.csv", &rows);
    let entered = home.say(&["ledger", "reserve", &file, "--format", "ndjson"]);
    let outcome = |all: &BTreeMap<String, String>, id: &str| {
        let decision: Value = serde_json::from_str(&all[id]).unwrap();
        decision["outcome"].as_str().unwrap().to_owned()
    };
    let entered = by_id(&entered);
    let outcomes = ["A", "B", "C"].map(|id| outcome(&entered, id));
    assert_eq!(outcomes, ["free", "free", "entry_required"]);
    let who = [
        "--name",
        "ANA LOPEZ",
        "--street",
        "1 Oak Street",
        "--city",
        "Austin",
        "--state",
        "TX",
        "--postal-code",
        "78701",
        "--country",
        "US",
    ];
    let day = |on: &str| home.json(&[&["ledger", "day", on], &who[..]].concat());
    let held = day("2024-05-10");
    assert_eq!(held["all_usd"], "850.00");
    assert_eq!(held["counted"][0]["total_usd"], "750.00");
    assert_eq!(held["crossed"][0], "section_321_c");
    // By the key that the decision shows it is the same person.
    let decision: Value = serde_json::from_str(&entered["A"]).unwrap();
    let key = decision["person"]["key"].as_str().unwrap();
    let by_key = home.json(&["ledger", "day", "2024-05-10", "--key", key]);
    assert_eq!(by_key, held);

    let posted = home.json(&["ledger", "post", "A"]);
    assert_eq!(posted[0]["fresh"], true);
    assert_eq!(home.json(&["ledger", "post", "A"])[0]["fresh"], false);
    let refused = home.run(&["ledger", "void", "A", "B", "Z", "--format", "json"]);
    assert_eq!(refused.status.code(), Some(3));
    let refused: Value = serde_json::from_slice(&refused.stdout).unwrap();
    let done = [0, 1, 2].map(|at| refused[at]["done"].as_bool().unwrap());
    assert_eq!(done, [false, true, false]);
    assert!(refused[0]["reason"].as_str().unwrap().contains("posted"));
    assert!(
        refused[2]["reason"]
            .as_str()
            .unwrap()
            .contains("no shipment")
    );

    let to = [
        "ledger",
        "move",
        "C",
        "--arrives-at",
        "2024-05-12",
        "--in",
        file.as_str(),
    ];
    let moved = home.json(&to);
    assert_eq!(moved[0]["fresh"], true);
    assert_eq!(moved[0]["decision"]["outcome"], "free");
    assert_eq!(moved[0]["decision"]["day_total_usd"], "100.00");
    assert_eq!(home.json(&to)[0]["fresh"], false, "it arrives then already");
    let held = day("2024-05-10");
    assert_eq!(
        (&held["all_usd"], &held["crossed"]),
        (&"500.00".into(), &Value::Array(vec![]))
    );
    assert_eq!(day("2024-05-12")["counted"][0]["shipments"], 1);

    let changed = row("C", "2024-05-12", "Ana Lopez", "801.00");
    let amend = home.write("c.csv", &(HEADER.to_owned() + &changed));
    let amended = home.json(&["ledger", "amend", &amend]);
    assert_eq!(amended[0]["decision"]["outcome"], "entry_required");
    assert_eq!(home.json(&["ledger", "amend", &amend])[0]["fresh"], false);
    let held = day("2024-05-12");
    assert_eq!(
        (&held["all_usd"], &held["counted"]),
        (&"801.00".into(), &Value::Array(vec![]))
    );
    for (changed, says) in [
        (
            row("C", "2024-05-12", "Bo Chen", "801.00"),
            "another person",
        ),
        (
            row("C", "2024-05-13", "Ana Lopez", "801.00"),
            "move it first",
        ),
        (row("X", "2024-05-12", "Ana Lopez", "801.00"), "no shipment"),
    ] {
        let file = home.write("d.csv", &(HEADER.to_owned() + &changed));
        let output = home.run(&["ledger", "amend", &file]);
        assert_eq!(output.status.code(), Some(3));
        let said = String::from_utf8(output.stdout).unwrap().replace('\n', " ");
        assert!(said.contains(says), "{said}");
    }

    let person = home.json(&[&["ledger", "person"], &who[..]].concat());
    let states = |day: usize| {
        let parcels = person["days"][day]["parcels"].as_array().unwrap();
        let mut line = String::new();
        for one in parcels {
            write!(line, "{} {};", one["shipment_id"], one["state"]).unwrap();
        }
        line.replace('"', "")
    };
    assert_eq!(states(0), "A posted;B voided;");
    assert_eq!(states(1), "C reserved;");
    let status = home.json(&["ledger", "status"]);
    let tenant = &status["tenants"][0];
    let numbers = [
        "reserved",
        "posted",
        "voided",
        "persons",
        "days",
        "days_open",
        "lines",
    ];
    let numbers = numbers.map(|name| tenant[name].as_u64().unwrap());
    assert_eq!(numbers, [1, 1, 1, 1, 2, 1, 9]);
    let shown = home.say(&[&["ledger", "person"], &who[..]].concat());
    assert!(shown.contains("2024-05-12: 1 parcel, $801.00"), "{shown}");
    assert!(home.say(&["ledger", "status"]).contains("days open"));
    assert!(
        home.say(&["ledger", "verify"])
            .contains("every total is the sum of its lines")
    );
}

#[test]
fn a_total_that_differs_ends_verify_with_status_1() {
    let Some((url, config)) = database() else {
        return;
    };
    let home = Home::new();
    let file = home.write(
        "a.csv",
        &(HEADER.to_owned() + &row("A", "2024-05-10", "Ana", "50.00")),
    );
    let env = |args: &[&str]| {
        home.command(args)
            .env("DATABASE_URL", &url)
            .output()
            .unwrap()
    };
    let output = env(&["assess", &file, "--ledger"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        !home.path("home/ledger.sqlite").exists(),
        "DATABASE_URL comes first"
    );
    assert_eq!(env(&["ledger", "verify"]).status.code(), Some(0));
    server::run(
        &config,
        "UPDATE shipment SET value_cents = 4999 WHERE shipment_id = 'A'",
    );
    let output = env(&["ledger", "verify"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("1 totals differ") && said.contains("a shipment"),
        "{said}"
    );
}

#[test]
fn wrong_usage_is_told() {
    let home = Home::new();
    let file = home.write(
        "a.csv",
        &(HEADER.to_owned() + &row("A", "2024-05-10", "Ana", "50.00")),
    );
    for (args, status, says) in [
        (
            vec!["assess", &file, "--ledger", "postgres://a:b@db/x"],
            2,
            "DATABASE_URL",
        ),
        (
            vec!["assess", &file, "--ledger", "--tenant", ".x"],
            2,
            "begin with a point",
        ),
        (vec!["assess", "--ledger", &file], 1, "not a database"),
        (
            vec!["assess", &file, "--ledger", "d", "-o", "d"],
            2,
            "the same file",
        ),
        (vec!["ledger", "verify"], 1, "no ledger is there"),
        (
            vec!["ledger", "status", "--ledger", "none.sqlite"],
            1,
            "none.sqlite",
        ),
        (vec!["ledger", "post", "A"], 1, "no ledger is there"),
        (
            vec!["ledger", "day", "today", "--name", "Ana"],
            2,
            "is not a day",
        ),
        (vec!["ledger", "day", "2024-05-10"], 2, "--key, or --name"),
        (
            vec!["ledger", "day", "2024-05-10", "--key", "xyz"],
            2,
            "32 hexadecimal",
        ),
    ] {
        let output = home.run(&args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
    }
    assert!(!home.path("none.sqlite").exists());
    let text = std::fs::read_to_string(home.path(&file)).unwrap();
    assert!(
        text.starts_with("shipment_id"),
        "a file of parcels is not written over"
    );
}
