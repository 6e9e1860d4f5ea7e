//! `law coverage`: what the law and the schedule in hand cover, how well it is supported, and what is
//! known to be missing. Written as Markdown: `docs/coverage.md` is its answer for the embedded law.

use crate::commands::tariff::texts::{self, by_shape};
use crate::out::page::{self, Page};
use deminimis_law::Law;
use deminimis_law::instrument::{Instrument, Openness, Version};
use deminimis_law::kind::{Charge, Duty, FeeAmount, Rule};
use deminimis_law::time::{Day, Moment};
use deminimis_office::law::LawContext;
use deminimis_office::law::rule_words::{Span, is_known, kind_title, spans, weakest};
use deminimis_tariff::Schedule;
use std::collections::BTreeMap;
use std::io;

/// What the second reading of the additional duties says otherwise, and why.
const DIFFERENCES: &str = include_str!("../../../law/tests/independent/differences.csv");

/// Words by which a note says that something is missing.
const MISSING: [&str; 5] = [
    "not in hand",
    "not at hand",
    "not tabulated",
    "not known",
    "not verified",
];

/// Writes the page.
pub fn run(context: &LawContext<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let law = context.law;
    let mut text = String::from(
        "# Coverage\n\n<!-- Generated: `deminimis law coverage > docs/coverage.md` -->\n\n\
         What the law and the schedule in hand cover, to which day it was checked, how well its \
         weakest part is supported, and what is known to be missing. What is missing is asked, or \
         goes to a person; it is never taken as zero. The marks of support are explained in \
         [law-files.md](law-files.md#keys-of-every-version).\n",
    );
    programs(law, &mut text);
    others(law, &mut text);
    gaps(law, &mut text);
    schedule(&mut text);
    deviations(law, &mut text);
    second_reading(&mut text);
    page.raw(&text)
}

/// A heading and a table; without rows, what is said instead.
fn table(text: &mut String, title: &str, columns: &[&str], rows: &[Vec<String>], none: &str) {
    text.push_str(&format!("\n{title}\n\n"));
    if rows.is_empty() {
        text.push_str(&format!("{none}\n"));
        return;
    }
    text.push_str(&format!("| {} |\n", columns.join(" | ")));
    text.push_str(&format!("|{}\n", "---|".repeat(columns.len())));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
}

/// Instruments that are told of together.
#[derive(Default)]
struct Family<'a> {
    members: Vec<&'a Instrument>,
    spans: Vec<Span>,
}

impl<'a> Family<'a> {
    fn add(&mut self, law: &Law, place: usize, member: &'a Instrument) {
        self.members.push(member);
        self.spans.extend(spans(law, place));
    }

    /// Instruments, versions, from, until, checked, weakest support.
    fn cells(&self, law: &Law) -> Vec<String> {
        let versions: usize = self.members.iter().map(|one| one.versions.len()).sum();
        let from = self.spans.iter().map(|span| span.0).min();
        // An end counts only if every part ends.
        let ends: Option<Vec<Moment>> = self.spans.iter().map(|span| span.1).collect();
        let until = ends.and_then(|ends| ends.into_iter().max());
        let date = |at: Moment| page::boundary(law, at);
        let checked = self.members.iter().map(|one| one.checked).min();
        let support = self.members.iter().filter_map(|one| weakest(law, one));
        vec![
            self.members.len().to_string(),
            versions.to_string(),
            from.map_or_else(String::new, date),
            until.map_or_else(|| "no end".to_owned(), date),
            checked.map_or_else(String::new, |day| day.to_string()),
            support
                .max()
                .map_or_else(String::new, |one| one.to_string()),
        ]
    }
}

/// The versions of the law as known, each with its instrument.
fn versions(law: &Law) -> impl Iterator<Item = (&Instrument, &Version)> {
    let all = law.book().instruments.iter();
    all.flat_map(move |one| {
        let known = one.versions.iter().filter(|version| is_known(law, version));
        known.map(move |version| (one, version))
    })
}

