//! What holds of every parcel, whatever it is.

mod support;

use deminimis_clearance::decision::{Finding, Say};
use deminimis_clearance::render::{Known, Rendered, render};
use deminimis_clearance::shipment::Shipment;
use deminimis_clearance::{DayContext, Decision, Scratch, assess_into};
use deminimis_law::facts::FactId;
use deminimis_law::names::{Basis, Clock, Mode, Outcome};
use deminimis_law::time::{Day, Moment, When};
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
