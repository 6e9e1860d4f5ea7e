//! Which of the parcel's facts a rule read.

use super::Seen;
use super::amount::dollars;
use crate::day::counted_with;
use crate::decision::Finding;
use crate::shipment::Line;
use deminimis_law::claim::Claim;
use deminimis_law::condition::{Cond, DayTest};
use deminimis_law::facts::{Absence, Fact, FactId, FactType};
use deminimis_law::kind::{Kind, Rule};
use deminimis_law::names::{Basis, Clock, Given};
use deminimis_law::sets::Lies;
use deminimis_law::time::When;
use serde::Serialize;

/// How many different values of lines are named.
const NAMED: usize = 3;

/// One fact of the parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Read {
    /// What was read.
    pub name: String,
    /// What it was; of several lines each different value, up to three.
    pub value: String,
}

/// What the rule of a finding read, the date that picked its version first.
pub(super) fn by(seen: &Seen<'_>, finding: &Finding, lines: &[u16]) -> Vec<Read> {
    let (law, decision) = (seen.books.law, seen.decision);
    let instrument = law.instrument(finding.rule);
    let version = law.version(finding.rule);
    let mut reads = Reads {
        seen,
        lines,
        reads: Vec::new(),
    };
    let clock = instrument.selects_on;
    reads.add(super::changes::verb(clock), reads.date(clock));
    if matches!(instrument.kind, Kind::ValueLimit | Kind::DayCount) {
        reads.add("value", dollars(decision.value));
        let basis = match &version.rule {
            Rule::ValueLimit(limit) => limit.basis,
            Rule::DayCount(count) => count.basis,
            _ => Basis::Section321C,
        };
        let slot = counted_with(basis) as usize;
        let before = seen.day.counted[slot];
        let count = seen.day.counted_shipments[slot];
        let parcels = if count == 1 { "parcel" } else { "parcels" };
        let before = match count {
            0 => "nothing".to_owned(),
            _ => format!("{} in {count} {parcels}", dollars(before)),
        };
        reads.add("free before it that day", before);
    }
    version.when.walk(&mut |part| reads.condition(part));
    reads.reads
}

/// The value that a presumption takes.
pub(super) fn presumed(fact: &Fact) -> String {
    let value = match &fact.absence {
        Absence::Presumed(value) => *value,
        Absence::Derived { without_number, .. } => without_number.unwrap_or(false),
        Absence::Claim | Absence::Material | Absence::Owed => false,
    };
    yes_or_none(fact.kind, value).to_owned()
}

fn yes_or_none(kind: FactType, value: bool) -> &'static str {
    match (kind, value) {
        (FactType::Bool, true) => "yes",
        (FactType::Bool, false) => "no",
        (_, true) => "some",
        (_, false) => "none",
    }
}

struct Reads<'r, 's> {
    seen: &'r Seen<'s>,
    lines: &'r [u16],
    reads: Vec<Read>,
}

impl Reads<'_, '_> {
    fn add(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if !self.reads.iter().any(|known| known.name == name) {
            self.reads.push(Read {
                name: name.to_owned(),
                value,
            });
        }
    }

    fn given(&mut self, name: &str, value: Option<&str>) {
        self.add(name, value.map_or("not given".to_owned(), super::spaced));
    }

    fn date(&self, clock: Clock) -> String {
        let shipment = self.seen.shipment;
        let shown = |when: When| {
            if when.exact {
                self.seen.books.law.zone().show(when.moment)
            } else {
                when.day.to_string()
            }
        };
        let arrives = |what: &str| format!("{} ({what} not given)", shown(shipment.arrives_at));
        match clock {
            Clock::EnteredAt => shown(shipment.entry_when()),
            Clock::ArrivesAt => shown(shipment.arrives_at),
            Clock::FiledAt => match shipment.filed_at {
                Some(moment) => self.seen.books.law.zone().show(moment),
                None => arrives("filing"),
            },
            Clock::LoadedAt => shipment.loaded_at.map_or_else(|| arrives("loading"), shown),
            Clock::ExportedOn => match shipment.exported_on {
                Some(day) => day.to_string(),
                None => arrives("exportation"),
            },
        }
    }

