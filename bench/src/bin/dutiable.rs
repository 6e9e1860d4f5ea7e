//! Parcels of November 2026 that owe duty: written out with what they owe, or reckoned against time.
//!
//! `dutiable write FOLDER LINES COUNT` writes COUNT parcels of LINES lines to `lines.csv` and
//! `parcels.csv`, and what this program finds to `our-lines.csv` and `our-parcels.csv`.
//! `dutiable write FOLDER numbers` writes a parcel of one line for every number that the schedule
//! prints, from many origins.
//! `dutiable measure LINES COUNT` makes the same parcels and prints lines a second of processor time
//! once for each line that it reads, so that a caller may let it take turns with something else.
//! `bench/duckdb/compare.py` calls both and reckons the same stack as SQL.

#![expect(
    clippy::float_arithmetic,
    reason = "rates of measured times are not money"
)]

use deminimis_bench::cpu;
use deminimis_bench::dutiable::{NOVEMBER, Wanted, of_every_number, parcels};
use deminimis_clearance::owed::rounding::entered_value;
use deminimis_clearance::owed::words::push_heading;
use deminimis_clearance::owed::{Charge, DutyMemory, Owed, owe_by};
use deminimis_clearance::rates::Rates;
use deminimis_clearance::shipment::Shipment;
use deminimis_clearance::{Books, DayContext, Decision, Scratch, assess_into};
use deminimis_law::Law;
use deminimis_law::kind::Rule;
use deminimis_law::money::Cents;
use deminimis_law::names::EntryPath;
use deminimis_tariff::Schedule;
use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

/// Made-up lines of which the share without a known total is counted.
const SAMPLE: usize = 20_000;

/// Parcels that are met again and again where the memory is warm.
const IN_TURN: usize = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let book = deminimis_law_us::rulebook()?;
    let law = Law::compile_hashed(&Arc::new(book), None, deminimis_law_us::HASH.into());
    let rates = Rates::default();
    let books = Books {
        law: &law,
        tariff: Schedule::embedded(),
        rates: &rates,
    };
    match words.as_slice() {
        ["write", folder, "numbers"] => {
            let (kept, made) = of_every_number(&law, NOVEMBER);
            println!("{} of {made} lines come to a known total", kept.len());
            write(books, Path::new(folder), &kept)
        }
        ["write", folder, lines, count] => {
            let (lines, count) = (lines.parse()?, count.parse()?);
            let kept = parcels(&law, NOVEMBER, lines, count, Wanted::Known);
            let open = open(books);
            println!("of {SAMPLE} made-up lines that need an entry, {open} leave a total open");
            write(books, Path::new(folder), &kept)
        }
        ["measure", lines, count] => {
            let parcels = parcels(
                &law,
                NOVEMBER,
                lines.parse()?,
                count.parse()?,
                Wanted::Known,
            );
            for turn in std::io::stdin().lines() {
                turn?;
                measure(books, &parcels);
            }
            Ok(())
        }
        _ => Err(
            "dutiable write FOLDER LINES COUNT | write FOLDER numbers | measure LINES COUNT".into(),
        ),
    }
}

/// Writes the parcels, and what they owe, as tables of whole cents.
fn write(books: Books<'_>, folder: &Path, parcels: &[Shipment]) -> Result<(), Box<dyn Error>> {
    let table = |name: &str, header: &[&str]| -> Result<csv::Writer<File>, csv::Error> {
        let mut table = csv::Writer::from_path(folder.join(name))?;
        table.write_record(header)?;
        Ok(table)
    };
    let mut lines = table(
        "lines.csv",
        &[
            "line",
            "parcel",
            "number",
            "origin",
            "entered",
            "value_cents",
            "quantity",
            "claim",
        ],
    )?;
    let mut heads = table(
        "parcels.csv",
        &["parcel", "entered", "mode", "path", "at_express_hub"],
    )?;
    let mut our_lines = table("our-lines.csv", &["line", "duty_cents", "charges"])?;
    let mut our_parcels = table("our-parcels.csv", &["parcel", "fee_cents", "fees"])?;
    let (day, mut scratch, mut place) = (DayContext::default(), Scratch::default(), 0_u64);
    for (parcel, shipment) in parcels.iter().enumerate() {
        let decision = assess_into(books, shipment, &day, &mut scratch);
        let (parcel, path) = (parcel.to_string(), decision.path);
        let entered = shipment.entry_when().day.to_string();
        for (at, line) in (1_u16..).zip(&shipment.lines) {
            let origin = line.origin.map(|origin| origin.as_str().to_owned());
            let claims: Vec<&str> = line.claims.iter().map(|claim| claim.as_str()).collect();
            lines.write_record([
                &place.to_string(),
                &parcel,
                &line.number.map(digits).unwrap_or_default(),
                &origin.unwrap_or_default(),
                &entered,
                &entered_value(Cents(line.value), path).0.to_string(),
                &line.quantity.unwrap_or_default().to_string(),
                &claims.join(" "),
            ])?;
            let charges = decision.owed.charges.iter();
            let own: Vec<&Charge> = charges.filter(|charge| charge.line == at).collect();
            let duty: i64 = own.iter().map(|charge| charge.amount.0).sum();
            let charged = charged(books.law, shipment, &own)?;
            our_lines.write_record([&place.to_string(), &duty.to_string(), &charged])?;
            place += 1;
        }
        let hub = shipment.at_express_hub.to_string();
        heads.write_record([
            &parcel,
            &entered,
            shipment.mode.as_str(),
            path.as_str(),
            &hub,
        ])?;
        let (total, fees) = fees(books.law, decision);
        our_parcels.write_record([&parcel, &total.to_string(), &fees])?;
    }
    for table in [&mut lines, &mut heads, &mut our_lines, &mut our_parcels] {
        table.flush()?;
    }
    Ok(())
}

