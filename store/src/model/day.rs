//! What a day holds in the model, by looking through all parcels.

use super::{Key, Tables};
use crate::alike::Alike;
use crate::types::{
    DayHolds, DayView, Entry, Kept, Open, Posting, SLOTS, Same, Slot, Sum, Undecided,
};

impl Tables {
    pub(super) fn view(&self, key: &Key, parcel: &Kept, alike: &Alike) -> DayView {
        let day = parcel.arrival.day;
        let others = || self.live(&key.0, parcel.person, Some(key));
        let came = |one: &&Entry| {
            one.tenant == key.0 && one.person == parcel.person && one.arrival.day == day
        };
        let mut placed = self.entries.iter().filter(came).filter(|one| one.sign > 0);
        let mut view = DayView {
            holds: holds(others().filter(|kept| kept.arrival.day == day)),
            alike: alike.together(
                parcel.person,
                |person| self.one(&key.0, person),
                |person| {
                    let live = self.live(&key.0, person, Some(key));
                    holds(live.filter(|kept| kept.arrival.day == day))
                },
            ),
            out_of_order: placed.any(|one| one.arrival.order() > parcel.arrival.order()),
            ..DayView::default()
        };
        if let Some(order) = parcel.order {
            let same = || others().filter(|kept| kept.order == Some(order));
            let days = || same().map(|kept| kept.arrival.day).chain([day]);
            let (first, last) = (days().min().unwrap_or(day), days().max().unwrap_or(day));
            view.order = Same {
                others: total(same()),
                span_days: last.abs_diff(first),
            };
        }
        if let Some(bill) = parcel.bill {
            let same = others().filter(|kept| kept.bill == Some(bill) && kept.arrival.day == day);
            view.bill.others = total(same);
        }
        view
    }
}

pub(super) fn total<'a>(parcels: impl Iterator<Item = &'a Kept>) -> Sum {
    parcels.fold(Sum::default(), |sum, kept| Sum {
        shipments: sum.shipments + 1,
        total_cents: sum.total_cents + kept.posting.value_cents,
    })
}

pub(super) fn holds<'a>(parcels: impl Iterator<Item = &'a Kept>) -> DayHolds {
    let parcels: Vec<&Kept> = parcels.collect();
    let of = |which: &dyn Fn(&Posting) -> bool| {
        total(parcels.iter().copied().filter(|kept| which(&kept.posting)))
    };
    let slot = |number: usize| Slot::new(number);
    let open = of(&|posting| posting.undecided.is_some());
    DayHolds {
        counted: std::array::from_fn::<_, SLOTS, _>(|at| {
            of(&|posting| posting.counted.is_some() && posting.counted == slot(at))
        }),
        could_count: std::array::from_fn::<_, SLOTS, _>(|at| {
            of(&|posting| posting.could_count.is_some() && posting.could_count == slot(at))
        }),
        crossed: std::array::from_fn::<_, SLOTS, _>(|at| {
            of(&|posting| slot(at).is_some_and(|slot| posting.crossed.has(slot))).shipments
        }),
        undecided: Undecided {
            shipments: open.shipments,
            unpriced: of(&|posting| posting.undecided == Some(Open::Unpriced)).shipments,
            total_cents: of(&|posting| posting.undecided == Some(Open::Priced)).total_cents,
        },
        all: of(&|_| true),
    }
}