    /// A value of each line spoken of, every different one once.
    fn of_lines(&mut self, name: &str, value: impl Fn(usize, &Line) -> String) {
        let mut values: Vec<String> = Vec::new();
        let mut more = false;
        for (at, line) in self.seen.shipment.lines.iter().enumerate() {
            if !self.lines.is_empty() && !self.lines.contains(&(at as u16 + 1)) {
                continue;
            }
            let value = value(at, line);
            if !values.contains(&value) {
                more |= values.len() == NAMED;
                if values.len() < NAMED {
                    values.push(value);
                }
            }
        }
        let ending = if more { ", \u{2026}" } else { "" };
        self.add(name, format!("{}{ending}", values.join(", ")));
    }

    fn condition(&mut self, part: &Cond) {
        let absent = |text: Option<String>| text.unwrap_or_else(|| "not given".to_owned());
        match part {
            Cond::Number(_) | Cond::NumberDigitsBelow(_) => {
                self.of_lines("number", |_, line| {
                    absent(line.number.map(|number| number.to_string()))
                });
            }
            Cond::Origin(_) => {
                self.of_lines("origin", |_, line| {
                    absent(line.origin.map(|origin| origin.to_string()))
                });
            }
            Cond::Fact(fact, _) => self.fact(*fact),
            Cond::Claim(_) => self.of_lines("claims", |_, line| codes(&line.claims)),
            Cond::Disclaimed(_) => {
                self.of_lines("agencies disclaimed", |_, line| codes(&line.pga_disclaim))
            }
            Cond::Ready(_) => self.of_lines("agency data ready", |_, line| codes(&line.pga)),
            Cond::QuantityAtLeast(_) => self.of_lines("quantity", |_, line| {
                absent(line.quantity.map(|quantity| {
                    let text = format!("{}.{:03}", quantity / 1000, quantity % 1000);
                    text.trim_end_matches('0').trim_end_matches('.').to_owned()
                }))
            }),
            Cond::Undervalued => {
                self.add("value", dollars(self.seen.decision.value));
                self.add("entered value", dollars(self.seen.decision.entered_value));
            }
            Cond::ValueOver(_) => self.add("value", dollars(self.seen.decision.value)),
            Cond::EnteredValueOver(_) => {
                self.add("entered value", dollars(self.seen.decision.entered_value));
            }
            Cond::Day(test) => self.day(*test),
            Cond::Before(clock, _) => self.add(super::changes::verb(*clock), self.date(*clock)),
            Cond::FiledAfterArrival => {
                self.add("filed", self.date(Clock::FiledAt));
                self.add("arrives", self.date(Clock::ArrivesAt));
            }
            _ => self.shipment(part),
        }
    }

    fn shipment(&mut self, part: &Cond) {
        let shipment = self.seen.shipment;
        match part {
            Cond::Mode(_) => self.add("mode", super::spaced(shipment.mode.as_str())),
            Cond::Purpose(_) => self.add("purpose", super::spaced(shipment.purpose.as_str())),
            Cond::CustomsStatus(_) => {
                self.add(
                    "customs status",
                    super::spaced(shipment.customs_status.as_str()),
                );
            }
            Cond::ShippedFrom(_) => {
                self.add("shipped from", shipment.country_of_shipment.to_string())
            }
            Cond::Accompanied => self.add("accompanied", yes(shipment.accompanied)),
            Cond::SoldBeforeImport(_) => {
                self.add("sold before import", maybe(shipment.sold_before_import));
            }
            Cond::ConsigneeKind(_) => {
                self.given(
                    "consignee",
                    shipment.consignee_kind.map(|kind| kind.as_str()),
                );
            }
            Cond::ShipperKind(_) => {
                self.given("shipper", shipment.shipper_kind.map(|kind| kind.as_str()));
            }
            Cond::Given(fields) | Cond::Missing(fields) => {
                for field in fields.iter() {
                    let there = shipment.given.has(field);
                    self.add(
                        &super::spaced(Given::as_str(field)),
                        if there { "given" } else { "not given" },
                    );
                }
            }
            Cond::ShipperIsConsignee => {
                self.add("shipper is consignee", yes(shipment.shipper_is_consignee));
            }
            Cond::ImporterForeign => self.add("foreign importer", maybe(shipment.importer_foreign)),
            Cond::AtExpressHub => self.add("at an express hub", yes(shipment.at_express_hub)),
            Cond::ValueEvidence(_) => {
                self.given(
                    "value evidence",
                    shipment.value_evidence.map(|one| one.as_str()),
                );
            }
            Cond::PostalServiceClass(_) => {
                let class = shipment.postal_service_class.map(|class| class.as_str());
                self.given("postal class", class);
            }
            Cond::SplitReason(_) => {
                self.given(
                    "split reason",
                    shipment.split_reason.map(|why| why.as_str()),
                );
            }
            _ => self.outcome(part),
        }
    }

