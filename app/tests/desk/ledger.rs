//! The ledger over HTTP: what became of parcels, persons' days, records and their proofs.

use crate::parcels::parcel;
use crate::server::Server;
use crate::verify_record;
use serde_json::{Value, json};
use std::io::{Cursor, Read};

/// A parcel of another person.
fn of(name: &str, id: &str, value: &str) -> Value {
    let mut parcel = parcel(id, value);
    parcel["consignee"]["name"] = json!(name);
    parcel
}

/// Enters a parcel and gives its person's key.
fn entered(server: &Server, key: &str, parcel: &Value) -> String {
    let answer = server.post("/v1/shipments", key, parcel);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["person"]["key"].as_str().unwrap().to_owned()
}

fn acts_of(server: &Server) -> Vec<(String, String)> {
    let lines = server
        .get("/v1/audit", &server.key("default", "compliance"))
        .json();
    let text = |line: &Value, field: &str| line[field].as_str().unwrap().to_owned();
    let lines = lines.as_array().unwrap().iter();
    lines
        .map(|line| (text(line, "act"), text(line, "about")))
        .collect()
}

#[test]
fn a_parcel_is_posted_voided_and_moved() {
    let server = Server::start();
    let key = server.key("default", "operator");
    for id in ["A", "B"] {
        entered(&server, &key, &parcel(id, "500.00"));
    }
    let act = |id: &str, body: &Value| server.post(&format!("/v1/shipments/{id}/acts"), &key, body);
    let posted = act("A", &json!({"act": "post"}));
    assert_eq!(posted.json()["fresh"], true, "{}", posted.text());
    assert_eq!(act("A", &json!({"act": "post"})).json()["fresh"], false);
    assert_eq!(act("A", &json!({"act": "void"})).code(), "conflict");
    // On its own day the second is within the limit again.
    let body = json!({"act": "move", "arrives_at": "2024-05-12", "event_id": "late"});
    let moved = act("B", &body);
    assert_eq!(
        moved.json()["decision"]["outcome"],
        "free",
        "{}",
        moved.text()
    );
    assert_eq!(moved.json()["fresh"], true);
    assert_eq!(act("B", &body).json()["fresh"], false);
    let stands = server.get("/v1/shipments/B", &key).json();
    assert_eq!(
        (&stands["day"], &stands["state"]),
        (&json!("2024-05-12"), &json!("reserved"))
    );
    let wrong = act("B", &json!({"act": "move", "arrives_at": "soon"}));
    assert_eq!(wrong.json()["errors"][0]["pointer"], "/arrives_at");
    assert_eq!(act("B", &json!({"act": "burn"})).code(), "bad_shipment");
    assert_eq!(
        act("B", &json!({"act": "void", "arrives_at": "2024-05-13"})).code(),
        "bad_shipment"
    );
    assert_eq!(act("Z", &json!({"act": "post"})).code(), "not_found");
    let body = json!({"act": "move", "arrives_at": "2024-05-12"});
    assert_eq!(act("Z", &body).code(), "not_found");
    assert_eq!(act("B", &json!({"act": "void"})).json()["fresh"], true);
    assert_eq!(
        server.get("/v1/shipments/B", &key).json()["state"],
        "voided"
    );
    let acts = acts_of(&server);
    assert!(
        acts.contains(&("shipment.move".to_owned(), "B".to_owned())),
        "{acts:?}"
    );
}

