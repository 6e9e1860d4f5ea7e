//! `entry` from end to end: a file of a thousand parcels, of which a hundred lack a named field, to
//! one message; its totals against the decisions that `assess` makes of the same file; and back.

use deminimis_filing::messages::catair::entry::{Entry, EntryType, read};
use deminimis_filing::messages::catair::lint::lint;
use deminimis_filing::messages::catair::{Message, decode};
use deminimis_law::money::Cents;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const PARCELS: usize = 1_000;
const LACKING: usize = 100;

/// A small generator whose numbers are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Articles with what they are called; each asks for pieces, dozens or kilograms.
const ARTICLES: [(&str, &str); 9] = [
    ("6109.10.0012", "cotton T-shirt, knitted"),
    ("6110.20.2020", "cotton pullover, knitted"),
    ("6302.60.0020", "terry towel of cotton"),
    ("4820.10.2060", "notebook, sewn"),
    ("4911.91.4020", "printed picture on paper"),
    ("6117.10.1000", "shawl of wool, knitted"),
    ("6505.00.2060", "hat of cotton, knitted"),
    ("6601.91.0000", "umbrella with telescopic shaft"),
    ("6702.10.2000", "artificial flowers of plastics"),
];

/// (origin, city, postal code).
const MAKERS: [(&str, &str, &str); 7] = [
    ("CN", "Ningbo", "315000"),
    ("VN", "Hanoi", "100000"),
    ("IN", "Surat", "395003"),
    ("JP", "Kyoto", "600-8001"),
    ("KR", "Busan", "48058"),
    ("TR", "Izmir", "35210"),
    ("MX", "Puebla", "72000"),
];

/// Fields without which no entry of any of the parcels can be written.
const MANDATORY: [&str; 20] = [
    "importer_of_record_number",
    "port_of_entry",
    "payment_type",
    "master_bill",
    "manifest_quantity",
    "manifest_unit",
    "country_of_export",
    "exported_on",
    "seller_name",
    "seller_street",
    "seller_city",
    "seller_country",
    "purchaser_name",
    "purchaser_street",
    "purchaser_city",
    "consignee_street",
    "consignee_city",
    "manufacturer_name",
    "manufacturer_city",
    "net_weight_kg",
];

/// The columns of the file; the last twelve are the line's.
const COLUMNS: [&str; 52] = [
    "shipment_id",
    "mode",
    "arrives_at",
    "exported_on",
    "country_of_shipment",
    "country_of_export",
    "port_of_entry",
    "port_of_unlading",
    "carrier_code",
    "voyage_flight_trip",
    "conveyance_name",
    "master_bill",
    "house_bill",
    "manifest_quantity",
    "manifest_unit",
    "payment_type",
    "at_express_hub",
    "importer_of_record_name",
    "importer_of_record_postal_code",
    "importer_of_record_number",
    "consignee_name",
    "consignee_street",
    "consignee_city",
    "consignee_state",
    "consignee_postal_code",
    "consignee_country",
    "shipper_name",
    "seller_name",
    "seller_street",
    "seller_city",
    "seller_postal_code",
    "seller_country",
    "purchaser_name",
    "purchaser_street",
    "purchaser_city",
    "purchaser_country",
    "bond_type",
    "bond_surety_code",
    "state_of_destination",
    "foreign_port_of_lading",
    "description",
    "htsus_number",
    "country_of_origin",
    "quantity",
    "unit",
    "net_weight_kg",
    "line_value",
    "manufacturer_name",
    "manufacturer_street",
    "manufacturer_city",
    "manufacturer_postal_code",
    "manufacturer_country",
];

type Fields = BTreeMap<&'static str, String>;

