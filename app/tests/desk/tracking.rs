//! Parcels followed from booked to delivered.

use crate::parcels::parcel;
use crate::server::{Answer, Server};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Asks until the answer is as wanted: the ledger is followed beside the requests.
pub fn until(
    what: &str,
    mut ask: impl FnMut() -> Answer,
    right: impl Fn(&Answer) -> bool,
) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = ask();
        if right(&answer) {
            return answer;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "{what}: {}",
            answer.text()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn entered(server: &Server, key: &str, id: &str) {
    let mut one = parcel(id, "40.00");
    one["arrives_at"] = json!("2026-11-20T15:00:00-05:00");
    let answer = server.post("/v1/shipments", key, &one);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let path = format!("/v1/shipments/{id}/events");
    until(
        "is followed",
        || server.get(&path, key),
        |answer| answer.status == 200,
    );
}

fn tell(server: &Server, key: &str, id: &str, event: Value) -> Answer {
    server.post(&format!("/v1/shipments/{id}/events"), key, &event)
}

#[test]
fn events_in_any_order_and_twice_give_one_story() {
    let server = Server::start();
    let key = &server.key("default", "operator");
    entered(&server, key, "P-1");
    let events = [
        json!({"kind": "released", "at": "2026-11-20T18:00:00-05:00", "event_id": "3"}),
        json!({"kind": "arrived", "at": "2026-11-20T15:00:00-05:00", "event_id": "1",
            "crossing": "2720", "warehouse": "LAX-1"}),
        json!({"kind": "hold", "at": "2026-11-20T16:00:00-05:00", "hold": "CBP exam"}),
    ];
    for twice in [false, true] {
        for event in &events {
            let told = tell(&server, key, "P-1", event.clone());
            assert_eq!(told.status, 200, "{}", told.text());
            assert_eq!(told.json()["duplicate"], json!(twice));
        }
    }
    // It was booked when it was entered, which is after all of that: the time of the event counts.
    let story = server.get("/v1/shipments/P-1/events", key).json();
    let states: Vec<&Value> = story["states"].as_array().unwrap().iter().collect();
    let names: Vec<&str> = states
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert_eq!(names[..3], ["arrived", "held", "released"]);
    assert_eq!(states[1]["seconds"], 7200);
    assert_eq!(story["events"].as_array().unwrap().len(), 4);
    assert_eq!(
        (&story["now"]["warehouse"], &story["now"]["crossing"]),
        (&json!("LAX-1"), &json!("2720"))
    );
    let mut other = events[0].clone();
    other["at"] = json!("2026-11-20T19:00:00-05:00");
    let other = tell(&server, key, "P-1", other);
    assert_eq!((other.status, other.code().as_str()), (409, "conflict"));
    for (event, pointer) in [
        (
            json!({"kind": "exploded", "at": "2026-11-20T19:00:00-05:00"}),
            "/kind",
        ),
        (json!({"kind": "lost", "at": "2026-11-20"}), "/at"),
        (json!({"kind": "lost", "at": "2036-11-20T19:00:00Z"}), "/at"),
        (
            json!({"kind": "lost", "at": "2026-11-20T19:00:00Z", "note": "a\nb"}),
            "/note",
        ),
    ] {
        let refused = tell(&server, key, "P-1", event);
        assert_eq!(refused.status, 422);
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer);
    }
    assert_eq!(tell(&server, key, "P-9", events[0].clone()).status, 404);
}

