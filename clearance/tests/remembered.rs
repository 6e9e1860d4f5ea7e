//! What was remembered of other parcels changes nothing: every decision is compared, field by
//! field, with the one that is made without a memory.
//!
//! The parcels share few shapes and differ in what a shape does not hold: totals at each limit of
//! the law and a cent beside it, quantities, orders, days, facts, claims, and dates at each minute
//! on which something changes. So nearly all of them meet what another one left in the memory.
//! The seed is new each time and stands in the message; `REMEMBERED_SEED` repeats it.

mod support;

use deminimis_clearance::rates::{Rate, Rates};
use deminimis_clearance::shipment::{Claim, Line, Shipment};
use deminimis_clearance::{Books, DayContext, Scratch, assess_into};
use deminimis_law::Law;
use deminimis_law::codes::{Country, Currency};
use deminimis_law::condition::{Cond, FactTest};
use deminimis_law::facts::{Absence, FactId, FactType, FactValue, TextHash};
use deminimis_law::kind::Rule;
use deminimis_law::money::Cents;
use deminimis_law::names::{Clock, EntryPath, Given, Mode, Outcome, Purpose};
use deminimis_law::time::{Day, Moment, When};
use deminimis_tariff::{Number, Release, Schedule};
use std::hash::{BuildHasher, RandomState};
use support::{ANYTHING, BOOK, Choices, LAW, as_given, shipment};

/// A release in the middle of the span for which duties are reckoned.
const RELEASE: &str = "# release: imported
# first: 2025-09-01
# last: 2025-09-01
@1\tFree (KR)
number\tfrom\tuntil\tunits\tgeneral\tspecial\tcolumn_2\texcise\tfootnotes
61091000\t\t\t\t33%\t@1\t90%\t\t
6109100012\t\t\tdoz.|kg\t\t\t\t\t
";

/// How often a new set of shapes is drawn.
const ROUNDS: usize = 20;
/// Shapes of a round, and parcels that are made of them.
const SHAPES: usize = 12;
const PARCELS: usize = 300;

/// Every constant with which the law compares something of a parcel.
#[derive(Default)]
struct Constants {
    amounts: Vec<i64>,
    quantities: Vec<i64>,
    moments: Vec<Moment>,
    facts: Vec<(FactId, FactValue)>,
    claims: Vec<Claim>,
    /// Moments of entry at which duties change.
    entries: Vec<Moment>,
    /// Facts on which amounts hang.
    owed: Vec<(FactId, FactType)>,
    /// For each version that asks, before which moments its clocks must lie.
    before: Vec<Vec<(Clock, Moment)>>,
}

impl Constants {
    fn of_the_law() -> Constants {
        let mut all = Constants::default();
        for clock in Clock::ALL {
            all.moments.extend(LAW.bounds(*clock));
        }
        for version in BOOK.instruments.iter().flat_map(|one| &one.versions) {
            if let Rule::ValueLimit(limit) = &version.rule {
                all.amounts.push(limit.limit.0);
            }
            let mut before = Vec::new();
            version.when.walk(&mut |part| {
                all.add(part);
                if let Cond::Before(clock, moment) = part {
                    before.push((*clock, *moment));
                }
            });
            if !before.is_empty() {
                all.before.push(before);
            }
        }
        if let Some(duties) = LAW.duties() {
            all.entries.extend(duties.entry_bounds());
            all.entries
                .retain(|moment| *moment > first_of(2024) && *moment < first_of(2027));
        }
        let owed = |fact: &&deminimis_law::facts::Fact| {
            matches!(fact.absence, Absence::Owed | Absence::Claim)
        };
        for (at, fact) in (0_u16..).zip(&BOOK.facts) {
            if owed(&fact) {
                all.owed.push((FactId(at), fact.kind));
            }
        }
        for list in BOOK.lists.iter().flat_map(|list| &list.entries) {
            all.moments.extend([list.from, list.until]);
        }
        all.moments
            .retain(|moment| *moment > first_of(1990) && *moment < first_of(2031));
        all.moments.sort_unstable();
        all.moments.dedup();
        all
    }

