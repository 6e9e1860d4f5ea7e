//! What a day holds, as the assessment is told of it; what was decided, as a posting.
//!
//! The slots of the ledger are the bases of exemption. Limits and totals meet in
//! `deminimis_clearance::basis` alone: nothing is compared here.

use crate::types::{DayView, Open, Posting, SLOTS, Same, Slot, Slots, Sum};
use deminimis_clearance::basis::{Candidate, Chosen, Limit, Limits, Open as Unsettled, choose};
use deminimis_clearance::day::{
    BASES, DayContext, IfLinked, Same as SameOfDay, Undecided, counted_with,
};
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, Counts};
use std::sync::Arc;

const _: () = assert!(BASES <= SLOTS, "a basis has no slot in the ledger");

fn slot(basis: Basis) -> Option<Slot> {
    Slot::new(counted_with(basis) as usize)
}

/// Whether a parcel has a part in crossing a limit: it could enter free, or whatever is imported
/// counts. Where entry is closed to all, the day of a warehouse has no such parcel.
pub(super) fn could_cross(candidate: &Candidate, limits: &Limits) -> bool {
    let all = |limit: &Limit| limit.counts == Counts::All;
    !candidate.open.is_empty() || limits.iter().flatten().any(all)
}

/// What a file knows to come after a parcel on its person's day: those that have a part in crossing
/// a limit, in the order of the day.
#[derive(Clone, Default)]
pub(super) struct Following {
    /// All of the day, and the first that comes after this parcel; nothing where it is alone.
    day: Option<(Arc<[Next]>, usize)>,
    /// Whether it is already known that one of them crosses.
    crosses: bool,
}

/// A parcel of the day, as the count of the day needs it.
pub(super) struct Next {
    pub candidate: Candidate,
    pub limits: Limits,
    pub bill: SameOfDay,
}

impl Following {
    pub(super) fn new(day: &Arc<[Next]>, first: usize) -> Following {
        Following {
            day: (first < day.len()).then(|| (Arc::clone(day), first)),
            crosses: false,
        }
    }

    /// What a record says of them: whether one crosses.
    pub(super) fn kept(crosses: bool) -> Following {
        Following { day: None, crosses }
    }

    /// Whether one of them takes the person over the limit of 321(a)(2)(C), counted on from what
    /// the ledger's day holds with this parcel.
    pub(super) fn cross(&self, mut day: DayContext) -> bool {
        let following = self.day.iter().flat_map(|(all, first)| &all[*first..]);
        for next in following {
            day.bill = next.bill;
            let chosen = choose(&next.candidate, &next.limits, &day);
            if is_over(&chosen, &day) {
                return true;
            }
            day.add(&next.candidate, &next.limits, &chosen);
        }
        self.crosses
    }
}

/// What the assessment is told: what was counted before comes from the ledger alone. Of what the
/// file knows to come, orders, bills and the whole day take the larger of the two countings: the
/// ledger's and the file's have parcels in common, so adding them would count those twice.
pub(super) fn context(
    view: &DayView,
    (candidate, limits): (&Candidate, &Limits),
    file: &DayContext,
) -> DayContext {
    let holds = &view.holds;
    let mut day = DayContext {
        undecided: Undecided {
            count: count(holds.undecided.shipments),
            unpriced: count(holds.undecided.unpriced),
            total: Cents(holds.undecided.total_cents),
        },
        all: Cents(holds.all.total_cents),
        shipments_before: count(holds.all.shipments),
        order: larger(same(view.order), file.order),
        bill: larger(same(view.bill), file.bill),
        refused_rows: file.refused_rows,
        out_of_order: view.out_of_order,
        ..DayContext::default()
    };
    // What a record says of a parcel that is assessed again stands where nobody is compared anew.
    day.counted_if_linked = match view.alike {
        None => file.counted_if_linked,
        Some(others) => {
            let place = counted_with(Basis::Section321C) as usize;
            let own = Cents(holds.counted[place].total_cents);
            let counted = own.plus(Cents(others.counted_cents[place]));
            let all = day.all.plus(Cents(others.all_cents));
            Some(IfLinked { counted, all }.before(limits))
        }
    };
    let own = candidate.tried_first().and_then(slot);
    for place in 0..BASES {
        let Sum {
            shipments,
            total_cents,
        } = holds.counted[place];
        day.counted[place] = Cents(total_cents);
        day.counted_shipments[place] = count(shipments);
        day.crossed[place] = holds.crossed[place] > 0;
        let whole = Cents(holds.could_count[place].total_cents);
        let own = own.filter(|own| own.place() == place);
        let whole = own.map_or(whole, |_| whole.plus(candidate.value));
        day.whole_day[place] = whole.max(file.whole_day[place]);
    }
    day
}

/// Whether the day is over the limit of 321(a)(2)(C) with this parcel, or was before it.
pub(super) fn is_over(chosen: &Chosen, day: &DayContext) -> bool {
    day.crossed[Basis::Section321C as usize] || chosen.crossed.has(Basis::Section321C)
}

/// What a parcel puts on its day, as the walk of a file counts it.
pub(super) fn posting(candidate: &Candidate, limits: &Limits, chosen: &Chosen) -> Posting {
    Posting {
        value_cents: candidate.value.0,
        counted: chosen.basis.and_then(slot),
        could_count: candidate.tried_first().and_then(slot),
        crossed: chosen
            .crossed
            .iter()
            .filter_map(slot)
            .fold(Slots::default(), Slots::with),
        undecided: candidate.might_count(limits).map(|open| match open {
            Unsettled::Priced => Open::Priced,
            Unsettled::Unpriced => Open::Unpriced,
        }),
    }
}

fn same(same: Same) -> SameOfDay {
    SameOfDay {
        count: count(same.others.shipments),
        total: Cents(same.others.total_cents),
        span_days: same.span_days,
    }
}

fn larger(one: SameOfDay, other: SameOfDay) -> SameOfDay {
    SameOfDay {
        count: one.count.max(other.count),
        total: one.total.max(other.total),
        span_days: one.span_days.max(other.span_days),
    }
}

/// A number of parcels. The ledger's is signed because it is a sum of postings.
fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}
