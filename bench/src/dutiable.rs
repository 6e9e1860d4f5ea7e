//! Parcels that need an entry, for measuring what reckoning their duty costs.

use crate::parcels::{Dice, Maker, Span, shipments};
use deminimis_clearance::rates::Rates;
use deminimis_clearance::shipment::{Claim, Shipment};
use deminimis_clearance::{Books, DayContext, Scratch, assess_into};
use deminimis_law::Law;
use deminimis_law::codes::Country;
use deminimis_law::names::EntryPath;
use deminimis_law::time::Day;
use deminimis_tariff::{Number, Schedule};

/// 2025-01-01 to 2026-11-30: the days for which a schedule is in hand.
pub const SPAN: Span = Span {
    from: Day(20_089),
    days: 699,
};

/// November 2026, as a carrier's file of one month is.
pub const NOVEMBER: Span = Span {
    from: Day(20_758),
    days: 30,
};

/// 2025-08-29: from here on every parcel needs an entry, and before it mostly dear ones.
const SUSPENDED: Day = Day(20_329);

/// Special programs by origin, as senders claim them.
const PROGRAMS: &[(&str, &str)] = &[
    ("KR", "KR"),
    ("MX", "S"),
    ("CA", "S"),
    ("JP", "JP"),
    ("AU", "AU"),
    ("GT", "P"),
    ("SV", "P+"),
    ("JO", "JO"),
];

/// Origins that the duties in force in November 2026 treat each in their own way, and some others.
const ORIGINS: &[&str] = &[
    "CN", "HK", "VN", "KR", "JP", "GB", "DE", "MX", "CA", "IN", "TH", "BR", "CH", "TW", "MY", "KH",
    "GT", "SV", "AR", "BD", "ID", "EC", "JO", "NI", "AU", "RU", "CU",
];

/// Parcels from which those of every number take all but number, origin and claim.
const PATTERNS: u64 = 1_009;

/// Which parcels are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those that come to a known total.
    Known,
    /// Those and the ones that leave something open.
    All,
}

/// Parcels of `lines` lines that need an entry. Before the suspension their values are raised so
/// that they do; one line in three of an origin with a program claims it.
///
/// # Panics
/// A made-up parcel is refused, which is a defect of this crate.
#[must_use]
pub fn parcels(law: &Law, span: Span, lines: usize, count: usize, wanted: Wanted) -> Vec<Shipment> {
    let rates = Rates::default();
    let books = Books {
        law,
        tariff: Schedule::embedded(),
        rates: &rates,
    };
    // Of twenty lines one nearly always leaves something open: more are made than are wanted.
    let made = match wanted {
        Wanted::Known => lines * 4,
        Wanted::All => lines,
    };
    let mut maker = Maker::new(span, count as u64).of_lines(made);
    let (mut dice, mut scratch) = (Dice::new(99), Scratch::default());
    let mut enters = |shipment: &Shipment| enters(books, shipment, &mut scratch, wanted);
    let mut kept = Vec::with_capacity(count);
    while kept.len() < count {
        let room = count - kept.len();
        for mut shipment in shipments(law, maker.by_ref().take(room)) {
            claim_and_raise(&mut shipment, &mut dice);
            let mut alone = shipment.clone();
            shipment.lines.retain(|line| {
                alone.lines.clear();
                alone.lines.push(line.clone());
                enters(&alone)
            });
            shipment.lines.truncate(lines);
            if shipment.lines.len() == lines && enters(&shipment) {
                kept.push(shipment);
            }
        }
    }
    kept
}

/// Whether a parcel needs an entry and comes to a known total, where that is wanted.
fn enters(books: Books<'_>, shipment: &Shipment, scratch: &mut Scratch, wanted: Wanted) -> bool {
    let decision = assess_into(books, shipment, &DayContext::default(), scratch);
    let known = decision.owed.total.known().is_some();
    let entered = decision.path != EntryPath::None && decision.basis.is_none();
    entered && (known || wanted == Wanted::All)
}

/// Parcels of one line that need an entry and come to a known total, of every number of ten digits
/// that the schedule prints on the first day, from each of [`ORIGINS`]; and how many were made.
///
/// # Panics
/// A made-up parcel is refused, which is a defect of this crate.
#[must_use]
pub fn of_every_number(law: &Law, span: Span) -> (Vec<Shipment>, usize) {
    let rates = Rates::default();
    let books = Books {
        law,
        tariff: Schedule::embedded(),
        rates: &rates,
    };
    let patterns = shipments(
        law,
        Maker::new(span, PATTERNS)
            .of_lines(1)
            .take(PATTERNS as usize),
    );
    let (mut dice, mut scratch) = (Dice::new(99), Scratch::default());
    let (mut kept, mut made) = (Vec::new(), 0);
    let headings = (101..9800).filter_map(|heading| Number::from_digits(heading, 4));
    let numbers = headings.flat_map(|heading| books.tariff.numbers_of(heading, span.from.0));
    for number in numbers.filter(|number| number.len() == 10) {
        for origin in ORIGINS {
            let mut shipment = patterns[made % patterns.len()].clone();
            made += 1;
            for line in &mut shipment.lines {
                line.number = Some(number);
                line.origin = Country::parse(origin);
            }
            claim_and_raise(&mut shipment, &mut dice);
            if enters(books, &shipment, &mut scratch, Wanted::Known) {
                kept.push(shipment);
            }
        }
    }
    (kept, made)
}

fn claim_and_raise(shipment: &mut Shipment, dice: &mut Dice) {
    let dear = shipment.arrives_at.day < SUSPENDED;
    for line in &mut shipment.lines {
        if dear {
            line.value = line.value * 40 + dice.below(100) as i64;
            line.fair_retail_value = line.value;
        }
        let symbol = PROGRAMS
            .iter()
            .find(|(origin, _)| line.origin.is_some_and(|held| held.as_str() == *origin));
        if let Some((_, symbol)) = symbol
            && dice.below(3) == 0
        {
            line.claims.extend(Claim::parse(symbol));
        }
    }
}
