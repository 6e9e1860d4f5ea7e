//! Parcels decided and entered over HTTP.

use crate::server::Server;
use serde_json::{Value, json};

pub fn parcel(id: &str, value: &str) -> Value {
    json!({
        "shipment_id": id, "mode": "air", "arrives_at": "2024-05-10", "country_of_shipment": "VN",
        "consignee": {"name": "Ann Smith", "street": "12 Elm St", "city": "Dayton", "state": "OH",
            "postal_code": "45402", "country": "US"},
        "lines": [{"description": "cotton T-shirt", "country_of_origin": "VN",
            "htsus_number": "6109.10.0012", "line_value": value}],
    })
}

#[test]
fn the_desk_says_what_the_command_line_says() {
    let server = Server::start();
    let key = server.key("default", "viewer");
    let all: Vec<Value> = (0..5)
        .map(|at| parcel(&format!("P-{at}"), "300.00"))
        .collect();
    let path = server.home().join("all.json");
    std::fs::write(&path, Value::from(all.clone()).to_string()).unwrap();
    let told = server
        .command()
        .args(["assess", "--format", "json"])
        .arg(&path)
        .output()
        .unwrap();
    let cli: Value = serde_json::from_slice(&told.stdout).unwrap();
    let http = server.post("/v1/assess", &key, &Value::from(all.clone()));
    assert_eq!(http.status, 200, "{}", http.text());
    assert_eq!(http.json()["decisions"], cli);
    assert_eq!(http.json()["rejected"], json!([]));
    // The third goes over 800 dollars together with those before it, and alone does not.
    assert_eq!(cli[2]["outcome"], "entry_required");
    let alone = server.post("/v1/assess", &key, &all[2]);
    assert_eq!(alone.json()["outcome"], "free");
}

#[test]
fn what_is_refused_is_named_and_the_rest_goes_on() {
    let server = Server::start();
    let key = server.key("default", "viewer");
    let mut bad = parcel("BAD", "300.00");
    bad["lines"][0]["line_value"] = json!(12.5);
    let some = server.post(
        "/v1/assess",
        &key,
        &json!([parcel("A", "1.00"), bad, parcel("B", "2.00")]),
    );
    assert_eq!(some.status, 200);
    let told = some.json();
    let ids: Vec<&Value> = told["decisions"].as_array().unwrap().iter().collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(told["rejected"][0]["pointer"], "/lines/0/line_value");
    assert_eq!(told["rejected"][0]["row"], 2);
    assert_eq!(told["rejected"][0]["shipment_id"], "BAD");
    let alone = server.post("/v1/assess", &key, &bad);
    assert_eq!((alone.status, alone.code().as_str()), (422, "bad_shipment"));
    assert_eq!(alone.json()["errors"][0]["pointer"], "/lines/0/line_value");
    for body in ["", "null", "[]", "{", "\u{feff}", "[1]", "\"x\""] {
        let headers = [
            ("authorization", &*format!("Bearer {key}")),
            ("content-type", "application/json"),
        ];
        let answer = server.ask("POST", "/v1/assess", &headers, body.as_bytes());
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (422, "bad_shipment"),
            "{body}"
        );
    }
}

#[test]
fn a_parcel_is_entered_once_however_often_it_is_sent() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let first = server.post("/v1/shipments", &key, &parcel("P-1", "500.00"));
    assert_eq!(first.status, 200, "{}", first.text());
    assert_eq!(first.json()["outcome"], "free");
    assert_eq!(first.header("idempotent-replayed"), "false");
    let again = server.post("/v1/shipments", &key, &parcel("P-1", "500.00"));
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(
        again.header("ledger-position"),
        first.header("ledger-position")
    );
    let other = server.post("/v1/shipments", &key, &parcel("P-1", "501.00"));
    assert_eq!((other.status, other.code().as_str()), (409, "conflict"));
    // The day holds the first: the second goes over.
    let second = server.post("/v1/shipments", &key, &parcel("P-2", "500.00"));
    assert_eq!(second.json()["outcome"], "entry_required");
    assert_eq!(second.json()["day_total_usd"], "1000.00");

    let stands = server.get("/v1/shipments/P-1", &key).json();
    assert_eq!(
        (&stands["state"], &stands["day"]),
        (&json!("reserved"), &json!("2024-05-10"))
    );
    assert_eq!(stands["decision"], first.json());
    assert!(stands["decision"]["person"]["key"].is_string());
    // A viewer is not told whose it is.
    let viewer = server.key("default", "viewer");
    let stands = server.get("/v1/shipments/P-1", &viewer).json();
    assert_eq!(stands["decision"]["person"]["key"], Value::Null);
    let none = server.get("/v1/shipments/P-9", &viewer);
    assert_eq!((none.status, none.code().as_str()), (404, "not_found"));
    // Both the act and the looks are in the audit.
    let compliance = server.key("default", "compliance");
    let audit = server.get("/v1/audit", &compliance).json();
    let acts: Vec<&str> = audit
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|line| line["act"].as_str())
        .collect();
    let count = |act: &str| acts.iter().filter(|one| **one == act).count();
    assert_eq!((count("shipment.enter"), count("shipment.read")), (4, 2));
    // And all of it is there after an end and a new begin.
    let home = server.end();
    let server = Server::start_in(home, &[]);
    assert!(server.first.is_none());
    let again = server.post("/v1/shipments", &key, &parcel("P-1", "500.00"));
    assert_eq!((again.status, &again.body), (200, &first.body));
}

#[test]
fn an_idempotency_key_is_of_one_body() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let send = |id: &str, idempotency: &str| {
        let headers = [
            ("authorization", &*format!("Bearer {key}")),
            ("content-type", "application/json"),
            ("idempotency-key", idempotency),
        ];
        let body = parcel(id, "5.00").to_string();
        server.ask("POST", "/v1/shipments", &headers, body.as_bytes())
    };
    let first = send("K-1", "one");
    assert_eq!(first.status, 200);
    assert_eq!(send("K-1", "one").body, first.body);
    let reused = send("K-2", "one");
    assert_eq!((reused.status, reused.code().as_str()), (422, "key_reused"));
    assert_eq!(server.get("/v1/shipments/K-2", &key).status, 404);
    assert_eq!(send("K-2", "two").status, 200);
    assert_eq!(send("K-3", "with blank").code(), "bad_request");
    assert_eq!(send("K-3", &"x".repeat(201)).code(), "bad_request");
}
