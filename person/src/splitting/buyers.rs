//! Parcels from one seller to one person: parts that look cut, and runs over following days.
//! It must not judge.

use super::facts::{Fact, Facts};
use super::habits::FOLLOWING;
use super::joined::Joined;
use super::orders::LAPSE;
use super::text::NONE;
use super::weigh::{NEXT, is_just_under, reaches, sum};

/// Orders of one intent lie no further apart, in days.
const ORDERED: i64 = 1;
/// More parcels than this with a small one among them are no order that was cut.
const PARTS: usize = 4;
/// A part of a cut lot is at least so many hundredths of the limit, but for the last: who cuts to
/// stay within a limit needs no parts that two of them would have fitted.
const SIZEABLE: i64 = 33;

/// Whether a parcel is within the limit and a good part of it.
pub(super) fn is_sizeable(fact: &Fact) -> bool {
    fact.value > 0 && reaches(fact, SIZEABLE)
}

/// Parcels from one seller to one person, each within the limit.
fn blocks(facts: &Facts) -> Vec<Vec<u32>> {
    facts.blocks(|fact| {
        let known = fact.seller != NONE && fact.value > 0 && fact.value <= fact.limit;
        known.then_some((fact.seller, fact.person))
    })
}

/// Whether the values together are above the limit.
pub(super) fn is_above(facts: &Facts, members: &[u32]) -> bool {
    let group = || members.iter().map(|at| facts.fact(*at));
    sum(group()) > group().map(|fact| fact.limit).max().unwrap_or(i64::MAX)
}

/// What may be one order that was cut: parcels ordered together, or where the sender does not say
/// when, arriving together, or with order numbers that follow one another; of which some are a good
/// part of the limit.
pub(super) fn cuts(facts: &Facts) -> Vec<Vec<u32>> {
    let mut joined = Joined::new(facts.0.len());
    for mut block in blocks(facts) {
        let ordered = |at: u32| facts.fact(at).ordered_on.map(i64::from);
        let day = |at: u32| i64::from(facts.fact(at).day);
        for pair in block.windows(2) {
            let undated = ordered(pair[0]).is_none() || ordered(pair[1]).is_none();
            if undated && day(pair[1]) - day(pair[0]) <= FOLLOWING {
                joined.join(pair[0], pair[1]);
            }
        }
        block.sort_by_key(|at| (ordered(*at), *at));
        for pair in block.windows(2) {
            let apart = ordered(pair[1]).zip(ordered(pair[0])).map(|(b, a)| b - a);
            if apart.is_some_and(|apart| apart <= ORDERED) {
                joined.join(pair[0], pair[1]);
            }
        }
        // Numbers of an order: its series first, then its place in it.
        let numbered = block.iter().filter_map(|one| {
            let fact = facts.fact(*one);
            Some((fact.order.series, fact.order.at?, *one))
        });
        let mut numbered: Vec<(u64, u64, u32)> = numbered.collect();
        numbered.sort_unstable();
        for pair in numbered.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let apart = i64::from(facts.fact(a.2).day) - i64::from(facts.fact(b.2).day);
            if a.0 == b.0 && b.1 - a.1 <= NEXT && apart.abs() <= LAPSE {
                joined.join(a.2, b.2);
            }
        }
    }
    let chains = joined.groups(|_| false);
    chains
        .iter()
        .filter_map(|chain| parts(facts, chain))
        .collect()
}

/// The parts of a chain that may be of one cut order.
fn parts(facts: &Facts, chain: &[u32]) -> Option<Vec<u32>> {
    let sizeable = chain.iter().copied();
    let sizeable: Vec<u32> = sizeable.filter(|at| is_sizeable(facts.fact(*at))).collect();
    let full = chain.iter().any(|at| is_just_under(facts.fact(*at)));
    // What is left after cutting full parts may be of any size.
    let with_rest = full && chain.len() == sizeable.len() + 1 && chain.len() <= PARTS;
    let parts = if with_rest { chain.to_vec() } else { sizeable };
    (parts.len() > 1 && is_above(facts, &parts)).then_some(parts)
}

/// Parcels on following days that are together above the limit.
pub(super) fn runs(facts: &Facts) -> Vec<Vec<u32>> {
    let mut groups = Vec::new();
    let day = |at: &u32| i64::from(facts.fact(*at).day);
    for block in blocks(facts) {
        for chain in block.chunk_by(|a, b| day(b) - day(a) <= FOLLOWING) {
            let several_days = chain.first().map(day) != chain.last().map(day);
            if several_days && is_above(facts, chain) {
                groups.push(chain.to_vec());
            }
        }
    }
    groups
}
