//! Parcels from one seller to several names at one address, within a few days.
//! It must not judge.

use super::buyers::is_above;
use super::facts::{Fact, Facts};
use super::habits::Habits;
use super::joined::Joined;
use super::text::NONE;
use super::weigh::BUILDING;

/// Parcels of one lot under several names arrive no further apart, and all within a span.
const GAP: i64 = 1;
const SPAN: i64 = 2;
/// Those that were ordered on one day may arrive further apart.
const LAPSE: i64 = 7;

/// The groups. In a building each unit is an address of its own, for its residents have nothing in
/// common; in a house units are not told apart, since one is easily made up.
pub(super) fn groups(facts: &Facts, habits: &Habits) -> Vec<Vec<u32>> {
    let address = |fact: &Fact| {
        let known = fact.seller != NONE && fact.house != NONE;
        let within = fact.value > 0 && fact.value <= fact.limit;
        let unit = if habits.residents(fact) >= BUILDING {
            fact.unit
        } else {
            NONE
        };
        (known && within).then_some((fact.seller, fact.house, unit))
    };
    let day = |at: &u32| i64::from(facts.fact(*at).day);
    let mut joined = Joined::new(facts.0.len());
    for block in facts.blocks(address) {
        let mut from = 0;
        for at in 1..block.len() {
            let within = day(&block[at]) - day(&block[from]) <= SPAN;
            if within && day(&block[at]) - day(&block[at - 1]) <= GAP {
                joined.join(block[at - 1], block[at]);
            } else {
                from = at;
            }
        }
    }
    for block in facts.blocks(|fact| Some((address(fact)?, fact.ordered_on?))) {
        for together in block.chunk_by(|a, b| day(b) - day(a) <= LAPSE) {
            joined.join_all(together);
        }
    }
    let mut groups = joined.groups();
    groups.retain(|group| {
        let first = facts.fact(group[0]).key;
        let several = group.iter().any(|at| facts.fact(*at).key != first);
        several && is_above(facts, group)
    });
    groups
}
