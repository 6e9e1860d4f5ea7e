//! Who may come: every route of the description against every caller, and tenants against each
//! other.

use crate::parcels::parcel;
use crate::server::Server;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const ROLES: [&str; 4] = ["viewer", "operator", "compliance", "admin"];

/// Every operation: method, path with its parts filled in, and the least role.
fn operations(server: &Server) -> Vec<(String, String, Option<String>)> {
    let api = server.ask("GET", "/openapi.json", &[], &[]).json();
    assert_eq!(api["openapi"], "3.1.0");
    let mut all = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let role = operation["security"][0]["api_key"][0].as_str();
            let mut filled = String::new();
            let mut rest = path.as_str();
            while let Some((before, after)) = rest.split_once('{') {
                filled.push_str(before);
                filled.push_str("nothing-of-that-name");
                rest = after.split_once('}').unwrap().1;
            }
            filled.push_str(rest);
            all.push((method.to_ascii_uppercase(), filled, role.map(str::to_owned)));
        }
    }
    assert!(all.len() >= 12, "{all:?}");
    all
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_secs() as i64
}

fn ask(server: &Server, method: &str, path: &str, key: Option<&str>) -> (u16, String) {
    let bearer = key.map(|key| format!("Bearer {key}"));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let body: &[u8] = if method == "GET" || method == "DELETE" {
        b""
    } else {
        b"{}"
    };
    let answer = server.ask(method, path, &headers, body);
    (answer.status, answer.text())
}

#[test]
fn every_route_takes_its_role_and_nobody_below_it() {
    let server = Server::start();
    let keys = ROLES.map(|role| server.key("default", role));
    let admin = &keys[3];
    let made = |name: &str, expires_at: i64| {
        let wanted = json!({"name": name, "role": "admin", "expires_at": expires_at});
        let made = server.post("/v1/keys", admin, &wanted);
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()
    };
    let end = now() + 2;
    let short = made("short", end);
    let short = short["key"].as_str().unwrap();
    let path = "/v1/keys";
    assert_eq!(ask(&server, "GET", path, Some(short)).0, 200);
    let revoked = made("taken back", i64::MAX);
    let of = format!("{path}/{}", revoked["key_id"].as_str().unwrap());
    assert_eq!(ask(&server, "DELETE", &of, Some(admin)).0, 204);
    let revoked = revoked["key"].as_str().unwrap();
    while now() < end {
        std::thread::sleep(Duration::from_millis(50));
    }
    let mut tampered = admin.clone();
    let last = tampered.pop().unwrap();
    tampered.push(if last == '0' { '1' } else { '0' });
    let open: Vec<String> = operations(&server)
        .into_iter()
        .filter_map(|(method, path, role)| {
            let Some(role) = role else {
                return Some(format!("{method} {path}"));
            };
            let least = ROLES.iter().position(|known| *known == role).unwrap();
            for wrong in [
                None,
                Some(short),
                Some(revoked),
                Some(&*tampered),
                Some("dmk_"),
                Some("x"),
            ] {
                let (status, text) = ask(&server, &method, &path, wrong);
                assert_eq!(status, 401, "{method} {path} {wrong:?}: {text}");
            }
            for (at, key) in keys.iter().enumerate() {
                let (status, text) = ask(&server, &method, &path, Some(key));
                let refused = status == 403;
                assert_eq!(
                    refused,
                    at < least,
                    "{method} {path} as {}: {text}",
                    ROLES[at]
                );
                assert!(
                    status < 500 && status != 401,
                    "{method} {path}: {status} {text}"
                );
            }
            None
        })
        .collect();
    // What anybody may ask is written down here.
    assert_eq!(open, ["GET /healthz", "GET /openapi.json", "GET /readyz"]);
}

#[test]
fn no_byte_of_another_tenant_is_seen() {
    let server = Server::start();
    let (one, other) = (server.key("one", "admin"), server.key("other", "admin"));
    let mut names = Vec::new();
    for at in 0..20 {
        let id = format!("SECRET-{at}");
        assert_eq!(
            server
                .post("/v1/shipments", &one, &parcel(&id, "5.00"))
                .status,
            200
        );
        names.push(id);
    }
    let key_id = server.get("/v1/keys", &one).json()[0]["key_id"]
        .as_str()
        .unwrap()
        .to_owned();
    names.push(key_id.clone());
    let mut probes = 0;
    for (method, path, role) in operations(&server) {
        if role.is_none() {
            continue;
        }
        let ids = if path.contains("nothing") {
            &names[..]
        } else {
            &names[..1]
        };
        for id in ids {
            let path = path.replace("nothing-of-that-name", id);
            let (status, text) = ask(&server, &method, &path, Some(&other));
            let leaked = ["SECRET", "Ann Smith", "Elm St"].iter().any(|word| {
                // What was asked comes back in no answer either.
                text.contains(word)
            });
            assert!(!leaked, "{method} {path}: {text}");
            assert!(
                status != 200 || !path.contains(id.as_str()),
                "{method} {path}: {text}"
            );
            probes += 1;
        }
    }
    // The ids alone, in the places where an id is looked for.
    for at in 0..2000 {
        let id = &names[at % names.len()];
        let (status, text) = ask(&server, "GET", &format!("/v1/shipments/{id}"), Some(&other));
        assert_eq!(status, 404, "{text}");
        assert!(!text.contains("SECRET"));
        probes += 1;
    }
    assert!(probes >= 2000);
    assert_eq!(
        ask(
            &server,
            "DELETE",
            &format!("/v1/keys/{key_id}"),
            Some(&other)
        )
        .0,
        404
    );
    // Both use one id for themselves: two parcels, two persons' days.
    let own = server.post("/v1/shipments", &other, &parcel("SECRET-0", "799.00"));
    assert_eq!(own.json()["outcome"], json!("free"), "{}", own.text());
    assert_eq!(own.json()["day_total_usd"], Value::from("799.00"));
}
