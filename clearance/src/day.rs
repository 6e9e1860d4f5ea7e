//! One person's day: what it holds without a parcel, and the walk that tells each parcel of it.
//!
//! The walk is the same for a file and for a ledger; nothing here knows where records come from.

use crate::basis::{Candidate, Chosen, Limits, Open, choose};
use crate::decision::Decision;
use crate::shipment::fields::{Party, id};
use crate::shipment::{Shipment, Texts};
use deminimis_law::Law;
use deminimis_law::facts::TextHash;
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, Counts, Given, PersonBasis};
use deminimis_law::time::{Day, Moment};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How many bases there are.
pub const BASES: usize = Basis::ALL.len();

/// What the person's day holds without this parcel. Built by the caller, never by the assessment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayContext {
    /// Value of parcels before this one that entered free on each basis.
    pub counted: [Cents; BASES],
    /// How many parcels before this one entered free on each basis.
    pub counted_shipments: [u32; BASES],
    /// Whether an earlier parcel already took the person over the limit of a basis.
    pub crossed: [bool; BASES],
    /// Value of all parcels of the day, later ones and this one included, that could use a basis.
    pub whole_day: [Cents; BASES],
    /// Parcels before this one that a person must decide and that might yet enter free.
    pub undecided: Undecided,
    /// Value of everything imported before this parcel that day.
    pub all: Cents,
    /// Shipments before this one that day.
    pub shipments_before: u32,
    /// Other parcels of the same order, on any day.
    pub order: Same,
    /// Other shipments to the same consignee on the same master bill.
    pub bill: Same,
    /// A later parcel of the day took the person over the 321(a)(2)(C) limit.
    pub later_over: bool,
    /// Refused input rows that name this person on this day.
    pub refused_rows: u32,
    /// A parcel that arrives or was filed later was answered before this one. Only a ledger's day
    /// can be so: a file is walked in the day's order.
    pub out_of_order: bool,
    /// What 321(a)(2)(C) has counted before this parcel if uncertain matches are the same person.
    pub counted_if_linked: Option<Cents>,
    /// Who else of the day the person may be: a few, the surest first. No rule reads it.
    pub linked: Vec<Linked>,
}

/// A person of the day who may be the one at hand although the exact rules tell them apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Their key by the exact rules.
    pub key: String,
    /// Hundredths of the logarithm of the odds that they are one person, base 2.
    pub score: i32,
    /// What speaks for it and against it, in words that name nobody.
    pub evidence: String,
}

impl DayContext {
    /// Whether the day holds nothing but the parcel itself, so that no context need be kept.
    #[must_use]
    pub fn is_alone(&self, value: Cents) -> bool {
        let own = |whole: &Cents| *whole == Cents(0) || *whole == value;
        let rest = DayContext {
            whole_day: [Cents(0); BASES],
            ..self.clone()
        };
        self.whole_day.iter().all(own) && rest == DayContext::default()
    }

    /// Takes a parcel into the day, so that it says what the day holds for the next one. What
    /// parcels share, and what is known of the whole day, stays as it was.
    pub fn add(&mut self, candidate: &Candidate, limits: &Limits, chosen: &Chosen) {
        let value = candidate.value;
        if let Some(basis) = chosen.basis {
            let slot = counted_with(basis) as usize;
            self.counted[slot] = self.counted[slot].plus(value);
            self.counted_shipments[slot] += 1;
        }
        if let Some(open) = candidate.might_count(limits) {
            self.undecided.count += 1;
            match open {
                Open::Priced => self.undecided.total = self.undecided.total.plus(value),
                Open::Unpriced => self.undecided.unpriced += 1,
            }
        }
        for basis in chosen.crossed.iter() {
            self.crossed[counted_with(basis) as usize] = true;
        }
        self.all = self.all.plus(value);
        self.shipments_before += 1;
    }
}