/// The digits of a number.
fn digits(number: deminimis_tariff::Number) -> String {
    let width = usize::from(number.len());
    format!("{:0width$}", number.digits())
}

/// Headings with what they charge, where they charge something: `99038815=300 6109100012=660`.
fn charged(
    law: &Law,
    shipment: &Shipment,
    charges: &[&Charge],
) -> Result<String, std::string::FromUtf8Error> {
    let mut words = Vec::new();
    for charge in charges.iter().filter(|charge| charge.amount > Cents(0)) {
        let mut name = Vec::new();
        push_heading(&mut name, law, shipment, charge);
        words.push(format!("{}={}", String::from_utf8(name)?, charge.amount.0));
    }
    words.sort_unstable();
    Ok(words.join(" "))
}

/// All fees of a parcel in cents, and each by its class code or else its name.
fn fees(law: &Law, decision: &Decision) -> (i64, String) {
    let charged = decision
        .owed
        .fees
        .iter()
        .filter(|fee| fee.amount.low > Cents(0));
    let mut words: Vec<String> = charged
        .clone()
        .map(|fee| {
            let name = match &law.version(fee.rule).rule {
                Rule::Fee(named) if named.class_code.is_empty() => &named.fee,
                Rule::Fee(named) => &named.class_code,
                _ => "",
            };
            format!("{name}={}", fee.amount.low.0)
        })
        .collect();
    words.sort_unstable();
    (charged.map(|fee| fee.amount.low.0).sum(), words.join(" "))
}

/// How many of a sample of parcels of one line leave their total open.
fn open(books: Books<'_>) -> usize {
    let (day, mut scratch) = (DayContext::default(), Scratch::default());
    let made = parcels(books.law, NOVEMBER, 1, SAMPLE, Wanted::All);
    let mut is_open = |shipment: &&Shipment| {
        let decision = assess_into(books, shipment, &day, &mut scratch);
        decision.owed.total.known().is_none()
    };
    made.iter().filter(&mut is_open).count()
}

/// Prints lines a second of processor time: of the whole assessment and of the reckoning of duty and
/// fees alone. Cold is with an empty memory; again is the same parcels with what the memory then holds
/// of them; in turn is a thousand of them, met until they make as many lines.
fn measure(books: Books<'_>, parcels: &[Shipment]) {
    let lines: usize = parcels.iter().map(|shipment| shipment.lines.len()).sum();
    let show = |name: &str, lines: usize, seconds: f64| {
        println!("{name} {:.0}", lines as f64 / seconds);
    };
    let (day, mut scratch) = (DayContext::default(), Scratch::default());
    let mut paths: Vec<EntryPath> = Vec::with_capacity(parcels.len());
    for name in ["assess-cold", "assess-again"] {
        paths.clear();
        let (seconds, ()) = cpu::seconds(|| {
            for shipment in parcels {
                paths.push(assess_into(books, black_box(shipment), &day, &mut scratch).path);
            }
        });
        show(name, lines, seconds);
    }
    let (mut memory, mut owed) = (DutyMemory::new(true), Owed::default());
    for name in ["reckon-cold", "reckon-again"] {
        let (seconds, ()) = cpu::seconds(|| {
            for (shipment, path) in parcels.iter().zip(&paths) {
                owe_by(books, black_box(shipment), *path, &mut memory, &mut owed);
                black_box(&owed);
            }
        });
        show(name, lines, seconds);
    }
    let few = &parcels[..parcels.len().min(IN_TURN)];
    let of_few: usize = few.iter().map(|shipment| shipment.lines.len()).sum();
    let turns = lines.div_ceil(of_few.max(1));
    let mut scratch = Scratch::default();
    let mut assess = |turns: usize| {
        for shipment in std::iter::repeat_n(few, turns).flatten() {
            black_box(assess_into(books, black_box(shipment), &day, &mut scratch));
        }
    };
    // Parcels of several lines are kept when they are met again.
    assess(3);
    let (seconds, ()) = cpu::seconds(|| assess(turns));
    show("assess-in-turn", turns * of_few, seconds);
}
