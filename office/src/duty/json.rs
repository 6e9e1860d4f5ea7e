//! What is said of an article, for programs.

use super::reckon::{Reckoner, percent};
use super::{Told, near_numbers};
use crate::out::ENGINE;
use deminimis_clearance::owed::Span;
use deminimis_clearance::render::owed::owed;
use deminimis_clearance::render::{Known, path_rule, render};
use deminimis_person::PERSON_RULES;
use serde_json::{Value, json};

/// A total: known, or its bounds.
pub fn span(span: Span) -> Value {
    json!({
        "total_usd": span.known().map(|total| total.to_string()),
        "range_low_usd": span.low.to_string(),
        "range_high_usd": span.high.map(|high| high.to_string()),
    })
}

/// Everything, with the contract's decision.
pub fn told(reckoner: &mut Reckoner<'_>, told: &Told) -> Value {
    let setup = reckoner.setup;
    let (reckoned, books) = (&told.reckoned, setup.books());
    let known = Known {
        person_key: None,
        person_rules: PERSON_RULES,
        engine: ENGINE,
        rates_hash: setup.rates.hash(),
    };
    let day = reckoner.day();
    let (shipment, decision) = (&reckoned.shipment, &reckoned.decision);
    let decided = render(
        books,
        shipment,
        &day,
        decision,
        known,
        &mut reckoner.scratch,
    );
    let line = shipment.lines.first();
    let ways: Vec<Value> = told
        .ways
        .iter()
        .map(|way| {
            let rule = path_rule(&setup.law, decision, way.path);
            json!({
                "entry_path": way.path.as_str(),
                "free": way.free,
                "owed": span(way.total),
                "cheapest": way.cheapest,
                "filer": rule.map(|rule| rule.filer.as_str()),
                "bond": rule.map(|rule| rule.bond.as_str()),
                "time": rule.map(|rule| rule.time.as_str()),
            })
        })
        .collect();
    let questions: Vec<Value> = told
        .questions
        .iter()
        .map(|question| {
            let answers = question.answers.iter().map(|answer| {
                json!({
                    "answer": answer.answer,
                    "outcome": answer.outcome.as_str(),
                    "entry_path": answer.path.map(|path| path.as_str()),
                    "owed": span(answer.total),
                })
            });
            json!({
                "what": question.what,
                "question": question.why,
                "material": question.material,
                "answers": answers.collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "htsus_number": line.and_then(|line| line.number).map(|number| number.to_string()),
        "country_of_origin": line.and_then(|line| line.origin).map(|origin| origin.to_string()),
        "mode": shipment.mode.as_str(),
        "entered_at": setup.law.zone().show(decision.read_at),
        "value_usd": reckoned.value().map(|value| value.to_string()),
        "outcome": decision.outcome.as_str(),
        "entry_path": reckoned.by.map(|path| path.as_str()),
        "if_entered": reckoned.if_entered,
        "owed": owed(books, shipment, &reckoned.owed),
        "effective_rate": reckoned.effective().map(percent),
        "ways": ways,
        "threshold": {
            "formal_costs_less_from_usd": told.threshold.formal_costs_less.map(|one| one.from.to_string()),
            "formal_costs_less_until_usd": told.threshold.formal_costs_less.map(|one| one.until.to_string()),
            "informal_until_usd": told.threshold.informal_until.map(|until| until.to_string()),
        },
        "questions": questions,
        "schedule_note": near_numbers(setup, reckoned),
        "decision": decided,
    })
}
