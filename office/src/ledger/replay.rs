//! Kept parcels assessed again: under the law then known, or under another.
//!
//! The ledger's lines are gone through again in their order in a ledger that is thrown away, so that
//! under another law a day is counted as that law has it: a parcel that now enters free takes the
//! room of a later one. Of a parcel that cannot be read again, what it put on its day is put there.

use crate::ledger::shadow::{Shadow, each_line};
use crate::ledger::{LedgerError, OpenLedger, Records, Writer, builder, now};
use crate::pass::Persons;
use crate::setup::{Setup, SetupError};
use deminimis_law::time::Moment;
use deminimis_store::intake::{Clerk, Intake, Lost, Recalled, recall};
use deminimis_store::{Content, Entry, KeptRecord};
use serde_json::Value;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// Why a replay cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The law as it was known then.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// What is told cannot be written.
    #[error("{0}")]
    Out(#[from] io::Error),
}

/// Gives the law as known at a moment, or all of it.
pub type LawAt<'a> = dyn Fn(Option<Moment>) -> Result<Setup, SetupError> + 'a;

/// Under which law parcels are assessed again.
pub enum Under<'a> {
    /// One law for all.
    One(Arc<Setup>),
    /// For each the law that was known when it was assessed.
    Then {
        /// Gives it.
        law_at: &'a LawAt<'a>,
        /// The hash of all law in hand now.
        rulebook: String,
    },
}

/// A decision that would be another one.
pub struct Difference {
    /// The parcel.
    pub shipment_id: String,
    /// The event, or nothing for its claim.
    pub event: Option<String>,
    /// The posting of the decision.
    pub position: i64,
    /// What differs: its name, what it was, what it would be.
    pub changed: Vec<(&'static str, String, String)>,
    /// Why: a rule, what became of its finding, and what it says.
    pub reasons: Vec<Reason>,
}

/// A rule that speaks otherwise.
pub struct Reason {
    /// The rule, or what else stands behind a decision.
    pub rule: String,
    /// `speaks`, `silent`, or `changed`.
    pub change: &'static str,
    /// What it says; what it said, if it is silent now.
    pub says: String,
}

/// What is told while a replay goes on.
pub enum Told {
    /// A decision that would be another one.
    Differs(Difference),
    /// A decision without a record, or whose record does not read under this law: the parcel, why.
    Unread(String, String),
}

/// Takes what is told, at once: a replay holds none of it.
pub type Tell<'a> = dyn FnMut(Told) -> io::Result<()> + 'a;

/// What came of a replay, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Decisions that are the same, in every byte.
    pub same: u64,
    /// Decisions that are the same and are told otherwise.
    pub told_otherwise: u64,
    /// Decisions that would be others.
    pub differ: u64,
    /// Decisions whose person was erased.
    pub erased: u64,
    /// Decisions that were kept as long as the law wants.
    pub expired: u64,
    /// Decisions without a record, or whose record does not read under this law.
    pub unread: u64,
}

/// A decision as it was, for comparison.
struct Was {
    shipment_id: String,
    event: Option<String>,
    position: i64,
    decision: Vec<u8>,
}

/// A law with the intake that assesses under it.
struct Bench {
    setup: Arc<Setup>,
    intake: Intake,
}

struct Replay<'a> {
    desk: &'a OpenLedger,
    under: &'a Under<'a>,
    benches: HashMap<Option<Moment>, Bench>,
    shadow: Shadow<Option<Was>>,
    persons: Persons,
    result: Replayed,
    tell: &'a mut Tell<'a>,
}

/// Assesses all kept parcels of the desk's tenant again. The ledger and its log are read once after
/// the log was checked, a page at a time, and nothing of the parcels is held but what is on its way.
///
/// # Errors
/// The ledger or the law cannot be read, or what is told not be written.
pub fn replay<'a>(
    desk: &'a OpenLedger,
    under: &'a Under<'a>,
    tell: &'a mut Tell<'a>,
) -> Result<Replayed, ReplayError> {
    let mut records = Records::of(desk)?;
    let mut ahead: HashMap<i64, KeptRecord> = HashMap::new();
    let mut replay = Replay {
        desk,
        under,
        benches: HashMap::new(),
        shadow: Shadow::new()?,
        persons: Persons::default(),
        result: Replayed::default(),
        tell,
    };
    each_line(desk, |line| {
        let record = match rests_on_decision(&line) {
            true => find(desk, &mut records, &mut ahead, &line)?,
            false => None,
        };
        replay.line(&line, record)
    })?;
    while let Some((receipt, was)) = replay.shadow.next() {
        replay.compare(&receipt?.answer, was)?;
    }
    Ok(replay.result)
}

/// How many records are held that stand in the log before their postings.
const MOST_AHEAD: usize = 10_000;

