//! A table of certified rates as CSV: read, checked, joined with another, and written in one form.

use deminimis_clearance::rates::{Certified, Rate};
use deminimis_law::codes::Currency;
use deminimis_law::money::parse_minor;
use deminimis_law::time::Day;
use std::fmt::Write;

const HEADER: [&str; 6] = ["currency", "kind", "from", "until", "usd_per_unit", "cite"];

/// Decimals of a rate, as CBP publishes them.
const DECIMALS: u32 = 6;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Quarterly or daily.
    pub kind: Certified,
    /// The rate and its days.
    pub rate: Rate,
    /// Where it was published.
    pub cite: String,
}

impl Row {
    /// The currency's three letters.
    pub fn currency(&self) -> &str {
        self.rate.currency.as_str()
    }

    fn order(&self) -> (Currency, bool, Day) {
        (
            self.rate.currency,
            self.kind == Certified::Daily,
            self.rate.from,
        )
    }
}

/// Rates by currency, kind and day; none of a kind overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table(Vec<Row>);

impl Table {
    /// Its rows.
    pub fn rows(&self) -> &[Row] {
        &self.0
    }

    /// Reads a table.
    pub fn read(bytes: &[u8]) -> Result<Table, String> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let header = reader.headers().map_err(|error| error.to_string())?;
        if header.iter().ne(HEADER) {
            return Err(format!("the columns must be {}", HEADER.join(",")));
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            // The header is row 1, as a spreadsheet counts.
            let row = rows.len() + 2;
            rows.push(read_row(&record).map_err(|why| format!("row {row}: {why}"))?);
        }
        if rows.is_empty() {
            return Err("it holds no rate".to_owned());
        }
        Table(rows).sorted()
    }

    /// This table with another's rows: what they say of the same currency, kind and first day is
    /// replaced.
    pub fn with(mut self, newer: Table) -> Result<Table, String> {
        let replaced = |row: &Row| newer.0.iter().any(|other| other.order() == row.order());
        self.0.retain(|row| !replaced(row));
        self.0.extend(newer.0);
        self.sorted()
    }

    fn sorted(mut self) -> Result<Table, String> {
        self.0.sort_by_key(Row::order);
        for pair in self.0.windows(2) {
            let [a, b] = pair else { continue };
            let alike = (a.rate.currency, a.kind) == (b.rate.currency, b.kind);
            if alike && b.rate.from < a.rate.until {
                return Err(format!(
                    "two {} rates of {} speak of {}",
                    a.kind.as_str(),
                    a.currency(),
                    b.rate.from
                ));
            }
        }
        Ok(self)
    }

    /// The table in its one form: equal rates give equal bytes.
    pub fn text(&self) -> String {
        let mut text = HEADER.join(",") + "\n";
        for row in &self.0 {
            let micro = row.rate.micro_usd;
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "{},{},{},{},{}.{:06},\"{}\"",
                row.currency(),
                row.kind.as_str(),
                row.rate.from,
                row.rate.until,
                micro / 1_000_000,
                micro % 1_000_000,
                row.cite.replace('"', "\"\"")
            );
        }
        text
    }
}

fn read_row(record: &csv::StringRecord) -> Result<Row, String> {
    let cell = |at: usize| record.get(at).unwrap_or_default();
    let currency = Currency::parse(cell(0))
        .filter(|currency| *currency != Currency::USD)
        .ok_or_else(|| format!("`{}` is not a foreign currency such as GBP", cell(0)))?;
    let kind = match cell(1) {
        "quarterly" => Certified::Quarterly,
        "daily" => Certified::Daily,
        other => return Err(format!("kind `{other}` is neither quarterly nor daily")),
    };
    let day = |at: usize| {
        Day::parse(cell(at))
            .ok_or_else(|| format!("{} `{}` is not a day YYYY-MM-DD", HEADER[at], cell(at)))
    };
    let from = day(2)?;
    let whole = match kind {
        Certified::Quarterly => {
            quarter_end(from).ok_or_else(|| format!("{from} is not the first day of a quarter"))?
        }
        Certified::Daily => from.plus(1),
    };
    let until = if cell(3).is_empty() { whole } else { day(3)? };
    if until <= from {
        return Err(format!("until {until} is not after from {from}"));
    }
    if kind == Certified::Quarterly && until != whole {
        return Err(format!("a quarterly rate from {from} holds until {whole}"));
    }
    let micro_usd = parse_minor(cell(4), DECIMALS)
        .map_err(|error| format!("usd_per_unit `{}` {error}", cell(4)))?;
    if micro_usd == 0 {
        return Err("usd_per_unit is zero".to_owned());
    }
    if cell(5).is_empty() {
        return Err("cite is empty: say where the rate was published".to_owned());
    }
    Ok(Row {
        kind,
        rate: Rate {
            currency,
            from,
            until,
            micro_usd,
        },
        cite: cell(5).to_owned(),
    })
}

