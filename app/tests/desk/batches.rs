//! Files of parcels sent, worked off in the background, and their results.

use crate::server::{Answer, Server};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

const HEAD: &str = "shipment_id,mode,arrives_at,country_of_shipment,consignee_name,\
consignee_street,consignee_city,consignee_state,consignee_postal_code,consignee_country,\
description,country_of_origin,htsus_number,line_value\n";

/// A row of a file; three parcels share a person's day.
fn row(id: &str, at: usize, value: &str) -> String {
    format!(
        "{id},air,2024-05-10,VN,Ann Smith {},12 Elm St,Dayton,OH,45402,US,cotton T-shirt,VN,\
         6109.10.0012,{value}\n",
        at / 3
    )
}

fn rows(many: usize) -> String {
    let rows = (0..many).map(|at| row(&format!("B-{at}"), at, "300.00"));
    HEAD.to_owned() + &rows.collect::<String>()
}

pub fn send(server: &Server, key: &str, query: &str, kind: &str, body: &[u8]) -> Answer {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", &*bearer), ("content-type", kind)];
    server.ask("POST", &format!("/v1/batches{query}"), &headers, body)
}

/// Sends a file that is taken; its address.
fn queued(server: &Server, key: &str, query: &str, kind: &str, body: &[u8]) -> String {
    let answer = send(server, key, query, kind, body);
    assert_eq!(answer.status, 202, "{}", answer.text());
    let told = answer.json();
    assert_eq!(answer.header("location"), told["addresses"]["this"]);
    told["addresses"]["this"].as_str().unwrap().to_owned()
}

