//! What holds of every parcel, whatever it is.

mod support;

use deminimis_clearance::decision::{Finding, Say, Unknown};
use deminimis_clearance::owed::{
    Charge, Column, DutyMemory, Owed, Source, Span, State, Why, owe_by,
};
use deminimis_clearance::render::{Known, Rendered, render};
use deminimis_clearance::shipment::{Claim, Shipment};
use deminimis_clearance::{DayContext, Decision, Scratch, assess_into};
use deminimis_law::codes::Country;
use deminimis_law::facts::{Absence, FactId, FactType, FactValue};
use deminimis_law::kind::{self, Rule};
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, Clock, EntryPath, Mode, Outcome};
use deminimis_law::time::{Day, Moment, When};
use deminimis_tariff::Number;
use deminimis_tariff::rate::Amount;
use proptest::prelude::*;
use support::{ANYTHING, BOOK, Choices, LAW, as_given, books, books_of, decide, probe, shipment};

fn row() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), 0..160)
}

fn parcel(row: &[u16]) -> (Shipment, DayContext) {
    let mut choices = Choices::new(row);
    let made = shipment(&mut choices, ANYTHING);
    (made, support::day(&mut choices))
}

fn text(
    law: &deminimis_law::Law,
    (shipment, day): &(Shipment, DayContext),
    scratch: &mut Scratch,
) -> String {
    let decision = assess_into(books_of(law), shipment, day, &mut Scratch::default()).clone();
    let rendered = render(
        books_of(law),
        shipment,
        day,
        &decision,
        Known::default(),
        scratch,
    );
    serde_json::to_string(&rendered).expect("every key is text")
}

/// What holds of every decision, whatever led to it.
fn is_whole(shipment: &Shipment, decision: &Decision) {
    let gap = decision
        .findings
        .iter()
        .any(|finding| finding.say == Say::Gap);
    assert_eq!(gap, outside_coverage(shipment), "{shipment:?}");
    match decision.outcome {
        Outcome::Free => assert!(decision.basis.is_some() && decision.path_rule.is_some() && !gap),
        Outcome::EntryRequired => {
            assert!(decision.basis.is_none() && decision.path_rule.is_some() && !gap)
        }
        // The way of entering is known, and only what is owed is not.
        Outcome::NeedsPerson if decision.path_rule.is_some() => {
            assert!(decision.basis.is_none() && !gap && decision.owed.total.known().is_none());
        }
        Outcome::NeedsPerson | Outcome::Prohibited => {
            assert!(
                decision.basis.is_none()
                    && decision.path_rule.is_none()
                    && decision.lawful.is_empty()
            );
        }
    }
    let chosen = decision.path_rule.is_none() || decision.lawful.has(decision.path);
    assert!(chosen, "the path chosen is a lawful one: {shipment:?}");
}

