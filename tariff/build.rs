//! Turns `us/numbers.csv` into the sorted table that the crate embeds, so that a start of the
//! program parses nothing. Refuses a file that is unsorted, overlapping or malformed.
//! It must read nothing but that file, so that a build is the same on every machine.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::{env, fs, path::Path};

/// Bits below the ten-digit code: 12 of the window's index, then 4 of the count of digits.
const WINDOW_BITS: u32 = 12;
const CODE_SHIFT: u32 = 16;

fn main() {
    println!("cargo:rerun-if-changed=us/numbers.csv");
    println!("cargo:rerun-if-changed=build.rs");
    let text = fs::read_to_string("us/numbers.csv").expect("us/numbers.csv is readable");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let out = Path::new(&out);

    let mut release = None;
    let mut rows: Vec<u64> = Vec::new();
    let mut windows: Vec<(i32, i32)> = Vec::new();
    let mut last: Option<(String, i32)> = None;
    for (index, line) in text.lines().enumerate() {
        let place = index + 1;
        if let Some(comment) = line.strip_prefix('#') {
            if let Some(span) = comment.trim().strip_prefix("release:") {
                release = Some(span.trim().to_owned());
            }
            continue;
        }
        if line == "number,from,until" {
            continue;
        }
        let (number, window) = row(line).unwrap_or_else(|| panic!("line {place}: {line:?}"));
        if let Some((before, ended)) = &last {
            let after = number > before.as_str() || (number == before && window.0 > *ended);
            assert!(after, "line {place}: unsorted or overlapping: {line:?}");
        }
        last = Some((number.to_owned(), window.1));
        let known = windows.iter().position(|held| *held == window);
        let window_index = known.unwrap_or_else(|| {
            windows.push(window);
            windows.len() - 1
        });
        assert!(window_index < 1 << WINDOW_BITS, "too many windows");
        rows.push(packed(number, window_index));
    }
    assert!(
        rows.is_sorted(),
        "order of text and order of the table differ"
    );

    let rows: Vec<u8> = rows.iter().flat_map(|row| row.to_le_bytes()).collect();
    fs::write(out.join("rows.bin"), rows).expect("OUT_DIR is writable");
    let mut source = String::from("[\n");
    for (from, until) in windows {
        writeln!(source, "    ({from}, {until}),").expect("a String takes all text");
    }
    source.push(']');
    fs::write(out.join("windows.rs"), source).expect("OUT_DIR is writable");

    let hash = Sha256::digest(text.as_bytes());
    let hash = hash.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all text");
        text
    });
    println!("cargo:rustc-env=DEMINIMIS_TARIFF_HASH={hash}");
    let release = release.expect("us/numbers.csv names its release");
    println!("cargo:rustc-env=DEMINIMIS_TARIFF_RELEASE={release}");
}

/// One row: the digits, and the window with open ends as the least and greatest day.
fn row(line: &str) -> Option<(&str, (i32, i32))> {
    let mut fields = line.split(',');
    let (number, from, until) = (fields.next()?, fields.next()?, fields.next()?);
    let sound = matches!(number.len(), 8 | 10) && number.bytes().all(|b| b.is_ascii_digit());
    if !sound || fields.next().is_some() {
        return None;
    }
    let from = if from.is_empty() {
        i32::MIN
    } else {
        day(from)?
    };
    let until = if until.is_empty() {
        i32::MAX
    } else {
        day(until)?
    };
    (from < until).then_some((number, (from, until)))
}

fn packed(number: &str, window: usize) -> u64 {
    let digits: u64 = number.parse().expect("row() admits digits only");
    let code = if number.len() == 8 {
        digits * 100
    } else {
        digits
    };
    code << CODE_SHIFT | (number.len() as u64) << WINDOW_BITS | window as u64
}

/// Days since 1970-01-01 of a date `YYYY-MM-DD` of the Gregorian calendar, for years after 1970.
fn day(text: &str) -> Option<i32> {
    let mut parts = text.split('-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || !(1970..2100).contains(&year) {
        return None;
    }
    // No year of the range is a centurial exception: 2000 is a leap year and 2100 is outside.
    let leap = year % 4 == 0;
    let february = if leap { 29 } else { 28 };
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month = usize::try_from(month)
        .ok()
        .filter(|m| (1..=12).contains(m))?;
    if !(1..=lengths[month - 1]).contains(&day) {
        return None;
    }
    let years = (year - 1970) * 365 + (year - 1969) / 4;
    Some(years + lengths[..month - 1].iter().sum::<i32>() + day - 1)
}
