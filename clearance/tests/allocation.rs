//! `assess_into` allocates nothing once its buffers are warm.

// A counting allocator is an `unsafe impl` of `GlobalAlloc` and cannot be written otherwise; it only
// counts and passes every call on.
#![allow(unsafe_code)]

mod support;

use deminimis_clearance::shipment::Shipment;
use deminimis_clearance::{DayContext, Scratch, assess_into};
use deminimis_tariff::Number;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use support::{Choices, Wanted, books, shipment};

const PARCELS: usize = 100_000;

/// Numbers that the schedule prints, some with rates that ask for quantities.
const NUMBERS: [u64; 8] = [
    6_109_100_012,
    7_323_930_080,
    7_117_199_000,
    8_507_600_020,
    2_204_215_040,
    8_708_998_180,
    4_901_990_070,
    9_503_000_073,
];

struct Counting;

thread_local! {
    /// Allocations of this thread; the other threads of the test do not count.
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

fn count() {
    // A thread that is ending has no counter any more, and nothing left to show.
    let _ending = COUNT.try_with(|count| count.set(count.get() + 1));
}

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(old, layout, size) }
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        unsafe { System.dealloc(old, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Parcels of one to four lines with known numbers, from 2015 to 2026.
fn mixed(count: usize) -> Vec<(Shipment, DayContext)> {
    let wanted = Wanted {
        years: (2015, 2026),
        known_articles: true,
    };
    let (mut seed, mut row) = (42_u64, [0_u16; 200]);
    let mut one = || {
        for choice in &mut row {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *choice = (seed >> 48) as u16;
        }
        let mut choices = Choices::new(&row);
        let mut made = shipment(&mut choices, wanted);
        // Half of the lines are goods that the schedule prints, so that duty is reckoned for them.
        for (line, at) in made.lines.iter_mut().zip(row.iter().rev()) {
            let printed = NUMBERS.get(usize::from(*at) % (2 * NUMBERS.len()));
            let printed = printed.and_then(|digits| Number::from_digits(*digits, 10));
            line.number = printed.or(line.number);
        }
        (made, support::day(&mut choices))
    };
    (0..count).map(|_| one()).collect()
}

fn allocations(parcels: &[(Shipment, DayContext)], scratch: &mut Scratch) -> u64 {
    let books = books();
    let before = COUNT.get();
    let (mut findings, mut owing) = (0, 0);
    for (shipment, day) in parcels {
        let decision = assess_into(books, shipment, day, scratch);
        findings += decision.findings.len();
        owing += usize::from(decision.owed.charges.len() > 1);
    }
    let counted = COUNT.get() - before;
    assert!(findings > parcels.len(), "the parcels were decided");
    assert!(
        owing > parcels.len() / 50,
        "{owing} owe more than one charge"
    );
    counted
}

#[test]
fn a_warm_assessment_allocates_nothing() {
    let counted = COUNT.get();
    drop(std::hint::black_box(Box::new(1)));
    assert_eq!(COUNT.get(), counted + 1, "the counter counts");

    let parcels = mixed(PARCELS);
    let lines: std::collections::BTreeSet<_> =
        parcels.iter().map(|(one, _)| one.lines.len()).collect();
    assert_eq!(lines.into_iter().collect::<Vec<_>>(), [1, 2, 3, 4]);
    let mut scratch = Scratch::default();
    allocations(&parcels, &mut scratch);
    assert_eq!(
        allocations(&parcels, &mut scratch),
        0,
        "over {PARCELS} parcels"
    );
}