/// What a day holds if the persons that are linked on it are one: their parcels are taken in by the
/// day's order, each as its own person's day decides it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IfLinked {
    /// What entered free under 321(a)(2)(C).
    pub counted: Cents,
    /// Everything.
    pub all: Cents,
}

impl IfLinked {
    /// What counts before a parcel with these limits.
    #[must_use]
    pub fn before(&self, limits: &Limits) -> Cents {
        match limits[Basis::Section321C as usize].map(|limit| limit.counts) {
            Some(Counts::All) => self.all,
            _ => self.counted,
        }
    }

    /// Takes in a parcel whose own person's day is `day`.
    pub fn add(&mut self, candidate: &Candidate, limits: &Limits, day: &DayContext) {
        let basis = choose(candidate, limits, day).basis;
        if basis.map(counted_with) == Some(Basis::Section321C) {
            self.counted = self.counted.plus(candidate.value);
        }
        self.all = self.all.plus(candidate.value);
    }
}

/// Whether a parcel has a part in what linked persons count together: it could enter free under
/// 321(a)(2)(C), or whatever is imported counts. Where neither is so for any parcel of a person,
/// who else that person may be makes no difference.
#[must_use]
pub fn counts_if_linked(candidate: &Candidate, limits: &Limits) -> bool {
    let Some(limit) = limits[Basis::Section321C as usize] else {
        return false;
    };
    let open = [Basis::Section321C, Basis::Informational1702B];
    let within = candidate.value <= limit.limit;
    limit.counts == Counts::All || (within && open.iter().any(|basis| candidate.open.has(*basis)))
}

/// Parcels of the day whose place in its count is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undecided {
    /// How many.
    pub count: u32,
    /// How many of them have no value in dollars.
    pub unpriced: u32,
    /// The value of the others.
    pub total: Cents,
}

/// Other parcels that share something with this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Same {
    /// How many others.
    pub count: u32,
    /// Their value.
    pub total: Cents,
    /// Days from the first to the last, this parcel included.
    pub span_days: u32,
}

/// One parcel of a person, as the walk needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRecord {
    /// The day of importation.
    pub day: Day,
    /// Arrival; a bare date counts as the end of its day.
    pub arrives: Moment,
    /// Filing; absent is last.
    pub filed: Moment,
    /// The shipment's id, which breaks ties.
    pub id: Box<str>,
    /// Hash of the order's id, if it has one.
    pub order: Option<u64>,
    /// Hash of the master bill, if it has one.
    pub bill: Option<u64>,
    /// What the law says of the parcel without regard to the day.
    pub candidate: Candidate,
    /// Place of its limits among the caller's.
    pub limits: u32,
    /// The caller's own mark; never read here.
    pub index: u32,
}

impl DayRecord {
    /// The order within a person's day: arrival, filing, id; never the order of a file.
    #[must_use]
    pub fn order_key(&self) -> (Day, Moment, Moment, &str) {
        (self.day, self.arrives, self.filed, &self.id)
    }
}

#[derive(Default)]
struct Shared {
    count: u32,
    total: Cents,
    first: Option<Day>,
    last: Option<Day>,
}

impl Shared {
    fn add(&mut self, record: &DayRecord) {
        self.count += 1;
        self.total = self.total.plus(record.candidate.value);
        self.first = Some(self.first.map_or(record.day, |day| day.min(record.day)));
        self.last = Some(self.last.map_or(record.day, |day| day.max(record.day)));
    }

    fn without(&self, record: &DayRecord) -> Same {
        let span = self
            .last
            .zip(self.first)
            .map_or(0, |(last, first)| last.0 - first.0);
        Same {
            count: self.count.saturating_sub(1),
            total: Cents(self.total.0.saturating_sub(record.candidate.value.0)),
            span_days: span.unsigned_abs(),
        }
    }
}