#[test]
fn tables_carriers_and_folders_tell_the_same() {
    let server = Server::start();
    let (key, admin) = (
        &server.key("default", "operator"),
        &server.key("default", "admin"),
    );
    for id in ["P-1", "P-2", "P-3"] {
        entered(&server, key, id);
    }
    let table = "shipment_id,kind,at,warehouse\nP-1,arrived,2026-11-20T12:00:00Z,=cmd()\n\
                 P-9,arrived,2026-11-20T12:00:00Z,W\nP-2,vanished,2026-11-20T12:00:00Z,W\nP-3\n";
    let headers = [
        ("authorization", &*format!("Bearer {key}")),
        ("content-type", "text/csv"),
    ];
    let told = server.ask("POST", "/v1/events", &headers, table.as_bytes());
    assert_eq!(told.status, 200, "{}", told.text());
    let told = told.json();
    assert_eq!((&told["new"], &told["duplicate"]), (&json!(1), &json!(0)));
    let rows: Vec<&Value> = told["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["row"])
        .collect();
    assert_eq!(rows, [3, 4, 5]);
    for wrong in [
        "shipment_id,kind\n",
        "a,b,c\n",
        "shipment_id,kind,at,at\n",
        "",
    ] {
        assert_eq!(
            server
                .ask("POST", "/v1/events", &headers, wrong.as_bytes())
                .status,
            422
        );
    }

    let settings = json!({"events": "/e", "shipment_id": "/ref", "kind": "/c", "at": "/t",
        "kinds": {"DLV": "delivered"}});
    let bearer = format!("Bearer {admin}");
    let as_admin = [
        ("authorization", &*bearer),
        ("content-type", "application/json"),
    ];
    let set = server.ask(
        "PUT",
        "/v1/carriers/fastship",
        &as_admin,
        settings.to_string().as_bytes(),
    );
    assert_eq!(set.status, 204, "{}", set.text());
    let message = json!({"e": [{"ref": "P-2", "c": "DLV", "t": "2026-11-21T09:00:00Z"},
        {"ref": "P-2", "c": "XXX", "t": "2026-11-21T09:00:00Z"}]});
    let told = server
        .post("/v1/carriers/fastship/events", key, &message)
        .json();
    assert_eq!(
        (&told["new"], told["rejected"].as_array().unwrap().len()),
        (&json!(1), 1)
    );
    assert_eq!(
        server
            .post("/v1/carriers/other/events", key, &message)
            .status,
        404
    );

    let folder = server.home().join("drop/default");
    std::fs::create_dir_all(&folder).unwrap();
    let table = "shipment_id,kind,at,hold\nP-3,hold,2026-11-20T12:00:00Z,FDA\n=1+1,hold,2026-11-20T12:00:00Z,x\n";
    std::fs::write(folder.join("scan.csv"), table).unwrap();
    let board = |query: &str| server.get(&format!("/v1/tracking{query}"), key);
    let held = until(
        "the folder is read",
        || board("?held=true"),
        |answer| !answer.json()["shipments"].as_array().unwrap().is_empty(),
    );
    assert_eq!(held.json()["shipments"][0]["shipment_id"], "P-3");
    assert_eq!(held.json()["shipments"][0]["held"], "FDA");
    let rejects = folder.join("done/scan.rejects.csv");
    let begun = Instant::now();
    while !folder.join("done/scan.csv").exists() {
        assert!(begun.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(50));
    }
    // What a spreadsheet would reckon out is made harmless.
    assert!(
        std::fs::read_to_string(rejects)
            .unwrap()
            .contains("\n3,'=1+1,")
    );

    let all = board("").json();
    assert_eq!(all["shipments"].as_array().unwrap().len(), 3);
    assert_eq!(all["next"], Value::Null);
    let delivered = board("?state=delivered").json();
    assert_eq!(delivered["shipments"][0]["shipment_id"], "P-2");
    assert_eq!(board("?state=nowhere").status, 400);
    let counts = server.get("/v1/tracking/counts", key).json();
    let sum: i64 = counts
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["shipments"].as_i64().unwrap())
        .sum();
    assert_eq!(sum, 3);
    let report = server.get(
        "/v1/reports/daily?day=2026-11-20&by=warehouse&format=csv",
        key,
    );
    assert!(
        report.text().contains("2026-11-20,'=cmd(),arrived,1\n"),
        "{}",
        report.text()
    );
    assert_eq!(
        server
            .get("/v1/reports/daily?day=x&by=warehouse", key)
            .status,
        400
    );
}

