//! Persons over HTTP and on their pages: how days stand, by what a person is known, who may be one, and
//! what a human says of it.

use crate::parcels::parcel;
use crate::server::{Answer, Server};
use serde_json::{Value, json};

const NOBODY: &str = "00112233445566778899aabbccddeeff";

/// A parcel of somebody at Ann's address.
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

/// What the command line says, as JSON.
fn said(server: &Server, args: &[&str]) -> Value {
    let args = [args, &["--format", "json"]].concat();
    let told = server.command().args(args).output().unwrap();
    let errors = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{errors}");
    serde_json::from_slice(&told.stdout).unwrap()
}

fn see(server: &Server, path: &str, key: &str) -> Answer {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", &*bearer), ("accept", "text/html")];
    server.ask("GET", path, &headers, &[])
}

fn send(server: &Server, path: &str, key: &str, form: &str) -> Answer {
    let bearer = format!("Bearer {key}");
    let headers = [
        ("authorization", &*bearer),
        ("accept", "text/html"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    server.ask("POST", path, &headers, form.as_bytes())
}

#[test]
fn a_calendar_tells_how_each_day_stands() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let mut ann = String::new();
    for (id, day, value) in [
        ("A", "2024-05-10", "500.00"),
        ("B", "2024-05-10", "400.00"),
        ("C", "2024-05-11", "100.00"),
        ("D", "2024-05-12", "600.00"),
        ("E", "2024-05-13", "800.00"),
        // The exemption is suspended for everybody.
        ("F", "2026-11-20", "40.00"),
    ] {
        let mut parcel = of("Ann Smith", id, value);
        parcel["arrives_at"] = json!(day);
        ann = entered(&server, &key, &parcel);
    }
    let calendar = |query: &str| {
        let path = format!("/v1/persons/{ann}/calendar{query}");
        let answer = server.get(&path, &key);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    // Without a month it is the last that has parcels.
    let last = calendar("");
    assert_eq!(
        (&last["month"], &last["earlier"], &last["later"]),
        (&json!("2026-11"), &json!("2024-05"), &Value::Null)
    );
    let closed = &last["days"][0];
    assert_eq!(
        (&closed["state"], &closed["counted"][0]["limit_usd"]),
        (&json!("closed"), &json!("800.00")),
        "{closed}"
    );
    let may = calendar("?month=2024-05");
    assert_eq!(
        (&may["later"], &may["parcels"]),
        (&json!("2026-11"), &json!(6))
    );
    let days = may["days"].as_array().unwrap().iter();
    let stands: Value = days
        .map(|day| {
            let counted = &day["counted"][0];
            json!([
                day["day"],
                day["state"],
                counted["total_usd"],
                counted["crossed"]
            ])
        })
        .collect();
    let expected = json!([
        ["2024-05-10", "at", "500.00", 1],
        ["2024-05-11", "under", "100.00", 0],
        ["2024-05-12", "near", "600.00", 0],
        ["2024-05-13", "at", "800.00", 0],
    ]);
    assert_eq!(stands, expected);
    assert_eq!(calendar("?month=2024-06")["days"], json!([]));
    for wrong in ["2024", "2024-13", "May"] {
        let path = format!("/v1/persons/{ann}/calendar?month={wrong}");
        assert_eq!(server.get(&path, &key).code(), "bad_request", "{wrong}");
    }
    // Of the persons of a day those come first for whom a parcel did not fit.
    let mut eve = of("Eve Jones", "G", "700.00");
    eve["consignee"]["street"] = json!("900 Lake Ave");
    let eve = entered(&server, &key, &eve);
    let near = server.get("/v1/persons/near-limit?day=2024-05-10", &key);
    assert_eq!(near.status, 200, "{}", near.text());
    let near = near.json();
    assert_eq!((&near["count"], &near["looked_at"]), (&json!(2), &json!(3)));
    assert_eq!(
        (&near["behind"], &near["more"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(
        [&near["persons"][0]["key"], &near["persons"][1]["key"]],
        [&json!(ann), &json!(eve)]
    );
    assert_eq!(near["persons"][1]["state"], "near");
    for wrong in ["", "?day=", "?day=May", "?day=2024-02-30"] {
        for route in ["near-limit", "alike"] {
            let answer = server.get(&format!("/v1/persons/{route}{wrong}"), &key);
            assert_eq!(answer.code(), "bad_request", "{route}{wrong}");
        }
    }
    // Another tenant's person is nobody.
    let other = server.key("other", "operator");
    for of in [
        "",
        "/days",
        "/calendar",
        "/identity",
        "/alike?day=2024-05-10",
    ] {
        let (own, nobody) = (
            format!("/v1/persons/{ann}{of}"),
            format!("/v1/persons/{NOBODY}{of}"),
        );
        let (own, nobody) = (server.get(&own, &other), server.get(&nobody, &other));
        assert_eq!((own.status, own.text()), (404, nobody.text()), "{of}");
    }
    let none = server
        .get("/v1/persons/near-limit?day=2024-05-10", &other)
        .json();
    assert_eq!((&none["count"], &none["persons"]), (&json!(0), &json!([])));
}

#[test]
fn who_may_be_one_is_told_as_by_the_command_line_and_set_apart() {
    let server = Server::start();
    let key = server.key("default", "compliance");
    let ana = entered(&server, &key, &of("Ana Lopez", "A", "500.00"));
    let anas = entered(&server, &key, &of("Ana Lopes", "B", "412.40"));
    let mut far = of("Robert Chen", "C", "10.00");
    far["consignee"]["street"] = json!("900 Lake Ave");
    entered(&server, &key, &far);
    let alike = || {
        let answer = server.get("/v1/persons/alike?day=2024-05-10", &key);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    let told = alike();
    let cli = said(&server, &["ledger", "alike", "--day", "2024-05-10"]);
    assert_eq!(told["alike"], cli["alike"]);
    assert_eq!(told["alike"].as_array().unwrap().len(), 1);
    assert_eq!(told["alike"][0]["over_limit"], true);
    let of_one = format!("/v1/persons/{ana}/alike?day=2024-05-10");
    assert_eq!(server.get(&of_one, &key).json()["alike"], cli["alike"]);
    let text = told.to_string();
    assert!(!text.contains("Lope") && !text.contains("Elm"), "{text}");

    let body = json!({"one": ana, "other": anas, "event_id": "p1"});
    let parted = server.post("/v1/persons/apart", &key, &body);
    assert_eq!(parted.status, 200, "{}", parted.text());
    assert_eq!(parted.json(), json!({"fresh": true, "unknown_keys": []}));
    let again = server.post("/v1/persons/apart", &key, &body).json();
    assert_eq!(again["fresh"], false);
    assert_eq!(alike()["alike"], json!([]));
    assert_eq!(server.get(&of_one, &key).json()["alike"], json!([]));
    let unknown = json!({"one": ana, "other": NOBODY});
    let unknown = server.post("/v1/persons/apart", &key, &unknown).json();
    assert_eq!(unknown["unknown_keys"], json!([NOBODY]));
    // A merge takes it back; of one person nothing can be set apart.
    let merge = json!({"from": anas, "into": ana});
    assert_eq!(server.post("/v1/persons/merge", &key, &merge).status, 200);
    for (body, code) in [
        (json!({"one": ana, "other": anas}), "conflict"),
        (json!({"one": ana, "other": "x"}), "bad_shipment"),
        (json!({"one": ana}), "bad_shipment"),
        (
            json!({"one": ana, "other": NOBODY, "event_id": ""}),
            "bad_shipment",
        ),
        (
            json!({"one": ana, "other": NOBODY, "event_id": "p1"}),
            "conflict",
        ),
    ] {
        let answer = server.post("/v1/persons/apart", &key, &body);
        assert_eq!(answer.code(), code, "{body}: {}", answer.text());
    }
    let refused = server.post(
        "/v1/persons/apart",
        &server.key("default", "operator"),
        &body,
    );
    assert_eq!(refused.code(), "forbidden");
}

#[test]
fn by_what_a_person_is_known_is_told_with_who_said_so() {
    let server = Server::start();
    let key = server.key("default", "compliance");
    let ann = entered(&server, &key, &of("Ann Smith", "A", "10.00"));
    entered(&server, &key, &of("ANN  SMITH", "B", "10.00"));
    let eve = entered(&server, &key, &of("Eve Jones", "E", "10.00"));
    let bob = entered(&server, &key, &of("Bob Wood", "W", "10.00"));
    entered(&server, &key, &of("Bob Wood", "X", "10.00"));
    let post = |path: &str, body: &Value| {
        let answer = server.post(&format!("/v1/persons/{path}"), &key, body);
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    post("merge", &json!({"from": eve, "into": ann}));
    post("split", &json!({"shipment_ids": ["W"], "to": ann}));
    let known = server
        .get(&format!("/v1/persons/{ann}/identity"), &key)
        .json();
    assert_eq!(
        (
            &known["person_rules"],
            &known["looked_at"],
            &known["unread"]
        ),
        (&json!("exact-1"), &json!(4), &json!(0)),
        "{known}"
    );
    let keys = known["keys"].as_array().unwrap();
    let of_key = |key: &str| keys.iter().find(|one| one["key"] == key).unwrap();
    assert_eq!(keys.len(), 3);
    assert_eq!(
        [
            &of_key(&ann)["because"],
            &of_key(&eve)["because"],
            &of_key(&bob)["because"]
        ],
        [&json!("own"), &json!("merged"), &json!("given")]
    );
    let spellings = of_key(&ann)["spellings"].as_array().unwrap();
    assert_eq!(spellings.len(), 2);
    let names: Vec<&Value> = spellings.iter().map(|one| &one["given"]["name"]).collect();
    assert!(names.contains(&&json!("Ann Smith")) && names.contains(&&json!("ANN  SMITH")));
    assert_eq!(spellings[0]["compared"], spellings[1]["compared"]);
    // What was read of a person is in the audit, without a key by the exact rules.
    let audit = server.get("/v1/audit", &key).text();
    assert!(audit.contains("person.read") && !audit.contains(&ann) && !audit.contains("Smith"));
    // A parcel that was given away leads to who has it.
    let page = see(&server, "/parcels/W", &key).text();
    assert!(
        page.contains(&format!("/persons/{ann}?day=2024-05-10")),
        "{page}"
    );
    let looked = see(&server, "/persons?q=W", &key);
    let to = format!("/persons/{ann}?day=2024-05-10");
    assert_eq!((looked.status, looked.header("location")), (303, &*to));
    // After an erasure no name is left, nor a key.
    said(&server, &["ledger", "erase", "--key", &ann, "--yes"]);
    let gone = server
        .get(&format!("/v1/persons/{ann}/identity"), &key)
        .json();
    assert_eq!((&gone["keys"], &gone["unread"]), (&json!([]), &json!(4)));
    let page = see(&server, &format!("/persons/{ann}"), &key);
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("Smith") && page.text().contains("limit not known"));
    assert_eq!(see(&server, "/persons?q=A", &key).status, 404);
}

#[test]
fn pages_do_what_the_api_does() {
    let server = Server::start();
    let key = server.key("default", "compliance");
    assert!(
        see(&server, "/persons", &key)
            .text()
            .contains("No parcels yet")
    );
    let ann = entered(&server, &key, &of("Ana Lopez", "A & 1", "500.00"));
    let eve = entered(&server, &key, &of("Ana Lopes", "E", "400.00"));
    let page = see(&server, "/persons?alike=yes", &key).text();
    assert!(
        page.contains("over the limit if they are") && page.contains(&ann),
        "{page}"
    );
    let by_key = see(&server, &format!("/persons?q={eve}"), &key);
    assert_eq!(by_key.header("location"), format!("/persons/{eve}"));
    for (wrong, word) in [
        ("q=nothing", "neither a key"),
        (
            "q=00112233445566778899aabbccddeeff",
            "no parcel of this key",
        ),
        ("q=%00", "neither a key"),
        ("day=May", "must be a day"),
    ] {
        let answer = see(&server, &format!("/persons?{wrong}"), &key);
        assert!(
            answer.status >= 400 && answer.text().contains(word),
            "{wrong}"
        );
    }
    for wrong in ["day=May", "month=May", "after=x"] {
        let answer = see(&server, &format!("/persons/{ann}?{wrong}"), &key);
        assert_eq!(answer.status, 400, "{wrong}");
    }
    let form = format!("from={eve}&into={ann}&nonce=n&day=2024-05-10");
    let merged = send(&server, &format!("/persons/{ann}/merge"), &key, &form);
    assert_eq!(merged.status, 200, "{}", merged.text());
    let text = merged.text();
    assert!(
        text.contains("$900.00 counted as section 321 c, over the limit of $800.00"),
        "{text}"
    );
    let again = send(&server, &format!("/persons/{ann}/merge"), &key, &form).text();
    assert!(again.contains("This was done before"), "{again}");
    let calendar = format!("/v1/persons/{eve}/calendar");
    let told = server.get(&calendar, &key).json();
    assert_eq!(
        (&told["merged"], &told["days"][0]["state"]),
        (&json!(true), &json!("over"))
    );
    // The parcels that are chosen go, whatever their ids are. Who has none left has no page: that of
    // the other is shown.
    let form = format!("nonce=n&day=2024-05-10&to={eve}&id=A+%26+1&id=E");
    let split = send(&server, &format!("/persons/{ann}/split"), &key, &form);
    assert_eq!(split.status, 200, "{}", split.text());
    assert!(
        split.text().contains(&format!("<h1>Person <code>{eve}")),
        "{}",
        split.text()
    );
    assert_eq!(see(&server, &format!("/persons/{ann}"), &key).status, 404);
    let form = format!("nonce=n&day=2024-05-10&to={ann}&id=A+%26+1");
    let split = send(&server, &format!("/persons/{eve}/split"), &key, &form);
    assert_eq!(split.status, 200, "{}", split.text());
    let told = server.get(&calendar, &key).json();
    assert_eq!(
        (&told["merged"], &told["days"][0]["state"]),
        (&json!(false), &json!("under"))
    );
    for (act, form, status, word) in [
        (
            "merge",
            format!("from={ann}&into=x&nonce=n"),
            422,
            "into must be a person",
        ),
        (
            "merge",
            format!("from={ann}&into={ann}&nonce=n"),
            409,
            "one",
        ),
        (
            "split",
            format!("to={eve}&nonce=n"),
            422,
            "shipment ids must have 1 to 1000 ids",
        ),
        (
            "split",
            format!("to={eve}&nonce=n&id=Z"),
            404,
            "there is no such shipment",
        ),
        (
            "apart",
            format!("one={ann}&other={ann}&nonce=n"),
            409,
            "a split takes parcels apart",
        ),
        ("apart", format!("one={ann}"), 400, "lacks a field"),
    ] {
        let answer = send(&server, &format!("/persons/{ann}/{act}"), &key, &form);
        assert_eq!(answer.status, status, "{act} {form}: {}", answer.text());
        assert!(
            answer.text().contains(word),
            "{act} {form}: {}",
            answer.text()
        );
    }
    // Who may not say it is not shown how, and not let.
    let operator = server.key("default", "operator");
    let page = see(&server, &format!("/persons/{ann}"), &operator).text();
    assert!(
        page.contains("Ana Lopez") && !page.contains("<button>Merge into it"),
        "{page}"
    );
    let form = format!("from={eve}&into={ann}&nonce=m");
    let refused = send(&server, &format!("/persons/{ann}/merge"), &operator, &form);
    assert_eq!(refused.status, 403);
    let viewer = server.key("default", "viewer");
    for path in ["/persons".to_owned(), format!("/persons/{ann}")] {
        assert_eq!(see(&server, &path, &viewer).status, 403);
    }
    let page = see(&server, "/parcels/E", &viewer).text();
    assert!(!page.contains("/persons"), "{page}");
    let other = server.key("other", "compliance");
    assert_eq!(see(&server, &format!("/persons/{ann}"), &other).status, 404);
}
