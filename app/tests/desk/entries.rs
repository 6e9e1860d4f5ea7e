//! Entries over HTTP: the same message as the command line writes, and numbers that are used once.

use crate::server::Server;
use crate::tracking::until;
use deminimis_filing::identifiers::entry_number::EntryNumber;
use serde_json::{Value, json};
use std::fs;

const SETTINGS: &str = r#"
[filing]
filer_code = "ABC"
site_code = "2704"
password_file = "abi.pass"
entry_numbers = { from = 1, to = 3, check_digit_offset = 4 }
contact = { name = "Dana Reyes", phone = "310 555 0100" }

[filing.mode_of_transportation]
air = "40"

[tenants.acme.filing]
filer_code = "XYZ"
site_code = "2704"
password_file = "not-there.pass"
"#;

/// A hold and its release, of entry ABC-0000001-4.
const SO: &str = include_str!("../data/answers/hold-and-release.so");

/// A desk whose tenant `default` has a filer.
fn desk() -> Server {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("deminimis.toml"), SETTINGS).unwrap();
    fs::write(home.path().join("abi.pass"), "PASSWD\n").unwrap();
    Server::start_in(home, &[])
}

/// A parcel of two lines with all that an informal entry asks for.
fn parcel(id: &str) -> Value {
    let who = |name: &str| {
        json!({"name": name, "street": "12 Elm St", "city": "Dayton",
        "state": "OH", "postal_code": "45402", "country": "US"})
    };
    let maker = json!({"name": "Ningbo Mill", "street": "3 Mill Lane", "city": "Ningbo",
        "postal_code": "315000", "country": "CN"});
    let line = |description: &str, number: &str, value: &str| {
        json!({"description": description, "htsus_number": number, "country_of_origin": "CN",
            "quantity": "12", "unit": "No.", "net_weight_kg": "1.500", "line_value": value,
            "manufacturer": maker})
    };
    json!({
        "shipment_id": id, "mode": "air", "arrives_at": "2026-11-20T15:00:00-05:00",
        "exported_on": "2026-11-18", "country_of_shipment": "CN", "country_of_export": "CN",
        "port_of_entry": "4701", "port_of_unlading": "4701", "carrier_code": "UA",
        "voyage_flight_trip": "089", "master_bill": "016-10000011",
        "house_bill": format!("HX{}", id.replace('-', "")),
        "manifest_quantity": "1", "manifest_unit": "PCS", "payment_type": "1",
        "importer_of_record": {"name": "Blue Harbor Imports", "postal_code": "90731",
            "number": "12-3456789"},
        "consignee": who("Ann Smith"), "purchaser": who("Ann Smith"),
        "seller": {"name": "Bright Goods Ltd", "street": "88 Long Road", "city": "Ningbo",
            "postal_code": "315000", "country": "CN"},
        "shipper": {"name": "Harbor Parcel Co"},
        "lines": [line("cotton T-shirt, knitted", "6109.10.0012", "40.00"),
            line("hat of cotton, knitted", "6505.00.2060", "25.50")],
    })
}

fn ids(answer: &Value, list: &str) -> Vec<(String, String)> {
    let field = if list == "entries" {
        "entry_number"
    } else {
        "detail"
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = answer[list].as_array().unwrap().iter();
    all.map(|one| (text(&one["shipment_id"]), text(&one[field])))
        .collect()
}

#[test]
fn parcels_become_the_message_of_the_command_line() {
    let server = desk();
    let key = server.key("default", "operator");
    let own = EntryNumber::build("ABC", "9000001", 4).unwrap().to_string();
    let mut parcels = [parcel("E-1"), parcel("E-2"), parcel("E-3")];
    parcels[1]["entry_number"] = json!(own);
    parcels[2].as_object_mut().unwrap().remove("port_of_entry");
    parcels[2]["lines"][1]
        .as_object_mut()
        .unwrap()
        .remove("manufacturer");
    let mut owed = Vec::new();
    for one in &parcels {
        let answer = server.post("/v1/shipments", &key, one);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["entry_path"], "entry-11");
        owed.push(answer.json()["owed"].clone());
    }
    let asked = json!({"shipment_ids": ["E-1", "none", "E-2", "E-3", "E-1"],
        "sent_on": "2026-11-21"});
    let answer = server.post("/v1/entries", &key, &asked);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told = answer.json();
    let pair = |id: &str, said: &str| (id.to_owned(), said.to_owned());
    assert_eq!(
        ids(&told, "entries"),
        [pair("E-1", "ABC-0000001-4"), pair("E-2", &own)]
    );
    for (entry, owed) in told["entries"].as_array().unwrap().iter().zip(&owed) {
        assert_eq!(entry["duty_usd"], owed["duty_usd"]);
        assert_eq!(entry["entry_type"], "11");
    }
    let refused = ids(&told, "refused");
    let of: Vec<&str> = refused.iter().map(|(id, _)| id.as_str()).collect();
    assert!(
        of.starts_with(&["none", "E-3"]) && of.ends_with(&["E-3", "E-1"]),
        "{refused:?}"
    );
    assert!(refused[0].1.contains("no such shipment"));
    let lacks = |field: &str| refused.iter().any(|(_, said)| said.contains(field));
    assert!(
        lacks("port_of_entry") && lacks("manufacturer_name"),
        "{refused:?}"
    );
    assert!(refused.last().unwrap().1.contains("twice"));
    assert_eq!(told["refused"][0]["pointer"], "/shipment_ids/1");

    // The command line makes the same of the same parcels.
    let file = server.home().join("parcels.json");
    fs::write(&file, json!([parcels[0], parcels[1]]).to_string()).unwrap();
    let out = server.home().join("entries.ae");
    let mut command = server.command();
    command.arg("entry").arg(&file).arg("-o").arg(&out);
    let made = command.args(["--sent-on", "2026-11-21"]).output().unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    assert_eq!(told["message"], fs::read_to_string(&out).unwrap());
    let headers = [
        ("authorization", &*format!("Bearer {key}")),
        ("content-type", "text/plain"),
    ];
    let message = told["message"].as_str().unwrap();
    let judged = server.ask("POST", "/v1/messages/lint", &headers, message.as_bytes());
    let judged = judged.json();
    let findings = judged["findings"].as_array().unwrap();
    assert!(
        findings.iter().all(|found| found["severity"] != "error"),
        "{judged}"
    );

    // The same again is the same, also as a cargo release.
    assert_eq!(server.post("/v1/entries", &key, &asked).json(), told);
    let release = json!({"shipment_ids": ["E-1"], "as": "se", "sent_on": "2026-11-21"});
    let release = server.post("/v1/entries", &key, &release).json();
    assert_eq!(ids(&release, "entries"), [pair("E-1", "ABC-0000001-4")]);
    assert_eq!(release["application"], "SE");

    // What CBP says of a number that the desk gave reaches its parcel.
    let path = "/v1/shipments/E-1/events";
    let followed = || server.get(path, &key);
    until("is followed", followed, |answer| answer.status == 200);
    let told = server
        .ask("POST", "/v1/answers", &headers, SO.as_bytes())
        .json();
    assert_eq!(
        (&told["new"], &told["unknown_entries"]),
        (&json!(2), &json!([])),
        "{told}"
    );
    let story = server.get(path, &key).json();
    assert_eq!(story["now"]["state"], "released");
}