/// Whether some instrument says that the parcel's date is not in hand, read off the files.
fn outside_coverage(shipment: &Shipment) -> bool {
    BOOK.instruments.iter().any(|instrument| {
        let arrives = shipment.arrives_at.moment;
        let read = match instrument.selects_on {
            Clock::EnteredAt => shipment.entry_when().moment,
            Clock::ArrivesAt | Clock::ExportedOn => arrives,
            Clock::FiledAt => shipment.filed_at.unwrap_or(arrives),
            Clock::LoadedAt => shipment.loaded_at.map_or(arrives, |when| when.moment),
        };
        instrument
            .covers_from
            .is_some_and(|from| read < from.moment)
            || instrument
                .covers_until
                .is_some_and(|until| read >= until.moment)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn a_parcel_is_decided_and_the_same_again(row in row()) {
        let (shipment, day) = parcel(&row);
        let mut scratch = Scratch::default();
        let first = assess_into(books(), &shipment, &day, &mut scratch).clone();
        is_whole(&shipment, &first);
        prop_assert_eq!(&first, assess_into(books(), &shipment, &day, &mut scratch));
        let mut plain = Scratch::without_memory();
        prop_assert_eq!(&first, assess_into(books(), &shipment, &day, &mut plain));
    }

    #[test]
    fn what_came_before_changes_nothing(rows in prop::collection::vec(row(), 1..12)) {
        let (mut long, mut plain) = (Scratch::default(), Scratch::without_memory());
        let parcels: Vec<_> = rows.iter().map(|row| parcel(row)).collect();
        for (shipment, day) in parcels.iter().chain(parcels.iter().rev()) {
            let remembered = assess_into(books(), shipment, day, &mut long);
            prop_assert_eq!(remembered, assess_into(books(), shipment, day, &mut plain));
            prop_assert_eq!(remembered, &decide(shipment, day));
        }
    }

    #[test]
    fn adding_value_never_frees(row in row(), line in 0_usize..4, more in 1_i64..300_000) {
        let (mut shipment, day) = parcel(&row);
        let before = decide(&shipment, &day);
        let at = line % shipment.lines.len();
        shipment.lines[at].value += more;
        shipment.lines[at].fair_retail_value += more;
        if before.outcome == Outcome::EntryRequired {
            prop_assert_ne!(decide(&shipment, &day).outcome, Outcome::Free, "{} more on {:?}", more, shipment);
        }
    }

    #[test]
    fn saying_what_is_presumed_changes_nothing(row in row()) {
        let (shipment, day) = parcel(&row);
        let silent = decide(&shipment, &day);
        for at in 0..shipment.lines.len() {
            let mut said = shipment.clone();
            let line = &mut said.lines[at];
            for fact in (0..BOOK.facts.len() as u16).map(FactId) {
                let own_field = fact == LAW.origin_fact() || fact == LAW.number_fact();
                if own_field || line.facts.iter().any(|(given, _)| *given == fact) {
                    continue;
                }
                line.facts.extend(support::default_of(fact, line.number).map(|value| (fact, value)));
            }
            let spoken = decide(&said, &day);
            prop_assert_eq!(
                (silent.outcome, silent.basis, silent.path, silent.lawful),
                (spoken.outcome, spoken.basis, spoken.path, spoken.lawful),
                "line {} of {:?}", at, shipment
            );
        }
    }

    #[test]
    fn the_text_is_the_same_twice(row in row()) {
        let one = parcel(&row);
        let mut scratch = Scratch::default();
        let first = text(&LAW, &one, &mut scratch);
        prop_assert_eq!(&first, &text(&LAW, &one, &mut scratch));
        prop_assert_eq!(&first, &text(&LAW, &one, &mut Scratch::without_memory()));
        prop_assert!(serde_json::from_str::<serde_json::Value>(&first).is_ok());
    }
}

#[test]
fn the_limit_is_exact_on_every_day_of_the_800_dollars() {
    let last = Day::new(2025, 8, 28).unwrap();
    let mut day = Day::new(2016, 3, 10).unwrap();
    let mut scratch = Scratch::default();
    let modes = [
        Mode::Air,
        Mode::Express,
        Mode::Truck,
        Mode::Rail,
        Mode::Ocean,
        Mode::Mail,
    ];
    for at in 0_usize.. {
        let mode = modes[at % modes.len()];
        for (cents, expected) in [
            (79_999, Outcome::Free),
            (80_000, Outcome::Free),
            (80_001, Outcome::EntryRequired),
        ] {
            let parcel = probe(
                mode,
                ["VN", "GB", "BR", "CA"][at % 4],
                LAW.zone().bare(day),
                cents,
            );
            let decision = assess_into(books(), &parcel, &DayContext::default(), &mut scratch);
            assert_eq!(
                decision.outcome, expected,
                "{cents} cents by {mode} on {day}"
            );
            assert_eq!(
                decision.basis,
                (expected == Outcome::Free).then_some(Basis::Section321C)
            );
        }
        if day >= last {
            break;
        }
        day = day.plus(1);
    }
}

#[test]
fn every_boundary_minute_is_decided() {
    let mut scratch = Scratch::default();
    let mut decided = 0;
    for clock in Clock::ALL {
        for bound in LAW.bounds(*clock) {
            for minutes in [-1, 0, 1] {
                let moment = bound.plus_minutes(minutes);
                for (at, mode) in Mode::ALL.iter().enumerate() {
                    let origin = ["VN", "CN", "CA"][(at + decided) % 3];
                    let parcel = on_clock(*clock, moment, *mode, origin);
                    let day = DayContext::default();
                    let decision = assess_into(books(), &parcel, &day, &mut scratch);
                    is_whole(&parcel, decision);
                    assert_eq!(
                        *decision,
                        decide_plainly(&parcel),
                        "{clock} {}",
                        LAW.zone().show(moment)
                    );
                    decided += 1;
                }
            }
        }
    }
    assert!(decided > 1000, "the law has bounds: {decided}");
}

/// A parcel of which the date of one clock is `moment`.
fn on_clock(clock: Clock, moment: Moment, mode: Mode, origin: &str) -> Shipment {
    let at = as_given(moment, true);
    let mut parcel = probe(mode, origin, at, 4_200);
    match clock {
        Clock::ArrivesAt => {}
        Clock::EnteredAt => parcel.entered_at = Some(at),
        Clock::FiledAt => parcel.filed_at = Some(moment),
        Clock::LoadedAt => parcel.loaded_at = Some(at),
        Clock::ExportedOn => parcel.exported_on = Some(at.day),
    }
    parcel
}

fn decide_plainly(parcel: &Shipment) -> Decision {
    thread_local!(static PLAIN: std::cell::RefCell<Scratch> = Scratch::without_memory().into());
    PLAIN.with_borrow_mut(|plain| {
        assess_into(books(), parcel, &DayContext::default(), plain).clone()
    })
}

#[test]
fn a_rule_changes_on_its_minute_and_not_before() {
    // The suspension for every country: 2025-08-29 00:01 Eastern, read on the clock of entry.
    let start = LAW
        .zone()
        .midnight(Day::new(2025, 8, 29).unwrap())
        .plus_minutes(1);
    for (minutes, expected) in [
        (-1, Outcome::Free),
        (0, Outcome::EntryRequired),
        (1, Outcome::EntryRequired),
    ] {
        let when: When = as_given(start.plus_minutes(minutes), true);
        assert_eq!(
            decide_plainly(&probe(Mode::Air, "VN", when, 4_200)).outcome,
            expected,
            "{minutes}"
        );
    }
    let last_second = LAW.zone().exact(Moment(start.0 - 1));
    assert_eq!(
        decide_plainly(&probe(Mode::Air, "VN", last_second, 4_200)).outcome,
        Outcome::Free
    );
}

#[test]
fn law_not_yet_published_is_never_cited() {
    let mut choices = vec![0_u16; 200];
    let mut seed = 7_u32;
    let days = [
        "1999-01-01",
        "2016-02-23",
        "2019-06-01",
        "2025-01-31",
        "2025-04-15",
        "2025-08-01",
        "2026-06-01",
    ];
    for known in days {
        let end = LAW.zone().midnight(Day::parse(known).unwrap().plus(1));
        let known_at = Moment(end.0 - 1);
        let law = support::known(Some(known_at));
        let mut scratch = Scratch::default();
        for _ in 0..120 {
            for choice in &mut choices {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *choice = (seed >> 16) as u16;
            }
            let (shipment, day) = parcel(&choices);
            let decision = assess_into(books_of(&law), &shipment, &day, &mut scratch);
            // A gap speaks of how far an instrument reaches, not of what a version of it says.
            let cited = |finding: &&Finding| finding.say != Say::Gap;
            let rules = decision
                .findings
                .iter()
                .filter(cited)
                .map(|finding| finding.rule);
            let rules = rules.chain(decision.path_rule).chain(decision.cbp_expected);
            let rules = rules.chain(decision.records.map(|(_, rule)| rule));
            let rules = rules.chain(decision.deadlines.iter().map(|due| due.rule));
            for rule in rules.chain(decision.limits.iter().flatten().map(|limit| limit.rule)) {
                let published = law.version(rule).published;
                assert!(
                    published.moment <= known_at,
                    "{} of {} is cited, known {known}: {shipment:?}",
                    law.instrument(rule).id,
                    published.show(law.zone()),
                );
            }
        }
    }
}

#[test]
fn the_law_of_the_folder_is_the_embedded_law() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../law/us");
    let files = deminimis_law_us::folder::read(&folder).unwrap();
    let (book, _) = deminimis_law::Rulebook::load(&files).unwrap();
    assert_eq!(book.hash(), deminimis_law_us::HASH);
    assert_eq!(book, **BOOK);
}

#[test]
fn rendered_text_names_the_parcel() {
    let one = (
        probe(
            Mode::Air,
            "VN",
            LAW.zone().bare(Day::new(2024, 5, 10).unwrap()),
            4_200,
        ),
        DayContext::default(),
    );
    let decision = decide(&one.0, &one.1);
    let rendered: Rendered = render(
        books(),
        &one.0,
        &one.1,
        &decision,
        Known::default(),
        &mut Scratch::default(),
    );
    assert_eq!(
        (
            rendered.outcome,
            rendered.day_total_usd.as_deref().unwrap_or("")
        ),
        ("free", "42.00")
    );
}

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
