//! What CBP's own aggregation would have answered to a file of parcels, before anything is filed.
//!
//! CBP adds up, by name, address and estimated day of arrival, what is filed as free under
//! 321(a)(2)(C). The parcels of the ledger and of the file are put together in a ledger that is
//! thrown away; nothing is entered in the real one. Which disposition CBP answers, and from when to
//! when, is the law's to say.

use crate::ledger::shadow::Shadow;
use crate::ledger::{LedgerError, OpenLedger};
use deminimis_clearance::day::counted_with;
use deminimis_law::money::Cents;
use deminimis_law::names::Basis;
use deminimis_law::time::Day;
use deminimis_store::intake::Parcel;
use deminimis_store::{Entry as Line, Kept, Kind, Ledger, PersonKey, Posting, Receipt, State};
use serde_json::Value;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What CBP would see of a parcel's day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// How many parcels.
    pub shipments: u64,
    /// Their value.
    pub total: Cents,
}

/// What is foreseen of one parcel.
pub struct Foreseen {
    /// The parcel.
    pub shipment_id: String,
    /// The estimated day of arrival.
    pub day: Day,
    /// What is filed of the person's day up to and with this parcel; nothing for a parcel that is
    /// not filed as free under 321(a)(2)(C), or whose person is not known.
    pub so_far: Option<Seen>,
    /// The same of the whole day, later parcels included.
    pub whole_day: Option<Seen>,
    /// Whether the ledger has the parcel; what the file says of it counts.
    pub in_ledger: bool,
    /// The decision.
    pub decision: Value,
}

/// Foresees the parcels of a file, in the file's order. The desk's intake keeps no records.
///
/// # Errors
/// The ledger cannot be read.
pub fn foreseen(desk: &OpenLedger, mut parcels: Vec<Parcel>) -> Result<Vec<Foreseen>, LedgerError> {
    let known = join(desk, &mut parcels)?;
    let lines = standing(desk, &parcels, &known)?;
    let mut order: Vec<usize> = (0..parcels.len()).collect();
    order.sort_by(|a, b| parcels[*a].order_key().cmp(&parcels[*b].order_key()));
    let (tried, decisions) = try_out(desk, &lines, &parcels, &order)?;
    let mut filed = Filed::default();
    for parcel in &parcels {
        let day = (parcel.ledger_person, parcel.arrival().day);
        if let Some(limit) = parcel.limit(Basis::Section321C) {
            filed.limits.insert(day, limit);
        }
    }
    for line in &lines {
        filed.add((line.person, line.arrival.day), &line.posting);
    }
    let mut so_far = vec![None; parcels.len()];
    for at in order {
        let parcel = &parcels[at];
        let kept = tried
            .ledger
            .shipment(desk.intake.tenant(), &parcel.shipment.id);
        if let Some(kept) = kept.wait().map_err(|error| desk.failed(error))?
            && parcel.person.is_some()
        {
            so_far[at] = filed.add((kept.person, kept.arrival.day), &kept.posting);
        }
    }
    let whole = |parcel: &Parcel| {
        filed
            .days
            .get(&(parcel.ledger_person, parcel.arrival().day))
    };
    let told = parcels.iter().zip(so_far).zip(decisions);
    let told = told.map(|((parcel, so_far), decision)| Foreseen {
        day: Day(parcel.arrival().day),
        so_far,
        whole_day: so_far.and_then(|_| whole(parcel).copied()),
        in_ledger: known.contains(&parcel.shipment.id),
        shipment_id: parcel.shipment.id.clone(),
        decision,
    });
    Ok(told.collect())
}

/// Gives each parcel to the person whom the ledger has it for, also where keys were merged, and tells
/// which parcels have their place in the ledger.
fn join(desk: &OpenLedger, parcels: &mut [Parcel]) -> Result<HashSet<String>, LedgerError> {
    let mut whose: HashMap<PersonKey, PersonKey> = HashMap::new();
    let mut known = HashSet::new();
    for parcel in parcels {
        let id = &parcel.shipment.id;
        let kept = desk.shipment(id)?;
        if let Some(kept) = kept.filter(|kept| kept.state != State::Voided) {
            known.insert(id.clone());
            parcel.ledger_person = kept.person;
            continue;
        }
        let key = parcel.ledger_person;
        if let Entry::Vacant(place) = whose.entry(key) {
            place.insert(desk.person_of(key)?);
        }
        parcel.ledger_person = whose[&key];
    }
    Ok(known)
}

