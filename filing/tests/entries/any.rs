//! Any entry that fits its records is read back as it was.

use super::round;
use deminimis_filing::messages::catair::entry::{
    Arrival, Bill, BillGroup, BillKind, Bond, BondKind, ClassAmount, Contact, Conveyance, Entry,
    EntryType, Line, LineSummary, Party, Payment, Quantity, Summary, Tariff, Who,
};
use deminimis_law::money::Cents;
use deminimis_law::time::Day;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn day() -> impl Strategy<Value = Day> {
    (10_957..47_482_i32).prop_map(Day)
}

/// Words with signs of a keyboard, one blank apart, of at most `most` characters.
fn words(most: usize) -> impl Strategy<Value = String> {
    vec("[A-Z0-9][A-Z0-9,.'/&-]{0,8}", 1..5).prop_map(move |words| {
        let mut text = words.join(" ");
        text.truncate(most);
        text.trim_end().to_owned()
    })
}

fn who() -> impl Strategy<Value = Who> {
    let number = prop_oneof![
        Just(Who::Number("EI".to_owned(), "12-3456789".to_owned())),
        Just(Who::Number("34".to_owned(), "123-45-6789".to_owned())),
    ];
    let address = vec(("[0-9]{2}", words(35)), 0..=6);
    let named = (
        words(35),
        address,
        words(35),
        option::of("[A-Z0-9]{1,3}"),
        option::of("[A-Z0-9]{1,15}"),
        "[A-Z]{2}",
    );
    let named =
        named.prop_map(
            |(name, address, city, subdivision, postal_code, country)| Who::Named {
                name,
                address,
                city,
                subdivision,
                postal_code,
                country,
            },
        );
    prop_oneof![1 => number, 4 => named]
}

fn party() -> impl Strategy<Value = Party> {
    ("SE|BY|ST|CN|MF", who()).prop_map(|(role, who)| Party { role, who })
}

fn amounts(most: usize) -> impl Strategy<Value = Vec<ClassAmount>> {
    let one = ("[0-9]{3}", 0..99_999_999_i64).prop_map(|(class, cents)| ClassAmount {
        class,
        amount: Cents(cents),
    });
    vec(one, 0..=most)
}

fn tariff(summary: bool) -> impl Strategy<Value = Tariff> {
    let quantity = (option::of(0..999_999_999_999_u64), "[A-Z][A-Z0-9]{0,2}")
        .prop_map(|(hundredths, unit)| Quantity { hundredths, unit });
    let number = "[0-9]{8}|[0-9]{10}";
    // The values of an entry add up in ten columns of a release.
    let parts = (
        number,
        0..800_000_000_u64,
        0..9_999_999_999_i64,
        vec(quantity, 1..=3),
    );
    parts.prop_map(move |(number, value, cents, quantities)| Tariff {
        number,
        value_usd: Some(value),
        duty: summary.then_some(Cents(cents)),
        quantities: if summary { quantities } else { Vec::new() },
    })
}

fn of_line() -> impl Strategy<Value = LineSummary> {
    let first = (
        "[A-Z]{2}",
        day(),
        option::of("[A-Z]{1,2}"),
        0..9_999_999_999_u64,
    );
    let second = (
        option::of("[0-9]{5}"),
        0..9_999_999_999_u64,
        option::of(any::<bool>()),
        option::of("[A-Z0-9]{6}"),
    );
    let third = (
        option::of("[A-Z]{2}[A-Z0-9]{6,13}"),
        option::of("[0-9]{2}-[0-9]{7}"),
        option::of(("[0-9]{2}", "[A-Z0-9]{1,10}")),
        amounts(5),
    );
    (first, second, third).prop_map(|(first, second, third)| {
        let (export_country, exported_on, program, charges_usd) = first;
        let (lading_port, gross_weight_kg, related_parties, ruling) = second;
        let (manufacturer_id, sold_to, license, fees) = third;
        // The identifier of a party has letters and digits only.
        let sold_to = sold_to.map(|number| number.replace('-', ""));
        LineSummary {
            export_country,
            exported_on,
            program,
            charges_usd,
            lading_port,
            gross_weight_kg,
            related_parties,
            ruling,
            manufacturer_id,
            sold_to,
            license,
            fees,
        }
    })
}

fn line(summary: bool) -> impl Strategy<Value = Line> {
    let description = option::of(words(if summary { 300 } else { 70 }));
    let own = ("[0-9]{3}", "[A-Z]{2}", description, vec(party(), 0..3));
    (own, vec(tariff(summary), 1..5), of_line()).prop_map(move |(own, tariffs, more)| {
        let (id, origin, description, parties) = own;
        Line {
            id,
            origin,
            description,
            parties,
            tariffs,
            summary: summary.then_some(more),
        }
    })
}

