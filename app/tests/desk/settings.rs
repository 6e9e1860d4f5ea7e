//! Settings of a tenant over HTTP: what is in force and from where, what is filled in, the house's
//! rules, retention, and invitations.

use crate::batches::{ended, send};
use crate::parcels::parcel;
use crate::server::{Answer, Server};
use deminimis_store::desk::{
    AuditLine, Batch, BatchCounts, BatchKind, BatchState, DeskStore, Event, Waiting,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn put(server: &Server, key: &str, name: &str, value: &Value) -> Answer {
    let headers = [
        ("authorization", &*format!("Bearer {key}")),
        ("content-type", "application/json"),
    ];
    let body = json!({ "value": value }).to_string();
    server.ask(
        "PUT",
        &format!("/v1/settings/{name}"),
        &headers,
        body.as_bytes(),
    )
}

fn set(server: &Server, key: &str, name: &str, value: Value) {
    let answer = put(server, key, name, &value);
    assert_eq!(answer.status, 204, "{name}: {}", answer.text());
}

fn delete(server: &Server, key: &str, path: &str) -> u16 {
    let bearer = format!("Bearer {key}");
    server
        .ask("DELETE", path, &[("authorization", &bearer)], &[])
        .status
}

/// A setting as it is in force.
fn setting(server: &Server, key: &str, name: &str) -> Value {
    let all = server.get("/v1/settings", key).json();
    let mut all = all.as_array().unwrap().iter();
    all.find(|one| one["name"] == name).unwrap().clone()
}

/// What a parcel's first record has under a path.
fn kept(server: &Server, key: &str, id: &str, path: &str) -> Value {
    let told = server.get(&format!("/v1/records/{id}"), key).json();
    let fields = told[0]["values"].as_array().unwrap().iter();
    let mut found = fields.filter(|one| one["path"] == path);
    found.next().map_or(Value::Null, |one| one["value"].clone())
}

fn bond() -> Value {
    json!({"type": "continuous", "number": "B-77", "surety_code": "036", "amount_usd": "50000"})
}

#[test]
fn settings_are_told_with_their_source_and_read_strictly() {
    let home = tempfile::tempdir().unwrap();
    let file = "[serve]\nkeep_batches_days = 12\n[filing]\nfiler_code = \"XYZ\"\n\
                [filing.defaults]\npayment_type = \"7\"\nbond_type = \"single\"\nmode = \"air\"\n";
    std::fs::write(home.path().join("deminimis.toml"), file).unwrap();
    let server = Server::start_in(home, &[]);
    let admin = &server.key("default", "admin");
    let told = |name: &str| {
        let one = setting(&server, admin, name);
        (
            one["value"].clone(),
            one["from"].as_str().unwrap().to_owned(),
        )
    };
    let toml = || "deminimis.toml".to_owned();
    assert_eq!(told("payment_type"), (json!("7"), toml()));
    assert_eq!(told("bond"), (json!({"type": "single"}), toml()));
    assert_eq!(told("mode"), (json!("air"), toml()));
    assert_eq!(told("keep_batches_days"), (json!(12), toml()));
    assert_eq!(
        told("keep_deliveries_days"),
        (json!(30), "default".to_owned())
    );
    assert_eq!(told("filer_code"), (Value::Null, "default".to_owned()));
    for (name, value, pointer) in [
        ("filer_code", json!("abc"), "/value"),
        ("filer_code", json!(7), "/value"),
        ("filer_code", json!(""), "/value"),
        ("payment_type", json!("4"), "/value"),
        ("port_of_entry", json!("27"), "/value"),
        ("importer_of_record_number", json!("123-45-9999"), "/value"),
        ("importer_of_record_number", json!("123459999"), "/value"),
        ("bond", json!("continuous"), "/value"),
        ("bond", json!({"type": "none"}), "/value/type"),
        ("bond", json!({"number": "B-77"}), "/value/type"),
        (
            "bond",
            json!({"type": "single", "amount_usd": "1.50"}),
            "/value/amount_usd",
        ),
        (
            "bond",
            json!({"type": "single", "surety": "036"}),
            "/value/surety",
        ),
        ("shipments_a_day", json!(0), "/value"),
        ("shipments_a_day", json!("1"), "/value"),
        ("value_a_day_usd", json!(800), "/value"),
        ("value_a_day_usd", json!("-1"), "/value"),
        ("keep_batches_days", json!(1.5), "/value"),
        ("keep_deliveries_days", json!(3651), "/value"),
    ] {
        let refused = put(&server, admin, name, &value);
        assert_eq!(refused.code(), "bad_shipment", "{name} {value}");
        let error = refused.json()["errors"][0].clone();
        assert_eq!(error["pointer"], pointer, "{error}");
        assert!(!error["detail"].as_str().unwrap().is_empty());
        // A number that can be a person's own is not repeated.
        assert!(!refused.text().contains("9999"), "{}", refused.text());
    }
    let unknown = put(&server, admin, "carrier%20x", &json!("{}"));
    assert_eq!(unknown.status, 404);
    assert_eq!(put(&server, admin, "mode", &json!("air")).status, 404);

    set(&server, admin, "bond", bond());
    set(&server, admin, "keep_batches_days", json!(3));
    let one = setting(&server, admin, "bond");
    assert_eq!((&one["value"], &one["from"]), (&bond(), &json!("tenant")));
    assert!(one["set_by"].as_str().unwrap().starts_with("key "), "{one}");
    assert!(one["set_at"].as_i64().unwrap() > 1_700_000_000, "{one}");
    // Another tenant has its own.
    let other = &server.key("other", "admin");
    assert_eq!(setting(&server, other, "bond")["from"], "deminimis.toml");
    assert_eq!(delete(&server, other, "/v1/settings/bond"), 404);
    assert_eq!(delete(&server, admin, "/v1/settings/bond"), 204);
    assert_eq!(delete(&server, admin, "/v1/settings/bond"), 404);
    assert_eq!(told("bond"), (json!({"type": "single"}), toml()));
    let audit = server.get("/v1/audit", &server.key("default", "compliance"));
    for line in [
        "\"setting.set\",\"about\":\"bond\"",
        "\"setting.delete\",\"about\":\"bond\"",
    ] {
        assert!(audit.text().contains(line), "{line}: {}", audit.text());
    }
}

#[test]
fn what_cannot_be_filled_in_is_told_when_the_desk_begins() {
    let home = tempfile::tempdir().unwrap();
    let file = "[filing.defaults]\nfiler_code = \"?\"\n";
    std::fs::write(home.path().join("deminimis.toml"), file).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_deminimis"));
    command.env("DEMINIMIS_HOME", home.path());
    command.env_remove("DATABASE_URL").current_dir(home.path());
    let ended = command.args(["serve", "--listen", "127.0.0.1:0"]).output();
    let ended = ended.unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success(), "{said}");
    assert!(said.contains("[filing.defaults] filer_code"), "{said}");
}