/// The party of the bill that is the one person.
#[must_use]
pub fn party_of(person: PersonBasis) -> Party {
    match person {
        PersonBasis::Owner => Party::Owner,
        PersonBasis::Purchaser => Party::Purchaser,
        PersonBasis::Consignee | PersonBasis::Store | PersonBasis::Warehouse => Party::Consignee,
    }
}

/// Makes the walk's record of a parcel from its decision without a day.
#[must_use]
pub fn day_record(shipment: &Shipment, texts: &Texts, decision: &Decision, law: &Law) -> DayRecord {
    let hash = |field| texts.get(field).map(|text: &str| TextHash::of(text).0);
    let arrives = shipment.arrives_at;
    let end = law.zone().midnight(arrives.day.plus(1));
    DayRecord {
        day: arrives.day,
        arrives: if arrives.exact {
            arrives.moment
        } else {
            Moment(end.0 - 1)
        },
        filed: shipment.filed_at.unwrap_or(Moment::MAX),
        id: shipment.id.as_str().into(),
        order: shipment
            .given
            .has(Given::OrderId)
            .then(|| hash(id::ORDER_ID))
            .flatten(),
        bill: shipment
            .given
            .has(Given::MasterBill)
            .then(|| hash(id::MASTER_BILL))
            .flatten(),
        candidate: decision.candidate,
        limits: 0,
        index: 0,
    }
}

/// Tells each parcel of one person what its day holds. `records` are all of the person's, sorted by
/// [`DayRecord::order_key`]; `refused` are the days on which refused rows name the person.
pub fn walk(
    records: &[DayRecord],
    limits: &[Limits],
    refused: &HashMap<Day, u32>,
    mut tell: impl FnMut(&DayRecord, DayContext),
) {
    let mut orders: HashMap<u64, Shared> = HashMap::new();
    for record in records {
        if let Some(order) = record.order {
            orders.entry(order).or_default().add(record);
        }
    }
    for day in records.chunk_by(|a, b| a.day == b.day) {
        let refused_rows = refused.get(&day[0].day).copied().unwrap_or(0);
        for (record, mut context) in day.iter().zip(one_day(day, limits)) {
            context.refused_rows = refused_rows;
            let order = record.order.and_then(|order| orders.get(&order));
            context.order = order.map(|order| order.without(record)).unwrap_or_default();
            tell(record, context);
        }
    }
}

fn one_day(day: &[DayRecord], limits: &[Limits]) -> Vec<DayContext> {
    let mut bills: HashMap<u64, Shared> = HashMap::new();
    let mut whole_day = [Cents(0); BASES];
    for record in day {
        if let Some(bill) = record.bill {
            bills.entry(bill).or_default().add(record);
        }
        if let Some(basis) = record.candidate.tried_first() {
            let slot = &mut whole_day[basis as usize];
            *slot = slot.plus(record.candidate.value);
        }
    }
    let mut contexts: Vec<DayContext> = Vec::with_capacity(day.len());
    let mut state = DayContext {
        whole_day,
        ..DayContext::default()
    };
    let mut first_crossing = None;
    for (at, record) in day.iter().enumerate() {
        let bill = record.bill.and_then(|bill| bills.get(&bill));
        state.bill = bill.map(|bill| bill.without(record)).unwrap_or_default();
        let limits = &limits[record.limits as usize];
        let chosen = choose(&record.candidate, limits, &state);
        contexts.push(state.clone());
        let over = |state: &DayContext| state.crossed[Basis::Section321C as usize];
        let before = over(&state);
        state.add(&record.candidate, limits, &chosen);
        if over(&state) && !before {
            first_crossing = Some(at);
        }
    }
    for context in contexts.iter_mut().take(first_crossing.unwrap_or(0)) {
        context.later_over = true;
    }
    contexts
}

/// Informational materials share the count of 321(a)(2)(C): it is the same exemption.
#[must_use]
pub fn counted_with(basis: Basis) -> Basis {
    if basis == Basis::Informational1702B {
        Basis::Section321C
    } else {
        basis
    }
}