/// Puts lines of the ledger as they are into one that is thrown away, and then claims parcels in an
/// order. Gives that ledger and each parcel's decision.
fn try_out(
    desk: &OpenLedger,
    lines: &[Line],
    parcels: &[Parcel],
    order: &[usize],
) -> Result<(Shadow<Option<usize>>, Vec<Value>), LedgerError> {
    let mut shadow: Shadow<Option<usize>> = Shadow::new()?;
    let mut decisions = vec![Value::Null; parcels.len()];
    let mut receive = |receipt: Result<Receipt, LedgerError>, at: Option<usize>| {
        let receipt = receipt?;
        if let Some(at) = at {
            decisions[at] = desk.decision(&parcels[at], &receipt)?;
        }
        Ok::<(), LedgerError>(())
    };
    let as_they_are = lines.iter().filter_map(|line| desk.intake.as_it_was(line));
    let claims = order
        .iter()
        .map(|at| (desk.intake.claim(&parcels[*at]), Some(*at)));
    for (request, at) in as_they_are.map(|request| (request, None)).chain(claims) {
        if let Some((receipt, at)) = shadow.send(request, at) {
            receive(receipt, at)?;
        }
    }
    while let Some((receipt, at)) = shadow.next() {
        receive(receipt, at)?;
    }
    Ok((shadow, decisions))
}

/// What is filed of each person's day.
#[derive(Default)]
struct Filed {
    days: HashMap<(PersonKey, i32), Seen>,
    /// The limit of 321(a)(2)(C) on the days that are asked about.
    limits: HashMap<(PersonKey, i32), Cents>,
}

impl Filed {
    /// Adds a parcel, if it is one that is filed as free under 321(a)(2)(C), and tells what is filed
    /// of its day then. One that the day has no room for is filed all the same; one that is above
    /// the limit by itself is not.
    fn add(&mut self, day: (PersonKey, i32), posting: &Posting) -> Option<Seen> {
        let (slot, value) = (posting.could_count?.place(), Cents(posting.value_cents));
        let within = self.limits.get(&day).is_some_and(|limit| value <= *limit);
        if !within || slot != counted_with(Basis::Section321C) as usize {
            return None;
        }
        let seen = self.days.entry(day).or_default();
        seen.shipments += 1;
        seen.total = seen.total.plus(value);
        Some(*seen)
    }
}

/// What the ledger has of the persons of a file, without the file's own parcels, as lines that put
/// it on its day: the file's days, and all days of a person with a parcel of an order, which can span
/// them.
fn standing(
    desk: &OpenLedger,
    parcels: &[Parcel],
    known: &HashSet<String>,
) -> Result<Vec<Line>, LedgerError> {
    let mut asked: BTreeMap<PersonKey, Option<BTreeSet<i32>>> = BTreeMap::new();
    for parcel in parcels {
        let days = asked.entry(parcel.ledger_person);
        let days = days.or_insert_with(|| Some(BTreeSet::new()));
        match days {
            _ if parcel.is_of_order() => *days = None,
            Some(days) => _ = days.insert(parcel.arrival().day),
            None => {}
        }
    }
    let mut lines = Vec::new();
    for (person, days) in asked {
        let days = days.map_or_else(|| vec![None], |days| days.into_iter().map(Some).collect());
        for day in days {
            for one in desk.parcels(person, day)? {
                if one.state == State::Voided || known.contains(&one.shipment_id) {
                    continue;
                }
                if let Some(kept) = desk.shipment(&one.shipment_id)? {
                    lines.push(line(desk, one.shipment_id, kept));
                }
            }
        }
    }
    lines.sort_by_key(|line| line.position);
    Ok(lines)
}

/// The line that puts a parcel on its day as it stands.
fn line(desk: &OpenLedger, shipment_id: String, kept: Kept) -> Line {
    Line {
        position: kept.position,
        tenant: desk.intake.tenant().to_owned(),
        shipment_id,
        kind: Kind::Reserve,
        sign: 1,
        person: kept.person,
        arrival: kept.arrival,
        order: kept.order,
        bill: kept.bill,
        posting: kept.posting,
    }
}
