//! What holds of what any parcel owes.

mod support;

use deminimis_clearance::decision::Unknown;
use deminimis_clearance::owed::{
    Charge, Column, DutyMemory, Owed, Source, Span, State, Why, owe_by,
};
use deminimis_clearance::shipment::{Claim, Shipment};
use deminimis_law::codes::Country;
use deminimis_law::facts::{Absence, FactId, FactType, FactValue};
use deminimis_law::kind::{self, Rule};
use deminimis_law::money::Cents;
use deminimis_law::names::EntryPath;
use deminimis_tariff::Number;
use deminimis_tariff::rate::Amount;
use proptest::prelude::*;
use support::{BOOK, Choices, LAW, books, shipment};

/// Goods whose numbers the schedule prints, entered while a schedule is in hand, that claim nothing.
fn dutiable(row: &[u16]) -> Shipment {
    const NUMBERS: [u64; 12] = [
        6_109_100_012,
        7_323_930_080,
        7_117_199_000,
        8_507_600_020,
        3_926_909_989,
        8_708_998_180,
        6_404_193_960,
        4_901_990_070,
        7_113_192_900,
        8_517_620_090,
        4_202_221_500,
        9_503_000_073,
    ];
    let mut choices = Choices::new(row);
    let wanted = support::Wanted {
        years: (2025, 2026),
        known_articles: true,
    };
    let mut made = shipment(&mut choices, wanted);
    for (line, at) in made.lines.iter_mut().zip(row.iter().rev()) {
        line.number = Number::from_digits(NUMBERS[usize::from(*at) % NUMBERS.len()], 10);
        line.claims.clear();
        line.facts.clear();
    }
    made
}

fn owed(shipment: &Shipment, path: EntryPath) -> Owed {
    let mut owed = Owed::default();
    owe_by(
        books(),
        shipment,
        path,
        &mut DutyMemory::new(true),
        &mut owed,
    );
    owed
}

fn half_up(numer: i128, denom: i128) -> i64 {
    i64::try_from((numer * 2 + denom) / (denom * 2)).expect("an amount fits")
}

