//! Parcels of one order: those that say so by a number, or by what they say of the whole order.
//! It must not judge.

use super::facts::{Fact, Facts};
use super::joined::Joined;
use super::text::{NONE, joint};

/// Parcels of one order arrive no further apart; later a number means another order.
const LAPSE: i64 = 45;
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
    // Without a number, by the total or the day of an order that comes in several parcels.
    let by_claim = |fact: &Fact, claim: Option<u64>| {
        let known = fact.said > 1 && fact.seller != NONE;
        claim.filter(|_| known).map(|claim| {
            let said = u64::from(fact.said);
            [joint(&[fact.seller, fact.person]), said, claim]
        })
    };
    let total = |fact: &Fact| fact.total.map(i64::cast_unsigned);
    let date = |fact: &Fact| fact.ordered_on.map(|day| i64::from(day).cast_unsigned());
    let mut blocks = facts.blocks(|fact| by_number(fact, fact.person));
    blocks.extend(facts.blocks(|fact| by_number(fact, fact.house)));
    blocks.extend(facts.blocks(|fact| by_number(fact, fact.full_name)));
    blocks.extend(facts.blocks(|fact| by_claim(fact, total(fact))));
    blocks.extend(facts.blocks(|fact| by_claim(fact, date(fact))));
    for block in blocks {
        for pair in block.windows(2) {
            if is_one(facts.fact(pair[0]), facts.fact(pair[1])) {
                joined.join(pair[0], pair[1]);
            }
        }
    }
    let mut groups = joined.groups();
    groups.retain(|group| group.len() > 1 || facts.fact(group[0]).said > 1);
    groups
}

/// Whether nothing keeps two parcels that share a number, a total or a day from being of one
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