/// The fields of parcel `at` by a mode, and what its lines share.
fn parcel(dice: &mut Dice, at: usize) -> Fields {
    let (mode, port, carrier, trip) = dice.pick(&[
        ("air", "4701", "UA", "089"),
        ("air", "2720", "NH", "1234"),
        ("express", "4701", "5X", "0142"),
        ("truck", "2304", "ABCD", "T77"),
        ("rail", "2304", "KCSM", "R5"),
        ("ocean", "2704", "MAEU", "412W"),
    ]);
    let by_air = matches!(mode, "air" | "express");
    let serial = 1_000_000 + at;
    let bill = match by_air {
        true => format!("016-{serial}{}", serial % 7),
        false => format!("{}{serial}", if mode == "ocean" { "MAEU" } else { "ABCD" }),
    };
    let day = dice.below(60);
    let date = |day: usize| match day {
        0..=30 => format!("2026-10-{:02}", day + 1),
        _ => format!("2026-11-{:02}", day - 30),
    };
    let house = match by_air && dice.below(3) > 0 {
        true => format!("HX{at:08}"),
        false => String::new(),
    };
    let hub = mode == "express" && dice.below(2) == 0;
    let (origin, city, postal) = dice.pick(&MAKERS);
    let name = format!(
        "Person {at} {}",
        dice.pick(&["Lopez", "Smith", "Okafor", "Nguyen"])
    );
    let street = format!(
        "{} Oak St, Apartment {}",
        1 + dice.below(900),
        1 + dice.below(40)
    );
    let own = [
        ("shipment_id", format!("E-{at:04}")),
        ("mode", mode.to_owned()),
        ("arrives_at", date(day + 1)),
        ("exported_on", date(day)),
        ("country_of_shipment", origin.to_owned()),
        ("country_of_export", origin.to_owned()),
        ("port_of_entry", port.to_owned()),
        ("port_of_unlading", port.to_owned()),
        ("carrier_code", carrier.to_owned()),
        ("voyage_flight_trip", trip.to_owned()),
        ("conveyance_name", "Sea Lark".to_owned()),
        ("master_bill", bill),
        ("house_bill", house),
        ("manifest_quantity", (1 + dice.below(4)).to_string()),
        ("manifest_unit", "PCS".to_owned()),
        ("payment_type", "1".to_owned()),
        ("at_express_hub", hub.to_string()),
        ("importer_of_record_name", "Blue Harbor Imports".to_owned()),
        ("importer_of_record_postal_code", "90731".to_owned()),
        ("importer_of_record_number", "12-3456789".to_owned()),
        ("consignee_name", name.clone()),
        ("consignee_street", street.clone()),
        ("consignee_city", "Austin".to_owned()),
        ("consignee_state", "TX".to_owned()),
        (
            "consignee_postal_code",
            format!("78{:03}", dice.below(1000)),
        ),
        ("consignee_country", "US".to_owned()),
        ("shipper_name", "Harbor Parcel Co".to_owned()),
        ("seller_name", "Bright Goods Ltd".to_owned()),
        (
            "seller_street",
            "88 Long Road, Building 4, Floor 12".to_owned(),
        ),
        ("seller_city", city.to_owned()),
        ("seller_postal_code", postal.to_owned()),
        ("seller_country", origin.to_owned()),
        ("purchaser_name", name),
        ("purchaser_street", street),
        ("purchaser_city", "Austin".to_owned()),
        ("purchaser_country", "US".to_owned()),
        ("state_of_destination", "TX".to_owned()),
        ("foreign_port_of_lading", "57035".to_owned()),
    ];
    own.into_iter().collect()
}

/// The lines of a parcel: one to three articles, of its origin or of another.
fn lines(dice: &mut Dice, parcel: &Fields, most_dollars: usize) -> Vec<Fields> {
    let count = 1 + dice.below(3);
    let line = |_| {
        let (number, description) = dice.pick(&ARTICLES);
        let (other, city, postal) = dice.pick(&MAKERS);
        let pieces = 1 + dice.below(24);
        let cents = dice.below(100);
        let dollars = 3 + dice.below(most_dollars / count);
        let origin = match dice.below(4) {
            0 => other,
            _ => parcel["country_of_shipment"].as_str(),
        };
        let own = [
            ("description", description.to_owned()),
            ("htsus_number", number.to_owned()),
            ("country_of_origin", origin.to_owned()),
            ("quantity", pieces.to_string()),
            ("unit", "No.".to_owned()),
            (
                "net_weight_kg",
                format!("{}.{:03}", pieces / 4, 1 + dice.below(999)),
            ),
            ("line_value", format!("{dollars}.{cents:02}")),
            (
                "manufacturer_name",
                format!("{city} Mill No. {}", 1 + dice.below(50)),
            ),
            (
                "manufacturer_street",
                format!("{} Mill Lane", 1 + dice.below(99)),
            ),
            ("manufacturer_city", city.to_owned()),
            ("manufacturer_postal_code", postal.to_owned()),
            ("manufacturer_country", other.to_owned()),
        ];
        own.into_iter().collect()
    };
    (0..count).map(line).collect()
}