/// What a share of a value comes to, reckoned apart from the engine; nothing for other charges.
fn by_share(charge: &Charge) -> Option<i64> {
    let whole = |rate: u32| half_up(i128::from(charge.base.0) * i128::from(rate), 1_000_000);
    match charge.source {
        Source::Heading(rule, row) => match &LAW.version(rule).rule {
            Rule::Duty(duty) => match &duty.charge {
                kind::Charge::AdValorem(rate) => Some(whole(rate.0)),
                kind::Charge::Table(name) => {
                    let table = BOOK.rates.iter().find(|table| table.name == *name)?;
                    let row = &table.rows[usize::from(row?)];
                    row.floor.is_none().then(|| whole(row.rate.0))
                }
                _ => None,
            },
            _ => None,
        },
        Source::Schedule(Column::General | Column::Two(_), Some(rate)) => {
            let printed = books().tariff.rate(rate);
            match printed.amount(charge.base.0, &[], &[]) {
                Amount::Known(exact) => Some(half_up(exact.parts().0, exact.parts().1)),
                _ => None,
            }
        }
        Source::Schedule(..) | Source::Mail(_) => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn what_is_owed_adds_up_to_the_cent(row in prop::collection::vec(any::<u16>(), 120..160)) {
        let parcel = dutiable(&row);
        for path in [EntryPath::Entry11, EntryPath::Entry01] {
            let owed = owed(&parcel, path);
            let fees = owed.fees.iter().map(|fee| fee.amount);
            prop_assert!(owed.fee_total.known().is_some(), "{:?}", parcel);
            prop_assert_eq!(owed.fee_total, fees.fold(Span::NOTHING, Span::plus));
            prop_assert_eq!(owed.total, owed.duty.plus(owed.fee_total));
            for charge in owed.charges.iter().filter(|one| one.state == State::Charged) {
                if let Some(expected) = by_share(charge) {
                    prop_assert_eq!(charge.amount.0, expected, "{:?} of {:?}", charge, parcel);
                }
            }
            let charged: i64 = owed.charges.iter().map(|charge| charge.amount.0).sum();
            if let Some(duty) = owed.duty.known() {
                prop_assert_eq!(duty.0, charged, "{:?}", parcel);
            }
        }
    }

    #[test]
    fn a_heading_that_spares_charges_nothing_for_its_program(
        row in prop::collection::vec(any::<u16>(), 120..160),
    ) {
        let mut parcel = dutiable(&row);
        for (fact, known) in (0_u16..).zip(&BOOK.facts) {
            let relief = known.absence == Absence::Claim && known.kind == FactType::Bool;
            if relief && row[usize::from(fact) % row.len()] % 2 == 0 {
                let stated = (FactId(fact), FactValue::Bool(true));
                parcel.lines.iter_mut().for_each(|line| line.facts.push(stated));
            }
        }
        let owed = owed(&parcel, EntryPath::Entry11);
        let program = |charge: &Charge| match charge.source {
            Source::Heading(rule, _) => match &LAW.version(rule).rule {
                Rule::Duty(duty) => Some((charge.line, duty.program.as_str())),
                _ => None,
            },
            Source::Schedule(..) | Source::Mail(_) => None,
        };
        for spared in owed.charges.iter().filter(|one| one.state == State::Exempt) {
            let same = owed.charges.iter().filter(|one| program(one) == program(spared));
            prop_assert_eq!(same.map(|one| one.amount.0).sum::<i64>(), 0, "{:?}", parcel);
        }
    }

    #[test]
    fn a_special_rate_never_raises_column_1(
        row in prop::collection::vec(any::<u16>(), 120..160),
        pair in 0_usize..5,
    ) {
        let (origin, symbol) =
            [("KR", "KR"), ("MX", "S"), ("CA", "S"), ("JP", "JP"), ("AU", "AU")][pair];
        let mut parcel = dutiable(&row);
        parcel.lines.truncate(1);
        parcel.lines[0].origin = Country::parse(origin);
        let column = |parcel: &Shipment| {
            let owed = owed(parcel, EntryPath::Entry11);
            let mut charges = owed.charges.iter();
            let own = charges.find(|one| matches!(one.source, Source::Schedule(..)));
            own.filter(|one| one.state == State::Charged).map(|one| one.amount)
        };
        let general = column(&parcel);
        parcel.lines[0].claims.extend(Claim::parse(symbol));
        if let (Some(general), Some(special)) = (general, column(&parcel)) {
            prop_assert!(special <= general, "{:?}", parcel);
        }
    }

    #[test]
    fn every_answer_lies_within_the_range(
        row in prop::collection::vec(any::<u16>(), 120..160),
        answers in prop::collection::vec(any::<u16>(), 24),
    ) {
        let mut parcel = dutiable(&row);
        parcel.lines.truncate(1);
        let range = owed(&parcel, EntryPath::Entry11).total;
        let mut now = range;
        for answer in &answers {
            let open = owed(&parcel, EntryPath::Entry11).open;
            let fact = open.iter().find_map(|one| match one.why {
                Why::Unknown(Unknown::Fact(fact)) => Some(fact),
                _ => None,
            });
            let Some(fact) = fact else { break };
            let line = &mut parcel.lines[0];
            let value = match BOOK.facts[usize::from(fact.0)].kind {
                FactType::Bool => FactValue::Bool(answer % 2 == 0),
                FactType::Usd => FactValue::Usd(Cents(line.value * i64::from(answer % 5) / 4)),
                FactType::Text | FactType::Share => break,
            };
            line.facts.push((fact, value));
            now = owed(&parcel, EntryPath::Entry11).total;
        }
        if let Some(total) = now.known() {
            prop_assert!(range.low <= total, "{:?} under {:?}: {:?}", now, range, parcel);
            let below = range.high.is_none_or(|high| total <= high);
            prop_assert!(below, "{:?} over {:?}: {:?}", now, range, parcel);
        }
    }
}
