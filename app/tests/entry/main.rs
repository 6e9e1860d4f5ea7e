//! `entry` from end to end: a file of a thousand parcels, of which a hundred lack a named field, to
//! one message; its totals against the decisions that `assess` makes of the same file; and back.

mod parcels;
mod release;
mod summary;
mod usage;

use deminimis_filing::messages::catair::Message;
use deminimis_filing::messages::catair::entry::{Entry, read};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

const PARCELS: usize = 1_000;
const LACKING: usize = 100;

const CONFIG: &str = r#"
[filing]
filer_code = "ABC"
site_code = "2704"
entry_numbers = { from = 1, to = 5000 }
contact = { name = "Dana Reyes", phone = "310 555 0100" }
consignee_number = "98-7654321"

[filing.mode_of_transportation]
air = "40"
express = "40"
truck = "30"
rail = "21"
ocean = "11"
"#;

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deminimis"))
        .args(args)
        .current_dir(folder)
        .env("DEMINIMIS_HOME", folder)
        .env("DEMINIMIS_ABI_PASSWORD", "PASSWD")
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Rows of a CSV file by the names of its columns.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a file");
    let rows = reader.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

/// The entries of a message, each read from its own records.
fn entries(message: &Message<'_>) -> Vec<Entry> {
    let batches = message.batches();
    let blocks = batches.iter().flat_map(|batch| &batch.blocks);
    let transactions = blocks.flat_map(|block| &block.transactions);
    let read = |range: &std::ops::Range<usize>| {
        read(&message.lines[range.clone()]).unwrap_or_else(|error| panic!("{error}"))
    };
    transactions.map(read).collect()
}
