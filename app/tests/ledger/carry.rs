//! A ledger elsewhere: exports, backups.

use crate::ledgers::{Home, by_id, database, entered, error, who};

fn carried(home: &Home, from: &str, to: &str) {
    let given = entered(home, from);
    let person = who("Bo Chen");
    home.say(&[
        "ledger",
        "move",
        "C",
        "--arrives-at",
        "2024-05-12",
        "--ledger",
        from,
    ]);
    home.say(&["ledger", "head", "--ledger", from]);
    home.say(
        &[
            &["ledger", "erase", "--yes"],
            &person[..],
            &["--ledger", from],
        ]
        .concat(),
    );
    let head = home.json(&["ledger", "head", "--ledger", from]);
    home.say(&["ledger", "export", "one.ndjson", "--ledger", from]);
    home.say(&["ledger", "import", "one.ndjson", "--ledger", to]);
    home.say(&["ledger", "export", "two.ndjson", "--ledger", to]);
    let read = |name: &str| std::fs::read_to_string(home.path(name)).unwrap();
    assert_eq!(read("one.ndjson"), read("two.ndjson"));
    assert!(!read("one.ndjson").contains("Lopezova"));
    let verified = home.json(&["ledger", "verify", "--ledger", to]);
    assert_eq!(verified["records"]["heads"], 2);
    assert_eq!(verified["records"]["root"], head["root"]);
    // It goes on from there: the same answers, and what is kept can be read.
    let file = home.path("a.csv").display().to_string();
    let again = home.say(&["assess", &file, "--format", "ndjson", "--ledger", to]);
    assert_eq!(by_id(&again)["A"], by_id(&given)["A"]);
    home.say(&[
        "ledger",
        "move",
        "A",
        "--arrives-at",
        "2024-05-13",
        "--ledger",
        to,
    ]);
    home.say(&["ledger", "verify", "--ledger", to]);
    // Only an empty ledger takes in another, and only a whole one.
    let refused = home.run(&["ledger", "import", "one.ndjson", "--ledger", to]);
    assert_eq!(refused.status.code(), Some(3));
    let cut = read("one.ndjson");
    home.write("cut.ndjson", &cut[..cut.len() - 20]);
    let refused = home.run(&["ledger", "import", "cut.ndjson", "--ledger", "cut.sqlite"]);
    assert_eq!(refused.status.code(), Some(3));
    for end in ["", "-wal", "-shm"] {
        let left = home.path(&format!("cut.sqlite{end}"));
        assert!(!left.exists(), "{}", left.display());
    }
}

#[test]
fn a_ledger_is_carried_elsewhere_with_equal_heads() {
    carried(&Home::new(), "from.sqlite", "to.sqlite");
    if let (Some((from, _)), Some((to, _))) = (database(), database()) {
        carried(&Home::new(), &from, "to.sqlite");
        carried(&Home::new(), "from.sqlite", &to);
    }
}

#[test]
fn a_backup_is_restored_whole() {
    let home = Home::new();
    entered(&home, "days.sqlite");
    home.say(&["ledger", "backup", "days.backup", "--ledger", "days.sqlite"]);
    let over = home.run(&["ledger", "backup", "days.backup", "--ledger", "days.sqlite"]);
    assert_eq!(over.status.code(), Some(3), "no file is written over");
    home.say(&[
        "ledger",
        "restore",
        "days.backup",
        "--ledger",
        "again.sqlite",
    ]);
    let root =
        |ledger: &str| home.json(&["ledger", "verify", "--ledger", ledger])["records"].clone();
    assert_eq!(root("again.sqlite"), root("days.sqlite"));
    // What another ledger has left would be taken for a part of this one.
    home.write("third.sqlite-wal", "of another");
    let third = [
        "ledger",
        "restore",
        "days.backup",
        "--ledger",
        "third.sqlite",
    ];
    let refused = home.run(&third);
    assert_eq!(refused.status.code(), Some(3));
    assert!(
        error(&refused).contains("third.sqlite-wal"),
        "{}",
        error(&refused)
    );
    assert!(!home.path("third.sqlite").exists());
    let mut bytes = std::fs::read(home.path("days.backup")).unwrap();
    let place = (0..bytes.len() - 6)
        .rfind(|at| &bytes[*at..at + 6] == b"250.00")
        .unwrap();
    bytes[place] = b'3';
    std::fs::write(home.path("days.backup"), bytes).unwrap();
    let damaged = home.run(&["ledger", "restore", "days.backup", "--ledger", "bad.sqlite"]);
    assert_ne!(damaged.status.code(), Some(0));
    assert!(!home.path("bad.sqlite").exists());
}

#[test]
fn an_older_export_and_backup_do_not_bring_an_erased_person_back() {
    let home = Home::new();
    entered(&home, "days.sqlite");
    let ledger = ["--ledger", "days.sqlite"];
    home.say(&[&["ledger", "export", "old.ndjson"], &ledger[..]].concat());
    home.say(&[&["ledger", "backup", "old.sqlite"], &ledger[..]].concat());
    let person = who("Anamaria Lopezova");
    home.say(&[&["ledger", "erase", "--yes"], &person[..], &ledger[..]].concat());
    home.say(&["ledger", "import", "old.ndjson", "--ledger", "one.sqlite"]);
    home.say(&["ledger", "restore", "old.sqlite", "--ledger", "two.sqlite"]);
    for carried in ["one.sqlite", "two.sqlite"] {
        let list = home.json(&["ledger", "records", "list", "--ledger", carried]);
        let list = list.as_array().unwrap();
        let states: Vec<_> = list.iter().map(|one| one["state"].as_str()).collect();
        assert_eq!(
            states,
            [Some("erased"), Some("kept"), Some("erased")],
            "{carried}"
        );
        home.say(&["ledger", "verify", "--ledger", carried]);
    }
    // A list that does not read is not passed over.
    home.write("home/ledger.erased", "x\n");
    let refused = home.run(&["ledger", "import", "old.ndjson", "--ledger", "three.sqlite"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(error(&refused).contains("line 1"));
}
