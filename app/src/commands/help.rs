//! What `--help` says below the options: examples, and what the exit statuses mean.

macro_rules! with_statuses {
    ($examples:literal) => {
        concat!(
            "Examples:\n",
            $examples,
            "\nExit status:\n",
            "  0  all assessed, every check met\n",
            "  1  failure, or a check that is not met\n",
            "  2  wrong usage\n",
            "  3  some input refused; the rest is done\n",
        )
    };
}

/// Below the help of the program.
pub const TOP: &str = with_statuses!(
    "  deminimis assess parcels.csv
  deminimis explain parcels.csv --shipment PX-1002 --plain
  deminimis law at 2026-11-20
"
);

/// Below the help of `assess`.
pub const ASSESS: &str = with_statuses!(
    "  deminimis assess parcels.csv
  deminimis assess orders.csv --from shopify --set mode=express --format csv -o decisions.csv
  deminimis assess parcels.csv --entered-at 2025-08-28 --known-at 2025-08-01
"
);

/// Below the help of `ledger`.
pub const LEDGER: &str = with_statuses!(
    "  deminimis ledger reserve parcels.csv
  deminimis ledger post PX-1001 PX-1002
  deminimis ledger move PX-1003 --arrives-at 2025-04-02
  deminimis ledger day 2025-04-01 --name 'Ana Lopez' --street '1 Oak St' --postal-code 78701
  deminimis ledger prove PX-1001 -o px-1001.proof
  deminimis ledger replay --overlay proposal.toml
  deminimis ledger foresee parcels.csv
  deminimis ledger verify
"
);

/// Below the help of `entry`.
pub const ENTRY: &str = with_statuses!(
    "  deminimis entry parcels.csv -o entries.ae --rejects refused.csv
  deminimis entry parcels.csv --as se --config filer.toml --sent-on 2026-11-20 -o entries.se
  deminimis message answer answer.ax
"
);

/// Below the help of `document`.
pub const DOCUMENT: &str = with_statuses!(
    "  deminimis document invoice parcels.csv --shipment PX-1002 -o invoice.pdf
  deminimis document cn22 mail.csv --shipment M-7 -o cn22.pdf --date 2026-11-20
  deminimis document statement november.csv --month 2026-11 -o statement.pdf
"
);

/// After the help of `serve`.
pub const SERVE: &str = "\
Examples:
  deminimis serve                                    at 127.0.0.1:8321, SQLite in the data folder
  DATABASE_URL=postgres://db/desk deminimis serve    the ledger and the desk in PostgreSQL
  deminimis access key till --role operator          an API key, printed once

The first start prints a link by which the first admin chooses a login and a password.
The API describes itself at /openapi.json.
";
