//! Webhooks over HTTP: a place of the test's own is told, signed, and again until it takes it.

use crate::batches::{ended, send};
use crate::parcels::parcel;
use crate::server::Server;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A place that is told.
struct Place {
    at: SocketAddr,
    /// What it answers.
    status: Arc<AtomicU16>,
    /// Heads and bodies, as they came.
    told: Arc<Mutex<Vec<(String, String)>>>,
}

impl Place {
    fn open() -> Place {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = Place {
            at: listener.local_addr().unwrap(),
            status: Arc::new(AtomicU16::new(204)),
            told: Arc::default(),
        };
        let (status, told) = (Arc::clone(&place.status), Arc::clone(&place.told));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (mut text, mut part) = (String::new(), [0; 4096]);
                let (head, body) = loop {
                    let read = stream.read(&mut part).unwrap();
                    text += str::from_utf8(&part[..read]).unwrap();
                    if let Some((head, body)) = text.split_once("\r\n\r\n") {
                        let length = header(head, "content-length").parse::<usize>().unwrap();
                        if body.len() == length {
                            break (head.to_owned(), body.to_owned());
                        }
                    }
                    assert!(read > 0, "{text}");
                };
                told.lock().unwrap().push((head, body));
                let status = status.load(Ordering::SeqCst);
                let answer = format!(
                    "HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\
                     Connection: close\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        place
    }

    fn address(&self) -> String {
        format!("http://{}/hook?a=b", self.at)
    }

    /// Waits until so many came; all of them.
    fn wait(&self, many: usize) -> Vec<(String, String)> {
        let begun = Instant::now();
        loop {
            let told = self.told.lock().unwrap().clone();
            if told.len() >= many {
                return told;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{told:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn header(head: &str, name: &str) -> String {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    let found = lines.find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map_or_else(String::new, |(_, value)| value.to_owned())
}

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut have) = (Vec::new(), 0_u32, 0);
    for letter in text.trim_end_matches('=').chars() {
        bits = bits << 6 | LETTERS.find(letter).unwrap() as u32;
        have += 6;
        if have >= 8 {
            have -= 8;
            bytes.push((bits >> have & 255) as u8);
        }
    }
    bytes
}

/// HMAC-SHA256 as RFC 2104 writes it, for a key of at most 64 bytes.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let pad = |with: u8| {
        let mut block = [with; 64];
        block
            .iter_mut()
            .zip(key)
            .for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message);
    let outer = Sha256::new().chain_update(pad(0x5c));
    outer.chain_update(inner.finalize()).finalize().to_vec()
}

fn made(server: &Server, admin: &str, address: &str, events: &[&str]) -> Value {
    let wanted = json!({"address": address, "events": events});
    let answer = server.post("/v1/webhooks", admin, &wanted);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn private() -> Server {
    Server::start_in(tempfile::tempdir().unwrap(), &["--allow-private-webhooks"])
}

fn deliveries(server: &Server, admin: &str, id: &str) -> Value {
    server
        .get(&format!("/v1/webhooks/{id}/deliveries"), admin)
        .json()
}

#[test]
fn who_wants_to_know_is_told_signed_and_without_personal_data() {
    let server = private();
    let admin = server.key("default", "admin");
    let place = Place::open();
    // What was before is not told.
    server.post("/v1/shipments", &admin, &parcel("BEFORE", "5.00"));
    let both = ["batch.finished", "shipment.entered"];
    let hook = made(&server, &admin, &place.address(), &both);
    let other = server.key("other", "admin");
    server.post("/v1/shipments", &other, &parcel("FOREIGN", "5.00"));
    server.post("/v1/shipments", &admin, &parcel("P-1", "5.00"));
    server.post("/v1/shipments", &admin, &parcel("P-1", "5.00"));
    let first = place.wait(1);
    let body = parcel("P-2", "5.00").to_string();
    let sent = send(
        &server,
        &admin,
        "?kind=enter",
        "application/json",
        body.as_bytes(),
    )
    .json();
    let batch = sent["addresses"]["this"].as_str().unwrap();
    assert_eq!(ended(&server, &admin, batch)["state"], "finished");
    let told = place.wait(3);
    assert_eq!(told[..1], first[..]);
    let secret = hook["secret"]
        .as_str()
        .unwrap()
        .strip_prefix("whsec_")
        .unwrap();
    let secret = base64(secret);
    assert_eq!(secret.len(), 32);
    let mut data = Vec::new();
    for (head, body) in &told {
        assert!(head.starts_with("POST /hook?a=b HTTP/1.1"), "{head}");
        let (id, at) = (
            header(head, "webhook-id"),
            header(head, "webhook-timestamp"),
        );
        let tag = header(head, "webhook-signature");
        let signed = hmac(&secret, format!("{id}.{at}.{body}").as_bytes());
        assert_eq!(base64(tag.strip_prefix("v1,").unwrap()), signed);
        for canary in ["Ann", "Smith", "Elm", "Dayton", "45402", "T-shirt"] {
            assert!(!body.contains(canary) && !head.contains(canary), "{body}");
        }
        let event: Value = serde_json::from_str(body).unwrap();
        let about = event["data"]["shipment_id"].as_str();
        let about = about
            .or(event["data"]["batch_id"].as_str())
            .unwrap()
            .to_owned();
        data.push((event["type"].as_str().unwrap().to_owned(), about));
    }
    data.sort();
    let batch = batch.rsplit('/').next().unwrap();
    let pair = |event: &str, about: &str| (event.to_owned(), about.to_owned());
    assert_eq!(
        data,
        [
            pair("batch.finished", batch),
            pair("shipment.entered", "P-1"),
            pair("shipment.entered", "P-2")
        ]
    );
    let id = hook["webhook_id"].as_str().unwrap();
    let all = deliveries(&server, &admin, id);
    let states: Vec<&Value> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["state"])
        .collect();
    assert_eq!(states, ["delivered"; 3]);
    // The secret is in no list, and in no file as it is.
    let listed = server.get("/v1/webhooks", &admin).text();
    assert!(listed.contains(id) && !listed.contains("whsec") && !listed.contains("sealed"));
    let home = server.end();
    for file in std::fs::read_dir(home.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(32).any(|part| part == secret), "{path:?}");
        }
    }
}

