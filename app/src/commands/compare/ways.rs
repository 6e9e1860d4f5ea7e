//! Parcels under one way of shipping: what the law says of them, and what it comes to.
//!
//! A model changes how a parcel comes and never what it is: origin, number, value and claims stay.

use super::models::Model;
use deminimis_clearance::owed::Span;
use deminimis_clearance::shipment::Line;
use deminimis_clearance::{DayContext, Shipment};
use deminimis_law::compile::RuleRef;
use deminimis_law::facts::{FactId, FactValue};
use deminimis_law::money::Cents;
use deminimis_law::names::{CustomsStatus, EntryPath, Mode, Outcome, Purpose};
use deminimis_law::time::Moment;
use deminimis_office::duty::{Reckoned, Reckoner};
use std::collections::BTreeMap;

/// The most articles that one entry takes.
const MOST_LINES: usize = 999;

/// What all parcels come to under a model.
#[derive(Clone, Debug)]
pub struct Sums {
    /// Parcels shipped; those that may not enter are not among them.
    pub parcels: u64,
    /// Parcels, or combined entries, that enter free.
    pub free: u64,
    /// Entries on which duty and fees are reckoned.
    pub entries: u64,
    /// Entries, of which a person must decide; reckoned as if entered.
    pub person: u64,
    /// Entries that may not be made.
    pub banned: u64,
    /// Entries whose total is not known.
    pub open: u64,
    /// Duty.
    pub duty: Span,
    /// Fees.
    pub fees: Span,
    /// Freight.
    pub freight: Cents,
    /// Handling, storage and the making of entries.
    pub keeping: Cents,
    /// How often each path was taken, and the rule that opens it.
    pub paths: BTreeMap<EntryPath, (u64, Option<RuleRef>)>,
    /// The last moment of entry.
    pub last: Moment,
}

/// Adds up parcels under a model.
pub struct Way<'m> {
    /// The model.
    pub model: &'m Model,
    sums: Sums,
    /// Entries that are being put together, by their period and in the order of the file.
    combined: BTreeMap<i32, (Shipment, u64)>,
}