#[test]
fn what_a_parcel_leaves_open_is_filled_in_and_nothing_else() {
    let server = Server::start();
    let admin = &server.key("default", "admin");
    let enter = |one: &Value| {
        let answer = server.post("/v1/shipments", admin, one);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer
    };
    let before = enter(&parcel("BEFORE", "5.00"));
    assert_eq!(before.json()["filled"], Value::Null);
    set(&server, admin, "bond", bond());
    set(&server, admin, "filer_code", json!("WLH"));
    let first = enter(&parcel("P-1", "5.00"));
    let filled = [
        "bond_amount_usd",
        "bond_number",
        "bond_surety_code",
        "bond_type",
        "filer_code",
    ];
    assert_eq!(first.json()["filled"], json!(filled));
    for (path, value) in [
        ("input.bond_number", json!("B-77")),
        ("input.filer_code", json!("WLH")),
        ("filled", json!(filled.join(" "))),
    ] {
        assert_eq!(kept(&server, admin, "P-1", path), value, "{path}");
    }
    // Of a bond of its own nothing is made another.
    let mut own = parcel("P-2", "5.00");
    own["bond"] = json!({"type": "single"});
    assert_eq!(enter(&own).json()["filled"], json!(["filer_code"]));
    assert_eq!(
        kept(&server, admin, "P-2", "input.bond_type"),
        json!("single")
    );
    assert_eq!(
        kept(&server, admin, "P-2", "input.bond_number"),
        Value::Null
    );

    // The same requests are answered as they were, whatever is set by now.
    set(&server, admin, "filer_code", json!("ABC"));
    assert_eq!(delete(&server, admin, "/v1/settings/bond"), 204);
    for (one, was) in [
        (parcel("P-1", "5.00"), &first),
        (parcel("BEFORE", "5.00"), &before),
    ] {
        let again = enter(&one);
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(again.text(), was.text());
    }
    let mut other = parcel("P-1", "5.00");
    other["filer_code"] = json!("WLH");
    assert_eq!(server.post("/v1/shipments", admin, &other).status, 409);

    // A file that is entered is filled in alike, and its answers say so.
    let body = parcel("B-1", "5.00").to_string();
    let sent = send(
        &server,
        admin,
        "?kind=enter",
        "application/json",
        body.as_bytes(),
    );
    let batch = sent.json()["addresses"]["this"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(ended(&server, admin, &batch)["state"], "finished");
    let results = server
        .get(&format!("{batch}/results?format=ndjson"), admin)
        .text();
    assert!(results.contains("\"filled\":[\"filer_code\"]"), "{results}");
    assert_eq!(
        kept(&server, admin, "B-1", "input.filer_code"),
        json!("ABC")
    );
    // Another tenant has nothing of it.
    let theirs = server.key("other", "operator");
    let answer = server.post("/v1/shipments", &theirs, &parcel("P-1", "5.00"));
    assert_eq!(answer.json()["filled"], Value::Null);
}

/// Waits until a parcel is on the board.
fn followed(server: &Server, key: &str, id: &str) -> Value {
    let begun = Instant::now();
    loop {
        let story = server.get(&format!("/v1/shipments/{id}/events"), key);
        let kinds = story.text();
        if story.status == 200 && kinds.contains("\"booked\"") {
            return story.json();
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{kinds}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_parcel_that_breaks_a_rule_of_the_house_is_held_once_and_decided_as_before() {
    let server = Server::start();
    let admin = &server.key("default", "admin");
    let enter = |id: &str, value: &str| {
        let answer = server.post("/v1/shipments", admin, &parcel(id, value));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer
    };
    enter("OLD-1", "5.00");
    let old = enter("OLD-2", "5.00");
    // What was entered before there was a rule is not judged when it comes again.
    std::thread::sleep(Duration::from_millis(1100));
    set(&server, admin, "shipments_a_day", json!(2));
    set(&server, admin, "value_a_day_usd", json!("100.00"));
    assert_eq!(enter("OLD-2", "5.00").text(), old.text());
    assert_eq!(old.json()["house_policy"], Value::Null);
    let third = enter("P-3", "5.00");
    let count = json!({"rule": "shipments_a_day", "limit": "2", "found": "3"});
    assert_eq!(third.json()["house_policy"], json!([count]));
    assert_eq!(third.json()["outcome"], "free");
    let fourth = enter("P-4", "90.00").json();
    let value = json!({"rule": "value_a_day_usd", "limit": "100.00", "found": "105.00"});
    assert_eq!(fourth["house_policy"][1], value);
    assert_eq!(fourth["day_all_usd"], "105.00");
    // Another person, and another day.
    let mut eve = parcel("EVE", "5.00");
    eve["consignee"]["name"] = json!("Eve Jones");
    let eve = server.post("/v1/shipments", admin, &eve).json();
    assert_eq!(eve["house_policy"], Value::Null, "{eve}");

    let story = followed(&server, admin, "P-3");
    assert_eq!(story["now"]["state"], "held", "{story}");
    let held = story["now"]["held"].as_str().unwrap();
    assert!(
        held.starts_with("house-policy: 3 parcels of this person"),
        "{held}"
    );
    // The rule changes, and the same request is answered as it was, and holds no second time.
    set(&server, admin, "shipments_a_day", json!(3));
    assert_eq!(enter("P-3", "5.00").text(), third.text());
    let holds = |story: &Value| {
        let events = story["events"].as_array().unwrap().iter();
        events.filter(|event| event["kind"] == "hold").count()
    };
    assert_eq!(holds(&followed(&server, admin, "P-3")), 1);
    // A person lets it go.
    let now = json!({"kind": "hold_removed", "hold": "house-policy", "at": "2100-01-01T00:00:00Z"});
    let path = "/v1/shipments/P-3/events";
    assert_eq!(server.post(path, admin, &now).status, 422);
    let at = SystemTime::now() + Duration::from_secs(2);
    let at = at.duration_since(UNIX_EPOCH).unwrap().as_secs();
    let event = json!({"kind": "hold_removed", "hold": "house-policy", "at": stamp(at)});
    let let_go = server.post(path, admin, &event);
    assert_eq!(let_go.json()["now"]["state"], "booked", "{}", let_go.text());
    assert_eq!(enter("P-3", "5.00").text(), third.text());
    assert_eq!(followed(&server, admin, "P-3")["now"]["state"], "booked");

    // In a file, the first of whose parcels breaks nothing.
    set(&server, admin, "shipments_a_day", json!(1));
    let mut file = String::new();
    for id in ["F-1", "F-2"] {
        let mut one = parcel(id, "5.00");
        one["consignee"]["name"] = json!("Bob Brown");
        file += &format!("{one}\n");
    }
    let sent = send(
        &server,
        admin,
        "?kind=enter",
        "application/x-ndjson",
        file.as_bytes(),
    );
    let batch = sent.json()["addresses"]["this"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(ended(&server, admin, &batch)["state"], "finished");
    let results = server
        .get(&format!("{batch}/results?format=ndjson"), admin)
        .text();
    let results: Vec<Value> = results
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(results[0]["house_policy"], Value::Null);
    assert_eq!(results[1]["house_policy"][0]["found"], "2");
    assert_eq!(followed(&server, admin, "F-2")["now"]["state"], "held");
    assert_eq!(followed(&server, admin, "F-1")["now"]["state"], "booked");
    let held = server.get("/v1/tracking?held=true", admin).json();
    let held: Vec<&Value> = held["shipments"].as_array().unwrap().iter().collect();
    let ids: Vec<&Value> = held.iter().map(|one| &one["shipment_id"]).collect();
    assert_eq!(ids, ["F-2", "P-4"]);
}

/// A moment in seconds of UTC as a timestamp.
fn stamp(at: u64) -> String {
    let day = deminimis_law::time::Day(i32::try_from(at / 86_400).unwrap());
    let of_day = at % 86_400;
    let (hours, minutes, seconds) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{day}T{hours:02}:{minutes:02}:{seconds:02}Z")
}

#[test]
fn what_a_tenant_does_not_want_to_keep_goes_and_the_others_keep_it() {
    let server = Server::start();
    let (one, other) = (server.key("one", "admin"), server.key("other", "admin"));
    set(&server, &one, "keep_batches_days", json!(2));
    let home = server.end();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let old = i64::try_from(now.as_secs()).unwrap() - 3 * 24 * 60 * 60;
    let store = DeskStore::open_sqlite(&home.path().join("desk.sqlite")).unwrap();
    for tenant in ["one", "other"] {
        let batch = Batch {
            seq: 0,
            batch_id: format!("{tenant}-1"),
            tenant: tenant.to_owned(),
            name: "parcels.csv".to_owned(),
            kind: BatchKind::Assess,
            format: String::new(),
            preset: String::new(),
            ignore_unknown: false,
            bytes: 1,
            state: BatchState::Queued,
            created_at: old,
            started_at: None,
            ended_at: None,
            failure: String::new(),
            counts: BatchCounts::default(),
        };
        let most = Waiting {
            batches_of_tenant: 9,
            bytes_of_tenant: i64::MAX,
            bytes: i64::MAX,
        };
        assert_eq!(store.add_batch(&batch, most).wait().unwrap(), None);
        let taken = store.take_batch(old).wait().unwrap().unwrap();
        let event = Event {
            event_id: taken.batch_id.clone(),
            name: "batch.finished".to_owned(),
            body: "{}".to_owned(),
            at: old,
        };
        let counts = BatchCounts::default();
        let ended = store.end_batch(&taken.batch_id, counts, None, &event);
        assert!(ended.wait().unwrap());
    }
    drop(store);
    let server = Server::start_in(home, &[]);
    let many = |key: &str| server.get("/v1/batches", key).json();
    let begun = Instant::now();
    while many(&one).as_array().unwrap().len() == 1 {
        assert!(begun.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(many(&other).as_array().unwrap().len(), 1);
}

#[test]
fn an_invitation_is_listed_and_taken_back() {
    let server = Server::start();
    let admin = &server.key("default", "admin");
    let made = server
        .post("/v1/invitations", admin, &json!({"role": "viewer"}))
        .json();
    let path = made["path"].as_str().unwrap();
    let list = || server.get("/v1/invitations", admin).json();
    // The first admin's own is among them.
    let roles: Vec<Value> = list()
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["role"].clone())
        .collect();
    assert_eq!(roles.len(), 2, "{roles:?}");
    let all = list();
    let mut all = all.as_array().unwrap().iter();
    let own = all.find(|one| one["role"] == "viewer").unwrap().clone();
    assert_eq!(own["expires_at"], made["expires_at"]);
    let id = own["invitation_id"].as_str().unwrap();
    // Neither does the list tell the link, nor is there a part of it in the id.
    assert!(!path.contains(id));
    let withdraw = format!("/v1/invitations/{id}");
    assert_eq!(
        delete(&server, &server.key("other", "admin"), &withdraw),
        404
    );
    assert_eq!(server.ask("GET", path, &[], &[]).status, 200);
    assert_eq!(delete(&server, admin, &withdraw), 204);
    assert_eq!(delete(&server, admin, &withdraw), 404);
    assert_eq!(server.ask("GET", path, &[], &[]).status, 404);
    assert_eq!(list().as_array().unwrap().len(), 1);
    let audit = server.get("/v1/audit", &server.key("default", "compliance"));
    assert!(audit.text().contains("user.withdraw"), "{}", audit.text());
}

#[test]
fn another_program_sees_a_change_within_the_time_that_is_told() {
    let server = Server::start();
    let admin = &server.key("default", "admin");
    // It is in hand.
    assert_eq!(setting(&server, admin, "filer_code")["from"], "default");
    let store = DeskStore::open_sqlite(&server.home().join("desk.sqlite")).unwrap();
    let line = AuditLine {
        seq: 0,
        tenant: "default".to_owned(),
        at: 1_795_000_000,
        who: "key of another".to_owned(),
        act: "setting.set".to_owned(),
        about: "filer_code".to_owned(),
    };
    store
        .set_setting(line, "filer_code", "\"WLH\"")
        .wait()
        .unwrap();
    let begun = Instant::now();
    while setting(&server, admin, "filer_code")["from"] == "default" {
        assert!(begun.elapsed() < Duration::from_secs(8));
        std::thread::sleep(Duration::from_millis(200));
    }
    let told = setting(&server, admin, "filer_code");
    assert_eq!(
        (&told["value"], &told["set_by"]),
        (&json!("WLH"), &json!("key of another"))
    );
}