/// Waits until a batch has ended.
pub fn ended(server: &Server, key: &str, batch: &str) -> Value {
    let begun = Instant::now();
    loop {
        let told = server.get(batch, key).json();
        if told["ended_at"].is_number() {
            return told;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "{told}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn finished(server: &Server, key: &str, batch: &str) -> Value {
    let told = ended(server, key, batch);
    assert_eq!(told["state"], "finished", "{told}");
    told
}

fn taken(server: &Server, key: &str, batch: &str, rest: &str) -> String {
    let answer = server.get(&format!("{batch}{rest}"), key);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_batch_says_what_the_command_line_says() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let mut text = rows(40);
    text += &row("BAD", 99, "12.505");
    text += &row("B-7", 99, "1.00");
    let path = server.home().join("all.csv");
    std::fs::write(&path, &text).unwrap();
    let cli = |format: &str| {
        let mut command = server.command();
        command.args(["assess", "--format", format, "--rejects"]);
        command.arg(server.home().join("r.csv")).arg(&path);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let batch = queued(&server, &key, "?name=all.csv", "text/csv", text.as_bytes());
    let told = finished(&server, &key, &batch);
    assert_eq!(told["kind"], "assess");
    assert_eq!(
        (&told["rows_read"], &told["parcels_read"]),
        (&42.into(), &40.into())
    );
    assert_eq!(
        (&told["parcels_refused"], &told["parcels_done"]),
        (&2.into(), &40.into())
    );
    let outcomes = &told["outcomes"];
    assert_eq!(
        (&outcomes["free"], &outcomes["entry_required"]),
        (&27.into(), &13.into())
    );
    assert_eq!(taken(&server, &key, &batch, "/results"), cli("ndjson"));
    assert_eq!(
        taken(&server, &key, &batch, "/results?format=csv"),
        cli("csv")
    );
    let rejects = taken(&server, &key, &batch, "/rejects");
    let own = std::fs::read_to_string(server.home().join("r.csv")).unwrap();
    let named = format!("\n{},", path.display());
    assert_eq!(rejects, own.replace(&named, "\nall.csv,"));
    // The same parcels as lines of JSON, packed, refused nowhere.
    let one = crate::parcels::parcel("J-1", "5.00").to_string() + "\n";
    let body = packed(&one);
    let batch = queued(&server, &key, "", "application/x-ndjson", &body);
    let told = finished(&server, &key, &batch);
    assert_eq!(
        (&told["parcels_read"], &told["bytes"]),
        (&1.into(), &one.len().into())
    );
    let rejects = taken(&server, &key, &batch, "/rejects");
    assert_eq!(rejects, "file,row,shipment_id,field,value,reason\n");
    assert!(
        server.get("/v1/shipments/J-1", &key).status == 404,
        "nothing was entered"
    );
}

#[test]
fn a_batch_is_entered_once_however_often_it_is_sent() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let text = packed(&rows(30));
    let enter = || {
        let batch = queued(
            &server,
            &key,
            "?kind=enter&name=a.csv.gz",
            "application/gzip",
            &text,
        );
        (finished(&server, &key, &batch), batch)
    };
    let (first, batch) = enter();
    assert_eq!(
        (&first["entered"], &first["answered_before"]),
        (&30.into(), &0.into())
    );
    let (again, other) = enter();
    assert_eq!(
        (&again["entered"], &again["answered_before"]),
        (&0.into(), &30.into())
    );
    assert_eq!(first["outcomes"], again["outcomes"]);
    for rest in ["/results", "/results?format=csv"] {
        let results = taken(&server, &key, &batch, rest);
        assert_eq!(results, taken(&server, &key, &other, rest));
        assert_eq!(
            results.lines().count(),
            30 + usize::from(rest.ends_with("csv"))
        );
    }
    let stands = server.get("/v1/shipments/B-4", &key).json();
    let results = taken(&server, &key, &batch, "/results");
    let fifth: Value = serde_json::from_str(results.lines().nth(4).unwrap()).unwrap();
    assert_eq!(stands["decision"], fifth);
    // One with another body is refused by the ledger, in the rejects.
    let body = HEAD.to_owned() + &row("B-4", 1, "9.00") + &row("C-1", 90, "9.00");
    let batch = queued(&server, &key, "?kind=enter", "text/csv", body.as_bytes());
    let told = finished(&server, &key, &batch);
    assert_eq!(
        (&told["entered"], &told["parcels_refused"]),
        (&1.into(), &1.into())
    );
    assert!(taken(&server, &key, &batch, "/rejects").contains("another body"));
}

#[test]
fn what_was_running_is_taken_up_again_after_an_end_and_after_a_crash() {
    let mut server = Server::start();
    let key = server.key("default", "operator");
    let text = rows(3000);
    let mut batches = Vec::new();
    for kind in ["enter", "assess", "assess"] {
        let query = format!("?kind={kind}");
        batches.push(queued(&server, &key, &query, "text/csv", text.as_bytes()));
    }
    // Once it is killed while it enters, once it is told to end.
    let begun = Instant::now();
    while server.get(&batches[0], &key).json()["parcels_done"].as_i64() < Some(1) {
        assert!(begun.elapsed() < Duration::from_secs(60));
    }
    for crash in [true, false] {
        let home = if crash { server.kill() } else { server.end() };
        server = Server::start_in(home, &[]);
    }
    for (at, batch) in batches.iter().enumerate() {
        let told = finished(&server, &key, batch);
        assert_eq!(told["parcels_done"], 3000);
        let sum = |name: &str| told[name].as_i64().unwrap();
        let entered = sum("entered") + sum("answered_before");
        assert_eq!(entered, if at == 0 { 3000 } else { 0 });
    }
    let results = |at: usize| taken(&server, &key, &batches[at], "/results?format=csv");
    assert_eq!(results(1), results(2));
    assert_eq!(
        results(0),
        results(1),
        "entered in order, a file says what its days say"
    );
}

#[test]
fn events_tell_of_progress_until_the_end() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let batch = queued(&server, &key, "", "text/csv", rows(600).as_bytes());
    let viewer = server.key("default", "viewer");
    // Why a file cannot be taken can repeat what stands in it.
    assert_eq!(server.get(&format!("{batch}/events"), &viewer).status, 403);
    let answer = server.get(&format!("{batch}/events"), &key);
    assert_eq!(answer.header("content-type"), "text/event-stream");
    let text = answer.text();
    let events: Vec<(&str, Value)> = text
        .split_terminator("\n\n")
        .filter_map(|event| event.strip_prefix("event: ")?.split_once("\ndata: "))
        .map(|(name, data)| (name, serde_json::from_str(data).unwrap()))
        .collect();
    let (last, told) = events.last().unwrap();
    assert_eq!((*last, &told["state"]), ("end", &"finished".into()));
    assert_eq!(told["parcels_done"], 600);
    assert!(
        events
            .iter()
            .rev()
            .skip(1)
            .all(|(name, _)| *name == "progress")
    );
    // A listener does not keep the desk from ending.
    let waiting = queued(&server, &key, "", "text/csv", rows(30_000).as_bytes());
    let address = server.address.strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let asked = format!(
        "GET {waiting}/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {viewer}\r\n\r\n"
    );
    stream.write_all(asked.as_bytes()).unwrap();
    let mut part = [0; 512];
    assert!(stream.read(&mut part).unwrap() > 0);
    let begun = Instant::now();
    drop(server.end());
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}

/// Every cell of a table, as a spreadsheet takes it.
fn cells(text: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).from_reader(text.as_bytes());
    let rows = reader.records().map(Result::unwrap);
    rows.flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn no_export_has_a_cell_that_a_spreadsheet_runs() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let hostile = [
        "=cmd|'/c calc'!A1",
        "+1+1",
        "-2+3",
        "@SUM(A1:A9)",
        "=\"a\",\"b\"",
    ];
    let mut text = HEAD.to_owned();
    for (at, id) in hostile.iter().enumerate() {
        let quoted = format!("\"{}\"", id.replace('"', "\"\""));
        text += &row(&quoted, at, "5.00");
        // Refused for its value, which is hostile too.
        let bad = format!("\"{} bad\"", id.replace('"', "\"\""));
        text += &row(&bad, at, &quoted);
        text += &row(&format!("T-{at}"), at, "\"\t=1+1\"");
        text += &row(&format!("R-{at}"), at, "\"\r=1+1\"");
    }
    for kind in ["assess", "enter"] {
        // The name comes back in the rejects.
        let query = format!("?kind={kind}&name=%3Dcmd.csv");
        let batch = queued(&server, &key, &query, "text/csv", text.as_bytes());
        let told = finished(&server, &key, &batch);
        assert_eq!(told["parcels_read"], hostile.len(), "{told}");
        assert_eq!(told["parcels_refused"], 3 * hostile.len(), "{told}");
        let exports = [
            taken(&server, &key, &batch, "/results?format=csv"),
            taken(&server, &key, &batch, "/rejects"),
        ];
        for (at, export) in exports.iter().enumerate() {
            let cells = cells(export);
            for cell in &cells {
                assert!(
                    !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                    "{cell:?}"
                );
            }
            let guarded = cells.iter().filter(|cell| cell.starts_with('\'')).count();
            assert!(guarded >= hostile.len() * (1 + 2 * at), "{export}");
        }
    }
}