/// The file, and which parcel lacks which field.
fn file() -> (String, BTreeMap<String, &'static str>) {
    let mut dice = Dice(2026);
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(COLUMNS).expect("memory");
    let mut lacking = BTreeMap::new();
    for at in 0..PARCELS {
        let mut parcel = parcel(&mut dice, at);
        let mut lines = lines(&mut dice, &parcel, 2_300);
        if at % (PARCELS / LACKING) == 7 {
            let field = MANDATORY[lacking.len() % MANDATORY.len()];
            lacking.insert(parcel["shipment_id"].clone(), field);
            parcel.remove(field);
            lines.iter_mut().for_each(|line| {
                line.remove(field);
            });
            // One line, so that a field of lines is refused once.
            lines.truncate(1);
            if field == "net_weight_kg" {
                lines[0].insert("htsus_number", "4911.91.4020".to_owned());
            }
        }
        for line in &lines {
            let cell = |column: &&str| {
                let value = line.get(column).or_else(|| parcel.get(column));
                value.cloned().unwrap_or_default()
            };
            out.write_record(COLUMNS.iter().map(cell)).expect("memory");
        }
    }
    let bytes = out.into_inner().expect("memory");
    (String::from_utf8(bytes).expect("UTF-8"), lacking)
}

const CONFIG: &str = r#"
[filing]
filer_code = "ABC"
site_code = "2704"
entry_numbers = { from = 1, to = 5000 }
contact = { name = "Dana Reyes", phone = "310 555 0100" }

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

fn dollars(value: &Value) -> Cents {
    Cents::parse(value.as_str().expect("an amount")).expect("an amount")
}

/// Duty, fees with a class code, and the total, as a decision has them.
fn owed(decision: &Value) -> (Cents, Cents, Cents) {
    let owed = &decision["owed"];
    let fees = owed["fees"].as_array().expect("fees").iter();
    let filed = fees.filter(|fee| fee["class_code"].is_string() && fee["state"] == "charged");
    let filed = filed.fold(Cents(0), |sum, fee| sum.plus(dollars(&fee["amount_usd"])));
    (
        dollars(&owed["duty_usd"]),
        filed,
        dollars(&owed["total_usd"]),
    )
}

