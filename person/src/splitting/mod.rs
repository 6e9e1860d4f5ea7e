//! Which parcels look as if one lot had been sent in several to stay within the limit of the law.
//!
//! The exemption is not granted where the goods of one order or contract are sent in separate
//! lots for the purpose of avoiding the limit. Purpose cannot be read from parcels, only signs of
//! it, so what is found here is a flag for someone to look at and never a denial. The law, its
//! amounts and its citations are the caller's: it says which limit applies to each parcel, and
//! attaches what a finding means to its [`Kind`].
//!
//! Four kinds of groups are looked for. Each gets a score: the logarithm of the odds that the
//! group is what its kind says, and not what ordinary trade brings, base 2, in hundredths, as the
//! sum of the weights of what speaks for it and against it. All weights stand in one table, in
//! `evidence`, with their reasons. What follows is another matter: see [`Level`].
//!
//! Read [`find_splits`] first. `facts` reads the parcels, `habits` counts what is usual in the
//! file, `orders`, `buyers` and `names` form the groups, `weigh` says what speaks for them, and
//! [`find_splits`] tells parcels once that several groups explain.
//! Nothing here compares parcels pair by pair: all is sorting and counting.

mod alike;
mod buyers;
mod evidence;
mod facts;
mod habits;
mod joined;
mod names;
mod orders;
mod text;
mod weigh;

pub use evidence::Evidence;

use crate::key::{Key, Normalised};
use facts::Facts;
use habits::Habits;
use std::collections::BTreeMap;
use weigh::{Case, Group};

/// The version of these rules. Any change of what is found needs a new one.
pub const SPLIT_RULES: u32 = 3;

/// From this score on a group is likely a split lot: odds of 8 to 1 by the weights. These are
/// judgements; how often findings are right is measured apart, and less often for some kinds.
pub const LIKELY: i32 = 300;

/// From this score on it is possible: even odds by the weights. Below, nothing is reported.
pub const POSSIBLE: i32 = 0;

/// The most parcels that a finding lists. A larger group is judged whole, and its first parcels by
/// day are listed; [`Finding::of`] says how many there are.
pub const LISTED: usize = 500;

/// What a group of parcels looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Several parcels of one order, whatever its value. That is a fact of which much follows above
    /// the limit and nothing within it.
    OneOrder,
    /// One order cut into parts, each within the limit and near it.
    CutUnderLimit,
    /// Parcels from one seller to one person on days that follow one another, each within the
    /// limit.
    RepeatedRun,
    /// Parcels from one seller to several names at one address.
    ManyNames,
}

impl Kind {
    /// All kinds, in the order of findings.
    pub const ALL: [Kind; 4] = [
        Kind::OneOrder,
        Kind::CutUnderLimit,
        Kind::RepeatedRun,
        Kind::ManyNames,
    ];

    /// What was seen, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Kind::OneOrder => "several parcels of one order",
            Kind::CutUnderLimit => "parts of what looks like one order, cut just under the limit",
            Kind::RepeatedRun => {
                "parcels from one seller to one person on following days, together above the limit"
            }
            Kind::ManyNames => {
                "parcels from one seller to several names at one address, together above the limit"
            }
        }
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// One order that is within the limit as a whole: to know it changes nothing, and nobody is
    /// accused of anything.
    Information,
    /// At least [`POSSIBLE`].
    Possible,
    /// At least [`LIKELY`].
    Likely,
}

/// Why an order came in several parcels, as the sender says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SplitReason {
    /// A part was not in stock.
    BackOrder,
    /// The goods lay in several places.
    StockLocation,
    /// One parcel would have been too large or too heavy.
    CarrierLimit,
    /// To stay under the limit.
    ToStayUnderLimit,
    /// The sender does not know.
    Unknown,
}

impl SplitReason {
    /// Reads the word of the contract: `back_order`, `stock_location`, `carrier_limit`,
    /// `to_stay_under_limit`, `unknown`. `None` for any other.
    #[must_use]
    pub fn parse(word: &str) -> Option<SplitReason> {
        Some(match word {
            "back_order" => SplitReason::BackOrder,
            "stock_location" => SplitReason::StockLocation,
            "carrier_limit" => SplitReason::CarrierLimit,
            "to_stay_under_limit" => SplitReason::ToStayUnderLimit,
            "unknown" => SplitReason::Unknown,
            _ => return None,
        })
    }
}

