//! The law, the schedule and duty over HTTP: the same answers as the command line gives.

use crate::server::Server;
use deminimis_office::tariff::{Identity, export, release, store};
use deminimis_tariff::Schedule;
use serde_json::{Value, json};

/// What the command line says, as JSON.
fn said(server: &Server, args: &[&str]) -> Value {
    let told = server.command().args(args).output().unwrap();
    let errors = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{args:?}: {errors}");
    serde_json::from_slice(&told.stdout).unwrap()
}

#[test]
fn the_law_is_told_as_by_the_command_line() {
    let server = Server::start();
    let key = server.key("default", "viewer");
    for (path, args) in [
        ("/v1/law?at=2025-08-29", vec!["at", "2025-08-29"]),
        (
            "/v1/law?at=2025-08-29T00:00:59-04:00",
            vec!["at", "2025-08-29T00:00:59-04:00"],
        ),
        ("/v1/law/instruments", vec!["list"]),
        (
            "/v1/law/instruments?kind=value-limit",
            vec!["list", "--kind", "value-limit"],
        ),
        (
            "/v1/law/instruments/s321.value-limit",
            vec!["show", "s321.value-limit"],
        ),
        (
            "/v1/law/diff?before=2025-05-01&after=2025-05-02",
            vec!["diff", "2025-05-01", "2025-05-02"],
        ),
        ("/v1/law/timeline", vec!["timeline"]),
    ] {
        let answer = server.get(path, &key);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let args = [&["law"], &args[..], &["--format", "json"]].concat();
        assert_eq!(answer.json(), said(&server, &args), "{path}");
    }
    let now = server.get("/v1/law", &key).json();
    assert!(now["in_force"].as_array().unwrap().len() > 50);
}

#[test]
fn what_cannot_be_asked_of_the_law_is_named() {
    let server = Server::start();
    let key = server.key("default", "viewer");
    for (path, status, word) in [
        ("/v1/law?at=yesterday", 400, "at "),
        ("/v1/law?at=2025-08-29T10:00", 400, "at "),
        ("/v1/law/instruments?kind=tax", 400, "value-limit"),
        ("/v1/law/diff?before=2025-01-01", 400, "after"),
        (
            "/v1/law/instruments/s321.value-limt",
            404,
            "s321.value-limit",
        ),
        ("/v1/law/instruments/%00", 404, "instrument"),
        ("/v1/tariff/shirts", 400, "number"),
        ("/v1/tariff/6109.10.0013?at=2026-11-20", 404, "6109.10.0012"),
        ("/v1/tariff/6109.10.0012?origin=Vietnam", 400, "origin"),
        ("/v1/tariff?q=", 400, "q "),
        ("/v1/tariff", 400, "q"),
        ("/v1/tariff?q=shirts", 409, "tariff import"),
    ] {
        let answer = server.get(path, &key);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        answer.code();
        assert!(answer.text().contains(word), "{path}: {}", answer.text());
    }
}

#[test]
fn a_number_and_an_article_are_told_as_by_the_command_line() {
    let server = Server::start();
    let key = server.key("default", "viewer");
    for (path, args) in [
        (
            "/v1/tariff/6109.10.0012?at=2026-11-20&origin=CN",
            vec!["6109.10.0012", "--at", "2026-11-20", "--origin", "CN"],
        ),
        (
            "/v1/tariff/6109?at=2026-11-20",
            vec!["6109", "--at", "2026-11-20"],
        ),
    ] {
        let answer = server.get(path, &key);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let args = [&["tariff", "show"], &args[..], &["--format", "json"]].concat();
        assert_eq!(answer.json(), said(&server, &args), "{path}");
    }
    let article = json!({"htsus_number": "7323.93.0080", "country_of_origin": "CN",
        "line_value": "500", "entered_at": "2026-11-20", "claims": [],
        "facts": {"steel_value_usd": "200.00"}});
    let answer = server.post("/v1/duty", &key, &article);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let args = "duty 7323.93.0080 --origin CN --value 500 --entered-at 2026-11-20 --fact \
                steel_value_usd=200.00 --format json";
    let args: Vec<&str> = args.split_whitespace().collect();
    assert_eq!(answer.json(), said(&server, &args));
    for (field, value, pointer) in [
        ("line_value", "4,00", "/line_value"),
        ("country_of_origin", "XX", "/country_of_origin"),
        ("mode", "rocket", "/mode"),
        ("entered_at", "soon", "/arrives_at"),
        ("quantity", "many", "/quantity"),
    ] {
        let mut bad = article.clone();
        bad[field] = json!(value);
        let answer = server.post("/v1/duty", &key, &bad);
        assert_eq!(answer.code(), "bad_shipment", "{field}");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{field}");
    }
    let mut unknown = article.clone();
    unknown["facts"] = json!({"colour": "red"});
    let answer = server.post("/v1/duty", &key, &unknown);
    assert_eq!(answer.json()["errors"][0]["pointer"], "/facts/colour");
    let mut strange = article;
    strange["price"] = json!("1.00");
    assert_eq!(
        server.post("/v1/duty", &key, &strange).code(),
        "bad_shipment"
    );
}