#[test]
fn files_are_private_and_go_with_their_batch() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let batch = queued(&server, &key, "", "text/csv", rows(3).as_bytes());
    finished(&server, &key, &batch);
    let id = batch.rsplit('/').next().unwrap();
    let folder = server.home().join("batches").join(id);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(folder.parent().unwrap()), mode(&folder)),
        (0o700, 0o700)
    );
    let begun = Instant::now();
    while folder.join("input").exists() {
        assert!(begun.elapsed() < Duration::from_secs(10), "the input stays");
    }
    let files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        assert_eq!(mode(&file.path()), 0o600, "{file:?}");
    }
    // Another tenant's operator neither sees nor deletes it.
    let other = server.key("other", "operator");
    for rest in ["", "/events", "/results", "/rejects"] {
        let answer = server.get(&format!("{batch}{rest}"), &other);
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"));
    }
    let delete = |key: &str| {
        let bearer = format!("Bearer {key}");
        server
            .ask("DELETE", &batch, &[("authorization", &bearer)], &[])
            .status
    };
    assert_eq!(delete(&other), 404);
    assert_eq!(
        server.get("/v1/batches", &other).json(),
        serde_json::json!([])
    );
    assert_eq!(server.get("/v1/batches", &key).json()[0]["batch_id"], id);
    assert_eq!(delete(&key), 204);
    assert_eq!(delete(&key), 404);
    assert_eq!(server.get(&batch, &key).status, 404);
    assert!(!folder.exists());
    let compliance = server.key("default", "compliance");
    let audit = server.get("/v1/audit", &compliance).text();
    assert!(
        audit.contains("batch.send") && audit.contains("batch.delete"),
        "{audit}"
    );
    // One that runs stops, and its files go too.
    let batch = queued(
        &server,
        &key,
        "?kind=enter",
        "text/csv",
        rows(20_000).as_bytes(),
    );
    while server.get(&batch, &key).json()["state"] == "queued" {}
    let bearer = format!("Bearer {key}");
    let gone = server.ask("DELETE", &batch, &[("authorization", &bearer)], &[]);
    assert_eq!(gone.status, 204);
    let folder = server
        .home()
        .join("batches")
        .join(batch.rsplit('/').next().unwrap());
    let begun = Instant::now();
    while folder.exists() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{folder:?} stays"
        );
    }
}