/// A parcel as it is looked at. A blank text is an absent one. There is no `Debug`, so that
/// personal data does not come into a log by accident.
#[derive(Clone, Copy)]
pub struct Parcel<'a> {
    /// What findings call the parcel.
    pub index: usize,
    /// The sender's number of the shipment. Of parcels with one number the first counts alone.
    pub shipment_id: &'a str,
    /// The day of arrival, in days since 1970-01-01.
    pub day: i32,
    /// The value that the law counts, in cents.
    pub value_cents: i64,
    /// The limit of the law for this person on this day, in cents. Where there is none, splitting
    /// gains nothing, and the parcel is left out.
    pub limit_cents: Option<i64>,
    /// The exact key of the person whose day it is.
    pub person: Key,
    /// The cluster of that person by [`crate::matching`], if there is one.
    pub linked_person: Option<u32>,
    /// The name and address of that person, normalised ([`crate::Scratch::last`]).
    pub party: Normalised<'a>,
    /// The e-mail address of that person.
    pub email: &'a str,
    /// The seller's name.
    pub seller: &'a str,
    /// The seller's number of the order.
    pub order_id: &'a str,
    /// The day of the order, in days since 1970-01-01.
    pub ordered_on: Option<i32>,
    /// The value of the whole order, in cents.
    pub order_total_cents: Option<i64>,
    /// In how many parcels the order comes.
    pub order_parcels: Option<u32>,
    /// Why, as the sender says.
    pub split_reason: Option<SplitReason>,
    /// The master bill.
    pub master_bill: &'a str,
    /// The house bill.
    pub house_bill: &'a str,
    /// What the goods are, in the sender's words.
    pub description: &'a str,
    /// Their number in the schedule, with or without points.
    pub htsus_number: &'a str,
}

/// A group of parcels, what it looks like, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it looks like.
    pub kind: Kind,
    /// The `index` of each parcel, by day and shipment number; no more than [`LISTED`].
    pub parcels: Vec<usize>,
    /// How many parcels the group has.
    pub of: usize,
    /// The first day and the last on which they arrive.
    pub days: (i32, i32),
    /// What they are worth together, in cents.
    pub value_cents: i64,
    /// The limit it was measured against, in cents: the highest of the group.
    pub limit_cents: i64,
    /// Whether the parcels, or the order as the sender values it, are above the limit. Only of
    /// [`Kind::OneOrder`] are findings that are not.
    pub over_limit: bool,
    /// Hundredths of the logarithm of the odds, base 2; at least [`POSSIBLE`].
    pub score: i32,
    /// What speaks for it, in the order of the table.
    pub in_favour: Vec<Evidence>,
    /// What speaks against it, in the order of the table.
    pub against: Vec<Evidence>,
}

impl Finding {
    /// What it says: whether anything follows from it, and if so, how sure it is. That parcels are
    /// of one order may be certain ([`Finding::score`]); that the order was split to avoid the limit
    /// is no more than possible where the sender gives a lawful reason.
    #[must_use]
    pub fn level(&self) -> Level {
        let excuse = [Evidence::Restocked, Evidence::CarrierLimit];
        let excused = self.kind == Kind::OneOrder
            && excuse.iter().any(|reason| self.against.contains(reason))
            && !self.in_favour.contains(&Evidence::SaidToAvoid);
        if !self.over_limit {
            Level::Information
        } else if self.score >= LIKELY && !excused {
            Level::Likely
        } else {
            Level::Possible
        }
    }

    /// How sure it is that the parcels are what the kind says, whether or not anything follows.
    #[must_use]
    pub fn is_likely(&self) -> bool {
        self.score >= LIKELY
    }
}

