//! Records over HTTP: found by day, read whatever their parcel's id, and taken home in packages that
//! are checked as their own instructions say.

use crate::pages::Visitor;
use crate::parcels::parcel;
use crate::server::{Answer, Server};
use crate::verify_record;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

/// A parcel of its own person, arriving on a day.
fn on(day: &str, id: &str) -> Value {
    let mut parcel = parcel(id, "500.00");
    parcel["arrives_at"] = json!(day);
    parcel["consignee"]["street"] = json!(format!("{id} Elm St"));
    parcel
}

fn enter(server: &Server, key: &str, parcel: &Value) {
    let answer = server.post("/v1/shipments", key, parcel);
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn ids(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let records = answer.json()["records"].clone();
    let records = records.as_array().unwrap().iter();
    records
        .map(|one| one["shipment_id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn records_are_found_by_day_outcome_and_id() {
    let server = Server::start();
    let operator = server.key("default", "operator");
    let viewer = server.key("default", "viewer");
    assert_eq!(ids(&server.get("/v1/records", &viewer)), [""; 0]);
    for (day, id) in [
        ("2024-05-10", "A-1"),
        ("2024-05-11", "A-2"),
        ("2024-05-12", "B-3"),
    ] {
        enter(&server, &operator, &on(day, id));
    }
    // Under another law it is not free.
    enter(&server, &operator, &on("2025-09-10", "C-4"));
    let moved = server.post(
        "/v1/shipments/A-1/acts",
        &operator,
        &json!({"act": "move", "arrives_at": "2024-05-12"}),
    );
    assert_eq!(moved.status, 200, "{}", moved.text());
    let found = |query: &str| ids(&server.get(&format!("/v1/records?{query}"), &viewer));
    // The parcel that was entered last is first, and the records of one stand together.
    assert_eq!(found(""), ["C-4", "B-3", "A-2", "A-1", "A-1"]);
    assert_eq!(
        found("from=2024-05-12&until=2024-05-12"),
        ["B-3", "A-1", "A-1"]
    );
    assert_eq!(found("until=2024-05-11"), ["A-2"]);
    assert_eq!(found("from=2025-01-01"), ["C-4"]);
    assert_eq!(found("begins_with=A-"), ["A-2", "A-1", "A-1"]);
    assert_eq!(found("outcome=entry_required"), ["C-4"]);
    let all = server.get("/v1/records", &viewer).json();
    assert_eq!((&all["next"], &all["whole"]), (&Value::Null, &json!(true)));
    let (claim, moved) = (&all["records"][3], &all["records"][4]);
    assert_eq!(
        (&claim["what"], &moved["what"]),
        (&json!("claim"), &json!("move"))
    );
    assert_eq!(claim["outcome"], "free");
    assert!(claim["decided_at"].as_i64().unwrap() > 1_700_000_000);
    assert_eq!(claim["leaf"].as_str().unwrap().len(), 64);
    assert_eq!(claim["rulebook"], all["records"][0]["rulebook"]);
    // The list tells no values to anybody.
    let told = server.get("/v1/records", &operator).text();
    assert!(!told.contains("Ann Smith") && !told.contains("\"values\""));
    for (wrong, said) in [
        ("from=x", "from must be a day"),
        ("from=", "from must be a day"),
        ("until=2024-02-30", "until must be a day"),
        (
            "from=2024-05-12&until=2024-05-11",
            "must not be before from",
        ),
        ("outcome=x", "must be one of"),
        ("shipment_id=A-1&from=2024-05-12", "is asked for alone"),
        ("after=x", ""),
    ] {
        let answer = server.get(&format!("/v1/records?{wrong}"), &viewer);
        assert_eq!(answer.code(), "bad_request", "{wrong}");
        assert!(answer.text().contains(said), "{wrong}: {}", answer.text());
    }
    let other = server.key("other", "admin");
    assert_eq!(ids(&server.get("/v1/records", &other)), [""; 0]);
    let none = server.get("/v1/records?shipment_id=A-1", &other);
    let unknown = server.get("/v1/records?shipment_id=Z", &other);
    assert_eq!((none.status, none.text()), (404, unknown.text()));
}

#[test]
fn records_of_a_parcel_are_read_though_its_id_is_a_word_of_a_route() {
    let server = Server::start();
    let key = server.key("default", "compliance");
    for id in ["verify", "export", "A/B?c=d e"] {
        enter(&server, &key, &on("2024-05-10", id));
        let encoded = id.replace('?', "%3F").replace('/', "%2F");
        let encoded = encoded.replace('=', "%3D").replace(' ', "%20");
        let found = server.get(&format!("/v1/records?shipment_id={encoded}"), &key);
        assert_eq!(ids(&found), [id]);
        let values = found.json()["records"][0]["values"].to_string();
        assert!(values.contains("Ann Smith"), "{values}");
        let proof = server.get(&format!("/v1/records/{encoded}/proof"), &key);
        assert_eq!(proof.status, 200, "{id}: {}", proof.text());
        verify_record::check(&proof.text(), None).unwrap();
    }
    // The path itself is the route's, and says so.
    let path = server.get("/v1/records/verify", &key);
    assert_eq!(path.code(), "method_not_allowed");
    let viewer = server.key("default", "viewer");
    let told = server.get("/v1/records?shipment_id=verify", &viewer);
    assert!(!told.text().contains("Ann Smith"));
}

/// Unpacks a package and does what its instructions say: the sums by the program that they name, the
/// proofs by the very program that is in it. The ids of its parcels.
fn checked(answer: &Answer, key: &str) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/zip");
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(&answer.body)).unwrap();
    zip.extract(folder.path()).unwrap();
    let read = |path: &str| std::fs::read_to_string(folder.path().join(path)).unwrap();
    assert!(read("README.txt").contains("sha256sum -c SHA256SUMS"));
    let sums = |folder: &Path| {
        let mut command = Command::new("sha256sum");
        command.args(["-c", "--strict", "--quiet", "SHA256SUMS"]);
        command.current_dir(folder).output().unwrap().status
    };
    assert!(sums(folder.path()).success());
    let manifest: Value = serde_json::from_str(&read("manifest.json")).unwrap();
    let listed = manifest["files"].as_array().unwrap().len();
    assert_eq!(read("SHA256SUMS").lines().count(), listed + 1);
    assert_eq!(zip.len(), listed + 2);
    let mut ids = Vec::new();
    for parcel in manifest["parcels"].as_array().unwrap() {
        let proof = folder.path().join(parcel["folder"].as_str().unwrap());
        let proof = proof.join("proof.json").to_str().unwrap().to_owned();
        assert_eq!(verify_record::run(&[proof, key.to_owned()]), 0);
        ids.push(parcel["shipment_id"].as_str().unwrap().to_owned());
    }
    // A check that cannot fail would show nothing.
    let path = folder.path().join("parcels/0001/decisions.json");
    let changed = read("parcels/0001/decisions.json").replacen("free", "fret", 1);
    std::fs::write(path, changed).unwrap();
    assert!(!sums(folder.path()).success());
    ids
}

/// The installation's public key, from a head that was signed before.
fn public_key(server: &Server) -> String {
    let args = ["ledger", "head", "--format", "json"];
    let told = server.command().args(args).output().unwrap();
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    told["public_key"].as_str().unwrap().to_owned()
}

#[test]
fn a_package_of_a_range_is_checked_as_it_says() {
    let server = Server::start();
    let operator = server.key("default", "operator");
    let key = server.key("default", "compliance");
    for (day, id) in [
        ("2024-05-10", "A"),
        ("2024-05-11", "../B"),
        ("2024-05-12", "C"),
    ] {
        enter(&server, &operator, &on(day, id));
    }
    let signer = public_key(&server);
    let export = |body: Value| server.post("/v1/records/export", &key, &body);
    let some = export(json!({"from": "2024-05-11", "until": "2024-05-12"}));
    assert_eq!(checked(&some, &signer), ["C", "../B"]);
    assert_eq!(some.header("package-next"), "");
    assert!(
        some.header("content-disposition")
            .contains("2024-05-11..2024-05-12.zip")
    );
    assert_eq!(
        checked(&export(json!({"until": "2024-05-10"})), &signer),
        ["A"]
    );
    assert_eq!(
        checked(&export(json!({"shipment_ids": ["A"]})), &signer),
        ["A"]
    );
    for (body, code) in [
        (json!({}), "bad_shipment"),
        (
            json!({"shipment_ids": ["A"], "from": "2024-05-10"}),
            "bad_shipment",
        ),
        (json!({"shipment_ids": ["A", "A"]}), "bad_shipment"),
        (json!({"shipment_ids": vec!["A"; 2001]}), "bad_shipment"),
        (json!({"from": "2024-13-01"}), "bad_shipment"),
        (json!({"from": "2030-01-01"}), "not_found"),
    ] {
        assert_eq!(export(body.clone()).code(), code, "{body}");
    }
    let operators = server.post(
        "/v1/records/export",
        &operator,
        &json!({"from": "2024-05-10"}),
    );
    assert_eq!(operators.code(), "forbidden");
    let other = server.key("other", "compliance");
    let foreign = server.post("/v1/records/export", &other, &json!({"from": "2024-05-10"}));
    assert_eq!(foreign.code(), "not_found");
    // Nothing of a package is left on the disk.
    let left = std::fs::read_dir(server.home().join("packages")).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn a_long_range_goes_on_where_the_package_before_ended() {
    const MANY: usize = 2_003;
    let server = Server::start();
    let path = server.home().join("many.ndjson");
    let all: Vec<String> = (0..MANY)
        .map(|at| on("2024-05-10", &format!("N-{at:04}")).to_string())
        .collect();
    std::fs::write(&path, all.join("\n")).unwrap();
    let mut assess = server.command();
    assess
        .arg("assess")
        .arg(&path)
        .args(["--format", "csv", "-o"]);
    assess.arg(server.home().join("out.csv")).arg("--ledger");
    assert!(assess.output().unwrap().status.success());
    let signer = public_key(&server);
    let key = server.key("default", "compliance");
    let first = server.post("/v1/records/export", &key, &json!({"from": "2024-05-10"}));
    let mut found = checked(&first, &signer);
    assert_eq!(found.len(), 2_000);
    let next: i64 = first.header("package-next").parse().unwrap();
    let rest = json!({"from": "2024-05-10", "after": next});
    let rest = server.post("/v1/records/export", &key, &rest);
    assert_eq!(rest.header("package-next"), "");
    found.extend(checked(&rest, &signer));
    assert_eq!(found.len(), MANY);
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>().len(), MANY);
}

#[test]
fn a_tenant_that_reads_the_whole_log_again_and_again_keeps_no_other_out() {
    let server = Server::start();
    let (one, other) = (
        server.key("one", "compliance"),
        server.key("other", "compliance"),
    );
    enter(&server, &one, &on("2024-05-10", "A"));
    enter(&server, &other, &on("2024-05-10", "B"));
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                for _ in 0..3 {
                    let answer = server.post("/v1/records/verify", &one, &json!({}));
                    assert!([200, 429].contains(&answer.status), "{}", answer.text());
                }
            });
        }
        for _ in 0..10 {
            let answer = server.get("/v1/records/B/proof", &other);
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
    });
}

