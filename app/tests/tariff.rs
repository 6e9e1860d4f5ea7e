//! `deminimis tariff`, as a user runs it: releases taken in from files and from a server on this
//! machine, and what is shown of them.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::thread;
use tempfile::TempDir;

/// The embedded figures, as text.
const FIGURES: &str = include_str!("../../tariff/us/figures.tsv");

/// A whole export made of the embedded figures of 2026: a heading for each chapter, every number,
/// and chapters 98 and 99.
static WHOLE: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut specials = HashMap::new();
    let mut rows: BTreeMap<String, Value> = BTreeMap::new();
    for line in FIGURES.lines() {
        if let Some((name, text)) = line.split_once('\t').filter(|_| line.starts_with('@')) {
            specials.insert(name, text);
        }
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() != 9 || cells[0] == "number" || !cells[2].is_empty() {
            continue;
        }
        let units: Vec<&str> = cells[3]
            .split('|')
            .filter(|unit| !unit.is_empty())
            .collect();
        let special = specials.get(cells[5]).copied().unwrap_or_default();
        let note = if cells[7].is_empty() {
            ""
        } else {
            "Federal Excise Tax. "
        };
        let footnotes = json!([{"value": format!("{note}See {}.", cells[8])}]);
        let row = json!({"htsno": cells[0], "indent": "2", "description": format!("Goods {}", cells[0]),
            "units": units, "general": cells[4], "special": special, "other": cells[6],
            "footnotes": footnotes});
        rows.insert(cells[0].to_owned(), row);
    }
    let headings: BTreeSet<String> = rows.keys().map(|number| number[..4].to_owned()).collect();
    let extra = ["9801", "9903"].into_iter().map(str::to_owned);
    for heading in headings.into_iter().chain(extra) {
        let description = format!("Heading {heading}:");
        rows.insert(
            heading.clone(),
            json!({"htsno": heading, "indent": "0", "description": description}),
        );
    }
    rows.insert("99038815".to_owned(), json!({"htsno": "9903.88.15", "indent": "1",
        "description": "Articles the product of China", "general": "The duty provided in the applicable subheading + 7.5%"}));
    rows.into_values().collect()
});

fn bytes(rows: &[Value]) -> Vec<u8> {
    serde_json::to_vec(rows).unwrap()
}

/// The whole export with the rate of T-shirts changed.
fn changed() -> Vec<Value> {
    let mut rows = WHOLE.clone();
    let shirts = rows
        .iter_mut()
        .find(|row| row["htsno"] == "61091000")
        .unwrap();
    assert_eq!(shirts["general"], "16.5%");
    shirts["general"] = json!("17%");
    rows
}

struct Installation(TempDir);