/// Looks for split lots in a file of parcels. The order of `parcels` does not matter, as long as
/// their shipment numbers differ; findings are sorted by kind, then day and shipment number of
/// their first parcel. Parcels that one finding explains are not told again as another kind, unless
/// that is surer; a parcel may stand in several findings that have little in common.
#[must_use]
pub fn find_splits(parcels: &[Parcel<'_>]) -> Vec<Finding> {
    let facts = Facts::of(parcels);
    let habits = Habits::of(&facts);
    let mut found: Vec<(Group, Finding)> = Vec::new();
    for (kind, groups) in groups(&facts, &habits) {
        for members in groups {
            let group = Group::of(&facts, members);
            if let Some(finding) = Case::of(kind, &facts, &habits, &group).finding() {
                found.push((group, finding));
            }
        }
    }
    let mut found = told_once(found);
    found.sort_by(|(a, x), (b, y)| {
        x.kind
            .cmp(&y.kind)
            .then_with(|| a.members.cmp(&b.members))
            .then_with(|| x.score.cmp(&y.score))
    });
    found.into_iter().map(|(_, finding)| finding).collect()
}

/// The groups of each kind. No parcel is in more than six of them: one of each of the first three
/// kinds, and one for each of the three ways in which names are tied.
fn groups(facts: &Facts, habits: &Habits) -> [(Kind, Vec<Vec<u32>>); 4] {
    [
        (Kind::OneOrder, orders::groups(facts)),
        (Kind::CutUnderLimit, buyers::cuts(facts)),
        (Kind::RepeatedRun, buyers::runs(facts)),
        (Kind::ManyNames, names::groups(facts, habits)),
    ]
}

/// Which kind explains parcels if several are likely to, or several possible: the least comes
/// first, and of equal ones the surer. A cut tells the number of its order too, and so do several
/// names if there is none; a run is what is left.
fn place(kind: Kind) -> u8 {
    match kind {
        Kind::CutUnderLimit | Kind::ManyNames => 0,
        Kind::OneOrder => 1,
        Kind::RepeatedRun => 2,
    }
}

/// Leaves out findings of which another that is told holds more than half; the surer are told first.
fn told_once(mut found: Vec<(Group, Finding)>) -> Vec<(Group, Finding)> {
    found.sort_by(|(a, x), (b, y)| {
        y.is_likely()
            .cmp(&x.is_likely())
            .then_with(|| place(x.kind).cmp(&place(y.kind)))
            .then_with(|| y.score.cmp(&x.score))
            .then_with(|| x.kind.cmp(&y.kind))
            .then_with(|| a.members.cmp(&b.members))
    });
    // The findings that hold a parcel: no more than there are ways to group, so these are few.
    let mut told: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut kept: Vec<(Group, Finding)> = Vec::new();
    for (group, finding) in found {
        let held = group.members.iter().filter_map(|member| told.get(member));
        let mut holders: Vec<u32> = held.flatten().copied().collect();
        holders.sort_unstable();
        let mut holders = holders.chunk_by(|a, b| a == b);
        if holders.any(|held| held.len() * 2 > group.members.len()) {
            continue;
        }
        let number = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        // What changes nothing explains nothing away.
        if finding.level() > Level::Information {
            for member in &group.members {
                told.entry(*member).or_default().push(number);
            }
        }
        kept.push((group, finding));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{PartyText, Scratch};

    /// Weighing takes as long as there are members of groups, so these must grow as the file does.
    #[test]
    fn no_parcel_is_in_more_groups_than_there_are_ways() {
        // One seller, address and order, four names: everything that can be tied is.
        let names = ["Ana Lopez", "A Lopez", "Lopez Ana", "Rosa Lopez"];
        let persons: Vec<(Key, Scratch)> = names
            .iter()
            .map(|name| {
                let mut scratch = Scratch::new();
                let party = PartyText {
                    name: Some(name),
                    street: Some("12 Oak St"),
                    postal_code: Some("78701"),
                    ..PartyText::default()
                };
                (Key::of(&party, "", None, &mut scratch).unwrap(), scratch)
            })
            .collect();
        for count in [40, 4000] {
            let ids: Vec<String> = (0..count).map(|at| format!("S{at:05}")).collect();
            let parcel = |(index, shipment_id)| {
                let (person, scratch) = &persons[index % names.len()];
                Parcel {
                    index,
                    shipment_id,
                    day: 20_000 + (index / 200) as i32,
                    value_cents: 70_000,
                    limit_cents: Some(80_000),
                    person: *person,
                    linked_person: None,
                    party: scratch.last(),
                    email: "ana@example.com",
                    seller: "Blue Sky Store",
                    order_id: "",
                    ordered_on: None,
                    order_total_cents: None,
                    order_parcels: None,
                    split_reason: None,
                    master_bill: "",
                    house_bill: "",
                    description: "shoes",
                    htsus_number: "6403.99",
                }
            };
            let parcels: Vec<Parcel<'_>> = ids
                .iter()
                .map(String::as_str)
                .enumerate()
                .map(parcel)
                .collect();
            let facts = Facts::of(&parcels);
            let habits = Habits::of(&facts);
            let all: Vec<Vec<u32>> = groups(&facts, &habits)
                .into_iter()
                .flat_map(|(_, groups)| groups)
                .collect();
            let members: usize = all.iter().map(Vec::len).sum();
            assert!(members > count, "{members}");
            assert!(members <= count * 6, "{members}");
        }
    }
}