fn duty_of(instrument: &Instrument) -> Option<&Duty> {
    instrument
        .versions
        .iter()
        .find_map(|version| match &version.rule {
            Rule::Duty(duty) => Some(duty),
            _ => None,
        })
}

fn programs(law: &Law, text: &mut String) {
    let mut families: BTreeMap<(&str, &str), Family<'_>> = BTreeMap::new();
    for (place, one) in law.book().instruments.iter().enumerate() {
        if let Some(duty) = duty_of(one) {
            let family = families.entry((duty.layer.as_str(), &duty.program));
            family.or_default().add(law, place, one);
        }
    }
    let row = |((layer, program), family): (&(&str, &str), &Family<'_>)| {
        let open = family.members.iter().flat_map(|one| &one.versions);
        let open = open.filter(|version| is_not_covered(version)).count();
        let mut row = vec![(*program).to_owned(), (*layer).to_owned()];
        row.extend(family.cells(law));
        row.push(if open == 0 {
            String::new()
        } else {
            open.to_string()
        });
        row
    };
    let rows: Vec<_> = families.iter().map(row).collect();
    let columns = [
        "program",
        "layer",
        "headings",
        "versions",
        "from",
        "until",
        "checked",
        "weakest",
        "not covered",
    ];
    table(text, "## Programs of duty", &columns, &rows, "None.");
}

fn others(law: &Law, text: &mut String) {
    let mut families: BTreeMap<(&str, &str), Family<'_>> = BTreeMap::new();
    for (place, one) in law.book().instruments.iter().enumerate() {
        if duty_of(one).is_none() {
            let area = one.id.split('.').next().unwrap_or_default();
            let family = families.entry((kind_title(one.kind), area));
            family.or_default().add(law, place, one);
        }
    }
    let row = |((kind, area), family): (&(&str, &str), &Family<'_>)| {
        let mut row = vec![(*kind).to_owned(), (*area).to_owned()];
        row.extend(family.cells(law));
        row
    };
    let rows: Vec<_> = families.iter().map(row).collect();
    let columns = [
        "kind",
        "area",
        "instruments",
        "versions",
        "from",
        "until",
        "checked",
        "weakest",
    ];
    table(text, "## All other law", &columns, &rows, "None.");
}

fn is_not_covered(version: &Version) -> bool {
    match &version.rule {
        Rule::Duty(duty) => duty.charge == Charge::NotCovered,
        Rule::Fee(fee) => fee.amount == FeeAmount::NotCovered,
        _ => false,
    }
}

fn gaps(law: &Law, text: &mut String) {
    text.push_str("\n## Known gaps\n");
    let until = |version: &Version| match version.until {
        Some(until) => page::date(law, until),
        None => "no end".to_owned(),
    };
    let bounds = law.book().instruments.iter();
    let bounds = bounds.filter(|one| one.covers_from.is_some() || one.covers_until.is_some());
    let rows: Vec<Vec<String>> = bounds
        .map(|one| {
            let date =
                |written: Option<_>| written.map(|at| page::date(law, at)).unwrap_or_default();
            vec![
                one.id.clone(),
                one.title.clone(),
                date(one.covers_from),
                date(one.covers_until),
            ]
        })
        .collect();
    let columns = ["instrument", "what", "in hand from", "until"];
    table(
        text,
        "### Law that existed before, or exists after",
        &columns,
        &rows,
        "None.",
    );

    let rows: Vec<Vec<String>> = versions(law)
        .filter(|(_, version)| is_not_covered(version))
        .map(|(one, version)| {
            let (from, reason) = (page::date(law, version.effective), version.reason.clone());
            vec![
                one.id.clone(),
                one.title.clone(),
                from,
                until(version),
                reason,
            ]
        })
        .collect();
    let columns = ["instrument", "what", "from", "until", "why"];
    table(
        text,
        "### Headings and fees whose amount is not in hand",
        &columns,
        &rows,
        "None.",
    );

    let rows: Vec<Vec<String>> = versions(law)
        .filter(|(_, version)| version.open != Openness::Settled)
        .map(|(one, version)| {
            let from = page::date(law, version.effective);
            vec![one.id.clone(), from, version.question.clone()]
        })
        .collect();
    let columns = ["instrument", "from", "question"];
    table(
        text,
        "### Rules that are not settled",
        &columns,
        &rows,
        "None.",
    );

    let rows: Vec<Vec<String>> = versions(law)
        .filter_map(|(one, version)| {
            let said = missing(&version.note);
            let from = page::date(law, version.effective);
            (!said.is_empty()).then(|| vec![one.id.clone(), from, said])
        })
        .collect();
    let columns = ["instrument", "from", "what its note says"];
    table(
        text,
        "### What notes say is missing",
        &columns,
        &rows,
        "None.",
    );
}

