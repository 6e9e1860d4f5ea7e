//! What each parcel's day holds, for the few parcels of a case.

use super::{Parcel, PersonRules};
use crate::assess::{Books, Scratch, assess_into};
use crate::basis::Limits;
use crate::day::{DayContext, DayRecord, IfLinked, counts_if_linked, day_record, party_of, walk};
use crate::shipment::fields::Party;
use std::collections::HashMap;

/// What each parcel's day holds, by its place in the case.
pub(super) fn contexts(
    books: Books<'_>,
    parcels: &[Parcel],
    rules: PersonRules,
) -> Vec<DayContext> {
    let mut scratch = Scratch::default();
    let mut limits = Vec::new();
    let mut records: Vec<DayRecord> = Vec::new();
    let mut persons: HashMap<u128, Vec<DayRecord>> = HashMap::new();
    let mut parties: Vec<Party> = Vec::new();
    for (at, (shipment, texts)) in parcels.iter().enumerate() {
        let decision = assess_into(books, shipment, &DayContext::default(), &mut scratch);
        let mut record = day_record(shipment, texts, decision, books.law);
        (record.limits, record.index) = (at as u32, at as u32);
        limits.push(decision.limits);
        let party = party_of(decision.person);
        parties.push(party);
        let mark = (rules.mark)(texts, party);
        persons.entry(mark).or_default().push(record.clone());
        records.push(record);
    }
    let mut contexts = vec![DayContext::default(); parcels.len()];
    for records in persons.values_mut() {
        records.sort_by(|a, b| a.order_key().cmp(&b.order_key()));
        walk(records, &limits, &HashMap::new(), |record, context| {
            contexts[record.index as usize] = context;
        });
    }
    records.sort_by(|a, b| a.order_key().cmp(&b.order_key()));
    for day in records.chunk_by(|a, b| a.day == b.day) {
        link(parcels, &parties, (day, &limits), rules, &mut contexts);
    }
    contexts
}

/// What the parcels of one day, in their order, count if persons that are linked are one: of several
/// readings the greatest total.
fn link(
    parcels: &[Parcel],
    parties: &[Party],
    (day, limits): (&[DayRecord], &[Limits]),
    rules: PersonRules,
    contexts: &mut [DayContext],
) {
    let place = |record: &DayRecord| record.index as usize;
    let counts = |record: &&DayRecord| counts_if_linked(&record.candidate, &limits[place(record)]);
    let given = day.iter().filter(counts).map(place);
    let given: Vec<_> = given.map(|at| (&parcels[at].1, parties[at])).collect();
    let mark = |at: usize| (rules.mark)(&parcels[at].1, parties[at]);
    let marks = day.iter().filter(counts).map(|record| mark(place(record)));
    let readings: HashMap<u128, Vec<u32>> = marks.zip((rules.links)(&given)).collect();
    let mut held: HashMap<u32, IfLinked> = HashMap::new();
    for record in day {
        let at = place(record);
        for reading in readings.get(&mark(at)).into_iter().flatten() {
            let held = held.entry(*reading).or_default();
            let before = Some(held.before(&limits[at]));
            held.add(&record.candidate, &limits[at], &contexts[at]);
            contexts[at].counted_if_linked = contexts[at].counted_if_linked.max(before);
        }
    }
}