impl Installation {
    fn new() -> Installation {
        Installation(tempfile::tempdir().unwrap())
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_deminimis"))
            .args(args)
            .env("DEMINIMIS_HOME", self.0.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn ran(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    fn json(&self, args: &[&str]) -> Value {
        let said = self.ran(&[&["tariff"], args, &["--format", "json"]].concat());
        serde_json::from_str(&said).unwrap()
    }

    /// What is said on standard error, and the exit status.
    fn failed(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = self.run(&[&["tariff"], args].concat());
        (output.status.code(), text(&output.stderr))
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    fn general(&self, number: &str, at: &str) -> Value {
        let shown = self.json(&["show", number, "--at", at]);
        shown["figures"]["general"]["text"].clone()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn without_imports_numbers_are_shown_without_descriptions() {
    let here = Installation::new();
    let said = here.ran(&["tariff", "show", "6109.10.0012", "--at", "2025-06-06"]);
    for part in [
        "6109.10.0012  on 2025-06-06",
        "doz., kg",
        "16.5%",
        "Free for AU,BH",
        "90%",
        "9903.88.15",
        "descriptions come with",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let shown = here.json(&["show", "0101.30.0000", "--at", "2025-06-06"]);
    assert_eq!(
        shown["figures"]["general"],
        json!({"text": "6.8%", "read": "6.8%", "shape": "ad valorem"})
    );
    assert_eq!(shown["figures"]["carried"], false);
    let heading = here.ran(&["tariff", "show", "0101", "--at", "2025-06-06"]);
    assert!(heading.contains("0101.30.0000  No.  6.8%"), "{heading}");
    let status = here.json(&["status"]);
    assert_eq!(
        status["embedded"]["release"],
        "2025 Basic to 2026 Revision 10"
    );
    assert_eq!(status["embedded"]["lines"], 19_738);
    assert_eq!(status["imported"], json!([]));
}

#[test]
fn wrong_numbers_are_answered_with_the_nearest() {
    let here = Installation::new();
    for (number, at, said) in [
        ("6109.1", "2025-06-06", "nearest: 6109.10"),
        (
            "6109.10.0013",
            "2025-06-06",
            "nearest: 6109.10.0011, 6109.10.0012",
        ),
        ("7602.00.0035", "2026-02-01", "until 2026-01-30"),
        ("shirt", "2025-06-06", "only digits and dots"),
        ("9903.88.15", "2025-06-06", "from an imported release alone"),
        ("6109.10.0012", "2025-13-01", "--at `2025-13-01`"),
    ] {
        let (status, error) = here.failed(&["show", number, "--at", at]);
        assert_eq!(status, Some(2), "{number}");
        assert!(error.contains(said), "{number}: {error}");
    }
    let (status, error) = here.failed(&["search", "shirt"]);
    assert_eq!(status, Some(2));
    assert!(error.contains("tariff import"), "{error}");
}

#[test]
fn an_import_takes_over_from_its_day_and_assessment_says_so() {
    let here = Installation::new();
    let file = here.file("hts_2026_rev_12.json", &bytes(&changed()));
    let (status, error) = here.failed(&["import", &file]);
    assert_eq!(status, Some(2));
    assert!(error.contains("--date"), "{error}");
    let said = here.ran(&["tariff", "import", &file, "--date", "2026-08-01"]);
    assert!(said.contains("2026 Revision 12 of 2026-08-01"), "{said}");
    assert_eq!(here.general("6109.10.0012", "2026-07-31"), "16.5%");
    assert_eq!(here.general("6109.10.0012", "2026-08-01"), "17%");
    let shown = here.json(&["show", "6109.10.0012", "--at", "2026-08-02"]);
    assert_eq!(shown["path"], json!(["Heading 6109:", "Goods 6109100012"]));
    assert_eq!(shown["described_by"], "2026 Revision 12");
    assert_eq!(shown["figures"]["carried"], true);
    let measure = here.ran(&["tariff", "show", "9903.88.15"]);
    assert!(
        measure.contains("applicable subheading + 7.5%"),
        "{measure}"
    );
    let found = here.json(&["search", "goods", "6109100012"]);
    assert_eq!(found["found"][0]["number"], "6109.10.0012");
    assert_eq!(
        found,
        here.json(&["search", "6109100012", "goods"])
            .as_object()
            .map(|one| {
                let mut one = one.clone();
                one["words"] = json!("goods 6109100012");
                Value::Object(one)
            })
            .unwrap()
    );

    let status = here.json(&["status"]);
    assert_eq!(status["imported"][0]["release"], "2026 Revision 12");
    assert_eq!(status["imported"][0]["from"], "2026-08-01");
    assert_eq!(
        status["release"],
        "2025 Basic to 2026 Revision 10; 2026 Revision 12"
    );
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/parcels.csv");
    let example = example.display().to_string();
    let rejects = here.0.path().join("rejects.csv").display().to_string();
    let output = here.run(&[
        "assess",
        &example,
        "--rejects",
        &rejects,
        "--format",
        "json",
    ]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let decisions: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(decisions[0]["law"]["tariff"]["release"], status["release"]);
    assert_eq!(decisions[0]["law"]["tariff"]["hash"], status["hash"]);
    assert_ne!(status["hash"], status["embedded"]["hash"]);
}

#[test]
fn of_one_day_the_later_import_stands_and_nothing_is_left_over() {
    let here = Installation::new();
    let first = here.file("a.json", &bytes(&WHOLE));
    let second = here.file("b.json", &bytes(&changed()));
    for (file, general) in [(&first, "16.5%"), (&second, "17%"), (&first, "16.5%")] {
        here.ran(&["tariff", "import", file, "--date", "2026-08-01"]);
        assert_eq!(here.general("6109.10.00", "2026-08-01"), general);
        let kept = std::fs::read_dir(here.0.path().join("tariff")).unwrap();
        assert_eq!(kept.count(), 2);
    }
}

#[test]
fn a_damaged_release_in_the_data_folder_stops_the_run() {
    let here = Installation::new();
    let file = here.file("a.json", &bytes(&changed()));
    here.ran(&["tariff", "import", &file, "--date", "2026-08-01"]);
    let kept = here.0.path().join("tariff/2026-08-01.figures.tsv");
    let figures = std::fs::read_to_string(&kept).unwrap();
    let line_end = figures[..figures.len() / 2].rfind('\n').unwrap() + 1;
    for damaged in [
        &figures[..line_end],
        &figures.replace("\t17%\t", "\t1%\t"),
        "",
    ] {
        assert_ne!(damaged, figures);
        std::fs::write(&kept, damaged).unwrap();
        let (status, error) = here.failed(&["status"]);
        assert_eq!(status, Some(1), "{error}");
        let said =
            error.contains("2026-08-01.figures.tsv") && error.contains("import the release again");
        assert!(said, "{error}");
    }
}

#[test]
fn an_export_that_is_not_whole_or_damaged_is_refused() {
    let here = Installation::new();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tariff/tests/samples");
    let sample = |name: &str| samples.join(name).display().to_string();
    for (file, said) in [
        (
            sample("spreadsheet.csv"),
            "went through a spreadsheet: 3 numbers have lost zeros, the first is `0101.3` in row 2",
        ),
        (sample("export.json"), "94 of 98 chapters are missing"),
        (
            here.file("page.json", b"<html>"),
            "not an export of the schedule",
        ),
        (
            here.file("cut.json.gz", &[0x1f, 0x8b, 8, 0, 0]),
            "cut.json.gz",
        ),
    ] {
        let (status, error) = here.failed(&["import", &file, "--date", "2026-08-01"]);
        assert_eq!(status, Some(3), "{error}");
        assert!(error.contains(said), "{error}");
    }
    assert!(!here.0.path().join("tariff").exists());
    let (status, error) = here.failed(&["import", "nowhere.json", "--date", "2026-08-01"]);
    assert_eq!(status, Some(1), "{error}");
}

#[test]
fn texts_are_counted_and_those_for_a_person_named() {
    let here = Installation::new();
    let counted = here.json(&["texts"]);
    let rates = counted[0]["rates"].as_object().unwrap();
    let total: u64 = rates.values().filter_map(Value::as_u64).sum();
    assert_eq!(total, 1_420);
    assert_eq!(
        rates["needs a person"],
        counted[0]["needs_person"].as_array().unwrap().len()
    );
    let unread = |list: &Value| {
        let texts = list.as_array().unwrap().iter();
        let texts = texts.filter(|one| one["reason"] == "the text is not understood");
        texts.map(|one| one["text"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(unread(&counted[0]["needs_person"]), ["37% /"]);
    assert_eq!(unread(&counted[0]["special_needs_person"]), [] as [&str; 0]);
}

/// Answers one request with these bytes, and gives its address.
fn served(answer: Vec<u8>) -> (String, thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/export", listener.local_addr().unwrap());
    let answering = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut part = [0; 1_024];
        while !request.ends_with(b"\r\n\r\n") {
            let read = stream.read(&mut part).unwrap();
            if read == 0 {
                break;
            }
            request.extend_from_slice(&part[..read]);
        }
        // A client that refuses what it is told hangs up before the end.
        let _ = stream.write_all(&answer);
    });
    (address, answering)
}

fn answer(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

#[test]
fn an_update_takes_in_what_is_whole() {
    let here = Installation::new();
    let body = bytes(&changed());
    let good = answer("200 OK", "application/json; charset=utf-8", &body);
    let (address, answering) = served(good.clone());
    let said = here.ran(&[
        "tariff",
        "update",
        "--from",
        &address,
        "--date",
        "2026-08-01",
        "--release",
        "2026 Revision 12",
    ]);
    answering.join().unwrap();
    assert!(said.contains("2026 Revision 12 of 2026-08-01"), "{said}");
    assert_eq!(here.general("6109.10.0012", "2026-08-01"), "17%");
    let (address, answering) = served(good);
    let again = here.ran(&[
        "tariff",
        "update",
        "--from",
        &address,
        "--date",
        "2026-09-01",
    ]);
    answering.join().unwrap();
    assert_eq!(again, "2026 Revision 12 is in hand already\n");
}

#[test]
fn an_update_never_replaces_a_good_schedule_by_a_broken_one() {
    let here = Installation::new();
    let file = here.file("a.json", &bytes(&WHOLE));
    here.ran(&[
        "tariff",
        "import",
        &file,
        "--date",
        "2026-08-01",
        "--release",
        "good",
    ]);
    let before = here.json(&["status"]);
    let json = "application/json";
    let whole = bytes(&changed());
    let without = |chapter: &str| -> Vec<Value> {
        let rows = WHOLE.iter();
        let rows = rows.filter(|row| !row["htsno"].as_str().unwrap().starts_with(chapter));
        rows.cloned().collect()
    };
    let mut place = 0;
    let fewer: Vec<Value> = WHOLE
        .iter()
        .filter(|row| {
            place += usize::from(row["htsno"].as_str().unwrap().len() == 10);
            place % 33 != 1 || row["htsno"].as_str().unwrap().len() != 10
        })
        .cloned()
        .collect();
    let mut truncated = answer("200 OK", json, &whole);
    truncated.truncate(truncated.len() / 2);
    let endless = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n[";
    let unending_cut = [
        &b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"[..],
        &whole[..whole.len() / 2],
    ]
    .concat();
    let redirect =
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n";
    for (what, answer, status, said) in [
        ("truncated", truncated, 1, ""),
        ("truncated without a length", unending_cut, 3, "EOF"),
        (
            "a chapter is missing",
            answer("200 OK", json, &bytes(&without("50"))),
            3,
            "chapter 50 is missing",
        ),
        (
            "fewer lines",
            answer("200 OK", json, &bytes(&fewer)),
            3,
            "numbers of ten digits where the last release has",
        ),
        ("too large", endless.to_vec(), 1, ""),
        (
            "another kind",
            answer("200 OK", "text/html", &whole),
            1,
            "answered `text/html`",
        ),
        (
            "busy",
            answer("503 Service Unavailable", json, &whole),
            1,
            "answered 503",
        ),
        ("elsewhere", redirect.to_vec(), 1, ""),
    ] {
        let (address, answering) = served(answer);
        let (code, error) = here.failed(&["update", "--from", &address, "--date", "2026-09-01"]);
        answering.join().unwrap();
        assert_eq!(code, Some(status), "{what}: {error}");
        assert!(error.contains(said), "{what}: {error}");
        assert_eq!(here.json(&["status"]), before, "{what}");
    }
    let lines = WHOLE
        .iter()
        .filter(|row| row["htsno"].as_str().unwrap().len() == 10)
        .count();
    let left = fewer
        .iter()
        .filter(|row| row["htsno"].as_str().unwrap().len() == 10)
        .count();
    assert!(
        (left + lines / 33).abs_diff(lines) <= 1,
        "three percent fewer: {left} of {lines}"
    );
}

#[test]
fn only_https_is_fetched_from_elsewhere() {
    let here = Installation::new();
    for (address, said) in [
        ("http://example.com/export", "only https is allowed"),
        (
            "http://127.0.0.1.example.com/export",
            "only https is allowed",
        ),
        (
            "http://127.0.0.1@example.com/export",
            "only https is allowed",
        ),
        ("ftp://127.0.0.1/export", "only https is allowed"),
        ("nonsense", "only https is allowed"),
        ("file:///etc/hosts", "not an address"),
    ] {
        let (status, error) = here.failed(&["update", "--from", address]);
        assert_eq!(status, Some(1), "{address}");
        assert!(error.contains(said), "{address}: {error}");
    }
}
