//! What the tests of the assessment share: the embedded law, and arbitrary parcels and days.
//!
//! A parcel is made of a row of choices. Choice 0 is always the plainest one, and a row that has run
//! out gives 0: so a shorter row, or smaller numbers in it, make a plainer parcel, and what proptest
//! finds shrinks to something readable.
#![allow(dead_code, reason = "each test file uses a part")]

use deminimis_clearance::basis::Limits;
use deminimis_clearance::day::Same;
use deminimis_clearance::rates::Rates;
use deminimis_clearance::shipment::{Claim, Line, Shipment};
use deminimis_clearance::{Books, DayContext, Decision, Scratch, assess_into};
use deminimis_law::codes::{Country, Currency};
use deminimis_law::facts::{Absence, FactId, FactType, FactValue, TextHash};
use deminimis_law::money::Cents;
use deminimis_law::names::{
    Basis, Clock, Counts, Crossing, Mode, Named, PersonBasis, Purpose, Set,
};
use deminimis_law::time::{Day, Moment, When};
use deminimis_law::{Law, Rulebook};
use deminimis_tariff::{Number, Schedule};
use std::sync::{Arc, LazyLock};

pub static BOOK: LazyLock<Arc<Rulebook>> =
    LazyLock::new(|| Arc::new(deminimis_law_us::rulebook().expect("the embedded law reads")));
pub static LAW: LazyLock<Law> = LazyLock::new(|| known(None));
static RATES: LazyLock<Rates> = LazyLock::new(Rates::default);
static NUMBERS: LazyLock<Vec<u64>> = LazyLock::new(numbers);

/// The embedded law as known at a moment.
pub fn known(known_at: Option<Moment>) -> Law {
    Law::compile_hashed(&BOOK, known_at, deminimis_law_us::HASH.into())
}

/// The books with a law.
pub fn books_of(law: &Law) -> Books<'_> {
    Books {
        law,
        tariff: Schedule::embedded(),
        rates: &RATES,
    }
}

/// The books with all law in hand.
pub fn books() -> Books<'static> {
    books_of(&LAW)
}

/// The decision with new buffers.
pub fn decide(shipment: &Shipment, day: &DayContext) -> Decision {
    assess_into(books(), shipment, day, &mut Scratch::default()).clone()
}

/// Goods about which rules differ, and the first of every tenth range that the law names.
fn numbers() -> Vec<u64> {
    let mut all = vec![
        6_109_100_012,
        9_503_000_073,
        2_203_000_030,
        3_303_001_000,
        2_402_100_000,
        4_901_990_093,
        8_517_130_000,
        7_326_908_688,
        4_202_229_000,
        3_304_990_000,
        901_210_000,
        8_711_500_000,
    ];
    let lists = BOOK.lists.iter().flat_map(|list| &list.entries);
    all.extend(lists.map(|row| row.range.0).step_by(10));
    all.extend(
        BOOK.numbers
            .iter()
            .flat_map(|test| &test.ranges)
            .map(|range| range.0),
    );
    all
}

/// A row of choices.
pub struct Choices<'a> {
    row: &'a [u16],
    at: usize,
}

impl<'a> Choices<'a> {
    pub fn new(row: &'a [u16]) -> Choices<'a> {
        Choices { row, at: 0 }
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        let next = self.row.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(next) % count.max(1)
    }

    /// Whether the rarer thing happens, once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Nothing, or once in `times` one of a closed list.
    fn maybe<T: Named>(&mut self, times: usize) -> Option<T> {
        self.once_in(times).then(|| self.of(T::all()))
    }

    fn country(&mut self) -> Country {
        const OFTEN: [&str; 16] = [
            "VN", "CN", "HK", "MO", "CA", "MX", "GB", "IN", "KR", "TW", "TR", "BR", "RU", "KP",
            "IR", "CU",
        ];
        let code = OFTEN[self.below(OFTEN.len())];
        if self.once_in(8) {
            return self.of(LAW.origin_classes());
        }
        Country::parse(code).unwrap_or(LAW.origin_classes()[0])
    }

    /// A moment near a change of the law once in three, else any minute from 1990 to 2030.
    fn moment(&mut self, years: (i32, i32)) -> Moment {
        let (from, until) = (first_of(years.0), first_of(years.1 + 1));
        if self.once_in(3) {
            let bounds = LAW.bounds(self.of(Clock::ALL));
            if let Some(bound) = bounds.get(self.below(bounds.len())) {
                let near = bound.plus_minutes([0, -1, 1, -1440, 1440][self.below(5)]);
                if from <= near && near < until {
                    return near;
                }
            }
        }
        let minutes = (until.0 - from.0) / 60;
        let coarse = self.below(1 << 16) as i64 * 397;
        from.plus_minutes((coarse + self.below(1440) as i64) % minutes)
    }

    /// A bare date or, as often, a timestamp.
    fn when(&mut self, years: (i32, i32)) -> When {
        let moment = self.moment(years);
        as_given(moment, self.below(2) == 1)
    }

    /// Cents, often at one of the limits.
    pub fn cents(&mut self) -> i64 {
        const LIMITS: [i64; 8] = [500, 10_000, 20_000, 25_000, 80_000, 250_000, 3_500, 0];
        match self.below(4) {
            0 => self.below(100) as i64 * 100,
            1 => LIMITS[self.below(8)] + [0, 1, -1][self.below(3)].max(-LIMITS[0]),
            2 => self.below(1 << 16) as i64,
            _ => self.below(1 << 16) as i64 * 1000,
        }
        .max(0)
    }
}

fn first_of(year: i32) -> Moment {
    LAW.zone()
        .midnight(Day::new(year, 1, 1).unwrap_or_default())
}

/// A moment as an input gives it: exactly, or as the bare date of its day.
pub fn as_given(moment: Moment, exact: bool) -> When {
    let when = LAW.zone().exact(moment);
    if exact {
        when
    } else {
        LAW.zone().bare(when.day)
    }
}

/// What a generator may make.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// First and last year of arrival.
    pub years: (i32, i32),
    /// Every line has a number of ten digits and an origin.
    pub known_articles: bool,
}