/// The sentences of a note that say that something is missing.
fn missing(note: &str) -> String {
    let said = note.split_inclusive(". ").map(str::trim);
    let said = said.filter(|sentence| MISSING.iter().any(|words| sentence.contains(words)));
    said.collect::<Vec<_>>().join(" ")
}

fn schedule(text: &mut String) {
    let schedule = Schedule::embedded();
    let (first, last) = schedule.embedded_days();
    text.push_str(&format!(
        "\n## The schedule\n\nIn the program: {}, from {}, last release of {} or later; {} numbers \
         of ten digits on that day. Later days carry its figures on and say so; an imported release \
         takes over from its day. Earlier days have no rate of column 1.\n",
        schedule.release(),
        Day(first),
        Day(last),
        schedule.lines_on(last)
    ));
    let count = texts::embedded();
    let (rates, parts) = (
        count.shapes.values().sum::<usize>(),
        count.parts.values().sum::<usize>(),
    );
    text.push_str(&format!(
        "\nOf {rates} distinct texts of the general column and column 2: {}. Of {} distinct texts of \
         the special column with {parts} parts: {}.\n",
        by_shape(&count.shapes),
        count.specials,
        by_shape(&count.parts)
    ));
    for (title, list) in [
        (
            "### Texts of the general column and column 2 that need a person",
            &count.person,
        ),
        (
            "### Parts of the special column that need a person",
            &count.special_person,
        ),
    ] {
        let rows: Vec<Vec<String>> = list
            .iter()
            .map(|(text, reason)| vec![text.clone(), reason.clone()])
            .collect();
        table(text, title, &["text", "why"], &rows, "None.");
    }
}

fn deviations(law: &Law, text: &mut String) {
    let rows: Vec<Vec<String>> = versions(law)
        .filter_map(|(one, version)| {
            let (_, said) = version.note.split_once("DEVIATES:")?;
            let from = page::date(law, version.effective);
            Some(vec![one.id.clone(), from, said.trim().to_owned()])
        })
        .collect();
    let columns = ["instrument", "from", "departure"];
    let none = "No rule is marked as departing from the law.";
    table(
        text,
        "## Known departures from the law",
        &columns,
        &rows,
        none,
    );
}

/// Counts the differences by program; the file itself says why each stands.
fn second_reading(text: &mut String) {
    let mut programs: BTreeMap<String, usize> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(DIFFERENCES.as_bytes());
    for program in reader.records().flatten() {
        let program = program.get(0).unwrap_or_default().to_owned();
        *programs.entry(program).or_default() += 1;
    }
    let all: usize = programs.values().sum();
    text.push_str(
        "\n## Differences to the second reading\n\nThe additional duties were read a second time, \
         from the citations alone, and both readings are compared cell by cell \
         ([law/tests/independent](../law/tests/independent/README.md)). Where they differ, \
         `differences.csv` says which is right and why.\n",
    );
    let rows: Vec<Vec<String>> = programs
        .into_iter()
        .map(|(program, count)| vec![program, count.to_string()])
        .collect();
    let title = format!("{all} differences are explained there.");
    table(text, &title, &["program", "differences"], &rows, "");
    if rows.is_empty() {
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
}
