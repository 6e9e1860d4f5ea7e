//! Parcels of files entered: the same answers as without a ledger, again and again, over kills and
//! beside another program.

use crate::ledgers::{HEADER, Home, by_id, database, decisions, example, many, reserved, row};
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

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
    two_at_once(&home, "days.sqlite");
    if let Some((url, _)) = database() {
        two_at_once(&Home::new(), &url);
    }
}