/// The first day of the next quarter, if the day begins one.
fn quarter_end(from: Day) -> Option<Day> {
    let (year, month, day) = from.ymd();
    if day != 1 {
        return None;
    }
    match month {
        1 | 4 | 7 => Day::new(year, month + 3, 1),
        10 => Day::new(year + 1, 1, 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &str) -> Result<Table, String> {
        Table::read(format!("currency,kind,from,until,usd_per_unit,cite\n{rows}").as_bytes())
    }

    #[test]
    fn a_table_comes_back_as_it_was_written() {
        let table = read(
            "JPY,quarterly,2026-10-01,,0.006500,\"a \"\"b\"\", c\"\nGBP,daily,2026-05-22,,1.4,x\n\
             GBP,quarterly,2026-04-01,2026-07-01,1.25,x\n",
        )
        .unwrap();
        let text = table.text();
        assert_eq!(Table::read(text.as_bytes()).unwrap(), table);
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "GBP,quarterly,2026-04-01,2026-07-01,1.250000,\"x\"",
                "GBP,daily,2026-05-22,2026-05-23,1.400000,\"x\"",
                "JPY,quarterly,2026-10-01,2027-01-01,0.006500,\"a \"\"b\"\", c\"",
            ]
        );
    }

    #[test]
    fn what_is_no_rate_is_refused_with_its_row() {
        for (row, said) in [
            (
                "USD,quarterly,2026-04-01,,1,x",
                "row 2: `USD` is not a foreign currency",
            ),
            ("GBP,weekly,2026-04-01,,1,x", "neither quarterly nor daily"),
            (
                "GBP,quarterly,2026-04-02,,1,x",
                "not the first day of a quarter",
            ),
            (
                "GBP,quarterly,2026-05-01,,1,x",
                "not the first day of a quarter",
            ),
            (
                "GBP,quarterly,2026-04-01,2026-06-30,1,x",
                "holds until 2026-07-01",
            ),
            ("GBP,daily,2026-02-30,,1,x", "is not a day"),
            ("GBP,daily,2026-05-22,2026-05-22,1,x", "is not after"),
            ("GBP,daily,2026-05-22,,1.2345678,x", "has more decimals"),
            ("GBP,daily,2026-05-22,,0,x", "is zero"),
            ("GBP,daily,2026-05-22,,1,", "cite is empty"),
            (
                "GBP,daily,2026-05-22,,1,x\nGBP,daily,2026-05-22,,2,x",
                "two daily rates of GBP",
            ),
            ("GBP,daily,2026-05-22,,1", "found record with 5 fields"),
            ("", "holds no rate"),
        ] {
            let why = read(row).unwrap_err();
            assert!(why.contains(said), "{row}: {why}");
        }
        let why = Table::read(b"currency,from\n").unwrap_err();
        assert!(why.contains("the columns must be"), "{why}");
    }

    #[test]
    fn newer_rows_replace_those_of_the_same_day() {
        let old = read("GBP,daily,2026-05-22,,1.4,old\nEUR,daily,2026-05-22,,1.1,old\n").unwrap();
        let new = read("GBP,daily,2026-05-22,,1.5,new\n").unwrap();
        let both = old.with(new).unwrap();
        let cites: Vec<&str> = both.rows().iter().map(|row| row.cite.as_str()).collect();
        assert_eq!(cites, ["old", "new"]);
    }
}