#[test]
fn what_is_late_is_told_until_it_is_done() {
    let server = Server::start();
    let key = &server.key("default", "operator");
    entered(&server, key, "P-1");
    let story = server.get("/v1/shipments/P-1/events", key).json();
    let rules: Vec<&str> = story["deadlines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["rule"].as_str().unwrap())
        .collect();
    assert!(rules.contains(&"deadline.air"), "{story}");
    assert_eq!(story["now"]["late"], json!(true), "{story}");
    let late = server.get("/v1/tracking?late=true", key).json();
    assert_eq!(late["shipments"][0]["shipment_id"], "P-1");
    for kind in [
        "manifest_filed",
        "entry_filed",
        "summary_filed",
        "delivered",
    ] {
        let event = json!({"kind": kind, "at": "2026-11-20T19:00:00Z"});
        assert_eq!(tell(&server, key, "P-1", event).status, 200);
    }
    let late = server.get("/v1/tracking?late=true", key).json();
    assert_eq!(late["shipments"], json!([]));
}

/// A summary that was taken.
const AX: &str = "\
A2704ABC      112026     AX
B  4701ABCAX
E0 SUMMRY 000002 REF ID: ABC 00000014
E1A       SUMMARY HAS BEEN ADDED                  ABC  0000001400100
Y  4701ABCAX00008
Z2704ABC      112026
";
/// A hold and its release.
const SO: &str = include_str!("../data/answers/hold-and-release.so");

#[test]
fn answers_of_cbp_reach_the_parcels_of_their_entry() {
    let server = Server::start();
    let key = &server.key("default", "operator");
    let mut one = parcel("P-1", "40.00");
    one["arrives_at"] = json!("2026-11-20T15:00:00-05:00");
    one["entry_number"] = json!("ABC-0000001-4");
    let answer = server.post("/v1/shipments", key, &one);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let path = "/v1/shipments/P-1/events";
    until(
        "is followed",
        || server.get(path, key),
        |answer| answer.status == 200,
    );
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", &*bearer), ("content-type", "text/plain")];
    let send = |text: &str| {
        server
            .ask("POST", "/v1/answers", &headers, text.as_bytes())
            .json()
    };
    assert_eq!(send(AX)["new"], 1);
    let told = send(SO);
    assert_eq!(told["new"], 2, "{told}");
    assert_eq!(send(SO)["duplicate"], 2);
    let other = send(&AX.replace("00000014", "12345676"));
    assert_eq!(other["unknown_entries"], json!(["ABC-1234567-6"]));
    let story = server.get(path, key).json();
    assert_eq!(story["now"]["state"], "released");
    let names: Vec<&str> = story["states"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["held", "released"]);
    // Bytes that are no message harm nobody.
    let none = server.ask("POST", "/v1/answers", &headers, b"\xff\x00 no message");
    assert_eq!(none.status, 200);
    assert!(!none.json()["troubles"].as_array().unwrap().is_empty());
}

#[test]
fn many_events_of_one_request_are_noted_each_by_itself_and_in_their_order() {
    let server = Server::start();
    let key = &server.key("default", "operator");
    for id in ["M-1", "M-2"] {
        entered(&server, key, id);
    }
    let mut text = String::from("shipment_id,kind,at,event_id,note\n");
    // More than go to the store together, with a wrong one here and there.
    for at in 0..600 {
        let (id, kind) = match at {
            7 => ("NOBODY", "arrived"),
            300 => ("M-1", "exploded"),
            _ => (["M-1", "M-2"][at % 2], "note"),
        };
        text += &format!("{id},{kind},2026-11-20T15:00:00-05:00,e-{at},row {at}\n");
    }
    // Told twice in one request: the first counts, and other words under its id are refused.
    text += "M-1,note,2026-11-20T15:00:00-05:00,twice,first\n";
    text += "M-1,note,2026-11-20T15:00:00-05:00,twice,first\n";
    text += "M-1,note,2026-11-20T15:00:00-05:00,twice,second\n";
    let send = || {
        let bearer = format!("Bearer {key}");
        let headers = [("authorization", &*bearer), ("content-type", "text/csv")];
        let answer = server.ask("POST", "/v1/events", &headers, text.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    let rows = |told: &Value| -> Vec<u64> {
        let rejected = told["rejected"].as_array().unwrap().iter();
        rejected.map(|one| one["row"].as_u64().unwrap()).collect()
    };
    let told = send();
    assert_eq!((&told["new"], &told["duplicate"]), (&json!(599), &json!(1)));
    assert_eq!(rows(&told), [9, 302, 604]);
    let told = send();
    assert_eq!((&told["new"], &told["duplicate"]), (&json!(0), &json!(600)));
    assert_eq!(rows(&told), [9, 302, 604]);
    let story = server.get("/v1/shipments/M-1/events", key).json();
    let events = story["events"].as_array().unwrap();
    let twice: Vec<&Value> = events
        .iter()
        .filter(|one| one["event_id"] == "twice")
        .collect();
    assert_eq!(twice.len(), 1);
    assert_eq!(twice[0]["note"], "first");
}