/// Whether a line is of a decision: one that puts something on a day, and not for another person.
fn rests_on_decision(line: &Entry) -> bool {
    use deminimis_store::Kind::{Amend, Move, Reserve};
    matches!(line.kind, Reserve | Move | Amend) && line.sign > 0
}

/// The record of a posting. The log is nearly in the order of the postings, so that few are held. A
/// record that is not near is looked for by its parcel: it may have been written since the log was
/// audited.
fn find(
    desk: &OpenLedger,
    records: &mut Records<'_>,
    ahead: &mut HashMap<i64, KeptRecord>,
    line: &Entry,
) -> Result<Option<KeptRecord>, LedgerError> {
    let position = line.position;
    while !ahead.contains_key(&position) && ahead.len() < MOST_AHEAD {
        let Some(page) = records.page()? else {
            break;
        };
        ahead.extend(page.into_iter().map(|record| (record.position, record)));
    }
    if let Some(record) = ahead.remove(&position) {
        return Ok(Some(record));
    }
    // Those of lines that were passed over are of no more use.
    ahead.retain(|at, _| *at > position);
    let of_parcel = desk.records_of(&line.shipment_id)?;
    Ok(of_parcel.into_iter().find(|one| one.position == position))
}

impl Replay<'_> {
    fn line(&mut self, line: &Entry, record: Option<KeptRecord>) -> Result<(), ReplayError> {
        let mut request = None;
        if rests_on_decision(line) {
            match record {
                None => {
                    let why = "it was entered before records were kept".to_owned();
                    self.unread(line, why)?;
                }
                Some(record) => match self.again(line, &record)? {
                    Ok(both) => request = Some(both),
                    Err(Lost::Erased) => self.result.erased += 1,
                    Err(Lost::Expired) => self.result.expired += 1,
                    Err(lost) => {
                        self.unread(line, super::lost_words(&lost))?;
                    }
                },
            }
        }
        let as_it_was = || Some((self.desk.intake.as_it_was(line)?, None));
        if let Some((request, was)) = request.or_else(as_it_was)
            && let Some((receipt, was)) = self.shadow.send(request, was)
        {
            self.compare(&receipt?.answer, was)?;
        }
        Ok(())
    }

    fn unread(&mut self, line: &Entry, why: String) -> io::Result<()> {
        self.result.unread += 1;
        (self.tell)(Told::Unread(line.shipment_id.clone(), why))
    }

    /// The request that assesses a parcel again, and what its decision was.
    fn again(
        &mut self,
        line: &Entry,
        record: &KeptRecord,
    ) -> Result<Result<(deminimis_store::Request, Option<Was>), Lost>, ReplayError> {
        let known_at = match self.under {
            Under::One(_) => None,
            Under::Then { rulebook, .. } => known_then(record, rulebook),
        };
        let bench = match self.benches.entry(known_at) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let setup = match self.under {
                    Under::One(setup) => Arc::clone(setup),
                    Under::Then { law_at, .. } => Arc::new(law_at(known_at)?),
                };
                place.insert(Bench::new(setup, self.desk))
            }
        };
        let recalled: Recalled = match recall(record, &mut builder(&bench.setup)) {
            Ok(recalled) => recalled,
            Err(lost) => return Ok(Err(lost)),
        };
        let persons = &mut self.persons;
        let person = |basis| persons.of(&recalled.texts, basis);
        let mut parcel = match bench.intake.take_again(&recalled, person) {
            Ok(parcel) => parcel,
            Err(lost) => return Ok(Err(lost)),
        };
        let Some(request) = bench.intake.repeat(&mut parcel, &recalled, line) else {
            return Ok(Err(Lost::Unread("it is of no decision".to_owned())));
        };
        let was = Was {
            shipment_id: line.shipment_id.clone(),
            event: record.event_id.clone(),
            position: line.position,
            decision: recalled.decision,
        };
        Ok(Ok((request, Some(was))))
    }

    fn compare(&mut self, answer: &[u8], was: Option<Was>) -> io::Result<()> {
        let Some(was) = was else {
            return Ok(());
        };
        let end = answer.iter().position(|byte| *byte == b'\n');
        let again = &answer[..end.unwrap_or(answer.len())];
        if again == was.decision {
            self.result.same += 1;
            return Ok(());
        }
        let read = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap_or_default();
        let (old, new) = (read(&was.decision), read(again));
        let changed = changed(&old, &new);
        if changed.is_empty() {
            self.result.told_otherwise += 1;
            return Ok(());
        }
        self.result.differ += 1;
        (self.tell)(Told::Differs(Difference {
            shipment_id: was.shipment_id,
            event: was.event,
            position: was.position,
            reasons: reasons(&old, &new),
            changed,
        }))
    }
}

