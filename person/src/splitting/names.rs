//! Parcels to several names at one address, within a few days, that something ties: the seller, a
//! word of the name, a mailbox. It must not judge.

use super::buyers::{is_above, is_sizeable};
use super::facts::{Fact, Facts, Word};
use super::habits::Habits;
use super::joined::Joined;
use super::text::NONE;
use super::weigh::BUILDING;

/// Parcels of one lot under several names arrive no further apart, and all within a span.
const GAP: i64 = 2;
const SPAN: i64 = 3;
/// Those that were ordered on one day may arrive further apart.
const LAPSE: i64 = 7;

/// The groups, by what ties their parcels: the seller; one name in several spellings, or a mailbox;
/// a word of the name, as a family has it. A lot may so be in several groups, with or without what
/// others of the address ordered in these days; the surest is told.
///
/// Only sizeable parcels are looked at, since what is small needs no second name. In a building a
/// unit or the seller must be one as well, for its residents have words and sellers in common; in a
/// house units are not told apart, since one is easily made up.
pub(super) fn groups(facts: &Facts, habits: &Habits) -> Vec<Vec<u32>> {
    let house = |fact: &Fact| {
        let known = fact.seller != NONE && fact.house != NONE;
        (known && is_sizeable(fact)).then_some(fact.house)
    };
    let building = |fact: &Fact| habits.residents(fact) >= BUILDING;
    let by_seller = |fact: &Fact| {
        let unit = if building(fact) { fact.unit } else { NONE };
        Some([house(fact)?, fact.seller, unit])
    };
    let by_word = |fact: &Fact, other: u64| {
        let house = house(fact);
        ends(fact).flat_map(move |word| Some([house?, word.mark, other]))
    };
    let one_seller = [
        facts.blocks(by_seller),
        facts.blocks(|fact| by_word(fact, fact.seller)),
    ];
    let ordered = facts.blocks(|fact| Some((by_seller(fact)?, fact.ordered_on?)));
    let one_name = [
        facts.blocks(|fact| Some((house(fact)?, signature(fact)?))),
        facts.blocks(|fact| Some((house(fact)?, fact.person))),
        facts.blocks(|fact| Some((house(fact)?, fact.mailbox)).filter(|_| fact.mailbox != NONE)),
    ];
    let one_family = [
        facts.blocks(|fact| by_word(fact, if building(fact) { fact.seller } else { NONE })),
        facts.blocks(|fact| {
            let known = fact.unit != NONE;
            by_word(fact, fact.unit).filter(move |_| known)
        }),
    ];
    let mut groups = chains(facts, &one_seller, &ordered);
    groups.extend(chains(facts, &one_name, &[]));
    groups.extend(chains(facts, &one_family, &[]));
    groups.retain(|group| {
        let first = facts.fact(group[0]).full_name;
        let several = group.iter().any(|at| facts.fact(*at).full_name != first);
        // One number says more than the names: that is an order, and is told as such.
        let order = facts.fact(group[0]).order.base;
        let one_order = order != NONE && group.iter().all(|at| facts.fact(*at).order.base == order);
        several && !one_order && is_above(facts, group)
    });
    groups
}

/// What arrives together within blocks, and of blocks that were ordered together what does not
/// arrive too far apart.
fn chains(facts: &Facts, blocks: &[Vec<Vec<u32>>], ordered: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let day = |at: &u32| i64::from(facts.fact(*at).day);
    let mut joined = Joined::new(facts.0.len());
    for block in blocks.iter().flatten() {
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
    for block in ordered {
        for together in block.chunk_by(|a, b| day(b) - day(a) <= LAPSE) {
            joined.join_all(together);
        }
    }
    joined.groups(|_| false)
}

/// The first letters of the first word and the last, in either order: what one name has in all its
/// spellings.
fn signature(fact: &Fact) -> Option<(char, char)> {
    let (first, last) = (fact.name.first()?.first, fact.name.last()?.first);
    Some((first.min(last), first.max(last)))
}

/// The first and the last word of a name, unless they are a letter: either may be the surname.
fn ends(fact: &Fact) -> impl Iterator<Item = Word> + use<> {
    let ends = [fact.name.first(), fact.name.last()];
    ends.map(|word| word.copied().filter(|word| !word.alone))
        .into_iter()
        .flatten()
}