fn of_entry() -> impl Strategy<Value = Summary> {
    let payment = (
        "[1-8]",
        option::of(day()),
        option::of("0[1-9]"),
        option::of("[A-Z0-9]{2}"),
    )
        .prop_map(|(kind, statement_on, month, branch)| Payment {
            kind,
            statement_on,
            month,
            branch,
        });
    let first = (
        any::<bool>(),
        option::of("P|X"),
        payment,
        option::of("[0-9]{2}-[0-9]{7}"),
    );
    let second = (day(), day(), option::of("[A-Z]{2}"));
    let third = (
        amounts(2),
        amounts(12),
        0..99_999_999_999_i64,
        0..99_999_999_999_i64,
    );
    (first, second, third).prop_map(|(first, second, third)| {
        let (certified, usage, payment, consignee_number) = first;
        let (estimated_entry_on, imported_on, state) = second;
        let (header_fees, fee_totals, duty, fees) = third;
        Summary {
            certified,
            usage,
            payment,
            consignee_number,
            estimated_entry_on,
            imported_on,
            state,
            header_fees,
            fee_totals,
            duty: Cents(duty),
            fees: Cents(fees),
        }
    })
}

/// Bills as the forms write them; a summary has no tracking number, and always a unit.
fn bills(summary: bool, non_ams: bool) -> impl Strategy<Value = BillGroup> {
    let bill = (option::of("[A-Z]{4}"), "[A-Z0-9]{1,12}");
    let arrival = (
        "[A-Z0-9]{2,4}",
        "[A-Z0-9]{1,5}",
        day(),
        option::of("[A-Z]{1,20}"),
    );
    let parts = (
        bill.clone(),
        option::of(bill),
        0..99_999_999_u64,
        "[A-Z]{1,5}",
        arrival,
    );
    let kinds = (any::<bool>(), parts);
    kinds.prop_map(move |(tracked, (first, house, quantity, unit, arrival))| {
        let of = |kind, (issuer, number): (Option<String>, String)| Bill {
            kind,
            issuer,
            number,
        };
        let bills = match house {
            Some(house) => vec![of(BillKind::Master, first), of(BillKind::House, house)],
            None if tracked && !summary => vec![of(BillKind::Tracking, first)],
            None => vec![of(BillKind::Simple, first)],
        };
        let arrival = non_ams.then_some(Arrival {
            carrier_code: arrival.0,
            trip: arrival.1,
            on: arrival.2,
            name: arrival.3,
        });
        BillGroup {
            bills,
            quantity,
            unit: (summary || non_ams).then_some(unit),
            arrival,
        }
    })
}

fn bond(summary: bool) -> impl Strategy<Value = Option<Bond>> {
    let bond = (any::<bool>(), "[0-9]{3}", 1..9_999_999_999_u64);
    option::of(bond.prop_map(move |(single, surety, amount)| Bond {
        kind: if single {
            BondKind::Single
        } else {
            BondKind::Continuous
        },
        surety_code: (single || summary).then_some(surety),
        amount_usd: single.then_some(amount),
    }))
}

fn entry(summary: bool) -> impl Strategy<Value = Entry> {
    let conveyance = (
        option::of("[A-Z]{2,4}"),
        option::of("[0-9]{4}"),
        option::of(day()),
        option::of("[A-Z0-9]{4}"),
        option::of("[A-Z]{1,20}"),
        option::of("[A-Z0-9]{1,5}"),
    );
    let conveyance =
        conveyance.prop_map(move |(carrier, port, day, firms, name, trip)| Conveyance {
            carrier_code: carrier.filter(|_| summary),
            port_of_unlading: port,
            arrives_on: day.filter(|_| summary),
            location_firms: firms,
            name,
            trip,
        });
    let first = (
        "[A-Z0-9]{3}",
        "[0-9]{8}",
        any::<bool>(),
        "[0-9]{4}",
        "10|30|40|60",
    );
    let goods = any::<bool>().prop_flat_map(move |non_ams| {
        let bills = vec(bills(summary, non_ams), 1..4);
        (Just(non_ams), bills, vec(line(summary), 1..4))
    });
    let rest = (bond(summary), any::<bool>(), vec(party(), 0..5), of_entry());
    (first, conveyance, goods, rest).prop_map(move |(first, conveyance, goods, rest)| {
        let (filer, number, formal, port_of_entry, mode) = first;
        let (non_ams, bills, lines) = goods;
        let (bond, express, parties, more) = rest;
        Entry {
            filer,
            number,
            entry_type: if formal {
                EntryType::Consumption
            } else {
                EntryType::Informal
            },
            port_of_entry,
            mode,
            importer: "12-3456789".to_owned(),
            contact: (!summary).then(|| Contact {
                name: "DANA REYES".to_owned(),
                phone: "310 555 0100".to_owned(),
            }),
            conveyance,
            bills,
            non_ams,
            bond,
            express,
            parties,
            lines,
            summary: summary.then_some(more),
        }
    })
}

#[test]
fn any_entry_is_read_back_as_it_was() {
    let given = std::env::var("ENTRY_SEED").ok();
    let seed = given.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.expect("a clock after 1970").as_nanos().to_string()
    });
    eprintln!("ENTRY_SEED={seed}");
    for summary in [true, false] {
        let mut bytes = [0; 32];
        let end = seed.len().min(31);
        bytes[..end].copy_from_slice(&seed.as_bytes()[..end]);
        bytes[31] = u8::from(summary);
        let config = Config {
            cases: 192,
            failure_persistence: None,
            ..Config::default()
        };
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let checked = runner.run(&entry(summary), |entry| {
            prop_assert_eq!(round(&entry), entry);
            Ok(())
        });
        if let Err(error) = checked {
            panic!("ENTRY_SEED={seed}: {error}");
        }
    }
}