#[test]
fn what_is_not_taken_is_told_again_also_after_an_end() {
    let server = private();
    let admin = server.key("default", "admin");
    let place = Place::open();
    place.status.store(500, Ordering::SeqCst);
    let hook = made(&server, &admin, &place.address(), &["shipment.entered"]);
    let id = hook["webhook_id"].as_str().unwrap().to_owned();
    server.post("/v1/shipments", &admin, &parcel("P-1", "5.00"));
    place.wait(1);
    let noted = |server: &Server, said: &str| {
        let begun = Instant::now();
        loop {
            let told = deliveries(server, &admin, &id)[0].clone();
            if told["last_said"] == said {
                return told;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{told}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let told = noted(&server, "answered 500");
    assert_eq!(
        (&told["state"], &told["tries"]),
        (&json!("waiting"), &json!(1))
    );
    let wait = told["next_at"].as_i64().unwrap() - told["last_at"].as_i64().unwrap();
    assert!((8..=13).contains(&wait), "{wait}");
    // A redirect is no answer either, and nobody goes where it points.
    place.status.store(302, Ordering::SeqCst);
    let delivery = told["delivery_id"].as_str().unwrap().to_owned();
    let replay = |server: &Server, key: &str, delivery: &str| {
        let path = format!("/v1/webhooks/{id}/deliveries/{delivery}/replay");
        let bearer = format!("Bearer {key}");
        server
            .ask("POST", &path, &[("authorization", &bearer)], &[])
            .status
    };
    assert_eq!(replay(&server, &admin, &delivery), 202);
    noted(&server, "answered 302; redirects are not followed");
    assert_eq!(replay(&server, &admin, "nothing"), 404);
    let other = server.key("other", "admin");
    assert_eq!(replay(&server, &other, &delivery), 404);
    // It is there after an end, under the same id.
    place.status.store(200, Ordering::SeqCst);
    let server = Server::start_in(server.end(), &["--allow-private-webhooks"]);
    noted(&server, "taken");
    let told = place.wait(3);
    let ids: Vec<String> = told
        .iter()
        .map(|(head, _)| header(head, "webhook-id"))
        .collect();
    assert!(ids.iter().all(|id| *id == delivery), "{ids:?}");
    assert!(told.iter().all(|(_, body)| *body == told[0].1));
    // Gone is gone, with all that was told.
    let path = format!("/v1/webhooks/{id}");
    let delete = |key: &str| {
        let bearer = format!("Bearer {key}");
        server
            .ask("DELETE", &path, &[("authorization", &bearer)], &[])
            .status
    };
    assert_eq!(
        (delete(&other), delete(&admin), delete(&admin)),
        (404, 204, 404)
    );
    assert_eq!(
        server.get(&format!("{path}/deliveries"), &admin).status,
        404
    );
}

#[test]
fn where_nobody_allowed_it_no_private_place_is_told() {
    let server = Server::start();
    let admin = server.key("default", "admin");
    let place = Place::open();
    let refused = |address: &str, events: Value| {
        let wanted = json!({"address": address, "events": events});
        let answer = server.post("/v1/webhooks", &admin, &wanted);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (422, "bad_shipment"),
            "{address}"
        );
    };
    for address in [
        &place.address(),
        "https://127.0.0.1/",
        "https://localhost:8443/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://a@example.com/",
        "http://example.com/",
        "",
    ] {
        refused(address, json!(["batch.finished"]));
    }
    for events in [
        json!([]),
        json!(["x"]),
        json!(["batch.finished", "batch.finished"]),
    ] {
        refused("https://example.com/", events);
    }
    // One that was made where it was allowed is not told where it no longer is.
    let home = server.end();
    let server = Server::start_in(home, &["--allow-private-webhooks"]);
    let hook = made(&server, &admin, &place.address(), &["shipment.entered"]);
    let server = Server::start_in(server.end(), &[]);
    server.post("/v1/shipments", &admin, &parcel("P-1", "5.00"));
    let id = hook["webhook_id"].as_str().unwrap();
    let begun = Instant::now();
    let told = loop {
        let told = deliveries(&server, &admin, id)[0].clone();
        if told["last_said"].is_string() {
            break told;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{told}");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(
        told["last_said"]
            .as_str()
            .unwrap()
            .contains("must be https"),
        "{told}"
    );
    assert_eq!(place.told.lock().unwrap().len(), 0);
    for _ in 0..19 {
        made(
            &server,
            &admin,
            "https://example.com/x",
            &["batch.finished"],
        );
    }
    let wanted = json!({"address": "https://example.com/", "events": ["batch.finished"]});
    let full = server.post("/v1/webhooks", &admin, &wanted);
    assert_eq!((full.status, full.code().as_str()), (409, "conflict"));
}
