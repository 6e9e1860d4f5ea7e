//! What the assessment says of the same cell, in the words of a reading.

use crate::cell::{Cell, Charge, Kind, Reading, Unknown};
use crate::rates;
use deminimis_clearance::Books;
use deminimis_clearance::owed::{self, DutyMemory, Owed, Source, State, Why, words};
use deminimis_clearance::rates::Rates;
use deminimis_clearance::shipment::{Line, Shipment};
use deminimis_law::Law;
use deminimis_law::claim::Claim;
use deminimis_law::codes::{Country, Currency};
use deminimis_law::names::{EntryPath, Mode};
use deminimis_law::time::Moment;
use deminimis_tariff::{Number, Schedule};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

static LAW: LazyLock<Law> = LazyLock::new(|| {
    let book = deminimis_law_us::rulebook().expect("the embedded law reads");
    Law::compile_hashed(&Arc::new(book), None, deminimis_law_us::HASH.into())
});
static EXCHANGE: LazyLock<Rates> = LazyLock::new(Rates::default);
/// Ten thousand dollars: enough to show a rate of a hundredth of a percent to the cent.
const VALUE_CENTS: i64 = 1_000_000;

const OPEN: &str = "open";
const NOT_COVERED: &str = "not covered";
const ON_PART: &str = "charged on a part of the value";
const TWICE: &str = "more than one heading charges";

/// The assessment, with buffers that it reuses.
pub struct Engine {
    memory: DutyMemory,
    owed: Owed,
    shipment: Shipment,
    names: BTreeSet<&'static str>,
}

impl Engine {
    pub fn new() -> Engine {
        let mut shipment = Shipment::empty();
        shipment.lines.push(Line {
            origin: None,
            number: None,
            value: VALUE_CENTS,
            fair_retail_value: VALUE_CENTS,
            currency: Currency::USD,
            quantity: None,
            measures: Default::default(),
            claims: Vec::new(),
            facts: Vec::new(),
            pga: Vec::new(),
            pga_disclaim: Vec::new(),
        });
        Engine {
            memory: DutyMemory::new(true),
            owed: Owed::default(),
            shipment,
            names: BTreeSet::new(),
        }
    }

    /// What a formal entry of the cell owes by the headings of chapter 99, and by column 2.
    pub fn read(&mut self, cell: &Cell) -> Reading {
        self.fill(cell);
        let books = Books {
            law: &LAW,
            tariff: Schedule::embedded(),
            rates: &EXCHANGE,
        };
        let (memory, owed) = (&mut self.memory, &mut self.owed);
        owed::owe_by(books, &self.shipment, EntryPath::Entry01, memory, owed);
        let asks =
            |open: &&owed::OpenAmount| matches!(open.why, Why::Unknown(_) | Why::Unclaimed(_));
        let asks = self.owed.open.iter().filter(asks).count();
        let mut reading = Reading {
            unclaimed: asks as u32,
            ..Reading::default()
        };
        for charge in &self.owed.charges {
            let names = match charge.source {
                Source::Heading(..) => words::headings(&LAW, &self.shipment, charge).join("/"),
                Source::Schedule(owed::Column::Two(_), _) => {
                    // Whether its rate can be reckoned is another matter than whether it serves.
                    reading.charges.push(Charge {
                        program: "column-2",
                        headings: "",
                        kind: Kind::Replace,
                        rate_ppm: 0,
                    });
                    continue;
                }
                Source::Schedule(..) | Source::Mail(_) => continue,
            };
            // A tax or a provision of chapter 98 is no additional duty.
            if !names.starts_with("99") {
                continue;
            }
            let headings = name(&mut self.names, names);
            let program = program_of(headings, cell);
            note(&mut reading, program, headings, charge);
        }
        reading
    }

    fn fill(&mut self, cell: &Cell) {
        let zone = LAW.zone();
        let when = |minute: i64| zone.exact(Moment(minute * 60));
        let origin = std::str::from_utf8(&cell.origin)
            .ok()
            .and_then(Country::parse);
        let shipment = &mut self.shipment;
        shipment.mode = if cell.vessel { Mode::Ocean } else { Mode::Air };
        shipment.arrives_at = when(cell.entered);
        shipment.entered_at = Some(when(cell.entered));
        shipment.loaded_at = cell.loaded.map(when);
        shipment.country_of_shipment = origin.expect("origins are countries");
        let line = &mut shipment.lines[0];
        line.origin = origin;
        line.number = Number::from_digits(cell.number, 10);
        let claims = cell.claim.into_iter().chain(cell.chapter_98);
        line.claims.clear();
        line.claims.extend(claims.filter_map(Claim::parse));
    }
}