    fn add(&mut self, part: &Cond) {
        use deminimis_law::claim::ClaimPattern::{Begins, Exactly};
        match part {
            Cond::ValueOver(limit) | Cond::EnteredValueOver(limit) => self.amounts.push(limit.0),
            Cond::QuantityAtLeast(least) => self.quantities.push(*least),
            Cond::Before(_, moment) => self.moments.push(*moment),
            Cond::Claim(patterns) => {
                self.claims
                    .extend(patterns.iter().filter_map(|one| match one {
                        Exactly(claim) | Begins(claim) => Some(*claim),
                        _ => None,
                    }))
            }
            Cond::Disclaimed(codes) | Cond::Ready(codes) => self.claims.extend(codes),
            Cond::Fact(fact, FactTest::Text(text)) => {
                self.facts.push((*fact, FactValue::Text(*text)));
            }
            Cond::Fact(fact, FactTest::AtLeast(least)) => {
                for near in [least - 1, *least, least + 1] {
                    let value = match BOOK.facts[fact.0 as usize].kind {
                        FactType::Usd => FactValue::Usd(Cents(near)),
                        _ => FactValue::Share(near as u32),
                    };
                    self.facts.push((*fact, value));
                }
            }
            Cond::Fact(fact, FactTest::Is(_)) => {
                let values = match BOOK.facts[fact.0 as usize].kind {
                    FactType::Text => [TextHash::NONE, TextHash::of("x")].map(FactValue::Text),
                    _ => [true, false].map(FactValue::Bool),
                };
                self.facts.extend(values.map(|value| (*fact, value)));
            }
            _ => {}
        }
    }
}

fn first_of(year: i32) -> Moment {
    LAW.zone()
        .midnight(Day::new(year, 1, 1).unwrap_or_default())
}

/// Repeatable chance.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn row(&mut self) -> Vec<u16> {
        (0..160).map(|_| self.next() as u16).collect()
    }

    /// An amount at one of the limits or a cent beside it.
    fn amount(&mut self, constants: &Constants) -> i64 {
        (self.pick(&constants.amounts) + self.below(3) as i64 - 1).max(0)
    }

    /// As [`Dice::near`], of any moment at which something changes.
    fn when(&mut self, constants: &Constants) -> When {
        let moment = self.pick(&constants.moments);
        self.near(moment)
    }

    /// A minute, one beside it, or a bare date of that day or beside it, perhaps of a port whose noon
    /// is another day in the east.
    fn near(&mut self, moment: Moment) -> When {
        let when = as_given(
            moment.plus_minutes(self.below(5) as i64 - 2),
            !self.one_in(3),
        );
        if when.exact {
            return when;
        }
        let far = if self.one_in(3) { 14 * 60 } else { 0 };
        When {
            moment: when.moment.plus_minutes(-far),
            day: when.day.plus(self.below(3) as i32 - 1),
            ..when
        }
    }
}

/// What some parcels share, and the dates about which they differ.
struct Shape {
    parcel: Shipment,
    edges: Vec<(Clock, Moment)>,
}

impl Shape {
    fn draw(dice: &mut Dice, constants: &Constants) -> Shape {
        let mut parcel = shipment(&mut Choices::new(&dice.row()), ANYTHING);
        let mut edges = Vec::new();
        if dice.one_in(2) {
            parcel.lines.truncate(1);
        }
        match dice.below(8) {
            6 | 7 => edges = of_duty(&mut parcel, dice, constants),
            0 => edges = on_a_list(&mut parcel, dice),
            1 => edges = before_a_moment(&mut parcel, dice, constants),
            2 => {
                parcel.arrives_at = LAW.zone().exact(first_of(2022 + dice.below(4) as i32));
                (parcel.entered_at, parcel.entry_path) = (None, Some(EntryPath::Entry86));
                edges.push((Clock::FiledAt, parcel.arrives_at.moment));
            }
            3 | 4 => {
                parcel.arrives_at = dice.when(constants);
                (parcel.entered_at, parcel.filed_at) = (None, None);
            }
            _ => {}
        }
        Shape { parcel, edges }
    }
}

/// An article that a list names for a time, from the country of the list if it has one.
fn on_a_list(parcel: &mut Shipment, dice: &mut Dice) -> Vec<(Clock, Moment)> {
    let list = &BOOK.lists[dice.below(BOOK.lists.len())];
    let row = &list.entries[dice.below(list.entries.len())];
    let line = &mut parcel.lines[0];
    line.number = Number::from_digits(row.range.0, 10);
    let country = list.name.rsplit('-').next().unwrap_or_default();
    line.origin = Country::parse(&country.to_uppercase()).or(line.origin);
    line.facts.clear();
    let moments = [row.from, row.until].into_iter();
    let known = moments.filter(|at| *at > first_of(1990) && *at < first_of(2031));
    let edges: Vec<_> = known.map(|at| (Clock::ArrivesAt, at)).collect();
    if let Some((_, at)) = edges.first() {
        parcel.arrives_at = LAW.zone().exact(*at);
    }
    parcel.entered_at = None;
    edges
}

