//! What is told of the ledger, and that it is as it was written.

use crate::ledgers::{HEADER, Home, database, row, server};

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
