//! Parcels of one order: those that say so by a number, by what they say of the whole order, or by
//! one day of order or bills in sequence where numbers are missing. It must not judge.

use super::facts::{Fact, Facts};
use super::joined::Joined;
use super::text::{NONE, joint};

/// Parcels of one order arrive no further apart; later a number means another order.
pub(super) const LAPSE: i64 = 45;
/// Dates of one order differ by no more.
const DATES: i64 = 7;

/// The groups, and parcels that say of themselves that they are not alone.
pub(super) fn groups(facts: &Facts) -> Vec<Vec<u32>> {
    let mut joined = Joined::new(facts.0.len());
    // One number is one order only where the person, the address or the name is one: sellers of one
    // name may have several shops, each counting for itself.
    let by_number = |fact: &Fact, recipient: u64| {
        let known = fact.order.base != NONE && recipient != NONE;
        let seller = if fact.order.long { NONE } else { fact.seller };
        known.then_some([fact.order.base, seller, recipient])
    };
    let mut blocks = facts.blocks(|fact| by_number(fact, fact.person));
    blocks.extend(facts.blocks(|fact| by_number(fact, fact.house)));
    blocks.extend(facts.blocks(|fact| by_number(fact, fact.full_name)));
    for block in blocks {
        for pair in block.windows(2) {
            if is_one(facts.fact(pair[0]), facts.fact(pair[1])) {
                joined.join(pair[0], pair[1]);
            }
        }
    }
    without_number(facts, &mut joined);
    joined.groups(|at| facts.fact(at).said > 1)
}

/// Joins parcels of one seller and person where a number is missing: by one day of order, by the
/// total of an order that comes in several parcels, by house bills without a gap.
fn without_number(facts: &Facts, joined: &mut Joined) {
    let buyer = |fact: &Fact| (fact.seller != NONE).then(|| joint(&[fact.seller, fact.person]));
    let total = |fact: &Fact| fact.total.filter(|_| fact.said > 1);
    let mut blocks = facts.blocks(|fact| Some((buyer(fact)?, fact.ordered_on?)));
    blocks.extend(facts.blocks(|fact| Some((buyer(fact)?, fact.said, total(fact)?))));
    for block in blocks {
        for near in block.chunk_by(|a, b| days_apart(facts, *a, *b) <= LAPSE) {
            // With two orders on one day nothing says to which of them a parcel belongs.
            let order = |fact: &Fact| (fact.order.base != NONE).then_some(fact.order.base);
            if is_unanimous(facts, near, order) && is_unanimous(facts, near, |fact| fact.total) {
                joined.join_all(near);
            }
        }
    }
    for mut block in facts.blocks(|fact| Some((buyer(fact)?, fact.bill.series))) {
        block.sort_by_key(|at| (facts.fact(*at).bill.at, *at));
        for pair in block.windows(2) {
            let (a, b) = (facts.fact(pair[0]), facts.fact(pair[1]));
            let next = a
                .bill
                .at
                .zip(b.bill.at)
                .is_some_and(|(a, b)| b.checked_sub(a) == Some(1));
            let untold = a.order.base == NONE || b.order.base == NONE;
            let dates =
                a.ordered_on.is_none() || b.ordered_on.is_none() || a.ordered_on == b.ordered_on;
            if next && untold && dates && is_one(a, b) {
                joined.join(pair[0], pair[1]);
            }
        }
    }
}

fn days_apart(facts: &Facts, a: u32, b: u32) -> i64 {
    (i64::from(facts.fact(a).day) - i64::from(facts.fact(b).day)).abs()
}

/// Whether those who say something all say one thing.
fn is_unanimous<T: PartialEq>(
    facts: &Facts,
    block: &[u32],
    says: impl Fn(&Fact) -> Option<T>,
) -> bool {
    let mut said = block.iter().filter_map(|at| says(facts.fact(*at)));
    let first = said.next();
    said.all(|other| Some(other) == first)
}

/// Whether nothing keeps two parcels that share a number or follow one another from being of one
/// order.
fn is_one(a: &Fact, b: &Fact) -> bool {
    let numbers = a.order.base == b.order.base || a.order.base == NONE || b.order.base == NONE;
    let totals = a.total == b.total || a.total.is_none() || b.total.is_none();
    let dates = match (a.ordered_on, b.ordered_on) {
        (Some(a), Some(b)) => (i64::from(a) - i64::from(b)).abs() <= DATES,
        _ => true,
    };
    numbers && totals && dates && (i64::from(a.day) - i64::from(b.day)).abs() <= LAPSE
}