/// One copy of a text for good: there are a few hundred.
fn name(names: &mut BTreeSet<&'static str>, text: String) -> &'static str {
    if let Some(known) = names.get(text.as_str()) {
        return known;
    }
    let kept: &'static str = text.leak();
    names.insert(kept);
    kept
}

fn note(
    reading: &mut Reading,
    program: &'static str,
    headings: &'static str,
    charge: &owed::Charge,
) {
    let floor = rates::kind_of(headings) == Some(Kind::Floor);
    let open = match charge.state {
        // A floor over a column 1 that needs a quantity: it serves, and its amount is open.
        State::Open if floor && charge.base.0 == VALUE_CENTS => None,
        State::Open => Some(OPEN),
        State::NotCovered => Some(NOT_COVERED),
        State::Charged | State::Met => {
            let before = reading.charge(program);
            before
                .is_some_and(|before| before.kind != Kind::Exempt)
                .then_some(TWICE)
        }
        State::Exempt => None,
        // Another reading of precedence: it charges nothing and its program is silent.
        State::Displaced => return,
    };
    if let Some(reason) = open {
        reading.unknown.push(Unknown { program, reason });
        return;
    }
    // Of a rate of nothing the base does not matter.
    if charge.state == State::Charged && charge.rate.0 != 0 && charge.base.0 != VALUE_CENTS {
        let reason = ON_PART;
        reading.unknown.push(Unknown { program, reason });
        return;
    }
    let exact = i64::from(charge.rate.0) * VALUE_CENTS / 1_000_000;
    let kind = match charge.state {
        State::Exempt => Kind::Exempt,
        State::Met => Kind::Floor,
        // Where column 1 is free a floor and an addition come to the same.
        _ if charge.amount.0 == exact => rates::kind_of(headings).unwrap_or(Kind::Additive),
        _ => Kind::Floor,
    };
    let rate_ppm = match kind {
        Kind::Exempt | Kind::Replace => 0,
        Kind::Additive | Kind::Floor => charge.rate.0,
    };
    let charge = Charge {
        program,
        headings,
        kind,
        rate_ppm,
    };
    // A heading that charges is told before one that spares.
    if kind == Kind::Exempt {
        reading.charges.push(charge);
    } else {
        reading.charges.insert(0, charge);
    }
}

/// The program of a heading, by its place in chapter 99.
fn program_of(headings: &'static str, cell: &Cell) -> &'static str {
    let digits = headings.get(..10).unwrap_or_default().replace('.', "");
    match digits.parse().unwrap_or(0_u32) {
        99_030_101..=99_030_124 => "ieepa-fentanyl",
        99_030_125..=99_030_176 | 99_030_201..=99_030_291 => "ieepa-reciprocal",
        99_030_177..=99_030_183 | 99_030_190 => "ieepa-brazil",
        99_030_184..=99_030_189 => "ieepa-india-oil",
        99_030_301..=99_030_311 => "122",
        99_030_312..=99_030_316 => "338-canada",
        99_030_460..=99_030_470 => "232-pharma",
        99_030_501..=99_030_509 => "301-brazil",
        99_030_520..=99_030_621 => "301-forced-labor",
        99_030_820..=99_030_826 => "232-drones",
        99_034_501..=99_034_506 => "201-washers",
        99_034_521..=99_034_529 => "201-solar",
        99_034_530..=99_034_539 => "201-quartz",
        99_037_401..=99_037_411 => "232-trucks",
        99_037_601..=99_037_624 => "232-timber",
        99_037_801..=99_037_802 => "232-copper",
        99_037_901..=99_037_909 => "232-semis",
        99_038_001..=99_038_199 => "232-steel",
        99_038_201..=99_038_226 => "232-metals-2026",
        99_038_501..=99_038_572 => {
            if cell.entered < crate::text::summer(2026, 4, 6) {
                "232-aluminum"
            } else {
                "232-metals-2026"
            }
        }
        99_038_801..=99_038_870 | 99_039_101..=99_039_111 | 99_039_210 => "301-china",
        99_038_901 => "301-nicaragua",
        99_039_008..=99_039_009 => "russia-2022",
        99_039_112..=99_039_116 => "301-china-maritime",
        99_039_401..=99_039_469 => "232-autos",
        99_039_601..=99_039_603 => "civil-aircraft",
        // Under its own number: no reading stands beside it.
        _ => headings,
    }
}