/// Anything that is valid, from 1990 to 2030.
pub const ANYTHING: Wanted = Wanted {
    years: (1990, 2030),
    known_articles: false,
};

/// A parcel as the law reads it.
pub fn shipment(choices: &mut Choices<'_>, wanted: Wanted) -> Shipment {
    let c = choices;
    let count = 1 + c.below(4);
    let mut made = Shipment::empty();
    made.id = format!("P-{}", c.below(1000));
    made.lines = (0..count).map(|_| line(c, wanted)).collect();
    made.mode = c.of(Mode::ALL);
    made.arrives_at = c.when(wanted.years);
    made.country_of_shipment = c.country();
    let near = |c: &mut Choices<'_>, at: When| {
        as_given(
            at.moment
                .plus_minutes([-1440, 60, 1440, 20_160][c.below(4)]),
            c.below(2) == 1,
        )
    };
    made.entered_at = c.once_in(4).then(|| near(c, made.arrives_at));
    made.filed_at = c.once_in(4).then(|| near(c, made.arrives_at).moment);
    made.loaded_at = c.once_in(4).then(|| near(c, made.arrives_at));
    made.exported_on = c
        .once_in(4)
        .then(|| made.arrives_at.day.plus(-(c.below(40) as i32)));
    made.entry_path = c.maybe(3);
    made.postal_method = c.maybe(6);
    made.purpose = c.maybe(3).unwrap_or(Purpose::Sale);
    made.accompanied = c.once_in(8);
    made.customs_status = c.maybe(6).unwrap_or(made.customs_status);
    made.sold_before_import = c.once_in(6).then(|| c.below(2) == 1);
    made.order_total = c.once_in(6).then(|| Cents(c.cents()));
    made.order_parcels = c.once_in(6).then(|| c.below(12) as u32);
    made.split_reason = c.maybe(8);
    made.value_evidence = c.maybe(6);
    made.postal_service_class = c.maybe(6);
    made.at_express_hub = c.once_in(6);
    made.importer_foreign = c.once_in(6).then(|| c.below(2) == 1);
    made.consignee_kind = c.maybe(4);
    made.shipper_kind = c.maybe(4);
    made.shipper_is_consignee = c.once_in(8);
    made.given = Set::EMPTY;
    for field in deminimis_law::names::Given::ALL {
        if c.once_in(5) {
            made.given.add(*field);
        }
    }
    made
}

fn line(c: &mut Choices<'_>, wanted: Wanted) -> Line {
    let digits = NUMBERS[c.below(NUMBERS.len())];
    let len = if wanted.known_articles {
        10
    } else {
        [10, 8, 6, 4][c.below(4)]
    };
    let number = Number::from_digits(digits / 10_u64.pow(10 - len), len as u8);
    let absent = !wanted.known_articles;
    let value = c.cents();
    let (unsure_number, unsure_origin) = (absent && c.once_in(5), absent && c.once_in(5));
    Line {
        origin: Some(c.country()).filter(|_| !unsure_origin),
        number: number
            .or_else(|| Number::parse("6109100012").ok())
            .filter(|_| !unsure_number),
        value,
        fair_retail_value: if c.once_in(5) { c.cents() } else { value },
        currency: Currency::parse(
            ["USD", "GBP", "JPY"][if absent && c.once_in(12) {
                1 + c.below(2)
            } else {
                0
            }],
        )
        .unwrap_or(Currency::USD),
        quantity: c.once_in(3).then(|| c.below(2000) as i64 * 1000),
        measures: Default::default(),
        claims: codes(c, &["S", "A*", "KR", "98010010", "99038803", "98040035"]),
        facts: facts(c),
        pga: codes(c, &["FDA", "CPSC", "EPA", "APHIS"]),
        pga_disclaim: codes(c, &["FDA", "CPSC", "EPA", "APHIS"]),
    }
}