#[test]
fn a_persons_days_are_told_and_persons_merged_and_split() {
    let server = Server::start();
    let key = server.key("default", "compliance");
    let ann = entered(&server, &key, &of("Ann Smith", "A", "500.00"));
    let eve = entered(&server, &key, &of("Eve Jones", "E", "400.00"));
    let mut later = of("Ann Smith", "L", "20.00");
    later["arrives_at"] = json!("2024-06-01");
    entered(&server, &key, &later);

    let told = server.get(&format!("/v1/persons/{ann}"), &key);
    assert_eq!(told.status, 200, "{}", told.text());
    let told = told.json();
    let args = ["ledger", "person", "--key", &ann, "--format", "json"];
    let cli = server.command().args(args).output().unwrap();
    let cli: Value = serde_json::from_slice(&cli.stdout).unwrap();
    assert_eq!(told["days"].as_array().unwrap().len(), 2);
    for (at, day) in told["days"].as_array().unwrap().iter().enumerate() {
        for (name, value) in cli["days"][at].as_object().unwrap() {
            assert_eq!(&day[name], value, "{name}");
        }
    }
    let limit = json!({"basis": "section_321_c", "limit_usd": "800.00"});
    let limits = told["days"][0]["limits"].as_array().unwrap();
    assert!(limits.contains(&limit), "{limits:?}");
    let days = |query: &str| {
        let days = server
            .get(&format!("/v1/persons/{ann}/days{query}"), &key)
            .json();
        let days = days["days"].as_array().unwrap().clone();
        days.iter()
            .map(|day| day["day"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(days(""), ["2024-05-10", "2024-06-01"]);
    assert_eq!(days("?from=2024-05-11"), ["2024-06-01"]);
    assert_eq!(days("?until=2024-05-31"), ["2024-05-10"]);
    let bad = server.get(&format!("/v1/persons/{ann}/days?from=May"), &key);
    assert_eq!(bad.code(), "bad_request");
    for none in ["x", "%00", "00000000000000000000000000000000"] {
        let answer = server.get(&format!("/v1/persons/{none}"), &key);
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"));
    }

    let body = json!({"from": eve, "into": ann, "event_id": "one"});
    let merged = server.post("/v1/persons/merge", &key, &body);
    assert_eq!(merged.status, 200, "{}", merged.text());
    let merged = merged.json();
    assert_eq!(merged["over_limit"][0]["total_usd"], "900.00", "{merged}");
    assert_eq!(merged["over_limit"][0]["shipment_ids"], json!(["A", "E"]));
    assert_eq!(
        server.post("/v1/persons/merge", &key, &body).json()["fresh"],
        false
    );
    let both = server.get(&format!("/v1/persons/{eve}"), &key).json();
    assert_eq!(
        (&both["merged"], &both["days"][0]["shipments"]),
        (&json!(true), &json!(2))
    );
    let body = json!({"shipment_ids": ["A"], "to": "00112233445566778899aabbccddeeff"});
    let split = server.post("/v1/persons/split", &key, &body).json();
    assert_eq!(
        split["unknown_keys"],
        json!(["00112233445566778899aabbccddeeff"]),
        "{split}"
    );
    let left = server.get(&format!("/v1/persons/{ann}"), &key).json();
    assert_eq!(left["days"][0]["parcels"][0]["shipment_id"], "E");
    for (path, body, code) in [
        ("merge", json!({"from": "x", "into": ann}), "bad_shipment"),
        ("merge", json!({"from": ann, "into": ann}), "conflict"),
        (
            "split",
            json!({"shipment_ids": [], "to": ann}),
            "bad_shipment",
        ),
        (
            "split",
            json!({"shipment_ids": ["Z"], "to": ann}),
            "not_found",
        ),
    ] {
        let answer = server.post(&format!("/v1/persons/{path}"), &key, &body);
        assert_eq!(answer.code(), code, "{path} {body}: {}", answer.text());
    }
    // The audit names persons as the ledger does: a key by the exact rules is in no line.
    let acts = acts_of(&server);
    assert!(acts.iter().any(|(act, _)| act == "person.merge"));
    assert!(
        acts.iter().all(|(_, about)| *about != ann && *about != eve),
        "{acts:?}"
    );
}

#[test]
fn records_are_told_proven_and_verified() {
    let server = Server::start();
    let key = server.key("default", "operator");
    entered(&server, &key, &parcel("A", "500.00"));
    let viewer = server.get("/v1/records/A", &server.key("default", "viewer"));
    assert_eq!(viewer.json()[0]["state"], "kept");
    assert_eq!(viewer.json()[0]["values"], Value::Null);
    assert!(!viewer.text().contains("Ann Smith"));
    let operator = server.get("/v1/records/A", &key).json();
    let args = ["ledger", "records", "list", "A", "--format", "json"];
    let cli = server.command().args(args).output().unwrap();
    let cli: Value = serde_json::from_slice(&cli.stdout).unwrap();
    assert_eq!(viewer.json(), cli);
    let values = operator[0]["values"].as_array().unwrap();
    let value = |path: &str| {
        values
            .iter()
            .find(|one| one["path"] == path)
            .unwrap()
            .clone()
    };
    assert_eq!(value("input.consignee_name")["value"], "Ann Smith");
    assert_eq!(value("input.consignee_name")["personal"], true);
    assert_eq!(value("input.line.1.line_value")["value"], "500.00");

    let proof = server.get("/v1/records/A/proof", &key).text();
    let told = verify_record::check(&proof, None).unwrap();
    assert!(told.contains("input.line.1.line_value = 500.00"), "{told}");
    assert!(!proof.contains("Ann Smith"));
    for none in ["/v1/records/Z", "/v1/records/Z/proof", "/v1/records/%00"] {
        assert_eq!(server.get(none, &key).code(), "not_found", "{none}");
    }
    let compliance = server.key("default", "compliance");
    let verified = server
        .post("/v1/records/verify", &compliance, &json!({}))
        .json();
    assert_eq!(verified["whole"], true, "{verified}");
    assert_eq!(
        (&verified["mismatches"], &verified["others"]),
        (&json!([]), &json!(0))
    );
    assert!(verified["records"]["lines"].as_u64().unwrap() >= 2);
}

#[test]
fn an_audit_package_has_all_that_is_needed_to_check_it() {
    let server = Server::start();
    let operator = server.key("default", "operator");
    let key = server.key("default", "compliance");
    for id in ["A", "../B"] {
        entered(&server, &operator, &parcel(id, "500.00"));
    }
    let body = json!({"shipment_ids": ["A", "../B"]});
    let answer = server.post("/v1/records/export", &key, &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/zip");
    let mut zip = zip::ZipArchive::new(Cursor::new(&answer.body)).unwrap();
    let mut file = |name: &str| {
        let mut text = String::new();
        zip.by_name(name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    };
    let manifest: Value = serde_json::from_str(&file("manifest.json")).unwrap();
    assert_eq!(manifest["parcels"][1]["shipment_id"], "../B");
    for listed in manifest["files"].as_array().unwrap() {
        let bytes = file(listed["path"].as_str().unwrap());
        assert_eq!(listed["bytes"], bytes.len());
        let digest = deminimis_office::tariff::store::sha256(bytes.as_bytes());
        assert_eq!(listed["sha256"], digest);
    }
    for folder in ["parcels/0001", "parcels/0002"] {
        let told = verify_record::check(&file(&format!("{folder}/proof.json")), None).unwrap();
        assert!(told.contains("input.line.1.line_value = 500.00"));
        let decisions: Value =
            serde_json::from_str(&file(&format!("{folder}/decisions.json"))).unwrap();
        let rule = decisions[0]["decision"]["findings"][0]["rule"]
            .as_str()
            .unwrap();
        let law: Value = serde_json::from_str(&file(&format!("law/{rule}.json"))).unwrap();
        assert_eq!(law["id"], rule);
        assert_eq!(decisions[0]["rulebook"], manifest["law"]["in_package"]);
        let input: Value = serde_json::from_str(&file(&format!("{folder}/input.json"))).unwrap();
        assert_eq!(input["consignee_name"], "Ann Smith");
    }
    assert!(file("README.txt").contains("verify_record"));
    let unknown = server.post(
        "/v1/records/export",
        &key,
        &json!({"shipment_ids": ["A", "Z"]}),
    );
    assert_eq!(unknown.code(), "not_found");
    assert_eq!(unknown.json()["errors"][0]["pointer"], "/shipment_ids/1");
    let none = server.post("/v1/records/export", &key, &json!({"shipment_ids": []}));
    assert_eq!(none.code(), "bad_shipment");
    let acts = acts_of(&server);
    assert!(acts.contains(&("record.export".to_owned(), "../B".to_owned())));
}