/// Goods that a duty is likely to charge, entered about a moment at which duties change.
fn of_duty(parcel: &mut Shipment, dice: &mut Dice, constants: &Constants) -> Vec<(Clock, Moment)> {
    const ORIGINS: [&str; 8] = ["CN", "HK", "KR", "MX", "CA", "JP", "DE", "BR"];
    const NUMBERS: [u64; 8] = [
        6_109_100_012,
        7_323_930_080,
        7_117_199_000,
        8_507_600_020,
        2_204_215_040,
        8_708_998_180,
        9_102_114_510,
        4_901_990_070,
    ];
    for line in &mut parcel.lines {
        line.number = Number::from_digits(dice.pick(&NUMBERS), 10);
        line.origin = Country::parse(dice.pick(&ORIGINS)).filter(|_| !dice.one_in(20));
        line.facts.clear();
        line.claims.clear();
    }
    let at = dice.pick(&constants.entries);
    parcel.arrives_at = LAW.zone().exact(at.plus_minutes(2 * 1440));
    parcel.entered_at = Some(LAW.zone().exact(at));
    parcel.loaded_at = None;
    (parcel.entry_path, parcel.postal_method) = (None, None);
    let mut edges = vec![(Clock::EnteredAt, at)];
    let versions = constants.before.iter().flatten();
    edges.extend(versions.filter(|(clock, _)| *clock == Clock::LoadedAt));
    edges
}

/// What the sender states of the facts on which amounts hang.
fn state(line: &mut Line, dice: &mut Dice, constants: &Constants) {
    let (fact, kind) = dice.pick(&constants.owed);
    let value = match kind {
        FactType::Bool => FactValue::Bool(dice.one_in(2)),
        FactType::Text => FactValue::Text([TextHash::NONE, TextHash::of("x")][dice.below(2)]),
        FactType::Usd => FactValue::Usd(Cents(line.value * dice.below(5) as i64 / 4)),
        FactType::Share => FactValue::Share(dice.below(10_001) as u32),
    };
    line.facts.retain(|(known, _)| *known != fact);
    line.facts.push((fact, value));
}

/// A parcel just before every moment that one version of the law asks its clocks to be before.
fn before_a_moment(
    parcel: &mut Shipment,
    dice: &mut Dice,
    constants: &Constants,
) -> Vec<(Clock, Moment)> {
    let edges = constants.before[dice.below(constants.before.len())].clone();
    if let Some((_, at)) = edges.first() {
        parcel.arrives_at = LAW.zone().exact(*at);
    }
    for (clock, at) in &edges {
        set_clock(parcel, *clock, LAW.zone().exact(at.plus_minutes(-1)));
    }
    for line in &mut parcel.lines {
        line.origin = Country::parse("CN").or(line.origin);
    }
    (parcel.mode, parcel.purpose, parcel.entry_path) = (Mode::Air, Purpose::Sale, None);
    parcel.given.add(Given::FiledAt);
    parcel.given.add(Given::LoadedAt);
    edges
}

fn set_clock(parcel: &mut Shipment, clock: Clock, when: When) {
    match clock {
        Clock::ArrivesAt => parcel.arrives_at = when,
        Clock::EnteredAt => parcel.entered_at = Some(when),
        Clock::FiledAt => parcel.filed_at = Some(when.moment),
        Clock::LoadedAt => parcel.loaded_at = Some(when),
        Clock::ExportedOn => parcel.exported_on = Some(when.day),
    }
}

