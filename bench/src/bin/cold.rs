//! A cold start to the first answer, beside a program that does nothing.
//!
//! `cold [DEMINIMIS]` starts the program (else the one beside this one) on a file of one parcel,
//! and the empty program, in turn. Times are of the clock: a start waits for the kernel too.

#![expect(
    clippy::float_arithmetic,
    reason = "rates and ratios of measured times are not money"
)]

use deminimis_bench::parcels::{Span, write_csv};
use deminimis_bench::{median, spread};
use std::env;
use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Times each is started.
const ROUNDS: usize = 21;

fn main() -> Result<(), Box<dyn Error>> {
    let own = env::current_exe()?;
    let program = env::args_os()
        .nth(1)
        .map_or_else(|| own.with_file_name("deminimis"), Into::into);
    let empty = own.with_file_name("empty");
    let folder = tempfile::tempdir()?;
    let input = folder.path().join("parcel.csv");
    write_csv(&input, Span::MONTH, 1)?;
    let rejects = folder.path().join("rejects.csv");
    let (mut answers, mut nothings) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        nothings.push(run(&mut Command::new(&empty), &empty)?);
        let mut answer = Command::new(&program);
        answer
            .args(["assess", "--format", "csv", "--rejects"])
            .arg(&rejects)
            .arg(&input);
        answers.push(run(&mut answer, &program)?);
    }
    show("deminimis, one parcel", &answers);
    show("an empty program", &nothings);
    let difference = median(&answers) - median(&nothings);
    println!("difference {difference:.1} ms (to be at most 100 ms)");
    Ok(())
}

fn show(name: &str, milliseconds: &[f64]) {
    let (least, most) = spread(milliseconds);
    println!(
        "{name:<22} median {:.1} ms ({least:.1} to {most:.1})",
        median(milliseconds)
    );
}

/// Milliseconds from the start of a program to its end.
fn run(command: &mut Command, name: &Path) -> Result<f64, Box<dyn Error>> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let started = Instant::now();
    let status = command
        .status()
        .map_err(|error| format!("{}: {error}", name.display()))?;
    let took = started.elapsed().as_secs_f64() * 1000.0;
    if !status.success() {
        return Err(format!("{} ended with {status}", name.display()).into());
    }
    Ok(took)
}
