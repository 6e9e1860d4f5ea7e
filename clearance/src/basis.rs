//! On which basis a parcel is free, given what its person's day already holds.
//!
//! The one place where a limit meets a total: the walk of a day and the assessment both ask here.

use crate::day::{BASES, DayContext, counted_with};
use deminimis_law::compile::RuleRef;
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, Counts, Crossing, Set};
use serde::{Deserialize, Serialize};

/// What the law says of a parcel without regard to the person's day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Bases that are open and undenied, for which a free path exists.
    pub open: Set<Basis>,
    /// Of those, the bases denied if the shipments on one master bill are one importation that
    /// exceeds the limit.
    pub closed_by_bill: Set<Basis>,
    /// Total fair retail value.
    pub value: Cents,
    /// A person must decide the parcel: it counts for nothing yet, and might count.
    pub undecided: Option<Open>,
}

impl Candidate {
    /// What is known of the parcel's value, if a person must decide it and it might take up the day.
    /// One that is above the limit by itself never can.
    #[must_use]
    pub fn might_count(&self, limits: &Limits) -> Option<Open> {
        let within =
            limits[Basis::Section321C as usize].is_some_and(|limit| self.value <= limit.limit);
        self.undecided.filter(|_| within)
    }

    /// Where the parcel counts for a reading of the whole day: where it would be tried first, a
    /// gift among gifts.
    #[must_use]
    pub fn tried_first(&self) -> Option<Basis> {
        self.open.iter().next().map(counted_with)
    }
}

/// What is known of a parcel that a person must decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Open {
    /// Its value in dollars.
    Priced,
    /// Not even its value in dollars.
    Unpriced,
}

/// The limit of one basis and how the day counts for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// The rule that states it.
    pub rule: RuleRef,
    /// The rule that says how the day counts.
    pub count_rule: Option<RuleRef>,
    /// The limit for one person on one day; equality qualifies.
    pub limit: Cents,
    /// What counts.
    pub counts: Counts,
    /// What a crossing does.
    pub crossing: Crossing,
    /// At most so many parcels a day, where a rule says so.
    pub max_shipments: Option<u32>,
}

/// The limits in force for a parcel, by basis.
pub type Limits = [Option<Limit>; BASES];

/// Which basis serves, and which limits the parcel would cross.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The first basis that serves.
    pub basis: Option<Basis>,
    /// Open bases whose limit this parcel exceeds only together with the day.
    pub crossed: Set<Basis>,
}

impl Limit {
    /// What counts against the limit, this parcel included.
    #[must_use]
    pub fn total(&self, basis: Basis, value: Cents, day: &DayContext) -> Cents {
        let before = match self.counts {
            Counts::Exempted => day.counted[counted_with(basis) as usize],
            Counts::All => day.all,
        };
        before.plus(value)
    }

    /// Whether the parcel may not use the basis because of its value and the day.
    #[must_use]
    pub fn is_exceeded(&self, basis: Basis, value: Cents, day: &DayContext) -> bool {
        let slot = counted_with(basis) as usize;
        let too_many = self
            .max_shipments
            .is_some_and(|max| day.counted_shipments[slot] >= max);
        let total = self.total(basis, value, day);
        let crossed = match self.crossing {
            Crossing::ThatOne => false,
            Crossing::FromCrossing => day.crossed[slot],
            Crossing::WholeDay => day.whole_day[slot].max(value) > self.limit,
        };
        too_many || crossed || total > self.limit
    }
}

/// Whether the shipments of the consignee on one master bill exceed a limit together.
#[must_use]
pub fn bill_exceeds(limits: &Limits, value: Cents, day: &DayContext) -> bool {
    let limit = limits[Basis::Section321C as usize];
    day.bill.count > 0 && limit.is_some_and(|limit| day.bill.total.plus(value) > limit.limit)
}

/// The first open basis whose limit the day leaves room for.
#[must_use]
pub fn choose(candidate: &Candidate, limits: &Limits, day: &DayContext) -> Chosen {
    let mut open = candidate.open;
    if bill_exceeds(limits, candidate.value, day) {
        open = open.without(candidate.closed_by_bill);
    }
    let mut chosen = Chosen::default();
    for basis in open.iter() {
        let Some(limit) = limits[basis as usize] else {
            continue;
        };
        if !limit.is_exceeded(basis, candidate.value, day) {
            chosen.basis = Some(basis);
            break;
        }
        // A parcel above the limit by itself is dutiable by itself and does not use up the day.
        if candidate.value <= limit.limit {
            chosen.crossed.add(counted_with(basis));
        }
    }
    chosen
}