#[test]
fn a_number_is_used_for_one_parcel_and_the_range_ends() {
    let server = desk();
    let key = server.key("default", "operator");
    let own = EntryNumber::build("ABC", "9000001", 4).unwrap().to_string();
    let within = EntryNumber::build("ABC", "0000002", 4).unwrap().to_string();
    for id in ["E-1", "E-2", "E-3", "E-4", "E-5", "E-6", "E-7"] {
        let mut one = parcel(id);
        match id {
            "E-5" | "E-6" => one["entry_number"] = json!(own),
            "E-7" => one["entry_number"] = json!(within),
            _ => {}
        }
        assert_eq!(server.post("/v1/shipments", &key, &one).status, 200);
    }
    let make = |ids: Value| {
        let asked = json!({"shipment_ids": ids, "sent_on": "2026-11-21"});
        server.post("/v1/entries", &key, &asked).json()
    };
    let told = make(json!(["E-2", "E-1", "E-5", "E-7"]));
    let numbers = ids(&told, "entries");
    assert_eq!(numbers[0].1, "ABC-0000001-4");
    assert_eq!(numbers.len(), 3, "{told}");
    assert!(
        ids(&told, "refused")[0].1.contains("entry_numbers"),
        "{told}"
    );
    let told = make(json!(["E-3", "E-4", "E-6", "E-1"]));
    let of: Vec<String> = ids(&told, "entries")
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(of, ["E-3", "E-1"], "{told}");
    let refused = ids(&told, "refused");
    assert!(
        refused[0].0 == "E-4" && refused[0].1.contains("used up"),
        "{told}"
    );
    assert!(
        refused[1].0 == "E-6" && refused[1].1.contains("another parcel"),
        "{told}"
    );
    let void = json!({"act": "void"});
    assert_eq!(
        server.post("/v1/shipments/E-1/acts", &key, &void).status,
        200
    );
    let told = make(json!(["E-1"]));
    assert!(ids(&told, "refused")[0].1.contains("voided"), "{told}");
    let none = make(json!(["E-4"]));
    assert_eq!(
        (&none["message"], &none["entries"]),
        (&Value::Null, &json!([]))
    );
}

#[test]
fn who_has_no_filer_is_told_and_what_is_asked_wrongly_named() {
    let server = desk();
    let key = server.key("default", "operator");
    for (body, pointer) in [
        (json!({"shipment_ids": []}), "/shipment_ids"),
        (json!({"shipment_ids": vec!["a"; 501]}), "/shipment_ids"),
        (json!({"shipment_ids": ["a"], "as": "ax"}), "/as"),
        (
            json!({"shipment_ids": ["a"], "sent_on": "soon"}),
            "/sent_on",
        ),
    ] {
        let answer = server.post("/v1/entries", &key, &body);
        assert_eq!(answer.code(), "bad_shipment", "{}", answer.text());
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
    }
    let one = json!({"shipment_ids": ["E-1"]});
    for (tenant, word) in [("acme", "log"), ("other", "[tenants.NAME.filing]")] {
        let key = server.key(tenant, "operator");
        let answer = server.post("/v1/entries", &key, &one);
        assert_eq!(answer.code(), "conflict");
        assert!(answer.text().contains(word), "{}", answer.text());
        assert!(!answer.text().contains("not-there"), "{}", answer.text());
    }
    assert!(server.log().contains("not-there.pass"));
}