fn codes(c: &mut Choices<'_>, all: &[&str]) -> Vec<Claim> {
    let count = if c.once_in(5) { 1 + c.below(2) } else { 0 };
    (0..count)
        .filter_map(|_| Claim::parse(all[c.below(all.len())]))
        .collect()
}

/// Answers to some facts, each in its type.
fn facts(c: &mut Choices<'_>) -> Vec<(FactId, FactValue)> {
    let count = if c.once_in(2) { 1 + c.below(4) } else { 0 };
    let mut facts: Vec<(FactId, FactValue)> = Vec::new();
    for _ in 0..count {
        let fact = FactId(c.below(BOOK.facts.len()) as u16);
        let own_field = fact == LAW.origin_fact() || fact == LAW.number_fact();
        if own_field || facts.iter().any(|(known, _)| *known == fact) {
            continue;
        }
        let value = match BOOK.facts[fact.0 as usize].kind {
            FactType::Bool => FactValue::Bool(c.below(2) == 1),
            FactType::Text => {
                FactValue::Text([TextHash::NONE, TextHash::of("A-570-893")][c.below(2)])
            }
            FactType::Usd => FactValue::Usd(Cents(c.cents())),
            FactType::Share => FactValue::Share(c.below(10_001) as u32),
        };
        facts.push((fact, value));
    }
    facts
}

/// What the absence of a fact means on a line, where that is certain.
pub fn default_of(fact: FactId, number: Option<Number>) -> Option<FactValue> {
    use deminimis_law::sets::Lies;
    let definition = &BOOK.facts[fact.0 as usize];
    let value = match &definition.absence {
        Absence::Claim => false,
        Absence::Presumed(value) => *value,
        Absence::Derived { without_number, .. } => {
            match number.map(|number| LAW.fact_numbers(fact).holds(number.range10())) {
                Some(Lies::Inside) => true,
                Some(Lies::Outside) => false,
                Some(Lies::Across) | None => (*without_number)?,
            }
        }
        Absence::Material | Absence::Owed => return None,
    };
    match definition.kind {
        FactType::Bool => Some(FactValue::Bool(value)),
        // A text fact presumed to be given has no text that could stand for it.
        FactType::Text if !value => Some(FactValue::Text(TextHash::NONE)),
        _ => None,
    }
}

/// What a person's day may hold.
pub fn day(c: &mut Choices<'_>) -> DayContext {
    let mut day = DayContext::default();
    if !c.once_in(2) {
        return day;
    }
    let same = |c: &mut Choices<'_>| Same {
        count: c.below(4) as u32,
        total: Cents(c.cents()),
        span_days: c.below(30) as u32,
    };
    for basis in Basis::ALL {
        day.counted[*basis as usize] = Cents(c.cents());
        day.counted_shipments[*basis as usize] = c.below(4) as u32;
        day.crossed[*basis as usize] = c.once_in(5);
        day.whole_day[*basis as usize] = Cents(c.cents());
    }
    day.all = Cents(c.cents());
    day.shipments_before = c.below(12) as u32;
    (day.order, day.bill) = (same(c), same(c));
    day.later_over = c.once_in(4);
    day.refused_rows = c.below(3) as u32;
    day.out_of_order = c.once_in(4);
    day.counted_if_linked = c.once_in(3).then(|| Cents(c.cents()));
    day
}

/// The limits of a parcel on a day of 2024, under other ways to count.
pub fn limits(c: &mut Choices<'_>) -> Limits {
    let mut plain = shipment(&mut Choices::new(&[]), ANYTHING);
    plain.arrives_at = LAW.zone().bare(Day::new(2024, 5, 10).unwrap_or_default());
    let mut limits = decide(&plain, &DayContext::default()).limits;
    for limit in limits.iter_mut().flatten() {
        limit.counts = c.of(Counts::ALL);
        limit.crossing = [
            Crossing::FromCrossing,
            Crossing::ThatOne,
            Crossing::WholeDay,
        ][c.below(3)];
        limit.max_shipments = c.once_in(4).then(|| 1 + c.below(3) as u32);
    }
    limits
}

/// A plain parcel of a shop abroad, whose every material fact is answered.
pub fn probe(mode: Mode, origin: &str, at: When, cents: i64) -> Shipment {
    let mut probe = shipment(&mut Choices::new(&[]), ANYTHING);
    (probe.mode, probe.arrives_at) = (mode, at);
    let origin = Country::parse(origin).unwrap_or(probe.country_of_shipment);
    probe.country_of_shipment = origin;
    let line = &mut probe.lines[0];
    (line.origin, line.value, line.fair_retail_value) = (Some(origin), cents, cents);
    if let Some(fact) = deminimis_law::facts::find(&BOOK.facts, "chapter_99_goods") {
        line.facts = vec![(fact, FactValue::Bool(false))];
    }
    probe
}

/// Whether the consignee is the person: what a walk of several parcels assumes here.
pub fn is_consignee(decision: &Decision) -> bool {
    decision.person == PersonBasis::Consignee
}