#[test]
fn what_cannot_be_taken_is_refused_and_leaves_nothing() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let text = rows(3);
    let code = |query: &str, kind: &str, body: &[u8]| {
        let answer = send(&server, &key, query, kind, body);
        (answer.status, answer.code())
    };
    let told = |status: u16, code: &str| (status, code.to_owned());
    let unknown = told(415, "unsupported_media_type");
    assert_eq!(code("", "text/html", text.as_bytes()), unknown);
    assert_eq!(code("", "text/csv", b""), told(422, "bad_shipment"));
    assert_eq!(
        code("?kind=guess", "text/csv", b"x"),
        told(400, "bad_request")
    );
    assert_eq!(
        code("?from=amazon", "text/csv", b"x"),
        told(422, "bad_shipment")
    );
    assert_eq!(code("?name=", "text/csv", b"x"), told(422, "bad_shipment"));
    let mut damaged = packed(&text);
    damaged.truncate(40);
    assert_eq!(code("", "text/csv", &damaged), told(422, "bad_shipment"));
    let address = server.address.strip_prefix("http://").unwrap();
    let head = |length: u64| {
        format!(
            "POST /v1/batches HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: text/csv\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    let mut large = TcpStream::connect(address).unwrap();
    large.write_all(head((512 << 20) + 1).as_bytes()).unwrap();
    let mut answer = [0; 12];
    large.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    // One that breaks off.
    let mut broken = TcpStream::connect(address).unwrap();
    let part = head(text.len() as u64) + &text[..100];
    broken.write_all(part.as_bytes()).unwrap();
    let left = || {
        let folder = std::fs::read_dir(server.home().join("batches")).unwrap();
        folder
            .filter(|entry| entry.as_ref().unwrap().path().is_dir())
            .count()
    };
    let begun = Instant::now();
    while left() != 1 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "it was not begun"
        );
    }
    drop(broken);
    while left() != 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "something stays");
    }
    assert_eq!(
        server.get("/v1/batches", &key).json(),
        serde_json::json!([])
    );
    // What is no table of parcels fails with words.
    let batch = queued(&server, &key, "", "text/csv", b"colour,size\nred,9\n");
    let told = ended(&server, &key, &batch);
    assert_eq!(told["state"], "failed", "{told}");
    assert!(
        told["failure"].as_str().unwrap().starts_with("parcels: "),
        "{told}"
    );
    let none = server.get(&format!("{batch}/results"), &key);
    assert_eq!((none.status, none.code().as_str()), (409, "conflict"));
}