#[test]
fn duty_by_origin_and_over_time_is_the_command_lines() {
    let server = Server::start();
    let key = server.key("default", "viewer");
    let article = json!({"htsus_number": "6109.10.0012", "country_of_origin": "CN",
        "line_value": "900", "mode": "express", "entered_at": "2026-11-20"});
    let asked = json!({"article": article, "origins": ["VN", "CN", "MX", "VN"]});
    let answer = server.post("/v1/duty/compare", &key, &asked);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let args = "duty 6109.10.0012 --origin CN --compare VN,CN,MX,VN --value 900 --mode express \
                --entered-at 2026-11-20 --format json";
    let args: Vec<&str> = args.split_whitespace().collect();
    assert_eq!(answer.json(), said(&server, &args));
    assert_eq!(answer.json().as_array().unwrap().len(), 3);

    let mut article = article;
    article.as_object_mut().unwrap().remove("entered_at");
    let asked = json!({"article": article, "over": "2018-07..2026-12"});
    let answer = server.post("/v1/duty/history", &key, &asked);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let args = "duty 6109.10.0012 --origin CN --value 900 --mode express --over 2018-07..2026-12 \
                --format json";
    let args: Vec<&str> = args.split_whitespace().collect();
    assert_eq!(answer.json(), said(&server, &args));
    assert!(answer.json()["steps"].as_array().unwrap().len() > 10);

    for (path, place, value, pointer) in [
        ("compare", "/origins", json!(["Vietnam"]), "/origins/0"),
        ("compare", "/origins", json!(vec!["CN"; 13]), "/origins"),
        (
            "compare",
            "/article/line_value",
            json!("x"),
            "/article/line_value",
        ),
        ("history", "/over", json!("2026-12..2018-07"), "/over"),
        ("history", "/over", json!("1900-01..2026-12"), "/over"),
        (
            "history",
            "/article/currency",
            json!("EUR"),
            "/article/currency",
        ),
        (
            "history",
            "/article/entered_at",
            json!("2026-11-20"),
            "/article/entered_at",
        ),
        ("history", "/article/mode", json!("rocket"), "/article/mode"),
    ] {
        let mut bad = json!({"article": article});
        bad[if path == "compare" { "origins" } else { "over" }] = match path {
            "compare" => json!([]),
            _ => json!("2026-01..2026-02"),
        };
        match place.strip_prefix("/article/") {
            Some(field) => bad["article"][field] = value,
            None => bad[&place[1..]] = value,
        }
        let answer = server.post(&format!("/v1/duty/{path}"), &key, &bad);
        assert_eq!(
            answer.code(),
            "bad_shipment",
            "{path} {place}: {}",
            answer.text()
        );
        assert_eq!(
            answer.json()["errors"][0]["pointer"],
            pointer,
            "{path} {place}"
        );
    }
}

#[test]
fn an_imported_release_describes_numbers() {
    let home = tempfile::tempdir().unwrap();
    let rows = json!([
        {"htsno": "6109", "indent": "0", "description": "T-shirts, knitted or crocheted:"},
        {"htsno": "6109.10.00", "indent": "1", "description": "Of cotton", "general": "16.5%",
            "special": "", "other": "90%", "units": []},
        {"htsno": "6109.10.00.12", "indent": "2", "description": "All white, without pockets",
            "general": "", "special": "", "other": "", "units": ["doz.", "kg"]},
    ]);
    let bytes = serde_json::to_vec(&rows).unwrap();
    let read = export::read(&bytes).unwrap();
    let identity = Identity {
        name: "2026 Revision 99".to_owned(),
        day: deminimis_law::time::Day::parse("2026-10-01").unwrap(),
        sha256: store::sha256(&bytes),
        source: "a test".to_owned(),
    };
    let figures = release::figures(&read, &identity, Schedule::embedded());
    store::save(
        home.path(),
        &identity,
        &figures,
        &release::lines_text(&read),
    )
    .unwrap();
    let server = Server::start_in(home, &[]);
    let key = server.key("default", "viewer");
    let found = server.get("/v1/tariff?q=white+cotton&at=2026-11-20", &key);
    assert_eq!(found.status, 200, "{}", found.text());
    assert_eq!(found.json()["release"], "2026 Revision 99");
    assert_eq!(found.json()["found"][0]["number"], "6109.10.0012");
    let told = server.get("/v1/tariff/6109100012?at=2026-11-20", &key);
    assert_eq!(
        told.json()["path"][2],
        "All white, without pockets",
        "{}",
        told.text()
    );
}
