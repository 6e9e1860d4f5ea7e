//! The same parcels get the same answers: for one thread and two, in any order of the file, held in
//! memory or read again with every sort on disk.

use deminimis_office::out::csv::Csv;
use deminimis_office::out::json::Json;
use deminimis_office::pass::second::{Tally, decide};
use deminimis_office::pass::{Bounds, Inputs, Opening, Sink, Wishes, learn, learn_and_draft};
use deminimis_office::read::Ids;
use deminimis_office::setup::{LawChoice, Setup};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static SETUP: LazyLock<Setup> =
    LazyLock::new(|| Setup::new(&LawChoice::default()).expect("the embedded law is well"));

/// A small generator whose numbers are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }

    fn pick(&mut self, all: &[&'static str]) -> &'static str {
        all[self.below(all.len())]
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

/// Parcels of few persons on few days, so that nearly every parcel shares its day, as JSON objects.
fn parcels(count: usize) -> Vec<Value> {
    let mut dice = Dice(11);
    (0..count).map(|at| parcel(at, count, &mut dice)).collect()
}

fn parcel(at: usize, count: usize, dice: &mut Dice) -> Value {
    let person = dice.below(count / 16 + 2);
    let day =
        ["2024-05-10", "2024-05-11", "2015-06-18", "2026-11-20"][dice.below(16).saturating_sub(12)];
    let line = |dice: &mut Dice| {
        json!({
            "description": "cotton T-shirts, knitted",
            "htsus_number": dice.pick(&["6109.10.0012", "9503.00.0073", "4901.99.0093"]),
            "country_of_origin": dice.pick(&["VN", "CN", "GB"]),
            "line_value": format!("{}.{:02}", dice.below(420), dice.below(100)),
            "facts": { "chapter_99_goods": dice.below(8) == 0 },
        })
    };
    let lines: Vec<_> = (0..1 + dice.below(3)).map(|_| line(dice)).collect();
    let mut parcel = json!({
        "shipment_id": format!("D-{at:05}"),
        "mode": dice.pick(&["air", "express", "truck", "mail"]),
        "arrives_at": day,
        "country_of_shipment": dice.pick(&["VN", "CN", "GB"]),
        "consignee": {
            "name": format!("Person No {person}"), "street": format!("{person} Oak St"),
            "city": "Austin", "state": "TX", "postal_code": "78701", "country": "US",
        },
        "lines": lines,
    });
    let mut set = |field: &str, value: String| parcel[field] = Value::String(value);
    if dice.below(2) == 0 {
        set(
            "arrives_at",
            format!("{day}T{:02}:00:00-05:00", 8 + dice.below(4)),
        );
    }
    if dice.below(4) == 0 {
        set("filed_at", format!("{day}T0{}:00:00-05:00", dice.below(3)));
    }
    if dice.below(5) == 0 {
        set("order_id", format!("order of {person}, {}", dice.below(2)));
    }
    if dice.below(5) == 0 {
        set("master_bill", format!("MB-{}", dice.below(3)));
    }
    if dice.below(12) == 0 {
        set("purpose", "gift".to_owned());
    }
    if dice.below(40) == 0 {
        // Refused, with a person and a day that the other parcels are told of.
        set("country_of_shipment", "XX".to_owned());
    }
    parcel
}

struct Run {
    text: String,
    tally: Tally,
    refused: Vec<String>,
}

impl Run {
    /// Each parcel's decision as it was written.
    fn by_parcel(&self) -> BTreeMap<String, &str> {
        let id = |line: &str| {
            let decision: Value = serde_json::from_str(line).expect("each line is a decision");
            decision["shipment_id"]
                .as_str()
                .expect("it names its parcel")
                .to_owned()
        };
        self.text.lines().map(|line| (id(line), line)).collect()
    }
}

/// Both passes over parcels in the given files.
fn run(files: &[&[Value]], threads: usize, bounds: Bounds) -> Run {
    let folder = tempfile::tempdir().expect("a folder for the files");
    let mut paths: Vec<PathBuf> = Vec::new();
    for (at, parcels) in files.iter().enumerate() {
        let path = folder.path().join(format!("parcels-{at}.ndjson"));
        write_lines(&path, parcels);
        paths.push(path);
    }
    let inputs = Inputs::new(&paths).expect("files need no reading yet");
    let opening = opening();
    let wishes = Wishes {
        threads,
        bounds,
        ..Wishes::default()
    };
    let mut refused = Vec::new();
    let refuse = |reject: &deminimis_office::read::Reject| {
        refused.extend(reject.shipment_id.clone());
        Ok(())
    };
    let learned =
        learn(&SETUP, &inputs, &opening, &wishes, refuse, |_| Ok(())).expect("the first pass");
    let (counts, held) = (learned.counts, learned.held.is_some());
    let read: usize = files.iter().map(|parcels| parcels.len()).sum();
    assert_eq!(counts.shipments_read, read as u64);
    assert_eq!(
        counts.shipments_accepted + counts.shipments_rejected,
        counts.shipments_read
    );
    assert_eq!(
        held,
        bounds.held_lines >= 500_000,
        "held in memory unless the bound is small"
    );
    let mut out = Vec::new();
    let tally = decide(
        &SETUP,
        &inputs,
        &opening,
        &wishes,
        learned,
        &Json { array: false },
        &mut out,
    )
    .expect("the second pass");
    refused.sort();
    Run {
        text: String::from_utf8(out).expect("JSON is UTF-8"),
        tally,
        refused,
    }
}

fn in_memory() -> Bounds {
    Bounds::default()
}

fn on_disk() -> Bounds {
    Bounds {
        held_lines: 3,
        records: 5,
    }
}

fn same(one: &Run, other: &Run) {
    let (a, b) = (one.by_parcel(), other.by_parcel());
    assert_eq!(a.len(), b.len());
    for (id, decision) in &a {
        assert_eq!(Some(decision), b.get(id), "{id}");
    }
    assert_eq!((one.tally, &one.refused), (other.tally, &other.refused));
}

#[test]
fn threads_and_the_order_of_the_file_change_nothing() {
    // A thread takes 2048 parcels at a time: below that, two threads would be one.
    let mut all = parcels(2_400);
    let first = run(&[&all], 1, in_memory());
    let two = run(&[&all], 2, in_memory());
    assert_eq!(first.text, two.text, "bytes for one thread and two");
    assert_eq!(first.tally, two.tally);
    let ids: Vec<_> = first.text.lines().map(|line| &line[..40]).collect();
    assert!(
        ids.is_sorted() && ids.len() > 2_048,
        "output is in the order of the input"
    );
    Dice(5).shuffle(&mut all);
    same(&first, &run(&[&all], 2, in_memory()));
    is_a_fair_sample(&first);
}

/// Whether the days in the sample are what makes this hard.
fn is_a_fair_sample(run: &Run) {
    let told = |words: &str| run.text.lines().filter(|line| line.contains(words)).count();
    for words in [
        "\"s321.day-count\"",
        "\"s321.later-over-limit\"",
        "\"s321.consolidated\"",
        "\"s321.refused-rows\"",
        "\"outcome\":\"free\"",
        "\"outcome\":\"entry_required\"",
        "\"gift_321_a\"",
    ] {
        assert!(told(words) > 10, "{words}: {}", told(words));
    }
    assert!(run.refused.len() > 10);
}

#[test]
fn persons_alike_are_told_the_same_in_any_order() {
    let mut all = parcels(2_400);
    let mut dice = Dice(23);
    for parcel in &mut all {
        if dice.below(3) == 0 {
            let name = parcel["consignee"]["name"].as_str().unwrap_or_default();
            let name = name.replace("Person", "Persom");
            parcel["consignee"]["name"] = json!(name);
        }
    }
    let first = run(&[&all], 1, in_memory());
    for words in [
        "\"s321.linked-over-limit\"",
        "\"linked\":[",
        "\"day_total_if_linked_usd\":\"",
    ] {
        let told = first
            .text
            .lines()
            .filter(|line| line.contains(words))
            .count();
        assert!(told > 100, "{words}: {told}");
    }
    assert_eq!(first.text, run(&[&all], 2, in_memory()).text, "two threads");
    assert_eq!(first.text, run(&[&all], 1, on_disk()).text, "on disk");
    for seed in [7, 8] {
        Dice(seed).shuffle(&mut all);
        same(&first, &run(&[&all], 2, in_memory()));
        same(&first, &run(&[&all], 1, on_disk()));
    }
}

#[test]
fn what_does_not_fit_in_memory_is_decided_the_same() {
    let mut all = parcels(300);
    let first = run(&[&all], 1, in_memory());
    assert_eq!(first.text, run(&[&all], 2, on_disk()).text, "bytes");
    for records in [1, 7, 1000] {
        let bounds = Bounds {
            held_lines: 3,
            records,
        };
        assert_eq!(
            first.text,
            run(&[&all], 1, bounds).text,
            "{records} records"
        );
    }
    for seed in [1, 2, 3] {
        Dice(seed).shuffle(&mut all);
        same(&first, &run(&[&all], 1, on_disk()));
        same(&first, &run(&[&all], 2, in_memory()));
    }
}

#[test]
fn several_files_are_one_run() {
    let all = parcels(200);
    let first = run(&[&all], 1, in_memory());
    let (a, b) = all.split_at(77);
    assert_eq!(first.text, run(&[a, b], 2, in_memory()).text);
    assert_eq!(first.text, run(&[a, b], 1, on_disk()).text);
    same(&first, &run(&[b, a], 1, on_disk()));
}

/// A file without a map, of this program's own columns.
fn opening() -> Opening<'static> {
    Opening {
        setup: &SETUP,
        format: None,
        map: None,
        import: None,
        catalog: None,
        ignore_unknown: false,
        set: Vec::new(),
        defaults: None,
        ids: Ids::default(),
    }
}

/// One parcel a line.
fn write_lines(path: &Path, parcels: &[Value]) {
    let text: String = parcels.iter().map(|parcel| format!("{parcel}\n")).collect();
    std::fs::write(path, text).expect("the file is written");
}

/// Both passes with CSV out, with drafts and without.
fn run_csv(parcels: &[Value], threads: usize, bounds: Bounds, drafts: bool) -> (String, Tally) {
    let folder = tempfile::tempdir().expect("a folder for the file");
    let path = folder.path().join("parcels.ndjson");
    write_lines(&path, parcels);
    let inputs = Inputs::new(&[path]).expect("files need no reading yet");
    let opening = opening();
    let wishes = Wishes {
        threads,
        bounds,
        ..Wishes::default()
    };
    let sink = drafts.then_some(&Csv as &dyn Sink);
    let learned = learn_and_draft(
        &SETUP,
        &inputs,
        &opening,
        &wishes,
        sink,
        |_| Ok(()),
        |_| Ok(()),
    )
    .expect("the first pass");
    assert_eq!(learned.drafts.is_some(), drafts);
    let mut out = Vec::new();
    let tally = decide(&SETUP, &inputs, &opening, &wishes, learned, &Csv, &mut out)
        .expect("the second pass");
    (String::from_utf8(out).expect("CSV is UTF-8"), tally)
}

#[test]
fn a_draft_is_what_the_second_pass_would_write() {
    // Few persons share their days here, and each of the other parcels is alone on its own.
    let mut all = parcels(2_400);
    for (at, parcel) in all.iter_mut().enumerate().filter(|(at, _)| at % 3 > 0) {
        parcel["consignee"]["name"] = json!(format!("Person Alone {at}"));
    }
    let decided = run_csv(&all, 1, in_memory(), false);
    assert_eq!(
        decided.1.outcomes.iter().sum::<u64>() as usize,
        decided.0.lines().count()
    );
    assert!(
        decided
            .0
            .lines()
            .any(|line| line.contains("s321.refused-rows"))
    );
    for (threads, bounds) in [(1, in_memory()), (2, in_memory()), (1, on_disk())] {
        assert_eq!(
            decided,
            run_csv(&all, threads, bounds, true),
            "{threads} threads"
        );
    }
}
