//! Every record that the guides print as an example, by guide and line of its text.
//!
//! A `clean` one decodes and lints clean, a `restored` one does so once a space is put back that
//! the guide's text lost; an `unclean` one is found where the row says, with the
//! reason why the guide's own example is not clean; of `words` the guide prints no columns. Each
//! comes back byte for byte.

mod catair;

use deminimis_filing::messages::catair::lint::{lint, lint_records};
use deminimis_filing::messages::catair::{decode, decode_as, encode};
use std::collections::BTreeMap;

const EXAMPLES: &str = include_str!("catair/examples.csv");

struct Example {
    guide: String,
    line: usize,
    application: String,
    state: String,
    findings: String,
    reason: String,
    record: String,
    restored: String,
}

fn examples() -> Vec<Example> {
    let mut reader = csv::Reader::from_reader(EXAMPLES.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        let [
            guide,
            line,
            application,
            state,
            findings,
            reason,
            record,
            restored,
        ] = std::array::from_fn(|place| row[place].to_owned());
        let line = line.parse().expect("a line");
        Example {
            guide,
            line,
            application,
            state,
            findings,
            reason,
            record,
            restored,
        }
    });
    rows.collect()
}

#[test]
fn every_printed_record_is_judged_as_listed() {
    let (mut counts, mut wrong) = (BTreeMap::new(), Vec::new());
    for example in examples() {
        *counts
            .entry((example.guide.clone(), example.state.clone()))
            .or_insert(0) += 1;
        // Guides print records without their trailing spaces.
        let bytes = format!("{:80}", example.record).into_bytes();
        let message = decode_as(&example.application, &bytes);
        assert_eq!(
            encode(&message),
            bytes,
            "{} {}",
            example.guide,
            example.line
        );
        let report = lint_records(&message);
        let found: Vec<String> = report
            .findings
            .iter()
            .map(|it| format!("{}-{}", it.start, it.end))
            .collect();
        let found = found.join(" ");
        let known = message.lines[0].layout().is_some();
        let right = match example.state.as_str() {
            "clean" => known && found.is_empty(),
            "unclean" => {
                !found.is_empty() && found == example.findings && !example.reason.is_empty()
            }
            "restored" => {
                let bytes = format!("{:80}", example.restored).into_bytes();
                let message = decode_as(&example.application, &bytes);
                let clean = lint_records(&message).findings.is_empty();
                found == example.findings && clean && !example.reason.is_empty()
            }
            "words" => !example.reason.is_empty(),
            other => panic!("state {other}"),
        };
        if !right {
            wrong.push(format!(
                "{}:{}\t{found}\t{}",
                example.guide, example.line, example.record
            ));
        }
    }
    println!("{counts:?}");
    assert!(
        wrong.is_empty(),
        "{} otherwise than listed:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(counts.values().sum::<usize>(), 198);
}

/// The acceptance example of the batch guide (lines 1780 to 1791) ends its second block with
/// another filer than it began with.
#[test]
fn the_slip_of_the_guides_own_answer_is_found() {
    let rows = examples();
    let answer = rows
        .iter()
        .filter(|it| it.guide == "BB v23" && (1780..=1791).contains(&it.line));
    let text: String = answer
        .map(|it| {
            if it.restored.is_empty() {
                &it.record
            } else {
                &it.restored
            }
        })
        .map(|record| format!("{record:80}\n"))
        .collect();
    let message = decode(text.as_bytes());
    let report = lint(&message);
    let slips: Vec<_> = report
        .findings
        .iter()
        .filter(|it| it.code == Some("X32"))
        .collect();
    let at: Vec<_> = slips
        .iter()
        .map(|it| (it.record_number, it.start, it.end))
        .collect();
    assert_eq!(
        at,
        [(11, 4, 7), (11, 8, 10)],
        "port 1201 for 1202, and filer N02 for N01"
    );
}

/// The harvest example of the summary guide is one grouping after another.
#[test]
fn the_sanctions_example_keeps_its_order() {
    let rows = examples();
    let group = rows
        .iter()
        .filter(|it| it.guide == "AE 2026-07" && (5434..=5447).contains(&it.line));
    let mut lines: Vec<String> = Vec::new();
    let summaries = catair::summaries();
    let at = summaries
        .lines
        .iter()
        .rposition(|it| it.is("62"))
        .expect("62");
    let clean = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
    lines.extend(summaries.lines[..=at].iter().map(|it| clean(it.bytes())));
    lines.extend(group.map(|it| format!("{:80}", it.record)));
    lines.extend(summaries.lines[at + 1..].iter().map(|it| clean(it.bytes())));
    let text = lines.join("\n") + "\n";
    let message = decode(text.as_bytes());
    let report = lint(&message);
    assert_eq!(message.lines.len(), summaries.lines.len() + 10);
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
}
