//! Turns `us/figures.tsv` into the tables that the crate embeds, so that a start of the program
//! parses nothing. Refuses a file that is unsorted, overlapping or malformed.
//! It must read nothing but that file, so that a build is the same on every machine.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::{env, fs, path::Path};

#[path = "src/figures.rs"]
#[allow(dead_code, reason = "the crate uses the rest")]
mod figures;

fn main() {
    println!("cargo:rerun-if-changed=us/figures.tsv");
    println!("cargo:rerun-if-changed=src/figures.rs");
    println!("cargo:rerun-if-changed=build.rs");
    let text = fs::read_to_string("us/figures.tsv").expect("us/figures.tsv is readable");
    let tables = figures::read(&text).unwrap_or_else(|error| panic!("us/figures.tsv: {error}"));
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let out = Path::new(&out);

    let rows: Vec<u8> = tables
        .rows
        .iter()
        .flat_map(|row| row.to_le_bytes())
        .collect();
    fs::write(out.join("rows.bin"), rows).expect("OUT_DIR is writable");

    let hash = Sha256::digest(text.as_bytes());
    let hash = hash.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all text");
        text
    });
    let mut source = String::from("Table {\n");
    let mut field = |name: &str, value: String| {
        writeln!(source, "    {name}: {value},").expect("a String takes all text");
    };
    field("release", format!("Cow::Borrowed({:?})", tables.release));
    field("hash", format!("Cow::Borrowed({hash:?})"));
    field("first", tables.first.to_string());
    field("last", tables.last.to_string());
    field("rows", "Cow::Borrowed(ROWS.as_chunks().0)".to_owned());
    field("windows", format!("Cow::Borrowed(&{:?})", tables.windows));
    field("figures", format!("Cow::Borrowed(&{:?})", tables.figures));
    field("units", borrowed(&tables.units));
    field("rates", borrowed(&tables.rates));
    field("specials", borrowed(&tables.specials));
    field("footnotes", borrowed(&tables.footnotes));
    field("parsed", "OnceLock::new()".to_owned());
    source.push('}');
    fs::write(out.join("table.rs"), source).expect("OUT_DIR is writable");
}

/// Texts as a table that needs no start.
fn borrowed(texts: &[String]) -> String {
    let items = texts.iter().fold(String::new(), |mut items, text| {
        write!(items, "Cow::Borrowed({text:?}), ").expect("a String takes all text");
        items
    });
    format!("Cow::Borrowed(&[{items}])")
}