#[test]
fn a_thousand_parcels_become_entries_or_are_refused_by_field() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let (csv, lacking) = file();
    assert_eq!(lacking.len(), LACKING);
    fs::write(at("parcels.csv"), csv).expect("a file");
    fs::write(at("deminimis.toml"), CONFIG).expect("a file");
    let call = [
        "entry",
        "parcels.csv",
        "-o",
        "entries.ae",
        "--rejects",
        "refused.csv",
        "--list",
        "list.csv",
        "--sent-on",
        "2026-12-01",
    ];
    let output = run(folder.path(), &call);
    let (said, failed) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(3), "{said}{failed}");

    // Each of the hundred is refused once, by the field that it lacks and the columns it fills.
    let refused = rows(&at("refused.csv"));
    let told: BTreeMap<&str, &str> = refused
        .iter()
        .map(|row| (row["shipment_id"].as_str(), row["field"].as_str()))
        .collect();
    let expected: BTreeMap<&str, &str> = lacking
        .iter()
        .map(|(id, field)| (id.as_str(), *field))
        .collect();
    assert_eq!(told, expected);
    assert_eq!(refused.len(), LACKING, "one row each");
    for row in &refused {
        let reason = &row["reason"];
        let placed = reason.starts_with("record ") && reason.contains(" columns ");
        assert!(placed && reason.contains("is not given"), "{reason}");
    }

    // The others are one message, whose entries read back.
    let bytes = fs::read(at("entries.ae")).expect("the message");
    let message = decode(&bytes);
    let report = lint(&message);
    assert!(report.findings.is_empty(), "{:#?}", report.findings.first());
    let entries = entries(&message);
    assert_eq!(entries.len(), PARCELS - LACKING, "{said}");
    let list = rows(&at("list.csv"));
    assert_eq!(list.len(), entries.len());
    let by_number: BTreeMap<String, &Entry> = entries
        .iter()
        .map(|entry| (entry.shown_number(), entry))
        .collect();
    assert_eq!(by_number.len(), entries.len(), "every number once");

    // To the cent what `assess` decides of the same file.
    let output = run(
        folder.path(),
        &["assess", "parcels.csv", "--format", "ndjson"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let decisions: BTreeMap<String, Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a decision"))
        .map(|one| (one["shipment_id"].as_str().expect("an id").to_owned(), one))
        .collect();
    let (mut sums, mut decided) = ((Cents(0), Cents(0)), (Cents(0), Cents(0)));
    for row in &list {
        let entry = by_number[&row["entry_number"]];
        let decision = &decisions[&row["shipment_id"]];
        let (duty, filed, total) = owed(decision);
        let summary = entry.summary.as_ref().expect("a summary");
        assert_eq!(
            (summary.duty, summary.fees),
            (duty, filed),
            "{}",
            row["shipment_id"]
        );
        let elsewhere = Cents::parse(&row["paid_elsewhere_usd"]).expect("an amount");
        assert_eq!(
            duty.plus(filed).plus(elsewhere),
            total,
            "{}",
            row["shipment_id"]
        );
        let path = match entry.entry_type {
            EntryType::Informal => "entry-11",
            EntryType::Consumption => "entry-01",
        };
        assert_eq!(decision["entry_path"], path);
        let tariffs = entry.lines.iter().flat_map(|line| &line.tariffs);
        let lines = tariffs
            .filter_map(|tariff| tariff.duty)
            .fold(Cents(0), Cents::plus);
        assert_eq!(lines, duty);
        sums = (sums.0.plus(summary.duty), sums.1.plus(summary.fees));
        decided = (decided.0.plus(duty), decided.1.plus(filed));
    }
    assert_eq!(sums, decided);
    assert_ne!(sums.0, Cents(0));

    // The same call writes the same bytes.
    let again = run(folder.path(), &call);
    assert_eq!(again.status.code(), Some(3));
    assert_eq!(fs::read(at("entries.ae")).expect("the message"), bytes);
}

#[test]
fn a_cargo_release_is_written_of_the_same_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let (csv, lacking) = file();
    fs::write(at("parcels.csv"), csv).expect("a file");
    fs::write(at("deminimis.toml"), CONFIG).expect("a file");
    let call = [
        "entry",
        "parcels.csv",
        "--as",
        "se",
        "-o",
        "releases.se",
        "--rejects",
        "refused.csv",
        "--sent-on",
        "2026-12-01",
    ];
    let output = run(folder.path(), &call);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let bytes = fs::read(at("releases.se")).expect("the message");
    let message = decode(&bytes);
    let report = lint(&message);
    assert!(report.findings.is_empty(), "{:#?}", report.findings.first());
    // A release asks for fewer fields: no payment, no country or day of export, no unit of
    // packages or quantity of goods, and an express parcel may come by its tracking number.
    let refused = rows(&at("refused.csv"));
    for row in &refused {
        let field = lacking[&row["shipment_id"]];
        assert_eq!(row["field"], field);
        let summary_only = [
            "payment_type",
            "country_of_export",
            "exported_on",
            "manifest_unit",
            "net_weight_kg",
        ];
        assert!(!summary_only.contains(&field), "{field}");
    }
    assert_eq!(entries(&message).len() + refused.len(), PARCELS);
    assert_eq!(
        refused.len(),
        LACKING / MANDATORY.len() * 15,
        "fifteen fields of twenty"
    );
}

#[test]
fn what_cannot_be_used_is_said_before_any_parcel_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("parcels.csv"), "shipment_id\n").expect("a file");
    for (config, said) in [
        ("", "has no table [filing]"),
        (
            "[filing]\nfiler_code = \"abc\"\nsite_code = \"2704\"\n",
            "filer_code",
        ),
        (
            "[filing]\nfiler_code = \"ABC\"\nsite_code = \"2704\"\nfiler = 1\n",
            "filer",
        ),
        (
            "[filing]\nfiler_code = \"ABC\"\nsite_code = \"2704\"\n[filing.mode_of_transportation]\nair = \"30\"\n",
            "40 or 41",
        ),
        (
            "[filing]\nfiler_code = \"ABC\"\nsite_code = \"2704\"\nentry_numbers = { from = 9, to = 1 }\n",
            "entry_numbers",
        ),
    ] {
        fs::write(at("deminimis.toml"), config).expect("a file");
        let output = run(folder.path(), &["entry", "parcels.csv", "-o", "out.ae"]);
        assert_eq!(output.status.code(), Some(2), "{config}");
        let told = text(&output.stderr);
        assert!(told.contains(said), "{said}: {told}");
    }
    fs::write(at("deminimis.toml"), CONFIG).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_deminimis"))
        .args(["entry", "parcels.csv", "-o", "out.ae"])
        .current_dir(folder.path())
        .env("DEMINIMIS_HOME", folder.path())
        .env_remove("DEMINIMIS_ABI_PASSWORD")
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("DEMINIMIS_ABI_PASSWORD"));
}
