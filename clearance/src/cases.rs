//! Runs the cases that stand beside the law: builds their shipments, assesses them as one file,
//! and says where the decision differs from what is expected.

mod days;
mod money;

use crate::assess::{Books, Scratch, assess_into};
use crate::decision::{Decision, Due};
use crate::rates::Rates;
use crate::shipment::build::PortZones;
use crate::shipment::fields::Party;
use crate::shipment::{Builder, FieldId, Shipment, Texts};
use crate::words::{cbp_expected, name_of, show_due};
use deminimis_law::Law;
use deminimis_law::case::{Case, CaseValue, Model};
use deminimis_tariff::Schedule;
use money::MONEY;

/// A case that is not met, or cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {why}: {message}")]
pub struct Unmet {
    /// The file of the case.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// What it shows.
    pub why: String,
    /// What differs, by shipment.
    pub message: String,
}

/// Finds the readings of the day in which each party stands who may be another of them, by number;
/// none for the others. In one reading all of one number are one person.
pub type Linker = fn(&[(&Texts, Party)]) -> Vec<Vec<u32>>;

/// How the parcels of a case are told apart by person, and linked; both are the caller's rules.
#[derive(Clone, Copy)]
pub struct PersonRules {
    /// The mark by which two parcels are the same person's: a hash of the party that the law names.
    pub mark: fn(&Texts, Party) -> u128,
    /// Links the parties of one day.
    pub links: Linker,
}