#[test]
fn files_and_results_take_no_more_of_the_disk_than_they_may() {
    let file = rows(30);
    let settings = format!(
        "waiting_bytes_of_tenant = {}\nresult_bytes_of_tenant = 300000\nresult_bytes = 450000\n",
        file.len() + 10
    );
    let server = Server::with_settings(&settings);
    let (key, other) = (server.key("one", "operator"), server.key("two", "operator"));
    let refused = |key: &str, text: &str, status: u16, words: &str| {
        let answer = send(&server, key, "", "text/csv", text.as_bytes());
        assert_eq!(answer.status, status, "{}", answer.text());
        let told = answer.json();
        let said = told["detail"].as_str().unwrap();
        assert!(said.contains(words), "{said}");
        assert!(!answer.header("retry-after").is_empty());
    };
    // A file that is larger than all of a tenant's may be stops where the room ends.
    refused(&key, &rows(31), 429, "the files that wait of this tenant");
    let large = || queued(&server, &key, "", "text/csv", file.as_bytes());
    let batch = large();
    finished(&server, &key, &batch);
    let size = |rest: &str| taken(&server, &key, &batch, rest).len();
    let one = size("/results") + size("/results?format=csv") + size("/rejects");
    assert!(one < 300_000, "{one}");
    // As many as fit; the one that does not fails alone and leaves nothing.
    let mut kept = vec![batch.clone()];
    let failed = loop {
        let next = large();
        let told = ended(&server, &key, &next);
        if told["state"] == "failed" {
            break told;
        }
        kept.push(next);
        assert!(kept.len() < 50, "nothing bounds them");
    };
    assert_eq!(kept.len(), 300_000 / one, "of {one} bytes each");
    let words = failed["failure"].as_str().unwrap();
    assert!(
        words.contains("the results that are kept of this tenant"),
        "{words}"
    );
    let folder = failed["batch_id"].as_str().unwrap();
    assert!(!server.home().join("batches").join(folder).exists());
    // Another tenant has its own room, up to what all may have.
    let theirs = queued(&server, &other, "", "text/csv", file.as_bytes());
    finished(&server, &other, &theirs);
    let bearer = format!("Bearer {key}");
    let gone = server.ask("DELETE", &batch, &[("authorization", &bearer)], &[]);
    assert_eq!(gone.status, 204);
    finished(&server, &key, &large());
    assert_eq!(server.get(&kept[0], &key).status, 404);
}

#[test]
fn a_page_of_results_begins_where_a_result_does() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let batch = queued(&server, &key, "", "text/csv", rows(250).as_bytes());
    finished(&server, &key, &batch);
    let text = taken(&server, &key, &batch, "/results");
    let page = batch.replace("/v1/batches/", "/screen/");
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", &*bearer), ("accept", "text/html")];
    let mut seen = 0;
    let mut next = Some(format!("{page}?outcome="));
    while let Some(path) = next {
        let answer = server.ask("GET", &path, &headers, &[]);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let html = answer.text();
        seen += html.matches("<th scope=\"row\">B-").count();
        let more = html
            .split_once("rel=\"next\" href=\"")
            .map(|(_, rest)| rest);
        next = more.map(|rest| rest.split_once('"').unwrap().0.replace("&amp;", "&"));
    }
    assert_eq!(seen, 250);
    let end = text.len();
    for (after, status) in [
        ("0".to_owned(), 200),
        (end.to_string(), 200),
        ((end + 1).to_string(), 400),
        ("1".to_owned(), 400),
        (u64::MAX.to_string(), 400),
        ("-1".to_owned(), 400),
    ] {
        let answer = server.ask("GET", &format!("{page}?after={after}"), &headers, &[]);
        assert_eq!(answer.status, status, "{after}");
    }
}