    fn outcome(&mut self, part: &Cond) {
        let decision = self.seen.decision;
        match part {
            Cond::PathAsked(_) => {
                let asked = self.seen.shipment.entry_path.map(|path| path.as_str());
                self.given("path asked for", asked);
            }
            Cond::Path(_) => self.add("path", super::spaced(decision.path.as_str())),
            Cond::Basis(_) => self.given("basis", decision.basis.map(|basis| basis.as_str())),
            Cond::Outcome(_) => self.add("outcome", super::spaced(decision.outcome.as_str())),
            Cond::Person(_) => self.add("person", decision.person.as_str()),
            _ => {}
        }
    }

    fn day(&mut self, test: DayTest) {
        let (day, value) = (self.seen.day, self.seen.decision.value);
        match test {
            DayTest::OrderOverLimit | DayTest::OrderParcelsAtLeast(_) => {
                let others = day.order.count;
                let known = format!("{others} other parcels, {}", dollars(day.order.total));
                self.add("order", known);
            }
            DayTest::BillOverLimit => {
                let total = dollars(day.bill.total.plus(value));
                self.add(
                    "master bill",
                    format!("{} shipments, {total}", day.bill.count + 1),
                );
            }
            DayTest::ShipmentsAtLeast(_) => {
                self.add(
                    "shipments before it that day",
                    day.shipments_before.to_string(),
                );
            }
            DayTest::UndecidedOverLimit => {
                self.add("undecided before it", dollars(day.undecided.total));
            }
            DayTest::RefusedRows => self.add("refused rows", day.refused_rows.to_string()),
            DayTest::LinkedOverLimit => {
                let linked = self.seen.decision.day_total_if_linked;
                self.add(
                    "day total if linked",
                    linked.map_or("none".to_owned(), dollars),
                );
                for one in &self.seen.day.linked {
                    self.add("person alike", one.evidence.clone());
                }
            }
            DayTest::OverLimit | DayTest::LaterOverLimit | DayTest::OutOfOrder => {
                self.add("day total", dollars(self.seen.decision.day_total));
            }
        }
    }

    fn fact(&mut self, fact: FactId) {
        let (law, texts) = (self.seen.books.law, self.seen.texts);
        let spec = &law.book().facts[fact.0 as usize];
        self.of_lines(&spec.name, |at, line| {
            if let Some(text) = texts.fact(fact, at) {
                return super::clean(text);
            }
            match &spec.absence {
                Absence::Claim => "not claimed".to_owned(),
                Absence::Material | Absence::Owed => "not given".to_owned(),
                Absence::Presumed(_) => format!("{} (presumed)", presumed(spec)),
                Absence::Derived { without_number, .. } => {
                    let lies = line
                        .number
                        .map(|number| law.fact_numbers(fact).holds(number.range10()));
                    match (lies, without_number) {
                        (Some(Lies::Inside), _) => "yes (by number)".to_owned(),
                        (Some(Lies::Outside), _) => "no (by number)".to_owned(),
                        (_, Some(_)) => format!("{} (presumed)", presumed(spec)),
                        (_, None) => "not given".to_owned(),
                    }
                }
            }
        });
    }
}

fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

fn maybe(value: Option<bool>) -> &'static str {
    value.map_or("not said", yes)
}

fn codes(codes: &[Claim]) -> String {
    let names: Vec<&str> = codes.iter().map(Claim::as_str).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(" ")
    }
}
