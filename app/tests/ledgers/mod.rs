//! What tests of the ledger share: an installation of its own, files of parcels, databases.

#![allow(
    dead_code,
    reason = "each test program is compiled with all of it and uses a part"
)]

#[path = "../../../store/tests/common/server.rs"]
pub mod server;

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// An installation of its own.
pub struct Home(pub TempDir);

impl Home {
    pub fn new() -> Home {
        Home(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deminimis"));
        command
            .args(args)
            .current_dir(self.0.path())
            .env("DEMINIMIS_HOME", self.0.path().join("home"))
            .env_remove("DATABASE_URL")
            .env_remove("DEMINIMIS_LEDGER_KEY_FILE")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs what has to end well, and gives what it says.
    pub fn say(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.say(&[args, &["--format", "json"]].concat())).unwrap()
    }

    pub fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        name.to_owned()
    }
}

pub fn example(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join("examples").join(name).display().to_string()
}

pub const HEADER: &str = "shipment_id,mode,arrives_at,country_of_shipment,order_id,consignee_name,\
consignee_street,consignee_city,consignee_state,consignee_postal_code,consignee_country,\
description,htsus_number,country_of_origin,line_value\n";

pub fn row(id: &str, arrives_at: &str, person: &str, value: &str) -> String {
    format!(
        "{id},air,{arrives_at},VN,,{person},1 Oak St,Austin,TX,78701,US,\"cotton T-shirts, \
         knitted\",6109.10.0012,VN,{value}\n"
    )
}

/// What the program says of an error.
pub fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Parcels of few persons on one day, of which every minute has one. Each lives in a house of his
/// own, so that none is like another.
pub fn many(from: usize, until: usize) -> String {
    let mut text = HEADER.to_owned();
    for at in from..until {
        let time = format!("2024-05-10T{:02}:{:02}:00-04:00", at / 60 % 24, at % 60);
        let value = format!("{}.{:02}", 20 + at * 37 % 160, at % 100);
        let person = format!("Person No {}", at % 70);
        let row = row(&format!("M-{at:05}"), &time, &person, &value);
        let home = format!(",{} Oak St,Austin,TX,{},", 1 + at % 70, 78_700 + at % 70);
        text.push_str(&row.replace(",1 Oak St,Austin,TX,78701,", &home));
    }
    text
}

pub fn by_id(ndjson: &str) -> BTreeMap<String, String> {
    let id = |line: &str| {
        let decision: Value = serde_json::from_str(line).unwrap();
        decision["shipment_id"].as_str().unwrap().to_owned()
    };
    ndjson
        .lines()
        .map(|line| (id(line), line.to_owned()))
        .collect()
}

/// The lines of decisions: the summary tells the time it took.
pub fn decisions(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.split("\n\n").next().unwrap().to_owned()
}

pub fn reserved(home: &Home, ledger: &[&str]) -> u64 {
    let status = home.json(&[&["ledger", "status"], ledger].concat());
    status["tenants"][0]["reserved"].as_u64().unwrap()
}

/// The URL of a new, empty database, where PostgreSQL is installed.
pub fn database() -> Option<(String, String)> {
    let config = server::database()?;
    let value = |name: &str| {
        let from = config.split(&format!("{name}=")).nth(1).unwrap();
        from.split(' ').next().unwrap().to_owned()
    };
    let host = value("host").replace('/', "%2F");
    Some((
        format!("postgres://ledger@{host}/{}", value("dbname")),
        config,
    ))
}

/// The address at which these tests let people live.
pub const WHO: [&str; 10] = [
    "--street",
    "1 Oak St",
    "--city",
    "Austin",
    "--state",
    "TX",
    "--postal-code",
    "78701",
    "--country",
    "US",
];

/// Names a person who lives there.
pub fn who(name: &str) -> Vec<&str> {
    [&["--name", name], &WHO[..]].concat()
}

/// Two persons' parcels on one day, entered.
pub fn entered(home: &Home, ledger: &str) -> String {
    entered_on(home, ledger, "2024-05-10")
}

/// The same on another day.
pub fn entered_on(home: &Home, ledger: &str, day: &str) -> String {
    let mut rows = HEADER.to_owned();
    for (id, hour, person, value) in [
        ("A", 8, "Anamaria Lopezova", "500.00"),
        ("B", 9, "Bo Chen", "250.00"),
        ("C", 10, "Anamaria Lopezova", "400.00"),
    ] {
        let time = format!("{day}T{hour:02}:00:00-04:00");
        rows.push_str(&row(id, &time, person, value));
    }
    let file = home.write("a.csv", &rows);
    let args = ["assess", &file, "--format", "ndjson", "--ledger", ledger];
    home.say(&args)
}

/// The person's key that a decision shows.
pub fn key_of(decision: &str) -> String {
    let decision: Value = serde_json::from_str(decision).unwrap();
    decision["person"]["key"].as_str().unwrap().to_owned()
}
