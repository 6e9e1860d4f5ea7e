//! The whole path, CSV in to CSV out on one thread, beside the csv crate alone on the same file.
//!
//! `whole [ROWS]` makes the file in a temporary folder, runs the two in turn, and prints the rates
//! and their ratio. Times are processor time of the one thread.

#![expect(
    clippy::float_arithmetic,
    reason = "rates and ratios of measured times are not money"
)]

use csv::ByteRecord;
use deminimis_bench::parcels::{Span, write_csv};
use deminimis_bench::{cpu, median, spread, thousands_a_second};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_office::out::csv::{Csv, HEADER};
use deminimis_office::pass::{Bounds, Inputs, Opening, PassError, Wishes, learn_and_draft, second};
use deminimis_office::read::{Ids, Read, Reject};
use deminimis_office::setup::{LawChoice, Setup};
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Times each is run.
const ROUNDS: usize = 7;

/// Rows of the file unless told otherwise.
const ROWS: u64 = 200_000;

fn main() -> Result<(), Box<dyn Error>> {
    let rows = std::env::args()
        .nth(1)
        .map_or(Ok(ROWS), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    for (name, span) in [("one month", Span::MONTH), ("2015 to 2026", Span::YEARS)] {
        let input = folder.path().join("parcels.csv");
        let (rows, parcels) = write_csv(&input, span, rows)?;
        let bytes = std::fs::metadata(&input)?.len();
        println!(
            "{name}: {rows} rows, {parcels} parcels, {} MB",
            bytes / 1_000_000
        );
        measure(&input, &folder.path().join("decisions.csv"), rows)?;
    }
    Ok(())
}

/// Seconds of each round.
#[derive(Default)]
struct Times {
    csv: Vec<f64>,
    reader: Vec<f64>,
    whole: Vec<f64>,
}

fn measure(input: &Path, output: &Path, rows: u64) -> Result<(), Box<dyn Error>> {
    let mut times = Times::default();
    for _ in 0..ROUNDS {
        let (seconds, read) = cpu::seconds(|| csv_alone(input));
        times.csv.push(seconds);
        let (seconds, same) = cpu::seconds(|| reader_alone(input));
        times.reader.push(seconds);
        let (seconds, answered) = cpu::seconds(|| whole(input, output));
        times.whole.push(seconds);
        // The header is a row to the csv crate only.
        if (read? - 1, same?, answered?) != (rows, rows, rows) {
            return Err("a row was lost or refused".into());
        }
    }
    show("csv crate alone", rows, &times.csv);
    show("our reader alone", rows, &times.reader);
    show("whole program", rows, &times.whole);
    let ratios: Vec<f64> = times
        .csv
        .iter()
        .zip(&times.whole)
        .map(|(csv, whole)| csv / whole)
        .collect();
    let (least, most) = spread(&ratios);
    println!(
        "  ratio {:.3} (of the rounds {least:.3} to {most:.3}; to be 0.3)",
        median(&ratios)
    );
    Ok(())
}

fn show(name: &str, rows: u64, seconds: &[f64]) {
    let (least, most) = spread(seconds);
    let rate = thousands_a_second(rows, median(seconds));
    println!(
        "  {name:<17} {rate:>7.0} thousand rows/s, median {:.3} s ({least:.3} to {most:.3})",
        median(seconds)
    );
}

/// Reads every record into one that is used again.
fn csv_alone(input: &Path) -> Result<u64, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(File::open(input)?);
    let mut record = ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record)? {
        rows += 1;
    }
    Ok(rows)
}

/// Reads every parcel and does nothing with it.
fn reader_alone(input: &Path) -> Result<u64, Box<dyn Error>> {
    let setup = Setup::new(&LawChoice::default())?;
    let inputs = Inputs::new(&[PathBuf::from(input)])?;
    let opening = opening(&setup);
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let mut rows = 0;
    for file in inputs.iter() {
        let mut source = inputs.open(file, &opening)?;
        while let Some(read) = source.next(&mut shipment, &mut texts)? {
            if let Read::Shipment { rows: own, .. } = read {
                rows += u64::from(own);
            }
        }
    }
    Ok(rows)
}

/// What `deminimis assess --threads 1 --format csv -o OUTPUT INPUT` does, its start included.
fn whole(input: &Path, output: &Path) -> Result<u64, Box<dyn Error>> {
    let setup = Setup::new(&LawChoice::default())?;
    let inputs = Inputs::new(&[PathBuf::from(input)])?;
    let opening = opening(&setup);
    let wishes = Wishes {
        threads: 1,
        bounds: Bounds::default(),
        ..Wishes::default()
    };
    let (refuse, progress) = (|_: &Reject| Ok(()), |_| Ok(()));
    let learned = learn_and_draft(
        &setup,
        &inputs,
        &opening,
        &wishes,
        Some(&Csv),
        refuse,
        progress,
    )?;
    let counts = learned.counts;
    let mut out = BufWriter::new(File::create(output)?);
    out.write_all(HEADER.as_bytes())?;
    let tally = second::decide(&setup, &inputs, &opening, &wishes, learned, &Csv, &mut out)?;
    out.flush().map_err(PassError::from)?;
    assert_eq!(
        tally.outcomes.iter().sum::<u64>(),
        counts.shipments_accepted
    );
    Ok(counts.rows_accepted)
}

fn opening(setup: &Setup) -> Opening<'_> {
    Opening {
        setup,
        format: None,
        map: None,
        import: None,
        catalog: None,
        ignore_unknown: false,
        set: Vec::new(),
        defaults: None,
        ids: Ids::default(),
    }
}