#[test]
fn what_is_not_as_it_was_written_is_said_on_the_page() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("parcel.ndjson");
    std::fs::write(&file, on("2024-05-10", "A").to_string()).unwrap();
    let mut assess = Command::new(env!("CARGO_BIN_EXE_deminimis"));
    assess.env("DEMINIMIS_HOME", home.path()).arg("assess");
    assess.arg(&file).args(["--format", "json", "--ledger"]);
    assert!(assess.output().unwrap().status.success());
    // A decision in the ledger's file says something else now.
    let path = home.path().join("ledger.sqlite");
    let mut bytes = std::fs::read(&path).unwrap();
    let word = b"\"outcome\":\"free\"";
    let places: Vec<usize> = (0..bytes.len() - word.len())
        .filter(|at| bytes[*at..].starts_with(word))
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at + word.len() - 2] = b't';
    }
    std::fs::write(&path, bytes).unwrap();
    let server = Server::start_in(home, &[]);
    let key = server.key("default", "compliance");
    let told = server.post("/v1/records/verify", &key, &json!({})).json();
    assert_eq!(told["whole"], false, "{told}");
    assert_eq!(told["records"]["found"][0]["line"], 2, "{told}");
    let page = Visitor::first(&server).send("/record-log", "from=&until=");
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    assert!(
        text.contains("Something is not as it was written"),
        "{text}"
    );
    assert!(text.contains("<td class=\"number\">2</td>"), "{text}");
    assert!(!text.contains("All is as it was written"));
    // Nothing is proven of it either.
    let proof = server.get("/v1/records/A/proof", &key);
    assert_eq!(proof.code(), "failure");
}