impl<'m> Way<'m> {
    /// Nothing is shipped yet.
    pub fn new(model: &'m Model) -> Way<'m> {
        Way {
            model,
            sums: Sums {
                parcels: 0,
                free: 0,
                entries: 0,
                person: 0,
                banned: 0,
                open: 0,
                duty: Span::NOTHING,
                fees: Span::NOTHING,
                freight: Cents(0),
                keeping: Cents(0),
                paths: BTreeMap::new(),
                last: Moment::MIN,
            },
            combined: BTreeMap::new(),
        }
    }

    /// Ships a parcel of a gross weight in grams; `day` is what its person's day holds.
    pub fn ship(
        &mut self,
        reckoner: &mut Reckoner<'_>,
        parcel: &Shipment,
        grams: Option<i64>,
        day: &DayContext,
    ) {
        self.sums.freight = self.sums.freight.plus(self.model.freight(grams));
        self.sums.keeping = self.sums.keeping.plus(self.model.keeping());
        let shipment = shipped(self.model, parcel);
        match self.model.combine.period(parcel.arrives_at.day) {
            None => {
                let reckoned = reckoner.landed(shipment, day.clone());
                self.enter(&reckoned, 1);
            }
            Some(period) => self.combine(period, shipment),
        }
    }

    fn combine(&mut self, period: i32, shipment: Shipment) {
        match self.combined.get_mut(&period) {
            None => {
                let whole = Shipment {
                    purpose: Purpose::Sale,
                    accompanied: false,
                    order_total: None,
                    order_parcels: None,
                    split_reason: None,
                    sold_before_import: None,
                    ..shipment
                };
                self.combined.insert(period, (whole, 1));
            }
            Some((whole, parcels)) => {
                *parcels += 1;
                for line in shipment.lines {
                    add_line(&mut whole.lines, line);
                }
            }
        }
    }

    /// Makes the entries that were put together, and gives the sums.
    pub fn finish(mut self, reckoner: &mut Reckoner<'_>) -> Sums {
        for (mut whole, parcels) in std::mem::take(&mut self.combined).into_values() {
            let lines = std::mem::take(&mut whole.lines);
            let mut parcels = parcels;
            for lines in lines.chunks(MOST_LINES) {
                let part = Shipment {
                    lines: lines.to_vec(),
                    ..whole.clone()
                };
                let reckoned = reckoner.landed(part, DayContext::default());
                self.enter(&reckoned, std::mem::take(&mut parcels));
            }
        }
        self.sums
    }

    fn enter(&mut self, reckoned: &Reckoned, parcels: u64) {
        let (sums, decision) = (&mut self.sums, &reckoned.decision);
        sums.last = sums.last.max(decision.read_at);
        if decision.outcome == Outcome::Prohibited {
            sums.banned += 1;
            return;
        }
        sums.parcels += parcels;
        let (path, rule) = match decision.outcome {
            Outcome::NeedsPerson => (reckoned.by.unwrap_or(EntryPath::None), None),
            _ => (decision.path, decision.path_rule),
        };
        let taken = sums.paths.entry(path).or_insert((0, rule));
        taken.0 += 1;
        if decision.outcome == Outcome::Free {
            sums.free += 1;
            return;
        }
        sums.entries += 1;
        sums.person += u64::from(decision.outcome == Outcome::NeedsPerson);
        sums.open += u64::from(reckoned.owed.total.known().is_none());
        sums.duty = sums.duty.plus(reckoned.owed.duty);
        sums.fees = sums.fees.plus(reckoned.owed.fee_total);
        // What an entry takes is paid for entries alone: free release from a manifest makes none.
        sums.keeping = sums.keeping.plus(self.model.entry());
    }
}

impl Sums {
    /// All of it: duty, fees, freight, handling, storage and entries.
    pub fn total(&self) -> Span {
        let rest = Span::exactly(self.freight.plus(self.keeping));
        self.duty.plus(self.fees).plus(rest)
    }
}

/// The parcel as the model ships it.
fn shipped(model: &Model, parcel: &Shipment) -> Shipment {
    let mut shipment = parcel.clone();
    let mode = model.mode.unwrap_or(parcel.mode);
    let from = model.shipped_from.unwrap_or(parcel.country_of_shipment);
    let another = (mode, from) != (parcel.mode, parcel.country_of_shipment)
        || model.customs_status != CustomsStatus::Direct;
    if another {
        // Dates and places of the voyage in the file say nothing of another one.
        (shipment.loaded_at, shipment.filed_at, shipment.entry_path) = (None, None, None);
        shipment.at_express_hub = false;
    }
    if mode != Mode::Mail {
        (shipment.postal_method, shipment.postal_service_class) = (None, None);
    }
    (shipment.mode, shipment.country_of_shipment) = (mode, from);
    if another || model.mode.is_some() {
        shipment.customs_status = model.customs_status;
    }
    if model.entry_path.is_some() {
        shipment.entry_path = model.entry_path;
    }
    shipment
}

/// Adds an article to those of an entry, to one that is the same to customs if there is one.
fn add_line(lines: &mut Vec<Line>, line: Line) {
    let same = |known: &&mut Line| {
        (known.origin, known.number, known.currency) == (line.origin, line.number, line.currency)
            && known.measures.units == line.measures.units
            && known.claims == line.claims
            && (&known.pga, &known.pga_disclaim) == (&line.pga, &line.pga_disclaim)
            && known.facts.len() == line.facts.len()
            && known
                .facts
                .iter()
                .zip(&line.facts)
                .all(|(a, b)| may_add(*a, *b))
    };
    let Some(known) = lines.iter_mut().find(same) else {
        return lines.push(line);
    };
    known.value = known.value.saturating_add(line.value);
    known.fair_retail_value = known
        .fair_retail_value
        .saturating_add(line.fair_retail_value);
    // A quantity that one of them lacks is not known of both.
    let sum = |a: Option<i64>, b: Option<i64>| a.zip(b).map(|(a, b)| a.saturating_add(b));
    known.quantity = sum(known.quantity, line.quantity);
    for (a, b) in known
        .measures
        .quantities
        .iter_mut()
        .zip(line.measures.quantities)
    {
        *a = sum(*a, b);
    }
    known.measures.net_weight = sum(known.measures.net_weight, line.measures.net_weight);
    for ((_, a), (_, b)) in known.facts.iter_mut().zip(&line.facts) {
        if let (FactValue::Usd(a), FactValue::Usd(b)) = (a, b) {
            *a = a.plus(*b);
        }
    }
}

/// Whether two answers are the same, or amounts that add up.
fn may_add(a: (FactId, FactValue), b: (FactId, FactValue)) -> bool {
    let amounts = matches!((a.1, b.1), (FactValue::Usd(_), FactValue::Usd(_)));
    a.0 == b.0 && (a.1 == b.1 || amounts)
}