/// Another parcel of a shape.
fn like(shape: &Shape, dice: &mut Dice, constants: &Constants) -> Shipment {
    let mut parcel = shape.parcel.clone();
    let total = dice.amount(constants);
    let count = parcel.lines.len() as i64;
    for (at, line) in (0_i64..).zip(&mut parcel.lines) {
        // The lines add up to the total exactly, where they are in dollars.
        let share = total / count + if at == 0 { total % count } else { 0 };
        line.fair_retail_value = share;
        line.value = if dice.one_in(6) {
            (share - 1).max(0)
        } else {
            share
        };
        if !constants.quantities.is_empty() && dice.one_in(3) {
            let near = dice.pick(&constants.quantities) + dice.below(3) as i64 - 1;
            line.quantity = Some(near);
        }
        if dice.one_in(8) {
            let (fact, value) = dice.pick(&constants.facts);
            line.facts.retain(|(known, _)| *known != fact);
            line.facts.push((fact, value));
        }
        if dice.one_in(3) {
            state(line, dice, constants);
        }
        if dice.one_in(8) {
            const SYMBOLS: [&str; 6] = ["S", "KR", "JP", "A", "98010010", "99038803"];
            line.claims.extend(Claim::parse(dice.pick(&SYMBOLS)));
        }
        if dice.one_in(12) {
            line.claims = vec![dice.pick(&constants.claims)];
        }
        if dice.one_in(12) {
            line.pga = vec![dice.pick(&constants.claims)];
        }
        if dice.one_in(12) {
            line.pga_disclaim = vec![dice.pick(&constants.claims)];
        }
    }
    if !shape.edges.is_empty() {
        let (clock, at) = dice.pick(&shape.edges);
        set_clock(&mut parcel, clock, dice.near(at));
    } else if dice.one_in(2) {
        let clock = dice.pick(Clock::ALL);
        set_clock(&mut parcel, clock, dice.when(constants));
    }
    if dice.one_in(5) {
        parcel.order_parcels = Some(dice.below(4) as u32);
        parcel.order_total = Some(Cents(dice.amount(constants)));
    }
    parcel
}

fn seed() -> u64 {
    let given = std::env::var("REMEMBERED_SEED").ok();
    given.map_or_else(
        || RandomState::new().hash_one(0_u8),
        |text| text.parse().expect("REMEMBERED_SEED is a number"),
    )
}

/// The schedule with a release of its own for one number, at twice the rate.
fn imported() -> Schedule {
    let release = Release::read(RELEASE, "aa").expect("the release reads");
    Schedule::embedded().with_releases(&[release], "bb".into())
}

#[test]
fn what_is_remembered_of_others_changes_no_field_of_a_decision() {
    let seed = seed();
    let mut dice = Dice(seed);
    let constants = Constants::of_the_law();
    let pound = Currency::parse("GBP").expect("a currency");
    let rates = Rates::new(vec![Rate {
        currency: pound,
        from: Day(0),
        until: Day(30_000),
        micro_usd: 1_250_000,
    }]);
    let earlier: Law = support::known(Some(LAW.zone().midnight(Day::new(2025, 6, 1).unwrap())));
    let imported = imported();
    let (mut long, mut plain) = (Scratch::default(), Scratch::without_memory());
    let (mut free, mut other, mut charged, mut open) = (0, 0, 0, 0);
    for round in 0..ROUNDS {
        let shapes: Vec<Shape> = (0..SHAPES)
            .map(|_| Shape::draw(&mut dice, &constants))
            .collect();
        // Mostly one law, so that its memory fills; then the other, which must not read it.
        let law = if dice.one_in(6) { &earlier } else { &*LAW };
        let books = Books {
            law,
            tariff: if dice.one_in(6) {
                &imported
            } else {
                Schedule::embedded()
            },
            rates: &rates,
        };
        for _ in 0..PARCELS {
            let shape = &shapes[dice.below(SHAPES)];
            let parcel = like(shape, &mut dice, &constants);
            let day = if dice.one_in(4) {
                support::day(&mut Choices::new(&dice.row()))
            } else {
                DayContext::default()
            };
            let expected = assess_into(books, &parcel, &day, &mut plain);
            let remembered = assess_into(books, &parcel, &day, &mut long);
            assert_eq!(
                remembered, expected,
                "REMEMBERED_SEED={seed}, round {round}: {parcel:?} on {day:?}"
            );
            let known = expected.owed.total.known().is_some();
            let duty = expected.owed.duty.low > Cents(0);
            charged += usize::from(known && duty);
            open += usize::from(!known);
            let is_free = expected.outcome == Outcome::Free;
            (free, other) = (free + usize::from(is_free), other + usize::from(!is_free));
        }
    }
    assert!(
        free > 100 && other > 100,
        "seed {seed}: {free} free, {other} not"
    );
    assert!(
        charged > 100 && open > 100,
        "seed {seed}: {charged} charged, {open} open"
    );
}