/// Runs one case under a law compiled for its `known_at`.
pub fn run(
    law: &Law,
    tariff: &Schedule,
    case: &Case,
    models: &[Model],
    rules: PersonRules,
) -> Result<(), Unmet> {
    let unmet = |message: String| Unmet {
        file: case.file.clone(),
        line: case.line,
        why: case.why.clone(),
        message,
    };
    let rates = Rates::default();
    let books = Books {
        law,
        tariff,
        rates: &rates,
    };
    let parcels = build_parcels(law, case, models).map_err(unmet)?;
    let contexts = days::contexts(books, &parcels, rules);
    let mut scratch = Scratch::default();
    let mut wrong = Vec::new();
    for (at, (parcel, expect)) in parcels.iter().zip(&case.expect).enumerate() {
        let decision = assess_into(books, &parcel.0, &contexts[at], &mut scratch);
        for (field, value) in expect {
            if let Err(message) = meets(books, &parcel.0, decision, field, value) {
                wrong.push(format!("shipment {}: {message}", at + 1));
            }
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(unmet(wrong.join("; ")))
    }
}

type Parcel = (Shipment, Texts);

/// Builds the shipments of a case; the error names the shipment and the field.
pub fn build_parcels(law: &Law, case: &Case, models: &[Model]) -> Result<Vec<Parcel>, String> {
    let mut parcels = Vec::new();
    for (at, given) in case.given.iter().enumerate() {
        let parcel = build(law, models, given, at);
        parcels.push(parcel.map_err(|error| format!("shipment {}: {error}", at + 1))?);
    }
    Ok(parcels)
}

fn build(
    law: &Law,
    models: &[Model],
    given: &[(String, CaseValue)],
    at: usize,
) -> Result<Parcel, String> {
    let mut shipment: Vec<(&str, &CaseValue)> = Vec::new();
    let mut line: Vec<(&str, &CaseValue)> = Vec::new();
    let mut lines: Vec<Vec<(&str, &CaseValue)>> = Vec::new();
    let like = given
        .iter()
        .find(|(key, _)| key == "like")
        .map(|(_, value)| value);
    if let Some(CaseValue::Text(name)) = like {
        let model = models.iter().find(|model| model.name == *name);
        let model = model.ok_or_else(|| format!("`{name}` is not a model"))?;
        take(&model.fields, &mut shipment, &mut line, &mut lines);
    }
    // The model's only line is what every line of the case begins from.
    if let Some(first) = lines.pop() {
        line.extend(first);
        lines.clear();
    }
    take(given, &mut shipment, &mut line, &mut lines);
    if lines.is_empty() {
        lines.push(Vec::new());
    }
    let id = CaseValue::Text((at + 1).to_string());
    shipment.insert(0, ("shipment_id", &id));
    fill(law, &last_wins(shipment), &line, &lines)
}

fn fill(
    law: &Law,
    fields: &[(&str, &CaseValue)],
    line: &[(&str, &CaseValue)],
    lines: &[Vec<(&str, &CaseValue)>],
) -> Result<Parcel, String> {
    let rows = law
        .book()
        .ports
        .iter()
        .map(|row| (row.port.as_str(), row.zone.as_str()));
    let ports = PortZones::from_rows(rows).map_err(|error| error.to_string())?;
    let mut builder = Builder::new(&law.book().facts, law.zone(), &ports);
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let mut filling = builder.begin(&mut shipment, &mut texts);
    for (name, value) in fields {
        let field = FieldId::named(name).ok_or_else(|| format!("`{name}` is not a field"))?;
        filling
            .set(field, 0, &text(value)?)
            .map_err(|error| error.to_string())?;
    }
    for (at, own) in lines.iter().enumerate() {
        let all = last_wins(line.iter().chain(own).copied().collect());
        for (name, value) in all {
            if let ("facts", CaseValue::Table(facts)) = (name, value) {
                for (fact, answer) in facts {
                    filling
                        .fact(fact, at, &text(answer)?)
                        .map_err(|error| error.to_string())?;
                }
                continue;
            }
            let field = FieldId::named(name).ok_or_else(|| format!("`{name}` is not a field"))?;
            filling
                .set(field, at, &text(value)?)
                .map_err(|error| error.to_string())?;
        }
    }
    filling.finish().map_err(|error| error.to_string())?;
    Ok((shipment, texts))
}

/// Sorts fields to where they belong: shipment, every line, or single lines.
fn take<'c>(
    given: &'c [(String, CaseValue)],
    shipment: &mut Vec<(&'c str, &'c CaseValue)>,
    line: &mut Vec<(&'c str, &'c CaseValue)>,
    lines: &mut Vec<Vec<(&'c str, &'c CaseValue)>>,
) {
    for (key, value) in given {
        match (key.as_str(), value) {
            ("like", _) => {}
            ("lines", CaseValue::List(rows)) => {
                for row in rows {
                    let CaseValue::Table(fields) = row else {
                        continue;
                    };
                    lines.push(
                        fields
                            .iter()
                            .map(|(key, value)| (key.as_str(), value))
                            .collect(),
                    );
                }
            }
            ("facts", _) => line.push((key, value)),
            _ if FieldId::named(key).is_some_and(FieldId::is_line) => line.push((key, value)),
            _ => shipment.push((key, value)),
        }
    }
}

/// Of fields given twice (by the model, then by the case) the last counts; empty text takes away.
fn last_wins<'c>(fields: Vec<(&'c str, &'c CaseValue)>) -> Vec<(&'c str, &'c CaseValue)> {
    let mut kept: Vec<(&str, &CaseValue)> = Vec::new();
    for (key, value) in fields {
        kept.retain(|(known, _)| *known != key);
        kept.push((key, value));
    }
    kept
}

fn text(value: &CaseValue) -> Result<String, String> {
    match value {
        CaseValue::Text(text) => Ok(text.clone()),
        CaseValue::List(items) => {
            let parts: Result<Vec<_>, _> = items.iter().map(text).collect();
            Ok(parts?.join(";"))
        }
        CaseValue::Table(_) => Err("a table cannot stand here".to_owned()),
    }
}

fn texts(value: &CaseValue) -> Result<Vec<String>, String> {
    match value {
        CaseValue::List(items) => items.iter().map(text).collect(),
        _ => Ok(vec![text(value)?]),
    }
}

