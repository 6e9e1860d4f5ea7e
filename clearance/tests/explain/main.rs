//! What an explanation says, read as a person reads it, and that what it promises is so.

mod free;
mod holds;
mod not_free;
mod owed;

use deminimis_clearance::cases::build_parcels;
use deminimis_clearance::day::DayContext;
use deminimis_clearance::explain::{Explanation, Style, explain};
use deminimis_clearance::rates::Rates;
use deminimis_clearance::render::Known;
use deminimis_clearance::shipment::Texts;
use deminimis_clearance::{Books, Scratch, Shipment};
use deminimis_law::Law;
use deminimis_law::case::{Case, CaseValue, Model};
use deminimis_law::money::Cents;
use deminimis_law::names::Basis;
use deminimis_tariff::Schedule;
use std::sync::{Arc, LazyLock};

static LAW: LazyLock<Law> = LazyLock::new(|| {
    let book = Arc::new(deminimis_law_us::rulebook().unwrap());
    Law::compile_hashed(&book, None, deminimis_law_us::HASH.into())
});
static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| deminimis_law_us::cases().unwrap().models);
static RATES: LazyLock<Rates> = LazyLock::new(Rates::default);

fn books() -> Books<'static> {
    Books {
        law: &LAW,
        tariff: Schedule::embedded(),
        rates: &RATES,
    }
}

/// A model's parcel with some fields of its own; `facts.name` answers a fact.
fn parcel(like: &str, fields: &[(&str, &str)]) -> (Shipment, Texts) {
    let text = |text: &str| CaseValue::Text(text.to_owned());
    let mut given = vec![("like".to_owned(), text(like))];
    let mut facts = Vec::new();
    for (name, value) in fields {
        match name.strip_prefix("facts.") {
            Some(fact) => facts.push((fact.to_owned(), text(value))),
            None => given.push(((*name).to_owned(), text(value))),
        }
    }
    given.push(("facts".to_owned(), CaseValue::Table(facts)));
    let case = Case {
        file: String::new(),
        line: 0,
        instrument: None,
        why: String::new(),
        source: String::new(),
        known_at: None,
        pending: String::new(),
        given: vec![given],
        expect: Vec::new(),
    };
    build_parcels(&LAW, &case, &MODELS).unwrap().remove(0)
}

/// A day on which so much entered free under 321(a)(2)(C) before.
fn day(before: i64) -> DayContext {
    let mut day = DayContext::default();
    if before > 0 {
        day.counted[Basis::Section321C as usize] = Cents(before);
        day.counted_shipments[Basis::Section321C as usize] = 1;
        day.all = Cents(before);
        day.shipments_before = 1;
    }
    day
}

fn explained(parcel: &(Shipment, Texts), day: &DayContext) -> Explanation {
    let known = Known {
        engine: "test",
        person_rules: "test",
        ..Known::default()
    };
    explain(
        books(),
        &parcel.0,
        &parcel.1,
        day,
        known,
        &mut Scratch::default(),
    )
}

const WIDE: Style = Style {
    width: 120,
    colour: false,
};

/// Whether each part stands in the text, in this order.
#[track_caller]
fn has(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => panic!("no {part:?} (or not in this order) in\n{text}"),
        }
    }
}

/// What is said in plain language, without the line of the rule, whose words are the law's own.
#[track_caller]
fn says(explanation: &Explanation, lines: &[&str], cite: &str) {
    let plain = explanation.plain();
    let (rule, own): (Vec<&str>, Vec<&str>) = plain
        .lines()
        .partition(|line| line.starts_with("The rule: "));
    assert_eq!(own, lines);
    assert_eq!(rule.is_empty(), cite.is_empty(), "{rule:?}");
    assert!(rule.iter().all(|rule| rule.contains(cite)), "{rule:?}");
}

fn changes(explanation: &Explanation) -> Vec<String> {
    let text = |change: &deminimis_clearance::explain::Change| {
        format!("{}: {} {}", change.words, change.outcome, change.entry_path)
    };
    explanation.changes.iter().map(text).collect()
}
