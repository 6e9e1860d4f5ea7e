//! Wrong calls and hostile input: told apart from failures, with what would be right.

use crate::ledgers::{HEADER, Home, entered, error, row};

#[test]
fn wrong_usage_is_told() {
    let home = Home::new();
    let file = home.write(
        "a.csv",
        &(HEADER.to_owned() + &row("A", "2024-05-10", "Ana", "50.00")),
    );
    home.write("empty.sqlite", "");
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
        (
            vec!["assess", &file, "--ledger", "mysql://a:pw@db/x"],
            2,
            "another kind of database",
        ),
        (
            vec!["ledger", "status", "--ledger", "host=/run password=pw"],
            2,
            "postgres:// URL",
        ),
        (
            vec!["assess", &file, "--ledger", "--tenant", "a\u{1b}[31mb"],
            2,
            "control character",
        ),
        (vec!["ledger", "status", "--tenant", "x"], 2, "--tenant"),
        (
            vec!["ledger", "status", "--ledger", "empty.sqlite"],
            1,
            "no ledger is there",
        ),
    ] {
        let output = home.run(&args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
    }
    for name in ["none.sqlite", "mysql:", "host=/run password=pw"] {
        assert!(!home.path(name).exists(), "{name}");
    }
    assert_eq!(
        std::fs::read(home.path("empty.sqlite")).unwrap(),
        b"",
        "a look makes no ledger"
    );
    let text = std::fs::read_to_string(home.path(&file)).unwrap();
    assert!(
        text.starts_with("shipment_id"),
        "a file of parcels is not written over"
    );
}

#[test]
fn the_ledger_and_its_key_are_not_written_over() {
    let home = Home::new();
    entered(&home, "days.sqlite");
    let key = std::fs::read(home.path("home/ledger.key")).unwrap();
    let held = home.json(&["ledger", "status", "--ledger", "days.sqlite"]);
    for (args, says) in [
        (
            vec!["ledger", "export", "days.sqlite"],
            "part of the ledger",
        ),
        (
            vec!["ledger", "export", "./days.sqlite-wal"],
            "part of the ledger",
        ),
        (
            vec!["ledger", "export", "home/ledger.key"],
            "part of the ledger",
        ),
        (
            vec!["ledger", "prove", "A", "-o", "home/ledger.key"],
            "part of the ledger",
        ),
        (
            vec!["ledger", "prove", "A", "-o", "days.sqlite"],
            "part of the ledger",
        ),
        (
            vec!["assess", "a.csv", "-o", "home/ledger.key"],
            "the same file",
        ),
        (
            vec!["assess", "a.csv", "--rejects", "home/../home/ledger.key"],
            "the same file",
        ),
    ] {
        let output = home.run(&[&args[..], &["--ledger", "days.sqlite"]].concat());
        assert_eq!(
            output.status.code(),
            Some(2),
            "{args:?}: {}",
            error(&output)
        );
        assert!(
            error(&output).contains(says),
            "{args:?}: {}",
            error(&output)
        );
    }
    assert_eq!(std::fs::read(home.path("home/ledger.key")).unwrap(), key);
    assert_eq!(
        home.json(&["ledger", "status", "--ledger", "days.sqlite"]),
        held
    );
    home.say(&["ledger", "verify", "--ledger", "days.sqlite"]);
}

#[test]
fn what_is_repeated_of_the_input_does_not_steer_the_terminal() {
    let home = Home::new();
    entered(&home, "days.sqlite");
    let hostile = "A\u{1b}[31mx\ny\u{7}";
    for args in [
        vec!["ledger", "post", hostile],
        vec!["ledger", "void", "A", hostile],
        vec!["ledger", "move", hostile, "--arrives-at", "2024-05-11"],
        vec!["ledger", "move", "A", "--arrives-at", hostile],
        vec!["ledger", "prove", hostile],
        vec!["ledger", "merge", hostile, hostile],
        vec![
            "ledger",
            "split",
            hostile,
            "--to",
            "00112233445566778899aabbccddeeff",
        ],
        vec!["ledger", "day", hostile, "--name", hostile],
        vec!["ledger", "records", "list", hostile],
        vec!["ledger", "records", "expire", "--before", hostile],
    ] {
        let output = home.run(&[&args[..], &["--ledger", "days.sqlite"]].concat());
        assert!(
            matches!(output.status.code(), Some(2 | 3)),
            "{args:?}: {}",
            error(&output)
        );
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(!said.is_empty(), "{args:?}");
        let steers = |letter: char| letter.is_control() && letter != '\n';
        assert!(!said.contains(steers), "{args:?}: {said:?}");
    }
}

#[test]
fn no_new_key_is_made_for_a_ledger_that_is_there() {
    let home = Home::new();
    entered(&home, "days.sqlite");
    let key = home.path("home/ledger.key");
    std::fs::remove_file(&key).unwrap();
    let output = home.run(&["assess", "a.csv", "--ledger", "days.sqlite"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        error(&output).contains("needs the key that it was made with"),
        "{}",
        error(&output)
    );
    assert!(!key.exists());
    // A key is 32 bytes, and no more is read to see that a file is not one.
    #[cfg(unix)]
    {
        let mut command = home.command(&["ledger", "head", "--ledger", "days.sqlite"]);
        let output = command
            .env("DEMINIMIS_LEDGER_KEY_FILE", "/dev/zero")
            .output()
            .unwrap();
        assert!(
            error(&output).contains("is not 32 bytes long"),
            "{}",
            error(&output)
        );
    }
}