fn meets(
    books: Books<'_>,
    shipment: &Shipment,
    decision: &Decision,
    field: &str,
    value: &CaseValue,
) -> Result<(), String> {
    let law = books.law;
    let one = |actual: &str| {
        let expected = text(value)?;
        if actual == expected {
            Ok(())
        } else {
            Err(format!("{field} is {actual}, not {expected}"))
        }
    };
    match field {
        "outcome" => one(decision.outcome.as_str()),
        "basis" => one(decision.basis.map_or("none", |basis| basis.as_str())),
        "entry_path" => one(decision.path.as_str()),
        "person" => one(decision.person.as_str()),
        "day_total_usd" => one(&decision.day_total.to_string()),
        "day_all_usd" => one(&decision.day_all.to_string()),
        "day_total_if_linked_usd" => one(&decision
            .day_total_if_linked
            .map_or("none".to_owned(), |total| total.to_string())),
        "records_until" => one(&decision
            .records
            .map_or("none".to_owned(), |(day, _)| day.to_string())),
        "cbp_expected" => one(cbp_expected(law, decision).unwrap_or("none")),
        "deadlines" => deadlines(law, decision, value),
        _ if MONEY.contains(&field) => {
            money::meets(books, shipment, decision, field, &texts(value)?)
        }
        "findings" | "absent" | "questions" | "assumed" | "alternatives" => {
            each_named(law, decision, field, value)
        }
        _ => Err(format!("`{field}` is not something a case can expect")),
    }
}

fn each_named(
    law: &Law,
    decision: &Decision,
    field: &str,
    value: &CaseValue,
) -> Result<(), String> {
    let CaseValue::List(items) = value else {
        return Err(format!("{field} must be a list"));
    };
    for item in items {
        let name = text(item)?;
        let present = match field {
            "findings" => speaks(law, decision, &name),
            "absent" => !speaks(law, decision, &name),
            "questions" => decision
                .questions
                .iter()
                .any(|asked| name_of(law, asked.what) == name),
            "assumed" => decision
                .assumed
                .iter()
                .any(|one| law.book().facts[one.fact.0 as usize].name == name),
            _ => decision.lawful.iter().any(|path| path.as_str() == name),
        };
        if !present {
            let said: Vec<_> = decision
                .findings
                .iter()
                .map(|finding| format!("{}:{}", law.instrument(finding.rule).id, finding.effect))
                .collect();
            return Err(format!(
                "{field} lacks {name}; outcome {}, path {}, said: {}",
                decision.outcome,
                decision.path,
                said.join(" ")
            ));
        }
    }
    Ok(())
}

/// Whether a rule, or a rule with an effect (`id:effect`), spoke.
fn speaks(law: &Law, decision: &Decision, name: &str) -> bool {
    let (id, effect) = name
        .split_once(':')
        .map_or((name, None), |(id, effect)| (id, Some(effect)));
    // A deadline speaks by being due; what it asks is its own kind of requirement.
    let due = decision
        .deadlines
        .iter()
        .any(|due| law.instrument(due.rule).id == id);
    let due = due && effect.is_none_or(|effect| effect == "requires");
    due || decision.findings.iter().any(|finding| {
        law.instrument(finding.rule).id == id
            && effect.is_none_or(|effect| finding.effect.as_str() == effect)
    })
}

fn deadlines(law: &Law, decision: &Decision, value: &CaseValue) -> Result<(), String> {
    let CaseValue::Table(expected) = value else {
        return Err("deadlines must be a table".to_owned());
    };
    for (id, due) in expected {
        let expected = text(due)?;
        let found = decision
            .deadlines
            .iter()
            .find(|deadline| law.instrument(deadline.rule).id == *id);
        let found = found.ok_or_else(|| format!("no deadline {id}"))?;
        let actual = show_due(law, found.due);
        let same_moment = deminimis_law::time::parse_timestamp(&expected)
            .is_ok_and(|moment| found.due == Due::Moment(moment));
        if actual != expected && !same_moment {
            return Err(format!("deadline {id} is {actual}, not {expected}"));
        }
    }
    Ok(())
}