impl Bench {
    fn new(setup: Arc<Setup>, desk: &OpenLedger) -> Bench {
        let clerk: Arc<dyn Clerk> = Arc::new(Writer::new(Arc::clone(&setup), now));
        let secret = desk.keys.secret.clone();
        let intake = Intake::new(clerk, secret, desk.intake.tenant()).without_records();
        Bench { setup, intake }
    }
}

/// The moment of knowledge of a decision. All law in hand of another rulebook is what was known when
/// it was made.
fn known_then(record: &KeptRecord, rulebook: &str) -> Option<Moment> {
    let text = |path: &str| {
        let field = record.fields.iter().find(|field| field.path == path)?;
        match &field.content {
            Content::Value(value) => str::from_utf8(value).ok(),
            _ => None,
        }
    };
    let moment = |path: &str| text(path)?.parse().ok().map(Moment);
    let known = moment("law.known_at");
    if known.is_some() || text("law.rulebook") == Some(rulebook) {
        return known;
    }
    moment("decided_at")
}

/// What a decision says in short.
fn short(decision: &Value) -> [(&'static str, String); 4] {
    let text = |value: &Value| match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let owed = &decision["owed"];
    let owed = match (
        &owed["total_usd"],
        &owed["range_low_usd"],
        &owed["range_high_usd"],
    ) {
        (Value::Null, Value::Null, _) => "not known".to_owned(),
        (Value::Null, low, Value::Null) => format!("{} or more", text(low)),
        (Value::Null, low, high) => format!("{} to {}", text(low), text(high)),
        (total, ..) => text(total),
    };
    [
        ("outcome", text(&decision["outcome"])),
        ("basis", text(&decision["basis"])),
        ("path", text(&decision["entry_path"])),
        ("owed", owed),
    ]
}

fn changed(old: &Value, new: &Value) -> Vec<(&'static str, String, String)> {
    let both = short(old).into_iter().zip(short(new));
    let differ = both.filter(|((_, was), (_, is))| was != is);
    differ
        .map(|((name, was), (_, is))| (name, was, is))
        .collect()
}

/// Whose finding became another one: rules first, then charges, then the tables.
fn reasons(old: &Value, new: &Value) -> Vec<Reason> {
    let mut all = Vec::new();
    let finding = |one: &Value| {
        let name = one["rule"].as_str().unwrap_or_default();
        let says = format!("{} {}", one["effect"], one["reason"]).replace('"', "");
        (format!("{name} {}", one["line"]), name.to_owned(), says)
    };
    compare_lists(&old["findings"], &new["findings"], finding, &mut all);
    let charge = |one: &Value| {
        let name = one["program"].as_str().or(one["fee"].as_str());
        let heading = one["heading"].as_str().unwrap_or_default();
        let name = format!("{} {heading}", name.unwrap_or_default());
        let says = format!(
            "{} on {}: {}",
            one["rate"], one["base_usd"], one["amount_usd"]
        );
        (name.clone(), name.trim().to_owned(), says.replace('"', ""))
    };
    let lines = |decision: &Value| {
        let lines = decision["owed"]["lines"].as_array().cloned();
        let charges = lines.into_iter().flatten();
        let charges = charges.filter_map(|line| line["charges"].as_array().cloned());
        Value::Array(charges.flatten().collect())
    };
    compare_lists(&lines(old), &lines(new), charge, &mut all);
    compare_lists(&old["owed"]["fees"], &new["owed"]["fees"], charge, &mut all);
    if all.is_empty() {
        for (name, path) in [
            ("the schedule", "/law/tariff/hash"),
            ("the exchange rates", "/law/rates_hash"),
            ("the program", "/law/engine"),
            ("the person's day", "/day_total_usd"),
        ] {
            if old.pointer(path) != new.pointer(path) {
                let text =
                    |one: &Value| one.pointer(path).map_or_else(String::new, Value::to_string);
                all.push(Reason {
                    rule: name.to_owned(),
                    change: "changed",
                    says: format!("{} to {}", text(old), text(new)).replace('"', ""),
                });
            }
        }
    }
    all
}

/// Compares what two lists say, each entry told from another by its first text.
fn compare_lists(
    old: &Value,
    new: &Value,
    tell: impl Fn(&Value) -> (String, String, String),
    all: &mut Vec<Reason>,
) {
    let told = |list: &Value| -> Vec<(String, String, String)> {
        list.as_array().into_iter().flatten().map(&tell).collect()
    };
    let (old, new) = (told(old), told(new));
    for (id, rule, says) in &new {
        let change = match old.iter().find(|one| one.0 == *id) {
            None => "speaks",
            Some(was) if was.2 != *says => "changed",
            Some(_) => continue,
        };
        all.push(Reason {
            rule: rule.clone(),
            change,
            says: says.clone(),
        });
    }
    for (id, rule, says) in old {
        if !new.iter().any(|one| one.0 == id) {
            all.push(Reason {
                rule,
                change: "silent",
                says,
            });
        }
    }
}
