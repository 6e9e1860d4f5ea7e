//! Papers and messages over HTTP: the same bytes as the command line writes.

use crate::server::{Answer, Server};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;

const PARCELS: &str = include_str!("../../../docs/documents/parcels.json");
const MESSAGE: &str = include_str!("../../../examples/messages/entry-11.txt");

#[test]
fn papers_are_those_of_the_command_line() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let parcels: Value = serde_json::from_str(PARCELS).unwrap();
    let of = |id: &str| {
        let all = parcels.as_array().unwrap().iter();
        all.clone()
            .find(|one| one["shipment_id"] == id)
            .unwrap()
            .clone()
    };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/documents/parcels.json");
    for (kind, id, more, query) in [
        (
            "invoice",
            "LV-20417",
            &["--responsible", "Le Thi Hoa"][..],
            "?responsible=Le+Thi+Hoa",
        ),
        ("packing-list", "LV-20417", &[], ""),
        ("cn22", "JP-0093", &[], ""),
        ("cn23", "JP-0093", &[], ""),
        ("entry-summary", "LV-20417", &[], ""),
        (
            "paps-label",
            "TR-118",
            &["--number", "NLTD00004417"],
            "?number=NLTD00004417",
        ),
        (
            "letter",
            "LV-20417",
            &["--issuer", "Lakeshore"],
            "?issuer=Lakeshore",
        ),
    ] {
        let entered = server.post("/v1/shipments", &key, &of(id));
        assert_eq!(entered.status, 200, "{}", entered.text());
        let paper = server.get(&format!("/v1/shipments/{id}/documents/{kind}{query}"), &key);
        assert_eq!(paper.status, 200, "{kind}: {}", paper.text());
        assert_eq!(paper.header("content-type"), "application/pdf");
        let out = server.home().join("out.pdf");
        let told = server
            .command()
            .args(["document", kind])
            .arg(&file)
            .args(["--shipment", id, "-o"])
            .arg(&out)
            .args(more)
            .output()
            .unwrap();
        assert!(
            told.status.success(),
            "{}",
            String::from_utf8_lossy(&told.stderr)
        );
        assert!(paper.body == std::fs::read(&out).unwrap(), "{kind} differs");
    }
    let get = |path: &str| server.get(&format!("/v1/shipments/{path}"), &key);
    for (path, code) in [
        ("TR-118/documents/paps-label", "bad_request"),
        ("TR-118/documents/poem", "not_found"),
        ("Z/documents/cn22", "not_found"),
        ("%00/documents/cn22", "not_found"),
        ("TR-118/documents/cn22", "bad_shipment"),
    ] {
        assert_eq!(get(path).code(), code, "{path}");
    }
}

#[test]
fn a_paper_never_contradicts_the_answer_that_stands() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let parcel = crate::parcels::parcel("P", "40.00");
    let mut later = parcel.clone();
    later["arrives_at"] = json!("2026-11-20");
    later["shipment_id"] = json!("L");
    assert_eq!(server.post("/v1/shipments", &key, &parcel).status, 200);
    assert_eq!(server.post("/v1/shipments", &key, &later).status, 200);
    // Under the law as known before the suspension, what was answered later cannot be printed.
    let server = Server::start_in(server.end(), &["--known-at", "2025-01-01"]);
    let get = |id: &str| server.get(&format!("/v1/shipments/{id}/documents/letter"), &key);
    assert_eq!(get("P").status, 200, "{}", get("P").text());
    assert_eq!(get("L").code(), "conflict");
}

fn sent(server: &Server, path: &str, kind: &str, text: &str) -> Answer {
    let key = server.key("default", "viewer");
    let headers = [
        ("authorization", &*format!("Bearer {key}")),
        ("content-type", kind),
    ];
    server.ask("POST", path, &headers, text.as_bytes())
}

#[test]
fn messages_are_judged_told_and_read() {
    let server = Server::start();
    let file = server.home().join("message.txt");
    let wrong = MESSAGE.replace("       1160", "       1161");
    std::fs::write(&file, &wrong).unwrap();
    for act in ["lint", "explain", "decode"] {
        let answer = sent(
            &server,
            &format!("/v1/messages/{act}"),
            "text/plain",
            &wrong,
        );
        assert_eq!(answer.status, 200, "{}", answer.text());
        let mut command = server.command();
        command.args(["message", act]).arg(&file);
        if act != "decode" {
            command.args(["--format", "json"]);
        }
        let told = command.output().unwrap();
        let told: Value = serde_json::from_slice(&told.stdout).unwrap();
        assert_eq!(answer.json(), told, "{act}");
    }
    let lint = |query: &str, kind: &str, text: &str| {
        sent(&server, &format!("/v1/messages/lint{query}"), kind, text)
    };
    assert_eq!(
        lint("?application=QQ", "text/plain", &wrong).code(),
        "bad_request"
    );
    assert_eq!(
        lint("", "application/json", &wrong).code(),
        "unsupported_media_type"
    );
    for text in ["", "\u{feff}", "A", "\0\0\0"] {
        assert_eq!(
            lint("?application=AE", "text/plain", text).status,
            200,
            "{text:?}"
        );
    }
    // One that says that it is too long is answered before it is sent.
    let key = server.key("default", "viewer");
    let length = (32 << 20) + 1;
    let head = format!(
        "POST /v1/messages/lint HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"
    );
    let address = server.address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 413 "), "{line}");
}
